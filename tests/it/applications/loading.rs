//! Another program in an application's place: from its `main`, with fresh state, at once.

use std::sync::Arc;

use exo_core::cpu::Instr;
use exo_core::event::{BreakReason, Event, Silent};
use exo_core::ids::EnvId;
use exo_core::kernel::{Handler, Phase};
use exo_core::machine::{Application, InstallError, Machine, Stop};

use super::assembly::{application, back, constant, load, log, store_and_load};
use super::{A, ends, environment, logged, machine, of};

fn one_line(value: i32) -> Arc<exo_core::cpu::Program> {
    application(vec![constant(2, value), log(2), back()])
}

#[test]
fn an_application_that_is_over_can_be_replaced_and_run_again() {
    let (mut end, events) = ends(&machine(vec![environment(&one_line(11), 4)]));
    assert_eq!(logged(&events, A), [11]);
    end.load(A, one_line(12)).unwrap();
    let (end, events) = ends(&end);
    assert_eq!(logged(&events, A), [12]);
    assert_eq!(events[0].event, Event::Loaded { env: A, frames: 1 });
    assert_eq!(of(&end, A).phase, Phase::Finished);
}

#[test]
fn an_application_that_broke_can_be_replaced_and_keeps_what_its_environment_holds() {
    let broken = application(vec![
        constant(1, 0x3000),
        load(2, 1, 64),
        constant(1, 0x3001),
        load(2, 1, 64),
        back(),
    ]);
    let (mut end, _) = ends(&machine(vec![environment(&broken, 4)]));
    assert!(matches!(
        of(&end, A).phase,
        Phase::Broken(BreakReason::Application(_))
    ));
    let held = of(&end, A).frames_held;
    end.load(A, application(store_and_load(0x3000, 8, 4)))
        .unwrap();
    let (end, events) = ends(&end);
    assert_eq!(logged(&events, A), [0, 1, 2, 3]);
    assert_eq!(of(&end, A).frames_held, held);
    let missed = events
        .iter()
        .any(|it| matches!(it.event, Event::Missed { .. }));
    assert!(!missed, "the page is still bound");
}

#[test]
fn a_running_application_is_replaced_at_any_instruction_with_nothing_of_it_left() {
    let reset = machine(vec![environment(
        &application(store_and_load(0x1_0000, 0x1000, 6)),
        8,
    )]);
    for units in (0..400).step_by(13) {
        let mut machine = reset.clone();
        machine.run(units, &[], &mut Silent);
        let position = machine.position();
        machine.load(A, one_line(5)).unwrap();
        machine.check().unwrap();
        let mut events = Vec::new();
        while machine.step(&[], &mut events) == Stop::Reached {
            machine.check().unwrap();
        }
        let after_loading = events
            .iter()
            .skip_while(|it| !matches!(it.event, Event::Loaded { .. }));
        let log = logged(&after_loading.copied().collect::<Vec<_>>(), A);
        assert_eq!(log, [5], "replaced at {position}");
        assert_eq!(of(&machine, A).phase, Phase::Finished);
    }
}

#[test]
fn a_policy_may_take_over_while_a_program_runs() {
    let reset = machine(vec![environment(
        &application(store_and_load(0x1_0000, 0x1000, 6)),
        8,
    )]);
    for units in (0..400).step_by(29) {
        let mut machine = reset.clone();
        let mut events = Vec::new();
        machine.run(units, &[], &mut events);
        let clock = exo_libos_samples::sample("clock").unwrap().source;
        let program = Arc::new(exo_policy::compile(clock).unwrap());
        machine.install(A, program, false).unwrap();
        machine.run(u64::MAX, &[], &mut events);
        machine.check().unwrap();
        assert_eq!(of(&machine, A).phase, Phase::Finished, "at {units}");
        assert_eq!(logged(&events, A).len(), 6);
    }
}

#[test]
fn a_program_that_is_not_fit_is_refused_and_nothing_changes() {
    let mut machine = machine(vec![environment(&one_line(1), 4)]);
    let before = machine.state_digest();
    let policy = exo_libos_samples::sample("fifo").unwrap().source;
    let policy = Arc::new(exo_policy::compile(policy).unwrap());
    let refused = machine.load(A, policy.clone()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the program is of role libOS, and role application is needed here"
    );
    assert!(machine.install(A, one_line(2), false).is_err());
    let nobody = EnvId(9);
    let error = machine.load(nobody, one_line(2)).unwrap_err();
    assert_eq!(error, InstallError::NoSuchEnvironment);
    let error = machine.install(nobody, policy, false).unwrap_err();
    assert_eq!(error, InstallError::NoSuchEnvironment);
    let hostile = application(vec![Instr::Jump { target: 7 }]);
    assert!(machine.load(A, hostile).is_err());
    assert_eq!(machine.state_digest(), before);
}

#[test]
fn without_frames_for_its_state_the_new_program_is_refused_and_the_old_one_goes_on() {
    let mut machine: Machine = machine(vec![environment(
        &application(store_and_load(0x1_0000, 0x1000, 4)),
        4,
    )]);
    let mut large = (*one_line(1)).clone();
    large.initial_state = vec![1; 5 << 12];
    machine.run(60, &[], &mut Silent);
    machine.load(A, Arc::new(large)).unwrap();
    let (end, events) = ends(&machine);
    assert!(events.iter().any(|it| matches!(
        it.event,
        Event::LoadRefused {
            frames_needed: 5,
            ..
        }
    )));
    assert_eq!(logged(&events, A), [0, 1, 2, 3]);
    assert_eq!(of(&end, A).phase, Phase::Finished);
}

#[test]
fn on_pages_smaller_than_a_word_no_application_is_loaded() {
    let mut config = super::config(vec![environment(&one_line(1), 4)]);
    config.page_bits = 2;
    config.environments[0].application = Application::Trace(0);
    config.environments[0].handler = Handler::Native;
    let mut machine = Machine::new(config).unwrap();
    let before = machine.clone();
    let refused = machine.load(A, one_line(1)).unwrap_err();
    assert_eq!(refused, InstallError::PageTooSmall);
    assert!(machine == before);
}
