//! Loops.

use super::function::{Around, Destination, Emitter, Label};
use super::intrinsic::{Operands, WIDE};
use super::lent::owner;
use super::place::Place;
use crate::diagnostic::Span;
use crate::tree::{ExprId, ExprKind, Intrinsic, LoopId, Operator, Range};
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
        let end = self.begin_counting(range, counter);
        let step = range.step.map(|step| self.distance_of(step));
        let (start, again, after) = (self.label(), self.label(), self.label());
        let around = Around {
            after,
            again: Some(again),
            value: None,
        };
        self.around.insert(id, around);
        let empty = match (range.backwards, range.inclusive) {
            (false, true) => Operator::Greater,
            (false, false) => Operator::GreaterEqual,
            (true, true) => Operator::Less,
            (true, false) => Operator::LessEqual,
        };
        self.jump_counter(empty, ty, counter, end, after, at);
        if range.backwards && !range.inclusive {
            self.add_immediate(ty, counter, counter, -1, at);
        }
        self.place_label(start);
        let scope = self.open_scope();
        self.loop_variable(range, counter, at);
        self.effect(body);
        self.close_scope(scope);
        self.place_label(again);
        let forth = if range.backwards { -1 } else { 1 };
        if let Some(step) = step {
            self.stride(range, step, (counter, end), after, at);
            self.jump(start, at);
        } else if range.inclusive || range.backwards {
            // The last value may be the greatest or least of its type: it is not counted past.
            self.jump_counter(Operator::Equal, ty, counter, end, after, at);
            self.add_immediate(ty, counter, counter, forth, at);
            self.jump(start, at);
        } else {
            self.add_immediate(ty, counter, counter, forth, at);
            self.jump_counter(Operator::Less, ty, counter, end, start, at);
        }
        self.place_label(after);
    }

    /// Puts the end that is counted from into the counter. Gives the other one.
    fn begin_counting(&mut self, range: &Range, counter: u32) -> End {
        if range.backwards {
            let end = self.end_of(range.first, range);
            self.value_into(range.last, Destination::fresh(counter));
            return end;
        }
        self.value_into(range.first, Destination::fresh(counter));
        self.end_of(range.last, range)
    }

    fn end_of(&mut self, id: ExprId, range: &Range) -> End {
        let ty = self.ty(id);
        match self.constant_of(id) {
            Some(value) if range.step.is_none() && immediate(value, ty) => End::Constant(value),
            _ => End::Register(self.bound(id)),
        }
    }

    /// The distance of `.step_by(…)`, after a stop if it is zero.
    fn distance_of(&mut self, id: ExprId) -> End {
        let ty = self.ty(id);
        if let Some(value) = self.constant_of(id).filter(|value| immediate(*value, ty)) {
            return End::Constant(value);
        }
        let (step, at) = (self.bound(id), self.span(id));
        let some = self.label();
        self.jump_if(step, true, some, at);
        self.panic("assertion failed: step != 0", at);
        self.place_label(some);
        End::Register(step)
    }

    /// Counts a step further, or goes to `after` if what is left is less than that.
    fn stride(
        &mut self,
        range: &Range,
        step: End,
        (counter, end): (u32, End),
        after: Label,
        at: Span,
    ) {
        let End::Register(end) = end else { return };
        let ty = self.ty(range.first);
        let left = self.take(1);
        let (greater, less) = match range.backwards {
            true => (counter, end),
            false => (end, counter),
        };
        // The difference is not negative and fits 64 bits, whatever the type.
        let difference = Operands {
            out: left,
            left: greater,
            right: less,
            at,
        };
        self.wrap(Intrinsic::WrappingSub, difference);
        let ends = match range.backwards || range.inclusive {
            true => Operator::Less,
            false => Operator::LessEqual,
        };
        self.jump_counter(ends, &WIDE, left, step, after, at);
        match (step, range.backwards) {
            (End::Constant(value), false) => self.add_immediate(ty, counter, counter, value, at),
            (End::Constant(value), true) => self.add_immediate(ty, counter, counter, -value, at),
            (End::Register(right), backwards) => {
                let operation = match backwards {
                    true => Intrinsic::WrappingSub,
                    false => Intrinsic::WrappingAdd,
                };
                let next = Operands {
                    out: counter,
                    left: counter,
                    right,
                    at,
                };
                self.wrap(operation, next);
            }
        }
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
