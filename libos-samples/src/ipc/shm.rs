use exo_prelude::*;

/// Ping-pong over a word of shared memory: each side waits for its turn by yielding to the other.
///
/// The word says how many turns were taken: even, and it is environment 0's turn, odd, and it is
/// the other's. Who finds that it is not his turn gives the rest of the slice to the one whose turn
/// it is, with his registers saved: no kernel object, no message, no scheduler takes part. What lies
/// between the two lines of the log, by the number of turns, is one way (table 8).
pub struct Shm {
    live: [u64; SAVED],
    saved: [u64; SAVED],
}

/// The word.
const TURN: u32 = 0x0020_0000;
/// Registers that are saved before the processor is given away.
const SAVED: usize = 10;
/// Rounds before the clock is looked at, and after.
const WARM: u32 = 16;
const ROUNDS: u32 = 500;

impl Shm {
    /// Nothing was sent yet.
    pub const fn new() -> Shm {
        Shm {
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

    /// Takes that many turns, each second one, from `turn` on.
    fn rounds(&mut self, mem: &mut Mem, sys: &mut Sys, first: u32, count: u32) {
        let other = Environment::new(1 - first % 2);
        for round in 0..count {
            let turn = first + round * 2;
            while mem.load_u32(TURN) != turn {
                self.pass(sys, other);
            }
            mem.store_u32(TURN, turn + 1);
        }
    }
}

impl Application for Shm {
    fn main(&mut self, mem: &mut Mem, sys: &mut Sys) {
        let own = sys.environment().number();
        self.rounds(mem, sys, own, WARM);
        if own == 0 {
            log!("warm");
        }
        self.rounds(mem, sys, own + WARM * 2, ROUNDS);
        if own == 0 {
            log!("done {}", mem.load_u32(TURN));
        }
    }
}
