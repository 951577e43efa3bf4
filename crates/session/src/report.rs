//! A whole run in figures, for the command line and for graders.

use exo_core::event::{BreakReason, Event, Sink, Stamped};
use exo_core::ids::{EnvId, Position};
use exo_core::kernel::{Counters, Cycles, Environment, Phase};
use exo_core::machine::{Machine, Stop};
use serde::Serialize;

use crate::explain;
use crate::names;
use crate::network::{NetworkReport, network_report};
use crate::scenario::{Scenario, SessionError};

/// Cycles by who spent them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "as `exo_core::kernel::Cycles`")]
pub struct CycleReport {
    pub application: u64,
    pub libos: u64,
    pub kernel: u64,
}

impl From<Cycles> for CycleReport {
    fn from(cycles: Cycles) -> CycleReport {
        CycleReport {
            application: cycles.application,
            libos: cycles.libos,
            kernel: cycles.kernel,
        }
    }
}

/// What happened to one environment in a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "as `exo_core::kernel::Counters`")]
pub struct RunReport {
    pub instructions: u64,
    pub references: u64,
    pub tlb_hits: u64,
    pub tlb_misses: u64,
    pub stlb_hits: u64,
    pub protection_faults: u64,
    pub upcalls: u64,
    pub page_loads: u64,
    pub evictions: u64,
    pub repossessions: u64,
    pub notices_lost: u64,
    pub disk_reads: u64,
    pub disk_writes: u64,
    pub waiting_cycles: u64,
    pub requests: u64,
    pub system_calls: u64,
    pub stack_calls: u64,
    pub crossings: u64,
    pub frames_held: u32,
    pub frame_limit: u32,
    pub cycles: CycleReport,
    /// Where its policy's state still names frames that are not its own any more (A16).
    pub stale_names: Vec<String>,
    /// Digest of the whole machine, 16 hexadecimal digits.
    pub digest: String,
    /// Why the environment was given up, with the line, if it was.
    pub broken: Option<String>,
    /// Whether it was its application that gave it up, and not its policy.
    pub application_broke: bool,
    /// What policy and application wrote to the log, as far as [`LOG_LINES_MAX`] lines of all
    /// environments together.
    pub log: Vec<LogLine>,
}

/// Lines of the log that a report keeps.
pub const LOG_LINES_MAX: usize = 100;

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogLine {
    /// Whether the application wrote it, and not its policy.
    pub application: bool,
    /// Its text, with the values.
    pub text: String,
}

/// The figures of one environment.
fn report_of(machine: &Machine, environment: &Environment) -> RunReport {
    let Counters {
        instructions,
        references,
        tlb_hits,
        tlb_misses,
        stlb_hits,
        protection_faults,
        upcalls,
        requests,
        system_calls,
        stack_calls,
        transfers: _,
        crossings,
        page_loads,
        evictions,
        repossessions,
        notices_lost,
        disk_reads,
        disk_writes,
        waiting_cycles,
    } = environment.counters;
    RunReport {
        instructions,
        references,
        tlb_hits,
        tlb_misses,
        stlb_hits,
        protection_faults,
        upcalls,
        page_loads,
        evictions,
        repossessions,
        notices_lost,
        disk_reads,
        disk_writes,
        waiting_cycles,
        requests,
        system_calls,
        stack_calls,
        crossings,
        frames_held: environment.frames_held,
        frame_limit: environment.frame_limit,
        cycles: environment.cycles.into(),
        digest: format!("{:016x}", machine.state_digest()),
        stale_names: Vec::new(),
        broken: None,
        application_broke: false,
        log: Vec::new(),
    }
}

/// Keeps the few events that a report tells in words.
#[derive(Debug, Default)]
struct Remarks {
    log: Vec<Stamped>,
    broken: Vec<Stamped>,
}

/// Memory pressure in a run: how many frames an environment may hold from a unit on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Press {
    /// The unit: references and instructions completed.
    pub retired: u64,
    /// Whose limit; one that does not exist has none.
    pub env: EnvId,
    /// How many frames.
    pub frame_limit: u32,
}

/// Runs a scenario to its end and reports on each environment, in order. `progress` hears of the
/// references completed now and then.
///
/// # Errors
/// As [`crate::Session::new`].
pub fn report(
    scenario: &Scenario,
    progress: impl FnMut(u64),
) -> Result<Vec<RunReport>, SessionError> {
    Ok(report_under(scenario, &[], progress)?.finish())
}

/// As [`report`], under memory pressure, with all that there is to report; `presses` are in order of their units.
///
/// # Errors
/// As [`crate::Session::new`].
pub fn report_under(
    scenario: &Scenario,
    presses: &[Press],
    mut progress: impl FnMut(u64),
) -> Result<Reporting, SessionError> {
    /// Units between two words of progress.
    const SLICE: u64 = 1 << 22;
    let mut reporting = Reporting::new(scenario, presses)?;
    while reporting.advance(SLICE) {
        progress(reporting.references());
    }
    Ok(reporting)
}

/// A report under way, for who has other things to do meanwhile.
#[derive(Debug)]
pub struct Reporting {
    scenario: Scenario,
    machine: Machine,
    remarks: Remarks,
    /// Those to come, the next one last.
    presses: Vec<Press>,
}

impl Reporting {
    /// At reset; `presses` are in order of their units.
    ///
    /// # Errors
    /// As [`crate::Session::new`].
    pub fn new(scenario: &Scenario, presses: &[Press]) -> Result<Reporting, SessionError> {
        let (machine, _) = scenario.build()?;
        Ok(Reporting {
            scenario: scenario.clone(),
            machine,
            remarks: Remarks::default(),
            presses: presses.iter().rev().copied().collect(),
        })
    }

    /// Runs so many units more, or less. False once nothing is left to do.
    pub fn advance(&mut self, units: u64) -> bool {
        let here = self.machine.position().retired;
        while let Some(press) = self.presses.pop_if(|press| press.retired <= here) {
            // An environment that does not exist has no limit.
            let _ = self.machine.set_frame_limit(press.env, press.frame_limit);
        }
        let next = self.presses.last().map_or(u64::MAX, |press| press.retired);
        let end = here.saturating_add(units).min(next);
        let traces = self.scenario.traces();
        self.machine.run(end, &traces, &mut self.remarks) == Stop::Reached
    }

    /// References completed so far, of all environments.
    pub fn references(&self) -> u64 {
        let environments = self.machine.kernel().environments.iter();
        environments.map(|env| env.counters.references).sum()
    }

    /// What the run has come to for each environment, in order.
    pub fn finish(&self) -> Vec<RunReport> {
        let environments = self.machine.kernel().environments.iter().enumerate();
        environments
            .map(|(index, environment)| self.of(EnvId(index as u8), environment))
            .collect()
    }

    /// What has become of packets, and how the peers have got on; none without a network.
    pub fn network(&self) -> Option<NetworkReport> {
        network_report(self.scenario.network.as_ref()?, &self.machine)
    }

    fn of(&self, env: EnvId, environment: &Environment) -> RunReport {
        let (machine, remarks) = (&self.machine, &self.remarks);
        let mut report = report_of(machine, environment);
        report.stale_names = names::stale_names(machine, env)
            .into_iter()
            .map(|name| name.path)
            .collect();
        if let Phase::Broken(reason) = environment.phase {
            report.application_broke = matches!(reason, BreakReason::Application(_));
            let told = remarks.broken.iter().find(|it| it.event.env() == env);
            report.broken = told.and_then(|it| match it.event {
                Event::Broken { reason, place, .. } => {
                    Some(explain::broken_at(env, reason, place, machine))
                }
                _ => None,
            });
        }
        let own = remarks.log.iter().filter(|it| it.event.env() == env);
        report.log = own.map(|it| log_line(&it.event, machine)).collect();
        report
    }
}

fn log_line(event: &Event, machine: &Machine) -> LogLine {
    LogLine {
        application: matches!(
            event,
            Event::Logged {
                application: true,
                ..
            }
        ),
        text: explain::logged(event, machine),
    }
}

impl Sink for Remarks {
    const RECORDING: bool = false;
    const REMARKS: bool = true;

    fn take(&mut self, position: Position, cycles: u64, event: Event) {
        let stamped = Stamped {
            position,
            cycles,
            event,
        };
        match event {
            Event::Logged { .. } if self.log.len() < LOG_LINES_MAX => self.log.push(stamped),
            Event::Broken { .. } => self.broken.push(stamped),
            _ => {}
        }
    }
}
