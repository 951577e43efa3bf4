//! What tests of more than one place share: the opening scenario run to its end.
//!
//! Compiles for the browser too, where a test of the page runs the same and must find the same.

#[cfg(not(target_family = "wasm"))]
pub mod differential;
pub mod filters;
#[cfg(not(target_family = "wasm"))]
pub mod readers;
#[cfg(not(target_family = "wasm"))]
pub mod safety;
pub mod seeds;

use exo_session::{Scenario, Session, first_light};

/// Digest of the opening scenario at its end, natively and in every browser.
pub const FIRST_LIGHT_DIGEST: &str = "bb70b20717ecf14a";

/// What its two environments counted on the way, FIFO's first.
pub const FIRST_LIGHT_COUNTS: [Counts; 2] = [
    Counts {
        references: 359_177,
        page_loads: 441,
        evictions: 377,
    },
    Counts {
        references: 359_177,
        page_loads: 299,
        evictions: 235,
    },
];

/// Counters that follow from trace and policy alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "as `exo_core::kernel::Counters`")]
pub struct Counts {
    pub references: u64,
    pub page_loads: u64,
    pub evictions: u64,
}

/// The digest of a session's machine as it is shown: 16 hexadecimal digits.
pub fn digest(session: &Session) -> String {
    format!("{:016x}", session.machine().state_digest())
}

/// A session at its end.
///
/// # Panics
/// If the scenario cannot be run.
pub fn run_to_the_end(scenario: Scenario) -> Session {
    let mut session = Session::new(scenario).expect("the scenario runs");
    session.run_slice(u64::MAX);
    session
}

/// What a session's environments counted.
pub fn counts(session: &Session) -> Vec<Counts> {
    let environments = session.machine().kernel().environments.iter();
    environments
        .map(|environment| Counts {
            references: environment.counters.references,
            page_loads: environment.counters.page_loads,
            evictions: environment.counters.evictions,
        })
        .collect()
}

/// The digest of the opening scenario, run here and now.
///
/// # Panics
/// If the trace that comes with the playground is damaged.
pub fn first_light_digest() -> String {
    digest(&run_to_the_end(first_light().expect("the shipped trace")))
}
