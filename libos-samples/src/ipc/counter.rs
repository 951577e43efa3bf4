use exo_prelude::*;

/// An application that counts for as long as it is let: something to be scheduled.
pub struct Counter {
    count: u64,
}

impl Counter {
    /// Nothing is counted yet.
    pub const fn new() -> Counter {
        Counter { count: 0 }
    }
}

impl Application for Counter {
    fn main(&mut self, _mem: &mut Mem, _sys: &mut Sys) {
        loop {
            self.count = self.count.wrapping_add(1);
        }
    }
}
