use exo_prelude::*;

/// Lottery scheduler: each quantum goes to whoever holds the ticket that is drawn.
///
/// As `stride`, and as unprivileged, but without memory: a client with three of six tickets gets
/// half of the quanta in the long run, and a run of bad luck is possible. It needs nothing but a
/// random number and a directed yield.
pub struct Lottery {
    drawn: u64,
}

/// The clients are the environments from 1 on.
const CLIENTS: usize = 3;
const TICKETS: [u64; CLIENTS] = [3, 2, 1];
const ALL_TICKETS: u64 = 6;

impl Lottery {
    /// Nothing was drawn yet.
    pub const fn new() -> Lottery {
        Lottery { drawn: 0 }
    }

    /// Who holds a ticket.
    fn holder(ticket: u64) -> usize {
        let mut client = 0;
        let mut last = TICKETS[0];
        while client + 1 < CLIENTS && ticket >= last {
            client += 1;
            last += TICKETS[client];
        }
        client
    }
}

impl Application for Lottery {
    fn main(&mut self, _mem: &mut Mem, sys: &mut Sys) {
        loop {
            self.drawn += 1;
            let client = Lottery::holder(sys.random() % ALL_TICKETS) as u32;
            if sys.yield_to(Environment::new(client + 1)).is_err() {
                log!("client {} is over after {} quanta", client, self.drawn);
                return;
            }
        }
    }
}
