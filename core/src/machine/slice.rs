//! Slices: whose turn it is, and what an environment is told when one begins and ends (A37 to A40).

use super::{Machine, Stop};
use crate::cost;
use crate::event::{BreakReason, Event, Sink};
use crate::kernel::{Environment, Interrupted, Phase, Upcall};
use crate::limits::{EXCESS_SLICES_MAX, SAVE_CYCLES};
use crate::mutants::Mutant;

impl Machine {
    /// Finds the next slice that somebody can run in, round the vector, and begins it.
    pub(super) fn schedule<S: Sink>(&mut self, sink: &mut S) -> Option<Stop> {
        if self.kernel.slices.interrupted.is_some() {
            return self.end_interruption(sink);
        }
        let from = self.kernel.running;
        let Some((position, owner, to)) = self.kernel.next_slice() else {
            return self.idle(sink);
        };
        self.running().saving = None;
        self.kernel.slices.position = position;
        let environment = &mut self.kernel.environments[owner.index()];
        if environment.excess_slices > 0 {
            environment.excess_slices -= 1;
            self.kernel.slices.over = true;
            let owed = environment.excess_slices;
            let event = Event::Forfeited {
                env: owner,
                position,
                owed,
            };
            self.emit(sink, event);
            return None;
        }
        self.kernel.slices.over = false;
        self.kernel.slice_left = self.kernel.slices.length;
        self.kernel.begins(to);
        if to != from {
            self.kernel.switch(&mut self.hw, to);
            self.emit(sink, Event::Switched { from, to });
        }
        None
    }

    /// Lets an environment run that was ordered to give frames back, if it is not running: as long
    /// as it takes to tell it, and no longer. The slice that this interrupts goes on afterwards.
    pub(super) fn hurry<S: Sink>(&mut self, sink: &mut S) -> bool {
        let Some(env) = self.kernel.urgent.take() else {
            return false;
        };
        let told = self.environment(env).is_some_and(Environment::notified);
        if !told || env == self.kernel.running {
            return false;
        }
        let from = self.kernel.running;
        let left = (!self.kernel.slices.over).then_some(self.kernel.slice_left);
        if self.kernel.slices.interrupted.is_none() {
            self.kernel.slices.interrupted = Some(Interrupted { env: from, left });
        }
        (self.kernel.slices.over, self.kernel.slice_left) = (false, 0);
        self.kernel.switch(&mut self.hw, env);
        self.emit(sink, Event::Switched { from, to: env });
        true
    }

    /// Goes on with the slice that was interrupted.
    fn end_interruption<S: Sink>(&mut self, sink: &mut S) -> Option<Stop> {
        let from = self.kernel.running;
        let interrupted = self.kernel.slices.interrupted.take();
        let going_on = interrupted.and_then(|it| Some((self.kernel.runs_for(it.env)?, it.left?)));
        let Some((to, left)) = going_on else {
            self.kernel.slices.over = true;
            return self.schedule(sink);
        };
        (self.kernel.slices.over, self.kernel.slice_left) = (false, left);
        if to != from {
            self.kernel.switch(&mut self.hw, to);
            self.emit(sink, Event::Switched { from, to });
        }
        None
    }

    /// The slice is used up: the environment may save what it needs, and the next one begins.
    pub(super) fn end_slice<S: Sink>(&mut self, sink: &mut S) -> Option<Stop> {
        if self.kernel.slices.interrupted.is_some() {
            return self.end_interruption(sink);
        }
        if !self.enter_for_slice(Upcall::SliceEnded, &[]) {
            self.kernel.slices.over = true;
            return self.schedule(sink);
        }
        let (env, position) = (self.kernel.running, self.kernel.slices.position);
        let environment = self.running();
        environment.phase = Phase::Handling(Upcall::SliceEnded);
        environment.saving = Some(SAVE_CYCLES);
        self.emit(sink, Event::SliceEnding { env, position });
        None
    }

    /// Tells the running environment that it has got the processor.
    pub(super) fn begin_slice<S: Sink>(&mut self, sink: &mut S) {
        let env = self.kernel.running;
        let position = self.running().begins.take().unwrap_or_default();
        if self.enter_for_slice(Upcall::SliceBegan, &[position.into()]) {
            self.running().phase = Phase::Handling(Upcall::SliceBegan);
            self.emit(sink, Event::SliceBegan { env, position });
        }
    }

    /// Enters a handler of the timer (A23). False, and nothing happens, if there is none.
    fn enter_for_slice(&mut self, upcall: Upcall, arguments: &[u64]) -> bool {
        let environment = self.running();
        // A native handler is not told.
        let entered = environment.program().is_some()
            && matches!(environment.enter(upcall, arguments), Ok(true));
        if entered {
            environment.counters.upcalls += 1;
            environment.cycles.kernel += cost::DISPATCH;
        }
        entered
    }

    /// Units that a handler may still complete before its slice, or its save time, is over. None if
    /// neither bounds it.
    pub(super) fn handler_left(&mut self, upcall: Upcall) -> Option<u64> {
        if Environment::charged(upcall) {
            return Some(self.kernel.slice_left.into());
        }
        self.running().saving.map(u64::from)
    }

    /// Takes completed instructions of a handler off its slice, or off its save time.
    pub(super) fn charge_handler(&mut self, upcall: Upcall, completed: u64) {
        let completed = completed as u32;
        if Environment::charged(upcall) {
            let left = self.kernel.slice_left;
            self.kernel.slice_left = left.saturating_sub(completed);
        } else {
            self.charge_save_time(completed);
        }
    }

    /// Takes cycles off the save time, if that runs.
    pub(super) fn charge_save_time(&mut self, cycles: u32) {
        if let Some(left) = &mut self.running().saving {
            *left = left.saturating_sub(cycles);
        }
    }

    /// A handler has used what bounds it: its slice, which ends, or its save time, and then it pays
    /// with a later slice for each that it goes on for (A39).
    pub(super) fn handler_out_of_time<S: Sink>(&mut self, sink: &mut S) -> Option<Stop> {
        let (env, length) = (self.kernel.running, self.kernel.slices.length);
        let environment = self.running();
        if environment.saving.is_none() {
            self.kernel.slices.over = true;
            return self.schedule(sink);
        }
        if environment.excess_slices >= EXCESS_SLICES_MAX {
            let place = self.standing_place();
            self.break_environment(BreakReason::ExcessTime, place, sink);
            return None;
        }
        environment.excess_slices += u8::from(!Mutant::ExcessUncounted.made());
        environment.saving = Some(length);
        let excess = environment.excess_slices;
        self.emit(sink, Event::Overran { env, excess });
        None
    }

    /// The end-of-slice handler is done: in time, and the processor goes to the next slice; or it had
    /// passed the processor on before, and goes on with its application.
    pub(super) fn slice_saved<S: Sink>(&mut self, sink: &mut S) {
        let env = self.kernel.running;
        let environment = self.running();
        environment.context.leave();
        if environment.saving.take().is_none() {
            return self.resume(sink);
        }
        environment.phase = environment.application_phase();
        self.kernel.slices.over = true;
        self.emit(sink, Event::Saved { env });
    }
}
