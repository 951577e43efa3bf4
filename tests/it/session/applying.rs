//! Apply: a live edit is an input at a position, and going back across it undoes it.

use exo_core::event::Event;
use exo_core::ids::EnvId;
use exo_core::kernel::Phase;
use exo_core::machine::{FieldFate, Stop};
use exo_session::{Applied, Search, Session};

use super::{state, synthetic};

pub const A: EnvId = EnvId(0);
const B: EnvId = EnvId(1);

pub fn source(name: &str) -> &'static str {
    exo_libos_samples::sample(name).unwrap().source
}

/// A session in the middle of its run, right behind an event.
pub fn midway() -> Session {
    let mut session = super::session(synthetic(4000));
    session.run_slice(20_000);
    session.step();
    session
}

/// Names of the fields with that fate.
pub fn fields(applied: &Applied, fate: FieldFate) -> Vec<&str> {
    let changes = applied.changes.iter().filter(|it| it.fate == fate);
    changes.map(|it| it.name.as_str()).collect()
}

/// Steps to the event that tells of the install, or of its refusal, and returns it.
pub fn installed(session: &mut Session) -> Event {
    for _ in 0..10_000 {
        assert_eq!(session.step(), Stop::Reached);
        let event = session
            .current()
            .expect("a step ends at an event")
            .stamped
            .event;
        if matches!(
            event,
            Event::Installed { .. } | Event::InstallRefused { .. }
        ) {
            session.machine().check().unwrap();
            return event;
        }
    }
    panic!("nothing was installed");
}

#[test]
fn fifo_becomes_clock_in_the_middle_and_keeps_its_table() {
    let mut session = midway();
    let preview = session.preview(A, source("clock"), false).unwrap();
    let before = state(&session);
    let held = session.machine().environment(A).unwrap().frames_held;
    assert_eq!(state(&session), before, "a preview changes nothing");

    let applied = session.apply(A, source("clock"), false).unwrap();
    assert_eq!(applied, preview);
    let all = ["table", "store", "hand"];
    assert_eq!(fields(&applied, FieldFate::Kept), all);
    assert_eq!(applied.changes.len(), all.len());
    assert!(!applied.frames_released);

    let mut bytes = session.machine().state_bytes(A);
    let event = loop {
        bytes = match session.machine().environment(A).unwrap().phase {
            Phase::Handling(_) => session.machine().state_bytes(A),
            _ => bytes,
        };
        session.step();
        let event = session.current().unwrap().stamped.event;
        if matches!(event, Event::Installed { .. }) {
            break event;
        }
    };
    let expected = Event::Installed {
        env: A,
        kept: 3,
        fresh: 0,
        dropped: 0,
        released: 0,
    };
    assert_eq!(event, expected);
    assert_eq!(session.machine().state_bytes(A), bytes);
    assert!(session.machine().environment(A).unwrap().frames_held >= held);
    assert_eq!(session.program_at(A).unwrap().name, "Clock");
    assert_eq!(session.run_slice(u64::MAX), Stop::Halted);
    assert_eq!(
        session.machine().environment(A).unwrap().phase,
        Phase::Finished
    );
}

#[test]
fn an_apply_takes_effect_at_the_next_upcall_boundary() {
    let mut session = super::session(synthetic(4000));
    while session.machine().kernel().running != A {
        session.run_slice(1);
    }
    assert_eq!(session.run_until_fault(1_000_000), Search::Found);
    let env = session.machine().kernel().running;
    session.apply(env, source("random"), true).unwrap();
    installed(&mut session);
    let recent = session.recent();
    let before = recent[recent.len() - 2].stamped.event;
    assert_eq!(before, Event::Resumed { env });
}

#[test]
fn stepping_back_across_an_apply_undoes_it_and_forward_takes_it_again() {
    let mut session = midway();
    session.step_back();
    let before = state(&session);
    session.step();
    let at = session.machine().position();
    session.apply(A, source("clock"), false).unwrap();
    let applied = state(&session);
    assert_eq!(session.source_at(A), source("clock"));
    installed(&mut session);
    let behind = state(&session);

    session.go_to(at);
    assert_eq!(state(&session), applied);
    session.step_back();
    assert_eq!(state(&session), before);
    assert_eq!(session.source_at(A), source("fifo"));
    assert_eq!(session.program_at(A).unwrap().name, "Fifo");

    session.step();
    assert_eq!(state(&session), applied);
    assert_eq!(session.source_at(A), source("clock"));
    installed(&mut session);
    assert_eq!(state(&session), behind);
    session.reset();
    assert_eq!(session.source_at(A), source("fifo"));
}

#[test]
fn an_apply_at_reset_is_there_from_the_first_step_on() {
    let mut session = super::session(synthetic(500));
    session.apply(A, source("random"), false).unwrap();
    let reset = state(&session);
    session.run_slice(3000);
    session.reset();
    assert_eq!(state(&session), reset);
    assert_eq!(session.source_at(A), source("random"));
}

#[test]
fn a_source_with_errors_changes_nothing_and_names_its_line() {
    let mut session = midway();
    let before = state(&session);
    let broken =
        source("fifo").replace("self.hand = (self.hand + 1)", "self.hand = (self.hnad + 1)");
    let errors = session.apply(A, &broken, false).unwrap_err();
    let line = broken
        .lines()
        .position(|line| line.contains("hnad"))
        .unwrap();
    assert_eq!(errors[0].place.line as usize, line + 1);
    assert_eq!(state(&session), before);
    assert_eq!(session.source_at(A), source("fifo"));
    assert!(
        session
            .apply(A, "use exo_prelude::*; pub struct", false)
            .is_err()
    );
    assert!(session.apply(A, "", false).is_err());
    session.step();
    session.step_back();
    assert_eq!(session.source_at(A), source("fifo"));
}

#[test]
fn apply_and_reset_frees_the_environments_frames_and_begins_afresh() {
    let mut session = midway();
    let held = session.machine().environment(A).unwrap().frames_held;
    assert!(held > 0);
    let applied = session.apply(A, source("clock"), true).unwrap();
    assert!(applied.frames_released);
    assert_eq!(fields(&applied, FieldFate::Kept), [""; 0]);
    let event = installed(&mut session);
    let Event::Installed { released, kept, .. } = event else {
        panic!("{event:?}");
    };
    assert!(released >= held);
    assert_eq!(kept, 0);
    assert_eq!(session.machine().environment(A).unwrap().frames_held, 0);
    let program = session.program_at(A).unwrap().clone();
    assert_eq!(session.machine().state_bytes(A), program.initial_state);
    assert_eq!(session.run_slice(u64::MAX), Stop::Halted);
    assert_eq!(
        session.machine().environment(A).unwrap().phase,
        Phase::Finished
    );
}

/// FIFO whose handler never ends.
fn endless() -> String {
    source("fifo").replace(
        "let frame = match self.table.find(fault.page) {",
        "loop {}\n        let frame = match self.table.find(fault.page) {",
    )
}

#[test]
fn an_apply_to_a_broken_environment_revives_it() {
    let mut session = midway();
    session.apply(A, &endless(), false).unwrap();
    assert_eq!(session.run_slice(u64::MAX), Stop::Halted);
    session.settle();
    let environment = |session: &Session| session.machine().environment(A).unwrap().clone();
    assert!(matches!(environment(&session).phase, Phase::Broken(_)));
    let place = session.handler_place(A).unwrap();
    let line = endless()
        .lines()
        .position(|line| line.contains("loop {}"))
        .unwrap();
    assert_eq!(place.line as usize, line + 1);
    assert_eq!(
        session.machine().environment(B).unwrap().phase,
        Phase::Finished
    );

    session.apply(A, source("fifo"), false).unwrap();
    installed(&mut session);
    assert_eq!(session.run_slice(u64::MAX), Stop::Halted);
    assert_eq!(environment(&session).phase, Phase::Finished);
    assert_eq!(environment(&session).counters.references, 4000);
    let mut never = midway();
    never.run_slice(u64::MAX);
    assert_eq!(
        environment(&session).counters.page_loads,
        environment(&never).counters.page_loads
    );
}

#[test]
fn adopted_runs_before_anything_else_of_the_new_policy() {
    let mut session = midway();
    let adopting = source("fifo").replace(
        "impl LibOs for Fifo {",
        "impl LibOs for Fifo {\n    fn adopted(&mut self, sys: &mut Sys) {\n        log!(\"here with {}\", self.table.used);\n        self.hand = sys.frame_limit() - 1;\n    }\n",
    );
    session.apply(A, &adopting, false).unwrap();
    installed(&mut session);
    let mut own = Vec::new();
    while own.len() < 3 {
        session.step();
        let event = session.current().unwrap().stamped.event;
        if event.env() == A && !matches!(event, Event::Switched { .. }) {
            own.push(event);
        }
    }
    assert!(
        matches!(
            own[0],
            Event::Logged {
                values: [12, ..],
                ..
            }
        ),
        "{own:?}"
    );
    assert!(
        matches!(own[1], Event::Answered { value: 12, .. }),
        "{own:?}"
    );
    assert_eq!(own[2], Event::Resumed { env: A });
    assert_eq!(session.run_slice(u64::MAX), Stop::Halted);
    assert_eq!(
        session.machine().environment(A).unwrap().phase,
        Phase::Finished
    );
}

#[test]
fn an_apply_in_the_past_forgets_what_was_ahead() {
    let mut session = midway();
    let fork = session.machine().position();
    session.run_slice(5000);
    session.apply(A, source("random"), false).unwrap();
    session.run_slice(5000);
    session.go_to(fork);
    session.apply(B, source("fifo"), false).unwrap();
    assert_eq!(session.furthest_step(), session.step_number());
    session.run_slice(u64::MAX);
    assert_eq!(session.source_at(A), source("fifo"));
    assert_eq!(session.source_at(B), source("fifo"));

    let mut straight = midway();
    straight.apply(B, source("fifo"), false).unwrap();
    straight.run_slice(u64::MAX);
    session.settle();
    straight.settle();
    assert_eq!(state(&session), state(&straight));
}

#[test]
fn a_run_with_many_applies_is_exact_from_anywhere() {
    let mut session = super::session(synthetic(4000));
    let names = ["clock", "random", "fifo"];
    let mut marks = Vec::new();
    for round in 0..12 {
        session.run_slice(3_777);
        let env = if round % 2 == 0 { A } else { B };
        session
            .apply(env, source(names[round % 3]), round % 4 == 3)
            .unwrap();
        if round % 5 == 0 {
            // Two at one position: the later one counts.
            session.apply(env, source("clock"), false).unwrap();
        }
        marks.push((
            session.machine().position(),
            session.machine().state_digest(),
        ));
        session.run_slice(1);
        marks.push((
            session.machine().position(),
            session.machine().state_digest(),
        ));
    }
    let order = (0..marks.len()).map(|number| number * 7 % marks.len());
    for (position, digest) in order.map(|index| marks[index]) {
        session.go_to(position);
        assert_eq!(session.machine().state_digest(), digest, "at {position}");
        session.machine().check().unwrap();
    }
}
