//! What an Apply makes of a policy's fields, and of the frames that hold them.

use exo_core::event::Event;
use exo_core::kernel::Phase;
use exo_core::machine::{FieldFate, Stop};
use exo_session::Session;

use super::applying::{A, fields, installed, midway, source};

#[test]
fn a_lost_field_that_holds_frames_frees_them_and_every_field_begins_afresh() {
    let mut session = midway();
    let other = source("fifo").replace("const FRAMES: usize = 4096", "const FRAMES: usize = 2048");
    let applied = session.apply(A, &other, false).unwrap();
    assert!(applied.frames_released);
    assert_eq!(fields(&applied, FieldFate::Fresh).len(), 3);
    let event = installed(&mut session);
    assert!(
        matches!(
            event,
            Event::Installed {
                released: 1..,
                kept: 0,
                ..
            }
        ),
        "{event:?}"
    );
    assert_eq!(session.run_slice(u64::MAX), Stop::Halted);
    assert_eq!(
        session.machine().environment(A).unwrap().phase,
        Phase::Finished
    );
}

/// FIFO with a further field of so many words, in front of all others.
fn larger(words: usize) -> String {
    source("fifo")
        .replace(
            "pub struct Fifo {",
            &format!("pub struct Fifo {{ extra: [u64; {words}],"),
        )
        .replace(
            "Fifo {\n            table",
            &format!("Fifo {{\n            extra: [7; {words}], table"),
        )
}

#[test]
fn a_policy_whose_state_grows_gets_more_frames_and_keeps_what_it_knew() {
    let mut session = midway();
    let pinned = |session: &Session| {
        session
            .machine()
            .environment(A)
            .unwrap()
            .segment
            .frames
            .len()
    };
    let frames = pinned(&session);
    let applied = session.apply(A, &larger(1024), false).unwrap();
    assert_eq!(fields(&applied, FieldFate::Fresh), ["extra"]);
    assert_eq!(fields(&applied, FieldFate::Kept).len(), 3);
    let loads = session
        .machine()
        .environment(A)
        .unwrap()
        .counters
        .page_loads;
    installed(&mut session);
    assert_eq!(pinned(&session), frames + 2);
    assert!(
        session
            .machine()
            .state_bytes(A)
            .starts_with(&7_u64.to_le_bytes())
    );

    // And shrinks again: the frames are free for others, and nothing had to be loaded twice.
    let applied = session.apply(A, source("fifo"), false).unwrap();
    assert_eq!(fields(&applied, FieldFate::Dropped), ["extra"]);
    installed(&mut session);
    assert_eq!(pinned(&session), frames);
    let mut never = midway();
    never.run_slice(u64::MAX);
    session.run_slice(u64::MAX);
    let total = |session: &Session| {
        session
            .machine()
            .environment(A)
            .unwrap()
            .counters
            .page_loads
    };
    assert!(total(&session) > loads);
    assert_eq!(total(&session), total(&never));
}

#[test]
fn a_policy_with_no_room_for_its_state_is_refused_and_the_old_one_goes_on() {
    let mut session = midway();
    session.apply(A, &larger(100_000), false).unwrap();
    let event = installed(&mut session);
    assert!(
        matches!(event, Event::InstallRefused { env: A, .. }),
        "{event:?}"
    );
    assert_eq!(
        session
            .machine()
            .environment(A)
            .unwrap()
            .program()
            .unwrap()
            .fields
            .len(),
        3
    );
    assert_eq!(session.run_slice(u64::MAX), Stop::Halted);
    let mut never = midway();
    never.run_slice(u64::MAX);
    let counters = |session: &Session| session.machine().environment(A).unwrap().counters;
    assert_eq!(counters(&session), counters(&never));
}
