//! What tells environments apart beside their letters: each that a machine can have has a hue and a hatch, and no two
//! have both in common.

use exo_core::ids::EnvId;
use exo_core::limits::ENVIRONMENTS_MAX;

use super::words::HUES;

/// Pixels after which a hatch begins again, across and down.
pub const PERIOD: u32 = 3;

/// The hatches: three rows of three pixels, the first one the highest bit. None is another one moved aside.
const HATCHES: [[u8; PERIOD as usize]; 16] = [
    [0b001, 0b010, 0b100], // rising lines
    [0b100, 0b010, 0b001], // falling lines
    [0b000, 0b010, 0b000], // dots
    [0b000, 0b111, 0b000], // level lines
    [0b010, 0b010, 0b010], // upright lines
    [0b010, 0b111, 0b010], // a grid
    [0b000, 0b011, 0b000], // dashes
    [0b010, 0b010, 0b000], // upright dashes
    [0b111, 0b000, 0b111], // broad level lines
    [0b101, 0b101, 0b101], // broad upright lines
    [0b110, 0b101, 0b011], // broad rising lines
    [0b011, 0b101, 0b110], // broad falling lines
    [0b110, 0b110, 0b000], // blocks
    [0b111, 0b101, 0b111], // holes
    [0b100, 0b110, 0b000], // corners
    [0b111, 0b010, 0b000], // nails
];
const _: () = assert!(HUES.len() * HATCHES.len() >= ENVIRONMENTS_MAX);

/// The number of an environment's hatch. The first sixteen have one each; after them those of one hue go on with the
/// hatches that none of that hue has.
pub fn hatch_number(env: EnvId) -> usize {
    let index = env.index();
    (index + index / HATCHES.len()) % HATCHES.len()
}

/// Whether a pixel of what is an environment's is one of its hatch.
pub fn is_hatched(env: EnvId, x: u32, y: u32) -> bool {
    let rows = HATCHES.get(hatch_number(env)).copied().unwrap_or_default();
    let row = rows.get((y % PERIOD) as usize).copied().unwrap_or_default();
    row >> (PERIOD - 1 - x % PERIOD) & 1 == 1
}

/// The hatch as an SVG path within three units each way; none for the first four, whose hue is their own where there
/// are no more.
pub fn hatch_path(env: EnvId) -> Option<String> {
    let places = (0..PERIOD).flat_map(|y| (0..PERIOD).map(move |x| (x, y)));
    let hatched = places.filter(|(x, y)| is_hatched(env, *x, *y));
    (env.index() >= HUES.len()).then(|| hatched.map(|(x, y)| format!("M{x} {y}h1v1h-1z")).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use exo_core::ids::EnvId;
    use exo_core::limits::ENVIRONMENTS_MAX;

    use super::{HATCHES, PERIOD, hatch_number, hatch_path, is_hatched};
    use crate::view::words::hue_number;

    fn all() -> impl Iterator<Item = EnvId> {
        (0..ENVIRONMENTS_MAX).map(|it| EnvId(it as u8))
    }

    /// The pixels of a hatch, moved aside and down.
    fn moved(env: EnvId, across: u32, down: u32) -> Vec<bool> {
        let places = (0..PERIOD).flat_map(|y| (0..PERIOD).map(move |x| (x, y)));
        places
            .map(|(x, y)| is_hatched(env, x + across, y + down))
            .collect()
    }

    #[test]
    fn no_two_environments_that_a_machine_can_have_share_hue_and_hatch() {
        let pairs: BTreeSet<_> = all().map(|it| (hue_number(it), hatch_number(it))).collect();
        assert_eq!(pairs.len(), ENVIRONMENTS_MAX);
        // Of few environments no two share so much as the hatch.
        let few: BTreeSet<_> = all().take(HATCHES.len()).map(hatch_number).collect();
        assert_eq!(few.len(), HATCHES.len());
    }

    #[test]
    fn a_hatch_is_no_other_one_moved_aside_and_shows_tint_and_hatch_in_the_smallest_squares() {
        let hatches: Vec<EnvId> = all().take(HATCHES.len()).collect();
        for (index, env) in hatches.iter().enumerate() {
            let own = moved(*env, 0, 0);
            assert!(own.contains(&true) && own.contains(&false));
            for other in &hatches[..index] {
                for (across, down) in [0, 1, 2].iter().flat_map(|x| [0, 1, 2].map(|y| (*x, y))) {
                    assert_ne!(moved(*other, across, down), own, "{env:?} and {other:?}");
                }
            }
        }
    }

    #[test]
    fn whoever_shares_a_hue_with_one_before_has_a_hatch_beside_the_letter_of_its_own() {
        let mut seen = BTreeSet::new();
        for env in all() {
            let path = hatch_path(env);
            assert_eq!(path.is_none(), env.index() < 4);
            assert!(seen.insert((hue_number(env), path)), "{env:?}");
        }
    }
}
