//! The trie as flat code: constants folded in, a table where many values are asked for (A45).

use alloc::vec::Vec;

use super::pattern::{Field, Width};
use super::{FilterId, Verdict, cost};
use crate::ids::EnvId;

/// Behind the last operation.
pub(super) const NOWHERE: u32 = u32::MAX;
/// One operation. What follows if it holds is the next one; if not, or when that is done, `or`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
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
pub(super) struct Place {
    pub(super) field: Field,
    pub(super) first: u32,
    /// 64 less log2 of the number of entries.
    pub(super) down: u8,
    pub(super) multiplier: u64,
    pub(super) probes: u32,
}

/// A value and the operation that it leads to, or [`NOWHERE`].
pub(super) type Entry = (u64, u32);

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
    pub(super) operations: Vec<Operation>,
    pub(super) fields: Vec<Place>,
    pub(super) entries: Vec<Entry>,
}

impl Compiled {
    /// Whose a packet is.
    #[inline]
    pub(super) fn run(&self, packet: &[u8]) -> Verdict {
        let mut course = Course {
            place: u32::MAX,
            accepted: None,
            cycles: cost::ENTER + cost::LENGTH,
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
        let from = (value.wrapping_mul(place.multiplier) >> place.down) as usize;
        for probe in 0..place.probes as usize {
            let (known, target) = *entries.get((from + probe) & last)?;
            if target == NOWHERE {
                return None;
            }
            if known == value {
                return Some(target);
            }
            *cycles += cost::PROBE;
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
        cost::LENGTH + costs.sum::<u64>()
    }
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
