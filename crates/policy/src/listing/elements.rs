//! Elements of arrays.

use exo_core::cpu::{Instr, Program};

use super::element;

/// Loads and stores of elements.
pub(super) fn listed(program: &Program, instr: Instr) -> Option<String> {
    let (loads, register, base, index, width, shape) = match instr {
        Instr::LoadElement {
            to,
            base,
            index,
            width,
            shape,
        } => (true, to, base, index, width, shape),
        Instr::LoadElementU8 {
            to,
            base,
            index,
            shape,
        } => (true, to, base, index, 0, shape),
        Instr::LoadElementU32 {
            to,
            base,
            index,
            shape,
        } => (true, to, base, index, 2, shape),
        Instr::LoadElement64 {
            to,
            base,
            index,
            shape,
        } => (true, to, base, index, 4, shape),
        Instr::StoreElement {
            from,
            base,
            index,
            width,
            shape,
        } => (false, from, base, index, width, shape),
        Instr::StoreElement8 {
            from,
            base,
            index,
            shape,
        } => (false, from, base, index, 0, shape),
        Instr::StoreElement32 {
            from,
            base,
            index,
            shape,
        } => (false, from, base, index, 2, shape),
        Instr::StoreElement64 {
            from,
            base,
            index,
            shape,
        } => (false, from, base, index, 4, shape),
        Instr::SetElement8 {
            value,
            base,
            index,
            shape,
        } => {
            let place = element(program, base, index, shape);
            return Some(format!("u8 [{place}] = {value}"));
        }
        _ => return None,
    };
    let place = element(program, base, index, shape);
    let name = width_name(width);
    Some(match loads {
        true => format!("r{register} = {name} [{place}]"),
        false => format!("{name} [{place}] = r{register}"),
    })
}

fn width_name(width: u8) -> &'static str {
    match width {
        0 => "u8",
        1 => "u16",
        2 => "u32",
        3 => "i32",
        _ => "u64",
    }
}
