//! Paging: under every policy with every page table, contents survive on the disk.

use std::sync::Arc;

use exo_core::error::SysError;
use exo_core::event::BreakReason;
use exo_core::ids::EnvId;
use exo_core::kernel::{Counters, Environment, Phase};
use exo_core::machine::{Machine, Stop};
use exo_libos_samples::{BackingStore, PageTable, Sample, TABLES, sample, store};
use exo_session::{ApplicationSpec, EnvironmentSpec, MachineShape, Scenario, Session, parse_tlb};

use crate::samples::{Program, replacing};

const A: EnvId = EnvId(0);

/// What a run is made of.
pub struct Run<'a> {
    pub sample: &'a Sample,
    pub table: &'a PageTable,
    pub store: &'a BackingStore,
    pub frames: u32,
    pub disk_blocks: u32,
    pub page_bits: u8,
}

impl<'a> Run<'a> {
    pub fn swapping(sample: &'a Sample, table: &'a PageTable, frames: u32) -> Run<'a> {
        let store = store("swap").unwrap();
        Run {
            sample,
            table,
            store,
            frames,
            disk_blocks: 512,
            page_bits: 12,
        }
    }

    /// Runs an application to its end.
    fn of(&self, application: ApplicationSpec) -> Session {
        let mut session = self.at_reset(application);
        assert_eq!(session.run_slice(u64::MAX), Stop::Halted);
        session.machine().check().unwrap();
        session
    }

    /// The machine with an application, at reset.
    pub fn at_reset(&self, application: ApplicationSpec) -> Session {
        let mut scenario = Scenario {
            title: self.sample.title.to_owned(),
            machine: MachineShape {
                tlb: parse_tlb("full:8:lru").unwrap(),
                stlb_entries: 16,
                use_stamps: self.sample.use_stamps,
                disk_blocks: self.disk_blocks,
                page_bits: self.page_bits,
                ..MachineShape::default()
            },
            environments: vec![EnvironmentSpec {
                name: self.sample.name.to_owned(),
                source: self.sample.with_parts(self.table, self.store),
                frame_limit: self.frames,
                application,
                downloads: Vec::new(),
            }],
            network: None,
        };
        scenario.machine.frames = self.frames + 2 + scenario.pinned_frames().unwrap();
        Session::new(scenario).unwrap()
    }
}

fn environment(session: &Session) -> &Environment {
    session.machine().environment(A).unwrap()
}

fn counters(session: &Session) -> Counters {
    environment(session).counters
}

/// Stores a byte of its own to each byte of twelve pages, then goes through them twice more: each
/// must hold what was stored, and is given another byte.
const PATTERN: &str = "
use exo_prelude::*;

pub struct Pattern {
    right: u64,
    wrong: u64,
}

const FIRST: u32 = 4096;
const BYTES: u32 = 3072;

impl Pattern {
    pub const fn new() -> Pattern {
        Pattern { right: 0, wrong: 0 }
    }

    fn byte(&self, at: u32, round: u32) -> u8 {
        ((at.wrapping_mul(40503).wrapping_add(round * 77)) >> 8) as u8
    }
}

impl Application for Pattern {
    fn main(&mut self, mem: &mut Mem, _sys: &mut Sys) {
        for at in 0..BYTES {
            mem.store_u8(FIRST + at, self.byte(at, 0));
        }
        for round in 0..2 {
            for at in 0..BYTES {
                if mem.load_u8(FIRST + at) == self.byte(at, round) {
                    self.right += 1;
                } else {
                    self.wrong += 1;
                }
                mem.store_u8(FIRST + at, self.byte(at, round + 1));
            }
        }
    }
}
";

/// How many bytes the pattern's program found as it had left them, and how many not.
fn found(session: &Session) -> (u64, u64) {
    found_in(session.machine())
}

/// As [`found`], of a machine.
pub fn found_in(machine: &Machine) -> (u64, u64) {
    let bytes = machine.application_bytes(A);
    let word = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
    (word(0), word(8))
}

pub fn pattern() -> ApplicationSpec {
    ApplicationSpec::Program {
        name: "pattern.rs".to_owned(),
        source: PATTERN.to_owned(),
    }
}

#[test]
fn a19_every_byte_survives_eviction_under_every_policy_with_every_page_table() {
    for sample in replacing() {
        for table in TABLES {
            let run = Run {
                page_bits: 8,
                ..Run::swapping(sample, table, 5)
            };
            let session = run.of(pattern());
            let (name, table) = (sample.name, table.name);
            assert_eq!(found(&session), (2 * 3072, 0), "{name} with {table}");
            let count = counters(&session);
            // Eighteen pages in three rounds, of which five have a frame at any time.
            assert!(count.disk_writes >= 12 && count.disk_reads >= 12, "{name}");
            assert_eq!(environment(&session).phase, Phase::Finished);
        }
    }
}

#[test]
fn without_a_store_the_same_program_finds_its_pages_empty() {
    let none = store("none").unwrap();
    let run = Run {
        page_bits: 8,
        store: none,
        ..Run::swapping(sample("fifo").unwrap(), &TABLES[0], 5)
    };
    let (right, wrong) = found(&run.of(pattern()));
    assert!(right < wrong && right + wrong == 2 * 3072);
}

/// The checksum of a program that has memory for all of its pages.
fn undisturbed(program: &Program) -> u64 {
    let all = sample("demand-zero").unwrap();
    let run = Run::swapping(all, &TABLES[0], 200);
    let session = run.of(ApplicationSpec::Trace(program.trace.clone()));
    assert_eq!(counters(&session).evictions, 0);
    environment(&session).checksum
}

#[test]
fn a19_a_traced_program_reads_on_few_frames_what_it_reads_on_many() {
    let program = Program::beginning(40_000);
    let whole = undisturbed(&program);
    for sample in replacing() {
        for table in TABLES {
            let application = || ApplicationSpec::Trace(program.trace.clone());
            let swapped = Run::swapping(sample, table, 8).of(application());
            let (name, table_name) = (sample.name, table.name);
            let checksum = environment(&swapped).checksum;
            assert_eq!(checksum, whole, "{name} with {table_name}");
            // The disk changes what pages hold, and not which ones go.
            let lost = Run {
                store: store("none").unwrap(),
                ..Run::swapping(sample, table, 8)
            };
            let lost = lost.of(application());
            assert_ne!(environment(&lost).checksum, whole, "{name}");
            let loads = |it: &Session| (counters(it).page_loads, counters(it).evictions);
            assert_eq!(loads(&swapped), loads(&lost), "{name} with {table_name}");
            let (count, none) = (counters(&swapped), counters(&lost));
            assert!(count.disk_writes > 0 && count.disk_reads > 0);
            assert_eq!((none.disk_writes, none.disk_reads), (0, 0));
        }
    }
}

#[test]
fn a_page_that_was_not_written_since_it_came_is_not_written_out() {
    // Each page is stored to once and then only read.
    let mut trace = exo_core::trace::Trace::new();
    let store = exo_core::ids::ReferenceKind::Store;
    (0..6).for_each(|page| trace.push(page << 12, store));
    let load = exo_core::ids::ReferenceKind::Load;
    (0..60).for_each(|number| trace.push((number % 6) << 12, load));
    let trace = Arc::new(exo_session::NamedTrace::made("loads", trace, 6));
    for sample in replacing() {
        let run = Run::swapping(sample, &TABLES[0], 4);
        let session = run.of(ApplicationSpec::Trace(trace.clone()));
        let writes = counters(&session).disk_writes;
        assert!(writes <= 6, "{} writes {writes} times", sample.name);
        assert!(counters(&session).disk_reads > 6, "{}", sample.name);
    }
}

#[test]
fn a_store_without_a_disk_loses_pages_as_none_does() {
    let program = Program::beginning(20_000);
    let application = || ApplicationSpec::Trace(program.trace.clone());
    let run = |name| Run {
        store: store(name).unwrap(),
        disk_blocks: 0,
        ..Run::swapping(sample("clock").unwrap(), &TABLES[0], 8)
    };
    let (swap, none) = (run("swap").of(application()), run("none").of(application()));
    assert_eq!(environment(&swap).checksum, environment(&none).checksum);
    assert_eq!(environment(&swap).phase, Phase::Finished);
    // It asks once whether there is a disk.
    let asked = counters(&swap).system_calls - counters(&none).system_calls;
    assert_eq!(asked, 1);
}

#[test]
fn a_policy_whose_disk_is_full_gives_up_rather_than_lose_a_page() {
    let run = Run {
        disk_blocks: 4,
        page_bits: 8,
        ..Run::swapping(sample("fifo").unwrap(), &TABLES[0], 5)
    };
    let session = run.of(pattern());
    assert_eq!(
        environment(&session).phase,
        Phase::Broken(BreakReason::Failed(SysError::NoFreeBlocks))
    );
}
