//! A table of events as comma-separated values (RFC 4180): a row each, the same columns always.

use std::io::{self, Write};

use csv::{Terminator, Writer, WriterBuilder};
use exo_core::machine::Machine;

use super::columns::Column;
use super::fields::row;
use super::{Exported, Reader, View};
use crate::explain::{env_letter, explain};
use crate::session::{Recorded, Session};

/// What stands before the numbers of an event, and behind them.
const FIRST: [&str; 6] = ["position", "units", "step", "cycles", "environment", "kind"];
const LAST: &str = "text";

/// Writes the rows.
pub(super) struct Csv<W: Write> {
    writer: Writer<W>,
}

impl<W: Write> Csv<W> {
    pub(super) fn new(out: W) -> Csv<W> {
        let mut builder = WriterBuilder::new();
        builder.terminator(Terminator::CRLF);
        Csv {
            writer: builder.from_writer(out),
        }
    }
}

impl<W: Write> Reader for Csv<W> {
    fn begin(&mut self, _: &Session, _: &View) -> io::Result<()> {
        let numbers = Column::ALL.iter().map(|column| column.name());
        let header = FIRST.into_iter().chain(numbers).chain([LAST]);
        self.writer.write_record(header).map_err(written)
    }

    fn step(&mut self, machine: &Machine, told: Option<&Recorded>) -> io::Result<()> {
        let Some(recorded) = told else {
            return Ok(());
        };
        let event = &recorded.stamped.event;
        let row = row(event);
        let first = [
            recorded.after.to_string(),
            recorded.after.retired.to_string(),
            recorded.number.to_string(),
            recorded.stamped.cycles.to_string(),
            env_letter(event.env()),
            row.kind.to_owned(),
        ];
        let numbers = Column::ALL.iter().map(|column| row.get(*column).text());
        let text = explain(event, machine).text;
        let record = first.into_iter().chain(numbers).chain([text]);
        self.writer.write_record(record).map_err(written)
    }

    fn finish(&mut self, _: &Machine, _: &Exported) -> io::Result<()> {
        self.writer.flush()
    }
}

/// What the file or the pipe said, as it said it.
fn written(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
