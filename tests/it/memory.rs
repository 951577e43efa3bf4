//! Virtual memory as library code (A51): a fork that copies on write, and mapped extents.

use exo_core::error::SysError;
use exo_core::event::{BreakReason, Event, Stamped};
use exo_core::hw::DiskFault;
use exo_core::ids::{Block, Contents, EnvId, Page};
use exo_core::kernel::{Handler, Phase};
use exo_core::machine::{Application, EnvironmentConfig, Machine, MachineConfig, Stop};
use exo_libos_samples::Part;
use exo_libos_samples::memory::{FORK, FORKING, MAP, MAPPING, PARTS};

use crate::applications::{A, B, compiled, logged, of};

fn environment(libos: Part, application: Part, frame_limit: u32) -> EnvironmentConfig {
    EnvironmentConfig {
        handler: Handler::Program(compiled(libos.source)),
        frame_limit,
        application: Application::Program(compiled(application.source)),
        downloads: Vec::new(),
    }
}

fn config(environments: Vec<EnvironmentConfig>) -> MachineConfig {
    let mut config = MachineConfig {
        environments,
        disk_blocks: 16,
        ..MachineConfig::default()
    };
    let held: u32 = config.environments.iter().map(|it| it.frame_limit).sum();
    config.frames = held + config.pinned_frames() as u32;
    config
}

fn run(machine: &mut Machine) -> Vec<Stamped> {
    let mut events = Vec::new();
    assert_eq!(machine.run(10_000_000, &[], &mut events), Stop::Halted);
    machine.check().unwrap();
    events
}

/// What lies in the frame that an environment owns for a page.
fn page(machine: &Machine, env: EnvId, page: u32) -> Vec<u8> {
    let records = machine.kernel().frames.records().iter();
    let owned = records
        .zip(0..)
        .filter(|(record, _)| record.owner == Some(env) && record.page == Some(Page(page)));
    let frames: Vec<u32> = owned.map(|(_, frame)| frame).collect();
    let [frame] = frames[..] else {
        panic!("page {page:#x} of {env:?} lies in {frames:?}");
    };
    let memory = &machine.hardware().memory;
    memory.frame_bytes(exo_core::ids::Frame(frame)).to_vec()
}

/// What `forking` writes to a page: before the fork 1, the parent 2, the child 3.
fn forked(page: u32, whose: u32) -> Vec<u8> {
    let byte = |at: u32| (page * 31 + at * 7 + at / 256 + whose * 85) as u8;
    (0..4096).map(byte).collect()
}

/// Slices that end in the midst of everything, and one that never does.
const SLICES: [u32; 3] = [97, 1_000, 1 << 24];

#[test]
fn a51_parent_and_child_share_what_neither_writes_and_each_sees_its_own_stores() {
    for slice in SLICES {
        let mut config = config(vec![
            environment(FORK, FORKING, 8),
            environment(FORK, FORKING, 8),
        ]);
        config.slice_references = slice;
        let mut machine = Machine::new(config).unwrap();
        let events = run(&mut machine);
        // Lent, and found wrong by the parent; found wrong by the child, and given up.
        assert_eq!(logged(&events, A), [4, 0], "slices of {slice}");
        assert_eq!(logged(&events, B), [0, 4], "slices of {slice}");
        for (number, whose) in [(0, 2), (1, 1), (2, 1), (3, 2)] {
            assert!(page(&machine, A, 0x100 + number) == forked(number, whose));
        }
        // Page 0 was written by both while it was shared, page 1 by the child: three copies at most,
        // and what nobody refers to any more is free. Page 3 was written when nobody else was left.
        let copies = |env| {
            let allocated = events
                .iter()
                .filter(|it| matches!(it.event, Event::Allocated { env: who, .. } if who == env));
            allocated.count()
        };
        assert_eq!((copies(A), copies(B)), (5, 2), "slices of {slice}");
        assert_eq!(of(&machine, A).frames_held, 4);
        assert_eq!(of(&machine, B).frames_held, 0);
        assert_eq!(machine.kernel().capabilities.records().count(), 0);
    }
}

#[test]
fn a51_a_shared_page_lies_in_one_frame_until_somebody_stores() {
    let mut machine = Machine::new(config(vec![
        environment(FORK, FORKING, 8),
        environment(FORK, FORKING, 8),
    ]))
    .unwrap();
    let events = run(&mut machine);
    let mut shared = events.iter().filter_map(|it| match it.event {
        Event::BoundShared {
            env,
            page,
            frame,
            access,
            ..
        } => Some((env, page.0, frame, access)),
        _ => None,
    });
    let bound = events.iter().filter_map(|it| match it.event {
        Event::Bound {
            env: A,
            page,
            frame,
            ..
        } => Some((page.0, frame)),
        _ => None,
    });
    let bound: Vec<_> = bound.collect();
    assert!(shared.clone().count() >= 4);
    assert!(shared.all(|(env, page, frame, access)| {
        env == B && access == exo_core::ids::Access::Read && bound.contains(&(page, frame))
    }));
}

#[test]
fn a51_a_stranger_can_neither_give_pages_nor_end_loans() {
    // The third one claims to lend a page, and to give back what it was never lent.
    let stranger = "use exo_prelude::*;
        pub struct Stranger { value: u64 }
        impl Stranger { pub const fn new() -> Stranger { Stranger { value: 0 } } }
        impl Application for Stranger {
            fn main(&mut self, _mem: &mut Mem, sys: &mut Sys) {
                for _ in 0..40 {
                    for other in 0u32..2 {
                        for kind in 0u64..4 {
                            let other = Environment::new(other);
                            if let Ok(answer) = sys.transfer_sync(other, kind, self.value % 5, 7, 7) {
                                if answer.first == 1 { log!(\"{}\", kind); }
                            }
                        }
                    }
                    self.value += 1;
                    sys.yield_slice();
                }
            }
        }";
    let mut config = config(vec![
        environment(FORK, FORKING, 8),
        environment(FORK, FORKING, 8),
        EnvironmentConfig {
            handler: Handler::Program(compiled(FORK.source)),
            frame_limit: 1,
            application: Application::Program(compiled(stranger)),
            downloads: Vec::new(),
        },
    ]);
    config.slice_references = 1_000;
    let mut machine = Machine::new(config).unwrap();
    let events = run(&mut machine);
    assert_eq!(logged(&events, A), [4, 0]);
    assert_eq!(logged(&events, B), [0, 4]);
}

/// What `mapping` leaves in a page of its file.
fn mapped(page: u32) -> Vec<u8> {
    let round = u32::from(page == 5);
    let byte = |at: u32| (page * 37 + at * 11 + at / 256 + round * 101) as u8;
    (0..4096).map(byte).collect()
}

#[test]
fn a51_a_mapped_file_is_read_by_faults_and_what_was_stored_is_in_its_blocks() {
    for frames in [1, 4, 8] {
        let mut machine = Machine::new(config(vec![environment(MAP, MAPPING, frames)])).unwrap();
        let events = run(&mut machine);
        let disk = &machine.hardware().disk;
        for number in 0..8 {
            let block = disk.contents(Block(number)).unwrap();
            assert!(
                block == mapped(number),
                "block {number} with {frames} frames"
            );
        }
        let written = logged(&events, A);
        assert_eq!(written[2], 8 * 4096, "every byte as it was left");
        assert_eq!(written[0], u64::from(frames.min(8)), "those in frames");
        assert_eq!(written[1], 1, "one page was stored to since");
        let counters = of(&machine, A).counters;
        // Twice through all pages, and once more to the one that is changed, if it was gone.
        let again = u64::from(frames < 4);
        assert_eq!(counters.disk_reads, 16 + again);
        assert_eq!(counters.disk_writes, 9);
    }
}

#[test]
fn a51_a_mapped_file_under_pressure_gives_frames_back_and_loses_nothing() {
    let mut config = config(vec![environment(MAP, MAPPING, 8)]);
    // A kernel that waits for the disk.
    config.revocation.request_cycles = 100_000_000;
    let mut machine = Machine::new(config).unwrap();
    let mut events: Vec<Stamped> = Vec::new();
    for (until, limit) in [(60_000, 2), (200_000, 5), (400_000, 1)] {
        machine.run(until, &[], &mut events);
        machine.set_frame_limit(A, limit).unwrap();
    }
    events.extend(run(&mut machine));
    assert_eq!(logged(&events, A)[2], 8 * 4096);
    assert_eq!(of(&machine, A).counters.repossessions, 0);
}

#[test]
fn a19_a51_a_mapped_file_whose_frames_are_taken_by_force_keeps_every_byte_that_was_stored() {
    // The kernel does not wait for the disk, and takes what is not back at once.
    let mut saved = 0;
    for (press, limits) in [
        (40_000, [1, 8, 2, 8, 1]),
        (50_011, [3, 8, 1, 5, 8]),
        (67_003, [2, 1, 8, 1, 8]),
    ] {
        let mut config = config(vec![environment(MAP, MAPPING, 8)]);
        config.disk_blocks = 64;
        config.revocation.request_cycles = 100;
        config.revocation.imperative_cycles = 100;
        let mut machine = Machine::new(config).unwrap();
        let mut events: Vec<Stamped> = Vec::new();
        for (round, limit) in (1..).zip(limits.repeat(6)) {
            machine.run(round * press, &[], &mut events);
            machine.set_frame_limit(A, limit).unwrap();
        }
        machine.set_frame_limit(A, 8).unwrap();
        events.extend(run(&mut machine));
        let said = logged(&events, A);
        assert_eq!(said.last(), Some(&(8 * 4096)), "every byte: {said:?}");
        for number in 0..8 {
            let block = machine.hardware().disk.contents(Block(number)).unwrap();
            assert!(block == mapped(number), "block {number}, {press}");
        }
        let lost = |it: &&Stamped| {
            let taken = Contents::Lost;
            matches!(it.event, Event::Repossessed { contents, .. } if contents == taken)
        };
        assert_eq!(events.iter().filter(lost).count(), 0);
        let kept = |it: &&Stamped| matches!(it.event, Event::ContentsSaved { result: Ok(()), .. });
        saved += events.iter().filter(kept).count();
    }
    assert!(saved > 10, "{saved}");
}

#[test]
fn a51_a_mapped_page_that_cannot_be_read_or_written_ends_the_environment_and_not_its_data() {
    // The third transfer is the first that writes: the page that has waited longest does not go.
    let mut config = config(vec![environment(MAP, MAPPING, 2)]);
    config.disk_fault = Some(DiskFault {
        transfer: 3,
        for_ever: false,
    });
    let mut machine = Machine::new(config).unwrap();
    let mut events: Vec<Stamped> = Vec::new();
    machine.run(10_000_000, &[], &mut events);
    machine.check().unwrap();
    let reason = BreakReason::Failed(SysError::DiskError);
    assert_eq!(of(&machine, A).phase, Phase::Broken(reason));
    let round = |page: u32| -> Vec<u8> {
        (0..4096)
            .map(|at: u32| (page * 37 + at * 11 + at / 256) as u8)
            .collect()
    };
    assert!(page(&machine, A, 0x100) == round(0));
}

#[test]
fn every_part_for_memory_compiles_and_says_what_it_teaches() {
    for part in PARTS {
        assert!(!compiled(part.source).code.is_empty());
        assert!(part.lesson().len() > 200, "{}", part.name);
    }
}
