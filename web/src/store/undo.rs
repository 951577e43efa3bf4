//! Undo of what changes the scenario: another program, another trace, another session, another limit.

use exo_core::ids::EnvId;
use exo_session::debugger::Side;
use exo_session::{Scenario, Session};

use super::draft::Draft;
use super::marks::Mark;
use super::playground::{Notice, Playground};
use crate::view::words::{self, letter};

/// Sessions that are kept for undoing; each has its history with it.
const SESSIONS_MAX: usize = 3;
/// Changes that can be undone in all.
const CHANGES_MAX: usize = 20;

/// What is said where nothing can be undone.
const NOTHING: &str = "There is nothing left to undo: programs, traces, limits and sessions are as they were. Stepping \
                       back to before a policy was applied takes that back.";

/// What was there before a change.
#[derive(Debug)]
pub(super) enum Before {
    /// Another session with its texts.
    Session(Box<Replaced>),
    /// Another limit of an environment.
    Limit {
        /// Whose.
        env: EnvId,
        /// How many frames it might hold.
        frames: u32,
        /// The step at which that changed.
        since: u64,
    },
}

/// A session that another one took the place of.
#[derive(Debug)]
pub(super) struct Replaced {
    session: Session,
    number: u32,
    drafts: Vec<Draft>,
    applications: Vec<Option<Draft>>,
    opening: Scenario,
    places: Vec<Mark>,
    shown: EnvId,
    side: Side,
}

impl Before {
    /// What undoing brings back.
    fn words(&self) -> String {
        match self {
            Before::Session(it) => format!("back to {}", it.session.scenario().title),
            Before::Limit { env, frames, .. } => {
                let frames = words::frames(*frames);
                format!("let {} hold {frames} again", letter(env.index()))
            }
        }
    }
}

impl Playground {
    /// A session takes the place of the one that is there, which is kept for undoing.
    pub(super) fn replace_session(&mut self, session: Session) {
        self.forget_packets();
        let replaced = Replaced {
            session: std::mem::replace(&mut self.session, session),
            number: std::mem::replace(&mut self.session_number, self.sessions),
            drafts: self.drafts.clone(),
            applications: std::mem::take(&mut self.applications),
            opening: self.opening.clone(),
            places: std::mem::take(&mut self.places),
            shown: self.shown,
            side: self.side,
        };
        self.sessions += 1;
        // Limits before it are of a session that is not there to have them.
        let limits = |it: &Before| matches!(it, Before::Limit { .. });
        self.undo.retain(|it| !limits(it));
        self.remember(Before::Session(Box::new(replaced)));
    }

    /// A limit is about to change.
    pub(super) fn remember_limit(&mut self, env: EnvId) {
        if let Some(environment) = self.session.machine().environment(env) {
            let frames = environment.coming_frame_limit();
            let since = self.session.step_number();
            self.remember(Before::Limit { env, frames, since });
        }
    }

    /// Whether the last two changes that can be undone are of this environment's limit.
    pub(super) fn undo_limit_twice(&self, env: EnvId) -> bool {
        let is_its = |it: &Before| matches!(it, Before::Limit { env: of, .. } if *of == env);
        self.undo.len() > 1 && self.undo.iter().rev().take(2).all(is_its)
    }

    fn remember(&mut self, before: Before) {
        self.undo.push(before);
        let is_session = |it: &Before| matches!(it, Before::Session(_));
        if self.undo.iter().filter(|it| is_session(it)).count() > SESSIONS_MAX
            && let Some(oldest) = self.undo.iter().position(is_session)
        {
            self.undo.drain(..=oldest);
        }
        if self.undo.len() > CHANGES_MAX {
            self.undo.remove(0);
        }
    }

    /// What can be undone, in words.
    pub(crate) fn undo_words(&self) -> Option<String> {
        let last = self.undo.last().filter(|_| !self.read_only);
        last.map(Before::words)
    }

    /// Whether undoing the last change brings a session of that title back.
    pub(super) fn undoes_to(&self, title: &str) -> bool {
        let last = self.undo.last();
        last.is_some_and(
            |it| matches!(it, Before::Session(it) if it.session.scenario().title == title),
        )
    }

    /// Undoes the last change of the scenario. If there is none, nothing but that is said.
    pub(super) fn undo_change(&mut self) {
        let Some(before) = self.undo.pop() else {
            self.notice = Some(Notice::fact(NOTHING.to_owned()));
            return;
        };
        self.pause();
        let words = format!("Undone: {}.", before.words());
        match before {
            Before::Limit { env, frames, since } => {
                return self.set_limit_again(env, frames, since);
            }
            Before::Session(replaced) => {
                let replaced = *replaced;
                self.forget_packets();
                self.session = replaced.session;
                self.session_number = replaced.number;
                self.drafts = replaced.drafts;
                self.applications = replaced.applications;
                self.opening = replaced.opening;
                self.places = replaced.places;
                (self.shown, self.side) = (replaced.shown, replaced.side);
                (self.looked, self.answer, self.share) = (None, None, None);
                (self.arrival, self.waiting) = (None, None);
            }
        }
        self.notice = Some(Notice::fact(words));
    }
}

#[cfg(test)]
mod tests {
    use exo_core::ids::EnvId;

    use crate::store::{Action, Playground, Target};
    use crate::view::View;
    use crate::view::tests::playground;
    use crate::view::words::grouped;

    fn settled(playground: &mut Playground, action: Action) {
        playground.update(action);
        while playground.work(0.0) {}
    }

    #[test]
    fn another_program_is_undone_with_the_place_and_the_texts_that_were_there() {
        let mut playground = playground();
        settled(&mut playground, Action::NextFault);
        playground.update(Action::Edit("// mine".to_owned()));
        let digest = playground.session().machine().state_digest();
        assert_eq!(View::of(&playground).run.undo, None);
        let run = Action::Run {
            env: EnvId(0),
            application: Some("scan"),
        };
        settled(&mut playground, run);
        settled(&mut playground, Action::OpenScenario("pressure"));
        for expected in ["back to", "back to a test"] {
            let words = View::of(&playground).run.undo.clone().unwrap();
            assert!(words.starts_with(expected), "{words}");
            settled(&mut playground, Action::UndoChange);
        }
        assert_eq!(playground.session().machine().state_digest(), digest);
        assert_eq!(&*playground.drafts[0].text, "// mine");
        settled(&mut playground, Action::UndoChange);
        assert_eq!(playground.session().machine().state_digest(), digest);
    }

    #[test]
    fn an_editor_can_tell_the_texts_of_one_session_from_those_of_another() {
        let mut playground = playground();
        let shown = |it: &Playground| {
            let editor = View::of(it).editor;
            (editor.key.clone(), editor.text.clone())
        };
        let first = shown(&playground).0;
        playground.update(Action::Edit("// unsaved".to_owned()));
        assert_eq!(shown(&playground), (first.clone(), "// unsaved".into()));
        let mut keys = vec![first.clone()];
        for _ in 0..3 {
            settled(&mut playground, Action::OpenScenario("pressure"));
            let (key, text) = shown(&playground);
            assert!(!keys.contains(&key) && &*text != "// unsaved", "{keys:?}");
            keys.push(key);
        }
        // What an editor keeps of a text belongs to it again when it is brought back.
        (0..3).for_each(|_| settled(&mut playground, Action::UndoChange));
        assert_eq!(shown(&playground), (first, "// unsaved".into()));
        let run = Action::Run {
            env: EnvId(0),
            application: Some("scan"),
        };
        settled(&mut playground, run);
        let (key, text) = shown(&playground);
        assert!(!keys.contains(&key) && &*text != "// unsaved", "{key}");
    }

    #[test]
    fn a_limit_is_undone_and_no_more_than_three_sessions_are_kept() {
        let mut playground = playground();
        let limit = |it: &Playground| {
            let environment = it.session().machine().environment(EnvId(1)).unwrap();
            environment.coming_frame_limit()
        };
        let change = Action::SetFrameLimit {
            env: EnvId(1),
            frames: 2,
        };
        settled(&mut playground, change);
        assert_eq!(limit(&playground), 2);
        settled(&mut playground, Action::UndoChange);
        assert_eq!(limit(&playground), 4);
        let said = |it: &Playground| it.notice.as_ref().map(|it| it.text.clone()).unwrap();
        assert_eq!(said(&playground), "Undone: let B hold 4 frames again.");
        settled(&mut playground, Action::UndoChange);
        assert!(said(&playground).starts_with("There is nothing left to undo: "));
        for _ in 0..5 {
            settled(&mut playground, Action::OpenScenario("pressure"));
        }
        assert_eq!(playground.undo.len(), 3);
    }

    #[test]
    fn a_limit_set_when_all_is_over_is_a_step_and_one_for_who_was_given_up_says_that_it_changes_nothing()
     {
        let mut playground = playground();
        let said = |it: &Playground| it.notice.as_ref().map(|it| it.text.clone()).unwrap();
        let limit = |frames| Action::SetFrameLimit {
            env: EnvId(1),
            frames,
        };
        settled(&mut playground, Action::GoTo(Target::End));
        let (held, end) = {
            let environment = playground.session().machine().environment(EnvId(1));
            let held = environment.unwrap().frames_held;
            (held, playground.session().step_number())
        };
        assert!(!playground.can_go_on());
        settled(&mut playground, limit(held - 1));
        assert!(said(&playground).ends_with("the kernel asks for the rest."));
        assert!(playground.can_go_on(), "what was said is to come");
        settled(&mut playground, Action::GoTo(Target::End));
        let environment = playground.session().machine().environment(EnvId(1));
        assert!(environment.unwrap().frames_held < held);
        assert!(playground.session().step_number() > end);
        // What happened meanwhile is not undone.
        settled(&mut playground, Action::UndoChange);
        let stays = format!("What happened since step {} stays as it was", grouped(end));
        assert!(said(&playground).contains(&stays), "{}", said(&playground));
        // With no frame at all its handler fails at the next fault, and it is given up.
        settled(&mut playground, Action::GoTo(Target::Step(300)));
        settled(&mut playground, limit(0));
        settled(&mut playground, Action::GoTo(Target::End));
        settled(&mut playground, limit(4));
        assert!(
            said(&playground).contains("given up before this step"),
            "{}",
            said(&playground)
        );
        settled(&mut playground, Action::UndoChange);
        assert!(
            said(&playground).contains("given up before this step"),
            "{}",
            said(&playground)
        );
    }
}
