//! Methods of integers and arrays, as the instructions that they come to.

use exo_core::cpu::Instr;

use super::bounded::Power;
use super::function::{Destination, Emitter};
use super::place::Place;
use crate::diagnostic::Span;
use crate::tree::{ExprId, Intrinsic, Operator};
use crate::types::{Integer, Type};

/// Any value as 64 bits.
pub(super) const WIDE: Type = Type::Integer(Integer::U64);

/// Two operands, and where their result goes.
#[derive(Clone, Copy)]
pub(super) struct Operands {
    pub(super) out: u32,
    pub(super) left: u32,
    pub(super) right: u32,
    pub(super) at: Span,
}

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
        if intrinsic == Intrinsic::Swap {
            return self.swap(*first, rest, at);
        }
        let ty = self.ty(*first);
        let Some(integer) = ty.integer() else {
            return self.variant_method(intrinsic, *first, rest, result, to, at);
        };
        let left = self.operand(*first, rest);
        let right = match rest {
            [] => left,
            [second] => self.value(*second),
            [second, ..] => self.operand(*second, rest),
        };
        let third = rest.get(1).map(|third| self.value(*third));
        let size = self.size(result);
        let out = self.take(size);
        let operands = Operands {
            out,
            left,
            right,
            at,
        };
        match third {
            Some(greatest) => self.clamp(ty, operands, greatest),
            None => self.integer_method(intrinsic, integer, operands),
        }
        if let Place::Register(to) = to.place {
            self.copy(out, to, size, at);
        }
    }

    fn integer_method(&mut self, intrinsic: Intrinsic, integer: Integer, operands: Operands) {
        let Operands {
            out,
            left,
            right,
            at,
        } = operands;
        let ty = Type::Integer(integer);
        match intrinsic {
            Intrinsic::Min => self.choose(&ty, out, (left, right), (left, right), at),
            Intrinsic::Max => self.choose(&ty, out, (left, right), (right, left), at),
            Intrinsic::AbsDiff => self.distance(&ty, operands),
            Intrinsic::DivCeil => self.divide_up(&ty, operands),
            Intrinsic::DivEuclid => self.quotient(integer, operands),
            Intrinsic::RemEuclid => self.modulus(integer, operands),
            Intrinsic::NextPowerOfTwo => self.next_power_of_two(integer, operands),
            Intrinsic::Ilog2 => self.logarithm(integer, operands),
            Intrinsic::SaturatingPow => self.saturating_power(integer, operands),
            Intrinsic::Pow => self.power(integer, operands, Power::Stops),
            Intrinsic::WrappingPow => self.power(integer, operands, Power::Wraps),
            Intrinsic::WrappingAdd | Intrinsic::WrappingSub | Intrinsic::WrappingMul => {
                self.wrap(intrinsic, operands);
                self.narrow(integer, out, at);
            }
            Intrinsic::WrappingNeg => {
                self.constant(out, 0, at);
                let (left, right) = (out, left);
                self.wrap(
                    Intrinsic::WrappingSub,
                    Operands {
                        left,
                        right,
                        ..operands
                    },
                );
                self.narrow(integer, out, at);
            }
            Intrinsic::WrappingShl => self.shift_within(Operator::ShiftLeft, integer, operands),
            Intrinsic::WrappingShr => self.shift_within(Operator::ShiftRight, integer, operands),
            Intrinsic::RotateLeft | Intrinsic::RotateRight => {
                self.rotate(intrinsic == Intrinsic::RotateLeft, integer, operands);
            }
            Intrinsic::LeadingZeros
            | Intrinsic::TrailingZeros
            | Intrinsic::CountOnes
            | Intrinsic::CountZeros
            | Intrinsic::IsPowerOfTwo => self.count_bits(intrinsic, integer, operands),
            Intrinsic::Abs | Intrinsic::UnsignedAbs => {
                self.magnitude(intrinsic == Intrinsic::Abs, integer, operands);
            }
            Intrinsic::WrappingAbs => {
                self.magnitude(false, integer, operands);
                self.narrow(integer, out, at);
            }
            Intrinsic::WrappingDiv | Intrinsic::WrappingRem => {
                self.wrapping_division(intrinsic, integer, operands);
            }
            Intrinsic::Signum => self.sign(operands),
            Intrinsic::IsNegative | Intrinsic::IsPositive => {
                self.constant(out, 0, at);
                let (left, right) = match intrinsic {
                    Intrinsic::IsNegative => (left, out),
                    _ => (out, left),
                };
                self.compare(Operator::Less, &ty, out, left, right, at);
            }
            _ => self.bounded(intrinsic, integer, operands),
        }
    }

    /// `min` and `max`. Of equal values it does not matter which.
    fn choose(&mut self, ty: &Type, out: u32, order: (u32, u32), pick: (u32, u32), at: Span) {
        let (left, right) = order;
        let (if_less, if_not) = pick;
        let done = self.label();
        self.copy_one(if_less, out, at);
        self.jump_registers(Operator::LessEqual, ty, left, right, done, at);
        self.copy_one(if_not, out, at);
        self.place_label(done);
    }

    fn clamp(&mut self, ty: &Type, operands: Operands, greatest: u32) {
        let Operands {
            out,
            left,
            right: least,
            at,
        } = operands;
        let ordered = self.label();
        self.jump_registers(Operator::LessEqual, ty, least, greatest, ordered, at);
        self.panic("assertion failed: min <= max", at);
        self.place_label(ordered);
        self.choose(ty, out, (left, least), (least, left), at);
        self.choose(ty, out, (out, greatest), (out, greatest), at);
    }

    fn distance(&mut self, ty: &Type, operands: Operands) {
        let Operands {
            out,
            left,
            right,
            at,
        } = operands;
        let (less, done) = (self.label(), self.label());
        self.jump_registers(Operator::Less, ty, left, right, less, at);
        self.wrap(Intrinsic::WrappingSub, operands);
        self.jump(done, at);
        self.place_label(less);
        let (left, right) = (right, left);
        self.wrap(
            Intrinsic::WrappingSub,
            Operands {
                out,
                left,
                right,
                at,
            },
        );
        self.place_label(done);
    }

    /// The operation modulo 2^64.
    pub(super) fn wrap(&mut self, intrinsic: Intrinsic, operands: Operands) {
        let (to, left) = (self.name(operands.out), self.name(operands.left));
        let right = self.name(operands.right);
        let instr = match intrinsic {
            Intrinsic::WrappingAdd => Instr::WrapAdd { to, left, right },
            Intrinsic::WrappingSub => Instr::WrapSub { to, left, right },
            _ => Instr::WrapMul { to, left, right },
        };
        self.emit(instr, operands.at);
    }

    /// Keeps the low bits of a value.
    pub(super) fn narrow(&mut self, integer: Integer, register: u32, at: Span) {
        if integer.bits() < 64 {
            self.cast(integer, register, register, at);
        }
    }

    /// A shift by the distance modulo the width.
    fn shift_within(&mut self, operator: Operator, integer: Integer, operands: Operands) {
        let Operands {
            out,
            left,
            right,
            at,
        } = operands;
        let distance = self.take(1);
        self.constant(distance, i128::from(integer.bits() - 1), at);
        self.arithmetic(Operator::And, &WIDE, distance, right, distance, at);
        self.arithmetic(operator, &Type::Integer(integer), out, left, distance, at);
    }

    fn rotate(&mut self, to_the_left: bool, integer: Integer, operands: Operands) {
        let Operands {
            out,
            left,
            right,
            at,
        } = operands;
        let unsigned = integer.unsigned();
        let value = self.take(3);
        let (back, moved) = (value + 1, value + 2);
        self.cast(unsigned, value, left, at);
        let (one, other) = match to_the_left {
            true => (Operator::ShiftLeft, Operator::ShiftRight),
            false => (Operator::ShiftRight, Operator::ShiftLeft),
        };
        let operands = |out, right| Operands {
            out,
            left: value,
            right,
            at,
        };
        self.constant(back, 0, at);
        let negated = Operands {
            out: back,
            left: back,
            right,
            at,
        };
        self.wrap(Intrinsic::WrappingSub, negated);
        self.shift_within(one, unsigned, operands(moved, right));
        self.shift_within(other, unsigned, operands(back, back));
        self.arithmetic(Operator::Or, &WIDE, out, moved, back, at);
        if integer.signed() {
            self.cast(integer, out, out, at);
        }
    }

    fn count_bits(&mut self, intrinsic: Intrinsic, integer: Integer, operands: Operands) {
        let (to, bits) = (self.name(operands.out), integer.bits());
        let (mut from, at) = (self.name(operands.left), operands.at);
        if intrinsic == Intrinsic::CountZeros {
            self.emit(Instr::NotU { to, from, bits }, at);
            from = to;
        }
        let instr = match intrinsic {
            Intrinsic::LeadingZeros => Instr::LeadingZeros { to, from, bits },
            Intrinsic::TrailingZeros => Instr::TrailingZeros { to, from, bits },
            _ => Instr::CountOnes { to, from, bits },
        };
        self.emit(instr, at);
        if intrinsic == Intrinsic::IsPowerOfTwo {
            let one = self.take(1);
            self.constant(one, 1, at);
            self.compare(Operator::Equal, &WIDE, operands.out, operands.out, one, at);
        }
    }

    pub(super) fn magnitude(&mut self, checked: bool, integer: Integer, operands: Operands) {
        let Operands { out, left, at, .. } = operands;
        let done = self.label();
        self.copy_one(left, out, at);
        let ty = Type::Integer(integer);
        self.jump_immediate(Operator::GreaterEqual, &ty, left, 0, done, at);
        let (to, from, bits) = (self.name(out), self.name(left), integer.bits());
        if checked {
            self.emit(Instr::Neg { to, from, bits }, at);
        } else {
            self.constant(out, 0, at);
            let operands = Operands {
                out,
                left: out,
                right: left,
                at,
            };
            self.wrap(Intrinsic::WrappingSub, operands);
        }
        self.place_label(done);
    }

    fn sign(&mut self, operands: Operands) {
        let Operands { out, left, at, .. } = operands;
        let signed = Type::Integer(Integer::I64);
        let done = self.label();
        let zero = self.take(1);
        self.constant(zero, 0, at);
        self.constant(out, -1, at);
        self.jump_registers(Operator::Less, &signed, left, zero, done, at);
        self.compare(Operator::Less, &signed, out, zero, left, at);
        self.place_label(done);
    }

    /// `array.swap(a, b)`.
    fn swap(&mut self, array: ExprId, indices: &[ExprId], at: Span) {
        let Type::Array(element, length) = self.ty(array).peeled() else {
            return;
        };
        let (Place::Memory(spot), [first, second]) = (self.checked_place(array), indices) else {
            return;
        };
        let a = self.operand(*first, &[*second]);
        let b = self.value(*second);
        let a = self.element_at(spot, (element, *length), a, at);
        let b = self.element_at(spot, (element, *length), b, at);
        let (a, b) = (Place::Memory(a), Place::Memory(b));
        if self.in_memory(element) {
            let kept = Place::Memory(self.slot(element, at));
            self.copy_place(element, a, kept, at);
            self.copy_place(element, b, a, at);
            return self.copy_place(element, kept, b, at);
        }
        let size = self.size(element);
        let (x, y) = (self.take(size), self.take(size));
        self.copy_place(element, a, Place::Register(x), at);
        self.copy_place(element, b, Place::Register(y), at);
        self.copy_place(element, Place::Register(y), a, at);
        self.copy_place(element, Place::Register(x), b, at);
    }
}
