//! Every set of at most three filters of at most three atoms, over every packet of two bytes of a small
//! alphabet.

use exo_core::ids::EnvId;
use exo_core::kernel::filter::{Atom, Pattern, Width, check};

use super::naive::{Claim, accepts};
use super::{Both, pattern};

/// The values that a byte of a packet has.
const ALPHABET: [u8; 3] = [0, 1, 2];

fn equal(offset: u16, width: Width, mask: u64, value: u64) -> Atom {
    Atom::Equal {
        offset,
        width,
        mask,
        value,
    }
}

/// What a filter is made of.
fn atoms() -> Vec<Atom> {
    vec![
        equal(0, Width::One, 0xff, 0),
        equal(0, Width::One, 1, 1),
        equal(1, Width::One, 0xff, 1),
        equal(1, Width::One, 0, 0),
        equal(0, Width::Two, 0xffff, 0x0001),
        Atom::Shift {
            offset: 0,
            width: Width::One,
            mask: 3,
            shift: 0,
        },
        Atom::Advance(1),
    ]
}

/// Every pattern of at most three of them that some packet can match, once, with its atoms.
pub fn patterns() -> Vec<(Vec<Atom>, Pattern)> {
    let atoms = atoms();
    let mut lists: Vec<Vec<Atom>> = vec![Vec::new()];
    let mut longest = lists.clone();
    for _ in 0..3 {
        let longer = longest
            .iter()
            .flat_map(|list| atoms.iter().map(move |atom| [&list[..], &[*atom]].concat()));
        longest = longer.collect();
        lists.extend(longest.iter().cloned());
    }
    let mut found: Vec<(Vec<Atom>, Pattern)> = Vec::new();
    for list in lists {
        if let Some(pattern) = pattern(&list)
            && found.iter().all(|(_, known)| *known != pattern)
        {
            found.push((list, pattern));
        }
    }
    found
}

/// Every packet of at most two bytes.
pub fn packets() -> Vec<Vec<u8>> {
    let one = ALPHABET.iter().map(|byte| vec![*byte]);
    let two = ALPHABET
        .iter()
        .flat_map(|first| ALPHABET.iter().map(|second| vec![*first, *second]));
    std::iter::once(Vec::new()).chain(one).chain(two).collect()
}

fn claim(atoms: &[Atom], owner: u8) -> Claim {
    Claim {
        owner: EnvId(owner),
        yields: false,
        patterns: vec![atoms.to_vec()],
    }
}

/// Verdicts that were compared over every set of three.
///
/// # Errors
/// The first that differs.
pub fn sets_of_three() -> Result<u64, String> {
    sets(1)
}

/// The same over every pair of filters, each with every `every`th third one beside it.
///
/// # Errors
/// The first verdict that differs.
pub fn sets(every: usize) -> Result<u64, String> {
    let (patterns, packets) = (patterns(), packets());
    let mut compared = 0;
    for first in 0..patterns.len() {
        for second in first..patterns.len() {
            // Two of them in either order, as the first installed of two equals has the packet.
            let mut two = Both::default();
            let add = |both: &mut Both, index: usize| {
                both.install(claim(&patterns[index].0, 0))
                    .map_err(|error| error.to_string())
            };
            add(&mut two, second)?;
            add(&mut two, first)?;
            for third in (second..patterns.len()).step_by(every) {
                let id = add(&mut two, third)?;
                for packet in &packets {
                    two.compare(packet)?;
                    compared += 3;
                }
                two.remove(id);
            }
        }
    }
    Ok(compared)
}

/// Admits or refuses every pair of different environments. Returns how many were refused; of those, how
/// many share no packet of the universe (told apart only with care, or in larger packets).
///
/// # Errors
/// A filter was admitted that takes a packet, or a refusal changed something.
pub fn pairs_of_two_owners() -> Result<(u64, u64), String> {
    let (patterns, packets) = (patterns(), packets());
    let slices: Vec<&[u8]> = packets.iter().map(Vec::as_slice).collect();
    let (mut refused, mut careful) = (0, 0);
    for (older, _) in &patterns {
        for (newer, _) in &patterns {
            let mut both = Both::default();
            both.install(claim(older, 0)).map_err(|it| it.to_string())?;
            let before = both.set.clone();
            let shared = packets
                .iter()
                .any(|it| accepts(older, it) && accepts(newer, it));
            match both.install(claim(newer, 1)) {
                Ok(_) => check::all(&both.set, &slices).map_err(|it| it.to_string())?,
                Err(_) => {
                    refused += 1;
                    careful += u64::from(!shared);
                    if both.set != before {
                        return Err(format!("refusing {newer:?} changed the set"));
                    }
                }
            }
        }
    }
    Ok((refused, careful))
}
