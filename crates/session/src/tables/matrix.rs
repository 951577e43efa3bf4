//! Table 9: what paging by a library costs a program that computes.

use std::sync::Arc;

use exo_core::event::{Event, Sink};
use exo_core::ids::Position;
use exo_core::machine::Stop;
use exo_core::rivals::Parameters;
use exo_core::trace::Trace;
use exo_libos_samples::{application, sample, table};

use super::measured::{Measured, TablesError, alone};
use crate::compare::{KernelKind, compare};
use crate::scenario::{ApplicationSpec, NamedTrace, Scenario};

/// Frames that the program needs.
const FRAMES: u32 = 66;

/// Keeps the references of a run, as a trace.
pub(super) struct References(pub(super) Trace, pub(super) u8);

impl Sink for References {
    const RECORDING: bool = true;

    fn take(&mut self, _: Position, _: u64, event: Event) {
        if let Event::Accessed { page, kind, .. } = event {
            self.0.push(page.0 << self.1, kind);
        }
    }
}

/// Runs the program under the exokernel; and its references, which are the same everywhere, under the
/// monolithic kernel, whose part replaces that of libOS and exokernel.
///
/// # Errors
/// An experiment has no result.
pub(super) fn measure() -> Result<Vec<Measured>, TablesError> {
    let scenario = scenario()?;
    let (mut machine, _) = scenario.build()?;
    let traces = scenario.traces();
    let mut references = References(Trace::new(), scenario.machine.page_bits);
    while machine.run(u64::MAX, &traces, &mut references) == Stop::Reached {}
    let environment = machine.kernel().environments.first();
    let cycles = environment.map(|it| it.cycles).unwrap_or_default();

    let rows = compare(
        &replayed(&scenario, references.0),
        Parameters::default(),
        |_| {},
    );
    let rows = rows.map_err(|error| TablesError::Broke(error.to_string()))?;
    let monolithic = rows.iter().find(|row| row.kernel == KernelKind::Monolithic);
    let kernel = monolithic.map_or(0, |row| row.total.cycles.kernel);
    let of = |system, cycles: u64| Measured {
        system,
        operation: "matrix",
        cycles: cycles as f64,
    };
    Ok(vec![
        of("ExOS", cycles.total()),
        of("Ultrix", cycles.application + kernel),
    ])
}

fn scenario() -> Result<Scenario, TablesError> {
    let missing = || TablesError::Broke("the program does not come along".to_owned());
    let program = application("matrix").ok_or_else(missing)?;
    let policy = sample("demand-zero").ok_or_else(missing)?;
    let source = policy.with_table(table("linear").ok_or_else(missing)?);
    let policy = "demand-zero";
    Ok(alone("matrix", program.source, policy, &source, FRAMES))
}

/// The same environment with a trace in place of its program.
fn replayed(scenario: &Scenario, trace: Trace) -> Scenario {
    let mut scenario = scenario.clone();
    for environment in &mut scenario.environments {
        environment.application =
            ApplicationSpec::Trace(Arc::new(NamedTrace::made("matrix", trace.clone(), FRAMES)));
    }
    scenario
}
