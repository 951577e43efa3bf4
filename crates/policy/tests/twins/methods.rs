//! Every method of integers on every type, one a line.

use exo_prelude::*;

/// Keeps nothing.
pub struct Methods;

fn told(some: bool, value: u64) -> u64 {
    if some {
        value.wrapping_mul(2) + 1
    } else {
        value
    }
}

impl Methods {
    /// The only one.
    pub const fn new() -> Methods {
        Methods
    }

    fn compute(which: u32, a: u64, b: u64) -> u64 {
        match which {
            0 => (a as u8).saturating_add(b as u8) as u64,
            1 => (a as u8).saturating_sub(b as u8) as u64,
            2 => (a as u8).saturating_mul(b as u8) as u64,
            3 => (a as u8).wrapping_mul(b as u8) as u64,
            4 => told(
                (a as u8).checked_add(b as u8).is_some(),
                (a as u8).checked_add(b as u8).unwrap_or(9) as u64,
            ),
            5 => told(
                (a as u8).checked_sub(b as u8).is_some(),
                (a as u8).checked_sub(b as u8).unwrap_or(9) as u64,
            ),
            6 => told(
                (a as u8).checked_mul(b as u8).is_some(),
                (a as u8).checked_mul(b as u8).unwrap_or(9) as u64,
            ),
            7 => told(
                (a as u8).checked_div(b as u8).is_some(),
                (a as u8).checked_div(b as u8).unwrap_or(9) as u64,
            ),
            8 => told(
                (a as u8).checked_rem(b as u8).is_some(),
                (a as u8).checked_rem(b as u8).unwrap_or(9) as u64,
            ),
            9 => (a as u8).wrapping_shl(b as u32) as u64,
            10 => (a as u8).wrapping_shr(b as u32) as u64,
            11 => (a as u8).rotate_left(b as u32) as u64,
            12 => (a as u8).rotate_right(b as u32) as u64,
            13 => (a as u8).leading_zeros() as u64,
            14 => (a as u8).trailing_zeros() as u64,
            15 => (a as u8).count_ones() as u64,
            16 => (a as u8).count_zeros() as u64,
            17 => (a as u8).wrapping_neg() as u64,
            18 => (a as u8).clamp(3, 100) as u64,
            19 => ((a as u8) % 4).pow(b as u32 % 4) as u64,
            20 => (a as u8).checked_sub(b as u8).unwrap() as u64,
            21 => (a as u8).checked_mul(b as u8).expect("it fits") as u64,
            22 => (a as u16).saturating_add(b as u16) as u64,
            23 => (a as u16).saturating_sub(b as u16) as u64,
            24 => (a as u16).saturating_mul(b as u16) as u64,
            25 => (a as u16).wrapping_mul(b as u16) as u64,
            26 => told(
                (a as u16).checked_add(b as u16).is_some(),
                (a as u16).checked_add(b as u16).unwrap_or(9) as u64,
            ),
            27 => told(
                (a as u16).checked_sub(b as u16).is_some(),
                (a as u16).checked_sub(b as u16).unwrap_or(9) as u64,
            ),
            28 => told(
                (a as u16).checked_mul(b as u16).is_some(),
                (a as u16).checked_mul(b as u16).unwrap_or(9) as u64,
            ),
            29 => told(
                (a as u16).checked_div(b as u16).is_some(),
                (a as u16).checked_div(b as u16).unwrap_or(9) as u64,
            ),
            30 => told(
                (a as u16).checked_rem(b as u16).is_some(),
                (a as u16).checked_rem(b as u16).unwrap_or(9) as u64,
            ),
            31 => (a as u16).wrapping_shl(b as u32) as u64,
            32 => (a as u16).wrapping_shr(b as u32) as u64,
            33 => (a as u16).rotate_left(b as u32) as u64,
            34 => (a as u16).rotate_right(b as u32) as u64,
            35 => (a as u16).leading_zeros() as u64,
            36 => (a as u16).trailing_zeros() as u64,
            37 => (a as u16).count_ones() as u64,
            38 => (a as u16).count_zeros() as u64,
            39 => (a as u16).wrapping_neg() as u64,
            40 => (a as u16).clamp(3, 100) as u64,
            41 => ((a as u16) % 4).pow(b as u32 % 4) as u64,
            42 => (a as u16).checked_sub(b as u16).unwrap() as u64,
            43 => (a as u16).checked_mul(b as u16).expect("it fits") as u64,
            44 => (a as u32).saturating_add(b as u32) as u64,
            45 => (a as u32).saturating_sub(b as u32) as u64,
            46 => (a as u32).saturating_mul(b as u32) as u64,
            47 => (a as u32).wrapping_mul(b as u32) as u64,
            48 => told(
                (a as u32).checked_add(b as u32).is_some(),
                (a as u32).checked_add(b as u32).unwrap_or(9) as u64,
            ),
            49 => told(
                (a as u32).checked_sub(b as u32).is_some(),
                (a as u32).checked_sub(b as u32).unwrap_or(9) as u64,
            ),
            50 => told(
                (a as u32).checked_mul(b as u32).is_some(),
                (a as u32).checked_mul(b as u32).unwrap_or(9) as u64,
            ),
            51 => told(
                (a as u32).checked_div(b as u32).is_some(),
                (a as u32).checked_div(b as u32).unwrap_or(9) as u64,
            ),
            52 => told(
                (a as u32).checked_rem(b as u32).is_some(),
                (a as u32).checked_rem(b as u32).unwrap_or(9) as u64,
            ),
            53 => (a as u32).wrapping_shl(b as u32) as u64,
            54 => (a as u32).wrapping_shr(b as u32) as u64,
            55 => (a as u32).rotate_left(b as u32) as u64,
            56 => (a as u32).rotate_right(b as u32) as u64,
            57 => (a as u32).leading_zeros() as u64,
            58 => (a as u32).trailing_zeros() as u64,
            59 => (a as u32).count_ones() as u64,
            60 => (a as u32).count_zeros() as u64,
            61 => (a as u32).wrapping_neg() as u64,
            62 => (a as u32).clamp(3, 100) as u64,
            63 => ((a as u32) % 4).pow(b as u32 % 4) as u64,
            64 => (a as u32).checked_sub(b as u32).unwrap() as u64,
            65 => (a as u32).checked_mul(b as u32).expect("it fits") as u64,
            66 => (a as u64).saturating_add(b as u64) as u64,
            67 => (a as u64).saturating_sub(b as u64) as u64,
            68 => (a as u64).saturating_mul(b as u64) as u64,
            69 => (a as u64).wrapping_mul(b as u64) as u64,
            70 => told(
                (a as u64).checked_add(b as u64).is_some(),
                (a as u64).checked_add(b as u64).unwrap_or(9) as u64,
            ),
            71 => told(
                (a as u64).checked_sub(b as u64).is_some(),
                (a as u64).checked_sub(b as u64).unwrap_or(9) as u64,
            ),
            72 => told(
                (a as u64).checked_mul(b as u64).is_some(),
                (a as u64).checked_mul(b as u64).unwrap_or(9) as u64,
            ),
            73 => told(
                (a as u64).checked_div(b as u64).is_some(),
                (a as u64).checked_div(b as u64).unwrap_or(9) as u64,
            ),
            74 => told(
                (a as u64).checked_rem(b as u64).is_some(),
                (a as u64).checked_rem(b as u64).unwrap_or(9) as u64,
            ),
            75 => (a as u64).wrapping_shl(b as u32) as u64,
            76 => (a as u64).wrapping_shr(b as u32) as u64,
            77 => (a as u64).rotate_left(b as u32) as u64,
            78 => (a as u64).rotate_right(b as u32) as u64,
            79 => (a as u64).leading_zeros() as u64,
            80 => (a as u64).trailing_zeros() as u64,
            81 => (a as u64).count_ones() as u64,
            82 => (a as u64).count_zeros() as u64,
            83 => (a as u64).wrapping_neg() as u64,
            84 => (a as u64).clamp(3, 100) as u64,
            85 => ((a as u64) % 4).pow(b as u32 % 4) as u64,
            86 => (a as u64).checked_sub(b as u64).unwrap() as u64,
            87 => (a as u64).checked_mul(b as u64).expect("it fits") as u64,
            88 => (a as usize).saturating_add(b as usize) as u64,
            89 => (a as usize).saturating_sub(b as usize) as u64,
            90 => (a as usize).saturating_mul(b as usize) as u64,
            91 => (a as usize).wrapping_mul(b as usize) as u64,
            92 => told(
                (a as usize).checked_add(b as usize).is_some(),
                (a as usize).checked_add(b as usize).unwrap_or(9) as u64,
            ),
            93 => told(
                (a as usize).checked_sub(b as usize).is_some(),
                (a as usize).checked_sub(b as usize).unwrap_or(9) as u64,
            ),
            94 => told(
                (a as usize).checked_mul(b as usize).is_some(),
                (a as usize).checked_mul(b as usize).unwrap_or(9) as u64,
            ),
            95 => told(
                (a as usize).checked_div(b as usize).is_some(),
                (a as usize).checked_div(b as usize).unwrap_or(9) as u64,
            ),
            96 => told(
                (a as usize).checked_rem(b as usize).is_some(),
                (a as usize).checked_rem(b as usize).unwrap_or(9) as u64,
            ),
            97 => (a as usize).wrapping_shl(b as u32) as u64,
            98 => (a as usize).wrapping_shr(b as u32) as u64,
            99 => (a as usize).rotate_left(b as u32) as u64,
            100 => (a as usize).rotate_right(b as u32) as u64,
            101 => (a as usize).leading_zeros() as u64,
            102 => (a as usize).trailing_zeros() as u64,
            103 => (a as usize).count_ones() as u64,
            104 => (a as usize).count_zeros() as u64,
            105 => (a as usize).wrapping_neg() as u64,
            106 => (a as usize).clamp(3, 100) as u64,
            107 => ((a as usize) % 4).pow(b as u32 % 4) as u64,
            108 => (a as usize).checked_sub(b as usize).unwrap() as u64,
            109 => (a as usize).checked_mul(b as usize).expect("it fits") as u64,
            110 => (a as i32).saturating_add(b as i32) as u64,
            111 => (a as i32).saturating_sub(b as i32) as u64,
            112 => (a as i32).saturating_mul(b as i32) as u64,
            113 => (a as i32).wrapping_mul(b as i32) as u64,
            114 => told(
                (a as i32).checked_add(b as i32).is_some(),
                (a as i32).checked_add(b as i32).unwrap_or(9) as u64,
            ),
            115 => told(
                (a as i32).checked_sub(b as i32).is_some(),
                (a as i32).checked_sub(b as i32).unwrap_or(9) as u64,
            ),
            116 => told(
                (a as i32).checked_mul(b as i32).is_some(),
                (a as i32).checked_mul(b as i32).unwrap_or(9) as u64,
            ),
            117 => told(
                (a as i32).checked_div(b as i32).is_some(),
                (a as i32).checked_div(b as i32).unwrap_or(9) as u64,
            ),
            118 => told(
                (a as i32).checked_rem(b as i32).is_some(),
                (a as i32).checked_rem(b as i32).unwrap_or(9) as u64,
            ),
            119 => (a as i32).wrapping_shl(b as u32) as u64,
            120 => (a as i32).wrapping_shr(b as u32) as u64,
            121 => (a as i32).rotate_left(b as u32) as u64,
            122 => (a as i32).rotate_right(b as u32) as u64,
            123 => (a as i32).leading_zeros() as u64,
            124 => (a as i32).trailing_zeros() as u64,
            125 => (a as i32).count_ones() as u64,
            126 => (a as i32).count_zeros() as u64,
            127 => (a as i32).wrapping_neg() as u64,
            128 => (a as i32).clamp(3, 100) as u64,
            129 => ((a as i32) % 4).pow(b as u32 % 4) as u64,
            130 => (a as i32).checked_sub(b as i32).unwrap() as u64,
            131 => (a as i32).checked_mul(b as i32).expect("it fits") as u64,
            132 => (a as i32).unsigned_abs() as u64,
            133 => (a as i32).signum() as u64,
            134 => ((a as i32) / 2).abs() as u64,
            135 => told((a as i32).is_negative(), (a as i32).is_positive() as u64),
            136 => (a as i64).saturating_add(b as i64) as u64,
            137 => (a as i64).saturating_sub(b as i64) as u64,
            138 => (a as i64).saturating_mul(b as i64) as u64,
            139 => (a as i64).wrapping_mul(b as i64) as u64,
            140 => told(
                (a as i64).checked_add(b as i64).is_some(),
                (a as i64).checked_add(b as i64).unwrap_or(9) as u64,
            ),
            141 => told(
                (a as i64).checked_sub(b as i64).is_some(),
                (a as i64).checked_sub(b as i64).unwrap_or(9) as u64,
            ),
            142 => told(
                (a as i64).checked_mul(b as i64).is_some(),
                (a as i64).checked_mul(b as i64).unwrap_or(9) as u64,
            ),
            143 => told(
                (a as i64).checked_div(b as i64).is_some(),
                (a as i64).checked_div(b as i64).unwrap_or(9) as u64,
            ),
            144 => told(
                (a as i64).checked_rem(b as i64).is_some(),
                (a as i64).checked_rem(b as i64).unwrap_or(9) as u64,
            ),
            145 => (a as i64).wrapping_shl(b as u32) as u64,
            146 => (a as i64).wrapping_shr(b as u32) as u64,
            147 => (a as i64).rotate_left(b as u32) as u64,
            148 => (a as i64).rotate_right(b as u32) as u64,
            149 => (a as i64).leading_zeros() as u64,
            150 => (a as i64).trailing_zeros() as u64,
            151 => (a as i64).count_ones() as u64,
            152 => (a as i64).count_zeros() as u64,
            153 => (a as i64).wrapping_neg() as u64,
            154 => (a as i64).clamp(3, 100) as u64,
            155 => ((a as i64) % 4).pow(b as u32 % 4) as u64,
            156 => (a as i64).checked_sub(b as i64).unwrap() as u64,
            157 => (a as i64).checked_mul(b as i64).expect("it fits") as u64,
            158 => (a as i64).unsigned_abs() as u64,
            159 => (a as i64).signum() as u64,
            160 => ((a as i64) / 2).abs() as u64,
            161 => told((a as i64).is_negative(), (a as i64).is_positive() as u64),
            _ => 0,
        }
    }
}

impl LibOs for Methods {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let value = Methods::compute(fault.page, sys.random(), sys.random());
        sys.tlb_write(value as u32, Frame::new((value >> 32) as u32), Access::Read)
    }
}
