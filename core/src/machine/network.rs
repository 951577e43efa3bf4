//! The network as a machine is given it.

use crate::digest::Digest;
use crate::hw::{Link, LinkConfig, Nic, OtherEnd};
use crate::kernel::filter::Engine;
use crate::rng::Rng;

/// The random sequence that the link draws on; environments have 1 and up.
const LINK: u64 = u64::MAX - 1;

/// A network interface, its link, and who is at the other end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkConfig {
    /// What the link is like.
    pub link: LinkConfig,
    /// How packets are demultiplexed.
    pub engine: Engine,
    /// Who is at the other end.
    pub other_end: OtherEnd,
}

impl Default for NetworkConfig {
    /// The usual link, filters that are compiled, and nobody at the other end.
    fn default() -> NetworkConfig {
        NetworkConfig {
            link: LinkConfig::default(),
            engine: Engine::Compiled,
            other_end: OtherEnd::default(),
        }
    }
}

impl NetworkConfig {
    /// The device at reset.
    pub(super) fn nic(&self, seed: u64) -> Nic {
        let link = Link::new(self.link, Rng::new(seed, LINK));
        Nic::new(link, self.other_end.clone())
    }

    /// Adds link, engine, and what the other end is.
    pub(super) fn digest(&self, digest: &mut Digest) {
        self.link.digest(digest);
        digest.u32(self.engine as u32);
        digest.u64(self.other_end.identity());
    }
}
