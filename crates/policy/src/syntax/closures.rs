//! Closures, which no policy can have.

use super::token::T;
use super::{Expr, OtherExpr, Parser, Read};
use crate::diagnostic::Span;

impl<'s> Parser<'_, 's> {
    /// Whether a closure is next.
    pub(super) fn is_closure(&self) -> bool {
        let mut by = 0;
        if self.is(T::For) && self.ahead(1) == T::Lt {
            return true;
        }
        while matches!(self.ahead(by), T::Const | T::Static | T::Async | T::Move) {
            by += 1;
        }
        matches!(self.ahead(by), T::Bar | T::BarBar)
    }

    /// A closure, which is read and forgotten.
    pub(super) fn closure(&mut self, structs: bool, start: Span) -> Read<Expr<'s>> {
        if self.eat(T::For) {
            self.generic_parameters()?;
        }
        while matches!(self.kind(), T::Const | T::Static | T::Async | T::Move) {
            self.bump();
        }
        if !self.eat(T::BarBar) {
            self.require(T::Bar, "|")?;
            while !self.eat(T::Bar) {
                self.attributes(true, &mut Vec::new())?;
                self.single_pattern()?;
                if self.eat(T::Colon) {
                    self.ty()?;
                }
                if !self.is(T::Bar) {
                    self.require(T::Comma, ",")?;
                }
            }
        }
        match self.eat(T::Arrow) {
            true => {
                self.ty()?;
                self.block()?;
            }
            false => {
                self.expr_with(structs)?;
            }
        }
        Ok(Expr::Other(OtherExpr::Closure, self.since(start)))
    }
}
