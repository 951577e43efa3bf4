//! A session: a scenario, a log of inputs, and a machine brought to any position of their run.

mod annotations;
mod branches;
mod find;
mod inputs;
mod tally;
mod travel;
mod walk;

pub use annotations::{Annotations, NOTE_CHARS_MAX};
use branches::Branch;
pub use branches::{BRANCHES_MAX, BranchLog};
pub use find::Backward;
use inputs::{Change, Input, Source};
pub use inputs::{Given, GivenChange};
pub(crate) use tally::Ear;
pub use tally::{Counts, TALLIED, Tally, count_event};

use std::sync::Arc;

use exo_core::cpu::{Program, SourcePlace};
use exo_core::event::{BreakReason, Event, Stamped};
use exo_core::ids::{EnvId, Position};
use exo_core::kernel::Phase;
use exo_core::machine::{FieldChange, Machine};

use crate::debugger::Breakpoint;
use crate::history::{History, HistoryReport};
use crate::scenario::{ApplicationSpec, Programs, Scenario, SessionError};

/// An event with its number in the run, from 1: the page's step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its number.
    pub number: u64,
    /// What happened, where and when.
    pub stamped: Stamped,
    /// The position right after it.
    pub after: Position,
    /// The line of the program that made it, as the one that ran then had it; none if no program did.
    pub line: Option<Breakpoint>,
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

/// A run that can be moved through.
#[derive(Debug)]
pub struct Session {
    scenario: Scenario,
    programs: Vec<Programs>,
    machine: Machine,
    history: History,
    inputs: Vec<Input>,
    /// How many of the inputs the machine has had.
    taken: usize,
    recent: Vec<Recorded>,
    furthest: u64,
    /// The most that the branch that runs came to before it was left, since when it has not been run.
    known_furthest: u64,
    /// Futures that were left.
    branches: Vec<Branch>,
    /// That of the future that runs.
    number: u32,
    next_number: u32,
    annotations: Annotations,
    tally: Tally,
}

impl Session {
    /// Compiles the scenario's policies and makes its machine, at reset.
    ///
    /// # Errors
    /// A policy that does not compile, with all its errors, or a machine that cannot be made.
    pub fn new(scenario: Scenario) -> Result<Session, SessionError> {
        Session::with_inputs(scenario, &[])
    }

    /// As [`Session::new`], with a log of inputs that lie ahead: going forward takes each at its
    /// position.
    ///
    /// # Errors
    /// As [`Session::new`], and a source among the inputs that does not compile.
    pub fn with_inputs(scenario: Scenario, given: &[Given]) -> Result<Session, SessionError> {
        let inputs = given.iter().map(Input::of).collect::<Result<_, _>>()?;
        let (mut machine, programs) = scenario.build()?;
        let history = History::new(&mut machine);
        let mut session = Session {
            tally: Tally::new(machine.kernel().running),
            scenario,
            programs,
            machine,
            history,
            inputs,
            taken: 0,
            recent: Vec::new(),
            furthest: 0,
            known_furthest: 0,
            branches: Vec::new(),
            number: 0,
            next_number: 1,
            annotations: Annotations::default(),
        };
        session.take_inputs();
        Ok(session)
    }

    /// What the run began from.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// What people put beside it.
    pub fn annotations(&self) -> &Annotations {
        &self.annotations
    }

    /// Puts something else beside it.
    pub fn annotate(&mut self, annotations: Annotations) {
        self.annotations = annotations;
    }

    /// What happened when, over all of the run so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
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

    /// What is kept of the way here, so that any position of it can be gone to.
    pub fn history(&self) -> HistoryReport {
        self.history.report(self.machine.position())
    }

    /// Keeps at most about `bytes_max` bytes of the way from here on, in checkpoints that are
    /// `spacing_cycles` apart until they are too many. Less memory or wider spacing changes nothing but
    /// how long it takes to go somewhere.
    pub fn limit_history(&mut self, bytes_max: usize, spacing_cycles: u64) {
        self.history.limit(bytes_max, spacing_cycles);
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

    /// What was applied last to an environment's policy, or to its application, that the machine
    /// has had.
    fn last_applied(&self, env: EnvId, application: bool) -> Option<&Source> {
        let had = self.inputs[..self.taken].iter().rev();
        had.filter(|input| input.env == env)
            .find_map(|input| match &input.change {
                Change::Policy { source, .. } if !application => Some(source),
                Change::Application(source) if application => Some(source),
                _ => None,
            })
    }

    /// The source of the program that an environment runs as its application; none for a trace.
    pub fn application_source_at(&self, env: EnvId) -> Option<&str> {
        if let Some(applied) = self.last_applied(env, true) {
            return Some(&applied.text);
        }
        match &self.scenario.environments.get(env.index())?.application {
            ApplicationSpec::Program { source, .. } => Some(source),
            ApplicationSpec::Trace(_) => None,
        }
    }

    /// The program that an environment runs as its application; none for a trace.
    pub fn application_at(&self, env: EnvId) -> Option<&Arc<Program>> {
        match self.last_applied(env, true) {
            Some(applied) => Some(&applied.program),
            None => self.programs.get(env.index())?.application.as_ref(),
        }
    }

    /// Where in its source an environment's application stands: the instruction that it will
    /// complete next, or the call whose answer it waits for; after it broke, where it broke. None
    /// for a trace, and when its `main` has returned.
    pub fn application_place(&self, env: EnvId) -> Option<SourcePlace> {
        let environment = self.machine.environment(env)?;
        let process = environment.process.as_ref()?;
        if environment.phase == Phase::Finished {
            None
        } else if process.request.is_some() {
            Some(process.context.previous_place(&process.program))
        } else {
            Some(process.context.place(&process.program))
        }
    }

    /// The program that an environment runs, or will from its next upcall boundary on.
    pub fn program_at(&self, env: EnvId) -> Option<&Arc<Program>> {
        match self.last_applied(env, false) {
            Some(applied) => Some(&applied.program),
            None => Some(&self.programs.get(env.index())?.policy),
        }
    }

    /// The source of that program; the file that came with the scenario until something was applied.
    pub fn source_at(&self, env: EnvId) -> &str {
        match self.last_applied(env, false) {
            Some(applied) => &applied.text,
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
            Phase::Handling(_) | Phase::Waiting(Some(_)) => {
                let just_called = self.current().is_some_and(|it| {
                    it.stamped.event.env() == env
                        && it.after == self.machine.position()
                        && !matches!(
                            it.stamped.event,
                            Event::Upcall { .. }
                                | Event::Requested { .. }
                                | Event::Installed { .. }
                        )
                });
                Some(if just_called {
                    environment.context.previous_place(program)
                } else {
                    environment.context.place(program)
                })
            }
            Phase::Broken(BreakReason::Application(_)) => None,
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
