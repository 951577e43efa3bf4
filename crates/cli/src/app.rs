//! `exo app`: the applications that come along: which, and their sources.

use clap::{Args, Subcommand};
use exo_libos_samples::{APPLICATIONS, application};
use serde_json::json;

use crate::{Failure, print};

/// What to do with the applications.
#[derive(Debug, Args)]
pub struct AppArguments {
    #[command(subcommand)]
    command: AppCommand,
}

#[derive(Debug, Subcommand)]
enum AppCommand {
    /// Lists the applications that come along, each with the libOS and frames it is shown with.
    List {
        /// Prints one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Prints the source of an application: a whole file, to read, to change and to run.
    Show {
        /// The application's name.
        name: String,
    },
}

/// Does it.
pub fn app(arguments: &AppArguments) -> Result<(), Failure> {
    match &arguments.command {
        AppCommand::List { json: false } => print(&list()),
        AppCommand::List { json: true } => print(&list_json()?),
        AppCommand::Show { name } => match application(name) {
            Some(sample) => print(sample.source.trim_end()),
            None => Err(Failure::Input(format!(
                "there is no application {name:?}; there are {}",
                names()
            ))),
        },
    }
}

/// The names of all applications, for people.
pub fn names() -> String {
    let names: Vec<&str> = APPLICATIONS.iter().map(|it| it.name).collect();
    names.join(", ")
}

fn list() -> String {
    let mut text = String::from("Applications, for --app, with their libOS and frames:\n");
    for sample in APPLICATIONS {
        let shown_with = format!("{} with {}", sample.libos, sample.frames);
        text.push_str(&format!(
            "  {:<15}{:<23}{shown_with:<22}{}\n",
            sample.name, sample.title, sample.summary
        ));
    }
    text.push_str("\nexo app show NAME prints a source; exo run --app NAME runs it.");
    text
}

fn list_json() -> Result<String, Failure> {
    let applications = APPLICATIONS.iter().map(|sample| {
        json!({
            "name": sample.name,
            "title": sample.title,
            "summary": sample.summary,
            "libos": sample.libos,
            "frames": sample.frames,
            "lesson": sample.lesson(),
        })
    });
    let all = json!({ "applications": applications.collect::<Vec<_>>() });
    serde_json::to_string_pretty(&all).map_err(|error| Failure::Run(error.to_string()))
}
