//! A peer as scenario files tell it: a kind, and what differs from what is usual for it.

pub mod build;
mod value;

use std::fmt;
use std::net::Ipv4Addr;

use exo_net::frames::Mac;

use crate::clock::Clock;
use crate::source::hostile;
use value::Reader;

/// Why a description of peers cannot be used: which one, what, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(String);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

/// What a peer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Sends echo requests and counts the replies.
    Ping,
    /// Sends UDP datagrams and compares what comes back.
    UdpEcho,
    /// Asks for the addresses of names.
    Dns,
    /// Fetches a file with HTTP/1.0.
    Http,
    /// Sends echo requests at a rate, whatever comes back.
    Flood,
    /// Sends packets of many flows and protocols.
    Mix,
    /// Sends frames that are wrong.
    Hostile,
    /// Sends what was captured elsewhere.
    Capture,
    /// Sends each UDP datagram back.
    Reflector,
    /// Sends a datagram to and fro.
    PingPong,
}

/// The kinds with their names, and the keys that each has besides [`COMMON`].
const KINDS: &[(Kind, &str, &[&str])] = &[
    (
        Kind::Ping,
        "ping",
        &["count", "interval", "timeout", "size", "seed"],
    ),
    (
        Kind::UdpEcho,
        "udp-echo",
        &[
            "port",
            "from-port",
            "count",
            "interval",
            "timeout",
            "tries",
            "size",
            "seed",
        ],
    ),
    (
        Kind::Dns,
        "dns",
        &[
            "port",
            "from-port",
            "count",
            "interval",
            "timeout",
            "tries",
            "names",
            "seed",
        ],
    ),
    (
        Kind::Http,
        "http",
        &["port", "path", "count", "interval", "timeout", "seed"],
    ),
    (Kind::Flood, "flood", &["count", "interval", "size", "seed"]),
    (
        Kind::Mix,
        "mix",
        &[
            "port", "count", "interval", "size", "flows", "weights", "seed",
        ],
    ),
    (
        Kind::Hostile,
        "hostile",
        &["count", "interval", "mistakes", "seed"],
    ),
    (Kind::Capture, "capture", &["file", "speed"]),
    (Kind::Reflector, "reflector", &["delay"]),
    (
        Kind::PingPong,
        "ping-pong",
        &[
            "port",
            "from-port",
            "count",
            "timeout",
            "tries",
            "size",
            "seed",
        ],
    ),
];

/// The keys that every kind has.
const COMMON: &[&str] = &["kind", "address", "mac", "target", "target-mac", "start"];

impl Kind {
    /// Its name in scenario files.
    pub fn name(self) -> &'static str {
        let found = KINDS.iter().find(|(kind, ..)| *kind == self);
        found.map_or("", |(_, name, _)| name)
    }
}

/// A peer. What its kind has no use for stays as usual. Times are in cycles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerConfig {
    /// What it does.
    pub kind: Kind,
    /// Its address: 10.0.0.2.
    pub address: Ipv4Addr,
    /// How many bits of the address are the network's: 24.
    pub prefix: u8,
    /// Its hardware address: 02:00 and the address, whose first number is left out and taken as 0.
    pub mac: Mac,
    /// The machine's address: 10.0.0.1.
    pub target: Ipv4Addr,
    /// The machine's hardware address, made as [`PeerConfig::mac`] is. Only those who do not ask for it use it.
    pub target_mac: Mac,
    /// The machine's port: that of the service, or 7.
    pub port: u16,
    /// Its own port; `None`: one that no other peer has.
    pub from_port: Option<u16>,
    /// When it begins.
    pub start: u64,
    /// How many requests or frames; `None`: no end of them, of those that come at a rate.
    pub count: Option<u64>,
    /// How long after one the next comes; `None`: when the one before is done.
    pub interval: Option<u64>,
    /// How long a reply is waited for.
    pub timeout: u64,
    /// How often a request is sent at most.
    pub tries: u32,
    /// How many bytes requests carry, again and again.
    pub sizes: Vec<u16>,
    /// What its numbers and contents follow from.
    pub seed: u64,
    /// Which file it fetches.
    pub path: String,
    /// Which names it asks for.
    pub names: Vec<String>,
    /// How many flows there are of TCP and of UDP.
    pub flows: u32,
    /// How many of TCP, UDP, ICMP and ARP there are, in proportion.
    pub weights: [u32; 4],
    /// Which mistakes its frames have; none named: all of them.
    pub mistakes: Vec<String>,
    /// Which capture it sends.
    pub file: String,
    /// How many times faster than it was captured, as a fraction.
    pub speed: (u64, u64),
    /// How long it keeps a datagram.
    pub delay: u64,
}

/// The hardware address that goes with an address if none is given.
fn mac_of(address: Ipv4Addr) -> Mac {
    let [_, b, c, d] = address.octets();
    [2, 0, 0, b, c, d]
}

impl PeerConfig {
    /// What is usual for a kind, on a machine with this clock.
    pub fn new(kind: Kind, clock: Clock) -> PeerConfig {
        let (address, target) = (Ipv4Addr::new(10, 0, 0, 2), Ipv4Addr::new(10, 0, 0, 1));
        let second = clock.cycles(1, 1);
        let millisecond = clock.cycles(1, 1000);
        let mut config = PeerConfig {
            kind,
            address,
            prefix: 24,
            mac: mac_of(address),
            target,
            target_mac: mac_of(target),
            port: 7,
            from_port: None,
            start: 0,
            count: Some(1),
            interval: None,
            timeout: second,
            tries: 1,
            sizes: vec![56],
            seed: 1,
            path: "/".to_owned(),
            names: vec!["exo.test".to_owned()],
            flows: 16,
            weights: [4, 3, 2, 1],
            mistakes: Vec::new(),
            file: String::new(),
            speed: (1, 1),
            delay: 0,
        };
        match kind {
            Kind::Ping => (config.count, config.interval) = (Some(4), Some(second)),
            Kind::UdpEcho => (config.count, config.sizes) = (Some(3), vec![18, 512, 1472]),
            Kind::Dns => (config.port, config.tries) = (53, 3),
            Kind::Http => (config.port, config.timeout) = (80, second.saturating_mul(30)),
            Kind::Flood | Kind::Mix | Kind::Hostile => {
                (config.count, config.interval) = (None, Some(millisecond));
            }
            Kind::Capture | Kind::Reflector => {}
            Kind::PingPong => (config.count, config.sizes) = (Some(16), vec![18]),
        }
        config
    }

    /// Reads a peer from keys and values, as a scenario file has them. A time is a number of cycles, or one
    /// with `us`, `ms` or `s` behind it.
    ///
    /// # Errors
    /// A sentence that names the key and says what would be right.
    pub fn parse(pairs: &[(&str, &str)], clock: Clock) -> Result<PeerConfig, ConfigError> {
        let kinds: Vec<&str> = KINDS.iter().map(|(_, name, _)| *name).collect();
        let kinds = kinds.join(", ");
        let Some((_, wanted)) = pairs.iter().find(|(key, _)| *key == "kind") else {
            return Err(ConfigError(format!("a peer has a kind, one of {kinds}")));
        };
        let Some((kind, name, keys)) = KINDS.iter().find(|(_, name, _)| name == wanted) else {
            let text = format!("there is no kind of peer {wanted:?}; there are {kinds}");
            return Err(ConfigError(text));
        };
        for (at, (key, _)) in pairs.iter().enumerate() {
            if pairs.iter().take(at).any(|(other, _)| other == key) {
                return Err(ConfigError(format!("a peer has `{key}` once, not twice")));
            }
            if !COMMON.contains(key) && !keys.contains(key) {
                return Err(ConfigError(format!(
                    "a peer of kind {name} has no `{key}`; it has {} and {}",
                    COMMON.join(", "),
                    keys.join(", ")
                )));
            }
        }
        let mut config = PeerConfig::new(*kind, clock);
        let reader = Reader { pairs, clock };
        config.read_ends(&reader)?;
        config.read_pace(&reader)?;
        config.read_contents(&reader)?;
        Ok(config)
    }

    /// Reads who talks to whom.
    fn read_ends(&mut self, reader: &Reader<'_>) -> Result<(), ConfigError> {
        reader.network("address", &mut self.address, &mut self.prefix)?;
        reader.address("target", &mut self.target)?;
        self.mac = mac_of(self.address);
        self.target_mac = mac_of(self.target);
        reader.mac("mac", &mut self.mac)?;
        reader.mac("target-mac", &mut self.target_mac)?;
        reader.number("port", 1..=65_535, &mut self.port)?;
        if let Some(port) = reader.optional("from-port", 1..=65_535)? {
            self.from_port = Some(port);
        }
        let network = |address: Ipv4Addr| {
            let shift = u32::from(32 - self.prefix.min(32));
            u32::from(address).checked_shr(shift).unwrap_or(0)
        };
        if self.address == self.target {
            let text = format!("`address` and `target` are both {}", self.target);
            return Err(ConfigError(text));
        }
        if network(self.address) != network(self.target) {
            return Err(ConfigError(format!(
                "the target {} is not in the network of {}/{}: nothing here leads from one network to another; a smaller number behind the slash makes it larger",
                self.target, self.address, self.prefix
            )));
        }
        Ok(())
    }

    /// Reads when it does something and how often.
    fn read_pace(&mut self, reader: &Reader<'_>) -> Result<(), ConfigError> {
        reader.time("start", 0, &mut self.start)?;
        if let Some(count) = reader.optional("count", 1..=u64::MAX)? {
            self.count = Some(count);
        }
        let mut interval = self.interval.unwrap_or(0);
        if reader.time("interval", 1, &mut interval)? {
            self.interval = Some(interval);
        }
        reader.time("timeout", 1, &mut self.timeout)?;
        reader.number("tries", 1..=100, &mut self.tries)?;
        reader.time("delay", 0, &mut self.delay)?;
        reader.fraction("speed", &mut self.speed)
    }

    /// Reads what it sends.
    fn read_contents(&mut self, reader: &Reader<'_>) -> Result<(), ConfigError> {
        reader.sizes("size", &mut self.sizes)?;
        reader.number("seed", 0..=u64::MAX, &mut self.seed)?;
        reader.path("path", &mut self.path)?;
        reader.names("names", &mut self.names)?;
        reader.number("flows", 1..=60_000, &mut self.flows)?;
        reader.weights("weights", &mut self.weights)?;
        let known: Vec<&str> = hostile::names().collect();
        reader.words("mistakes", &known, &mut self.mistakes)?;
        reader.text("file", &mut self.file);
        if self.kind == Kind::Capture && self.file.is_empty() {
            let text = "a peer of kind capture has a `file`, a capture in pcap or pcapng";
            return Err(ConfigError(text.to_owned()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
