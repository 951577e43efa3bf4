//! A session over a machine with a disk: every event has its sentence, the fault path leaves the wait
//! out, and steps back lead to where steps forward led.

use std::sync::Arc;

use exo_core::event::Event;
use exo_core::ids::ReferenceKind;
use exo_core::kernel::Phase;
use exo_core::machine::Stop;
use exo_core::trace::Trace;
use exo_libos_samples::{TABLES, sample, store};
use exo_session::explain::{explain, short};
use exo_session::path::fault_path;
use exo_session::{
    ApplicationSpec, EnvironmentSpec, MachineShape, NamedTrace, Scenario, Session, parse_tlb,
};

/// Environments that go round six pages on four frames, storing, each under a policy that pages to
/// the disk.
fn session(policies: &[&str]) -> Session {
    let mut trace = Trace::new();
    (0..18).for_each(|number| trace.push((number % 6) << 12, ReferenceKind::Modify));
    let trace = Arc::new(NamedTrace::made("rounds", trace, 6));
    let environment = |name: &str| EnvironmentSpec {
        name: name.to_owned(),
        source: sample(name)
            .unwrap()
            .with_parts(&TABLES[0], store("swap").unwrap()),
        frame_limit: 4,
        application: ApplicationSpec::Trace(trace.clone()),
        downloads: Vec::new(),
    };
    Session::new(Scenario {
        title: "rounds".to_owned(),
        machine: MachineShape {
            tlb: parse_tlb("full:8:lru").unwrap(),
            stlb_entries: 16,
            slice_references: 7,
            disk_blocks: 16,
            ..MachineShape::default()
        },
        environments: policies.iter().map(|name| environment(name)).collect(),
        network: None,
    })
    .unwrap()
}

#[test]
fn a_fault_that_waits_for_the_disk_is_one_path_without_the_time_of_the_wait() {
    let mut session = session(&["fifo"]);
    let mut paths = 0;
    while session.step() == Stop::Reached {
        let event = session.current().unwrap().stamped.event;
        let Event::Accessed { rerun: true, .. } = event else {
            continue;
        };
        let path = fault_path(&session).unwrap();
        let has = |words: &str| path.hops.iter().any(|hop| hop.text.contains(words));
        if path.env == event.env() && has("the disk has read") && has("the disk has written") {
            paths += 1;
            assert!(path.complete);
            assert!(path.libos < 2_000 && path.kernel < 1_000, "{path:?}");
        }
    }
    assert!(paths > 5, "{paths}");
    let ended = &session.machine().kernel().environments;
    assert!(ended.iter().all(|it| it.phase == Phase::Finished));
}

#[test]
fn a44_the_fault_path_and_the_sentence_say_which_calls_needed_a_kernel_stack() {
    let mut session = session(&["fifo"]);
    while session.step() == Stop::Reached {
        let event = session.current().unwrap().stamped.event;
        if !matches!(event, Event::DiskRequested { .. }) {
            continue;
        }
        let path = fault_path(&session).unwrap();
        let hop = path.hops.last().unwrap();
        assert_eq!(hop.note.as_deref(), Some("kernel stack"), "{path:?}");
        assert!(hop.cycles >= 58 && hop.crossings == 1);
        let noted = |hop: &&exo_session::path::Hop| hop.note.as_deref() == Some("kernel stack");
        let stacked = path.hops.iter().filter(noted).count();
        let calls = path.hops.iter().filter(|it| it.crossings == 1).count();
        assert!(stacked < calls, "the others are plain");
        let said = explain(&event, session.machine()).text;
        assert!(
            said.contains("kernel stack") && said.contains("58 cycles"),
            "{said}"
        );
        return;
    }
    panic!("nothing was asked of the disk");
}

#[test]
fn every_event_has_its_sentence_and_its_words() {
    let mut session = session(&["fifo", "clock"]);
    let mut seen = [0; 3];
    while session.step() == Stop::Reached {
        let event = session.current().unwrap().stamped.event;
        let machine = session.machine();
        let sentence = explain(&event, machine).text;
        assert!(sentence.ends_with('.'), "{sentence}");
        assert!(!short(&event, machine).is_empty());
        match event {
            Event::ExtentAllocated { .. } => seen[0] += 1,
            Event::DiskRequested { .. } => seen[1] += 1,
            Event::DiskCompleted { .. } => seen[2] += 1,
            _ => {}
        }
    }
    assert_eq!(seen[0], 2);
    assert!(seen[1] > 40 && seen[2] == seen[1], "{seen:?}");
}

#[test]
fn steps_back_over_transfers_lead_to_where_steps_forward_led() {
    let mut session = session(&["fifo", "clock"]);
    let mut digests = vec![session.machine().state_digest()];
    while session.step() == Stop::Reached {
        digests.push(session.machine().state_digest());
    }
    let events = session.step_number() as usize;
    for number in (0..events).rev() {
        assert!(session.step_back());
        assert_eq!(
            session.machine().state_digest(),
            digests[number],
            "{number}"
        );
    }
}
