//! `exo run`: a trace or an application under one policy, and one report.

mod network;
mod read;
mod show;
mod source;

use std::path::PathBuf;
use std::sync::Arc;

use clap::{ArgGroup, Args, ValueEnum};
use exo_core::hw::{DiskFault, TlbConfig};
use exo_core::ids::EnvId;
use exo_core::limits::{DISK_BLOCKS_MAX, ENVIRONMENTS_MAX, FRAMES_MAX, STLB_ENTRIES_MAX};
use exo_session::explain::{env_letter, grouped};
use exo_session::{
    ApplicationSpec, EnvironmentSpec, MachineShape, PAGE_BITS, Press, ReadOptions, RunReport,
    Scenario, Stream, TRACE_PAGE_BITS_MAX, parse_disk_fault, parse_tlb, report_under,
};

use crate::{Failure, print};
use network::{NetworkArguments, network};
use read::Progress;
pub use read::read;
pub use source::policy;
use source::{Named, application};

/// Frames that an environment may hold unless somebody says otherwise.
const FRAMES: u32 = 64;

/// What to run.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("what").required(true).multiple(true).args(["trace", "app", "peer"])))]
pub struct RunArguments {
    /// The trace, plain or gzip: text of `valgrind --tool=lackey --trace-mem=yes`, Dinero's (.din), or
    /// one address a line.
    #[arg(long, value_name = "FILE", conflicts_with = "app")]
    trace: Option<PathBuf>,
    /// Instead of a trace, an application: a sample's name (exo app list names them) or a file in
    /// the policy subset of Rust.
    #[arg(long, value_name = "NAME|FILE.rs")]
    app: Option<String>,
    /// The policy: a sample's name (exo libos list names them) or a file in the policy subset of
    /// Rust. An application that comes along has one that it runs under unless you say.
    #[arg(long, value_name = "NAME|FILE.rs", required_unless_present = "app")]
    libos: Option<String>,
    /// The page table of a sample: inverted, linear or two-level.
    #[arg(long)]
    table: Option<String>,
    /// Frames that the environment may hold for its application's pages: 64 unless you say, or as
    /// many as an application that comes along is shown with. Frames pinned for the programs' own
    /// state come on top.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=i64::from(FRAMES_MAX)))]
    frames: Option<u32>,
    /// The hardware TLB: full:64:random, full:64:lru, 16x4:fifo, direct:64, ...
    #[arg(long, default_value = "full:64:random", value_parser = parse_tlb)]
    tlb: TlbConfig,
    /// Entries of the software TLB, or off.
    #[arg(long, default_value = "4096", value_parser = parse_stlb)]
    stlb: StlbEntries,
    /// Blocks of the disk, each as large as a frame; there is none unless you say. A sample then
    /// keeps the pages that lose their frames there (exo libos show NAME --store swap).
    #[arg(long, default_value_t = 0, value_name = "BLOCKS",
          value_parser = clap::value_parser!(u32).range(0..=i64::from(DISK_BLOCKS_MAX)))]
    disk: u32,
    /// Lets the disk fail: N is its Nth transfer, N.. that and all after it.
    #[arg(long, value_name = "N|N..", requires = "disk", value_parser = parse_disk_fault)]
    disk_fault: Option<DiskFault>,
    /// Lets the machine keep for each frame a stamp of its last use, which the samples lru and mru
    /// ask for.
    #[arg(long)]
    use_stamps: bool,
    /// Which references of the trace to take.
    #[arg(long, default_value = "all", conflicts_with = "app")]
    stream: StreamChoice,
    /// How many low bits of an address of the trace lie within its page: 0 for a file of page numbers.
    #[arg(long, value_name = "BITS", default_value_t = PAGE_BITS, conflicts_with = "app",
          value_parser = clap::value_parser!(u8).range(0..=i64::from(TRACE_PAGE_BITS_MAX)))]
    page_bits: u8,
    /// Memory pressure: from that unit on (a reference, or an instruction) the environment may hold
    /// only so many frames, and the kernel asks for the rest. May be given several times.
    #[arg(long, value_name = "FRAMES@UNIT", value_parser = parse_press)]
    press: Vec<Press>,
    /// How many environments run the same, each with that many frames: for programs that belong
    /// together, such as a parent and its child.
    #[arg(long, default_value_t = 1,
          value_parser = clap::value_parser!(u8).range(1..=ENVIRONMENTS_MAX as i64))]
    environments: u8,
    #[command(flatten)]
    network: NetworkArguments,
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

fn parse_press(text: &str) -> Result<Press, String> {
    let parts = text.split_once('@');
    let numbers = parts.and_then(|(frames, unit)| Some((frames.parse().ok()?, unit.parse().ok()?)));
    let (frame_limit, retired) =
        numbers.ok_or("write FRAMES@UNIT, as in 16@100000: 16 frames from unit 100,000 on")?;
    Ok(Press {
        retired,
        env: EnvId(0),
        frame_limit,
    })
}

/// A run as it was asked for.
struct Run {
    /// The policy's file name.
    libos: String,
    /// Whether the policy asks for use stamps that the machine does not keep.
    lacks_stamps: bool,
    frames: u32,
    disk_blocks: u32,
    seed: u64,
    runs: Runs,
}

/// What the environment runs.
enum Runs {
    Trace {
        /// The file, as it was named.
        file: String,
        references: u64,
        pages: u32,
        skipped_lines: u64,
    },
    /// The application's file name.
    Program(String),
    /// Nothing: its libOS answers packets.
    Nothing,
}

impl Run {
    /// The name of whoever wrote a line of the log.
    fn writer(&self, application: bool) -> &str {
        match &self.runs {
            Runs::Program(name) if application => name,
            _ => &self.libos,
        }
    }
}

/// Runs and prints.
pub fn run(arguments: &RunArguments) -> Result<(), Failure> {
    let (run, scenario) = prepared(arguments)?;
    let mut progress = Progress::new();
    let mut presses = arguments.press.clone();
    presses.sort_by_key(|press| press.retired);
    let reporting = report_under(&scenario, &presses, |done| {
        progress.say(|| match run.runs {
            Runs::Trace { references, .. } => format!("{done} of {references} references"),
            Runs::Program(_) | Runs::Nothing => format!("{done} references"),
        });
    })
    .map_err(|error| Failure::Input(error.to_string()))?;
    let (reports, network) = (reporting.finish(), reporting.network());
    for (env, report) in (0..).map(EnvId).zip(&reports) {
        for line in &report.log {
            let writer = run.writer(line.application);
            match reports.len() {
                1 => eprintln!("exo: {writer}: log: {}", line.text),
                _ => eprintln!("exo: {} {writer}: log: {}", env_letter(env), line.text),
            }
        }
    }
    print(&if arguments.json {
        show::json(&reports, network.as_ref(), &run)?
    } else {
        show::tables(&reports, network.as_ref(), &run)
    })?;
    reports.iter().try_for_each(|report| ended(&run, report))
}

/// Says what is to be said of one environment's run beside its figures.
///
/// # Errors
/// It was given up.
fn ended(run: &Run, report: &RunReport) -> Result<(), Failure> {
    if report.evictions > 0 && report.frames_held < report.frame_limit {
        eprintln!(
            "exo: note: {} evicted pages while it held {} of the {} frames that it may hold",
            run.libos,
            grouped(report.frames_held.into()),
            grouped(report.frame_limit.into())
        );
    }
    for name in report.stale_names.iter().take(8) {
        eprintln!(
            "exo: note: {} still names a frame that is not its own any more, in {name}",
            run.libos
        );
    }
    let Some(broken) = &report.broken else {
        return Ok(());
    };
    let stamps = if run.lacks_stamps {
        "; it asks for use stamps, and this machine keeps none: say --use-stamps"
    } else {
        ""
    };
    let name = run.writer(report.application_broke);
    Err(Failure::Run(format!("{name}: {broken}{stamps}")))
}

/// Reads what is to be run, and says how.
fn prepared(arguments: &RunArguments) -> Result<(Run, Scenario), Failure> {
    let app = arguments.app.as_deref().map(application).transpose()?;
    let suited = app.as_ref().and_then(|it| it.sample);
    let libos = arguments.libos.as_deref().or(suited.map(|it| it.libos));
    let libos = libos.ok_or_else(|| {
        Failure::Input(
            "under which libOS? Say --libos; exo libos list names those that come along".to_owned(),
        )
    })?;
    let policy = policy(libos, arguments.table.as_deref(), arguments.disk > 0)?;
    let frames = arguments.frames.or(suited.map(|it| it.frames));
    let (runs, application) = match (app, &arguments.trace) {
        (Some(app), _) => program(app.file),
        (None, Some(path)) => trace(path, arguments.stream, arguments.page_bits)?,
        // There is a peer then.
        (None, None) => (Runs::Nothing, ApplicationSpec::nothing()),
    };
    let use_stamps = arguments.use_stamps || asks_for_stamps(libos);
    let run = Run {
        lacks_stamps: !use_stamps && policy.source.contains(".use_stamp("),
        libos: policy.name.clone(),
        frames: frames.unwrap_or(FRAMES),
        disk_blocks: arguments.disk,
        seed: arguments.seed,
        runs,
    };
    let scenario = scenario(arguments, policy, run.frames, use_stamps, application)?;
    Ok((run, scenario))
}

/// Whether a sample of that name asks the machine for use stamps.
fn asks_for_stamps(libos: &str) -> bool {
    exo_libos_samples::sample(libos).is_some_and(|sample| sample.use_stamps)
}

fn program(file: Named) -> (Runs, ApplicationSpec) {
    let Named { name, source } = file;
    (
        Runs::Program(name.clone()),
        ApplicationSpec::Program { name, source },
    )
}

fn trace(
    path: &std::path::Path,
    choice: StreamChoice,
    page_bits: u8,
) -> Result<(Runs, ApplicationSpec), Failure> {
    let stream = match choice {
        StreamChoice::All => Stream::All,
        StreamChoice::Data => Stream::Data,
    };
    let references_max = None;
    let trace = read(
        path,
        &ReadOptions {
            stream,
            references_max,
            page_bits,
        },
    )?;
    let runs = Runs::Trace {
        file: path.display().to_string(),
        references: trace.trace.length(),
        pages: trace.pages,
        skipped_lines: trace.skipped_lines,
    };
    Ok((runs, ApplicationSpec::Trace(Arc::new(trace))))
}

/// A machine with room for the environment and for its programs' own state.
fn scenario(
    arguments: &RunArguments,
    policy: Named,
    frames: u32,
    use_stamps: bool,
    application: ApplicationSpec,
) -> Result<Scenario, Failure> {
    let mut scenario = Scenario {
        title: policy.name.clone(),
        machine: MachineShape {
            frames,
            tlb: arguments.tlb,
            stlb_entries: arguments.stlb.0,
            use_stamps,
            disk_blocks: arguments.disk,
            disk_fault: arguments.disk_fault,
            seed: arguments.seed,
            ..MachineShape::default()
        },
        environments: vec![
            EnvironmentSpec {
                name: policy.name,
                source: policy.source,
                frame_limit: frames,
                application,
                downloads: Vec::new(),
            };
            usize::from(arguments.environments)
        ],
        network: network(&arguments.network)?,
    };
    let pinned = scenario
        .pinned_frames()
        .map_err(|error| Failure::Input(error.to_string()))?;
    let held = frames.saturating_mul(arguments.environments.into());
    scenario.machine.frames = held.saturating_add(pinned).min(FRAMES_MAX);
    Ok(scenario)
}
