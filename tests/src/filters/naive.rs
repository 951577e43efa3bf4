//! What filters mean, read off their atoms one after the other.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use exo_core::ids::EnvId;
use exo_core::kernel::filter::{Atom, FilterId};

/// What an environment claims, as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who.
    pub owner: EnvId,
    /// Whether it lets others go before it.
    pub yields: bool,
    /// Conjunctions, any of which will do.
    pub patterns: Vec<Vec<Atom>>,
}

/// The number in `bytes` bytes of the packet; none if it ends before.
fn number(packet: &[u8], at: u64, bytes: u16) -> Option<u64> {
    let mut value = 0;
    for index in 0..u64::from(bytes) {
        value = value * 256 + u64::from(*packet.get((at + index) as usize)?);
    }
    Some(value)
}

/// Whether a packet is as the atoms say.
pub fn accepts(atoms: &[Atom], packet: &[u8]) -> bool {
    let mut base = 0_u64;
    for atom in atoms {
        match *atom {
            Atom::Equal {
                offset,
                width,
                mask,
                value,
            } => match number(packet, base + u64::from(offset), width.bytes()) {
                Some(found) if found & mask == value => {}
                _ => return false,
            },
            Atom::Shift {
                offset,
                width,
                mask,
                shift,
            } => match number(packet, base + u64::from(offset), width.bytes()) {
                Some(found) => base += (found & mask) << shift,
                None => return false,
            },
            Atom::Advance(bytes) => base += u64::from(bytes),
        }
    }
    true
}

/// How special a conjunction is: bits, shifts, bytes needed.
fn special(atoms: &[Atom]) -> (u32, u32, u64) {
    let mut bits: BTreeMap<(u32, u64), u64> = BTreeMap::new();
    let mut reach: BTreeMap<u32, u64> = BTreeMap::new();
    let (mut shifts, mut from) = (0, 0);
    for atom in atoms {
        match *atom {
            Atom::Equal {
                offset,
                width,
                mask,
                ..
            } => {
                let first = from + u64::from(offset);
                for index in 0..u64::from(width.bytes()) {
                    let down = 8 * (u64::from(width.bytes()) - 1 - index);
                    *bits.entry((shifts, first + index)).or_default() |= mask >> down & 255;
                }
                let end = reach.entry(shifts).or_default();
                *end = (*end).max(first + u64::from(width.bytes()));
            }
            Atom::Shift { offset, width, .. } => {
                let end = reach.entry(shifts).or_default();
                *end = (*end).max(from + u64::from(offset) + u64::from(width.bytes()));
                shifts += 1;
            }
            Atom::Advance(bytes) => from += u64::from(bytes),
        }
    }
    let bits = bits.values().map(|it| it.count_ones()).sum();
    (bits, shifts, reach.values().sum())
}

/// Which filter has a packet, by the rule as it is documented.
pub fn winner(claims: &[(FilterId, Claim)], packet: &[u8]) -> Option<FilterId> {
    let all = claims.iter().flat_map(|(id, claim)| {
        let accepting = claim.patterns.iter().filter(|it| accepts(it, packet));
        accepting.map(move |it| (claim.yields, Reverse(special(it)), *id))
    });
    all.min().map(|(.., id)| id)
}
