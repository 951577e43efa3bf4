//! The patterns of all filters, merged by their shared beginnings (A45).
//!
//! A path from the root is the steps of a pattern; it depends on the patterns alone, so that taking one
//! in and out again leaves what would have been built without it.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::cost;
use super::pattern::{Field, Pattern, Step};
use super::set::Rank;

/// A place in the trie: what has been asked so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Node {
    /// Patterns that ask no more, the best first.
    pub(super) ends: Vec<Rank>,
    /// What the others ask next, and where each answer leads. A shift has one answer, 0.
    pub(super) branches: BTreeMap<Step, BTreeMap<u64, Node>>,
}

impl Node {
    /// Takes a pattern in. Returns how many places were added.
    pub(super) fn insert(&mut self, pattern: &Pattern, rank: Rank) -> usize {
        let mut node = self;
        let mut added = 0;
        for (step, answer) in &pattern.steps {
            let answers = node.branches.entry(*step).or_default();
            node = answers.entry(*answer).or_insert_with(|| {
                added += 1;
                Node::default()
            });
        }
        if let Err(place) = node.ends.binary_search(&rank) {
            node.ends.insert(place, rank);
        }
        added
    }

    /// Takes a pattern out, and the places that only it had. Returns how many those were.
    pub(super) fn remove(&mut self, pattern: &Pattern, rank: Rank) -> usize {
        self.take(&pattern.steps, rank)
    }

    fn take(&mut self, steps: &[(Step, u64)], rank: Rank) -> usize {
        let Some(((step, answer), rest)) = steps.split_first() else {
            self.ends.retain(|it| *it != rank);
            return 0;
        };
        let Some(answers) = self.branches.get_mut(step) else {
            return 0;
        };
        let Some(next) = answers.get_mut(answer) else {
            return 0;
        };
        let mut removed = next.take(rest, rank);
        if next.ends.is_empty() && next.branches.is_empty() {
            answers.remove(answer);
            removed += 1;
        }
        if answers.is_empty() {
            self.branches.remove(step);
        }
        removed
    }

    /// Interprets the trie, cell by cell. Returns the best of the patterns that accept, and what it
    /// took. Each place is visited at most once.
    pub(super) fn interpret(&self, packet: &[u8], base: u32) -> (Option<Rank>, u32) {
        let mut best = self.ends.first().copied();
        let mut cycles = 0;
        for (step, answers) in &self.branches {
            cycles += cost::cell(*step);
            let Some((answer, base)) = follow(*step, packet, base) else {
                continue;
            };
            let Some(next) = answers.get(&answer) else {
                continue;
            };
            let (found, more) = next.interpret(packet, base);
            cycles += more;
            best = match (best, found) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
        }
        (best, cycles)
    }
}

/// What a packet answers to a step, and the base then; none if it ends before the field does.
pub(super) fn follow(step: Step, packet: &[u8], base: u32) -> Option<(u64, u32)> {
    match step {
        Step::Test(field) => Some((field.read(packet, base)?, base)),
        Step::Shift(field, shift) => Some((0, moved(field, shift, packet, base)?)),
    }
}

/// The base moved on by a field; none if the packet ends before the field does, or before the base.
fn moved(field: Field, shift: u8, packet: &[u8], base: u32) -> Option<u32> {
    let by = field.read(packet, base)? << shift.min(31);
    let moved = u64::from(base).checked_add(by)?;
    u32::try_from(moved).ok()
}
