//! Every sample libOS with every page table, under a trace.

use std::sync::Arc;

use exo_core::ids::{EnvId, ReferenceKind};
use exo_core::kernel::Phase;
use exo_core::rng::Rng;
use exo_core::trace::Trace;
use exo_libos_samples::{PageTable, SAMPLES, Sample, TABLES};
use exo_session::{NamedTrace, Session};

use super::stopped_everywhere;
use crate::naive::scenario;

const A: EnvId = EnvId(0);
/// Pages of the trace: some of them are the hash table that the sample `join` keeps.
const PAGES: u32 = 11;

/// A program of chance that loads and stores.
fn trace() -> Arc<NamedTrace> {
    let (mut dice, mut trace) = (Rng::new(3, 3), Trace::new());
    for _ in 0..160 {
        let page = 0x3fb + dice.below(PAGES);
        let kind = match dice.below(3) {
            0 => ReferenceKind::Store,
            _ => ReferenceKind::Load,
        };
        trace.push(page << 12 | dice.below(1024) << 2, kind);
    }
    Arc::new(NamedTrace::made("program", trace, PAGES))
}

/// Whether a sample replaces pages, and so may hold fewer frames than there are pages.
fn replaces(sample: &Sample) -> bool {
    !["demand-zero", "protect", "gc"].contains(&sample.name)
}

/// Interrupts a sample with a page table on so many frames; how it ended.
fn interrupted(sample: &Sample, table: &PageTable, frames: u32) -> Phase {
    let trace = trace();
    let mut scenario = scenario(&trace, &sample.with_table(table), frames, "full:3:lru", 8);
    scenario.machine.use_stamps = sample.use_stamps;
    let start = Session::new(scenario).unwrap().machine().clone();
    let (end, _) = stopped_everywhere(&start, &[&trace.trace]);
    let environment = end.environment(A).unwrap();
    let name = sample.name;
    assert!(environment.counters.upcalls >= u64::from(frames), "{name}");
    let least = 20 * u64::from(frames);
    assert!(environment.cycles.libos > least, "{name}");
    environment.phase
}

#[test]
fn every_sample_with_every_page_table_interrupted_at_every_instruction_is_the_straight_run() {
    for sample in SAMPLES {
        let frames = if replaces(sample) { 5 } else { PAGES };
        for table in TABLES {
            let phase = interrupted(sample, table, frames);
            assert_eq!(phase, Phase::Finished, "{} {}", sample.name, table.name);
        }
    }
}

#[test]
fn a_sample_that_gives_up_gives_up_at_the_same_instruction_however_it_is_interrupted() {
    for sample in SAMPLES.iter().filter(|it| !replaces(it)) {
        for table in TABLES {
            let phase = interrupted(sample, table, 5);
            let (name, table) = (sample.name, table.name);
            assert!(matches!(phase, Phase::Broken(_)), "{name} {table}");
        }
    }
}
