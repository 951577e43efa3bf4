//! Values that are made and dropped.

use crate::diagnostic::Report;
use crate::items::Context;
use crate::tree::{Body, Expr, ExprId, ExprKind, Intrinsic, Operator, Statement};
use crate::types::Type;

pub(super) fn check(context: &Context<'_>, body: &Body) {
    for expr in &body.exprs {
        let ExprKind::Block { statements, .. } = &expr.kind else {
            continue;
        };
        for statement in statements {
            if let Statement::Expr(id) = statement
                && let Some(report) = dropped(context, body, *id)
            {
                context.sink.add(report);
            }
        }
    }
}

/// What is said of a statement whose value is dropped.
fn dropped(context: &Context<'_>, body: &Body, id: ExprId) -> Option<Report> {
    let expr: &Expr = body.expr(id)?;
    if matches!(expr.kind, ExprKind::Local(_)) {
        let report = Report::warning(
            expr.span,
            "path_statements",
            "path statement with no effect",
        );
        return Some(report.hint("leave it out, or use its value"));
    }
    let (message, hint) = match (&expr.kind, &expr.ty) {
        (_, Type::Never | Type::Unknown | Type::Unit) => return None,
        (_, Type::Result(..)) => (
            "unused `Result` that must be used".to_string(),
            "it may be an error: write `?` after it to pass that on, or `let _ = …;` to ignore it",
        ),
        (kind, ty) => {
            let what = must_use(context, kind, ty).or_else(|| operation(kind).map(String::from))?;
            let message = format!("unused {what} that must be used");
            (message, "use it, or leave it out")
        }
    };
    Some(Report::warning(expr.span, "unused_must_use", message).hint(hint))
}

/// What the source itself says must be used.
fn must_use(context: &Context<'_>, kind: &ExprKind, ty: &Type) -> Option<String> {
    let (functions, types) = &context.must_use;
    if types.contains(ty) {
        return Some(format!("`{ty}`"));
    }
    match kind {
        ExprKind::Call { function, .. } if functions.contains(function) => {
            let name = context.function(*function)?.full_name();
            Some(format!("return value of `{name}`"))
        }
        _ => None,
    }
}

fn operation(kind: &ExprKind) -> Option<&'static str> {
    Some(match kind {
        ExprKind::Negate(_) | ExprKind::Not(_) => "unary operation",
        ExprKind::Logic { .. } => "logical operation",
        ExprKind::Binary { operator, .. } if operator.compares() => "comparison",
        ExprKind::Binary {
            operator:
                Operator::And
                | Operator::Or
                | Operator::Xor
                | Operator::ShiftLeft
                | Operator::ShiftRight,
            ..
        } => "bitwise operation",
        ExprKind::Binary { .. } => "arithmetic operation",
        // What only takes something out of an `Option` or `Result` may be dropped, says rustc.
        ExprKind::Intrinsic { intrinsic, .. }
            if !matches!(
                intrinsic,
                Intrinsic::SomeOr | Intrinsic::OkOr | Intrinsic::Ok | Intrinsic::SomeOrErr
            ) =>
        {
            "return value"
        }
        _ => return None,
    })
}
