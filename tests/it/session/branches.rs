//! Editing in the past begins another future; the one that was left is kept, and can be run again.

use exo_core::ids::{EnvId, Position};
use exo_session::saved::{Form, SavedSession, from_link, read, to_link, write};
use exo_session::{BRANCHES_MAX, Session};
use exo_tests::seeds::{self, Deed};

use super::{State, session, state, synthetic};

const A: EnvId = EnvId(0);

fn go(session: &mut Session, retired: u64) -> State {
    session.go_to(Position { retired, event: 0 });
    state(session)
}

/// A session that was pressed at 2,000, ran to 5,000, and was pressed harder at 1,000 afterwards.
fn forked() -> (Session, State, State) {
    let mut session = session(synthetic(3000));
    go(&mut session, 2_000);
    session.set_frame_limit(A, 8).unwrap();
    let old = go(&mut session, 5_000);
    go(&mut session, 1_000);
    session.set_frame_limit(A, 5).unwrap();
    let new = go(&mut session, 5_000);
    assert_ne!(old, new);
    (session, old, new)
}

#[test]
fn the_future_that_was_left_is_a_branch_and_runs_again_as_it_did() {
    let (mut session, old, new) = forked();
    assert_eq!(session.branch(), 1);
    let branches = session.branches();
    assert_eq!(branches.len(), 1);
    assert_eq!((branches[0].number, branches[0].inputs.len()), (0, 1));
    let fork = session.fork_of(0).unwrap();
    assert_eq!(fork.retired, 1_000);

    assert!(session.switch_to(0));
    assert_eq!((session.branch(), session.machine().position()), (0, fork));
    assert_eq!(go(&mut session, 5_000), old);
    assert!(session.switch_to(1));
    assert_eq!(go(&mut session, 5_000), new);
    // There and back any number of times.
    assert!(session.switch_to(0) && session.switch_to(1) && session.switch_to(0));
    assert_eq!(go(&mut session, 5_000), old);
    assert_eq!(session.branches().len(), 1);
}

#[test]
fn before_the_fork_switching_moves_nothing() {
    let (mut session, ..) = forked();
    let before = go(&mut session, 700);
    assert!(session.switch_to(0));
    assert_eq!(state(&session), before);
    assert!(!session.switch_to(7));
    assert_eq!(state(&session), before);
}

#[test]
fn an_edit_at_the_end_of_what_was_run_leaves_no_branch() {
    let mut session = session(synthetic(3000));
    go(&mut session, 500);
    session.set_frame_limit(A, 8).unwrap();
    session.set_frame_limit(A, 7).unwrap();
    go(&mut session, 900);
    session.set_frame_limit(A, 6).unwrap();
    assert_eq!((session.branch(), session.branches()), (0, vec![]));
}

#[test]
fn an_edit_in_the_past_without_other_edits_keeps_the_run_without_it() {
    let mut session = session(synthetic(3000));
    let plain = go(&mut session, 4_000);
    go(&mut session, 300);
    session.set_frame_limit(A, 5).unwrap();
    assert_eq!(session.branches()[0].inputs, []);
    assert!(session.switch_to(0));
    assert_eq!(go(&mut session, 4_000), plain);
}

#[test]
fn the_oldest_branch_goes_when_there_are_too_many() {
    let mut session = session(synthetic(3000));
    for number in 0..BRANCHES_MAX as u64 + 3 {
        go(&mut session, 2_000);
        go(&mut session, 1_000 - number);
        session.set_frame_limit(A, 5 + number as u32 % 5).unwrap();
    }
    let numbers: Vec<u32> = session.branches().iter().map(|it| it.number).collect();
    assert_eq!(numbers.len(), BRANCHES_MAX);
    assert_eq!((numbers[0], session.branch()), (3, BRANCHES_MAX as u32 + 3));
}

#[test]
fn a_file_holds_all_branches_and_a_link_the_one_that_runs() {
    let (mut session, old, new) = forked();
    let source = session.source_at(A).to_owned() + "\n// another\n";
    assert!(session.switch_to(0));
    session.apply(A, &source, false).unwrap();
    assert!(session.switch_to(1));
    go(&mut session, 5_000);
    let saved = SavedSession::of(&session, &[]);
    let file = read(&write(&saved, Form::File)).unwrap();
    assert_eq!(file.saved, saved);
    assert_eq!(saved.branches.len(), session.branches().len());
    let link = from_link(&to_link(&saved).unwrap()).unwrap();
    assert_eq!((link.saved.branch, link.saved.branches.len()), (0, 0));
    let notes = |read: &exo_session::saved::Read| read.notices.clone();
    assert_eq!((notes(&file), notes(&link)), (vec![], vec![]));
    assert_eq!(
        link.saved.sources,
        [],
        "a source of another branch is not in the link"
    );
    let _ = (old, new);
}

#[test]
fn random_sessions_come_back_to_every_future_that_they_left() {
    let mut switched = 0;
    for seed in 0..120 {
        let mut session = seeds::session(seed);
        let mut left: Vec<(u32, State)> = Vec::new();
        for deed in seeds::deeds(seed) {
            if matches!(deed, Deed::Apply(..) | Deed::Limit(..)) {
                session.settle();
                let (number, here) = (session.branch(), state(&session));
                let furthest = session.furthest_step();
                session.go_to_step(furthest);
                let end = state(&session);
                session.go_to(here.position());
                assert_eq!(state(&session), here);
                seeds::take(&mut session, deed);
                if session.branch() != number {
                    left.push((number, end));
                }
            } else {
                seeds::take(&mut session, deed);
            }
        }
        for (number, end) in left {
            assert!(session.switch_to(number), "seed {seed}");
            session.go_to(end.position());
            assert_eq!(state(&session), end, "seed {seed}, branch {number}");
            switched += 1;
        }
    }
    assert!(switched > 15, "only {switched} futures were left");
}
