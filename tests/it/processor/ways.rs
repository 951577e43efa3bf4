//! The ways of a system call into the kernel: without a stack, with one, and a transfer's own (A44).

use exo_core::event::{Event, Silent, Stamped};
use exo_core::ids::{EnvId, ReferenceKind};
use exo_core::kernel::call::Call;
use exo_core::kernel::{Counters, Handler, Way};
use exo_core::machine::{Application, EnvironmentConfig, Machine, MachineConfig, Stop};
use exo_core::trace::Trace;

use super::{made, sliced};

const A: EnvId = EnvId(0);

/// The calls that need a kernel stack: they end what rests on what they name, settle what several
/// environments or blocks are promised, or wait.
const STACKED: [Call; 13] = [
    Call::Free,
    Call::Revoke,
    Call::RequestFrames,
    Call::Preload,
    Call::ExtentAllocate,
    Call::ExtentAllocateAt,
    Call::ExtentFree,
    Call::DiskRead,
    Call::DiskWrite,
    Call::FilterBind,
    Call::FilterBindProgram,
    Call::FilterFree,
    Call::Transmit,
];

/// A machine with a disk whose native handler is about to answer a fault.
fn asked() -> Machine {
    let mut machine = Machine::new(MachineConfig {
        disk_blocks: 8,
        environments: vec![EnvironmentConfig {
            handler: Handler::Native,
            frame_limit: 4,
            application: Application::Trace(0),
            downloads: Vec::new(),
        }],
        ..MachineConfig::default()
    })
    .unwrap();
    let mut trace = Trace::new();
    trace.push(0x7000, ReferenceKind::Load);
    let stop = machine.run(u64::MAX, &[&trace], &mut Silent);
    assert_eq!(stop, Stop::Upcall(A));
    machine
}

/// What a call costs the kernel, and what it counts.
fn spent(machine: &Machine, call: Call, arguments: [u64; 3]) -> (u64, Counters, bool) {
    let mut after = machine.clone();
    let answer = after.native_call(A, call, arguments, &mut Silent);
    let (was, is) = (
        machine.environment(A).unwrap(),
        after.environment(A).unwrap(),
    );
    let mut counted = is.counters;
    counted.crossings -= was.counters.crossings;
    counted.system_calls -= was.counters.system_calls;
    counted.stack_calls -= was.counters.stack_calls;
    let granted = answer.is_none_or(|it| it.is_ok());
    (is.cycles.kernel - was.cycles.kernel, counted, granted)
}

#[test]
fn a44_a_call_that_needs_a_kernel_stack_takes_58_cycles_and_any_other_40_refused_or_not() {
    let machine = asked();
    let (mut granted, mut refused) = (0, 0);
    let transfers = [Call::TransferSync, Call::TransferAsync];
    for call in Call::ALL.iter().filter(|it| !transfers.contains(it)) {
        let stacked = STACKED.contains(call);
        assert_eq!(call.needs_stack(), stacked, "{call:?}");
        for arguments in [[0; 3], [1; 3], [u64::MAX; 3]] {
            let (cycles, counted, done) = spent(&machine, *call, arguments);
            // The pages of a run are counted beside the call.
            let pages = u64::from(done && *call == Call::TlbDropRun) * arguments[1] * 14;
            assert_eq!(cycles - pages, if stacked { 58 } else { 40 }, "{call:?}");
            assert_eq!((counted.system_calls, counted.crossings), (1, 1));
            assert_eq!(counted.stack_calls, u64::from(stacked), "{call:?}");
            *(if done { &mut granted } else { &mut refused }) += u32::from(stacked);
        }
    }
    assert!(granted > 3 && refused > 3, "{granted} {refused}");
}

#[test]
fn a44_a_transfer_is_a_case_of_its_own_and_neither_of_the_two_ways() {
    let signalling = "let _ = sys.transfer_async(Environment::new(1), 1, 2, 3, 4);";
    let served = "fn signalled(&mut self, sys: &mut Sys, caller: Environment, message: Message) {
        self.count = message.first;
    }";
    let environments = vec![made(signalling, ""), made("", served)];
    let mut machine = sliced("ab", 1_000, environments);
    let mut events: Vec<Stamped> = Vec::new();
    machine.run(10_000, &[], &mut events);
    let made = |it: &Stamped| matches!(it.event, Event::Transferred { .. });
    assert_eq!(events.iter().filter(|it| made(it)).count(), 1);
    let caller = machine.environment(A).unwrap();
    assert_eq!(caller.cycles.kernel, Way::Transfer.cycles());
    let counters = caller.counters;
    assert_eq!((counters.transfers, counters.crossings), (1, 1));
    assert_eq!((counters.system_calls, counters.stack_calls), (0, 0));
    assert!(Way::Transfer.cycles() < Way::Plain.cycles());
    assert!(Way::Plain.cycles() < Way::Stack.cycles());
}

#[test]
fn a44_an_application_takes_the_same_ways_as_a_libos() {
    let body = "self.value = sys.free_frames() as u64; self.value = sys.request_frames(0) as u64;";
    let mut machine = sliced("a", 1_000, vec![made(body, "")]);
    machine.run(10_000, &[], &mut Silent);
    let environment = machine.environment(A).unwrap();
    assert_eq!(environment.cycles.kernel, 40 + 58);
    assert_eq!(environment.counters.system_calls, 2);
    assert_eq!(environment.counters.stack_calls, 1);
}

#[test]
fn a44_the_longer_way_counts_against_the_time_to_save() {
    let overruns = |call: &str| {
        let functions = format!(
            "fn slice_ended(&mut self, sys: &mut Sys) {{
                let mut calls: u32 = 0;
                while calls < 9 {{ calls += 1; {call}; }}
            }}"
        );
        let mut machine = sliced("a", 100, vec![made("loop {}", &functions)]);
        let mut events: Vec<Stamped> = Vec::new();
        machine.run(300, &[], &mut events);
        let overran = |it: &Stamped| matches!(it.event, Event::Overran { .. });
        events.iter().any(overran)
    };
    assert!(!overruns("let _ = sys.free_frames()"), "9 of 40 fit in 500");
    assert!(overruns("let _ = sys.request_frames(0)"), "9 of 58 do not");
}
