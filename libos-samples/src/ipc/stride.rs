use exo_prelude::*;

/// Stride scheduler: an application without privileges that shares out its own slices.
///
/// It owns the slices of the vector; its clients own none. Each quantum it picks the client whose
/// pass is least, moves that pass on by the client's stride, which is the smaller the larger its
/// share, and yields to it. With shares of 3, 2 and 1, every six quanta are three, two and one. A
/// kernel takes no part but for the directed yield (figure 3).
pub struct Stride {
    pass: [u64; CLIENTS],
}

/// The clients are the environments from 1 on.
const CLIENTS: usize = 3;
const SHARES: [u64; CLIENTS] = [3, 2, 1];
/// What a client of share 1 moves on by.
const WHOLE: u64 = 6;

impl Stride {
    /// Each client is about to have its first quantum.
    pub const fn new() -> Stride {
        Stride {
            pass: [WHOLE / SHARES[0], WHOLE / SHARES[1], WHOLE / SHARES[2]],
        }
    }

    /// The client whose turn it is: the first of those whose pass is least.
    fn next(&mut self) -> usize {
        let mut least = 0;
        for client in 1..CLIENTS {
            if self.pass[client] < self.pass[least] {
                least = client;
            }
        }
        self.pass[least] += WHOLE / SHARES[least];
        least
    }
}

impl Application for Stride {
    fn main(&mut self, _mem: &mut Mem, sys: &mut Sys) {
        loop {
            let client = self.next() as u32;
            if sys.yield_to(Environment::new(client + 1)).is_err() {
                log!("client {} is over", client);
                return;
            }
        }
    }
}
