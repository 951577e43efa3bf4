//! `exo run`: one trace, one policy, one report.

use std::fs::File;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use exo_core::hw::TlbConfig;
use exo_core::limits::{FRAMES_MAX, STLB_ENTRIES_MAX};
use exo_session::explain::grouped;
use exo_session::{
    ApplicationSpec, EnvironmentSpec, MachineShape, NamedTrace, ReadOptions, RunReport, Scenario,
    Stream, TraceReader, parse_tlb, report,
};

use crate::libos::{names, source_of};
use crate::{Failure, print};

/// What to run.
#[derive(Debug, Args)]
pub struct RunArguments {
    /// The trace: text of `valgrind --tool=lackey --trace-mem=yes`, plain or gzip.
    #[arg(long, value_name = "FILE")]
    trace: PathBuf,
    /// The policy: a sample's name (exo libos list names them) or a file in the policy subset of
    /// Rust.
    #[arg(long, value_name = "NAME|FILE.rs")]
    libos: String,
    /// The page table of a sample: inverted, linear or two-level.
    #[arg(long)]
    table: Option<String>,
    /// Frames that the environment may hold for its application's pages. Frames pinned for the
    /// policy's own state come on top.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=i64::from(FRAMES_MAX)))]
    frames: u32,
    /// The hardware TLB: full:64:random, full:64:lru, 16x4:fifo, direct:64, ...
    #[arg(long, default_value = "full:64:random", value_parser = parse_tlb)]
    tlb: TlbConfig,
    /// Entries of the software TLB, or off.
    #[arg(long, default_value = "4096", value_parser = parse_stlb)]
    stlb: StlbEntries,
    /// Which references of the trace to take.
    #[arg(long, default_value = "all")]
    stream: StreamChoice,
    /// Lets the machine keep a use stamp for each frame; a sample that asks for them has them anyway.
    #[arg(long)]
    use_stamps: bool,
    /// Decides every random number of the run.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Prints one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum StreamChoice {
    /// Instruction fetches and data.
    All,
    /// Loads, stores and modifies only.
    Data,
}

/// Entries of the software TLB; 0 is off.
#[derive(Clone, Copy, Debug)]
struct StlbEntries(u32);

fn parse_stlb(text: &str) -> Result<StlbEntries, String> {
    match text {
        "off" => Ok(StlbEntries(0)),
        digits => digits
            .parse()
            .ok()
            .filter(|entries| (1..=STLB_ENTRIES_MAX).contains(entries))
            .map(StlbEntries)
            .ok_or_else(|| {
                format!("write off, or a number of entries from 1 to {STLB_ENTRIES_MAX}")
            }),
    }
}

/// Runs and prints.
pub fn run(arguments: &RunArguments) -> Result<(), Failure> {
    let (name, source) = policy(&arguments.libos, arguments.table.as_deref())?;
    let stream = match arguments.stream {
        StreamChoice::All => Stream::All,
        StreamChoice::Data => Stream::Data,
    };
    let trace = read(
        &arguments.trace,
        &ReadOptions {
            stream,
            references_max: None,
        },
    )?;
    let references = trace.trace.length();
    let (pages, skipped_lines) = (trace.pages, trace.skipped_lines);
    let scenario = scenario(arguments, &name, source, trace)?;

    let mut progress = Progress::new();
    let reports = report(&scenario, |done| {
        progress.say(|| format!("{done} of {references} references"));
    })
    .map_err(|error| Failure::Input(error.to_string()))?;
    let Some(report) = reports.first() else {
        return Ok(());
    };
    for line in &report.log {
        eprintln!("exo: {name}: {line}");
    }
    let text = if arguments.json {
        json(report, &name, arguments, pages, skipped_lines)?
    } else {
        table(report, &name, arguments, pages)
    };
    print(&text)?;
    if report.evictions > 0 && report.frames_held < arguments.frames {
        eprintln!(
            "exo: note: {name} evicted pages while it held {} of the {} frames that it may hold",
            grouped(report.frames_held.into()),
            grouped(arguments.frames.into())
        );
    }
    match &report.broken {
        None => Ok(()),
        Some(broken) => Err(Failure::Run(format!("{name}: {broken}"))),
    }
}

/// The policy's name and source: a sample's, or a file's.
fn policy(libos: &str, table: Option<&str>) -> Result<(String, String), Failure> {
    if let Some(sample) = exo_libos_samples::sample(libos) {
        return Ok((format!("{libos}.rs"), source_of(sample, table)?));
    }
    if Path::new(libos)
        .extension()
        .is_none_or(|extension| extension != "rs")
    {
        return Err(Failure::Input(format!(
            "there is no sample {libos:?}; there are {}, or name a file that ends in .rs",
            names()
        )));
    }
    if table.is_some() {
        return Err(Failure::Input(format!(
            "--table is for the samples, and {libos} is a file; exo libos show NAME --table TABLE \
             prints a sample with a page table to begin with"
        )));
    }
    let source = std::fs::read_to_string(libos)
        .map_err(|error| Failure::Input(format!("cannot read the policy {libos}: {error}")))?;
    Ok((libos.to_owned(), source))
}

fn asks_for_stamps(libos: &str) -> bool {
    exo_libos_samples::sample(libos).is_some_and(|sample| sample.use_stamps)
}

/// Reads a trace file as it streams in.
pub fn read(path: &Path, options: &ReadOptions) -> Result<NamedTrace, Failure> {
    let shown = path.display();
    let cannot = |error| Failure::Input(format!("cannot read the trace {shown}: {error}"));
    let wrong = |error| Failure::Input(format!("{shown}: {error}"));
    let mut file = File::open(path).map_err(cannot)?;
    let mut reader = TraceReader::new(*options);
    let mut buffer = vec![0; 1 << 18];
    let mut progress = Progress::new();
    loop {
        let length = file.read(&mut buffer).map_err(cannot)?;
        if length == 0 || reader.full() {
            break;
        }
        reader.push(&buffer[..length]).map_err(wrong)?;
        progress.say(|| format!("read {} references", reader.references()));
    }
    let name = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy();
    reader.finish(&name).map_err(wrong)
}

fn scenario(
    arguments: &RunArguments,
    name: &str,
    source: String,
    trace: NamedTrace,
) -> Result<Scenario, Failure> {
    let mut scenario = Scenario {
        title: trace.name.clone(),
        machine: MachineShape {
            frames: arguments.frames,
            tlb: arguments.tlb,
            stlb_entries: arguments.stlb.0,
            use_stamps: arguments.use_stamps || asks_for_stamps(&arguments.libos),
            seed: arguments.seed,
            ..MachineShape::default()
        },
        environments: vec![EnvironmentSpec {
            name: name.to_owned(),
            source,
            frame_limit: arguments.frames,
            application: ApplicationSpec::Trace(Arc::new(trace)),
        }],
    };
    let pinned = scenario
        .pinned_frames()
        .map_err(|error| Failure::Input(error.to_string()))?;
    scenario.machine.frames = arguments.frames.saturating_add(pinned).min(FRAMES_MAX);
    Ok(scenario)
}

/// A word to a person who waits, at most once a second, and none where nobody looks.
struct Progress {
    last: Instant,
    shown: bool,
}

impl Progress {
    fn new() -> Progress {
        Progress {
            last: Instant::now(),
            shown: std::io::stderr().is_terminal(),
        }
    }

    fn say(&mut self, text: impl FnOnce() -> String) {
        if self.shown && self.last.elapsed() >= Duration::from_secs(1) {
            self.last = Instant::now();
            eprintln!("exo: {}", text());
        }
    }
}

fn json(
    report: &RunReport,
    name: &str,
    arguments: &RunArguments,
    pages: u32,
    skipped_lines: u64,
) -> Result<String, Failure> {
    let mut value =
        serde_json::to_value(report).map_err(|error| Failure::Run(error.to_string()))?;
    if let Some(object) = value.as_object_mut() {
        object.insert("libos".into(), name.into());
        object.insert("frames".into(), arguments.frames.into());
        object.insert("pages".into(), pages.into());
        object.insert("skipped_lines".into(), skipped_lines.into());
        object.insert("seed".into(), arguments.seed.into());
    }
    serde_json::to_string_pretty(&value).map_err(|error| Failure::Run(error.to_string()))
}

fn percent(part: u64, whole: u64) -> String {
    let thousandths = (u128::from(part) * 100_000)
        .checked_div(u128::from(whole))
        .unwrap_or(0);
    format!("{}.{:03} %", thousandths / 1000, thousandths % 1000)
}

fn table(report: &RunReport, name: &str, arguments: &RunArguments, pages: u32) -> String {
    let cycles = report.cycles;
    let total = cycles.application + cycles.libos + cycles.kernel;
    let of_references = |count| percent(count, report.references);
    let rows = [
        ("references", report.references, String::new()),
        ("TLB hits", report.tlb_hits, of_references(report.tlb_hits)),
        (
            "TLB misses",
            report.tlb_misses,
            of_references(report.tlb_misses),
        ),
        (
            "STLB hits",
            report.stlb_hits,
            percent(report.stlb_hits, report.tlb_misses) + " of misses",
        ),
        ("protection faults", report.protection_faults, String::new()),
        ("upcalls", report.upcalls, of_references(report.upcalls)),
        (
            "page loads",
            report.page_loads,
            of_references(report.page_loads),
        ),
        ("evictions", report.evictions, String::new()),
        ("system calls", report.system_calls, String::new()),
        ("crossings", report.crossings, String::new()),
        (
            "cycles, application",
            cycles.application,
            percent(cycles.application, total),
        ),
        ("cycles, libOS", cycles.libos, percent(cycles.libos, total)),
        (
            "cycles, kernel",
            cycles.kernel,
            percent(cycles.kernel, total),
        ),
    ];
    let mut text = format!(
        "{name} on {}: {pages} pages, {} frames\n",
        arguments.trace.display(),
        arguments.frames
    );
    for (label, count, share) in rows {
        text.push_str(&format!("{label:<20}{:>16}  {share}", grouped(count)));
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    text.push_str(&format!("{:<20}{:>16}", "digest", report.digest));
    text
}
