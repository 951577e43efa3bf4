//! Table 7: a TCP/IP header classified against ten filters, by three engines (A45).

use exo_core::ids::EnvId;
use exo_core::kernel::filter::{Engine, Filter, FilterSet};
use exo_core::limits::ENVIRONMENTS_MAX;
use exo_net::{compile, flows};

use super::{Cell, TablesError};

/// Filters, each for a flow of its own.
const FILTERS: u32 = 10;
/// The machine of the table, a DEC5000/200.
pub(super) const MHZ: f64 = 25.0;

/// The engine's name in the paper, ours, and the published microseconds, with warm caches.
const ROWS: [(&str, Engine, f64); 3] = [
    ("MPF", Engine::Linear, 35.0),
    ("PATHFINDER", Engine::Trie, 19.0),
    ("DPF", Engine::Compiled, 1.5),
];

/// So many filters, of as many owners as there may be.
fn set(filters: u32) -> Result<FilterSet, TablesError> {
    let one = |flow| {
        let patterns = compile(&flows::expression(flow));
        Ok(Filter {
            owner: EnvId((flow as usize % ENVIRONMENTS_MAX) as u8),
            yields: false,
            patterns: patterns.map_err(|error| TablesError::Broke(error.to_string()))?,
        })
    };
    let all: Result<Vec<Filter>, TablesError> = (0..filters).map(one).collect();
    let mut set = FilterSet::new();
    let installed = set.install_all(all?);
    installed.map_err(|(_, error)| TablesError::Broke(error.to_string()))?;
    Ok(set)
}

/// Cycles that an engine takes for a packet of one of so many flows, on average over them, each of
/// which has its filter.
///
/// # Errors
/// A filter was refused.
pub fn filter_cycles(filters: u32, engine: Engine) -> Result<f64, TablesError> {
    let set = set(filters)?;
    let each = (0..filters).map(|flow| {
        let verdict = set.classify(engine, &flows::packet(flow));
        u64::from(verdict.cycles)
    });
    Ok(each.sum::<u64>() as f64 / f64::from(filters.max(1)))
}

/// The cells of the table.
pub(super) fn cells() -> Result<Vec<Cell>, TablesError> {
    let cell = |(operation, engine, published): (&'static str, Engine, f64)| {
        let measured = filter_cycles(FILTERS, engine)? / MHZ;
        let deviation = measured / published - 1.0;
        let tolerance = 0.15;
        let within = deviation.abs() <= tolerance;
        Ok(Cell {
            table: "7",
            machine: "DEC5000/200".to_owned(),
            operation,
            unit: "us",
            published,
            measured,
            deviation,
            tolerance,
            within,
            note: if within { "" } else { note(engine) },
        })
    };
    ROWS.into_iter().map(cell).collect()
}

fn note(engine: Engine) -> &'static str {
    match engine {
        Engine::Linear => "our own count of an interpreter's instructions",
        Engine::Trie => {
            "our own count of a cell's instructions; the published figure is another paper's, and holds \
             more than the walk"
        }
        Engine::Compiled => {
            "our own count of the instructions; to hash both addresses and ports takes 26 cycles of it"
        }
    }
}
