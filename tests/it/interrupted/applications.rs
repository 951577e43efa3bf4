//! Every sample application: stopped after every instruction, and preempted by the timer.

use std::collections::BTreeMap;

use exo_core::event::{Event, Stamped};
use exo_core::ids::{EnvId, Frame, Page};
use exo_core::kernel::{Counters, Cycles, Phase};
use exo_core::machine::{Machine, Stop};
use exo_libos_samples::{APPLICATIONS, ApplicationSample, PageTable, TABLES, application};
use exo_session::{ApplicationSpec, EnvironmentSpec, MachineShape, Scenario, Session};

use super::short::environment;
use super::stopped_everywhere;

const A: EnvId = EnvId(0);
const B: EnvId = EnvId(1);
/// A slice in which any of them comes to its end.
const ENDLESS: u32 = u32::MAX;

fn machine(environments: Vec<EnvironmentSpec>, tlb: &str, slice: u32) -> Machine {
    let held: u32 = environments.iter().map(|it| it.frame_limit).sum();
    let mut scenario = Scenario {
        title: String::new(),
        machine: MachineShape {
            tlb: exo_session::parse_tlb(tlb).unwrap(),
            stlb_entries: 0,
            slice_references: slice,
            ..MachineShape::default()
        },
        environments,
        network: None,
    };
    scenario.machine.frames = held + scenario.pinned_frames().unwrap();
    Session::new(scenario).unwrap().machine().clone()
}

/// What a slice must not change of an environment.
#[derive(Debug, PartialEq)]
struct Outcome {
    log: Vec<Event>,
    counters: Counters,
    cycles: Cycles,
    phase: Phase,
    state: Vec<u8>,
    pages: BTreeMap<Page, Vec<u8>>,
}

impl Outcome {
    fn of(end: &Machine, events: &[Stamped], env: EnvId) -> Outcome {
        let environment = end.environment(env).unwrap();
        let logged = events.iter().map(|it| it.event).filter(
            |it| matches!(it, Event::Logged { env: who, application: true, .. } if *who == env),
        );
        let records = end.kernel().frames.records().iter().zip(0..);
        let own = records.filter(|(it, _)| it.owner == Some(env) && !it.pinned);
        let memory = &end.hardware().memory;
        Outcome {
            log: logged.collect(),
            counters: environment.counters,
            cycles: environment.cycles,
            phase: environment.phase,
            state: end.application_bytes(env),
            pages: own
                .filter_map(|(it, frame)| {
                    Some((it.page?, memory.frame_bytes(Frame(frame)).to_vec()))
                })
                .collect(),
        }
    }
}

/// An environment in which no time passes: what a clock says is all that a slice may change.
fn out_of_time(mut environment: EnvironmentSpec) -> EnvironmentSpec {
    if let ApplicationSpec::Program { source, .. } = &mut environment.application {
        *source = source.replace("sys.cycles()", "0u64");
    }
    environment
}

/// An application beside the scan, in slices of so many instructions; every binding of both fits
/// the TLB, so that who runs when matters to nothing that is counted.
fn preempted(one: &ApplicationSample, table: &PageTable, slice: u32) -> [Outcome; 2] {
    let other = environment(application("scan").unwrap(), &TABLES[0]);
    let environments = vec![out_of_time(environment(one, table)), other];
    let mut machine = machine(environments, "full:64:lru", slice);
    let mut events: Vec<Stamped> = Vec::new();
    assert_eq!(machine.run(u64::MAX, &[], &mut events), Stop::Halted);
    machine.check().unwrap();
    let switches = events
        .iter()
        .filter(|it| matches!(it.event, Event::Switched { .. }));
    let counters = [A, B].map(|env| machine.environment(env).unwrap().counters);
    let fewer = counters[0].instructions.min(counters[1].instructions);
    assert!(switches.count() as u64 >= fewer / u64::from(slice));
    [A, B].map(|env| Outcome::of(&machine, &events, env))
}

#[test]
fn every_application_stopped_after_every_instruction_does_what_it_does_in_one_go() {
    for application in APPLICATIONS {
        for table in TABLES {
            let environments = vec![environment(application, table)];
            let (end, events) = stopped_everywhere(&machine(environments, "full:4:lru", 1000), &[]);
            let (outcome, name) = (Outcome::of(&end, &events, A), application.name);
            assert_eq!(outcome.phase, Phase::Finished, "{name}");
            assert!(!outcome.log.is_empty(), "{name} says nothing");
            assert!(outcome.counters.instructions > 1000, "{name}");
        }
    }
}

#[test]
fn every_application_preempted_at_odd_moments_comes_to_the_same_answers() {
    for application in APPLICATIONS {
        for table in TABLES {
            let straight = preempted(application, table, ENDLESS);
            assert!(straight.iter().all(|it| it.phase == Phase::Finished));
            for slice in [1, 7, 61] {
                let (name, table_name) = (application.name, table.name);
                assert!(
                    preempted(application, table, slice) == straight,
                    "{name} with {table_name} in slices of {slice}"
                );
            }
        }
    }
}
