//! The exokernel's side of a comparison: the machine itself, and its report.

use exo_core::cost;
use exo_core::limits::FRAMES_MAX;

use super::{CompareError, Figures};
use crate::report::{RunReport, report};
use crate::scenario::Scenario;

/// A scenario as the exokernel is to run it: with a software TLB of so many entries, on frames for all
/// that its environments may hold.
pub(super) fn scene(scenario: &Scenario, stlb_entries: u32) -> Result<Scenario, CompareError> {
    let mut scenario = scenario.clone();
    scenario.machine.stlb_entries = stlb_entries;
    let limits = scenario.environments.iter().map(|it| it.frame_limit);
    let held = limits.fold(scenario.pinned_frames()?, u32::saturating_add);
    scenario.machine.frames = held.min(FRAMES_MAX);
    Ok(scenario)
}

/// Runs a scenario to its end under the exokernel with a software TLB of so many entries.
pub(super) fn run(scenario: &Scenario, stlb_entries: u32) -> Result<Vec<Figures>, CompareError> {
    let reports = report(&scene(scenario, stlb_entries)?, |_| {})?;
    Ok(reports.into_iter().map(figures).collect())
}

/// The kernel is entered for a TLB trap or for a system call, and the address space never changes.
pub(super) fn figures(report: RunReport) -> Figures {
    Figures {
        references: report.references,
        tlb_misses: report.tlb_misses,
        refills: report.stlb_hits,
        faults: report.upcalls,
        page_loads: report.page_loads,
        evictions: report.evictions,
        crossings: report.crossings,
        space_switches: 0,
        cycles: report.cycles,
        refill_cycles: report.stlb_hits * cost::STLB_HIT,
        given_up: report.broken,
    }
}
