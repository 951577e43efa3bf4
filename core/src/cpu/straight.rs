//! Instructions that only read and write registers, state and stack.

use super::context::Trap;
use super::instr::{Instr, Register, WidthCode};
use super::program::Program;
use super::stack::{Reach, STACK_BASE};
use crate::limits::WINDOW_REGISTERS;

type Window = [u64; WINDOW_REGISTERS];

/// Every instruction that only reads and writes registers, state and stack. False if it is none.
#[inline(always)]
pub(super) fn compute(
    instr: Instr,
    w: &mut Window,
    program: &Program,
    reach: &mut Reach<'_, '_>,
) -> Result<bool, Trap> {
    let (to, value) = match instr {
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
            return store_width(reach, width, address, w[usize::from(from)]);
        }
        Instr::Local { to, offset } => {
            let frame = STACK_BASE + u64::from(reach.frame);
            (to, frame + u64::from(offset))
        }
        Instr::Panic { message } => return Err(Trap::Panic { message }),
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
            return store_width(reach, 0, address(w, base, offset), w[usize::from(from)]);
        }
        Instr::Store16 { from, base, offset } => {
            return store_width(reach, 1, address(w, base, offset), w[usize::from(from)]);
        }
        Instr::Store32 { from, base, offset } => {
            return store_width(reach, 2, address(w, base, offset), w[usize::from(from)]);
        }
        Instr::Store64 { from, base, offset } => {
            return store_width(reach, 4, address(w, base, offset), w[usize::from(from)]);
        }
        other => return super::arithmetic::compute(other, w),
    };
    w[usize::from(to)] = value;
    Ok(true)
}

#[inline(always)]
fn address(w: &Window, base: Register, offset: u32) -> u64 {
    w[usize::from(base)].wrapping_add(u64::from(offset))
}

/// The address of an element, if there is one of that index.
#[inline(always)]
fn element(
    w: &Window,
    program: &Program,
    base: Register,
    index: Register,
    shape: u16,
) -> Result<u64, Trap> {
    let shape = program
        .shapes
        .get(usize::from(shape))
        .ok_or(Trap::BadCode)?;
    let index = w[usize::from(index)];
    if index >= u64::from(shape.length) {
        let length = shape.length;
        return Err(Trap::IndexOutOfBounds { index, length });
    }
    let within = index.wrapping_mul(u64::from(shape.size_bytes));
    Ok(address(w, base, shape.offset).wrapping_add(within))
}

#[inline(always)]
fn load_width(reach: &Reach<'_, '_>, width: WidthCode, address: u64) -> Result<u64, Trap> {
    Ok(match width {
        0 => u64::from(u8::from_le_bytes(reach.load(address)?)),
        1 => u64::from(u16::from_le_bytes(reach.load(address)?)),
        2 => u64::from(u32::from_le_bytes(reach.load(address)?)),
        3 => i64::from(i32::from_le_bytes(reach.load(address)?)) as u64,
        4 => u64::from_le_bytes(reach.load(address)?),
        _ => return Err(Trap::BadCode),
    })
}

#[inline(always)]
fn store_width(
    reach: &mut Reach<'_, '_>,
    width: WidthCode,
    address: u64,
    value: u64,
) -> Result<bool, Trap> {
    match width {
        0 => reach.store(address, (value as u8).to_le_bytes())?,
        1 => reach.store(address, (value as u16).to_le_bytes())?,
        2 | 3 => reach.store(address, (value as u32).to_le_bytes())?,
        4 => reach.store(address, value.to_le_bytes())?,
        _ => return Err(Trap::BadCode),
    }
    Ok(true)
}
