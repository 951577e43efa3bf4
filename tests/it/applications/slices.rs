//! The timer: an application can be stopped at any instruction, and goes on as if it had not been.

use std::collections::BTreeMap;

use exo_core::event::{Event, Silent};
use exo_core::ids::{EnvId, Frame, Page};
use exo_core::kernel::{Counters, Cycles};
use exo_core::machine::{Machine, Stop};

use super::assembly::{application, store_and_load};
use super::{A, B, config, ends, environment, logged, machine, of};

/// Two applications, one of which needs more pages than it may hold frames.
fn two(slice: u32) -> Machine {
    let (one, other) = (
        application(store_and_load(0x1_0000, 0x1000, 6)),
        application(store_and_load(0x4_0008, 0x808, 9)),
    );
    let mut config = config(vec![environment(&one, 6), environment(&other, 4)]);
    // Every binding of both fits the TLB: who runs when must not matter to what is counted.
    config.tlb = exo_session::parse_tlb("full:64:lru").unwrap();
    config.slice_references = slice;
    Machine::new(config).unwrap()
}

/// What the pages of an environment hold.
type Pages = BTreeMap<Page, Vec<u8>>;

fn pages(machine: &Machine, env: EnvId) -> Pages {
    let records = machine.kernel().frames.records().iter().enumerate();
    let own = records.filter(|(_, it)| it.owner == Some(env));
    let memory = &machine.hardware().memory;
    own.filter_map(|(frame, it)| Some((it.page?, memory.frame_bytes(Frame(frame as u32)).to_vec())))
        .collect()
}

/// What a slice must not change of an environment.
#[derive(Debug, PartialEq)]
struct Outcome {
    log: Vec<u64>,
    counters: Counters,
    cycles: Cycles,
    state: Vec<u8>,
    pages: Pages,
}

fn outcomes(slice: u32) -> [Outcome; 2] {
    let (end, events) = ends(&two(slice));
    [A, B].map(|env| Outcome {
        log: logged(&events, env),
        counters: of(&end, env).counters,
        cycles: of(&end, env).cycles,
        state: end.application_bytes(env),
        pages: pages(&end, env),
    })
}

#[test]
fn a_run_interrupted_at_every_instruction_equals_the_straight_run() {
    let straight = outcomes(1_000_000);
    for slice in [1, 2, 3, 7, 64, 1000] {
        assert!(outcomes(slice) == straight, "slices of {slice}");
    }
}

#[test]
fn slices_of_one_instruction_alternate_between_two_applications() {
    let mut machine = two(1);
    let mut events = Vec::new();
    while machine.step(&[], &mut events) == Stop::Reached {}
    let switches = events
        .iter()
        .filter(|it| matches!(it.event, Event::Switched { .. }));
    let fewer = of(&machine, A)
        .counters
        .instructions
        .min(of(&machine, B).counters.instructions);
    assert!(switches.count() as u64 >= 2 * fewer - 1);
}

#[test]
fn a_run_that_is_stopped_and_gone_on_with_after_every_unit_is_the_same_run() {
    let mut straight = two(50);
    straight.run(u64::MAX, &[], &mut Silent);
    let mut stopped = two(50);
    let mut end = 0;
    while stopped.run(end, &[], &mut Silent) == Stop::Reached {
        end += 1;
        let checkpoint = stopped.checkpoint();
        stopped.run(end + 3, &[], &mut Silent);
        stopped.restore(&checkpoint);
    }
    assert!(stopped == straight);
    assert_eq!(stopped.state_digest(), straight.state_digest());
}

#[test]
fn an_application_that_never_ends_takes_no_more_than_its_slices() {
    let endless = application(vec![exo_core::cpu::Instr::Jump { target: 0 }]);
    let decent = application(store_and_load(0x1_0000, 0x1000, 6));
    let mut machine = machine(vec![environment(&endless, 4), environment(&decent, 6)]);
    let mut events = Vec::new();
    assert_eq!(machine.run(1_000_000, &[], &mut events), Stop::Reached);
    assert_eq!(logged(&events, B), [0, 1, 2, 3, 4, 5]);
    assert_eq!(machine.position().retired, 1_000_000);
}
