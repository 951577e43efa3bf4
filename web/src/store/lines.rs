//! Lines of programs: chosen in the shown text or elsewhere, and kept where another text takes over.

use std::rc::Rc;

use exo_core::event::Event;
use exo_core::ids::EnvId;
use exo_session::debugger::{Breakpoint, Side, same_line};
use exo_session::why::Thing;

use super::action::{Face, Panel};
use super::breakpoints::breakpoint_words;
use super::playground::{Notice, Playground};
use super::work::Activity;

impl Playground {
    /// Looks at a line of the shown text. One without code stands for the next one that has some.
    pub(super) fn look_at_line(&mut self, line: u32) {
        match self.line_with_code(line) {
            Ok(line) => self.look(Some(Thing::Line(line))),
            Err(reason) => {
                let words = format!("No line was chosen: {reason}");
                self.notice = Some(Notice::problem(words));
            }
        }
    }

    /// Shows a line of a program that runs, and looks at it.
    pub(super) fn show_line(&mut self, line: Breakpoint) {
        self.show_program(line.env, line.side);
        (self.face, self.panel) = (Face::Source, Panel::Code);
        self.look(Some(Thing::Line(line)));
        let runs = self.source_of(line.env, line.side).unwrap_or_default();
        let line = same_line(line.line, runs, &self.shown_draft().text);
        let before = self.following.line.map_or(0, |it| it.1);
        self.following.line = line.map(|line| (line, before + 1)).or(self.following.line);
    }

    /// The line of the program that runs which a line of the shown text is, or the next one that has code.
    ///
    /// # Errors
    /// Why there is none, to follow what was not done.
    pub(super) fn line_with_code(&self, line: u32) -> Result<Breakpoint, String> {
        let (env, side) = (self.shown, self.side);
        let runs = self.source_of(env, side).unwrap_or_default();
        let Some(runs) = same_line(line, &self.shown_draft().text, runs) else {
            return Err(format!(
                "line {line} of this text does not run yet. Apply it first."
            ));
        };
        let places = self.program_of(env, side).map(|it| &*it.places);
        let lines = places.unwrap_or_default().iter().map(|place| place.line);
        match lines.filter(|it| *it >= runs.max(1)).min() {
            Some(line) => Ok(Breakpoint { env, side, line }),
            None => Err(format!("there is no code at line {runs} or behind it.")),
        }
    }

    /// The event, of the last ones, with which the program took over whose line that is: those before were made by
    /// another text. As long as it waits to take over, none was made by it.
    #[inline(never)] // three callers, none of them in a hurry: the page's program is smaller
    pub(crate) fn runs_since(&self, line: &Breakpoint) -> u64 {
        let environment = self.session.machine().environment(line.env);
        let waits = environment.is_some_and(|it| match line.side {
            Side::LibOs => it.pending.is_some(),
            Side::Application => it.pending_application.is_some(),
        });
        if waits {
            return u64::MAX;
        }
        let mut recent = self.session.recent().iter().rev();
        let took_over = recent.find(|it| match (it.stamped.event, line.side) {
            (Event::Installed { env, .. }, Side::LibOs)
            | (Event::Loaded { env, .. }, Side::Application) => env == line.env,
            _ => false,
        });
        took_over.map_or(0, |it| it.number)
    }

    /// Keeps each breakpoint at its line, and what is looked at, where another text of its program has taken over, or
    /// where going back has undone that. One whose line is gone goes with it, which is said.
    pub(super) fn move_lines(&mut self) {
        let none = self.breakpoints().is_empty() && self.looked_line.is_none();
        if none || self.activity == Activity::Arriving {
            self.break_sources.clear();
            return;
        }
        let mut breakpoints = self.breakpoints().to_vec();
        let (mut looked, mut gone) = (self.looked_line, Vec::new());
        let mut sources = std::mem::take(&mut self.break_sources);
        for index in 0..self.drafts.len() * 2 {
            let env = EnvId((index / 2) as u8);
            let side = [Side::LibOs, Side::Application][index % 2];
            let now = self.source_of(env, side).unwrap_or_default();
            match sources.get_mut(index) {
                None => sources.push(now.into()),
                Some(before) if **before == *now => {}
                Some(before) => {
                    let is_own = |it: &Breakpoint| (it.env, it.side) == (env, side);
                    breakpoints.retain_mut(|it| {
                        if !is_own(it) {
                            return true;
                        }
                        let line = same_line(it.line, before, now);
                        match line {
                            Some(line) => it.line = line,
                            None => gone.push(breakpoint_words(it)),
                        }
                        line.is_some()
                    });
                    if let Some(it) = looked.filter(is_own) {
                        let line = same_line(it.line, before, now);
                        looked = line.map(|line| Breakpoint { line, ..it });
                    }
                    *before = Rc::from(now);
                }
            }
        }
        self.break_sources = sources;
        if breakpoints != self.breakpoints() {
            self.set_breakpoints(breakpoints);
        }
        if looked != self.looked_line {
            self.look_elsewhere(looked);
        }
        if !gone.is_empty() {
            let words = format!(
                "No breakpoint is left at {}: the line is gone.",
                gone.join(", ")
            );
            self.notice = Some(Notice::fact(words));
        }
    }

    /// The line that is looked at is another one, or none, of the text that has taken over.
    fn look_elsewhere(&mut self, line: Option<Breakpoint>) {
        match self.looked {
            Some(Thing::Line(_)) => self.look(line.map(Thing::Line)),
            _ => self.looked_line = line,
        }
    }
}

#[cfg(test)]
mod tests {
    use exo_core::ids::EnvId;
    use exo_session::debugger::{Breakpoint, Side};
    use exo_session::why::Thing;

    use crate::store::{Action, Playground, RecordAction};
    use crate::view::View;
    use crate::view::tests::{playground, settled, step_until};

    const A: EnvId = EnvId(0);
    const WRITES: &str = "sys.tlb_write(fault.page";

    /// Where the third page was bound, with the line that does it chosen.
    fn chosen() -> (Playground, Breakpoint) {
        let mut playground = playground();
        for _ in 0..3 {
            step_until(&mut playground, |text| text.starts_with("tlb_write"));
        }
        let line = line_of(&playground, WRITES);
        playground.update(Action::LookAtLine(line));
        let side = Side::LibOs;
        (playground, Breakpoint { env: A, side, line })
    }

    fn line_of(playground: &Playground, mark: &str) -> u32 {
        let text = View::of(playground).editor.text.clone();
        text.lines().position(|it| it.contains(mark)).unwrap() as u32 + 1
    }

    /// What is marked in the log.
    fn marked(view: &View) -> Vec<String> {
        let rows = view.log.iter().filter(|it| it.looked);
        rows.map(|it| it.text.clone()).collect()
    }

    #[test]
    fn a_line_marks_the_events_and_the_hops_that_it_made_and_says_how_many() {
        let (playground, line) = chosen();
        let view = View::of(&playground);
        let rows = marked(&view);
        assert_eq!(rows.len(), 5, "each call, and its return: {rows:?}");
        let calls = rows.iter().filter(|it| it.starts_with("tlb_write"));
        assert_eq!(calls.count(), 3);
        let last = view.path.as_ref().unwrap().hops.last().unwrap().step;
        assert_eq!(view.looked.steps, [last]);
        assert_eq!(view.detail.thing, Some(Thing::Line(line)));
        let words = format!("Line {} of A’s libOS", line.line);
        assert_eq!(view.detail.title, words);
        let facts = view.detail.facts.iter().map(|it| &*it.text);
        let facts: Vec<&str> = facts.collect();
        assert!(facts[1].starts_with(WRITES), "{facts:?}");
        assert!(facts[2].starts_with("5 of the last "), "{facts:?}");
        assert!(view.detail.now, "this very step is its own");
        assert_eq!(view.editor.looked_line, Some(line.line));
        assert_eq!(view.editor.looked, Some(A));
        assert!(view.environments[0].looked && !view.environments[0].chosen);
        assert_eq!(
            (
                view.memory.selected,
                view.tlb.cells.iter().any(|it| it.selected)
            ),
            (None, false)
        );
    }

    #[test]
    fn a_line_is_marked_only_in_its_own_text_and_escape_puts_it_away() {
        let (mut playground, line) = chosen();
        playground.update(Action::SelectEnvironment(EnvId(1)));
        let view = View::of(&playground);
        assert_eq!(view.editor.looked_line, None);
        assert_eq!(marked(&view).len(), 5, "the events are still its own");
        playground.update(Action::ShowLine(line));
        assert_eq!(View::of(&playground).editor.looked_line, Some(line.line));
        playground.update(Action::PutAway);
        let view = View::of(&playground);
        assert_eq!((view.editor.looked_line, view.detail.thing), (None, None));
        assert_eq!(marked(&view).len(), 0);
    }

    #[test]
    fn an_event_marks_the_line_that_made_it_and_the_line_can_be_chosen_then() {
        let (mut playground, line) = chosen();
        playground.update(Action::Look(None));
        let view = View::of(&playground);
        let (hop, row) = (
            view.path.as_ref().unwrap().hops.last().unwrap().step,
            view.log.last().unwrap().number,
        );
        for step in [hop, row] {
            playground.update(Action::LookAtStep(step));
            let view = View::of(&playground);
            assert!(matches!(view.detail.thing, Some(Thing::Page(A, _))));
            assert_eq!(view.editor.looked_line, Some(line.line));
            assert_eq!(view.detail.line, Some(line));
        }
        let miss = View::of(&playground);
        let miss = miss
            .log
            .iter()
            .find(|it| it.mark.1 == "miss")
            .unwrap()
            .number;
        playground.update(Action::LookAtStep(miss));
        let view = View::of(&playground);
        assert_eq!(view.editor.looked_line, None, "a trace has no lines");
        assert_eq!(view.detail.line, None);
    }

    #[test]
    fn a_line_without_code_stands_for_the_next_and_one_that_does_not_run_is_a_sentence() {
        let (mut playground, _) = chosen();
        let comment = line_of(&playground, "/// The slot whose page goes next.");
        playground.update(Action::LookAtLine(comment));
        let marked = View::of(&playground).editor.looked_line.unwrap();
        assert!(marked > comment);
        let before = playground.looked;
        let text = View::of(&playground).editor.text.clone();
        playground.update(Action::Edit(format!("// mine\n{text}")));
        assert_eq!(View::of(&playground).editor.looked_line, Some(marked + 1));
        for (line, words) in [(1, "does not run yet"), (99_999, "does not run yet")] {
            playground.update(Action::LookAtLine(line));
            let said = View::of(&playground).notice.unwrap().text.clone();
            assert!(
                said.starts_with("No line was chosen: ") && said.contains(words),
                "{said}"
            );
            assert_eq!(playground.looked, before);
        }
    }

    #[test]
    fn what_is_looked_at_is_what_one_looks_for_a_line_s_next_time_and_the_one_before() {
        let (mut playground, line) = chosen();
        playground.update(Action::OpenFind);
        let words = View::of(&playground).find.words.clone();
        assert_eq!(words, format!("line=A:{}", line.line));
        let stands = |playground: &Playground| {
            let view = View::of(playground);
            assert_eq!(view.editor.current_line, Some(line.line));
            view.timeline.position.clone()
        };
        let next = |playground: &mut Playground, back| {
            settled(playground, Action::Search { back });
            playground.update(Action::Look(Some(Thing::Line(line))));
        };
        next(&mut playground, false);
        let first = stands(&playground);
        next(&mut playground, false);
        assert_ne!(stands(&playground), first);
        next(&mut playground, true);
        assert_eq!(stands(&playground), first);
    }

    #[test]
    fn a_line_moves_with_its_text_and_events_of_an_earlier_text_are_not_its_own() {
        let (mut playground, line) = chosen();
        let text = View::of(&playground).editor.text.clone();
        playground.update(Action::Edit(format!("// one\n// two\n{text}")));
        playground.update(Action::Apply { reset: false });
        let moved = line.line + 2;
        let view = View::of(&playground);
        assert_eq!(view.editor.looked_line, Some(moved));
        assert_eq!(marked(&view), [""; 0], "it made nothing yet");
        step_until(&mut playground, |text| text.starts_with("tlb_write"));
        for _ in 0..40 {
            if !marked(&View::of(&playground)).is_empty() {
                break;
            }
            step_until(&mut playground, |text| text.starts_with("tlb_write"));
        }
        let rows = marked(&View::of(&playground));
        assert_eq!(rows.len(), 1, "{rows:?}");
        while playground.session().source_at(A).starts_with("// one") {
            playground.update(Action::StepBack);
        }
        let view = View::of(&playground);
        assert_eq!(view.detail.thing, Some(Thing::Line(line)));
    }

    #[test]
    fn the_record_of_every_event_marks_those_that_the_line_made() {
        let (mut playground, _) = chosen();
        settled(&mut playground, Action::Record(RecordAction::Show(true)));
        let rows = View::of(&playground).record.rows.clone();
        let own = |text: &str| text.starts_with("tlb_write") || text.starts_with("resumes");
        assert!(rows.iter().any(|it| it.looked) && !rows.iter().all(|it| it.looked));
        for row in rows {
            let by_b = row.owner.env == EnvId(1);
            assert_eq!(row.looked, own(&row.text) && !by_b, "{}", row.text);
        }
    }
}
