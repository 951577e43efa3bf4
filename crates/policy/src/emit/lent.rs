//! Which locals need an address, and which functions a stack frame.

use crate::items::Context;
use crate::tree::{Body, ExprId, ExprKind, Intrinsic, LocalId, PatternKind};
use crate::types::Type;

/// The local that a place is a part of, if no reference lies between.
pub(super) fn owner(body: &Body, place: ExprId) -> Option<LocalId> {
    let mut at = place;
    loop {
        let expr = body.expr(at)?;
        match &expr.kind {
            ExprKind::Local(local) => {
                return Some(*local).filter(|_| !matches!(expr.ty, Type::Reference { .. }));
            }
            ExprKind::Field { base, .. } | ExprKind::Index { base, .. } => at = *base,
            _ => return None,
        }
    }
}

/// Whether each local is lent somewhere.
pub(super) fn lent(body: &Body) -> Vec<bool> {
    let mut lent = vec![false; body.locals.len()];
    for expr in &body.exprs {
        if let ExprKind::Borrow { place, .. } = expr.kind
            && let Some(local) = owner(body, place)
            && let Some(mark) = lent.get_mut(local.0)
        {
            *mark = true;
        }
    }
    lent
}

/// Whether an expression names something that lies in memory already.
pub(super) fn names_memory(kind: &ExprKind) -> bool {
    matches!(
        kind,
        ExprKind::Local(_)
            | ExprKind::Field { .. }
            | ExprKind::Index { .. }
            | ExprKind::Deref(_)
            | ExprKind::Constant(_)
    )
}

/// Whether a function keeps anything in memory of its own.
pub(super) fn needs_frame(context: &Context<'_>, body: &Body, lent: &[bool]) -> bool {
    let in_memory = |ty: &Type| context.registers(ty).is_none();
    let of = |id: &ExprId| body.expr(*id).is_some_and(|expr| in_memory(&expr.ty));
    lent.contains(&true)
        || body.locals.iter().enumerate().any(|(index, local)| {
            in_memory(&local.ty) && !body.parameters.contains(&LocalId(index))
        })
        || body.exprs.iter().any(|expr| match &expr.kind {
            ExprKind::Call { arguments, .. } => in_memory(&expr.ty) || arguments.iter().any(of),
            ExprKind::Borrow { place, mutable, .. } => {
                let place = body.expr(*place);
                place.is_some_and(|place| match place.kind {
                    ExprKind::Constant(_) => *mutable || !in_memory(&place.ty),
                    ref kind => !names_memory(kind),
                })
            }
            ExprKind::Intrinsic {
                intrinsic: Intrinsic::Swap,
                arguments,
            } => arguments
                .first()
                .is_some_and(|array| swaps_memory(context, body, *array)),
            kind => in_memory(&expr.ty) && !names_memory(kind),
        })
}

/// The local that a plain name in a pattern declares.
pub(super) fn plain_name(kind: &PatternKind) -> Option<LocalId> {
    match kind {
        PatternKind::Binding(local) => Some(*local),
        _ => None,
    }
}

/// Whether the elements that `swap` swaps lie in memory only.
fn swaps_memory(context: &Context<'_>, body: &Body, array: ExprId) -> bool {
    match body.expr(array).map(|expr| expr.ty.peeled()) {
        Some(Type::Array(element, _)) => context.registers(element).is_none(),
        _ => false,
    }
}
