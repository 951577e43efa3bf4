//! Stepping, stepping back, going to, running in slices and searching.

use exo_core::event::Event;
use exo_core::ids::Position;
use exo_core::kernel::Phase;
use exo_core::machine::Stop;
use exo_session::{Search, Session};

use super::{short, state, synthetic};

#[test]
fn a_step_and_a_step_back_is_the_identity_also_within_a_fault() {
    let mut session = super::session(synthetic(3000));
    let (mut within, mut tried) = (0, 0);
    while tried < 200 {
        // Strides that are no multiple of anything, so as to stop in every phase of a fault.
        session.run_slice(37 + tried * 3 % 101);
        session.step();
        let before = state(&session);
        let environments = &session.machine().kernel().environments;
        within += u64::from(environments.iter().any(|it| it.fault.is_some()));
        assert_eq!(session.step(), Stop::Reached);
        assert!(session.step_back());
        assert_eq!(
            state(&session),
            before,
            "at {}",
            session.machine().position()
        );
        tried += 1;
    }
    assert!(
        within > 50,
        "only {within} of the positions were within a fault"
    );
}

#[test]
fn every_event_on_the_way_is_found_again_going_back() {
    let mut session = super::session(synthetic(3000));
    session.run_slice(2500);
    session.step();
    let mut there = vec![state(&session)];
    for _ in 0..400 {
        assert_eq!(session.step(), Stop::Reached);
        there.push(state(&session));
    }
    for expected in there.iter().rev().skip(1) {
        assert!(session.step_back());
        assert_eq!(&state(&session), expected);
    }
}

#[test]
fn a_pause_deep_within_an_endless_loop_can_be_stepped_back_from() {
    let mut scenario = synthetic(100);
    scenario.environments[0].source = scenario.environments[0].source.replace(
        "let frame = match self.table.find(fault.page) {",
        "loop {}\n        let frame = match self.table.find(fault.page) {",
    );
    let mut session = super::session(scenario);
    while !matches!(
        session.current().map(|it| it.stamped.event),
        Some(Event::Upcall { .. })
    ) {
        session.step();
    }
    let upcall = state(&session);
    session.step_back();
    let before = state(&session);
    session.run_slice(500_000);
    assert_eq!(session.step_number(), upcall.step());
    assert!(session.step_back());
    assert_eq!(state(&session), upcall);
    assert!(session.step_back());
    assert_eq!(state(&session), before);
    session.step();
    session.step();
    assert!(session.machine().position().retired >= 1_000_000);
    assert!(session.step_back());
    assert_eq!(state(&session), upcall);
}

#[test]
fn the_phases_of_a_fault_are_all_stopped_at() {
    let mut session = super::session(short(300));
    let mut seen = [false; 5];
    for _ in 0..2000 {
        session.step();
        let kernel = session.machine().kernel();
        let phase = kernel.environments[kernel.running.index()].phase;
        let place = match phase {
            Phase::Application => 0,
            Phase::Probing => 1,
            Phase::Dispatching => 2,
            Phase::Handling(_) => 3,
            Phase::Rerunning => 4,
            Phase::Waiting(_)
            | Phase::Requesting
            | Phase::Transferring
            | Phase::Finished
            | Phase::Broken(_) => continue,
        };
        seen[place] = true;
    }
    assert_eq!(seen, [true; 5]);
}

#[test]
fn at_reset_there_is_nothing_to_step_back_to() {
    let mut session = super::session(short(100));
    let before = state(&session);
    assert!(!session.step_back());
    assert_eq!(state(&session), before);
    session.step();
    assert!(session.step_back());
    assert!(!session.step_back());
    assert_eq!(state(&session), before);
}

#[test]
fn a_session_comes_to_its_end_and_stays_there() {
    let mut session = super::session(short(50));
    assert_eq!(session.run_slice(u64::MAX), Stop::Halted);
    session.settle();
    let end = state(&session);
    assert_eq!(session.step(), Stop::Halted);
    assert_eq!(session.run_until_fault(1000), Search::Halted);
    assert_eq!(session.run_until_event(1000), Search::Halted);
    assert_eq!(state(&session), end);
    assert!(session.step_back());
    session.step();
    assert_eq!(state(&session), end);
}

/// Positions all over a run, most of them within handlers, some past its end.
fn positions(session: &mut Session) -> Vec<Position> {
    session.run_slice(u64::MAX);
    let end = session.machine().position().retired;
    let spread = (0..40).map(|number| Position {
        retired: end * (number * 17 % 40) / 39,
        event: (number % 3) as u32,
    });
    let mut positions: Vec<Position> = spread.collect();
    positions.push(Position {
        retired: end + 5,
        event: 0,
    });
    positions
}

#[test]
fn going_to_a_position_from_anywhere_is_running_to_it() {
    let mut wanderer = super::session(synthetic(20_000));
    let positions = positions(&mut wanderer);
    let mut passing = super::session(synthetic(20_000));
    let mut in_order = positions.clone();
    in_order.sort();
    let mut expected = Vec::new();
    for position in &in_order {
        passing.go_to(*position);
        expected.push((*position, state(&passing)));
    }
    for position in positions {
        wanderer.go_to(position);
        let found = expected.iter().find(|(it, _)| *it == position);
        assert_eq!(Some(&state(&wanderer)), found.map(|(_, state)| state));
    }
}

#[test]
fn going_to_the_first_position_is_a_reset() {
    let mut session = super::session(synthetic(1000));
    let reset = state(&session);
    session.run_slice(5000);
    session.reset();
    assert_eq!(state(&session), reset);
}

#[test]
fn a_slice_stops_after_so_many_units_whoever_completes_them() {
    let mut session = super::session(synthetic(1000));
    for slice in 1..=20 {
        session.run_slice(123);
        assert_eq!(session.machine().position().retired, slice * 123);
    }
    let quiet = session.machine().state_digest();
    session.settle();
    assert_eq!(session.machine().state_digest(), quiet);
    let last = session.recent().last().copied();
    assert_eq!(last.map(|it| it.number), Some(session.step_number()));
}

#[test]
fn a_search_for_a_fault_ends_right_behind_its_upcall() {
    let mut session = super::session(synthetic(500));
    for _ in 0..30 {
        assert_eq!(session.run_until_fault(100_000), Search::Found);
        let event = session.current().map(|it| it.stamped.event);
        assert!(matches!(event, Some(Event::Upcall { .. })), "{event:?}");
    }
    assert_eq!(session.run_until_fault(1), Search::NotYet);
}

#[test]
fn a_search_for_an_event_leaps_over_hits_only() {
    let (mut searching, mut stepping) = (
        super::session(synthetic(300)),
        super::session(synthetic(300)),
    );
    for _ in 0..300 {
        assert_eq!(searching.run_until_event(100_000), Search::Found);
        loop {
            stepping.step();
            let event = stepping.current().map(|it| it.stamped.event);
            if !matches!(event, Some(Event::Accessed { .. })) {
                break;
            }
        }
        assert_eq!(state(&searching), state(&stepping));
    }
}

#[test]
fn recent_events_are_the_last_ones_without_a_gap() {
    let mut session = super::session(synthetic(2000));
    session.run_slice(30_000);
    session.step(); // so that it stands at an event, and not in the middle of a handler
    session.settle();
    // To an event: a step back from within a handler would lead to the event before it.
    session.step();
    let numbers: Vec<u64> = session.recent().iter().map(|it| it.number).collect();
    assert!(numbers.len() > 100);
    assert!(numbers.windows(2).all(|pair| pair[0] + 1 == pair[1]));
    assert_eq!(numbers.last(), Some(&session.step_number()));
    assert_eq!(session.furthest_step(), session.step_number());
    session.step_back();
    assert_eq!(session.furthest_step(), session.step_number() + 1);
}

#[test]
fn positions_stay_exact_when_checkpoints_have_been_thinned_out() {
    let mut session = super::session(synthetic(400_000));
    session.limit_history(500_000, 30_000);
    let mut marks = Vec::new();
    while session.run_slice(99_991) == Stop::Reached {
        marks.push((
            session.machine().position(),
            session.machine().state_digest(),
        ));
    }
    let gap_units_max = session.history().gap_units_max;
    assert!(
        gap_units_max > 60_000,
        "nothing is thinned out: {gap_units_max}"
    );
    for (position, digest) in marks
        .iter()
        .rev()
        .step_by(7)
        .chain(marks.iter().step_by(11))
    {
        session.go_to(*position);
        assert_eq!(session.machine().state_digest(), *digest, "at {position}");
    }
}

#[test]
fn the_path_of_a_fault_is_told_whole_however_long_its_handler_ran() {
    let mut scenario = synthetic(100);
    scenario.environments[0].source = scenario.environments[0].source.replace(
        "let frame = match self.table.find(fault.page) {",
        "loop {}\n        let frame = match self.table.find(fault.page) {",
    );
    let mut session = super::session(scenario);
    let broke = |session: &Session| {
        let current = session.current().map(|it| it.stamped.event);
        matches!(current, Some(Event::Broken { .. }))
    };
    while !broke(&session) {
        assert_eq!(session.step(), Stop::Reached);
    }
    session.settle();
    let path = exo_session::path::fault_path(&session).unwrap();
    let hops: Vec<&str> = path.hops.iter().map(|hop| hop.text.as_str()).collect();
    assert_eq!(hops.len(), 4, "{hops:?}");
    assert!(hops[2].starts_with("upcall"), "{hops:?}");
    assert!(hops[3].starts_with("given up"), "{hops:?}");
    assert_eq!((path.libos, path.complete), (1_000_000, false));
}

#[test]
fn a_search_for_a_break_ends_at_the_step_that_gives_an_environment_up() {
    let mut scenario = synthetic(100);
    scenario.environments[0].source = scenario.environments[0].source.replace(
        "let frame = match self.table.find(fault.page) {",
        "loop {}\n        let frame = match self.table.find(fault.page) {",
    );
    let mut session = super::session(scenario);
    assert_eq!(session.run_until_break(1000), Search::NotYet);
    assert_eq!(session.run_until_break(u64::MAX), Search::Found);
    let current = session.current().map(|it| it.stamped.event);
    assert!(matches!(current, Some(Event::Broken { .. })), "{current:?}");
    assert_eq!(session.run_until_break(u64::MAX), Search::Halted);
}
