//! Values that are known at compile time, and mistakes that show in them.

use crate::arithmetic;
use crate::diagnostic::{Report, Span};
use crate::items::Context;
use crate::tree::{Body, Expr, ExprId, ExprKind, Operator};
use crate::types::Type;

/// The literals that have a `-` before them, which may be one greater than the greatest value.
pub(super) fn negated(body: &Body) -> std::collections::BTreeSet<usize> {
    let inner = body.exprs.iter().filter_map(|expr| match expr.kind {
        ExprKind::Negate(inner) => Some(inner.0),
        _ => None,
    });
    inner.collect()
}

pub(super) fn error(context: &Context<'_>, span: Span, message: String) {
    context.sink.add(Report::error(span, message));
}

/// The value of an expression if it is a scalar known at compile time.
pub(super) fn fold(context: &Context<'_>, body: &Body, id: ExprId, negated: bool) -> Option<i128> {
    let expr = body.expr(id)?;
    let constant = |id: ExprId| body.expr(id).and_then(|expr| expr.constant);
    match &expr.kind {
        ExprKind::Literal(value) => {
            let range = expr.ty.integer();
            let fits = range
                .is_none_or(|integer| integer.holds(*value) || (negated && integer.holds(-*value)));
            if !fits {
                let message = format!("literal out of range for `{}`", expr.ty);
                error(context, expr.span, message);
            }
            fits.then_some(*value)
        }
        ExprKind::Negate(inner) => {
            let value = constant(*inner)?;
            checked(context, expr, Some(-value))
        }
        ExprKind::Not(inner) => {
            let value = constant(*inner)?;
            Some(arithmetic::not(&expr.ty, value))
        }
        ExprKind::Rename(inner) => constant(*inner),
        ExprKind::Cast(inner) => {
            let value = constant(*inner)?;
            Some(
                expr.ty
                    .integer()
                    .map_or(value, |integer| integer.wrap(value)),
            )
        }
        ExprKind::Binary {
            operator,
            left,
            right,
        } => {
            let left_type = body.expr(*left).map_or(&Type::Unknown, |expr| &expr.ty);
            let right_constant = constant(*right);
            let zero = right_constant == Some(0)
                && matches!(operator, Operator::Divide | Operator::Remainder);
            if zero {
                let message = "this operation will panic at runtime: division by zero";
                error(context, expr.span, message.to_string());
                return None;
            }
            if operator.shifts() {
                return fold_shift(
                    context,
                    expr,
                    left_type,
                    constant(*left),
                    right_constant?,
                    *operator,
                );
            }
            let (left, right) = (constant(*left)?, right_constant?);
            match operator.compares() {
                true => arithmetic::compare(*operator, left, right).map(i128::from),
                false => checked(
                    context,
                    expr,
                    arithmetic::arithmetic(*operator, expr.ty.integer(), left, right),
                ),
            }
        }
        _ => None,
    }
}

pub(super) fn fold_shift(
    context: &Context<'_>,
    expr: &Expr,
    ty: &Type,
    left: Option<i128>,
    distance: i128,
    operator: Operator,
) -> Option<i128> {
    let integer = ty.integer()?;
    match arithmetic::shift(operator, integer, left.unwrap_or(0), distance) {
        Some(value) => left.map(|_| value),
        None => {
            let message =
                "this arithmetic operation will overflow: a shift by the type's width or more";
            error(context, expr.span, message.to_string());
            None
        }
    }
}

pub(super) fn checked(context: &Context<'_>, expr: &Expr, value: Option<i128>) -> Option<i128> {
    let fits = |value: &i128| {
        expr.ty
            .integer()
            .is_none_or(|integer| integer.holds(*value))
    };
    let value = value.filter(fits);
    if value.is_none() && expr.ty != Type::Unknown {
        error(
            context,
            expr.span,
            "this arithmetic operation will overflow".to_string(),
        );
    }
    value
}
