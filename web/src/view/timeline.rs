//! The timeline: the run so far from end to end, what happened where, and where it stands.

use std::rc::Rc;

use exo_session::Session;

use super::density::{Counted, Slices, TrackView, tracks};
use super::marks::kind_words;
use super::memory::Owner;
use super::processor::{self, ProcessorView};
use super::words::{apart, decimal, grouped, percent_of};
use crate::later::later;
use crate::store::{MarkKind, Playground, Target};

/// Strokes of a track.
pub(super) const STROKES: u32 = 320;
/// Ticks of the ruler at most.
const TICKS_MAX: u64 = 8;
/// Width of a number of the ruler, as a part of the timeline.
const NUMBER: f64 = 0.055;
/// Characters of a note that the timeline shows.
const LABEL_CHARS: usize = 18;
/// Slices that are told in words.
const SLICES_TOLD: usize = 10;

/// What is drawn of a run, wherever it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DrawnView {
    /// What it was drawn of: the course's revision, whether it was counted for that, and the first and last step that
    /// are shown.
    of: (u64, bool, u64, u64),
    /// What is told of it slice by slice, once the later part of the program is here.
    slices: Option<Slices>,
    /// The tracks.
    pub tracks: Vec<TrackView>,
    /// Who had the processor.
    pub processor: ProcessorView,
}

impl DrawnView {
    /// What happened around a step, in words.
    pub fn tell(&self, step: u64) -> String {
        let slices = self.slices.as_ref();
        slices.map_or_else(String::new, |it| it.tell(step, self.of.3, &self.tracks))
    }

    /// Draws a run. What was drawn before stays if nothing would move by half a stroke.
    fn of(playground: &Playground, before: Option<&Rc<DrawnView>>) -> Rc<DrawnView> {
        let (from, to) = playground.shown_steps();
        let close = playground.close();
        let (revision, later) = (playground.course.revision(), later());
        let near = |it: &&Rc<DrawnView>| {
            let apart = to.checked_sub(it.of.3);
            let least = (to - from) / u64::from(2 * STROKES);
            (it.of.0, it.of.1, it.of.2) == (revision, close.is_some(), from)
                && it.slices.is_some() == later.is_some()
                && apart.is_some_and(|it| it <= least)
        };
        before.filter(near).cloned().unwrap_or_else(|| {
            Rc::new(DrawnView {
                of: (revision, close.is_some(), from, to),
                tracks: tracks(playground.session(), close, from, to),
                processor: processor::select(playground, from, to),
                slices: later
                    .map(|it| (it.slices)(&Counted::of(playground.session(), close), from, to)),
            })
        })
    }
}

/// A marked place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkView {
    /// Its step.
    pub step: u64,
    /// Where one goes from it.
    pub target: Target,
    /// What is there, in words.
    pub words: String,
    /// Where, from the left: `12.5%`.
    pub at: String,
    /// Why.
    pub kind: MarkKind,
    /// What a note says, or its beginning.
    pub label: Option<String>,
    /// Whether that stands to the left, since there is no room to the right.
    pub left: bool,
}

/// The timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineView {
    /// The furthest step.
    pub furthest: u64,
    /// The steps at the left and the right end.
    pub shown: (u64, u64),
    /// What part of the run that is, in words, if it is not all.
    pub part: Option<String>,
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
    let (from, to) = playground.shown_steps();
    let marks = playground.marks();
    let around = (
        marks.iter().any(|it| it.step < step),
        marks.iter().any(|it| it.step > step),
    );
    let label = grouped(step);
    let place =
        |step: u64| decimal((step - from) as f64 * 100.0 / (to - from).max(1) as f64, 2) + "%";
    let shown = marks.iter().filter(|it| (from..=to).contains(&it.step));
    let (behind, all) = (step.clamp(from, to) - from, to - from);
    TimelineView {
        furthest,
        shown: (from, to),
        part: (all < furthest).then(|| part(session, from, to)),
        step,
        position: position.to_string(),
        at: percent_of(behind, all),
        rest: percent_of(all - behind, all),
        hundredths: (behind * 100).checked_div(all).unwrap_or(0),
        spoken: format!("step {label}, position {position}. {told}"),
        label,
        still: session.current().is_none(),
        ticks: ticks(step, from, to),
        drawn: DrawnView::of(playground, before.map(|it| &it.drawn)),
        marks: shown
            .map(|mark| MarkView {
                step: mark.step,
                target: mark.target,
                at: place(mark.step),
                kind: mark.kind,
                left: (mark.step - from) * 4 > all * 3,
                label: matches!(mark.kind, MarkKind::Note(_)).then(|| short(&mark.words)),
                words: mark.words.clone(),
            })
            .collect(),
        marks_around: around,
    }
}

impl TimelineView {
    /// The step at so many of `wide` parts from the left.
    pub fn step_at(&self, across: u64, wide: u64) -> u64 {
        let (from, to) = self.shown;
        let behind = u128::from(to - from) * u128::from(across) + u128::from(wide / 2);
        let behind = behind.checked_div(u128::from(wide)).unwrap_or(0);
        (from + behind as u64).min(to)
    }

    /// The place of the mark that is nearest to a step, and no further than so many parts of `wide` from it.
    pub fn mark_near(&self, step: u64, parts: u64, wide: u64) -> Option<usize> {
        let apart = |it: &MarkView| it.step.abs_diff(step);
        let near = self
            .marks
            .iter()
            .enumerate()
            .min_by_key(|(_, it)| apart(it));
        let all = self.shown.1 - self.shown.0;
        let found =
            near.filter(|(_, it)| apart(it).saturating_mul(wide) <= all.saturating_mul(parts));
        found.map(|(index, _)| index)
    }

    /// All marks at the step of one of them, and what happened around it.
    pub fn tell_mark(&self, index: usize) -> Option<String> {
        let step = self.marks.get(index)?.step;
        let there = self.marks.iter().filter(|it| it.step == step);
        let label = grouped(step);
        let one = |it: &MarkView| format!("Step {label}, {}: {}. ", kind_words(it.kind), it.words);
        let told: String = there.map(one).collect();
        Some(told + &self.drawn.tell(step))
    }
}

/// The beginning of a note.
fn short(words: &str) -> String {
    match words.char_indices().nth(LABEL_CHARS) {
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default()),
        None => words.to_owned(),
    }
}

/// What part of a run is shown, and whose slices began in it.
fn part(session: &Session, from: u64, to: u64) -> String {
    let slices = session.tally().slices().iter();
    let slices: Vec<_> = slices
        .filter(|(begun, _)| (from..=to).contains(begun))
        .collect();
    let told = slices.iter().rev().take(SLICES_TOLD).rev();
    let told = told
        .map(|(begun, env)| format!("{} from {}", Owner { env: *env }.letter(), grouped(*begun)));
    let told: Vec<String> = told.collect();
    let slices = match told.len() {
        0 => "no slice begins here".to_owned(),
        some if some < slices.len() => {
            format!("the last slices that begin here: {}", told.join(", "))
        }
        _ => format!("slices that begin here: {}", told.join(", ")),
    };
    format!("Steps {} to {}; {slices}.", grouped(from), grouped(to))
}

/// Round numbers, as many as there is room for, but for those under the current step's.
fn ticks(step: u64, from: u64, to: u64) -> Vec<(String, String)> {
    let all = to - from;
    let apart = apart(all, TICKS_MAX);
    let numbers = (from / apart + 1..=to / apart).map(|it| it * apart);
    numbers
        .filter(|it| !covers(step.saturating_sub(from), *it - from, all))
        .map(|it| (grouped(it), percent_of(it - from, all)))
        .collect()
}

/// Whether the current step's number would cover that of a tick, which stands to the left of its place.
fn covers(step: u64, tick: u64, all: u64) -> bool {
    let part = |it: u64| it as f64 / all.max(1) as f64;
    let (at, tick) = (part(step), part(tick));
    let (left, right) = (at - NUMBER * at, at + NUMBER * (1.0 - at));
    left < tick && right > tick - NUMBER
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::ticks;
    use crate::store::{Action, MarksAction, Playground, Speed, Target};
    use crate::view::View;
    use crate::view::tests::{playground, settled};

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
            let ticks = ticks(0, 0, furthest);
            assert!(ticks.len() <= 8, "{furthest}: {ticks:?}");
            assert!(furthest < 7 || ticks.len() >= 3, "{furthest}: {ticks:?}");
            for (number, _) in &ticks {
                let digits = number.replace(',', "");
                let first = digits.trim_end_matches('0');
                assert!(first.len() <= 2, "{furthest}: {number}");
            }
        }
        assert_eq!(
            ticks(0, 0, 4096)[0],
            ("500".to_owned(), "12.20%".to_owned())
        );
        let told = |step| ticks(step, 0, 4096).iter().any(|it| it.0 == "2,000");
        assert!(told(1500) && !told(2000) && !told(1950) && told(2200));
        let part = ticks(0, 119_000, 120_000);
        assert_eq!(part[0], ("119,200".to_owned(), "20.00%".to_owned()));
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
    fn marks_are_told_with_step_kind_and_words_and_what_happened_around_them() {
        let mut playground = playground();
        settled(&mut playground, Action::GoTo(Target::Step(1000)));
        settled(&mut playground, Action::GoTo(Target::Step(200)));
        let note = |text: &str| Action::Marks(MarksAction::Note(text.to_owned()));
        settled(&mut playground, note("here it begins"));
        settled(&mut playground, Action::GoTo(Target::Step(204)));
        settled(&mut playground, note("and goes on"));
        let view = View::of(&playground).timeline;
        let told = view.tell_mark(0).unwrap();
        let begun = "Step 200, note: here it begins. Steps 197 to 200: TLB misses ";
        assert!(told.starts_with(begun), "{told}");
        assert_eq!(view.tell_mark(2), None);
        assert_eq!(view.step_at(300, 1000), 300);
        assert_eq!((view.step_at(0, 0), view.step_at(2000, 1000)), (0, 1000));
        let near = |step| view.mark_near(step, 6, 1000);
        assert_eq!((near(196), near(203), near(211)), (Some(0), Some(1), None));
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
