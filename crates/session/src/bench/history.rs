//! Cost of keeping a run's history, and of going to any place of it.

use std::fmt;
use std::hint::black_box;
use std::sync::Arc;

use exo_core::event::{Event, Silent, Sink, Stamped};
use exo_core::ids::{Position, ReferenceKind};
use exo_core::machine::{Machine, Stop};
use exo_core::rng::Rng;
use exo_core::trace::Trace;
use exo_libos_samples::Sample;

use super::scenario_of;
use crate::history::HistoryReport;
use crate::scenario::{NamedTrace, Scenario, SessionError};
use crate::session::Session;

/// References of the run that is gone through.
pub const REFERENCES: u64 = 10_000_000;
/// References that are run with each kind of listener.
const LISTENED_REFERENCES: u64 = 1_000_000;
/// Units between looks at how many are completed.
const SLICE_UNITS: u64 = 1 << 14;
/// Rounds of that.
const ROUNDS: u32 = 5;
/// Places that are gone to, besides the dearest one.
const PLACES: u64 = 24;
/// Pages that the worst trace touches at random.
const WORST_PAGES: u32 = 4096;

/// Figures of one measurement.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryFigures {
    /// Name of the trace.
    pub trace: String,
    /// Name of the policy.
    pub libos: String,
    /// References of the run.
    pub references: u64,
    /// The run under a session that keeps history, to the same run of the machine alone.
    pub kept: f64,
    /// The same machine with a listener that counts events other than hits, to nobody listening.
    pub counted: f64,
    /// The same with every event kept in memory.
    pub recorded: f64,
    /// What the history holds at the end.
    pub history: HistoryReport,
    /// The longest time of going to a place: the dearest one, and others spread over the run.
    pub go_to_ns: f64,
}

impl fmt::Display for HistoryFigures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let history = self.history;
        let each = history.bytes / history.checkpoints.max(1);
        write!(
            f,
            "history of {} under {}, {} references: run {:.3} times as long as without, with \
             counts of events {:.3}, with every event {:.2}; {} checkpoints, {each} bytes each, \
             {:.1} MB in all; going to the worst place {:.2} ms",
            self.trace,
            self.libos,
            self.references,
            self.kept,
            self.counted,
            self.recorded,
            history.checkpoints,
            history.bytes as f64 / 1e6,
            self.go_to_ns / 1e6
        )
    }
}

/// Counts events other than plain hits.
#[derive(Debug, Default)]
struct Counts(u64);

impl Sink for Counts {
    const RECORDING: bool = false;
    const REMARKS: bool = true;

    fn take(&mut self, _: Position, _: u64, _: Event) {
        self.0 += 1;
    }
}

/// `trace`, over and over, until it has [`REFERENCES`].
pub fn repeated(trace: &NamedTrace) -> NamedTrace {
    let mut long = Trace::new();
    while long.length() < REFERENCES && trace.trace.length() > 0 {
        for (address, kind) in trace.trace.iter() {
            long.push(address, kind);
        }
    }
    NamedTrace {
        name: format!("{} over and over", trace.name),
        trace: long,
        ..trace.clone()
    }
}

/// Stores and loads at random, so that nearly every reference faults.
pub fn worst() -> NamedTrace {
    let mut trace = Trace::new();
    let mut random = Rng::new(1, 0);
    for _ in 0..REFERENCES {
        let address = random.below(WORST_PAGES << 12);
        let kind = match random.below(2) {
            0 => ReferenceKind::Load,
            _ => ReferenceKind::Store,
        };
        trace.push(address, kind);
    }
    NamedTrace::made("random stores", trace, WORST_PAGES)
}

/// Runs `trace` under a sample's policy with and without history, then goes to places of it. `now` is
/// a clock in nanoseconds.
///
/// # Errors
/// If the machine cannot be made or the policy not compiled.
pub fn measure_history(
    trace: NamedTrace,
    sample: &Sample,
    frames: u32,
    mut now: impl FnMut() -> f64,
) -> Result<HistoryFigures, SessionError> {
    let trace = Arc::new(trace);
    let scenario = scenario_of(trace.clone(), sample, frames)?;
    let (machine, _) = scenario.build()?;
    let mut session = Session::new(scenario.clone())?;

    let [silent, kept, counted, recorded] = listened(&machine, &scenario, &mut now)?;
    while session.run_slice(1 << 24) == Stop::Reached {}
    let end = session.machine().position();
    let mut go_to_ns = 0_f64;
    let spread = (1..=PLACES).map(|place| end.retired / PLACES * place);
    for retired in spread.chain([session.history().dearest_unit]) {
        let start = now();
        session.go_to(Position { retired, event: 0 });
        go_to_ns = go_to_ns.max(now() - start);
    }
    session.go_to(end);
    Ok(HistoryFigures {
        trace: trace.name.clone(),
        libos: sample.name.to_owned(),
        references: trace.trace.length(),
        kept: kept / silent,
        counted: counted / silent,
        recorded: recorded / silent,
        history: session.history(),
        go_to_ns,
    })
}

/// Nanoseconds of the first part of the run: with nobody listening, under a session that keeps history,
/// with a listener that counts, and with all events kept. The best of some rounds each, in turn.
fn listened(
    reset: &Machine,
    scenario: &Scenario,
    mut now: impl FnMut() -> f64,
) -> Result<[f64; 4], SessionError> {
    let mut best = [f64::INFINITY; 4];
    for _ in 0..ROUNDS {
        let mut time = |place: usize, run: &mut dyn FnMut()| {
            let start = now();
            run();
            best[place] = best[place].min(now() - start);
        };
        let mut machine = reset.clone();
        time(0, &mut || listen(&mut machine, scenario, &mut Silent));
        let mut session = Session::new(scenario.clone())?;
        time(1, &mut || {
            while completed(session.machine()) < LISTENED_REFERENCES
                && session.run_slice(SLICE_UNITS) == Stop::Reached
            {}
        });
        let (mut machine, mut counts) = (reset.clone(), Counts::default());
        time(2, &mut || listen(&mut machine, scenario, &mut counts));
        let (mut machine, mut events) = (reset.clone(), Vec::<Stamped>::new());
        time(3, &mut || listen(&mut machine, scenario, &mut events));
        black_box((counts.0, events.len()));
    }
    Ok(best)
}

/// Runs a machine until the references that are listened to are completed.
fn listen(machine: &mut Machine, scenario: &Scenario, sink: &mut impl Sink) {
    let traces = scenario.traces();
    while completed(machine) < LISTENED_REFERENCES {
        let end = machine.position().retired + SLICE_UNITS;
        if machine.run(end, &traces, sink) != Stop::Reached {
            return;
        }
    }
}

/// References that all environments have completed.
fn completed(machine: &Machine) -> u64 {
    let environments = machine.kernel().environments.iter();
    environments.map(|it| it.counters.references).sum()
}
