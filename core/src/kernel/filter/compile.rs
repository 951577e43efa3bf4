//! From the trie to flat code: once, when the set of filters changes (A45).

use alloc::vec;
use alloc::vec::Vec;

use super::compiled::{Compiled, Entry, NOWHERE, Operation, Place};
use super::cost;
use super::pattern::{Field, Step};
use super::set::Rank;
use super::straight::{Acceptance, Straight};
use super::trie::Node;
use crate::digest::mix;
use crate::limits::PATTERNS_MAX;

/// Values up to which the field is compared and not looked up.
const COMPARED_MAX: usize = 1;
/// Multipliers that are tried for a table, of which the best is taken.
const MULTIPLIERS: u64 = 8;
/// A probe sequence that is short enough to look no further.
const PROBES_ENOUGH: u32 = 3;

impl Compiled {
    /// Compiles a trie.
    pub(super) fn new(trie: &Node) -> Compiled {
        let mut ranks = Vec::new();
        gather(trie, &mut ranks);
        ranks.sort_unstable();
        // There are fewer patterns than a place of 16 bits can tell (limits.rs).
        const { assert!(PATTERNS_MAX < u16::MAX as usize) };
        let mut compiled = Compiled::default();
        compiled.node(trie, &|rank| ranks.partition_point(|it| *it < rank) as u16);
        compiled
    }

    /// Appends a place of the trie: who ends there, then its branches.
    fn node(&mut self, node: &Node, place: &dyn Fn(Rank) -> u16) {
        // Of several patterns that ask for the same, the first has it.
        if let Some(rank) = node.ends.first() {
            let acceptance = Acceptance {
                place: place(*rank),
                filter: rank.filter,
                owner: rank.owner,
            };
            let done = node.branches.is_empty();
            self.operations.push(Operation::Accept { acceptance, done });
        }
        // Where the branch before goes on when it is done.
        let mut waiting: Vec<usize> = Vec::new();
        for (step, answers) in &node.branches {
            self.link(&mut waiting);
            if let Some(straight) = Straight::through(*step, answers, place) {
                self.straights.push(straight);
                let (straight, or) = (self.straights.len() as u32 - 1, NOWHERE);
                self.begin(&mut waiting, Operation::Straight { straight, or });
                continue;
            }
            match step {
                Step::Shift(field, shift) => {
                    let field = self.field(*field, cost::shift(field.width));
                    let (shift, or) = (*shift, NOWHERE);
                    self.begin(&mut waiting, Operation::Shift { field, shift, or });
                    answers.values().for_each(|next| self.node(next, place));
                }
                Step::Test(field) if answers.len() <= COMPARED_MAX => {
                    for (value, next) in answers {
                        let next = self.compare(&mut waiting, *field, *value, next);
                        self.node(next, place);
                    }
                }
                Step::Test(field) => {
                    let at = self.field(*field, cost::hash(field.width, masked(*field)));
                    let or = NOWHERE;
                    self.begin(&mut waiting, Operation::Lookup { field: at, or });
                    let mut targets = Vec::with_capacity(answers.len());
                    for (value, next) in answers {
                        targets.push((*value, self.operations.len() as u32));
                        self.node(next, place);
                    }
                    self.table(at, &targets);
                }
            }
        }
    }

    /// Appends a comparison of a field, and of those that must be compared next and lie within the same
    /// eight bytes. Returns where the trie goes on.
    fn compare<'run>(
        &mut self,
        waiting: &mut Vec<usize>,
        field: Field,
        value: u64,
        mut next: &'run Node,
    ) -> &'run Node {
        let or = NOWHERE;
        let end_of = |field: Field| field.offset + field.width.bytes();
        let mut end = end_of(field);
        let mut cycles = cost::test(field.width, masked(field));
        if end < 8 {
            let field = self.field(field, cycles);
            self.begin(waiting, Operation::Short { field, value, or });
            return next;
        }
        let (mut mask, mut value) = (field.mask, value);
        while let Some((more, answer, behind)) = only(next) {
            let sum = cycles + cost::test(more.width, masked(more));
            if end_of(more) - field.offset > 8 || sum > u32::from(u8::MAX) {
                break;
            }
            let down = 8 * u32::from(end_of(more) - end);
            (mask, value) = (mask << down | more.mask, value << down | answer);
            (end, cycles, next) = (end_of(more), sum, behind);
        }
        let operation = Operation::Window {
            end,
            mask,
            value,
            or,
            cycles: cycles as u8,
        };
        self.begin(waiting, operation);
        next
    }

    fn begin(&mut self, waiting: &mut Vec<usize>, operation: Operation) {
        waiting.push(self.operations.len());
        self.operations.push(operation);
    }

    /// The operations that wait go on with the next one.
    fn link(&mut self, waiting: &mut Vec<usize>) {
        let next = self.operations.len() as u32;
        for at in waiting.drain(..) {
            match self.operations.get_mut(at) {
                Some(
                    Operation::Window { or, .. }
                    | Operation::Short { or, .. }
                    | Operation::Straight { or, .. }
                    | Operation::Lookup { or, .. }
                    | Operation::Shift { or, .. },
                ) => *or = next,
                Some(Operation::Accept { .. }) | None => {}
            }
        }
    }

    /// Notes a field, and what looking at it takes. Returns its place.
    fn field(&mut self, field: Field, cycles: u32) -> u32 {
        self.fields.push(Place {
            field,
            cycles,
            first: 0,
            down: 63,
            multiplier: 0,
            probes: 0,
        });
        self.fields.len() as u32 - 1
    }

    /// Lays a table out: at most half full, by the multiplier that needs the fewest probes.
    fn table(&mut self, at: u32, targets: &[(u64, u32)]) {
        let bits = (2 * targets.len()).next_power_of_two().trailing_zeros();
        let mut best: Option<(u32, u64, Vec<Entry>)> = None;
        for number in 0..MULTIPLIERS {
            let multiplier = mix(number + 1) | 1;
            let (probes, entries) = laid_out(targets, bits, multiplier);
            if best.as_ref().is_none_or(|(least, ..)| probes < *least) {
                best = Some((probes, multiplier, entries));
            }
            if probes <= PROBES_ENOUGH {
                break;
            }
        }
        let (Some((probes, multiplier, entries)), Some(place)) =
            (best, self.fields.get_mut(at as usize))
        else {
            return;
        };
        place.first = self.entries.len() as u32;
        place.down = 64 - bits as u8;
        place.multiplier = multiplier;
        place.probes = probes;
        self.entries.extend(entries);
    }
}

/// All ranks of a trie.
fn gather(node: &Node, ranks: &mut Vec<Rank>) {
    ranks.extend(&node.ends);
    let answers = node.branches.values().flat_map(|it| it.values());
    answers.for_each(|next| gather(next, ranks));
}

/// Whether only some bits of a field count.
fn masked(field: Field) -> bool {
    field.mask != field.width.full()
}

/// The comparison that a place of the trie goes on with, if it does so and in no other way.
fn only(node: &Node) -> Option<(Field, u64, &Node)> {
    let mut branches = node.branches.iter();
    let (Some((Step::Test(field), answers)), None) = (branches.next(), branches.next()) else {
        return None;
    };
    let mut answers = answers.iter();
    match (answers.next(), answers.next(), node.ends.is_empty()) {
        (Some((answer, next)), None, true) => Some((*field, *answer, next)),
        _ => None,
    }
}

/// A table of 2^`bits` entries, and the most that are looked at for one value of it.
fn laid_out(targets: &[(u64, u32)], bits: u32, multiplier: u64) -> (u32, Vec<Entry>) {
    let mut entries = vec![(0, NOWHERE); 1 << bits];
    let mut most = 0;
    for (value, target) in targets {
        let from = (value.wrapping_mul(multiplier) >> (64 - bits)) as usize;
        for probe in 0..entries.len() {
            let slot = (from + probe) & (entries.len() - 1);
            if let Some(entry) = entries.get_mut(slot)
                && entry.1 == NOWHERE
            {
                *entry = (*value, *target);
                most = most.max(probe as u32 + 1);
                break;
            }
        }
    }
    (most, entries)
}
