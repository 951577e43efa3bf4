//! Divisions that round otherwise, powers of two and defaults on every type, one a line.

use exo_prelude::*;

/// Keeps nothing.
pub struct Divisions;

impl Divisions {
    /// The only one.
    pub const fn new() -> Divisions {
        Divisions
    }

    fn compute(which: u32, a: u64, b: u64) -> u64 {
        match which {
            0 => (a as u8).div_ceil(b as u8) as u64,
            1 => (a as u8).next_power_of_two() as u64,
            2 => (a as u8).div_euclid(b as u8) as u64,
            3 => (a as u8).rem_euclid(b as u8) as u64,
            4 => (a as u8).ilog2() as u64,
            5 => (a as u8).saturating_pow(b as u32) as u64,
            6 => (a as u8).checked_add(b as u8).unwrap_or_default() as u64,
            7 => (a as u16).div_ceil(b as u16) as u64,
            8 => (a as u16).next_power_of_two() as u64,
            9 => (a as u16).div_euclid(b as u16) as u64,
            10 => (a as u16).rem_euclid(b as u16) as u64,
            11 => (a as u16).ilog2() as u64,
            12 => (a as u16).saturating_pow(b as u32) as u64,
            13 => (a as u16).checked_add(b as u16).unwrap_or_default() as u64,
            14 => (a as u32).div_ceil(b as u32) as u64,
            15 => (a as u32).next_power_of_two() as u64,
            16 => (a as u32).div_euclid(b as u32) as u64,
            17 => (a as u32).rem_euclid(b as u32) as u64,
            18 => (a as u32).ilog2() as u64,
            19 => (a as u32).saturating_pow(b as u32) as u64,
            20 => (a as u32).checked_add(b as u32).unwrap_or_default() as u64,
            21 => (a as u64).div_ceil(b as u64) as u64,
            22 => (a as u64).next_power_of_two() as u64,
            23 => (a as u64).div_euclid(b as u64) as u64,
            24 => (a as u64).rem_euclid(b as u64) as u64,
            25 => (a as u64).ilog2() as u64,
            26 => (a as u64).saturating_pow(b as u32) as u64,
            27 => (a as u64).checked_add(b as u64).unwrap_or_default() as u64,
            28 => (a as usize).div_ceil(b as usize) as u64,
            29 => (a as usize).next_power_of_two() as u64,
            30 => (a as usize).div_euclid(b as usize) as u64,
            31 => (a as usize).rem_euclid(b as usize) as u64,
            32 => (a as usize).ilog2() as u64,
            33 => (a as usize).saturating_pow(b as u32) as u64,
            34 => (a as usize).checked_add(b as usize).unwrap_or_default() as u64,
            35 => (a as i32).div_euclid(b as i32) as u64,
            36 => (a as i32).rem_euclid(b as i32) as u64,
            37 => (a as i32).ilog2() as u64,
            38 => (a as i32).saturating_pow(b as u32) as u64,
            39 => (a as i32).checked_add(b as i32).unwrap_or_default() as u64,
            40 => (a as i64).div_euclid(b as i64) as u64,
            41 => (a as i64).rem_euclid(b as i64) as u64,
            42 => (a as i64).ilog2() as u64,
            43 => (a as i64).saturating_pow(b as u32) as u64,
            44 => (a as i64).checked_add(b as i64).unwrap_or_default() as u64,
            45 => (a as u32)
                .checked_sub(b as u32)
                .ok_or(SysError::Limit)
                .unwrap_or_default() as u64,
            _ => 0,
        }
    }
}

impl LibOs for Divisions {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let value = Divisions::compute(fault.page, sys.random(), sys.random());
        sys.tlb_write(value as u32, Frame::new((value >> 32) as u32), Access::Read)
    }
}
