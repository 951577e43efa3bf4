//! Two runs in lock-step: the first step that differs is found, and so is the first other victim.

use exo_core::event::Event;
use exo_core::ids::{EnvId, Page};
use exo_session::lockstep::{Comparison, Lockstep};
use exo_session::metrics::metrics;
use exo_session::{GivenChange, Scenario, Session};

use super::{session, state, synthetic};

const A: EnvId = EnvId(0);
const B: EnvId = EnvId(1);

fn with_policy(name: &str) -> Scenario {
    let mut scenario = synthetic(3000);
    scenario.machine.frames += 8;
    let sample = exo_libos_samples::sample(name).unwrap();
    scenario.environments[0].source = sample.source.to_owned();
    scenario
}

/// Runs both to their ends.
fn lockstep(one: Session, other: Session) -> (Lockstep, [Session; 2]) {
    let mut comparison = Comparison::new(one, other);
    while comparison.advance() {}
    comparison.finish()
}

/// All events of a run, by walking.
fn walked(scenario: Scenario) -> Vec<Event> {
    let mut session = Session::new(scenario).unwrap();
    let mut events = Vec::new();
    loop {
        let before = session.step_number();
        session.step();
        if session.step_number() == before {
            return events;
        }
        events.extend(session.current().map(|it| it.stamped.event));
    }
}

/// The pages that A gave up, in order, with their steps.
fn evictions(events: &[Event]) -> Vec<(Page, u64)> {
    let numbered = events.iter().zip(1..);
    let of_a = numbered.filter_map(|(event, number)| match event {
        Event::Bound {
            env: A,
            replaced: Some(page),
            ..
        } => Some((*page, number)),
        _ => None,
    });
    of_a.collect()
}

#[test]
fn two_runs_of_one_scenario_are_the_same_to_their_end() {
    let (found, [one, other]) = lockstep(session(synthetic(3000)), session(synthetic(3000)));
    assert_eq!((found.parting, found.choices), (None, vec![]));
    assert_eq!(state(&one), state(&other));
    assert!(one.step_number() > 6_000);
}

#[test]
fn where_two_policies_part_is_where_a_walk_over_both_finds_it() {
    for other in ["clock", "random", "lru", "2q"] {
        let (one, other) = (with_policy("fifo"), with_policy(other));
        let (first, second) = (walked(one.clone()), walked(other.clone()));
        let (found, _) = lockstep(session(one), session(other));
        let same = first
            .iter()
            .zip(&second)
            .take_while(|(one, other)| one == other);
        let same = same.count() as u64;
        let steps = found.parting.unwrap().steps.map(|it| it.unwrap());
        assert_eq!(steps.map(|it| it.number), [same + 1; 2]);
        assert_eq!(steps[0].stamped.event, first[same as usize]);
        assert_eq!(steps[1].stamped.event, second[same as usize]);

        let (first, second) = (evictions(&first), evictions(&second));
        let differs = |place: &usize| first[*place].0 != second[*place].0;
        let place = (0..first.len().min(second.len())).find(differs).unwrap();
        let choice = found.choices.iter().find(|it| it.env == A).unwrap();
        assert_eq!(choice.eviction, place as u64 + 1);
        assert_eq!(choice.victims, [first[place], second[place]]);
    }
}

#[test]
fn a_run_that_ends_before_the_other_parts_from_it_there() {
    let (found, _) = lockstep(session(synthetic(300)), session(synthetic(3000)));
    let steps = found.parting.unwrap().steps;
    let number = steps.map(|it| it.map(|it| it.number));
    assert_eq!(number[0], number[1], "the one's end is an event of its own");
    let ended = steps[0].unwrap().stamped.event;
    assert!(matches!(ended, Event::Finished { .. }), "{ended:?}");
}

#[test]
fn an_edit_makes_a_run_part_from_the_one_without_it_and_not_before() {
    let mut edited = session(synthetic(3000));
    edited.run_slice(4_000);
    edited.set_frame_limit(B, 6).unwrap();
    let at = edited.step_number();
    edited.reset();
    let (found, [_, edited]) = lockstep(session(synthetic(3000)), edited);
    let steps = found.parting.unwrap().steps.map(|it| it.unwrap());
    assert!(matches!(
        steps[1].stamped.event,
        Event::LimitSet { env: B, .. }
    ));
    assert!(steps[1].number > at && steps[1].number < at + 100);
    assert!(matches!(
        edited.inputs()[0].change,
        GivenChange::FrameLimit(6)
    ));
}

#[test]
fn no_policy_loads_fewer_pages_than_the_best_and_an_edit_of_frames_has_no_best() {
    let value = |session: &Session, name: &str| {
        let all = metrics(session, A);
        all.iter().find(|it| it.name == name).map(|it| it.value)
    };
    for sample in ["fifo", "clock", "lru", "mru", "random", "2q", "wsclock"] {
        let mut session = session(with_policy(sample));
        for _ in 0..5 {
            session.run_slice(3_000);
            let (best, loads) = (
                value(&session, "page loads at best"),
                value(&session, "page loads"),
            );
            assert!(
                best.unwrap() <= loads.unwrap(),
                "{sample}: {best:?} and {loads:?}"
            );
        }
        assert!(value(&session, "page loads at best") > Some(10));
        assert!(value(&session, "cycles without a TLB") > value(&session, "cycles, all"));
        session.set_frame_limit(A, 9).unwrap();
        assert_eq!(value(&session, "page loads at best"), None);
    }
    assert!(metrics(&session(synthetic(10)), EnvId(7)).is_empty());
}
