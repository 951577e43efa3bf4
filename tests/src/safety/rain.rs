//! What comes in from the network in simulations: packets at a rate, each a function of the seed and of its time.

use exo_core::rng::Rng;
use exo_core::wire::{Heard, Wire};

/// Types of packets that come in and are claimed.
pub const TYPES: [u64; 3] = [0x0800, 0x0806, 0x86dd];
/// Kinds of packets of each type.
pub const KINDS: [u64; 3] = [1, 6, 17];

/// Sends packets at a rate, each of them a function of the seed and its number.
#[derive(Debug)]
pub struct Rain {
    seed: u64,
    gap: u64,
}

impl Rain {
    /// Packets from `seed` on, one or two every `gap` cycles.
    pub fn new(seed: u64, gap: u64) -> Rain {
        Rain { seed, gap }
    }
}

impl Wire for Rain {
    fn identity(&self) -> u64 {
        self.seed
    }

    fn due_cycles(&self, _: &Heard, polled: Option<u64>) -> Option<u64> {
        Some(polled.map_or(self.gap, |at| (at / self.gap + 1) * self.gap))
    }

    fn poll(&self, _: &Heard, _: Option<u64>, at: u64) -> Vec<Vec<u8>> {
        let mut rng = Rng::new(self.seed ^ at, 3);
        let count = 1 + rng.below(2);
        let packet = |rng: &mut Rng| {
            let length = 12 + rng.below(90) as usize;
            let mut bytes = vec![rng.next_u64() as u8; length];
            let (of, kind) = (pick(rng, &TYPES), pick(rng, &KINDS));
            for (at, byte) in [(12, of >> 8), (13, of), (23, kind)] {
                if let Some(place) = bytes.get_mut(at) {
                    *place = byte as u8;
                }
            }
            bytes
        };
        (0..count).map(|_| packet(&mut rng)).collect()
    }
}

/// One of them, by chance.
pub fn pick(rng: &mut Rng, all: &[u64]) -> u64 {
    all[rng.below(all.len() as u32) as usize]
}
