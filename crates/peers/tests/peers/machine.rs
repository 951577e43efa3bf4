//! The machine with peers at the other end of its link: both go back in time together.

use std::sync::Arc;

use exo_core::event::{Event, NetworkFact, Silent, Stamped};
use exo_core::hw::{LinkConfig, OtherEnd};
use exo_core::ids::{EnvId, ReferenceKind};
use exo_core::kernel::Handler;
use exo_core::kernel::call::Call;
use exo_core::machine::{
    Application, EnvironmentConfig, Machine, MachineConfig, NetworkConfig, Stop,
};
use exo_core::trace::Trace;
use exo_peers::{Clock, PeerConfig, Segment};

const LIBRARY: EnvId = EnvId(0);
const CLOCK: Clock = Clock::DECSTATION;

fn trace() -> Trace {
    let mut trace = Trace::new();
    trace.push(0x7000, ReferenceKind::Load);
    trace
}

/// A computer that pings, one that sends a bit of everything, and broken frames, over a link that loses,
/// doubles and delays.
fn segment() -> Segment {
    let peers: [&[(&str, &str)]; 3] = [
        &[
            ("kind", "ping"),
            ("interval", "100us"),
            ("count", "200"),
            ("timeout", "5ms"),
        ],
        &[
            ("kind", "mix"),
            ("address", "10.0.0.3"),
            ("interval", "200us"),
            ("count", "200"),
        ],
        &[
            ("kind", "hostile"),
            ("address", "10.0.0.4"),
            ("interval", "300us"),
            ("count", "100"),
        ],
    ];
    let peers = peers.map(|it| PeerConfig::parse(it, CLOCK).unwrap());
    Segment::of(&peers, CLOCK, &|_| Err("there is no file".to_owned())).unwrap()
}

fn machine() -> Machine {
    let link = LinkConfig {
        lost_per_thousand: 50,
        doubled_per_thousand: 50,
        ..LinkConfig::default()
    };
    let environment = EnvironmentConfig {
        handler: Handler::Native,
        frame_limit: 16,
        application: Application::Trace(0),
        downloads: Vec::new(),
    };
    let config = MachineConfig {
        frames: 64,
        environments: vec![environment],
        network: Some(NetworkConfig {
            link,
            other_end: OtherEnd(Some(Arc::new(segment()))),
            ..NetworkConfig::default()
        }),
        ..MachineConfig::default()
    };
    let mut machine = Machine::new(config).unwrap();
    // The library claims all of IPv4, has two frames for it that it never empties, and sends a question for
    // the pinging computer's address.
    let stop = machine.run(u64::MAX, &[&trace()], &mut Silent);
    assert_eq!(stop, Stop::Upcall(LIBRARY));
    let mut call = |call: Call, arguments: [u64; 3]| {
        let answer = machine.native_call(LIBRARY, call, arguments, &mut Silent);
        answer.unwrap().unwrap()
    };
    call(Call::FilterBegin, [0; 3]);
    call(Call::FilterU16, [12, 0xffff, 0x0800]);
    let filter = call(Call::FilterBind, [0, 0, 0]);
    for _ in 0..2 {
        let frame = call(Call::Allocate, [0; 3]);
        call(Call::RingBuffer, [filter, frame, 0]);
    }
    let frame = call(Call::Allocate, [0; 3]);
    call(Call::TlbWrite, [7, frame, 1]);
    // What is in the frame is no packet that anybody takes; that it is heard is enough.
    call(Call::Transmit, [frame, 0, 60]);
    machine.native_return(LIBRARY, Ok(()), &mut Silent);
    machine
}

/// Runs until nothing is left to do, or so many events have happened.
fn run(machine: &mut Machine, events: usize) -> Vec<Stamped> {
    let mut log: Vec<Stamped> = Vec::new();
    let trace = trace();
    while log.len() < events && machine.step(&[&trace], &mut log) == Stop::Reached {}
    log
}

#[test]
fn a_machine_that_goes_back_finds_its_peers_as_they_were() {
    let mut machine = machine();
    let mut checkpoints = Vec::new();
    let mut log: Vec<Stamped> = Vec::new();
    loop {
        checkpoints.push((machine.checkpoint(), log.len()));
        let more = run(&mut machine, 100);
        if more.is_empty() {
            break;
        }
        log.extend(more);
    }
    let end = machine.state_digest();
    assert!(checkpoints.len() > 10 && log.len() > 1000);
    let dropped = |it: &&Stamped| {
        matches!(
            it.event,
            Event::Network {
                fact: NetworkFact::Dropped { .. },
                ..
            }
        )
    };
    assert!(log.iter().filter(dropped).count() > 300);
    for at in (0..checkpoints.len()).rev().chain([3, 9, 1, 9, 5]) {
        let (checkpoint, events) = &checkpoints[at];
        machine.restore(checkpoint);
        assert_eq!(run(&mut machine, usize::MAX), log[*events..]);
        assert_eq!(machine.state_digest(), end);
    }
}
