//! The trie as plain data, and the way of a packet through it: for those who draw it.

use alloc::vec::Vec;

use super::pattern::{Field, Pattern, Step};
use super::trie::{self, Node};
use super::{FilterId, FilterSet, cost};

/// What a place of the trie asks of a packet: a field of it has a value, or moves the base on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question(Step);

impl Question {
    fn field(self) -> Field {
        let (Step::Test(field) | Step::Shift(field, _)) = self.0;
        field
    }

    /// Bytes from the base to the field.
    pub fn offset(self) -> u16 {
        self.field().offset
    }

    /// How many bytes the field has.
    pub fn bytes(self) -> u16 {
        self.field().width.bytes()
    }

    /// Which of its bits are looked at.
    pub fn mask(self) -> u64 {
        self.field().mask
    }

    /// Whether every bit of the field is looked at.
    pub fn is_whole(self) -> bool {
        self.mask() == self.field().width.full()
    }

    /// Of a field that moves the base on: log2 of what it is multiplied by.
    pub fn shift(self) -> Option<u8> {
        match self.0 {
            Step::Test(_) => None,
            Step::Shift(_, shift) => Some(shift),
        }
    }
}

impl Pattern {
    /// What it asks of a packet, in order, each with the answer that it wants; 0 where the base moves on.
    pub fn asks(&self) -> impl Iterator<Item = (Question, u64)> + '_ {
        self.steps
            .iter()
            .map(|(step, wanted)| (Question(*step), *wanted))
    }
}

/// A question and where each answer leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// What is asked.
    pub question: Question,
    /// The values that are waited for, in order, each with the number of the place that it leads to. A
    /// question that moves the base has one answer, 0, whatever the field.
    pub answers: Vec<(u64, usize)>,
}

/// A place of the trie: what has been asked so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The filters that ask no more, the best first.
    pub ends: Vec<FilterId>,
    /// What the others ask next.
    pub branches: Vec<Branch>,
}

/// A look that a packet was given: at one place, for one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The number of the place.
    pub place: usize,
    /// Which of its branches, from 0.
    pub branch: usize,
    /// Where in the packet the field begins; as far as can be told if that is behind its end.
    pub at: u32,
    /// The field's value, of the bits that are looked at; none if the packet ends before the field does.
    pub value: Option<u64>,
    /// The place that this leads to; none if no filter waits for the value.
    pub next: Option<usize>,
    /// What the look takes where the trie is interpreted, in cycles.
    pub cycles: u32,
}

/// The trie as a list of places, the root first, each before those behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrieView {
    /// The places.
    pub places: Vec<Place>,
}

impl TrieView {
    /// The looks that a packet is given, in their order, when the trie is interpreted.
    pub fn way(&self, packet: &[u8]) -> Vec<Look> {
        let mut looks = Vec::new();
        // Places that are still to be visited, with their base; the last one is next.
        let mut waiting = Vec::from([(0, 0)]);
        while let Some((number, base)) = waiting.pop() {
            let place = self.places.get(number);
            let branches = place.map_or(&[][..], |it| &it.branches);
            let from = waiting.len();
            for (branch, it) in branches.iter().enumerate() {
                let (look, moved) = it.look(number, branch, packet, base);
                looks.push(look);
                waiting.extend(look.next.map(|next| (next, moved)));
            }
            if let Some(found) = waiting.get_mut(from..) {
                found.reverse();
            }
        }
        looks
    }
}

impl Branch {
    /// One look, and the base behind it.
    fn look(&self, place: usize, branch: usize, packet: &[u8], base: u32) -> (Look, u32) {
        let Question(step) = self.question;
        let field = self.question.field();
        let followed = trie::follow(step, packet, base);
        let next = followed.and_then(|(answer, _)| {
            let found = self.answers.binary_search_by_key(&answer, |it| it.0);
            Some(self.answers.get(found.ok()?)?.1)
        });
        let look = Look {
            place,
            branch,
            at: base.saturating_add(field.offset.into()),
            value: field.read(packet, base),
            next,
            cycles: cost::cell(step),
        };
        (look, followed.map_or(base, |(_, moved)| moved))
    }
}

impl FilterSet {
    /// What the filters were merged into.
    pub fn trie_view(&self) -> TrieView {
        let mut places = Vec::new();
        gather(&self.trie, &mut places);
        TrieView { places }
    }
}

/// Appends a place and those behind it. Calls itself not deeper than a pattern is long. Returns its number.
fn gather(node: &Node, places: &mut Vec<Place>) -> usize {
    let number = places.len();
    places.push(Place::default());
    let branches = node.branches.iter().map(|(step, answers)| Branch {
        question: Question(*step),
        answers: answers
            .iter()
            .map(|(value, next)| (*value, gather(next, places)))
            .collect(),
    });
    let branches = branches.collect();
    if let Some(place) = places.get_mut(number) {
        place.ends = node.ends.iter().map(|rank| rank.filter).collect();
        place.branches = branches;
    }
    number
}
