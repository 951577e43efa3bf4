//! What an editor asks of a source: shared by the page, the command line and the tests.
//!
//! Places are bytes of the source, in UTF-8. A source need not be a policy yet: help is wanted most
//! while it is not.

mod candidates;
mod chain;
mod completions;
mod cursor;
mod format;
mod hover;
mod integers;
mod knowledge;
mod semantic;
mod words;

use std::ops::Range;

use exo_core::cpu::SourcePlace;

use crate::text::Lines;

pub use completions::completions;
pub use format::format;
pub use hover::hover;
pub use semantic::semantic_tokens;

/// What a piece of a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A word of the language.
    Keyword,
    /// A type or trait.
    Type,
    /// A function that is not called with a dot.
    Function,
    /// A function that is called with a dot.
    Method,
    /// A method of `Sys` and its like: it reaches out of the program.
    SystemCall,
    /// A field of a struct.
    Field,
    /// A parameter of a function.
    Parameter,
    /// A variable.
    Local,
    /// A constant.
    Constant,
    /// A variant of an enum.
    Variant,
    /// A macro.
    Macro,
    /// A number.
    Number,
    /// A text or character.
    Text,
    /// A comment.
    Comment,
    /// A comment that documents what follows.
    Documentation,
    /// A label of a loop, or a lifetime.
    Label,
    /// An operator, bracket or separator.
    Operator,
}

impl Kind {
    /// Its name, in one word.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Keyword => "keyword",
            Kind::Type => "type",
            Kind::Function => "function",
            Kind::Method => "method",
            Kind::SystemCall => "system-call",
            Kind::Field => "field",
            Kind::Parameter => "parameter",
            Kind::Local => "local",
            Kind::Constant => "constant",
            Kind::Variant => "variant",
            Kind::Macro => "macro",
            Kind::Number => "number",
            Kind::Text => "text",
            Kind::Comment => "comment",
            Kind::Documentation => "documentation",
            Kind::Label => "label",
            Kind::Operator => "operator",
        }
    }
}

/// A piece of a source that is shown in a colour of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its bytes.
    pub range: Range<usize>,
    /// What it is.
    pub kind: Kind,
}

/// Something that could be written at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The name that is shown.
    pub label: String,
    /// What it is.
    pub kind: Kind,
    /// Its signature or type.
    pub detail: String,
    /// What it does, in sentences; empty if nobody wrote any.
    pub documentation: String,
    /// What to write.
    pub insert: String,
    /// What to write it over: the bytes of the word that was begun.
    pub replace: Range<usize>,
}

/// What is known of the word under the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// The bytes of the word.
    pub range: Range<usize>,
    /// How it is declared.
    pub signature: String,
    /// What it does, in sentences; empty if nobody wrote any.
    pub documentation: String,
}

/// Line and column of a byte, both from 1, the column in characters.
pub fn place(source: &str, offset: usize) -> SourcePlace {
    Lines::new(source).place(offset)
}

/// The byte at a line and column; the end of the line, if it is shorter.
pub fn offset(source: &str, place: SourcePlace) -> usize {
    Lines::new(source).offset(place)
}
