//! The network of a scenario: `[network]` and the tables `[[network.peer]]` in it.

use exo_core::hw::LinkConfig;
use exo_peers::config::Kind;

use super::section::{FileError, Section};
use super::write::Lines;
use crate::network::{self, NetworkShape, NetworkSpec, PEERS_MAX, PeerSpec};

/// Reads it; none if the file has none.
pub(super) fn read(file: &Section<'_>) -> Result<Option<NetworkShape>, FileError> {
    let Some(section) = file.section("network")? else {
        return Ok(None);
    };
    if !network::is_here() {
        return Err(section.wrong(network::NOT_HERE));
    }
    section.known(&[NetworkShape::KEYS, &["peer"]].concat())?;
    let peers = section.sections("peer", PEERS_MAX)?;
    let mut shape = NetworkShape {
        peers: peers.iter().map(peer).collect::<Result<_, _>>()?,
        ..NetworkShape::default()
    };
    for key in NetworkShape::KEYS {
        if let Some(value) = section.find(key) {
            let set = shape.set(key, &value.plain()?);
            set.map_err(|message| value.wrong(message))?;
        }
    }
    // Captures are files, which are looked for when the session is opened.
    let mut alone = shape.clone();
    let capture = |it: &PeerSpec| it.config().kind == Kind::Capture;
    alone.peers.retain(|it| !capture(it));
    let made = NetworkSpec::new(alone, &mut |_| Ok(Vec::new()));
    made.map_err(|message| section.wrong(message))?;
    Ok(Some(shape))
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
