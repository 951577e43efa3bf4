//! `exo run`: one trace or application, one policy, one report.

mod told;

use std::fs::File;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use exo_core::hw::TlbConfig;
use exo_core::limits::{FRAMES_MAX, STLB_ENTRIES_MAX};
use exo_session::{
    ApplicationSpec, EnvironmentSpec, MachineShape, NamedTrace, ReadOptions, Scenario, Stream,
    TraceReader, parse_tlb, report,
};

use crate::libos::{names, source_of};
use crate::{Failure, print};
use told::Told;

/// What to run.
#[derive(Debug, Args)]
pub struct RunArguments {
    #[command(flatten)]
    work: Work,
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
    /// Keeps a use stamp for each frame, which policies read with `sys.use_stamp`.
    #[arg(long)]
    use_stamps: bool,
    /// Decides every random number of the run.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Prints one JSON object.
    #[arg(long)]
    json: bool,
}

/// What the environment runs: one of the two.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Work {
    /// A trace: text of `valgrind --tool=lackey --trace-mem=yes`, plain or gzip.
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// An application in the policy subset of Rust, with `impl Application for ...`.
    #[arg(long, value_name = "FILE.rs")]
    app: Option<PathBuf>,
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
    let application = application(arguments)?;
    let length = match &application {
        ApplicationSpec::Trace(named) => format!(" of {}", named.trace.length()),
        ApplicationSpec::Program { .. } => String::new(),
    };
    let scenario = scenario(arguments, &name, source, application)?;

    let mut progress = Progress::new();
    let reports = report(&scenario, |done| {
        progress.say(|| format!("{done}{length} references"));
    })
    .map_err(|error| Failure::Input(error.to_string()))?;
    let (Some(report), Some(spec)) = (reports.first(), scenario.environments.first()) else {
        return Ok(());
    };
    let whole = Told {
        report,
        policy: &name,
        application: &spec.application,
        frames: arguments.frames,
        seed: arguments.seed,
    };
    whole.logs();
    print(&if arguments.json {
        whole.json()?
    } else {
        whole.table()
    })?;
    whole.note();
    match &report.broken {
        None => Ok(()),
        Some(broken) if report.application_broke => Err(Failure::Run(format!(
            "{}: {broken}",
            whole.application_name()
        ))),
        Some(broken) => Err(Failure::Run(format!("{name}: {broken}"))),
    }
}

/// Reads what the environment is to run.
fn application(arguments: &RunArguments) -> Result<ApplicationSpec, Failure> {
    if let Some(path) = &arguments.work.app {
        let name = path.display().to_string();
        let source = std::fs::read_to_string(path).map_err(|error| {
            Failure::Input(format!("cannot read the application {name}: {error}"))
        })?;
        return Ok(ApplicationSpec::Program { name, source });
    }
    let stream = match arguments.stream {
        StreamChoice::All => Stream::All,
        StreamChoice::Data => Stream::Data,
    };
    let options = ReadOptions {
        stream,
        references_max: None,
    };
    let path = arguments.work.trace.as_deref().unwrap_or(Path::new(""));
    Ok(ApplicationSpec::Trace(Arc::new(read(path, &options)?)))
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
    application: ApplicationSpec,
) -> Result<Scenario, Failure> {
    let mut scenario = Scenario {
        title: name.to_owned(),
        machine: MachineShape {
            frames: arguments.frames,
            tlb: arguments.tlb,
            stlb_entries: arguments.stlb.0,
            use_stamps: arguments.use_stamps,
            seed: arguments.seed,
            ..MachineShape::default()
        },
        environments: vec![EnvironmentSpec {
            name: name.to_owned(),
            source,
            frame_limit: arguments.frames,
            application,
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
