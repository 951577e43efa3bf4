//! The link between the network interface and the other end: what it does to packets, and when.
//!
//! ```text
//!   Rate          one packet after the other, each as long as its bytes take
//!   Latency       a time that all take
//!   Reordering    some take longer, so that later ones overtake them
//!   Duplication   some arrive twice
//!   Loss          some do not arrive
//! ```
//! Each wraps what the one before it gives, and draws on one sequence of random numbers, from the seed.

use crate::digest::Digest;
use crate::rng::Rng;

/// What a link is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkConfig {
    /// Cycles that one byte takes.
    pub byte_cycles: u32,
    /// Bytes that each packet takes on the wire beyond its own: preamble, check sum, gap.
    pub overhead_bytes: u32,
    /// Cycles from the last byte's leaving to its arrival.
    pub latency_cycles: u64,
    /// How many packets of a thousand do not arrive.
    pub lost_per_thousand: u16,
    /// How many of a thousand arrive twice.
    pub doubled_per_thousand: u16,
    /// How many of a thousand take longer.
    pub delayed_per_thousand: u16,
    /// How much longer those take, in cycles.
    pub delay_cycles: u64,
}

impl Default for LinkConfig {
    /// Ethernet at 10 Mb/s with a clock of 25 MHz: 20 cycles a byte, 24 bytes around each packet, and as
    /// much latency as makes a round trip of 60 bytes take the 253 microseconds that the paper found to be
    /// the least (SOSP'95 table 11). Nothing is lost, doubled or delayed.
    fn default() -> LinkConfig {
        LinkConfig {
            byte_cycles: 20,
            overhead_bytes: 24,
            latency_cycles: 1_482,
            lost_per_thousand: 0,
            doubled_per_thousand: 0,
            delayed_per_thousand: 0,
            delay_cycles: 100_000,
        }
    }
}

impl LinkConfig {
    /// Adds every field.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        digest.u32(self.byte_cycles);
        digest.u32(self.overhead_bytes);
        digest.u64(self.latency_cycles);
        for chance in [
            self.lost_per_thousand,
            self.doubled_per_thousand,
            self.delayed_per_thousand,
        ] {
            digest.u32(chance.into());
        }
        digest.u64(self.delay_cycles);
    }
}

/// Which way a packet goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To the machine.
    In,
    /// To the other end.
    Out,
}

/// When a packet arrives: not at all, once or twice.
pub type Arrivals = [Option<u64>; 2];

/// A link with two ways that do not hinder each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    config: LinkConfig,
    /// When each way is free.
    free_cycles: [u64; 2],
    rng: Rng,
}

impl Link {
    /// A link on which nothing is under way. `seed` decides what it loses, doubles and delays.
    pub fn new(config: LinkConfig, rng: Rng) -> Link {
        Link {
            config,
            free_cycles: [0; 2],
            rng,
        }
    }

    /// Takes on a packet of so many bytes behind those that it has. Returns when its last byte has left.
    pub fn reserve(&mut self, way: Way, bytes: usize, now: u64) -> u64 {
        let free = &mut self.free_cycles[way as usize];
        let bytes = (bytes as u64).saturating_add(self.config.overhead_bytes.into());
        let takes = bytes.saturating_mul(self.config.byte_cycles.into());
        *free = now.max(*free).saturating_add(takes);
        *free
    }

    /// When a packet arrives whose last byte leaves at `left`.
    pub fn carry(&mut self, left: u64) -> Arrivals {
        let config = self.config;
        let mut first = left.saturating_add(config.latency_cycles);
        if self.strikes(config.delayed_per_thousand) {
            first = first.saturating_add(config.delay_cycles);
        }
        let second = self
            .strikes(config.doubled_per_thousand)
            .then(|| first.saturating_add(config.latency_cycles));
        if self.strikes(config.lost_per_thousand) {
            return [second, None];
        }
        [Some(first), second]
    }

    /// Whether something with that chance happens. What cannot happen draws no number.
    fn strikes(&mut self, per_thousand: u16) -> bool {
        per_thousand > 0 && self.rng.below(1_000) < per_thousand.into()
    }

    /// Adds when each way is free, and the random state.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        self.free_cycles.iter().for_each(|free| digest.u64(*free));
        digest.u64(self.rng.state());
    }
}

#[cfg(test)]
mod tests {
    use super::{Link, LinkConfig, Way};
    use crate::rng::Rng;

    #[test]
    fn packets_of_one_way_follow_each_other_and_those_of_two_do_not_hinder() {
        let mut link = Link::new(LinkConfig::default(), Rng::new(1, 1));
        assert_eq!(link.reserve(Way::Out, 60, 100), 100 + 84 * 20);
        assert_eq!(link.reserve(Way::Out, 60, 200), 100 + 2 * 84 * 20);
        assert_eq!(link.reserve(Way::In, 60, 200), 200 + 84 * 20);
        assert_eq!(link.carry(1_000), [Some(1_000 + 1_482), None]);
    }

    #[test]
    fn a_link_loses_doubles_and_delays_about_as_many_as_it_should_and_the_same_each_time() {
        let config = LinkConfig {
            lost_per_thousand: 100,
            doubled_per_thousand: 200,
            delayed_per_thousand: 300,
            ..LinkConfig::default()
        };
        let run = || {
            let mut link = Link::new(config, Rng::new(7, 1));
            (0..10_000)
                .map(|_| link.carry(0))
                .collect::<alloc::vec::Vec<_>>()
        };
        let all = run();
        assert_eq!(all, run());
        let count =
            |holds: fn(&[Option<u64>; 2]) -> bool| all.iter().filter(|it| holds(it)).count();
        let lost = count(|it| it[0].is_none());
        let doubled = count(|it| it[1].is_some());
        let delayed = count(|it| it[0].is_some_and(|at| at > 100_000));
        assert!((600..=1_000).contains(&lost), "{lost}");
        assert!((1_500..=2_200).contains(&doubled), "{doubled}");
        assert!((2_500..=3_300).contains(&delayed), "{delayed}");
    }
}
