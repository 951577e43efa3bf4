//! The trie as flat code: constants folded in, a table where many values are asked for (A45).

use alloc::vec;
use alloc::vec::Vec;

use super::pattern::{Field, Step, Width};
use super::trie::Node;
use super::{FilterId, Verdict, cost};
use crate::digest::mix;
use crate::ids::EnvId;

/// Behind the last operation.
const NOWHERE: u32 = u32::MAX;
/// Values up to which the field is compared and not looked up.
const COMPARED_MAX: usize = 1;
/// Multipliers that are tried for a table, of which the best is taken.
const MULTIPLIERS: u64 = 8;
/// A probe sequence that is short enough to look no further.
const PROBES_ENOUGH: u32 = 3;

/// One operation. What follows if it holds is the next one; if not, or when that is done, `or`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    /// A filter accepts, the better the lower its place.
    Accept {
        place: u32,
        filter: FilterId,
        owner: EnvId,
        done: bool,
    },
    /// The field, all bits of it, has that value.
    Equal {
        offset: u16,
        width: Width,
        value: u64,
        or: u32,
    },
    /// The bits of the mask have that value.
    Masked {
        offset: u16,
        width: Width,
        value: u64,
        mask: u64,
        or: u32,
    },
    /// The table says where the field's value leads.
    Lookup { field: u32, or: u32 },
    /// The base moves on.
    Shift { field: u32, shift: u8, or: u32 },
}

/// A field and, if it is looked up, its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    field: Field,
    first: u32,
    /// 64 less log2 of the number of entries.
    down: u8,
    multiplier: u64,
    probes: u32,
}

/// The best that has accepted so far, and what it took.
#[derive(Clone, Copy)]
struct Course {
    place: u32,
    accepted: Option<(FilterId, EnvId)>,
    cycles: u64,
}

/// A trie, compiled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Compiled {
    operations: Vec<Operation>,
    fields: Vec<Place>,
    /// Value and operation, or [`NOWHERE`].
    entries: Vec<(u64, u32)>,
}

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
    fn node(&mut self, node: &Node, place: &dyn Fn(super::set::Rank) -> u32) {
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
        let mut best: Option<(u32, u64, Vec<(u64, u32)>)> = None;
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

    /// Whose a packet is.
    #[inline]
    pub(super) fn run(&self, packet: &[u8]) -> Verdict {
        let mut course = Course {
            place: u32::MAX,
            accepted: None,
            cycles: cost::ENTER,
        };
        self.follow(packet, 0, 0, &mut course);
        Verdict {
            accepted: course.accepted,
            cycles: course.cycles,
        }
    }

    /// Follows the code from an operation on. Calls itself only where a branch has others behind it,
    /// and so not deeper than a pattern is long.
    fn follow(&self, packet: &[u8], mut at: u32, mut base: u32, course: &mut Course) {
        while let Some(operation) = self.operations.get(at as usize) {
            let (hit, moved, or) = match *operation {
                Operation::Accept {
                    place,
                    filter,
                    owner,
                    done,
                } => {
                    course.cycles += cost::ACCEPT;
                    if place < course.place {
                        course.place = place;
                        course.accepted = Some((filter, owner));
                    }
                    if done {
                        return;
                    }
                    at += 1;
                    continue;
                }
                Operation::Equal {
                    offset,
                    width,
                    value,
                    or,
                } => {
                    course.cycles += cost::test(width, false);
                    let found = read(packet, base, offset, width);
                    ((found == Some(value)).then_some(at + 1), base, or)
                }
                Operation::Masked {
                    offset,
                    width,
                    value,
                    mask,
                    or,
                } => {
                    course.cycles += cost::test(width, true);
                    let found = read(packet, base, offset, width).map(|it| it & mask);
                    ((found == Some(value)).then_some(at + 1), base, or)
                }
                Operation::Lookup { field, or } => {
                    let hit = self.lookup(packet, base, field, &mut course.cycles);
                    (hit, base, or)
                }
                Operation::Shift { field, shift, or } => {
                    let moved = self.moved(packet, base, field, shift, &mut course.cycles);
                    (moved.map(|_| at + 1), moved.unwrap_or(base), or)
                }
            };
            match hit {
                Some(next) if or == NOWHERE => (at, base) = (next, moved),
                Some(next) => {
                    self.follow(packet, next, moved, course);
                    at = or;
                }
                None => at = or,
            }
        }
    }

    #[inline]
    fn lookup(&self, packet: &[u8], base: u32, field: u32, cycles: &mut u64) -> Option<u32> {
        let place = self.fields.get(field as usize)?;
        let Field {
            offset,
            width,
            mask,
        } = place.field;
        *cycles += cost::hash(width, mask != width.full());
        let value = read(packet, base, offset, width)? & mask;
        let entries = self.entries.get(place.first as usize..)?;
        let last = (1_usize << (64 - place.down)) - 1;
        let mut slot = (value.wrapping_mul(place.multiplier) >> place.down) as usize;
        for _ in 0..place.probes {
            let (known, target) = *entries.get(slot & last)?;
            if known == value && target != NOWHERE {
                return Some(target);
            }
            if target == NOWHERE {
                return None;
            }
            *cycles += cost::PROBE;
            slot += 1;
        }
        None
    }

    #[inline]
    fn moved(
        &self,
        packet: &[u8],
        base: u32,
        field: u32,
        shift: u8,
        cycles: &mut u64,
    ) -> Option<u32> {
        let Field {
            offset,
            width,
            mask,
        } = self.fields.get(field as usize)?.field;
        *cycles += cost::shift(width);
        let by = (read(packet, base, offset, width)? & mask) << shift.min(31);
        u32::try_from(u64::from(base).checked_add(by)?).ok()
    }

    /// What every operation together takes, each of which runs at most once.
    pub(super) fn cycles_max(&self) -> u64 {
        let costs = self.operations.iter().map(|operation| match *operation {
            Operation::Accept { .. } => cost::ACCEPT,
            Operation::Equal { width, .. } => cost::test(width, false),
            Operation::Masked { width, .. } => cost::test(width, true),
            Operation::Lookup { field, .. } => self.fields.get(field as usize).map_or(0, |place| {
                let Field { width, mask, .. } = place.field;
                cost::hash(width, mask != width.full()) + cost::PROBE * u64::from(place.probes)
            }),
            Operation::Shift { field, .. } => {
                let place = self.fields.get(field as usize);
                place.map_or(0, |place| cost::shift(place.field.width))
            }
        });
        costs.sum()
    }
}

/// All ranks of a trie.
fn gather(node: &Node, ranks: &mut Vec<super::set::Rank>) {
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
fn laid_out(targets: &[(u64, u32)], bits: u32, multiplier: u64) -> (u32, Vec<(u64, u32)>) {
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

/// As [`Field::read`], all bits.
#[inline]
fn read(packet: &[u8], base: u32, offset: u16, width: Width) -> Option<u64> {
    let mask = u64::MAX;
    Field {
        offset,
        width,
        mask,
    }
    .read(packet, base)
}
