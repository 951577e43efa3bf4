//! The merged filters as a tree of questions and answers, with the way that a packet took.

use exo_core::ids::EnvId;
use exo_core::kernel::filter::{FilterId, FilterSet, Look, Question, TrieView};
use exo_net::decode::Layer;

use super::packets::ClaimView;

/// Places that are drawn at most.
const PLACES: usize = 240;
/// Answers to one question that are drawn if the packet gave none of them.
const ANSWERS: usize = 12;

/// A question of the trie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchView {
    /// What is asked.
    pub asks: String,
    /// What the packet said to it, if it was asked.
    pub said: Option<String>,
    /// Whether it went on from here.
    pub taken: bool,
    /// The answers that are waited for.
    pub answers: Vec<AnswerView>,
    /// How many more there are.
    pub more: usize,
}

/// An answer, and what is behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerView {
    /// The value.
    pub value: String,
    /// Whether the packet gave it.
    pub taken: bool,
    /// Whether it led to the filter that has the packet.
    pub won: bool,
    /// The filters that ask no more.
    pub ends: Vec<(ClaimView, bool)>,
    /// What the others ask next.
    pub branches: Vec<BranchView>,
}

/// Filters with what they were merged into.
#[derive(Clone, Copy)]
pub(super) struct Merged<'run> {
    /// What they were merged into.
    pub(super) trie: &'run TrieView,
    /// The filters.
    pub(super) set: &'run FilterSet,
    /// Who has what such a filter accepts; nobody has what none does.
    pub(super) claim: &'run dyn Fn(Option<(FilterId, EnvId)>) -> ClaimView,
}

/// The places on the way of the looks from the one where that filter ends back to the root, which is left out
/// unless the filter ends there; none if it does not end on the way.
pub(super) fn places_to(trie: &TrieView, looks: &[Look], filter: Option<FilterId>) -> Vec<usize> {
    let ends = |place: &usize| {
        let place = trie.places.get(*place);
        place.is_some_and(|it| it.ends.iter().any(|id| Some(*id) == filter))
    };
    let mut places = Vec::new();
    let mut next = looks.iter().filter_map(|it| it.next).chain([0]).find(ends);
    while let Some(place) = next {
        places.push(place);
        let before = looks.iter().find(|it| it.next == Some(place));
        next = before.map(|it| it.place).filter(|it| *it != 0);
    }
    places
}

/// Draws.
pub(super) fn draw(merged: Merged, looks: &[Look], won: &[usize], layers: &[Layer]) -> AnswerView {
    let mut drawing = Drawing {
        merged,
        looks,
        won,
        layers,
        left: PLACES,
    };
    drawing.place(0, String::new(), true)
}

struct Drawing<'run> {
    merged: Merged<'run>,
    looks: &'run [Look],
    won: &'run [usize],
    layers: &'run [Layer],
    /// How many more places there is room for.
    left: usize,
}

impl Drawing<'_> {
    /// What is asked at a place. Calls itself not deeper than a pattern is long.
    fn branches(&mut self, place: usize) -> Vec<BranchView> {
        let trie = self.merged.trie;
        let branches = trie.places.get(place).map_or(&[][..], |it| &it.branches);
        let draw = branches.iter().enumerate().map(|(index, branch)| {
            let mut looks = self.looks.iter();
            let look = looks.find(|it| it.place == place && it.branch == index);
            let next = look.and_then(|it| it.next);
            let mut answers = Vec::new();
            for (value, to) in &branch.answers {
                let taken = next == Some(*to);
                if taken || answers.len() < ANSWERS && self.left > 0 {
                    let value = match branch.question.shift() {
                        None => value_words(branch.question, *value),
                        Some(_) => String::new(),
                    };
                    answers.push(self.place(*to, value, taken));
                }
            }
            BranchView {
                asks: self.asks(branch.question, look),
                said: look.map(|it| said(branch.question, it)),
                taken: next.is_some(),
                more: branch.answers.len() - answers.len(),
                answers,
            }
        });
        draw.collect()
    }

    /// A place, by the answer that led to it.
    fn place(&mut self, place: usize, value: String, taken: bool) -> AnswerView {
        self.left = self.left.saturating_sub(1);
        let won = taken && self.won.contains(&place);
        let Merged { trie, set, claim } = self.merged;
        let ends = trie.places.get(place).map_or(&[][..], |it| &it.ends);
        let ends = ends.iter().map(|id| {
            let owner = set.filter(*id).map(|it| (*id, it.owner));
            let has = won && self.won.first() == Some(&place);
            (claim(owner), has)
        });
        AnswerView {
            value,
            taken,
            won,
            ends: ends.collect(),
            branches: self.branches(place),
        }
    }

    /// What is asked, in words; with the name that the packet's field there has.
    fn asks(&self, question: Question, look: Option<&Look>) -> String {
        let name = look.and_then(|it| name(self.layers, it.at as usize, question));
        let name = name.map(|it| format!("{it}: ")).unwrap_or_default();
        let asks = format!("{name}{}", place_words(question));
        match question.shift() {
            None => asks,
            Some(shift) => format!("{asks}, times {}: the base moves on", 1_u32 << shift),
        }
    }
}

/// Which bytes are asked about, and with which mask.
pub(super) fn place_words(question: Question) -> String {
    let bytes = match question.bytes() {
        1 => "1 byte".to_owned(),
        bytes => format!("{bytes} bytes"),
    };
    let mask = match question.is_whole() {
        true => String::new(),
        false => format!(" & {}", value_words(question, question.mask())),
    };
    format!("{bytes} at {}{mask}", question.offset())
}

/// What the field is called that lies there in a packet with these layers; of several that share its bytes, the one
/// with the highest bits comes first.
pub(super) fn name(layers: &[Layer], at: usize, question: Question) -> Option<&'static str> {
    let range = at..at + usize::from(question.bytes());
    let fields = layers.iter().flat_map(|it| &it.fields);
    let mut same = fields.filter(|it| !it.wrong && it.range == range);
    let highest = question.mask() >> (8 * question.bytes() - 1) == 1;
    let field = match highest {
        true => same.next(),
        false => same.next_back(),
    };
    field.map(|it| it.name)
}

/// A value as wide as its field.
pub(super) fn value_words(question: Question, value: u64) -> String {
    let digits = 2 * usize::from(question.bytes());
    format!("0x{value:0digits$x}")
}

/// What the packet said.
fn said(question: Question, look: &Look) -> String {
    let Some(value) = look.value else {
        return "the packet ends before".to_owned();
    };
    let value_is = format!("is {}", value_words(question, value));
    match (look.next, question.shift()) {
        (None, None) => format!("{value_is}: no filter waits for that"),
        (None, Some(_)) => format!("{value_is}: too far"),
        (Some(_), None) => value_is,
        (Some(_), Some(shift)) => format!("{value_is}: {} bytes on", value << shift),
    }
}
