//! What became of packets, and how the peers got on: for people, and as an object for scripts.

use exo_core::ids::EnvId;
use exo_core::kernel::network::{Counts, DropReason};
use exo_core::machine::Machine;
use exo_peers::Report;
use serde::Serialize;

use super::NetworkSpec;
use crate::explain::{drop_word, env_letter, grouped, why_dropped};
use crate::state::Number;

/// What became of packets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PacketsReport {
    /// Packets that lie, or lay, in a buffer of a ring.
    pub delivered: Number,
    /// Packets that a message handler consumed.
    pub consumed: Number,
    /// Packets that were dropped: each reason that there was, in its word, with how many.
    pub dropped: Vec<DroppedReport>,
    /// Packets that have left.
    pub sent: Number,
}

/// Packets that were dropped for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DroppedReport {
    /// The reason, in the word that exports have.
    pub reason: &'static str,
    /// The same in a sentence.
    pub text: &'static str,
    /// How many.
    pub packets: Number,
}

/// A network where its machine stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NetworkReport {
    /// Packets that have come in.
    pub arrived: Number,
    /// Packets that have come in and about which nothing is decided yet, or that are on their way into a buffer.
    pub waiting: Number,
    /// What became of the others, and what was sent.
    #[serde(flatten)]
    pub packets: PacketsReport,
    /// The same for the filters of each environment, A first. What no filter had is nobody's.
    pub environments: Vec<PacketsReport>,
    /// How the peers got on.
    pub peers: Vec<PeerReport>,
}

/// How a task of a peer got on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PeerReport {
    /// What it is and between whom.
    pub name: String,
    /// `running`, `finished`, or `failed` with the reason.
    pub outcome: String,
    /// Requests, or packets, sent; without those that were only sent again.
    pub sent: Number,
    /// Requests sent again.
    pub repeats: Number,
    /// Replies that are right.
    pub replies: Number,
    /// Replies to what was answered already, or was given up.
    pub late: Number,
    /// Replies that are not what was asked for.
    pub wrong: Number,
    /// Bytes that the right replies carried.
    pub bytes: Number,
    /// A sum of what they carried, 16 hexadecimal digits.
    pub hash: String,
    /// The shortest, mean and longest time from a request to its reply, in cycles; none if there is none.
    pub cycles: Option<[Number; 3]>,
}

impl PacketsReport {
    fn new(counts: &Counts, sent: u64) -> PacketsReport {
        let dropped = DropReason::ALL.into_iter().zip(counts.dropped);
        let dropped = dropped.filter(|(_, packets)| *packets > 0);
        PacketsReport {
            delivered: Number(counts.delivered),
            consumed: Number(counts.consumed),
            dropped: dropped
                .map(|(reason, packets)| DroppedReport {
                    reason: drop_word(reason),
                    text: why_dropped(reason),
                    packets: Number(packets),
                })
                .collect(),
            sent: Number(sent),
        }
    }

    fn lines(&self, out: &mut Vec<(String, u64)>) {
        out.push(("packets delivered".to_owned(), self.delivered.0));
        out.push(("packets consumed".to_owned(), self.consumed.0));
        for it in &self.dropped {
            out.push((format!("dropped, {}", it.reason), it.packets.0));
        }
        out.push(("packets sent".to_owned(), self.sent.0));
    }
}

impl PeerReport {
    fn new(report: Report) -> PeerReport {
        let trips = report.round_trips;
        PeerReport {
            name: report.name,
            outcome: report.outcome.to_string(),
            sent: Number(report.sent),
            repeats: Number(report.sent_again),
            replies: Number(report.replies),
            late: Number(report.repeated),
            wrong: Number(report.wrong),
            bytes: Number(report.bytes),
            hash: format!("{:016x}", report.hash),
            cycles: (trips.count > 0).then(|| [trips.min, trips.mean(), trips.max].map(Number)),
        }
    }

    /// In a line: what it is, whether it is done, and what it sent and got.
    pub fn line(&self) -> String {
        let mut text = format!(
            "{}: {}; {} sent, {} replies",
            self.name,
            self.outcome,
            grouped(self.sent.0),
            grouped(self.replies.0)
        );
        for (count, what) in [
            (self.repeats, "sent again"),
            (self.late, "late"),
            (self.wrong, "wrong"),
            (self.bytes, "bytes"),
        ] {
            if count.0 > 0 {
                text.push_str(&format!(", {} {what}", grouped(count.0)));
            }
        }
        if let Some(cycles) = self.cycles {
            let [least, mean, most] = cycles.map(|it| grouped(it.0));
            text.push_str(&format!("; {least} to {most} cycles, {mean} on average"));
        }
        text
    }
}

impl NetworkReport {
    /// For people: the counts of the whole network, then its peers, a line each.
    pub fn lines(&self) -> Vec<String> {
        let mut counts = vec![("packets arrived".to_owned(), self.arrived.0)];
        self.packets.lines(&mut counts);
        if self.waiting.0 > 0 {
            counts.push(("packets waiting".to_owned(), self.waiting.0));
        }
        let counts = counts.into_iter();
        let counts = counts.map(|(label, count)| format!("{label:<22}{:>14}", grouped(count)));
        let environments = self.environments.iter().zip((0..).map(EnvId));
        let environments = environments.filter_map(|(it, env)| {
            let mut own = Vec::new();
            it.lines(&mut own);
            own.retain(|(_, count)| *count > 0);
            let own: Vec<String> = own
                .into_iter()
                .map(|(label, count)| format!("{} {}", grouped(count), label))
                .collect();
            (!own.is_empty()).then(|| format!("{}: {}", env_letter(env), own.join(", ")))
        });
        let peers = self.peers.iter().map(PeerReport::line);
        counts.chain(environments).chain(peers).collect()
    }
}

/// The network of a machine where it stands; none if it has none.
pub fn network_report(spec: &NetworkSpec, machine: &Machine) -> Option<NetworkReport> {
    let nic = machine.hardware().nic.as_ref()?;
    let network = machine.kernel().network.as_ref()?;
    let environments = (0..).map(EnvId).zip(&network.sent).map(|(env, sent)| {
        let mut counts = Counts::default();
        for (_, binding) in network.of(env) {
            counts.delivered += binding.counts.delivered;
            counts.consumed += binding.counts.consumed;
            for (all, own) in counts.dropped.iter_mut().zip(binding.counts.dropped) {
                *all += own;
            }
        }
        PacketsReport::new(&counts, *sent)
    });
    let waiting = nic.received().count() + usize::from(nic.filling().is_some());
    Some(NetworkReport {
        arrived: Number(nic.arrived().into()),
        waiting: Number(waiting as u64),
        packets: PacketsReport::new(&network.counts, network.sent.iter().sum()),
        environments: environments.collect(),
        peers: spec
            .reports(machine)
            .into_iter()
            .map(PeerReport::new)
            .collect(),
    })
}
