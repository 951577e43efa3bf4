//! Marks of a run: where someone changed something, where a run stopped, what was found.

use exo_core::ids::EnvId;
use exo_policy::order::sorted;

use super::going::Target;
use super::playground::{Notice, Playground};
use crate::view::deadline;
use crate::view::words::letter;

/// Stops and finds kept; beyond, the oldest goes.
const PLACES_MAX: usize = 32;

/// Why a place is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    /// Someone changed a policy, an application or a limit there.
    Edit,
    /// Another branch leaves the one that runs there.
    Fork,
    /// A run stopped there at a breakpoint.
    Stop,
    /// A search ended there.
    Find,
    /// Time is over there that an environment has here to give frames back.
    Deadline,
    /// Someone wrote a note there: its place among them.
    Note(usize),
}

/// A marked place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its step.
    pub step: u64,
    /// Where one goes from the list.
    pub target: Target,
    /// Why.
    pub kind: MarkKind,
    /// What is there, in words.
    pub words: String,
}

/// What can be done with the list of marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarksAction {
    /// Show it, or put it away.
    Show(bool),
    /// Write a note of the current step.
    Note(String),
    /// Take a note away, by its place among them.
    Forget(usize),
}

impl Playground {
    /// All marks of what was run so far, in order.
    pub fn marks(&self) -> Vec<Mark> {
        let (session, furthest) = (&self.session, self.session.furthest_step());
        let (inputs, reached) = (session.input_places(), self.course.reached());
        let inputs = inputs.filter(|(position, ..)| position.retired <= reached);
        let edits = inputs.map(|(position, step, env, what)| Mark {
            step,
            target: Target::Position(position),
            kind: MarkKind::Edit,
            words: format!("{}’s {what} was changed", letter(env.index())),
        });
        let step = |step, kind, words| Mark {
            step,
            target: Target::Step(step),
            kind,
            words,
        };
        let forks = session
            .forks()
            .map(|(number, at)| step(at, MarkKind::Fork, format!("branch {number} leaves here")));
        let notes = session.annotations().of_steps().enumerate();
        let notes =
            notes.map(|(index, (at, text))| step(at, MarkKind::Note(index), text.to_owned()));
        let places = self.places.iter().cloned();
        let environments = (0..self.drafts.len()).map(|it| EnvId(it as u8));
        let deadlines = environments.filter_map(|env| {
            let (at, does) = deadline(session, env)?;
            let owner = letter(env.index());
            let words = format!("the kernel, which wants frames of {owner}, {does}");
            Some(step(at, MarkKind::Deadline, words))
        });
        let marks = edits
            .chain(forks)
            .chain(notes)
            .chain(places)
            .chain(deadlines);
        let marks = marks.filter(|it| it.step <= furthest).collect();
        sorted(marks, |one, other| {
            (one.step, one.kind).cmp(&(other.step, other.kind))
        })
    }

    /// Marks the place where the session stands.
    pub(super) fn mark(&mut self, kind: MarkKind, words: String) {
        let mark = Mark {
            step: self.session.step_number(),
            target: Target::Position(self.session.machine().position()),
            kind,
            words,
        };
        self.places.retain(|it| *it != mark);
        if self.places.len() >= PLACES_MAX {
            self.places.remove(0);
        }
        self.places.push(mark);
    }

    /// Forgets marks of a run that has become another one.
    pub(super) fn forget_marks(&mut self) {
        let furthest = self.session.furthest_step();
        self.places.retain(|it| it.step <= furthest);
    }

    /// Goes to the nearest mark in a direction; stays if there is none.
    pub(super) fn go_to_mark(&mut self, forward: bool) {
        let here = self.session.step_number();
        let marks = self.marks();
        let next = if forward {
            marks.iter().find(|it| it.step > here)
        } else {
            marks.iter().rev().find(|it| it.step < here)
        };
        if let Some(mark) = next {
            self.go_to(mark.target);
            self.notice = Some(Notice::fact(format!("Marked here: {}.", mark.words)));
        }
    }

    /// Does what is asked with the list of marks.
    pub(super) fn update_marks(&mut self, action: MarksAction) {
        let mut beside = self.session.annotations().clone();
        match action {
            MarksAction::Show(open) => {
                self.pause();
                self.marks_open = open;
                return;
            }
            MarksAction::Note(text) => beside.note_step(self.session.step_number(), &text),
            MarksAction::Forget(index) => beside.forget_note(index),
        }
        self.session.annotate(beside);
    }
}

#[cfg(test)]
mod tests {
    use exo_core::event::Event;
    use exo_core::ids::{EnvId, Urgency};

    use crate::store::{Action, MarkKind, MarksAction, Playground, Target};
    use crate::view::View;
    use crate::view::tests::playground;
    use crate::view::words::grouped;

    fn done(playground: &mut Playground, action: Action) {
        playground.update(action);
        while playground.work(0.0) {}
    }

    #[test]
    fn a_deadline_that_the_run_has_gone_past_is_told_with_its_step_and_is_a_mark() {
        let mut playground = playground();
        let env = EnvId(1);
        done(
            &mut playground,
            Action::OpenScenario("attack-ignore-revocation"),
        );
        done(&mut playground, Action::GoTo(Target::Step(362_000)));
        for (urgency, does) in [
            (Urgency::Request, "insists"),
            (Urgency::Imperative, "begins to take them"),
        ] {
            let tally = playground.session().tally();
            let step = tally.deadline_after(0, env, urgency).unwrap();
            done(&mut playground, Action::GoTo(Target::Step(step - 1)));
            let asked = View::of(&playground).environments[1].asked.clone().unwrap();
            let there = format!("In the run so far it {does} at step {}.", grouped(step));
            assert!(asked.words.ends_with(&there), "{}", asked.words);
            let marks = playground.marks();
            let mark = marks.iter().find(|it| it.kind == MarkKind::Deadline);
            let words = format!("the kernel, which wants frames of B, {does}");
            assert_eq!(mark.map(|it| (it.step, &*it.words)), Some((step, &*words)));
            done(&mut playground, Action::GoTo(Target::Step(step)));
            let event = playground.session().current().unwrap().stamped.event;
            assert!(matches!(
                event,
                Event::RevocationDemanded { .. } | Event::Repossessed { .. }
            ));
        }
        let none = playground.marks();
        assert!(
            !none.iter().any(|it| it.kind == MarkKind::Deadline),
            "it has passed"
        );
    }

    #[test]
    fn every_change_is_a_mark_and_one_goes_from_mark_to_mark() {
        let mut playground = playground();
        let mut steps = Vec::new();
        for frames in [3, 4] {
            (0..50).for_each(|_| playground.update(Action::Step));
            let env = EnvId(1);
            playground.update(Action::SetFrameLimit { env, frames });
            steps.push(playground.session().step_number());
        }
        (0..50).for_each(|_| playground.update(Action::Step));
        let marks = playground.marks();
        assert_eq!(marks.len(), 2);
        assert!(marks.iter().all(|it| it.kind == MarkKind::Edit));
        assert_eq!(marks[0].words, "B’s frame limit was changed");
        let mut to = |forward| {
            done(&mut playground, Action::GoToMark { forward });
            playground.session().step_number()
        };
        assert_eq!((to(false), to(false)), (steps[1], steps[0]));
        assert_eq!(to(false), steps[0], "there is none before");
        assert_eq!(to(true), steps[1]);
        let said = &View::of(&playground).notice.unwrap().text;
        assert_eq!(said, "Marked here: B’s frame limit was changed.");
    }

    #[test]
    fn changing_the_past_takes_the_marks_of_the_old_future_away() {
        let mut playground = playground();
        (0..80).for_each(|_| playground.update(Action::Step));
        let env = EnvId(0);
        playground.update(Action::SetFrameLimit { env, frames: 3 });
        playground.mark(MarkKind::Find, "something".to_owned());
        done(&mut playground, Action::GoToTyped("20".to_owned()));
        assert_eq!(playground.marks().len(), 2);
        playground.update(Action::SetFrameLimit { env, frames: 2 });
        let marks = playground.marks();
        let kinds: Vec<MarkKind> = marks.iter().map(|it| it.kind).collect();
        assert_eq!(kinds, [MarkKind::Edit, MarkKind::Fork]);
        assert_eq!(marks[0].step, playground.session().step_number());
    }

    #[test]
    fn a_limit_that_is_moved_at_one_step_is_one_change_one_mark_and_one_thing_to_undo() {
        let mut playground = playground();
        (0..40).for_each(|_| playground.update(Action::Step));
        let env = EnvId(0);
        for frames in [9, 8, 7, 6] {
            playground.update(Action::SetFrameLimit { env, frames });
        }
        assert_eq!(playground.marks().len(), 1);
        let limit = |playground: &Playground| View::of(playground).environments[0].frame_limit;
        assert_eq!(limit(&playground), 6);
        playground.update(Action::UndoChange);
        assert_eq!((limit(&playground), playground.undo_words()), (4, None));
        (0..10).for_each(|_| playground.update(Action::Step));
        playground.update(Action::SetFrameLimit { env, frames: 3 });
        assert_eq!(playground.marks().len(), 2, "a later one is another");
    }

    #[test]
    fn a_note_is_a_mark_of_its_step_that_is_listed_and_can_be_taken_away() {
        let mut playground = playground();
        (0..20).for_each(|_| playground.update(Action::Step));
        let here = playground.session().machine().state_digest();
        done(&mut playground, Action::Marks(MarksAction::Show(true)));
        let note = MarksAction::Note(" here it \n begins".to_owned());
        done(&mut playground, Action::Marks(note));
        (0..20).for_each(|_| playground.update(Action::Step));
        let view = View::of(&playground);
        let rows = &view.marks.rows;
        assert_eq!(
            rows.iter()
                .map(|it| (it.step, it.words.as_str(), it.note))
                .collect::<Vec<_>>(),
            [(20, "here it begins", Some(0))]
        );
        assert_eq!(
            view.timeline.marks[0].label.as_deref(),
            Some("here it begins")
        );
        done(&mut playground, Action::GoToMark { forward: false });
        assert_eq!(playground.session().machine().state_digest(), here);
        assert!(playground.work_text().contains("step 20: here it begins"));
        done(&mut playground, Action::Marks(MarksAction::Forget(0)));
        assert!(playground.marks().is_empty());
    }

    #[test]
    fn where_a_branch_leaves_is_marked_at_its_very_step() {
        let mut playground = playground();
        (0..80).for_each(|_| playground.update(Action::Step));
        done(&mut playground, Action::GoToTyped("20".to_owned()));
        let (env, frames) = (EnvId(0), 3);
        playground.update(Action::SetFrameLimit { env, frames });
        let forks = playground.marks();
        let forks: Vec<_> = forks
            .iter()
            .filter(|it| it.kind == MarkKind::Fork)
            .collect();
        assert_eq!(forks.len(), 1);
        assert_eq!(
            (forks[0].step, forks[0].words.as_str()),
            (20, "branch 0 leaves here")
        );
    }
}
