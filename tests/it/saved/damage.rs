//! Every truncation and a change of single bytes of each sample file loads or gives a sentence.

use exo_core::ids::EnvId;
use exo_libos_samples::SCENARIOS;
use exo_session::saved::{Form, Nothing, SavedSession, open, read, write};

use super::opened;

/// Reads it; what can be read is opened now and then, which takes longer.
fn loads_or_is_told(bytes: &[u8], number: usize) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    match read(text) {
        Ok(read) => {
            if number.is_multiple_of(199)
                && let Err(error) = open(&read.saved, &mut Nothing)
            {
                assert!(!error.to_string().is_empty());
            }
            true
        }
        Err(error) => {
            assert!(error.line >= 1 && !error.message.is_empty(), "{error}");
            assert!(
                error.line as usize <= 1 + text.matches('\n').count(),
                "{error}"
            );
            false
        }
    }
}

/// Cuts a file off everywhere, and changes every `every`th byte of it.
fn damaged(text: &str, every: usize) {
    let bytes = text.as_bytes();
    let (mut loaded, mut told) = (0, 0);
    let mut count = |good: bool| if good { loaded += 1 } else { told += 1 };
    for length in 0..bytes.len() {
        count(loads_or_is_told(&bytes[..length], length));
    }
    for at in (0..bytes.len()).step_by(every) {
        let old = bytes[at];
        for new in [
            old ^ 1,
            old ^ 0x20,
            old ^ 0x80,
            0,
            b'"',
            b'\n',
            b'[',
            b'9',
            b'=',
        ] {
            let mut changed = bytes.to_vec();
            changed[at] = new;
            count(loads_or_is_told(&changed, at * 9 + usize::from(new)));
        }
    }
    assert!(loaded > 100 && told > 100, "{loaded} loaded, {told} told");
}

#[test]
fn every_damaged_scenario_loads_or_is_told() {
    // Most have the same sections: these have all that there are.
    for scenario in SCENARIOS {
        let whole = ["first-light", "live-edit", "network-udp"].contains(&scenario.name);
        damaged(scenario.text, if whole { 1 } else { 5 });
    }
}

#[test]
fn every_damaged_session_loads_or_is_told() {
    let mut session = opened(super::shipped("broken-policy")).session;
    session.run_slice(5000);
    session.set_frame_limit(EnvId(0), 9).unwrap();
    session.go_to_step(100);
    session.set_frame_limit(EnvId(0), 8).unwrap();
    assert_eq!(session.branches().len(), 1);
    let saved = SavedSession::of(&session, &[]);
    damaged(&write(&saved, Form::Link), 1);
}
