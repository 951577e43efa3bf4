//! A deterministic function: how many blocks the extents of a metadata block name, and whether
//! they are in order.

use exo_prelude::*;

pub struct Extents {
    header: usize,
    most: u64,
}

impl Extents {
    pub const fn new() -> Extents {
        Extents { header: 2, most: 3 }
    }

    fn extent(&self, block: &Block, number: usize) -> u64 {
        let at = self.header + number * 6;
        let first = block.u32_at(at) as u64;
        let count = block.u16_at(at + 4) as u64;
        first << 16 | count
    }
}

impl Udf for Extents {
    fn evaluate(&self, block: &Block) -> u64 {
        let count = block.u8_at(0) as usize;
        let mut blocks = 0;
        let mut end = 0;
        for number in 0..count {
            let extent = self.extent(block, number);
            if extent >> 16 < end || blocks > self.most * 1000 {
                return u64::MAX - number as u64;
            }
            end = (extent >> 16) + (extent & 0xffff);
            blocks += extent & 0xffff;
        }
        blocks * block.len() as u64
    }
}
