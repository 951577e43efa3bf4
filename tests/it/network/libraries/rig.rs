//! Machines with a network whose environments are protocol libraries.

use std::sync::{Arc, OnceLock};

use exo_core::cpu::Program;
use exo_core::event::{Event, Silent, Stamped};
use exo_core::hw::{LinkConfig, OtherEnd};
use exo_core::ids::EnvId;
use exo_core::kernel::{Handler, Phase};
use exo_core::machine::{
    Application, EnvironmentConfig, Machine, MachineConfig, NetworkConfig, Stop,
};
use exo_core::trace::Trace;
use exo_core::wire::{Message, Wire};
use exo_libos_samples::Part;
use exo_libos_samples::network::{
    ASH_COPY, ASH_ECHO, ASH_HOST, DATAGRAM, HTTP_SERVER, PARTS, POLLING_ECHO, RESPONDER,
};

/// Frames that a library may hold: as many as it says that it needs, or more.
const FRAMES: u32 = 80;

/// A part's name, and its program once it was asked for.
type Compiled = (&'static str, OnceLock<Arc<Program>>);

/// A part, compiled once for all tests.
pub fn compiled(part: Part) -> Arc<Program> {
    static ALL: OnceLock<Vec<Compiled>> = OnceLock::new();
    let all = ALL.get_or_init(|| PARTS.iter().map(|it| (it.name, OnceLock::new())).collect());
    let (_, program) = all.iter().find(|it| it.0 == part.name).unwrap();
    let compile = || match exo_policy::compile(part.source) {
        Ok(program) => Arc::new(program),
        Err(errors) => panic!("{}: {}", part.name, errors[0]),
    };
    program.get_or_init(compile).clone()
}

/// A trace with nothing in it, for libraries that are alone.
pub static EMPTY: Trace = Trace::new();

fn environment(libos: Part, application: Application, downloads: &[Part]) -> EnvironmentConfig {
    EnvironmentConfig {
        handler: Handler::Program(compiled(libos)),
        frame_limit: FRAMES,
        application,
        downloads: downloads.iter().map(|it| compiled(*it)).collect(),
    }
}

/// A library with no application, which from then on only answers.
pub fn alone(libos: Part) -> EnvironmentConfig {
    environment(libos, Application::Trace(0), &[])
}

/// The stack that is polled, with its application.
pub fn polled() -> EnvironmentConfig {
    environment(DATAGRAM, Application::Program(compiled(POLLING_ECHO)), &[])
}

/// An application that counts and uses up every slice, and a libOS that has nothing to do.
pub fn busy() -> EnvironmentConfig {
    let source = "use exo_prelude::*;
        pub struct Busy { count: u64 }
        impl Busy { pub const fn new() -> Busy { Busy { count: 0 } } }
        impl Application for Busy {
            fn main(&mut self, _mem: &mut Mem, _sys: &mut Sys) {
                while self.count < 3_000_000 { self.count += 1; }
            }
        }";
    let program = exo_policy::compile(source).unwrap();
    environment(DATAGRAM, Application::Program(Arc::new(program)), &[])
}

/// The owner of the two message handlers.
pub fn ash() -> EnvironmentConfig {
    environment(ASH_HOST, Application::Trace(0), &[ASH_ECHO, ASH_COPY])
}

pub fn responder() -> EnvironmentConfig {
    alone(RESPONDER)
}

pub fn server() -> EnvironmentConfig {
    alone(HTTP_SERVER)
}

/// A link that loses, doubles and delays.
pub fn lossy() -> LinkConfig {
    LinkConfig {
        lost_per_thousand: 50,
        doubled_per_thousand: 20,
        delayed_per_thousand: 50,
        ..LinkConfig::default()
    }
}

pub fn machine(
    environments: Vec<EnvironmentConfig>,
    wire: Arc<dyn Wire>,
    link: LinkConfig,
    seed: u64,
) -> Machine {
    Machine::new(config(environments, wire, link, seed)).unwrap()
}

pub fn config(
    environments: Vec<EnvironmentConfig>,
    wire: Arc<dyn Wire>,
    link: LinkConfig,
    seed: u64,
) -> MachineConfig {
    let mut config = MachineConfig {
        environments,
        disk_blocks: 128,
        network: Some(NetworkConfig {
            link,
            other_end: OtherEnd(Some(wire)),
            ..NetworkConfig::default()
        }),
        seed,
        ..MachineConfig::default()
    };
    let held: u32 = config.environments.iter().map(|it| it.frame_limit).sum();
    config.frames = held + config.pinned_frames() as u32;
    config
}

/// Runs a machine until nothing is due any more, and looks at its invariants and its environments.
pub fn finish(machine: &mut Machine) -> Vec<Stamped> {
    let mut events: Vec<Stamped> = Vec::new();
    let stop = machine.run(MOST, &[&EMPTY], &mut events);
    assert_eq!(stop, Stop::Halted, "{:?}", machine.position());
    sound(machine);
    let broken = events
        .iter()
        .find(|it| matches!(it.event, Event::Broken { .. }));
    assert!(broken.is_none(), "{broken:?}");
    events
}

/// As `finish`, without keeping what happened.
pub fn finish_quietly(machine: &mut Machine) {
    let stop = machine.run(MOST, &[&EMPTY], &mut Silent);
    assert_eq!(stop, Stop::Halted, "{:?}", machine.position());
    sound(machine);
}

const MOST: u64 = 500_000_000;
/// Every invariant holds, and no environment was given up.
pub fn sound(machine: &Machine) {
    machine.check().unwrap();
    for place in 0.. {
        let Some(environment) = machine.environment(EnvId(place)) else {
            break;
        };
        let broken = matches!(environment.phase, Phase::Broken(_));
        assert!(!broken, "environment {place}: {:?}", environment.phase);
    }
}

/// What the machine has sent that has arrived at the other end, in the order of arrival.
pub fn heard(machine: &Machine) -> Vec<Message> {
    let nic = machine.hardware().nic.as_ref().unwrap();
    let mut all = nic.heard().0.since(0);
    all.sort_by_key(|it| (it.at_cycles, it.number));
    all
}

/// The values that an environment's libOS logged, in order.
pub fn logged(events: &[Stamped], env: EnvId) -> Vec<[u64; 3]> {
    let values = events.iter().filter_map(|it| match it.event {
        Event::Logged {
            env: who, values, ..
        } if who == env => Some(values),
        _ => None,
    });
    values.collect()
}

#[test]
fn every_part_compiles_and_says_what_it_teaches() {
    for part in PARTS {
        assert!(!compiled(*part).code.is_empty(), "{}", part.name);
        assert!(part.lesson().len() > 200, "{}", part.name);
    }
}
