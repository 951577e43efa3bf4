//! How an application ends: it returns, traps, or gives up; and what it may not be.

use exo_core::cpu::{Instr, Program, Role, Trap};
use exo_core::event::{BreakReason, Event};
use exo_core::kernel::Phase;
use exo_core::kernel::call::Call;
use exo_core::machine::Machine;
use exo_session::explain::explain;
use expect_test::expect;

use super::assembly::{application, back, constant, load, log, store};
use super::{A, B, ends, environment, logged, machine, of};

/// Runs an application beside a decent one; both must end, and the sentence about the first is
/// given back.
fn end_of(code: Vec<Instr>) -> (BreakReason, String) {
    let decent = application(super::assembly::store_and_load(0x8000, 0x1000, 5));
    let environments = vec![environment(&application(code), 4), environment(&decent, 8)];
    let (end, events) = ends(&machine(environments));
    assert_eq!(of(&end, B).phase, Phase::Finished);
    assert_eq!(logged(&events, B), [0, 1, 2, 3, 4]);
    let told = events.iter().find_map(|it| match it.event {
        Event::Broken { reason, .. } => Some((reason, explain(&it.event, &end).text)),
        _ => None,
    });
    let (reason, text) = told.expect("it should be given up");
    assert_eq!(of(&end, A).phase, Phase::Broken(reason));
    (reason, text)
}

#[test]
fn an_unaligned_load_or_store_ends_the_environment_at_its_line() {
    let address = 0x2002;
    let code = vec![constant(1, 0x2002), load(2, 1, 32), back()];
    let (reason, text) = end_of(code);
    assert_eq!(
        reason,
        BreakReason::Application(Trap::Unaligned { address })
    );
    assert_eq!(
        text,
        "A is given up at line 2 of its application: the address 0x00002002 is no multiple of the \
         size that is loaded or stored there. Its frames stay its own and the others go on."
    );
    let (reason, _) = end_of(vec![constant(1, 0x2002), store(2, 1, 64), back()]);
    assert_eq!(
        reason,
        BreakReason::Application(Trap::Unaligned { address })
    );
}

#[test]
fn what_traps_a_handler_traps_an_application() {
    let divide = Instr::DivU {
        to: 1,
        left: 0,
        right: 0,
    };
    let (reason, _) = end_of(vec![divide, back()]);
    assert_eq!(reason, BreakReason::Application(Trap::DivideByZero));
    let (reason, _) = end_of(vec![Instr::Panic { message: 1 }]);
    let message = 1;
    assert_eq!(reason, BreakReason::Application(Trap::Panic { message }));
    let (reason, _) = end_of(vec![constant(1, -8), load(2, 1, 64), back()]);
    assert_eq!(reason, BreakReason::Application(Trap::BadAddress));
}

#[test]
fn an_application_has_no_fuel_to_run_out_of() {
    let rounds = exo_core::limits::UPCALL_FUEL as i32;
    let code = vec![
        constant(2, 0),
        constant(3, rounds),
        super::assembly::add_to(2, 1),
        Instr::JumpLtU {
            left: 2,
            right: 3,
            target: 2,
        },
        log(2),
        back(),
    ];
    let mut machine = machine(vec![environment(&application(code), 4)]);
    super::run_to_the_end(&mut machine, &mut exo_core::event::Silent);
    assert_eq!(of(&machine, A).phase, Phase::Finished);
    assert_eq!(of(&machine, A).counters.instructions, 2 * rounds as u64 + 4);
}

#[test]
fn a_system_call_of_an_application_goes_through_the_same_door_as_a_handlers() {
    let call = |call: Call, first| Instr::Syscall {
        call: call as u8,
        first,
    };
    let code = vec![
        call(Call::FrameLimit, 1),
        log(1),
        constant(1, 4000),
        call(Call::Free, 1),
        log(1),
        log(2),
        back(),
    ];
    let (end, events) = ends(&machine(vec![environment(&application(code), 4)]));
    let refused = exo_core::error::SysError::NoSuchFrame as u64;
    assert_eq!(logged(&events, A), [4, 1, refused]);
    let environment = of(&end, A);
    assert_eq!(environment.counters.system_calls, 5);
    assert_eq!(environment.counters.crossings, 5);
    assert_eq!(environment.cycles.kernel, 4 * 40 + 58);
    assert_eq!(environment.cycles.application, 7);
    assert_eq!(environment.cycles.libos, 0);
}

#[test]
fn a_program_that_is_not_fit_to_be_an_application_makes_no_machine_and_is_told_why() {
    let refused = |program: Program| {
        let config = super::config(vec![environment(&program.into(), 4)]);
        Machine::new(config).unwrap_err().to_string()
    };
    let decent = application(vec![back()]);
    let mut headless = (*decent).clone();
    headless.entries.clear();
    let mut policy = (*decent).clone();
    policy.role = Role::LibOs;
    let unknown_call = Instr::Syscall {
        call: 200,
        first: 1,
    };
    let hostile = application(vec![unknown_call, back()]);
    expect![[r#"
        environment 0: the program is refused: it lacks `main`
        environment 0: the program is of role libOS, and role application is needed here
        environment 0: the program is refused: instruction 0: it makes a system call that does not exist
        environment 0: the program is refused: instruction 0: the end of its function can be run past"#]]
    .assert_eq(
        &[
            refused(headless),
            refused(policy),
            refused((*hostile).clone()),
            refused((*application(vec![constant(1, 0)])).clone()),
        ]
        .join("\n"),
    );
}

#[test]
fn an_application_needs_pages_that_hold_its_largest_word() {
    let mut config = super::config(vec![environment(&application(vec![back()]), 4)]);
    config.page_bits = 2;
    config.frames = 4096;
    expect![
        "environment 0: its application is a program, and a page of this machine is too small for its largest load: a page must have at least 8 bytes"
    ]
    .assert_eq(&Machine::new(config).unwrap_err().to_string());
}

#[test]
fn an_applications_state_is_pinned_beside_its_policys() {
    let machine = machine(vec![environment(&application(vec![back()]), 4)]);
    let pinned = machine
        .kernel()
        .frames
        .records()
        .iter()
        .filter(|it| it.pinned);
    let policy = of(&machine, A).segment.frames.len();
    assert_eq!(pinned.count(), policy + 1);
    assert_eq!(machine.application_bytes(A), [7; 16]);
}
