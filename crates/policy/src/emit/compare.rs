//! Comparisons that jump.

use exo_core::cpu::Instr;

use super::function::{Emitter, Label};
use crate::diagnostic::Span;
use crate::tree::{ExprId, Operator};
use crate::types::{Integer, Type};

/// The operator that holds where the other does not.
fn negated(operator: Operator) -> Operator {
    match operator {
        Operator::Equal => Operator::NotEqual,
        Operator::NotEqual => Operator::Equal,
        Operator::Less => Operator::GreaterEqual,
        Operator::LessEqual => Operator::Greater,
        Operator::Greater => Operator::LessEqual,
        Operator::GreaterEqual => Operator::Less,
        other => other,
    }
}

/// The operator that says the same of the sides exchanged.
fn exchanged(operator: Operator) -> Operator {
    match operator {
        Operator::Less => Operator::Greater,
        Operator::LessEqual => Operator::GreaterEqual,
        Operator::Greater => Operator::Less,
        Operator::GreaterEqual => Operator::LessEqual,
        other => other,
    }
}

impl Emitter<'_, '_> {
    /// Jumps if a comparison of two scalars gives `when`.
    pub(super) fn jump_compared(
        &mut self,
        operator: Operator,
        (left, right): (ExprId, ExprId),
        when: bool,
        label: Label,
        at: Span,
    ) {
        let top = self.top;
        let ty = self.ty(left);
        let operator = if when { operator } else { negated(operator) };
        match (self.constant_of(left), self.constant_of(right)) {
            (_, Some(value)) => {
                let a = self.value(left);
                self.jump_immediate(operator, ty, a, value, label, at);
            }
            (Some(value), None) => {
                let b = self.value(right);
                self.jump_immediate(exchanged(operator), ty, b, value, label, at);
            }
            (None, None) => {
                let a = self.operand(left, &[right]);
                let b = self.value(right);
                self.jump_registers(operator, ty, a, b, label, at);
            }
        }
        self.top = top;
    }

    /// Jumps if `register operator value`.
    pub(super) fn jump_immediate(
        &mut self,
        operator: Operator,
        ty: &Type,
        register: u32,
        value: i128,
        label: Label,
        at: Span,
    ) {
        let signed = ty.integer().is_some_and(Integer::signed);
        let left = self.name(register);
        let target = 0;
        let equal = i16::try_from(value).ok().filter(|_| signed || value >= 0);
        let below = |value: i128| u16::try_from(value).ok().filter(|_| !signed);
        let instr = match operator {
            Operator::Equal if value == 0 => Some(Instr::JumpIfNot { when: left, target }),
            Operator::NotEqual if value == 0 => Some(Instr::JumpIf { when: left, target }),
            Operator::Equal => equal.map(|value| Instr::JumpEqImmediate {
                left,
                value,
                target,
            }),
            Operator::NotEqual => equal.map(|value| Instr::JumpNeImmediate {
                left,
                value,
                target,
            }),
            Operator::Less => below(value).map(|value| Instr::JumpLtImmediateU {
                left,
                value,
                target,
            }),
            Operator::LessEqual => below(value + 1).map(|value| Instr::JumpLtImmediateU {
                left,
                value,
                target,
            }),
            Operator::Greater => below(value + 1).map(|value| Instr::JumpGeImmediateU {
                left,
                value,
                target,
            }),
            _ => below(value).map(|value| Instr::JumpGeImmediateU {
                left,
                value,
                target,
            }),
        };
        if let Some(instr) = instr {
            return self.jump_with(instr, label, at);
        }
        let top = self.top;
        let right = self.take(1);
        self.constant(right, value, at);
        self.jump_registers(operator, ty, register, right, label, at);
        self.top = top;
    }

    /// Jumps if `left operator right`.
    pub(super) fn jump_registers(
        &mut self,
        operator: Operator,
        ty: &Type,
        left: u32,
        right: u32,
        label: Label,
        at: Span,
    ) {
        let signed = ty.integer().is_some_and(Integer::signed);
        let (operator, left, right) = match operator {
            Operator::Greater | Operator::GreaterEqual => (exchanged(operator), right, left),
            other => (other, left, right),
        };
        let (left, right) = (self.name(left), self.name(right));
        let target = 0;
        let instr = match (operator, signed) {
            (Operator::Equal, _) => Instr::JumpEq {
                left,
                right,
                target,
            },
            (Operator::NotEqual, _) => Instr::JumpNe {
                left,
                right,
                target,
            },
            (Operator::Less, false) => Instr::JumpLtU {
                left,
                right,
                target,
            },
            (Operator::Less, true) => Instr::JumpLtS {
                left,
                right,
                target,
            },
            (_, false) => Instr::JumpLeU {
                left,
                right,
                target,
            },
            (_, true) => Instr::JumpLeS {
                left,
                right,
                target,
            },
        };
        self.jump_with(instr, label, at);
    }
}
