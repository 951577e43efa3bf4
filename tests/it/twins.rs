//! Twins: each sample as rustc compiles it, natively, against the compiled policy on the CPU.
//!
//! Both run the same references on the same machine, and must cause the same events in the same
//! order, without positions, cycles and fuel. The compiled policy's own state is pinned in frames,
//! which the twin keeps in native memory: its machine has so many frames fewer, and the numbers of
//! frames are compared by order of first allocation.

use std::collections::HashMap;

use exo_core::error::SysError as Refusal;
use exo_core::event::{Event, Stamped};
use exo_core::ids::{self, EnvId};
use exo_core::kernel::Handler;
use exo_core::kernel::call::Call;
use exo_core::machine::{
    Application, EnvironmentConfig, Machine, MachineConfig, NativeFault, Stop,
};
use exo_core::trace::Trace;
use exo_prelude::{Access, Cause, Fault, Frame, LibOs, Sys, SysError, SystemCalls};

const A: EnvId = EnvId(0);
const REFERENCES: usize = 50_000;

/// The kernel's door as the prelude shows it, over a machine that waits for a native handler.
struct Door<'run> {
    machine: &'run mut Machine,
    events: &'run mut Vec<Stamped>,
}

impl Door<'_> {
    fn call(&mut self, call: Call, arguments: [u64; 3]) -> Result<u64, SysError> {
        let result = self.machine.native_call(A, call, arguments, self.events);
        result.expect("the handler is under way").map_err(refusal)
    }

    fn done(&mut self, call: Call, frame: Frame) -> Result<(), SysError> {
        self.call(call, [frame.number().into(), 0, 0]).map(|_| ())
    }

    fn bit(&mut self, call: Call, frame: Frame) -> Result<bool, SysError> {
        Ok(self.call(call, [frame.number().into(), 0, 0])? != 0)
    }

    fn answer(&mut self, call: Call) -> u64 {
        self.call(call, [0; 3])
            .expect("a question is never refused")
    }
}

impl SystemCalls for Door<'_> {
    fn allocate(&mut self) -> Result<Frame, SysError> {
        let number = self.call(Call::Allocate, [0; 3])?;
        Ok(Frame::new(number as u32))
    }

    fn allocate_at(&mut self, frame: Frame) -> Result<(), SysError> {
        self.done(Call::AllocateAt, frame)
    }

    fn free(&mut self, frame: Frame) -> Result<(), SysError> {
        self.done(Call::Free, frame)
    }

    fn tlb_write(&mut self, page: u32, frame: Frame, access: Access) -> Result<(), SysError> {
        let access = u64::from(access == Access::ReadWrite);
        let arguments = [page.into(), frame.number().into(), access];
        self.call(Call::TlbWrite, arguments).map(|_| ())
    }

    fn tlb_drop(&mut self, page: u32) -> Result<(), SysError> {
        self.call(Call::TlbDrop, [page.into(), 0, 0]).map(|_| ())
    }

    fn referenced(&mut self, frame: Frame) -> Result<bool, SysError> {
        self.bit(Call::Referenced, frame)
    }

    fn clear_referenced(&mut self, frame: Frame) -> Result<(), SysError> {
        self.done(Call::ClearReferenced, frame)
    }

    fn dirty(&mut self, frame: Frame) -> Result<bool, SysError> {
        self.bit(Call::Dirty, frame)
    }

    fn clear_dirty(&mut self, frame: Frame) -> Result<(), SysError> {
        self.done(Call::ClearDirty, frame)
    }

    fn frame_limit(&mut self) -> usize {
        self.answer(Call::FrameLimit) as usize
    }

    fn random(&mut self) -> u64 {
        self.answer(Call::Random)
    }

    fn cycles(&mut self) -> u64 {
        self.answer(Call::Cycles)
    }
}

fn refusal(error: Refusal) -> SysError {
    match error {
        Refusal::NoFreeFrame => SysError::NoFreeFrame,
        Refusal::Limit => SysError::Limit,
        Refusal::Taken => SysError::Taken,
        Refusal::NoSuchFrame => SysError::NoSuchFrame,
        Refusal::NoAuthority => SysError::NoAuthority,
        Refusal::Pinned => SysError::Pinned,
        Refusal::NoSuchPage => SysError::NoSuchPage,
        Refusal::NotOffered | Refusal::NoSuchRequest => unreachable!("nothing here asks for it"),
    }
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
fn natively(mut libos: impl LibOs, frames: u32, tlb: &str, trace: &Trace) -> Vec<Event> {
    let mut machine = machine(Handler::Native, frames, frames, tlb);
    let mut events: Vec<Stamped> = Vec::new();
    while machine.run(u64::MAX, &[trace], &mut events) == Stop::Upcall(A) {
        let fault = told(machine.native_fault(A).expect("a fault"));
        let mut door = Door {
            machine: &mut machine,
            events: &mut events,
        };
        let result = libos.page_fault(&mut Sys::new(&mut door), fault);
        assert_eq!(result, Ok(()));
        machine.native_return(A, Ok(()), &mut events);
        machine.check().unwrap();
    }
    comparable(&events)
}

/// Runs the twin that our compiler compiled.
fn emulated(source: &str, frames: u32, tlb: &str, trace: &Trace) -> Vec<Event> {
    let program = exo_policy::compile(source).unwrap();
    let pinned = program.initial_state.len().div_ceil(4096) as u32;
    let mut machine = machine(
        Handler::Program(program.into()),
        frames + pinned,
        frames,
        tlb,
    );
    let mut events: Vec<Stamped> = Vec::new();
    assert_eq!(machine.run(u64::MAX, &[trace], &mut events), Stop::Halted);
    machine.check().unwrap();
    comparable(&events)
}

fn machine(handler: Handler, frames: u32, frame_limit: u32, tlb: &str) -> Machine {
    Machine::new(MachineConfig {
        frames,
        tlb: exo_session::parse_tlb(tlb).unwrap(),
        stlb_entries: 64,
        environments: vec![EnvironmentConfig {
            handler,
            frame_limit,
            application: Application::Trace(0),
        }],
        ..MachineConfig::default()
    })
    .unwrap()
}

/// The events without log lines, with frames numbered by first allocation.
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
            | Event::BitCleared { frame, .. } => {
                let next = order.len() as u32;
                frame.0 = *order.entry(frame.0).or_insert(next);
            }
            _ => {}
        }
        event
    })
    .collect()
}

fn compare(libos: impl LibOs, name: &str, frames: u32, tlb: &str) {
    let shipped = exo_session::sample_trace().unwrap().trace;
    let mut trace = Trace::new();
    for (address, kind) in shipped.iter().take(REFERENCES) {
        trace.push(address, kind);
    }
    let native = natively(libos, frames, tlb, &trace);
    let source = exo_libos_samples::sample(name).unwrap().source;
    let emulated = emulated(source, frames, tlb, &trace);
    for (place, (one, other)) in native.iter().zip(&emulated).enumerate() {
        assert_eq!(one, other, "event {place} under {name}");
    }
    assert_eq!(native.len(), emulated.len());
    assert!(native.len() > REFERENCES);
}

#[test]
fn fifo_by_rustc_and_fifo_by_our_compiler_do_the_same() {
    compare(
        exo_libos_samples::fifo::Fifo::new(),
        "fifo",
        16,
        "full:8:lru",
    );
}

#[test]
fn clock_by_rustc_and_clock_by_our_compiler_do_the_same() {
    compare(
        exo_libos_samples::clock::Clock::new(),
        "clock",
        16,
        "full:64:random",
    );
}

#[test]
fn random_by_rustc_and_random_by_our_compiler_do_the_same() {
    compare(
        exo_libos_samples::random::Random::new(),
        "random",
        16,
        "full:64:random",
    );
}

#[test]
fn twins_agree_with_the_frames_of_the_opening_scenario_too() {
    compare(
        exo_libos_samples::fifo::Fifo::new(),
        "fifo",
        64,
        "full:64:random",
    );
    compare(
        exo_libos_samples::clock::Clock::new(),
        "clock",
        64,
        "full:64:random",
    );
}
