//! Walking through a run with open eyes: one step of the machine after the other, each with its event.

use exo_core::event::{Event, Sink, Stamped};
use exo_core::ids::Position;
use exo_core::machine::Stop;

use super::{Recorded, Session};

/// Hears events and keeps the last one; without `HITS` the machine leaps over plain hits.
#[derive(Debug, Default)]
struct Ear<const HITS: bool>(Option<Stamped>);

impl<const HITS: bool> Sink for Ear<HITS> {
    const RECORDING: bool = HITS;
    const REMARKS: bool = true;

    fn take(&mut self, position: Position, cycles: u64, event: Event) {
        self.0 = Some(Stamped {
            position,
            cycles,
            event,
        });
    }
}

/// Whether an event is a reference that was completed at once.
fn is_plain_hit(event: &Event) -> bool {
    matches!(event, Event::Accessed { rerun: false, .. })
}

impl Session {
    /// Makes one step of the machine towards a position ahead, and gives the event that it caused.
    /// Unless plain `hits` are wanted, they are leapt over and told of by nobody.
    pub(crate) fn walk(&mut self, target: Position, hits: bool) -> (Stop, Option<Recorded>) {
        if hits {
            self.walk_with(target, Ear::<true>::default())
        } else {
            self.walk_with(target, Ear::<false>::default())
        }
    }

    fn walk_with<const HITS: bool>(
        &mut self,
        target: Position,
        mut ear: Ear<HITS>,
    ) -> (Stop, Option<Recorded>) {
        let told = self.machine.events();
        let end = target.retired.max(self.machine.position().retired + 1);
        let stop = self.quietly(end, |machine, end, traces| {
            let stop = machine.advance(end, traces, &mut ear);
            stop.unwrap_or(Stop::Reached)
        });
        // A step within a unit at which an input stands is recorded instead.
        let recorded = self.current().filter(|it| it.number > told);
        let stamped = ear.0.or_else(|| recorded.map(|it| it.stamped));
        let wanted = stamped.filter(|it| HITS || !is_plain_hit(&it.event));
        let recorded = wanted.map(|stamped| Recorded {
            number: self.machine.events(),
            stamped,
            after: self.machine.position(),
        });
        (stop, recorded)
    }
}
