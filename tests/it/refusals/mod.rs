//! Every refusal of every system call, in order of precedence, and that a refusal changes nothing.

use std::fmt::Write as _;
use std::sync::Arc;

use exo_core::cpu::{Entry, Instr, Program, SourcePlace};
use exo_core::error::SysError;
use exo_core::event::Silent;
use exo_core::ids::EnvId;
use exo_core::kernel::Handler;
use exo_core::kernel::call::Call;
use exo_core::machine::{Application, EnvironmentConfig, Machine, MachineConfig, Stop};
use expect_test::{Expect, expect};

mod bookkeeping;
mod capabilities;
mod disk;
mod machines;
mod network;

use machines::{asked, machine, one_call, one_load};

/// Makes a call, shows that a refusal changed nothing, and says what came of it.
fn answer(mut machine: Machine, call: Call, arguments: [u64; 3]) -> String {
    let mut events = Vec::new();
    let before = machine.clone();
    let result = machine.native_call(EnvId(0), call, arguments, &mut events);
    machine.check().unwrap();
    assert_eq!(events.len(), 1);
    match result.expect("a handler is under way") {
        Ok(value) => format!("Ok({value})"),
        Err(error) => {
            assert_nothing_changed(call, &before, &machine);
            error.name().to_owned()
        }
    }
}

/// INV-ERR-1: but for cycles, three counters, and the place of the event.
fn assert_nothing_changed(call: Call, before: &Machine, after: &Machine) {
    let mut kernel = after.kernel().clone();
    let (was, is) = (
        &before.kernel().environments[0],
        &mut kernel.environments[0],
    );
    assert_eq!(is.cycles.kernel, was.cycles.kernel + call.way().cycles());
    assert_eq!(is.counters.system_calls, was.counters.system_calls + 1);
    let stacked = u64::from(call.needs_stack());
    assert_eq!(is.counters.stack_calls, was.counters.stack_calls + stacked);
    assert_eq!(is.counters.crossings, was.counters.crossings + 1);
    (is.cycles, is.counters) = (was.cycles, was.counters);
    assert!(kernel == *before.kernel(), "the kernel's state changed");
    assert!(
        after.hardware() == before.hardware(),
        "the hardware's state changed"
    );
    assert_eq!(after.position().retired, before.position().retired);
    assert_eq!(after.position().event, before.position().event + 1);
    assert_eq!(after.events(), before.events() + 1);
}

/// One case: what is special about it, the call, its arguments.
type Case = (&'static str, Call, [u64; 3]);

fn table(machine: &Machine, cases: &[Case]) -> String {
    let mut text = String::from("\n");
    for (what, call, arguments) in cases {
        let used = usize::from(call.registers().0);
        let shown: Vec<String> = arguments[..used].iter().map(u64::to_string).collect();
        let call_text = format!("{}({})", call.name(), shown.join(", "));
        let answer = answer(machine.clone(), *call, *arguments);
        let _ = writeln!(text, "{what:<44} {call_text:<40} {answer}");
    }
    text
}

fn check(machine: &Machine, cases: &[Case], expected: Expect) {
    expected.assert_eq(&table(machine, cases));
}

const NOWHERE: u64 = 1 << 32;

#[test]
fn allocate_refuses_at_the_limit_before_it_looks_for_a_free_frame() {
    let call = (Call::Allocate, [0; 3]);
    check(
        &machine(4, 2),
        &[("at the limit, and nothing is free", call.0, call.1)],
        expect![[r#"

            at the limit, and nothing is free            allocate()                               Limit
        "#]],
    );
    check(
        &machine(4, 9),
        &[("nothing is free", call.0, call.1)],
        expect![[r#"

            nothing is free                              allocate()                               NoFreeFrame
        "#]],
    );
    check(
        &machine(8, 2),
        &[("at the limit", call.0, call.1)],
        expect![[r#"

            at the limit                                 allocate()                               Limit
        "#]],
    );
    check(
        &machine(8, 9),
        &[("neither", call.0, call.1)],
        expect![[r#"

        neither                                      allocate()                               Ok(4)
    "#]],
    );
}

#[test]
fn allocate_at_refuses_in_order() {
    let at = |frame| (Call::AllocateAt, [frame, 0, 0]);
    let cases = [
        ("no such frame", at(8).0, at(8).1),
        ("no such frame, past 32 bits", at(0).0, at(NOWHERE + 4).1),
        ("its own", at(2).0, at(2).1),
        ("another's pinned one", at(0).0, at(0).1),
        ("free", at(6).0, at(6).1),
    ];
    check(
        &machine(8, 2),
        &cases,
        expect![[r#"

        no such frame                                allocate_at(8)                           NoSuchFrame
        no such frame, past 32 bits                  allocate_at(4294967300)                  NoSuchFrame
        its own                                      allocate_at(2)                           Taken
        another's pinned one                         allocate_at(0)                           Taken
        free                                         allocate_at(6)                           Limit
    "#]],
    );
    check(
        &machine(8, 3),
        &cases,
        expect![[r#"

        no such frame                                allocate_at(8)                           NoSuchFrame
        no such frame, past 32 bits                  allocate_at(4294967300)                  NoSuchFrame
        its own                                      allocate_at(2)                           Taken
        another's pinned one                         allocate_at(0)                           Taken
        free                                         allocate_at(6)                           Ok(6)
    "#]],
    );
}

#[test]
fn free_refuses_in_order() {
    let cases = [
        ("no such frame", Call::Free, [8, 0, 0]),
        (
            "no such frame, past 32 bits",
            Call::Free,
            [NOWHERE + 2, 0, 0],
        ),
        ("another's pinned one", Call::Free, [0, 0, 0]),
        ("a free one", Call::Free, [6, 0, 0]),
        ("its own", Call::Free, [3, 0, 0]),
    ];
    check(
        &machine(8, 9),
        &cases,
        expect![[r#"

        no such frame                                free(8)                                  NoSuchFrame
        no such frame, past 32 bits                  free(4294967298)                         NoSuchFrame
        another's pinned one                         free(0)                                  NoAuthority
        a free one                                   free(6)                                  NoAuthority
        its own                                      free(3)                                  Ok(0)
    "#]],
    );
}

#[test]
fn tlb_write_refuses_in_order() {
    let last = (1 << 20) - 1;
    let cases = [
        (
            "no such page, no such frame",
            Call::TlbWrite,
            [last + 1, 8, 1],
        ),
        (
            "no such page, past 32 bits",
            Call::TlbWrite,
            [NOWHERE, 2, 1],
        ),
        ("no such frame", Call::TlbWrite, [7, 8, 1]),
        (
            "no such frame, past 32 bits",
            Call::TlbWrite,
            [7, NOWHERE + 2, 1],
        ),
        ("another's pinned one", Call::TlbWrite, [7, 0, 0]),
        ("a free one", Call::TlbWrite, [7, 6, 0]),
        ("its own, at the last page", Call::TlbWrite, [last, 2, 1]),
    ];
    check(
        &machine(8, 9),
        &cases,
        expect![[r#"

        no such page, no such frame                  tlb_write(1048576, 8, 1)                 NoSuchPage
        no such page, past 32 bits                   tlb_write(4294967296, 2, 1)              NoSuchPage
        no such frame                                tlb_write(7, 8, 1)                       NoSuchFrame
        no such frame, past 32 bits                  tlb_write(7, 4294967298, 1)              NoSuchFrame
        another's pinned one                         tlb_write(7, 0, 0)                       NoAuthority
        a free one                                   tlb_write(7, 6, 0)                       NoAuthority
        its own, at the last page                    tlb_write(1048575, 2, 1)                 Ok(0)
    "#]],
    );
}

#[test]
fn tlb_drop_refuses_only_a_page_that_does_not_exist() {
    let cases = [
        ("no such page", Call::TlbDrop, [1 << 20, 0, 0]),
        (
            "no such page, past 32 bits",
            Call::TlbDrop,
            [NOWHERE + 5, 0, 0],
        ),
        ("a page that is not bound", Call::TlbDrop, [6, 0, 0]),
        ("a page that is bound", Call::TlbDrop, [5, 0, 0]),
    ];
    check(
        &machine(8, 9),
        &cases,
        expect![[r#"

        no such page                                 tlb_drop(1048576)                        NoSuchPage
        no such page, past 32 bits                   tlb_drop(4294967301)                     NoSuchPage
        a page that is not bound                     tlb_drop(6)                              Ok(0)
        a page that is bound                         tlb_drop(5)                              Ok(0)
    "#]],
    );
}

#[test]
fn the_bits_of_a_frame_are_refused_in_order() {
    let calls = [
        Call::Referenced,
        Call::ClearReferenced,
        Call::Dirty,
        Call::ClearDirty,
    ];
    let cases: Vec<Case> = calls
        .iter()
        .flat_map(|call| {
            [
                ("no such frame", *call, [8, 0, 0]),
                ("no such frame, past 32 bits", *call, [NOWHERE + 2, 0, 0]),
                ("another's", *call, [1, 0, 0]),
                ("a free one", *call, [6, 0, 0]),
                ("its own", *call, [2, 0, 0]),
            ]
        })
        .collect();
    check(
        &machine(8, 9),
        &cases,
        expect![[r#"

        no such frame                                referenced(8)                            NoSuchFrame
        no such frame, past 32 bits                  referenced(4294967298)                   NoSuchFrame
        another's                                    referenced(1)                            NoAuthority
        a free one                                   referenced(6)                            NoAuthority
        its own                                      referenced(2)                            Ok(0)
        no such frame                                clear_referenced(8)                      NoSuchFrame
        no such frame, past 32 bits                  clear_referenced(4294967298)             NoSuchFrame
        another's                                    clear_referenced(1)                      NoAuthority
        a free one                                   clear_referenced(6)                      NoAuthority
        its own                                      clear_referenced(2)                      Ok(0)
        no such frame                                dirty(8)                                 NoSuchFrame
        no such frame, past 32 bits                  dirty(4294967298)                        NoSuchFrame
        another's                                    dirty(1)                                 NoAuthority
        a free one                                   dirty(6)                                 NoAuthority
        its own                                      dirty(2)                                 Ok(0)
        no such frame                                clear_dirty(8)                           NoSuchFrame
        no such frame, past 32 bits                  clear_dirty(4294967298)                  NoSuchFrame
        another's                                    clear_dirty(1)                           NoAuthority
        a free one                                   clear_dirty(6)                           NoAuthority
        its own                                      clear_dirty(2)                           Ok(0)
    "#]],
    );
}

#[test]
fn questions_are_never_refused() {
    let cases = [
        ("at any time", Call::FrameLimit, [0; 3]),
        ("at any time", Call::Random, [0; 3]),
        ("at any time", Call::Cycles, [0; 3]),
    ];
    check(
        &machine(8, 9),
        &cases,
        expect![[r#"

        at any time                                  frame_limit()                            Ok(9)
        at any time                                  random()                                 Ok(17166063484214984656)
        at any time                                  cycles()                                 Ok(196)
    "#]],
    );
}

#[test]
fn a_call_without_a_fault_to_answer_is_none_and_costs_nothing() {
    let mut machine = machine(8, 9);
    let done = machine.native_return(EnvId(0), Ok(()), &mut Silent);
    assert_eq!(done, Some(()));
    let before = machine.clone();
    for env in [0, 1, 9] {
        let answer = machine.native_call(EnvId(env), Call::Allocate, [0; 3], &mut Silent);
        assert_eq!(answer, None);
        assert_eq!(machine.native_return(EnvId(env), Ok(()), &mut Silent), None);
    }
    assert!(machine == before);
}

/// What a program gets that asks this of the frame its own state is pinned in, frame 0.
fn asked_of_its_own_state(call: Call, arguments: [i32; 3]) -> String {
    let trace = one_load();
    let mut machine = Machine::new(MachineConfig {
        frames: 2,
        environments: vec![EnvironmentConfig {
            handler: Handler::Program(Arc::new(one_call(call, arguments))),
            frame_limit: 1,
            application: Application::Trace(0),
            downloads: Vec::new(),
        }],
        ..MachineConfig::default()
    })
    .unwrap();
    let mut events: Vec<exo_core::event::Stamped> = Vec::new();
    while machine.step(&[&trace], &mut events) == Stop::Reached {
        machine.check().unwrap();
    }
    assert_eq!(machine.state_bytes(EnvId(0)), [7; 8]);
    let told = events
        .iter()
        .map(|it| crate::fixture::render::event(&it.event));
    told.skip(3).take(1).collect()
}

#[test]
fn a_program_cannot_bind_or_free_the_frames_of_its_own_state() {
    let cases = [
        (Call::Free, [0, 0, 0]),
        (Call::TlbWrite, [7, 0, 1]),
        (Call::TlbWrite, [7, 0, 0]),
        (Call::AllocateAt, [0, 0, 0]),
        (Call::Referenced, [0, 0, 0]),
    ];
    let told: Vec<String> = cases
        .iter()
        .map(|(call, arguments)| asked_of_its_own_state(*call, *arguments))
        .collect();
    expect![[r#"
        a refused free Pinned
        a refused tlb_write Pinned
        a refused tlb_write Pinned
        a refused allocate_at Taken
        a f0 referenced=false"#]]
    .assert_eq(&told.join("\n"));
}

#[test]
fn every_refusal_has_a_name_a_number_and_a_sentence() {
    for (number, error) in SysError::ALL.iter().enumerate() {
        assert_eq!(*error as usize, number);
        assert_eq!(SysError::from_number(number as u64), Some(*error));
        assert_eq!(format!("{error:?}"), error.name());
        assert!(error.to_string().len() > 20);
    }
    assert_eq!(SysError::from_number(SysError::ALL.len() as u64), None);
}
