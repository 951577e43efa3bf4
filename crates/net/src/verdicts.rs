//! What filters make of packets, as rows for other programs: JSON Lines and CSV.

use exo_core::kernel::filter::Verdict;

use crate::{FilterFile, Line};

/// A packet's verdict, for a reader of either form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerdictRow<'run> {
    /// The packet's place in its capture, from 1.
    pub number: u64,
    /// Its length on the wire in bytes.
    pub length: u32,
    /// The filter that has it; none if no filter accepts it.
    pub line: Option<&'run Line>,
    /// What the engine took.
    pub cycles: u32,
}

/// The first line of a table of rows.
pub const CSV_HEAD: &str = "number,length,verdict,filter,owner,cycles\n";

impl<'run> VerdictRow<'run> {
    /// A packet's row, of a verdict by these filters.
    pub fn new(file: &'run FilterFile, number: u64, length: u32, verdict: Verdict) -> Self {
        VerdictRow {
            number,
            length,
            line: verdict.accepted.and_then(|(id, _)| file.line(id)),
            cycles: verdict.cycles,
        }
    }

    /// `accepted`, or `dropped`.
    pub fn verdict(&self) -> &'static str {
        match self.line {
            Some(_) => "accepted",
            None => "dropped",
        }
    }

    /// One line of JSON, without its end. An owner's name needs no escape: it has letters, digits, `-`, `_`
    /// and `.`.
    pub fn json(&self) -> String {
        let (filter, owner) = match self.line {
            Some(line) => (line.line.to_string(), format!("\"{}\"", line.owner)),
            None => ("null".to_owned(), "null".to_owned()),
        };
        format!(
            "{{\"number\":{},\"length\":{},\"verdict\":\"{}\",\"filter\":{filter},\"owner\":{owner},\"cycles\":{}}}",
            self.number,
            self.length,
            self.verdict(),
            self.cycles
        )
    }

    /// One line of a table, with its end; what is not there is empty.
    pub fn csv(&self) -> String {
        let filter = self.line.map(|it| it.line.to_string()).unwrap_or_default();
        format!(
            "{},{},{},{filter},{},{}\n",
            self.number,
            self.length,
            self.verdict(),
            self.line.map_or("", |it| &it.owner),
            self.cycles
        )
    }
}
