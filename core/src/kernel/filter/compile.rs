//! From the trie to flat code: once, when the set of filters changes (A45).

use alloc::vec;
use alloc::vec::Vec;

use super::compiled::{Compiled, Entry, NOWHERE, Operation, Place};
use super::pattern::{Field, Step};
use super::set::Rank;
use super::trie::Node;
use crate::digest::mix;

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
        let mut compiled = Compiled::default();
        compiled.node(trie, &|rank| ranks.partition_point(|it| *it < rank) as u32);
        compiled
    }

    /// Appends a place of the trie: who ends there, then its branches.
    fn node(&mut self, node: &Node, place: &dyn Fn(Rank) -> u32) {
        // Of several patterns that ask for the same, the first has it.
        if let Some(rank) = node.ends.first() {
            self.operations.push(Operation::Accept {
                place: place(*rank),
                filter: rank.filter,
                owner: rank.owner,
                done: node.branches.is_empty(),
            });
        }
        // Where the branch before goes on when it is done.
        let mut waiting: Vec<usize> = Vec::new();
        for (step, answers) in &node.branches {
            self.link(&mut waiting);
            match step {
                Step::Shift(field, shift) => {
                    let field = self.field(*field);
                    self.begin(
                        &mut waiting,
                        Operation::Shift {
                            field,
                            shift: *shift,
                            or: NOWHERE,
                        },
                    );
                    answers.values().for_each(|next| self.node(next, place));
                }
                Step::Test(field) if answers.len() <= COMPARED_MAX => {
                    for (value, next) in answers {
                        self.link(&mut waiting);
                        self.begin(&mut waiting, compare(*field, *value));
                        self.node(next, place);
                    }
                }
                Step::Test(field) => {
                    let at = self.field(*field);
                    self.begin(
                        &mut waiting,
                        Operation::Lookup {
                            field: at,
                            or: NOWHERE,
                        },
                    );
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
                    Operation::Equal { or, .. }
                    | Operation::Masked { or, .. }
                    | Operation::Lookup { or, .. }
                    | Operation::Shift { or, .. },
                ) => *or = next,
                Some(Operation::Accept { .. }) | None => {}
            }
        }
    }

    fn field(&mut self, field: Field) -> u32 {
        self.fields.push(Place {
            field,
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

fn compare(field: Field, value: u64) -> Operation {
    let Field {
        offset,
        width,
        mask,
    } = field;
    let or = NOWHERE;
    if mask == width.full() {
        Operation::Equal {
            offset,
            width,
            value,
            or,
        }
    } else {
        Operation::Masked {
            offset,
            width,
            value,
            mask,
            or,
        }
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
