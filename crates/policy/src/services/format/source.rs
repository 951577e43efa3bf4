//! The text that is formatted, and where its syntax lies in it.

use std::cell::Cell;
use std::ops::Range;

use super::Exotic;
use super::flat::STRUCT_WIDTH;
use crate::diagnostic::Span;
use crate::syntax::{Around, Attribute};
use crate::text::{Kind, Lines, Token, tokens};

/// A text with its tokens.
pub(in crate::services) struct Source<'s> {
    pub(super) text: &'s str,
    lines: Lines<'s>,
    pub(super) tokens: Vec<Token>,
    /// What may still be tried: each way to lay out a part tries those of its own parts.
    work: Cell<u32>,
}

/// Expressions that are laid out for one item, one way or another.
const WORK_MAX: u32 = 20_000;

impl<'s> Source<'s> {
    pub(in crate::services) fn new(text: &'s str) -> Source<'s> {
        Source {
            text,
            lines: Lines::new(text),
            tokens: tokens(text),
            work: Cell::new(WORK_MAX),
        }
    }

    /// Begins an item.
    pub(super) fn begin(&self) {
        self.work.set(WORK_MAX);
    }

    /// Goes on with an item, if that leads to an end in good time.
    pub(super) fn work(&self) -> Result<(), Exotic> {
        let left = self.work.get().checked_sub(1).ok_or(Exotic)?;
        self.work.set(left);
        Ok(())
    }

    /// The bytes of a piece of syntax.
    pub(super) fn range(&self, syntax: &impl Around) -> Range<usize> {
        self.range_of(syntax.span())
    }

    /// The bytes of a token.
    pub(super) fn range_of(&self, span: Span) -> Range<usize> {
        self.lines.offset(span.start)..self.lines.offset(span.end)
    }

    /// Where a piece of syntax begins after its attributes and comments.
    pub(super) fn core(&self, syntax: &impl Around, attributes: &[Attribute<'_>]) -> usize {
        let last = attributes.iter().rfind(|attribute| attribute.outer);
        let Some(last) = last else {
            return self.range(syntax).start;
        };
        let end = self.range(last).end;
        let index = self.index(end);
        let rest = self.tokens.get(index..).unwrap_or_default();
        let first = rest.iter().find(|token| !token.is_comment());
        first.map_or(end, |token| token.range.start)
    }

    /// The number of the first token that begins at a byte or after it.
    pub(super) fn index(&self, offset: usize) -> usize {
        self.tokens
            .partition_point(|token| token.range.start < offset)
    }

    /// The tokens that lie within a stretch.
    pub(super) fn within(&self, range: &Range<usize>) -> &[Token] {
        let first = self.index(range.start);
        let end = self.index(range.end);
        self.tokens.get(first..end).unwrap_or_default()
    }

    /// Whether a stretch holds a comment.
    pub(super) fn has_comment(&self, range: &Range<usize>) -> bool {
        self.within(range).iter().any(Token::is_comment)
    }

    /// The text of a stretch.
    pub(super) fn slice(&self, range: &Range<usize>) -> &'s str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    /// A pattern in one line, if that is where it belongs.
    pub(super) fn pattern(&self, range: &Range<usize>) -> Result<String, Exotic> {
        let line = self.inline(range);
        let fields = line.split_once("{ ").map_or("", |(_, fields)| fields);
        let fields = fields.split_once(" }").map_or(fields, |(fields, _)| fields);
        match fields.chars().count() > STRUCT_WIDTH {
            true => Err(Exotic),
            false => Ok(line),
        }
    }

    /// Types, patterns, paths and signatures in one line, spaced as rustfmt does it.
    pub(super) fn inline(&self, range: &Range<usize>) -> String {
        let mut line = String::new();
        let mut before: Option<(Kind, &str)> = None;
        let mut unary = false;
        let mut after_infix = false;
        for token in self.within(range) {
            let text = token.text(self.text);
            let operand = before.is_some_and(|(kind, text)| {
                matches!(kind, Kind::Word | Kind::Number | Kind::Close) && text != "mut"
            });
            let infix = operand && matches!(text, "*" | "/" | "%" | "-" | "<<" | "&");
            let spaced = infix
                || after_infix
                || before.is_some_and(|before| {
                    (!unary || text == "}") && spaced(before, (token.kind, text))
                });
            if spaced {
                line.push(' ');
            }
            line.push_str(text);
            // After these, an operator stands before its only operand.
            unary = !infix && matches!(text, "-" | "&" | "*" | "!" | ".." | "..=");
            after_infix = infix;
            before = Some((token.kind, text));
        }
        line.replace(", }", " }")
    }
}

/// Whether white space lies between two tokens of a type or pattern.
fn spaced((left_kind, left): (Kind, &str), (right_kind, right): (Kind, &str)) -> bool {
    if right_kind == Kind::Close && right != "}" {
        return false;
    }
    match (left, right) {
        (",", _) | ("{", _) | ("..", "}") => true,
        ("pub", "(") | ("::", "{") => false,
        (_, "," | ";" | ":" | "::" | "." | "?" | ".." | "..=" | ">" | "!") => false,
        (_, "}" | "{") => true,
        ("::" | "." | "&" | "!" | "#", _) => false,
        ("<", _) | (_, "<") => false,
        (";" | ":" | "=" | "->" | "|" | "=>" | "+" | "@", _) => true,
        (_, "=" | "->" | "|" | "=>" | "+" | "@") => true,
        (_, "(" | "[") if left_kind == Kind::Lifetime => true,
        _ if left_kind == Kind::Open || right_kind == Kind::Close => false,
        ("mut" | "const" | "pub" | "fn" | "ref" | "dyn" | "impl" | "for" | "in", _) => true,
        (_, "(" | "[") => false,
        _ => {
            matches!(
                left_kind,
                Kind::Word | Kind::Lifetime | Kind::Number | Kind::Close
            ) && matches!(right_kind, Kind::Word | Kind::Number | Kind::Lifetime)
                || left == ">"
        }
    }
}
