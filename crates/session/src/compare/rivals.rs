//! The comparison kernels' side of a comparison.

use std::sync::Arc;

use exo_core::cpu::{Program, Role};
use exo_core::ids::EnvId;
use exo_core::rivals::{
    Board, Ending, GlobalClock, Pagers, Parameters, Rival, RivalApplication, RivalConfig, Service,
    Signals,
};

use super::{CompareError, Figures, KernelKind};
use crate::explain;
use crate::report::CycleReport;
use crate::scenario::{Scenario, SessionError};

/// The policies of a scenario's environments, compiled.
pub(super) fn policies(scenario: &Scenario) -> Result<Vec<Arc<Program>>, CompareError> {
    let environments = scenario.environments.iter();
    let compiled = environments.map(|it| {
        let program = exo_policy::compile_as(Role::LibOs, &it.source);
        program.map(Arc::new).map_err(|diagnostics| {
            CompareError::Session(SessionError::Policy {
                name: it.name.clone(),
                diagnostics,
            })
        })
    });
    compiled.collect()
}

/// The hardware of a scenario, with its policies.
pub(super) fn config(scenario: &Scenario, policies: &[Arc<Program>], tagged: bool) -> RivalConfig {
    let shape = scenario.machine;
    let environments = scenario.environments.iter().zip(policies);
    RivalConfig {
        page_bits: shape.page_bits,
        tlb: shape.tlb,
        tagged,
        slice_references: shape.slice_references,
        use_stamps: shape.use_stamps,
        seed: shape.seed,
        environments: environments
            .map(|(spec, policy)| RivalApplication {
                policy: Some(policy.clone()),
                frame_limit: spec.frame_limit,
            })
            .collect(),
    }
}

/// Runs a scenario's traces under a comparison kernel.
pub(super) fn run(
    kernel: KernelKind,
    scenario: &Scenario,
    policies: &[Arc<Program>],
    parameters: Parameters,
) -> Result<Vec<Figures>, CompareError> {
    let tagged = kernel != KernelKind::MicrokernelUntagged;
    let config = config(scenario, policies, tagged);
    match kernel {
        KernelKind::Monolithic => finish::<GlobalClock>(&config, scenario, parameters),
        KernelKind::MonolithicBySignal => finish::<Signals>(&config, scenario, parameters),
        _ => finish::<Pagers>(&config, scenario, parameters),
    }
}

fn finish<S: Service>(
    config: &RivalConfig,
    scenario: &Scenario,
    parameters: Parameters,
) -> Result<Vec<Figures>, CompareError> {
    let mut rival = Rival::<S>::new(config, parameters)?;
    rival.run(u64::MAX, &scenario.traces());
    Ok((0..config.environments.len())
        .map(|index| figures(rival.board(), EnvId(index as u8), parameters))
        .collect())
}

/// What a comparison kernel counted for an application.
pub(super) fn figures(board: &Board, env: EnvId, parameters: Parameters) -> Figures {
    let counts = board.counts(env).unwrap_or_default();
    Figures {
        references: counts.references,
        tlb_misses: counts.tlb_misses,
        refills: counts.refills,
        faults: counts.faults,
        page_loads: counts.page_loads,
        evictions: counts.evictions,
        crossings: counts.crossings,
        space_switches: counts.space_switches,
        cycles: CycleReport {
            application: counts.cycles.application,
            libos: counts.cycles.handler,
            kernel: counts.cycles.kernel,
        },
        refill_cycles: counts.refills * parameters.tlb_refill,
        given_up: match board.ending(env) {
            Some(Ending::GivenUp(reason)) => Some(explain::broken(reason)),
            Some(Ending::Finished) | None => None,
        },
    }
}
