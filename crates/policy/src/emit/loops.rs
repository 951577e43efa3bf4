//! Loops.

use super::function::{Around, Destination, Emitter, Label};
use super::lent::owner;
use super::place::Place;
use crate::diagnostic::Span;
use crate::tree::{ExprId, ExprKind, LoopId, Operator, Range};
use crate::types::Type;

impl Emitter<'_, '_> {
    pub(super) fn endless(&mut self, id: LoopId, body: ExprId, to: Destination, at: Span) {
        let (again, after) = (self.label(), self.label());
        let around = Around {
            after,
            again: Some(again),
            value: Some(to),
        };
        self.around.insert(id, around);
        self.place_label(again);
        self.effect(body);
        self.jump(again, at);
        self.place_label(after);
    }

    /// The condition stands behind the body, so that a round takes one jump.
    pub(super) fn while_loop(&mut self, id: LoopId, condition: ExprId, body: ExprId, at: Span) {
        let (start, again, after) = (self.label(), self.label(), self.label());
        let around = Around {
            after,
            again: Some(again),
            value: None,
        };
        self.around.insert(id, around);
        if self.declares(condition) {
            // Its names are those of the body, so it has to come first.
            self.place_label(again);
            let scope = self.open_scope();
            self.condition(condition, false, after);
            self.effect(body);
            self.close_scope(scope);
            self.jump(again, at);
        } else {
            match self.is_short(condition) {
                true => self.condition(condition, false, after),
                false => self.jump(again, at),
            }
            self.place_label(start);
            self.effect(body);
            self.place_label(again);
            self.condition(condition, true, start);
        }
        self.place_label(after);
    }

    /// Whether a condition is little code, that may as well stand twice.
    fn is_short(&self, condition: ExprId) -> bool {
        let mut parts = 0;
        !self.body.any(condition, &mut |expr| {
            parts += 1;
            let plain = matches!(
                expr.kind,
                ExprKind::Local(_)
                    | ExprKind::Literal(_)
                    | ExprKind::Field { .. }
                    | ExprKind::Binary { .. }
                    | ExprKind::Cast(_)
                    | ExprKind::Not(_)
            );
            !plain || parts > 6
        })
    }

    fn declares(&self, condition: ExprId) -> bool {
        self.body.any(condition, &mut |expr| {
            matches!(expr.kind, ExprKind::Let { .. })
        })
    }

    pub(super) fn for_loop(&mut self, id: LoopId, range: &Range, body: ExprId, at: Span) {
        let ty = self.ty(range.first);
        let counter = self.take(1);
        self.value_into(range.first, Destination::fresh(counter));
        let end = match self.constant_of(range.last) {
            Some(value) if immediate(value, ty) => End::Constant(value),
            _ => End::Register(self.bound(range.last)),
        };
        let (start, step, after) = (self.label(), self.label(), self.label());
        let around = Around {
            after,
            again: Some(step),
            value: None,
        };
        self.around.insert(id, around);
        let empty = match range.inclusive {
            true => Operator::Greater,
            false => Operator::GreaterEqual,
        };
        self.jump_counter(empty, ty, counter, end, after, at);
        self.place_label(start);
        let scope = self.open_scope();
        self.loop_variable(range, counter, at);
        self.effect(body);
        self.close_scope(scope);
        self.place_label(step);
        if range.inclusive {
            // The last value may be the greatest of its type: it is not counted past.
            self.jump_counter(Operator::Equal, ty, counter, end, after, at);
            self.add_immediate(ty, counter, counter, 1, at);
            self.jump(start, at);
        } else {
            self.add_immediate(ty, counter, counter, 1, at);
            self.jump_counter(Operator::Less, ty, counter, end, start, at);
        }
        self.place_label(after);
    }

    fn jump_counter(
        &mut self,
        operator: Operator,
        ty: &Type,
        counter: u32,
        end: End,
        label: Label,
        at: Span,
    ) {
        match end {
            End::Constant(value) => {
                self.jump_immediate(operator, ty, counter, value, label, at);
            }
            End::Register(end) => self.jump_registers(operator, ty, counter, end, label, at),
        }
    }

    /// The end of a range, in a register that the loop does not change.
    fn bound(&mut self, id: ExprId) -> u32 {
        let before = self.top;
        let register = self.value(id);
        if register >= before {
            return register;
        }
        let mutable = owner(self.body, id).and_then(|local| self.body.local(local));
        if mutable.is_some_and(|local| !local.mutable) {
            return register;
        }
        let copy = self.take(1);
        let at = self.span(id);
        self.copy_one(register, copy, at);
        copy
    }

    /// Gives the variable its place; one of its own if the body may change it.
    fn loop_variable(&mut self, range: &Range, counter: u32, at: Span) {
        let Some(local) = range.variable else { return };
        let Some(declared) = self.body.local(local) else {
            return;
        };
        let place = if self.is_lent(local) {
            Place::Memory(self.slot(&declared.ty, at))
        } else if declared.mutable {
            Place::Register(self.take(1))
        } else {
            Place::Register(counter)
        };
        self.copy_place(&declared.ty, Place::Register(counter), place, at);
        self.settle(local, place);
    }
}

/// The end of a range.
#[derive(Clone, Copy)]
enum End {
    Register(u32),
    Constant(i128),
}

/// Whether every comparison with a constant that a loop makes is one instruction.
fn immediate(value: i128, ty: &Type) -> bool {
    let unsigned = ty.integer().is_some_and(|integer| !integer.signed());
    unsigned && (1..i128::from(i16::MAX)).contains(&value)
}
