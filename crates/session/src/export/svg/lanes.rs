//! What each environment counted, column by column, and what befell it.

use exo_core::event::Event;
use exo_core::ids::EnvId;
use exo_core::kernel::Counters;
use exo_core::machine::Machine;

use crate::explain::{env_letter, short};
use crate::session::Recorded;

/// Columns of one bar.
pub(super) const COLUMNS_EACH: usize = 4;
/// Events that are marked, at most.
const MARKS_MAX: usize = 200;

/// Bars of one environment.
#[derive(Clone, Debug, Default)]
pub(super) struct Lane {
    pub(super) upcalls: Vec<u64>,
    pub(super) evictions: Vec<u64>,
    before: Counters,
}

/// An event that a line through the picture shows.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) column: usize,
    pub(super) env: EnvId,
    pub(super) text: String,
    pub(super) position: String,
}

/// The lanes of all environments.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    pub(super) lanes: Vec<Lane>,
    pub(super) marks: Vec<Mark>,
}

impl Lanes {
    /// The counts from which the window begins.
    pub(super) fn begin(&mut self, machine: &Machine, columns: u64) {
        let bars = (columns as usize).div_ceil(COLUMNS_EACH);
        let environments = machine.kernel().environments.iter();
        self.lanes = environments
            .map(|it| Lane {
                upcalls: vec![0; bars],
                evictions: vec![0; bars],
                before: it.counters,
            })
            .collect();
    }

    /// What was counted since the step before.
    pub(super) fn step(&mut self, machine: &Machine, column: usize) {
        let environments = machine.kernel().environments.iter();
        for (lane, environment) in self.lanes.iter_mut().zip(environments) {
            let (now, before) = (environment.counters, lane.before);
            let bar = column / COLUMNS_EACH;
            if let Some(upcalls) = lane.upcalls.get_mut(bar) {
                *upcalls += now.upcalls - before.upcalls;
            }
            if let Some(evictions) = lane.evictions.get_mut(bar) {
                *evictions += now.evictions - before.evictions;
            }
            lane.before = now;
        }
    }

    /// Notes an event that changes an environment's course.
    pub(super) fn mark(&mut self, machine: &Machine, recorded: &Recorded, column: usize) {
        let event = &recorded.stamped.event;
        let marked = matches!(
            event,
            Event::LimitSet { .. }
                | Event::Installed { .. }
                | Event::InstallRefused { .. }
                | Event::Loaded { .. }
                | Event::LoadRefused { .. }
                | Event::Broken { .. }
                | Event::Finished { .. }
        );
        if marked && self.marks.len() < MARKS_MAX {
            let env = event.env();
            self.marks.push(Mark {
                column,
                env,
                text: format!("{}: {}", env_letter(env), short(event, machine)),
                position: recorded.after.to_string(),
            });
        }
    }

    /// The tallest bar of all.
    pub(super) fn tallest(&self, of: impl Fn(&Lane) -> &[u64]) -> u64 {
        let bars = self.lanes.iter().flat_map(|lane| of(lane).iter().copied());
        bars.max().unwrap_or(0)
    }
}
