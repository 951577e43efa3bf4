//! What an application's instruction cannot complete goes to its own libOS, which decides (A28).

use exo_core::cpu::{ExceptionKind, Trap};
use exo_core::event::{BreakReason, Event};
use exo_core::kernel::Phase;
use exo_core::machine::Machine;
use exo_session::explain::explain;
use expect_test::{Expect, expect};

use super::{made, told};
use crate::applications::{A, B, ends, logged, machine, of};

/// A libOS that counts, and goes on behind the instruction with 40 and the exception's number.
const SKIPPING: &str = "
    fn exception(&mut self, sys: &mut Sys, exception: Exception) -> Result<Resume, SysError> {
        self.count += 1;
        let value = match exception.kind {
            ExceptionKind::Unaligned => 40,
            ExceptionKind::Overflow => 41,
            ExceptionKind::DivideByZero => 42,
            ExceptionKind::Coprocessor => 43,
        };
        Ok(Resume { how: Resumption::Skip, value })
    }";

fn alone(body: &str, functions: &str) -> Machine {
    machine(vec![made(body, functions)])
}

fn check(body: &str, functions: &str, expected: Expect) {
    expected.assert_eq(&told(&ends(&alone(body, functions)).1));
}

#[test]
fn a21_an_unaligned_load_goes_to_the_libos_and_the_application_on_with_the_value_it_gives() {
    check(
        "log!(\"{}\", mem.load_u32(0x1002));",
        SKIPPING,
        expect![[r#"

            a raised Unaligned at 0x1002 of 0
            a recovered with 40
            a log #0 [40]
            a finished
        "#]],
    );
}

#[test]
fn a21_an_unaligned_store_is_passed_over_and_its_value_is_told() {
    check(
        "mem.store_u32(0x1001, 77); log!(\"{}\", 1);",
        SKIPPING,
        expect![[r#"

            a raised Unaligned at 0x1001 of 77
            a recovered with 40
            a log #0 [1]
            a finished
        "#]],
    );
}

#[test]
fn a28_overflow_and_division_by_zero_are_the_libos_affair() {
    check(
        "let most: u32 = 4_294_967_295;
         let sum = most + self.value as u32;
         let part = 9 / (self.value - 7);
         let shifted = 1_u64 << (self.value + 60);
         log!(\"{} {} {}\", sum, part, shifted);",
        SKIPPING,
        expect![[r#"

            a raised Overflow at 0x0 of 0
            a recovered with 41
            a raised DivideByZero at 0x0 of 0
            a recovered with 42
            a raised Overflow at 0x0 of 0
            a recovered with 41
            a log #0 [41, 42, 41]
            a finished
        "#]],
    );
}

#[test]
fn a28_a_coprocessor_that_is_off_can_be_emulated_or_switched_on() {
    let emulating = "
        fn exception(&mut self, sys: &mut Sys, exception: Exception) -> Result<Resume, SysError> {
            let mut root = 0;
            while (root + 1) * (root + 1) <= exception.value {
                root += 1;
            }
            Ok(Resume { how: Resumption::Skip, value: root })
        }";
    let lazy = "
        fn exception(&mut self, sys: &mut Sys, exception: Exception) -> Result<Resume, SysError> {
            sys.coprocessor(true);
            Ok(Resume { how: Resumption::Again, value: 0 })
        }";
    let body = "log!(\"{} {}\", mem.square_root(99), mem.square_root(100));";
    check(
        body,
        emulating,
        expect![[r#"

            a raised Coprocessor at 0x0 of 99
            a recovered with 9
            a raised Coprocessor at 0x0 of 100
            a recovered with 10
            a log #0 [9, 10]
            a finished
        "#]],
    );
    check(
        body,
        lazy,
        expect![[r#"

            a raised Coprocessor at 0x0 of 99
            a coprocessor=true
            a recovered, again
            a log #0 [9, 10]
            a finished
        "#]],
    );
}

#[test]
fn a36_an_application_switches_its_coprocessor_itself_and_meets_no_exception() {
    let (end, events) = ends(&alone(
        "sys.coprocessor(true);
         log!(\"{}\", mem.square_root(18_446_744_073_709_551_615));
         sys.coprocessor(false);",
        "",
    ));
    assert_eq!(logged(&events, A), [4_294_967_295]);
    assert!(!of(&end, A).coprocessor);
    assert_eq!(of(&end, A).counters.upcalls, 0);
}

#[test]
fn a26_an_exception_costs_one_crossing_and_36_cycles_and_its_return_costs_none() {
    let (end, _) = ends(&alone("self.value = 1 / (self.value - 7);", SKIPPING));
    let environment = of(&end, A);
    assert_eq!(environment.cycles.kernel, 36);
    assert_eq!(environment.counters.crossings, 1);
    assert_eq!(environment.counters.upcalls, 1);
    assert_eq!(environment.counters.system_calls, 0);
}

fn broken(machine: &Machine) -> Option<BreakReason> {
    match of(machine, A).phase {
        Phase::Broken(reason) => Some(reason),
        _ => None,
    }
}

#[test]
fn a28_without_an_entry_for_it_an_exception_is_the_end() {
    for (body, trap) in [
        ("mem.load_u16(0x1001);", Trap::Unaligned { address: 0x1001 }),
        ("self.value = 1 / (self.value - 7);", Trap::DivideByZero),
        ("self.value = mem.square_root(4);", Trap::CoprocessorOff),
    ] {
        let (end, events) = ends(&alone(body, ""));
        assert_eq!(broken(&end), Some(BreakReason::Application(trap)));
        assert_eq!(of(&end, A).counters.crossings, 0, "{}", told(&events));
    }
}

#[test]
fn what_a_program_does_to_itself_is_no_exception() {
    for body in [
        "let places = [1_u64, 2]; self.value = places[self.value as usize];",
        "assert!(self.value == 8);",
    ] {
        let (end, events) = ends(&alone(body, SKIPPING));
        assert!(matches!(broken(&end), Some(BreakReason::Application(_))));
        assert_eq!(of(&end, A).counters.upcalls, 0, "{}", told(&events));
    }
}

#[test]
fn a_handler_that_says_again_without_a_cure_is_given_up_after_three_times() {
    let (end, events) = ends(&alone(
        "self.value = mem.square_root(4);",
        "fn exception(&mut self, sys: &mut Sys, exception: Exception) -> Result<Resume, SysError> {
             Ok(Resume { how: Resumption::Again, value: 0 })
         }",
    ));
    let reason = BreakReason::NeverResolved(ExceptionKind::Coprocessor);
    assert_eq!(broken(&end), Some(reason));
    assert_eq!(of(&end, A).counters.upcalls, 3);
    let last = explain(&events[events.len() - 1].event, &end).text;
    assert!(
        last.contains("said 3 times to run an instruction again"),
        "{last}"
    );
}

#[test]
fn a_libos_can_stop_its_application_or_fail_and_a_trap_in_it_ends_it_too() {
    for (answer, reason) in [
        (
            "Ok(Resume { how: Resumption::Stop, value: 0 })",
            BreakReason::Stopped(ExceptionKind::DivideByZero),
        ),
        (
            "Err(SysError::Limit)",
            BreakReason::Failed(exo_core::error::SysError::Limit),
        ),
        (
            "Ok(Resume { how: Resumption::Skip, value: exception.value / self.count })",
            BreakReason::Trap(Trap::DivideByZero),
        ),
    ] {
        let functions = format!(
            "fn exception(&mut self, sys: &mut Sys, exception: Exception) -> Result<Resume, SysError> {{
                 {answer}
             }}"
        );
        let (end, _) = ends(&alone("self.value = 1 / (self.value - 7);", &functions));
        assert_eq!(broken(&end), Some(reason));
    }
}

#[test]
fn an_exception_in_every_instruction_of_a_loop_does_not_keep_the_others_from_running() {
    let looping = "loop { self.value = 1 / (self.value - self.value); }";
    let mut config =
        crate::applications::config(vec![made(looping, SKIPPING), made("log!(\"{}\", 5);", "")]);
    config.slice_references = 10;
    let mut machine = Machine::new(config).unwrap();
    let mut events = Vec::new();
    machine.run(5_000, &[], &mut events);
    assert_eq!(logged(&events, B), [5]);
}

#[test]
fn an_exception_is_told_in_plain_words() {
    let (end, events) = ends(&alone("mem.store_u64(0x1004, 3);", SKIPPING));
    let told: Vec<String> = events
        .iter()
        .map(|it| explain(&it.event, &end).text)
        .collect();
    assert_eq!(
        told,
        [
            "An instruction of A's application loads or stores at 0x00001004, which is no multiple \
             of the size: the kernel saves three registers and passes the exception up to A's \
             libOS, 36 cycles.",
            "A's handler is done: the application goes on behind the instruction, as if that had \
             given 40, without the kernel.",
            "A's application has come to its end."
        ]
    );
    assert!(matches!(events[0].event, Event::Raised { .. }));
}
