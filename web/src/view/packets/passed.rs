//! The packets of the machine at hand as a list, and the one that is looked at.

use exo_core::event::NetworkFact;
use exo_core::ids::{EnvId, Fate, Frame};
use exo_core::kernel::filter::{Engine, FilterId};
use exo_core::kernel::network::Network;
use exo_core::machine::Machine;
use exo_net::decode::summary;
use exo_session::explain::why_dropped;
use exo_session::export::Clock;
use exo_session::network::{Direction, Passed, Told};

use super::{ClaimView, ROWS};
use crate::store::{COLLECTED_MAX, Playground};
use crate::view::memory::Owner;
use crate::view::packet::{PacketView, StepView};
use crate::view::touched_by;
use crate::view::trie::Merged;
use crate::view::words::{grouped, hex};

/// A packet that passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedRow {
    /// Its place, from 0.
    pub index: usize,
    /// When, in milliseconds since reset.
    pub time: String,
    /// Whether it came in.
    pub inward: bool,
    /// Its length in bytes.
    pub length: String,
    /// What it is.
    pub summary: String,
    /// Whose it is, or who sent it.
    pub whose: ClaimView,
    /// What has become of it, in a few words.
    pub fate: String,
    /// What the chosen engine takes for it; nothing if it is not filtered.
    pub cycles: String,
    /// The step at which it passed.
    pub step: u64,
    /// Whether that lies ahead.
    pub later: bool,
    /// Whether it was dropped.
    pub dropped: bool,
    /// Whether it lies or lay in the frame that is chosen.
    pub looked: bool,
}

/// A moment in milliseconds.
pub(super) fn milliseconds(cycles: u64) -> String {
    Clock::default().at(cycles).milliseconds()
}

pub(super) fn rows(playground: &Playground) -> Vec<PassedRow> {
    let packets = playground.packets();
    let passed = packets.live.log.packets();
    let machine = playground.session().machine();
    let rows = passed
        .iter()
        .enumerate()
        .skip(packets.live.first)
        .take(ROWS);
    let chosen = playground.selected_frame();
    rows.map(|(index, packet)| row(index, packet, packets.engine, machine, chosen))
        .collect()
}

/// What was told of a packet by now; of one that lies ahead, all.
fn told_by(packet: &Passed, step: u64) -> impl DoubleEndedIterator<Item = &Told> + Clone {
    let later = packet.step > step;
    packet
        .told
        .iter()
        .filter(move |it| later || it.step <= step)
}

fn row(
    index: usize,
    packet: &Passed,
    engine: Engine,
    machine: &Machine,
    chosen: Option<Frame>,
) -> PassedRow {
    let step = machine.events();
    let told = told_by(packet, step);
    let inward = packet.direction == Direction::In;
    let dropped = |it: &Told| matches!(it.fact(), Some(NetworkFact::Dropped { .. }));
    let verdict = machine.kernel().network.as_ref().filter(|_| inward);
    let verdict = verdict.map(|it| it.filters.classify(engine, &packet.bytes).cycles);
    PassedRow {
        index,
        time: milliseconds(packet.cycles),
        inward,
        length: grouped(packet.length.into()),
        summary: match packet.bytes.is_empty() {
            true => "nobody has seen it".to_owned(),
            false => summary(&packet.bytes),
        },
        whose: whose(packet, told.clone()),
        fate: fate(told.clone()),
        cycles: verdict.map_or_else(String::new, |it| grouped(it.into())),
        step: packet.step,
        later: packet.step > step,
        dropped: told.clone().any(dropped),
        looked: chosen.is_some()
            && told
                .into_iter()
                .any(|it| touched_by(&it.event).frame == chosen),
    }
}

/// Who has a packet, or who sent it, as the events say.
fn whose<'run>(packet: &Passed, told: impl Iterator<Item = &'run Told>) -> ClaimView {
    if let Some(env) = packet.sender {
        return ClaimView {
            owner: Some(Owner { env }),
            words: "sent it".to_owned(),
        };
    }
    let claimed = told.filter_map(|it| match it.fact()? {
        NetworkFact::Claimed { filter, .. } => Some((it.event.env(), filter)),
        _ => None,
    });
    match claimed.last() {
        Some((env, filter)) => bound(env, filter),
        None => ClaimView {
            owner: None,
            words: "nobody".to_owned(),
        },
    }
}

/// A filter of an environment.
pub(super) fn bound(env: EnvId, filter: FilterId) -> ClaimView {
    ClaimView {
        owner: Some(Owner { env }),
        words: format!("filter {}", filter.0),
    }
}

/// What has become of a packet, as the last of what was told says, and whether its owner was told.
fn fate<'run>(told: impl DoubleEndedIterator<Item = &'run Told> + Clone) -> String {
    let heard = match told.clone().next_back() {
        Some(last) if last.fact().is_none() => "; owner told",
        _ => "",
    };
    let handler = told.clone().find_map(|it| match it.fact()? {
        NetworkFact::HandlerRan { fate, reply, .. } => Some((fate, reply)),
        _ => None,
    });
    let handled = match handler {
        Some((Fate::Queue, _)) => "handler: into the ring; ",
        _ => "",
    };
    let last = told.rev().find_map(Told::fact);
    let words = match last {
        None => "waits in the device".to_owned(),
        Some(NetworkFact::Claimed { .. }) => "claimed".to_owned(),
        Some(NetworkFact::ReceiveBegan { frame, .. }) => {
            format!("goes into frame {}", hex(frame.0))
        }
        Some(NetworkFact::Received { frame, .. }) => format!("in frame {}", hex(frame.0)),
        Some(NetworkFact::HandlerRan { fate, reply, .. }) => {
            let what = match fate {
                Fate::Done => "handler: done",
                Fate::Wake => "handler: owner to be told",
                Fate::Queue => return "handler: into the ring".to_owned(),
            };
            let replied = reply.map(|it| format!(", replied with {it}"));
            format!("{what}{}", replied.unwrap_or_default())
        }
        Some(NetworkFact::HandlerStopped { .. }) => "handler stopped: into the ring".to_owned(),
        Some(NetworkFact::Dropped { reason, .. }) => {
            format!("dropped: {}", why_dropped(reason))
        }
        Some(NetworkFact::Sent { arrivals, .. }) => match arrivals {
            0 => "left; the link loses it".to_owned(),
            1 => "left; arrives".to_owned(),
            _ => "left; arrives twice".to_owned(),
        },
        Some(_) => String::new(),
    };
    format!("{handled}{words}{heard}")
}

/// The machine's packets in words.
pub(super) fn what(playground: &Playground) -> String {
    if playground.activity.is_run() {
        return "This machine runs; the list follows it".to_owned();
    }
    let live = &playground.packets().live;
    let (all, step) = (live.log.packets().len(), playground.session().step_number());
    let passed = live.passed_by(step);
    let count = |count: usize| match count {
        1 => "1 packet".to_owned(),
        count => format!("{} packets", grouped(count as u64)),
    };
    let mut words = format!(
        "This machine: {} up to step {}",
        count(passed),
        grouped(step)
    );
    match all - passed {
        0 => {}
        1 => words += "; 1 more lies ahead, as the run went before",
        more => {
            let more = grouped(more as u64);
            words += &format!("; {more} more lie ahead, as the run went before");
        }
    }
    if live.is_full() {
        words += &format!(
            "; no more than {} are collected",
            grouped(COLLECTED_MAX as u64)
        );
    }
    words
}

/// The packet that is looked at, with its way through the filters that are bound now.
pub(super) fn packet(playground: &Playground, network: &Network) -> Option<PacketView> {
    let packets = playground.packets();
    let machine = playground.session().machine();
    let step = machine.events();
    let packet = packets.live.packet(step)?;
    let row = packets.live.selected(step);
    let mut view = PacketView::of(row, packet.length as usize, &packet.bytes);
    let inward = packet.direction == Direction::In;
    let way = if inward { "in" } else { "out" };
    view.what = format!(
        "{}, {way}, at {} ms",
        view.what,
        milliseconds(packet.cycles)
    );
    view.steps = steps(packet, machine);
    let trie = network.filters.trie_view();
    let claim = |accepted: Option<(FilterId, EnvId)>| match accepted {
        Some((id, env)) => bound(env, id),
        None => ClaimView::nobody(),
    };
    let merged = Merged {
        trie: &trie,
        set: &network.filters,
        claim: &claim,
    };
    if inward {
        let verdicts = Engine::ALL.map(|it| (it, network.filters.classify(it, &packet.bytes)));
        let accepted = verdicts.iter().find_map(|(_, it)| it.accepted);
        let engines = verdicts.map(|(engine, it)| (engine.name(), grouped(it.cycles.into()), None));
        view.find_way(
            merged,
            &packet.bytes,
            accepted.map(|it| it.0),
            engines.to_vec(),
        );
    } else {
        view.not_filtered(merged);
    }
    Some(view)
}

/// What was told of a packet, from the step at which it came on.
fn steps(packet: &Passed, machine: &Machine) -> Vec<StepView> {
    let now = machine.events();
    let view = |step: u64, words: String| StepView {
        step,
        words,
        later: step > now,
    };
    let came = (packet.direction == Direction::In && !packet.bytes.is_empty()).then(|| {
        let number = packet.number;
        let words = format!(
            "Packet {number} of those that came in is in the receive ring of the network interface."
        );
        view(packet.step, words)
    });
    let told = packet.told.iter();
    let told = told.map(|it| view(it.step, it.text(machine)));
    came.into_iter().chain(told).collect()
}
