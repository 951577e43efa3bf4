//! Formats a whole file by the rules of rustfmt, for the subset.
//!
//! The printers of syntax that there are drop comments, and a student's comments are the better half
//! of a policy: so this is written for it. What it does not know how to lay out, it leaves as it is,
//! item by item; and whatever it does, the tokens stay what they were.

mod chains;
mod control;
mod exprs;
mod flat;
mod gaps;
mod items;
mod lists;
mod net;
mod source;
mod statements;

use crate::diagnostic::{self, Diagnostic};
use crate::parse;
use source::Source;

/// The longest line, in characters.
pub(super) const WIDTH: usize = 100;

/// Formats a file as rustfmt does: no more and no less white space, a comma after the last of what
/// stands line by line, none in a line.
///
/// # Errors — the file was not formatted
/// What keeps it from being read: every syntax error found.
pub fn format(source: &str) -> Result<String, Vec<Diagnostic>> {
    let readable =
        parse::readable(source).map_err(|reports| diagnostic::sorted(Vec::new(), reports))?;
    let parsed = readable.read();
    if !parsed.reports.is_empty() {
        return Err(diagnostic::sorted(Vec::new(), parsed.reports));
    }
    let text = source.replace("\r\n", "\n");
    if text != source {
        return format(&text);
    }
    Ok(items::file(&Source::new(source), &parsed.file))
}

/// What is not laid out by these rules; the item around it is left alone.
#[derive(Debug)]
pub(super) struct Exotic;

/// A piece of a formatted file.
pub(super) type Formatted = Result<String, Exotic>;

/// Where a piece goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// How far the lines after the first are indented.
    pub(super) indent: usize,
    /// The column where it begins.
    pub(super) column: usize,
    /// Characters that follow on its last line.
    pub(super) tail: usize,
}

impl Place {
    /// At the start of a line that is indented so far.
    pub(super) fn line(indent: usize, tail: usize) -> Place {
        Place {
            indent,
            column: indent,
            tail,
        }
    }

    /// What is left of the line.
    pub(super) fn width(self) -> usize {
        WIDTH.saturating_sub(self.column + self.tail)
    }

    /// So many characters further on.
    pub(super) fn after(self, text: &str) -> Place {
        let last = text.rsplit('\n').next().unwrap_or(text);
        let before = if text.contains('\n') { 0 } else { self.column };
        Place {
            column: before + width(last),
            ..self
        }
    }

    /// With so much more after it.
    pub(super) fn before(self, more: usize) -> Place {
        Place {
            tail: self.tail + more,
            ..self
        }
    }

    /// On the next line, one step deeper.
    pub(super) fn next(self) -> Place {
        Place {
            indent: self.indent + 4,
            column: self.indent + 4,
            ..self
        }
    }
}

/// The width of a line, in characters.
pub(super) fn width(text: &str) -> usize {
    text.chars().count()
}

/// The width of the first line.
pub(super) fn first_width(text: &str) -> usize {
    width(text.split('\n').next().unwrap_or(text))
}

/// White space at the start of a line.
pub(super) fn blank(indent: usize) -> String {
    " ".repeat(indent)
}
