//! Hostile policies: each is stopped at its line with the reason, and nobody else notices.

use std::fmt::Write as _;
use std::sync::Arc;

use exo_core::cpu::SourcePlace;
use exo_core::event::{BreakReason, Event, Stamped};
use exo_core::ids::EnvId;
use exo_core::kernel::{Environment, Handler, Phase};
use exo_core::limits::UPCALL_FUEL;
use exo_core::machine::{Application, EnvironmentConfig, Machine, MachineConfig, Stop};
use exo_core::trace::Trace;
use expect_test::{Expect, expect};

const A: EnvId = EnvId(0);
const B: EnvId = EnvId(1);

/// A policy whose handler is `body`, with a function beside it that recurses. The line that must be
/// named ends in `// here`.
fn policy(body: &str) -> String {
    format!(
        "use exo_prelude::*;
         pub struct Hostile {{
             zero: usize,
             table: [u32; 4],
             held: Frame,
         }}
         impl Hostile {{
             pub const fn new() -> Hostile {{
                 Hostile {{ zero: 0, table: [0; 4], held: Frame::new(0) }}
             }}
             fn deeper(&self, level: u32) -> u32 {{
                 self.deeper(level + 1) + 1 // in the abyss
             }}
         }}
         impl LibOs for Hostile {{
             fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {{
                 {body}
             }}
         }}"
    )
}

/// The beginning of the shipped trace.
fn trace(references: usize) -> Trace {
    let shipped = exo_session::sample_trace().unwrap().trace;
    let mut trace = Trace::new();
    for (address, kind) in shipped.iter().take(references) {
        trace.push(address, kind);
    }
    trace
}

/// A under `source` over the first of `traces`, B under FIFO over the second, to the end of both.
fn run(source: &str, traces: [&Trace; 2]) -> (Machine, Vec<Stamped>) {
    let compile = |source: &str| {
        let program = exo_policy::compile(source);
        Arc::new(program.unwrap_or_else(|errors| panic!("{}\n{source}", errors[0])))
    };
    let environment = |source: &str, index| EnvironmentConfig {
        handler: Handler::Program(compile(source)),
        frame_limit: 16,
        application: Application::Trace(index),
        downloads: Vec::new(),
    };
    let fifo = exo_libos_samples::sample("fifo").unwrap().source;
    let mut config = MachineConfig {
        slice_references: 100,
        environments: vec![environment(source, 0), environment(fifo, 1)],
        ..MachineConfig::default()
    };
    config.frames = config.pinned_frames() as u32 + 32;
    let mut machine = Machine::new(config).unwrap();
    let mut events: Vec<Stamped> = Vec::new();
    while machine.run(machine.position().retired + 100_000, &traces, &mut events) == Stop::Reached {
        machine.check().unwrap();
    }
    machine.check().unwrap();
    (machine, events)
}

fn environment(machine: &Machine, env: EnvId) -> &Environment {
    machine.environment(env).unwrap()
}

/// Where and why A was stopped.
fn stopped(events: &[Stamped]) -> (BreakReason, SourcePlace) {
    let mut told = events.iter().filter_map(|it| match it.event {
        Event::Broken { env, reason, place } => Some((env, reason, place)),
        _ => None,
    });
    let (env, reason, place) = told.next().expect("it was not stopped");
    assert_eq!(env, A);
    assert_eq!(told.next(), None, "more than one was stopped");
    (reason, place)
}

/// Runs a hostile policy beside a decent one. `expected` is the reason and the line's text.
///
/// None of these policies binds a page, so that not even the TLB, which both share, can tell B of
/// A's presence: all that B counted and spent, its checksum and its state must equal those of a
/// run in which A, under the same policy, has no reference to make.
fn check(body: &str, expected: Expect) -> (Machine, Vec<Stamped>) {
    let source = policy(body);
    let trace = trace(6000);
    let (machine, events) = run(&source, [&trace, &trace]);
    let (reason, place) = stopped(&events);
    assert_eq!(environment(&machine, A).phase, Phase::Broken(reason));
    let line = source.lines().nth(place.line as usize - 1).unwrap_or("");
    let rest = line.get(place.column as usize - 1..).unwrap_or("");
    expected.assert_eq(&format!("{reason:?} at {rest}"));

    let (alone, _) = run(&source, [&Trace::new(), &trace]);
    let (with, without) = (environment(&machine, B), environment(&alone, B));
    assert_eq!(with.phase, Phase::Finished);
    assert_eq!(with.counters, without.counters);
    assert_eq!(with.cycles, without.cycles);
    assert_eq!(with.checksum, without.checksum);
    assert_eq!(with.cursor, 6000);
    if environment(&machine, A).frames_held == 0 {
        assert_eq!(machine.state_bytes(B), alone.state_bytes(B));
    }
    let (again, _) = run(&source, [&trace, &trace]);
    assert_eq!(machine.state_digest(), again.state_digest());
    (machine, events)
}

#[test]
fn a_policy_that_loops_for_ever_is_stopped_when_its_fuel_is_used_up_exactly() {
    let (machine, _) = check(
        "loop {} // here",
        expect!["Trap(OutOfFuel) at loop {} // here"],
    );
    assert_eq!(environment(&machine, A).cycles.libos, UPCALL_FUEL);
}

#[test]
fn a_loop_with_a_condition_that_never_ends_is_stopped_too() {
    check(
        "while self.zero == 0 { self.table[1] = fault.page; } // here
         Ok(())",
        expect!["Trap(OutOfFuel) at self.zero == 0 { self.table[1] = fault.page; } // here"],
    );
}

#[test]
fn an_index_out_of_bounds_is_named_with_index_and_length() {
    check(
        "let place = self.zero + 7;
         self.table[place] = 1; // here
         Ok(())",
        expect!["Trap(IndexOutOfBounds { index: 7, length: 4 }) at self.table[place] = 1; // here"],
    );
}

#[test]
fn an_overflow_is_stopped_as_in_a_debug_build() {
    check(
        "let less = self.zero - 1; // here
         self.table[less] = 1;
         Ok(())",
        expect!["Trap(Overflow) at self.zero - 1; // here"],
    );
    check(
        "let byte = (self.zero as u8 + 255) + 1; // here
         self.table[0] = byte as u32;
         Ok(())",
        expect!["Trap(Overflow) at (self.zero as u8 + 255) + 1; // here"],
    );
}

#[test]
fn a_division_by_zero_is_stopped() {
    check(
        "self.table[0] = 7 / self.zero as u32; // here\nOk(())",
        expect!["Trap(DivideByZero) at 7 / self.zero as u32; // here"],
    );
    check(
        "self.table[0] = 7 % self.zero as u32; // here\nOk(())",
        expect!["Trap(DivideByZero) at 7 % self.zero as u32; // here"],
    );
}

#[test]
fn a_shift_too_far_is_stopped() {
    check(
        "self.table[0] = 1 << (self.zero + 32); // here\nOk(())",
        expect!["Trap(ShiftOverflow) at 1 << (self.zero + 32); // here"],
    );
}

#[test]
fn calls_without_end_are_stopped_by_their_depth() {
    check(
        "self.table[0] = self.deeper(0);\nOk(())",
        expect!["Trap(CallDepth) at deeper(level + 1) + 1 // in the abyss"],
    );
}

#[test]
fn a_policy_that_never_maps_the_page_is_stopped_after_three_tries() {
    let (machine, _) = check("Ok(())", expect!["NeverMapped(Miss) at Ok(())"]);
    assert_eq!(environment(&machine, A).counters.upcalls, 3);
}

#[test]
fn a_policy_that_gives_up_is_stopped_with_its_error() {
    check(
        "Err(SysError::Limit) // here",
        expect!["Failed(Limit) at Err(SysError::Limit) // here"],
    );
    check(
        "if fault.address > 0 { return Err(SysError::Taken); } // here
         Ok(())",
        expect!["Failed(Taken) at Err(SysError::Taken); } // here"],
    );
}

#[test]
fn nothing_of_anothers_can_be_mapped() {
    // Every frame of the machine and some more; what A owns of them is pinned or none.
    let (_, events) = check(
        "for number in 0..1000 {
             if sys.tlb_write(fault.page, Frame::new(number), Access::Read).is_ok() {
                 log!(\"stolen {}\", number);
             }
         }
         sys.tlb_write(fault.page, Frame::new(20), Access::ReadWrite) // here",
        expect![
            "Failed(NoAuthority) at tlb_write(fault.page, Frame::new(20), Access::ReadWrite) // here"
        ],
    );
    assert!(
        !events
            .iter()
            .any(|it| matches!(it.event, Event::Logged { .. }))
    );
}

#[test]
fn nothing_of_anothers_can_be_freed_or_spied_on() {
    let (_, events) = check(
        "for number in 1..1000 {
             let frame = Frame::new(number);
             if sys.free(frame).is_ok() || sys.referenced(frame).is_ok() || sys.clear_dirty(frame).is_ok() {
                 log!(\"stolen {}\", number);
             }
         }
         sys.free(Frame::new(20))?; // here
         Ok(())",
        expect!["Failed(NoAuthority) at sys.free(Frame::new(20))?; // here"],
    );
    assert!(
        !events
            .iter()
            .any(|it| matches!(it.event, Event::Logged { .. }))
    );
}

#[test]
fn its_own_state_cannot_be_freed() {
    check(
        "sys.free(self.held)?; // here
         Ok(())",
        expect!["Failed(Pinned) at sys.free(self.held)?; // here"],
    );
}

#[test]
fn allocating_for_ever_ends_at_its_own_limit() {
    let (machine, _) = check(
        "loop { self.held = sys.allocate()?; } // here",
        expect!["Failed(Limit) at sys.allocate()?; } // here"],
    );
    assert_eq!(environment(&machine, A).frames_held, 16);
}

#[test]
fn allocating_for_ever_and_not_listening_ends_with_its_fuel() {
    let (machine, _) = check(
        "loop { if let Ok(frame) = sys.allocate() { self.held = frame; } } // here",
        expect!["Trap(OutOfFuel) at allocate() { self.held = frame; } } // here"],
    );
    assert_eq!(environment(&machine, A).frames_held, 16);
}

#[test]
fn logging_for_ever_ends_with_its_fuel() {
    check(
        "loop { log!(\"again {}\", self.zero); } // here",
        expect![[r#"Trap(OutOfFuel) at log!("again {}", self.zero); } // here"#]],
    );
}

/// A decent pager that turns hostile at its fourth fault: by then it has entries in the TLB, so
/// what B counts of the TLB may differ. What must not: its references, its page loads and
/// evictions, and every byte that it read.
#[test]
fn a_policy_that_turns_hostile_late_changes_nothing_that_is_anothers() {
    let source = policy(
        "self.zero += 1;
         if self.zero == 4 {
             for number in 0..1000 {
                 let frame = Frame::new(number);
                 if sys.free(frame).is_ok() { self.table[0] += 1; }
             }
             loop {}
         }
         self.held = sys.allocate()?;
         sys.tlb_write(fault.page, self.held, Access::ReadWrite)",
    );
    let trace = trace(6000);
    let (machine, events) = run(&source, [&trace, &trace]);
    let (alone, _) = run(&source, [&Trace::new(), &trace]);
    let figures = |machine: &Machine| {
        let it = environment(machine, B);
        let count = it.counters;
        let mut text = String::new();
        let figures = (count.references, count.page_loads, count.evictions);
        let _ = write!(
            text,
            "{figures:?} {:x} {}",
            it.checksum, it.cycles.application
        );
        text
    };
    assert_eq!(figures(&machine), figures(&alone));
    let freed = events
        .iter()
        .filter(|it| matches!(it.event, Event::Freed { env: A, .. }));
    assert_eq!(freed.count(), 3, "its own three, and no more");
}
