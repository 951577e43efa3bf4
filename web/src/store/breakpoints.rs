//! Breakpoints: set at lines of the shown text, kept with the session, and where a run stops.
//!
//! A breakpoint is a line of the program that runs. Where another text takes over, or stands in the
//! editor, it belongs to the same line of that text; it goes with a line that goes.

use exo_core::ids::{EnvId, Position};
use exo_core::machine::Stop;
use exo_session::debugger::{Breakpoint, Side};
use exo_session::{Annotations, Search};

use super::marks::MarkKind;
use super::playground::{Notice, Playground};
use super::work::UNITS;
use crate::view::words::letter;

/// Units that a run goes in one piece while there are breakpoints: it looks at every instruction, and the
/// last events are told again at the end of each.
const PIECE: u64 = 20_000;
/// Breakpoints that one sets at most.
const BREAKPOINTS_MAX: usize = 100;

/// A breakpoint in words: `line 95 of A’s libOS`.
pub fn breakpoint_words(breakpoint: &Breakpoint) -> String {
    let program = match breakpoint.side {
        Side::LibOs => "libOS",
        Side::Application => "application",
    };
    let owner = letter(breakpoint.env.index());
    format!("line {} of {owner}’s {program}", breakpoint.line)
}

impl Playground {
    /// The breakpoints, in the order in which they were set.
    pub fn breakpoints(&self) -> &[Breakpoint] {
        &self.session.annotations().breakpoints
    }

    pub(super) fn set_breakpoints(&mut self, breakpoints: Vec<Breakpoint>) {
        let annotations = Annotations {
            breakpoints,
            ..self.session.annotations().clone()
        };
        self.session.annotate(annotations);
    }

    /// Sets a breakpoint at a line of the shown text, or takes it away. A line without code stands
    /// for the next one that has some.
    pub(super) fn toggle_breakpoint(&mut self, line: u32) {
        let breakpoint = match self.line_with_code(line) {
            Ok(breakpoint) => breakpoint,
            Err(reason) => {
                let words = format!("No breakpoint was set: {reason}");
                self.notice = Some(Notice::problem(words));
                return;
            }
        };
        let mut breakpoints = self.breakpoints().to_vec();
        let before = breakpoints.len();
        breakpoints.retain(|it| *it != breakpoint);
        if breakpoints.len() == before {
            if before >= BREAKPOINTS_MAX {
                let words = "No breakpoint was set: there are 100 already. Remove one first.";
                self.notice = Some(Notice::problem(words.to_owned()));
                return;
            }
            breakpoints.push(breakpoint);
        }
        self.set_breakpoints(breakpoints);
    }

    /// Takes a breakpoint away.
    pub(super) fn remove_breakpoint(&mut self, breakpoint: Breakpoint) {
        let mut breakpoints = self.breakpoints().to_vec();
        breakpoints.retain(|it| *it != breakpoint);
        self.set_breakpoints(breakpoints);
    }

    /// Takes all of an environment's away: it runs something else.
    pub(super) fn remove_breakpoints_of(&mut self, env: EnvId) {
        let mut breakpoints = self.breakpoints().to_vec();
        breakpoints.retain(|it| it.env != env);
        self.set_breakpoints(breakpoints);
    }

    /// Runs a piece, and stops at a breakpoint: then it says true.
    pub(super) fn run_piece_to_breakpoint(&mut self) -> (Stop, bool) {
        if self.breakpoints().is_empty() {
            return (self.run_piece(UNITS), false);
        }
        let breakpoints = self.breakpoints().to_vec();
        let search = self.session.run_to_breakpoint(&breakpoints, PIECE);
        self.course.note(&self.session);
        match search {
            Search::Found => (Stop::Reached, true),
            Search::NotYet => (Stop::Reached, false),
            Search::Halted => (Stop::Halted, false),
        }
    }

    /// A run has gone on from `before` by steps: goes back to the first breakpoint that it passed.
    /// Where it went far, it goes on from as far as was looked.
    pub(super) fn stop_where_passed(&mut self, before: Position) {
        let here = self.session.machine().position();
        if self.breakpoints().is_empty() || here <= before {
            return;
        }
        let breakpoints = self.breakpoints().to_vec();
        let units = here.retired.saturating_sub(before.retired) + 1;
        self.session.go_to(before);
        let search = self
            .session
            .run_to_breakpoint(&breakpoints, units.min(PIECE * 4));
        let stands = self.session.machine().position();
        if search == Search::Found && stands <= here {
            self.stop_here();
        } else if search != Search::NotYet || units <= PIECE * 4 {
            self.session.go_to(here);
        }
    }

    /// Pauses at the breakpoint at which the run stands, and shows it.
    pub(super) fn stop_here(&mut self) {
        self.pause();
        let env = self.session.machine().kernel().running;
        let handling = self.session.machine().environment(env);
        let side = match handling.is_some_and(|it| it.in_handler()) {
            true => Side::LibOs,
            false => Side::Application,
        };
        let inside = self.session.inside(env, side);
        let calls = inside.as_ref().map(|it| it.calls()).unwrap_or_default();
        let line = calls.first().map_or(0, |call| call.place.line);
        let words = breakpoint_words(&Breakpoint { env, side, line });
        self.mark(MarkKind::Stop, words.clone());
        self.notice = Some(Notice::fact(format!(
            "Stopped at the breakpoint at {words}."
        )));
        self.show_program(env, side);
    }
}

#[cfg(test)]
mod tests {
    use exo_core::ids::EnvId;
    use exo_session::debugger::Stride;

    use crate::store::{Action, Playground, Speed};
    use crate::view::View;
    use crate::view::tests::playground;

    fn line_of(playground: &Playground, mark: &str) -> u32 {
        let text = View::of(playground).editor.text.clone();
        text.lines().position(|it| it.contains(mark)).unwrap() as u32 + 1
    }

    fn run(playground: &mut Playground, speed: Speed) {
        playground.update(Action::SetSpeed(speed));
        playground.update(Action::ToggleRun);
        let mut now = 0.0;
        while playground.is_busy() {
            playground.work(now);
            now += 16.0;
        }
    }

    #[test]
    fn at_every_speed_a_run_stops_at_the_same_place_before_the_line() {
        let mut stops = Vec::new();
        for speed in Speed::ALL {
            let mut playground = playground();
            let line = line_of(&playground, "let slot = self.hand;");
            playground.update(Action::ToggleBreakpoint(line));
            run(&mut playground, speed);
            let view = View::of(&playground);
            let said = &view.notice.as_ref().unwrap().text;
            assert!(
                said.contains(&format!("line {line} of A’s libOS")),
                "{said}"
            );
            assert_eq!(view.editor.current_line, Some(line));
            assert_eq!(view.timeline.marks.len(), 1);
            stops.push(view.timeline.position.clone());
            run(&mut playground, Speed::Full);
            assert_ne!(
                View::of(&playground).timeline.position,
                stops[0],
                "it goes on"
            );
        }
        stops.dedup();
        assert_eq!(stops.len(), 1, "{stops:?}");
    }

    #[test]
    fn the_next_fault_the_next_event_and_a_step_over_a_call_stop_at_a_breakpoint_before() {
        let mut playground = playground();
        let line = line_of(&playground, "let slot = self.hand;");
        playground.update(Action::ToggleBreakpoint(line));
        run(&mut playground, Speed::Full);
        let there = View::of(&playground).timeline.position.clone();
        let call = line_of(&playground, "match self.load(sys, fault.page)");
        let settled = |playground: &mut Playground, action: Action| {
            playground.update(action);
            while playground.work(0.0) {}
        };
        let stands = |playground: &Playground| {
            let view = View::of(playground);
            let said = view.notice.as_ref().map_or("", |it| &it.text).to_owned();
            (
                view.timeline.position.clone(),
                said.contains("Stopped at the breakpoint"),
            )
        };
        for ahead in [Action::NextFault, Action::NextEvent] {
            settled(&mut playground, Action::Reset);
            for _ in 0..10_000 {
                settled(&mut playground, ahead.clone());
                if stands(&playground).1 {
                    break;
                }
            }
            assert_eq!(stands(&playground), (there.clone(), true), "{ahead:?}");
        }
        while View::of(&playground).editor.current_line != Some(call) {
            settled(&mut playground, Action::StepLineBack(Stride::Into));
        }
        settled(&mut playground, Action::StepLine(Stride::Over));
        assert_eq!(stands(&playground), (there, true));
    }

    #[test]
    fn a_breakpoint_is_set_at_code_shown_listed_and_taken_away() {
        let mut playground = playground();
        let comment = line_of(&playground, "///");
        playground.update(Action::ToggleBreakpoint(comment));
        let editor = View::of(&playground).editor;
        assert_eq!(editor.breakpoints.len(), 1);
        assert!(editor.breakpoints[0] > comment);
        assert_eq!(editor.stops.len(), 1);
        playground.update(Action::ToggleBreakpoint(editor.breakpoints[0]));
        assert!(View::of(&playground).editor.stops.is_empty());
        playground.update(Action::ToggleBreakpoint(99_999));
        assert!(View::of(&playground).notice.unwrap().problem);
        playground.update(Action::ToggleBreakpoint(comment));
        let stop = View::of(&playground).editor.stops[0].breakpoint;
        playground.update(Action::RemoveBreakpoint(stop));
        assert!(View::of(&playground).editor.stops.is_empty());
    }

    #[test]
    fn a_breakpoint_stays_at_its_line_while_one_edits_when_it_is_applied_and_when_that_is_undone() {
        let mut playground = playground();
        playground.update(Action::NextFault);
        while playground.work(0.0) {}
        playground.update(Action::Step);
        let line = line_of(&playground, "let slot = self.hand;");
        playground.update(Action::ToggleBreakpoint(line));
        let text = View::of(&playground).editor.text.clone();
        playground.update(Action::Edit(format!("// one\n// two\n{text}")));
        let shown = |playground: &Playground| View::of(playground).editor.breakpoints.clone();
        assert_eq!(shown(&playground), [line + 2]);
        assert_eq!(playground.breakpoints()[0].line, line);
        playground.update(Action::ToggleBreakpoint(1));
        assert!(
            View::of(&playground)
                .notice
                .unwrap()
                .text
                .contains("does not run yet")
        );
        playground.update(Action::Apply { reset: false });
        assert_eq!(playground.breakpoints()[0].line, line + 2);
        assert_eq!(shown(&playground), [line + 2]);
        playground.update(Action::StepBack);
        assert_eq!(playground.breakpoints()[0].line, line);
        assert_eq!(shown(&playground), [line + 2], "the text is the edited one");
    }

    #[test]
    fn a_breakpoint_between_edits_stays_at_its_line_and_one_whose_line_goes_goes_with_a_word() {
        let mut playground = playground();
        let text = View::of(&playground).editor.text.to_string();
        let (here, there) = ("let slot = self.hand;", "Ok(slot)");
        for mark in [here, there] {
            let line = line_of(&playground, mark);
            playground.update(Action::ToggleBreakpoint(line));
        }
        let line = line_of(&playground, here);
        let edited = format!("// above\n{text}// below\n");
        playground.update(Action::Edit(edited.replacen("        Ok(slot)\n", "", 1)));
        assert_eq!(View::of(&playground).editor.breakpoints, [line + 1]);
        playground.update(Action::Edit(edited.replacen(
            "        Ok(slot)\n",
            "        let gone = 1;\n        Ok(slot + gone - 1)\n",
            1,
        )));
        playground.update(Action::Apply { reset: false });
        assert_eq!(View::of(&playground).editor.breakpoints, [line + 1]);
        assert_eq!(playground.breakpoints().len(), 1);
        let said = View::of(&playground).notice.unwrap().text.clone();
        assert!(said.contains("the line is gone"), "{said}");
    }

    #[test]
    fn breakpoints_are_shared_with_the_session() {
        let mut mine = Playground::new(exo_session::first_light().unwrap()).unwrap();
        let line = line_of(&mine, "let slot = self.hand;");
        mine.update(Action::ToggleBreakpoint(line));
        mine.update(Action::NextFault);
        while mine.work(0.0) {}
        mine.update(Action::Share);
        let link = View::of(&mine).share.unwrap().link.clone().unwrap();
        let mut other = Playground::new(exo_session::first_light().unwrap()).unwrap();
        other.update(Action::OpenLink(link));
        while other.work(0.0) {}
        assert_eq!(other.breakpoints(), mine.breakpoints());
        assert_eq!(View::of(&other).editor.breakpoints, [line]);
    }

    #[test]
    fn another_application_takes_the_breakpoints_of_its_environment_with_it_and_no_others() {
        let mut playground = playground();
        for env in [EnvId(0), EnvId(1)] {
            playground.update(Action::SelectEnvironment(env));
            playground.update(Action::ToggleBreakpoint(1));
        }
        playground.update(Action::Run {
            env: EnvId(1),
            application: Some("scan"),
        });
        let owners = playground.breakpoints().iter().map(|it| it.env);
        assert_eq!(owners.collect::<Vec<_>>(), [EnvId(0)]);
    }
}
