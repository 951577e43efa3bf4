//! Macros, and what stands in those that the compiler knows.

use super::token::T;
use super::{Expr, ExprLit, Invoked, Lit, Macro, Parser, Path, Read, StrLit, Unread, Wanted};

/// The macros that take so many values before a text.
const CLAIMS: &[(&str, usize)] = &[
    ("log", 0),
    ("panic", 0),
    ("unreachable", 0),
    ("todo", 0),
    ("unimplemented", 0),
    ("assert", 1),
    ("debug_assert", 1),
    ("assert_eq", 2),
    ("assert_ne", 2),
    ("debug_assert_eq", 2),
    ("debug_assert_ne", 2),
];

impl Macro<'_> {
    /// Whether it is written with braces.
    pub(crate) fn braced(&self) -> bool {
        self.braces
    }
}

impl<'s> Parser<'_, 's> {
    /// `!(…)` after the name of a macro.
    pub(super) fn invocation(&mut self, path: Path<'s>) -> Read<Macro<'s>> {
        self.bump();
        let kind = self.kind();
        if !matches!(kind, T::Paren | T::Bracket | T::Brace) {
            return self.unread(Wanted::Parentheses);
        }
        let start = self.at;
        let end = self.partner(start);
        let mut inner = self.within(start + 1, end);
        let text = self.written(start + 1, end);
        let body = match inner.body(&path) {
            Ok(body) => body,
            Err(unread) => self.wrong(unread),
        };
        let open = self.here();
        self.at = end;
        let brackets = self.close(open)?;
        let span = path.span.to(brackets.close);
        Ok(Macro {
            path,
            brackets,
            parens: kind == T::Paren,
            braces: kind == T::Brace,
            text,
            body,
            span,
        })
    }

    /// The source from one token up to before another.
    fn written(&self, first: usize, end: usize) -> &'s str {
        let start = self.tokens.get(first).map_or(0, |token| token.start);
        let last = end.checked_sub(1).and_then(|last| self.tokens.get(last));
        let stop = last.map_or(0, |token| token.end);
        self.source.get(start..stop).unwrap_or_default()
    }

    fn wrong(&self, unread: Unread) -> Invoked<'s> {
        let place = self.within(unread.at, self.tokens.len()).here();
        Invoked::Wrong(place, unread.wanted.said())
    }

    fn body(&mut self, path: &Path<'s>) -> Read<Invoked<'s>> {
        let Some(name) = path.get_ident() else {
            return Ok(Invoked::Unknown);
        };
        if *name == "matches" {
            return self.matches();
        }
        let known = CLAIMS.iter().find(|(known, _)| *name == *known);
        match known {
            Some(("log", _)) if self.is_empty() => self.unread(Wanted::Text),
            Some((_, wanted)) => self.claim(*wanted),
            None => Ok(Invoked::Unknown),
        }
    }

    /// Conditions or values, then perhaps a text and values for it.
    fn claim(&mut self, wanted: usize) -> Read<Invoked<'s>> {
        let mut arguments = Vec::new();
        let mut comma = false;
        while arguments.len() < wanted {
            arguments.push(self.expr()?);
            comma = self.comma()?;
        }
        let mut text = None;
        if !self.is_empty() {
            let written = self.string()?;
            let (lit, span) = (Lit::Text(written.text), written.span);
            arguments.push(Expr::Lit(Box::new(ExprLit { lit, span })));
            text = Some(written);
            comma = self.comma()?;
            if !self.is_empty() {
                let (mut rest, last) = self.list(&mut Self::expr)?;
                arguments.append(&mut rest);
                comma = last;
            }
        }
        self.finish(Invoked::Claim {
            arguments,
            wanted,
            text,
            comma,
        })
    }

    /// A comma, unless nothing follows.
    fn comma(&mut self) -> Read<bool> {
        if self.is_empty() {
            return Ok(false);
        }
        self.require(T::Comma, ",").map(|_| true)
    }

    fn string(&mut self) -> Read<StrLit<'s>> {
        let plain = self.text().starts_with(['"', 'r']);
        if !self.is(T::Text) || !plain {
            return self.unread(Wanted::Text);
        }
        let suffix = matches!(self.ahead(1), T::Ident) && self.joint(0);
        let text = self.text();
        let span = self.bump();
        if suffix {
            self.bump();
        }
        Ok(StrLit { text, suffix, span })
    }

    fn matches(&mut self) -> Read<Invoked<'s>> {
        // rustfmt lays it out as a call, if its pattern reads as a value.
        let mut call = self.clone();
        let arguments = call.list(&mut Self::expr).ok();
        let arguments = arguments.filter(|_| call.is_empty());
        let value = self.expr()?;
        self.require(T::Comma, ",")?;
        let pattern = self.pattern()?;
        let guard = match self.eat(T::If) {
            true => Some(self.expr()?),
            false => None,
        };
        self.eat(T::Comma);
        self.finish(Invoked::Matches {
            value,
            pattern,
            guard,
            arguments,
        })
    }
}
