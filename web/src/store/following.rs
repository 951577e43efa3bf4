//! The shown text follows the run: a step that ends in another environment's program brings that program's text.

use exo_core::ids::EnvId;
use exo_core::kernel::Phase;
use exo_session::debugger::{Side, same_line};
use exo_session::why::Thing;

use super::action::{Action, Face, Panel};
use super::guide::Guide;
use super::playground::Playground;
use super::work::Activity;

/// How the shown text follows the run.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Following {
    /// Whether it does not.
    pub(crate) off: bool,
    /// Whether the text has the keyboard: then it stays.
    pub(super) writing: bool,
    /// Whether the run is being moved by hand.
    pub(super) moved: bool,
    /// The line that is to be shown of the text, and how many were before it.
    pub(crate) line: Option<(u32, u64)>,
}

impl Action {
    /// Whether it moves the run by hand: to a step, a place or the next of something.
    pub(super) fn moves(&self) -> bool {
        matches!(
            self,
            Action::Step
                | Action::StepBack
                | Action::NextEvent
                | Action::NextFault
                | Action::NextPacket
                | Action::GoTo(_)
                | Action::GoToTyped(_)
                | Action::GoToMark { .. }
                | Action::Search { .. }
        )
    }
}

impl Playground {
    /// The run was moved by hand and has come to its end: shows the program of another environment that it stands
    /// in. A text that is being written, or does not run, stays; and the one of the lesson.
    pub(super) fn follow_program(&mut self) {
        if !self.following.moved || self.activity != Activity::Idle {
            return;
        }
        self.following.moved = false;
        let stays = self.following.off
            || self.following.writing
            || matches!(self.guide, Guide::At(_))
            || !self.shows_what_runs();
        let acting = self.acting_program().filter(|(env, _)| *env != self.shown);
        if let (false, Some((env, side))) = (stays, acting) {
            self.show_program(env, side);
        }
    }

    /// Whether the shown text is the program that runs.
    fn shows_what_runs(&self) -> bool {
        self.source_of(self.shown, self.side) == Some(&*self.shown_draft().text)
    }

    /// The program in which the current step ended; none in a trace, or between a fast run's steps.
    fn acting_program(&self) -> Option<(EnvId, Side)> {
        let env = self.session.current()?.stamped.event.env();
        let environment = self.session.machine().environment(env)?;
        let broken = matches!(environment.phase, Phase::Broken(_));
        let side = match broken || environment.in_handler() {
            true => Side::LibOs,
            false => Side::Application,
        };
        self.draft_of(env, side).map(|_| (env, side))
    }

    /// Shows a line of the policy that runs in an environment, and looks at that.
    pub(super) fn show_line(&mut self, env: EnvId, line: u32) {
        self.show_program(env, Side::LibOs);
        (self.face, self.panel) = (Face::Source, Panel::Code);
        self.look(Some(Thing::Environment(env)));
        let runs = self.source_of(env, Side::LibOs).unwrap_or_default();
        let line = same_line(line, runs, &self.shown_draft().text);
        let before = self.following.line.map_or(0, |it| it.1);
        self.following.line = line.map(|line| (line, before + 1)).or(self.following.line);
    }
}

#[cfg(test)]
mod tests {
    use exo_core::ids::EnvId;
    use exo_session::debugger::Side;
    use exo_session::why::Thing;

    use crate::store::{Action, Playground};
    use crate::view::View;
    use crate::view::tests::{playground, settled};

    const B: EnvId = EnvId(1);

    /// Goes from fault to fault until one is B's.
    fn to_a_fault_of_b(playground: &mut Playground) {
        for _ in 0..400 {
            settled(playground, Action::NextFault);
            let current = playground.session().current().unwrap();
            if current.stamped.event.env() == B {
                return;
            }
        }
        panic!("B has no fault");
    }

    #[test]
    fn a_fault_of_another_environment_brings_its_text_with_the_line_at_which_it_stands() {
        let mut playground = playground();
        to_a_fault_of_b(&mut playground);
        let view = View::of(&playground);
        assert_eq!((view.editor.env, &*view.editor.file_name), (B, "clock.rs"));
        assert!(view.editor.current_line.is_some() && view.editor.can_step_line);
        assert!(view.editor.follows);
    }

    #[test]
    fn the_text_stays_if_it_shall_not_follow_is_being_written_or_does_not_run() {
        for action in [
            Action::Follow(false),
            Action::Writing(true),
            Action::Edit("// mine".to_owned()),
        ] {
            let mut playground = playground();
            playground.update(action.clone());
            to_a_fault_of_b(&mut playground);
            assert_eq!(View::of(&playground).editor.env, EnvId(0), "{action:?}");
        }
    }

    #[test]
    fn a_run_changes_no_text_and_neither_does_pausing_it() {
        let mut playground = playground();
        settled(&mut playground, Action::SetSpeed(crate::store::Speed::Full));
        playground.update(Action::ToggleRun);
        while playground.is_busy() {
            playground.work(0.0);
            assert_eq!(View::of(&playground).editor.env, EnvId(0));
        }
    }

    #[test]
    fn the_line_at_which_a_handler_stands_is_shown_and_its_environment_chosen() {
        let mut playground = playground();
        playground.update(Action::Follow(false));
        to_a_fault_of_b(&mut playground);
        let view = View::of(&playground);
        let line = view.environments[1].line.unwrap();
        assert!(
            view.environments[1]
                .phase
                .ends_with(&format!("line {line}"))
        );
        playground.update(Action::ShowLine { env: B, line });
        let view = View::of(&playground);
        assert_eq!((view.editor.env, view.editor.side), (B, Side::LibOs));
        assert_eq!(view.editor.go_to, Some((line, 1)));
        assert_eq!(view.editor.current_line, Some(line));
        assert_eq!(view.detail.thing, Some(Thing::Environment(B)));
    }
}
