//! Every event of the run: the rows that can be seen.

use std::rc::Rc;

use exo_session::debugger::{Breakpoint, Side};
use exo_session::why::Thing;

use super::log::LogRow;
use super::words::{grouped, letter};
use crate::store::{Playground, RECORD_COLLECTED_MAX, Record, RecordFilter};

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
    /// All rows that are to be copied, if they were collected.
    pub collected: Option<Rc<[LogRow]>>,
    /// What copying them is called; none if there are none.
    pub copies: Option<String>,
    /// Whether all of them could be collected.
    pub collects: bool,
    /// While they are looked for: events that have been looked through, and all there are.
    pub progress: Option<(u64, u64)>,
}

impl RecordView {
    /// The rows as text, to be copied: all of them if they were collected.
    pub fn text(&self) -> String {
        let line = |row: &LogRow| {
            let cycles = row.cycles.as_deref().unwrap_or_default();
            format!(
                "{}\t{}\t{}\t{}\t{}\n",
                row.number,
                row.owner.letter(),
                row.mark.1,
                row.text,
                cycles.replace(',', "")
            )
        };
        let rows = self.collected.as_deref().unwrap_or(&self.rows);
        rows.iter().map(line).collect()
    }
}

/// The events that a line of the program that runs here can have made: those from the one behind the first to the last.
fn ran(playground: &Playground, line: &Breakpoint) -> (u64, u64) {
    let here = playground.session().machine().position();
    let kind = match line.side {
        Side::LibOs => "policy",
        Side::Application => "application",
    };
    let inputs = playground.session().input_places();
    let own = inputs.filter(|(_, _, env, what)| *env == line.env && *what == kind);
    let (mut since, mut until) = (playground.runs_since(line), u64::MAX);
    for (at, step, ..) in own {
        if at <= here {
            since = since.max(step);
        } else if step > 0 {
            until = until.min(step);
        }
    }
    (since, until)
}

pub(super) fn select(playground: &Playground) -> RecordView {
    let record = &playground.record;
    if !record.open {
        return RecordView::default();
    }
    let furthest = playground.session().furthest_step();
    let here = playground.session().step_number();
    let line = match playground.looked {
        Some(Thing::Line(line)) => Some(line),
        _ => None,
    };
    let ran = line.map(|it| ran(playground, &it)).unwrap_or_default();
    let rows = record.rows.iter().cloned();
    let by = playground.looked.and(playground.looked_step);
    let rows = rows.map(|it| LogRow {
        now: it.number == here,
        looked: line.is_some() && it.line == line && ran.0 < it.number && it.number <= ran.1,
        chosen: by == Some(it.number),
        ..it
    });
    let progress = record.looked().map(|(looked, _)| (looked, furthest));
    let collected = record.collected.as_ref();
    RecordView {
        open: true,
        filter: record.filter.clone(),
        rows: rows.collect(),
        first: record.first,
        furthest,
        words: words(record, furthest),
        owners: (0..playground.drafts.len()).map(letter).collect(),
        collected: collected.cloned(),
        copies: match collected {
            Some(rows) if rows.is_empty() => None,
            Some(rows) if rows.len() == RECORD_COLLECTED_MAX => Some(format!(
                "Copy the first {} rows",
                grouped(rows.len() as u64)
            )),
            Some(rows) => Some(format!("Copy all {} rows", grouped(rows.len() as u64))),
            None if record.rows.is_empty() => None,
            None => Some(format!("Copy these {} rows", record.rows.len())),
        },
        collects: collected.is_none() && !record.rows.is_empty() && progress.is_none(),
        progress,
    }
}

/// Where this is, or how far what is looked for is.
fn words(record: &Record, furthest: u64) -> String {
    let all = grouped(furthest);
    if let Some(at) = record.searches_at() {
        return format!("Looking… at event {} of {all}.", grouped(at));
    }
    let rows = match (record.rows.first(), record.rows.last()) {
        (Some(first), Some(last)) => format!("Events {} to {} of {all}.", first.step, last.step),
        _ if record.stopped.is_some() => "None so far.".to_owned(),
        _ => format!("None of all {all} events."),
    };
    match record.stopped {
        Some(at) => format!("Stopped at event {}. {rows}", grouped(at)),
        None => rows,
    }
}
