//! Claim 8: packet filters.

use exo_core::kernel::filter::Engine;

use super::{ClaimError, Evidence, Expectation, Sentences, broke};
use crate::tables::filter_cycles;

/// The machine of table 7.
const MACHINE: &str = "DEC5000/200";

pub(super) fn filters(evidence: &Evidence) -> Result<Vec<Expectation>, ClaimError> {
    let mut said = Sentences::default();
    for (slower, least) in [("MPF", 10.0), ("PATHFINDER", 10.0)] {
        let times = evidence.ratio((MACHINE, slower), (MACHINE, "DPF"))?;
        said.require(
            format!("against ten filters {slower} takes {least} times as long as DPF or more ({times:.1} times)"),
            times >= least,
        );
    }
    let merged = evidence.ratio((MACHINE, "MPF"), (MACHINE, "PATHFINDER"))?;
    said.require(
        format!("merging alone helps: MPF takes longer than PATHFINDER ({merged:.1} times)"),
        merged > 1.5,
    );
    let cycles = |filters, engine| filter_cycles(filters, engine).map_err(broke);
    let flat = cycles(1000, Engine::Compiled)? / cycles(10, Engine::Compiled)?;
    said.require(
        format!(
            "a thousand compiled filters take as long as ten, within a tenth ({flat:.2} times)"
        ),
        (0.9..=1.1).contains(&flat),
    );
    Ok(said.0)
}
