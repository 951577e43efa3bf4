//! Random numbers that a seed decides, alike on every target.

use crate::digest::Digest;

/// A sequence of 64-bit numbers: a Weyl sequence, each step well mixed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rng {
    state: u64,
}

impl Rng {
    /// The sequence of `seed`; `stream` makes independent sequences of one seed.
    pub fn new(seed: u64, stream: u64) -> Rng {
        let mut digest = Digest::new(seed);
        digest.u64(stream);
        Rng {
            state: digest.finish(),
        }
    }

    /// The next number.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0xA076_1D64_78BD_642F);
        let mut word = self.state;
        word = (word ^ (word >> 31)).wrapping_mul(0xE703_7ED1_A0B4_28DB);
        word = (word ^ (word >> 29)).wrapping_mul(0x8EBC_6AF0_9C88_C6E3);
        word ^ (word >> 32)
    }

    /// A number below `bound`, or 0 if `bound` is 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        ((u128::from(self.next_u64()) * u128::from(bound)) >> 64) as u32
    }

    /// The state, for the digest.
    pub(crate) fn state(&self) -> u64 {
        self.state
    }
}
