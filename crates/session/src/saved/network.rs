//! The network of a scenario: `[network]` and the tables `[[network.peer]]` in it.

use exo_core::hw::LinkConfig;
use exo_core::kernel::filter::Engine;
use exo_peers::config::Kind;

use super::section::{FileError, Section, Value};
use super::write::Lines;
use crate::network::{self, NetworkShape, NetworkSpec, PEERS_MAX, PeerSpec};

/// The longest time of the link, in cycles: a day of a machine with 25 MHz.
const TIME_MAX: u64 = 25_000_000 * 86_400;
/// The most cycles for a byte, and the most bytes around a packet.
const PER_PACKET_MAX: u32 = 1_000_000;

/// Reads it; none if the file has none.
pub(super) fn read(file: &Section<'_>) -> Result<Option<NetworkShape>, FileError> {
    let Some(section) = file.section("network")? else {
        return Ok(None);
    };
    if !network::is_here() {
        return Err(section.wrong(network::NOT_HERE));
    }
    section.known(&[
        "engine",
        "byte_cycles",
        "overhead",
        "latency",
        "lost",
        "doubled",
        "delayed",
        "delay",
        "peer",
    ])?;
    let usual = NetworkShape::default();
    let peers = section.sections("peer", PEERS_MAX)?;
    let peers = peers.iter().map(peer);
    let shape = NetworkShape {
        link: link(&section, usual.link)?,
        engine: match section.find("engine") {
            Some(value) => engine(&value)?,
            None => usual.engine,
        },
        peers: peers.collect::<Result<_, _>>()?,
    };
    // Captures are files, which are looked for when the session is opened.
    let mut alone = shape.clone();
    let capture = |it: &PeerSpec| it.config().kind == Kind::Capture;
    alone.peers.retain(|it| !capture(it));
    let made = NetworkSpec::new(alone, &mut |_| Ok(Vec::new()));
    made.map_err(|message| section.wrong(message))?;
    Ok(Some(shape))
}

fn engine(value: &Value<'_>) -> Result<Engine, FileError> {
    let name = value.text()?;
    let found = Engine::ALL.into_iter().find(|it| it.name() == name);
    found.ok_or_else(|| {
        let names = Engine::ALL.map(Engine::name).join(", ");
        value.wrong(format!("there is no engine {name:?}; there are {names}"))
    })
}

fn link(section: &Section<'_>, usual: LinkConfig) -> Result<LinkConfig, FileError> {
    let number = |key: &str, usual| match section.find(key) {
        Some(value) => value.number_u32(0..=PER_PACKET_MAX),
        None => Ok(usual),
    };
    let time = |key: &str, usual| match section.find(key) {
        Some(value) => value.number(0..=TIME_MAX),
        None => Ok(usual),
    };
    let chance = |key: &str, usual: u16| match section.find(key) {
        Some(value) => value.number(0..=1_000).map(|it| it as u16),
        None => Ok(usual),
    };
    Ok(LinkConfig {
        byte_cycles: number("byte_cycles", usual.byte_cycles)?,
        overhead_bytes: number("overhead", usual.overhead_bytes)?,
        latency_cycles: time("latency", usual.latency_cycles)?,
        lost_per_thousand: chance("lost", usual.lost_per_thousand)?,
        doubled_per_thousand: chance("doubled", usual.doubled_per_thousand)?,
        delayed_per_thousand: chance("delayed", usual.delayed_per_thousand)?,
        delay_cycles: time("delay", usual.delay_cycles)?,
    })
}

fn peer(section: &Section<'_>) -> Result<PeerSpec, FileError> {
    let pairs = section.plain_values()?;
    let borrowed: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(key, text)| (key.as_str(), text.as_str()))
        .collect();
    PeerSpec::parse(&borrowed).map_err(|error| {
        let value = error.key.and_then(|key| section.find(&key));
        match value {
            Some(value) => value.wrong(error.message),
            None => section.wrong(error.message),
        }
    })
}

/// Writes it, but for what is usual of the link.
pub(super) fn write(out: &mut Lines, shape: &NetworkShape) {
    let usual = LinkConfig::default();
    let link = shape.link;
    out.table("[network]");
    out.text("engine", shape.engine.name());
    for (key, value, usual) in [
        (
            "byte_cycles",
            link.byte_cycles.into(),
            usual.byte_cycles.into(),
        ),
        (
            "overhead",
            link.overhead_bytes.into(),
            usual.overhead_bytes.into(),
        ),
        ("latency", link.latency_cycles, usual.latency_cycles),
        (
            "lost",
            link.lost_per_thousand.into(),
            usual.lost_per_thousand.into(),
        ),
        (
            "doubled",
            link.doubled_per_thousand.into(),
            usual.doubled_per_thousand.into(),
        ),
        (
            "delayed",
            link.delayed_per_thousand.into(),
            usual.delayed_per_thousand.into(),
        ),
        ("delay", link.delay_cycles, usual.delay_cycles),
    ] {
        if value != usual {
            out.entry(key, value);
        }
    }
    for peer in &shape.peers {
        out.table("[[network.peer]]");
        for (key, value) in peer.pairs() {
            // What would be read as the same digits is written as a number.
            match value.parse::<u32>() {
                Ok(number) if number.to_string() == *value => out.entry(key, number),
                _ => out.text(key, value),
            }
        }
    }
}
