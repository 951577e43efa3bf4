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

use std::collections::BTreeSet;

use exo_core::cpu::SourcePlace;
use proc_macro2::TokenStream;

use crate::diagnostic::{Report, Span};
use crate::precheck::{self, Refused};
use crate::recover::{self, Mended};

/// A source that was read, in whole or in part.
pub(crate) struct Parsed {
    pub(crate) file: syn::File,
    /// What is wrong with the rest, by places of the source.
    pub(crate) reports: Vec<Report>,
    /// Names that were declared where the source cannot be read.
    pub(crate) broken: BTreeSet<String>,
    mended: Option<Mended>,
}

impl Parsed {
    /// A place of the source, for one of the syntax.
    pub(crate) fn original(&self, place: SourcePlace) -> SourcePlace {
        self.mended
            .as_ref()
            .map_or(place, |mended| mended.original(place))
    }
}

/// Reads a source.
///
/// # Errors — nothing was read
/// What keeps the parser from being given the source.
pub(crate) fn source(source: &str) -> Result<Parsed, Vec<Report>> {
    match precheck::tokens(source) {
        Ok(tokens) => Ok(whole(source, tokens)),
        Err(Refused::Report(report)) => Err(vec![report]),
        Err(Refused::Lexical(span)) => mended(recover::mend(source), span),
    }
}

fn whole(source: &str, tokens: TokenStream) -> Parsed {
    match syn::parse2::<syn::File>(tokens.clone()) {
        Ok(file) if !file.items.iter().any(pieces::has_verbatim) => Parsed {
            file,
            reports: Vec::new(),
            broken: BTreeSet::new(),
            mended: None,
        },
        _ => pieces::read(source, tokens, None),
    }
}

fn mended(mut mended: Mended, span: Span) -> Result<Parsed, Vec<Report>> {
    match precheck::tokens(&mended.text) {
        Ok(tokens) => {
            let text = mended.text.clone();
            Ok(pieces::read(&text, tokens, Some(mended)))
        }
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
