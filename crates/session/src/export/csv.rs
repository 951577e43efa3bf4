//! A table of events as comma-separated values (RFC 4180): a row each, the same columns always.

use std::borrow::Cow;
use std::io::{self, Write};

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
    out: W,
}

impl<W: Write> Csv<W> {
    pub(super) fn new(out: W) -> Csv<W> {
        Csv { out }
    }

    fn record<'row>(&mut self, fields: impl Iterator<Item = &'row str>) -> io::Result<()> {
        let mut line = String::new();
        for (place, field) in fields.enumerate() {
            if place > 0 {
                line.push(',');
            }
            line.push_str(&quoted(field));
        }
        line.push_str("\r\n");
        self.out.write_all(line.as_bytes())
    }
}

/// A field as it stands in the table: in quotation marks if it has a character of the table's own.
fn quoted(field: &str) -> Cow<'_, str> {
    if field.contains(['"', ',', '\r', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\"")).into()
    } else {
        field.into()
    }
}

impl<W: Write> Reader for Csv<W> {
    fn begin(&mut self, _: &Session, _: &View) -> io::Result<()> {
        let numbers = Column::ALL.iter().map(|column| column.name());
        self.record(FIRST.into_iter().chain(numbers).chain([LAST]))
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
        let fields: Vec<String> = first.into_iter().chain(numbers).chain([text]).collect();
        self.record(fields.iter().map(String::as_str))
    }

    fn finish(&mut self, _: &Machine, _: &Exported) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::Csv;

    #[test]
    fn any_field_comes_back_from_a_reader_of_tables() {
        let fields = [
            "a",
            "",
            "two words",
            "1,5",
            "say \"no\"",
            "a\r\nb",
            "\"",
            "é",
        ];
        let mut csv = Csv::new(Vec::new());
        csv.record(fields.into_iter()).unwrap();
        csv.record(fields.into_iter().rev()).unwrap();
        let mut reader = csv::ReaderBuilder::new();
        let mut reader = reader.has_headers(false).from_reader(&csv.out[..]);
        let rows: Vec<Vec<String>> = reader
            .records()
            .map(|row| row.unwrap().iter().map(str::to_owned).collect())
            .collect();
        assert_eq!(rows[0], fields);
        assert!(rows[1].iter().eq(fields.iter().rev()), "{rows:?}");
    }
}
