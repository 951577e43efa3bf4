use exo_prelude::*;

/// Sequential scan: fills a vector and adds it up, from the first element to the last.
///
/// A scan is the kindest program there is: 512 elements of 8 bytes lie on a page, so of 512
/// references at most one faults. It needs each page for that long and then not until the next round.
/// With frames for all of its 40 pages the second round faults on the TLB alone, and the sum is right.
/// With fewer, every page of the second round has gone again before its turn comes, under FIFO as
/// under CLOCK, and without a disk it comes back as zeros: the sum shows it.
pub struct Scan {
    sum: u64,
}

/// Where the vector begins.
const START: u32 = 0x0010_0000;
/// How many elements it has: 40 pages of 512.
const ELEMENTS: u32 = 40 * 512;

impl Scan {
    /// Nothing is added up yet.
    pub const fn new() -> Scan {
        Scan { sum: 0 }
    }
}

impl Application for Scan {
    fn main(&mut self, mem: &mut Mem, _sys: &mut Sys) {
        for index in 0..ELEMENTS {
            mem.store_u64(START + index * 8, index as u64 + 1);
        }
        for index in 0..ELEMENTS {
            self.sum += mem.load_u64(START + index * 8);
        }
        let right = ELEMENTS as u64 * (ELEMENTS as u64 + 1) / 2;
        log!("the sum is {}, and should be {}", self.sum, right);
    }
}
