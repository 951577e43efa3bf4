use exo_prelude::*;

/// Remote procedure call that trusts its server: nothing but the transfer there and back.
///
/// A protected control transfer touches no register that it is not told to, but the code that it
/// enters may. A caller that trusts its server to leave the registers as they were has nothing to
/// save: arguments go and results come in registers, and that is all. It writes to the log when it
/// is warm, and when it has made its calls; what lies between, by the number of calls, is a round
/// trip (table 12).
pub struct Tlrpc {
    sum: u64,
}

/// Calls before the clock is looked at, and after.
const WARM: u64 = 16;
const ROUNDS: u64 = 1000;

impl Tlrpc {
    /// Nothing was called yet.
    pub const fn new() -> Tlrpc {
        Tlrpc { sum: 0 }
    }

    /// Calls the server that many times.
    fn rounds(sys: &mut Sys, count: u64) -> Result<u64, SysError> {
        let server = Environment::new(1);
        let mut sum = 0;
        for round in 0..count {
            sum = sys.transfer_sync(server, sum, round, 0, 0)?.first;
        }
        Ok(sum)
    }

    fn measure(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        self.sum = Tlrpc::rounds(sys, WARM)?;
        log!("warm");
        self.sum = Tlrpc::rounds(sys, ROUNDS)?;
        log!("done {}", self.sum);
        Ok(())
    }
}

impl Application for Tlrpc {
    fn main(&mut self, _mem: &mut Mem, sys: &mut Sys) {
        if self.measure(sys).is_err() {
            log!("nobody serves me");
        }
    }
}
