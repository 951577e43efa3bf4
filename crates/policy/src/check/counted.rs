//! `for`, and what it runs over.

use crate::syntax::{self, Expr};

use super::{AroundKind, Checker, Expected};
use crate::diagnostic::{Report, Span};
use crate::tree::{ExprId, ExprKind, Local, Range};
use crate::types::Type;

impl Checker<'_, '_> {
    pub(super) fn for_loop(&mut self, syntax: &syntax::ExprForLoop) -> ExprId {
        let start = syntax.word;
        if self.in_const {
            self.refuse(
                start,
                "`for` in a `const fn`",
                "write `while`, as rustc asks as well",
            );
        }
        // Where the range is refused the body is looked at all the same.
        let counted = self.counted(&syntax.expr);
        let ty = match &counted {
            Some(counted) => self.counted_type(counted),
            None => Type::Unknown,
        };
        let before = self.diverges;
        self.scopes.push(Vec::new());
        let variable = match &syntax.pat {
            syntax::Pat::Wild(_) => None,
            syntax::Pat::Ident(ident) if !ident.by_ref && ident.subpat.is_none() => {
                self.check_binding(&ident.ident.to_string(), ident.ident.span);
                Some(self.declare(Local {
                    name: ident.ident.to_string(),
                    ty,
                    mutable: ident.mutability,
                    deferred: false,
                    span: ident.ident.span,
                }))
            }
            other => {
                self.refuse(
                    Span::around(other),
                    "this pattern of a `for`",
                    "name it: `for i in …`",
                );
                self.name_all(other);
                None
            }
        };
        let id = self.enter(syntax.label.as_ref(), AroundKind::Counted, Type::Unit);
        let body = self.block(&syntax.body, &Expected::Type(Type::Unit));
        self.agree_block(body, &Type::Unit);
        self.around.pop();
        self.scopes.pop();
        self.diverges = before;
        let span = start.to(self.span(body));
        let Some(counted) = counted else {
            return self.unknown(span);
        };
        let range = Range {
            variable,
            first: counted.first,
            last: counted.last,
            inclusive: counted.inclusive,
            backwards: counted.backwards,
            step: counted.step,
        };
        self.add(ExprKind::For { id, range, body }, Type::Unit, span)
    }

    /// The type of what a `for` counts.
    fn counted_type(&mut self, counted: &Counted) -> Type {
        let first = counted.first;
        let ty = self.operand_type(first);
        self.operand_type(counted.last);
        if !ty.is_integer() && ty != Type::Unknown {
            let message = format!("cannot count in values of type `{}`", self.shown(&ty));
            self.report(Report::error(self.span(first), message).code("E0277"));
        }
        ty
    }

    /// What a `for` runs over: a range, perhaps backwards, perhaps in steps.
    fn counted(&mut self, syntax: &Expr) -> Option<Counted> {
        let mut syntax = bare(syntax);
        let mut adapters = Vec::new();
        while let Expr::MethodCall(call) = syntax {
            if call.method != "rev" && call.method != "step_by" {
                break;
            }
            adapters.push(&**call);
            syntax = bare(&call.receiver);
        }
        let (Expr::Range(range), span) = (syntax, Span::around(syntax)) else {
            self.refuse(
                Span::around(syntax),
                "a `for` over anything but a range",
                match adapters.is_empty() {
                    true => "count over its indices: `for i in 0..self.table.len()`",
                    false => "count over its indices: `for i in (0..self.table.len()).rev()`",
                },
            );
            return None;
        };
        let (Some(first), Some(last)) = (&range.start, &range.end) else {
            self.refuse(span, "a range without both ends", "write `a..b` or `a..=b`");
            return None;
        };
        let first = self.value(first, &Expected::Anything);
        let ty = self.ty(first);
        let last = self.coerced(last, &ty);
        let mut counted = Counted {
            first,
            last,
            inclusive: range.closed,
            backwards: false,
            step: None,
        };
        for call in adapters.into_iter().rev() {
            self.adapt(&mut counted, call)?;
        }
        Some(counted)
    }

    /// `.rev()` or `.step_by(n)` of what is counted so far.
    fn adapt(&mut self, counted: &mut Counted, call: &syntax::ExprMethodCall) -> Option<()> {
        let span = call.method.span.to(call.parens.close);
        if let Some(turbofish) = call.turbofish {
            self.refuse(turbofish, "`::<…>`", "leave it out");
        }
        let name = call.method.to_string();
        let arguments: Vec<&Expr> = call.args.iter().collect();
        if counted.step.is_some() || (counted.backwards && name == "rev") {
            let construct = match name.as_str() {
                "rev" if counted.step.is_some() => "`.rev()` after `.step_by(…)`",
                "rev" => "`.rev()` twice",
                _ => "`.step_by(…)` twice",
            };
            self.refuse(span, construct, "count with `while`");
            return None;
        }
        let steps = name == "step_by";
        self.count(&name, usize::from(steps), &arguments, span)?;
        match (steps, arguments.first()) {
            (true, Some(step)) => counted.step = Some(self.coerced(step, &Type::USIZE)),
            (true, None) => return None,
            (false, _) => counted.backwards = true,
        }
        Some(())
    }
}

/// What a `for` counts, before its variable is known.
struct Counted {
    first: ExprId,
    last: ExprId,
    inclusive: bool,
    backwards: bool,
    step: Option<ExprId>,
}

/// An expression without the parentheses around it.
fn bare<'e, 's>(syntax: &'e Expr<'s>) -> &'e Expr<'s> {
    let mut syntax = syntax;
    while let Expr::Paren(inner) = syntax {
        syntax = &inner.expr;
    }
    syntax
}
