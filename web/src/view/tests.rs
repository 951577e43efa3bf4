//! Playgrounds for tests, and tests of what all views have in common.

use std::sync::Arc;

use exo_core::hw::{Replacement, TlbConfig};
use exo_core::ids::ReferenceKind;
use exo_core::trace::Trace;
use exo_libos_samples::sample;
use exo_session::{ApplicationSpec, EnvironmentSpec, MachineShape, NamedTrace, Scenario};

use super::View;
use crate::store::{Action, Playground};

/// Two environments, FIFO and CLOCK, four frames each, on a trace of eight pages.
pub(crate) fn playground() -> Playground {
    let mut trace = Trace::new();
    for round in 0..600_u32 {
        let page = (round / 3 * 5 + round / 40) % 8;
        let kind = if round % 4 == 0 {
            ReferenceKind::Store
        } else {
            ReferenceKind::Load
        };
        trace.push((page << 12) + round % 64, kind);
    }
    let trace = Arc::new(NamedTrace::made("eight pages", trace, 8));
    let environment = |name: &str| EnvironmentSpec {
        name: format!("{name}.rs"),
        source: sample(name).unwrap().source.to_owned(),
        frame_limit: 4,
        application: ApplicationSpec::Trace(trace.clone()),
        downloads: Vec::new(),
    };
    let scenario = Scenario {
        title: "a test".to_owned(),
        machine: MachineShape {
            frames: 64,
            tlb: TlbConfig {
                sets: 1,
                ways: 4,
                replacement: Replacement::Lru,
            },
            stlb_entries: 64,
            ..MachineShape::default()
        },
        environments: vec![environment("fifo"), environment("clock")],
        network: None,
    };
    Playground::new(scenario).unwrap()
}

/// Does what is asked, to its end.
pub(crate) fn settled(playground: &mut Playground, action: Action) {
    playground.update(action);
    while playground.is_busy() {
        playground.work(0.0);
    }
}

/// Steps until the log's last row passes the test.
pub(crate) fn step_until(playground: &mut Playground, test: impl Fn(&str) -> bool) {
    for _ in 0..10_000 {
        playground.update(Action::Step);
        if View::of(playground)
            .log
            .last()
            .is_some_and(|row| test(&row.text))
        {
            return;
        }
    }
    panic!("no such event within 10,000 steps");
}
