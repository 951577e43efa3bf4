//! Why something is as it is: asked at a step, answered by the steps that led to it.

use exo_core::ids::{Frame, Position};
use exo_session::why::{Link, Thing};

use super::playground::Playground;
use super::work::Activity;

/// An answer. It stays while one goes from link to link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What was asked about.
    pub thing: Thing,
    /// Where.
    pub position: Position,
    /// At which step.
    pub step: u64,
    /// The last step that changed it, then what led to that. Empty if nothing has changed it.
    pub chain: Vec<Link>,
}

impl Playground {
    /// Looks at something, or at nothing. An answer about something else goes.
    pub(super) fn look(&mut self, thing: Option<Thing>) {
        self.looked = thing;
        if self.finder.open {
            self.prefill();
        }
        if self.answer.as_ref().map(|it| it.thing) != thing {
            self.answer = None;
        }
    }

    /// Sets out to find why something is as it is.
    pub(super) fn ask(&mut self, thing: Thing) {
        self.pause();
        self.quiet_notice();
        self.activity = Activity::Asking(thing);
    }

    /// Finds it: in one go, since a search backward cannot be given up half-way.
    pub(super) fn find_out(&mut self, thing: Thing) -> bool {
        let (position, step) = (
            self.session.machine().position(),
            self.session.step_number(),
        );
        self.answer = Some(Answer {
            thing,
            position,
            step,
            chain: self.session.why(thing),
        });
        self.activity = Activity::Idle;
        false
    }

    /// Forgets the answer about a run that has become another one before it was asked.
    pub(super) fn forget_answer(&mut self) {
        let reached = self.course.reached();
        self.answer = self
            .answer
            .take()
            .filter(|it| it.position.retired <= reached);
    }

    /// The frame that is looked at, or that the binding names which is.
    pub(crate) fn selected_frame(&self) -> Option<Frame> {
        let machine = self.session.machine();
        match self.looked? {
            Thing::Frame(frame) => Some(frame),
            Thing::Tlb(slot) => {
                let entries = machine.hardware().tlb.entries();
                Some((*entries.get(usize::from(slot.0))?)?.frame)
            }
            Thing::Stlb(index) => {
                let entry = machine.kernel().stlb.entries().get(index as usize)?;
                Some(entry.as_ref()?.frame)
            }
            _ => None,
        }
    }
}
