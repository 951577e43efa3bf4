//! Marks of a run: where someone changed something, where a run stopped, what was found.

use exo_core::ids::Position;
use exo_policy::order::sorted;

use super::going::Target;
use super::playground::{Notice, Playground};
use crate::view::words::letter;

/// Stops and finds kept; beyond, the oldest goes.
const PLACES_MAX: usize = 32;

/// Why a place is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    /// Someone changed a policy, an application or a limit there.
    Edit,
    /// A run stopped there at a breakpoint.
    Stop,
    /// A search ended there.
    Find,
}

/// A marked place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Where.
    pub position: Position,
    /// Why.
    pub kind: MarkKind,
    /// What is there, in words.
    pub words: String,
}

impl Playground {
    /// All marks of what was run so far, in order.
    pub fn marks(&self) -> Vec<Mark> {
        let reached = self.course.reached();
        let inputs = self.session.input_places();
        let edits = inputs.map(|(position, env, what)| Mark {
            position,
            kind: MarkKind::Edit,
            words: format!("{}’s {what} was changed", letter(env.index())),
        });
        let mut marks: Vec<Mark> = edits.chain(self.places.iter().cloned()).collect();
        marks.retain(|mark| mark.position.retired <= reached);
        sorted(marks, |one, other| {
            (one.position, one.kind).cmp(&(other.position, other.kind))
        })
    }

    /// Marks the place where the session stands.
    pub(super) fn mark(&mut self, kind: MarkKind, words: String) {
        let mark = Mark {
            position: self.session.machine().position(),
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
        let reached = self.course.reached();
        self.places.retain(|it| it.position.retired <= reached);
    }

    /// Goes to the nearest mark in a direction; stays if there is none.
    pub(super) fn go_to_mark(&mut self, forward: bool) {
        let here = self.session.machine().position();
        let marks = self.marks();
        let next = if forward {
            marks.iter().find(|it| it.position > here)
        } else {
            marks.iter().rev().find(|it| it.position < here)
        };
        if let Some(mark) = next {
            self.go_to(Target::Position(mark.position));
            self.notice = Some(Notice::fact(format!("Marked here: {}.", mark.words)));
        }
    }
}

#[cfg(test)]
mod tests {
    use exo_core::ids::EnvId;

    use crate::store::{Action, MarkKind, Playground};
    use crate::view::View;
    use crate::view::tests::playground;

    fn done(playground: &mut Playground, action: Action) {
        playground.update(action);
        while playground.work(0.0) {}
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
        assert_eq!(marks.len(), 1);
        assert_eq!(marks[0].position, playground.session().machine().position());
    }
}
