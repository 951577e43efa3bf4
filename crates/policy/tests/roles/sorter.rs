//! An application: fills a table, sorts it, and asks its libOS about it.

use exo_prelude::*;

const FIRST: u32 = 0x1000;
const COUNT: u32 = 20;

pub struct Sorter {
    swaps: u64,
}

impl Sorter {
    pub const fn new() -> Sorter {
        Sorter { swaps: 0 }
    }

    fn fill(&self, mem: &mut Mem, sys: &mut Sys) {
        for i in 0..COUNT {
            mem.store_u32(FIRST + i * 4, (sys.random() % 1000) as u32);
        }
    }

    fn least(&self, mem: &mut Mem, from: u32) -> u32 {
        let mut least = from;
        for at in from + 1..COUNT {
            if mem.load_u32(FIRST + at * 4) < mem.load_u32(FIRST + least * 4) {
                least = at;
            }
        }
        least
    }

    fn sort(&mut self, mem: &mut Mem) {
        for to in 0..COUNT {
            let from = self.least(mem, to);
            if from > to {
                let a = FIRST + to * 4;
                let b = FIRST + from * 4;
                let old = mem.load_u32(a);
                mem.store_u32(a, mem.load_u32(b));
                mem.store_u32(b, old);
                self.swaps += 1;
            }
        }
    }

    /// Every width, and operands that change each other.
    fn widths(&self, mem: &mut Mem) {
        mem.store_u64(0x2000, 0x0123_4567_89ab_cdef);
        let mut at = 0x2000;
        let mut sum = 0;
        while at < 0x2008 {
            sum += mem.load_u8(at) as u64 + mem.load_u16(at & !1) as u64;
            at += 1;
        }
        mem.store_u64(0x2010, sum + mem.load_u64(0x2000) / 3);
        let mut value = 7;
        mem.store_u8(
            {
                value += 1;
                0x2018
            },
            {
                value += 1;
                value
            },
        );
        mem.store_u16(
            0x201a,
            mem.load_u8(mem.load_u8(0x2018) as u32 * 0x10 + 0x1f70) as u16,
        );
    }
}

impl Application for Sorter {
    fn main(&mut self, mem: &mut Mem, sys: &mut Sys) {
        self.fill(mem, sys);
        self.sort(mem);
        self.widths(mem);
        log!("{} swaps in {} cycles", self.swaps, sys.cycles());
        let answer = match mem.request(1, self.swaps, 5) {
            Ok(sum) => sum,
            Err(SysError::NoSuchRequest) => 1,
            Err(_) => 2,
        };
        mem.store_u64(0x2020, answer);
        let other = mem.request(9, 0, 0).unwrap_or(77);
        mem.store_u64(0x2028, other);
        // Stops here, at an address that is no multiple of four.
        mem.store_u32(0x2030 + (answer % 2) as u32 + 1, 1);
        mem.store_u32(0x2040, 1);
    }
}
