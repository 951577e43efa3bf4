//! Branches, loops and jumps.

use syn::{BinOp, Expr};

use super::{AroundKind, Checker, Expected};
use crate::diagnostic::{Report, Span};
use crate::tree::{Arm, ExprId, ExprKind, Local, Range};
use crate::types::Type;

/// Brings the types of several branches together.
struct Branches {
    ty: Option<Type>,
    diverges: bool,
}

impl Checker<'_, '_> {
    fn branches(&self, expected: &Expected) -> Branches {
        let ty = match expected {
            Expected::Type(ty) => match self.inference.head(ty) {
                Type::Unknown | Type::Variable(_) => None,
                ty => Some(ty),
            },
            _ => None,
        };
        Branches { ty, diverges: true }
    }

    /// Takes in one more branch, which was checked just now.
    fn branch(&mut self, branches: &mut Branches, id: ExprId) {
        branches.diverges &= self.diverges;
        let found = self.ty(id);
        match &branches.ty {
            Some(ty) => {
                let ty = ty.clone();
                self.agree_block(id, &ty);
            }
            None if found != Type::Never => branches.ty = Some(found),
            None => {}
        }
    }

    /// A condition of `if` or `while`, whose `let`s declare names in the scope around.
    fn condition(&mut self, syntax: &Expr) -> ExprId {
        match syntax {
            Expr::Let(binding) => {
                let value = self.place(&binding.expr, &Expected::Anything);
                let ty = self.ty(value);
                let pattern = self.pattern(&binding.pat, &ty);
                let span = Span::around(&binding.let_token).to(self.span(value));
                self.add(ExprKind::Let { pattern, value }, Type::Bool, span)
            }
            Expr::Binary(binary) if matches!(binary.op, BinOp::And(_)) => {
                let left = self.condition(&binary.left);
                let before = self.diverges;
                let right = self.condition(&binary.right);
                self.diverges = before;
                let span = self.span(left).to(self.span(right));
                let kind = ExprKind::Logic {
                    and: true,
                    left,
                    right,
                };
                self.add(kind, Type::Bool, span)
            }
            other => self.coerced(other, &Type::Bool),
        }
    }

    pub(super) fn conditional(&mut self, syntax: &syn::ExprIf, expected: &Expected) -> ExprId {
        let start = Span::around(&syntax.if_token);
        self.scopes.push(Vec::new());
        let condition = self.condition(&syntax.cond);
        let before = self.diverges;
        let mut branches = self.branches(expected);
        if syntax.else_branch.is_none() {
            branches.ty = None;
        }
        self.diverges = false;
        let then = self.block(&syntax.then_branch, expected);
        self.scopes.pop();
        let Some((_, otherwise)) = &syntax.else_branch else {
            self.diverges = before;
            self.unit_branch(then);
            let span = start.to(self.span(then));
            let kind = ExprKind::If {
                condition,
                then,
                otherwise: None,
            };
            return self.add(kind, Type::Unit, span);
        };
        self.branch(&mut branches, then);
        self.diverges = false;
        let otherwise = self.value(otherwise, expected);
        self.branch(&mut branches, otherwise);
        self.diverges = before | branches.diverges;
        let span = start.to(self.span(otherwise));
        let kind = ExprKind::If {
            condition,
            then,
            otherwise: Some(otherwise),
        };
        self.add(kind, branches.result(self), span)
    }

    /// Without an `else`, an `if` has no value.
    fn unit_branch(&mut self, then: ExprId) {
        let found = self.ty(then);
        if found == Type::Never || self.inference.unify(&found, &Type::Unit) {
            return;
        }
        let message = format!(
            "`if` without `else` has no value: expected `()`, found `{}`",
            self.shown(&found)
        );
        let hint = "add an `else`, or `return` the value";
        self.report(Report::error(self.span(then), message).code("E0317").hint(hint));
    }

    pub(super) fn matching(&mut self, syntax: &syn::ExprMatch, expected: &Expected) -> ExprId {
        let span =
            Span::around(&syntax.match_token).to(Span::of(syntax.brace_token.span.close()));
        let value = self.place(&syntax.expr, &Expected::Anything);
        let ty = self.ty(value);
        let before = self.diverges;
        let mut branches = self.branches(expected);
        let mut arms = Vec::new();
        for arm in &syntax.arms {
            if let Some(attribute) = arm.attrs.first() {
                let around = Span::around(attribute);
                self.refuse(around, "an attribute of an arm", "leave it out");
            }
            self.scopes.push(Vec::new());
            let pattern = self.pattern(&arm.pat, &ty);
            let guard = arm
                .guard
                .as_ref()
                .map(|(_, guard)| self.coerced(guard, &Type::Bool));
            self.diverges = false;
            let hint = match &branches.ty {
                Some(ty) => Expected::Type(ty.clone()),
                None => expected.clone(),
            };
            let body = self.value(&arm.body, &hint);
            self.branch(&mut branches, body);
            self.scopes.pop();
            arms.push(Arm {
                pattern,
                guard,
                body,
            });
        }
        self.diverges = before | branches.diverges;
        let ty = match arms.is_empty() {
            true => Type::Unknown,
            false => branches.result(self),
        };
        self.add(ExprKind::Match { value, arms }, ty, span)
    }

    pub(super) fn endless(&mut self, syntax: &syn::ExprLoop, expected: &Expected) -> ExprId {
        let ty = match expected {
            Expected::Type(ty) => ty.clone(),
            _ => self.inference.fresh(),
        };
        let before = self.diverges;
        let id = self.enter(syntax.label.as_ref(), AroundKind::Loop, ty.clone());
        let body = self.block(&syntax.body, &Expected::Type(Type::Unit));
        self.agree_block(body, &Type::Unit);
        let broken = self.around.pop().is_some_and(|around| around.broken);
        self.diverges = before;
        let span = Span::around(&syntax.loop_token).to(self.span(body));
        let ty = if broken { ty } else { Type::Never };
        self.add(ExprKind::Loop { id, body }, ty, span)
    }

    pub(super) fn while_loop(&mut self, syntax: &syn::ExprWhile) -> ExprId {
        // Its own condition may not leave the loop, so the loop begins after it.
        self.scopes.push(Vec::new());
        let condition = self.condition(&syntax.cond);
        let before = self.diverges;
        let id = self.enter(syntax.label.as_ref(), AroundKind::Counted, Type::Unit);
        let body = self.block(&syntax.body, &Expected::Type(Type::Unit));
        self.agree_block(body, &Type::Unit);
        self.around.pop();
        self.scopes.pop();
        self.diverges = before;
        let span = Span::around(&syntax.while_token).to(self.span(body));
        let kind = ExprKind::While {
            id,
            condition,
            body,
        };
        self.add(kind, Type::Unit, span)
    }

    pub(super) fn for_loop(&mut self, syntax: &syn::ExprForLoop) -> ExprId {
        let start = Span::around(&syntax.for_token);
        if self.in_const {
            self.refuse(start, "`for` in a `const fn`", "write `while`, as rustc asks as well");
        }
        let Some((first, last, inclusive)) = self.bounds(&syntax.expr) else {
            return self.unknown(start);
        };
        let ty = self.ty(first);
        if !ty.is_integer() && !matches!(ty, Type::Unknown | Type::Never) {
            let message = format!("cannot count in values of type `{}`", self.shown(&ty));
            self.report(Report::error(self.span(first), message).code("E0277"));
        }
        let before = self.diverges;
        self.scopes.push(Vec::new());
        let variable = match &*syntax.pat {
            syn::Pat::Wild(_) => None,
            syn::Pat::Ident(ident) if ident.by_ref.is_none() && ident.subpat.is_none() => {
                Some(self.declare(Local {
                    name: ident.ident.to_string(),
                    ty,
                    mutable: ident.mutability.is_some(),
                    span: Span::of(ident.ident.span()),
                }))
            }
            other => {
                self.refuse(Span::around(other), "this pattern of a `for`", "name it: `for i in …`");
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
        let range = Range {
            variable,
            first,
            last,
            inclusive,
        };
        self.add(ExprKind::For { id, range, body }, Type::Unit, span)
    }

    /// The bounds of a `for`.
    fn bounds(&mut self, syntax: &Expr) -> Option<(ExprId, ExprId, bool)> {
        let syntax = match syntax {
            Expr::Paren(inner) => &*inner.expr,
            other => other,
        };
        let (Expr::Range(range), span) = (syntax, Span::around(syntax)) else {
            let instead = "count over its indices: `for i in 0..self.table.len()`";
            self.refuse(Span::around(syntax), "a `for` over anything but a range", instead);
            return None;
        };
        let (Some(first), Some(last)) = (&range.start, &range.end) else {
            self.refuse(span, "a range without both ends", "write `a..b` or `a..=b`");
            return None;
        };
        let first = self.value(first, &Expected::Anything);
        let ty = self.ty(first);
        let last = self.coerced(last, &ty);
        Some((first, last, matches!(range.limits, syn::RangeLimits::Closed(_))))
    }

    /// The loop or block that a jump means.
    fn target(&mut self, label: Option<&syn::Lifetime>, span: Span, word: &str) -> Option<usize> {
        let found = self.around.iter().rposition(|around| match label {
            Some(label) => around.label.as_deref() == Some(label.ident.to_string().as_str()),
            None => around.kind != AroundKind::Block,
        });
        if found.is_none() {
            let report = match label {
                Some(label) => {
                    Report::error(span, format!("use of undeclared label `{label}`")).code("E0426")
                }
                None => {
                    Report::error(span, format!("`{word}` outside of a loop")).code("E0268")
                }
            };
            self.report(report);
        }
        found
    }

    pub(super) fn break_out(&mut self, syntax: &syn::ExprBreak) -> ExprId {
        let span = Span::around(&syntax.break_token);
        let target = self.target(syntax.label.as_ref(), span, "break");
        let around = target.and_then(|target| self.around.get_mut(target));
        let Some((id, kind, ty)) = around.map(|around| {
            around.broken = true;
            (around.id, around.kind, around.ty.clone())
        }) else {
            return self.unknown(span);
        };
        let value = match (&syntax.expr, kind) {
            (Some(value), AroundKind::Counted) => {
                let message = "`break` with value from a `while` or `for` loop";
                let around = Span::around(&**value);
                self.report(Report::error(around, message).code("E0571").hint("write `loop`"));
                None
            }
            (Some(value), _) => Some(self.coerced(value, &ty)),
            (None, AroundKind::Counted) => None,
            (None, _) => {
                let unit = self.add(ExprKind::Unit, Type::Unit, span);
                self.agree(unit, &ty);
                None
            }
        };
        let span = value.map_or(span, |value| span.to(self.span(value)));
        self.add(ExprKind::Break { id, value }, Type::Never, span)
    }

    pub(super) fn continue_on(&mut self, syntax: &syn::ExprContinue) -> ExprId {
        let span = Span::around(&syntax.continue_token);
        let Some(target) = self.target(syntax.label.as_ref(), span, "continue") else {
            return self.unknown(span);
        };
        match self.around.get(target).map(|around| (around.id, around.kind)) {
            Some((id, kind)) if kind != AroundKind::Block => {
                self.add(ExprKind::Continue { id }, Type::Never, span)
            }
            _ => {
                let report = Report::error(span, "`continue` of a block that is not a loop");
                self.fail(report.code("E0696"), span)
            }
        }
    }

    pub(super) fn give_back(&mut self, syntax: &syn::ExprReturn) -> ExprId {
        let span = Span::around(&syntax.return_token);
        if !self.in_function {
            let report = Report::error(span, "`return` outside of a function").code("E0572");
            return self.fail(report, span);
        }
        let result = self.result.clone();
        let value = match &syntax.expr {
            Some(value) => Some(self.coerced(value, &result)),
            None => {
                let unit = self.add(ExprKind::Unit, Type::Unit, span);
                self.agree(unit, &result);
                None
            }
        };
        let span = value.map_or(span, |value| span.to(self.span(value)));
        self.add(ExprKind::Return(value), Type::Never, span)
    }

    pub(super) fn attempt(&mut self, syntax: &syn::ExprTry) -> ExprId {
        let inner = self.value(&syntax.expr, &Expected::Anything);
        let token = Span::around(&syntax.question_token);
        let span = self.span(inner).to(token);
        if self.in_const {
            self.refuse(token, "`?` in a `const fn` or constant", "write `match`");
        }
        let result = self.inference.head(&self.result);
        let (value, fits) = match (self.ty(inner), &result) {
            (Type::Unknown | Type::Never, _) => return self.unknown(span),
            (Type::Result(value, error), Type::Result(_, wanted)) => {
                (value, self.inference.unify(&error, wanted))
            }
            (Type::Option(value), Type::Option(_)) => (value, true),
            (Type::Result(value, _) | Type::Option(value), _) => (value, result == Type::Unknown),
            (other, _) => {
                let message = format!(
                    "the `?` operator can only be applied to `Option` and `Result`, not to `{}`",
                    self.shown(&other)
                );
                return self.fail(Report::error(span, message).code("E0277"), span);
            }
        };
        if !fits {
            let found = self.ty(inner);
            let message = format!(
                "`?` on `{}` cannot be used in a function that returns `{}`",
                self.shown(&found),
                self.shown(&result)
            );
            let hint = match found {
                Type::Option(_) => "write `match` or `let Some(x) = … else { … };`",
                _ => "let the function return `Result<…, SysError>`",
            };
            self.report(Report::error(token, message).code("E0277").hint(hint));
        }
        self.add_at(ExprKind::Try(inner), (*value).clone(), span, span)
    }
}

impl Branches {
    fn result(self, checker: &Checker<'_, '_>) -> Type {
        self.ty.map_or(Type::Never, |ty| checker.inference.head(&ty))
    }
}
