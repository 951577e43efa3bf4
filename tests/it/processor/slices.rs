//! The vector of slices: allocated by position, told when one begins and ends, passed on (A37 to A40).

use exo_core::event::{BreakReason, Event, Stamped};
use exo_core::ids::EnvId;
use exo_core::kernel::Phase;
use exo_core::machine::{ConfigError, Machine};
use expect_test::{Expect, expect};

use super::{made, sliced, told};
use crate::applications::{A, B, ends, logged, of};

const C: EnvId = EnvId(2);

/// An application that counts to `most`.
fn counting(most: u32) -> String {
    format!("while self.value < {most} {{ self.value += 1; }}")
}

fn check(machine: &Machine, expected: Expect) {
    expected.assert_eq(&told(&ends(machine).1));
}

/// Who ran, in order, from one switch to the next.
fn order(events: &[Stamped]) -> String {
    let switches = events.iter().filter_map(|it| match it.event {
        Event::Switched { to, .. } => Some(char::from(b'a' + to.0)),
        _ => None,
    });
    switches.collect()
}

#[test]
fn a37_without_a_word_each_environment_has_one_slice_in_order() {
    let environments = [60, 60, 60].map(|most| made(&counting(most), ""));
    let (end, events) = ends(&sliced("", 30, environments.to_vec()));
    let owners = end.kernel().slices.owners();
    assert_eq!(owners[..4], [Some(A), Some(B), Some(C), None]);
    assert_eq!(owners.len(), 16);
    assert!(order(&events).starts_with("bcabca"));
}

#[test]
fn a37_slices_are_allocated_by_position_and_their_owners_can_be_read_by_anyone() {
    let body = "
        log!(\"first free {}\", sys.slice_allocate().unwrap_or(99));
        log!(\"named {}\", sys.slice_allocate_at(3).is_ok());
        match sys.slice_owner(1) {
            Ok(owner) => log!(\"owner {}\", owner.number()),
            Err(_) => log!(\"nobody\"),
        }
        log!(\"freed {} of {}\", sys.slice_free(2).is_ok(), sys.slices());
        log!(\"own {}\", sys.environment().number());";
    check(
        &sliced("ab..", 1_000, vec![made(body, ""), made("", "")]),
        expect![[r#"

            a allocated slice 2
            a log #0 [2]
            a allocated slice 3 named
            a log #1 [1]
            a slice_owner=1
            a log #2 [1]
            a freed slice 2
            a slices=4
            a log #4 [1, 4]
            a environment=0
            a log #5 [0]
            a finished
            b runs after a
            b finished
        "#]],
    );
}

#[test]
fn a37_what_cannot_be_had_is_refused_and_changes_nothing() {
    let body = "
        log!(\"{}\", sys.slice_allocate().is_ok());
        log!(\"{}\", sys.slice_allocate_at(1).is_ok());
        log!(\"{}\", sys.slice_allocate_at(4).is_ok());
        log!(\"{}\", sys.slice_free(1).is_ok());
        log!(\"{}\", sys.slice_free(4_294_967_295).is_ok());
        log!(\"{}\", sys.slice_owner(7).is_ok());
        log!(\"{}\", sys.slice_free(0).is_ok());
        log!(\"{}\", sys.slice_owner(0).is_ok());
        log!(\"{}\", sys.yield_to(Environment::new(9)).is_ok());
        log!(\"{}\", sys.yield_to(Environment::new(4_294_967_295)).is_ok());
        log!(\"{}\", sys.yield_to(Environment::new(2)).is_ok());";
    let ended = made("", "");
    check(
        &sliced(
            "cab",
            1_000,
            vec![made(body, ""), made(&counting(900), ""), ended],
        ),
        expect![[r#"

            c finished
            a runs after c
            a refused slice_allocate Taken
            a log #0 [0]
            a refused slice_allocate_at Taken
            a log #1 [0]
            a refused slice_allocate_at NoSuchSlice
            a log #2 [0]
            a freed slice 1
            a log #3 [1]
            a refused slice_free NoSuchSlice
            a log #4 [0]
            a refused slice_owner NoSuchSlice
            a log #5 [0]
            a refused slice_free NoAuthority
            a log #6 [0]
            a slice_owner=2
            a log #7 [1]
            a refused yield_to NoSuchEnvironment
            a log #8 [0]
            a refused yield_to NoSuchEnvironment
            a log #9 [0]
            a refused yield_to NotRunnable
            a log #10 [0]
            a finished
            b runs after a
            b finished
        "#]],
    );
}

#[test]
fn a38_neighbouring_slices_switch_seldom_and_spread_ones_wait_little() {
    let environments = || [600, 600].map(|most| made(&counting(most), "")).to_vec();
    let (_, together) = ends(&sliced("aaabbb", 30, environments()));
    let (_, apart) = ends(&sliced("ababab", 30, environments()));
    assert!(order(&together).len() * 2 < order(&apart).len());
}

#[test]
fn a37_an_environment_with_two_slices_runs_twice_as_long() {
    let looping = || made("loop { self.value += 1; }", "");
    let mut machine = sliced("aba", 100, vec![looping(), looping()]);
    machine.run(30_000, &[], &mut exo_core::event::Silent);
    let ran = |env| of(&machine, env).counters.instructions;
    assert_eq!((ran(A), ran(B)), (20_000, 10_000));
}

#[test]
fn a37_who_gives_all_slices_back_runs_no_more_and_the_others_go_on() {
    let body = "log!(\"{}\", sys.slice_free(0).is_ok()); while self.value > 0 { self.value += 1; }";
    let mut machine = sliced("ab", 50, vec![made(body, ""), made(&counting(500), "")]);
    let mut events = Vec::new();
    let stop = machine.run(100_000, &[], &mut events);
    assert_eq!(stop, exo_core::machine::Stop::Halted);
    assert_eq!(of(&machine, B).phase, Phase::Finished);
    assert_eq!(of(&machine, A).phase, Phase::Application);
    machine.check().unwrap();
}

#[test]
fn a40_a_yield_names_its_target_which_gets_exactly_what_is_left() {
    let yielding = "sys.yield_to(Environment::new(2)); log!(\"{}\", 5);";
    let looping = || made("loop { self.value += 1; }", "");
    let mut machine = sliced("abc", 100, vec![made(yielding, ""), looping(), looping()]);
    let mut events: Vec<Stamped> = Vec::new();
    while !events
        .iter()
        .any(|it| matches!(it.event, Event::Yielded { .. }))
    {
        machine.step(&[], &mut events);
    }
    let before = machine.kernel().slice_left;
    let used = of(&machine, A).counters.instructions;
    assert_eq!(u64::from(before) + used, 100);
    assert_eq!(machine.kernel().running, C);
    while machine.kernel().running == C {
        machine.step(&[], &mut events);
    }
    assert_eq!(of(&machine, C).counters.instructions, u64::from(before));
    assert_eq!(
        machine.kernel().running,
        B,
        "the vector goes on behind the slice"
    );
}

#[test]
fn a40_a_plain_yield_ends_the_slice() {
    check(
        &sliced(
            "ab",
            1_000,
            vec![
                made("sys.yield_slice(); log!(\"{}\", 1);", ""),
                made("log!(\"{}\", 2);", ""),
            ],
        ),
        expect![[r#"

            a yielded
            b runs after a
            b log #0 [2]
            b finished
            a runs after b
            a log #0 [1]
            a finished
        "#]],
    );
}

/// A libOS that counts slices and tells their positions.
const TELLING: &str = "
    fn slice_began(&mut self, sys: &mut Sys, position: u32) { log!(\"began {}\", position); }
    fn slice_ended(&mut self, sys: &mut Sys) { self.count += 1; log!(\"ended {}\", self.count); }";

#[test]
fn a23_a_libos_is_told_when_a_slice_begins_and_when_it_ends() {
    check(
        &sliced(
            "ab.a",
            20,
            vec![made(&counting(20), TELLING), made(&counting(20), "")],
        ),
        expect![[r#"

            a upcall slice 0 began
            a log #0 [0]
            a resumed
            a upcall slice 0 ends
            a log #1 [1]
            a saved
            b runs after a
            a runs after b
            a upcall slice 3 began
            a log #0 [3]
            a resumed
            a upcall slice 3 ends
            a log #1 [2]
            a saved
            a upcall slice 0 began
            a log #0 [0]
            a resumed
            a upcall slice 0 ends
            a log #1 [3]
            a saved
            b runs after a
            a runs after b
            a upcall slice 3 began
            a log #0 [3]
            a resumed
            a finished
            b runs after a
            b finished
        "#]],
    );
}

#[test]
fn a15_the_end_of_a_slice_costs_an_upcall_and_no_more_than_was_saved() {
    let (end, events) = ends(&sliced("a", 20, vec![made(&counting(20), TELLING)]));
    let upcalls = events.iter().filter(|it| {
        matches!(
            it.event,
            Event::SliceBegan { .. } | Event::SliceEnding { .. }
        )
    });
    let calls = events
        .iter()
        .filter(|it| matches!(it.event, Event::Logged { .. }));
    let (upcalls, calls) = (upcalls.count() as u64, calls.count() as u64);
    assert!(upcalls > 4);
    assert_eq!(of(&end, A).counters.upcalls, upcalls);
    assert_eq!(of(&end, A).cycles.kernel, 36 * upcalls + 40 * calls);
}

/// An end-of-slice handler that takes about `instructions`, each fourth time.
fn slow(instructions: u32, each: u32) -> String {
    format!(
        "fn slice_ended(&mut self, sys: &mut Sys) {{
             self.count += 1;
             if self.count % {each} == 1 {{
                 let mut work: u32 = 0;
                 while work < {instructions} {{ work += 1; }}
             }}
         }}"
    )
}

#[test]
fn a39_each_excess_slice_forfeits_a_later_one() {
    let hog = made("loop { self.value += 1; }", &slow(250, 1_000));
    let mut machine = sliced("ab", 100, vec![hog, made(&counting(900), "")]);
    let mut events: Vec<Stamped> = Vec::new();
    machine.run(2_500, &[], &mut events);
    events.retain(|it| {
        !matches!(
            it.event,
            Event::Logged { .. } | Event::Saved { .. } | Event::SliceEnding { .. }
        )
    });
    expect![[r#"

        a overran, owes 1
        b runs after a
        a forfeited slice 0, owes 0
        a runs after b
        b runs after a
        a runs after b
        b runs after a
        a runs after b
        b runs after a
        a runs after b
        b runs after a
        a runs after b
        b runs after a
        a runs after b
        b runs after a
        a runs after b
        b runs after a
        a runs after b
        b runs after a
        a runs after b
    "#]]
    .assert_eq(&told(&events));
}

#[test]
fn a39_a_handler_that_never_ends_is_destroyed_after_three_unpaid_slices() {
    let hog = made(
        "loop {}",
        "fn slice_ended(&mut self, sys: &mut Sys) { loop {} }",
    );
    let (end, events) = ends(&sliced("ab", 100, vec![hog, made(&counting(300), "")]));
    assert_eq!(of(&end, A).phase, Phase::Broken(BreakReason::ExcessTime));
    assert_eq!(of(&end, B).phase, Phase::Finished);
    let overran = events
        .iter()
        .filter(|it| matches!(it.event, Event::Overran { .. }));
    assert_eq!(overran.count(), 3);
    assert!(of(&end, A).cycles.libos <= 500 + 3 * 100);
}

#[test]
fn a39_system_calls_count_against_the_time_to_save() {
    let functions = "fn slice_ended(&mut self, sys: &mut Sys) {
        let mut calls: u32 = 0;
        while calls < 13 { calls += 1; self.count = sys.cycles(); }
    }";
    let mut machine = sliced("a", 100, vec![made("loop {}", functions)]);
    let mut events: Vec<Stamped> = Vec::new();
    machine.run(400, &[], &mut events);
    assert!(
        events
            .iter()
            .any(|it| matches!(it.event, Event::Overran { .. }))
    );
}

#[test]
fn a_handler_that_yields_has_saved_and_goes_on_in_its_next_slice() {
    let functions = "fn slice_ended(&mut self, sys: &mut Sys) {
        sys.yield_slice();
        log!(\"behind {}\", 1);
    }";
    let (end, events) = ends(&sliced(
        "ab",
        30,
        vec![made(&counting(30), functions), made(&counting(30), "")],
    ));
    assert!(of(&end, A).phase == Phase::Finished && of(&end, B).phase == Phase::Finished);
    assert!(
        !events
            .iter()
            .any(|it| matches!(it.event, Event::Saved { .. }))
    );
}

#[test]
fn a_configuration_with_impossible_slices_makes_no_machine() {
    let config = |slices: Vec<Option<EnvId>>| {
        let mut config = crate::applications::config(vec![made("", "")]);
        config.slices = slices;
        Machine::new(config).map(|_| ())
    };
    assert_eq!(
        config(vec![None; 129]),
        Err(ConfigError::Slices { asked: 129 })
    );
    assert_eq!(
        config(vec![None, Some(B)]),
        Err(ConfigError::SliceOwner { position: 1 })
    );
    assert_eq!(config(vec![None; 128]), Ok(()));
}

#[test]
fn a_machine_whose_slices_are_all_free_halts_at_once() {
    let mut machine = sliced("..", 10, vec![made("loop {}", "")]);
    let stop = machine.run(100, &[], &mut exo_core::event::Silent);
    assert_eq!(stop, exo_core::machine::Stop::Halted);
    assert_eq!(machine.position().retired, 0);
}

/// Whatever the others do with the processor: from one slice of `c` to its next one there is no more
/// than a turn of the vector, with the time to save and the excess that is allowed.
#[test]
fn inv_sched_1_nobody_keeps_the_processor_from_the_others() {
    let storms = [
        ("loop { sys.yield_to(Environment::new(1)); }", ""),
        ("loop { sys.yield_slice(); }", ""),
        ("loop { mem.request(1, 2, 3); }", STORM),
        (
            "loop { sys.transfer_sync(Environment::new(1), 1, 2, 3, 4); }",
            ECHO,
        ),
        (
            "loop { sys.transfer_async(Environment::new(1), 1, 2, 3, 4); }",
            ECHO,
        ),
        ("loop { self.value = 1 / (self.value - self.value); }", SKIP),
        (
            "loop {}",
            "fn slice_ended(&mut self, sys: &mut Sys) { loop {} }",
        ),
        (
            "loop {}",
            "fn slice_began(&mut self, sys: &mut Sys, position: u32) { loop {} }",
        ),
        (
            "loop {}",
            "fn slice_began(&mut self, sys: &mut Sys, position: u32) { sys.yield_to(Environment::new(1)); }",
        ),
    ];
    let victim = "loop { self.value += 1; }";
    for (body, functions) in storms {
        let first = made(body, functions);
        let second = made(
            &body.replace("new(1)", "new(0)"),
            &functions.replace("new(1)", "new(0)"),
        );
        let mut machine = sliced("abc", 50, vec![first, second, made(victim, "")]);
        let mut longest = 0;
        for _ in 0..6 {
            let before = of(&machine, C).counters.instructions;
            let start = machine.position().retired;
            while of(&machine, C).counters.instructions < before + 50 {
                let mut told: Vec<Stamped> = Vec::new();
                machine.run(machine.position().retired + 1, &[], &mut told);
                // Instructions between two events change nothing that an invariant reads.
                if !told.is_empty() {
                    machine.check().unwrap();
                }
                let waited = machine.position().retired - start;
                assert!(waited < 2_000, "{body} {functions}: {waited} units");
                longest = longest.max(waited);
            }
        }
        assert!(longest >= 50);
    }
}

const ECHO: &str = "
    fn entered(&mut self, sys: &mut Sys, caller: Environment, message: Message) -> Message { message }
    fn signalled(&mut self, sys: &mut Sys, caller: Environment, message: Message) { self.count += 1; }";
const SKIP: &str = "
    fn exception(&mut self, sys: &mut Sys, exception: Exception) -> Result<Resume, SysError> {
        Ok(Resume { how: Resumption::Again, value: 0 })
    }";
/// Passes the processor on within one upcall, again and again.
const STORM: &str = "
    fn request(&mut self, sys: &mut Sys, request: u32, first: u64, second: u64) -> Result<u64, SysError> {
        loop {
            sys.yield_to(Environment::new(1));
        }
    }";

#[test]
fn an_application_that_logs_nothing_is_told_nothing_of_slices() {
    let (end, events) = ends(&sliced(
        "ab",
        10,
        vec![made("", TELLING), made(&counting(50), "")],
    ));
    assert_eq!(logged(&events, A), [0_u64; 0]);
    assert_eq!(of(&end, A).excess_slices, 0);
}
