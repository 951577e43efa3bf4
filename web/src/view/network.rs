//! The panel of the network: what has become of packets, how full the rings are, and how the other end got on.

use exo_core::ids::EnvId;
use exo_session::Session;
use exo_session::explain::env_letter;
use exo_session::network::{NetworkReport, PeerReport, network_report};

use super::memory::Owner;
use super::rings::{self, Holder};
use super::words::grouped;
use crate::store::Playground;

/// A task of a peer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerRow {
    /// What it is and between whom.
    pub name: String,
    /// Whether it is done, and what it sent and got.
    pub words: String,
}

/// How full the rings of an environment are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FillRow {
    /// Whose.
    pub owner: Owner,
    /// How many buffers of how many hold packets, and how many packets wait to be sent.
    pub words: String,
}

/// The panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkView {
    /// What was counted, each with its name.
    pub counts: Vec<(String, String)>,
    /// How full rings are.
    pub fills: Vec<FillRow>,
    /// The tasks at the other end.
    pub peers: Vec<PeerRow>,
}

/// Nothing if the machine has no network.
pub(super) fn select(playground: &Playground) -> Option<NetworkView> {
    let session = playground.session();
    let report = report(session)?;
    Some(NetworkView {
        counts: counts(&report),
        fills: fills(session),
        peers: peers(&report),
    })
}

/// What has become of packets where a session stands; nothing if there is no network.
pub(super) fn report(session: &Session) -> Option<NetworkReport> {
    let spec = session.scenario().network.as_ref()?;
    network_report(spec, session.machine())
}

/// What was counted, each with its name.
pub(super) fn counts(report: &NetworkReport) -> Vec<(String, String)> {
    let packets = &report.packets;
    let mut counts = vec![
        ("arrived".to_owned(), report.arrived.0),
        ("delivered".to_owned(), packets.delivered.0),
        ("consumed".to_owned(), packets.consumed.0),
        ("waiting".to_owned(), report.waiting.0),
        ("sent".to_owned(), packets.sent.0),
    ];
    let dropped = packets.dropped.iter();
    counts.extend(dropped.map(|it| {
        let reason = it.reason.replace('_', " ");
        (format!("dropped, {reason}"), it.packets.0)
    }));
    let counts = counts.into_iter();
    counts.map(|(name, count)| (name, grouped(count))).collect()
}

/// The tasks at the other end.
pub(super) fn peers(report: &NetworkReport) -> Vec<PeerRow> {
    report.peers.iter().map(peer).collect()
}

fn peer(report: &PeerReport) -> PeerRow {
    let line = report.line();
    let words = line.strip_prefix(&report.name).unwrap_or(&line);
    PeerRow {
        name: report.name.clone(),
        words: words.trim_start_matches([':', ' ']).to_owned(),
    }
}

fn fills(session: &Session) -> Vec<FillRow> {
    let machine = session.machine();
    let Some(network) = &machine.kernel().network else {
        return Vec::new();
    };
    let (rings, sending) = (
        rings::rings(network, machine, None),
        rings::sending(machine),
    );
    let environments = (0..machine.kernel().environments.len()).map(|it| EnvId(it as u8));
    let rows = environments.filter_map(|env| {
        let owner = Owner { env };
        let own = rings.iter().filter(|it| it.owner == owner);
        let slots: Vec<Holder> = own.flat_map(|it| &it.slots).map(|it| it.holder).collect();
        let waits = sending.iter().filter(|it| it.owner == owner).count();
        let full = slots
            .iter()
            .filter(|it| matches!(it, Holder::Library(_)))
            .count();
        let words = format!(
            "{full} of {} buffers of {} hold packets, {waits} packets wait to be sent",
            slots.len(),
            env_letter(env)
        );
        (!slots.is_empty() || waits > 0).then_some(FillRow { owner, words })
    });
    rows.collect()
}
