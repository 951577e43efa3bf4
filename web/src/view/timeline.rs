//! The timeline: the run so far from end to end, what happened where, and where it stands.

use std::fmt::Write;
use std::rc::Rc;

use super::processor::{self, ProcessorView};
use super::words::{decimal, grouped, percent_of};
use crate::store::{COUNTED, MarkKind, Playground};

/// Strokes of a track.
pub(super) const STROKES: u32 = 320;
/// Height of a track, in hundredths of a pixel, and of its lowest stroke.
const HEIGHT: f64 = 1000.0;
const HEIGHT_MIN: f64 = 250.0;
/// Ticks of the ruler at most.
const TICKS_MAX: u64 = 8;
/// Width of a number of the ruler, as a part of the timeline.
const NUMBER: f64 = 0.055;
/// What the tracks count, in the store's order.
const TRACKS: [&str; 3] = ["TLB misses", "upcalls", "evictions"];

/// How often something happened, stretch by stretch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackView {
    /// What is counted.
    pub name: &'static str,
    /// Strokes, as an SVG path in a box of `STROKES × 3` by 11.
    pub strokes: String,
}

/// What is drawn of a run, wherever it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DrawnView {
    /// What it was drawn of: the course's revision, and its furthest step.
    of: (u64, u64),
    /// The tracks.
    pub tracks: Vec<TrackView>,
    /// Who had the processor.
    pub processor: ProcessorView,
}

impl DrawnView {
    /// Draws a run. What was drawn before stays if nothing would move by half a stroke.
    fn of(playground: &Playground, before: Option<&Rc<DrawnView>>) -> Rc<DrawnView> {
        let furthest = playground.session().furthest_step();
        let revision = playground.course.revision();
        let near = |it: &&Rc<DrawnView>| {
            let apart = furthest.checked_sub(it.of.1);
            it.of.0 == revision && apart.is_some_and(|it| it <= furthest / u64::from(2 * STROKES))
        };
        before.filter(near).cloned().unwrap_or_else(|| {
            Rc::new(DrawnView {
                of: (revision, furthest),
                tracks: tracks(playground, furthest),
                processor: processor::select(playground, furthest),
            })
        })
    }
}

/// A marked place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkView {
    /// Where, from the left: `12.5%`.
    pub at: String,
    /// Why.
    pub kind: MarkKind,
}

/// The timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineView {
    /// The furthest step: the right end.
    pub furthest: u64,
    /// The current step.
    pub step: u64,
    /// The same, grouped.
    pub label: String,
    /// The position.
    pub position: String,
    /// Where the current step is, from the left.
    pub at: String,
    /// What lies behind it, as a part of the whole.
    pub rest: String,
    /// Where it is, in hundredths.
    pub hundredths: u64,
    /// Step, position and what happened, to be said.
    pub spoken: String,
    /// Whether the step is one that is shown in yellow.
    pub still: bool,
    /// Numbers of the ruler, with their places.
    pub ticks: Vec<(String, String)>,
    /// The tracks, and who had the processor.
    pub drawn: Rc<DrawnView>,
    /// Marks.
    pub marks: Vec<MarkView>,
    /// Whether there is a mark before the current position, and one behind it.
    pub marks_around: (bool, bool),
}

pub(super) fn select(
    playground: &Playground,
    told: &str,
    before: Option<&TimelineView>,
) -> TimelineView {
    let session = playground.session();
    let (step, furthest) = (session.step_number(), session.furthest_step());
    let position = session.machine().position();
    let marks = playground.marks();
    let around = (
        marks.iter().any(|it| it.position < position),
        marks.iter().any(|it| it.position > position),
    );
    let label = grouped(step);
    let place = |mark: f64| decimal(mark * 100.0 / furthest.max(1) as f64, 2) + "%";
    TimelineView {
        furthest,
        step,
        position: position.to_string(),
        at: percent_of(step, furthest),
        rest: percent_of(furthest - step.min(furthest), furthest),
        hundredths: (step * 100).checked_div(furthest).unwrap_or(0),
        spoken: format!("step {label}, position {position}. {told}"),
        label,
        still: session.current().is_none(),
        ticks: ticks(step, furthest),
        drawn: DrawnView::of(playground, before.map(|it| &it.drawn)),
        marks: marks
            .iter()
            .map(|mark| MarkView {
                at: place(playground.course.step_at(mark.position.retired)),
                kind: mark.kind,
            })
            .collect(),
        marks_around: around,
    }
}

/// Round numbers, as many as there is room for, but for those under the current step's.
fn ticks(step: u64, furthest: u64) -> Vec<(String, String)> {
    let round = (0..20)
        .flat_map(|power| [1, 2, 5].map(|it| 10_u64.saturating_pow(power).saturating_mul(it)));
    let mut round = round.take_while(|apart| *apart <= furthest.max(1));
    let apart = round
        .find(|apart| furthest / apart <= TICKS_MAX)
        .unwrap_or(1);
    let numbers = (1..=furthest / apart).map(|it| it * apart);
    numbers
        .filter(|it| !covers(step, *it, furthest))
        .map(|it| (grouped(it), percent_of(it, furthest)))
        .collect()
}

/// Whether the current step's number would cover that of a tick, which stands to the left of its place.
fn covers(step: u64, tick: u64, furthest: u64) -> bool {
    let part = |it: u64| it as f64 / furthest.max(1) as f64;
    let (at, tick) = (part(step), part(tick));
    let (left, right) = (at - NUMBER * at, at + NUMBER * (1.0 - at));
    left < tick && right > tick - NUMBER
}

fn tracks(playground: &Playground, furthest: u64) -> Vec<TrackView> {
    let wide = furthest as f64 / f64::from(STROKES);
    let ends = (0..=STROKES).map(|it| playground.course.counts(f64::from(it) * wide));
    let ends: Vec<[f64; COUNTED]> = ends.collect();
    let track = |(index, name): (usize, &'static str)| {
        let counts = ends.windows(2).map(|pair| pair[1][index] - pair[0][index]);
        let counts: Vec<f64> = counts.collect();
        let most = counts.iter().copied().fold(1e-9, f64::max);
        TrackView {
            name,
            strokes: strokes(&counts, most),
        }
    };
    TRACKS.into_iter().enumerate().map(track).collect()
}

/// One upright stroke for each stretch in which anything happened; half as high is a quarter of it.
fn strokes(counts: &[f64], most: f64) -> String {
    let mut path = String::new();
    for (index, count) in counts
        .iter()
        .enumerate()
        .filter(|(_, count)| **count > 0.01)
    {
        let height = ((count / most).sqrt() * HEIGHT).max(HEIGHT_MIN) as u64;
        let x = index * 3 + 1;
        let _ = write!(path, "M{x}.5 11v-{}.{:02}", height / 100, height % 100);
    }
    path
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::ticks;
    use crate::store::{Action, Playground, Speed, Target};
    use crate::view::View;
    use crate::view::tests::playground;

    #[test]
    fn the_ruler_has_round_numbers_and_never_more_than_there_is_room_for() {
        for furthest in [
            0,
            1,
            7,
            8,
            9,
            10,
            99,
            128,
            4096,
            71_123,
            718_000,
            u64::MAX / 2,
        ] {
            let ticks = ticks(0, furthest);
            assert!(ticks.len() <= 8, "{furthest}: {ticks:?}");
            assert!(furthest < 7 || ticks.len() >= 3, "{furthest}: {ticks:?}");
            for (number, _) in &ticks {
                let digits = number.replace(',', "");
                let first = digits.trim_end_matches('0');
                assert!(first.len() <= 2, "{furthest}: {number}");
            }
        }
        assert_eq!(ticks(0, 4096)[0], ("500".to_owned(), "12.20%".to_owned()));
        let told = |step| ticks(step, 4096).iter().any(|it| it.0 == "2,000");
        assert!(told(1500) && !told(2000) && !told(1950) && told(2200));
    }

    #[test]
    fn strokes_stand_where_something_happened_wherever_the_run_stands() {
        let mut playground = playground();
        let empty = View::of(&playground).timeline;
        assert_eq!((empty.furthest, empty.at.as_str()), (0, "0.00%"));
        let tracks = &empty.drawn.tracks;
        assert!(tracks.iter().all(|it| it.strokes.is_empty()));
        playground.update(Action::SetSpeed(Speed::Full));
        playground.update(Action::ToggleRun);
        while playground.work(0.0) {}
        let end = View::of(&playground).timeline;
        assert_eq!(end.at, "100.00%");
        let tracks = &end.drawn.tracks;
        assert!(tracks.iter().all(|it| !it.strokes.is_empty()));
        playground.update(Action::GoToTyped((end.furthest / 2).to_string()));
        while playground.work(0.0) {}
        let half = View::of(&playground).timeline;
        assert_eq!(half.drawn, end.drawn);
        assert!(half.spoken.starts_with("step ") && half.spoken.contains("position "));
    }

    #[test]
    fn a_long_run_is_drawn_anew_when_it_has_grown_or_become_another_and_not_at_each_step() {
        let mut playground = Playground::new(exo_session::first_light().unwrap()).unwrap();
        let mut shown = View::of(&playground);
        let mut go = |playground: &mut Playground, action: Action| {
            playground.update(action);
            while playground.work(0.0) {}
            let before = shown.timeline.drawn.clone();
            shown = View::after(&shown, playground);
            assert_eq!(shown.timeline.at, View::of(playground).timeline.at);
            Rc::ptr_eq(&before, &shown.timeline.drawn)
        };
        let step = |step: u64| Action::GoTo(Target::Step(step));
        assert!(!go(&mut playground, step(300_000)));
        for _ in 0..20 {
            assert!(
                go(&mut playground, Action::Step),
                "one step is nothing to draw"
            );
        }
        assert!(go(&mut playground, step(1_000)), "nor is going back");
        assert!(!go(&mut playground, step(320_000)), "it has grown");
        go(&mut playground, step(1_000));
        let (env, frames) = (exo_core::ids::EnvId(0), 20);
        assert!(!go(&mut playground, Action::SetFrameLimit { env, frames }));
    }
}
