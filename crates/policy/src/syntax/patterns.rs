//! Patterns.

use super::token::T;
use super::types::begins_path;
use super::{
    Around, Expr, ExprLit, ExprPath, Lit, OtherExpr, Parser, Pat, PatIdent, PatRange,
    PatTupleStruct, Path, Read, Wanted,
};
use crate::diagnostic::Span;

impl<'s> Parser<'_, 's> {
    /// Patterns with `|` between them, and perhaps one before.
    pub(super) fn pattern(&mut self) -> Read<Pat<'s>> {
        let start = self.here();
        let leading = self.eat(T::Bar);
        let first = self.single_pattern()?;
        if !leading && !self.is(T::Bar) {
            return Ok(first);
        }
        let mut cases = vec![first];
        while self.eat(T::Bar) {
            cases.push(self.single_pattern()?);
        }
        Ok(Pat::Or(cases, self.since(start)))
    }

    /// A pattern without a `|` of its own.
    pub(super) fn single_pattern(&mut self) -> Read<Pat<'s>> {
        let start = self.here();
        match self.kind() {
            T::Underscore => Ok(Pat::Wild(self.bump())),
            T::Amp | T::AmpAmp => {
                let twice = self.is(T::AmpAmp);
                self.bump();
                self.eat(T::Mut);
                let inner = self.single_pattern()?;
                let span = self.since(start);
                Ok(match twice {
                    true => {
                        let inner = Pat::Reference(Box::new((inner, span.tail())));
                        Pat::Reference(Box::new((inner, span)))
                    }
                    false => Pat::Reference(Box::new((inner, span))),
                })
            }
            T::Paren => {
                self.bump();
                let (mut patterns, comma) = self.list(&mut Self::pattern)?;
                self.close(start)?;
                let span = self.since(start);
                let alone = patterns.len() == 1 && !comma;
                Ok(match patterns.pop() {
                    Some(only) if alone && !matches!(only, Pat::Rest(_)) => {
                        Pat::Paren(Box::new((only, span)))
                    }
                    last => {
                        patterns.extend(last);
                        Pat::Tuple(patterns, span)
                    }
                })
            }
            T::Bracket => {
                self.bump();
                let (patterns, _) = self.list(&mut Self::pattern)?;
                self.close(start)?;
                Ok(Pat::Slice(patterns, self.since(start)))
            }
            T::DotDot | T::DotDotEq => self.range_without_start(start),
            T::Int | T::Float | T::Text | T::Char | T::True | T::False | T::Minus => {
                self.literal_pattern(start)
            }
            T::Const if self.ahead(1) == T::Brace => {
                self.bump();
                self.block()?;
                Ok(Pat::Other(self.since(start)))
            }
            T::Ref | T::Mut => self.named_pattern(start),
            T::Ident | T::SelfValue if !self.goes_on_as_path() => self.named_pattern(start),
            T::Lt => {
                self.qualified_path(true)?;
                Ok(Pat::Other(self.since(start)))
            }
            kind if begins_path(kind) => self.path_pattern(start),
            _ => self.unread(Wanted::Pattern),
        }
    }

    /// Whether the token after a name makes it more than a name.
    fn goes_on_as_path(&self) -> bool {
        matches!(
            self.ahead(1),
            T::PathSep | T::Bang | T::Brace | T::Paren | T::DotDot | T::DotDotEq
        )
    }

    fn named_pattern(&mut self, start: Span) -> Read<Pat<'s>> {
        let by_ref = self.eat(T::Ref);
        let mutability = self.eat(T::Mut);
        let ident = match self.kind() {
            T::SelfValue => self.any_ident(),
            _ => self.ident()?,
        };
        let subpat = match self.eat(T::At) {
            true => Some(self.single_pattern()?),
            false => None,
        };
        Ok(Pat::Ident(Box::new(PatIdent {
            by_ref,
            mutability,
            ident,
            subpat,
            span: self.since(start),
        })))
    }

    fn path_pattern(&mut self, start: Span) -> Read<Pat<'s>> {
        let path = self.path(true)?;
        match self.kind() {
            T::Paren => {
                let open = self.bump();
                let (elems, _) = self.list(&mut Self::pattern)?;
                self.close(open)?;
                Ok(Pat::TupleStruct(Box::new(PatTupleStruct {
                    path,
                    elems,
                    span: self.since(start),
                })))
            }
            T::Brace => self.struct_pattern(start),
            T::Bang => {
                self.bump();
                if !matches!(self.kind(), T::Paren | T::Bracket | T::Brace) {
                    return self.unread(Wanted::Parentheses);
                }
                self.skip();
                Ok(Pat::Other(self.since(start)))
            }
            T::DotDot | T::DotDotEq => {
                let from = bound_path(path);
                self.range_after(start, Some(from))
            }
            _ => Ok(Pat::Path(Box::new(path))),
        }
    }

    fn struct_pattern(&mut self, start: Span) -> Read<Pat<'s>> {
        let open = self.bump();
        let mut fields = Vec::new();
        while !self.is_empty() {
            self.attributes(true, &mut Vec::new())?;
            if self.eat(T::DotDot) {
                break;
            }
            if matches!(self.kind(), T::Ident | T::Int) && self.ahead(1) == T::Colon {
                self.bump();
                self.bump();
                fields.push(self.pattern()?);
            } else {
                fields.push(self.named_pattern(self.here())?);
            }
            if !self.is_empty() {
                self.require(T::Comma, ",")?;
            }
        }
        self.close(open)?;
        Ok(Pat::Struct(fields, self.since(start)))
    }

    fn literal_pattern(&mut self, start: Span) -> Read<Pat<'s>> {
        let lit = self.signed_literal()?;
        let span = self.since(start);
        match self.kind() {
            T::DotDot | T::DotDotEq => {
                let from = Expr::Lit(Box::new(ExprLit { lit, span }));
                self.range_after(start, Some(from))
            }
            _ => Ok(Pat::Lit(lit, span)),
        }
    }

    /// A literal, perhaps after `-`.
    fn signed_literal(&mut self) -> Read<Lit<'s>> {
        let minus = self.eat(T::Minus);
        match (self.literal(), minus) {
            (Some(Lit::Int(text, _)), true) => Ok(Lit::Int(text, true)),
            (Some(Lit::Float), _) => Ok(Lit::Float),
            (Some(lit), false) => Ok(lit),
            _ => self.unread(Wanted::Pattern),
        }
    }

    fn range_without_start(&mut self, start: Span) -> Read<Pat<'s>> {
        if self.is(T::DotDot) && !self.begins_bound(1) {
            return Ok(Pat::Rest(self.bump()));
        }
        self.range_after(start, None)
    }

    fn begins_bound(&self, by: usize) -> bool {
        let kind = self.ahead(by);
        let literal = matches!(
            kind,
            T::Int | T::Float | T::Text | T::Char | T::True | T::False | T::Minus
        );
        literal || begins_path(kind) || kind == T::Lt || kind == T::Const
    }

    /// The `..` of a range and what stands after it.
    fn range_after(&mut self, start: Span, from: Option<Expr<'s>>) -> Read<Pat<'s>> {
        let closed = self.is(T::DotDotEq);
        self.bump();
        let end = match self.begins_bound(0) {
            true => Some(self.range_bound()?),
            false if closed => return self.unread(Wanted::Expression),
            false => None,
        };
        Ok(Pat::Range(Box::new(PatRange {
            start: from,
            closed,
            end,
            span: self.since(start),
        })))
    }

    fn range_bound(&mut self) -> Read<Expr<'s>> {
        let start = self.here();
        match self.kind() {
            T::Const => {
                self.bump();
                self.block()?;
                Ok(Expr::Other(OtherExpr::ConstBlock, self.since(start)))
            }
            T::Lt => {
                let path = self.qualified_path(true)?;
                let span = self.since(start);
                Ok(Expr::Path(Box::new(ExprPath {
                    qself: true,
                    path,
                    span,
                })))
            }
            kind if begins_path(kind) => Ok(bound_path(self.path(true)?)),
            _ => {
                let lit = self.signed_literal()?;
                let span = self.since(start);
                Ok(Expr::Lit(Box::new(ExprLit { lit, span })))
            }
        }
    }
}

fn bound_path(path: Path<'_>) -> Expr<'_> {
    let span = path.span();
    Expr::Path(Box::new(ExprPath {
        qself: false,
        path,
        span,
    }))
}
