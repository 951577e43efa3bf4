//! Applications that are programs: what they load and store, how they are charged, and their end.

mod assembly;
mod ends;
mod loading;
mod references;
mod requests;
mod slices;
mod stamps;

use std::sync::Arc;

use exo_core::cpu::Program;
use exo_core::event::{Event, Silent, Sink, Stamped};
use exo_core::ids::EnvId;
use exo_core::kernel::{Environment, Handler};
use exo_core::machine::{Application, EnvironmentConfig, Machine, MachineConfig, Stop, inv_det_1};

pub const A: EnvId = EnvId(0);
pub const B: EnvId = EnvId(1);

pub fn compiled(source: &str) -> Arc<Program> {
    let program = exo_policy::compile(source);
    Arc::new(program.unwrap_or_else(|errors| panic!("{}\n{source}", errors[0])))
}

pub fn policy(source: &str) -> Handler {
    Handler::Program(compiled(source))
}

/// An environment of `frames` frames that runs `program` under FIFO.
pub fn environment(program: &Arc<Program>, frames: u32) -> EnvironmentConfig {
    EnvironmentConfig {
        handler: policy(exo_libos_samples::sample("fifo").unwrap().source),
        frame_limit: frames,
        application: Application::Program(program.clone()),
        downloads: Vec::new(),
    }
}

/// A machine of these environments with a TLB of four entries, no software TLB, and room for all.
pub fn config(environments: Vec<EnvironmentConfig>) -> MachineConfig {
    let mut config = MachineConfig {
        tlb: exo_session::parse_tlb("full:4:lru").unwrap(),
        stlb_entries: 0,
        environments,
        ..MachineConfig::default()
    };
    let held: u32 = config.environments.iter().map(|it| it.frame_limit).sum();
    config.frames = held + config.pinned_frames() as u32;
    config
}

pub fn machine(environments: Vec<EnvironmentConfig>) -> Machine {
    Machine::new(config(environments)).unwrap()
}

/// Steps a machine to its end, checking every invariant behind every event.
pub fn step_to_the_end(machine: &mut Machine) -> Vec<Stamped> {
    let mut events: Vec<Stamped> = Vec::new();
    loop {
        let (told, before) = (events.len(), machine.position());
        let stop = machine.step(&[], &mut events);
        assert!(events.len() - told <= 1, "one step, two events");
        if let Some(stamped) = events.get(told) {
            assert_eq!(stamped.position, before);
            machine.check().unwrap();
            if told % 16 == 0 {
                inv_det_1(machine, &[]).unwrap();
            }
        }
        match stop {
            Stop::Halted => return events,
            Stop::Reached => assert!(events.len() < 100_000, "it does not end"),
            Stop::Upcall(_) => panic!("nobody is native"),
        }
    }
}

/// Runs a machine to its end as fast as it can.
pub fn run_to_the_end<S: Sink>(machine: &mut Machine, sink: &mut S) {
    assert_eq!(machine.run(10_000_000, &[], sink), Stop::Halted);
    machine.check().unwrap();
}

/// The end of a machine, told, stepped and at full speed, which must be the same; with its events.
pub fn ends(machine: &Machine) -> (Machine, Vec<Stamped>) {
    let (mut stepped, mut told, mut silent) = (machine.clone(), machine.clone(), machine.clone());
    let events = step_to_the_end(&mut stepped);
    let mut again: Vec<Stamped> = Vec::new();
    run_to_the_end(&mut told, &mut again);
    assert!(again == events, "another story at full speed");
    run_to_the_end(&mut silent, &mut Silent);
    for other in [&told, &silent] {
        assert_eq!(other.state_digest(), stepped.state_digest());
        assert_eq!(other.events(), stepped.events());
        assert!(*other == stepped);
    }
    (stepped, events)
}

pub fn of(machine: &Machine, env: EnvId) -> &Environment {
    machine.environment(env).unwrap()
}

/// The values that an environment's application logged, in order.
pub fn logged(events: &[Stamped], env: EnvId) -> Vec<u64> {
    let values = events.iter().filter_map(|it| match it.event {
        Event::Logged {
            env: who,
            application: true,
            values,
            ..
        } if who == env => Some(values[0]),
        _ => None,
    });
    values.collect()
}
