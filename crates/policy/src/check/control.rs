//! Branches, loops and jumps.

use crate::syntax;
use crate::syntax::{BinOp, Expr};

use super::{AroundKind, Checker, Expected};
use crate::diagnostic::{Report, Span};
use crate::tree::{Arm, ExprId, ExprKind};
use crate::types::Type;

/// Brings the types of several branches together.
struct Branches {
    ty: Option<Type>,
    diverges: bool,
}

impl Checker<'_, '_> {
    /// What is expected of a branch: a cast around says nothing of what is within, as in rustc.
    fn of_branch(expected: &Expected) -> Expected {
        match expected {
            Expected::Cast(_) => Expected::Anything,
            other => other.clone(),
        }
    }

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
                let value = self.scrutinee(&binding.expr);
                let ty = self.ty(value);
                let before = self.body.locals.len();
                let pattern = self.pattern(&binding.pat, &ty);
                self.check_named(&binding.expr, value, before);
                let span = binding.word.to(self.span(value));
                self.add(ExprKind::Let { pattern, value }, Type::Bool, span)
            }
            Expr::Binary(binary) if matches!(binary.op, BinOp::And) => {
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
            Expr::Assign(assign) => {
                self.place(&assign.left, &Expected::Anything);
                self.value(&assign.right, &Expected::Anything);
                let span = assign.span;
                let message = "mismatched types: expected `bool`, found `()`";
                let report = Report::error(span, message).code("E0308");
                self.fail(report.hint("write `==` to compare"), span)
            }
            other => self.coerced(other, &Type::Bool),
        }
    }

    pub(super) fn conditional(&mut self, syntax: &syntax::ExprIf, expected: &Expected) -> ExprId {
        let start = syntax.word;
        let expected = &Self::of_branch(expected);
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
        let Some(otherwise) = &syntax.else_branch else {
            self.diverges = before;
            let ty = match self.unit_branch(then) {
                true => Type::Unit,
                false => Type::Unknown,
            };
            let span = start.to(self.span(then));
            let kind = ExprKind::If {
                condition,
                then,
                otherwise: None,
            };
            return self.add(kind, ty, span);
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
    fn unit_branch(&mut self, then: ExprId) -> bool {
        let found = self.ty(then);
        if found == Type::Never || self.inference.unify(&found, &Type::Unit) {
            return true;
        }
        let message = format!(
            "`if` without `else` has no value: expected `()`, found `{}`",
            self.shown(&found)
        );
        let hint = "add an `else`, or `return` the value";
        self.report(
            Report::error(self.span(then), message)
                .code("E0317")
                .hint(hint),
        );
        false
    }

    pub(super) fn matching(&mut self, syntax: &syntax::ExprMatch, expected: &Expected) -> ExprId {
        let span = syntax.word.to(syntax.braces.close);
        let expected = &Self::of_branch(expected);
        let value = self.scrutinee(&syntax.expr);
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
            let locals = self.body.locals.len();
            let pattern = self.pattern(&arm.pat, &ty);
            self.check_named(&syntax.expr, value, locals);
            let guard = arm
                .guard
                .as_ref()
                .map(|guard| self.coerced(guard, &Type::Bool));
            self.diverges = false;
            let hint = match &branches.ty {
                Some(ty) => Expected::Type(ty.clone()),
                None => expected.clone(),
            };
            let body = self.value(&arm.body, &hint);
            self.branch(&mut branches, body);
            self.scopes.pop();
            self.check_guard_borrows(value, guard);
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

    pub(super) fn endless(&mut self, syntax: &syntax::ExprLoop, expected: &Expected) -> ExprId {
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
        let span = syntax.word.to(self.span(body));
        let ty = if broken { ty } else { Type::Never };
        self.add(ExprKind::Loop { id, body }, ty, span)
    }

    /// Warns of `while true`.
    fn endless_while(&mut self, condition: &Expr) {
        if let Expr::Lit(literal) = condition
            && matches!(literal.lit, syntax::Lit::Bool(true))
        {
            let message = "denote infinite loops with `loop { ... }`";
            let report = Report::warning(Span::around(condition), "while_true", message);
            self.report(report.hint("write `loop`"));
        }
    }

    pub(super) fn while_loop(&mut self, syntax: &syntax::ExprWhile) -> ExprId {
        // Its own condition may not leave the loop, so the loop begins after it.
        self.scopes.push(Vec::new());
        let condition = self.condition(&syntax.cond);
        self.endless_while(&syntax.cond);
        let before = self.diverges;
        let id = self.enter(syntax.label.as_ref(), AroundKind::Counted, Type::Unit);
        let body = self.block(&syntax.body, &Expected::Type(Type::Unit));
        self.agree_block(body, &Type::Unit);
        self.around.pop();
        self.scopes.pop();
        self.diverges = before;
        let span = syntax.word.to(self.span(body));
        let kind = ExprKind::While {
            id,
            condition,
            body,
        };
        self.add(kind, Type::Unit, span)
    }
}

impl Branches {
    fn result(self, checker: &Checker<'_, '_>) -> Type {
        self.ty
            .map_or(Type::Never, |ty| checker.inference.head(&ty))
    }
}
