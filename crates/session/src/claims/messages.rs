//! Claim 9: message handlers.

use super::{ClaimError, Evidence, Expectation, Sentences};

/// The systems of table 11 and figure 2.
const EXOS: &str = "DEC5000 ExOS";
const HANDLER: &str = "handler";
const NO_HANDLER: &str = "no handler";

pub(super) fn messages(evidence: &Evidence) -> Result<Vec<Expectation>, ClaimError> {
    let mut said = Sentences::default();
    let wire = evidence.of("Ethernet", "wire alone")?;
    let handler = evidence.of(EXOS, "UDP, handler")?;
    let over = handler - wire;
    said.require(
        format!("a message handler answers within 10 us of what the wire takes ({over:.1} us)"),
        (0.0..=10.0).contains(&over),
    );
    let times = evidence.ratio((EXOS, "UDP, no handler"), (EXOS, "UDP, handler"))?;
    said.require(
        format!("without one an exchange takes longer on an idle machine ({times:.2} times)"),
        times > 1.0,
    );
    let flat = evidence.ratio((HANDLER, "10 processes"), (HANDLER, "1 process"))?;
    said.require(
        format!("with ten active processes a handler answers as soon as with one, within a hundredth ({flat:.3} times)"),
        (0.99..=1.01).contains(&flat),
    );
    let waits = evidence.ratio((NO_HANDLER, "10 processes"), (NO_HANDLER, "1 process"))?;
    said.require(
        format!(
            "a library that waits for its turn takes about ten times as long ({waits:.1} times)"
        ),
        (9.0..=12.0).contains(&waits),
    );
    let ratio = evidence.ratio((NO_HANDLER, "10 processes"), (HANDLER, "10 processes"))?;
    said.require(
        format!("so that with ten a handler is 12 times as fast or more ({ratio:.1} times)"),
        ratio >= 12.0,
    );
    Ok(said.0)
}
