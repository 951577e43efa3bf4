//! `exo bench`: nanoseconds a reference, and the ratio to a bare loop in the same run.

mod filters;

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use clap::Args;
use exo_session::bench::{
    BenchReport, measure, measure_compile, measure_handler, measure_history, repeated, worst,
};
use exo_session::{ReadOptions, SessionError, sample_trace};

use crate::Failure;

/// How many rounds of a handler or a compile, which last a millisecond, there are for each of a replay.
const SHORT: u32 = 30;

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
    /// Rounds of the replay, of which the median counts; of what is short there are 30 times as many, of
    /// which the best counts.
    #[arg(long, default_value_t = 9)]
    rounds: u32,
    /// Leaves out the measurement in Wasm, which needs the playground's checkout and Chromium.
    #[arg(long)]
    native_only: bool,
    /// Measures what history costs instead, and going to any place of a run of ten million references.
    #[arg(long, conflicts_with = "trace")]
    history: bool,
    /// Measures packet filters instead, 1 to 1,000 of them, beside libpcap's on the same packets.
    #[arg(long, conflicts_with_all = ["trace", "history"])]
    filters: bool,
}

/// Measures and prints.
pub fn bench(arguments: &BenchArguments) -> Result<(), Failure> {
    if arguments.history {
        return history(arguments);
    }
    if arguments.filters {
        return filters::filters(arguments.rounds.max(1), arguments.native_only);
    }
    let trace = match &arguments.trace {
        Some(path) => crate::run::read(path, &ReadOptions::default())?,
        None => sample_trace().map_err(|error| Failure::Input(error.to_string()))?,
    };
    let sample = crate::libos::find(&arguments.libos)?;
    let start = Instant::now();
    let mut now = || start.elapsed().as_secs_f64() * 1e9;
    let report = measure(
        trace,
        sample,
        arguments.frames,
        arguments.rounds.max(1),
        &mut now,
    )
    .map_err(|error| Failure::Input(error.to_string()))?;
    print(&report);
    let short_rounds = arguments.rounds.max(1).saturating_mul(SHORT);
    let handler = measure_handler(short_rounds, &mut now);
    let handler = handler.map_err(|why| Failure::Run(why.to_owned()))?;
    let _ = writeln!(std::io::stdout(), "native {handler}");
    let compile = measure_compile(short_rounds, &mut now);
    let compile = compile.map_err(|why| Failure::Run(why.to_owned()))?;
    let _ = writeln!(std::io::stdout(), "native {compile}");
    if arguments.native_only {
        Ok(())
    } else {
        let lines = in_wasm("measured")?;
        if let Some(wasm_ns) = lines.iter().find_map(|line| handler_ns(line)) {
            let ratio = wasm_ns / handler.cpu_ns;
            let text = "page-fault handler in Wasm to the same handler natively: ratio";
            let _ = writeln!(std::io::stdout(), "{text} {ratio:.2}");
        }
        Ok(())
    }
}

/// Goes through long runs of the sample trace, and of one that faults at nearly every reference.
fn history(arguments: &BenchArguments) -> Result<(), Failure> {
    let start = Instant::now();
    let mut now = || start.elapsed().as_secs_f64() * 1e9;
    let input = |error: SessionError| Failure::Input(error.to_string());
    let sample = crate::libos::find(&arguments.libos)?;
    for trace in [repeated(&sample_trace().map_err(input)?), worst()] {
        let figures = measure_history(trace, sample, arguments.frames, &mut now).map_err(input)?;
        let _ = writeln!(std::io::stdout(), "native {figures}");
    }
    if arguments.native_only {
        return Ok(());
    }
    in_wasm("history").map(|_| ())
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

/// The measurements with `word` in their names in headless Chromium, by the project's own automation.
/// Prints what they print, and returns it.
fn in_wasm(word: &str) -> Result<Vec<String>, Failure> {
    let hint = "exo bench --native-only leaves the measurement in Wasm out";
    let mut child = Command::new("cargo")
        .args(["xtask", "bench-wasm", word])
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::Run(format!("cannot run cargo xtask: {error}; {hint}")))?;
    let mut lines = Vec::new();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            let _ = writeln!(std::io::stdout(), "{line}");
            lines.push(line);
        }
    }
    let status = child.wait();
    let status = status.map_err(|error| Failure::Run(format!("lost cargo xtask: {error}")))?;
    if !status.success() {
        let text = format!("cargo xtask bench-wasm failed (see above); {hint}");
        return Err(Failure::Run(text));
    }
    Ok(lines)
}

/// The nanoseconds of a fault in a line that tells of the handler in Wasm.
fn handler_ns(line: &str) -> Option<f64> {
    let (_, rest) = line.split_once("wasm page-fault handler")?;
    let (_, rest) = rest.split_once(": ")?;
    rest.split_once(" ns")?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::handler_ns;

    #[test]
    fn the_figure_is_found_in_the_browsers_output() {
        let line = "    wasm page-fault handler of 52.4 instructions: 91.5 ns on the emulated CPU";
        assert_eq!(handler_ns(line), Some(91.5));
        assert_eq!(handler_ns("running 1 test"), None);
    }
}
