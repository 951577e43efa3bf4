//! `exo tables`: the published tables, next to what this machine does.

use std::fmt::Write as _;

use clap::Args;
use exo_session::tables::{Cell, MACHINES, tables as measure};

use crate::{Failure, print};

/// What to show.
#[derive(Debug, Args)]
pub struct TablesArguments {
    /// The clock in MHz, of the machine to compare with: 12.5, 16.67 or 25; all three unless you say.
    #[arg(long, value_name = "MHZ", value_parser = parse_clock)]
    clock: Option<f64>,
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
    let cells = measure(arguments.clock).map_err(|error| Failure::Run(error.to_string()))?;
    if arguments.json {
        let text = serde_json::to_string_pretty(&cells);
        return print(&text.map_err(|error| Failure::Run(error.to_string()))?);
    }
    print(&table(&cells))
}

fn table(cells: &[Cell]) -> String {
    let mut text = format!(
        "{:8} {:17} {:16} {:>10} {:>10} {:6} {:>9}\n",
        "table", "machine", "operation", "published", "ours", "", "deviation"
    );
    for cell in cells {
        let _ = write!(
            text,
            "{:8} {:17} {:16} {:>10} {:>10.2} {:6} {:>+8.1} %",
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
        "{within} of {} cells are within their tolerance; nothing is tuned for any of them.",
        cells.len()
    );
    text
}
