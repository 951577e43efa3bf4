//! Variables that are never read, and `mut` that is never needed.

use crate::table::Set;

use crate::diagnostic::Report;
use crate::items::Context;
use crate::prelude::Door;
use crate::tree::{Body, ExprId, ExprKind, Local, LocalId};
use crate::types::Type;

/// What is done with the locals of a body.
#[derive(Default)]
struct Usage {
    read: Set<LocalId>,
    assigned: Set<LocalId>,
    /// Lent so that it may be changed.
    lent: Set<LocalId>,
    /// Asked, or passed on.
    doors: Vec<Door>,
}

pub(super) fn check(context: &Context<'_>, body: &Body) {
    let usage = usage(body);
    for (index, local) in body.locals.iter().enumerate() {
        let id = LocalId(index);
        let read = match local.ty {
            Type::Door(door) => usage.doors.contains(&door),
            _ => usage.read.contains(id) || usage.lent.contains(id),
        };
        let named = !local.name.starts_with('_') && local.name != "self";
        if named && !read {
            context.sink.add(unread(local, usage.assigned.contains(id)));
        }
        let changed = usage.assigned.contains(id) || usage.lent.contains(id);
        if local.mutable && !changed {
            let message = "variable does not need to be mutable";
            let hint = format!("write `{}` without `mut`", local.name);
            let report = Report::warning(local.span, "unused_mut", message);
            context.sink.add(report.hint(hint));
        }
    }
}

fn unread(local: &Local, assigned: bool) -> Report {
    let name = &local.name;
    let (message, hint) = match assigned {
        true => (
            format!("variable `{name}` is assigned to, but never used"),
            format!("leave it out, or name it `_{name}`"),
        ),
        false => (
            format!("unused variable: `{name}`"),
            format!("if this is intentional, prefix it with an underscore: `_{name}`"),
        ),
    };
    Report::warning(local.span, "unused_variables", message).hint(hint)
}

fn usage(body: &Body) -> Usage {
    let mut usage = Usage::default();
    let mut written = Set::default();
    for expr in &body.exprs {
        match &expr.kind {
            ExprKind::Assign { place, .. } | ExprKind::AssignBinary { place, .. } => {
                if let Some((root, local)) = root(body, *place) {
                    written.insert(root);
                    usage.assigned.insert(local);
                }
            }
            ExprKind::Borrow { place, mutable, .. } if *mutable => {
                if let Some((_, local)) = root(body, *place) {
                    usage.lent.insert(local);
                }
            }
            ExprKind::Door(door) | ExprKind::Ask { door, .. } => usage.doors.push(*door),
            _ => {}
        }
    }
    for (index, expr) in body.exprs.iter().enumerate() {
        if let ExprKind::Local(local) = &expr.kind
            && !written.contains(ExprId(index))
        {
            usage.read.insert(*local);
        }
    }
    usage
}

/// The local that a place is a part of, and the expression that names it.
fn root(body: &Body, place: ExprId) -> Option<(ExprId, LocalId)> {
    let mut at = place;
    loop {
        match &body.expr(at)?.kind {
            ExprKind::Local(local) => {
                // Through a reference something else is written, and the reference read.
                let ty = body.local(*local).map(|local| &local.ty);
                let refers = matches!(ty, Some(Type::Reference { .. }));
                return (!refers).then_some((at, *local));
            }
            ExprKind::Field { base, .. } | ExprKind::Index { base, .. } => at = *base,
            _ => return None,
        }
    }
}
