//! Twins: each sample as rustc compiles it, natively, against the compiled policy on the CPU.
//!
//! Both run the same references on the same machine, and must cause the same events in the same
//! order, without positions, cycles, times, fuel and lines. The compiled policy's own state is
//! pinned in frames, which the twin keeps in native memory: its machine has so many frames fewer,
//! and the numbers of frames are compared by order of first allocation.

use std::collections::HashMap;

use exo_core::cpu::SourcePlace;
use exo_core::error::SysError as Refusal;
use exo_core::event::{Event, Stamped};
use exo_core::ids::{self, EnvId, Object};
use exo_core::kernel::Handler;
use exo_core::kernel::call::{Call, CallResult};
use exo_core::machine::{
    Application, EnvironmentConfig, Machine, MachineConfig, NativeFault, Stop,
};
use exo_core::trace::Trace;
use exo_prelude::{Access, Cause, Fault, LibOs, Sys, SysError, SystemCalls};

const A: EnvId = EnvId(0);
const REFERENCES: usize = 50_000;

/// The kernel's door as the prelude shows it, over a machine that waits for a native handler.
struct Door<'run> {
    machine: &'run mut Machine,
    trace: &'run Trace,
    events: &'run mut Vec<Stamped>,
}

impl Door<'_> {
    /// Lets the machine run until the call that the handler waits in is complete.
    fn outcome(&mut self) -> CallResult {
        let stop = self.machine.run(u64::MAX, &[self.trace], self.events);
        assert_eq!(stop, Stop::Upcall(A));
        let outcome = self.machine.native_outcome(A);
        outcome.expect("an answer")
    }
}

impl SystemCalls for Door<'_> {
    fn call(&mut self, number: u8, arguments: [u64; 3]) -> Result<u64, SysError> {
        let call = Call::from_number(number).expect("a call that exists");
        let result = self.machine.native_call(A, call, arguments, self.events);
        let result = result.unwrap_or_else(|| self.outcome());
        result.map_err(refusal)
    }
}

/// What a policy calls an error of the kernel.
fn refusal(error: Refusal) -> SysError {
    SysError::from_number(error as u64).expect("the kernel's errors are the prelude's")
}

/// What the kernel calls an error that a policy returned.
fn given_back(error: SysError) -> Refusal {
    Refusal::from_number(error as u64).expect("the prelude's errors are the kernel's")
}

fn told(fault: NativeFault) -> Fault {
    Fault {
        address: fault.address,
        page: fault.page.0,
        access: match fault.access {
            ids::Access::Read => Access::Read,
            ids::Access::ReadWrite => Access::ReadWrite,
        },
        cause: match fault.cause {
            ids::Cause::Miss => Cause::Miss,
            ids::Cause::Protection => Cause::Protection,
        },
    }
}

/// Runs the twin that rustc compiled.
fn natively(mut libos: impl LibOs, shape: Shape, trace: &Trace) -> Vec<Event> {
    let mut machine = machine(Handler::Native, shape.0, shape);
    let mut events: Vec<Stamped> = Vec::new();
    let mut upcalls = 0_u32;
    while machine.run(u64::MAX, &[trace], &mut events) == Stop::Upcall(A) {
        let fault = told(machine.native_fault(A).expect("a fault"));
        let mut door = Door {
            machine: &mut machine,
            trace,
            events: &mut events,
        };
        let result = libos.page_fault(&mut Sys::new(&mut door), fault);
        let result = result.map_err(given_back);
        machine.native_return(A, result, &mut events);
        // Checking looks at every frame: often at first, then now and then.
        upcalls += 1;
        if upcalls < 200 || upcalls.is_multiple_of(50) {
            machine.check().unwrap();
        }
    }
    machine.check().unwrap();
    comparable(&events)
}

/// Runs the twin that our compiler compiled.
fn emulated(source: &str, shape: Shape, trace: &Trace) -> Vec<Event> {
    let program = exo_policy::compile(source).unwrap();
    let pinned = program.initial_state.len().div_ceil(4096) as u32;
    let mut machine = machine(Handler::Program(program.into()), shape.0 + pinned, shape);
    let mut events: Vec<Stamped> = Vec::new();
    assert_eq!(machine.run(u64::MAX, &[trace], &mut events), Stop::Halted);
    machine.check().unwrap();
    comparable(&events)
}

/// Frames that the environment may hold, the TLB, and blocks of the disk.
type Shape<'a> = (u32, &'a str, u32);

fn machine(handler: Handler, frames: u32, (frame_limit, tlb, disk_blocks): Shape) -> Machine {
    Machine::new(MachineConfig {
        frames,
        tlb: exo_session::parse_tlb(tlb).unwrap(),
        stlb_entries: 64,
        use_stamps: true,
        disk_blocks,
        environments: vec![EnvironmentConfig {
            handler,
            frame_limit,
            application: Application::Trace(0),
            downloads: Vec::new(),
        }],
        ..MachineConfig::default()
    })
    .unwrap()
}

/// The events without log lines, with frames numbered by first allocation, and without the line at
/// which a policy gave up, which rustc's twin cannot tell.
fn comparable(events: &[Stamped]) -> Vec<Event> {
    let mut order: HashMap<u32, u32> = HashMap::new();
    let events = events.iter().map(|it| it.event);
    let kept = events.filter(|event| !matches!(event, Event::Logged { .. }));
    kept.map(|mut event| {
        match &mut event {
            Event::Allocated { frame, .. }
            | Event::Freed { frame, .. }
            | Event::Bound { frame, .. }
            | Event::StlbHit { frame, .. }
            | Event::Accessed { frame, .. }
            | Event::BitRead { frame, .. }
            | Event::BitCleared { frame, .. }
            | Event::StampRead { frame, .. }
            | Event::CapabilityMade {
                object: Object::Frame(frame),
                ..
            }
            | Event::CapabilityRevoked {
                object: Object::Frame(frame),
                ..
            }
            | Event::DiskRequested { frame, .. }
            | Event::DiskCompleted { frame, .. }
            | Event::BoundShared { frame, .. } => {
                let next = order.len() as u32;
                frame.0 = *order.entry(frame.0).or_insert(next);
            }
            Event::Broken { place, .. } => *place = SourcePlace::default(),
            Event::Idled { cycles, .. } => *cycles = 0,
            _ => {}
        }
        if let Event::DiskRequested { due_cycles, .. } = &mut event {
            *due_cycles = 0;
        }
        event
    })
    .collect()
}

/// Compares the twins of a sample with one page table, and gives back what happened.
fn compare(libos: impl LibOs, source: &str, (frames, tlb): (u32, &str)) -> Vec<Event> {
    compare_with(libos, source, (frames, tlb, 0))
}

/// As `compare`, perhaps with a disk.
pub fn compare_with(libos: impl LibOs, source: &str, shape: Shape) -> Vec<Event> {
    let shipped = exo_session::sample_trace().unwrap().trace;
    let mut trace = Trace::new();
    for (address, kind) in shipped.iter().take(REFERENCES) {
        trace.push(address, kind);
    }
    let native = natively(libos, shape, &trace);
    let emulated = emulated(source, shape, &trace);
    for (place, (one, other)) in native.iter().zip(&emulated).enumerate() {
        assert_eq!(one, other, "event {place}");
    }
    assert_eq!(native.len(), emulated.len());
    native
}

/// The source of a sample with a page table.
fn joined(name: &str, table: &str) -> String {
    joined_with(name, table, "none")
}

/// The source of a sample with a page table and a backing store.
pub fn joined_with(name: &str, table: &str, store: &str) -> String {
    let table = exo_libos_samples::table(table).unwrap();
    let store = exo_libos_samples::store(store).unwrap();
    let sample = exo_libos_samples::sample(name).unwrap();
    sample.with_parts(table, store)
}

/// A test that a sample does the same under both compilers: with every page table, and long enough
/// that it replaces many pages.
macro_rules! twins {
    ($($test:ident: $module:ident $policy:ident $name:literal;)*) => {
        /// The samples that are compared.
        const COMPARED: &[&str] = &[$($name),*];
        $(
            #[test]
            fn $test() {
                use exo_libos_samples::$module::{inverted, linear, two_level};
                let few = (16, "full:8:lru");
                let many = (64, "full:64:random");
                compare(inverted::$policy::new(), &joined($name, "inverted"), many);
                let one = compare(inverted::$policy::new(), &joined($name, "inverted"), few);
                let two = compare(linear::$policy::new(), &joined($name, "linear"), few);
                let three = compare(two_level::$policy::new(), &joined($name, "two-level"), few);
                assert!(one == two && two == three, "the table decides how fast, not what");
                let replaces = |it: &Event| matches!(it, Event::Bound { replaced: Some(_), .. });
                let gives_up = |it: &Event| matches!(it, Event::Broken { .. });
                assert!(one.iter().filter(|it| replaces(it)).count() > 100 || one.iter().any(gives_up));
            }
        )*
    };
}

twins! {
    demand_zero_by_rustc_and_by_our_compiler_do_the_same: demand_zero DemandZero "demand-zero";
    fifo_by_rustc_and_by_our_compiler_do_the_same: fifo Fifo "fifo";
    clock_by_rustc_and_by_our_compiler_do_the_same: clock Clock "clock";
    second_chance_by_rustc_and_by_our_compiler_do_the_same: second_chance SecondChance "second-chance";
    lru_by_rustc_and_by_our_compiler_do_the_same: lru Lru "lru";
    mru_by_rustc_and_by_our_compiler_do_the_same: mru Mru "mru";
    wsclock_by_rustc_and_by_our_compiler_do_the_same: wsclock WsClock "wsclock";
    random_by_rustc_and_by_our_compiler_do_the_same: random Random "random";
    two_queues_by_rustc_and_by_our_compiler_do_the_same: two_queues TwoQueues "2q";
    join_by_rustc_and_by_our_compiler_do_the_same: join Join "join";
    protect_by_rustc_and_by_our_compiler_do_the_same: protect Protect "protect";
    gc_by_rustc_and_by_our_compiler_do_the_same: gc Gc "gc";
}

#[test]
fn every_sample_has_its_twin() {
    let names: Vec<&str> = exo_libos_samples::SAMPLES
        .iter()
        .map(|it| it.name)
        .collect();
    assert_eq!(COMPARED, names);
}
