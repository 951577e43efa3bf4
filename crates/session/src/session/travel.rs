//! Moving through a run: forward, back, and to any position or step of it.

use exo_core::event::Stamped;
use exo_core::ids::Position;
use exo_core::kernel::{Counters, Environment, Phase};
use exo_core::machine::{Machine, Stop};
use exo_core::trace::Trace;

use super::{Ear, Recorded, Search, Session, Tally};

/// Events kept before the current position.
const RECENT_MAX: usize = 512;
/// Events before those at which one more checkpoint is taken by who steps back: so many steps more begin there.
const NEARBY_EVENTS: u64 = 256;
/// Units that are run again with recording on, to fill [`Session::recent`].
const WINDOW_UNITS: u64 = 2048;
/// Units without an event after which a step ends all the same: an application may never cause one.
pub const STEP_UNITS_MAX: u64 = 1 << 22;
/// Fewer events than these in that window are too few to tell a fault: a handler has run for long.
const RECENT_MIN: usize = 64;

impl Session {
    /// Goes back to reset. Inputs stay in the log: going forward takes them again.
    pub fn reset(&mut self) {
        self.go_to(Position::default());
    }

    /// Makes one step forward: one event, or as far as anything happens, but no more than
    /// [`STEP_UNITS_MAX`] instructions of an application that causes no event.
    pub fn step(&mut self) -> Stop {
        let before = self.machine.events();
        let end = self.machine.position().retired + STEP_UNITS_MAX;
        loop {
            let stop = self.record(end);
            let moved = self.machine.events() > before || self.machine.position().retired >= end;
            if stop != Stop::Reached || moved {
                self.arrived();
                return stop;
            }
        }
    }

    /// Undoes the last step: goes to where the event before the current one led, or, where a
    /// handler has run on since the current one, to where that one led. False at reset.
    pub fn step_back(&mut self) -> bool {
        let (here, number) = (self.machine.position(), self.machine.events());
        if here == Position::default() {
            return false;
        }
        if self.current().is_none() {
            self.settle();
        }
        let arrived = self.current().is_some_and(|current| current.after == here);
        self.go_to_step(if arrived { number - 1 } else { number });
        true
    }

    /// Runs to the next event that is not a plain TLB hit, over at most `units_max` units.
    pub fn run_until_event(&mut self, units_max: u64) -> Search {
        self.search(units_max, |session| {
            // Events that are not completed references.
            session.machine.events() - session.count(|counters| counters.references)
        })
    }

    /// Runs to the next fault that is passed up to a handler, over at most `units_max` units.
    pub fn run_until_fault(&mut self, units_max: u64) -> Search {
        self.search(units_max, |session| {
            session.count(|counters| counters.upcalls)
        })
    }

    /// Runs to the next step that gives an environment up, over at most `units_max` units.
    pub fn run_until_break(&mut self, units_max: u64) -> Search {
        self.search(units_max, |session| {
            let environments = &session.machine.kernel().environments;
            let broken = |env: &&Environment| matches!(env.phase, Phase::Broken(_));
            environments.iter().filter(broken).count() as u64
        })
    }

    fn count(&self, of: impl Fn(&Counters) -> u64) -> u64 {
        self.machine
            .kernel()
            .environments
            .iter()
            .map(|env| of(&env.counters))
            .sum()
    }

    /// Leaps over hits until `measure` grows.
    fn search(&mut self, units_max: u64, measure: impl Fn(&Session) -> u64) -> Search {
        let before = measure(self);
        let end = self.machine.position().retired.saturating_add(units_max);
        let found = loop {
            if measure(self) > before {
                break Search::Found;
            }
            if self.machine.position().retired >= end {
                break Search::NotYet;
            }
            if self.leap(end) == Stop::Halted {
                break Search::Halted;
            }
        };
        self.settle();
        found
    }

    /// Runs `units` references and instructions, recording nothing.
    pub fn run_slice(&mut self, units: u64) -> Stop {
        let end = self.machine.position().retired.saturating_add(units);
        let stop = self.run_quietly(end);
        self.arrived();
        stop
    }

    /// Recomputes [`Session::recent`] for the current position.
    pub fn settle(&mut self) {
        self.go_to(self.machine.position());
    }

    /// Goes to a position of this run; where the run ends before it, to its end.
    pub fn go_to(&mut self, target: Position) {
        // From a checkpoint before the window, so that what is recent does not depend on where they lie.
        let window = Position {
            retired: target.retired.saturating_sub(WINDOW_UNITS),
            event: 0,
        };
        if let Some(checkpoint) = self.history.before(window) {
            self.machine.restore(checkpoint);
        }
        self.restored();
        self.run_quietly(window.retired);
        self.record_to(target);
        let events = self.machine.events();
        if self.recent.len() < RECENT_MIN && events > self.recent.len() as u64 {
            self.go_to_step(events);
            self.run_quietly(target.retired);
            self.record_to(target);
        }
        self.arrived();
    }

    /// Runs to a position with recording on, or to where the run ends before it.
    fn record_to(&mut self, target: Position) {
        while self.machine.position() < target {
            if self.record(target.retired) != Stop::Reached {
                return;
            }
        }
    }

    /// Goes to where event `number` leads, counted from 1; 0 is reset. Where the run ends before
    /// it, to its end.
    pub fn go_to_step(&mut self, number: u64) {
        let quiet_until = number.saturating_sub(RECENT_MAX as u64);
        let back = self.machine.events().checked_sub(number);
        if let Some(checkpoint) = self.history.before_event(quiet_until) {
            self.machine.restore(checkpoint);
        }
        self.restored();
        if back.is_some_and(|it| it < NEARBY_EVENTS) {
            self.pass_nearby(quiet_until.saturating_sub(NEARBY_EVENTS));
        }
        self.leap_to_event(quiet_until);
        self.run_events(number, |session, _| {
            session.record(session.machine.position().retired + STEP_UNITS_MAX)
        });
        self.arrived();
    }

    /// Runs on by `advance`, which is told how many events are missing, until event `number`. Ends before it where the
    /// run does, and where it goes on for ever without an event more.
    fn run_events(&mut self, number: u64, advance: impl Fn(&mut Session, u64) -> Stop) {
        let mut told = (self.machine.events(), self.machine.position().retired);
        while self.machine.events() < number {
            let stop = advance(self, number - self.machine.events());
            let here = (self.machine.events(), self.machine.position().retired);
            if here.0 > told.0 {
                told = here;
            }
            if stop != Stop::Reached || here.1 - told.1 >= 2 * STEP_UNITS_MAX {
                return;
            }
        }
    }

    /// Runs quietly to event `number`.
    fn leap_to_event(&mut self, number: u64) {
        self.run_events(number, |session, most| {
            // A leap over hits causes one event a unit, any other one event at most.
            session.leap(session.machine.position().retired + most)
        });
    }

    /// Runs quietly to event `number`, if it lies ahead, and takes a checkpoint there for who steps to and fro behind it.
    fn pass_nearby(&mut self, number: u64) {
        if self.machine.events() >= number {
            return;
        }
        self.leap_to_event(number);
        let here = self.machine.position();
        // Whoever comes from a checkpoint is given the inputs that stand there.
        if self.inputs.iter().all(|input| input.at != here) {
            self.history.note_nearby(&mut self.machine);
        }
    }

    /// Lets `look` go anywhere in this run, and stands where it stood afterwards, with what it knew of recent events.
    pub(crate) fn aside<T>(&mut self, look: impl FnOnce(&mut Session) -> T) -> T {
        let here = self.machine.checkpoint();
        let (taken, recent) = (self.taken, std::mem::take(&mut self.recent));
        let seen = look(self);
        self.machine.restore(&here);
        (self.taken, self.recent) = (taken, recent);
        seen
    }

    /// The event at which who steps to and fro around the present step has use for a checkpoint; none unless it lies
    /// before `from`.
    pub(crate) fn nearby_before(&self, from: Position) -> Option<u64> {
        let far = RECENT_MAX as u64 + NEARBY_EVENTS;
        let nearby = self.machine.events().saturating_sub(far);
        let mut between = self.recent.iter().filter(|it| it.number >= nearby);
        between.any(|it| it.after <= from).then_some(nearby)
    }

    /// Goes back to a position without telling what was before it, with a checkpoint on the way at event `nearby`.
    pub(crate) fn go_blindly_to(&mut self, from: Position, nearby: Option<u64>) {
        if let Some(checkpoint) = self.history.before(from) {
            self.machine.restore(checkpoint);
        }
        self.restored();
        if let Some(nearby) = nearby {
            self.pass_nearby(nearby);
        }
        self.run_quietly(from.retired);
        self.record_to(from);
    }

    /// The machine has been restored: notes which inputs it has had, and gives it those that stand
    /// at its position.
    pub(super) fn restored(&mut self) {
        let here = self.machine.position();
        self.taken = self
            .inputs
            .iter()
            .take_while(|input| input.at < here)
            .count();
        self.recent.clear();
        self.take_inputs();
    }

    /// Runs quietly to unit `end`, stopping for inputs and checkpoints on the way.
    fn run_quietly(&mut self, end: u64) -> Stop {
        while self.machine.position().retired < end {
            let stop = self.quietly(end, |machine, end, traces, tally| {
                machine.run(end, traces, &mut Ear::<false>::of(tally))
            });
            if stop != Stop::Reached {
                return stop;
            }
        }
        Stop::Reached
    }

    /// Leaps quietly over hits, or over instructions, towards unit `end`.
    pub(crate) fn leap(&mut self, end: u64) -> Stop {
        self.quietly(end, |machine, end, traces, tally| {
            machine
                .advance(end, traces, &mut Ear::<false>::of(tally))
                .unwrap_or(Stop::Reached)
        })
    }

    /// Moves the machine towards unit `end`, to the next input or checkpoint at most.
    pub(super) fn quietly(
        &mut self,
        end: u64,
        advance: impl FnOnce(&mut Machine, u64, &[&Trace], &mut Tally) -> Stop,
    ) -> Stop {
        let before = self.machine.position();
        let mut end = end.min(self.history.next_due(before));
        if let Some(input) = self.inputs.get(self.taken) {
            if input.at.retired <= before.retired {
                return self.record(before.retired + 1); // the input stands within the unit under way
            }
            end = end.min(input.at.retired);
        }
        let stop = advance(
            &mut self.machine,
            end,
            &self.scenario.traces(),
            &mut self.tally,
        );
        self.moved(before);
        stop
    }

    /// The machine has moved on from `before`: takes a checkpoint if one is due, then inputs.
    ///
    /// A step without event or completed unit leaves the position where it was; a checkpoint there
    /// would hold a state that is already past the one that the position names.
    fn moved(&mut self, before: Position) {
        if self.machine.position() != before {
            self.history.note(&mut self.machine);
            self.take_inputs();
        }
    }

    /// Makes one step of the machine with recording on, or runs a handler on towards unit `end`, to
    /// its next event or the next input at most.
    fn record(&mut self, end: u64) -> Stop {
        let mut events: Vec<Stamped> = Vec::new();
        let before = self.machine.position();
        let input = self.inputs.get(self.taken).map(|input| input.at.retired);
        let end = end.min(input.unwrap_or(u64::MAX)).max(before.retired + 1);
        let traces = self.scenario.traces();
        let stop = self.machine.advance(end, &traces, &mut events);
        let stop = stop.unwrap_or(Stop::Reached);
        let told = self.machine.events() - events.len() as u64;
        let after = self.machine.position();
        for (stamped, number) in events.iter().zip(told + 1..) {
            self.tally.note(number, &stamped.event);
        }
        // A step causes one event at most.
        let line = events.last().and_then(|it| self.line_of(&it.event));
        let numbered = events.into_iter().zip(told + 1..);
        self.recent
            .extend(numbered.map(|(stamped, number)| Recorded {
                number,
                stamped,
                after,
                line,
            }));
        if self.recent.len() > RECENT_MAX * 2 {
            self.recent.drain(..RECENT_MAX);
        }
        self.moved(before);
        stop
    }

    /// What was counted behind the current step is of another future: it is forgotten. What the stretch across the
    /// step had before it is counted again.
    pub(super) fn forget_counted(&mut self) {
        let (here, step) = (self.machine.position(), self.machine.events());
        let whole = self.tally.forget_after(step);
        if whole < step {
            self.go_to_step(whole);
            self.record_to(here);
            self.arrived();
        }
    }

    /// Gives the machine the inputs that stand at its position.
    pub(super) fn take_inputs(&mut self) {
        while let Some(input) = self.inputs.get(self.taken)
            && input.at <= self.machine.position()
        {
            // The machine took it when it was put here, and so it does now.
            let _ = input.change.give(&mut self.machine, input.env);
            let step = self.machine.events();
            if let Some(input) = self.inputs.get_mut(self.taken) {
                input.step = step;
            }
            self.taken += 1;
        }
    }

    fn arrived(&mut self) {
        self.furthest = self.furthest.max(self.machine.events());
    }
}
