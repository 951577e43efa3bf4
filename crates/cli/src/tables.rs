//! `exo tables`: the published tables, next to what this machine does.

use std::fmt::Write as _;

use clap::Args;
use exo_session::compare::KernelKind;
use exo_session::explain::grouped;
use exo_session::tables::{
    Cell, MACHINES, WholeRun, application_names, tables as measure, whole_runs,
};

use crate::{Failure, print};

/// What to show.
#[derive(Debug, Args)]
pub struct TablesArguments {
    /// The clock in MHz, of the machine to compare with: 12.5, 16.67 or 25; all three unless you say.
    #[arg(long, value_name = "MHZ", value_parser = parse_clock)]
    clock: Option<f64>,
    /// Runs whole applications under every kernel instead: matrix, quicksort, hash-join, collector, or
    /// the real traces dash and bzip2; all of them unless you name some.
    #[arg(long, value_name = "NAME", num_args = 0.., conflicts_with = "clock")]
    applications: Option<Vec<String>>,
    /// Prints one JSON array.
    #[arg(long)]
    json: bool,
}

fn parse_clock(text: &str) -> Result<f64, String> {
    let known = MACHINES.iter().map(|machine| machine.mhz);
    let asked = text.parse().ok();
    known
        .into_iter()
        .find(|mhz| asked == Some(*mhz))
        .ok_or_else(|| "write 12.5, 16.67 or 25".to_owned())
}

/// Measures and prints.
pub fn tables(arguments: &TablesArguments) -> Result<(), Failure> {
    if let Some(names) = &arguments.applications {
        return applications(names, arguments.json);
    }
    let cells = measure(arguments.clock).map_err(|error| Failure::Run(error.to_string()))?;
    if arguments.json {
        let text = serde_json::to_string_pretty(&cells);
        return print(&text.map_err(|error| Failure::Run(error.to_string()))?);
    }
    print(&table(&cells))
}

/// Whole applications under every kernel.
fn applications(named: &[String], json: bool) -> Result<(), Failure> {
    let known: Vec<&str> = application_names().collect();
    if let Some(name) = named.iter().find(|it| !known.contains(&it.as_str())) {
        return Err(Failure::Input(format!(
            "there is no application {name:?} in the table; there are {}",
            known.join(", ")
        )));
    }
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    let runs = whole_runs(&named).map_err(|error| Failure::Run(error.to_string()))?;
    if json {
        let text = serde_json::to_string_pretty(&runs);
        return print(&text.map_err(|error| Failure::Run(error.to_string()))?);
    }
    print(&whole(&runs))
}

fn whole(runs: &[WholeRun]) -> String {
    let mut text = format!(
        "{:12} {:8} {:36} {:>14} {:>12} {:>10} {:>10}\n",
        "application", "policy", "kernel", "cycles", "crossings", "faults", "page loads"
    );
    for run in runs {
        let mark = if run.own_policy { "*" } else { "" };
        let policy = match run.kernel {
            KernelKind::Monolithic => "its own".to_owned(),
            _ => format!("{}{mark}", run.policy),
        };
        let _ = writeln!(
            text,
            "{:12} {:8} {:36} {:>14} {:>12} {:>10} {:>10}",
            run.application,
            policy,
            run.kernel.title(),
            grouped(run.cycles),
            grouped(run.crossings),
            grouped(run.faults),
            grouped(run.page_loads)
        );
    }
    text.push_str(
        "Whole runs, from the first instruction to the last; * a policy that was written for the\n\
         application. The collector's runs under another policy are its references alone: without its\n\
         libOS nobody watches its heap. dash and bzip2 are real traces: a shell, and a part of a block sort.",
    );
    text
}

fn table(cells: &[Cell]) -> String {
    let mut text = format!(
        "{:8} {:17} {:18} {:>10} {:>10} {:6} {:>9}\n",
        "table", "machine", "operation", "published", "ours", "", "deviation"
    );
    for cell in cells {
        let _ = write!(
            text,
            "{:8} {:17} {:18} {:>10} {:>10.2} {:6} {:>+8.1} %",
            cell.table,
            cell.machine,
            cell.operation,
            cell.published,
            cell.measured,
            cell.unit,
            cell.deviation * 100.0
        );
        if !cell.within {
            let _ = write!(
                text,
                "  beyond {:.0} %: {}",
                cell.tolerance * 100.0,
                cell.note
            );
        }
        text.push('\n');
    }
    let within = cells.iter().filter(|cell| cell.within).count();
    let _ = write!(
        text,
        "{within} of {} cells are within their tolerance; nothing is tuned for any of them. Ours for Ultrix is the\n\
         monolithic comparison kernel: its parameters are the DEC2100's system call, prot1, prot100 and trap, so\n\
         that these four fit by themselves. It has no pipes, no shared memory and no network, so that its 3400 us of table 11 are not measured. The latency\n\
         of the link is chosen so that the wire alone takes 253 us; in figure 2 a process computes for 320 us in each of\n\
         its turns, as the published slope says.",
        cells.len()
    );
    text
}
