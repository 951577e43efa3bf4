//! One packet: its fields, its bytes, which bits the filters looked at, and what each engine took.

use exo_core::ids::EnvId;
use exo_core::kernel::filter::{Engine, FilterId, Look, TrieView};
use exo_net::decode::{Layer, decode};

use super::packets::claim;
use super::trie::{self, AnswerView, Merged};
use super::words::grouped;
use crate::store::{Found, Packets};

/// Bytes that are shown of a packet.
const BYTES: usize = 2_048;

/// A packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PacketView {
    /// Its number, from 1.
    pub number: String,
    /// What became of it, step by step; of a capture's nothing is known.
    pub steps: Vec<StepView>,
    /// How many bytes it has, and what of them is shown, in words.
    pub what: String,
    /// Its layers with their fields.
    pub layers: Vec<Layer>,
    /// Its bytes, each with the bits of it that its filter looked at.
    pub bytes: Vec<(u8, u8)>,
    /// What the filters made of it, once that is known.
    pub merged: Option<MergedView>,
}

/// A step at which something became of a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepView {
    /// The step.
    pub step: u64,
    /// What, in a sentence.
    pub words: String,
    /// Whether the session has not come there, or has gone back behind it.
    pub later: bool,
}

/// An engine with its cycles for a packet, and, of a capture, for one of its packets on average.
pub type EngineCycles = (&'static str, String, Option<String>);

/// What the filters made of a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergedView {
    /// What each engine takes; nothing for a packet that is not filtered.
    pub engines: Vec<EngineCycles>,
    /// The merged filters, as far as they are drawn, with the packet's way.
    pub trie: AnswerView,
    /// How large the trie is, and how far the packet came, in words.
    pub way: String,
}

pub(super) fn select(packets: &Packets) -> Option<PacketView> {
    let index = packets.selected;
    let packet = packets.capture.packets.get(index)?;
    let bytes = packets.capture.bytes(index);
    let mut view = PacketView::of(index, packet.length as usize, bytes);
    if let Some(found) = packets.found.get(index) {
        let claim = |accepted: Option<(FilterId, EnvId)>| claim(packets, accepted);
        let merged = Merged {
            trie: &packets.trie,
            set: &packets.filters.set,
            claim: &claim,
        };
        let accepted = found.accepted.map(|(id, _)| id);
        view.find_way(merged, bytes, accepted, engines(packets, found));
    }
    Some(view)
}

impl PacketView {
    /// A packet by its row, its length on the wire, and what is there of it; what filters make of it is open.
    pub(super) fn of(index: usize, length: usize, bytes: &[u8]) -> PacketView {
        PacketView {
            number: grouped(index as u64 + 1),
            steps: Vec::new(),
            what: what(length, bytes.len()),
            bytes: bytes.iter().take(BYTES).map(|it| (*it, 0)).collect(),
            merged: None,
            layers: decode(bytes),
        }
    }

    /// Notes its way through merged filters, of which that one has it.
    pub(super) fn find_way(
        &mut self,
        merged: Merged,
        bytes: &[u8],
        accepted: Option<FilterId>,
        engines: Vec<EngineCycles>,
    ) {
        let trie = merged.trie;
        let looks = trie.way(bytes);
        let won = trie::places_to(trie, &looks, accepted);
        mark(&mut self.bytes, trie, &looks, &won);
        self.merged = Some(MergedView {
            engines,
            way: format!(
                "{} places; this packet was asked {} of the questions that they ask.",
                grouped(trie.places.len() as u64),
                grouped(looks.len() as u64)
            ),
            trie: trie::draw(merged, &looks, &won, &self.layers),
        });
    }

    /// Notes what filters were merged into that do not look at it, since it goes out.
    pub(super) fn not_filtered(&mut self, merged: Merged) {
        self.merged = Some(MergedView {
            engines: Vec::new(),
            way: "What is sent is not looked at.".to_owned(),
            trie: trie::draw(merged, &[], &[], &self.layers),
        });
    }
}

fn engines(packets: &Packets, found: &Found) -> Vec<EngineCycles> {
    let count = (packets.found.len() as u64).max(1);
    let [linear, trie, compiled] = packets.tally.cycles.map(|sum| sum * 10 / count);
    let means = [
        (Engine::Linear, linear),
        (Engine::Trie, trie),
        (Engine::Compiled, compiled),
    ];
    let cycles = means.map(|(engine, mean)| {
        (
            engine.name(),
            grouped(found.verdict(engine).cycles.into()),
            Some(format!("{}.{}", grouped(mean / 10), mean % 10)),
        )
    });
    cycles.to_vec()
}

fn what(length: usize, captured: usize) -> String {
    let mut words = format!("{} bytes", grouped(length as u64));
    if captured < length {
        words += &format!(", {} of them captured", grouped(captured as u64));
    }
    if captured > BYTES {
        words += &format!(", the first {} are shown", grouped(BYTES as u64));
    }
    words
}

/// Marks the bits that were looked at on the way to the filter that has the packet; all bits that were looked at if
/// none has it.
fn mark(bytes: &mut [(u8, u8)], trie: &TrieView, looks: &[Look], won: &[usize]) {
    let counts = |it: &&Look| won.is_empty() || it.next.is_some_and(|next| won.contains(&next));
    for look in looks.iter().filter(counts) {
        let place = trie.places.get(look.place);
        let Some(branch) = place.and_then(|it| it.branches.get(look.branch)) else {
            continue;
        };
        let question = branch.question;
        let count = usize::from(question.bytes());
        let masks = question.mask().to_be_bytes();
        let field = bytes.iter_mut().skip(look.at as usize).take(count);
        for ((_, looked), mask) in field.zip(masks.iter().skip(8 - count)) {
            *looked |= mask;
        }
    }
}
