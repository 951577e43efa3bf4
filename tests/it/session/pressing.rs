//! Memory pressure from outside: a limit is an input at a position, and going back undoes it.

use exo_core::event::Event;
use exo_session::{Search, Session};

use super::applying::{A, midway, source};
use super::{state, synthetic};

fn frames_taken(session: &Session) -> u64 {
    let environment = session.machine().environment(A).unwrap();
    environment.counters.repossessions
}

#[test]
fn a_lower_limit_takes_effect_where_it_was_set_and_going_back_undoes_it() {
    let mut session = midway();
    let before = state(&session);
    session.set_frame_limit(A, 5).unwrap();
    session.step();
    let told = session.current().unwrap().stamped.event;
    let Event::LimitSet {
        frame_limit: 5,
        excess,
        ..
    } = told
    else {
        panic!("{told:?}");
    };
    assert!(excess > 0);
    let limited = state(&session);

    assert!(session.step_back());
    assert_eq!(session.machine().environment(A).unwrap().frame_limit, 12);
    session.step();
    assert_eq!(state(&session), limited, "going forward takes it again");
    session.go_to(before.position);
    session.step();
    assert_eq!(state(&session), limited);
}

#[test]
fn frames_that_are_not_given_back_are_taken_and_the_run_can_be_gone_through_again() {
    let mut scenario = synthetic(1500);
    scenario.environments.truncate(1);
    scenario.environments[0].source = source("demand-zero").to_owned();
    scenario.environments[0].frame_limit = 48;
    scenario.machine.frames = 48 + scenario.pinned_frames().unwrap();
    let mut session = super::session(scenario);
    session.run_slice(20_000);
    session.set_frame_limit(A, 5).unwrap();
    while session.run_until_event(1 << 20) == Search::Found {}
    assert!(frames_taken(&session) > 0);
    session.machine().check().unwrap();
    let end = state(&session);
    session.reset();
    assert_eq!(frames_taken(&session), 0);
    session.go_to(end.position);
    assert_eq!(state(&session), end);
}

#[test]
fn an_environment_that_does_not_exist_has_no_limit_to_set() {
    let mut session = midway();
    let before = state(&session);
    session
        .set_frame_limit(exo_core::ids::EnvId(9), 5)
        .unwrap_err();
    assert_eq!(state(&session), before);
}
