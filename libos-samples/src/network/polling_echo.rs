use exo_prelude::*;

/// An application that asks its library for datagrams, and sends each back.
///
/// It needs the libOS `datagram`. While there is nothing it gives its slice away, and comes back with
/// the next one: nobody tells it anything. After five seconds without a datagram it ends. What it reads
/// is what the network interface wrote, and what it writes is what that sends: nothing is copied but
/// by itself.
pub struct PollingEcho {
    echoed: u64,
    polls: u64,
}

/// The port of the echo.
const PORT: u64 = 7;
/// Five seconds.
const PATIENCE: u64 = 125_000_000;
/// What the library is asked for.
const OPEN: u32 = 1;
const RECEIVE: u32 = 2;
const ROOM: u32 = 3;
const ANSWER: u32 = 4;

impl PollingEcho {
    /// Nothing was sent back yet.
    pub const fn new() -> PollingEcho {
        PollingEcho {
            echoed: 0,
            polls: 0,
        }
    }

    /// Sends a payload back. While no page is free it waits.
    fn echo(&mut self, mem: &mut Mem, sys: &mut Sys, from: u32, length: u32) {
        let mut room = mem.request(ROOM, 0, 0);
        while room.is_err() {
            sys.yield_slice();
            room = mem.request(ROOM, 0, 0);
        }
        let to = room.unwrap_or(0) as u32;
        let whole = length & !3;
        for place in (0..whole).step_by(4) {
            mem.store_u32(to + place, mem.load_u32(from + place));
        }
        for place in whole..length {
            mem.store_u8(to + place, mem.load_u8(from + place));
        }
        if mem.request(ANSWER, length as u64, 0).is_ok() {
            self.echoed += 1;
        }
    }

    /// Asks again and again, until nothing comes for too long.
    fn serve(&mut self, mem: &mut Mem, sys: &mut Sys) -> Result<(), SysError> {
        let mut last = sys.cycles();
        loop {
            self.polls += 1;
            let got = mem.request(RECEIVE, 0, 0)?;
            let now = sys.cycles();
            if got > 0 {
                last = now;
                self.echo(mem, sys, (got >> 16) as u32, got as u32 & 0xffff);
            } else if now - last > PATIENCE {
                return Ok(());
            } else {
                sys.yield_slice();
            }
        }
    }
}

impl Application for PollingEcho {
    fn main(&mut self, mem: &mut Mem, sys: &mut Sys) {
        if mem.request(OPEN, PORT, 0).is_err() || self.serve(mem, sys).is_err() {
            log!("I need the libOS called datagram, a network, and 12 frames");
        }
        log!("{} echoed, {} times asked", self.echoed, self.polls);
    }
}
