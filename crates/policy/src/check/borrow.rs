//! Two mutable paths to one place: refused as rustc refuses them.
//!
//! References live only as long as a call, so it is enough to look at what the later arguments of
//! a call do to the places that the earlier ones borrow. A mutable borrow of a receiver begins in
//! earnest when the call does (rustc's two-phase borrows): until then the place can still be read.

use super::Checker;
use crate::diagnostic::{Report, Span};
use crate::tree::{Body, Expr, ExprId, ExprKind, LocalId};

/// A step from a place into a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Field(usize),
    /// Any element.
    Element,
}

/// The local at the root of a place, and the steps from there.
fn steps(body: &Body, place: ExprId) -> Option<(LocalId, Vec<Step>)> {
    let mut steps = Vec::new();
    let mut at = place;
    let root = loop {
        match &body.expr(at)?.kind {
            ExprKind::Local(local) => break *local,
            ExprKind::Deref(base) => at = *base,
            ExprKind::Field { base, field } => {
                steps.push(Step::Field(*field));
                at = *base;
            }
            ExprKind::Index { base, .. } => {
                steps.push(Step::Element);
                at = *base;
            }
            _ => return None,
        }
    };
    steps.reverse();
    Some((root, steps))
}

/// Whether two places have a part in common.
fn overlap(body: &Body, left: ExprId, right: ExprId) -> bool {
    match (steps(body, left), steps(body, right)) {
        (Some((a, left)), Some((b, right))) => {
            a == b && left.iter().zip(&right).all(|(left, right)| left == right)
        }
        _ => false,
    }
}

impl Checker<'_, '_> {
    /// Checks the arguments of a call, the receiver first, against each other.
    pub(super) fn check_borrows(&mut self, arguments: &[ExprId]) {
        for (position, argument) in arguments.iter().enumerate() {
            let later = arguments.get(position + 1..).unwrap_or(&[]);
            match self.body.expr(*argument).map(|expr| &expr.kind) {
                Some(ExprKind::Door(door)) => self.check_door_borrow(*door, later),
                Some(ExprKind::Borrow { place, mutable }) => {
                    self.check_place_borrow(*place, *mutable, later, "the call around");
                }
                _ => {}
            }
        }
    }

    /// Checks values that `around` takes by reference, one after the other.
    pub(super) fn check_shared_borrows(&self, values: &[ExprId], around: &str) {
        for (position, value) in values.iter().enumerate() {
            let later = values.get(position + 1..).unwrap_or(&[]);
            self.check_place_borrow(*value, false, later, around);
        }
    }

    /// Checks that a guard leaves alone what is being matched.
    pub(super) fn check_guard_borrows(&mut self, matched: ExprId, guard: Option<ExprId>) {
        let Some(guard) = guard else { return };
        let body = &self.body;
        let changes = self.first(&[guard], &mut |expr| match expr.kind {
            ExprKind::Borrow {
                place: other,
                mutable: true,
            }
            | ExprKind::Assign { place: other, .. }
            | ExprKind::AssignBinary { place: other, .. } => overlap(body, matched, other),
            _ => false,
        });
        if let Some(span) = changes {
            let message = "a guard cannot change the value that is being matched";
            let hint = "give the value a name with `let` first, or change it in the arm";
            self.report(Report::error(span, message).code("E0510").hint(hint));
        }
    }

    fn check_place_borrow(&self, place: ExprId, mutable: bool, later: &[ExprId], around: &str) {
        let body = &self.body;
        let borrows = self.first(later, &mut |expr| match expr.kind {
            ExprKind::Borrow {
                place: other,
                mutable: true,
            } => overlap(body, place, other),
            _ => false,
        });
        let writes = self.first(later, &mut |expr| match expr.kind {
            ExprKind::Assign { place: other, .. } | ExprKind::AssignBinary { place: other, .. } => {
                overlap(body, place, other)
            }
            _ => false,
        });
        let hint = "give the value a name with `let` first";
        if let Some(span) = borrows {
            let (code, message) = match mutable {
                true => (
                    "E0499",
                    "cannot borrow this as mutable more than once at a time".to_string(),
                ),
                false => (
                    "E0502",
                    format!("cannot borrow this as mutable: {around} borrows it already"),
                ),
            };
            self.report(Report::error(span, message).code(code).hint(hint));
        }
        if let Some(span) = writes {
            let message = format!("cannot assign to this: {around} borrows it");
            self.report(Report::error(span, message).code("E0506").hint(hint));
        }
    }

    /// The first expression within `among` that passes a test.
    pub(super) fn first(
        &self,
        among: &[ExprId],
        test: &mut dyn FnMut(&Expr) -> bool,
    ) -> Option<Span> {
        let mut found = None;
        for id in among {
            self.body.any(*id, &mut |expr| {
                let here = test(expr);
                if here {
                    found = Some(expr.span);
                }
                here
            });
            if found.is_some() {
                break;
            }
        }
        found
    }
}
