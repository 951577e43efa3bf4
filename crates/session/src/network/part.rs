//! What networks are made with besides the kernel: those at the other end of the link, and captures of packets. A
//! program that wants to be small leaves it out (without the feature `network`), and brings it when it is first needed.

use std::sync::{Arc, OnceLock};

use exo_net::pcapng::{Direction, Record, Writer};
use exo_peers::config::build::Load;
use exo_peers::{Clock, ConfigError, End, PeerConfig, Segment};

/// What is said where it is needed and not here.
pub const NOT_HERE: &str = "the program's part for networks is not loaded";

/// Its entries: whatever is behind them is needed by nothing else.
#[derive(Debug)]
pub struct Part {
    /// The libraries that come with the playground.
    pub(crate) programs: &'static [exo_libos_samples::Part],
    /// Reads a peer from keys and values.
    pub(super) peer: fn(&[(&str, &str)]) -> Result<PeerConfig, ConfigError>,
    /// Makes the other end.
    pub(super) other_end: fn(&[PeerConfig], Load<'_>) -> Result<Arc<dyn End>, ConfigError>,
    /// Writes packets as a capture.
    pub(crate) capture: fn(&[Seen]) -> Vec<u8>,
}

/// A packet that arrived or left, as a capture holds it.
#[derive(Debug)]
pub(crate) struct Seen {
    /// When, in nanoseconds of emulated time.
    pub(crate) nanoseconds: u64,
    /// Whether it arrived.
    pub(crate) inward: bool,
    /// How long it was on the wire, in bytes.
    pub(crate) length: u32,
    /// What there is of it.
    pub(crate) bytes: Vec<u8>,
    /// What became of it.
    pub(crate) comment: String,
}

/// All of it, for who links it or loads it.
pub static WHOLE: Part = Part {
    programs: exo_libos_samples::network::PARTS,
    peer: |pairs| PeerConfig::parse(pairs, Clock::DECSTATION),
    other_end: |peers, load| Ok(Arc::new(Segment::of(peers, Clock::DECSTATION, load)?)),
    capture,
};

fn capture(seen: &[Seen]) -> Vec<u8> {
    let mut writer = Writer::new("exo");
    for it in seen {
        writer.packet(&Record {
            nanoseconds: it.nanoseconds,
            direction: Some(if it.inward {
                Direction::In
            } else {
                Direction::Out
            }),
            length: it.length,
            bytes: &it.bytes,
            comment: &it.comment,
        });
    }
    writer.finish()
}

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
