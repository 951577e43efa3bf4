//! One instruction: the one match that the CPU's loop turns around.

use super::arithmetic::{fit_unsigned, keep_signed, keep_unsigned, remainder};
use super::calls::Window;
use super::context::Trap;
use super::instr::{Instr, Register};
use super::program::Program;
use super::stack::{Places, STACK_BASE};
use super::state::{address, element, load_width, store_width};

/// Why an instruction is not completed in the loop.
pub(super) enum Step {
    /// It traps, or what it names does not lie near.
    Trap(Trap),
    /// It does more than read and write registers, state and stack, or jump.
    Elsewhere,
}

impl From<Trap> for Step {
    #[inline(always)]
    fn from(trap: Trap) -> Step {
        Step::Trap(trap)
    }
}

/// Completes an instruction that only reads and writes registers, state and stack, or jumps; gives
/// the place of the next one.
#[inline(always)]
pub(super) fn step<P: Places>(
    instr: &Instr,
    w: &mut Window,
    program: &Program,
    reach: &mut P,
    pc: u32,
) -> Result<u32, Step> {
    let next = pc.wrapping_add(1);
    let of = |register: Register| w[usize::from(register)];
    let jump = |taken: bool, target: u32| Ok(if taken { target } else { next });
    let (to, value) = match *instr {
        Instr::Jump { target } => return jump(true, target),
        Instr::JumpIf { when, target } => return jump(of(when) != 0, target),
        Instr::JumpIfNot { when, target } => return jump(of(when) == 0, target),
        Instr::JumpEq {
            left,
            right,
            target,
        } => return jump(of(left) == of(right), target),
        Instr::JumpNe {
            left,
            right,
            target,
        } => return jump(of(left) != of(right), target),
        Instr::JumpLtU {
            left,
            right,
            target,
        } => return jump(of(left) < of(right), target),
        Instr::JumpLeU {
            left,
            right,
            target,
        } => return jump(of(left) <= of(right), target),
        Instr::JumpLtS {
            left,
            right,
            target,
        } => return jump((of(left) as i64) < of(right) as i64, target),
        Instr::JumpLeS {
            left,
            right,
            target,
        } => return jump(of(left) as i64 <= of(right) as i64, target),
        Instr::JumpEqImmediate {
            left,
            value,
            target,
        } => return jump(of(left) == i64::from(value) as u64, target),
        Instr::JumpNeImmediate {
            left,
            value,
            target,
        } => return jump(of(left) != i64::from(value) as u64, target),
        Instr::JumpLtImmediateU {
            left,
            value,
            target,
        } => return jump(of(left) < u64::from(value), target),
        Instr::JumpGeImmediateU {
            left,
            value,
            target,
        } => return jump(of(left) >= u64::from(value), target),

        Instr::Const { to, value } => (to, i64::from(value) as u64),
        Instr::ConstWide { to, index } => (
            to,
            *program
                .constants
                .get(usize::from(index))
                .ok_or(Trap::BadCode)?,
        ),
        Instr::Move { to, from } => (to, w[usize::from(from)]),
        Instr::Eq { to, left, right } => {
            (to, u64::from(w[usize::from(left)] == w[usize::from(right)]))
        }
        Instr::Ne { to, left, right } => {
            (to, u64::from(w[usize::from(left)] != w[usize::from(right)]))
        }
        Instr::LtU { to, left, right } => {
            (to, u64::from(w[usize::from(left)] < w[usize::from(right)]))
        }
        Instr::LeU { to, left, right } => {
            (to, u64::from(w[usize::from(left)] <= w[usize::from(right)]))
        }
        Instr::Element {
            to,
            base,
            index,
            shape,
        } => (to, element(w, program, base, index, shape)?),
        Instr::LoadElement {
            to,
            base,
            index,
            width,
            shape,
        } => (
            to,
            load_width(reach, width, element(w, program, base, index, shape)?)?,
        ),
        Instr::StoreElement {
            from,
            base,
            index,
            width,
            shape,
        } => {
            let address = element(w, program, base, index, shape)?;
            store_width(reach, width, address, w[usize::from(from)])?;
            return Ok(next);
        }
        Instr::LoadElementU8 {
            to,
            base,
            index,
            shape,
        } => (
            to,
            load_width(reach, 0, element(w, program, base, index, shape)?)?,
        ),
        Instr::LoadElementU32 {
            to,
            base,
            index,
            shape,
        } => (
            to,
            load_width(reach, 2, element(w, program, base, index, shape)?)?,
        ),
        Instr::LoadElement64 {
            to,
            base,
            index,
            shape,
        } => (
            to,
            load_width(reach, 4, element(w, program, base, index, shape)?)?,
        ),
        Instr::StoreElement8 {
            from,
            base,
            index,
            shape,
        } => {
            let address = element(w, program, base, index, shape)?;
            store_width(reach, 0, address, w[usize::from(from)])?;
            return Ok(next);
        }
        Instr::StoreElement32 {
            from,
            base,
            index,
            shape,
        } => {
            let address = element(w, program, base, index, shape)?;
            store_width(reach, 2, address, w[usize::from(from)])?;
            return Ok(next);
        }
        Instr::StoreElement64 {
            from,
            base,
            index,
            shape,
        } => {
            let address = element(w, program, base, index, shape)?;
            store_width(reach, 4, address, w[usize::from(from)])?;
            return Ok(next);
        }
        Instr::SetElement8 {
            value,
            base,
            index,
            shape,
        } => {
            let address = element(w, program, base, index, shape)?;
            store_width(reach, 0, address, value.into())?;
            return Ok(next);
        }
        Instr::Local { to, offset } => {
            let frame = STACK_BASE + u64::from(reach.frame());
            (to, frame + u64::from(offset))
        }
        Instr::Panic { message } => return Err(Step::Trap(Trap::Panic { message })),
        Instr::Address { to, base, offset } => (to, address(w, base, offset)),
        Instr::LoadU8 { to, base, offset } => (to, load_width(reach, 0, address(w, base, offset))?),
        Instr::LoadU16 { to, base, offset } => {
            (to, load_width(reach, 1, address(w, base, offset))?)
        }
        Instr::LoadU32 { to, base, offset } => {
            (to, load_width(reach, 2, address(w, base, offset))?)
        }
        Instr::LoadI32 { to, base, offset } => {
            (to, load_width(reach, 3, address(w, base, offset))?)
        }
        Instr::Load64 { to, base, offset } => (to, load_width(reach, 4, address(w, base, offset))?),
        Instr::Store8 { from, base, offset } => {
            store_width(reach, 0, address(w, base, offset), w[usize::from(from)])?;
            return Ok(next);
        }
        Instr::Store16 { from, base, offset } => {
            store_width(reach, 1, address(w, base, offset), w[usize::from(from)])?;
            return Ok(next);
        }
        Instr::Store32 { from, base, offset } => {
            store_width(reach, 2, address(w, base, offset), w[usize::from(from)])?;
            return Ok(next);
        }
        Instr::Store64 { from, base, offset } => {
            store_width(reach, 4, address(w, base, offset), w[usize::from(from)])?;
            return Ok(next);
        }

        Instr::AddU {
            to,
            left,
            right,
            bits,
        } => (to, fit_unsigned(of(left).checked_add(of(right)), bits)?),
        Instr::AddImmediateU {
            to,
            left,
            bits,
            value,
        } => {
            let distance = u64::from(value.unsigned_abs());
            let sum = if value < 0 {
                of(left).checked_sub(distance)
            } else {
                of(left).checked_add(distance)
            };
            (to, fit_unsigned(sum, bits)?)
        }
        Instr::WrapAdd { to, left, right } => (to, of(left).wrapping_add(of(right))),
        Instr::WrapSub { to, left, right } => (to, of(left).wrapping_sub(of(right))),
        Instr::SubU { to, left, right } => {
            (to, of(left).checked_sub(of(right)).ok_or(Trap::Overflow)?)
        }
        Instr::MulU {
            to,
            left,
            right,
            bits,
        } => (to, fit_unsigned(of(left).checked_mul(of(right)), bits)?),
        Instr::DivU { to, left, right } => (
            to,
            of(left).checked_div(of(right)).ok_or(Trap::DivideByZero)?,
        ),
        Instr::RemU { to, left, right } => (
            to,
            of(left).checked_rem(of(right)).ok_or(Trap::DivideByZero)?,
        ),
        Instr::DivImmediateU { to, left, value } => {
            let quotient = of(left).checked_div(value.into());
            (to, quotient.ok_or(Trap::DivideByZero)?)
        }
        Instr::RemImmediateU { to, left, value } => (to, remainder(of(left), value)?),
        Instr::AndImmediate { to, left, value } => (to, of(left) & u64::from(value)),
        Instr::And { to, left, right } => (to, of(left) & of(right)),
        Instr::Or { to, left, right } => (to, of(left) | of(right)),
        Instr::Xor { to, left, right } => (to, of(left) ^ of(right)),
        Instr::NotBool { to, from } => (to, of(from) ^ 1),
        Instr::NotU { to, from, bits } => (to, keep_unsigned(!of(from), bits)),
        Instr::NotS { to, from } => (to, !of(from)),
        Instr::CastU { to, from, bits } => (to, keep_unsigned(of(from), bits)),
        Instr::CastS { to, from, bits } => (to, keep_signed(of(from), bits)),
        Instr::LtS { to, left, right } => (to, u64::from((of(left) as i64) < of(right) as i64)),
        Instr::LeS { to, left, right } => (to, u64::from(of(left) as i64 <= of(right) as i64)),
        _ => return Err(Step::Elsewhere),
    };
    w[usize::from(to)] = value;
    Ok(next)
}
