//! The text form of filters: a subset of the language of tcpdump (pcap-filter), compiled to the kernel's
//! declarative patterns.
//!
//! What is accepted means what it means there, on packets that are whole. A filter is a set of
//! conjunctions of fields with values, so that `or` and `not` cost patterns; what cannot be said so, or
//! needs too many, is refused with the reason.

mod address;
mod cubes;
mod expression;
mod parse;
mod primitive;
mod relation;
mod token;
mod words;

use std::fmt;

use exo_core::kernel::filter::Pattern;

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextError {
    /// Where, from 1, in characters.
    pub column: usize,
    /// What is wrong there.
    pub reason: String,
    /// What would be right.
    pub hint: String,
}

impl TextError {
    pub(crate) fn new(
        column: usize,
        reason: impl Into<String>,
        hint: impl Into<String>,
    ) -> TextError {
        TextError {
            column,
            reason: reason.into(),
            hint: hint.into(),
        }
    }

    /// The same within a line in which the expression begins so many characters later.
    pub(crate) fn moved(mut self, by: usize) -> TextError {
        self.column += by;
        self
    }
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.column, self.reason, self.hint)
    }
}

impl std::error::Error for TextError {}

/// Characters of an expression that an error quotes.
const QUOTE_MAX: usize = 40;

/// A word as an error quotes it.
fn quoted(word: &str) -> String {
    let short: String = word.chars().take(QUOTE_MAX).collect();
    let more = if short.len() < word.len() { "…" } else { "" };
    format!("`{short}{more}`")
}

/// Compiles an expression for Ethernet frames; the empty one accepts every packet.
///
/// # Errors
/// The first thing that is wrong, or not in the subset, or takes more than
/// [`exo_core::limits::FILTER_PATTERNS_MAX`] patterns.
pub fn compile(text: &str) -> Result<Vec<Pattern>, TextError> {
    let expression = parse::expression(text)?;
    cubes::patterns(&expression)
}
