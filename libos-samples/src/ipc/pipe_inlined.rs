use exo_prelude::*;

/// Pipe with its reads and writes inlined: what `pipe` pays for procedure calls is left out.
///
/// An application that owns its pipe can fold reading and writing into its loop, and keep what it
/// knows of the ring in registers: it wrote the last word itself, so it need not ask where the ring
/// ends. No kernel for all could do that for one of its users (table 8, pipe').
pub struct PipeInlined {
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

impl PipeInlined {
    /// Nothing was sent yet.
    pub const fn new() -> PipeInlined {
        PipeInlined {
            live: [0; SAVED],
            saved: [0; SAVED],
        }
    }

    /// Sends a word and takes one, `count` times: the first side's loop if `out` comes first.
    fn rounds(&mut self, mem: &mut Mem, sys: &mut Sys, own: u32, from: u32, count: u32) -> u32 {
        let other = Environment::new(1 - own);
        let out = RINGS + own * APART;
        let into = RINGS + (1 - own) * APART;
        let mut word = 0;
        for round in from..from + count {
            if own == 0 {
                mem.store_u32(out + WORDS + round % ROOM * 4, word);
                mem.store_u32(out + WRITTEN, round + 1);
            }
            while mem.load_u32(into + WRITTEN) == round {
                self.saved = self.live;
                if sys.yield_to(other).is_err() {
                    sys.yield_slice();
                }
                self.live = self.saved;
            }
            word = mem.load_u32(into + WORDS + round % ROOM * 4);
            mem.store_u32(into + READ, round + 1);
            if own == 1 {
                mem.store_u32(out + WORDS + round % ROOM * 4, word + 1);
                mem.store_u32(out + WRITTEN, round + 1);
            }
        }
        word
    }
}

impl Application for PipeInlined {
    fn main(&mut self, mem: &mut Mem, sys: &mut Sys) {
        let own = sys.environment().number();
        self.rounds(mem, sys, own, 0, WARM);
        if own == 0 {
            log!("warm");
        }
        let word = self.rounds(mem, sys, own, WARM, ROUNDS);
        if own == 0 {
            log!("done {}", word);
        }
    }
}
