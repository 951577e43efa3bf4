//! The scenarios that come along do what their notes say.

use exo_core::event::Event;
use exo_core::ids::EnvId;
use exo_core::kernel::{Counters, Phase};
use exo_core::machine::Stop;
use exo_libos_samples::SCENARIOS;
use exo_session::condition::parse_condition;
use exo_session::saved::Opened;
use exo_session::{Search, Session, explain, first_light};

use super::{opened, shipped};

/// A scenario at its end, with the lines of its log.
fn at_its_end(name: &str) -> (Session, Vec<String>) {
    let Opened { mut session, .. } = opened(shipped(name));
    let mut log = Vec::new();
    while session.step() == Stop::Reached {
        if let Some(current) = session.current()
            && matches!(current.stamped.event, Event::Logged { .. })
        {
            log.push(explain::logged(&current.stamped.event, session.machine()));
        }
        if session.machine().position().retired > 100 && log.len() > 50 {
            break;
        }
    }
    session.machine().check().unwrap();
    (session, log)
}

/// The counters of A and B at the end of a scenario.
fn counters(name: &str) -> [Counters; 2] {
    let mut session = opened(shipped(name)).session;
    session.run_slice(u64::MAX);
    session.machine().check().unwrap();
    let environments = &session.machine().kernel().environments;
    [environments[0].counters, environments[1].counters]
}

#[test]
fn every_scenario_has_a_name_of_its_own_a_title_and_notes_and_opens() {
    for (index, scenario) in SCENARIOS.iter().enumerate() {
        assert!(SCENARIOS[..index].iter().all(|it| it.name != scenario.name));
        let opened = opened(scenario.text);
        assert_eq!(opened.notices, [""; 0], "{}", scenario.name);
        assert!(opened.session.annotations().notes.len() > 100);
        assert_eq!(opened.session.step_number(), 0);
    }
}

#[test]
fn the_first_scenario_is_what_the_page_opens_with() {
    let session = opened(SCENARIOS[0].text).session;
    let native = Session::new(first_light().unwrap()).unwrap();
    assert_eq!(
        session.machine().state_digest(),
        native.machine().state_digest()
    );
    assert_eq!(session.scenario().title, native.scenario().title);
}

#[test]
fn memory_is_asked_for_and_what_does_not_come_back_is_taken() {
    let mut session = opened(shipped("pressure")).session;
    session.run_slice(150_000);
    let held =
        |session: &Session, env: usize| session.machine().kernel().environments[env].frames_held;
    assert!(held(&session, 0) <= 16, "{}", held(&session, 0));
    session.run_slice(u64::MAX);
    assert_eq!(held(&session, 0), 64);
    assert!(held(&session, 1) <= 100, "{}", held(&session, 1));
    let [a, b] = counters("pressure");
    assert_eq!(a.repossessions, 0, "A gives back in time");
    assert!(b.repossessions > 0, "B does not");
}

#[test]
fn with_a_disk_the_sum_is_right_and_without_one_it_is_not() {
    let (_, log) = at_its_end("swap");
    let sums: Vec<&String> = log
        .iter()
        .filter(|line| line.contains("the sum is"))
        .collect();
    let right = |line: &str| {
        let (is, should) = line.split_once(", and should be ").unwrap();
        is.strip_prefix("the sum is ") == Some(should.trim())
    };
    assert_eq!(sums.len(), 2, "{log:?}");
    assert_eq!(sums.iter().filter(|line| right(line)).count(), 1, "{log:?}");
    let [a, b] = counters("swap");
    assert!(a.disk_writes > 0 && b.disk_writes == 0);
}

#[test]
fn the_join_keeps_its_hash_table_and_clock_takes_over_from_fifo() {
    let [lru, join] = counters("join");
    assert!(join.page_loads * 2 < lru.page_loads);
    let [edited, fifo] = counters("live-edit");
    assert!(edited.page_loads + 50 < fifo.page_loads);
}

#[test]
fn the_collector_protects_pages_and_its_neighbour_takes_no_notice() {
    let [collector, other] = counters("collector");
    assert!(collector.protection_faults > 0);
    assert_eq!(other.protection_faults, 0);
}

#[test]
fn a_policy_that_forgets_is_given_up_and_its_neighbour_comes_to_its_end() {
    let mut session = opened(shipped("broken-policy")).session;
    session.run_slice(u64::MAX);
    let phase = |env| session.machine().environment(EnvId(env)).unwrap().phase;
    assert!(matches!(phase(0), Phase::Broken(_)));
    assert_eq!(phase(1), Phase::Finished);
}

#[test]
fn in_sets_a_full_set_loses_an_entry_while_others_have_room_and_pages_collide_in_turn() {
    let mut session = opened(shipped("sets")).session;
    let (mut lost, mut collided) = (false, Vec::new());
    while !(lost && collided.len() > 1) {
        assert_eq!(session.step(), Stop::Reached, "the run is over");
        let Some(Event::StlbMissed {
            env,
            page,
            index,
            occupant,
        }) = session.current().map(|it| it.stamped.event)
        else {
            continue;
        };
        let entries = session.machine().hardware().tlb.entries();
        let sets: Vec<usize> = entries
            .chunks(8)
            .map(|set| set.iter().flatten().count())
            .collect();
        lost |= sets[page.0 as usize % 8] == 8 && sets.iter().any(|used| *used < 8);
        // The two that put each other out: who is missed now was in the way before.
        let now = (index, (env, page), occupant);
        if occupant.is_some()
            && collided
                .iter()
                .any(|(at, _, other)| *at == index && *other == Some((env, page)))
        {
            collided.push(now);
        } else if collided.len() < 2 {
            collided = vec![now];
        }
    }
}

#[test]
fn in_an_attack_there_is_to_find_what_its_notes_send_one_to_look_for() {
    for (name, kind) in [
        ("attack-forge", "refusal"),
        ("attack-replay", "refusal"),
        ("attack-ignore-revocation", "revocation"),
        ("attack-ignore-revocation", "repossession"),
        ("attack-loop-in-handler", "break"),
        ("attack-fault-in-handler", "break"),
        ("attack-exhaust-tables", "refusal"),
        ("attack-guess-ids", "refusal"),
    ] {
        let mut session = opened(shipped(name)).session;
        assert!(session.annotations().notes.contains(kind), "{name}: {kind}");
        let condition = parse_condition(kind).unwrap();
        let found = session.run_until(&condition, u64::MAX);
        assert_eq!(found, Search::Found, "{name}: {kind}");
        let event = session.current().unwrap().stamped.event;
        assert_ne!(
            event.env(),
            EnvId(0),
            "{name}: the honest one is not stopped"
        );
        session.machine().check().unwrap();
        assert_ne!(
            session.machine().environment(EnvId(0)).map(|it| it.phase),
            None
        );
    }
}
