//! What of the run the timeline shows: all of it, or a part with the current step in it.

use super::playground::Playground;

/// How much closer one looks each time.
const CLOSER: u64 = 4;
/// The fewest steps that are shown of a longer run.
const LEAST: u64 = 60;

impl Playground {
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
