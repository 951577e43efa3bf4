//! The published tables of the exokernel, next to what this machine does (systems 1.2 and 1.3).
//!
//! Kernel paths come from the cost model, so they must fit; what libraries make of them is the test,
//! and nothing is tuned for it. A figure outside the tolerance is shown as such, with the reason
//! where one is known.

mod applications;
mod filters;
mod matrix;
mod measured;
mod network;
mod published;
mod ultrix;

pub use applications::{WholeRun, names as application_names, whole_runs};
pub use filters::filter_cycles;
pub use measured::{Measured, TablesError};
pub use published::{Clocked, MACHINES};

use exo_libos_samples::ipc::STRIDE;
use serde::Serialize;

use crate::ipc::{IpcError, quanta};

use published::{Published, ROWS, Unit};

/// One cell of a published table, and ours.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cell {
    /// The table that prints it.
    pub table: &'static str,
    /// The machine, and the system on it.
    pub machine: String,
    /// What was measured.
    pub operation: &'static str,
    /// What both figures are in.
    pub unit: &'static str,
    /// What was published.
    pub published: f64,
    /// What this machine does, at that machine's clock.
    pub measured: f64,
    /// Ours over theirs, less one.
    pub deviation: f64,
    /// The deviation that is allowed, either way.
    pub tolerance: f64,
    /// Whether ours is as near as that.
    pub within: bool,
    /// What is known of the difference; empty where there is nothing to say.
    pub note: &'static str,
}

/// Runs the experiments and puts them beside what was published, for the machines of that clock, or
/// for all.
///
/// # Errors
/// An experiment has no result.
pub fn tables(mhz: Option<f64>) -> Result<Vec<Cell>, TablesError> {
    let mut measured = measured::measure()?;
    measured.extend(matrix::measure()?);
    measured.extend(ultrix::measure());
    let mut cells = Vec::new();
    for row in ROWS {
        let ours = measured
            .iter()
            .find(|it| (it.system, it.operation) == (row.system, row.operation))
            .ok_or_else(|| TablesError::Broke(format!("{} was not measured", row.operation)))?;
        for (machine, figure) in MACHINES.iter().zip(row.figures) {
            if figure.is_finite() && mhz.is_none_or(|mhz| mhz == machine.mhz) {
                cells.push(cell(row, machine, figure, ours.cycles));
            }
        }
    }
    if mhz.is_none_or(|mhz| mhz == filters::MHZ) {
        cells.extend(filters::cells()?);
    }
    if mhz.is_none_or(|mhz| mhz == crate::round_trip::MHZ) {
        cells.extend(network::cells()?);
    }
    cells.extend(figure_3()?);
    // In the order in which the paper prints them; the figures come last.
    cells.sort_by_key(|cell| cell.table.parse().unwrap_or(u8::MAX));
    Ok(cells)
}

/// Figure 3: how many of a hundred quanta a stride scheduler in a library gives to shares 3, 2, 1.
fn figure_3() -> Result<Vec<Cell>, TablesError> {
    const PUBLISHED: [(&str, f64); 3] = [("share 3", 51.0), ("share 2", 33.0), ("share 1", 16.0)];
    let wrong = |error: IpcError| TablesError::Broke(error.to_string());
    let given = quanta(STRIDE, 100).map_err(wrong)?;
    let cells = PUBLISHED.iter().enumerate();
    Ok(cells
        .map(|(client, (operation, published))| {
            let measured = given
                .iter()
                .filter(|it| usize::from(**it) == client)
                .count() as f64;
            // The paper's own error is at most one quantum.
            let tolerance = 1.0 / published;
            let deviation = measured / published - 1.0;
            let within = deviation.abs() <= tolerance;
            Cell {
                table: "figure 3",
                machine: "any ExOS".to_owned(),
                operation,
                unit: "quanta",
                published: *published,
                measured,
                deviation,
                tolerance,
                within,
                note: if within { "" } else { "not known" },
            }
        })
        .collect())
}

fn cell(row: &Published, machine: &Clocked, published: f64, cycles: f64) -> Cell {
    let measured = row.unit.of_cycles(cycles, machine.mhz);
    let deviation = measured / published - 1.0;
    let tolerance = row.kind.tolerance();
    let within = deviation.abs() <= tolerance + rounding(row.unit, published);
    Cell {
        table: row.table,
        machine: format!("{} {}", machine.name, row.system),
        operation: row.operation,
        unit: row.unit.symbol(),
        published,
        measured,
        deviation,
        tolerance,
        within,
        note: if within { "" } else { note(row, machine) },
    }
}

/// The most by which a published figure may be off by its last digit, as a part of itself.
fn rounding(unit: Unit, published: f64) -> f64 {
    let digit = match unit {
        Unit::Microseconds if published < 1.0 => 0.01,
        _ => 0.1,
    };
    digit / 2.0 / published
}

/// Why a figure lies outside.
fn note(row: &Published, machine: &Clocked) -> &'static str {
    match (row.operation, machine.name) {
        _ if row.system == "Ultrix" && row.table != "9" => ultrix::note(row.operation),
        ("system call", "DEC3100") => {
            "the paper's DEC3100 takes 48 cycles where the other two take 40"
        }
        ("pipe" | "pipe'", _) => {
            "our ring's code is shorter: it moves a word in one instruction, and the directed yield \
             is 40 cycles of it"
        }
        ("tlrpc", "DEC5000") => {
            "published 33 % below what its clock would give; not explained there"
        }
        ("shm" | "lrpc", _) => {
            "the calls and transfers are as published; the code around them takes fewer of our \
             instructions, and the CPU has no caches or load delays"
        }
        ("trap", "DEC5000") => {
            "published 31 % below what its clock would give; not explained there"
        }
        ("dirty" | "prot1", _) => {
            "a look-up of ours is shorter: the CPU checks an index and loads in one instruction, and \
             100 pages are searched in 7 steps"
        }
        ("prot100" | "unprot100", _) => {
            "published are 26 to 34 cycles a page; here dropping a page takes 14 by our own count, and \
             the library's loop the rest"
        }
        ("trap", _) => "our handler's own part is shorter",
        ("appel1", _) => "as two of prot1 and a trap, which are shorter here",
        ("appel2", _) => {
            "as a hundredth of prot100, a trap and prot1: the last two are shorter here"
        }
        _ => "not known",
    }
}
