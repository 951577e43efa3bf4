//! Expressions without an operator of their own.

use super::token::T;
use super::types::begins_path;
use super::{
    Arm, Around, Expr, ExprArray, ExprBlock, ExprBreak, ExprContinue, ExprForLoop, ExprIf, ExprLet,
    ExprLit, ExprLoop, ExprMatch, ExprParen, ExprPath, ExprRepeat, ExprReturn, ExprStruct,
    ExprTuple, ExprWhile, FieldValue, Lifetime, OtherExpr, Parser, Path, Read, Wanted,
};
use crate::diagnostic::Span;

impl<'s> Parser<'_, 's> {
    pub(super) fn atom(&mut self, structs: bool) -> Read<Expr<'s>> {
        let start = self.here();
        match self.kind() {
            T::Paren => self.parenthesized(start),
            T::Bracket => self.array(start),
            T::Brace => self.block_expr(None, start),
            T::Lifetime => self.labelled(start),
            T::If => self.conditional(start),
            T::Match => self.matching(start),
            T::Loop | T::While | T::For if !self.is_closure() => self.repeated(None, start),
            T::Break => self.break_expr(structs, start),
            T::Continue => {
                let word = self.bump();
                let label = self.lifetime();
                let span = self.since(start);
                Ok(Expr::Continue(Box::new(ExprContinue { word, label, span })))
            }
            T::Return => {
                let word = self.bump();
                let expr = self.value_after()?;
                let span = self.since(start);
                Ok(Expr::Return(Box::new(ExprReturn { word, expr, span })))
            }
            T::Let => {
                let word = self.bump();
                let pat = self.pattern()?;
                self.require(T::Eq, "=")?;
                let expr = self.scrutinee()?;
                let span = self.since(start);
                Ok(Expr::Let(Box::new(ExprLet {
                    word,
                    pat,
                    expr,
                    span,
                })))
            }
            T::DotDot | T::DotDotEq => self.range(None, structs),
            T::Underscore => Ok(Expr::Infer(self.bump())),
            T::Lt => {
                let path = self.qualified_path(true)?;
                let span = self.since(start);
                Ok(Expr::Path(Box::new(ExprPath {
                    qself: true,
                    path,
                    span,
                })))
            }
            T::Unsafe => self.worded_block(OtherExpr::Unsafe, start),
            T::Const if !self.is_closure() => self.worded_block(OtherExpr::ConstBlock, start),
            T::Async if !self.is_closure() => self.worded_block(OtherExpr::Async, start),
            kind if begins_path(kind) => self.path_expr(structs, start),
            _ if self.is_closure() => self.closure(structs, start),
            _ => match self.literal() {
                Some(lit) => Ok(Expr::Lit(Box::new(ExprLit { lit, span: start }))),
                None => self.unread(Wanted::Expression),
            },
        }
    }

    /// `unsafe { … }` and its like.
    fn worded_block(&mut self, which: OtherExpr, start: Span) -> Read<Expr<'s>> {
        self.bump();
        if which == OtherExpr::Async {
            self.eat(T::Move);
        }
        self.block()?;
        Ok(Expr::Other(which, self.since(start)))
    }

    /// The value of `return` or `break`, if there is one.
    fn value_after(&mut self) -> Read<Option<Expr<'s>>> {
        match self.begins_expr() {
            true => self.expr().map(Some),
            false => Ok(None),
        }
    }

    fn break_expr(&mut self, structs: bool, start: Span) -> Read<Expr<'s>> {
        let word = self.bump();
        let label = match self.ahead(1) {
            // A loop with a label as the value: it needs parentheses.
            T::Colon if self.is(T::Lifetime) => return self.unread(Wanted::Parentheses),
            _ => self.lifetime(),
        };
        let expr = match structs || !self.is(T::Brace) {
            true => self.value_after()?,
            false => None,
        };
        let span = self.since(start);
        Ok(Expr::Break(Box::new(ExprBreak {
            word,
            label,
            expr,
            span,
        })))
    }

    fn parenthesized(&mut self, start: Span) -> Read<Expr<'s>> {
        self.bump();
        let (mut elems, comma) = self.list(&mut Self::expr)?;
        self.close(start)?;
        let span = self.since(start);
        Ok(match elems.pop() {
            Some(expr) if elems.is_empty() && !comma => {
                Expr::Paren(Box::new(ExprParen { expr, span }))
            }
            last => {
                elems.extend(last);
                Expr::Tuple(Box::new(ExprTuple { elems, span }))
            }
        })
    }

    fn array(&mut self, start: Span) -> Read<Expr<'s>> {
        self.bump();
        let mut elems = Vec::new();
        while !self.is_empty() {
            elems.push(self.expr()?);
            if elems.len() == 1 && self.eat(T::Semi) {
                let len = self.expr()?;
                self.close(start)?;
                let span = self.since(start);
                return Ok(match elems.pop() {
                    Some(expr) => Expr::Repeat(Box::new(ExprRepeat { expr, len, span })),
                    None => len,
                });
            }
            if !self.is_empty() {
                self.require(T::Comma, ",")?;
            }
        }
        self.close(start)?;
        let span = self.since(start);
        Ok(Expr::Array(Box::new(ExprArray { elems, span })))
    }

    /// `'label: loop { … }` and its like.
    pub(super) fn labelled(&mut self, start: Span) -> Read<Expr<'s>> {
        let label = self.lifetime();
        self.require(T::Colon, ":")?;
        match self.kind() {
            T::Loop | T::While | T::For => self.repeated(label, start),
            T::Brace => self.block_expr(label, start),
            _ => self.unread(Wanted::Expression),
        }
    }

    pub(super) fn block_expr(
        &mut self,
        label: Option<Lifetime<'s>>,
        start: Span,
    ) -> Read<Expr<'s>> {
        let mut inner = Vec::new();
        let block = self.block_with(&mut inner)?;
        let span = self.since(start);
        let block = Expr::Block(Box::new(ExprBlock { label, block, span }));
        Ok(match inner.first() {
            Some(attribute) => Expr::Attributed(Box::new((attribute.span(), block))),
            None => block,
        })
    }

    pub(super) fn repeated(&mut self, label: Option<Lifetime<'s>>, start: Span) -> Read<Expr<'s>> {
        let kind = self.kind();
        let word = self.bump();
        Ok(match kind {
            T::Loop => {
                let body = self.block()?;
                let span = self.since(start);
                Expr::Loop(Box::new(ExprLoop {
                    label,
                    word,
                    body,
                    span,
                }))
            }
            T::While => {
                let cond = self.expr_with(false)?;
                let body = self.block()?;
                let span = self.since(start);
                Expr::While(Box::new(ExprWhile {
                    label,
                    word,
                    cond,
                    body,
                    span,
                }))
            }
            _ => {
                let pat = self.pattern()?;
                self.require(T::In, "in")?;
                let expr = self.expr_with(false)?;
                let body = self.block()?;
                let span = self.since(start);
                Expr::ForLoop(Box::new(ExprForLoop {
                    label,
                    word,
                    pat,
                    expr,
                    body,
                    span,
                }))
            }
        })
    }

    pub(super) fn conditional(&mut self, start: Span) -> Read<Expr<'s>> {
        let word = self.bump();
        let cond = self.expr_with(false)?;
        let then_branch = self.block()?;
        let else_branch = match self.eat(T::Else) {
            false => None,
            true => {
                let start = self.here();
                Some(match self.kind() {
                    T::If => self.conditional(start)?,
                    T::Brace => self.block_expr(None, start)?,
                    _ => return self.unread(Wanted::Sign("{` or `if")),
                })
            }
        };
        let span = self.since(start);
        Ok(Expr::If(Box::new(ExprIf {
            word,
            cond,
            then_branch,
            else_branch,
            span,
        })))
    }

    pub(super) fn matching(&mut self, start: Span) -> Read<Expr<'s>> {
        let word = self.bump();
        let expr = self.expr_with(false)?;
        let open = self.open(T::Brace, Wanted::Braces)?;
        let mut inner = Vec::new();
        self.attributes(false, &mut inner)?;
        let mut arms = Vec::new();
        while !self.is_empty() {
            arms.push(self.arm()?);
        }
        let braces = self.close(open)?;
        let span = self.since(start);
        let matching = Expr::Match(Box::new(ExprMatch {
            word,
            expr,
            braces,
            arms,
            span,
        }));
        Ok(match inner.first() {
            Some(attribute) => Expr::Attributed(Box::new((attribute.span(), matching))),
            None => matching,
        })
    }

    fn arm(&mut self) -> Read<Arm<'s>> {
        let start = self.here();
        let mut attrs = Vec::new();
        self.attributes(true, &mut attrs)?;
        let pat = self.pattern()?;
        let guard = match self.eat(T::If) {
            true => Some(self.expr()?),
            false => None,
        };
        self.require(T::FatArrow, "=>")?;
        let (body, ends) = self.early_expr()?;
        let span = self.since(start);
        if !self.eat(T::Comma) && !ends && !self.is_empty() {
            return self.unread(Wanted::Sign(","));
        }
        Ok(Arm {
            attrs,
            pat,
            guard,
            body,
            span,
        })
    }

    /// A path, a macro or a struct.
    fn path_expr(&mut self, structs: bool, start: Span) -> Read<Expr<'s>> {
        let path = self.path(true)?;
        let plain = || path.segments().all(|segment| segment.arguments.is_none());
        if self.is(T::Bang) && plain() {
            return self.invocation(path).map(|it| Expr::Macro(Box::new(it)));
        }
        if structs && self.is(T::Brace) {
            return self.struct_expr(path, start);
        }
        let span = self.since(start);
        Ok(Expr::Path(Box::new(ExprPath {
            qself: false,
            path,
            span,
        })))
    }

    fn struct_expr(&mut self, path: Path<'s>, start: Span) -> Read<Expr<'s>> {
        let open = self.bump();
        let mut fields = Vec::new();
        let (mut dots, mut rest) = (false, None);
        while !self.is_empty() {
            if self.eat(T::DotDot) {
                dots = true;
                if !self.is_empty() {
                    rest = Some(self.expr()?);
                }
                break;
            }
            fields.push(self.field_value()?);
            if !self.is_empty() {
                self.require(T::Comma, ",")?;
            }
        }
        let braces = self.close(open)?;
        let span = self.since(start);
        Ok(Expr::Struct(Box::new(ExprStruct {
            path,
            braces,
            fields,
            dots,
            rest,
            span,
        })))
    }

    fn field_value(&mut self) -> Read<FieldValue<'s>> {
        let start = self.here();
        let mut attrs = Vec::new();
        self.attributes(true, &mut attrs)?;
        let number = self.is(T::Int) && self.text().bytes().all(|byte| byte.is_ascii_digit());
        let member = match number {
            true => self.any_ident(),
            false => self.ident()?,
        };
        let colon = self.is(T::Colon);
        let expr = match colon || number {
            true => {
                self.require(T::Colon, ":")?;
                self.expr()?
            }
            false => Expr::Path(Box::new(ExprPath {
                qself: false,
                path: Path::alone(member),
                span: member.span,
            })),
        };
        Ok(FieldValue {
            attrs,
            member,
            colon,
            expr,
            span: self.since(start),
        })
    }
}
