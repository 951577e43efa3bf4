//! Pipes, remote procedure calls and schedulers as library code (A52, A53, A55).

use exo_core::event::{Event, Silent, Stamped};
use exo_core::ids::EnvId;
use exo_libos_samples::ipc::{LOTTERY, PARTS, Part, STRIDE};
use exo_session::ipc::{Ipc, machine, measure, quanta, scheduled};

use crate::applications::{A, B, compiled, logged, of};

#[test]
fn a52_a53_each_way_to_communicate_costs_what_its_library_executes() {
    let cycles: Vec<String> = Ipc::ALL
        .iter()
        .map(|kind| format!("{} {:.1}", kind.name(), measure(*kind).unwrap()))
        .collect();
    expect_test::expect![[r#"
        pipe 167.4
        pipe' 137.5
        shm 127.0
        lrpc 125.0
        tlrpc 93.0"#]]
    .assert_eq(&cycles.join("\n"));
}

/// Cycles of a way, in the order of the tables.
fn cycles() -> [f64; 5] {
    Ipc::ALL.map(|kind| measure(kind).unwrap())
}

#[test]
fn a53_a_trusted_call_is_two_transfers_and_little_more_and_saving_registers_costs_more() {
    let [pipe, inlined, shm, lrpc, tlrpc] = cycles();
    assert!(tlrpc >= 72.0, "at least two transfers: {tlrpc}");
    assert!(tlrpc < lrpc, "{tlrpc} {lrpc}");
    assert!(shm < inlined && inlined < pipe, "{shm} {inlined} {pipe}");
    for kind in Ipc::ALL {
        assert_eq!(kind.round_trip(), matches!(kind, Ipc::Lrpc | Ipc::Tlrpc));
    }
}

#[test]
fn a51_a52_a_pipe_carries_every_word_and_the_page_is_shared_by_a_capability() {
    for (kind, done) in [(Ipc::Pipe, 500), (Ipc::PipeInlined, 500), (Ipc::Shm, 1_031)] {
        let mut machine = machine(kind).unwrap();
        let mut events: Vec<Stamped> = Vec::new();
        machine.run(2_000_000, &[], &mut events);
        machine.check().unwrap();
        assert_eq!(logged(&events, A)[1], done, "{}", kind.name());
        let shared = |it: &&Stamped| matches!(it.event, Event::BoundShared { env: B, .. });
        assert_eq!(events.iter().filter(shared).count(), 1);
        assert_eq!(of(&machine, A).counters.requests, 0);
    }
}

#[test]
fn every_part_compiles_and_says_what_it_teaches() {
    for part in PARTS {
        let program = compiled(part.source);
        assert!(!program.code.is_empty());
        assert!(part.lesson().len() > 40, "{}", part.name);
    }
}

#[test]
fn a55_a_scheduler_takes_less_than_a_hundred_lines() {
    for part in [STRIDE, LOTTERY] {
        let lines = part.source.lines().filter(|it| !it.trim().is_empty());
        assert!(lines.count() < 100, "{}", part.name);
    }
}

/// The order in which a scheduler gives its quanta to its clients A, B and C.
fn order(scheduler: Part, count: usize) -> String {
    let given = quanta(scheduler, count).unwrap();
    given
        .iter()
        .map(|client| char::from(b'A' + client))
        .collect()
}

#[test]
fn a55_a_stride_scheduler_gives_51_33_and_16_of_100_quanta_and_each_six_exactly() {
    let order = order(STRIDE, 100);
    let count = |text: &str, client| text.chars().filter(|it| *it == client).count();
    assert_eq!(['A', 'B', 'C'].map(|it| count(&order, it)), [51, 33, 16]);
    for window in order.as_bytes().windows(6) {
        let window = std::str::from_utf8(window).unwrap();
        assert_eq!(
            ['A', 'B', 'C'].map(|it| count(window, it)),
            [3, 2, 1],
            "{order}"
        );
    }
    let mut machine = scheduled(STRIDE).unwrap();
    machine.run(100_000, &[], &mut Silent);
    machine.check().unwrap();
    let ran = [1, 2].map(|env| of(&machine, EnvId(env)).counters.instructions);
    let ratio = ran[0] as f64 / ran[1] as f64;
    assert!(
        (ratio - 1.5).abs() < 0.06,
        "shares of the time, not only of the quanta: {ratio}"
    );
}

#[test]
fn a55_a_lottery_gives_about_the_shares() {
    let order = order(LOTTERY, 600);
    let count = |client| order.chars().filter(|it| *it == client).count();
    for (client, expected) in [('A', 300), ('B', 200), ('C', 100)] {
        let found: usize = count(client);
        assert!(found.abs_diff(expected) < 45, "{client}: {found}");
    }
}

#[test]
fn a55_a_scheduler_whose_client_is_over_says_so_and_needs_no_privilege() {
    let mut machine = scheduled(STRIDE).unwrap();
    machine
        .load(EnvId(1), compiled(&super::application("")))
        .unwrap();
    machine.run(5_000, &[], &mut Silent);
    assert_eq!(of(&machine, A).frames_held, 0);
    assert_eq!(of(&machine, A).phase, exo_core::kernel::Phase::Finished);
}
