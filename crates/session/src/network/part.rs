//! What networks are made with besides the kernel: those at the other end of the link, and the libraries that
//! come along; and the malicious policies. A program that wants to be small leaves it out (without the feature
//! `network`), and brings it when it is first needed.

use std::sync::{Arc, OnceLock};

use exo_libos_samples::attacks::{ATTACKS, Attack, LENDER};
use exo_peers::config::build::Load;
use exo_peers::{Clock, ConfigError, End, PeerConfig, Segment};

/// What is said where it is needed and not here.
pub const NOT_HERE: &str = "the program's part for networks and attacks is not loaded";

/// Reads a peer from keys and values.
type ReadPeer = fn(&[(&str, &str)]) -> Result<PeerConfig, ConfigError>;
/// Makes the other end of peers; captures are read with the second.
type MakeOtherEnd = fn(&[PeerConfig], Load<'_>) -> Result<Arc<dyn End>, ConfigError>;

/// Its entries: whatever is behind them is needed by nothing else.
#[derive(Debug)]
pub struct Part {
    /// The libraries that come with the playground.
    pub(crate) programs: &'static [exo_libos_samples::Part],
    /// The malicious policies that do, and their honest neighbour.
    pub(crate) attacks: (&'static [Attack], &'static str),
    /// Reads a peer from keys and values.
    pub(super) peer: ReadPeer,
    /// Makes the other end.
    pub(super) other_end: MakeOtherEnd,
}

/// All of it, for who links it or loads it.
pub static WHOLE: Part = Part {
    programs: exo_libos_samples::network::PARTS,
    attacks: (ATTACKS, LENDER),
    peer: |pairs| PeerConfig::parse(pairs, Clock::DECSTATION),
    other_end: |peers, load| Ok(Arc::new(Segment::of(peers, Clock::DECSTATION, load)?)),
};

/// The same, where it came later than the program.
static BROUGHT: OnceLock<&Part> = OnceLock::new();

/// Brings it to a program that does not hold it. The first one that is brought stays.
pub fn bring(part: &'static Part) {
    let _ = BROUGHT.set(part);
}

/// The part, if it is here.
pub(crate) fn part() -> Option<&'static Part> {
    #[cfg(feature = "network")]
    bring(&WHOLE);
    BROUGHT.get().copied()
}

/// Whether it is here.
pub fn is_here() -> bool {
    part().is_some()
}
