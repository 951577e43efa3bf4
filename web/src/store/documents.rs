//! The texts under edit: of each environment's libOS, and of its application where that is a program.

use std::sync::Arc;

use exo_core::cpu::{Program, Role};
use exo_core::ids::EnvId;
use exo_core::kernel::Phase;
use exo_policy::services::format;
use exo_policy::{Diagnostic, Severity, compile_as};
use exo_session::debugger::Side;
use exo_session::{ApplicationSpec, Session};

use super::draft::{Checked, Draft};
use super::playground::{Notice, Playground};
use crate::view::words::{applied_words, grouped};

/// The texts of the applications that a session runs, as they stand at its step.
pub(super) fn applications(session: &Session) -> Vec<Option<Draft>> {
    let specs = session.scenario().environments.iter().enumerate();
    let drafts = specs.map(|(index, spec)| {
        let ApplicationSpec::Program { name, source } = &spec.application else {
            return None;
        };
        let mut draft = Draft::new(name, source);
        match session.application_source_at(EnvId(index as u8)) {
            Some(runs) if runs != source => draft.load(name, runs),
            _ => {}
        }
        Some(draft)
    });
    drafts.collect()
}

impl Playground {
    /// Shows the text of one program of an environment, if there is such a one.
    pub(super) fn show_program(&mut self, env: EnvId, side: Side) {
        let there = match side {
            Side::LibOs => env.index() < self.drafts.len(),
            Side::Application => matches!(self.applications.get(env.index()), Some(Some(_))),
        };
        if there {
            (self.shown, self.side) = (env, side);
            self.following.moved = false;
        }
    }

    /// The text that is shown.
    pub(crate) fn draft(&mut self) -> &mut Draft {
        let (shown, last) = (self.shown.index(), self.drafts.len() - 1);
        match (self.side, self.applications.get_mut(shown)) {
            (Side::Application, Some(Some(draft))) => draft,
            _ => &mut self.drafts[shown.min(last)],
        }
    }

    /// The same, to be read.
    pub(crate) fn shown_draft(&self) -> &Draft {
        let last = self.drafts.len() - 1;
        self.draft_of(self.shown, self.side)
            .unwrap_or(&self.drafts[self.shown.index().min(last)])
    }

    /// The text of one program of an environment.
    pub(crate) fn draft_of(&self, env: EnvId, side: Side) -> Option<&Draft> {
        match side {
            Side::LibOs => self.drafts.get(env.index()),
            Side::Application => self.applications.get(env.index())?.as_ref(),
        }
    }

    /// The text of the program that runs there at this step.
    pub(crate) fn source_of(&self, env: EnvId, side: Side) -> Option<&str> {
        match side {
            Side::LibOs => Some(self.session.source_at(env)),
            Side::Application => self.session.application_source_at(env),
        }
    }

    /// The program that runs there at this step.
    pub(crate) fn program_of(&self, env: EnvId, side: Side) -> Option<&Arc<Program>> {
        match side {
            Side::LibOs => self.session.program_at(env),
            Side::Application => self.session.application_at(env),
        }
    }

    /// Has a text for each application that the session runs, and shows none that it does not.
    pub(super) fn follow_applications(&mut self) {
        if self.applications.len() != self.drafts.len() {
            self.applications = applications(&self.session);
        }
        if self.draft_of(self.shown, self.side).is_none() {
            self.side = Side::LibOs;
        }
    }

    /// Takes what was typed, unless it changes what came to be read only.
    pub(super) fn edit(&mut self, text: String) {
        let draft = self.draft();
        if draft.keeps_locked(&text) {
            return draft.edit(text);
        }
        draft.revision += 1;
        self.say_locked();
    }

    /// Says that lines cannot be changed.
    pub(super) fn say_locked(&mut self) {
        let words = "Some lines of this text are to be read only: nothing was changed.";
        self.notice = Some(Notice::problem(words.to_owned()));
    }

    /// Puts another text into the editor, unless lines that are to be read only would go.
    pub(super) fn load_unlocked(&mut self, name: &str, text: &str) {
        let draft = self.draft();
        if draft.keeps_locked(text) {
            draft.load(name, text);
        } else {
            self.say_locked();
        }
    }

    /// Lays the text out as rustfmt would; the old one can be brought back.
    pub(super) fn format(&mut self) {
        let draft = self.draft();
        let text = draft.text.clone();
        let words = match format(&text) {
            Ok(formatted) if *formatted == *text => {
                Notice::fact("The text is laid out as rustfmt would already.".to_owned())
            }
            Ok(formatted) if draft.keeps_locked(&formatted) => {
                let name = draft.file_name.clone();
                return draft.load(&name, &formatted);
            }
            Ok(_) => Notice::problem(
                "The text was not laid out: lines that are to be read only would change."
                    .to_owned(),
            ),
            Err(errors) => {
                let first = errors.first();
                let (line, message) = first.map_or((1, ""), |it| (it.place.line, &*it.message));
                Notice::problem(format!(
                    "The text was not laid out: line {line} cannot be read. {message}"
                ))
            }
        };
        self.notice = Some(words);
    }

    /// What applying a text would do depends on what runs: says it anew after stepping over an Apply.
    pub(super) fn check_again(&mut self) {
        let running = self.program_of(self.shown, self.side);
        let draft = self.shown_draft();
        let same = match (running, &draft.checked_against) {
            (Some(now), Some(then)) => Arc::ptr_eq(now, then),
            _ => false,
        };
        let compiles = matches!(draft.checked, Checked::Fine { .. } | Checked::Begins { .. });
        if compiles && !same {
            self.check();
        }
    }

    /// Compiles the shown text.
    pub(super) fn check(&mut self) {
        let (env, side) = (self.shown, self.side);
        let text = self.draft().text.clone();
        let checked = match side {
            Side::LibOs => self.session.preview(env, &text, false).map(|applied| {
                let warnings = warnings(&text);
                Checked::Fine { applied, warnings }
            }),
            Side::Application => compile_as(Role::Application, &text).map(|_| Checked::Begins {
                warnings: warnings(&text),
            }),
        };
        let against = self.program_of(env, side).cloned();
        let draft = self.draft();
        draft.checked = checked.unwrap_or_else(Checked::Wrong);
        draft.checked_against = against;
    }

    /// Puts the program that runs into the editor.
    pub(super) fn load_running(&mut self) {
        let running = self.source_of(self.shown, self.side).map(str::to_owned);
        let name = self.draft().file_name.clone();
        if let Some(running) = running {
            self.load_unlocked(&name, &running);
        }
    }

    /// Lets the shown text take over.
    pub(super) fn apply(&mut self, reset: bool) {
        self.pause();
        let (env, side, at) = (self.shown, self.side, self.session.step_number());
        let text = self.draft().text.clone();
        let reset = reset && side == Side::LibOs;
        if self.source_of(env, side) == Some(&*text) && !reset {
            return;
        }
        let applied = match side {
            Side::LibOs => self
                .session
                .apply(env, &text, reset)
                .map(|applied| format!("{} {}", self.when_words(), applied_words(&applied))),
            Side::Application => self.session.apply_application(env, &text).map(|()| {
                "it begins with `main` and fresh state; frames and bindings stay.".to_owned()
            }),
        };
        match applied {
            Ok(words) => self.applied(format!("Applied at step {}; {words}", grouped(at))),
            Err(diagnostics) => self.draft().checked = Checked::Wrong(diagnostics),
        }
    }

    /// When a policy that was applied takes over.
    fn when_words(&self) -> &'static str {
        let over = self.session.machine().environment(self.shown);
        match over.is_some_and(|environment| environment.phase == Phase::Finished) {
            true => {
                "but the trace is over here, so nothing will run it. Reset, then apply it again."
            }
            false => "it takes over at the next upcall boundary.",
        }
    }

    fn applied(&mut self, words: String) {
        let draft = self.draft();
        draft.applied = Some(words);
        draft.last_applied = Some(draft.text.clone());
        self.quiet_notice();
        self.check();
    }
}

/// What the compiler warns of in a text that compiles.
fn warnings(text: &str) -> Vec<Diagnostic> {
    let mut diagnostics = exo_policy::check(text).diagnostics;
    diagnostics.retain(|it| it.severity == Severity::Warning);
    diagnostics
}

#[cfg(test)]
mod tests {
    use exo_core::ids::EnvId;
    use exo_session::debugger::Side;

    use crate::store::{Action, Playground};
    use crate::view::View;
    use crate::view::tests::{playground, step_until};

    const A: EnvId = EnvId(0);

    fn with_a_program() -> Playground {
        let mut playground = playground();
        playground.update(Action::Run {
            env: A,
            application: Some("scan"),
        });
        playground
    }

    #[test]
    fn a_trace_has_no_text_and_a_program_has_one_beside_its_libos() {
        let mut traced = playground();
        assert_eq!(View::of(&traced).editor.tabs.len(), 2);
        traced.update(Action::SelectApplication(A));
        assert_eq!(traced.side, Side::LibOs);
        let mut playground = with_a_program();
        playground.update(Action::SelectApplication(A));
        let editor = View::of(&playground).editor;
        assert_eq!(editor.tabs.len(), 3);
        assert_eq!(editor.file_name, "scan.rs");
        assert_eq!(
            Some(&*editor.text),
            playground.session().application_source_at(A)
        );
        playground.update(Action::Run {
            env: A,
            application: None,
        });
        assert_eq!(
            (playground.side, View::of(&playground).editor.tabs.len()),
            (Side::LibOs, 2)
        );
    }

    #[test]
    fn an_edited_application_begins_anew_and_stepping_back_undoes_it() {
        let mut playground = with_a_program();
        playground.update(Action::SelectApplication(A));
        playground.update(Action::NextFault);
        while playground.work(0.0) {}
        let text = View::of(&playground).editor.text.to_string();
        playground.update(Action::Edit(format!("// mine\n{text}")));
        playground.update(Action::Check);
        let apply = View::of(&playground).editor.apply.clone();
        assert!(apply.can_apply && !apply.can_reset, "{apply:?}");
        assert!(
            apply.words.contains("begins with `main`"),
            "{}",
            apply.words
        );
        playground.update(Action::Apply { reset: false });
        let words = View::of(&playground).editor.apply.words.clone();
        assert!(words.starts_with("Applied at step "), "{words}");
        assert!(
            playground
                .session()
                .application_source_at(A)
                .unwrap()
                .starts_with("// mine")
        );
        while playground.session().step_number() > 0 {
            playground.update(Action::StepBack);
        }
        assert_eq!(playground.session().application_source_at(A), Some(&*text));
        assert!(
            View::of(&playground).editor.text.starts_with("// mine"),
            "the text is kept"
        );
    }

    #[test]
    fn an_application_stops_at_a_breakpoint_of_its_own_and_its_line_is_shown() {
        let mut playground = with_a_program();
        playground.update(Action::SelectApplication(A));
        let text = View::of(&playground).editor.text.clone();
        let line = 1 + text
            .lines()
            .position(|line| line.contains("fn main"))
            .unwrap() as u32;
        playground.update(Action::ToggleBreakpoint(line + 1));
        let at = View::of(&playground).editor.breakpoints.clone();
        assert_eq!(at.len(), 1);
        playground.update(Action::SelectEnvironment(A));
        assert!(View::of(&playground).editor.breakpoints.is_empty());
        playground.update(Action::ToggleRun);
        let mut now = 0.0;
        while playground.is_busy() {
            playground.work(now);
            now += 16.0;
        }
        assert_eq!((playground.side, playground.shown), (Side::Application, A));
        assert_eq!(View::of(&playground).editor.current_line, Some(at[0]));
    }

    #[test]
    fn lines_that_are_to_be_read_only_stay_whatever_is_loaded_and_it_is_said() {
        let mut playground = playground();
        playground.update(Action::OpenScenario("assignment"));
        while playground.work(0.0) {}
        let text = View::of(&playground).editor.text.clone();
        assert!(!View::of(&playground).editor.locked.is_empty());
        for refused in [
            Action::LoadSample("lru"),
            Action::Edit("// nothing".to_owned()),
            Action::OpenProgram {
                name: "other.rs".to_owned(),
                text: "// nothing".to_owned(),
            },
            Action::TypedIntoLocked,
        ] {
            playground.update(Action::Dismiss);
            playground.update(refused.clone());
            let view = View::of(&playground);
            let said = view.notice.map(|it| it.text.clone()).unwrap_or_default();
            assert!(said.contains("to be read only"), "{refused:?}: {said}");
            assert_eq!(view.editor.text, text, "{refused:?}");
        }
    }

    #[test]
    fn a_text_is_laid_out_and_one_that_cannot_be_read_is_left_alone() {
        let mut playground = playground();
        let text = View::of(&playground).editor.text.to_string();
        let squeezed = text.replacen("let slot = self.hand;", "let slot=self.hand ;", 1);
        playground.update(Action::Edit(squeezed.clone()));
        playground.update(Action::Format);
        let editor = View::of(&playground).editor;
        assert_eq!((&*editor.text, editor.can_undo), (&*text, true));
        playground.update(Action::Edit(text.replacen("fn new", "fn {", 1)));
        playground.update(Action::Format);
        let notice = View::of(&playground).notice.unwrap();
        assert!(
            notice.problem && notice.text.contains("line "),
            "{}",
            notice.text
        );
    }

    #[test]
    fn what_differs_from_the_original_is_shown_while_it_is_asked_for() {
        let mut playground = playground();
        let text = View::of(&playground).editor.text.clone();
        playground.update(Action::Compare(true));
        assert_eq!(
            View::of(&playground).editor.compared,
            None,
            "nothing differs"
        );
        playground.update(Action::Edit(format!("// mine\n{text}")));
        assert_eq!(View::of(&playground).editor.compared, Some(text));
        playground.update(Action::Compare(false));
        assert_eq!(View::of(&playground).editor.compared, None);
    }

    #[test]
    fn values_stand_at_the_lines_that_name_them_while_the_handler_stands() {
        let mut playground = playground();
        step_until(&mut playground, |text| text.starts_with("upcall"));
        for _ in 0..200 {
            playground.update(Action::StepLine(exo_session::debugger::Stride::Into));
            let editor = View::of(&playground).editor;
            let at = |name: &str| {
                editor
                    .values
                    .iter()
                    .find(|(_, text)| text.contains(name))
                    .cloned()
            };
            if let Some((line, text)) = at("slot = ") {
                let named = editor.text.lines().nth(line as usize - 1).unwrap();
                assert!(named.contains("slot"), "{named}: {text}");
                assert!(Some(line) <= editor.current_line);
                playground.update(Action::ToggleRun);
                return;
            }
        }
        panic!("no line names a slot");
    }
}
