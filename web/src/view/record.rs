//! Every event of the run: the rows that can be seen.

use super::log::LogRow;
use super::words::{grouped, letter};
use crate::store::{Playground, RecordFilter};

/// The record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordView {
    /// Whether it is open.
    pub open: bool,
    /// What is shown of it.
    pub filter: RecordFilter,
    /// The rows that can be seen.
    pub rows: Vec<LogRow>,
    /// The event at which they begin.
    pub first: u64,
    /// The last event that there is.
    pub furthest: u64,
    /// Where this is, in words.
    pub words: String,
    /// The environments by their letters.
    pub owners: Vec<String>,
    /// The rows as text, to be copied.
    pub text: String,
}

pub(super) fn select(playground: &Playground) -> RecordView {
    let record = &playground.record;
    if !record.open {
        return RecordView::default();
    }
    let furthest = playground.session().furthest_step();
    let words = match (record.rows.first(), record.rows.last()) {
        _ if record.looked().is_some() => {
            let looked = record.looked().unwrap_or_default();
            format!("Looking: {} events so far.", grouped(looked))
        }
        (Some(first), Some(last)) => {
            format!(
                "Events {} to {} of {}.",
                first.step,
                last.step,
                grouped(furthest)
            )
        }
        _ => format!("None from event {} on.", grouped(record.first)),
    };
    let line = |row: &LogRow| {
        format!(
            "{}\t{}\t{}\t{}\n",
            row.number, row.owner.0, row.mark.1, row.text
        )
    };
    RecordView {
        open: true,
        filter: record.filter.clone(),
        rows: record.rows.clone(),
        first: record.first,
        furthest,
        words,
        owners: (0..playground.drafts.len()).map(letter).collect(),
        text: record.rows.iter().map(line).collect(),
    }
}
