//! How often what happened where, as strokes: each at its very step where so few are shown, and nowhere finer than it
//! was counted.

use std::fmt::Write;

use exo_session::{Counts, Session, TALLIED};

use super::words::grouped;
use crate::store::Close;

/// Width of the box that the strokes are drawn in, and of a stroke's column.
pub(super) const WIDE: u32 = 960;
const COLUMN: u32 = 3;
/// Height of a track, in hundredths of a pixel, and of its lowest stroke.
const HEIGHT: f64 = 1000.0;
const HEIGHT_MIN: f64 = 250.0;
/// Slices of a run that are told by themselves where one points at them.
const SLICES: u64 = (WIDE / COLUMN) as u64;
/// Kinds that every machine has.
const ALWAYS: usize = 3;
/// The places of those that a machine may have: the disk and the network.
const DISK: usize = 5;
const PACKETS: usize = 6;

/// How often something happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackView {
    /// What is counted.
    pub name: &'static str,
    /// Its place among all that is counted.
    kind: usize,
    /// Strokes, as an SVG path in a box of 960 by 11.
    pub strokes: String,
}

/// What was counted in stretches of so many steps, the first of which begins behind a step.
pub(crate) struct Counted<'run> {
    begins: u64,
    wide: u64,
    stretches: &'run [Counts],
}

impl<'run> Counted<'run> {
    /// What was counted of a part from close by, or else of all of the run when it was made.
    pub(super) fn of(session: &'run Session, close: Option<&'run Close>) -> Counted<'run> {
        match close {
            Some(close) => Counted {
                begins: close.begins,
                wide: close.wide,
                stretches: &close.counted,
            },
            None => Counted {
                begins: 0,
                wide: session.tally().wide(),
                stretches: session.tally().stretches(),
            },
        }
    }
}

/// The tracks of the steps behind `from` up to `to`: those of kinds that this machine can have or that occurred.
pub(super) fn tracks(
    session: &Session,
    close: Option<&Close>,
    from: u64,
    to: u64,
) -> Vec<TrackView> {
    let counted = Counted::of(session, close);
    let (tally, scenario) = (session.tally(), session.scenario());
    let there = |kind: usize| {
        kind < ALWAYS
            || kind == DISK && scenario.machine.disk_blocks > 0
            || kind == PACKETS && scenario.network.is_some()
            || tally.totals().get(kind).is_some_and(|it| *it > 0)
    };
    let kinds = TALLIED.into_iter().enumerate();
    let kinds = kinds.filter(|(kind, _)| there(*kind));
    kinds
        .map(|(kind, name)| TrackView {
            name,
            kind,
            strokes: strokes(&bars(&counted, kind, from, to)),
        })
        .collect()
}

/// What was counted slice by slice: a slice is one step, or as many as lie under one column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Slices {
    /// Steps of a slice.
    wide: u64,
    /// Behind which step the first one begins.
    begins: u64,
    counts: Vec<[u64; TALLIED.len()]>,
}

impl Slices {
    /// The slices of the steps behind `from` up to `to`, each of whole stretches.
    pub(crate) fn of(counted: &Counted<'_>, from: u64, to: u64) -> Slices {
        let parts = (to - from).div_ceil(counted.wide * SLICES).max(1);
        let wide = counted.wide * parts;
        let first = from.saturating_sub(counted.begins) / wide;
        let slices = counted.stretches.chunks(parts as usize);
        let slices = slices.skip(first as usize);
        let sum = |slice: &[Counts]| {
            std::array::from_fn(|kind| slice.iter().map(|it| u64::from(it[kind])).sum())
        };
        Slices {
            wide,
            begins: counted.begins + first * wide,
            counts: slices.take(SLICES as usize + 1).map(sum).collect(),
        }
    }

    /// The slice of a step of a run of `end` steps in words, and how often what the tracks show happened in it.
    pub(super) fn tell(&self, step: u64, end: u64, tracks: &[TrackView]) -> String {
        let Some(before) = step.min(end).checked_sub(1) else {
            return "Step 0: nothing has happened yet.".to_owned();
        };
        let index = before.saturating_sub(self.begins) / self.wide.max(1);
        let counts = self.counts.get(index as usize);
        let begun = self.begins + index * self.wide;
        let (begun, end) = (begun + 1, (begun + self.wide).min(end));
        let mut told = match begun == end {
            true => format!("Step {}", grouped(end)),
            false => format!("Steps {} to {}", grouped(begun), grouped(end)),
        };
        for (track, sign) in tracks
            .iter()
            .zip([':'].into_iter().chain(std::iter::repeat(',')))
        {
            let count = counts.and_then(|it| it.get(track.kind)).copied();
            let _ = write!(
                told,
                "{sign} {} {}",
                track.name,
                grouped(count.unwrap_or(0))
            );
        }
        told + "."
    }
}

/// A bar: where it begins and ends in the box, and how much it counts.
type Bar = (f64, f64, u64);

/// What was counted of a kind. Stretches narrower than a column share one.
fn bars(counted: &Counted<'_>, kind: usize, from: u64, to: u64) -> Vec<Bar> {
    let (begins, wide) = (counted.begins, counted.wide);
    let scale = f64::from(WIDE) / to.saturating_sub(from).max(1) as f64;
    let (first, end) = ((from - begins) / wide, (to - begins).div_ceil(wide));
    let place = |step: u64| (step as f64 - from as f64) * scale;
    let narrow = wide as f64 * scale < f64::from(COLUMN);
    let mut bars: Vec<Bar> = Vec::new();
    let stretches = counted.stretches.iter().enumerate();
    let stretches = stretches.skip(first as usize);
    for (index, counts) in stretches.take((end - first) as usize) {
        let count = u64::from(counts.get(kind).copied().unwrap_or(0));
        if count == 0 {
            continue;
        }
        let begun = begins + index as u64 * wide;
        // A stretch of one step is the step at its end.
        let middle = match wide {
            1 => place(begun + 1),
            _ => place(begun) + wide as f64 * scale / 2.0,
        };
        let column = (middle / f64::from(COLUMN)).floor() * f64::from(COLUMN);
        match bars.last_mut() {
            Some(last) if narrow && last.0 == column => last.2 += count,
            _ if narrow => bars.push((column, column, count)),
            _ if wide == 1 => bars.push((middle, middle, count)),
            _ => bars.push((place(begun), place(begun + wide), count)),
        }
    }
    bars
}

/// One upright stroke for each bar, as wide as it is; half as high is a quarter of it.
fn strokes(bars: &[Bar]) -> String {
    let most = bars.iter().map(|it| it.2).max().unwrap_or(1) as f64;
    let mut path = String::new();
    let tenths = |at: f64| (at.clamp(1.0, f64::from(WIDE - 1)) * 10.0).round() as u64;
    for (begun, end, count) in bars {
        let height = ((*count as f64 / most).sqrt() * HEIGHT).max(HEIGHT_MIN) as u64;
        let (from, to) = (tenths(*begun), tenths(*end));
        let (x, up) = (from / 10, height / 100);
        // Writing to a text never fails.
        let _ = write!(path, "M{x}.{} 11v-{up}.{:02}", from % 10, height % 100);
        if to > from {
            let _ = write!(path, "H{}.{}V11z", to / 10, to % 10);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use exo_core::event::Event;
    use exo_session::Session;

    use super::{Counted, Slices, bars, strokes, tracks};
    use crate::store::{Action, Playground, Target};
    use crate::view::tests::settled;

    fn fresh() -> Playground {
        Playground::new(exo_session::first_light().unwrap()).unwrap()
    }

    fn misses(session: &Session) -> Vec<f64> {
        let to = session.furthest_step();
        let bars = bars(&Counted::of(session, None), 0, 0, to);
        bars.iter().map(|it| it.0 * to as f64 / 960.0).collect()
    }

    #[test]
    fn the_first_misses_of_the_first_run_stand_at_their_very_steps() {
        let mut playground = fresh();
        for _ in 0..4 {
            settled(&mut playground, Action::NextFault);
        }
        let session = playground.session();
        assert_eq!(session.furthest_step(), 52);
        let told = misses(session);
        assert_eq!(told.len(), 4);
        for (told, step) in told.iter().zip([1.0, 10.0, 18.0, 50.0]) {
            assert!((told - step).abs() < 1e-6, "{told} and {step}");
        }
        let tracks = tracks(session, None, 0, 52);
        assert_eq!(tracks[0].strokes.matches('M').count(), 4);
        assert_eq!(
            tracks.iter().map(|it| it.name).collect::<Vec<_>>(),
            ["TLB misses", "upcalls", "evictions"]
        );
    }

    #[test]
    fn what_was_counted_in_wide_stretches_is_drawn_as_wide() {
        let mut playground = fresh();
        settled(&mut playground, Action::GoTo(Target::Step(200_000)));
        let (session, tally) = (playground.session(), playground.session().tally());
        let counted = Counted::of(session, None);
        let wide = tally.wide();
        assert!(wide >= 32);
        let misses = tally.stretches().iter().rposition(|it| it[0] > 0).unwrap() as u64;
        let (from, to) = ((misses - 2) * wide, (misses + 2) * wide);
        let bars = bars(&counted, 0, from, to);
        assert!(!bars.is_empty() && bars.len() <= 4);
        assert!(
            bars.iter().all(|it| (it.1 - it.0 - 240.0).abs() < 1e-6),
            "{bars:?}"
        );
        assert!(strokes(&bars).ends_with("V11z"));
        let whole = super::bars(&counted, 0, 0, 200_000);
        let sum: u64 = whole.iter().map(|it| it.2).sum();
        assert_eq!(
            sum,
            tally.totals()[0],
            "nothing is lost where stretches share a column"
        );
    }

    /// The steps at which strokes of a kind stand, from close by.
    fn drawn(playground: &Playground, kind: usize) -> Vec<u64> {
        let ((from, to), close) = (playground.shown_steps(), playground.close().unwrap());
        let counted = Counted::of(playground.session(), Some(close));
        let bars = bars(&counted, kind, from, to);
        let step = |at: f64| (at * (to - from) as f64 / 960.0).round() as u64 + from;
        bars.iter().map(|it| step(it.0)).collect()
    }

    #[test]
    fn a_picture_from_close_by_goes_on_with_the_run_as_if_it_were_counted_anew() {
        let mut playground = fresh();
        settled(&mut playground, Action::GoTo(Target::Step(200_000)));
        for _ in 0..6 {
            settled(&mut playground, Action::Zoom { closer: true });
        }
        for _ in 0..4 {
            settled(&mut playground, Action::NextFault);
            for _ in 0..12 {
                settled(&mut playground, Action::Step);
            }
            let told = [0, 1, 2].map(|kind| drawn(&playground, kind));
            playground.close = None;
            settled(&mut playground, Action::Dismiss);
            assert_eq!(told, [0, 1, 2].map(|kind| drawn(&playground, kind)));
        }
    }

    #[test]
    fn from_close_by_every_miss_of_a_long_run_stands_at_its_very_step() {
        let mut playground = fresh();
        settled(&mut playground, Action::GoTo(Target::Step(200_000)));
        settled(&mut playground, Action::GoTo(Target::Step(100_000)));
        settled(&mut playground, Action::NextFault);
        for _ in 0..6 {
            settled(&mut playground, Action::Zoom { closer: true });
        }
        let (from, to) = playground.shown_steps();
        assert!(to - from < 200);
        let told = (drawn(&playground, 0), drawn(&playground, 1));
        settled(&mut playground, Action::GoTo(Target::Step(to)));
        let recent = playground.session().recent().iter();
        let shown = recent.filter(|it| it.number > from && it.number <= to);
        let of = |is: fn(&Event) -> bool| {
            let found = shown.clone().filter(|it| is(&it.stamped.event));
            found.map(|it| it.number).collect::<Vec<_>>()
        };
        let upcalls = of(|it| matches!(it, Event::Upcall { .. }));
        assert_eq!(told, (of(|it| matches!(it, Event::Missed { .. })), upcalls));
        assert!(!told.0.is_empty());
    }

    #[test]
    fn each_step_of_a_short_run_is_told_by_itself_and_of_a_long_one_each_slice_exactly() {
        let mut playground = fresh();
        for _ in 0..4 {
            settled(&mut playground, Action::NextFault);
        }
        let session = playground.session();
        let shown = tracks(session, None, 0, 52);
        let slices = Slices::of(&Counted::of(session, None), 0, 52);
        assert_eq!(
            slices.tell(18, 52, &shown),
            "Step 18: TLB misses 1, upcalls 0, evictions 0."
        );
        assert_eq!(
            slices.tell(0, 52, &shown),
            "Step 0: nothing has happened yet."
        );
        let none = "Step 52: TLB misses 0, upcalls 0, evictions 0.";
        let last = slices.tell(52, 52, &shown);
        assert_eq!(last, none.replace("upcalls 0", "upcalls 1"));
        assert_eq!(
            slices.tell(99, 52, &shown),
            last,
            "there is nothing behind the end"
        );

        settled(&mut playground, Action::GoTo(Target::Step(200_000)));
        let session = playground.session();
        let shown = tracks(session, None, 0, 200_000);
        let counted = Counted::of(session, None);
        let whole = Slices::of(&counted, 0, 200_000);
        for part in [0, 123_456] {
            let slices = Slices::of(&counted, part, part + 50_000);
            assert_eq!(slices.wide % session.tally().wide(), 0);
            assert!(slices.counts.len() as u64 <= super::SLICES + 1);
            let told = slices.tell(part + 40_000, 200_000, &shown);
            let begun = (part + 39_999) / slices.wide * slices.wide + 1;
            let end = super::grouped(begun + slices.wide - 1);
            let steps = format!("Steps {} to {end}: TLB misses ", super::grouped(begun));
            assert!(told.starts_with(&steps), "{told} {steps}");
        }
        let misses: u64 = whole.counts.iter().map(|it| it[0]).sum();
        assert_eq!(misses, session.tally().totals()[0], "nothing is lost");
    }

    #[test]
    fn revocations_refusals_disk_and_packets_have_tracks_where_there_are_any() {
        let names = |scenario: &'static str, press: Option<u32>| {
            let mut playground = fresh();
            settled(&mut playground, Action::OpenScenario(scenario));
            settled(&mut playground, Action::GoTo(Target::Step(3_000)));
            if let Some(frames) = press {
                let env = exo_core::ids::EnvId(0);
                settled(&mut playground, Action::SetFrameLimit { env, frames });
                settled(&mut playground, Action::GoTo(Target::Step(3_200)));
            }
            let session = playground.session();
            let tracks = tracks(session, None, 0, session.furthest_step());
            let tracks = tracks.into_iter().filter(|it| !it.strokes.is_empty());
            tracks.map(|it| it.name).collect::<Vec<_>>()
        };
        assert!(names("attack-forge", None).contains(&"refused"));
        assert!(names("pressure", Some(1)).contains(&"revocation"));
        assert!(names("network-ping", None).contains(&"packets"));
    }
}
