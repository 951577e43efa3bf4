//! Arithmetic that says whether it overflowed, or stops at the bound.

use super::function::{Emitter, Label};
use super::intrinsic::{Operands, WIDE};
use crate::diagnostic::Span;
use crate::tree::{Intrinsic, Operator};
use crate::types::{Integer, Type};

/// What is done to the operands, and whether an overflow gives the bound rather than nothing.
fn meaning(intrinsic: Intrinsic) -> Option<(Intrinsic, bool)> {
    Some(match intrinsic {
        Intrinsic::CheckedAdd => (Intrinsic::WrappingAdd, false),
        Intrinsic::CheckedSub => (Intrinsic::WrappingSub, false),
        Intrinsic::CheckedMul => (Intrinsic::WrappingMul, false),
        Intrinsic::SaturatingAdd => (Intrinsic::WrappingAdd, true),
        Intrinsic::SaturatingSub => (Intrinsic::WrappingSub, true),
        Intrinsic::SaturatingMul => (Intrinsic::WrappingMul, true),
        _ => return None,
    })
}

/// What a power does that is too large.
#[derive(Clone, Copy)]
pub(super) enum Power {
    Stops,
    Wraps,
    /// It gives nothing: it goes on there.
    Gives(Label),
}

impl Emitter<'_, '_> {
    /// `checked_…` and `saturating_…`.
    pub(super) fn bounded(&mut self, intrinsic: Intrinsic, integer: Integer, operands: Operands) {
        let Some((operation, saturates)) = meaning(intrinsic) else {
            return self.checked(intrinsic, integer, operands);
        };
        let at = operands.at;
        let out = operands.out + u32::from(!saturates);
        let fits = self.take(1);
        let operands_of = Operands { out, ..operands };
        match (integer.bits(), integer.signed()) {
            (64, false) => self.fits_unsigned(operation, operands_of, fits),
            (64, true) => self.fits_signed(operation, operands_of, fits),
            _ => {
                // Of 32 bits and fewer the exact result fits 64.
                let exact = self.take(1);
                self.wrap(
                    operation,
                    Operands {
                        out: exact,
                        ..operands
                    },
                );
                self.cast(integer, out, exact, at);
                self.compare(Operator::Equal, &WIDE, fits, exact, out, at);
            }
        }
        let done = self.label();
        if saturates {
            self.jump_if(fits, true, done, at);
            self.bound_into(operation, integer, operands_of);
        } else {
            self.copy_one(fits, operands.out, at);
            self.jump_if(fits, true, done, at);
            self.constant(out, 0, at);
        }
        self.place_label(done);
    }

    fn fits_unsigned(&mut self, operation: Intrinsic, operands: Operands, fits: u32) {
        let Operands {
            out,
            left,
            right,
            at,
        } = operands;
        self.wrap(operation, operands);
        match operation {
            Intrinsic::WrappingAdd => {
                self.compare(Operator::LessEqual, &WIDE, fits, left, out, at);
            }
            Intrinsic::WrappingSub => {
                self.compare(Operator::LessEqual, &WIDE, fits, right, left, at);
            }
            _ => self.divides_back(&WIDE, operands, fits),
        }
    }

    /// A product fits if it gives one factor back when it is divided by the other.
    fn divides_back(&mut self, ty: &Type, operands: Operands, fits: u32) {
        let Operands {
            out,
            left,
            right,
            at,
        } = operands;
        let done = self.label();
        let back = self.take(1);
        self.constant(fits, 1, at);
        self.jump_if(left, false, done, at);
        self.arithmetic(Operator::Divide, ty, back, out, left, at);
        self.compare(Operator::Equal, ty, fits, back, right, at);
        self.place_label(done);
    }

    fn fits_signed(&mut self, operation: Intrinsic, operands: Operands, fits: u32) {
        let Operands {
            out,
            left,
            right,
            at,
        } = operands;
        let signed = Type::Integer(Integer::I64);
        self.wrap(operation, operands);
        if operation == Intrinsic::WrappingMul {
            // `MIN * -1` is the one product whose division back would overflow itself.
            let (other, done) = (self.label(), self.label());
            self.jump_immediate(Operator::NotEqual, &signed, left, -1, other, at);
            self.constant(fits, Integer::I64.min(), at);
            self.compare(Operator::NotEqual, &signed, fits, right, fits, at);
            self.jump(done, at);
            self.place_label(other);
            self.divides_back(&signed, operands, fits);
            return self.place_label(done);
        }
        // The signs of the operands and of the result tell.
        let other = self.take(1);
        self.arithmetic(Operator::Xor, &WIDE, fits, left, out, at);
        let against = match operation {
            Intrinsic::WrappingAdd => out,
            _ => left,
        };
        self.arithmetic(Operator::Xor, &WIDE, other, right, against, at);
        self.arithmetic(Operator::And, &WIDE, fits, fits, other, at);
        self.constant(other, 0, at);
        self.compare(Operator::GreaterEqual, &signed, fits, fits, other, at);
    }

    /// The bound that a result lies beyond.
    fn bound_into(&mut self, operation: Intrinsic, integer: Integer, operands: Operands) {
        let Operands {
            out,
            left,
            right,
            at,
        } = operands;
        if !integer.signed() {
            let bound = match operation {
                Intrinsic::WrappingSub => 0,
                _ => integer.max(),
            };
            return self.constant(out, bound, at);
        }
        let signed = Type::Integer(Integer::I64);
        let done = self.label();
        let sign = self.take(2);
        let zero = sign + 1;
        self.constant(zero, 0, at);
        match operation {
            Intrinsic::WrappingMul => {
                self.arithmetic(Operator::Xor, &WIDE, sign, left, right, at);
            }
            _ => self.copy_one(right, sign, at),
        }
        let (below, above) = match operation {
            Intrinsic::WrappingSub => (integer.max(), integer.min()),
            _ => (integer.min(), integer.max()),
        };
        self.constant(out, below, at);
        self.jump_registers(Operator::Less, &signed, sign, zero, done, at);
        self.constant(out, above, at);
        self.place_label(done);
    }

    /// The other methods with `checked_…`.
    fn checked(&mut self, intrinsic: Intrinsic, integer: Integer, operands: Operands) {
        let (none, done) = (self.label(), self.label());
        let Operands {
            out,
            left,
            right,
            at,
        } = operands;
        let ty = Type::Integer(integer);
        let value = Operands {
            out: out + 1,
            ..operands
        };
        match intrinsic {
            Intrinsic::CheckedPow => self.power(integer, value, Power::Gives(none)),
            Intrinsic::CheckedNeg | Intrinsic::CheckedAbs => {
                match integer.signed() {
                    true => {
                        self.jump_immediate(Operator::Equal, &ty, left, integer.min(), none, at);
                    }
                    false => self.jump_if(left, true, none, at),
                }
                if intrinsic == Intrinsic::CheckedAbs {
                    self.magnitude(true, integer, value);
                } else {
                    self.constant(out + 1, 0, at);
                    self.arithmetic(Operator::Subtract, &ty, out + 1, out + 1, left, at);
                }
            }
            Intrinsic::CheckedShl | Intrinsic::CheckedShr => {
                let operator = match intrinsic {
                    Intrinsic::CheckedShl => Operator::ShiftLeft,
                    _ => Operator::ShiftRight,
                };
                let last = i128::from(integer.bits() - 1);
                self.jump_immediate(Operator::Greater, &WIDE, right, last, none, at);
                self.arithmetic(operator, &ty, out + 1, left, right, at);
            }
            _ => self.checked_division(intrinsic, integer, operands, none),
        }
        self.constant(out, 1, at);
        self.jump(done, at);
        self.place_label(none);
        self.zeros(out..out + 2, at);
        self.place_label(done);
    }

    fn checked_division(
        &mut self,
        intrinsic: Intrinsic,
        integer: Integer,
        operands: Operands,
        none: Label,
    ) {
        let operator = match intrinsic {
            Intrinsic::CheckedDiv => Operator::Divide,
            _ => Operator::Remainder,
        };
        let Operands {
            out,
            left,
            right,
            at,
        } = operands;
        let ty = Type::Integer(integer);
        self.jump_if(right, false, none, at);
        if integer.signed() {
            let fits = self.label();
            self.jump_immediate(Operator::NotEqual, &ty, right, -1, fits, at);
            self.jump_immediate(Operator::Equal, &ty, left, integer.min(), none, at);
            self.place_label(fits);
        }
        self.arithmetic(operator, &ty, out + 1, left, right, at);
    }

    /// `wrapping_div` and `wrapping_rem`: only a division by -1 overflows.
    pub(super) fn wrapping_division(
        &mut self,
        intrinsic: Intrinsic,
        integer: Integer,
        operands: Operands,
    ) {
        let Operands {
            out,
            left,
            right,
            at,
        } = operands;
        let ty = Type::Integer(integer);
        let operator = match intrinsic {
            Intrinsic::WrappingDiv => Operator::Divide,
            _ => Operator::Remainder,
        };
        if !integer.signed() {
            return self.arithmetic(operator, &ty, out, left, right, at);
        }
        let (other, done) = (self.label(), self.label());
        self.jump_immediate(Operator::NotEqual, &ty, right, -1, other, at);
        self.constant(out, 0, at);
        if operator == Operator::Divide {
            let negated = Operands {
                left: out,
                right: left,
                ..operands
            };
            self.wrap(Intrinsic::WrappingSub, negated);
            self.narrow(integer, out, at);
        }
        self.jump(done, at);
        self.place_label(other);
        self.arithmetic(operator, &ty, out, left, right, at);
        self.place_label(done);
    }

    /// `pow`, by squaring, as the standard library does it.
    pub(super) fn power(&mut self, integer: Integer, operands: Operands, power: Power) {
        let Operands {
            out,
            left,
            right,
            at,
        } = operands;
        let base = self.take(4);
        let (rest, one, odd) = (base + 1, base + 2, base + 3);
        let (again, even, done) = (self.label(), self.label(), self.label());
        self.copy_one(left, base, at);
        self.copy_one(right, rest, at);
        self.constant(one, 1, at);
        self.constant(out, 1, at);
        self.jump_if(rest, false, done, at);
        self.place_label(again);
        self.arithmetic(Operator::And, &WIDE, odd, rest, one, at);
        self.jump_if(odd, false, even, at);
        let factor = |out, right| Operands {
            out,
            left: out,
            right,
            at,
        };
        self.times(integer, factor(out, base), power);
        self.jump_immediate(Operator::Equal, &WIDE, rest, 1, done, at);
        self.place_label(even);
        self.arithmetic(Operator::ShiftRight, &WIDE, rest, rest, one, at);
        self.times(integer, factor(base, base), power);
        self.jump(again, at);
        self.place_label(done);
    }

    /// One product of a power.
    fn times(&mut self, integer: Integer, operands: Operands, power: Power) {
        let Operands {
            out,
            left,
            right,
            at,
        } = operands;
        match power {
            Power::Stops => {
                let ty = Type::Integer(integer);
                self.arithmetic(Operator::Multiply, &ty, out, left, right, at);
            }
            Power::Wraps => {
                self.wrap(Intrinsic::WrappingMul, operands);
                self.narrow(integer, out, at);
            }
            Power::Gives(none) => {
                let top = self.top;
                let product = self.take(2);
                let checked = Operands {
                    out: product,
                    ..operands
                };
                self.bounded(Intrinsic::CheckedMul, integer, checked);
                self.jump_if(product, false, none, at);
                self.copy_one(product + 1, out, at);
                self.top = top;
            }
        }
    }

    /// The value of `unwrap` or `expect`, after a stop if there is none.
    pub(super) fn unwrapped(
        &mut self,
        value: crate::tree::ExprId,
        message: &str,
        at: Span,
    ) -> super::place::Place {
        let whole = self.held(value);
        let ty = self.ty(value);
        let top = self.top;
        let tag = self.tag(whole, at);
        let found = self.label();
        self.jump_if(tag, matches!(ty, Type::Option(_)), found, at);
        self.panic(message, at);
        self.place_label(found);
        self.top = top;
        self.payload(whole, ty)
    }
}
