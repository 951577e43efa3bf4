//! Events as JSON Lines: an object each.

use std::io::{self, Write};

use exo_core::machine::Machine;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::fields::{Row, row};
use super::{Exported, Reader, View};
use crate::explain::{env_letter, explain};
use crate::session::{Recorded, Session};
use crate::state::Number;

/// Writes the lines.
pub(super) struct JsonLines<W: Write> {
    out: W,
}

impl<W: Write> JsonLines<W> {
    pub(super) fn new(out: W) -> JsonLines<W> {
        JsonLines { out }
    }
}

/// An event with its sentence.
struct Line<'run> {
    recorded: &'run Recorded,
    row: Row,
    text: String,
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let stamped = &self.recorded.stamped;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("position", &self.recorded.after.to_string())?;
        map.serialize_entry("units", &Number(self.recorded.after.retired))?;
        map.serialize_entry("step", &Number(self.recorded.number))?;
        map.serialize_entry("cycles", &Number(stamped.cycles))?;
        map.serialize_entry("environment", &env_letter(stamped.event.env()))?;
        map.serialize_entry("kind", self.row.kind)?;
        for (column, value) in &self.row.fields {
            map.serialize_entry(column.name(), value)?;
        }
        map.serialize_entry("text", &self.text)?;
        map.end()
    }
}

impl<W: Write> Reader for JsonLines<W> {
    fn begin(&mut self, _: &Session, _: &View) -> io::Result<()> {
        Ok(())
    }

    fn step(&mut self, machine: &Machine, told: Option<&Recorded>) -> io::Result<()> {
        let Some(recorded) = told else {
            return Ok(());
        };
        let event = &recorded.stamped.event;
        let line = Line {
            recorded,
            row: row(event),
            text: explain(event, machine).text,
        };
        serde_json::to_writer(&mut self.out, &line).map_err(io::Error::from)?;
        self.out.write_all(b"\n")
    }

    fn finish(&mut self, _: &Machine, _: &Exported) -> io::Result<()> {
        self.out.flush()
    }
}
