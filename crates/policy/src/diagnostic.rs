//! What the compiler says about a source: where, why, and what to write instead.

use crate::order;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fmt;

use exo_core::cpu::SourcePlace;

/// At most so many diagnostics are kept of one compile.
const DIAGNOSTICS_MAX: usize = 100;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The policy cannot run.
    Error,
    /// The policy can run, but probably not as meant.
    Warning,
}

/// One remark about a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Where it begins: line and column in characters, both from 1.
    pub place: SourcePlace,
    /// Where it ends, exclusive.
    pub end: SourcePlace,
    /// rustc's code for the same mistake, or the name of its lint, where there is one.
    pub code: Option<&'static str>,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{}:{}: {severity}", self.place.line, self.place.column)?;
        if let Some(code) = self.code {
            write!(f, "[{code}]")?;
        }
        write!(f, ": {}", self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "; help: {hint}"),
            None => Ok(()),
        }
    }
}

/// A stretch of the source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: SourcePlace,
    pub(crate) end: SourcePlace,
}

impl Span {
    /// The stretch that a piece of syntax covers.
    pub(crate) fn around(syntax: &impl crate::syntax::Around) -> Span {
        syntax.span()
    }

    /// From the start of this one to the end of `last`.
    pub(crate) fn to(self, last: Span) -> Span {
        Span {
            start: self.start,
            end: last.end,
        }
    }

    /// All but the first character.
    pub(crate) fn tail(mut self) -> Span {
        self.start.column = self.start.column.saturating_add(1);
        self
    }

    /// One character, by line and column, both from 1.
    pub(crate) fn at(line: usize, column: usize) -> Span {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let place = |column: usize| SourcePlace {
            line: number(line),
            column: number(column),
        };
        Span {
            start: place(column),
            end: place(column.saturating_add(1)),
        }
    }

    /// Any source whole.
    pub(crate) fn everything() -> Span {
        let end = SourcePlace {
            line: u32::MAX,
            column: u32::MAX,
        };
        Span {
            start: Span::top().start,
            end,
        }
    }

    /// The first character of the source.
    pub(crate) fn top() -> Span {
        let place = SourcePlace { line: 1, column: 1 };
        Span {
            start: place,
            end: place,
        }
    }
}

/// A diagnostic being made.
#[derive(Clone, Debug)]
pub(crate) struct Report(Box<Diagnostic>);

impl Report {
    /// An error at `span`.
    pub(crate) fn error(span: Span, message: impl Into<String>) -> Report {
        Report(Box::new(Diagnostic {
            severity: Severity::Error,
            place: span.start,
            end: span.end,
            code: None,
            message: message.into(),
            hint: None,
        }))
    }

    /// A warning at `span`, by the name of rustc's lint.
    pub(crate) fn warning(span: Span, lint: &'static str, message: impl Into<String>) -> Report {
        let mut report = Report::error(span, message).code(lint);
        report.0.severity = Severity::Warning;
        report
    }

    /// With its places changed.
    pub(crate) fn mapped(mut self, place: impl Fn(SourcePlace) -> SourcePlace) -> Report {
        (self.0.place, self.0.end) = (place(self.0.place), place(self.0.end));
        self
    }

    /// At another place.
    pub(crate) fn at(mut self, span: Span) -> Report {
        (self.0.place, self.0.end) = (span.start, span.end);
        self
    }

    /// With rustc's code.
    pub(crate) fn code(mut self, code: &'static str) -> Report {
        self.0.code = Some(code);
        self
    }

    /// With what to write instead.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Report {
        self.0.hint = Some(hint.into());
        self
    }

    /// With what to write instead, if that is known.
    pub(crate) fn maybe_hint(mut self, hint: Option<String>) -> Report {
        self.0.hint = hint;
        self
    }
}

/// Where a compile's diagnostics gather.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    gathered: RefCell<Vec<Diagnostic>>,
    warnings: RefCell<Vec<Diagnostic>>,
    errors: Cell<usize>,
    /// Names that were declared where the source cannot be read: nobody is told that they lack.
    broken: RefCell<BTreeSet<String>>,
    /// Where warnings of which names are not wanted.
    silenced: RefCell<Vec<(Span, Vec<String>)>>,
}

/// Stands for the name of what was to be declared without one that can be read.
pub(crate) const NAMELESS: &str = "*";

/// What says that there is no such thing, or that its type is not known.
const MISSING: &[&str] = &[
    "E0004", "E0046", "E0063", "E0282", "E0407", "E0412", "E0422", "E0423", "E0424", "E0425",
    "E0433", "E0560", "E0599", "E0609",
];

/// The lints that rustc calls `unused` together, as far as there are warnings of them here.
const UNUSED: &[&str] = &[
    "dead_code",
    "path_statements",
    "redundant_semicolons",
    "unreachable_code",
    "unused_must_use",
    "unused_mut",
    "unused_variables",
];

impl Sink {
    /// Adds one, unless there are too many already.
    pub(crate) fn add(&self, report: Report) {
        if report.0.severity == Severity::Warning {
            let mut warnings = self.warnings.borrow_mut();
            if warnings.len() < DIAGNOSTICS_MAX {
                warnings.push(*report.0);
            }
            return;
        }
        self.errors.set(self.errors.get().saturating_add(1));
        if self.names_broken(&report.0) {
            return;
        }
        let mut gathered = self.gathered.borrow_mut();
        if gathered.len() < DIAGNOSTICS_MAX {
            gathered.push(*report.0);
        }
    }

    /// Says nothing within `span` of what these of rustc's lints are about.
    pub(crate) fn silence(&self, span: Span, lints: Vec<String>) {
        self.silenced.borrow_mut().push((span, lints));
    }

    /// Whether nothing is said by that name at `place`.
    pub(crate) fn is_silent(&self, lint: &str, place: Span) -> bool {
        let silenced = self.silenced.borrow();
        silenced.iter().any(|it| is_silenced(lint, place, it))
    }

    /// Says nothing of what lacks by one of these names.
    pub(crate) fn know_broken(&self, names: BTreeSet<String>) {
        *self.broken.borrow_mut() = names;
    }

    fn names_broken(&self, diagnostic: &Diagnostic) -> bool {
        let broken = self.broken.borrow();
        let missing = diagnostic.code.is_some_and(|code| MISSING.contains(&code));
        let names = diagnostic.message.split('`').skip(1).step_by(2);
        if broken.is_empty() || !missing {
            return false;
        }
        let nameless = broken.contains(NAMELESS) || diagnostic.code == Some("E0282");
        nameless
            || names
                .flat_map(|name| name.split(|c: char| c != '_' && !c.is_alphanumeric()))
                .any(|name| broken.contains(name))
    }

    /// How many errors were found so far.
    pub(crate) fn errors(&self) -> usize {
        self.errors.get()
    }

    /// All of them in order of place, each once; warnings only if there is no error.
    pub(crate) fn into_sorted(self) -> Vec<Diagnostic> {
        let mut gathered = self.gathered.take();
        if self.errors.get() == 0 {
            let mut warnings = self.warnings.take();
            warnings.retain(|warning| {
                let (start, end) = (warning.place, warning.end);
                !self.is_silent(warning.code.unwrap_or_default(), Span { start, end })
            });
            gathered.append(&mut warnings);
        }
        sorted(gathered, Vec::new())
    }
}

/// Whether a warning by the name `own` is not wanted where it stands, by that name or that of a group.
fn is_silenced(own: &str, place: Span, (span, lints): &(Span, Vec<String>)) -> bool {
    let within = span.start <= place.start && place.end <= span.end;
    within
        && lints.iter().any(|lint| match lint.as_str() {
            "warnings" => true,
            "unused" => UNUSED.contains(&own),
            lint => lint == own,
        })
}

/// All of them in order of place, each once.
pub(crate) fn sorted(mut gathered: Vec<Diagnostic>, more: Vec<Report>) -> Vec<Diagnostic> {
    gathered.extend(more.into_iter().map(|report| *report.0));
    let mut gathered = order::sorted(gathered, |left, right| {
        (left.place, left.end, &left.message).cmp(&(right.place, right.end, &right.message))
    });
    gathered.dedup();
    gathered.truncate(DIAGNOSTICS_MAX);
    gathered
}

/// The one of `known` that `name` is probably a misspelling of.
pub(crate) fn nearest<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let length = name.chars().count();
    let allowed = if length < 3 {
        0
    } else {
        length.div_ceil(3).min(3)
    };
    known
        .filter(|candidate| *candidate != name)
        .map(|candidate| (edits(name, candidate, allowed), candidate))
        .filter(|(edits, _)| *edits <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// How many characters must be added, dropped or changed to make one word of the other.
fn edits(left: &str, right: &str, enough: usize) -> usize {
    let right: Vec<char> = right.chars().take(64).collect();
    if left.chars().count().abs_diff(right.len()) > enough {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (line, a) in left.chars().enumerate() {
        let mut diagonal = line;
        let mut before = line + 1;
        if let Some(first) = row.first_mut() {
            *first = before;
        }
        for (cell, b) in row.iter_mut().skip(1).zip(&right) {
            let here = (diagonal + usize::from(a != *b))
                .min(before + 1)
                .min(*cell + 1);
            diagonal = *cell;
            *cell = here;
            before = here;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_finds_its_neighbour_and_a_foreign_one_does_not() {
        let known = ["frame", "page", "hand"];
        assert_eq!(nearest("fraem", known.into_iter()), Some("frame"));
        assert_eq!(nearest("pages", known.into_iter()), Some("page"));
        assert_eq!(nearest("victim", known.into_iter()), None);
    }

    #[test]
    fn a_diagnostic_reads_as_one_line() {
        let span = Span {
            start: SourcePlace {
                line: 7,
                column: 15,
            },
            end: SourcePlace {
                line: 7,
                column: 19,
            },
        };
        let sink = Sink::default();
        sink.add(
            Report::error(span, "mismatched types: expected `Frame`, found `usize`")
                .code("E0308")
                .hint("write `Frame::new(…)`"),
        );
        assert_eq!(
            sink.into_sorted()
                .first()
                .map(ToString::to_string)
                .as_deref(),
            Some(
                "7:15: error[E0308]: mismatched types: expected `Frame`, found `usize`; \
                 help: write `Frame::new(…)`"
            )
        );
    }
}
