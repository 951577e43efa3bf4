//! Divisions that round otherwise than `/`, and powers of two.

use exo_core::cpu::Instr;

use super::bounded::Power;
use super::function::Emitter;
use super::intrinsic::{Operands, WIDE};
use crate::tree::{Intrinsic, Operator};
use crate::types::{Integer, Type};

impl Emitter<'_, '_> {
    /// `div_ceil` of unsigned integers.
    pub(super) fn divide_up(&mut self, ty: &Type, operands: Operands) {
        let Operands {
            out,
            left,
            right,
            at,
        } = operands;
        let rest = self.take(1);
        let exact = self.label();
        self.arithmetic(Operator::Divide, ty, out, left, right, at);
        self.arithmetic(Operator::Remainder, ty, rest, left, right, at);
        self.jump_if(rest, false, exact, at);
        self.add_immediate(ty, out, out, 1, at);
        self.place_label(exact);
    }

    /// `rem_euclid`: a remainder that is not negative.
    pub(super) fn modulus(&mut self, integer: Integer, operands: Operands) {
        let Operands {
            out,
            left,
            right,
            at,
        } = operands;
        let ty = Type::Integer(integer);
        self.arithmetic(Operator::Remainder, &ty, out, left, right, at);
        if !integer.signed() {
            return;
        }
        let (add, done) = (self.label(), self.label());
        self.jump_immediate(Operator::GreaterEqual, &ty, out, 0, done, at);
        let towards = Operands {
            left: out,
            ..operands
        };
        self.jump_immediate(Operator::Greater, &ty, right, 0, add, at);
        self.wrap(Intrinsic::WrappingSub, towards);
        self.jump(done, at);
        self.place_label(add);
        self.wrap(Intrinsic::WrappingAdd, towards);
        self.place_label(done);
    }

    /// `div_euclid`: the quotient that leaves a remainder that is not negative.
    pub(super) fn quotient(&mut self, integer: Integer, operands: Operands) {
        let Operands {
            out,
            left,
            right,
            at,
        } = operands;
        let ty = Type::Integer(integer);
        self.arithmetic(Operator::Divide, &ty, out, left, right, at);
        if !integer.signed() {
            return;
        }
        let rest = self.take(1);
        let (down, done) = (self.label(), self.label());
        self.arithmetic(Operator::Remainder, &ty, rest, left, right, at);
        self.jump_immediate(Operator::GreaterEqual, &ty, rest, 0, done, at);
        self.jump_immediate(Operator::Greater, &ty, right, 0, down, at);
        self.add_immediate(&ty, out, out, 1, at);
        self.jump(done, at);
        self.place_label(down);
        self.add_immediate(&ty, out, out, -1, at);
        self.place_label(done);
    }

    /// One more than the ones below the highest bit of the number before.
    pub(super) fn next_power_of_two(&mut self, integer: Integer, operands: Operands) {
        let Operands { out, left, at, .. } = operands;
        let ty = Type::Integer(integer);
        let done = self.label();
        let zeros = self.take(1);
        self.constant(out, 1, at);
        self.jump_immediate(Operator::LessEqual, &ty, left, 1, done, at);
        self.add_immediate(&ty, zeros, left, -1, at);
        let (to, bits) = (self.name(zeros), integer.bits());
        self.emit(Instr::LeadingZeros { to, from: to, bits }, at);
        self.constant(out, integer.max(), at);
        self.arithmetic(Operator::ShiftRight, &ty, out, out, zeros, at);
        self.add_immediate(&ty, out, out, 1, at);
        self.place_label(done);
    }

    /// `ilog2`.
    pub(super) fn logarithm(&mut self, integer: Integer, operands: Operands) {
        let Operands { out, left, at, .. } = operands;
        let ty = Type::Integer(integer);
        let positive = self.label();
        self.jump_immediate(Operator::Greater, &ty, left, 0, positive, at);
        self.panic("argument of integer logarithm must be positive", at);
        self.place_label(positive);
        let zeros = self.take(1);
        let (to, from, bits) = (self.name(zeros), self.name(left), integer.bits());
        self.emit(Instr::LeadingZeros { to, from, bits }, at);
        self.constant(out, i128::from(bits - 1), at);
        self.arithmetic(Operator::Subtract, &WIDE, out, out, zeros, at);
    }

    /// `saturating_pow`: an odd power of a negative number lies beyond the least.
    pub(super) fn saturating_power(&mut self, integer: Integer, operands: Operands) {
        let Operands {
            out,
            left,
            right,
            at,
        } = operands;
        let (beyond, done) = (self.label(), self.label());
        self.power(integer, operands, Power::Gives(beyond));
        self.jump(done, at);
        self.place_label(beyond);
        self.constant(out, integer.max(), at);
        if integer.signed() {
            let ty = Type::Integer(integer);
            let odd = self.take(1);
            self.jump_immediate(Operator::GreaterEqual, &ty, left, 0, done, at);
            self.constant(odd, 1, at);
            self.arithmetic(Operator::And, &WIDE, odd, odd, right, at);
            self.jump_if(odd, false, done, at);
            self.constant(out, integer.min(), at);
        }
        self.place_label(done);
    }
}
