//! Filters, rings and packets of native libOSes, one thing at a time.

use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU64, Ordering};

use super::DropReason;
use crate::error::SysError;
use crate::event::{Event, NetworkFact, Silent, Stamped};
use crate::hw::{LinkConfig, OtherEnd};
use crate::ids::{EnvId, Frame, ReferenceKind};
use crate::kernel::call::{Call, CallResult};
use crate::kernel::{Handler, Upcall};
use crate::machine::{Application, EnvironmentConfig, Machine, MachineConfig, NetworkConfig, Stop};
use crate::trace::Trace;
use crate::wire::{Heard, Wire};

const A: EnvId = EnvId(0);

/// Sends packets at given times, and hears.
#[derive(Debug)]
struct Script {
    sends: Vec<(u64, Vec<u8>)>,
    polls: AtomicU64,
}

impl Wire for Script {
    fn identity(&self) -> u64 {
        self.sends.len() as u64
    }

    fn due_cycles(&self, _: &Heard, polled: Option<u64>) -> Option<u64> {
        let mut later = self.sends.iter().map(|(at, _)| *at);
        later.find(|at| polled.is_none_or(|polled| *at > polled))
    }

    fn poll(&self, _: &Heard, _: Option<u64>, at: u64) -> Vec<Vec<u8>> {
        self.polls.fetch_add(1, Ordering::Relaxed);
        let now = self.sends.iter().filter(|it| it.0 == at);
        now.map(|(_, bytes)| bytes.clone()).collect()
    }
}

/// A packet of so many bytes, of the type that the tests' filter asks for.
fn packet(length: usize, mark: u8) -> Vec<u8> {
    let mut bytes = vec![mark; length];
    for (place, byte) in bytes.iter_mut().skip(12).zip([0x08, 0x00]) {
        *place = byte;
    }
    bytes
}

/// A machine of `environments` native environments, each of whose applications makes one reference.
fn machine(environments: usize, link: LinkConfig, sends: Vec<(u64, Vec<u8>)>) -> Machine {
    let environment = EnvironmentConfig {
        handler: Handler::Native,
        frame_limit: 16,
        application: Application::Trace(0),
        downloads: Vec::new(),
    };
    let other_end = OtherEnd(Some(Arc::new(Script {
        sends,
        polls: AtomicU64::new(0),
    })));
    Machine::new(MachineConfig {
        frames: 64,
        environments: vec![environment; environments],
        network: Some(NetworkConfig {
            link,
            other_end,
            ..NetworkConfig::default()
        }),
        ..MachineConfig::default()
    })
    .unwrap()
}

fn trace() -> Trace {
    let mut trace = Trace::new();
    trace.push(0x7000, ReferenceKind::Load);
    trace
}

/// What a native libOS of these tests does in its page fault: it is given every system call.
struct Libos<'machine> {
    machine: &'machine mut Machine,
    env: EnvId,
}

impl Libos<'_> {
    fn call(&mut self, call: Call, arguments: [u64; 3]) -> CallResult {
        let answer = self
            .machine
            .native_call(self.env, call, arguments, &mut Silent);
        self.machine.check().unwrap();
        answer.unwrap()
    }

    /// Claims packets of the tests' type, with a ring of so many frames. Gives them.
    fn claim(&mut self, delivery: u64, buffers: usize) -> (u64, Vec<Frame>) {
        self.call(Call::FilterBegin, [0; 3]).unwrap();
        self.call(Call::FilterU16, [12, 0xffff, 0x0800]).unwrap();
        let filter = self.call(Call::FilterBind, [delivery, 0, 0]).unwrap();
        let frames = (0..buffers).map(|_| {
            let frame = self.call(Call::Allocate, [0; 3]).unwrap();
            self.call(Call::RingBuffer, [filter, frame, 0]).unwrap();
            Frame(frame as u32)
        });
        let frames = frames.collect();
        (filter, frames)
    }

    /// Serves the fault, so that the application goes on to its end.
    fn done(mut self) {
        let frame = self.call(Call::Allocate, [0; 3]).unwrap();
        self.call(Call::TlbWrite, [7, frame, 1]).unwrap();
        self.machine.native_return(self.env, Ok(()), &mut Silent);
    }
}

/// Runs to the first fault of `env`.
fn fault(machine: &mut Machine, env: EnvId) -> Libos<'_> {
    let stop = machine.run(u64::MAX, &[&trace()], &mut Silent);
    assert_eq!(stop, Stop::Upcall(env));
    Libos { machine, env }
}

/// Runs on until the machine stops, with what happened.
fn run(machine: &mut Machine) -> (Stop, Vec<NetworkFact>) {
    let mut events: Vec<Stamped> = Vec::new();
    let trace = trace();
    loop {
        let stop = machine.step(&[&trace], &mut events);
        machine.check().unwrap();
        if stop != Stop::Reached {
            let facts = events.iter().filter_map(|it| match it.event {
                Event::Network { fact, .. } => Some(fact),
                _ => None,
            });
            return (stop, facts.collect());
        }
    }
}

fn dropped(facts: &[NetworkFact]) -> Vec<DropReason> {
    let reasons = facts.iter().filter_map(|fact| match fact {
        NetworkFact::Dropped { reason, .. } => Some(*reason),
        _ => None,
    });
    reasons.collect()
}

fn word(machine: &Machine, frame: Frame, at: usize) -> u32 {
    let bytes = machine.hardware().memory.frame_bytes(frame);
    bytes[at..]
        .first_chunk()
        .map_or(0, |it| u32::from_le_bytes(*it))
}

#[test]
fn a_claimed_packet_lies_in_the_ring_and_its_owner_is_told_once() {
    let sends = vec![(50_000, packet(60, 7)), (50_000, packet(61, 8))];
    let mut machine = machine(1, LinkConfig::default(), sends);
    let mut libos = fault(&mut machine, A);
    let (_, ring) = libos.claim(1, 2);
    libos.done();
    let (stop, facts) = run(&mut machine);
    assert_eq!(stop, Stop::Upcall(A));
    let notice = machine.native_notice(A).unwrap();
    assert_eq!(notice.upcall, Upcall::Packets);
    assert!(
        facts.contains(&NetworkFact::Arrived {
            number: 0,
            length: 60
        }),
        "{facts:?}"
    );
    assert_eq!(
        (word(&machine, ring[0], 0), word(&machine, ring[0], 4)),
        (60, 0)
    );
    assert_eq!(
        machine.hardware().memory.frame_bytes(ring[0])[18..78],
        packet(60, 7)
    );
    assert_eq!(word(&machine, ring[1], 0), 0, "the second is on its way");
    machine.native_return(A, Ok(()), &mut Silent);
    assert_eq!(run(&mut machine).0, Stop::Upcall(A));
    assert_eq!(word(&machine, ring[1], 0), 61);
    machine.native_return(A, Ok(()), &mut Silent);
    assert_eq!(run(&mut machine).0, Stop::Halted);
}

#[test]
fn what_nobody_claims_is_dropped_and_so_is_what_finds_no_room() {
    let other = vec![1; 60];
    let sends = vec![
        (50_000, other),
        (50_000, vec![8; 13]),
        (50_000, vec![8; 1_515]),
        (60_000, packet(60, 1)),
        (60_000, packet(60, 2)),
    ];
    let mut machine = machine(1, LinkConfig::default(), sends);
    let mut libos = fault(&mut machine, A);
    libos.claim(0, 1);
    libos.done();
    let (stop, facts) = run(&mut machine);
    assert_eq!(stop, Stop::Halted);
    let expected = [
        DropReason::Unclaimed,
        DropReason::Length,
        DropReason::Length,
        DropReason::RingFull,
    ];
    assert_eq!(dropped(&facts), expected);
    let counts = machine.kernel().network.as_ref().unwrap().counts;
    assert_eq!((counts.delivered, counts.consumed), (1, 0));
}

#[test]
fn a_buffer_that_is_given_up_meanwhile_gets_nothing_and_becomes_free_when_the_device_is_done() {
    let sends = vec![(50_000, packet(1_514, 9))];
    let mut machine = machine(1, LinkConfig::default(), sends);
    let mut libos = fault(&mut machine, A);
    let (_, ring) = libos.claim(1, 1);
    libos
        .call(Call::Alarm, [50_000 + 1_538 * 20 + 1_482 + 200, 0, 0])
        .unwrap();
    libos.done();
    let (stop, _) = run(&mut machine);
    assert_eq!(stop, Stop::Upcall(A));
    assert_eq!(machine.native_notice(A).unwrap().upcall, Upcall::Alarm);
    let filling = machine.hardware().nic.as_ref().unwrap().filling().cloned();
    assert_eq!(filling.unwrap().frame, ring[0]);
    let freed = machine.native_call(A, Call::Free, [ring[0].0.into(), 0, 0], &mut Silent);
    assert_eq!(freed, Some(Ok(0)));
    machine.check().unwrap();
    let record = machine.kernel().frames.records()[ring[0].index()];
    assert!(record.owner.is_none() && !record.is_free());
    machine.native_return(A, Ok(()), &mut Silent);
    let (stop, facts) = run(&mut machine);
    assert_eq!(
        (stop, dropped(&facts)),
        (Stop::Halted, vec![DropReason::BufferLost])
    );
    assert!(machine.kernel().frames.records()[ring[0].index()].is_free());
    assert!(
        machine
            .hardware()
            .memory
            .frame_bytes(ring[0])
            .iter()
            .all(|it| *it == 0)
    );
}

#[test]
fn a_packet_is_gathered_from_its_parts_when_it_leaves() {
    let mut machine = machine(1, LinkConfig::default(), vec![]);
    let mut libos = fault(&mut machine, A);
    let frame = libos.call(Call::Allocate, [0; 3]).unwrap();
    libos.call(Call::TransmitPart, [frame, 100, 14]).unwrap();
    libos.call(Call::Transmit, [frame, 0, 20]).unwrap();
    assert_eq!(libos.call(Call::TransmitWaiting, [0; 3]), Ok(1));
    // What is written before it leaves is what is sent.
    libos.call(Call::TlbWrite, [9, frame, 1]).unwrap();
    let stored = Some(0x6867_6665_6463_6261);
    let address = (9 << 12) + 104;
    let done = libos
        .machine
        .native_reach(A, address, 64, stored, &mut Silent);
    assert_eq!(done, stored);
    libos.done();
    let (stop, facts) = run(&mut machine);
    assert_eq!(stop, Stop::Halted);
    assert!(facts.contains(&NetworkFact::Sent {
        number: 0,
        length: 34,
        arrivals: 1
    }));
    let heard = machine.hardware().nic.as_ref().unwrap().heard().0.since(0);
    assert_eq!(&heard[0].bytes[..14], b"\0\0\0\0abcdefgh\0\0");
    assert_eq!(heard[0].bytes.len(), 34);
}

#[test]
fn a_frame_that_is_given_up_is_not_sent_and_not_reused_before_it_would_have_been() {
    let mut machine = machine(1, LinkConfig::default(), vec![]);
    let mut libos = fault(&mut machine, A);
    let frame = libos.call(Call::Allocate, [0; 3]).unwrap();
    libos.call(Call::Transmit, [frame, 0, 60]).unwrap();
    libos.call(Call::Free, [frame, 0, 0]).unwrap();
    let taken = libos.call(Call::AllocateAt, [frame, 0, 0]);
    assert_eq!(taken, Err(SysError::Taken));
    libos.done();
    let (stop, facts) = run(&mut machine);
    assert_eq!(stop, Stop::Halted);
    assert!(facts.contains(&NetworkFact::SendFailed {
        number: 0,
        length: 60
    }));
    assert_eq!(
        machine.hardware().nic.as_ref().unwrap().heard().0.count(),
        0
    );
    assert!(machine.kernel().frames.records()[frame as usize].is_free());
}

#[test]
fn nobody_takes_anothers_packets_and_what_is_freed_can_be_claimed() {
    let mut machine = machine(2, LinkConfig::default(), vec![]);
    let mut libos = fault(&mut machine, A);
    let (filter, _) = libos.claim(0, 1);
    libos.done();
    let mut libos = fault(&mut machine, EnvId(1));
    libos.call(Call::FilterBegin, [0; 3]).unwrap();
    libos.call(Call::FilterU16, [12, 0xffff, 0x0800]).unwrap();
    libos.call(Call::FilterU8, [23, 0xff, 17]).unwrap();
    assert_eq!(libos.call(Call::FilterBind, [0; 3]), Err(SysError::Overlap));
    assert_eq!(
        libos.call(Call::FilterFree, [filter, 0, 0]),
        Err(SysError::NoSuchFilter)
    );
    assert_eq!(
        libos.call(Call::RingBuffer, [filter, 0, 0]),
        Err(SysError::NoSuchFilter)
    );
    libos.call(Call::FilterBegin, [0; 3]).unwrap();
    libos.call(Call::FilterU16, [12, 0xffff, 0x0806]).unwrap();
    assert!(libos.call(Call::FilterBind, [0; 3]).is_ok());
}

#[test]
fn going_back_gives_the_same_future_and_the_other_end_is_asked_again() {
    let sends = (0..20).map(|n| (40_000 + n * 3_000, packet(60 + n as usize, n as u8)));
    let link = LinkConfig {
        lost_per_thousand: 200,
        doubled_per_thousand: 200,
        delayed_per_thousand: 200,
        ..LinkConfig::default()
    };
    let mut machine = machine(1, link, sends.collect());
    let mut libos = fault(&mut machine, A);
    libos.claim(0, 8);
    let frame = libos.call(Call::Allocate, [0; 3]).unwrap();
    for _ in 0..10 {
        libos.call(Call::Transmit, [frame, 0, 100]).unwrap();
    }
    libos.done();
    for _ in 0..15 {
        machine.step(&[&trace()], &mut Silent);
    }
    let checkpoint = machine.checkpoint();
    let before = machine.state_digest();
    assert_eq!(run(&mut machine).0, Stop::Halted);
    let end = (machine.state_digest(), machine.clone());
    machine.restore(&checkpoint);
    assert_eq!(machine.state_digest(), before);
    assert_eq!(run(&mut machine).0, Stop::Halted);
    assert_eq!(machine.state_digest(), end.0);
    assert_eq!(machine, end.1);
}
