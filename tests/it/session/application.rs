//! Sessions whose environments run programs: moving through them, and replacing them.

use exo_core::event::Event;
use exo_core::ids::EnvId;
use exo_core::kernel::Phase;
use exo_core::machine::Stop;
use exo_session::explain::explain;
use exo_session::path::fault_path;
use exo_session::{ApplicationSpec, EnvironmentSpec, MachineShape, Scenario, Search, Session};

const A: EnvId = EnvId(0);
const B: EnvId = EnvId(1);

fn application(body: &str) -> String {
    format!(
        "use exo_prelude::*;
         pub struct Mine {{ sum: u64 }}
         impl Mine {{ pub const fn new() -> Mine {{ Mine {{ sum: 0 }} }} }}
         impl Application for Mine {{
             fn main(&mut self, mem: &mut Mem, sys: &mut Sys) {{ {body} }}
         }}"
    )
}

/// Two programs under FIFO, with fewer frames than they touch pages.
fn scenario() -> Scenario {
    let walk = "
        for n in 0..60u32 { mem.store_u64(0x10000 + n * 520, n as u64); }
        for n in 0..60u32 { self.sum += mem.load_u64(0x10000 + n * 520); }
        let said = match mem.request(3, 4, 5) { Ok(value) => value, Err(_) => 99 };
        log!(\"sum {} said {}\", self.sum, said);";
    let environment = |body: &str, frame_limit| EnvironmentSpec {
        name: "fifo.rs".to_owned(),
        source: exo_libos_samples::sample("fifo").unwrap().source.to_owned(),
        frame_limit,
        application: ApplicationSpec::Program {
            name: "mine.rs".to_owned(),
            source: application(body),
        },
        downloads: Vec::new(),
    };
    let mut scenario = Scenario {
        title: "Two programs".to_owned(),
        machine: MachineShape {
            slice_references: 50,
            stlb_entries: 16,
            ..MachineShape::default()
        },
        environments: vec![environment(walk, 9), environment(walk, 3)],
        network: None,
    };
    scenario.machine.frames = 12 + scenario.pinned_frames().unwrap();
    scenario
}

#[test]
fn every_step_of_two_programs_can_be_gone_back_to() {
    let mut session = super::session(scenario());
    let mut digests = vec![session.machine().state_digest()];
    while session.step() == Stop::Reached {
        assert_eq!(session.step_number() as usize, digests.len());
        digests.push(session.machine().state_digest());
    }
    assert!(digests.len() > 400);
    for number in (0..digests.len()).rev().step_by(7) {
        session.go_to_step(number as u64);
        assert_eq!(
            session.machine().state_digest(),
            digests[number],
            "{number}"
        );
    }
    session.reset();
    session.run_slice(u64::MAX);
    session.settle();
    assert_eq!(Some(&session.machine().state_digest()), digests.last());
}

#[test]
fn an_application_is_replaced_at_a_position_and_stepping_back_undoes_it() {
    let mut session = super::session(scenario());
    session.run_slice(500);
    session.settle();
    let first = session.application_source_at(A).unwrap().to_owned();
    let second = application("log!(\"new {}\", 7);");
    session.apply_application(A, &second).unwrap();
    assert_eq!(session.application_source_at(A), Some(&*second));
    let loaded = loop {
        assert_eq!(session.step(), Stop::Reached);
        let current = session.current().unwrap();
        if matches!(current.stamped.event, Event::Loaded { .. }) {
            break current.number;
        }
    };
    session.run_slice(u64::MAX);
    let end = session.machine().state_digest();
    let phase = |env| session.machine().environment(env).unwrap().phase;
    assert_eq!((phase(A), phase(B)), (Phase::Finished, Phase::Finished));
    session.go_to_step(loaded);
    assert!(session.step_back());
    session.go_to(exo_core::ids::Position {
        retired: 499,
        event: 0,
    });
    assert_eq!(session.application_source_at(A), Some(&*first));
    session.run_slice(1);
    session.settle();
    session.run_slice(u64::MAX);
    assert_eq!(session.machine().state_digest(), end, "taken again");
}

#[test]
fn an_application_that_is_over_runs_again_when_it_is_replaced() {
    let mut session = super::session(scenario());
    assert_eq!(session.run_slice(u64::MAX), Stop::Halted);
    session
        .apply_application(B, &application("mem.store_u8(0x10000, 1);"))
        .unwrap();
    assert_eq!(session.step(), Stop::Reached);
    let current = session.current().unwrap().stamped.event;
    assert!(matches!(current, Event::Loaded { env: B, .. }));
    assert_eq!(session.run_slice(u64::MAX), Stop::Halted);
}

#[test]
fn a_source_of_another_kind_is_refused_and_nothing_changes() {
    let mut session = super::session(scenario());
    let before = session.machine().state_digest();
    let policy = exo_libos_samples::sample("clock").unwrap().source;
    let errors = session.apply_application(A, policy).unwrap_err();
    assert!(
        errors[0]
            .message
            .contains("an `impl Application` is wanted here")
    );
    let errors = session.apply(A, &application(""), false).unwrap_err();
    assert!(errors[0].message.contains("an `impl LibOs` is wanted here"));
    assert_eq!(session.machine().state_digest(), before);
}

#[test]
fn a_step_of_an_application_that_never_causes_an_event_ends() {
    let mut scenario = scenario();
    scenario.environments.truncate(1);
    scenario.environments[0].application = ApplicationSpec::Program {
        name: "endless.rs".to_owned(),
        source: application("loop {}"),
    };
    let mut session = super::session(scenario);
    assert_eq!(session.step(), Stop::Reached);
    assert_eq!(session.step_number(), 0);
    assert!(session.machine().position().retired > 1_000_000);
    session.go_to_step(5);
    assert_eq!(session.step_number(), 0);
}

#[test]
fn the_path_of_a_programs_fault_holds_what_the_fault_cost_and_nothing_before_it() {
    let mut session = super::session(scenario());
    for _ in 0..5 {
        assert_eq!(session.run_until_fault(1_000_000), Search::Found);
    }
    let env = session.current().unwrap().stamped.event.env();
    let path = loop {
        let path = fault_path(&session).unwrap();
        if path.complete {
            break path;
        }
        assert_eq!(session.step(), Stop::Reached);
    };
    assert_eq!(path.env, env);
    assert!(path.title.contains("writes 0x000"), "{}", path.title);
    assert_eq!(path.application, 1, "the store itself");
    let number = |of: fn(&Event) -> bool| {
        let hops = path.hops.iter().map(|hop| hop.step);
        let told = session.recent().iter();
        told.filter(|it| hops.clone().any(|step| step == it.number) && of(&it.stamped.event))
            .count() as u64
    };
    let calls = number(Event::is_system_call);
    assert!(calls >= 1);
    assert_eq!(u64::from(path.crossings), calls + 1);
    assert_eq!(path.kernel, 36 + 40 * calls);
    assert!(path.libos > 10);
    let first = path.hops.first().unwrap();
    assert_eq!(first.cycles, 0, "a trap by itself costs nothing");
}

/// One environment that runs this body under FIFO.
fn alone(body: &str) -> Session {
    let mut scenario = scenario();
    scenario.environments.truncate(1);
    scenario.environments[0].application = ApplicationSpec::Program {
        name: "mine.rs".to_owned(),
        source: application(body),
    };
    super::session(scenario)
}

#[test]
fn an_application_stands_at_its_own_line_while_its_libos_works_and_where_it_broke() {
    let mut session = alone("mem.store_u8(0x5000, 1);\n\nassert!(self.sum > 0, \"no sum\");");
    let line = |session: &Session| session.application_place(A).map(|place| place.line);
    assert_eq!(session.run_until_fault(1000), Search::Found);
    assert_eq!(line(&session), Some(5));
    assert!(session.handler_place(A).is_some());
    assert_eq!(session.run_until_break(1000), Search::Found);
    assert_eq!(line(&session), Some(7));
    assert_eq!(session.handler_place(A), None);
    let told = explain(&session.current().unwrap().stamped.event, session.machine());
    assert!(
        told.text.starts_with(
            "A is given up at line 7 of its application: it gave up by itself: no sum"
        ),
        "{}",
        told.text
    );
    let mut session = alone("\n");
    assert_eq!(session.run_slice(u64::MAX), Stop::Halted);
    session.settle();
    assert_eq!(line(&session), None, "its main has returned");
}

#[test]
fn what_the_machine_refuses_is_said_and_leaves_no_trace() {
    let mut session = alone("\n");
    let nobody = EnvId(9);
    let clock = exo_libos_samples::sample("clock").unwrap().source;
    let errors = [
        session
            .apply_application(nobody, &application(""))
            .unwrap_err(),
        session.apply(nobody, clock, false).unwrap_err(),
    ];
    for error in errors {
        assert!(error[0].message.contains("no such environment"));
    }
    assert_eq!(session.run_slice(u64::MAX), Stop::Halted);
}
