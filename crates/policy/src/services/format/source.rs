//! The text that is formatted, and where its syntax lies in it.

use std::ops::Range;

use syn::spanned::Spanned;

use crate::diagnostic::Span;
use crate::text::{Kind, Lines, Token, tokens};

/// A text with its tokens.
pub(in crate::services) struct Source<'s> {
    pub(super) text: &'s str,
    lines: Lines<'s>,
    pub(super) tokens: Vec<Token>,
}

impl<'s> Source<'s> {
    pub(in crate::services) fn new(text: &'s str) -> Source<'s> {
        Source {
            text,
            lines: Lines::new(text),
            tokens: tokens(text),
        }
    }

    /// The bytes of a piece of syntax.
    pub(super) fn range(&self, syntax: &impl Spanned) -> Range<usize> {
        self.range_of(syntax.span())
    }

    /// The bytes of a token.
    pub(super) fn range_of(&self, span: proc_macro2::Span) -> Range<usize> {
        let span = Span::of(span);
        self.lines.offset(span.start)..self.lines.offset(span.end)
    }

    /// Where a piece of syntax begins after its attributes and comments.
    pub(super) fn core(&self, syntax: &impl Spanned, attributes: &[syn::Attribute]) -> usize {
        let outer = |attribute: &&syn::Attribute| matches!(attribute.style, syn::AttrStyle::Outer);
        let last = attributes.iter().rfind(outer);
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
                || before.is_some_and(|before| !unary && spaced(before, (token.kind, text)));
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
    match (left, right) {
        (_, "," | ";" | ":" | "::" | "." | "?" | ".." | "..=" | ">" | "!") => false,
        ("{", _) | (_, "}" | "{") => true,
        ("::" | "." | "&" | "!" | "#", _) => false,
        ("<", _) | (_, "<") => false,
        ("," | ";" | ":" | "=" | "->" | "|" | "=>" | "+" | "@", _) => true,
        (_, "=" | "->" | "|" | "=>" | "+" | "@") => true,
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
