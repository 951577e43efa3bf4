use exo_prelude::*;

/// Remote procedure call that trusts nobody with its registers.
///
/// As `tlrpc`, but the caller saves every register that a procedure must leave as it was before it
/// transfers control, and restores them when control is back: the eight of the MIPS calling
/// convention, frame pointer and return address. Who knows his server can leave that out; who does
/// not pays for it at each call, and no kernel decides that for both.
pub struct Lrpc {
    sum: u64,
    live: [u64; SAVED],
    saved: [u64; SAVED],
}

/// Registers that a callee may not change: s0 to s7, the frame pointer, the return address.
const SAVED: usize = 10;
/// Calls before the clock is looked at, and after.
const WARM: u64 = 16;
const ROUNDS: u64 = 1000;

impl Lrpc {
    /// Nothing was called yet.
    pub const fn new() -> Lrpc {
        Lrpc {
            sum: 0,
            live: [0; SAVED],
            saved: [0; SAVED],
        }
    }

    /// One call, with all that is live saved around it.
    fn call(&mut self, sys: &mut Sys, first: u64, second: u64) -> Result<u64, SysError> {
        self.saved = self.live;
        let answer = sys.transfer_sync(Environment::new(1), first, second, 0, 0)?;
        self.live = self.saved;
        Ok(answer.first)
    }

    /// Calls the server that many times.
    fn rounds(&mut self, sys: &mut Sys, count: u64) -> Result<u64, SysError> {
        let mut sum = 0;
        for round in 0..count {
            sum = self.call(sys, sum, round)?;
        }
        Ok(sum)
    }

    fn measure(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        self.sum = self.rounds(sys, WARM)?;
        log!("warm");
        self.sum = self.rounds(sys, ROUNDS)?;
        log!("done {}", self.sum);
        Ok(())
    }
}

impl Application for Lrpc {
    fn main(&mut self, _mem: &mut Mem, sys: &mut Sys) {
        if self.measure(sys).is_err() {
            log!("nobody serves me");
        }
    }
}
