//! What of the run the timeline shows: all of it, or a part with the current step in it.

use exo_session::{Counts, Recorded, count_event};

use super::playground::Playground;
use super::work::Activity;

/// How much closer one looks each time.
const CLOSER: u64 = 4;
/// The fewest steps that are shown of a longer run.
const LEAST: u64 = 60;
/// The most steps that are counted anew because they are looked at from so close: some milliseconds.
const COUNTED_MAX: u64 = 1 << 17;
/// As many stretches of the whole run's count as make a picture of their own.
const STRETCHES_MIN: u64 = 320;
/// Stretches that are counted anew, at most.
const STRETCHES_MAX: u64 = 4096;

/// What happened in a part of the run that is looked at from close by, counted for that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Close {
    /// Of which session and branch it is.
    of: (u32, u32),
    /// Behind which step it begins.
    pub(crate) begins: u64,
    /// The last step that is counted.
    ends: u64,
    /// Steps of a stretch.
    pub(crate) wide: u64,
    /// What was counted in each, from the first on.
    pub(crate) counted: Vec<Counts>,
}

impl Close {
    /// Counts on up to a step, if `recent` has all events behind what was counted; false if not.
    fn goes_on(&mut self, to: u64, recent: &[Recorded]) -> bool {
        let first = recent.first().map_or(u64::MAX, |it| it.number);
        if to > self.ends && first > self.ends + 1 {
            return false;
        }
        let more = recent
            .iter()
            .filter(|it| it.number > self.ends && it.number <= to);
        for it in more {
            let stretches = (self.begins, self.wide);
            count_event(&mut self.counted, stretches, it.number, &it.stamped.event);
        }
        self.ends = self.ends.max(to);
        self.counted.len() as u64 <= 2 * STRETCHES_MAX
    }
}

impl Playground {
    /// What is looked at from close by, counted for that.
    pub(crate) fn close(&self) -> Option<&Close> {
        self.close.as_ref()
    }

    /// Shows a quarter of what is shown around the current step, or four times as much.
    pub(super) fn zoom(&mut self, closer: bool) {
        let furthest = self.session.furthest_step();
        let wide = self.zoomed.map_or(furthest, |it| it.1);
        let wide = match closer {
            true => (wide / CLOSER).max(LEAST),
            false => wide.saturating_mul(CLOSER),
        };
        let from = self.session.step_number().saturating_sub(wide / 2);
        self.zoomed = Some((from, wide));
        self.follow_zoom();
    }

    /// Keeps the current step in what is shown.
    pub(super) fn follow_zoom(&mut self) {
        let (step, furthest) = (self.session.step_number(), self.session.furthest_step());
        self.zoomed = self
            .zoomed
            .filter(|it| it.1 < furthest)
            .map(|(from, wide)| {
                let from = match (from..=from + wide).contains(&step) {
                    true => from,
                    false => step.saturating_sub(wide / 2),
                };
                (from.min(furthest - wide), wide)
            });
    }

    /// Counts anew what is looked at from so close that what was counted of the whole run is too coarse for it, as soon
    /// as nothing else is done. `changed` if what was counted may be of another future.
    pub(super) fn count_close(&mut self, changed: bool) {
        let (from, to) = self.shown_steps();
        let (steps, wide) = (to - from, self.session.tally().wide());
        let of = (self.session_number(), self.session.branch());
        let coarse = wide > 1 && steps / wide < STRETCHES_MIN && steps <= COUNTED_MAX;
        let kept = self.close.take().filter(|_| coarse && !changed);
        let wide = steps.div_ceil(STRETCHES_MAX).max(1);
        let kept = kept.filter(|it| it.of == of && it.wide == wide && it.begins <= from);
        self.close = kept.and_then(|mut kept| {
            let goes_on = kept.goes_on(to, self.session.recent());
            goes_on.then_some(kept)
        });
        if coarse && self.close.is_none() && self.activity == Activity::Idle {
            let counted = self.session.counted_between(from, to, wide);
            self.close = Some(Close {
                of,
                begins: from,
                ends: to,
                wide,
                counted,
            });
        }
    }

    /// The first and the last step that the timeline shows.
    pub(crate) fn shown_steps(&self) -> (u64, u64) {
        match self.zoomed {
            Some((from, wide)) => (from, from + wide),
            None => (0, self.session.furthest_step()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::store::{Action, Target};
    use crate::view::tests::{playground, settled};

    #[test]
    fn one_looks_closer_around_the_current_step_which_stays_in_sight() {
        let mut playground = playground();
        settled(&mut playground, Action::Zoom { closer: true });
        assert_eq!(playground.shown_steps(), (0, 0), "nothing has run");
        settled(&mut playground, Action::GoTo(Target::Step(1600)));
        settled(&mut playground, Action::GoTo(Target::Step(800)));
        settled(&mut playground, Action::Zoom { closer: true });
        assert_eq!(playground.shown_steps(), (600, 1000));
        settled(&mut playground, Action::GoTo(Target::Step(620)));
        assert_eq!(
            playground.shown_steps(),
            (600, 1000),
            "nothing moves within it"
        );
        settled(&mut playground, Action::GoTo(Target::Step(1590)));
        assert_eq!(playground.shown_steps(), (1200, 1600));
        settled(&mut playground, Action::Zoom { closer: true });
        settled(&mut playground, Action::Zoom { closer: true });
        assert_eq!(playground.shown_steps(), (1540, 1600));
        settled(&mut playground, Action::Reset);
        assert_eq!(playground.shown_steps(), (0, 60));
        for _ in 0..3 {
            settled(&mut playground, Action::Zoom { closer: false });
        }
        assert_eq!(playground.shown_steps(), (0, 1600));
    }
}
