//! Operators, comparisons and casts.

use exo_core::cpu::Instr;

use super::function::{Destination, Emitter};
use super::place::Place;
use crate::diagnostic::Span;
use crate::tree::{ExprId, ExprKind, Operator};
use crate::types::{Integer, Type};

impl Emitter<'_, '_> {
    /// The value of a scalar that is known at compile time.
    pub(super) fn constant_of(&self, id: ExprId) -> Option<i128> {
        let expr = self.body.expr(id)?;
        match expr.kind {
            ExprKind::Literal(value) => Some(value),
            _ => expr.constant,
        }
    }

    pub(super) fn operation_into(&mut self, id: ExprId, to: u32, fresh: bool) {
        let Some(expr) = self.body.expr(id) else {
            return;
        };
        let at = expr.at;
        match &expr.kind {
            ExprKind::Negate(inner) => {
                let from = self.value(*inner);
                let bits = expr.ty.integer().map_or(64, Integer::bits);
                let (to, from) = (self.name(to), self.name(from));
                self.emit(Instr::Neg { to, from, bits }, at);
            }
            ExprKind::Not(inner) => {
                let from = self.value(*inner);
                let (to, from) = (self.name(to), self.name(from));
                let instr = match expr.ty.integer() {
                    None => Instr::NotBool { to, from },
                    Some(integer) if integer.signed() => Instr::NotS { to, from },
                    Some(integer) => Instr::NotU {
                        to,
                        from,
                        bits: integer.bits(),
                    },
                };
                self.emit(instr, at);
            }
            ExprKind::Binary {
                operator,
                left,
                right,
            } if operator.compares() => {
                self.comparison_into(*operator, (*left, *right), to, fresh, at);
            }
            ExprKind::Binary {
                operator,
                left,
                right,
            } => self.arithmetic_into(*operator, *left, *right, to, at),
            _ => {}
        }
    }

    fn arithmetic_into(
        &mut self,
        operator: Operator,
        left: ExprId,
        right: ExprId,
        to: u32,
        at: Span,
    ) {
        let ty = self.ty(left);
        let (mut left, mut right) = (left, right);
        // A constant stands on the right, where it may be part of the instruction.
        if operator == Operator::Add && self.constant_of(left).is_some() {
            (left, right) = (right, left);
        }
        let a = self.operand(left, &[right]);
        let b = match self.constant_of(right) {
            Some(_) => 0,
            None => self.value(right),
        };
        self.operate(operator, ty, to, a, (right, b), at);
    }

    /// `to = left operator right`, whose right side lies in a register unless it is constant.
    pub(super) fn operate(
        &mut self,
        operator: Operator,
        ty: &Type,
        to: u32,
        left: u32,
        (right, register): (ExprId, u32),
        at: Span,
    ) {
        let Some(value) = self.constant_of(right) else {
            return self.arithmetic(operator, ty, to, left, register, at);
        };
        let distance = match operator {
            Operator::Add => Some(value),
            Operator::Subtract => Some(-value),
            _ => None,
        };
        if let Some(distance) = distance.filter(|it| i32::try_from(*it).is_ok()) {
            return self.add_immediate(ty, to, left, distance, at);
        }
        if let Some(instr) = self.immediate(operator, ty, to, left, value) {
            return self.emit(instr, at);
        }
        let right_at = self.span(right);
        let register = self.take(1);
        self.constant(register, value, right_at);
        self.arithmetic(operator, ty, to, left, register, at);
    }

    fn comparison_into(
        &mut self,
        operator: Operator,
        (left, right): (ExprId, ExprId),
        to: u32,
        fresh: bool,
        at: Span,
    ) {
        let ty = self.ty(left);
        let equal = operator == Operator::Equal;
        match self.context.registers(ty) {
            Some(1) => {
                let a = self.operand(left, &[right]);
                let b = self.value(right);
                self.compare(operator, ty, to, a, b, at);
            }
            Some(size) => {
                let a = self.operand(left, &[right]);
                let b = self.value(right);
                self.compare_wide(equal, size, (to, fresh), (a, b), at);
            }
            None => {
                let places = (self.checked_place(left), self.checked_place(right));
                if let (Place::Memory(a), Place::Memory(b)) = places {
                    self.equal_bytes(ty, a, b, to, at);
                }
                if !equal {
                    let to = self.name(to);
                    self.emit(Instr::NotBool { to, from: to }, at);
                }
            }
        }
    }

    /// Compares values of several registers for equality, register by register.
    fn compare_wide(
        &mut self,
        equal: bool,
        size: u32,
        (to, fresh): (u32, bool),
        (a, b): (u32, u32),
        at: Span,
    ) {
        if size == 0 {
            return self.constant(to, i128::from(equal), at);
        }
        let done = self.label();
        let result = self.aside(1, to, fresh);
        let operator = match equal {
            true => Operator::Equal,
            false => Operator::NotEqual,
        };
        for slot in 0..size {
            self.compare(operator, &Type::Bool, result, a + slot, b + slot, at);
            if slot + 1 < size {
                self.jump_if(result, !equal, done, at);
            }
        }
        self.place_label(done);
        self.copy_one(result, to, at);
    }

    /// `to = left operator right` of one register each.
    pub(super) fn compare(
        &mut self,
        operator: Operator,
        ty: &Type,
        to: u32,
        left: u32,
        right: u32,
        at: Span,
    ) {
        let signed = ty.integer().is_some_and(Integer::signed);
        let (to, left, right) = (self.name(to), self.name(left), self.name(right));
        let instr = match (operator, signed) {
            (Operator::NotEqual, _) => Instr::Ne { to, left, right },
            (Operator::Less, false) => Instr::LtU { to, left, right },
            (Operator::LessEqual, false) => Instr::LeU { to, left, right },
            (Operator::Less, true) => Instr::LtS { to, left, right },
            (Operator::LessEqual, true) => Instr::LeS { to, left, right },
            (Operator::Greater | Operator::GreaterEqual, _) => {
                let (left, right) = (right, left);
                match (operator == Operator::Greater, signed) {
                    (true, false) => Instr::LtU { to, left, right },
                    (true, true) => Instr::LtS { to, left, right },
                    (false, false) => Instr::LeU { to, left, right },
                    (false, true) => Instr::LeS { to, left, right },
                }
            }
            _ => Instr::Eq { to, left, right },
        };
        self.emit(instr, at);
    }

    /// `to = left operator right` of integers or `bool`s.
    pub(super) fn arithmetic(
        &mut self,
        operator: Operator,
        ty: &Type,
        to: u32,
        left: u32,
        right: u32,
        at: Span,
    ) {
        let signed = ty.integer().is_some_and(Integer::signed);
        let bits = ty.integer().map_or(64, Integer::bits);
        let (to, left, right) = (self.name(to), self.name(left), self.name(right));
        let instr = match signed {
            true => signed_instr(operator, to, left, right, bits),
            false => unsigned_instr(operator, to, left, right, bits),
        };
        self.emit(instr, at);
    }

    /// Whether a cast leaves the register as it is.
    pub(super) fn cast_is_free(&self, inner: ExprId, ty: &Type) -> bool {
        let from = self.body.expr(inner).map(|expr| &expr.ty);
        match (from, ty) {
            (Some(Type::Bool | Type::Enum(_)), _) => true,
            (Some(Type::Integer(from)), Type::Integer(to)) => {
                (from.signed() == to.signed() && from.bits() <= to.bits())
                    || (!from.signed() && from.bits() < to.bits())
                    || from.bits() == 64 && to.bits() == 64
            }
            _ => false,
        }
    }

    pub(super) fn cast_into(&mut self, inner: ExprId, ty: &Type, to: Destination, at: Span) {
        if self.cast_is_free(inner, ty) {
            return self.value_into(inner, to);
        }
        let from = self.value(inner);
        let (Some(integer), Place::Register(to)) = (ty.integer(), to.place) else {
            return;
        };
        self.cast(integer, to, from, at);
    }

    /// `to = from as integer`.
    pub(super) fn cast(&mut self, integer: Integer, to: u32, from: u32, at: Span) {
        let (to, from, bits) = (self.name(to), self.name(from), integer.bits());
        let instr = match integer.signed() {
            true => Instr::CastS { to, from, bits },
            false => Instr::CastU { to, from, bits },
        };
        self.emit(instr, at);
    }
}

/// The instruction of an operator of unsigned integers or `bool`s.
fn unsigned_instr(operator: Operator, to: u8, left: u8, right: u8, bits: u8) -> Instr {
    match operator {
        Operator::Add => Instr::AddU {
            to,
            left,
            right,
            bits,
        },
        Operator::Subtract => Instr::SubU { to, left, right },
        Operator::Multiply => Instr::MulU {
            to,
            left,
            right,
            bits,
        },
        Operator::Divide => Instr::DivU { to, left, right },
        Operator::Remainder => Instr::RemU { to, left, right },
        Operator::ShiftLeft => Instr::ShlU {
            to,
            left,
            right,
            bits,
        },
        Operator::ShiftRight => Instr::ShrU {
            to,
            left,
            right,
            bits,
        },
        Operator::And => Instr::And { to, left, right },
        Operator::Or => Instr::Or { to, left, right },
        _ => Instr::Xor { to, left, right },
    }
}

/// The instruction of an operator of signed integers.
fn signed_instr(operator: Operator, to: u8, left: u8, right: u8, bits: u8) -> Instr {
    match operator {
        Operator::Add => Instr::AddS {
            to,
            left,
            right,
            bits,
        },
        Operator::Subtract => Instr::SubS {
            to,
            left,
            right,
            bits,
        },
        Operator::Multiply => Instr::MulS {
            to,
            left,
            right,
            bits,
        },
        Operator::Divide => Instr::DivS {
            to,
            left,
            right,
            bits,
        },
        Operator::Remainder => Instr::RemS {
            to,
            left,
            right,
            bits,
        },
        Operator::ShiftLeft => Instr::ShlS {
            to,
            left,
            right,
            bits,
        },
        Operator::ShiftRight => Instr::ShrS {
            to,
            left,
            right,
            bits,
        },
        Operator::And => Instr::And { to, left, right },
        Operator::Or => Instr::Or { to, left, right },
        _ => Instr::Xor { to, left, right },
    }
}
