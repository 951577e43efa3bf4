//! The responder as rustc compiles it, beside what our compiler makes of it: the same frames bring the same
//! replies.

use std::collections::{BTreeMap, VecDeque};
use std::net::Ipv4Addr;
use std::sync::Arc;

use exo_core::hw::LinkConfig;
use exo_core::kernel::call::Call;
use exo_core::rng::Rng;
use exo_libos_samples::network::responder::Responder;
use exo_prelude::{LibOs, Sys, SysError, SystemCalls};

use super::hostile::spoilt;
use super::rig::{finish_quietly, heard, machine, responder};
use super::script::{Script, asks};

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
