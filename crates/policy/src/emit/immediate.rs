//! Operators whose right side is known beforehand, and part of the instruction.

use exo_core::cpu::Instr;

use super::function::Emitter;
use crate::diagnostic::Span;
use crate::tree::Operator;
use crate::types::{Integer, Type};

impl Emitter<'_, '_> {
    /// The instruction of an unsigned operator whose right side is part of it.
    pub(super) fn immediate(
        &mut self,
        operator: Operator,
        ty: &Type,
        to: u32,
        left: u32,
        value: i128,
    ) -> Option<Instr> {
        let value = u32::try_from(value).ok()?;
        if ty.integer().is_none_or(Integer::signed) {
            return None;
        }
        let (to, left) = (self.name(to), self.name(left));
        match operator {
            Operator::Divide => Some(Instr::DivImmediateU { to, left, value }),
            Operator::Remainder => Some(Instr::RemImmediateU { to, left, value }),
            Operator::And => Some(Instr::AndImmediate { to, left, value }),
            _ => None,
        }
    }

    /// `to = left + distance`, checked.
    pub(super) fn add_immediate(
        &mut self,
        ty: &Type,
        to: u32,
        left: u32,
        distance: i128,
        at: Span,
    ) {
        let integer = ty.integer().unwrap_or(Integer::U64);
        let (to, left, bits) = (self.name(to), self.name(left), integer.bits());
        let value = i32::try_from(distance).unwrap_or(0);
        let instr = match integer.signed() {
            true => Instr::AddImmediateS {
                to,
                left,
                bits,
                value,
            },
            false => Instr::AddImmediateU {
                to,
                left,
                bits,
                value,
            },
        };
        self.emit(instr, at);
    }
}
