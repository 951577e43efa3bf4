//! A session: a scenario, a log of inputs, and a machine brought to any position of their run.

use std::sync::Arc;

use exo_core::cpu::{Program, SourcePlace};
use exo_core::event::{Event, Silent, Stamped};
use exo_core::ids::{EnvId, Position};
use exo_core::kernel::Phase;
use exo_core::machine::{FieldChange, Machine, Stop, field_changes};
use exo_core::trace::Trace;
use exo_policy::Diagnostic;

use crate::history::History;
use crate::scenario::{Scenario, SessionError};

/// Events kept before the current position.
const RECENT_MAX: usize = 512;
/// Units that are run again with recording on, to fill [`Session::recent`].
const WINDOW_UNITS: u64 = 2048;

/// An event with its number in the run, from 1: the page's step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its number.
    pub number: u64,
    /// What happened, where and when.
    pub stamped: Stamped,
}

/// How a search for an event ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// The event is the current step.
    Found,
    /// It lies further ahead than was searched.
    NotYet,
    /// There is none: nothing has anything left to do.
    Halted,
}

/// What an Apply does, or would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The fate of every field.
    pub changes: Vec<FieldChange>,
    /// Whether the environment's frames are freed first, so that all fields begin afresh.
    pub frames_released: bool,
}

/// An Apply, as an input at a position (D6).
#[derive(Clone, Debug)]
struct Input {
    at: Position,
    env: EnvId,
    source: String,
    program: Arc<Program>,
    reset: bool,
}

/// A run that can be moved through.
#[derive(Debug)]
pub struct Session {
    scenario: Scenario,
    programs: Vec<Arc<Program>>,
    machine: Machine,
    history: History,
    inputs: Vec<Input>,
    /// How many of the inputs the machine has had.
    taken: usize,
    recent: Vec<Recorded>,
    furthest: u64,
}

impl Session {
    /// Compiles the scenario's policies and makes its machine, at reset.
    ///
    /// # Errors
    /// A policy that does not compile, with all its errors, or a machine that cannot be made.
    pub fn new(scenario: Scenario) -> Result<Session, SessionError> {
        let (mut machine, programs) = scenario.build()?;
        let history = History::new(&mut machine);
        Ok(Session {
            scenario,
            programs,
            machine,
            history,
            inputs: Vec::new(),
            taken: 0,
            recent: Vec::new(),
            furthest: 0,
        })
    }

    /// What the run began from.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The machine at the current position.
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// Events so far.
    pub fn step_number(&self) -> u64 {
        self.machine.events()
    }

    /// The most events that this run has come to.
    pub fn furthest_step(&self) -> u64 {
        self.furthest
    }

    /// The last events before the current position, oldest first.
    pub fn recent(&self) -> &[Recorded] {
        &self.recent
    }

    /// The event that led to the current position.
    pub fn current(&self) -> Option<&Recorded> {
        self.recent
            .last()
            .filter(|last| last.number == self.machine.events())
    }

    /// Goes back to reset. Inputs stay in the log: going forward takes them again.
    pub fn reset(&mut self) {
        self.go_to(Position::default());
    }

    /// Makes one step forward: one event, or as far as anything happens.
    pub fn step(&mut self) -> Stop {
        let before = self.machine.events();
        loop {
            let stop = self.record_step();
            if stop != Stop::Reached || self.machine.events() > before {
                self.arrived();
                return stop;
            }
        }
    }

    /// Goes to the position before the current event. False at reset.
    pub fn step_back(&mut self) -> bool {
        if self.machine.events() == 0 {
            return false;
        }
        if self.current().is_none() {
            self.settle();
        }
        let Some(target) = self.current().map(|current| current.stamped.position) else {
            return false;
        };
        self.go_to(target);
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

    fn count(&self, of: impl Fn(&exo_core::kernel::Counters) -> u64) -> u64 {
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
        if let Some(checkpoint) = self.history.before(target) {
            self.machine.restore(checkpoint);
            let here = self.machine.position();
            self.taken = self
                .inputs
                .iter()
                .take_while(|input| input.at < here)
                .count();
        }
        self.recent.clear();
        self.take_inputs();
        let quiet_until = target.retired.saturating_sub(WINDOW_UNITS);
        self.run_quietly(quiet_until);
        while self.machine.position() < target {
            if self.record_step() != Stop::Reached {
                break;
            }
        }
        self.arrived();
    }

    /// Runs quietly to unit `end`, stopping for inputs and checkpoints on the way.
    fn run_quietly(&mut self, end: u64) -> Stop {
        while self.machine.position().retired < end {
            let stop = self.quietly(end, |machine, end, traces| {
                machine.run(end, traces, &mut Silent)
            });
            if stop != Stop::Reached {
                return stop;
            }
        }
        Stop::Reached
    }

    /// Leaps quietly over hits, or over instructions, towards unit `end`.
    fn leap(&mut self, end: u64) -> Stop {
        self.quietly(end, |machine, end, traces| {
            machine
                .advance(end, traces, &mut Silent)
                .unwrap_or(Stop::Reached)
        })
    }

    /// Moves the machine towards unit `end`, to the next input or checkpoint at most.
    fn quietly(
        &mut self,
        end: u64,
        advance: impl FnOnce(&mut Machine, u64, &[&Trace]) -> Stop,
    ) -> Stop {
        let before = self.machine.position();
        let mut end = end.min(self.history.next_due(before));
        if let Some(input) = self.inputs.get(self.taken) {
            if input.at.retired <= before.retired {
                return self.record_step(); // the input stands within the unit under way
            }
            end = end.min(input.at.retired);
        }
        let stop = advance(&mut self.machine, end, &traces(&self.scenario));
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

    /// Makes one step of the machine with recording on.
    fn record_step(&mut self) -> Stop {
        let mut events: Vec<Stamped> = Vec::new();
        let before = self.machine.position();
        let stop = self.machine.step(&traces(&self.scenario), &mut events);
        let told = self.machine.events() - events.len() as u64;
        let numbered = events.into_iter().zip(told + 1..);
        self.recent
            .extend(numbered.map(|(stamped, number)| Recorded { number, stamped }));
        if self.recent.len() > RECENT_MAX * 2 {
            self.recent.drain(..RECENT_MAX);
        }
        self.moved(before);
        stop
    }

    /// Gives the machine the inputs that stand at its position.
    fn take_inputs(&mut self) {
        while let Some(input) = self.inputs.get(self.taken)
            && input.at <= self.machine.position()
        {
            self.machine
                .install(input.env, input.program.clone(), input.reset);
            self.taken += 1;
        }
    }

    fn arrived(&mut self) {
        self.furthest = self.furthest.max(self.machine.events());
    }

    /// Replaces the policy of an environment from here on: an input at the current position, which
    /// takes effect at the next upcall boundary. Inputs ahead are forgotten.
    ///
    /// # Errors
    /// All errors of the source; the running policy stays and nothing else changes.
    pub fn apply(
        &mut self,
        env: EnvId,
        source: &str,
        reset: bool,
    ) -> Result<Applied, Vec<Diagnostic>> {
        let program = Arc::new(exo_policy::compile(source)?);
        let applied = self.compare(env, &program, reset);
        let at = self.machine.position();
        self.inputs.truncate(self.taken);
        self.history.forget_after(at);
        self.furthest = self.machine.events();
        self.inputs.push(Input {
            at,
            env,
            source: source.to_owned(),
            program,
            reset,
        });
        self.take_inputs();
        Ok(applied)
    }

    /// What [`Session::apply`] would do; nothing is done.
    ///
    /// # Errors
    /// All errors of the source.
    pub fn preview(
        &self,
        env: EnvId,
        source: &str,
        reset: bool,
    ) -> Result<Applied, Vec<Diagnostic>> {
        Ok(self.compare(env, &exo_policy::compile(source)?, reset))
    }

    fn compare(&self, env: EnvId, program: &Program, reset: bool) -> Applied {
        let old = self.program_at(env).cloned().unwrap_or_default();
        let (changes, frames_released) = field_changes(&old, program, reset);
        Applied {
            changes,
            frames_released,
        }
    }

    /// The last Apply to an environment that the machine has had.
    fn last_input(&self, env: EnvId) -> Option<&Input> {
        self.inputs[..self.taken]
            .iter()
            .rev()
            .find(|input| input.env == env)
    }

    /// The program that an environment runs, or will from its next upcall boundary on.
    pub fn program_at(&self, env: EnvId) -> Option<&Arc<Program>> {
        match self.last_input(env) {
            Some(input) => Some(&input.program),
            None => self.programs.get(env.index()),
        }
    }

    /// The source of that program; the file that came with the scenario until something was applied.
    pub fn source_at(&self, env: EnvId) -> &str {
        match self.last_input(env) {
            Some(input) => &input.source,
            None => self
                .scenario
                .environments
                .get(env.index())
                .map_or("", |spec| &spec.source),
        }
    }

    /// The line at which an environment's handler stands: while it runs the instruction it will
    /// complete next, or the system call it has just made; after it broke, where it broke.
    pub fn handler_place(&self, env: EnvId) -> Option<SourcePlace> {
        let environment = self.machine.environment(env)?;
        let program = environment.program()?;
        match environment.phase {
            Phase::Handling(_) => {
                let just_called = self.current().is_some_and(|it| {
                    it.stamped.event.env() == env
                        && !matches!(
                            it.stamped.event,
                            Event::Upcall { .. } | Event::Installed { .. }
                        )
                });
                Some(if just_called {
                    environment.context.previous_place(program)
                } else {
                    environment.context.place(program)
                })
            }
            Phase::Broken(_) => self.broken_place(env),
            _ => None,
        }
    }

    /// Where the last event of this environment says that it broke.
    fn broken_place(&self, env: EnvId) -> Option<SourcePlace> {
        let environment = self.machine.environment(env)?;
        let told = self
            .recent
            .iter()
            .rev()
            .find_map(|it| match it.stamped.event {
                Event::Broken {
                    env: broken, place, ..
                } if broken == env => Some(place),
                _ => None,
            });
        told.or_else(|| Some(environment.context.place(environment.program()?)))
    }
}

/// The traces of a scenario's environments, in their order.
fn traces(scenario: &Scenario) -> Vec<&Trace> {
    scenario
        .environments
        .iter()
        .map(|spec| &spec.trace.trace)
        .collect()
}
