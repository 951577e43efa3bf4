//! Table 11 and figure 2: the round trip of a small datagram, and how many active processes make it longer.

use super::{Cell, TablesError};
use crate::round_trip::{MHZ, PROCESSES_MAX, Point, Receiver, RoundTrips, wire_cycles};

/// What is allowed of what is put together from paths of the kernel.
const TOLERANCE: f64 = 0.15;

/// The names of figure 2's cells, by the number of active processes.
const PROCESSES: [&str; PROCESSES_MAX as usize] = [
    "1 process",
    "2 processes",
    "3 processes",
    "4 processes",
    "5 processes",
    "6 processes",
    "7 processes",
    "8 processes",
    "9 processes",
    "10 processes",
];

/// The cells of both.
pub(super) fn cells() -> Result<Vec<Cell>, TablesError> {
    let points = RoundTrips::new(PROCESSES_MAX).finish()?;
    let alone = |receiver| points.iter().find(|it| is(it, receiver, 1));
    let mut cells = vec![cell(
        "11",
        "Ethernet",
        "wire alone",
        253.0,
        wire_cycles() as f64,
        "",
    )];
    for (operation, receiver, published) in [
        ("UDP, handler", Receiver::Handler, 259.0),
        ("UDP, no handler", Receiver::Upcall, 320.0),
    ] {
        let point = alone(receiver).ok_or_else(|| TablesError::Broke(operation.to_owned()))?;
        let note =
            "our library's own part is shorter: it loads and stores a word in one instruction";
        cells.push(cell(
            "11",
            "DEC5000 ExOS",
            operation,
            published,
            point.cycles,
            note,
        ));
    }
    for (machine, receiver) in [
        ("handler", Receiver::Handler),
        ("no handler", Receiver::Queue),
    ] {
        let Some(published) = receiver.published() else {
            continue;
        };
        let rows = PROCESSES.iter().zip(published).zip(1..);
        for ((operation, published), processes) in rows {
            let found = points.iter().find(|it| is(it, receiver, processes));
            let point = found.ok_or_else(|| TablesError::Broke((*operation).to_owned()))?;
            let note = match processes {
                7.. => {
                    "published are 320 for each process and one more from 7 on; not explained there"
                }
                _ => "an exchange takes less of the processor here",
            };
            cells.push(cell(
                "figure 2",
                machine,
                operation,
                published,
                point.cycles,
                note,
            ));
        }
    }
    Ok(cells)
}

fn is(point: &Point, receiver: Receiver, processes: u8) -> bool {
    (point.receiver, point.processes) == (receiver, processes)
}

fn cell(
    table: &'static str,
    machine: &str,
    operation: &'static str,
    published: f64,
    cycles: f64,
    note: &'static str,
) -> Cell {
    let measured = cycles / MHZ;
    let deviation = measured / published - 1.0;
    let within = deviation.abs() <= TOLERANCE;
    Cell {
        table,
        machine: machine.to_owned(),
        operation,
        unit: "us",
        published,
        measured,
        deviation,
        tolerance: TOLERANCE,
        within,
        note: if within { "" } else { note },
    }
}
