//! Patterns: tests and names.

use super::function::{Emitter, Label};
use super::lent::{names_memory, owner};
use super::place::Place;
use crate::diagnostic::Span;
use crate::tree::{ExprId, ExprKind, LocalId, Operator, Pattern, PatternKind};
use crate::types::Type;

/// A value that is matched.
#[derive(Clone, Copy, Debug)]
pub(super) struct Matched {
    pub(super) place: Place,
    /// Nothing changes what lies there, so that names can stand for them.
    pub(super) lasting: bool,
    /// The place is the match's own: even a `mut` name can stand for them.
    pub(super) own: bool,
}

impl Emitter<'_, '_> {
    /// Makes the value of a `match` or `let`.
    pub(super) fn matched(&mut self, id: ExprId) -> Matched {
        let before = self.top;
        let place = self.held(id);
        let own = match place {
            Place::Register(register) => register >= before,
            Place::Memory(spot) => {
                let kind = self.body.expr(id).map(|expr| &expr.kind);
                self.in_frame(spot) && kind.is_some_and(is_made)
            }
        };
        let mutable = owner(self.body, self.bare(id))
            .and_then(|local| self.body.local(local))
            .is_some_and(|local| local.mutable);
        Matched {
            place,
            lasting: own || !mutable,
            own,
        }
    }

    /// An expression without the casts and renamings that leave its register as it is.
    fn bare(&self, id: ExprId) -> ExprId {
        let mut at = id;
        while let Some(ExprKind::Rename(inner) | ExprKind::Cast(inner) | ExprKind::Try(inner)) =
            self.body.expr(at).map(|expr| &expr.kind)
        {
            at = *inner;
        }
        at
    }

    /// Jumps to `otherwise` unless a value matches; without a label it is known to.
    pub(super) fn test(
        &mut self,
        pattern: &Pattern,
        place: Place,
        otherwise: Option<Label>,
        at: Span,
    ) {
        let Some(otherwise) = otherwise else { return };
        let top = self.top;
        match &pattern.kind {
            PatternKind::Wild | PatternKind::Binding(_) => {}
            PatternKind::Range(first, last) => {
                let register = match place {
                    Place::Register(register) => register,
                    Place::Memory(spot) => {
                        let register = self.take(1);
                        self.load(&pattern.ty, spot, register, at);
                        register
                    }
                };
                self.test_range(&pattern.ty, (*first, *last), register, otherwise, at);
            }
            PatternKind::Variant { index, payload } => {
                let tag = self.tag(place, at);
                self.jump_if(tag, *index == 0, otherwise, at);
                if let Some(payload) = payload {
                    let inner = self.payload(place, &pattern.ty);
                    self.test(payload, inner, Some(otherwise), at);
                }
            }
            PatternKind::Or(cases) => {
                let found = self.label();
                for (position, case) in cases.iter().enumerate() {
                    if position + 1 == cases.len() {
                        self.test(case, place, Some(otherwise), at);
                    } else {
                        let next = self.label();
                        self.test(case, place, Some(next), at);
                        self.jump(found, at);
                        self.place_label(next);
                    }
                }
                self.place_label(found);
            }
        }
        self.top = top;
    }

    fn test_range(
        &mut self,
        ty: &Type,
        (first, last): (i128, i128),
        register: u32,
        otherwise: Label,
        at: Span,
    ) {
        let (least, greatest) = match ty {
            Type::Integer(integer) => (integer.min(), integer.max()),
            Type::Bool => (0, 1),
            _ => (0, i128::MAX),
        };
        let mut test = |operator, bound| {
            self.jump_immediate(operator, ty, register, bound, otherwise, at);
        };
        if first == last {
            return test(Operator::NotEqual, first);
        }
        if first > least {
            test(Operator::Less, first);
        }
        if last < greatest {
            test(Operator::Greater, last);
        }
    }

    /// Gives the names in a pattern their places.
    pub(super) fn bind(&mut self, pattern: &Pattern, matched: Matched, at: Span) {
        match &pattern.kind {
            PatternKind::Binding(local) => self.bind_name(*local, matched, at),
            PatternKind::Variant {
                payload: Some(payload),
                ..
            } => {
                let place = self.payload(matched.place, &pattern.ty);
                self.bind(payload, Matched { place, ..matched }, at);
            }
            _ => {}
        }
    }

    fn bind_name(&mut self, local: LocalId, matched: Matched, at: Span) {
        let Some(declared) = self.body.local(local) else {
            return;
        };
        let in_memory = self.lies_in_memory(local);
        let shares = match matched.place {
            Place::Register(_) => {
                !in_memory && (matched.own || (matched.lasting && !declared.mutable))
            }
            Place::Memory(_) => in_memory && matched.own,
        };
        if shares {
            self.settle(local, matched.place);
            return;
        }
        let place = match in_memory {
            true => Place::Memory(self.slot(&declared.ty, declared.span)),
            false => Place::Register(self.take(self.size(&declared.ty))),
        };
        self.copy_place(&declared.ty, matched.place, place, at);
        self.settle(local, place);
    }

    /// Whether a local lies in memory: it is lent, or registers cannot hold it.
    pub(super) fn lies_in_memory(&self, local: LocalId) -> bool {
        let declared = self.body.local(local);
        self.is_lent(local) || declared.is_some_and(|declared| self.in_memory(&declared.ty))
    }
}

/// Whether an expression makes a value that nothing else names.
fn is_made(kind: &ExprKind) -> bool {
    let found = matches!(kind, ExprKind::Try(_) | ExprKind::Unwrap { .. });
    !found && !names_memory(kind)
}
