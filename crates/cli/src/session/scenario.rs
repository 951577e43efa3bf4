//! `exo scenario`: the scenarios that come along, and whether a file of one's own is one.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use exo_libos_samples::SCENARIOS;
use exo_session::saved;
use serde_json::json;

use super::source::find;
use crate::{Failure, print};

/// What to do with scenarios.
#[derive(Debug, Args)]
pub struct ScenarioArguments {
    #[command(subcommand)]
    command: ScenarioCommand,
}

#[derive(Debug, Subcommand)]
enum ScenarioCommand {
    /// Lists the scenarios that come along.
    List {
        /// Prints one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Prints the file of a scenario: to read, to change and to replay.
    Show {
        /// The scenario's name.
        name: String,
    },
    /// Reads a scenario or a session, compiles its sources and makes its machine, and says what is
    /// wrong with it, with the key and the line.
    Check {
        /// A name, a file, or a link.
        session: String,
        /// The file of a trace that it runs on and does not hold.
        #[arg(long, value_name = "FILE")]
        trace: Vec<PathBuf>,
    },
}

/// Does it.
pub fn scenario(arguments: &ScenarioArguments) -> Result<(), Failure> {
    match &arguments.command {
        ScenarioCommand::List { json: false } => print(&list()),
        ScenarioCommand::List { json: true } => print(&list_json()?),
        ScenarioCommand::Show { name } => match exo_libos_samples::scenario(name) {
            Some(scenario) => print(scenario.text.trim_end()),
            None => Err(Failure::Input(format!(
                "there is no scenario {name:?}; {}",
                names()
            ))),
        },
        ScenarioCommand::Check { session, trace } => {
            let found = find(session)?;
            found.open(trace)?;
            let environments = found.saved.environments.len();
            print(&format!(
                "{}: {}, environments: {environments}, inputs: {}",
                found.shown,
                found.saved.title,
                found.saved.inputs.len()
            ))
        }
    }
}

fn names() -> String {
    let names: Vec<&str> = SCENARIOS.iter().map(|it| it.name).collect();
    format!("there are {}", names.join(", "))
}

/// The title of a scenario that comes along.
fn title(text: &str) -> Result<String, Failure> {
    let read = saved::read(text).map_err(|error| Failure::Run(error.to_string()))?;
    Ok(read.saved.title)
}

fn list() -> String {
    let mut text = String::from("Scenarios, for exo replay and exo link:\n");
    for scenario in SCENARIOS {
        text.push_str(&format!("  {:<15}{}\n", scenario.name, scenario.summary));
    }
    text.push_str("\nexo scenario show NAME prints a file; exo replay NAME runs it.");
    text
}

fn list_json() -> Result<String, Failure> {
    let mut scenarios = Vec::new();
    for scenario in SCENARIOS {
        scenarios.push(json!({
            "name": scenario.name,
            "title": title(scenario.text)?,
            "summary": scenario.summary,
        }));
    }
    let all = json!({ "scenarios": scenarios });
    serde_json::to_string_pretty(&all).map_err(|error| Failure::Run(error.to_string()))
}
