//! A branch of the trie whose paths all ask the same, straight through: one look-up for all of it.
//!
//! Filters of one kind (a thousand connections) differ in values alone. What they ask for the same value
//! is compared with it, what they tell each other apart by becomes the key of one table.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec;
use alloc::vec::Vec;

use super::pattern::{Field, Step};
use super::set::Rank;
use super::trie::Node;
use super::{FilterId, cost};
use crate::digest::mix;
use crate::ids::EnvId;

/// Fields that are compared from the first base on, at most, and from the second.
const COMPARED_MAX: [usize; PARTS_MAX] = [3, 1];
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
    /// The bits; none if the packet ends before they do.
    #[inline]
    fn bits(&self, packet: &[u8], base: u32) -> Option<u64> {
        let start = base as usize + usize::from(self.start);
        let bytes = packet.get(start..start + 8)?.first_chunk()?;
        Some(u64::from_le_bytes(*bytes) & self.mask)
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
    key: Look,
}

impl<const COMPARED: usize> Part<COMPARED> {
    /// The part of the key; none if a comparison fails or the packet ends before.
    #[inline]
    fn key(&self, packet: &[u8], base: u32) -> Option<u64> {
        let mut wrong = 0;
        for look in &self.compared {
            wrong |= look.bits(packet, base)? ^ look.value;
        }
        let key = self.key.bits(packet, base)?;
        (wrong == 0).then_some(key)
    }
}

/// How the base moves on: by the bits, times 2^`shift`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Move {
    look: Look,
    shift: u8,
}

/// The key of a path and who accepts at its end.
type Entry = ([u64; PARTS_MAX], Acceptance);

/// A slot without an entry.
const EMPTY: u16 = u16::MAX;

/// The way through such a branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Straight {
    first: Option<Part<{ COMPARED_MAX[0] }>>,
    shift: Option<Move>,
    second: Option<Part<{ COMPARED_MAX[1] }>>,
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
        let mut entries = Vec::new();
        ends(answers, &way.keyed, [0; PARTS_MAX], place, &mut entries);
        if entries.len() >= usize::from(EMPTY) {
            return None;
        }
        let hash = match way.keyed.iter().any(Option::is_some) {
            true => cost::HASH,
            false => 0,
        };
        let [.., last] = way.cycles;
        let mut straight = Straight {
            first: way.parts[0].part()?,
            shift: way.shift,
            second: way.parts[1].part()?,
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
        if let Some(Move { look, shift }) = &self.shift {
            let Some(bits) = look.bits(packet, base) else {
                return (None, self.part_cycles[1]);
            };
            let moved = u64::from(base).saturating_add(bits.swap_bytes() << (shift & 31));
            base = u32::try_from(moved).unwrap_or(BEHIND).min(BEHIND);
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

/// What is asked level by level, and the values that are asked for; none if two paths differ in what
/// they ask, or one ends before another.
fn levels(step: Step, answers: &BTreeMap<u64, Node>) -> Option<Vec<(Step, BTreeSet<u64>)>> {
    let mut levels = vec![(step, answers.keys().copied().collect())];
    let mut nodes: Vec<&Node> = answers.values().collect();
    loop {
        let ended = nodes.iter().filter(|it| it.branches.is_empty()).count();
        if ended == nodes.len() {
            return Some(levels);
        }
        let mut values = BTreeSet::new();
        let mut next = Vec::new();
        let asked = *nodes.first()?.branches.first_key_value()?.0;
        for node in nodes {
            let mut branches = node.branches.iter();
            let (Some((step, answers)), None) = (branches.next(), branches.next()) else {
                return None;
            };
            if *step != asked || !node.ends.is_empty() {
                return None;
            }
            values.extend(answers.keys());
            next.extend(answers.values());
        }
        levels.push((asked, values));
        nodes = next;
    }
}

/// What is looked at from one base on, as it is gathered.
#[derive(Default)]
struct Gathered {
    compared: Vec<Look>,
    key: Option<Look>,
}

impl Gathered {
    /// The part, if anything is looked at; none within none if it is too much.
    fn part<const COMPARED: usize>(&self) -> Option<Option<Part<COMPARED>>> {
        let Some(any) = self.compared.first().or(self.key.as_ref()) else {
            return Some(None);
        };
        let nothing = Look {
            mask: 0,
            value: 0,
            ..*any
        };
        let mut compared = [nothing; COMPARED];
        for (index, look) in self.compared.iter().enumerate() {
            *compared.get_mut(index)? = *look;
        }
        let key = self.key.unwrap_or(nothing);
        Some(Some(Part { compared, key }))
    }
}

/// A way as it is gathered.
#[derive(Default)]
struct Way {
    parts: [Gathered; PARTS_MAX],
    shift: Option<Move>,
    /// Which part's key a level is.
    keyed: Vec<Option<usize>>,
    cycles: [u32; PARTS_MAX],
}

impl Way {
    /// The way of these levels; none if they do not fit.
    fn of(levels: &[(Step, BTreeSet<u64>)]) -> Option<Way> {
        let mut way = Way::default();
        let mut at = 0;
        for (step, values) in levels {
            let (Step::Test(field) | Step::Shift(field, _)) = *step;
            let Field { width, mask, .. } = field;
            let masked = mask != width.full();
            let mut look = Look {
                mask: mask.swap_bytes(),
                value: 0,
                start: (field.offset + width.bytes()).checked_sub(8)?,
            };
            let only = values.first().filter(|_| values.len() == 1);
            let part = way.parts.get_mut(at)?;
            let (keyed, cycles) = match (*step, only) {
                (Step::Test(_), Some(value)) => {
                    look.value = value.swap_bytes();
                    compare(&mut part.compared, look);
                    (None, cost::test(width, masked))
                }
                (Step::Test(_), None) if part.key.is_none() => {
                    part.key = Some(look);
                    (Some(at), cost::load(width, masked))
                }
                (Step::Shift(_, shift), _) if way.shift.is_none() => {
                    way.shift = Some(Move { look, shift });
                    at += 1;
                    (None, cost::shift(width))
                }
                _ => return None,
            };
            way.keyed.push(keyed);
            for sum in way.cycles.iter_mut().skip(at) {
                *sum += cycles;
            }
        }
        Some(way)
    }
}

/// Adds a comparison, to the one before if both lie within the same eight bytes.
fn compare(compared: &mut Vec<Look>, look: Look) {
    let both = compared.last_mut().and_then(|before| {
        let by = 8 * u32::from(look.start.checked_sub(before.start)?);
        (by < 64 && before.mask.trailing_zeros() >= by).then_some((before, by))
    });
    match both {
        Some((before, by)) => {
            *before = Look {
                mask: before.mask >> by | look.mask,
                value: before.value >> by | look.value,
                start: look.start,
            };
        }
        None => compared.push(look),
    }
}

/// Gathers the key of each path, and who accepts at its end.
fn ends(
    answers: &BTreeMap<u64, Node>,
    keyed: &[Option<usize>],
    keys: [u64; PARTS_MAX],
    place: &dyn Fn(Rank) -> u16,
    paths: &mut Vec<Entry>,
) {
    let Some((key, rest)) = keyed.split_first() else {
        return;
    };
    for (answer, node) in answers {
        let mut keys = keys;
        if let Some(part) = key.and_then(|part| keys.get_mut(part)) {
            *part = answer.swap_bytes();
        }
        // Of several patterns that ask for the same, the first has it.
        if let (true, Some(rank)) = (rest.is_empty(), node.ends.first()) {
            let acceptance = Acceptance {
                place: place(*rank),
                filter: rank.filter,
                owner: rank.owner,
            };
            paths.push((keys, acceptance));
        }
        for answers in node.branches.values() {
            ends(answers, rest, keys, place, paths);
        }
    }
}
