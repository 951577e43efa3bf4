//! How the way straight through a branch is found: what all its paths ask, and the keys they differ in.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec;
use alloc::vec::Vec;

use super::super::cost;
use super::super::pattern::{Field, Step};
use super::super::set::Rank;
use super::super::trie::Node;
use super::{Acceptance, Entry, Look, Move, PARTS_MAX, Part};

/// What is asked level by level, and the values that are asked for; none if two paths differ in what
/// they ask, or one ends before another.
pub(super) fn levels(
    step: Step,
    answers: &BTreeMap<u64, Node>,
) -> Option<Vec<(Step, BTreeSet<u64>)>> {
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
pub(super) struct Gathered {
    compared: Vec<Look>,
    key: Option<Look>,
}

impl Gathered {
    /// The part, if anything is looked at, and by how many bits its key has moved towards the low ones; none
    /// within none if it is too much.
    pub(super) fn part<const COMPARED: usize>(&self) -> Option<Option<(Part<COMPARED>, u32)>> {
        let Some(any) = self.compared.first().or(self.key.as_ref()) else {
            return Some(None);
        };
        let nothing = Look {
            mask: 0,
            value: 0,
            ..*any
        };
        let mut looks = self.compared.clone();
        let (key, mut last) = match self.key {
            Some(key) => (key, Look { mask: 0, ..key }),
            None => (nothing, looks.pop().unwrap_or(nothing)),
        };
        // What lies near the key is compared along with it.
        let mut moved = key;
        let near = looks.iter().enumerate();
        let mut near = near.filter_map(|(at, look)| Some((at, key.together(look)?)));
        if let Some((at, (key, look))) = near.next_back().filter(|_| self.key.is_some()) {
            looks.remove(at);
            (moved, last) = (key, look);
        }
        let mut compared = [nothing; COMPARED];
        let mut looks = looks.into_iter();
        for (place, look) in compared.iter_mut().zip(&mut looks) {
            *place = look;
        }
        let part = Part {
            compared,
            more: looks.next(),
            last,
            key_mask: moved.mask,
        };
        let by = 8 * u32::from(moved.start - key.start);
        looks.next().is_none().then_some(Some((part, by)))
    }
}

/// A way as it is gathered.
#[derive(Default)]
pub(super) struct Way {
    /// What is looked at from each base on.
    pub(super) parts: [Gathered; PARTS_MAX],
    pub(super) shift: Option<Move>,
    /// Which part's key a level is.
    pub(super) keyed: Vec<Option<usize>>,
    /// What it takes up to the end of each part.
    pub(super) cycles: [u32; PARTS_MAX],
}

impl Way {
    /// The way of these levels; none if they do not fit.
    pub(super) fn of(levels: &[(Step, BTreeSet<u64>)]) -> Option<Way> {
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
                    let byte = look.mask.trailing_zeros() >= 56;
                    way.shift = Some(Move { look, shift, byte });
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
    let before = compared.last_mut();
    let both = before.and_then(|before| Some((before.together(&look)?, before)));
    match both {
        Some(((one, other), before)) => {
            *before = Look {
                mask: one.mask | other.mask,
                value: one.value | other.value,
                start: one.start,
            };
        }
        None => compared.push(look),
    }
}

/// Gathers the key of each path, and who accepts at its end.
pub(super) fn ends(
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
