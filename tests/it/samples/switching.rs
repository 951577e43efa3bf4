//! Any sample may take over from any other in the middle of a run, and goes on with its table.

use exo_core::ids::EnvId;
use exo_core::kernel::Phase;
use exo_core::machine::{FieldFate, Stop};
use exo_core::rng::Rng;
use exo_libos_samples::{TABLES, sample};
use exo_session::Session;

use super::{Program, replacing};
use crate::naive::scenario;

const A: EnvId = EnvId(0);
const FRAMES: u32 = 12;

/// Half of a program of chance, under the sample of that name.
fn half_way(name: &str) -> Session {
    let mut dice = Rng::new(5, 5);
    let program = Program::loads((0..3000).map(|_| dice.below(4) * dice.below(12)));
    let source = sample(name).unwrap().source;
    let mut scenario = scenario(&program.trace, source, FRAMES, "full:4:lru", 16);
    scenario.machine.use_stamps = true;
    scenario.machine.frames += 100; // for the state of whoever takes over
    let mut session = Session::new(scenario).unwrap();
    let references = |session: &Session| {
        let environment = session.machine().environment(A).unwrap();
        environment.counters.references
    };
    while references(&session) < 1500 && session.run_slice(500) == Stop::Reached {}
    session
}

/// Runs to the end, which a source that was applied must reach.
fn finish(session: &mut Session, source: &str) {
    assert_eq!(session.run_slice(u64::MAX), Stop::Halted);
    session.machine().check().unwrap();
    let environment = session.machine().environment(A).unwrap();
    assert_eq!(environment.phase, Phase::Finished);
    let program = exo_policy::compile(source).unwrap();
    assert_eq!(
        environment.program().map(|it| &**it),
        Some(&program),
        "it did not take over"
    );
}

fn page_loads(session: &Session) -> u64 {
    session
        .machine()
        .environment(A)
        .unwrap()
        .counters
        .page_loads
}

#[test]
fn any_sample_takes_over_from_any_other_with_the_pages_that_are_loaded() {
    for from in replacing() {
        for to in replacing().filter(|to| to.name != from.name) {
            let mut session = half_way(from.name);
            let applied = session.apply(A, to.source, false).unwrap();
            assert!(!applied.frames_released);
            let table = applied
                .changes
                .iter()
                .find(|it| it.name == "table")
                .unwrap();
            assert_eq!(table.fate, FieldFate::Kept, "{} to {}", from.name, to.name);
            let loads = page_loads(&session);
            finish(&mut session, to.source);
            let environment = session.machine().environment(A).unwrap();
            assert_eq!(environment.frames_held, FRAMES);
            assert!(page_loads(&session) > loads, "{} to {}", from.name, to.name);
        }
    }
}

#[test]
fn demand_zero_gives_way_to_any_sample_that_replaces() {
    for to in replacing() {
        let mut session = half_way("demand-zero");
        assert!(matches!(
            session.machine().environment(A).unwrap().phase,
            Phase::Broken(_)
        ));
        session.apply(A, to.source, false).unwrap();
        finish(&mut session, to.source);
    }
}

#[test]
fn with_another_page_table_the_frames_are_given_back_and_everything_begins_afresh() {
    for sample in replacing() {
        for table in &TABLES[1..] {
            let mut session = half_way(sample.name);
            let source = sample.with_table(table);
            let applied = session.apply(A, &source, false).unwrap();
            assert!(applied.frames_released, "{} {}", sample.name, table.name);
            finish(&mut session, &source);
        }
    }
}
