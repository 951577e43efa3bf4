//! Expressions with operators, by how strongly these bind.

use super::operators::{Infix, Strength};
use super::token::T;
use super::{
    Around, BinOp, Brackets, Expr, ExprAssign, ExprBinary, ExprCall, ExprCast, ExprField,
    ExprIndex, ExprMethodCall, ExprRange, ExprReference, ExprTry, ExprUnary, Ident, OtherExpr,
    Parser, Read, UnOp, Wanted,
};
use crate::diagnostic::Span;

impl<'s> Parser<'_, 's> {
    /// An expression.
    pub(crate) fn expr(&mut self) -> Read<Expr<'s>> {
        self.expr_with(true)
    }

    /// An expression, which may be a struct with its braces only if `structs`.
    pub(super) fn expr_with(&mut self, structs: bool) -> Read<Expr<'s>> {
        let first = self.unary(structs)?;
        self.operators(first, structs, Strength::Assign)
    }

    /// What stands between a `let` and the `&&` or `||` after it.
    pub(super) fn scrutinee(&mut self) -> Read<Expr<'s>> {
        let first = self.unary(false)?;
        self.operators(first, false, Strength::Compare)
    }

    /// The operators after `left` that bind as strongly as `least` or more so.
    pub(super) fn operators(
        &mut self,
        mut left: Expr<'s>,
        structs: bool,
        least: Strength,
    ) -> Read<Expr<'s>> {
        loop {
            // A range is the operand of nothing but brackets.
            let Some((infix, strength, tokens)) = self.infix() else {
                return Ok(left);
            };
            if strength < least || matches!(left, Expr::Range(_)) {
                return Ok(left);
            }
            let start = left.span();
            match infix {
                Infix::Cast => left = self.cast(left)?,
                Infix::Range => left = self.range(Some(left), structs)?,
                Infix::Assign => {
                    self.bump();
                    let right = self.operand(structs, strength)?;
                    let span = start.to(right.span());
                    left = Expr::Assign(Box::new(ExprAssign { left, right, span }));
                }
                Infix::Binary(op) => {
                    if strength == Strength::Compare && compares(&left) {
                        return self.unread(Wanted::NoChain);
                    }
                    let op_span = self.here();
                    self.at += tokens;
                    let op_span = self.since(op_span);
                    let right = self.operand(structs, strength)?;
                    let span = start.to(right.span());
                    left = Expr::Binary(Box::new(ExprBinary {
                        left,
                        op,
                        op_span,
                        right,
                        span,
                    }));
                }
            }
        }
    }

    /// The right operand of an operator, with all that binds more strongly.
    fn operand(&mut self, structs: bool, strength: Strength) -> Read<Expr<'s>> {
        let mut right = self.unary(structs)?;
        loop {
            let Some((_, next, _)) = self.infix() else {
                return Ok(right);
            };
            let assigns = next == strength && strength == Strength::Assign;
            if next < strength || next == strength && !assigns {
                return Ok(right);
            }
            let before = self.at;
            right = self.operators(right, structs, next)?;
            if self.at == before {
                return Ok(right);
            }
        }
    }

    fn cast(&mut self, expr: Expr<'s>) -> Read<Expr<'s>> {
        self.bump();
        let ty = self.ty()?;
        if matches!(self.kind(), T::Dot | T::Question | T::Bracket | T::Paren) {
            return self.unread(Wanted::NoCast);
        }
        let span = self.since(expr.span());
        Ok(Expr::Cast(Box::new(ExprCast { expr, ty, span })))
    }

    /// `..` or `..=`, which is next, and what stands after it.
    pub(super) fn range(&mut self, start: Option<Expr<'s>>, structs: bool) -> Read<Expr<'s>> {
        let closed = self.is(T::DotDotEq);
        let limits = self.bump();
        let bounded = closed || self.begins_expr() && (structs || !self.is(T::Brace));
        let end = match bounded {
            true => Some(self.operand(structs, Strength::Range)?),
            false => None,
        };
        let from = start.as_ref().map_or(limits, Around::span);
        Ok(Expr::Range(Box::new(ExprRange {
            start,
            closed,
            limits,
            end,
            span: self.since(from),
        })))
    }

    /// Whether an expression can begin with the next token.
    pub(super) fn begins_expr(&self) -> bool {
        matches!(
            self.kind(),
            T::Ident
                | T::Lifetime
                | T::Int
                | T::Float
                | T::Text
                | T::Char
                | T::True
                | T::False
                | T::Paren
                | T::Bracket
                | T::Brace
                | T::SelfValue
                | T::SelfType
                | T::Super
                | T::Crate
                | T::PathSep
                | T::Lt
                | T::Shl
                | T::Hash
                | T::Bang
                | T::Minus
                | T::Star
                | T::Amp
                | T::AmpAmp
                | T::Bar
                | T::BarBar
                | T::DotDot
                | T::DotDotEq
                | T::Async
                | T::Break
                | T::Const
                | T::Continue
                | T::For
                | T::If
                | T::Let
                | T::Loop
                | T::Match
                | T::Move
                | T::Return
                | T::Static
                | T::Unsafe
                | T::While
                | T::Underscore
        )
    }

    /// An operand with the operators before and after it.
    pub(super) fn unary(&mut self, structs: bool) -> Read<Expr<'s>> {
        let start = self.here();
        let op = match self.kind() {
            T::Amp | T::AmpAmp => return self.reference(structs, start),
            T::Hash | T::Doc => {
                let mut attributes = Vec::new();
                self.attributes(true, &mut attributes)?;
                // A `#` alone is none, and would be met again.
                let Some(first) = attributes.first() else {
                    return self.unread(Wanted::Expression);
                };
                let span = first.span;
                let inner = self.unary(structs)?;
                return Ok(Expr::Attributed(Box::new((span, inner))));
            }
            T::Minus => UnOp::Neg,
            T::Bang => UnOp::Not,
            T::Star => UnOp::Deref,
            _ => {
                let atom = self.atom(structs)?;
                return self.trailers(atom);
            }
        };
        let op_span = self.bump();
        let expr = self.unary(structs)?;
        let span = start.to(expr.span());
        Ok(Expr::Unary(Box::new(ExprUnary {
            op,
            op_span,
            expr,
            span,
        })))
    }

    fn reference(&mut self, structs: bool, start: Span) -> Read<Expr<'s>> {
        let twice = self.is(T::AmpAmp);
        let and = self.bump();
        let raw = self.is_word("raw")
            && (self.ahead(1) == T::Mut || self.ahead(1) == T::Const && self.ahead(2) != T::Brace);
        if raw {
            self.bump();
            self.bump();
            self.unary(structs)?;
            return Ok(Expr::Other(OtherExpr::Unnamed, self.since(start)));
        }
        let mutability = self.eat(T::Mut);
        let expr = self.unary(structs)?;
        let span = start.to(expr.span());
        let (inner_and, inner_span) = match twice {
            true => (and.tail(), span.tail()),
            false => (and, span),
        };
        let inner = Expr::Reference(Box::new(ExprReference {
            and: inner_and,
            mutability,
            expr,
            span: inner_span,
        }));
        if !twice {
            return Ok(inner);
        }
        Ok(Expr::Reference(Box::new(ExprReference {
            and,
            mutability: false,
            expr: inner,
            span,
        })))
    }

    /// Calls, fields, indices and `?`.
    pub(super) fn trailers(&mut self, mut expr: Expr<'s>) -> Read<Expr<'s>> {
        loop {
            let start = expr.span();
            expr = match self.kind() {
                T::Paren => {
                    let (parens, args) = self.arguments()?;
                    Expr::Call(Box::new(ExprCall {
                        func: expr,
                        parens,
                        args,
                        span: self.since(start),
                    }))
                }
                T::Bracket => {
                    let open = self.bump();
                    let index = self.expr()?;
                    let brackets = self.close(open)?;
                    Expr::Index(Box::new(ExprIndex {
                        expr,
                        index,
                        brackets,
                        span: self.since(start),
                    }))
                }
                T::Question => {
                    let question = self.bump();
                    Expr::Try(Box::new(ExprTry {
                        expr,
                        question,
                        span: self.since(start),
                    }))
                }
                // A range has no members without brackets around it.
                T::Dot if !matches!(expr, Expr::Range(_)) => self.member(expr, start)?,
                _ => return Ok(expr),
            };
        }
    }

    fn arguments(&mut self) -> Read<(Brackets, Vec<Expr<'s>>)> {
        let open = self.bump();
        let (args, _) = self.list(&mut Self::expr)?;
        Ok((self.close(open)?, args))
    }

    /// `.name`, `.name(…)`, `.0` and `.await`.
    fn member(&mut self, base: Expr<'s>, start: Span) -> Read<Expr<'s>> {
        self.bump();
        let member = match self.kind() {
            T::Await => {
                self.bump();
                return Ok(Expr::Other(OtherExpr::Async, self.since(start)));
            }
            T::Int if self.text().bytes().all(|byte| byte.is_ascii_digit()) => {
                let member = self.any_ident();
                return Ok(self.field(base, member, start));
            }
            _ => self.ident()?,
        };
        let turbofish = match self.is(T::PathSep) {
            true => {
                let from = self.bump();
                self.turbofish()?;
                Some(self.since(from))
            }
            false => None,
        };
        if !self.is(T::Paren) {
            return match turbofish {
                Some(_) => self.unread(Wanted::Parentheses),
                None => Ok(self.field(base, member, start)),
            };
        }
        let (parens, args) = self.arguments()?;
        Ok(Expr::MethodCall(Box::new(ExprMethodCall {
            receiver: base,
            method: member,
            turbofish,
            parens,
            args,
            span: self.since(start),
        })))
    }

    fn field(&self, base: Expr<'s>, member: Ident<'s>, start: Span) -> Expr<'s> {
        Expr::Field(Box::new(ExprField {
            base,
            member,
            span: self.since(start),
        }))
    }
}

/// Whether an expression is a comparison without parentheses around it.
fn compares(expr: &Expr<'_>) -> bool {
    use BinOp as B;
    matches!(expr, Expr::Binary(it)
        if matches!(it.op, B::Eq | B::Ne | B::Lt | B::Le | B::Gt | B::Ge))
}
