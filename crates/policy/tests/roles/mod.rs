//! Sources of every role under rustc and under our compiler: the same answers, the same effects on
//! memory, packets and requests, and stopped at the same line.

#[allow(dead_code, missing_docs, clippy::all)]
mod counter;
#[allow(dead_code, missing_docs, clippy::all)]
mod extents;
#[allow(dead_code, missing_docs, clippy::all)]
mod port;
#[allow(dead_code, missing_docs, clippy::all)]
mod server;
#[allow(dead_code, missing_docs, clippy::all)]
mod sorter;

use std::collections::BTreeMap;

use crate::support::{Machine, Outside, Straw, caught, refusable};
use exo_core::cpu::{Bus, Entry, NoBus, Role, Trap};
use exo_core::hw;
use exo_prelude::{
    Application, Block, LibOs, Mem, Memory, MessageHandler, Packet, PacketFilter, Reply,
    ReplyBuffer, Sys, SysError, Udf,
};

/// Memory of bytes, a packet, room for a reply, and a libOS: the same thing for both sides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct World {
    bytes: BTreeMap<u32, u8>,
    packet: Vec<u8>,
    reply: [u8; 16],
    sent: Vec<usize>,
    requests: Vec<(u32, u64, u64)>,
    loads: u32,
}

impl Memory for World {
    fn load(&mut self, address: u32, bytes: u8) -> u64 {
        self.loads += 1;
        let byte = |at| self.bytes.get(&(address + at)).copied().unwrap_or(0);
        (0..bytes.into())
            .map(|at| u64::from(byte(at)) << (8 * at))
            .sum()
    }

    fn store(&mut self, address: u32, bytes: u8, value: u64) {
        for at in 0..u32::from(bytes) {
            self.bytes.insert(address + at, (value >> (8 * at)) as u8);
        }
    }

    fn request(&mut self, request: u32, first: u64, second: u64) -> Result<u64, SysError> {
        self.requests.push((request, first, second));
        match request {
            1 => Ok(first + second),
            _ => Err(SysError::NoSuchRequest),
        }
    }
}

impl ReplyBuffer for World {
    fn store(&mut self, at: usize, bytes: &[u8]) -> bool {
        let place = self.reply.get_mut(at..at.saturating_add(bytes.len()));
        place.map(|place| place.copy_from_slice(bytes)).is_some()
    }

    fn send(&mut self, length: usize) -> bool {
        self.sent.push(length);
        length <= self.reply.len()
    }
}

impl Bus for World {
    fn load(&mut self, _: &mut hw::Memory, address: u32, bits: u8) -> Option<u64> {
        Some(Memory::load(self, address, bits / 8))
    }

    fn store(&mut self, _: &mut hw::Memory, address: u32, bits: u8, value: u64) -> Option<()> {
        Memory::store(self, address, bits / 8, value);
        Some(())
    }

    fn packet(&self) -> &[u8] {
        &self.packet
    }

    fn reply_store(&mut self, at: u64, bytes: &[u8]) -> bool {
        ReplyBuffer::store(self, at as usize, bytes)
    }

    fn reply_send(&mut self, length: u64) -> bool {
        ReplyBuffer::send(self, length as usize)
    }
}

impl Outside for World {
    fn request(&mut self, request: u32, first: u64, second: u64) -> Result<u64, SysError> {
        Memory::request(self, request, first, second)
    }
}

/// Bytes that look like packets more often than chance: each place takes from a few values.
fn packets(values: &[u8], count: usize) -> Vec<Vec<u8>> {
    let mut seed = 1_u64;
    let mut next = move |below: usize| {
        seed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        (seed >> 33) as usize % below
    };
    (0..count)
        .map(|_| {
            let length = next(24);
            (0..length).map(|_| values[next(values.len())]).collect()
        })
        .collect()
}

#[test]
fn an_application_leaves_the_same_memory_and_stops_at_the_same_line() {
    let mut machine = Machine::new(include_str!("sorter.rs"));
    assert_eq!(machine.program.role, Role::Application);
    let (mut theirs, mut ours) = (World::default(), World::default());
    let (mut their_kernel, mut our_kernel) = (Straw::new(&[]), Straw::new(&[]));
    let mut sorter = sorter::Sorter::new();
    let expected = caught(|| {
        sorter.main(&mut Mem::new(&mut theirs), &mut Sys::new(&mut their_kernel));
    });
    let found = machine.run(Entry::Main, &[], &mut our_kernel, &mut ours);
    assert_eq!(found.map(drop), expected);
    assert_eq!((ours, our_kernel), (theirs.clone(), their_kernel));
    assert!(matches!(machine.trap, Some(Trap::Unaligned { .. })));
    assert_eq!(theirs.requests.len(), 2);
    let sorted: Vec<u64> = (0..20)
        .map(|at| Memory::load(&mut theirs, 0x1000 + 4 * at, 4))
        .collect();
    assert!(sorted.is_sorted() && sorted[19] > 0, "{sorted:?}");
}

#[test]
fn a_filter_accepts_the_same_packets_and_stops_past_the_same_ends() {
    let mut machine = Machine::new(include_str!("port.rs"));
    assert_eq!(machine.program.role, Role::PacketFilter);
    let filter = port::Port::new();
    let (mut accepted, mut refused, mut stopped) = (0, 0, 0);
    let chance = packets(&[8, 0, 17, 5, 10, 53], 2000);
    let headers = packets(&[0, 53, 10, 5], 2000)
        .into_iter()
        .map(|rest| [&[8, 0, 17, 0x45, 10], rest.as_slice()].concat());
    for packet in chance.into_iter().chain(headers) {
        let expected = caught(|| filter.accept(&Packet::new(&packet)));
        let mut world = World {
            packet,
            ..World::default()
        };
        let found = machine.run(Entry::Accept, &[], &mut Straw::default(), &mut world);
        assert_eq!(found.map(|(result, _)| result != 0), expected, "{world:?}");
        match expected {
            Ok(true) => accepted += 1,
            Ok(false) => refused += 1,
            Err(_) => stopped += 1,
        }
    }
    assert!(
        accepted > 10 && refused > 100 && stopped > 10,
        "{accepted} {refused} {stopped}"
    );
}

#[test]
fn a_message_handler_writes_and_replies_the_same() {
    let mut machine = Machine::new(include_str!("counter.rs"));
    assert_eq!(machine.program.role, Role::MessageHandler);
    let mut handler = counter::Counter::new();
    let (mut theirs, mut ours) = (World::default(), World::default());
    let (mut replied, mut stopped) = (0, 0);
    for packet in packets(&[0, 0, 0, 4, 8, 12, 15, 16], 1000) {
        (theirs.packet, ours.packet) = (packet.clone(), packet.clone());
        let mut buffer = theirs.clone();
        let expected = caught(|| {
            let mut mem = Mem::new(&mut theirs);
            handler.arrived(
                &Packet::new(&packet),
                &mut mem,
                &mut Reply::new(&mut buffer),
            )
        });
        (theirs.reply, theirs.sent) = (buffer.reply, buffer.sent);
        let found = machine.run(Entry::Arrived, &[], &mut Straw::default(), &mut ours);
        let expected = expected.map(|fate| fate as u64);
        assert_eq!(found.map(|it| it.0), expected, "{packet:?}");
        assert_eq!(ours, theirs);
        match expected {
            Ok(_) => replied += 1,
            Err(_) => stopped += 1,
        }
    }
    assert!(replied > 10 && stopped > 10, "{replied} {stopped}");
}

#[test]
fn a_deterministic_function_gives_the_same_number() {
    let mut machine = Machine::new(include_str!("extents.rs"));
    assert_eq!(machine.program.role, Role::Udf);
    let function = extents::Extents::new();
    let mut stopped = 0;
    for packet in packets(&[0, 0, 0, 1, 2, 3, 200], 3000) {
        let expected = caught(|| function.evaluate(&Block::new(&packet)));
        let mut world = World {
            packet,
            ..World::default()
        };
        let found = machine.run(Entry::Evaluate, &[], &mut Straw::default(), &mut world);
        assert_eq!(found.map(|(result, _)| result), expected, "{world:?}");
        stopped += u32::from(expected.is_err());
    }
    assert!((100..2900).contains(&stopped), "{stopped}");
}

#[test]
fn a_libos_answers_its_application_the_same() {
    let mut machine = Machine::new(include_str!("server.rs"));
    let mut server = server::Server::new();
    let (mut theirs, mut ours) = (Straw::new(&[]), Straw::new(&[]));
    server.adopted(&mut Sys::new(&mut theirs));
    let adopted = machine.run(Entry::Adopted, &[], &mut ours, &mut NoBus);
    assert!(adopted.is_ok());
    for turn in 0..60 {
        let (request, first, second) = (turn % 6, u64::from(turn) << 58, 5);
        let expected =
            caught(|| server.request(&mut Sys::new(&mut theirs), request, first, second));
        let arguments = [request.into(), first, second];
        let found = machine.run(Entry::Request, &arguments, &mut ours, &mut NoBus);
        assert_eq!(found.map(refusable), expected, "{request} {first}");
    }
    assert_eq!(ours, theirs);
}

#[test]
fn a_libos_without_requests_refuses_them_natively_and_has_no_entry() {
    struct Silent;
    impl LibOs for Silent {
        fn page_fault(&mut self, _: &mut Sys, _: exo_prelude::Fault) -> Result<(), SysError> {
            Ok(())
        }
    }
    let mut kernel = Straw::default();
    let answer = Silent.request(&mut Sys::new(&mut kernel), 1, 2, 3);
    assert_eq!(answer, Err(SysError::NoSuchRequest));
    let source = exo_libos_samples::sample("fifo")
        .expect("it is there")
        .source;
    assert_eq!(Machine::new(source).program.entry(Entry::Request), None);
}
