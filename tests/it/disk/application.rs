//! An application that has the disk do something by itself waits as its libOS would.

use std::sync::Arc;

use exo_core::cpu::Role;
use exo_core::event::{Event, Silent, Stamped};
use exo_core::ids::EnvId;
use exo_core::kernel::{Handler, Phase};
use exo_core::machine::{Application, EnvironmentConfig, Machine, MachineConfig, Stop};
use expect_test::expect;

use crate::fixture::render;

/// Writes a page of its own out, changes it, and reads it back.
const SAVES: &str = "
use exo_prelude::*;

pub struct Saves {
    found: u64,
}

const PAGE: u32 = 1024;
const ADDRESS: u32 = 4194304;

impl Saves {
    pub const fn new() -> Saves {
        Saves { found: 0 }
    }

    fn save(&mut self, mem: &mut Mem, sys: &mut Sys) -> Result<(), SysError> {
        let frame = sys.allocate()?;
        let extent = sys.extent_allocate(1)?;
        sys.tlb_write(PAGE, frame, Access::ReadWrite)?;
        mem.store_u64(ADDRESS, 4711);
        sys.disk_write(extent, 0, frame)?;
        sys.tlb_write(PAGE, frame, Access::ReadWrite)?;
        mem.store_u64(ADDRESS, 1);
        sys.disk_read(extent, 0, frame)?;
        sys.tlb_write(PAGE, frame, Access::ReadWrite)?;
        self.found = mem.load_u64(ADDRESS);
        sys.disk_read(extent, 1, frame)
    }
}

impl Application for Saves {
    fn main(&mut self, mem: &mut Mem, sys: &mut Sys) {
        match self.save(mem, sys) {
            Err(SysError::NoSuchBlock) => self.found += 1,
            _ => self.found = 0,
        }
    }
}
";

fn machine(environments: usize) -> Machine {
    let program = exo_policy::compile_as(Role::Application, SAVES).unwrap();
    let environment = EnvironmentConfig {
        handler: Handler::None,
        frame_limit: 1,
        application: Application::Program(Arc::new(program)),
        downloads: Vec::new(),
    };
    Machine::new(MachineConfig {
        frames: 8,
        disk_blocks: 8,
        stlb_entries: 16,
        slice_references: 10,
        environments: vec![environment; environments],
        ..MachineConfig::default()
    })
    .unwrap()
}

fn found(machine: &Machine, env: u8) -> u64 {
    let bytes = machine.application_bytes(EnvId(env));
    u64::from_le_bytes(bytes[..8].try_into().unwrap())
}

#[test]
fn d2_an_application_waits_for_the_disk_and_goes_on_behind_its_call() {
    let mut machine = machine(1);
    let mut events: Vec<Stamped> = Vec::new();
    while machine.step(&[], &mut events) == Stop::Reached {
        machine.check().unwrap();
    }
    assert_eq!(found(&machine, 0), 4712);
    let told: Vec<String> = events.iter().map(|it| render::event(&it.event)).collect();
    expect![[r#"
        a allocated f1
        a allocated d0+1 by c0
        a bound p400 f1 rw slot=0 index=0 loaded
        a write p400 f1 slot=0
        a disk f1 to d0 dropped=2 due=50215
        a nobody runs for 50000
        a disk f1 to d0 done
        a bound p400 f1 rw slot=0 index=0
        a write p400 f1 slot=0
        a disk d0 to f1 dropped=2 due=350326
        a nobody runs for 300000
        a disk d0 to f1 done replaced=p400
        a bound p400 f1 rw slot=0 index=0 loaded
        a read p400 f1 slot=0
        a refused disk_read NoSuchBlock
        a finished"#]]
    .assert_eq(&told.join("\n"));
}

#[test]
fn inv_det_1_applications_that_wait_do_the_same_stepped_and_at_full_speed() {
    let (mut stepped, mut run) = (machine(3), machine(3));
    let mut events: Vec<Stamped> = Vec::new();
    while stepped.step(&[], &mut events) == Stop::Reached {
        stepped.check().unwrap();
    }
    assert_eq!(run.run(u64::MAX, &[], &mut Silent), Stop::Halted);
    assert_eq!(stepped.state_digest(), run.state_digest());
    assert_eq!(stepped.events(), run.events());
    for env in 0..3 {
        assert_eq!(found(&run, env), 4712);
        let phase = run.environment(EnvId(env)).unwrap().phase;
        assert_eq!(phase, Phase::Finished);
    }
    // They wait at the same time: each waits for the others' transfers too.
    let waiting = |env| run.environment(EnvId(env)).unwrap().counters.waiting_cycles;
    assert!(waiting(0) + waiting(1) + waiting(2) > 2 * run.cycles());
    let idle = |it: &&Stamped| matches!(it.event, Event::Idled { .. });
    assert!(events.iter().filter(idle).count() >= 6);
}

#[test]
fn a_checkpoint_in_the_middle_of_a_wait_leads_to_the_same_end() {
    let mut machine = machine(2);
    let mut checkpoints = Vec::new();
    while machine.step(&[], &mut Silent) == Stop::Reached {
        let waits = |env| {
            let environment = machine.environment(EnvId(env)).unwrap();
            matches!(environment.phase, Phase::Waiting(_))
        };
        if waits(0) || waits(1) {
            let digest = machine.state_digest();
            checkpoints.push((machine.checkpoint(), digest));
        }
    }
    let end = machine.state_digest();
    assert!(checkpoints.len() > 20);
    for (checkpoint, digest) in checkpoints.iter().rev() {
        machine.restore(checkpoint);
        machine.check().unwrap();
        assert_eq!(machine.state_digest(), *digest);
        machine.run(u64::MAX, &[], &mut Silent);
        assert_eq!(machine.state_digest(), end);
    }
}

#[test]
fn d2_a_transfer_is_complete_at_its_time_in_the_middle_of_the_run_of_another() {
    let program = exo_policy::compile_as(Role::Application, SAVES).unwrap();
    let busy = exo_policy::compile_as(
        Role::Application,
        "use exo_prelude::*;
        pub struct Busy { turns: u64 }
        impl Busy { pub const fn new() -> Busy { Busy { turns: 0 } } }
        impl Application for Busy {
            fn main(&mut self, _mem: &mut Mem, _sys: &mut Sys) {
                while self.turns < 200000 { self.turns += 1; }
            }
        }",
    );
    let environment = |program| EnvironmentConfig {
        handler: Handler::None,
        frame_limit: 1,
        application: Application::Program(Arc::new(program)),
        downloads: Vec::new(),
    };
    let mut machine = Machine::new(MachineConfig {
        frames: 8,
        disk_blocks: 8,
        stlb_entries: 16,
        slice_references: 50_000,
        environments: vec![environment(program), environment(busy.unwrap())],
        ..MachineConfig::default()
    })
    .unwrap();
    let mut events: Vec<Stamped> = Vec::new();
    assert_eq!(machine.run(u64::MAX, &[], &mut events), Stop::Halted);
    assert_eq!(found(&machine, 0), 4712);
    let due = events.iter().filter_map(|it| match it.event {
        Event::DiskRequested { due_cycles, .. } => Some(due_cycles),
        _ => None,
    });
    let completed = events
        .iter()
        .filter(|it| matches!(it.event, Event::DiskCompleted { .. }));
    let completed: Vec<u64> = completed.map(|it| it.cycles).collect();
    assert_eq!(completed, due.collect::<Vec<u64>>());
    let idle = |it: &Stamped| matches!(it.event, Event::Idled { .. });
    assert!(!events.iter().any(idle), "there is always one that can run");
}
