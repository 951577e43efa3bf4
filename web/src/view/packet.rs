//! One packet: its fields, its bytes, which bits the filters looked at, and what each engine took.

use exo_core::kernel::filter::{Engine, Look, TrieView};
use exo_net::decode::{Layer, decode};

use super::trie::{self, AnswerView};
use super::words::grouped;
use crate::store::{Found, Packets};

/// Bytes that are shown of a packet.
const BYTES: usize = 2_048;

/// A packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PacketView {
    /// Its number, from 1.
    pub number: String,
    /// How many bytes it has, and what of them is shown, in words.
    pub what: String,
    /// Its layers with their fields.
    pub layers: Vec<Layer>,
    /// Its bytes, each with the bits of it that its filter looked at.
    pub bytes: Vec<(u8, u8)>,
    /// What the filters made of it, once that is known.
    pub merged: Option<MergedView>,
}

/// What the filters made of a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergedView {
    /// Each engine with its cycles for this packet, and for one of the capture on average.
    pub engines: [(&'static str, String, String); 3],
    /// The merged filters, as far as they are drawn, with the packet's way.
    pub trie: AnswerView,
    /// How large the trie is, and how far the packet came, in words.
    pub way: String,
}

pub(super) fn select(packets: &Packets) -> Option<PacketView> {
    let index = packets.selected;
    let packet = packets.capture.packets.get(index)?;
    let bytes = packets.capture.bytes(index);
    let layers = decode(bytes);
    let mut view = PacketView {
        number: grouped(index as u64 + 1),
        what: what(packet.length as usize, bytes.len()),
        bytes: bytes.iter().take(BYTES).map(|it| (*it, 0)).collect(),
        merged: None,
        layers,
    };
    if let Some(found) = packets.found.get(index) {
        let trie = &packets.trie;
        let looks = trie.way(bytes);
        let won = trie::places_to(trie, &looks, found.accepted.map(|(id, _)| id));
        mark(&mut view.bytes, trie, &looks, &won);
        view.merged = Some(MergedView {
            engines: engines(packets, found),
            way: format!(
                "{} places; this packet was asked {} of the questions that they ask.",
                grouped(trie.places.len() as u64),
                grouped(looks.len() as u64)
            ),
            trie: trie::draw(packets, &looks, &won, &view.layers),
        });
    }
    Some(view)
}

fn engines(packets: &Packets, found: &Found) -> [(&'static str, String, String); 3] {
    let count = (packets.found.len() as u64).max(1);
    let [linear, trie, compiled] = packets.tally.cycles.map(|sum| sum * 10 / count);
    let means = [
        (Engine::Linear, linear),
        (Engine::Trie, trie),
        (Engine::Compiled, compiled),
    ];
    means.map(|(engine, mean)| {
        (
            engine.name(),
            grouped(found.verdict(engine).cycles.into()),
            format!("{}.{}", grouped(mean / 10), mean % 10),
        )
    })
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
