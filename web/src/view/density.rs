//! How often what happened where, as strokes: each at its very step where so few are shown, and nowhere finer than it
//! was counted.

use std::fmt::Write;

use exo_session::{Counts, Session, TALLIED};

use crate::store::Close;

/// Width of the box that the strokes are drawn in, and of a stroke's column.
pub(super) const WIDE: u32 = 960;
const COLUMN: u32 = 3;
/// Height of a track, in hundredths of a pixel, and of its lowest stroke.
const HEIGHT: f64 = 1000.0;
const HEIGHT_MIN: f64 = 250.0;
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
    /// Strokes, as an SVG path in a box of 960 by 11.
    pub strokes: String,
}

/// What was counted in stretches of so many steps, the first of which begins behind a step.
pub(super) struct Counted<'run> {
    begins: u64,
    wide: u64,
    stretches: &'run [Counts],
}

impl<'run> Counted<'run> {
    /// What was counted of all of the run when it was made.
    fn whole(session: &'run Session) -> Counted<'run> {
        Counted {
            begins: 0,
            wide: session.tally().wide(),
            stretches: session.tally().stretches(),
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
    let counted = match close {
        Some(close) => Counted {
            begins: close.begins,
            wide: close.wide,
            stretches: &close.counted,
        },
        None => Counted::whole(session),
    };
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
            strokes: strokes(&bars(&counted, kind, from, to)),
        })
        .collect()
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

    use super::{Counted, bars, strokes, tracks};
    use crate::store::{Action, Playground, Target};
    use crate::view::tests::settled;

    fn fresh() -> Playground {
        Playground::new(exo_session::first_light().unwrap()).unwrap()
    }

    fn misses(session: &Session) -> Vec<f64> {
        let to = session.furthest_step();
        let bars = bars(&Counted::whole(session), 0, 0, to);
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
        let counted = Counted::whole(session);
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
        let counted = Counted {
            begins: close.begins,
            wide: close.wide,
            stretches: &close.counted,
        };
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
