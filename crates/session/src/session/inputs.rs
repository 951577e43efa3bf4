//! Inputs: what came from outside, each at a position (D6).

use std::sync::Arc;

use exo_core::cpu::{Program, Role, SourcePlace};
use exo_core::ids::{EnvId, Position};
use exo_core::machine::{InstallError, Machine, field_changes};
use exo_policy::{Diagnostic, Severity};

use super::{Applied, Session};
use crate::scenario::SessionError;

/// An input as it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Where it takes effect, or waits for the next boundary.
    pub at: Position,
    /// Whom it concerns.
    pub env: EnvId,
    /// What it changes.
    pub change: GivenChange,
}

/// What an input changes of its environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivenChange {
    /// Its policy.
    Policy {
        /// The source.
        text: String,
        /// Whether it begins afresh, with all frames given back.
        reset: bool,
    },
    /// Its application, by its source.
    Application {
        /// The source.
        text: String,
    },
    /// How many frames it may hold.
    FrameLimit(u32),
}

/// An input with its program compiled.
#[derive(Clone, Debug)]
pub(super) struct Input {
    pub(super) at: Position,
    /// The step at its position, once the run has come there.
    pub(super) step: u64,
    pub(super) env: EnvId,
    pub(super) change: Change,
}

/// The same input is the same wherever it is known to stand.
impl PartialEq for Input {
    fn eq(&self, other: &Input) -> bool {
        (self.at, self.env, &self.change) == (other.at, other.env, &other.change)
    }
}

/// A program as it was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) text: String,
    pub(super) program: Arc<Program>,
}

impl Source {
    fn compiled(role: Role, text: &str) -> Result<Source, Vec<Diagnostic>> {
        Ok(Source {
            program: Arc::new(exo_policy::compile_as(role, text)?),
            text: text.to_owned(),
        })
    }
}

/// What an input changes of its environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Its policy; `reset` begins it afresh.
    Policy { source: Source, reset: bool },
    /// Its application.
    Application(Source),
    /// How many frames it may hold.
    FrameLimit(u32),
}

impl Change {
    /// Asks the machine to let it take effect.
    pub(super) fn give(&self, machine: &mut Machine, env: EnvId) -> Result<(), InstallError> {
        match self {
            Change::Policy { source, reset } => {
                machine.install(env, source.program.clone(), *reset)
            }
            Change::Application(source) => machine.load(env, source.program.clone()),
            Change::FrameLimit(frames) => machine.set_frame_limit(env, *frames),
        }
    }
}

impl Input {
    /// Compiles what was written down.
    pub(super) fn of(given: &Given) -> Result<Input, SessionError> {
        let compiled = |role, text| {
            Source::compiled(role, text).map_err(|diagnostics| SessionError::Policy {
                name: format!("the source applied at position {}", given.at),
                diagnostics,
            })
        };
        let change = match &given.change {
            GivenChange::Policy { text, reset } => Change::Policy {
                source: compiled(Role::LibOs, text)?,
                reset: *reset,
            },
            GivenChange::Application { text } => {
                Change::Application(compiled(Role::Application, text)?)
            }
            GivenChange::FrameLimit(frames) => Change::FrameLimit(*frames),
        };
        Ok(Input {
            step: 0,
            at: given.at,
            env: given.env,
            change,
        })
    }

    /// Writes it down.
    pub(super) fn given(&self) -> Given {
        Given {
            at: self.at,
            env: self.env,
            change: match &self.change {
                Change::Policy { source, reset } => GivenChange::Policy {
                    text: source.text.clone(),
                    reset: *reset,
                },
                Change::Application(source) => GivenChange::Application {
                    text: source.text.clone(),
                },
                Change::FrameLimit(frames) => GivenChange::FrameLimit(*frames),
            },
        }
    }
}

impl Session {
    /// The log of inputs in order, those that lie ahead included.
    pub fn inputs(&self) -> Vec<Given> {
        self.inputs.iter().map(Input::given).collect()
    }

    /// How many frames the last input of the log lets an environment hold, if it is about that.
    pub fn last_limit(&self) -> Option<u32> {
        match self.inputs.last()?.change {
            Change::FrameLimit(frames) => Some(frames),
            _ => None,
        }
    }

    /// Where each input stands, by position and step, whom it concerns and what it changes, in words; in order, those
    /// that lie ahead included, whose steps are not known.
    pub fn input_places(&self) -> impl Iterator<Item = (Position, u64, EnvId, &'static str)> {
        self.inputs.iter().map(|input| {
            let what = match input.change {
                Change::Policy { .. } => "policy",
                Change::Application(_) => "application",
                Change::FrameLimit(_) => "frame limit",
            };
            (input.at, input.step, input.env, what)
        })
    }

    /// Replaces the policy of an environment from here on: an input at the current position, which
    /// takes effect at the next upcall boundary. A future that was here is kept as a branch.
    ///
    /// # Errors
    /// All errors of the source; the running policy stays and nothing else changes.
    pub fn apply(
        &mut self,
        env: EnvId,
        source: &str,
        reset: bool,
    ) -> Result<Applied, Vec<Diagnostic>> {
        let source = Source::compiled(Role::LibOs, source)?;
        let applied = self.compare(env, &source.program, reset);
        self.apply_change(env, Change::Policy { source, reset })?;
        Ok(applied)
    }

    /// Replaces the application of an environment from here on, as [`Session::apply`] does the
    /// policy: at once, at the boundary of an instruction, or when the handler under way is done. It
    /// begins with `main` and its first state, also where the one before is over or broke.
    ///
    /// # Errors
    /// All errors of the source; the running application stays and nothing else changes.
    pub fn apply_application(&mut self, env: EnvId, source: &str) -> Result<(), Vec<Diagnostic>> {
        let source = Source::compiled(Role::Application, source)?;
        self.apply_change(env, Change::Application(source))
    }

    fn apply_change(&mut self, env: EnvId, change: Change) -> Result<(), Vec<Diagnostic>> {
        let given = self.input(env, change);
        given.map_err(|error| vec![of_the_whole(error.to_string())])
    }

    /// Sets how many frames an environment may hold from here on: memory pressure from outside. If
    /// it holds more, the kernel asks for them. A future that was here is kept as a branch. A limit that was set at this
    /// very position is replaced: the run has not had it.
    ///
    /// # Errors
    /// There is no such environment; nothing changes.
    pub fn set_frame_limit(&mut self, env: EnvId, frames: u32) -> Result<(), InstallError> {
        let here = self.machine.position();
        let replaced = self.taken.checked_sub(1).filter(|last| {
            let input = self.inputs.get(*last);
            input.is_some_and(|it| {
                (it.at, it.env) == (here, env) && matches!(it.change, Change::FrameLimit(_))
            })
        });
        if self.machine.events() == self.furthest
            && self.taken == self.inputs.len()
            && let Some(input) = replaced.and_then(|it| self.inputs.get_mut(it))
        {
            let change = Change::FrameLimit(frames);
            change.give(&mut self.machine, env)?;
            input.change = change;
            return Ok(());
        }
        self.input(env, Change::FrameLimit(frames))
    }

    /// Lets the machine have an input at the current position, and notes it. Inputs ahead are
    /// forgotten.
    ///
    /// # Errors
    /// Why the machine refuses it; nothing changes.
    fn input(&mut self, env: EnvId, change: Change) -> Result<(), InstallError> {
        change.give(&mut self.machine, env)?;
        let at = self.machine.position();
        self.keep_future();
        self.inputs.truncate(self.taken);
        self.history.forget_after(at);
        self.furthest = self.machine.events();
        let step = self.machine.events();
        self.inputs.push(Input {
            at,
            step,
            env,
            change,
        });
        self.taken = self.inputs.len();
        self.forget_counted();
        Ok(())
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
        let program = Arc::new(exo_policy::compile_as(Role::LibOs, source)?);
        Ok(self.compare(env, &program, reset))
    }

    fn compare(&self, env: EnvId, program: &Program, reset: bool) -> Applied {
        let old = self.program_at(env).cloned().unwrap_or_default();
        let (changes, frames_released) = field_changes(&old, program, reset);
        Applied {
            changes,
            frames_released,
        }
    }
}

/// What is wrong with a source as a whole.
fn of_the_whole(message: String) -> Diagnostic {
    let place = SourcePlace { line: 1, column: 1 };
    Diagnostic {
        severity: Severity::Error,
        place,
        end: place,
        code: None,
        message,
        hint: None,
    }
}
