//! Samples under memory pressure: they choose what goes, relocate every name, and live (A04, A16).

use exo_core::event::Event;
use exo_core::ids::EnvId;
use exo_core::kernel::{Environment, Phase};
use exo_core::machine::Stop;
use exo_libos_samples::{BackingStore, PageTable, Sample, TABLES, store};
use exo_session::names::{names_of, stale_names};
use exo_session::{MachineShape, Session};

use super::replacing;
use crate::session::synthetic;

const A: EnvId = EnvId(0);
/// Frames before and after the pressure.
const MANY: u32 = 24;
const FEW: u32 = 5;

/// A sample on a program that jumps about among 40 pages, at reset.
fn session(sample: &Sample, table: &PageTable, store: &BackingStore) -> Session {
    let mut scenario = synthetic(4000);
    scenario.environments.truncate(1);
    let own = &mut scenario.environments[0];
    own.source = sample.with_parts(table, store);
    own.frame_limit = MANY;
    scenario.machine = MachineShape {
        use_stamps: sample.use_stamps,
        disk_blocks: if store.name == "swap" { 128 } else { 0 },
        ..scenario.machine
    };
    scenario.machine.frames = MANY + scenario.pinned_frames().unwrap();
    Session::new(scenario).unwrap()
}

fn own(session: &Session) -> &Environment {
    session.machine().environment(A).unwrap()
}

/// Presses in the middle of the run, and shows that at its end nothing is named that was lost.
fn pressed(sample: &Sample, table: &PageTable, store: &BackingStore) -> Session {
    let mut session = session(sample, table, store);
    while own(&session).cursor < 2000 {
        session.run_slice(100);
    }
    assert_eq!(own(&session).frames_held, MANY);
    session.set_frame_limit(A, FEW).unwrap();
    while session.run_slice(1 << 20) == Stop::Reached {}
    let name = format!("{} {} {}", sample.name, table.name, store.name);
    let end = own(&session);
    assert_eq!(end.phase, Phase::Finished, "{name}");
    assert_eq!((end.frames_held, end.revocation), (FEW, None), "{name}");
    assert!(end.repossessed.losses().is_empty(), "{name}");
    assert_eq!(stale_names(session.machine(), A), [], "{name}");
    session.machine().check().unwrap();
    session
}

#[test]
fn a04_a16_every_sample_gives_frames_up_when_asked_and_forgets_their_names() {
    for sample in replacing() {
        for table in TABLES {
            let session = pressed(sample, table, store("none").unwrap());
            assert_eq!(own(&session).counters.repossessions, 0, "{}", sample.name);
        }
    }
}

#[test]
fn a18_a_sample_that_is_too_slow_because_of_its_disk_loses_frames_and_lives() {
    let swap = store("swap").unwrap();
    let taken = replacing().map(|sample| {
        let session = pressed(sample, &TABLES[0], swap);
        own(&session).counters.repossessions
    });
    assert!(taken.sum::<u64>() > 0, "no disk was slow enough");
}

#[test]
fn a16_the_tool_finds_a_name_that_was_left_behind_and_where() {
    let demand_zero = exo_libos_samples::sample("demand-zero").unwrap();
    let mut session = session(demand_zero, &TABLES[0], store("none").unwrap());
    while own(&session).frames_held < MANY {
        session.step();
    }
    session.set_frame_limit(A, MANY - 1).unwrap();
    let lost = loop {
        assert_eq!(session.step(), Stop::Reached);
        if let Some(Event::Repossessed { frame, .. }) = session.current().map(|it| it.stamped.event)
        {
            break frame;
        }
    };
    let named = stale_names(session.machine(), A);
    assert_eq!(named, names_of(session.machine(), A, lost));
    let paths: Vec<&str> = named.iter().map(|name| name.path.as_str()).collect();
    assert_eq!(paths, ["table.frame[0]"]);
}
