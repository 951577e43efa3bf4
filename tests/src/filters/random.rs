//! Random filters over random packets, with filters that come and go.

use exo_core::ids::EnvId;
use exo_core::kernel::filter::{Atom, FilterId, FilterSet, Width, check};
use exo_core::rng::Rng;

use super::naive::Claim;
use super::{Both, pattern, way};

/// Packets that each set is tried with.
const PACKETS: u64 = 50;
/// The longest packet in bytes.
const PACKET_BYTES_MAX: u32 = 48;

/// What a comparison came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Packets whose verdicts were compared.
    pub packets: u64,
    /// Those that a filter had.
    pub accepted: u64,
    /// Filters that were refused.
    pub refused: u64,
    /// Filters that were removed again.
    pub removed: u64,
}

/// Compares the engines with the naive reading over so many packets, and checks the invariants.
///
/// # Errors
/// What is not as it must be, with the number that makes it happen again.
pub fn compare(seed: u64, packets: u64) -> Result<Compared, String> {
    let mut all = Compared::default();
    let mut number = seed << 32;
    while all.packets < packets {
        one(number, &mut all).map_err(|why| format!("set {number}: {why}"))?;
        number += 1;
    }
    Ok(all)
}

fn one(number: u64, all: &mut Compared) -> Result<(), String> {
    let mut rng = Rng::new(number, 0);
    let mut both = Both::default();
    let wanted = 1 + rng.below(24);
    for _ in 0..wanted {
        change(&mut rng, &mut both, all)?;
    }
    let mut packets = Vec::new();
    for _ in 0..PACKETS {
        packets.push(packet(&mut rng, &both));
    }
    for packet in &packets {
        both.compare(packet)?;
        way::follows(&both.set, packet)?;
        all.packets += 1;
        let verdict = super::naive::winner(&both.claims, packet);
        all.accepted += u64::from(verdict.is_some());
    }
    let slices: Vec<&[u8]> = packets.iter().map(Vec::as_slice).collect();
    check::all(&both.set, &slices).map_err(|it| it.to_string())
}

/// Installs a filter, or now and then removes one; what is left is as if it had never been there.
fn change(rng: &mut Rng, both: &mut Both, all: &mut Compared) -> Result<(), String> {
    let count = both.claims.len() as u32;
    if count > 0 && rng.below(4) == 0 {
        let (id, _) = both.claims[rng.below(count) as usize];
        both.remove(id);
        all.removed += 1;
        return Ok(());
    }
    let claim = claim(rng);
    if claim.patterns.iter().all(|it| pattern(it).is_none()) {
        return Ok(());
    }
    let before = both.set.clone();
    match both.install(claim.clone()) {
        Ok(id) => undone(&before, both, id, &claim)?,
        Err(_) if both.set == before => all.refused += 1,
        Err(error) => return Err(format!("the refusal {error} changed the set")),
    }
    Ok(())
}

/// Taking a filter out again leaves the set as it was, but for the number that was used.
fn undone(before: &FilterSet, both: &Both, id: FilterId, claim: &Claim) -> Result<(), String> {
    let mut without = both.set.clone();
    without.remove(id);
    let same = without.filters().eq(before.filters()) && without.same_trie(before);
    if same {
        return Ok(());
    }
    Err(format!("removing {claim:?} left something of it"))
}

fn width(rng: &mut Rng) -> Width {
    match rng.below(8) {
        0..3 => Width::One,
        3..6 => Width::Two,
        6 => Width::Four,
        _ => Width::Eight,
    }
}

/// An atom over few places and values, so that filters have to do with each other.
fn atom(rng: &mut Rng) -> Atom {
    let width = width(rng);
    let offset = rng.below(10) as u16;
    match rng.below(10) {
        0 => Atom::Advance(rng.below(4) as u16),
        1 => Atom::Shift {
            offset,
            width: Width::One,
            mask: [0x0f, 0x03, 0xff][rng.below(3) as usize],
            shift: rng.below(3) as u8,
        },
        _ => {
            let mask = match rng.below(4) {
                0 => rng.next_u64() & width.full(),
                1 => 0x0f0f_0f0f_0f0f_0f0f & width.full(),
                _ => width.full(),
            };
            let spread = 0x0101_0101_0101_0101 & width.full();
            let value = (u64::from(rng.below(3)) * spread) & mask;
            Atom::Equal {
                offset,
                width,
                mask,
                value,
            }
        }
    }
}

fn claim(rng: &mut Rng) -> Claim {
    let patterns = (0..1 + rng.below(3))
        .map(|_| (0..rng.below(6)).map(|_| atom(rng)).collect())
        .collect();
    Claim {
        owner: EnvId(rng.below(4) as u8),
        yields: rng.below(3) == 0,
        patterns,
    }
}

/// A packet: anything, or one that a filter is after, cut somewhere now and then.
fn packet(rng: &mut Rng, both: &Both) -> Vec<u8> {
    let length = rng.below(PACKET_BYTES_MAX + 1) as usize;
    let mut bytes: Vec<u8> = (0..length).map(|_| rng.below(3) as u8).collect();
    let count = both.claims.len() as u32;
    if count > 0 && rng.below(4) > 0 {
        let (_, claim) = &both.claims[rng.below(count) as usize];
        let pattern = rng.below(claim.patterns.len() as u32) as usize;
        wanted(&claim.patterns[pattern], &mut bytes);
    }
    bytes
}

/// Writes what the atoms want into a packet, as far as it reaches.
fn wanted(atoms: &[Atom], bytes: &mut [u8]) {
    let mut base = 0_usize;
    for atom in atoms {
        match *atom {
            Atom::Advance(by) => base += usize::from(by),
            Atom::Shift {
                offset,
                mask,
                shift,
                ..
            } => {
                let found = bytes.get(base + usize::from(offset)).copied();
                base += ((u64::from(found.unwrap_or(0)) & mask) as usize) << shift;
            }
            Atom::Equal {
                offset,
                width,
                mask,
                value,
            } => {
                let count = usize::from(width.bytes());
                for index in 0..count {
                    let down = 8 * (count - 1 - index);
                    let (mask, value) = ((mask >> down) as u8, (value >> down) as u8);
                    if let Some(byte) = bytes.get_mut(base + usize::from(offset) + index) {
                        *byte = *byte & !mask | value;
                    }
                }
            }
        }
    }
}
