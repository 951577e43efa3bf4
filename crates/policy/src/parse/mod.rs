//! Reads a source into syntax. What cannot be read is reported, and hides nothing else.
//!
//! A file that is read as a whole is what the parser makes of it. Otherwise each item, each function
//! of an `impl`, each field and each variant is read by itself. A function with a mistake keeps its
//! signature, so that calls of it are checked; its body is left out. Names that a broken item was
//! to declare are known as such, so that nobody is told that they do not exist.

mod declarations;
mod explain;
mod mistakes;
mod pieces;
mod split;

use std::borrow::Cow;
use std::collections::BTreeSet;

use exo_core::cpu::SourcePlace;

use crate::diagnostic::{Report, Span};
use crate::precheck::{self, Refused};
use crate::recover::{self, Mended};
use crate::syntax::{File, Parser, Token};

/// A source, mended if need be, that is made of tokens.
pub(crate) struct Readable<'s> {
    text: Cow<'s, str>,
    tokens: Vec<Token>,
    mended: Option<Mended>,
}

/// A source that was read, in whole or in part.
pub(crate) struct Parsed<'r> {
    pub(crate) file: File<'r>,
    /// What is wrong with the rest, by places of the source.
    pub(crate) reports: Vec<Report>,
    /// Names that were declared where the source cannot be read.
    pub(crate) broken: BTreeSet<String>,
}

/// Cuts a source into tokens.
///
/// # Errors — nothing can be read
/// What keeps the parser from being given the source.
pub(crate) fn readable(source: &str) -> Result<Readable<'_>, Vec<Report>> {
    match precheck::tokens(source) {
        Ok(tokens) => Ok(Readable {
            text: Cow::Borrowed(source),
            tokens,
            mended: None,
        }),
        Err(Refused::Report(report)) => Err(vec![report]),
        Err(Refused::Lexical(span)) => mended(recover::mend(source), span),
    }
}

fn mended<'s>(mut mended: Mended, span: Span) -> Result<Readable<'s>, Vec<Report>> {
    match precheck::tokens(&mended.text) {
        Ok(tokens) => Ok(Readable {
            text: Cow::Owned(std::mem::take(&mut mended.text)),
            tokens,
            mended: Some(mended),
        }),
        Err(Refused::Report(report)) => {
            mended.reports.push(report);
            Err(mended.reports)
        }
        Err(Refused::Lexical(place)) => {
            if mended.reports.is_empty() {
                let at = if mended.spots.is_empty() { span } else { place };
                let report = Report::error(at, "this is not a token of Rust");
                mended
                    .reports
                    .push(report.hint("write numbers as `10` or `0xff`"));
            }
            Err(mended.reports)
        }
    }
}

impl Readable<'_> {
    /// Reads all that can be read.
    pub(crate) fn read(&self) -> Parsed<'_> {
        let parser = Parser::new(&self.text, &self.tokens);
        if self.mended.is_none()
            && let Ok(file) = parser.clone().file()
        {
            return Parsed {
                file,
                reports: Vec::new(),
                broken: BTreeSet::new(),
            };
        }
        pieces::read(&self.text, &self.tokens, self.mended.as_ref())
    }

    /// A place of the source, for one of the syntax.
    pub(crate) fn original(&self, place: SourcePlace) -> SourcePlace {
        self.mended
            .as_ref()
            .map_or(place, |mended| mended.original(place))
    }
}
