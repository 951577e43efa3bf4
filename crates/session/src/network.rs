//! A network as a scenario tells it: the link, how packets are demultiplexed, and who is at the other end.

mod part;
mod passed;
mod report;

use std::fmt;
use std::sync::Arc;

pub(crate) use part::part;
pub use part::{NOT_HERE, Part, WHOLE, bring, is_here};
pub use passed::{Direction, PacketLog, Passed, Told};
pub use report::{NetworkReport, PacketsReport, PeerReport, network_report};

use exo_core::hw::{LinkConfig, OtherEnd};
use exo_core::kernel::filter::Engine;
use exo_core::machine::{Machine, NetworkConfig};
use exo_peers::{End, PeerConfig, Report};

/// The longest time of the link, in cycles: a day of a machine with 25 MHz.
const TIME_MAX: u64 = 25_000_000 * 86_400;
/// The most cycles for a byte, and the most bytes around a packet.
const PER_PACKET_MAX: u64 = 1_000_000;
/// Peers of a network.
pub const PEERS_MAX: usize = 16;

/// A peer: its keys with their values as they were written, and what they mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerSpec {
    pairs: Vec<(String, String)>,
    config: PeerConfig,
}

/// Why keys and values are no peer. There is none then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerError {
    /// The key that is wrong, if one alone is.
    pub key: Option<String>,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl fmt::Display for PeerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PeerError {}

impl PeerSpec {
    /// Reads a peer from keys and values, as [`PeerConfig::parse`] has them, in any order. Times with a unit are
    /// of the paper's machine with 25 MHz.
    ///
    /// # Errors
    /// What is wrong, and with which key.
    pub fn parse(pairs: &[(&str, &str)]) -> Result<PeerSpec, PeerError> {
        let part = part().ok_or_else(|| PeerError {
            key: None,
            message: NOT_HERE.to_owned(),
        })?;
        let parse = part.peer;
        let config = parse(pairs).map_err(|error| {
            // The key that is to blame is the one without which something else is wrong, or nothing.
            let others = |key: &str| {
                let kept = pairs.iter().copied().filter(|(other, _)| *other != key);
                kept.collect::<Vec<_>>()
            };
            let blamed = |key: &&str| parse(&others(key)).err().as_ref() != Some(&error);
            let keys = || pairs.iter().map(|(key, _)| *key);
            let mut found = keys().filter(|key| *key != "kind").find(blamed);
            found = found.or_else(|| keys().find(|key| *key == "kind"));
            PeerError {
                key: found.map(str::to_owned),
                message: error.to_string(),
            }
        })?;
        let owned = pairs.iter().map(|(key, value)| {
            let key = (*key).to_owned();
            (key, (*value).to_owned())
        });
        let mut pairs: Vec<(String, String)> = owned.collect();
        pairs.sort_by_key(|(key, _)| (key != "kind", key.clone()));
        Ok(PeerSpec { pairs, config })
    }

    /// Its keys with their values: the kind first, then by the alphabet.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// What they mean.
    pub fn config(&self) -> &PeerConfig {
        &self.config
    }
}

/// A network, before anything is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkShape {
    /// What the link is like.
    pub link: LinkConfig,
    /// How packets are demultiplexed.
    pub engine: Engine,
    /// Who is at the other end.
    pub peers: Vec<PeerSpec>,
}

impl Default for NetworkShape {
    /// The usual link, compiled filters, nobody at the other end.
    fn default() -> NetworkShape {
        let config = NetworkConfig::default();
        NetworkShape {
            link: config.link,
            engine: config.engine,
            peers: Vec::new(),
        }
    }
}

impl NetworkShape {
    /// The keys of a network beside its peers.
    pub const KEYS: &[&str] = &[
        "engine",
        "byte_cycles",
        "overhead",
        "latency",
        "lost",
        "doubled",
        "delayed",
        "delay",
    ];

    /// Gives a key a value, as scenario files have them.
    ///
    /// # Errors
    /// What would be right; nothing has changed then.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        let to = |most: u64| {
            let number = value.parse::<u64>().ok().filter(|it| *it <= most);
            number.ok_or_else(|| format!("this must be a whole number from 0 to {most}"))
        };
        let link = &mut self.link;
        match key {
            "engine" => {
                let found = Engine::ALL.into_iter().find(|it| it.name() == value);
                self.engine = found.ok_or_else(|| {
                    let names = Engine::ALL.map(Engine::name).join(", ");
                    format!("there is no engine {value:?}; there are {names}")
                })?;
            }
            "byte_cycles" => link.byte_cycles = to(PER_PACKET_MAX)? as u32,
            "overhead" => link.overhead_bytes = to(PER_PACKET_MAX)? as u32,
            "latency" => link.latency_cycles = to(TIME_MAX)?,
            "lost" => link.lost_per_thousand = to(1_000)? as u16,
            "doubled" => link.doubled_per_thousand = to(1_000)? as u16,
            "delayed" => link.delayed_per_thousand = to(1_000)? as u16,
            "delay" => link.delay_cycles = to(TIME_MAX)?,
            _ => {
                let keys = NetworkShape::KEYS.join(", ");
                return Err(format!("there is no such key; there are {keys}"));
            }
        }
        Ok(())
    }
}

/// A network whose other end is ready to act. Copies share it.
#[derive(Clone, Debug)]
pub struct NetworkSpec {
    shape: NetworkShape,
    other_end: Arc<dyn End>,
}

impl NetworkSpec {
    /// Makes the other end. `load` reads the captures that peers name.
    ///
    /// # Errors
    /// Which peer is wrong, and why; a capture that cannot be had is among that.
    pub fn new(
        shape: NetworkShape,
        load: &mut dyn FnMut(&str) -> Result<Vec<u8>, String>,
    ) -> Result<NetworkSpec, String> {
        let peers: Vec<PeerConfig> = shape.peers.iter().map(|it| it.config.clone()).collect();
        let load = std::cell::RefCell::new(load);
        let load = |file: &str| (load.borrow_mut())(file);
        let part = part().ok_or_else(|| NOT_HERE.to_owned())?;
        let other_end = (part.other_end)(&peers, &load).map_err(|error| error.to_string())?;
        Ok(NetworkSpec { shape, other_end })
    }

    /// What it was made of.
    pub fn shape(&self) -> &NetworkShape {
        &self.shape
    }

    /// As a machine is given it.
    pub(crate) fn config(&self) -> NetworkConfig {
        NetworkConfig {
            link: self.shape.link,
            engine: self.shape.engine,
            other_end: OtherEnd(Some(self.other_end.clone())),
        }
    }

    /// How the peers of a machine with this network had got on where it stands.
    pub fn reports(&self, machine: &Machine) -> Vec<Report> {
        let nic = machine.hardware().nic.as_ref();
        nic.map_or_else(Vec::new, |nic| {
            let (heard, polled) = nic.heard();
            self.other_end.reports(heard, polled)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{NetworkShape, NetworkSpec, PeerSpec};

    #[test]
    fn the_key_that_is_to_blame_is_named() {
        for (pairs, blamed) in [
            (&[("kind", "ping"), ("count", "many")][..], Some("count")),
            (
                &[("size", "x"), ("kind", "ping"), ("count", "2")],
                Some("size"),
            ),
            (&[("kind", "pong"), ("count", "2")], Some("kind")),
            (&[("kind", "ping"), ("path", "/")], Some("path")),
            (&[("kind", "ping"), ("target", "10.9.0.1")], Some("target")),
            (&[("count", "2")], None),
        ] {
            let error = PeerSpec::parse(pairs).unwrap_err();
            assert_eq!(error.key.as_deref(), blamed, "{error}");
        }
    }

    #[test]
    fn a_capture_that_cannot_be_had_is_named_with_its_peer() {
        let peer = PeerSpec::parse(&[("kind", "capture"), ("file", "x.pcap")]).unwrap();
        let shape = NetworkShape {
            peers: vec![peer],
            ..NetworkShape::default()
        };
        let error = NetworkSpec::new(shape, &mut |file| Err(format!("no {file}"))).unwrap_err();
        assert!(
            error.contains("peer 1") && error.contains("no x.pcap"),
            "{error}"
        );
    }
}
