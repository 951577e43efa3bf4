//! The references of a run, as a number.

/// Which page was touched and whether it was stored to, one reference after the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trail {
    /// How many references there were.
    pub references: u64,
    hash: u64,
}

impl Trail {
    /// The next reference.
    pub fn add(&mut self, page: u32, store: bool) {
        let touch = u64::from(page) << 1 | u64::from(store);
        self.references += 1;
        self.hash = (self.hash ^ touch).wrapping_mul(0x0000_0100_0000_01b3) ^ self.references;
    }
}
