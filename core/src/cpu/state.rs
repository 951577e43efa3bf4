//! Places in the program's state and stack: fields and elements.

use super::calls::Window;
use super::context::Trap;
use super::instr::{Register, WidthCode};
use super::program::Program;
use super::stack::Places;

#[inline(always)]
pub(super) fn address(w: &Window, base: Register, offset: u32) -> u64 {
    w[usize::from(base)].wrapping_add(u64::from(offset))
}

/// The address of an element, if there is one of that index.
#[inline(always)]
pub(super) fn element(
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
pub(super) fn load_width<P: Places>(
    reach: &P,
    width: WidthCode,
    address: u64,
) -> Result<u64, Trap> {
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
pub(super) fn store_width<P: Places>(
    reach: &mut P,
    width: WidthCode,
    address: u64,
    value: u64,
) -> Result<(), Trap> {
    match width {
        0 => reach.store(address, (value as u8).to_le_bytes())?,
        1 => reach.store(address, (value as u16).to_le_bytes())?,
        2 | 3 => reach.store(address, (value as u32).to_le_bytes())?,
        4 => reach.store(address, value.to_le_bytes())?,
        _ => return Err(Trap::BadCode),
    }
    Ok(())
}
