//! The trie as flat code: constants folded in, a table where many values are asked for (A45).

use alloc::vec::Vec;

use super::pattern::Field;
use super::straight::{Acceptance, Straight};
use super::{Verdict, cost};

/// Behind the last operation.
pub(super) const NOWHERE: u32 = u32::MAX;
/// One operation. What follows if it holds is the next one; if not, or when that is done, `or`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    /// A filter accepts.
    Accept { acceptance: Acceptance, done: bool },
    /// All that is behind it is done in one look-up.
    Straight { straight: u32, or: u32 },
    /// Of the eight bytes that end so far behind the base, the bits of the mask have the value. One
    /// field is compared so, or several that lie near each other.
    Window {
        end: u16,
        mask: u64,
        value: u64,
        or: u32,
        cycles: u8,
    },
    /// A field that has no eight bytes before its end has the value.
    Short { field: u32, value: u64, or: u32 },
    /// The table says where the field's value leads.
    Lookup { field: u32, or: u32 },
    /// The base moves on.
    Shift { field: u32, shift: u8, or: u32 },
}

/// A field and, if it is looked up, its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) field: Field,
    pub(super) cycles: u32,
    pub(super) first: u32,
    /// 64 less log2 of the number of entries.
    pub(super) down: u8,
    pub(super) multiplier: u64,
    pub(super) probes: u32,
}

/// A value and the operation that it leads to, or [`NOWHERE`].
pub(super) type Entry = (u64, u32);

/// A trie, compiled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Compiled {
    pub(super) operations: Vec<Operation>,
    pub(super) fields: Vec<Place>,
    pub(super) entries: Vec<Entry>,
    pub(super) straights: Vec<Straight>,
}

impl Compiled {
    /// Whose a packet is.
    #[inline(always)]
    pub(super) fn run(&self, packet: &[u8]) -> Verdict {
        let mut best = Acceptance::NOBODY;
        let (mut at, mut cycles) = (0, 0);
        // Most sets are a few kinds of filters, each of which is gone through straight.
        while let Some(Operation::Straight { straight, or }) = self.operations.get(at as usize) {
            cycles += self.straight(packet, 0, *straight, &mut best);
            at = *or;
        }
        if at != NOWHERE {
            cycles += self.follow(packet, at, 0, &mut best);
        }
        Verdict {
            accepted: (best != Acceptance::NOBODY).then_some((best.filter, best.owner)),
            cycles: cost::ENTER + cost::LENGTH + cycles,
        }
    }

    /// Follows the code from an operation on, notes who accepts if that is better than the best, and
    /// returns what it took. Calls itself only where a branch has others behind it, and so not deeper
    /// than a pattern is long.
    fn follow(&self, packet: &[u8], mut at: u32, mut base: u32, best: &mut Acceptance) -> u32 {
        // Here and not in one place with the best, which would be written and read in other pieces.
        let mut spent = 0;
        while let Some(operation) = self.operations.get(at as usize) {
            let (hit, moved, or) = match *operation {
                Operation::Straight { straight, or } => {
                    spent += self.straight(packet, base, straight, best);
                    at = or;
                    continue;
                }
                Operation::Accept { acceptance, done } => {
                    spent += cost::ACCEPT;
                    if acceptance.place < best.place {
                        *best = acceptance;
                    }
                    if done {
                        break;
                    }
                    at += 1;
                    continue;
                }
                Operation::Window {
                    end,
                    mask,
                    value,
                    or,
                    cycles,
                } => {
                    spent += u32::from(cycles);
                    let same = window(packet, base, end).is_some_and(|it| it & mask == value);
                    (if same { at + 1 } else { NOWHERE }, base, or)
                }
                Operation::Short { field, value, or } => {
                    let (same, cycles) = self.short(packet, base, field, value);
                    spent += cycles;
                    (if same { at + 1 } else { NOWHERE }, base, or)
                }
                Operation::Lookup { field, or } => {
                    let (hit, cycles) = self.lookup(packet, base, field);
                    spent += cycles;
                    (hit, base, or)
                }
                Operation::Shift { field, shift, or } => {
                    let (moved, cycles) = self.moved(packet, base, field, shift);
                    spent += cycles;
                    match moved {
                        Some(moved) => (at + 1, moved, or),
                        None => (NOWHERE, base, or),
                    }
                }
            };
            if hit == NOWHERE {
                at = or;
            } else if or == NOWHERE {
                (at, base) = (hit, moved);
            } else {
                spent += self.follow(packet, hit, moved, best);
                at = or;
            }
        }
        spent
    }

    /// Goes straight through a branch, notes who accepts, and returns what it took.
    #[inline]
    fn straight(&self, packet: &[u8], base: u32, straight: u32, best: &mut Acceptance) -> u32 {
        let Some(straight) = self.straights.get(straight as usize) else {
            return 0;
        };
        let (found, cycles) = straight.run(packet, base);
        match found {
            Some(found) if found.place < best.place => *best = *found,
            _ => {}
        }
        cycles
    }

    /// Whether a field has the value, and what that takes.
    fn short(&self, packet: &[u8], base: u32, field: u32, value: u64) -> (bool, u32) {
        let Some(place) = self.fields.get(field as usize) else {
            return (false, 0);
        };
        (place.field.read(packet, base) == Some(value), place.cycles)
    }

    /// Where the field's value leads, and what that takes.
    #[inline]
    fn lookup(&self, packet: &[u8], base: u32, field: u32) -> (u32, u32) {
        let Some(place) = self.fields.get(field as usize) else {
            return (NOWHERE, 0);
        };
        let Some(value) = read(packet, base, place.field) else {
            return (NOWHERE, place.cycles);
        };
        let entries = self.entries.get(place.first as usize..).unwrap_or(&[]);
        let last = (1_usize << (64 - place.down)) - 1;
        let from = (value.wrapping_mul(place.multiplier) >> place.down) as usize;
        let mut cycles = place.cycles;
        for probe in 0..place.probes as usize {
            match entries.get((from + probe) & last) {
                Some((known, target)) if *known == value => return (*target, cycles),
                Some((_, target)) if *target != NOWHERE => cycles += cost::PROBE,
                _ => break,
            }
        }
        (NOWHERE, cycles)
    }

    /// Where the base moves to, and what that takes.
    #[inline]
    fn moved(&self, packet: &[u8], base: u32, field: u32, shift: u8) -> (Option<u32>, u32) {
        let Some(place) = self.fields.get(field as usize) else {
            return (None, 0);
        };
        let by = read(packet, base, place.field).map(|it| it << (shift & 31));
        let moved = by.and_then(|by| u64::from(base).checked_add(by));
        let moved = moved.and_then(|moved| u32::try_from(moved).ok());
        (moved, place.cycles)
    }

    /// What every operation together takes, each of which runs at most once.
    pub(super) fn cycles_max(&self) -> u32 {
        let of = |field: u32| self.fields.get(field as usize);
        let costs = self.operations.iter().map(|operation| match *operation {
            Operation::Accept { .. } => cost::ACCEPT,
            Operation::Straight { straight, .. } => {
                let straight = self.straights.get(straight as usize);
                straight.map_or(0, Straight::cycles_max)
            }
            Operation::Window { cycles, .. } => u32::from(cycles),
            Operation::Short { field, .. } | Operation::Shift { field, .. } => {
                of(field).map_or(0, |it| it.cycles)
            }
            Operation::Lookup { field, .. } => {
                let cycles = |it: &Place| it.cycles + cost::PROBE * it.probes;
                of(field).map_or(0, cycles)
            }
        });
        cost::LENGTH + costs.sum::<u32>()
    }
}

/// The eight bytes that end so far behind the base; none if the packet ends before, or begins behind.
#[inline]
fn window(packet: &[u8], base: u32, end: u16) -> Option<u64> {
    let stop = (base as usize).checked_add(usize::from(end))?;
    let bytes = packet.get(stop.checked_sub(8)?..stop)?;
    bytes.first_chunk().map(|bytes| u64::from_be_bytes(*bytes))
}

/// As [`Field::read`], by a window if there is one.
#[inline]
fn read(packet: &[u8], base: u32, field: Field) -> Option<u64> {
    let end = field.offset + field.width.bytes();
    if end < 8 {
        return field.read(packet, base);
    }
    Some(window(packet, base, end)? & field.mask)
}
