use exo_prelude::*;

/// Random scan: reads every element of a vector once, each time anywhere.
///
/// No policy is good at this, and none is bad. Where the next reference goes does not depend on any
/// earlier one, so a page in memory is worth as much as any other: with frames for a quarter of the
/// pages a quarter of the references find theirs, whatever is thrown out. Compare page loads and
/// cycles with the sequential scan, which does the same work in order. The way out is not a better
/// policy but another order of work, as the hash join does with its hash table.
///
/// It runs on 16 frames for 64 pages, and could run on one: it never writes, an element is its place
/// plus what memory holds, and that is zero. So a page that comes back zeroed, without a disk, comes
/// back right.
pub struct RandomScan {
    sum: u64,
}

/// Where the vector begins.
const START: u32 = 0x0010_0000;
/// Elements of 16 bytes, a power of two: 64 pages of 256.
const ELEMENTS: u32 = 1 << 14;

/// The element whose turn it is. Each step leads different numbers to different numbers, so each
/// element has one turn, but nothing of their order is left.
fn anywhere(turn: u32) -> u32 {
    let mut index = turn * 40_503 % ELEMENTS;
    index ^= index >> 7;
    index = index * 30_011 % ELEMENTS;
    index ^= index >> 5;
    index * 25_997 % ELEMENTS
}

impl RandomScan {
    /// Nothing is read yet.
    pub const fn new() -> RandomScan {
        RandomScan { sum: 0 }
    }
}

impl Application for RandomScan {
    fn main(&mut self, mem: &mut Mem, sys: &mut Sys) {
        let start = sys.cycles();
        for turn in 0..ELEMENTS {
            let index = anywhere(turn);
            self.sum += mem.load_u64(START + index * 16) + index as u64;
        }
        let cycles = sys.cycles() - start;
        let right = ELEMENTS as u64 * (ELEMENTS as u64 - 1) / 2;
        log!("the sum is {}, and should be {}", self.sum, right);
        log!("{} cycles for an element", cycles / ELEMENTS as u64);
    }
}
