//! `exo bench`: nanoseconds a reference, and the ratio to a bare loop in the same run.

use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use clap::Args;
use exo_session::bench::{BenchReport, measure};
use exo_session::{ReadOptions, sample_trace};

use crate::Failure;

/// What to measure.
#[derive(Debug, Args)]
pub struct BenchArguments {
    /// A trace to replay instead of the one that comes with the playground.
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// The policy: a sample's name.
    #[arg(long, default_value = "clock")]
    libos: String,
    /// Frames that the environment may hold for its application's pages.
    #[arg(long, default_value_t = 64)]
    frames: u32,
    /// Rounds; the median counts.
    #[arg(long, default_value_t = 9)]
    rounds: u32,
    /// Leaves out the measurement in Wasm, which needs the playground's checkout and Chromium.
    #[arg(long)]
    native_only: bool,
}

/// Measures and prints.
pub fn bench(arguments: &BenchArguments) -> Result<(), Failure> {
    let trace = match &arguments.trace {
        Some(path) => crate::run::read(path, &ReadOptions::default())?,
        None => sample_trace().map_err(|error| Failure::Input(error.to_string()))?,
    };
    let sample = crate::libos::find(&arguments.libos)?;
    let start = Instant::now();
    let now = || start.elapsed().as_secs_f64() * 1e9;
    let report = measure(
        trace,
        sample,
        arguments.frames,
        arguments.rounds.max(1),
        now,
    )
    .map_err(|error| Failure::Input(error.to_string()))?;
    print(&report);
    if arguments.native_only {
        Ok(())
    } else {
        in_wasm()
    }
}

fn print(report: &BenchReport) {
    let _ = writeln!(
        std::io::stdout(),
        "native{}{report}",
        if cfg!(debug_assertions) {
            " (not a release build!)"
        } else {
            ""
        }
    );
}

/// The same measurement in headless Chromium, by the project's own automation.
fn in_wasm() -> Result<(), Failure> {
    let hint = "exo bench --native-only leaves the measurement in Wasm out";
    let status = Command::new("cargo")
        .args(["xtask", "bench-wasm"])
        .status()
        .map_err(|error| Failure::Run(format!("cannot run cargo xtask: {error}; {hint}")))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::Run(format!(
            "cargo xtask bench-wasm failed (see above); {hint}"
        )))
    }
}
