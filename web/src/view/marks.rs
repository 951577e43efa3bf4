//! The list of marks: what is marked in the run, in words, each to be gone to.

use super::words::grouped;
use crate::store::{MarkKind, Playground, Target};

/// A mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkRow {
    /// Its step.
    pub step: u64,
    /// The same, grouped.
    pub label: String,
    /// Where it leads.
    pub target: Target,
    /// What kind of mark it is.
    pub kind: &'static str,
    /// What is there.
    pub words: String,
    /// Its place among the notes, if it is one.
    pub note: Option<usize>,
    /// Whether the run stands there.
    pub now: bool,
}

/// The list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MarksView {
    /// Whether it is open.
    pub open: bool,
    /// The current step, grouped.
    pub step: String,
    /// The marks in order.
    pub rows: Vec<MarkRow>,
}

/// What kind of mark it is, in a word.
pub(super) fn kind_words(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Edit => "change",
        MarkKind::Fork => "branch",
        MarkKind::Stop => "stop",
        MarkKind::Find => "found",
        MarkKind::Deadline => "deadline",
        MarkKind::Note(_) => "note",
    }
}

pub(super) fn select(playground: &Playground) -> MarksView {
    if !playground.marks_open {
        return MarksView::default();
    }
    let here = playground.session().step_number();
    let rows = playground.marks().into_iter().map(|mark| MarkRow {
        step: mark.step,
        label: grouped(mark.step),
        target: mark.target,
        kind: kind_words(mark.kind),
        note: match mark.kind {
            MarkKind::Note(index) => Some(index),
            _ => None,
        },
        words: mark.words,
        now: mark.step == here,
    });
    MarksView {
        open: true,
        step: grouped(here),
        rows: rows.collect(),
    }
}
