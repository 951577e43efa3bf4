use exo_prelude::*;

/// Quicksort: 8192 numbers in place, with a stack of its own instead of recursion.
///
/// Each pass runs through one part from both ends, so its pages are touched in order, and once a part
/// fits into memory all that is below it is sorted without another fault. That is why quicksort was
/// liked on paged machines. The larger part waits on the stack and the smaller one is sorted first:
/// then no more than 13 parts ever wait, one for each time that 8192 can be halved.
///
/// It needs 8 frames. With fewer, and no disk, a page that comes back is zeroed, and the checksum of
/// the numbers is no longer that of the beginning.
pub struct Quicksort {
    seed: u32,
    most_waiting: usize,
}

/// Where the numbers begin, and how many there are.
const START: u32 = 0x0010_0000;
const COUNT: u32 = 8192;

fn at(index: u32) -> u32 {
    START + index * 4
}

impl Quicksort {
    /// Nothing is sorted yet.
    pub const fn new() -> Quicksort {
        Quicksort {
            seed: 2026,
            most_waiting: 0,
        }
    }

    /// The next number that looks like chance: the same every time.
    fn next(&mut self) -> u32 {
        self.seed = self
            .seed
            .wrapping_mul(1_664_525)
            .wrapping_add(1_013_904_223);
        self.seed >> 8
    }

    /// Puts smaller numbers first, in `first..=last`; gives the last place of the smaller ones.
    fn part(mem: &mut Mem, first: u32, last: u32) -> u32 {
        let pivot = mem.load_u32(at(first + (last - first) / 2));
        let mut low = first;
        let mut high = last;
        loop {
            let mut one = mem.load_u32(at(low));
            while one < pivot {
                low += 1;
                one = mem.load_u32(at(low));
            }
            let mut other = mem.load_u32(at(high));
            while other > pivot {
                high -= 1;
                other = mem.load_u32(at(high));
            }
            if low >= high {
                return high;
            }
            mem.store_u32(at(low), other);
            mem.store_u32(at(high), one);
            low += 1;
            high -= 1;
        }
    }

    fn sort(&mut self, mem: &mut Mem) {
        let mut firsts = [0; 16];
        let mut lasts = [0; 16];
        let mut waiting = 0;
        let mut first = 0;
        let mut last = COUNT - 1;
        loop {
            while first < last {
                let middle = Quicksort::part(mem, first, last);
                let low_is_larger = middle - first > last - middle;
                if low_is_larger {
                    firsts[waiting] = first;
                    lasts[waiting] = middle;
                    first = middle + 1;
                } else {
                    firsts[waiting] = middle + 1;
                    lasts[waiting] = last;
                    last = middle;
                }
                waiting += 1;
                self.most_waiting = self.most_waiting.max(waiting);
            }
            if waiting == 0 {
                return;
            }
            waiting -= 1;
            first = firsts[waiting];
            last = lasts[waiting];
        }
    }
}

impl Application for Quicksort {
    fn main(&mut self, mem: &mut Mem, _sys: &mut Sys) {
        let mut before = 0;
        for index in 0..COUNT {
            let number = self.next();
            mem.store_u32(at(index), number);
            before += number as u64;
        }
        self.sort(mem);
        let mut after = 0;
        let mut misplaced = 0;
        let mut previous = 0;
        for index in 0..COUNT {
            let number = mem.load_u32(at(index));
            after += number as u64;
            if number < previous {
                misplaced += 1;
            }
            previous = number;
        }
        log!(
            "the numbers sum to {}, and did to {}; {} are out of order",
            after,
            before,
            misplaced
        );
        log!("at most {} parts waited", self.most_waiting);
    }
}
