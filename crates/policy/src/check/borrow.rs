//! Two mutable paths to one place: refused as rustc refuses them.
//!
//! References live only as long as a call, so it is enough to look at what the later arguments of
//! a call do to the places that the earlier ones borrow. A mutable borrow of a receiver begins in
//! earnest when the call does (rustc's two-phase borrows): until then the place can still be read.

use super::Checker;
use super::place::is_place;
use crate::diagnostic::{Report, Span};
use crate::tree::{Body, Expr, ExprId, ExprKind, Intrinsic, LocalId};
use crate::types::Type;

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

/// What is done to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    /// Its value is used, and gone if it is not `Copy`.
    Take,
    Write,
    Lend,
    LendMutably,
}

/// How an argument holds a place while those after it are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Hold {
    mutable: bool,
    /// Until the call begins, the place can still be read.
    two_phase: bool,
}

impl Checker<'_, '_> {
    /// Checks the arguments of a call, the receiver first, against each other.
    pub(super) fn check_borrows(&mut self, arguments: &[ExprId]) {
        for (position, argument) in arguments.iter().enumerate() {
            let later = arguments.get(position + 1..).unwrap_or(&[]);
            match self.body.expr(*argument).map(|expr| &expr.kind) {
                Some(ExprKind::Door(door)) => self.check_door_borrow(*door, later),
                Some(ExprKind::Borrow {
                    place,
                    mutable,
                    two_phase,
                }) => {
                    let hold = Hold {
                        mutable: *mutable,
                        two_phase: *two_phase,
                    };
                    self.check_place_borrow(*place, hold, later, "the call around");
                }
                _ => {}
            }
        }
    }

    /// Checks that what is computed later leaves alone a place that is lent as mutable already.
    pub(super) fn check_lent(&self, place: ExprId, later: &[ExprId]) {
        let hold = Hold {
            mutable: true,
            two_phase: false,
        };
        self.check_place_borrow(place, hold, later, "the call around");
    }

    /// Checks values that `around` takes by reference, one after the other.
    pub(super) fn check_shared_borrows(&self, values: &[ExprId], around: &str) {
        for (position, value) in values.iter().enumerate() {
            let later = values.get(position + 1..).unwrap_or(&[]);
            let hold = Hold {
                mutable: false,
                two_phase: false,
            };
            self.check_place_borrow(*value, hold, later, around);
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
                ..
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

    /// Calls `see` with every place that is used within an expression, the largest ones only.
    fn accesses(&self, id: ExprId, see: &mut dyn FnMut(ExprId, Access)) {
        let body = &self.body;
        let mut waiting = vec![id];
        while let Some(next) = waiting.pop() {
            let Some(expr) = body.expr(next) else {
                continue;
            };
            match &expr.kind {
                ExprKind::Borrow { place, mutable, .. } => {
                    let access = match mutable {
                        true => Access::LendMutably,
                        false => Access::Lend,
                    };
                    see(*place, access);
                    within(body, *place, &mut waiting);
                }
                ExprKind::Assign { place, value } | ExprKind::AssignBinary { place, value, .. } => {
                    see(*place, Access::Write);
                    within(body, *place, &mut waiting);
                    waiting.push(*value);
                }
                ExprKind::Intrinsic {
                    intrinsic: Intrinsic::Swap,
                    arguments,
                } => {
                    if let Some((array, indices)) = arguments.split_first() {
                        see(*array, Access::LendMutably);
                        within(body, *array, &mut waiting);
                        waiting.extend(indices);
                    }
                }
                ExprKind::Local(_)
                | ExprKind::Field { .. }
                | ExprKind::Index { .. }
                | ExprKind::Deref(_) => {
                    let access = match expr.taken && self.moves(next) {
                        true => Access::Take,
                        false => Access::Read,
                    };
                    see(next, access);
                    within(body, next, &mut waiting);
                }
                // What names in the patterns take is taken for all of it.
                ExprKind::Match { value, .. } | ExprKind::Let { value, .. }
                    if is_place(body, *value) && self.moves(*value) =>
                {
                    see(*value, Access::Take);
                    body.children(next, &mut |child| waiting.push(child));
                }
                _ => body.children(next, &mut |child| waiting.push(child)),
            }
        }
    }

    fn moves(&self, id: ExprId) -> bool {
        let ty = self.body.expr(id).map_or(&Type::Unknown, |expr| &expr.ty);
        let ty = self.inference.whole(ty).unwrap_or(Type::Unknown);
        !self.context.is_copy(&ty)
    }

    fn check_place_borrow(&self, place: ExprId, hold: Hold, later: &[ExprId], around: &str) {
        let body = &self.body;
        let mut worst: Option<(Access, Span)> = None;
        for id in later {
            let direct = match body.expr(*id).map(|expr| &expr.kind) {
                Some(ExprKind::Borrow { place, .. }) => Some(*place),
                _ => None,
            };
            self.accesses(*id, &mut |other, access| {
                let harmless = match access {
                    Access::Read => !hold.mutable || hold.two_phase,
                    // One that lasts no longer than the making of an argument.
                    Access::Lend => !hold.mutable || (hold.two_phase && direct != Some(other)),
                    _ => false,
                };
                if !harmless && worst.is_none() && overlap(body, place, other) {
                    let span = body.expr(other).map_or_else(Span::top, |expr| expr.span);
                    worst = Some((access, span));
                }
            });
        }
        let Some((access, span)) = worst else { return };
        let (code, message) = match (access, hold.mutable) {
            (Access::LendMutably, true) => (
                "E0499",
                "cannot borrow this as mutable more than once at a time".to_string(),
            ),
            (Access::LendMutably, false) => (
                "E0502",
                format!("cannot borrow this as mutable: {around} borrows it already"),
            ),
            (Access::Lend, _) => (
                "E0502",
                format!("cannot borrow this: {around} borrows it as mutable already"),
            ),
            (Access::Write, _) => (
                "E0506",
                format!("cannot assign to this: {around} borrows it"),
            ),
            (Access::Take, _) => (
                "E0505",
                format!("cannot move out of this: {around} borrows it"),
            ),
            (Access::Read, _) => (
                "E0503",
                format!("cannot use this: {around} borrows it as mutable already"),
            ),
        };
        let hint = "give the value a name with `let` first";
        self.report(Report::error(span, message).code(code).hint(hint));
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

/// Adds the expressions within a place, its indices, and what it begins with if that is no name.
fn within(body: &Body, place: ExprId, waiting: &mut Vec<ExprId>) {
    let mut at = place;
    loop {
        match body.expr(at).map(|expr| &expr.kind) {
            Some(ExprKind::Local(_)) | None => return,
            Some(ExprKind::Deref(base) | ExprKind::Field { base, .. }) => at = *base,
            Some(ExprKind::Index { base, index }) => {
                waiting.push(*index);
                at = *base;
            }
            Some(_) => return waiting.push(at),
        }
    }
}
