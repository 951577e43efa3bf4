//! How a world comes to rest: until somebody stands at the gate, and can do anything.

use exo_core::event::Sink;
use exo_core::ids::EnvId;
use exo_core::kernel::{Alarm, Environment, Handler, Phase};
use exo_core::machine::Stop;

use super::stage::{SLICE, Stage};
use super::world::World;
use super::{Verdict, require};

/// Steps within which every command comes to its end.
pub(super) const STEPS_MAX: usize = 400;
/// What is due within so many cycles is due now: less than a deadline, more than a run.
const SOON_CYCLES: u64 = 1 << 32;
/// References of the turn of an environment under a program.
const TURN: u32 = 5;

impl World {
    /// Lets everything happen that is due now, or so soon that it would happen on the way.
    pub(super) fn let_due_things_happen<S: Sink>(&mut self, stage: &Stage, events: &mut S) {
        for _ in 0..STEPS_MAX {
            let soon = self.machine.cycles() + SOON_CYCLES;
            let due = self.machine.kernel().next_due();
            if due.is_none_or(|(due, _)| due > soon) {
                return;
            }
            // Until the disk is done, what is saved is nobody's: that is a state of its own.
            let disk = matches!(due, Some((due, Alarm::Disk)) if due > self.machine.cycles());
            if disk && stage.sizes.saves() {
                return;
            }
            self.machine.leap();
            self.machine.step(&[&stage.gate], events);
        }
    }

    /// Whether nobody will ever be able to do anything again.
    pub fn halted(&self) -> bool {
        let kernel = self.machine.kernel();
        let waits = |env: &EnvId| self.native(*env, |it| matches!(it.phase, Phase::Waiting(_)));
        let mut owners = kernel.slices.owners().iter().flatten();
        !(self.goes_on() || self.someone_can() || owners.any(waits))
    }

    /// Whether the running environment goes on, whoever's slice it is.
    fn goes_on(&self) -> bool {
        let kernel = self.machine.kernel();
        !kernel.slices.over && self.native(kernel.running, Environment::runnable)
    }

    /// Whether somebody who can do what a command says has a slice to come.
    fn someone_can(&self) -> bool {
        let kernel = self.machine.kernel();
        let mut owners = kernel.slices.owners().iter().flatten();
        let runs = |owner: &EnvId| kernel.runs_for(*owner);
        owners.any(|owner| runs(owner).is_some_and(|env| self.native(env, |_| true)))
    }

    fn native(&self, env: EnvId, holds: impl Fn(&Environment) -> bool) -> bool {
        let environment = self.machine.environment(env);
        environment.is_some_and(|it| matches!(it.handler, Handler::Native) && holds(it))
    }

    /// Whether the running environment stands where any call is possible.
    pub(super) fn at_the_gate(&self, stage: &Stage) -> bool {
        let env = self.actor();
        let fault = self.machine.native_fault(env);
        let at_the_gate = fault.is_some_and(|it| it.address == stage.gate_address());
        let stands = at_the_gate || self.machine.native_request(env).is_some();
        stands && !self.machine.kernel().slices.over
    }

    /// Lets the running environment go on to the gate, or another if it cannot: one under a program
    /// makes some references and passes the turn on. If all others wait, time passes.
    pub(super) fn settle<S: Sink>(&mut self, stage: &Stage, events: &mut S) -> Verdict {
        self.machine.set_slice(SLICE);
        for _ in 0..STEPS_MAX {
            let env = self.actor();
            if self.at_the_gate(stage) {
                // What it waited for has been told.
                self.machine.native_outcome(env);
                return Ok(());
            }
            if self.halted() {
                return Ok(());
            }
            if !self.goes_on() && !self.someone_can() {
                self.machine.leap();
            }
            let environment = self.machine.environment(env);
            let waits = environment.map(|it| (it.phase, &it.handler));
            match waits {
                _ if self.machine.kernel().slices.over => {
                    self.machine.step(&[&stage.gate], events);
                }
                Some((Phase::Handling(_), Handler::Native)) => self.leave(stage, events),
                // It was interrupted on its way out of the gate.
                Some((Phase::Rerunning, Handler::Native)) => {
                    self.machine.step(&[&stage.nothing], events);
                }
                Some((_, Handler::Native)) => {
                    self.machine.step(&[&stage.gate], events);
                }
                _ => {
                    self.machine.set_slice(TURN);
                    self.programs_turn(stage, events)?;
                }
            }
        }
        self.restless()
    }

    /// Lets an environment under a program have its turn.
    fn programs_turn<S: Sink>(&mut self, stage: &Stage, events: &mut S) -> Verdict {
        let env = self.actor();
        for _ in 0..STEPS_MAX {
            let stop = self.machine.step(&[&stage.walk], events);
            if self.actor() != env || stop != Stop::Reached {
                self.machine.set_slice(SLICE);
                return Ok(());
            }
        }
        // A handler takes longer than that; it goes on at its next turn.
        self.machine.set_slice(0);
        Ok(())
    }

    pub(super) fn restless(&self) -> Verdict {
        require(false, "INV-UP-2", || {
            let kernel = self.machine.kernel();
            let phases: Vec<Phase> = kernel.environments.iter().map(|it| it.phase).collect();
            format!("{:?} does not come to rest: {phases:?}", self.actor())
        })
    }
}
