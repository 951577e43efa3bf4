//! Loops.

use super::function::{Around, Destination, Emitter};
use crate::diagnostic::Span;
use crate::tree::{ExprId, ExprKind, LoopId, Operator, Range};
use crate::types::{Integer, Type};

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
            self.condition(condition, false, after);
            self.effect(body);
            self.jump(again, at);
        } else {
            self.jump(again, at);
            self.place_label(start);
            self.effect(body);
            self.place_label(again);
            self.condition(condition, true, start);
        }
        self.place_label(after);
    }

    pub(super) fn declares(&self, condition: ExprId) -> bool {
        self.body.any(condition, &mut |expr| {
            matches!(expr.kind, ExprKind::Let { .. })
        })
    }

    pub(super) fn for_loop(&mut self, id: LoopId, range: &Range, body: ExprId, at: Span) {
        let Some(ty) = self.body.expr(range.first).map(|expr| &expr.ty) else {
            return;
        };
        let counter = self.take(1);
        self.value_into(
            range.first,
            Destination {
                register: counter,
                fresh: true,
            },
        );
        let end = self.bound(range.last);
        let one = self.take(1);
        self.constant(one, 1, at);
        let variable = self.loop_variable(range, counter);
        let (start, test, step, after) = (self.label(), self.label(), self.label(), self.label());
        let around = Around {
            after,
            again: Some(step),
            value: None,
        };
        self.around.insert(id, around);
        let scratch = self.take(1);
        if range.inclusive {
            self.compare(Operator::LessEqual, ty, scratch, counter, end, at);
            self.jump_if(scratch, false, after, at);
        } else {
            self.jump(test, at);
        }
        self.place_label(start);
        if let Some(variable) = variable {
            self.copy_one(counter, variable, at);
        }
        self.effect(body);
        self.place_label(step);
        if range.inclusive {
            // The last value may be the greatest of its type: it is not counted past.
            self.compare(Operator::Equal, ty, scratch, counter, end, at);
            self.jump_if(scratch, true, after, at);
            self.count_on(ty, counter, one, at);
            self.jump(start, at);
        } else {
            self.count_on(ty, counter, one, at);
            self.place_label(test);
            self.compare(Operator::Less, ty, scratch, counter, end, at);
            self.jump_if(scratch, true, start, at);
        }
        self.place_label(after);
    }

    pub(super) fn count_on(&mut self, ty: &Type, counter: u32, one: u32, at: Span) {
        let ty = Type::Integer(ty.integer().unwrap_or(Integer::U64));
        self.arithmetic(Operator::Add, &ty, counter, counter, one, at);
    }

    /// The end of a range, in a register that the loop does not change.
    pub(super) fn bound(&mut self, id: ExprId) -> u32 {
        let before = self.top;
        let register = self.value(id);
        if register >= before {
            return register;
        }
        let mutable = self.local_of(id).and_then(|local| self.body.local(local));
        if mutable.is_some_and(|local| !local.mutable) {
            return register;
        }
        let copy = self.take(1);
        let at = self.span(id);
        self.copy_one(register, copy, at);
        copy
    }

    /// Gives the variable its register; one of its own if the body may change it.
    pub(super) fn loop_variable(&mut self, range: &Range, counter: u32) -> Option<u32> {
        let local = range.variable?;
        let mutable = self.body.local(local).is_some_and(|local| local.mutable);
        let register = if mutable { self.take(1) } else { counter };
        self.settle(local, register);
        mutable.then_some(register)
    }
}
