//! Who had the processor when: a strip of the timeline, in the owners' hues and with their letters.

use std::fmt::Write;

use exo_core::ids::EnvId;

use super::memory::Owner;
use super::timeline::STROKES;
use super::words::decimal;
use crate::store::{Playground, RAN};

/// Height of the strip in its box.
const HEIGHT: f64 = 10.0;
/// Width of a stretch in its box.
const WIDE: u32 = 3;
/// An environment that takes this part of a stretch has it alone, for the eye.
const ALONE: f64 = 0.985;
/// Slices that are drawn each by itself, at their very steps; where more are shown, shares are.
const SLICES_MAX: usize = 120;
/// So many stretches in a row have room for a letter.
const ROOM: usize = 7;

/// Who had the processor, stretch by stretch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProcessorView {
    /// What each environment had, as an SVG path in a box of `STROKES × 3` by 10.
    pub shares: Vec<(Owner, String)>,
    /// Letters, with their places from the left in hundredths of a percent.
    pub letters: Vec<(Owner, u32)>,
}

pub(super) fn select(playground: &Playground, from: u64, to: u64) -> ProcessorView {
    let slices = playground.session().tally().slices();
    slices_of(slices, from, to).unwrap_or_else(|| shared(playground, from, to))
}

/// Each slice that is shown, if there are few and all are known.
fn slices_of(slices: &[(u64, EnvId)], from: u64, to: u64) -> Option<ProcessorView> {
    let first = slices.partition_point(|it| it.0 <= from).checked_sub(1)?;
    let end = slices.partition_point(|it| it.0 < to);
    let shown = slices.get(first..end).filter(|it| it.len() <= SLICES_MAX)?;
    let scale = f64::from(STROKES * WIDE) / (to - from).max(1) as f64;
    let mut view = ProcessorView::default();
    let ends = shown.iter().skip(1).map(|it| it.0).chain([to]);
    for ((begun, env), end) in shown.iter().zip(ends) {
        let (begun, end) = ((*begun).max(from) - from, end.min(to) - from);
        let (left, right) = (begun as f64 * scale, end as f64 * scale);
        let owner = Owner { env: *env };
        let place = view.shares.iter().position(|it| it.0 == owner);
        let place = place.unwrap_or_else(|| {
            view.shares.push((owner, String::new()));
            view.shares.len() - 1
        });
        if let Some((_, path)) = view.shares.get_mut(place) {
            let (x, end) = (decimal(left, 1), decimal(right, 1));
            let _ = write!(path, "M{x} 0H{end}V10H{x}z");
        }
        if right - left >= (ROOM as u32 * WIDE).into() {
            let middle = (begun + end) as f64 * 5_000.0 / (to - from).max(1) as f64;
            view.letters.push((owner, middle as u32));
        }
    }
    Some(view)
}

/// The shares of all stretches.
fn shared(playground: &Playground, from: u64, to: u64) -> ProcessorView {
    let environments = playground.session().scenario().environments.len().min(RAN);
    let wide = (to - from) as f64 / f64::from(STROKES);
    let ends = (0..=STROKES).map(|it| playground.course.ran(from as f64 + f64::from(it) * wide));
    let ends: Vec<[f64; RAN]> = ends.collect();
    let stretches = ends.windows(2).map(|pair| shares(&pair[0], &pair[1]));
    let stretches: Vec<[f64; RAN]> = stretches.collect();
    let owner = |index: usize| Owner {
        env: EnvId(index as u8),
    };
    let shares = (0..environments).map(|env| (owner(env), path(&stretches, env)));
    let letters = runs(&stretches).into_iter().map(|(env, first, count)| {
        let middle = (first * 2 + count) as u32;
        (owner(env), middle * 10_000 / (STROKES * 2))
    });
    ProcessorView {
        shares: shares.filter(|(_, path)| !path.is_empty()).collect(),
        letters: letters.collect(),
    }
}

/// The part of a stretch that each had; one that had nearly all of it had all.
fn shares(from: &[f64; RAN], to: &[f64; RAN]) -> [f64; RAN] {
    let took: [f64; RAN] = std::array::from_fn(|env| (to[env] - from[env]).max(0.0));
    let all: f64 = took.iter().sum();
    if all < 0.01 {
        return [0.0; RAN];
    }
    let alone = took.iter().position(|it| it / all > ALONE);
    std::array::from_fn(|env| match alone {
        Some(one) => f64::from(u8::from(env == one)),
        None => took[env] / all,
    })
}

/// One environment's part of the strip: whole stretches in a row as one box, the others each by itself, those of
/// environments before it above.
fn path(stretches: &[[f64; RAN]], env: usize) -> String {
    let mut path = String::new();
    let mut index = 0;
    while let Some(stretch) = stretches.get(index) {
        let share = stretch[env];
        let whole = |it: &&[f64; RAN]| it[env] >= 1.0;
        let row = stretches
            .iter()
            .skip(index)
            .take_while(whole)
            .count()
            .max(1);
        if share > 0.0 {
            let above = stretch.iter().take(env).fold(0.0, |sum, it| sum + it);
            let (x, wide) = (index as u32 * WIDE, row as u32 * WIDE);
            let (y, high) = (decimal(above * HEIGHT, 1), decimal(share * HEIGHT, 1));
            let _ = write!(path, "M{x} {y}h{wide}v{high}h-{wide}z");
        }
        index += row;
    }
    path
}

/// Stretches in a row that one environment had alone, where there is room for its letter: whose, the first, and
/// how many.
fn runs(stretches: &[[f64; RAN]]) -> Vec<(usize, usize, usize)> {
    let owner = |stretch: &[f64; RAN]| stretch.iter().position(|share| *share >= 1.0);
    let mut runs = Vec::new();
    let mut index = 0;
    for row in stretches.chunk_by(|one, other| owner(one) == owner(other)) {
        if let Some(env) = row.first().and_then(owner).filter(|_| row.len() >= ROOM) {
            runs.push((env, index, row.len()));
        }
        index += row.len();
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::{RAN, path, runs, shares};

    fn of(parts: &[f64]) -> [f64; RAN] {
        std::array::from_fn(|env| parts.get(env).copied().unwrap_or(0.0))
    }

    #[test]
    fn a_stretch_that_one_has_nearly_alone_is_its_own_and_others_are_shared_in_proportion() {
        let nothing = [0.0; RAN];
        assert_eq!(shares(&nothing, &nothing), nothing);
        assert_eq!(shares(&nothing, &of(&[99.5, 0.5])), of(&[1.0]));
        assert_eq!(
            shares(&of(&[10.0, 10.0]), &of(&[11.0, 13.0])),
            of(&[0.25, 0.75])
        );
    }

    #[test]
    fn whole_stretches_in_a_row_are_one_box_and_carry_a_letter_where_there_is_room() {
        let mut stretches = vec![of(&[1.0]); 8];
        stretches.push(of(&[0.25, 0.75]));
        stretches.extend([of(&[0.0, 1.0]); 3]);
        assert_eq!(path(&stretches, 0), "M0 0.0h24v10.0h-24zM24 0.0h3v2.5h-3z");
        assert_eq!(path(&stretches, 1), "M24 2.5h3v7.5h-3zM27 0.0h9v10.0h-9z");
        assert_eq!(path(&stretches, 2), "");
        assert_eq!(runs(&stretches), [(0, 0, 8)]);
    }
}
