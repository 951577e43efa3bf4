//! Methods of the language's own types, as the instructions that they come to.

use exo_core::cpu::Instr;

use super::function::{Destination, Emitter};
use crate::diagnostic::Span;
use crate::tree::{ExprId, Intrinsic, Operator};
use crate::types::{Integer, Type};

const WIDE: Type = Type::Integer(Integer::U64);

impl Emitter<'_, '_> {
    pub(super) fn intrinsic_into(
        &mut self,
        intrinsic: Intrinsic,
        arguments: &[ExprId],
        result: &Type,
        to: Destination,
        at: Span,
    ) {
        let Some((first, rest)) = arguments.split_first() else {
            return;
        };
        let Some(ty) = self.body.expr(*first).map(|expr| &expr.ty) else {
            return;
        };
        let left = self.operand(*first, rest);
        let right = rest.first().map_or(left, |second| self.value(*second));
        if !matches!(ty, Type::Integer(_)) {
            return self.variant_method(intrinsic, rest, ty, result, (left, right), to, at);
        }
        let size = self.size(result, at);
        let out = self.take(size);
        match intrinsic {
            Intrinsic::Min | Intrinsic::Max => {
                let smaller = if intrinsic == Intrinsic::Min {
                    (left, right)
                } else {
                    (right, left)
                };
                self.choose(ty, out, (left, right), smaller, at);
            }
            Intrinsic::AbsDiff => self.distance(ty, out, left, right, at),
            Intrinsic::WrappingAdd | Intrinsic::WrappingSub | Intrinsic::WrappingMul => {
                self.wrapping(intrinsic, ty, out, left, right, at);
            }
            Intrinsic::SaturatingSub | Intrinsic::CheckedSub => {
                let option = intrinsic == Intrinsic::CheckedSub;
                self.bounded_sub(out, left, right, option, at);
            }
            Intrinsic::SaturatingAdd | Intrinsic::CheckedAdd => {
                let option = intrinsic == Intrinsic::CheckedAdd;
                self.bounded_add(ty, out, left, right, option, at);
            }
            Intrinsic::IsPowerOfTwo => self.power_of_two(out, left, at),
            _ => {}
        }
        self.copy(out, to.register, size, at);
    }

    /// `min` and `max`. Of equal values it does not matter which.
    fn choose(&mut self, ty: &Type, out: u32, order: (u32, u32), pick: (u32, u32), at: Span) {
        let (left, right) = order;
        let (if_less, if_not) = pick;
        let done = self.label();
        let test = self.take(1);
        self.compare(Operator::LessEqual, ty, test, left, right, at);
        self.copy_one(if_less, out, at);
        self.jump_if(test, true, done, at);
        self.copy_one(if_not, out, at);
        self.place_label(done);
    }

    fn distance(&mut self, ty: &Type, out: u32, left: u32, right: u32, at: Span) {
        let (mut a, mut b) = (left, right);
        if ty.integer().is_some_and(Integer::signed) {
            // With the sign bit turned, signed order is unsigned order.
            let turn = self.take(3);
            (a, b) = (turn + 1, turn + 2);
            self.constant(turn, 1 << 63, at);
            self.arithmetic(Operator::Xor, &WIDE, a, left, turn, at);
            self.arithmetic(Operator::Xor, &WIDE, b, right, turn, at);
        }
        let (less, done) = (self.label(), self.label());
        let test = self.take(1);
        self.compare(Operator::Less, &WIDE, test, a, b, at);
        self.jump_if(test, true, less, at);
        self.arithmetic(Operator::Subtract, &WIDE, out, a, b, at);
        self.jump(done, at);
        self.place_label(less);
        self.arithmetic(Operator::Subtract, &WIDE, out, b, a, at);
        self.place_label(done);
    }

    fn wrapping(
        &mut self,
        intrinsic: Intrinsic,
        ty: &Type,
        out: u32,
        left: u32,
        right: u32,
        at: Span,
    ) {
        let Some(integer) = ty.integer() else { return };
        if integer.bits() == 64 {
            return match intrinsic {
                Intrinsic::WrappingAdd => self.wide_add(out, left, right, at),
                Intrinsic::WrappingSub => self.wide_sub(out, left, right, at),
                _ => self.wide_mul(out, left, right, at),
            };
        }
        // Of 32 bits and fewer the exact result fits 64; signed, so that it may be negative.
        let exact = Type::Integer(Integer::I64);
        let (operator, ty) = match intrinsic {
            Intrinsic::WrappingAdd => (Operator::Add, &exact),
            Intrinsic::WrappingSub => (Operator::Subtract, &exact),
            _ if integer.signed() => (Operator::Multiply, &exact),
            _ => (Operator::Multiply, &WIDE),
        };
        self.arithmetic(operator, ty, out, left, right, at);
        let (to, bits) = (self.name(out), integer.bits());
        let instr = match integer.signed() {
            true => Instr::CastS { to, from: to, bits },
            false => Instr::CastU { to, from: to, bits },
        };
        self.emit(instr, at);
    }

    /// `out = !from` of 64 bits.
    fn invert(&mut self, out: u32, from: u32, at: Span) {
        let (to, from) = (self.name(out), self.name(from));
        self.emit(Instr::NotU { to, from, bits: 64 }, at);
    }

    /// 64-bit addition that drops the carry: `a + b`, or `b - !a - 1` where that would overflow.
    fn wide_add(&mut self, out: u32, left: u32, right: u32, at: Span) {
        let (fits, done) = (self.label(), self.label());
        let room = self.take(2);
        let test = room + 1;
        self.invert(room, left, at);
        self.compare(Operator::LessEqual, &WIDE, test, right, room, at);
        self.jump_if(test, true, fits, at);
        self.arithmetic(Operator::Subtract, &WIDE, room, right, room, at);
        self.constant(test, 1, at);
        self.arithmetic(Operator::Subtract, &WIDE, out, room, test, at);
        self.jump(done, at);
        self.place_label(fits);
        self.arithmetic(Operator::Add, &WIDE, out, left, right, at);
        self.place_label(done);
    }

    /// 64-bit subtraction that borrows from nowhere: `a - b`, or `!(b - a - 1)` where `a < b`.
    fn wide_sub(&mut self, out: u32, left: u32, right: u32, at: Span) {
        let (fits, done) = (self.label(), self.label());
        let test = self.take(2);
        let one = test + 1;
        self.compare(Operator::LessEqual, &WIDE, test, right, left, at);
        self.jump_if(test, true, fits, at);
        self.arithmetic(Operator::Subtract, &WIDE, test, right, left, at);
        self.constant(one, 1, at);
        self.arithmetic(Operator::Subtract, &WIDE, test, test, one, at);
        self.invert(out, test, at);
        self.jump(done, at);
        self.place_label(fits);
        self.arithmetic(Operator::Subtract, &WIDE, out, left, right, at);
        self.place_label(done);
    }

    /// 64-bit multiplication by halves of 32 bits, whose products fit.
    fn wide_mul(&mut self, out: u32, left: u32, right: u32, at: Span) {
        let half = self.take(6);
        let (a_low, a_high, b_low, b_high, scratch) =
            (half + 1, half + 2, half + 3, half + 4, half + 5);
        self.constant(half, 32, at);
        for (from, low, high) in [(left, a_low, a_high), (right, b_low, b_high)] {
            let (to, from_name) = (self.name(low), self.name(from));
            let instr = Instr::CastU {
                to,
                from: from_name,
                bits: 32,
            };
            self.emit(instr, at);
            self.arithmetic(Operator::ShiftRight, &WIDE, high, from, half, at);
        }
        self.arithmetic(Operator::Multiply, &WIDE, scratch, a_low, b_high, at);
        self.arithmetic(Operator::Multiply, &WIDE, a_high, a_high, b_low, at);
        self.arithmetic(Operator::ShiftLeft, &WIDE, scratch, scratch, half, at);
        self.arithmetic(Operator::ShiftLeft, &WIDE, a_high, a_high, half, at);
        self.arithmetic(Operator::Multiply, &WIDE, a_low, a_low, b_low, at);
        self.wide_add(a_high, scratch, a_high, at);
        self.wide_add(out, a_low, a_high, at);
    }

    /// `saturating_sub`, and `checked_sub` into tag and payload.
    fn bounded_sub(&mut self, out: u32, left: u32, right: u32, option: bool, at: Span) {
        let (fits, done) = (self.label(), self.label());
        let payload = out + u32::from(option);
        let test = self.take(1);
        self.compare(Operator::LessEqual, &WIDE, test, right, left, at);
        if option {
            self.copy_one(test, out, at);
        }
        self.jump_if(test, true, fits, at);
        self.constant(payload, 0, at);
        self.jump(done, at);
        self.place_label(fits);
        self.arithmetic(Operator::Subtract, &WIDE, payload, left, right, at);
        self.place_label(done);
    }

    /// `saturating_add`, and `checked_add` into tag and payload.
    fn bounded_add(&mut self, ty: &Type, out: u32, left: u32, right: u32, option: bool, at: Span) {
        let (fits, done) = (self.label(), self.label());
        let payload = out + u32::from(option);
        let greatest = ty.integer().map_or(0, Integer::max);
        let room = self.take(2);
        let test = room + 1;
        self.constant(room, greatest, at);
        self.arithmetic(Operator::Subtract, &WIDE, room, room, left, at);
        self.compare(Operator::LessEqual, &WIDE, test, right, room, at);
        if option {
            self.copy_one(test, out, at);
        }
        self.jump_if(test, true, fits, at);
        self.constant(payload, if option { 0 } else { greatest }, at);
        self.jump(done, at);
        self.place_label(fits);
        self.arithmetic(Operator::Add, ty, payload, left, right, at);
        self.place_label(done);
    }

    /// Not zero, and without its lowest bit nothing.
    fn power_of_two(&mut self, out: u32, value: u32, at: Span) {
        let done = self.label();
        let one = self.take(1);
        self.constant(one, 0, at);
        self.compare(Operator::NotEqual, &WIDE, out, value, one, at);
        self.jump_if(out, false, done, at);
        self.constant(one, 1, at);
        self.arithmetic(Operator::Subtract, &WIDE, one, value, one, at);
        self.arithmetic(Operator::And, &WIDE, one, value, one, at);
        let (to, from) = (self.name(out), self.name(one));
        self.constant(out, 0, at);
        self.emit(
            Instr::Eq {
                to,
                left: from,
                right: to,
            },
            at,
        );
        self.place_label(done);
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "both operands and where they came from"
    )]
    fn variant_method(
        &mut self,
        intrinsic: Intrinsic,
        rest: &[ExprId],
        ty: &Type,
        result: &Type,
        (left, right): (u32, u32),
        to: Destination,
        at: Span,
    ) {
        let size = self.size(result, at);
        let payload = left.saturating_add(1);
        match intrinsic {
            Intrinsic::Tag => self.copy_one(left, to.register, at),
            Intrinsic::NoTag => {
                let (to, from) = (self.name(to.register), self.name(left));
                self.emit(Instr::NotBool { to, from }, at);
            }
            Intrinsic::SomeOr | Intrinsic::OkOr => {
                let (keep, done) = (self.label(), self.label());
                self.jump_if(left, intrinsic == Intrinsic::SomeOr, keep, at);
                self.copy(right, to.register, size, at);
                self.jump(done, at);
                self.place_label(keep);
                self.copy(payload, to.register, size, at);
                self.place_label(done);
            }
            Intrinsic::Ok => {
                let out = self.take(size);
                let (none, done) = (self.label(), self.label());
                self.jump_if(left, true, none, at);
                self.copy(payload, out + 1, size.saturating_sub(1), at);
                self.constant(out, 1, at);
                self.jump(done, at);
                self.place_label(none);
                (0..size).for_each(|slot| self.constant(out + slot, 0, at));
                self.place_label(done);
                self.copy(out, to.register, size, at);
            }
            Intrinsic::SomeOrErr => {
                let error = rest.first().map_or(0, |error| self.size_of(*error));
                let value = match ty {
                    Type::Option(value) => self.size(value, at),
                    _ => 0,
                };
                let out = self.take(size);
                let (some, done) = (self.label(), self.label());
                (0..size).for_each(|slot| self.constant(out + slot, 0, at));
                self.jump_if(left, true, some, at);
                self.constant(out, 1, at);
                self.copy(right, out + 1, error, at);
                self.jump(done, at);
                self.place_label(some);
                self.copy(payload, out + 1, value, at);
                self.place_label(done);
                self.copy(out, to.register, size, at);
            }
            _ => {}
        }
    }
}
