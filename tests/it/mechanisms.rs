//! Mechanisms that no one call or event shows by itself, each as the papers have it.

use std::sync::Arc;

use exo_core::cpu::{Bus, Entry, Instr, Role};
use exo_core::downloaded::Downloaded;
use exo_core::error::SysError;
use exo_core::event::{Event, Silent, Stamped};
use exo_core::ids::{EnvId, ReferenceKind};
use exo_core::kernel::call::Call;
use exo_core::kernel::{Environment, Handler};
use exo_core::machine::{Application, EnvironmentConfig, Machine, MachineConfig, Stop};
use exo_core::trace::Trace;
use exo_libos_samples::{sample, store, table};
use exo_tests::safety::command::parse;
use exo_tests::safety::stage::{Sizes, Stage};
use exo_tests::safety::world::World;

use crate::applications::{A, B, ends, logged, machine, of};
use crate::samples::Program;

/// References to `pages` pages, stores and loads in turn, round and round.
fn rounds(pages: u32, count: u32) -> Trace {
    let mut trace = Trace::new();
    for number in 0..count {
        let kind = match number % 3 {
            0 => ReferenceKind::Store,
            _ => ReferenceKind::Load,
        };
        trace.push((number % pages) << 12, kind);
    }
    trace
}

/// Two environments of so many frames that page to a disk.
fn pagers(frames: u32) -> Machine {
    let (linear, swap) = (table("linear").unwrap(), store("swap").unwrap());
    let source = sample("fifo").unwrap().with_parts(linear, swap);
    let program = Arc::new(exo_policy::compile(&source).unwrap());
    let environment = |trace| EnvironmentConfig {
        handler: Handler::Program(program.clone()),
        frame_limit: frames,
        application: Application::Trace(trace),
        downloads: Vec::new(),
    };
    let mut config = MachineConfig {
        disk_blocks: 128,
        environments: vec![environment(0), environment(0)],
        ..MachineConfig::default()
    };
    config.frames = 2 * frames + config.pinned_frames() as u32;
    Machine::new(config).unwrap()
}

#[test]
fn a29_what_an_event_costs_is_charged_to_the_one_environment_that_it_is_about() {
    let trace = rounds(12, 600);
    let mut machine = pagers(6);
    let (mut taken, mut completed, mut charged) = (0, 0, 0);
    let mut events: Vec<Stamped> = Vec::new();
    for step in 0.. {
        if step == 9_000 {
            machine.set_frame_limit(B, 3).unwrap();
        }
        let before = machine.kernel().clone();
        events.clear();
        if machine.step(&[&trace], &mut events) == Stop::Halted {
            break;
        }
        let told = events.first().map(|it| it.event);
        let recipient = told.map_or(before.running, |it| it.env());
        for env in [A, B] {
            let then = &before.environments[env.index()];
            let moved = of(&machine, env).cycles != then.cycles;
            assert!(!moved || env == recipient, "{env:?} pays for {told:?}");
            charged += u32::from(moved);
        }
        // Whose resource it is about, hears of it.
        let owner = |frame: exo_core::ids::Frame| before.frames.records()[frame.index()];
        match told {
            Some(Event::Repossessed { env, frame, .. }) => {
                assert_eq!(owner(frame).owner, Some(env));
                taken += 1;
            }
            Some(Event::DiskCompleted { env, frame, .. }) => {
                assert_eq!(owner(frame).owner, Some(env));
                assert!(before.environments[env.index()].wait.is_some());
                completed += 1;
            }
            _ => {}
        }
    }
    assert!(completed > 20 && charged > 5_000, "{completed} {charged}");
    assert!(taken > 0, "{taken}");
}

/// What of a machine belongs to neither the caller's account nor to what a call is about.
fn others(machine: &Machine) -> Vec<Environment> {
    let mut environments = machine.kernel().environments.clone();
    for environment in &mut environments {
        environment.cycles = Default::default();
        environment.counters = Default::default();
    }
    environments
}

/// A native environment with frame 1, bound at page 5, before whom frame 0 is another's state.
fn owner() -> Machine {
    let source = sample("fifo").unwrap().source;
    let environment = |handler, frame_limit| EnvironmentConfig {
        handler,
        frame_limit,
        application: Application::Trace(0),
        downloads: Vec::new(),
    };
    let program = Handler::Program(Arc::new(exo_policy::compile(source).unwrap()));
    let environments = vec![environment(Handler::Native, 4), environment(program, 1)];
    let mut machine = Machine::new(MachineConfig {
        environments,
        ..MachineConfig::default()
    })
    .unwrap();
    let mut trace = Trace::new();
    trace.push(0x7000, ReferenceKind::Load);
    machine.run(u64::MAX, &[&trace], &mut Silent);
    machine
}

/// A call about a frame, with its arguments.
type Operation = (Call, fn(u64) -> [u64; 3]);

#[test]
fn a05_each_privileged_operation_is_one_call_that_asks_who_owns_and_does_no_more() {
    let mut start = owner();
    let mine = start.native_call(A, Call::Allocate, [0; 3], &mut Silent);
    let mine = mine.unwrap().unwrap();
    let operations: [Operation; 7] = [
        (Call::TlbWrite, |frame| [5, frame, 1]),
        (Call::Referenced, |frame| [frame, 0, 0]),
        (Call::ClearReferenced, |frame| [frame, 0, 0]),
        (Call::Dirty, |frame| [frame, 0, 0]),
        (Call::ClearDirty, |frame| [frame, 0, 0]),
        (Call::Capability, |frame| [frame, 0, 0]),
        (Call::Free, |frame| [frame, 0, 0]),
    ];
    for (call, arguments) in operations {
        for (frame, owned) in [(mine, true), (0, false)] {
            let (mut machine, mut events) = (start.clone(), Vec::new());
            let answer = machine.native_call(A, call, arguments(frame), &mut events);
            let refused = Some(Err(SysError::NoAuthority));
            assert_eq!(answer == refused, !owned, "{call:?} {frame}: {answer:?}");
            assert_eq!(events.len(), 1, "one call, one fact: {events:?}");
            // Nobody is told, woken or entered, and nobody's state moves but what was named.
            let (mut was, is) = (others(&start), others(&machine));
            if owned && call == Call::Free {
                was[0].frames_held -= 1;
            }
            assert!(was == is, "{call:?} did more than it was asked for");
            assert_eq!(machine.kernel().running, A);
        }
    }
    // What is everybody's own to withdraw asks nobody.
    for (call, arguments) in [(Call::TlbDrop, [5, 0, 0]), (Call::Coprocessor, [1, 0, 0])] {
        let answer = start.native_call(A, call, arguments, &mut Silent);
        assert_eq!(answer, Some(Ok(0)));
    }
}

/// A packet, and nothing else.
struct Packet<'bytes>(&'bytes [u8]);

impl Bus for Packet<'_> {
    fn packet(&self) -> &[u8] {
        self.0
    }
}

/// A filter that accepts packets of protocol 17, which stands in byte 9.
fn filter() -> Downloaded {
    let code = vec![
        Instr::Const { to: 1, value: 9 },
        Instr::PacketLoad {
            to: 2,
            at: 1,
            bits: 8,
        },
        Instr::Const { to: 3, value: 17 },
        Instr::Eq {
            to: 0,
            left: 2,
            right: 3,
        },
        Instr::Return { first: 0, count: 1 },
    ];
    let program = crate::bytecode::program(Role::PacketFilter, Entry::Accept, code);
    Downloaded::new(Arc::new(program)).unwrap()
}

#[test]
fn a12_bindings_are_kept_by_hardware_by_a_software_cache_and_by_downloaded_code_each_by_itself() {
    let trace = rounds(12, 600);
    let run = |tlb: &str, stlb_entries: u32| {
        let source = sample("fifo").unwrap().source;
        let mut machine = Machine::new(MachineConfig {
            tlb: exo_session::parse_tlb(tlb).unwrap(),
            stlb_entries,
            environments: vec![EnvironmentConfig {
                handler: Handler::Program(Arc::new(exo_policy::compile(source).unwrap())),
                frame_limit: 12,
                application: Application::Trace(0),
                downloads: Vec::new(),
            }],
            ..MachineConfig::default()
        })
        .unwrap();
        machine.run(u64::MAX, &[&trace], &mut Silent);
        of(&machine, A).counters
    };
    let (neither, hardware) = (run("full:1:lru", 0), run("full:64:lru", 0));
    let (software, both) = (run("full:1:lru", 4096), run("full:64:lru", 4096));
    for counters in [neither, hardware, software, both] {
        assert_eq!((counters.references, counters.page_loads), (600, 12));
    }
    assert_eq!(
        (neither.tlb_hits, neither.stlb_hits, neither.upcalls),
        (0, 0, 600)
    );
    assert_eq!((hardware.stlb_hits, hardware.upcalls), (0, 12));
    assert_eq!((software.tlb_hits, software.upcalls), (0, 12));
    assert_eq!(software.stlb_hits, 588);
    assert_eq!((both.tlb_hits, both.stlb_hits, both.upcalls), (588, 0, 12));
    // The third one decides by a program of its owner's, who does not run for it.
    let mut filter = filter();
    let packet = |protocol: u8| [0, 0, 0, 0, 0, 0, 0, 0, 0, protocol];
    assert_eq!(filter.run(&mut Packet(&packet(17))).result, Ok(1));
    assert_eq!(filter.run(&mut Packet(&packet(6))).result, Ok(0));
}

/// A libOS that maps what is touched and passes exceptions over with a value.
const EXCEPTIONS: &str = "
use exo_prelude::*;
pub struct Own { count: u64, scratch: [u64; 8] }
impl Own { pub const fn new() -> Own { Own { count: 0, scratch: [0; 8] } } }
impl LibOs for Own {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let frame = sys.allocate()?;
        sys.tlb_write(fault.page, frame, Access::ReadWrite)
    }
    fn exception(&mut self, sys: &mut Sys, exception: Exception) -> Result<Resume, SysError> {
        for place in 0..8 { self.scratch[place] = 1_000_000 + place as u64 + exception.value; }
        self.count = sys.cycles();
        Ok(Resume { how: Resumption::Skip, value: 5 })
    }
}";

/// Many registers are in use when its instructions meet exceptions, and are told afterwards.
const REGISTERS: &str = "
use exo_prelude::*;
pub struct Full { given: u64, small: u8 }
impl Full { pub const fn new() -> Full { Full { given: 3, small: 255 } } }
impl Application for Full {
    fn main(&mut self, mem: &mut Mem, sys: &mut Sys) {
        mem.store_u64(0x5000, 77);
        let a = self.given + 1;
        let b = self.given + 2;
        let c = self.given + 3;
        let d = self.given + 4;
        let e = self.given + 5;
        let from_unaligned = mem.load_u32(0x9003) as u64;
        let from_overflow = (self.small + 1) as u64;
        let from_coprocessor = mem.square_root(900);
        log!(\"{} {} {}\", a * 100_000 + b * 10_000 + c * 1_000 + d * 100 + e * 10, from_unaligned, from_overflow);
        log!(\"{}\", from_coprocessor);
        log!(\"{}\", mem.load_u64(0x5000));
        sys.coprocessor(true);
    }
}";

#[test]
fn a22_an_exception_is_dispatched_without_the_tlb_and_every_register_is_as_it_was() {
    let environment = |exceptions: &str| EnvironmentConfig {
        handler: crate::applications::policy(exceptions),
        ..crate::applications::environment(&crate::applications::compiled(REGISTERS), 2)
    };
    let (end, events) = ends(&machine(vec![environment(EXCEPTIONS)]));
    assert_eq!(logged(&events, A), [456_780, 5, 77]);
    // Three exceptions and one fault went up, at as many crossings beside the calls.
    let counters = of(&end, A).counters;
    assert_eq!((counters.upcalls, counters.page_loads), (4, 1));
    assert_eq!(
        counters.tlb_misses, 1,
        "no look-up but the application's own"
    );
    assert_eq!(counters.crossings, 4 + counters.system_calls);
    // The save area and the handler are reached past the TLB: it holds what it held.
    let around = |it: &Stamped| matches!(it.event, Event::Raised { .. } | Event::Recovered { .. });
    let kinds = events.iter().filter(|it| around(it)).count();
    assert_eq!(kinds, 6);
    // Each kind has a handler's address of its own: without one for exceptions, faults go on.
    let (functions, behind) = EXCEPTIONS.split_once("fn exception").unwrap();
    let after = behind.split_once("\n    }\n").unwrap().1;
    let (end, events) = ends(&machine(vec![environment(&format!("{functions}{after}"))]));
    assert_eq!(of(&end, A).counters.page_loads, 1);
    assert!(
        events
            .iter()
            .any(|it| matches!(it.event, Event::Broken { env: A, .. }))
    );
}

#[test]
fn a33_the_software_tlb_has_4096_entries_and_absorbs_what_64_cannot_hold_at_36_cycles_each() {
    assert_eq!(MachineConfig::default().stlb_entries, 4096);
    let pages = 1_000;
    let run = |stlb_entries: u32| {
        let source = sample("fifo").unwrap().source;
        let mut machine = Machine::new(MachineConfig {
            frames: 1_100,
            stlb_entries,
            environments: vec![EnvironmentConfig {
                handler: Handler::Program(Arc::new(exo_policy::compile(source).unwrap())),
                frame_limit: pages,
                application: Application::Trace(0),
                downloads: Vec::new(),
            }],
            ..MachineConfig::default()
        })
        .unwrap();
        let program = Program::rounds(pages, 5);
        machine.run(u64::MAX, &[&program.trace.trace], &mut Silent);
        let environment = of(&machine, A);
        (environment.counters, environment.cycles.kernel)
    };
    let ((with, kernel), (without, kernel_without)) = (run(4096), run(0));
    let pages = u64::from(pages);
    assert_eq!(with.upcalls, pages, "each page comes up once");
    assert!(with.tlb_misses > 4 * pages, "64 entries do not hold them");
    assert_eq!(with.stlb_hits, with.tlb_misses - pages);
    // A hit is 36 cycles; a page's first fault a dispatch and the calls of its policy.
    let calls = with.system_calls;
    assert_eq!(kernel, with.stlb_hits * 36 + pages * 36 + calls * 40);
    assert_eq!(without.stlb_hits, 0);
    assert_eq!(without.upcalls, without.tlb_misses);
    assert!(kernel_without > kernel + 4 * pages * 36);
    // Direct-mapped: with fewer entries than pages, those that share one come up in turn.
    assert_eq!(run(512).0.upcalls, without.upcalls - run(512).0.stlb_hits);
}

#[test]
fn a51_the_page_table_is_a_vector_and_finds_a_page_by_halving_it() {
    let linear = table("linear").unwrap();
    // All fit into memory but not into the TLB: each touch is looked up. Twice the pages are one
    // more step of the search, whose length is the same each time.
    let of_looking_up = |pages: u32| {
        let rounds = Program::rounds(pages, 20).run("demand-zero", linear, pages);
        let first = Program::rounds(pages, 10).run("demand-zero", linear, pages);
        let looked_up = rounds.upcalls - first.upcalls;
        (rounds.cycles.libos - first.cycles.libos) as f64 / looked_up as f64
    };
    let cycles = [300, 600, 1_200, 2_400].map(of_looking_up);
    let steps: Vec<f64> = cycles.windows(2).map(|pair| pair[1] - pair[0]).collect();
    for step in &steps {
        assert!((5.0..15.0).contains(step), "{cycles:?}");
        assert!((step / steps[0] - 1.0).abs() < 0.1, "{cycles:?}");
    }
}

#[test]
fn a51_two_pages_can_be_one_frame_and_a_frame_can_be_named() {
    let sizes = Sizes {
        frames: 3,
        limits: vec![2, 2],
        ..Sizes::tiny(2, 3, 2, 4)
    };
    let stage = Stage::new(sizes, 100);
    let mut world = World::new(&stage).unwrap();
    let mut play = |text: &str| {
        for command in text.split('|') {
            let mut events = Vec::new();
            let command = parse(command.trim()).unwrap();
            let answer = world.apply(&stage, command, &mut events).unwrap();
            assert!(!matches!(answer, Some(Err(_))), "{command}: {answer:?}");
            world.machine.check().unwrap();
        }
        world.machine.environment(EnvId(0)).unwrap().checksum
    };
    // A name of one's own choice, and one frame at two addresses.
    let before =
        play("allocate_at 2 | tlb_write 0 2 rw | capability 2 rw | tlb_write_shared 1 key0 rw");
    let after = play("write 0x0 | read 0x1");
    assert_ne!(
        after,
        before.rotate_left(5),
        "the other address has what was stored"
    );
    // Another environment sees it too, as far as it was let.
    play("switch | tlb_write_shared 0 key0 r | read 0x0");
}
