//! What can only be checked when all types of a body are known.

use super::Checker;
use super::exhaustive::missing;
use super::fold::{Folder, error};
use crate::diagnostic::{Report, Span};
use crate::infer::is_open;
use crate::items;
use crate::items::Context;
use crate::tree::{Body, Expr, ExprId, ExprKind, Local, Operator, Pattern, PatternKind, Statement};
use crate::types::Type;

impl Checker<'_, '_> {
    /// Fills in the types, checks what needs them, and gives the body away.
    pub(super) fn finish(mut self) -> Option<Body> {
        self.inference.fall_back();
        if !self.fill_in() {
            return None;
        }
        for (id, debug) in std::mem::take(&mut self.logged) {
            self.loggable(id, debug, true);
        }
        let context = self.context;
        let constants = Folder::new(context, &self.body).literals();
        for (expr, constant) in self.body.exprs.iter_mut().zip(constants) {
            expr.constant = constant;
        }
        let known = Folder::new(context, &self.body).through_variables();
        for index in 0..self.body.exprs.len() {
            let id = ExprId(index);
            check(context, &self.body, id);
            self.check_index(id, &known);
            self.check_compared(id);
            if self.in_const {
                check_constant(context, &self.body, id);
            }
        }
        super::moves::check(context, &self.body);
        for (span, ty, value) in &self.bounds {
            check_bound(context, *span, self.inference.whole(ty), *value);
        }
        for (span, ty) in &self.told {
            check_told(context, *span, self.inference.whole(ty));
        }
        for local in &self.body.locals {
            check_name(context, local);
        }
        Some(self.body)
    }

    /// Checks an index that is known to lie outside of its array.
    fn check_index(&self, id: ExprId, known: &[Option<i128>]) {
        let Some(expr) = self.body.expr(id) else {
            return;
        };
        let ExprKind::Index { base, index } = &expr.kind else {
            return;
        };
        let literal = self.body.expr(*index).and_then(|expr| expr.constant);
        // Where nothing gets to, only what is written there is looked at.
        let reached = known.get(index.0).copied().flatten();
        if let (Some(Type::Array(_, length)), Some(index)) = (
            self.body.expr(*base).map(|expr| &expr.ty),
            literal.or(reached),
        ) && index >= i128::from(*length)
        {
            let message = format!(
                "this operation will panic at runtime: \
                 the length is {length} but the index is {index}"
            );
            error(self.context, expr.span, message);
        }
    }

    /// Checks `==` of values that are compared by reference: the right may not change the left.
    fn check_compared(&self, id: ExprId) {
        if let Some(ExprKind::Binary {
            operator: operator @ (Operator::Equal | Operator::NotEqual),
            left,
            right,
        }) = self.body.expr(id).map(|expr| &expr.kind)
        {
            let ty = self
                .body
                .expr(*left)
                .map_or(&Type::Unknown, |expr| &expr.ty);
            if !matches!(ty, Type::Integer(_) | Type::Bool | Type::Unknown) {
                let around = format!("`{}`", operator.text());
                self.check_shared_borrows(&[*left, *right], &around);
            }
        }
    }

    /// Fills in all types; false if one was never found out, which was reported.
    fn fill_in(&mut self) -> bool {
        let mut open: Option<(Span, bool)> = None;
        let inference = &self.inference;
        let mut fill = |ty: &mut Type, span: Span| match inference.whole(ty) {
            Some(whole) => {
                if is_open(&whole) {
                    open = open.or(Some((span, false)));
                }
                *ty = whole;
            }
            None => open = open.or(Some((span, true))),
        };
        for local in &mut self.body.locals {
            fill(&mut local.ty, local.span);
        }
        for expr in &mut self.body.exprs {
            fill(&mut expr.ty, expr.span);
            match &mut expr.kind {
                ExprKind::Let { pattern, .. } => fill_pattern(pattern, &mut fill),
                ExprKind::Match { arms, .. } => {
                    arms.iter_mut()
                        .for_each(|arm| fill_pattern(&mut arm.pattern, &mut fill));
                }
                ExprKind::Block { statements, .. } => {
                    for statement in statements {
                        if let Statement::Let { pattern, .. } = statement {
                            fill_pattern(pattern, &mut fill);
                        }
                    }
                }
                _ => {}
            }
        }
        let Some((span, deep)) = open else {
            return true;
        };
        // Of what could not be made out because of another error nothing more is said.
        let exprs = &self.body.exprs;
        if !deep && exprs.iter().any(|it| matches!(it.kind, ExprKind::Unknown)) {
            return false;
        }
        let report = match deep {
            true => Report::error(span, "this type has too many `Option`s within each other"),
            false => Report::error(span, "type annotations needed")
                .code("E0282")
                .hint("say the type: `let x: Option<u32> = None;`"),
        };
        self.report(report);
        false
    }
}

fn fill_pattern(pattern: &mut Pattern, fill: &mut dyn FnMut(&mut Type, Span)) {
    fill(&mut pattern.ty, pattern.span);
    match &mut pattern.kind {
        PatternKind::Variant {
            payload: Some(payload),
            ..
        } => fill_pattern(payload, fill),
        PatternKind::Or(cases) => cases.iter_mut().for_each(|case| fill_pattern(case, fill)),
        _ => {}
    }
}

/// Checks one expression whose type and whose parts' types are known.
fn check(context: &items::Context<'_>, body: &Body, id: ExprId) {
    let Some(expr) = body.expr(id) else { return };
    let ty_of = |id: ExprId| body.expr(id).map_or(&Type::Unknown, |expr| &expr.ty);
    match &expr.kind {
        ExprKind::Negate(inner)
            if ty_of(*inner)
                .integer()
                .is_some_and(|integer| !integer.signed()) =>
        {
            let message = format!("cannot apply unary operator `-` to type `{}`", expr.ty);
            context
                .sink
                .add(Report::error(expr.span, message).code("E0600"));
        }
        ExprKind::Cast(inner) => check_cast(context, expr, ty_of(*inner)),
        ExprKind::Binary { operator, left, .. } if operator.compares() => {
            check_comparison(context, expr, *operator, ty_of(*left));
        }
        ExprKind::Match { value, arms } => {
            let covering: Vec<&Pattern> = arms
                .iter()
                .filter(|arm| arm.guard.is_none())
                .map(|arm| &arm.pattern)
                .collect();
            if let Some(missing) = missing(context, ty_of(*value), &covering) {
                let span = body.expr(*value).map_or(expr.span, |expr| expr.span);
                let message = format!("non-exhaustive patterns: `{missing}` not covered");
                context.sink.add(
                    Report::error(span, message)
                        .code("E0004")
                        .hint(format!("add an arm: `{missing} => …`")),
                );
            }
        }
        ExprKind::Block { statements, .. } => {
            for statement in statements {
                if let Statement::Let {
                    pattern, otherwise, ..
                } = statement
                {
                    check_let(context, pattern, otherwise.is_some());
                }
            }
        }
        _ => {}
    }
}

/// Checks what rustc does not do in constants and `const fn`s.
fn check_constant(context: &Context<'_>, body: &Body, id: ExprId) {
    let Some(expr) = body.expr(id) else { return };
    let ExprKind::Binary { operator, left, .. } = &expr.kind else {
        return;
    };
    let ty = body.expr(*left).map_or(&Type::Unknown, |expr| &expr.ty);
    let plain = matches!(ty, Type::Integer(_) | Type::Bool | Type::Unknown);
    if operator.compares() && !plain {
        let message =
            format!("values of type `{ty}` cannot be compared in a constant or `const fn`");
        let report = Report::error(expr.span, message).code("E0015");
        context
            .sink
            .add(report.hint("write `match`, or compare its parts"));
    }
}

fn check_let(context: &Context<'_>, pattern: &Pattern, has_else: bool) {
    if has_else {
        return;
    }
    if let Some(missing) = missing(context, &pattern.ty, &[pattern]) {
        let message = format!("refutable pattern in `let`: `{missing}` not covered");
        let hint = "write `let … else { … };`, `if let` or `match`";
        context.sink.add(
            Report::error(pattern.span, message)
                .code("E0005")
                .hint(hint),
        );
    }
}

fn check_cast(context: &Context<'_>, expr: &Expr, from: &Type) {
    let report = match (from, &expr.ty) {
        (Type::Unknown | Type::Never, _) | (_, Type::Unknown) => return,
        (Type::Integer(_) | Type::Bool | Type::Enum(_), Type::Integer(_)) => return,
        (Type::Bool, Type::Bool) => return,
        (Type::Integer(_), Type::Bool) => Report::error(expr.span, "cannot cast to `bool`")
            .code("E0054")
            .hint("write `… != 0`"),
        (from, to) => {
            let message = format!("non-primitive cast: `{from}` as `{to}`");
            let hint = match (from, to) {
                (Type::Newtype(_), _) => Some("write `….number()`".to_string()),
                (_, Type::Newtype(to)) => Some(format!("write `{}::new(…)`", to.name())),
                _ => None,
            };
            Report::error(expr.span, message)
                .code("E0605")
                .maybe_hint(hint)
        }
    };
    context.sink.add(report);
}

fn check_comparison(context: &Context<'_>, expr: &Expr, operator: Operator, ty: &Type) {
    let equality = matches!(operator, Operator::Equal | Operator::NotEqual);
    let fits = match ty {
        Type::Unknown | Type::Never | Type::Unit | Type::Bool | Type::Integer(_) => true,
        other => equality && context.is_comparable(other),
    };
    if !fits {
        let message = format!(
            "binary operation `{}` cannot be applied to type `{ty}`",
            operator.text()
        );
        let hint = match (equality, ty) {
            (true, Type::Struct(_) | Type::Enum(_)) => {
                Some(format!("add `#[derive(PartialEq)]` to `{ty}`"))
            }
            (false, Type::Newtype(_)) => Some("compare `….number()`".to_string()),
            _ => None,
        };
        context.sink.add(
            Report::error(expr.span, message)
                .code("E0369")
                .maybe_hint(hint),
        );
    }
}

/// Checks a number that is written in a pattern.
fn check_bound(context: &Context<'_>, span: Span, ty: Option<Type>, value: i128) {
    let integer = ty.as_ref().and_then(Type::integer);
    if let Some(integer) = integer.filter(|integer| !integer.holds(value)) {
        let message = format!("literal out of range for `{}`", integer.name());
        error(context, span, message);
    }
}

/// Checks that a stop can tell a value.
fn check_told(context: &Context<'_>, span: Span, ty: Option<Type>) {
    let Some(ty) = ty else { return };
    if !context.derives_all(&ty, |derives| derives.debug) {
        let message = format!("the type `{ty}` is not `Debug`, so that a stop could not tell it");
        let report = Report::error(span, message).code("E0277");
        context
            .sink
            .add(report.hint(format!("add `#[derive(Debug)]` to `{ty}`")));
    }
}

/// Refuses a variable with the name of a variant of its type: it would match every variant.
fn check_name(context: &Context<'_>, local: &Local) {
    let Type::Enum(named) = &local.ty else { return };
    let item = context.enum_item(named);
    if item.is_some_and(|item| item.variants.contains(&local.name)) {
        let (name, of) = (&local.name, &named.name);
        let message = format!("`{name}` is a new variable here, and matches every `{of}`");
        let hint = format!("write `{of}::{name}`");
        context
            .sink
            .add(Report::error(local.span, message).code("E0170").hint(hint));
    }
}
