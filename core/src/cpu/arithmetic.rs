//! Integer arithmetic as a debug build of rustc does it: checked, and the same on every target.

use super::calls::Window;
use super::context::Trap;
use super::instr::{Instr, Register};

/// Signed arithmetic, shifts and counts of bits, which handlers seldom use. False if it is none.
#[inline(never)]
pub(super) fn rare(instr: Instr, w: &mut Window) -> Result<bool, Trap> {
    let of = |register: Register| w[usize::from(register)];
    let signed = |register: Register| of(register) as i64;
    let (to, value) = match instr {
        Instr::AddS {
            to,
            left,
            right,
            bits,
        } => (
            to,
            fit_signed(signed(left).checked_add(signed(right)), bits)?,
        ),
        Instr::SubS {
            to,
            left,
            right,
            bits,
        } => (
            to,
            fit_signed(signed(left).checked_sub(signed(right)), bits)?,
        ),
        Instr::MulS {
            to,
            left,
            right,
            bits,
        } => (
            to,
            fit_signed(signed(left).checked_mul(signed(right)), bits)?,
        ),
        Instr::DivS { right, .. } | Instr::RemS { right, .. } if of(right) == 0 => {
            return Err(Trap::DivideByZero);
        }
        Instr::DivS {
            to,
            left,
            right,
            bits,
        } => (
            to,
            fit_signed(signed(left).checked_div(signed(right)), bits)?,
        ),
        Instr::RemS {
            to,
            left,
            right,
            bits,
        } => {
            // `MIN % -1` overflows in rustc though its value would fit.
            fit_signed(signed(left).checked_div(signed(right)), bits)?;
            (
                to,
                fit_signed(signed(left).checked_rem(signed(right)), bits)?,
            )
        }
        Instr::AddImmediateS {
            to,
            left,
            bits,
            value,
        } => {
            let sum = signed(left).checked_add(i64::from(value));
            (to, fit_signed(sum, bits)?)
        }
        Instr::WrapMul { to, left, right } => (to, of(left).wrapping_mul(of(right))),
        Instr::LeadingZeros { to, from, bits } => {
            let unused = 64 - u32::from(bits.clamp(1, 64));
            let zeros = keep_unsigned(of(from), bits).leading_zeros();
            (to, u64::from(zeros - unused))
        }
        Instr::TrailingZeros { to, from, bits } => {
            let zeros = keep_unsigned(of(from), bits).trailing_zeros();
            (to, u64::from(zeros.min(bits.into())))
        }
        Instr::CountOnes { to, from, bits } => {
            (to, keep_unsigned(of(from), bits).count_ones().into())
        }
        Instr::Neg { to, from, bits } => (to, fit_signed(signed(from).checked_neg(), bits)?),
        Instr::ShlU {
            to,
            left,
            right,
            bits,
        } => (
            to,
            keep_unsigned(of(left) << distance(of(right), bits)?, bits),
        ),
        Instr::ShlS {
            to,
            left,
            right,
            bits,
        } => (
            to,
            keep_signed(of(left) << distance(of(right), bits)?, bits),
        ),
        Instr::ShrU {
            to,
            left,
            right,
            bits,
        } => (to, of(left) >> distance(of(right), bits)?),
        Instr::ShrS {
            to,
            left,
            right,
            bits,
        } => (to, (signed(left) >> distance(of(right), bits)?) as u64),
        _ => return Ok(false),
    };
    w[usize::from(to)] = value;
    Ok(true)
}

/// A shift distance; a negative one, sign-extended, is far beyond any width.
fn distance(right: u64, bits: u8) -> Result<u32, Trap> {
    if right < u64::from(bits.min(64)) {
        Ok(right as u32)
    } else {
        Err(Trap::ShiftOverflow)
    }
}

/// `left % right`; by a power of two without a division, which takes long.
#[inline(always)]
pub(super) fn remainder(left: u64, right: u32) -> Result<u64, Trap> {
    let below = right.wrapping_sub(1);
    if right & below == 0 && right != 0 {
        Ok(left & u64::from(below))
    } else {
        left.checked_rem(right.into()).ok_or(Trap::DivideByZero)
    }
}

#[inline(always)]
pub(super) fn fit_unsigned(result: Option<u64>, bits: u8) -> Result<u64, Trap> {
    match result {
        Some(value) if value == keep_unsigned(value, bits) => Ok(value),
        _ => Err(Trap::Overflow),
    }
}

fn fit_signed(result: Option<i64>, bits: u8) -> Result<u64, Trap> {
    match result {
        Some(value) if value as u64 == keep_signed(value as u64, bits) => Ok(value as u64),
        _ => Err(Trap::Overflow),
    }
}

#[inline(always)]
pub(super) fn keep_unsigned(value: u64, bits: u8) -> u64 {
    if bits >= 64 {
        value
    } else {
        value & ((1 << bits) - 1)
    }
}

#[inline(always)]
pub(super) fn keep_signed(value: u64, bits: u8) -> u64 {
    let unused = u32::from(64 - bits.clamp(1, 64));
    (((value << unused) as i64) >> unused) as u64
}
