//! Whole applications under every kernel: what a run costs from its first instruction to its last.
//!
//! A program is run once under the exokernel, and its references are then given to every kernel: they
//! are the same everywhere, and so is what it computes in between. Where an application has a policy of
//! its own, the kernels that can run one are shown with it too.

use std::sync::Arc;

use exo_core::machine::Stop;
use exo_core::rivals::Parameters;
use exo_core::trace::Trace;
use exo_libos_samples::{application, sample};
use serde::Serialize;

use super::matrix::References;
use super::measured::{TablesError, alone};
use crate::compare::{KernelKind, Row, compare};
use crate::report::report;
use crate::scenario::{
    ApplicationSpec, EnvironmentSpec, MachineShape, NamedTrace, Scenario, SessionError,
    sample_trace,
};
use crate::trace_file::{ReadOptions, read_trace};

/// An application in the table.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Its name: an application that comes along, or a trace.
    name: &'static str,
    /// Frames that it may hold.
    frames: u32,
    /// The policy that is everybody's.
    policy: &'static str,
    /// The policy that was written for it.
    own: Option<Own>,
}

/// A policy that was written for an application.
#[derive(Clone, Copy, Debug)]
enum Own {
    /// It replaces pages, under any kernel that takes a policy.
    Replaces(&'static str),
    /// It answers requests, which only the program itself makes.
    Answers(&'static str),
}

/// The trace that the page opens with: a shell.
const SHELL: &str = "dash";
/// The other real trace: a part of the block sort of `bzip2`. Nothing that the page does names it, so that
/// it adds nothing to what is fetched (`README.md` says how it was made).
const BLOCK_SORT: &str = "bzip2";
const BLOCK_SORT_FILE: &[u8] = include_bytes!("../../../../static/bzip2.lackey.gz");

const ENTRIES: [Entry; 6] = [
    Entry {
        name: "matrix",
        frames: 66,
        policy: "clock",
        own: None,
    },
    Entry {
        name: "quicksort",
        frames: 8,
        policy: "clock",
        own: None,
    },
    Entry {
        name: "hash-join",
        frames: 64,
        policy: "clock",
        own: Some(Own::Replaces("join")),
    },
    Entry {
        name: "collector",
        frames: 19,
        policy: "clock",
        own: Some(Own::Answers("gc")),
    },
    Entry {
        name: SHELL,
        frames: 64,
        policy: "clock",
        own: None,
    },
    Entry {
        name: BLOCK_SORT,
        frames: 64,
        policy: "clock",
        own: None,
    },
];

/// The applications of the table, by name.
pub fn names() -> impl Iterator<Item = &'static str> {
    ENTRIES.iter().map(|entry| entry.name)
}

/// A whole run under one kernel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WholeRun {
    /// The application.
    pub application: &'static str,
    /// The policy, under the kernels that take one; the monolithic kernel has its own CLOCK.
    pub policy: &'static str,
    /// Whether that was written for the application.
    pub own_policy: bool,
    /// The kernel.
    pub kernel: KernelKind,
    /// Cycles from its first instruction to its last: its own, the kernel's, and those of libOS, pager
    /// or signal handler.
    pub cycles: u64,
    /// Of these, what it computes itself, which is the same everywhere.
    pub application_cycles: u64,
    /// Entries into the kernel, each with its return.
    pub crossings: u64,
    /// Faults that took a policy.
    pub faults: u64,
    /// Pages that were given a frame.
    pub page_loads: u64,
}

/// Runs every application under every kernel, or those that are named.
///
/// # Errors
/// One cannot be set up, or is given up.
pub fn whole_runs(named: &[&str]) -> Result<Vec<WholeRun>, TablesError> {
    let mut runs = Vec::new();
    for entry in ENTRIES {
        if named.is_empty() || named.contains(&entry.name) {
            runs.extend(entry.run()?);
        }
    }
    Ok(runs)
}

impl Entry {
    fn run(&self) -> Result<Vec<WholeRun>, TablesError> {
        let (trace, cycles) = self.references()?;
        let mut runs = self.under(self.policy, false, &trace, cycles)?;
        match self.own {
            Some(Own::Replaces(policy)) => {
                let own = self.under(policy, true, &trace, cycles)?;
                // A kernel with a policy of its own takes no other.
                runs.extend(
                    own.into_iter()
                        .filter(|it| it.kernel != KernelKind::Monolithic),
                );
            }
            Some(Own::Answers(policy)) => runs.push(self.program(policy)?),
            None => {}
        }
        Ok(runs)
    }

    /// The application as a program under a policy.
    fn scenario(&self, policy: &'static str) -> Result<Scenario, TablesError> {
        let missing = || TablesError::Broke(format!("{} does not come along", self.name));
        let program = application(self.name).ok_or_else(missing)?;
        let source = sample(policy).ok_or_else(missing)?.source;
        let scenario = alone(self.name, program.source, policy, source, self.frames);
        Ok(scenario)
    }

    /// Its references, and the cycles that it takes itself.
    fn references(&self) -> Result<(Arc<NamedTrace>, u64), TablesError> {
        let real = match self.name {
            SHELL => Some(sample_trace()?),
            BLOCK_SORT => {
                let read = read_trace(BLOCK_SORT_FILE, BLOCK_SORT, &ReadOptions::default());
                Some(read.map_err(SessionError::Trace)?)
            }
            _ => None,
        };
        if let Some(trace) = real {
            let cycles = trace.trace.length();
            return Ok((Arc::new(trace), cycles));
        }
        let policy = match self.own {
            Some(Own::Answers(policy)) => policy,
            _ => self.policy,
        };
        let scenario = self.scenario(policy)?;
        let (mut machine, _) = scenario.build()?;
        let mut references = References(Trace::new(), scenario.machine.page_bits);
        while machine.run(u64::MAX, &[], &mut references) == Stop::Reached {}
        let environment = machine.kernel().environments.first();
        let cycles = environment.map_or(0, |it| it.cycles.application);
        let trace = NamedTrace::made(self.name, references.0, self.frames);
        Ok((Arc::new(trace), cycles))
    }

    /// The references under every kernel.
    fn under(
        &self,
        policy: &'static str,
        own_policy: bool,
        trace: &Arc<NamedTrace>,
        cycles: u64,
    ) -> Result<Vec<WholeRun>, TablesError> {
        let broke = |why: String| TablesError::Broke(format!("{}: {why}", self.name));
        let found = sample(policy).ok_or_else(|| broke(format!("there is no {policy}")))?;
        let scenario = Scenario {
            title: self.name.to_owned(),
            machine: MachineShape {
                use_stamps: found.use_stamps,
                ..MachineShape::default()
            },
            environments: vec![EnvironmentSpec {
                name: format!("{policy}.rs"),
                source: found.source.to_owned(),
                frame_limit: self.frames,
                application: ApplicationSpec::Trace(trace.clone()),
                downloads: Vec::new(),
            }],
            network: None,
        };
        let rows = compare(&scenario, Parameters::default(), |_| {});
        let rows = rows.map_err(|error| broke(error.to_string()))?;
        let run = |row: &Row| {
            if let Some(why) = &row.total.given_up {
                return Err(broke(why.clone()));
            }
            Ok(WholeRun {
                application: self.name,
                policy,
                own_policy,
                kernel: row.kernel,
                cycles: cycles + row.total.cycles.libos + row.total.cycles.kernel,
                application_cycles: cycles,
                crossings: row.total.crossings,
                faults: row.total.faults,
                page_loads: row.total.page_loads,
            })
        };
        rows.iter().map(run).collect()
    }

    /// The program itself under the exokernel, with the policy that answers its requests.
    fn program(&self, policy: &'static str) -> Result<WholeRun, TablesError> {
        let reports = report(&self.scenario(policy)?, |_| {})?;
        let broke = |why: &str| TablesError::Broke(format!("{}: {why}", self.name));
        let told = reports.first().ok_or_else(|| broke("it was not run"))?;
        if let Some(why) = &told.broken {
            return Err(broke(why));
        }
        Ok(WholeRun {
            application: self.name,
            policy,
            own_policy: true,
            kernel: KernelKind::Exokernel,
            cycles: told.cycles.application + told.cycles.libos + told.cycles.kernel,
            application_cycles: told.cycles.application,
            crossings: told.crossings,
            faults: told.upcalls,
            page_loads: told.page_loads,
        })
    }
}
