//! The words around a place of a source.

use std::ops::Range;

use crate::text::{Kind, Token, tokens};

/// A source and a place in it.
pub(super) struct Cursor<'s> {
    pub(super) source: &'s str,
    /// Without comments.
    pub(super) tokens: Vec<Token>,
    /// The word under the place, or the one that was begun there; empty if there is none.
    pub(super) word: Range<usize>,
    /// How many tokens lie before the word.
    pub(super) before: usize,
    /// The place lies in a comment or text.
    pub(super) in_text: bool,
}

/// A function around a place.
pub(super) struct Around<'s> {
    pub(super) name: &'s str,
    /// The type whose `impl` it is in.
    pub(super) owner: Option<&'s str>,
    /// The number of its `fn` among the tokens.
    pub(super) start: usize,
}

impl<'s> Cursor<'s> {
    pub(super) fn new(source: &'s str, offset: usize) -> Cursor<'s> {
        let mut offset = offset.min(source.len());
        while !source.is_char_boundary(offset) {
            offset = offset.saturating_sub(1);
        }
        let mut tokens = tokens(source);
        let inside = |token: &Token| token.range.start < offset && offset < token.range.end;
        let in_text = tokens.iter().any(|token| match token.kind {
            Kind::Comment | Kind::DocComment => {
                token.range.start < offset && offset <= token.range.end
            }
            Kind::Text | Kind::Character => inside(token),
            _ => false,
        });
        tokens.retain(|token| !token.is_comment());
        let touches = |token: &&Token| {
            token.kind == Kind::Word && token.range.start <= offset && offset <= token.range.end
        };
        let word = tokens.iter().find(touches);
        let word = word.map_or(offset..offset, |token| token.range.clone());
        let before = tokens.partition_point(|token| token.range.start < word.start);
        Cursor {
            source,
            tokens,
            word,
            before,
            in_text,
        }
    }

    /// The token of that number as it is written; empty if there is none.
    pub(super) fn text(&self, index: usize) -> &'s str {
        let token = self.tokens.get(index);
        token.map_or("", |token| token.text(self.source))
    }

    pub(super) fn kind(&self, index: usize) -> Option<Kind> {
        self.tokens.get(index).map(|token| token.kind)
    }

    /// The token so many before the word.
    pub(super) fn back(&self, by: usize) -> &'s str {
        match self.before.checked_sub(by) {
            Some(index) if by > 0 => self.text(index),
            _ => "",
        }
    }

    /// The word so far.
    pub(super) fn written(&self) -> &'s str {
        self.source.get(self.word.clone()).unwrap_or_default()
    }

    /// The function that the place is in the body or signature of.
    pub(super) fn function(&self) -> Option<Around<'s>> {
        let before = 0..self.before;
        let start = before
            .rev()
            .find(|index| self.text(*index) == "fn" && self.kind(index + 1) == Some(Kind::Word))?;
        // A block that is closed since then was its body; an open one is what the place is in.
        let mut depth = 0i32;
        let mut opened = false;
        for index in start..self.before {
            match self.text(index) {
                "{" => (depth, opened) = (depth + 1, true),
                "}" => depth -= 1,
                _ => {}
            }
            if opened && depth <= 0 {
                return None;
            }
        }
        let owner = self.owner(start);
        Some(Around {
            name: self.text(start + 1),
            owner,
            start,
        })
    }

    /// The type of the `impl` around a token.
    pub(super) fn owner(&self, start: usize) -> Option<&'s str> {
        let mut depth = 0i32;
        for index in (0..start).rev() {
            match self.text(index) {
                "}" => depth -= 1,
                "{" => depth += 1,
                "impl" if depth == 1 => {
                    let head = (index..start).take_while(|at| self.text(*at) != "{");
                    let words = head.filter(|at| self.kind(*at) == Some(Kind::Word));
                    return words.last().map(|at| self.text(at));
                }
                _ => {}
            }
        }
        None
    }

    /// The number of the bracket that opens what is around a token, if one is open.
    pub(super) fn opener(&self, before: usize) -> Option<usize> {
        let mut depth = 0usize;
        for index in (0..before).rev() {
            match self.kind(index) {
                Some(Kind::Close) => depth += 1,
                Some(Kind::Open) if depth == 0 => return Some(index),
                Some(Kind::Open) => depth -= 1,
                _ => {}
            }
        }
        None
    }

    /// The comments `///` that stand directly before a token, as text.
    pub(super) fn documentation(&self, index: usize) -> String {
        let Some(start) = self.tokens.get(index).map(|token| token.range.start) else {
            return String::new();
        };
        let before = self.source.get(..start).unwrap_or_default();
        // The line itself holds what stands before the name: `pub const fn`.
        let lines = before
            .lines()
            .rev()
            .skip(usize::from(!before.ends_with('\n')));
        let mut found: Vec<&str> = lines
            .map(str::trim)
            .take_while(|line| line.starts_with("///") || line.starts_with("#["))
            .filter_map(|line| line.strip_prefix("///"))
            .map(str::trim)
            .collect();
        found.reverse();
        found.join("\n")
    }

    /// The number of the token where `keyword name` is declared, that of the name.
    pub(super) fn declaration(
        &self,
        keyword: &str,
        name: &str,
        owner: Option<&str>,
    ) -> Option<usize> {
        (1..self.tokens.len()).find(|index| {
            self.text(*index) == name
                && self.text(index - 1) == keyword
                && self.owner(*index) == owner
        })
    }
}
