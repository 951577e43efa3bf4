//! Why something is as it is: asked at a step, answered by the steps that led to it.

use exo_core::ids::{Frame, Position};
use exo_session::why::{Asking, Link, Thing};

use super::action::Action;
use super::playground::{Notice, Playground};
use super::work::Activity;
use crate::view::words::grouped;
use crate::view::{Linked, touched_by};

/// Units of one piece of an answer.
const PIECE: u64 = 50_000;

/// An answer. It stays while one goes from link to link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What was asked about.
    pub thing: Thing,
    /// Where.
    pub position: Position,
    /// At which step.
    pub step: u64,
    /// The last step that changed it, then what led to that. Empty if nothing has changed it, or while that is
    /// being looked for.
    pub chain: Vec<Link>,
}

impl Playground {
    /// Does what is asked of what is chosen, and of the text that goes with it.
    pub(super) fn choose(&mut self, action: &Action) {
        match *action {
            Action::Look(thing) => self.look(thing),
            Action::LookAtStep(number) => self.look_at_step(number),
            Action::PutAway => self.put_away(),
            Action::LookAtLine(line) => self.look_at_line(line),
            Action::ShowLine(line) => self.show_line(line),
            Action::Follow(on) => self.following.off = !on,
            Action::Writing(on) => self.following.writing = on,
            _ => {}
        }
    }

    /// Ends what is under way; if nothing is, puts away what is open, or else what is chosen.
    fn put_away(&mut self) {
        if self.reading || self.is_busy() || self.finder.open {
            self.cancel();
        } else {
            self.look(None);
        }
    }

    /// Looks at something, or at nothing. An answer about something else goes.
    pub(super) fn look(&mut self, thing: Option<Thing>) {
        (self.looked, self.looked_step) = (thing, None);
        self.looked_line = match thing {
            Some(Thing::Line(line)) => Some(line),
            _ => None,
        };
        if self.finder.open {
            self.prefill();
        }
        if self.answer.as_ref().map(|it| it.thing) != thing {
            self.close_answer();
        }
    }

    /// Looks at what one of the last events touched; its step is kept, to be gone to.
    pub(super) fn look_at_step(&mut self, number: u64) {
        let recent = self.session.recent();
        let found = recent.binary_search_by_key(&number, |it| it.number);
        let event = found.ok().and_then(|index| recent.get(index));
        if let Some(thing) = event.and_then(|it| touched_by(&it.stamped.event).thing()) {
            let line = event.and_then(|it| it.line);
            let line = line.filter(|it| number > self.runs_since(it));
            self.look(Some(thing));
            (self.looked_step, self.looked_line) = (Some(number), line);
        }
    }

    /// Sets out to find why something is as it is.
    pub(super) fn ask(&mut self, thing: Thing) {
        self.pause();
        self.quiet_notice();
        self.answer = Some(Answer {
            thing,
            position: self.session.machine().position(),
            step: self.session.step_number(),
            chain: Vec::new(),
        });
        self.asking = Some(self.session.asking(thing));
        self.activity = Activity::Asking;
    }

    /// Goes on with it. True if there is more to look through.
    pub(super) fn find_out(&mut self) -> bool {
        if let Some(asking) = &mut self.asking
            && self.session.why_piece(asking, PIECE)
        {
            return true;
        }
        let chain = self.asking.take().map(Asking::into_chain);
        if let (Some(answer), Some(chain)) = (&mut self.answer, chain) {
            answer.chain = chain;
        }
        self.activity = Activity::Idle;
        false
    }

    /// Gives the question up: the run stands again where it was asked.
    pub(super) fn give_up_asking(&mut self) {
        let told = self.asked();
        self.answer = None;
        if let Some(asking) = self.asking.take() {
            self.session.go_to(asking.from());
        }
        if let Some((looked, _)) = told {
            let looked = grouped(looked);
            let text = format!("Given up {looked} steps back; the run stands where it stood.");
            self.notice = Some(Notice::fact(text));
        }
    }

    /// Puts the answer away, and gives up what is still being looked for.
    pub(super) fn close_answer(&mut self) {
        if self.asking.is_some() {
            self.pause();
        }
        self.answer = None;
    }

    /// While why is looked for: how many steps have been looked back over, and how many there are. None as long
    /// as that takes no time.
    pub(crate) fn asked(&self) -> Option<(u64, u64)> {
        let steps = self.asking.as_ref()?.steps(&self.session);
        Some(steps).filter(|(looked, _)| *looked > 0)
    }

    /// Forgets the answer about a run that has become another one before it was asked.
    pub(super) fn forget_answer(&mut self) {
        let reached = self.course.reached();
        self.answer = self
            .answer
            .take()
            .filter(|it| it.position.retired <= reached);
    }

    /// The frame that is looked at, or that belongs to what is.
    pub(crate) fn selected_frame(&self) -> Option<Frame> {
        Linked::of(self.session.machine(), self.looked).frame
    }
}
