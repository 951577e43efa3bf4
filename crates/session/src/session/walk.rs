//! Walking through a run with open eyes: one step of the machine after the other, each with its event.

use exo_core::event::Event;
use exo_core::ids::Position;
use exo_core::machine::Stop;

use super::tally::count_event;
use super::{Counts, Ear, Recorded, Session};

/// Whether an event is a reference that was completed at once.
fn is_plain_hit(event: &Event) -> bool {
    matches!(event, Event::Accessed { rerun: false, .. })
}

impl Session {
    /// Makes one step of the machine towards a position ahead, and gives the event that it caused.
    /// Unless plain `hits` are wanted, they are leapt over and told of by nobody.
    pub(crate) fn walk(&mut self, target: Position, hits: bool) -> (Stop, Option<Recorded>) {
        if hits {
            self.walk_with::<true>(target)
        } else {
            self.walk_with::<false>(target)
        }
    }

    fn walk_with<const HITS: bool>(&mut self, target: Position) -> (Stop, Option<Recorded>) {
        let told = self.machine.events();
        let mut heard = None;
        let end = target.retired.max(self.machine.position().retired + 1);
        let stop = self.quietly(end, |machine, end, traces, tally| {
            let mut ear = Ear::<HITS>::of(tally);
            let stop = machine.advance(end, traces, &mut ear);
            heard = ear.last();
            stop.unwrap_or(Stop::Reached)
        });
        // A step within a unit at which an input stands is recorded instead.
        let recorded = self.current().filter(|it| it.number > told);
        let stamped = heard.or_else(|| recorded.map(|it| it.stamped));
        let wanted = stamped.filter(|it| HITS || !is_plain_hit(&it.event));
        let recorded = wanted.map(|stamped| Recorded {
            number: self.machine.events(),
            stamped,
            after: self.machine.position(),
            line: self.line_of(&stamped.event),
        });
        (stop, recorded)
    }

    /// Counts anew what happened behind step `from` up to step `to`, in stretches of `wide` steps, and stands where it
    /// stood.
    pub fn counted_between(&mut self, from: u64, to: u64, wide: u64) -> Vec<Counts> {
        let (steps, wide) = (to.saturating_sub(from), wide.max(1));
        let mut counted = vec![Counts::default(); steps.div_ceil(wide) as usize];
        self.aside(|session| {
            session.tell_again(from + 1, to, false, &mut |_, told, _| {
                count_event(&mut counted, (from, wide), told.number, &told.stamped.event);
                true
            });
        });
        counted
    }

    /// Tells the events from `first` to `last` again, each with the machine's cycles before it unless hits that were
    /// leapt over are in the same step, until `hear` has heard enough; without `hits` none of the plain hits. The session stands behind the last one that was told.
    pub fn tell_again(
        &mut self,
        first: u64,
        last: u64,
        hits: bool,
        hear: &mut dyn FnMut(&Session, &Recorded, Option<u64>) -> bool,
    ) {
        self.go_to_step(first.saturating_sub(1));
        let mut cycles = self.machine.cycles();
        while self.machine.events() < last {
            let events = self.machine.events();
            // A leap over hits causes one event a unit, any other one event at most.
            let most = last - self.machine.events();
            let target = Position {
                retired: self.machine.position().retired + most,
                event: 0,
            };
            let (stop, told) = self.walk(target, hits);
            let before = (self.machine.events() == events + 1).then_some(cycles);
            if told.is_some_and(|it| !hear(self, &it, before)) || stop != Stop::Reached {
                return;
            }
            if self.machine.events() > events {
                cycles = told.map_or(self.machine.cycles(), |it| it.stamped.cycles);
            }
        }
    }
}
