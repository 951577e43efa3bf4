//! A branch of the trie whose paths all ask the same, straight through: one look-up for all of it.
//!
//! Filters of one kind (a thousand connections) differ in values alone. What they ask for the same value
//! is compared with it, what they tell each other apart by becomes the key of one table.

mod way;

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use way::{Way, ends, levels};

use super::pattern::Step;
use super::set::Rank;
use super::trie::Node;
use super::{FilterId, cost};
use crate::digest::mix;
use crate::ids::EnvId;

/// Looks that are always made from the first base on, and from the second, besides that for the key. One more
/// may be.
const COMPARED: [usize; PARTS_MAX] = [2, 0];
/// Bases that there are at most, each with at most one field that is part of the key.
const PARTS_MAX: usize = 2;
/// A base behind every packet, from which no offset comes round to its beginning again, on a target of
/// 32 bits either.
const BEHIND: u32 = 1 << 30;
/// Multipliers that are tried for a table, of which the best is taken.
const MULTIPLIERS: u64 = 8;
/// A probe sequence that is short enough to look no further.
const PROBES_ENOUGH: u32 = 3;

/// Who accepts: the better the lower the place. Small, as there is one for each path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Acceptance {
    pub(super) place: u16,
    pub(super) filter: FilterId,
    pub(super) owner: EnvId,
}

/// Eight bytes on the way. Their first is the lowest, so that nothing must be turned round to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    mask: u64,
    /// What the bits of the mask must be, unless they are part of the key.
    value: u64,
    /// Behind the base.
    start: u16,
}

impl Look {
    /// The eight bytes; none if the packet ends before they do.
    #[inline]
    fn word(&self, packet: &[u8], base: u32) -> Option<u64> {
        let start = base as usize + usize::from(self.start);
        let bytes = packet.get(start..start + 8)?.first_chunk()?;
        Some(u64::from_le_bytes(*bytes))
    }

    /// 0 if the bits are what they must be.
    #[inline]
    fn wrong(&self, word: u64) -> u64 {
        word & self.mask ^ self.value
    }

    /// The same bits within eight bytes that begin so much later; none if some begin before.
    fn from(&self, start: u16) -> Option<Look> {
        let by = 8 * u32::from(start.checked_sub(self.start)?);
        (by < 64 && self.mask.trailing_zeros() >= by).then(|| Look {
            mask: self.mask >> by,
            value: self.value >> by,
            start,
        })
    }

    /// Both within the same eight bytes, if they fit.
    fn together(&self, other: &Look) -> Option<(Look, Look)> {
        let start = self.start.max(other.start);
        self.from(start).zip(other.from(start))
    }
}

impl Acceptance {
    /// Worse than any: nobody accepts.
    pub(super) const NOBODY: Acceptance = Acceptance {
        place: u16::MAX,
        filter: FilterId(0),
        owner: EnvId(0),
    };
}

/// What is looked at from one base on, all at once. Where there is less to look at, a mask is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part<const COMPARED: usize> {
    compared: [Look; COMPARED],
    more: Option<Look>,
    /// What is compared within the eight bytes that have the key, and the bits of the key.
    last: Look,
    key_mask: u64,
}

impl<const COMPARED: usize> Part<COMPARED> {
    /// The part of the key; none if a comparison fails or the packet ends before.
    #[inline]
    fn key(&self, packet: &[u8], base: u32) -> Option<u64> {
        let mut wrong = 0;
        for look in self.compared.iter().chain(&self.more) {
            wrong |= look.wrong(look.word(packet, base)?);
        }
        let word = self.last.word(packet, base)?;
        wrong |= self.last.wrong(word);
        (wrong == 0).then_some(word & self.key_mask)
    }
}

/// How the base moves on: by the bits, times 2^`shift`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Move {
    look: Look,
    shift: u8,
    /// Whether the bits lie in the last byte alone, so that none need be turned round.
    byte: bool,
}

impl Move {
    /// Where the base moves to; none if the packet ends before the bits.
    #[inline]
    fn moved(&self, packet: &[u8], base: u32) -> Option<u32> {
        let bits = self.look.word(packet, base)? & self.look.mask;
        let by = match self.byte {
            true => bits >> 56,
            false => bits.swap_bytes(),
        };
        let moved = u64::from(base).saturating_add(by << (self.shift & 31));
        Some(u32::try_from(moved).unwrap_or(BEHIND).min(BEHIND))
    }
}

/// The key of a path and who accepts at its end.
type Entry = ([u64; PARTS_MAX], Acceptance);

/// A slot without an entry.
const EMPTY: u16 = u16::MAX;

/// The way through such a branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Straight {
    first: Option<Part<{ COMPARED[0] }>>,
    shift: Option<Move>,
    second: Option<Part<{ COMPARED[1] }>>,
    /// What it takes up to the end of the first part, and of the second.
    part_cycles: [u32; PARTS_MAX],
    entries: Vec<Entry>,
    /// Which entry is where: at most an eighth of it is full, so that most keys are where they hash to.
    slots: Vec<u16>,
    /// 64 less log2 of the number of slots.
    down: u8,
    multiplier: u64,
    /// The most entries that are looked at.
    probes: u32,
    /// Of a packet that comes to the table.
    cycles: u32,
}

impl Straight {
    /// The way through a branch; none if its paths do not all ask the same, or more than fits.
    pub(super) fn through(
        step: Step,
        answers: &BTreeMap<u64, Node>,
        place: &dyn Fn(Rank) -> u16,
    ) -> Option<Straight> {
        let levels = levels(step, answers)?;
        let way = Way::of(&levels)?;
        let [first, second] = &way.parts;
        let (first, second) = (first.part()?, second.part()?);
        let moved = [first.map(|it| it.1), second.map(|it| it.1)];
        let mut entries = Vec::new();
        ends(answers, &way.keyed, [0; PARTS_MAX], place, &mut entries);
        for (keys, _) in &mut entries {
            for (key, by) in keys.iter_mut().zip(moved) {
                *key >>= by.unwrap_or(0);
            }
        }
        if entries.len() >= usize::from(EMPTY) {
            return None;
        }
        let hash = match way.keyed.iter().any(Option::is_some) {
            true => cost::HASH,
            false => 0,
        };
        let [.., last] = way.cycles;
        let mut straight = Straight {
            first: first.map(|it| it.0),
            shift: way.shift,
            second: second.map(|it| it.0),
            part_cycles: way.cycles,
            entries,
            slots: Vec::new(),
            down: 63,
            multiplier: 0,
            probes: 0,
            cycles: last + hash,
        };
        straight.lay_out();
        Some(straight)
    }

    /// Lays the slots out, by the multiplier that needs the fewest probes.
    fn lay_out(&mut self) {
        let bits = (8 * self.entries.len())
            .next_power_of_two()
            .trailing_zeros();
        self.down = 64 - bits as u8;
        let mut best = u32::MAX;
        for number in 0..MULTIPLIERS {
            let multiplier = mix(number + 1) | 1;
            let mut slots = vec![EMPTY; 1 << bits];
            let mut most = 0;
            for (index, (keys, _)) in self.entries.iter().enumerate() {
                let from = hash(*keys, multiplier, self.down);
                let mut places = (0..slots.len()).map(|probe| (from + probe) & (slots.len() - 1));
                let free = places.position(|slot| slots.get(slot) == Some(&EMPTY));
                if let Some(probe) = free
                    && let Some(slot) = slots.get_mut((from + probe) & ((1 << bits) - 1))
                {
                    *slot = index as u16;
                    most = most.max(probe as u32 + 1);
                }
            }
            if most < best {
                best = most;
                (self.slots, self.multiplier, self.probes) = (slots, multiplier, most);
            }
            if most <= PROBES_ENOUGH {
                break;
            }
        }
    }

    /// Who accepts a packet on this way, and what that takes.
    #[inline]
    pub(super) fn run(&self, packet: &[u8], mut base: u32) -> (Option<&Acceptance>, u32) {
        let (mut one, mut other) = (0, 0);
        if let Some(first) = &self.first {
            match first.key(packet, base) {
                Some(key) => one = key,
                None => return (None, self.part_cycles[0]),
            }
        }
        if let Some(shift) = &self.shift {
            match shift.moved(packet, base) {
                Some(moved) => base = moved,
                None => return (None, self.part_cycles[1]),
            }
        }
        if let Some(second) = &self.second {
            match second.key(packet, base) {
                Some(key) => other = key,
                None => return (None, self.part_cycles[1]),
            }
        }
        let mut cycles = self.cycles;
        let mut slot = hash([one, other], self.multiplier, self.down);
        let last = self.slots.len().wrapping_sub(1);
        // There are slots without an entry, so that this ends.
        while let Some(entry) = self.slots.get(slot & last)
            && let Some(([known, second], acceptance)) = self.entries.get(usize::from(*entry))
        {
            if (*known, *second) == (one, other) {
                return (Some(acceptance), cycles + cost::ACCEPT);
            }
            cycles += cost::PROBE;
            slot += 1;
        }
        (None, cycles)
    }

    /// The most that it takes.
    pub(super) fn cycles_max(&self) -> u32 {
        self.cycles + cost::PROBE * self.probes + cost::ACCEPT
    }
}

#[inline]
fn hash(keys: [u64; PARTS_MAX], multiplier: u64, down: u8) -> usize {
    let [one, other] = keys;
    let both = one.wrapping_mul(multiplier).rotate_left(32) ^ other;
    (both.wrapping_mul(multiplier) >> (down & 63)) as usize
}
