//! `exo libos`: the library operating systems that come along: which, their sources, what they do.

mod choose;
mod measure;
mod programs;

use clap::{Args, Subcommand};
use exo_libos_samples::{PartKind, SAMPLES, STORES, TABLES, part, parts, workload};
use serde_json::json;

pub use choose::{find, names, source_of};

use crate::{Failure, print};

/// What to do with the samples.
#[derive(Debug, Args)]
pub struct LibosArguments {
    #[command(subcommand)]
    command: LibosCommand,
}

#[derive(Debug, Subcommand)]
enum LibosCommand {
    /// Lists the policies, the page tables and the backing stores that come along.
    List {
        /// Prints one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Prints the source of a sample: a whole file, to read, to change and to run.
    Show {
        /// The sample's name.
        name: String,
        /// The page table: inverted, linear or two-level.
        #[arg(long)]
        table: Option<String>,
        /// Where pages that lose their frames go: none or swap.
        #[arg(long)]
        store: Option<String>,
    },
    /// Prints the references of the program that the sample `join` is made for, as lackey writes
    /// them: a trace for exo run and for the page.
    Trace,
    /// Runs every sample on the trace that comes along and on a hash join, and every application
    /// under its libOS, and prints lessons and figures as Markdown: what is in docs/samples.md.
    Measure,
}

/// Does it.
pub fn libos(arguments: &LibosArguments) -> Result<(), Failure> {
    match &arguments.command {
        LibosCommand::List { json: false } => print(&list()),
        LibosCommand::List { json: true } => print(&list_json()?),
        LibosCommand::Show { name, table, store } => {
            if let (Some(part), None, None) = (part(name), table, store) {
                return print(part.source.trim_end());
            }
            let source = source_of(find(name)?, table.as_deref(), store.as_deref())?;
            print(source.trim_end())
        }
        LibosCommand::Trace => print(trace().trim_end()),
        LibosCommand::Measure => print(measure::measure()?.trim_end()),
    }
}

fn list() -> String {
    let mut text = String::from("Policies, for --libos:\n");
    for sample in SAMPLES {
        let (name, title, summary) = (sample.name, sample.title, sample.summary);
        text.push_str(&format!("  {name:<15}{title:<19}{summary}\n"));
    }
    text.push_str("\nPage tables, for --table; the first is taken unless you say:\n");
    for table in TABLES {
        let (name, title, summary) = (table.name, table.title, table.summary);
        text.push_str(&format!("  {name:<15}{title:<23}{summary}\n"));
    }
    text.push_str(
        "\nBacking stores, for --store; a run with --disk takes swap, one without none:\n",
    );
    for store in STORES {
        let (name, title, summary) = (store.name, store.title, store.summary);
        text.push_str(&format!("  {name:<15}{title:<23}{summary}\n"));
    }
    text.push_str("\nPrograms that belong together, each a libOS or an application of its own:\n");
    for part in parts() {
        let kind = match part.kind {
            PartKind::LibOs => "--libos",
            PartKind::Application => "--app",
            PartKind::MessageHandler => "handler",
        };
        text.push_str(&format!("  {:<15}{kind:<9}{}\n", part.name, part.summary));
    }
    text.push_str("\nexo libos show NAME prints a source; exo run --libos NAME runs it.");
    text
}

/// The hash join as text of `valgrind --tool=lackey --trace-mem=yes`.
fn trace() -> String {
    let mut text = String::from("==0== A hash join, as exo libos trace makes it\n");
    for touch in workload::hash_join() {
        let letter = if touch.store { 'S' } else { 'L' };
        text.push_str(&format!(" {letter} {:08x},8\n", touch.address));
    }
    text
}

fn list_json() -> Result<String, Failure> {
    let policies = SAMPLES.iter().map(|sample| {
        json!({
            "name": sample.name,
            "title": sample.title,
            "kind": sample.kind.name(),
            "summary": sample.summary,
            "lesson": sample.lesson(),
        })
    });
    let tables = TABLES.iter().map(|table| {
        json!({
            "name": table.name,
            "title": table.title,
            "summary": table.summary,
            "lesson": table.lesson(),
        })
    });
    let stores = STORES.iter().map(|store| {
        json!({
            "name": store.name,
            "title": store.title,
            "summary": store.summary,
            "lesson": store.lesson(),
        })
    });
    let parts = parts().map(|part| {
        json!({
            "name": part.name,
            "application": part.kind == PartKind::Application,
            "summary": part.summary,
            "lesson": part.lesson(),
        })
    });
    let all = json!({
        "parts": parts.collect::<Vec<_>>(),
        "policies": policies.collect::<Vec<_>>(),
        "tables": tables.collect::<Vec<_>>(),
        "stores": stores.collect::<Vec<_>>(),
    });
    serde_json::to_string_pretty(&all).map_err(|error| Failure::Run(error.to_string()))
}
