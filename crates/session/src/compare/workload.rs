//! The workloads of the built-in comparisons.

use std::collections::BTreeSet;
use std::sync::Arc;

use exo_core::ids::ReferenceKind;
use exo_core::trace::Trace;

use crate::scenario::{ApplicationSpec, EnvironmentSpec, MachineShape, NamedTrace, Scenario};

/// Loads from one page after the other.
pub(super) fn loads(name: &str, pages: impl Iterator<Item = u32>) -> Arc<NamedTrace> {
    let mut trace = Trace::new();
    let mut seen = BTreeSet::new();
    for page in pages {
        seen.insert(page);
        trace.push(page << 12, ReferenceKind::Load);
    }
    Arc::new(NamedTrace::made(name, trace, seen.len() as u32))
}

/// An environment that runs a trace under a sample.
pub(super) fn environment(
    libos: &str,
    frame_limit: u32,
    trace: Arc<NamedTrace>,
) -> EnvironmentSpec {
    let sample = exo_libos_samples::sample(libos);
    EnvironmentSpec {
        name: format!("{libos}.rs"),
        source: sample.map_or("", |sample| sample.source).to_owned(),
        frame_limit,
        application: ApplicationSpec::Trace(trace),
        downloads: Vec::new(),
    }
}

/// A scenario on the usual machine.
pub(super) fn scenario(title: &str, environments: Vec<EnvironmentSpec>) -> Scenario {
    Scenario {
        title: title.to_owned(),
        machine: MachineShape::default(),
        environments,
        network: None,
    }
}
