//! The comparison kernels' side of a comparison.

use std::sync::Arc;

use exo_core::cpu::{Program, Role};
use exo_core::ids::EnvId;
use exo_core::rivals::{
    Board, ConfigError, Ending, GlobalClock, Pagers, Parameters, Rival, RivalApplication,
    RivalConfig, Service, Signals,
};

use exo_core::trace::Trace;

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

/// A comparison kernel on its way through a scenario's traces.
pub(super) trait OnItsWay {
    /// Completes so many references more, or what is left. False once nothing is left to do.
    fn advance(&mut self, references: u64, traces: &[&Trace]) -> bool;
    /// Notes the way of an application's reference, counted from 0, which lies ahead.
    fn watch(&mut self, env: EnvId, reference: u64);
    /// The hardware, with the way of the reference that is watched.
    fn board(&self) -> &Board;
    /// What was counted so far for each application, in order.
    fn figures(&self, parameters: Parameters) -> Vec<Figures>;
}

/// A comparison kernel at boot, with a scenario's policies.
pub(super) fn boot(
    kernel: KernelKind,
    scenario: &Scenario,
    policies: &[Arc<Program>],
    parameters: Parameters,
) -> Result<Box<dyn OnItsWay>, ConfigError> {
    let tagged = kernel != KernelKind::MicrokernelUntagged;
    let config = config(scenario, policies, tagged);
    Ok(match kernel {
        KernelKind::Monolithic => Box::new(Way::<GlobalClock>::new(&config, parameters)?),
        KernelKind::MonolithicBySignal => Box::new(Way::<Signals>::new(&config, parameters)?),
        _ => Box::new(Way::<Pagers>::new(&config, parameters)?),
    })
}

struct Way<S> {
    rival: Rival<S>,
    applications: u8,
    completed: u64,
}

impl<S: Service> Way<S> {
    fn new(config: &RivalConfig, parameters: Parameters) -> Result<Way<S>, ConfigError> {
        Ok(Way {
            rival: Rival::new(config, parameters)?,
            applications: config.environments.len() as u8,
            completed: 0,
        })
    }
}

impl<S: Service> OnItsWay for Way<S> {
    fn advance(&mut self, references: u64, traces: &[&Trace]) -> bool {
        self.completed = self.completed.saturating_add(references);
        !self.rival.run(self.completed, traces)
    }

    fn watch(&mut self, env: EnvId, reference: u64) {
        self.completed = self.rival.board().completed();
        self.rival.watch(env, reference);
    }

    fn board(&self) -> &Board {
        self.rival.board()
    }

    fn figures(&self, parameters: Parameters) -> Vec<Figures> {
        (0..self.applications)
            .map(|index| figures(self.rival.board(), EnvId(index), parameters))
            .collect()
    }
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
