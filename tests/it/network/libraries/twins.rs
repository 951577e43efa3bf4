//! A library and message handlers as rustc compiles them, beside what our compiler makes of them: the same
//! frames bring the same replies.

use std::collections::{BTreeMap, VecDeque};
use std::net::Ipv4Addr;
use std::sync::Arc;

use exo_core::hw::LinkConfig;
use exo_core::ids::EnvId;
use exo_core::kernel::call::Call;
use exo_core::rng::Rng;
use exo_libos_samples::network::ash_copy::AshCopy;
use exo_libos_samples::network::ash_echo::AshEcho;
use exo_libos_samples::network::responder::Responder;
use exo_prelude::{
    Fate, LibOs, Mem, Memory, MessageHandler, Packet, Reply, ReplyBuffer, Sys, SysError,
    SystemCalls,
};

use super::hostile::spoilt;
use super::rig::{ash, finish_quietly, heard, machine, responder};
use super::script::{Script, asks, datagram};

/// As much of a kernel as a library needs that is told of one packet after the other.
#[derive(Default)]
struct Bench {
    memory: BTreeMap<u32, Vec<u8>>,
    pages: BTreeMap<u32, u32>,
    /// The rings of its filters, ARP's first, the next buffer at the front.
    rings: Vec<VecDeque<u32>>,
    sent: Vec<Vec<u8>>,
}

impl Bench {
    fn bytes(&mut self, address: u32) -> &mut [u8] {
        let frame = self
            .pages
            .get(&(address >> 12))
            .expect("a page that is bound");
        &mut self.memory.get_mut(frame).unwrap()[(address & 0xfff) as usize..]
    }

    /// Puts a packet in the next buffer of the ring that it belongs to.
    fn receive(&mut self, packet: &[u8]) {
        let ring = usize::from(packet[12..14] != [8, 6]);
        let frame = self.rings[ring].pop_front().unwrap();
        self.rings[ring].push_back(frame);
        let buffer = self.memory.get_mut(&frame).unwrap();
        assert_eq!(buffer[..4], [0; 4], "it was given back");
        buffer[..4].copy_from_slice(&(packet.len() as u32).to_le_bytes());
        buffer[18..18 + packet.len()].copy_from_slice(packet);
    }
}

impl SystemCalls for Bench {
    fn call(&mut self, number: u8, [first, second, third]: [u64; 3]) -> Result<u64, SysError> {
        match Call::from_number(number).expect("a call that exists") {
            Call::Allocate => {
                let frame = self.memory.len() as u32;
                self.memory.insert(frame, vec![0; 4096]);
                return Ok(frame.into());
            }
            Call::TlbWrite => {
                self.pages.insert(first as u32, second as u32);
            }
            Call::FilterBind => {
                self.rings.push(VecDeque::new());
                return Ok(self.rings.len() as u64 - 1);
            }
            Call::RingBuffer => self.rings[first as usize].push_back(second as u32),
            Call::Transmit => {
                let frame = &self.memory[&(first as u32)];
                let part = &frame[second as usize..(second + third) as usize];
                self.sent.push(part.to_vec());
            }
            _ => {}
        }
        Ok(0)
    }

    fn load(&mut self, address: u32, bytes: u8) -> u64 {
        let bytes = self.bytes(address)[..usize::from(bytes)].iter().rev();
        bytes.fold(0, |sum, byte| sum << 8 | u64::from(*byte))
    }

    fn store(&mut self, address: u32, bytes: u8, value: u64) {
        let count = usize::from(bytes);
        self.bytes(address)[..count].copy_from_slice(&value.to_le_bytes()[..count]);
    }
}

/// What the library that rustc compiled sends when it is told of these frames one by one.
fn natively(frames: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let (mut bench, mut library) = (Bench::default(), Responder::new());
    library.slice_began(&mut Sys::new(&mut bench), 0);
    for frame in frames {
        bench.receive(frame);
        library.packets(&mut Sys::new(&mut bench)).unwrap();
    }
    bench.sent
}

/// Whether the library's filters accept a frame.
fn accepted(frame: &[u8]) -> bool {
    let own = [10, 0, 0, 1];
    let is = |from: usize, wanted: &[u8]| frame.get(from..from + wanted.len()) == Some(wanted);
    let length = (14..=1514).contains(&frame.len());
    length && (is(12, &[8, 6]) && is(38, &own) || is(12, &[8, 0]) && is(30, &own))
}

#[test]
fn rustc_and_our_compiler_make_the_same_of_the_responder_for_thousands_of_frames_right_and_wrong() {
    let host = Ipv4Addr::new(10, 0, 0, 1);
    let mut rng = Rng::new(99, 1);
    let mut frames = vec![asks(host)];
    frames.extend((0..3_000).map(|_| spoilt(&mut rng, host)));
    frames.retain(|frame| accepted(frame));
    let expected = natively(&frames);
    let wire = Script::paced(1_000_000, 100_000, frames);
    let mut machine = machine(vec![responder()], Arc::new(wire), LinkConfig::default(), 1);
    finish_quietly(&mut machine);
    let replies: Vec<Vec<u8>> = heard(&machine).iter().map(|it| it.bytes.to_vec()).collect();
    assert!(replies.len() > 500, "{}", replies.len());
    assert!(
        replies == expected,
        "{} and {}",
        replies.len(),
        expected.len()
    );
}

/// Room for a reply, and for memory of the owner's.
struct Room {
    bytes: Vec<u8>,
    sends: Option<usize>,
}

impl ReplyBuffer for Room {
    fn store(&mut self, at: usize, bytes: &[u8]) -> bool {
        let place = self.bytes.get_mut(at..at + bytes.len());
        place.map(|it| it.copy_from_slice(bytes)).is_some()
    }

    fn send(&mut self, length: usize) -> bool {
        self.sends = Some(length);
        length <= self.bytes.len()
    }
}

impl Memory for Room {
    fn load(&mut self, address: u32, bytes: u8) -> u64 {
        let bytes = self.bytes[address as usize..][..usize::from(bytes)].iter();
        bytes.rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
    }

    fn store(&mut self, address: u32, bytes: u8, value: u64) {
        let count = usize::from(bytes);
        self.bytes[address as usize..][..count].copy_from_slice(&value.to_le_bytes()[..count]);
    }

    fn request(&mut self, _: u32, _: u64, _: u64) -> Result<u64, SysError> {
        Err(SysError::NoSuchRequest)
    }
}

#[test]
fn rustc_and_our_compiler_make_the_same_of_the_handler_that_echoes() {
    let host = Ipv4Addr::new(10, 0, 0, 32);
    let mut rng = Rng::new(7, 1);
    let mut frames: Vec<Vec<u8>> = (0..6_000).map(|_| spoilt(&mut rng, host)).collect();
    let is = |frame: &[u8], at: usize, wanted: &[u8]| {
        frame
            .get(at..at + wanted.len())
            .is_some_and(|it| it == wanted)
    };
    frames.retain(|it| {
        let udp = is(it, 12, &[8, 0, 0x45]) && is(it, 23, &[17]) && is(it, 36, &[0, 7]);
        udp && is(it, 30, &host.octets()) && it[20] & 0x3f == 0 && it[21] == 0
    });
    let mut handler = AshEcho::new();
    let mut expected: Vec<Vec<u8>> = Vec::new();
    for frame in &frames {
        let mut memory = Room {
            bytes: vec![],
            sends: None,
        };
        let mut reply = Room {
            bytes: vec![0; 1514],
            sends: None,
        };
        let packet = Packet::new(frame);
        handler.arrived(
            &packet,
            &mut Mem::new(&mut memory),
            &mut Reply::new(&mut reply),
        );
        expected.extend(reply.sends.map(|length| reply.bytes[..length].to_vec()));
    }
    let wire = Script::paced(1_000_000, 100_000, frames);
    let mut machine = machine(vec![ash()], Arc::new(wire), LinkConfig::default(), 1);
    finish_quietly(&mut machine);
    let replies: Vec<Vec<u8>> = heard(&machine).iter().map(|it| it.bytes.to_vec()).collect();
    assert!(replies.len() > 50, "{}", replies.len());
    assert!(
        replies == expected,
        "{} and {}",
        replies.len(),
        expected.len()
    );
}

#[test]
fn rustc_and_our_compiler_make_the_same_of_the_handler_that_copies() {
    let host = Ipv4Addr::new(10, 0, 0, 32);
    let lengths = [0, 1, 2, 3, 4, 500, 1_471, 1_472];
    let contents = |length: usize| (0..length).map(|it| (it * 13) as u8).collect::<Vec<u8>>();
    for length in lengths {
        let frame = datagram(host, 9, &contents(length));
        let mut memory = Room {
            bytes: vec![0; 5 * 4096],
            sends: None,
        };
        let mut reply = Room {
            bytes: vec![],
            sends: None,
        };
        let packet = Packet::new(&frame);
        let fate = AshCopy::new().arrived(
            &packet,
            &mut Mem::new(&mut memory),
            &mut Reply::new(&mut reply),
        );
        assert_eq!(fate, Fate::Wake);
        let wire = Script::paced(1_000_000, 1, [frame]);
        let mut machine = machine(vec![ash()], Arc::new(wire), LinkConfig::default(), 1);
        finish_quietly(&mut machine);
        let network = machine.kernel().network.as_ref().unwrap();
        let bound = network.of(EnvId(0)).find(|(_, it)| !it.reached.is_empty());
        let reached = &bound.unwrap().1.reached;
        for (place, page) in memory.bytes.chunks(4096).enumerate().skip(1) {
            let found = machine.hardware().memory.frame_bytes(reached[place]);
            // A frame that was never touched has no bytes.
            let same = found == page || found.is_empty() && page.iter().all(|it| *it == 0);
            assert!(same, "page {place} of {length} bytes");
        }
        assert_eq!(memory.bytes[4096 + 8..][..length], contents(length));
    }
}
