//! Blocks, and what stands in them.

use super::token::T;
use super::types::begins_path;
use super::{
    Around, Attribute, Block, Expr, Local, LocalInit, OtherExpr, Parser, Read, Stmt, StmtMacro,
    Wanted,
};
use crate::diagnostic::Span;

use super::operators::Strength;

impl<'s> Parser<'_, 's> {
    /// `{ … }`
    pub(super) fn block(&mut self) -> Read<Block<'s>> {
        let mut inner = Vec::new();
        self.block_with(&mut inner)
    }

    /// `{ … }`, with the attributes of what is around it.
    pub(super) fn block_with(&mut self, inner: &mut Vec<Attribute<'s>>) -> Read<Block<'s>> {
        let open = self.open(T::Brace, Wanted::Braces)?;
        self.attributes(false, inner)?;
        let mut stmts = Vec::new();
        loop {
            while let Some(semi) = self.eaten(T::Semi) {
                stmts.push(Stmt::Empty(semi));
            }
            if self.is_empty() {
                break;
            }
            let (statement, ends) = self.statement()?;
            stmts.push(statement);
            if !ends && !self.is_empty() {
                return self.unread(Wanted::Sign(";"));
            }
        }
        let braces = self.close(open)?;
        Ok(Block { braces, stmts })
    }

    /// A statement, and whether it is complete without a `;`.
    fn statement(&mut self) -> Read<(Stmt<'s>, bool)> {
        let start = self.here();
        let begin = self.at;
        let mut attrs = Vec::new();
        self.attributes(true, &mut attrs)?;
        if self.is(T::Let) {
            return Ok((Stmt::Local(Box::new(self.local(attrs, start)?)), true));
        }
        if self.begins_item() {
            self.at = begin;
            return Ok((Stmt::Item(Box::new(self.item()?)), true));
        }
        let (expr, ends) = self.early_expr()?;
        let semi = self.eaten(T::Semi);
        let ends = ends || semi.is_some();
        let attribute = attrs.first().map(Around::span);
        Ok(match (expr, attribute) {
            (Expr::Macro(mac), _) if semi.is_some() || ends => {
                let attrs = attribute.is_some();
                (Stmt::Macro(StmtMacro { attrs, mac, semi }), true)
            }
            (expr, None) => (Stmt::Expr(expr, semi), ends),
            (expr, Some(span)) => {
                let expr = Expr::Attributed(Box::new((span, expr)));
                (Stmt::Expr(expr, semi), ends)
            }
        })
    }

    /// An expression that ends with its block, if it begins with one; and whether it does.
    pub(super) fn early_expr(&mut self) -> Read<(Expr<'s>, bool)> {
        let start = self.here();
        let block_like = match self.kind() {
            T::Brace => self.block_expr(None, start)?,
            T::If => self.conditional(start)?,
            T::Match => self.matching(start)?,
            T::Loop | T::While => self.repeated(None, start)?,
            T::For if self.ahead(1) != T::Lt => self.repeated(None, start)?,
            T::Lifetime => self.labelled(start)?,
            T::Unsafe | T::Const if self.ahead(1) == T::Brace => self.atom(true)?,
            kind if begins_path(kind) => return self.early_path(),
            _ => return self.expr().map(|expr| (expr, false)),
        };
        self.after_block(block_like)
    }

    /// An expression that begins with a name: a macro with braces ends with them.
    fn early_path(&mut self) -> Read<(Expr<'s>, bool)> {
        let atom = self.atom(true)?;
        let braced = matches!(&atom, Expr::Macro(it) if it.braced());
        if braced && !matches!(self.kind(), T::Dot | T::Question) {
            return Ok((atom, true));
        }
        let first = self.trailers(atom)?;
        let expr = self.operators(first, true, Strength::Assign)?;
        Ok((expr, false))
    }

    fn after_block(&mut self, block_like: Expr<'s>) -> Read<(Expr<'s>, bool)> {
        if !matches!(self.kind(), T::Dot | T::Question) {
            return Ok((block_like, true));
        }
        let first = self.trailers(block_like)?;
        let expr = self.operators(first, true, Strength::Assign)?;
        let ends = is_block_like(&expr);
        Ok((expr, ends))
    }

    fn local(&mut self, attrs: Vec<Attribute<'s>>, start: Span) -> Read<Local<'s>> {
        self.bump();
        let from = self.here();
        let pat = self.single_pattern()?;
        let ty = match self.eat(T::Colon) {
            true => Some(self.ty()?),
            false => None,
        };
        let head = self.since(from);
        let init = match self.kind() {
            T::Eq => {
                self.bump();
                Some(self.local_init()?)
            }
            T::EqEq => return self.unread(Wanted::Sign("=")),
            _ => None,
        };
        self.require(T::Semi, ";")?;
        Ok(Local {
            attrs,
            head,
            pat,
            ty,
            init,
            span: self.since(start),
        })
    }

    fn local_init(&mut self) -> Read<LocalInit<'s>> {
        let expr = self.expr()?;
        if !self.is(T::Else) || ends_with_brace(&expr) {
            return Ok(LocalInit {
                expr,
                diverge: None,
            });
        }
        self.bump();
        let start = self.here();
        let diverge = match self.is(T::Brace) {
            true => Some(self.block_expr(None, start)?),
            false => return self.unread(Wanted::Sign("{")),
        };
        Ok(LocalInit { expr, diverge })
    }
}

/// Whether an expression needs no `;` as a statement.
fn is_block_like(expr: &Expr<'_>) -> bool {
    match expr {
        Expr::Attributed(it) => is_block_like(&it.1),
        Expr::Block(_)
        | Expr::If(_)
        | Expr::Match(_)
        | Expr::Loop(_)
        | Expr::While(_)
        | Expr::ForLoop(_) => true,
        Expr::Other(which, _) => matches!(which, OtherExpr::Unsafe | OtherExpr::ConstBlock),
        _ => false,
    }
}

/// Whether an expression ends with a `}`: an `else` after it would not be that of a `let`.
fn ends_with_brace(expr: &Expr<'_>) -> bool {
    match expr {
        Expr::Attributed(it) => ends_with_brace(&it.1),
        Expr::Assign(it) => ends_with_brace(&it.right),
        Expr::Binary(it) => ends_with_brace(&it.right),
        Expr::Break(it) => it.expr.as_ref().is_some_and(ends_with_brace),
        Expr::Let(it) => ends_with_brace(&it.expr),
        Expr::Range(it) => it.end.as_ref().is_some_and(ends_with_brace),
        Expr::Reference(it) => ends_with_brace(&it.expr),
        Expr::Return(it) => it.expr.as_ref().is_some_and(ends_with_brace),
        Expr::Unary(it) => ends_with_brace(&it.expr),
        Expr::Macro(it) => it.braced(),
        Expr::Block(_)
        | Expr::If(_)
        | Expr::Match(_)
        | Expr::Loop(_)
        | Expr::While(_)
        | Expr::ForLoop(_)
        | Expr::Struct(_)
        | Expr::Other(..) => true,
        _ => false,
    }
}
