//! Protected control transfer: into another environment, with the registers as the message (A41 to A44).

use exo_core::error::SysError;
use exo_core::event::{BreakReason, Event, Stamped, Transfer};
use exo_core::ids::EnvId;
use exo_core::kernel::Phase;
use exo_core::machine::{EnvironmentConfig, Machine};
use exo_session::explain::explain;
use expect_test::{Expect, expect};

use super::{application, libos, made, sliced, told};
use crate::applications::{A, B, compiled, ends, logged, of};

const C: EnvId = EnvId(2);

/// Calls the second environment with four words and logs what comes back.
const CALLING: &str = "
    match sys.transfer_sync(Environment::new(1), 11, 22, 33, 44) {
        Ok(answer) => {
            log!(\"{} {} {}\", answer.first, answer.second, answer.third);
            log!(\"{}\", answer.fourth);
        }
        Err(SysError::NotRunnable) => log!(\"{}\", 1_013),
        Err(SysError::NoEntry) => log!(\"{}\", 1_014),
        Err(SysError::Occupied) => log!(\"{}\", 1_015),
        Err(_) => log!(\"{}\", 1_000),
    }";

/// Turns the message round, and keeps who called.
const TURNING: &str = "
    fn entered(&mut self, sys: &mut Sys, caller: Environment, message: Message) -> Message {
        self.count += 1 + caller.number() as u64;
        Message { first: message.fourth, second: message.third, third: message.second, fourth: message.first }
    }";

fn check(machine: &Machine, expected: Expect) {
    expected.assert_eq(&told(&ends(machine).1));
}

#[test]
fn a41_a_synchronous_transfer_passes_four_words_each_way_and_goes_on_behind_the_call() {
    check(
        &sliced("ab", 1_000, vec![made(CALLING, ""), made("", TURNING)]),
        expect![[r#"

            a enters b with [11, 22, 33, 44]
            b transfers back to a with [44, 33, 22, 11]
            a log #0 [44, 33, 22]
            a log #1 [11]
            a finished
            b runs after a
            b finished
        "#]],
    );
}

#[test]
fn a43_a_transfer_costs_36_cycles_one_way_and_one_crossing() {
    let (end, _) = ends(&sliced(
        "ab",
        1_000,
        vec![made(CALLING, ""), made("", TURNING)],
    ));
    let (caller, callee) = (of(&end, A), of(&end, B));
    assert_eq!(caller.cycles.kernel, 36 + 2 * 40);
    assert_eq!(callee.cycles.kernel, 36);
    assert_eq!(
        (caller.counters.crossings, callee.counters.crossings),
        (3, 1)
    );
    assert_eq!(
        (caller.counters.transfers, callee.counters.transfers),
        (1, 1)
    );
}

#[test]
fn a42_an_asynchronous_transfer_gives_the_rest_of_the_slice_and_does_not_wait() {
    let signalling = "
        log!(\"{}\", sys.transfer_async(Environment::new(1), 1, 2, 3, 4).is_ok());
        log!(\"behind {}\", 1);";
    let counting = "
        fn signalled(&mut self, sys: &mut Sys, caller: Environment, message: Message) {
            log!(\"signal {} {}\", caller.number(), message.fourth);
        }";
    let looping = "while self.value < 60 { self.value += 1; }";
    check(
        &sliced(
            "ab",
            100,
            vec![made(signalling, ""), made(looping, counting)],
        ),
        expect![[r#"

            a signals b with [1, 2, 3, 4]
            b log #0 [0, 4]
            b resumed
            a runs after b
            a log #0 [1]
            a log #1 [1]
            a finished
            b runs after a
            b finished
        "#]],
    );
}

#[test]
fn a42_a_synchronous_transfer_gives_this_slice_and_all_to_come() {
    let slow = "
        fn entered(&mut self, sys: &mut Sys, caller: Environment, message: Message) -> Message {
            let mut work: u32 = 0;
            while work < 100 { work += 1; }
            message
        }";
    let looping = "loop { self.value += 1; }";
    let environments = vec![made(CALLING, ""), made("", slow), made(looping, "")];
    let mut machine = sliced("ac", 50, environments);
    let mut events: Vec<Stamped> = Vec::new();
    while !logged(&events, A).contains(&44) {
        machine.step(&[], &mut events);
    }
    let served = of(&machine, B).cycles.libos;
    assert!(served > 200, "more than one slice's worth: {served}");
    let switched = events
        .iter()
        .filter(|it| it.event == Event::Switched { from: C, to: B });
    assert!(
        switched.count() >= 3,
        "A's slices are B's: {}",
        told(&events)
    );
    assert!(
        !events
            .iter()
            .any(|it| it.event == Event::Switched { from: C, to: A })
    );
}

#[test]
fn a24_the_callee_decides_whom_it_serves() {
    let choosy = "
        fn entered(&mut self, sys: &mut Sys, caller: Environment, message: Message) -> Message {
            if caller.number() != 2 {
                return Message { first: 0, second: 0, third: 0, fourth: 403 };
            }
            message
        }";
    let environments = vec![made(CALLING, ""), made("", choosy), made(CALLING, "")];
    let (_, events) = ends(&sliced("abc", 1_000, environments));
    assert_eq!(logged(&events, A), [0, 403]);
    assert_eq!(logged(&events, C), [11, 44]);
}

#[test]
fn a41_a_libos_transfers_from_its_handlers_too() {
    let asking = "
        fn request(&mut self, sys: &mut Sys, request: u32, first: u64, second: u64) -> Result<u64, SysError> {
            Ok(sys.transfer_sync(Environment::new(1), first, second, 0, 7)?.first)
        }";
    let body =
        "match mem.request(1, 20, 30) { Ok(value) => log!(\"{}\", value), Err(_) => log!(\"no\") }";
    let (_, events) = ends(&sliced(
        "ab",
        1_000,
        vec![made(body, asking), made("", TURNING)],
    ));
    assert_eq!(logged(&events, A), [7]);
}

#[test]
fn a41_a_callee_transfers_on_and_the_answers_come_back_in_turn() {
    let passing = "
        fn entered(&mut self, sys: &mut Sys, caller: Environment, message: Message) -> Message {
            match sys.transfer_sync(Environment::new(2), message.first, message.second, 5, 6) {
                Ok(answer) => Message { first: answer.first + 1, second: answer.second, third: 0, fourth: 9 },
                Err(_) => message,
            }
        }";
    let environments = vec![made(CALLING, ""), made("", passing), made("", TURNING)];
    let (end, events) = ends(&sliced("abc", 1_000, environments));
    assert_eq!(logged(&events, A), [7, 9]);
    assert!(
        [A, B, C]
            .iter()
            .all(|env| of(&end, *env).phase == Phase::Finished)
    );
}

#[test]
fn a42_who_waits_cannot_be_entered_and_nobody_enters_himself() {
    let back = "
        fn entered(&mut self, sys: &mut Sys, caller: Environment, message: Message) -> Message {
            let answer = sys.transfer_sync(caller, 1, 2, 3, 4);
            let busy = answer == Err(SysError::Occupied);
            Message { first: busy as u64, second: 0, third: 0, fourth: 0 }
        }";
    let (_, events) = ends(&sliced(
        "ab",
        1_000,
        vec![made(CALLING, back), made("", back)],
    ));
    assert_eq!(logged(&events, A), [1, 0]);
    let own = CALLING.replace("new(1)", "new(0)");
    let (_, events) = ends(&sliced(
        "ab",
        1_000,
        vec![made(&own, TURNING), made("", "")],
    ));
    assert_eq!(logged(&events, A), [1_015]);
}

#[test]
fn a24_refusals_change_nothing_and_come_in_order() {
    let broken = made("assert!(self.value == 8);", TURNING);
    for (callee, body, said) in [
        (
            made("", TURNING),
            CALLING.replace("new(1)", "new(2)"),
            1_000,
        ),
        (
            made("", TURNING),
            CALLING.replace("new(1)", "new(4_294_967_295)"),
            1_000,
        ),
        (broken, format!("sys.yield_slice(); {CALLING}"), 1_013),
        (made("", ""), CALLING.to_owned(), 1_014),
    ] {
        let (end, events) = ends(&sliced("ab", 1_000, vec![made(&body, ""), callee]));
        assert_eq!(logged(&events, A), [said], "{}", told(&events));
        assert!(
            events
                .iter()
                .any(|it| matches!(it.event, Event::Refused { .. }))
        );
        assert_eq!(of(&end, B).cycles.libos, 0);
    }
}

#[test]
fn a_caller_whose_callee_is_given_up_goes_on_with_a_refusal() {
    let trapping = "
        fn entered(&mut self, sys: &mut Sys, caller: Environment, message: Message) -> Message {
            self.count = 1 / self.count;
            message
        }";
    let (end, events) = ends(&sliced(
        "ab",
        1_000,
        vec![made(CALLING, ""), made("loop {}", trapping)],
    ));
    assert_eq!(logged(&events, A), [1_013]);
    assert!(matches!(
        of(&end, B).phase,
        Phase::Broken(BreakReason::Trap(_))
    ));
    assert_eq!(of(&end, A).phase, Phase::Finished);
    let failed = events
        .iter()
        .find(|it| matches!(it.event, Event::TransferFailed { .. }));
    assert_eq!(
        explain(&failed.unwrap().event, &end).text,
        "B was given up before it transferred back: A goes on with a refusal, and its slices are \
         its own."
    );
}

#[test]
fn a_callee_that_never_comes_back_uses_up_its_fuel_and_not_the_others_slices() {
    let never = "
        fn entered(&mut self, sys: &mut Sys, caller: Environment, message: Message) -> Message {
            loop { self.count += 1; }
        }";
    let other = "while self.value < 2_000 { self.value += 1; } log!(\"{}\", 5);";
    let mut machine = sliced(
        "abc",
        1_000,
        vec![made(CALLING, ""), made("", never), made(other, "")],
    );
    let mut events: Vec<Stamped> = Vec::new();
    machine.run(30_000, &[], &mut events);
    assert_eq!(logged(&events, C), [5], "after its turns");
    machine.run(5_000_000, &[], &mut events);
    assert_eq!(logged(&events, A), [1_013]);
}

#[test]
fn an_environment_whose_application_is_over_still_serves_and_stays_over() {
    let late = format!("sys.yield_slice(); {CALLING}");
    let (end, events) = ends(&sliced(
        "ab",
        1_000,
        vec![made(&late, ""), made("", TURNING)],
    ));
    assert_eq!(logged(&events, A), [44, 11]);
    let over = events
        .iter()
        .filter(|it| it.event == Event::Finished { env: B });
    assert_eq!(over.count(), 1);
    assert_eq!(of(&end, B).phase, Phase::Finished);
}

/// What the callee has seen and done: its digest, but for what all environments share.
fn view(machine: &Machine) -> (u64, Vec<u8>) {
    let callee = of(machine, B);
    (callee.context.register(5), machine.state_bytes(B))
}

#[test]
fn inv_sched_2_nothing_but_the_message_reaches_the_callee() {
    let caller = |secret: u64| {
        format!(
            "let secret: u64 = {secret};
             let more = secret * 3;
             match sys.transfer_sync(Environment::new(1), 1, 2, 3, 4) {{
                 Ok(answer) => log!(\"{{}} {{}}\", answer.first, more - secret),
                 Err(_) => log!(\"no\"),
             }}"
        )
    };
    let peeking = "
        fn entered(&mut self, sys: &mut Sys, caller: Environment, message: Message) -> Message {
            let fresh = [0_u64; 4];
            self.count = fresh[0] + fresh[3] + message.first + message.fourth;
            message
        }";
    let run = |secret| {
        let (end, events) = ends(&sliced(
            "ab",
            1_000,
            vec![made(&caller(secret), ""), made("", peeking)],
        ));
        let sent: Vec<Event> = events
            .iter()
            .map(|it| it.event)
            .filter(|it| matches!(it, Event::Transferred { .. }))
            .collect();
        (view(&end), sent)
    };
    assert_eq!(run(7), run(1_000_003));
}

#[test]
fn inv_sched_2_a_transfer_gives_exactly_what_is_left_of_the_slice() {
    let mut machine = sliced("ab", 1_000, vec![made(CALLING, ""), made("", TURNING)]);
    let mut events: Vec<Stamped> = Vec::new();
    let mut left = Vec::new();
    while machine.kernel().slices.position == 0 {
        let before = (machine.kernel().slice_left, machine.position().retired);
        let told = events.len();
        if machine.step(&[], &mut events) != exo_core::machine::Stop::Reached {
            break;
        }
        if let Some(Event::Transferred { transfer, .. }) = events.get(told).map(|it| it.event) {
            let used = machine.position().retired - before.1;
            assert_eq!(
                u64::from(before.0),
                u64::from(machine.kernel().slice_left) + used
            );
            left.push(transfer);
        }
    }
    assert_eq!(left, [Transfer::Synchronous, Transfer::Back]);
}

#[test]
fn a_policy_that_is_replaced_while_it_serves_takes_over_when_it_has_served() {
    let (mut machine, mut events) = (
        sliced("ab", 1_000, vec![made(CALLING, ""), made("", TURNING)]),
        Vec::<Stamped>::new(),
    );
    while machine.kernel().running == A {
        machine.step(&[], &mut events);
    }
    let other = compiled(&libos(""));
    machine.install(A, other.clone(), false).unwrap();
    machine.install(B, other, false).unwrap();
    machine
        .load(A, compiled(&application("log!(\"{}\", 77);")))
        .unwrap();
    let (end, events) = ends(&machine);
    let back = events
        .iter()
        .position(|it| matches!(it.event, Event::Transferred { .. }));
    let installed = events
        .iter()
        .position(|it| matches!(it.event, Event::Installed { .. }));
    assert!(back < installed, "{}", told(&events));
    assert_eq!(of(&end, A).phase, Phase::Finished);
}

#[test]
fn a_native_handler_cannot_transfer() {
    let mut environment = made("mem.store_u8(0x1000, 1);", "");
    environment.handler = exo_core::kernel::Handler::Native;
    let mut machine = sliced("ab", 1_000, vec![environment, made("", TURNING)]);
    let mut events: Vec<Stamped> = Vec::new();
    machine.run(10_000, &[], &mut events);
    let call = exo_core::kernel::call::Call::TransferSync;
    let answer = machine.native_call(A, call, [1, 2, 3], &mut events);
    assert_eq!(answer, Some(Err(SysError::NotOffered)));
    machine.check().unwrap();
}

#[test]
fn a_transfer_is_told_in_plain_words() {
    let environments: Vec<EnvironmentConfig> = vec![made(CALLING, ""), made("", TURNING)];
    let (end, events) = ends(&sliced("ab", 1_000, environments));
    let told: Vec<String> = events
        .iter()
        .filter(|it| matches!(it.event, Event::Transferred { .. }))
        .map(|it| explain(&it.event, &end).text)
        .collect();
    assert_eq!(
        told,
        [
            "A enters B with 11, 22, 33 and 44 in registers, 36 cycles. This slice and all of A's \
             are B's until it transfers back.",
            "B transfers back to A with 44, 33, 22 and 11 in registers, 36 cycles. A has its slices \
             again, and goes on."
        ]
    );
}
