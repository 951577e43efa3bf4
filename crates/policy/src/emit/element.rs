//! Loads and stores of elements: the widths that are used most have instructions of their own.

use exo_core::cpu::Instr;

use crate::layout::Width;

/// The instruction that loads an element.
pub(super) fn load_element(width: Width, to: u8, base: u8, index: u8, shape: u16) -> Instr {
    match width {
        Width::U8 => Instr::LoadElementU8 {
            to,
            base,
            index,
            shape,
        },
        Width::U32 => Instr::LoadElementU32 {
            to,
            base,
            index,
            shape,
        },
        Width::Wide => Instr::LoadElement64 {
            to,
            base,
            index,
            shape,
        },
        Width::U16 | Width::I32 => Instr::LoadElement {
            to,
            base,
            index,
            width: code(width),
            shape,
        },
    }
}

/// The instruction that stores an element.
pub(super) fn store_element(width: Width, from: u8, base: u8, index: u8, shape: u16) -> Instr {
    match width {
        Width::U8 => Instr::StoreElement8 {
            from,
            base,
            index,
            shape,
        },
        Width::U32 | Width::I32 => Instr::StoreElement32 {
            from,
            base,
            index,
            shape,
        },
        Width::Wide => Instr::StoreElement64 {
            from,
            base,
            index,
            shape,
        },
        Width::U16 => Instr::StoreElement {
            from,
            base,
            index,
            width: code(width),
            shape,
        },
    }
}

/// How the CPU writes a width.
fn code(width: Width) -> u8 {
    match width {
        Width::U8 => 0,
        Width::U16 => 1,
        Width::U32 => 2,
        Width::I32 => 3,
        Width::Wide => 4,
    }
}
