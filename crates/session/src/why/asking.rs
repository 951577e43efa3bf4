//! The search for why something is as it is, in pieces that can be given up between two.

use exo_core::event::Event;
use exo_core::ids::{EnvId, Position};

use super::{Link, Thing, enters, has_cause, led_to};
use crate::session::{Backward, Search, Session};

/// A question that is answered in pieces, from [`Session::asking`] on.
#[derive(Clone, Debug)]
pub struct Asking {
    thing: Thing,
    from: Position,
    begun: u64,
    sought: Sought,
    back: Backward,
    /// Who owned the thing at the last step that was looked at.
    owner: Option<EnvId>,
    chain: Vec<Link>,
}

/// What is looked for next.
#[derive(Clone, Copy, Debug)]
enum Sought {
    /// The step that changed the thing.
    Change,
    /// What made the handler of an environment run.
    Entry(EnvId),
    /// What led to such an event.
    Cause(Event),
}

impl Asking {
    /// Where it was asked.
    pub fn from(&self) -> Position {
        self.from
    }

    /// How many steps have been looked back over, and how many there are; `session` is the one that was asked.
    pub fn steps(&self, session: &Session) -> (u64, u64) {
        let looked = self.back.begun().abs_diff(self.begun) + self.back.steps(session);
        (looked, self.begun)
    }

    /// The answer so far: the last step that changed it, then what led to that.
    pub fn into_chain(self) -> Vec<Link> {
        self.chain
    }

    fn holds(&mut self, session: &Session, event: Option<&Event>, began: bool) -> bool {
        match self.sought {
            Sought::Change => {
                let now = self.thing.owner(session.machine());
                let changed = std::mem::replace(&mut self.owner, now) != now && !began;
                changed || event.is_some_and(|it| self.thing.changed_by(it))
            }
            Sought::Entry(env) => event.is_some_and(|it| enters(it, env)),
            Sought::Cause(entry) => event.is_some_and(|it| causes(it, &entry)),
        }
    }
}

/// Whether an event led to another one that made a handler run, or that the kernel answered by itself.
fn causes(event: &Event, entry: &Event) -> bool {
    match (*entry, *event) {
        (
            Event::StlbHit { env, page, .. },
            Event::Missed {
                env: by, page: at, ..
            },
        ) => (by, at) == (env, page),
        _ => led_to(event, entry),
    }
}

impl Session {
    /// Why a thing is as it is here: the last step up to this place that changed it, then what made
    /// the handler run that did it, then what led to that. Empty if nothing has changed it since
    /// reset. The session stands afterwards where it stood.
    pub fn why(&mut self, thing: Thing) -> Vec<Link> {
        let mut asking = self.asking(thing);
        while self.why_piece(&mut asking, u64::MAX) {}
        asking.into_chain()
    }

    /// Asks why a thing is as it is where the session stands. Nothing has moved yet.
    pub fn asking(&self, thing: Thing) -> Asking {
        Asking {
            thing,
            from: self.machine().position(),
            begun: self.step_number(),
            sought: Sought::Change,
            back: self.backward_from_here(),
            owner: None,
            chain: Vec::new(),
        }
    }

    /// Goes on with the answer over about `units_max` units. True if there is more to look through: until
    /// then the session stands somewhere before, and must be moved by nothing else. Afterwards it stands
    /// where it stood when it was asked.
    pub fn why_piece(&mut self, asking: &mut Asking, units_max: u64) -> bool {
        let mut back = asking.back;
        let found = self.back_event_piece(&mut back, units_max, |session, event, began| {
            asking.holds(session, event, began)
        });
        asking.back = back;
        let next = match found {
            Search::NotYet => return true,
            Search::Halted => None,
            Search::Found => {
                asking.chain.extend(self.link());
                self.sought_next(asking.sought)
            }
        };
        match next {
            Some(sought) => {
                asking.sought = sought;
                asking.back = self.backward();
            }
            None => self.go_to(asking.from),
        }
        next.is_some()
    }

    /// What led to the current step, which was found, if anything did.
    fn sought_next(&self, found: Sought) -> Option<Sought> {
        let event = self.current()?.stamped.event;
        let env = event.env();
        match found {
            Sought::Change => {
                let environment = self.machine().environment(env);
                let handled = environment.is_some_and(|it| it.in_handler());
                let answered = matches!(event, Event::StlbHit { .. });
                if handled && !answered && !enters(&event, env) {
                    return Some(Sought::Entry(env));
                }
                let entry = answered || enters(&event, env) && has_cause(&event);
                entry.then_some(Sought::Cause(event))
            }
            Sought::Entry(_) => has_cause(&event).then_some(Sought::Cause(event)),
            Sought::Cause(_) => None,
        }
    }
}
