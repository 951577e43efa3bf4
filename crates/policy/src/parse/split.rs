//! Where one item, field or variant ends and the next begins, by the look of the tokens alone.

use std::ops::Range;

use crate::diagnostic::{NAMELESS, Span};
use crate::syntax::{T, Token};

/// The tokens of one item, or what should be one, by their numbers.
pub(super) type Chunk = Range<usize>;

/// All tokens of a text.
#[derive(Clone, Copy)]
pub(super) struct Tokens<'t> {
    pub(super) text: &'t str,
    pub(super) all: &'t [Token],
}

/// Words that can stand before the word that says what an item is.
const QUALIFIERS: &[&str] = &["pub", "unsafe", "async", "extern", "default"];

impl<'t> Tokens<'t> {
    fn get(&self, at: usize, end: usize) -> Option<&'t Token> {
        self.all.get(at).filter(|_| at < end)
    }

    fn kind(&self, at: usize, end: usize) -> T {
        self.get(at, end).map_or(T::End, |token| token.kind)
    }

    fn word(&self, at: usize, end: usize) -> &'t str {
        self.get(at, end)
            .filter(|token| token.kind == T::Ident || T::As <= token.kind && token.kind < T::Amp)
            .map_or("", |token| token.text(self.text))
    }

    /// The number of the token after one, or after the bracket that it opens.
    fn after(&self, at: usize) -> usize {
        self.all.get(at).map_or(at, |token| token.partner) + 1
    }

    /// The items among some tokens.
    pub(super) fn items(&self, within: Chunk) -> Vec<Chunk> {
        let mut chunks = Vec::new();
        let (mut start, mut at) = (within.start, within.start);
        let mut line = 0;
        while let Some(token) = self.get(at, within.end) {
            let first = token.span.start.line > line;
            if first && begins(token.kind, token.text(self.text)) && self.has_substance(start..at) {
                chunks.push(start..at);
                start = at;
            }
            let block = token.kind == T::Brace;
            let semicolon = token.kind == T::Semi;
            at = self.after(at);
            line = self.last(at).end.line;
            let goes_on = block
                && matches!(
                    self.keyword(start..at),
                    "const" | "static" | "use" | "type" | "let"
                );
            if semicolon || block && !goes_on {
                chunks.push(start..at);
                start = at;
            }
        }
        if start < within.end {
            chunks.push(start..within.end);
        }
        chunks
    }

    /// What lies between the commas among some tokens: fields or variants.
    pub(super) fn listed(&self, within: Chunk) -> Vec<Chunk> {
        let mut chunks = Vec::new();
        let (mut start, mut at) = (within.start, within.start);
        let mut angles = 0usize;
        while let Some(token) = self.get(at, within.end) {
            let here = at;
            at = self.after(at);
            match token.kind {
                T::Lt => angles += 1,
                T::Shl => angles += 2,
                T::Gt => angles = angles.saturating_sub(1),
                T::Comma if angles == 0 => {
                    chunks.push(start..here);
                    start = at;
                }
                _ => {}
            }
        }
        if start < within.end {
            chunks.push(start..within.end);
        }
        chunks
    }

    /// Whether a chunk holds more than attributes and qualifiers.
    fn has_substance(&self, chunk: Chunk) -> bool {
        self.after_qualifiers(chunk).is_some()
    }

    /// The number of the first token that is neither an attribute nor a qualifier.
    fn after_qualifiers(&self, chunk: Chunk) -> Option<usize> {
        let end = chunk.end;
        let mut at = chunk.start;
        while let Some(token) = self.get(at, end) {
            let next = self.after(at);
            at = match token.kind {
                T::Doc | T::InnerDoc => next,
                T::Hash if self.kind(next, end) == T::Bang => self.after(next + 1),
                T::Hash if next < end => self.after(next),
                T::Hash => next,
                T::Pub if self.kind(next, end) == T::Paren => self.after(next),
                T::Extern if self.kind(next, end) == T::Text => next + 1,
                T::Const => {
                    let word = self.word(next, end);
                    let function = word == "fn" || QUALIFIERS.contains(&word);
                    match next < end && !function {
                        true => return Some(at),
                        false => next,
                    }
                }
                _ if QUALIFIERS.contains(&token.text(self.text)) => next,
                _ => return Some(at),
            };
        }
        None
    }

    /// The word that says what an item is; empty if there is none.
    pub(super) fn keyword(&self, chunk: Chunk) -> &'t str {
        let end = chunk.end;
        self.after_qualifiers(chunk)
            .map_or("", |at| self.word(at, end))
    }

    /// The names that the tokens declare, or would; [`NAMELESS`] if there is no telling.
    pub(super) fn declared(&self, chunk: Chunk, names: &mut Vec<String>) {
        let known = names.len();
        let mut declares = false;
        for token in self.all.get(chunk).unwrap_or_default() {
            match token.kind {
                T::Fn
                | T::Struct
                | T::Enum
                | T::Const
                | T::Static
                | T::Type
                | T::Mod
                | T::Trait => declares = true,
                T::Ident if declares => names.push(token.text(self.text).to_string()),
                T::Mut | T::Unsafe | T::Async if declares => {}
                _ => declares = false,
            }
        }
        if names.len() == known {
            // Without the word that says what it is: any of its words may be its name.
            names.push(NAMELESS.to_string());
        }
    }

    /// The place of the token before one.
    fn last(&self, at: usize) -> Span {
        let before = at.checked_sub(1).and_then(|before| self.all.get(before));
        before.map_or_else(Span::top, |token| token.span)
    }

    /// The stretch from the first token to the last.
    pub(super) fn span(&self, chunk: &Chunk) -> Span {
        match self.get(chunk.start, chunk.end) {
            Some(first) => first.span.to(self.last(chunk.end)),
            None => Span::top(),
        }
    }

    /// The number of the `{` that the last token closes.
    pub(super) fn block(&self, chunk: &Chunk) -> Option<usize> {
        let last = chunk.end.checked_sub(1)?;
        let mut at = chunk.start;
        while let Some(token) = self.get(at, chunk.end) {
            if token.kind == T::Brace && token.partner == last {
                return Some(at);
            }
            at = self.after(at);
        }
        None
    }
}

/// Whether a token at the start of a line begins an item.
fn begins(kind: T, text: &str) -> bool {
    match kind {
        T::Fn
        | T::Struct
        | T::Enum
        | T::Impl
        | T::Const
        | T::Use
        | T::Pub
        | T::Static
        | T::Type
        | T::Trait
        | T::Mod
        | T::Unsafe
        | T::Async
        | T::Extern
        | T::Hash
        | T::Doc
        | T::InnerDoc => true,
        T::Ident => text == "union",
        _ => false,
    }
}
