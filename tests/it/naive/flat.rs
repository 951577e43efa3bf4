//! Applications against a flat memory: every value loaded is the one that a plain array gives.

use std::collections::VecDeque;
use std::sync::Arc;

use exo_core::event::{Event, Stamped};
use exo_core::ids::EnvId;
use exo_core::kernel::Handler;
use exo_core::machine::{Application, EnvironmentConfig, Machine, MachineConfig, Stop};
use exo_session::parse_tlb;

/// Loads and stores at addresses that a sequence of numbers decides, over 16 pages; logs a checksum
/// of all that it loaded every 64 times.
const WANDERER: &str = "
    use exo_prelude::*;
    pub struct Wanderer { seed: u32, sum: u64 }
    impl Wanderer {
        pub const fn new() -> Wanderer { Wanderer { seed: SEED, sum: 0 } }
        fn next(&mut self) -> u32 {
            self.seed = self.seed.wrapping_mul(1664525).wrapping_add(1013904223);
            self.seed >> 8
        }
    }
    impl Application for Wanderer {
        fn main(&mut self, mem: &mut Mem, sys: &mut Sys) {
            let mut round = 0u32;
            while round < 4096 {
                let place = self.next() % 65536;
                let kind = self.next() % 8;
                let value = self.next() as u64 * 2654435761;
                let mut got = 0u64;
                match kind {
                    0 => mem.store_u8(place, (value % 256) as u8),
                    1 => mem.store_u16(place / 2 * 2, (value % 65536) as u16),
                    2 => mem.store_u32(place / 4 * 4, (value % 4294967296) as u32),
                    3 => mem.store_u64(place / 8 * 8, value),
                    4 => got = mem.load_u8(place) as u64,
                    5 => got = mem.load_u16(place / 2 * 2) as u64,
                    6 => got = mem.load_u32(place / 4 * 4) as u64,
                    _ => got = mem.load_u64(place / 8 * 8),
                }
                self.sum = self.sum.wrapping_mul(31).wrapping_add(got);
                round += 1;
                if round % 64 == 0 { log!(\"{}\", self.sum); }
            }
        }
    }";

/// What it logs on an array; pages beyond `frames` at once are lost in order of their loading.
fn flat(seed: u32, frames: usize) -> Vec<u64> {
    let mut memory = vec![0_u8; 65536];
    let mut held: VecDeque<usize> = VecDeque::new();
    let (mut seed, mut sum, mut log) = (seed, 0_u64, Vec::new());
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        seed >> 8
    };
    for round in 1..=4096 {
        let (place, kind) = (next() % 65536, next() % 8);
        let value = u64::from(next()) * 2_654_435_761;
        let size = 1_usize << (kind % 4);
        let at = place as usize / size * size;
        if !held.contains(&(at >> 12)) {
            if held.len() == frames {
                let lost = held.pop_front().unwrap();
                memory[lost << 12..(lost + 1) << 12].fill(0);
            }
            held.push_back(at >> 12);
        }
        let mut got = 0_u64;
        let bytes = &mut memory[at..at + size];
        if kind < 4 {
            bytes.copy_from_slice(&value.to_le_bytes()[..size]);
        } else {
            bytes
                .iter()
                .rev()
                .for_each(|byte| got = got << 8 | u64::from(*byte));
        }
        sum = sum.wrapping_mul(31).wrapping_add(got);
        if round % 64 == 0 {
            log.push(sum);
        }
    }
    log
}

fn wander(seed: u32, libos: &str, frames: u32, tlb: &str, stlb_entries: u32) -> Vec<u64> {
    let compiled = |source: &str| Arc::new(exo_policy::compile(source).unwrap());
    let policy = exo_libos_samples::sample(libos).unwrap().source;
    let mut config = MachineConfig {
        tlb: parse_tlb(tlb).unwrap(),
        stlb_entries,
        slice_references: 100,
        environments: vec![EnvironmentConfig {
            handler: Handler::Program(compiled(policy)),
            frame_limit: frames,
            application: Application::Program(compiled(
                &WANDERER.replace("SEED", &seed.to_string()),
            )),
            downloads: Vec::new(),
        }],
        ..MachineConfig::default()
    };
    config.frames = frames + config.pinned_frames() as u32;
    let mut machine = Machine::new(config).unwrap();
    let mut events: Vec<Stamped> = Vec::new();
    assert_eq!(machine.run(u64::MAX, &[], &mut events), Stop::Halted);
    machine.check().unwrap();
    let environment = machine.environment(EnvId(0)).unwrap();
    assert_eq!(environment.counters.references, 4096);
    let logged = events.iter().filter_map(|it| match it.event {
        Event::Logged { values, .. } => Some(values[0]),
        _ => None,
    });
    logged.collect()
}

#[test]
fn with_frames_for_all_pages_every_load_is_that_of_a_flat_memory_in_any_tlb() {
    for seed in [1, 77] {
        let expected = flat(seed, 16);
        for (libos, tlb, stlb) in [
            ("fifo", "full:64:random", 4096),
            ("clock", "full:2:lru", 0),
            ("fifo", "direct:4", 4),
            ("random", "4x2:fifo", 0),
        ] {
            assert_eq!(
                wander(seed, libos, 16, tlb, stlb),
                expected,
                "{libos}, {tlb}"
            );
        }
    }
}

#[test]
fn under_fifo_with_few_frames_every_load_is_that_of_a_memory_that_loses_the_oldest_page() {
    for frames in [3, 5, 12] {
        let expected = flat(9, frames as usize);
        assert_ne!(expected, flat(9, 16), "contents are lost");
        assert_eq!(wander(9, "fifo", frames, "full:8:random", 16), expected);
    }
}
