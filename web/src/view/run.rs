//! The top bar: where the run stands and what can be done with it.

use crate::store::{Playground, Speed};
use crate::view::words::grouped;

/// What the run control shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunView {
    /// What the scenario is called.
    pub title: String,
    /// The current step, grouped.
    pub step: String,
    /// The furthest step of this run, grouped.
    pub furthest: String,
    /// Whether the step is one that is shown in yellow: it is not while a fast run goes on.
    pub still: bool,
    /// Whether there is a step to go back to.
    pub can_back: bool,
    /// Whether anything can still happen.
    pub can_forward: bool,
    /// Whether a run is under way.
    pub running: bool,
    /// Whether a search or a run is under way that can be given up.
    pub busy: bool,
    /// Whether there is work for the next frame of the display.
    pub working: bool,
    /// Whether a trace file is being read.
    pub reading: bool,
    /// What undoing the last change of the scenario brings back.
    pub undo: Option<String>,
    /// How fast a run goes.
    pub speed: Speed,
}

pub(super) fn select(playground: &Playground) -> RunView {
    let session = playground.session();
    RunView {
        title: session.scenario().title.clone(),
        step: grouped(session.step_number()),
        furthest: grouped(session.furthest_step()),
        still: session.current().is_none(),
        can_back: session.step_number() > 0,
        can_forward: playground.can_go_on() && !playground.reading,
        running: playground.activity.is_run(),
        busy: playground.is_at_work(),
        working: playground.is_busy(),
        reading: playground.reading,
        undo: playground.undo_words(),
        speed: playground.speed,
    }
}

#[cfg(test)]
mod tests {
    use crate::store::{Action, Playground};
    use crate::view::View;

    #[test]
    fn at_reset_nothing_goes_back_and_everything_goes_forward() {
        let mut playground = crate::view::tests::playground();
        let view = View::of(&playground);
        assert!(!view.run.can_back && view.run.can_forward && view.run.still);
        playground.update(Action::Step);
        let view = View::of(&playground);
        assert_eq!(
            (view.run.step.as_str(), view.run.furthest.as_str()),
            ("1", "1")
        );
        assert!(view.run.can_back && !view.run.still);
    }

    #[test]
    fn after_going_back_the_furthest_step_is_still_told() {
        let mut playground: Playground = crate::view::tests::playground();
        for _ in 0..5 {
            playground.update(Action::Step);
        }
        playground.update(Action::StepBack);
        let view = View::of(&playground);
        assert_eq!(
            (view.run.step.as_str(), view.run.furthest.as_str()),
            ("4", "5")
        );
    }
}
