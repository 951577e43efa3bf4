//! `exo compare`: the same traces under every kernel, or a comparison that comes along.

mod show;

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use exo_core::hw::TlbConfig;
use exo_core::limits::FRAMES_MAX;
use exo_core::rivals::{PARAMETER_MAX, Parameters};
use exo_session::compare::{
    COMPARISONS, CompareError, ComparisonScenario, compare as run, comparison,
};
use exo_session::{
    ApplicationSpec, EnvironmentSpec, MachineShape, ReadOptions, Scenario, parse_tlb,
};

use crate::run::{policy, read};
use crate::{Failure, print};
use show::Shown;

/// What to compare.
#[derive(Debug, Args)]
pub struct CompareArguments {
    /// A trace: text of `valgrind --tool=lackey --trace-mem=yes`, plain or gzip. Given several times,
    /// so many environments share the machine.
    #[arg(long, value_name = "FILE", required_unless_present = "scenario")]
    trace: Vec<PathBuf>,
    /// The policy: a sample's name or a file in the policy subset of Rust. Given once it is
    /// everybody's; else once for each trace.
    #[arg(long, value_name = "NAME|FILE.rs", default_value = "fifo")]
    libos: Vec<String>,
    /// Frames that each environment may hold for its application's pages; the monolithic kernel deals
    /// with all of them together.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=i64::from(FRAMES_MAX)))]
    frames: u32,
    /// The hardware TLB: full:64:random, full:64:lru, 16x4:fifo, direct:64, ...
    #[arg(long, default_value = "full:64:random", value_parser = parse_tlb)]
    tlb: TlbConfig,
    /// Decides every random number of the run.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Runs a comparison that comes along instead, with what is expected of it; `list` names them.
    #[arg(
        long,
        value_name = "NAME",
        conflicts_with_all = ["trace", "libos", "frames", "tlb", "seed"]
    )]
    scenario: Option<String>,
    /// Sets what a path of a comparison kernel costs; may be given several times. The table names all
    /// of them, with their sources.
    #[arg(long, value_name = "NAME=VALUE")]
    parameter: Vec<String>,
    /// Prints one JSON object.
    #[arg(long)]
    json: bool,
}

/// Compares and prints.
pub fn compare(arguments: &CompareArguments) -> Result<(), Failure> {
    let parameters = parameters(&arguments.parameter)?;
    if let Some(name) = &arguments.scenario {
        if name == "list" {
            return print(&show::list(arguments.json)?);
        }
        return tell(&built_in(name, parameters)?, arguments.json);
    }
    let scenario = scenario(arguments)?;
    let rows = run(&scenario, parameters, |_| {}).map_err(wrong)?;
    let shown = Shown {
        name: None,
        title: scenario.title,
        lesson: None,
        rows,
        expectations: Vec::new(),
        parameters,
    };
    tell(&shown, arguments.json)
}

fn tell(shown: &Shown, json: bool) -> Result<(), Failure> {
    print(&if json {
        show::json(shown)?
    } else {
        show::table(shown)
    })?;
    let mut given_up = shown.rows.iter().filter_map(|row| {
        let why = row.total.given_up.as_ref()?;
        Some(format!("{}: {why}", row.kernel.title()))
    });
    match given_up.next() {
        Some(why) => Err(Failure::Run(why)),
        None => Ok(()),
    }
}

fn wrong(error: CompareError) -> Failure {
    match error {
        CompareError::Broke(_) => Failure::Run(error.to_string()),
        _ => Failure::Input(error.to_string()),
    }
}

fn built_in(name: &str, parameters: Parameters) -> Result<Shown, Failure> {
    let Some(it) = comparison(name) else {
        let names: Vec<&str> = COMPARISONS.iter().map(|it| it.name).collect();
        return Err(Failure::Input(format!(
            "there is no scenario {name:?}; there are {}, or list",
            names.join(", ")
        )));
    };
    let ComparisonScenario {
        name,
        summary,
        lesson,
        ..
    } = *it;
    let rows = it.run(parameters).map_err(wrong)?;
    Ok(Shown {
        name: Some(name),
        title: summary.to_owned(),
        lesson: Some(lesson),
        expectations: it.expectations(&rows, parameters),
        rows,
        parameters,
    })
}

/// The usual parameters with what was said of them.
fn parameters(said: &[String]) -> Result<Parameters, Failure> {
    let mut parameters = Parameters::default();
    for text in said {
        let wrong = |what: String| Failure::Input(format!("--parameter {text}: {what}"));
        let (name, value) = text
            .split_once('=')
            .ok_or_else(|| wrong("write NAME=VALUE, like ipc_one_way=250".to_owned()))?;
        let value = value.trim().parse::<u64>().map_err(|_| {
            wrong(format!(
                "{value:?} is not a whole number from 0 to {PARAMETER_MAX}"
            ))
        })?;
        let set = parameters.set(name.trim(), value);
        set.map_err(|error| wrong(error.to_string()))?;
    }
    Ok(parameters)
}

/// An environment for each trace.
fn scenario(arguments: &CompareArguments) -> Result<Scenario, Failure> {
    let (traces, libos) = (&arguments.trace, &arguments.libos);
    if libos.len() != 1 && libos.len() != traces.len() {
        return Err(Failure::Input(format!(
            "{} policies for {} traces: give one --libos for all, or one for each",
            libos.len(),
            traces.len()
        )));
    }
    let options = ReadOptions::default();
    let mut environments = Vec::new();
    for (path, name) in traces.iter().zip(libos.iter().cycle()) {
        let policy = policy(name, None, false)?;
        environments.push(EnvironmentSpec {
            name: policy.name,
            source: policy.source,
            frame_limit: arguments.frames,
            application: ApplicationSpec::Trace(Arc::new(read(path, &options)?)),
            downloads: Vec::new(),
        });
    }
    let asks = |name: &String| exo_libos_samples::sample(name).is_some_and(|it| it.use_stamps);
    let files: Vec<String> = traces.iter().map(|it| it.display().to_string()).collect();
    Ok(Scenario {
        title: format!(
            "{} on {}, {} frames",
            libos.join(", "),
            files.join(", "),
            arguments.frames
        ),
        machine: MachineShape {
            tlb: arguments.tlb,
            use_stamps: libos.iter().any(asks),
            seed: arguments.seed,
            ..MachineShape::default()
        },
        environments,
        network: None,
    })
}
