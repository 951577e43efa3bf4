//! Reads tokens one after the other.

use super::token::{T, Token};
use super::{Brackets, Ident, Lifetime};
use crate::diagnostic::Span;

/// What would have fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// This token.
    Sign(&'static str),
    Braces,
    Expression,
    Item,
    Name,
    Parentheses,
    Pattern,
    Text,
    Type,
    /// Nothing more.
    End,
    /// Something else than a second comparison.
    NoChain,
    /// Something else than what would belong to the operand of a cast.
    NoCast,
    /// The body of a function.
    Body,
    /// The value of a constant.
    Value,
}

impl Wanted {
    /// In the words of a message.
    pub(crate) fn said(self) -> String {
        match self {
            Wanted::Sign(sign) => format!("expected `{sign}`"),
            Wanted::Braces => "expected curly braces".to_string(),
            Wanted::Expression => "expected an expression".to_string(),
            Wanted::Item => "expected an item".to_string(),
            Wanted::Name => "expected identifier".to_string(),
            Wanted::Parentheses => "expected parentheses".to_string(),
            Wanted::Pattern => "expected a pattern".to_string(),
            Wanted::Text => "expected string literal".to_string(),
            Wanted::Type => "expected a type".to_string(),
            Wanted::End => "unexpected token".to_string(),
            Wanted::NoChain => "comparison operators cannot be chained".to_string(),
            Wanted::NoCast => "casts cannot be followed by this".to_string(),
            Wanted::Body => "function without a body".to_string(),
            Wanted::Value => "constant without a value".to_string(),
        }
    }
}

/// Where reading ends, and why.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unread {
    /// The number of the token that does not fit.
    pub(crate) at: usize,
    pub(crate) wanted: Wanted,
}

/// What was read, or why nothing was.
pub(crate) type Read<T> = Result<T, Unread>;

/// A place among tokens, and how far they go.
#[derive(Clone)]
pub(crate) struct Parser<'t, 's> {
    pub(super) source: &'s str,
    pub(super) tokens: &'t [Token],
    pub(super) at: usize,
    end: usize,
    /// The `{` whose inside is passed over, as if there was nothing in it.
    hollow: Option<usize>,
}

impl<'t, 's> Parser<'t, 's> {
    /// At the first of `tokens`, which are those of `source`.
    pub(crate) fn new(source: &'s str, tokens: &'t [Token]) -> Parser<'t, 's> {
        Parser {
            source,
            tokens,
            at: 0,
            end: tokens.len(),
            hollow: None,
        }
    }

    /// At `start`, with nothing to read from `end` on.
    pub(crate) fn within(&self, start: usize, end: usize) -> Parser<'t, 's> {
        Parser {
            at: start,
            end,
            ..self.clone()
        }
    }

    /// The same, which passes over what is within the bracket of that number.
    pub(crate) fn hollow(mut self, bracket: usize) -> Parser<'t, 's> {
        self.hollow = Some(bracket);
        self
    }

    /// The kind of the next token.
    pub(super) fn kind(&self) -> T {
        self.ahead(0)
    }

    /// The kind of the token so many after the next.
    pub(super) fn ahead(&self, by: usize) -> T {
        let at = self.at + by;
        match self.tokens.get(at) {
            Some(token) if at < self.end => token.kind,
            _ => T::End,
        }
    }

    /// Whether the next token is of that kind.
    pub(super) fn is(&self, kind: T) -> bool {
        self.kind() == kind
    }

    /// Whether there is nothing more within these brackets.
    pub(super) fn is_empty(&self) -> bool {
        matches!(
            self.kind(),
            T::End | T::CloseParen | T::CloseBracket | T::CloseBrace
        )
    }

    /// Whether the next token is this word, which is no keyword.
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.is(T::Ident) && self.text() == word
    }

    /// The text of the next token.
    pub(super) fn text(&self) -> &'s str {
        self.tokens
            .get(self.at)
            .map_or("", |token| token.text(self.source))
    }

    /// Where the next token is.
    pub(super) fn here(&self) -> Span {
        match self.tokens.get(self.at) {
            Some(token) => token.span,
            None => self.last(),
        }
    }

    /// Where the token before is.
    pub(super) fn last(&self) -> Span {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.map_or_else(Span::top, |token| token.span)
    }

    /// From a token's start to the end of the last one read.
    pub(super) fn since(&self, start: Span) -> Span {
        start.to(self.last())
    }

    /// Whether nothing stands between the token so many after the next and the one behind it.
    pub(super) fn joint(&self, by: usize) -> bool {
        let pair = (
            self.tokens.get(self.at + by),
            self.tokens.get(self.at + by + 1),
        );
        matches!(pair, (Some(left), Some(right)) if left.end == right.start)
    }

    /// Goes past the next token.
    pub(super) fn bump(&mut self) -> Span {
        let here = self.here();
        if self.at < self.end {
            self.at += 1;
        }
        here
    }

    /// Goes past the next token if it is of that kind.
    pub(super) fn eat(&mut self, kind: T) -> bool {
        let is = self.is(kind);
        if is {
            self.at += 1;
        }
        is
    }

    /// The same, and where it was.
    pub(super) fn eaten(&mut self, kind: T) -> Option<Span> {
        let here = self.here();
        self.eat(kind).then_some(here)
    }

    /// That the next token does not fit.
    pub(super) fn unread<R>(&self, wanted: Wanted) -> Read<R> {
        Err(Unread {
            at: self.at,
            wanted,
        })
    }

    /// Goes past a token that has to be there.
    pub(super) fn require(&mut self, kind: T, sign: &'static str) -> Read<Span> {
        match self.eaten(kind) {
            Some(span) => Ok(span),
            None => self.unread(Wanted::Sign(sign)),
        }
    }

    /// Nothing more may follow.
    pub(crate) fn finish<R>(&self, read: R) -> Read<R> {
        match self.kind() {
            T::End => Ok(read),
            _ => self.unread(Wanted::End),
        }
    }

    /// A name that is no keyword.
    pub(super) fn ident(&mut self) -> Read<Ident<'s>> {
        match self.kind() {
            T::Ident => Ok(self.any_ident()),
            _ => self.unread(Wanted::Name),
        }
    }

    /// The next token, whatever word it is.
    pub(super) fn any_ident(&mut self) -> Ident<'s> {
        let text = self.text();
        let span = self.bump();
        Ident { text, span }
    }

    /// A lifetime, if one is next.
    pub(super) fn lifetime(&mut self) -> Option<Lifetime<'s>> {
        if !self.is(T::Lifetime) {
            return None;
        }
        let name = self.text();
        let name = name.strip_prefix('\'').unwrap_or(name);
        let span = self.bump();
        Some(Lifetime { name, span })
    }

    /// Goes into a bracket, which is next.
    pub(super) fn open(&mut self, kind: T, wanted: Wanted) -> Read<Span> {
        if !self.is(kind) {
            return self.unread(wanted);
        }
        let number = self.at;
        let open = self.bump();
        if self.hollow == Some(number) {
            self.at = self.partner(number);
        }
        Ok(open)
    }

    /// Goes out of a bracket, in which nothing may be left.
    pub(super) fn close(&mut self, open: Span) -> Read<Brackets> {
        match self.kind() {
            T::CloseParen | T::CloseBracket | T::CloseBrace => Ok(Brackets {
                open,
                close: self.bump(),
            }),
            _ => self.unread(Wanted::End),
        }
    }

    /// The number of the bracket that closes the one of that number.
    pub(super) fn partner(&self, open: usize) -> usize {
        self.tokens.get(open).map_or(open, |token| token.partner)
    }

    /// Goes past a token, or a bracket and all that is in it.
    pub(super) fn skip(&mut self) -> Span {
        let here = self.here();
        if self.at < self.end {
            self.at = self.partner(self.at) + 1;
        }
        here
    }

    /// What stands between commas, up to the end of a bracket; whether a comma stands last.
    pub(super) fn list<R>(
        &mut self,
        read: &mut dyn FnMut(&mut Self) -> Read<R>,
    ) -> Read<(Vec<R>, bool)> {
        let mut list = Vec::new();
        let mut comma = false;
        while !self.is_empty() {
            list.push(read(self)?);
            comma = self.eat(T::Comma);
            if !comma && !self.is_empty() {
                return self.unread(Wanted::Sign(","));
            }
        }
        Ok((list, comma))
    }
}
