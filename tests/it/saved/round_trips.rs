//! What is written is read again, and stands where it stood.

use exo_core::ids::EnvId;
use exo_core::rng::Rng;
use exo_libos_samples::{SAMPLES, SCENARIOS, STORES, TABLES};
use exo_session::debugger::Side;
use exo_session::saved::{
    Editor, Form, Nothing, SavedSession, from_link, open, read, to_link, write,
};
use exo_session::{Annotations, Session};

use super::{at_its_position, opened, shipped};
use crate::session::{short, state};

/// Writes a session both ways, reads it, opens it, and compares everything.
fn comes_back(session: &Session, editors: &[Editor<'_>]) {
    let saved = SavedSession::of(session, editors);
    let file = read(&write(&saved, Form::File)).unwrap();
    assert_eq!(file.saved, saved);
    let link = from_link(&to_link(&saved).unwrap()).unwrap();
    assert_eq!(link.saved, saved);
    assert_eq!((&file.notices, &link.notices), (&vec![], &vec![]));
    let opened = at_its_position(&link);
    assert_eq!(opened.differs(), None);
    assert_eq!(state(&opened.session), state(session));
    assert_eq!(opened.saved(), saved);
}

#[test]
fn every_scenario_comes_back_from_where_it_stands() {
    for (number, scenario) in (0..).zip(SCENARIOS) {
        let mut session = opened(scenario.text).session;
        session.run_slice(1000 + 37 * number);
        session.step();
        comes_back(&session, &[]);
    }
}

/// A random edit of a source that still compiles: comments, names, a line moved to its end.
fn edited(rng: &mut Rng, text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut edited = String::new();
    for line in &lines {
        if rng.below(40) == 0 {
            edited.push_str("// '''quotes''' \"\"\" and \\ back\u{7}slashes\t\u{e4}\n");
        }
        edited.push_str(line);
        edited.push_str(if rng.below(50) == 0 { "\r\n" } else { "\n" });
    }
    if rng.below(2) == 0 {
        edited.push_str("// no newline at the end''");
    }
    edited
}

#[test]
fn random_sessions_with_edits_and_pressure_come_back() {
    let mut rng = Rng::new(7, 0);
    for _ in 0..12 {
        let mut scenario = opened(shipped("join")).session.scenario().clone();
        scenario.machine.use_stamps = true;
        for spec in &mut scenario.environments {
            let sample = &SAMPLES[(rng.next_u64() % SAMPLES.len() as u64) as usize];
            let table = &TABLES[(rng.next_u64() % TABLES.len() as u64) as usize];
            let store = &STORES[(rng.next_u64() % STORES.len() as u64) as usize];
            spec.source = sample.with_parts(table, store);
            spec.name = format!("some/where/{}.rs", sample.name);
            if rng.below(2) == 0 {
                spec.source = edited(&mut rng, &spec.source);
            }
        }
        let pinned = scenario.pinned_frames().unwrap();
        scenario.machine.frames = 128 + pinned;
        scenario.machine.disk_blocks = 64;
        let mut session = Session::new(scenario).unwrap();
        for _ in 0..3 {
            session.run_slice(rng.next_u64() % 3000);
            session.step();
            let env = EnvId((rng.next_u64() % 2) as u8);
            if rng.below(2) == 0 {
                session
                    .set_frame_limit(env, 8 + (rng.next_u64() % 60) as u32)
                    .unwrap();
            } else {
                let text = edited(&mut rng, session.source_at(env));
                session.apply(env, &text, rng.below(4) == 0).unwrap();
            }
        }
        session.run_slice(rng.next_u64() % 3000);
        session.step();
        session.settle();
        session.annotate(Annotations {
            notes: edited(&mut rng, "what\nI saw\n"),
            breakpoints: Vec::new(),
        });
        let text = edited(&mut rng, session.source_at(EnvId(1)));
        let unapplied = [
            Editor {
                env: EnvId(0),
                side: Side::LibOs,
                name: "",
                text: session.source_at(EnvId(0)),
            },
            Editor {
                env: EnvId(1),
                side: Side::LibOs,
                name: "not yet applied",
                text: &text,
            },
        ];
        comes_back(&session, &unapplied);
    }
}

#[test]
fn texts_in_both_editors_of_an_environment_come_back() {
    let mut session = opened(shipped("collector")).session;
    session.run_slice(500);
    session.step();
    let runs = session.application_source_at(EnvId(0)).unwrap();
    let editor = |side, text| Editor {
        env: EnvId(0),
        side,
        name: "mine.rs",
        text,
    };
    let text = format!("// mine\n{runs}");
    for (libos, program) in [("// mine", &*text), ("// mine", runs), (runs, "// mine")] {
        comes_back(
            &session,
            &[
                editor(Side::LibOs, libos),
                editor(Side::Application, program),
            ],
        );
    }
}

#[test]
fn an_input_that_was_undone_is_still_ahead_when_the_session_comes_back() {
    let mut session = Session::new(short(2000)).unwrap();
    session.run_slice(500);
    session.step();
    let clock = exo_libos_samples::sample("clock").unwrap().source;
    session.apply(EnvId(0), clock, false).unwrap();
    session.run_slice(3000);
    let end = session.machine().state_digest();
    let position = session.machine().position();
    session.reset();
    // Its trace is foreign: it is supplied under the name that it was saved by.
    let saved = SavedSession::of(&session, &[]);
    let error = open(&saved, &mut Nothing).unwrap_err().to_string();
    assert!(
        error.contains("the session runs on the trace short"),
        "{error}"
    );
    struct Same(std::sync::Arc<exo_session::NamedTrace>);
    impl exo_session::saved::Supply for Same {
        fn trace(
            &mut self,
            wanted: &exo_session::saved::TraceName,
        ) -> Result<std::sync::Arc<exo_session::NamedTrace>, String> {
            assert_eq!(
                (wanted.name.as_str(), wanted.references),
                ("short", Some(2000))
            );
            Ok(self.0.clone())
        }
        fn source(&mut self, name: &str) -> Result<String, String> {
            Err(name.to_owned())
        }
    }
    let exo_session::ApplicationSpec::Trace(trace) =
        session.scenario().environments[0].application.clone()
    else {
        panic!("it runs a trace");
    };
    let mut opened = open(&saved, &mut Same(trace.clone())).unwrap();
    opened.session.go_to(position);
    assert_eq!(opened.session.machine().state_digest(), end);
    // Another trace is refused, with both hashes.
    let mut other = (*trace).clone();
    other.trace = exo_core::trace::Trace::new();
    for (address, kind) in trace.trace.iter() {
        other.trace.push(address ^ 4, kind);
    }
    let error = open(&saved, &mut Same(std::sync::Arc::new(other))).unwrap_err();
    assert!(error.to_string().contains("has the hash"), "{error}");
}
