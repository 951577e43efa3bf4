//! Says what is wrong with syntax in words that help.
//!
//! The parser says what it would have taken at the place where it gave up. A person wants to know
//! what they wrote instead, and what to write. [`super::mistakes`] knows the common ones.

use exo_core::cpu::SourcePlace;
use proc_macro2::TokenTree;

use super::mistakes::{self, Place, Situation};
use super::split;
use crate::diagnostic::{Report, Span};
use crate::text::{Lines, Token, tokens};

/// So many tokens before a mistake can tell what was meant.
const BEFORE_MAX: usize = 200;

/// Explains the mistakes of one text.
pub(super) struct Explainer<'t> {
    text: &'t str,
    lines: Lines<'t>,
    tokens: Vec<Token>,
}

impl<'t> Explainer<'t> {
    pub(super) fn new(text: &'t str) -> Explainer<'t> {
        let mut tokens = tokens(text);
        tokens.retain(|token| !token.is_comment());
        Explainer {
            text,
            lines: Lines::new(text),
            tokens,
        }
    }

    /// What is wrong with a chunk that was read as a part of `within`.
    pub(super) fn explain(&self, error: &syn::Error, chunk: &[TokenTree], within: &str) -> Report {
        let first = error.clone().into_iter().next();
        let message = first.as_ref().unwrap_or(error).to_string();
        let span = Span::of(first.as_ref().unwrap_or(error).span());
        let whole = split::span(chunk);
        let inside = whole.start <= span.start && span.start < whole.end;
        let offset = match inside {
            true => self.lines.offset(span.start),
            false => self.lines.offset(whole.end),
        };
        let index = self
            .tokens
            .partition_point(|token| token.range.start < offset);
        let first = self.lines.offset(whole.start);
        let situation = Situation {
            message: &message,
            within,
            before: self.words(index.saturating_sub(BEFORE_MAX), index, first),
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
        self.tokens
            .get(index)
            .map_or("", |token| token.text(self.text))
    }

    /// The tokens before a place, nearest first, that belong to the chunk.
    fn words(&self, from: usize, to: usize, first: usize) -> Vec<&'t str> {
        let range = (from..to).rev();
        range
            .filter(|index| {
                self.tokens
                    .get(*index)
                    .is_some_and(|token| token.range.start >= first)
            })
            .map(|index| self.word(index))
            .collect()
    }

    fn line(&self, index: usize) -> usize {
        let token = self.tokens.get(index);
        token.map_or(0, |token| self.lines.line(token.range.start))
    }

    fn place(&self, offset: usize) -> SourcePlace {
        self.lines.place(offset)
    }

    fn span_of(&self, index: usize) -> Span {
        match self.tokens.get(index) {
            Some(token) => Span {
                start: self.place(token.range.start),
                end: self.place(token.range.end),
            },
            None => self.end_of(self.tokens.len().wrapping_sub(1)),
        }
    }

    fn end_of(&self, index: usize) -> Span {
        let offset = self.tokens.get(index).map_or(0, |token| token.range.end);
        Span {
            start: self.place(offset),
            end: self.place(offset),
        }
    }
}
