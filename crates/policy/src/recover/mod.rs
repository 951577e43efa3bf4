//! Makes a source with a lexical mistake readable, so that the mistake hides nothing else.
//!
//! A stray character, an open string or a missing bracket makes the whole file unreadable. Each is
//! reported, and mended in a copy: a bracket is put in or taken out where the indentation says, the
//! rest is blanked. The places that were mended are kept, so that nothing is said of the function
//! around them: what it means is a guess.

mod brackets;
mod flaws;
mod verdicts;

use exo_core::cpu::SourcePlace;

use crate::diagnostic::{Report, Span};
use crate::order;
use crate::text::Lines;

/// A source that was mended.
pub(crate) struct Mended {
    pub(crate) text: String,
    pub(crate) reports: Vec<Report>,
    /// Where it was mended, as places of `text`.
    pub(crate) spots: Vec<SourcePlace>,
    /// Characters of `text` that the source does not have.
    added: Vec<SourcePlace>,
}

/// A change to a text.
struct Edit {
    offset: usize,
    /// So many bytes become blanks.
    blanked: usize,
    added: Option<char>,
}

/// Mends what keeps a source from being cut into tokens.
pub(crate) fn mend(source: &str) -> Mended {
    let mut mended = Mended {
        text: source.to_string(),
        reports: Vec::new(),
        spots: Vec::new(),
        added: Vec::new(),
    };
    flaws::mend(&mut mended);
    brackets::mend(&mut mended);
    mended
}

impl Mended {
    /// A place of the source, for one of the mended text.
    pub(crate) fn original(&self, place: SourcePlace) -> SourcePlace {
        let before = |added: &&SourcePlace| added.line == place.line && added.column < place.column;
        let before = self.added.iter().filter(before).count();
        let before = u32::try_from(before).unwrap_or(0);
        SourcePlace {
            line: place.line,
            column: place.column.saturating_sub(before).max(1),
        }
    }

    /// Whether something was mended between two places of the mended text.
    pub(crate) fn touches(&self, span: Span) -> bool {
        let within = |spot: &SourcePlace| span.start <= *spot && *spot <= span.end;
        self.spots.iter().any(within)
    }

    /// A stretch of the source, for one of the mended text.
    fn span(&self, lines: &Lines<'_>, start: usize, end: usize) -> Span {
        Span {
            start: self.original(lines.place(start)),
            end: self.original(lines.place(end)),
        }
    }

    fn apply(&mut self, edits: Vec<Edit>) {
        let edits = order::sorted(edits, |left, right| left.offset.cmp(&right.offset));
        let mut text = String::with_capacity(self.text.len() + edits.len());
        let mut done = 0;
        let mut marks = Vec::new();
        for edit in edits.iter().filter(|edit| edit.offset <= self.text.len()) {
            text.push_str(self.text.get(done..edit.offset).unwrap_or_default());
            marks.push((text.len(), edit.added.is_some()));
            text.extend(edit.added);
            let end = edit.offset.max(done) + edit.blanked;
            let blanked = self
                .text
                .get(edit.offset.max(done)..end)
                .unwrap_or_default();
            text.extend(blanked.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            done = end;
        }
        text.push_str(self.text.get(done..).unwrap_or_default());
        let lines = Lines::new(&text);
        for (offset, added) in marks {
            let place = lines.place(offset);
            self.spots.push(place);
            if added {
                self.added.push(place);
            }
        }
        self.text = text;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sound_source_is_left_alone() {
        let source = "fn f() { [(1)]; \"}\" } // {";
        let mended = mend(source);
        assert_eq!(mended.text, source);
        assert!(mended.reports.is_empty() && mended.spots.is_empty());
    }

    #[test]
    fn brackets_are_put_where_the_indentation_says() {
        let cases = [
            (
                "fn f() {\n    if a {\n        b;\n}\n",
                "fn f() {\n    if a {\n        b;}\n}\n",
            ),
            (
                "fn f() {\n    b;\n\nfn g() {\n}\n",
                "fn f() {\n    b;}\n\nfn g() {\n}\n",
            ),
            ("fn f()\n    b;\n}\n", "fn f(){\n    b;\n}\n"),
            ("fn f() {\n    g(a, b;\n}\n", "fn f() {\n    g(a, b);\n}\n"),
            ("fn f() {\n    g(a[1);\n}\n", "fn f() {\n    g(a[1]);\n}\n"),
            ("fn f() {\n    g a);\n}\n", "fn f() {\n    g a ;\n}\n"),
            (
                "fn f() {\n    while (a {\n        b;\n    }\n}\n",
                "fn f() {\n    while (a) {\n        b;\n    }\n}\n",
            ),
            ("fn f() {\n}\n}\n", "fn f() {\n}\n \n"),
        ];
        for (source, wanted) in cases {
            let mended = mend(source);
            assert_eq!(mended.text, wanted);
            assert_eq!(mended.reports.len(), 1, "{source}");
        }
    }
}
