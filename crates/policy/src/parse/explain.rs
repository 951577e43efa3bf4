//! Says what is wrong with syntax in words that help.
//!
//! The parser says what it would have taken at the place where it gave up. A person wants to know
//! what they wrote instead, and what to write. [`super::mistakes`] knows the common ones.

use super::mistakes::{self, Place, Situation};
use super::split::{Chunk, Tokens};
use crate::diagnostic::{Report, Span};
use crate::syntax::{Token, Unread};

/// So many tokens before a mistake can tell what was meant.
const BEFORE_MAX: usize = 200;

/// Explains the mistakes of one text.
pub(super) struct Explainer<'t> {
    tokens: Tokens<'t>,
    /// Those that are no comments.
    seen: Vec<&'t Token>,
}

impl<'t> Explainer<'t> {
    pub(super) fn new(tokens: Tokens<'t>) -> Explainer<'t> {
        let seen = tokens.all.iter().filter(|token| !token.is_doc()).collect();
        Explainer { tokens, seen }
    }

    /// What is wrong with a chunk that was read as a part of `within`.
    pub(super) fn explain(&self, unread: Unread, chunk: &Chunk, within: &str) -> Report {
        let offset = |at: usize| match self.tokens.all.get(at) {
            Some(token) => token.start,
            None => self.tokens.text.len(),
        };
        let wrong = offset(unread.at.min(chunk.end));
        let index = self.seen.partition_point(|token| token.start < wrong);
        let situation = Situation {
            wanted: unread.wanted,
            within,
            before: self.words(index.saturating_sub(BEFORE_MAX), index, offset(chunk.start)),
            found: self.word(index),
            next: self.word(index + 1),
            new_line: self.line(index) > self.line(index.wrapping_sub(1)),
        };
        let said = mistakes::explain(&situation);
        let place = match said.place {
            Place::Found => self.span_of(index),
            Place::EndOfLast => self.end_of(index.wrapping_sub(1)),
            Place::Before(back) => self.span_of(index.saturating_sub(back)),
        };
        Report::error(place, said.message).maybe_hint(said.hint)
    }

    fn word(&self, index: usize) -> &'t str {
        let token = self.seen.get(index);
        token.map_or("", |token| token.text(self.tokens.text))
    }

    /// The tokens before a place, nearest first, that belong to the chunk.
    fn words(&self, from: usize, to: usize, first: usize) -> Vec<&'t str> {
        let range = (from..to).rev();
        range
            .filter(|index| {
                self.seen
                    .get(*index)
                    .is_some_and(|token| token.start >= first)
            })
            .map(|index| self.word(index))
            .collect()
    }

    fn line(&self, index: usize) -> u32 {
        let token = self.seen.get(index);
        token.map_or(0, |token| token.span.start.line)
    }

    fn span_of(&self, index: usize) -> Span {
        match self.seen.get(index) {
            Some(token) => token.span,
            None => self.end_of(self.seen.len().wrapping_sub(1)),
        }
    }

    fn end_of(&self, index: usize) -> Span {
        let end = self
            .seen
            .get(index)
            .map_or_else(Span::top, |it| it.span)
            .end;
        Span { start: end, end }
    }
}
