//! Blocks and their statements.

use crate::syntax;
use crate::syntax::{Pat, Stmt};

use super::pattern::unknown;
use super::{Around, AroundKind, Checker, Expected};
use crate::diagnostic::{Report, Span};
use crate::tree::{ExprId, ExprKind, Local, Statement};
use crate::types::Type;

impl Checker<'_, '_> {
    /// The block of a function, whose value is the function's result.
    pub(super) fn function_block(&mut self, block: &syntax::Block, result_span: Span) -> ExprId {
        let result = self.result.clone();
        let expected = Expected::Type(result.clone());
        let value = self.scoped(|checker| checker.statements(block, &expected, None));
        let found = self.ty(value);
        let has_tail = matches!(
            self.body.expr(value).map(|expr| &expr.kind),
            Some(ExprKind::Block { tail: Some(_), .. })
        );
        if has_tail || found == Type::Never || self.inference.unify(&found, &result) {
            self.agree_block(value, &result);
            return value;
        }
        let report = self.mismatch(value, &result, &found).at(result_span);
        let hint = match block.stmts.last() {
            Some(Stmt::Expr(_, Some(_))) => "leave out the last `;` to give that value back",
            _ => "end the function with the value that it gives back",
        };
        self.report(report.hint(hint));
        value
    }

    /// Checks a block's value where it is made, so that the error points there.
    pub(super) fn agree_block(&mut self, id: ExprId, ty: &Type) -> bool {
        let mut at = id;
        while let Some(ExprKind::Block {
            tail: Some(tail),
            label: None,
            ..
        }) = self.body.expr(at).map(|expr| &expr.kind)
        {
            at = *tail;
        }
        self.agree(at, ty) && self.agree(id, ty)
    }

    pub(super) fn block(&mut self, block: &syntax::Block, expected: &Expected) -> ExprId {
        self.scoped(|checker| checker.statements(block, expected, None))
    }

    pub(super) fn labelled_block(
        &mut self,
        syntax: &syntax::ExprBlock,
        expected: &Expected,
    ) -> ExprId {
        let Some(label) = &syntax.label else {
            return self.block(&syntax.block, expected);
        };
        let ty = match expected {
            Expected::Type(ty) => ty.clone(),
            _ => self.inference.fresh(),
        };
        let id = self.enter(Some(label), AroundKind::Block, ty.clone());
        // A cast around the block says what its last value is, but not what `break` gives.
        let expected = match expected {
            Expected::Cast(_) => expected.clone(),
            _ => Expected::Type(ty.clone()),
        };
        let value = self.scoped(|checker| checker.statements(&syntax.block, &expected, Some(id)));
        self.agree_block(value, &ty);
        let broken = self.around.pop().is_some_and(|around| around.broken);
        if broken {
            self.diverges = false;
            if let Some(expr) = self.body.exprs.get_mut(value.0) {
                expr.ty = ty;
            }
        }
        value
    }

    /// Enters a loop or labelled block.
    pub(super) fn enter(
        &mut self,
        label: Option<&syntax::Lifetime<'_>>,
        kind: AroundKind,
        ty: Type,
    ) -> crate::tree::LoopId {
        // A word that is a keyword or `_` does not parse as a name.
        if let Some(label) = label
            && !syntax::is_name(label.name.trim_start_matches("r#"))
        {
            let span = label.span;
            let report = Report::error(span, "labels cannot use keyword names");
            self.report(report.hint("choose another name"));
        }
        let id = crate::tree::LoopId(self.body.loops);
        self.body.loops += 1;
        self.around.push(Around {
            id,
            label: label.map(|label| label.name.to_string()),
            kind,
            ty,
            broken: false,
        });
        id
    }

    fn statements(
        &mut self,
        block: &syntax::Block,
        expected: &Expected,
        label: Option<crate::tree::LoopId>,
    ) -> ExprId {
        let span = block.braces.join();
        let before = self.diverges;
        self.diverges = false;
        let mut statements = Vec::new();
        let mut tail = None;
        let last = block.stmts.len().saturating_sub(1);
        let said_before = std::mem::take(&mut self.said_unreachable);
        for (position, statement) in block.stmts.iter().enumerate() {
            self.reach(statement, position == last);
            match statement {
                Stmt::Local(local) => statements.extend(self.let_statement(local)),
                Stmt::Item(item) => {
                    let instead = "declare it outside of the function";
                    self.refuse(Span::around(&**item), "an item within a function", instead);
                    if let syntax::Item::Const(item) = &**item {
                        self.declare(unknown(&item.ident));
                    }
                }
                // A `;` too many.
                Stmt::Empty(span) => self.empty_statement(*span),
                Stmt::Expr(expr, None) if position == last => {
                    tail = Some(self.value(expr, expected));
                }
                Stmt::Expr(expr, None) => {
                    statements.push(Statement::Expr(self.coerced(expr, &Type::Unit)));
                }
                Stmt::Expr(expr, Some(_)) => {
                    let id = self.value(expr, &Expected::Anything);
                    // Of `Err(…)?;` nothing says what it would give: it never does.
                    if let (syntax::Expr::Try(_), Type::Variable(_)) = (expr, self.ty(id)) {
                        let ty = self.ty(id);
                        self.inference.unify(&ty, &Type::Unit);
                    }
                    statements.push(Statement::Expr(id));
                }
                Stmt::Macro(invocation) => {
                    let id = self.macro_call(&invocation.mac);
                    match invocation.semi {
                        None if position == last => tail = Some(id),
                        _ => statements.push(Statement::Expr(id)),
                    }
                }
            }
        }
        let ty = match tail {
            Some(tail) => self.ty(tail),
            None if self.diverges => Type::Never,
            None => Type::Unit,
        };
        self.said_unreachable &= self.diverges;
        self.said_unreachable |= said_before;
        self.diverges |= before;
        let kind = ExprKind::Block {
            statements,
            tail,
            label,
        };
        self.add(kind, ty, span)
    }

    /// Warns of what is never run.
    fn reach(&mut self, statement: &Stmt, last: bool) {
        self.said_unreachable &= self.diverges;
        if !self.diverges || self.said_unreachable {
            return;
        }
        self.said_unreachable = true;
        let what = match statement {
            // That there is nothing to it is said by itself.
            Stmt::Empty(_) => return,
            Stmt::Expr(_, None) if last => "unreachable expression",
            _ => "unreachable statement",
        };
        let report = Report::warning(Span::around(statement), "unreachable_code", what);
        self.report(report.hint("nothing gets past what stands before it: delete one of them"));
    }

    fn empty_statement(&mut self, span: Span) {
        let message = "unnecessary trailing semicolon";
        let report = Report::warning(span, "redundant_semicolons", message);
        self.report(report.hint("delete it"));
    }

    fn let_statement(&mut self, local: &syntax::Local) -> Option<Statement> {
        if let Some(attribute) = local.attrs.first() {
            let span = Span::around(attribute);
            self.refuse(span, "an attribute or `///` of a statement", "write `//`");
        }
        let pattern = &local.pat;
        let ty = local.ty.as_ref();
        let ty = ty.map(|ty| self.context.resolve_type(ty, self.owner));
        let Some(init) = &local.init else {
            return self.declared_later(pattern, ty);
        };
        let discarded = matches!(pattern, Pat::Wild(_));
        let expected = ty.clone().map_or(Expected::Anything, Expected::Type);
        let value = match discarded {
            true => self.place(&init.expr, &expected),
            false => self.value(&init.expr, &expected),
        };
        let ty = match ty {
            Some(ty) => {
                self.agree_block(value, &ty);
                ty
            }
            None => self.ty(value),
        };
        // What never comes to be can be given any name.
        let ty = if ty == Type::Never { Type::Unknown } else { ty };
        let otherwise = init.diverge.as_ref().map(|otherwise| {
            let before = self.diverges;
            let id = self.place(otherwise, &Expected::Anything);
            self.diverges = before;
            if !matches!(self.ty(id), Type::Never | Type::Unknown) {
                let message = "the `else` of a `let` has to leave: `return`, `break` or `continue`";
                self.report(Report::error(self.span(id), message).code("E0308"));
            }
            id
        });
        let pattern = self.pattern(pattern, &ty);
        Some(Statement::Let {
            pattern,
            value,
            otherwise,
        })
    }

    /// `let x;`, which is given its value by an assignment.
    fn declared_later(&mut self, pattern: &Pat, ty: Option<Type>) -> Option<Statement> {
        let span = Span::around(pattern);
        let Pat::Ident(ident) = pattern else {
            let instead = "give it its value here: `let … = …;`";
            self.refuse(span, "`let` of this pattern without a value", instead);
            self.pattern(pattern, &Type::Unknown);
            return None;
        };
        let name = ident.ident.to_string();
        if ident.by_ref || ident.subpat.is_some() {
            self.refuse(span, "`ref` or `@` in a pattern", "name the value alone");
        }
        self.check_binding(&name, span);
        let ty = ty.unwrap_or_else(|| self.inference.fresh());
        let local = self.declare(Local {
            name,
            ty,
            mutable: ident.mutability,
            deferred: true,
            span: ident.ident.span,
        });
        Some(Statement::Declare(local))
    }
}
