//! Every operator on every type, one a line, so that results and the lines of traps can be compared.

use exo_prelude::*;

/// Keeps nothing.
pub struct Operators;

impl Operators {
    /// The only one.
    pub const fn new() -> Operators {
        Operators
    }

    fn compute(which: u32, a: u64, b: u64) -> u64 {
        match which {
            0 => (a as u8 + b as u8) as u64,
            1 => (a as u8 - b as u8) as u64,
            2 => (a as u8 * b as u8) as u64,
            3 => (a as u8 / b as u8) as u64,
            4 => (a as u8 % b as u8) as u64,
            5 => (a as u8 & b as u8) as u64,
            6 => (a as u8 | b as u8) as u64,
            7 => (a as u8 ^ b as u8) as u64,
            8 => ((a as u8) << (b as u32 % 80)) as u64,
            9 => ((a as u8) << (b as i32 % 80)) as u64,
            10 => ((a as u8) >> (b as u32 % 80)) as u64,
            11 => ((a as u8) >> (b as i32 % 80)) as u64,
            12 => ((a as u8) < (b as u8)) as u64,
            13 => ((a as u8) <= (b as u8)) as u64,
            14 => ((a as u8) > (b as u8)) as u64,
            15 => ((a as u8) >= (b as u8)) as u64,
            16 => ((a as u8) == (b as u8)) as u64,
            17 => ((a as u8) != (b as u8)) as u64,
            18 => (!(a as u8)) as u64,
            19 => (a as u8).min(b as u8) as u64,
            20 => (a as u8).max(b as u8) as u64,
            21 => (a as u8).abs_diff(b as u8) as u64,
            22 => (a as u8).wrapping_add(b as u8) as u64,
            23 => (a as u8).wrapping_sub(b as u8) as u64,
            24 => (a as u8).wrapping_mul(b as u8) as u64,
            25 => (a as u8).saturating_add(b as u8) as u64,
            26 => (a as u8).saturating_sub(b as u8) as u64,
            27 => {
                (a as u8).checked_add(b as u8).unwrap_or(7) as u64
                    + (a as u8).checked_add(b as u8).is_none() as u64 % 2 * 0
            }
            28 => {
                (a as u8).checked_sub(b as u8).unwrap_or(7) as u64
                    + (a as u8).checked_sub(b as u8).is_none() as u64 % 2 * 0
            }
            29 => (a as u8).is_power_of_two() as u64,
            30 => (a as u8) as u8 as u64,
            31 => (a as u8) as u16 as u64,
            32 => (a as u8) as u32 as u64,
            33 => (a as u8) as u64 as u64,
            34 => (a as u8) as usize as u64,
            35 => (a as u8) as i32 as u64,
            36 => (a as u8) as i64 as u64,
            37 => {
                let mut x = a as u8;
                x += b as u8;
                x -= 3;
                x *= 2;
                x as u64
            }
            38 => {
                let mut x = a as u8;
                x /= b as u8;
                x %= 5;
                x <<= 2;
                x >>= 1;
                x |= 1;
                x &= 77;
                x ^= 3;
                x as u64
            }
            39 => (a as u16 + b as u16) as u64,
            40 => (a as u16 - b as u16) as u64,
            41 => (a as u16 * b as u16) as u64,
            42 => (a as u16 / b as u16) as u64,
            43 => (a as u16 % b as u16) as u64,
            44 => (a as u16 & b as u16) as u64,
            45 => (a as u16 | b as u16) as u64,
            46 => (a as u16 ^ b as u16) as u64,
            47 => ((a as u16) << (b as u32 % 80)) as u64,
            48 => ((a as u16) << (b as i32 % 80)) as u64,
            49 => ((a as u16) >> (b as u32 % 80)) as u64,
            50 => ((a as u16) >> (b as i32 % 80)) as u64,
            51 => ((a as u16) < (b as u16)) as u64,
            52 => ((a as u16) <= (b as u16)) as u64,
            53 => ((a as u16) > (b as u16)) as u64,
            54 => ((a as u16) >= (b as u16)) as u64,
            55 => ((a as u16) == (b as u16)) as u64,
            56 => ((a as u16) != (b as u16)) as u64,
            57 => (!(a as u16)) as u64,
            58 => (a as u16).min(b as u16) as u64,
            59 => (a as u16).max(b as u16) as u64,
            60 => (a as u16).abs_diff(b as u16) as u64,
            61 => (a as u16).wrapping_add(b as u16) as u64,
            62 => (a as u16).wrapping_sub(b as u16) as u64,
            63 => (a as u16).wrapping_mul(b as u16) as u64,
            64 => (a as u16).saturating_add(b as u16) as u64,
            65 => (a as u16).saturating_sub(b as u16) as u64,
            66 => {
                (a as u16).checked_add(b as u16).unwrap_or(7) as u64
                    + (a as u16).checked_add(b as u16).is_none() as u64 % 2 * 0
            }
            67 => {
                (a as u16).checked_sub(b as u16).unwrap_or(7) as u64
                    + (a as u16).checked_sub(b as u16).is_none() as u64 % 2 * 0
            }
            68 => (a as u16).is_power_of_two() as u64,
            69 => (a as u16) as u8 as u64,
            70 => (a as u16) as u16 as u64,
            71 => (a as u16) as u32 as u64,
            72 => (a as u16) as u64 as u64,
            73 => (a as u16) as usize as u64,
            74 => (a as u16) as i32 as u64,
            75 => (a as u16) as i64 as u64,
            76 => {
                let mut x = a as u16;
                x += b as u16;
                x -= 3;
                x *= 2;
                x as u64
            }
            77 => {
                let mut x = a as u16;
                x /= b as u16;
                x %= 5;
                x <<= 2;
                x >>= 1;
                x |= 1;
                x &= 77;
                x ^= 3;
                x as u64
            }
            78 => (a as u32 + b as u32) as u64,
            79 => (a as u32 - b as u32) as u64,
            80 => (a as u32 * b as u32) as u64,
            81 => (a as u32 / b as u32) as u64,
            82 => (a as u32 % b as u32) as u64,
            83 => (a as u32 & b as u32) as u64,
            84 => (a as u32 | b as u32) as u64,
            85 => (a as u32 ^ b as u32) as u64,
            86 => ((a as u32) << (b as u32 % 80)) as u64,
            87 => ((a as u32) << (b as i32 % 80)) as u64,
            88 => ((a as u32) >> (b as u32 % 80)) as u64,
            89 => ((a as u32) >> (b as i32 % 80)) as u64,
            90 => ((a as u32) < (b as u32)) as u64,
            91 => ((a as u32) <= (b as u32)) as u64,
            92 => ((a as u32) > (b as u32)) as u64,
            93 => ((a as u32) >= (b as u32)) as u64,
            94 => ((a as u32) == (b as u32)) as u64,
            95 => ((a as u32) != (b as u32)) as u64,
            96 => (!(a as u32)) as u64,
            97 => (a as u32).min(b as u32) as u64,
            98 => (a as u32).max(b as u32) as u64,
            99 => (a as u32).abs_diff(b as u32) as u64,
            100 => (a as u32).wrapping_add(b as u32) as u64,
            101 => (a as u32).wrapping_sub(b as u32) as u64,
            102 => (a as u32).wrapping_mul(b as u32) as u64,
            103 => (a as u32).saturating_add(b as u32) as u64,
            104 => (a as u32).saturating_sub(b as u32) as u64,
            105 => {
                (a as u32).checked_add(b as u32).unwrap_or(7) as u64
                    + (a as u32).checked_add(b as u32).is_none() as u64 % 2 * 0
            }
            106 => {
                (a as u32).checked_sub(b as u32).unwrap_or(7) as u64
                    + (a as u32).checked_sub(b as u32).is_none() as u64 % 2 * 0
            }
            107 => (a as u32).is_power_of_two() as u64,
            108 => (a as u32) as u8 as u64,
            109 => (a as u32) as u16 as u64,
            110 => (a as u32) as u32 as u64,
            111 => (a as u32) as u64 as u64,
            112 => (a as u32) as usize as u64,
            113 => (a as u32) as i32 as u64,
            114 => (a as u32) as i64 as u64,
            115 => {
                let mut x = a as u32;
                x += b as u32;
                x -= 3;
                x *= 2;
                x as u64
            }
            116 => {
                let mut x = a as u32;
                x /= b as u32;
                x %= 5;
                x <<= 2;
                x >>= 1;
                x |= 1;
                x &= 77;
                x ^= 3;
                x as u64
            }
            117 => (a as u64 + b as u64) as u64,
            118 => (a as u64 - b as u64) as u64,
            119 => (a as u64 * b as u64) as u64,
            120 => (a as u64 / b as u64) as u64,
            121 => (a as u64 % b as u64) as u64,
            122 => (a as u64 & b as u64) as u64,
            123 => (a as u64 | b as u64) as u64,
            124 => (a as u64 ^ b as u64) as u64,
            125 => ((a as u64) << (b as u32 % 80)) as u64,
            126 => ((a as u64) << (b as i32 % 80)) as u64,
            127 => ((a as u64) >> (b as u32 % 80)) as u64,
            128 => ((a as u64) >> (b as i32 % 80)) as u64,
            129 => ((a as u64) < (b as u64)) as u64,
            130 => ((a as u64) <= (b as u64)) as u64,
            131 => ((a as u64) > (b as u64)) as u64,
            132 => ((a as u64) >= (b as u64)) as u64,
            133 => ((a as u64) == (b as u64)) as u64,
            134 => ((a as u64) != (b as u64)) as u64,
            135 => (!(a as u64)) as u64,
            136 => (a as u64).min(b as u64) as u64,
            137 => (a as u64).max(b as u64) as u64,
            138 => (a as u64).abs_diff(b as u64) as u64,
            139 => (a as u64).wrapping_add(b as u64) as u64,
            140 => (a as u64).wrapping_sub(b as u64) as u64,
            141 => (a as u64).wrapping_mul(b as u64) as u64,
            142 => (a as u64).saturating_add(b as u64) as u64,
            143 => (a as u64).saturating_sub(b as u64) as u64,
            144 => {
                (a as u64).checked_add(b as u64).unwrap_or(7) as u64
                    + (a as u64).checked_add(b as u64).is_none() as u64 % 2 * 0
            }
            145 => {
                (a as u64).checked_sub(b as u64).unwrap_or(7) as u64
                    + (a as u64).checked_sub(b as u64).is_none() as u64 % 2 * 0
            }
            146 => (a as u64).is_power_of_two() as u64,
            147 => (a as u64) as u8 as u64,
            148 => (a as u64) as u16 as u64,
            149 => (a as u64) as u32 as u64,
            150 => (a as u64) as u64 as u64,
            151 => (a as u64) as usize as u64,
            152 => (a as u64) as i32 as u64,
            153 => (a as u64) as i64 as u64,
            154 => {
                let mut x = a as u64;
                x += b as u64;
                x -= 3;
                x *= 2;
                x as u64
            }
            155 => {
                let mut x = a as u64;
                x /= b as u64;
                x %= 5;
                x <<= 2;
                x >>= 1;
                x |= 1;
                x &= 77;
                x ^= 3;
                x as u64
            }
            156 => (a as usize + b as usize) as u64,
            157 => (a as usize - b as usize) as u64,
            158 => (a as usize * b as usize) as u64,
            159 => (a as usize / b as usize) as u64,
            160 => (a as usize % b as usize) as u64,
            161 => (a as usize & b as usize) as u64,
            162 => (a as usize | b as usize) as u64,
            163 => (a as usize ^ b as usize) as u64,
            164 => ((a as usize) << (b as u32 % 80)) as u64,
            165 => ((a as usize) << (b as i32 % 80)) as u64,
            166 => ((a as usize) >> (b as u32 % 80)) as u64,
            167 => ((a as usize) >> (b as i32 % 80)) as u64,
            168 => ((a as usize) < (b as usize)) as u64,
            169 => ((a as usize) <= (b as usize)) as u64,
            170 => ((a as usize) > (b as usize)) as u64,
            171 => ((a as usize) >= (b as usize)) as u64,
            172 => ((a as usize) == (b as usize)) as u64,
            173 => ((a as usize) != (b as usize)) as u64,
            174 => (!(a as usize)) as u64,
            175 => (a as usize).min(b as usize) as u64,
            176 => (a as usize).max(b as usize) as u64,
            177 => (a as usize).abs_diff(b as usize) as u64,
            178 => (a as usize).wrapping_add(b as usize) as u64,
            179 => (a as usize).wrapping_sub(b as usize) as u64,
            180 => (a as usize).wrapping_mul(b as usize) as u64,
            181 => (a as usize).saturating_add(b as usize) as u64,
            182 => (a as usize).saturating_sub(b as usize) as u64,
            183 => {
                (a as usize).checked_add(b as usize).unwrap_or(7) as u64
                    + (a as usize).checked_add(b as usize).is_none() as u64 % 2 * 0
            }
            184 => {
                (a as usize).checked_sub(b as usize).unwrap_or(7) as u64
                    + (a as usize).checked_sub(b as usize).is_none() as u64 % 2 * 0
            }
            185 => (a as usize).is_power_of_two() as u64,
            186 => (a as usize) as u8 as u64,
            187 => (a as usize) as u16 as u64,
            188 => (a as usize) as u32 as u64,
            189 => (a as usize) as u64 as u64,
            190 => (a as usize) as usize as u64,
            191 => (a as usize) as i32 as u64,
            192 => (a as usize) as i64 as u64,
            193 => {
                let mut x = a as usize;
                x += b as usize;
                x -= 3;
                x *= 2;
                x as u64
            }
            194 => {
                let mut x = a as usize;
                x /= b as usize;
                x %= 5;
                x <<= 2;
                x >>= 1;
                x |= 1;
                x &= 77;
                x ^= 3;
                x as u64
            }
            195 => (a as i32 + b as i32) as u64,
            196 => (a as i32 - b as i32) as u64,
            197 => (a as i32 * b as i32) as u64,
            198 => (a as i32 / b as i32) as u64,
            199 => (a as i32 % b as i32) as u64,
            200 => (a as i32 & b as i32) as u64,
            201 => (a as i32 | b as i32) as u64,
            202 => (a as i32 ^ b as i32) as u64,
            203 => ((a as i32) << (b as u32 % 80)) as u64,
            204 => ((a as i32) << (b as i32 % 80)) as u64,
            205 => ((a as i32) >> (b as u32 % 80)) as u64,
            206 => ((a as i32) >> (b as i32 % 80)) as u64,
            207 => ((a as i32) < (b as i32)) as u64,
            208 => ((a as i32) <= (b as i32)) as u64,
            209 => ((a as i32) > (b as i32)) as u64,
            210 => ((a as i32) >= (b as i32)) as u64,
            211 => ((a as i32) == (b as i32)) as u64,
            212 => ((a as i32) != (b as i32)) as u64,
            213 => (!(a as i32)) as u64,
            214 => (-(a as i32)) as u64,
            215 => (a as i32).min(b as i32) as u64,
            216 => (a as i32).max(b as i32) as u64,
            217 => (a as i32).abs_diff(b as i32) as u64,
            218 => (a as i32).wrapping_add(b as i32) as u64,
            219 => (a as i32).wrapping_sub(b as i32) as u64,
            220 => (a as i32).wrapping_mul(b as i32) as u64,
            221 => (a as i32) as u8 as u64,
            222 => (a as i32) as u16 as u64,
            223 => (a as i32) as u32 as u64,
            224 => (a as i32) as u64 as u64,
            225 => (a as i32) as usize as u64,
            226 => (a as i32) as i32 as u64,
            227 => (a as i32) as i64 as u64,
            228 => {
                let mut x = a as i32;
                x += b as i32;
                x -= 3;
                x *= 2;
                x as u64
            }
            229 => {
                let mut x = a as i32;
                x /= b as i32;
                x %= 5;
                x <<= 2;
                x >>= 1;
                x |= 1;
                x &= 77;
                x ^= 3;
                x as u64
            }
            230 => (a as i64 + b as i64) as u64,
            231 => (a as i64 - b as i64) as u64,
            232 => (a as i64 * b as i64) as u64,
            233 => (a as i64 / b as i64) as u64,
            234 => (a as i64 % b as i64) as u64,
            235 => (a as i64 & b as i64) as u64,
            236 => (a as i64 | b as i64) as u64,
            237 => (a as i64 ^ b as i64) as u64,
            238 => ((a as i64) << (b as u32 % 80)) as u64,
            239 => ((a as i64) << (b as i32 % 80)) as u64,
            240 => ((a as i64) >> (b as u32 % 80)) as u64,
            241 => ((a as i64) >> (b as i32 % 80)) as u64,
            242 => ((a as i64) < (b as i64)) as u64,
            243 => ((a as i64) <= (b as i64)) as u64,
            244 => ((a as i64) > (b as i64)) as u64,
            245 => ((a as i64) >= (b as i64)) as u64,
            246 => ((a as i64) == (b as i64)) as u64,
            247 => ((a as i64) != (b as i64)) as u64,
            248 => (!(a as i64)) as u64,
            249 => (-(a as i64)) as u64,
            250 => (a as i64).min(b as i64) as u64,
            251 => (a as i64).max(b as i64) as u64,
            252 => (a as i64).abs_diff(b as i64) as u64,
            253 => (a as i64).wrapping_add(b as i64) as u64,
            254 => (a as i64).wrapping_sub(b as i64) as u64,
            255 => (a as i64).wrapping_mul(b as i64) as u64,
            256 => (a as i64) as u8 as u64,
            257 => (a as i64) as u16 as u64,
            258 => (a as i64) as u32 as u64,
            259 => (a as i64) as u64 as u64,
            260 => (a as i64) as usize as u64,
            261 => (a as i64) as i32 as u64,
            262 => (a as i64) as i64 as u64,
            263 => {
                let mut x = a as i64;
                x += b as i64;
                x -= 3;
                x *= 2;
                x as u64
            }
            264 => {
                let mut x = a as i64;
                x /= b as i64;
                x %= 5;
                x <<= 2;
                x >>= 1;
                x |= 1;
                x &= 77;
                x ^= 3;
                x as u64
            }
            _ => 0,
        }
    }
}

impl LibOs for Operators {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let a = sys.random();
        let b = sys.random();
        let value = Self::compute(fault.page, a, b);
        sys.tlb_write(value as u32, Frame::new((value >> 32) as u32), fault.access)
    }
}
