//! Speed of a replay as a ratio to a bare loop in the same run, natively and in Wasm.
//!
//! The clock is an argument: this crate has none.

mod compile;
mod filters;
mod handler;
mod handler_policy;
mod history;

pub use compile::{CompileReport, measure_compile};
pub use filters::{FILTER_COUNTS, FilterFigures, measure_filters};
pub use handler::{HandlerReport, measure_handler};
pub use history::{HistoryFigures, measure_history, repeated, worst};

use std::fmt;
use std::hint::black_box;
use std::sync::Arc;

use exo_core::event::Silent;
use exo_core::machine::{Machine, Stop};
use exo_core::trace::Trace;
use exo_libos_samples::Sample;

use crate::scenario::{
    ApplicationSpec, EnvironmentSpec, MachineShape, NamedTrace, Scenario, SessionError,
};

/// Figures of one measurement; times are medians over the rounds.
#[derive(Clone, Debug, PartialEq)]
pub struct BenchReport {
    /// Name of the trace.
    pub trace: String,
    /// Name of the policy.
    pub libos: String,
    /// References of one replay.
    pub references: u64,
    /// Upcalls of one replay.
    pub upcalls: u64,
    /// The replay: TLB, software TLB, upcalls to the compiled policy, loads and stores, counters.
    pub replay_ns: f64,
    /// The floor: translate by a table, load a byte.
    pub floor_ns: f64,
    /// Median of the rounds' ratios.
    pub ratio: f64,
}

impl fmt::Display for BenchReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            ": {} under {}, {} references, {} upcalls: replay {:.2} ns a reference, bare loop \
             {:.2} ns, ratio {:.2}",
            self.trace,
            self.libos,
            self.references,
            self.upcalls,
            self.replay_ns,
            self.floor_ns,
            self.ratio
        )
    }
}

/// Replays `trace` under a sample's compiled policy `rounds` times, each time beside the bare loop.
/// `now` is a clock in nanoseconds.
///
/// # Errors
/// If the machine cannot be made or the policy not compiled.
pub fn measure(
    trace: NamedTrace,
    sample: &Sample,
    frames: u32,
    rounds: u32,
    mut now: impl FnMut() -> f64,
) -> Result<BenchReport, SessionError> {
    let trace = Arc::new(trace);
    let scenario = scenario_of(trace.clone(), sample, frames)?;
    let floor = Floor::new(&trace.trace);
    let (reset, _) = scenario.build()?;
    let references = trace.trace.length() as f64;
    let (mut replays, mut floors, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let mut upcalls = 0;
    for _ in 0..rounds {
        let mut machine = reset.clone();
        let start = now();
        replay(&mut machine, &trace.trace);
        let replayed = now();
        black_box(floor.run());
        let end = now();
        upcalls = machine.kernel().environments[0].counters.upcalls;
        replays.push((replayed - start) / references);
        floors.push((end - replayed) / references);
        ratios.push((replayed - start) / (end - replayed).max(1.0));
    }
    Ok(BenchReport {
        trace: trace.name.clone(),
        libos: sample.name.to_owned(),
        references: trace.trace.length(),
        upcalls,
        replay_ns: median(replays),
        floor_ns: median(floors),
        ratio: median(ratios),
    })
}

/// A machine on which one environment runs `trace` under a sample's policy.
fn scenario_of(
    trace: Arc<NamedTrace>,
    sample: &Sample,
    frames: u32,
) -> Result<Scenario, SessionError> {
    let mut scenario = Scenario {
        title: trace.name.clone(),
        machine: MachineShape {
            use_stamps: sample.use_stamps,
            ..MachineShape::default()
        },
        environments: vec![EnvironmentSpec {
            name: sample.name.to_owned(),
            source: sample.source.to_owned(),
            frame_limit: frames,
            application: ApplicationSpec::Trace(trace),
            downloads: Vec::new(),
        }],
        network: None,
    };
    scenario.machine.frames = frames + scenario.pinned_frames()?;
    Ok(scenario)
}

/// Runs a machine to the end of its trace.
fn replay(machine: &mut Machine, trace: &Trace) {
    while machine.run(u64::MAX, &[trace], &mut Silent) == Stop::Reached {}
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// The least that any replay does: translate each address by a table and load the byte.
struct Floor {
    addresses: Vec<u32>,
    frame_of: Vec<u32>,
    memory: Vec<u8>,
}

impl Floor {
    /// Gives each page a frame in order of first touch.
    fn new(trace: &Trace) -> Floor {
        let addresses: Vec<u32> = trace.iter().map(|(address, _)| address).collect();
        let pages = addresses
            .iter()
            .map(|address| (address >> 12) as usize + 1)
            .max()
            .unwrap_or(0);
        let mut frame_of = vec![u32::MAX; pages];
        let mut frames = 0;
        for address in &addresses {
            let frame = &mut frame_of[(address >> 12) as usize];
            if *frame == u32::MAX {
                (*frame, frames) = (frames, frames + 1);
            }
        }
        Floor {
            addresses,
            frame_of,
            memory: vec![1; (frames as usize) << 12],
        }
    }

    fn run(&self) -> u64 {
        let mut sum = 0;
        for address in &self.addresses {
            let frame = self.frame_of[(address >> 12) as usize];
            sum += u64::from(self.memory[(frame << 12 | address & 0xfff) as usize]);
        }
        sum
    }
}
