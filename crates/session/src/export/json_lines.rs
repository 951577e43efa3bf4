//! Events as JSON Lines: an object each.

use std::io::{self, Write};

use exo_core::machine::Machine;

use super::fields::row;
use super::json::Object;
use super::{Exported, Reader, View};
use crate::explain::{env_letter, explain};
use crate::session::{Recorded, Session};

/// Writes the lines.
pub(super) struct JsonLines<W: Write> {
    out: W,
}

impl<W: Write> JsonLines<W> {
    pub(super) fn new(out: W) -> JsonLines<W> {
        JsonLines { out }
    }
}

/// An event with its sentence, as an object.
fn line(recorded: &Recorded, machine: &Machine) -> String {
    let stamped = &recorded.stamped;
    let row = row(&stamped.event);
    let mut line = Object::new()
        .text("position", &recorded.after.to_string())
        .count("units", recorded.after.retired)
        .count("step", recorded.number)
        .count("cycles", stamped.cycles)
        .text("environment", &env_letter(stamped.event.env()))
        .text("kind", row.kind);
    for (column, value) in row.fields {
        line = line.value(column.name(), value);
    }
    line.text("text", &explain(&stamped.event, machine).text)
        .end()
}

impl<W: Write> Reader for JsonLines<W> {
    fn begin(&mut self, _: &Session, _: &View) -> io::Result<()> {
        Ok(())
    }

    fn step(&mut self, machine: &Machine, told: Option<&Recorded>) -> io::Result<()> {
        let Some(recorded) = told else {
            return Ok(());
        };
        writeln!(self.out, "{}", line(recorded, machine))
    }

    fn finish(&mut self, _: &Machine, _: &Exported) -> io::Result<()> {
        self.out.flush()
    }
}
