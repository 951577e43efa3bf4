use exo_prelude::*;

/// Pipe: a ring of words in shared memory, and a directed yield when it is full or empty.
///
/// There is no pipe in the kernel: reader and writer share a page, and each keeps its own end of
/// the ring there. Who finds the ring empty, or full, gives the rest of the slice to the other, who
/// can do something about it. Two such pipes carry one word there and back; what lies between the
/// two lines of the log, by twice the number of rounds, is one way (table 8). `pipe-inlined` is the
/// same without the procedure calls.
pub struct Pipe {
    live: [u64; SAVED],
    saved: [u64; SAVED],
}

/// The page that holds both rings, and how far apart they are.
const RINGS: u32 = 0x0020_0000;
const APART: u32 = 2048;
/// Within a ring: how many words were written, how many were read, and the words.
const WRITTEN: u32 = 0;
const READ: u32 = 4;
const WORDS: u32 = 64;
const ROOM: u32 = 128;
/// Registers that are saved before the processor is given away.
const SAVED: usize = 10;
/// Rounds before the clock is looked at, and after.
const WARM: u32 = 16;
const ROUNDS: u32 = 500;

impl Pipe {
    /// Nothing was sent yet.
    pub const fn new() -> Pipe {
        Pipe {
            live: [0; SAVED],
            saved: [0; SAVED],
        }
    }

    /// Gives the processor to the other side until it is given back.
    fn pass(&mut self, sys: &mut Sys, other: Environment) {
        self.saved = self.live;
        if sys.yield_to(other).is_err() {
            sys.yield_slice();
        }
        self.live = self.saved;
    }

    /// Writes a word, when there is room for it.
    fn write(&mut self, mem: &mut Mem, sys: &mut Sys, ring: u32, word: u32, other: Environment) {
        let written = mem.load_u32(ring + WRITTEN);
        while written.wrapping_sub(mem.load_u32(ring + READ)) == ROOM {
            self.pass(sys, other);
        }
        mem.store_u32(ring + WORDS + written % ROOM * 4, word);
        mem.store_u32(ring + WRITTEN, written.wrapping_add(1));
    }

    /// Reads a word, when there is one.
    fn read(&mut self, mem: &mut Mem, sys: &mut Sys, ring: u32, other: Environment) -> u32 {
        let read = mem.load_u32(ring + READ);
        while mem.load_u32(ring + WRITTEN) == read {
            self.pass(sys, other);
        }
        let word = mem.load_u32(ring + WORDS + read % ROOM * 4);
        mem.store_u32(ring + READ, read.wrapping_add(1));
        word
    }

    /// Sends words out and waits for each to come back.
    fn there_and_back(&mut self, mem: &mut Mem, sys: &mut Sys, count: u32) -> u32 {
        let other = Environment::new(1);
        let mut word = 0;
        for _ in 0..count {
            self.write(mem, sys, RINGS, word, other);
            word = self.read(mem, sys, RINGS + APART, other);
        }
        word
    }

    /// Sends back one more than what came, each time.
    fn send_back(&mut self, mem: &mut Mem, sys: &mut Sys, count: u32) {
        let other = Environment::new(0);
        for _ in 0..count {
            let word = self.read(mem, sys, RINGS, other);
            self.write(mem, sys, RINGS + APART, word + 1, other);
        }
    }
}

impl Application for Pipe {
    fn main(&mut self, mem: &mut Mem, sys: &mut Sys) {
        if sys.environment().number() == 1 {
            self.send_back(mem, sys, WARM + ROUNDS);
            return;
        }
        self.there_and_back(mem, sys, WARM);
        log!("warm");
        let word = self.there_and_back(mem, sys, ROUNDS);
        log!("done {}", word);
    }
}
