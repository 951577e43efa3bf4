//! From descriptions of peers to what is at the other end of the link.

use std::net::Ipv4Addr;

use exo_core::digest::Digest;
use exo_net::capture;

use super::{ConfigError, Kind, PeerConfig};
use crate::bounce::{PingPong, Reflector};
use crate::clock::Clock;
use crate::exchange::{Echo, Names, Pace, Ping};
use crate::segment::Segment;
use crate::source::flood::flood;
use crate::source::hostile::hostile;
use crate::source::mix::{Mix, mix};
use crate::source::{Ends, Frames, Source, Times, capture::replay};
use crate::station::{self, Client, Fetch, FetchSettings, Station, StationSettings};
use crate::wire::{End, PeerWire};

/// The first port that is given to a peer that names none.
const FROM_PORT: u16 = 40_000;

/// Reads a file that a peer names; or says why it cannot.
pub type Load<'run> = &'run dyn Fn(&str) -> Result<Vec<u8>, String>;

/// A peer and its place among all of them.
type Placed = (u16, PeerConfig);

impl Segment {
    /// All that these peers are. Those that are whole computers and have one address are one computer.
    ///
    /// # Errors
    /// A sentence that says which peer, by its place from 1, and what would be right.
    pub fn of(peers: &[PeerConfig], clock: Clock, load: Load<'_>) -> Result<Segment, ConfigError> {
        let mut parts: Vec<Box<dyn End>> = Vec::new();
        let placed: Vec<Placed> = (0..).zip(peers.iter().cloned()).collect();
        for (at, peer) in &placed {
            let same = |it: &&Placed| it.1.is_station() && it.1.address == peer.address;
            if !peer.is_station() {
                let part = peer.alone(*at, clock, load);
                parts.push(part.map_err(|why| at_place(*at, peer, &why))?);
            } else if placed
                .iter()
                .find(same)
                .is_some_and(|(first, _)| first == at)
            {
                let together: Vec<Placed> = placed.iter().filter(same).cloned().collect();
                parts.push(together_at(together, clock)?);
            }
        }
        for (at, peer) in &placed {
            if peer.mac[0] & 1 == 1 || !is_one(peer.address) || !is_one(peer.target) {
                let why = "one of its addresses is not that of one station";
                return Err(at_place(*at, peer, why));
            }
            let other = placed.iter().find(|(_, it)| it.mac == peer.mac);
            if let Some((_, other)) = other.filter(|it| it.1.address != peer.address) {
                let why = format!(
                    "its hardware address is that of {}: give it one with `mac`",
                    other.address
                );
                return Err(at_place(*at, peer, &why));
            }
        }
        Ok(Segment::new(parts))
    }
}

/// Whether an address is that of one station.
pub(super) fn is_one(address: Ipv4Addr) -> bool {
    !address.is_broadcast() && !address.is_multicast() && !address.is_unspecified()
}

/// What is wrong with one of several.
fn at_place(at: u16, peer: &PeerConfig, why: &str) -> ConfigError {
    let number = u32::from(at) + 1;
    ConfigError(format!("peer {number} ({}): {why}", peer.kind.name()))
}

/// One computer on which all of these run.
fn together_at(peers: Vec<Placed>, clock: Clock) -> Result<Box<dyn End>, ConfigError> {
    let mut digest = Digest::new(0x7374_6174_696f_6e21);
    digest.u64(clock.cycles(1, 1));
    for (at, peer) in &peers {
        digest.u64(u64::from(*at));
        digest.bytes(format!("{peer:?}").as_bytes());
    }
    let Some((_, first)) = peers.first().cloned() else {
        return Ok(Box::new(Segment::new(Vec::new())));
    };
    for (at, peer) in &peers {
        if (peer.mac, peer.prefix) != (first.mac, first.prefix) {
            let why = format!(
                "it is at {}, which has another hardware address or network already",
                peer.address
            );
            return Err(at_place(*at, peer, &why));
        }
        let port = |it: &Placed| it.1.own_port(it.0);
        if let Some(own) = port(&(*at, peer.clone()))
            && peers.iter().any(|it| it.0 < *at && port(it) == Some(own))
        {
            let why = format!("port {own} of {} is another peer's already", peer.address);
            return Err(at_place(*at, peer, &why));
        }
    }
    let settings = StationSettings {
        mac: first.mac,
        address: first.address,
        prefix: first.prefix,
        seed: first.seed,
        clock,
    };
    let make = move || -> Box<dyn crate::Peer> {
        let clients = peers.iter().filter_map(|(at, it)| it.client(*at, clock));
        Box::new(Station::new(settings, clients.collect()))
    };
    Ok(Box::new(PeerWire::new(digest.finish(), make)))
}

impl PeerConfig {
    /// Whether it runs on a computer with a whole TCP/IP.
    fn is_station(&self) -> bool {
        matches!(
            self.kind,
            Kind::Ping | Kind::UdpEcho | Kind::Dns | Kind::Http
        )
    }

    /// The UDP port that it sends from, if it does.
    fn own_port(&self, at: u16) -> Option<u16> {
        let uses = matches!(self.kind, Kind::UdpEcho | Kind::Dns | Kind::PingPong);
        let own = self.from_port.unwrap_or(FROM_PORT + at % 1000);
        uses.then_some(own)
    }

    fn ends(&self) -> Ends {
        Ends {
            mac: self.mac,
            address: self.address,
            target_mac: self.target_mac,
            target: self.target,
        }
    }

    fn pace(&self) -> Pace {
        Pace {
            start: self.start,
            count: self.count.unwrap_or(u64::MAX),
            interval: self.interval,
            timeout: self.timeout,
            tries: self.tries,
        }
    }

    fn times(&self) -> Times {
        Times::Rate {
            start: self.start,
            interval: self.interval.unwrap_or(1),
            count: self.count,
        }
    }

    fn size(&self) -> u16 {
        self.sizes.first().copied().unwrap_or(0)
    }

    fn echo(&self) -> Echo {
        Echo {
            sizes: self.sizes.clone(),
            seed: self.seed,
        }
    }

    fn echo_requests(&self, at: u16) -> Ping {
        Ping {
            identifier: at.wrapping_add(1),
            size: self.size(),
            seed: self.seed,
        }
    }

    /// What runs on its computer.
    fn client(&self, at: u16, clock: Clock) -> Option<Box<dyn Client>> {
        let from = (self.address, self.own_port(at).unwrap_or(FROM_PORT));
        let target = (self.target, self.port);
        Some(match self.kind {
            Kind::Ping => {
                let ping = self.echo_requests(at);
                station::ping(ping, self.address, self.target, self.pace())
            }
            Kind::UdpEcho => station::udp_echo(self.echo(), from, target, self.pace()),
            Kind::Dns => {
                let names = Names {
                    names: self.names.clone(),
                    identifier: self.seed as u16,
                };
                station::names(names, from, target, self.pace())
            }
            Kind::Http => Fetch::client(FetchSettings {
                from: self.address,
                target,
                path: self.path.clone(),
                pace: self.pace(),
                // Ports of their own for each peer, as far as there are enough.
                seed: self.seed.wrapping_add(u64::from(at) * 1024),
                clock,
            }),
            _ => return None,
        })
    }

    /// What it is if it is no computer.
    fn alone(&self, at: u16, clock: Clock, load: Load<'_>) -> Result<Box<dyn End>, String> {
        let mut digest = Digest::new(0x616c_6f6e_6521_2121);
        digest.u64(clock.cycles(1, 1));
        digest.u64(u64::from(at));
        digest.bytes(format!("{self:?}").as_bytes());
        let (name, ends) = (self.kind.name(), self.ends());
        let source = |digest: Digest, times: Times, frames: Frames| -> Box<dyn End> {
            let name = format!("{name} {} > {}", ends.address, ends.target);
            Box::new(Source::new(digest.finish(), name, times, frames))
        };
        Ok(match self.kind {
            Kind::Mix => {
                let mixed = Mix {
                    weights: self.weights,
                    flows: self.flows,
                    port: self.port,
                    size: self.size(),
                    seed: self.seed,
                };
                source(digest, self.times(), mix(ends, mixed))
            }
            Kind::Hostile => {
                let frames = hostile(ends, self.seed, &self.mistakes);
                source(digest, self.times(), frames)
            }
            Kind::Capture => {
                let bytes = load(&self.file)?;
                let read = capture::read(&bytes);
                if let Some(error) = &read.error {
                    return Err(format!("{}: {error}", self.file));
                }
                let (times, frames) = replay(&read, self.start, self.speed, clock);
                digest.bytes(&bytes);
                source(digest, times, frames)
            }
            Kind::Reflector => {
                let delay = self.delay;
                let make =
                    move || -> Box<dyn crate::Peer> { Box::new(Reflector::new(ends, delay)) };
                Box::new(PeerWire::new(digest.finish(), make))
            }
            Kind::PingPong => {
                let ports = (self.own_port(at).unwrap_or(FROM_PORT), self.port);
                let (echo, pace) = (self.echo(), self.pace());
                let make = move || -> Box<dyn crate::Peer> {
                    Box::new(PingPong::new(ends, ports, echo.clone(), pace.clone()))
                };
                Box::new(PeerWire::new(digest.finish(), make))
            }
            _ => source(digest, self.times(), flood(ends, self.echo_requests(at))),
        })
    }
}
