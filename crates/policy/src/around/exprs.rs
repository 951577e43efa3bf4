//! Expressions and statements.

use proc_macro2::Span;
use syn::{Expr, Stmt};

use super::{Around, outer};

impl Around for Expr {
    fn first(&self) -> Option<Span> {
        match self {
            Expr::Array(it) => outer(&it.attrs).or(it.bracket_token.first()),
            Expr::Assign(it) => it.first(),
            Expr::Async(it) => outer(&it.attrs).or(it.async_token.first()),
            Expr::Await(it) => outer(&it.attrs).or_else(|| it.base.first()),
            Expr::Binary(it) => outer(&it.attrs).or_else(|| it.left.first()),
            Expr::Block(it) => outer(&it.attrs)
                .or_else(|| label(&it.label))
                .or(it.block.first()),
            Expr::Break(it) => outer(&it.attrs).or(it.break_token.first()),
            Expr::Call(it) => outer(&it.attrs).or_else(|| it.func.first()),
            Expr::Cast(it) => outer(&it.attrs).or_else(|| it.expr.first()),
            Expr::Closure(it) => outer(&it.attrs).or_else(|| closure(it)),
            Expr::Const(it) => outer(&it.attrs).or(it.const_token.first()),
            Expr::Continue(it) => outer(&it.attrs).or(it.continue_token.first()),
            Expr::Field(it) => outer(&it.attrs).or_else(|| it.base.first()),
            Expr::ForLoop(it) => outer(&it.attrs)
                .or_else(|| label(&it.label))
                .or(it.for_token.first()),
            Expr::Group(it) => outer(&it.attrs).or_else(|| it.expr.first()),
            Expr::If(it) => outer(&it.attrs).or(it.if_token.first()),
            Expr::Index(it) => outer(&it.attrs).or_else(|| it.expr.first()),
            Expr::Infer(it) => outer(&it.attrs).or(Some(it.underscore_token.span)),
            Expr::Let(it) => outer(&it.attrs).or(it.let_token.first()),
            Expr::Lit(it) => outer(&it.attrs).or_else(|| it.lit.first()),
            Expr::Loop(it) => outer(&it.attrs)
                .or_else(|| label(&it.label))
                .or(it.loop_token.first()),
            Expr::Macro(it) => outer(&it.attrs).or_else(|| it.mac.first()),
            _ => first_of_others(self),
        }
    }

    fn last(&self) -> Option<Span> {
        match self {
            Expr::Array(it) => it.bracket_token.last(),
            Expr::Assign(it) => it.last(),
            Expr::Async(it) => it.block.last(),
            Expr::Await(it) => Some(it.await_token.span),
            Expr::Binary(it) => it.right.last(),
            Expr::Block(it) => it.block.last(),
            Expr::Break(it) => jump(&it.expr, &it.label, &it.break_token),
            Expr::Call(it) => it.paren_token.last(),
            Expr::Cast(it) => it.ty.last(),
            Expr::Closure(it) => it.body.last(),
            Expr::Const(it) => it.block.last(),
            Expr::Continue(it) => jump(&None, &it.label, &it.continue_token),
            Expr::Field(it) => it.member.last(),
            Expr::ForLoop(it) => it.body.last(),
            Expr::Group(it) => it.expr.last(),
            Expr::If(it) => match &it.else_branch {
                Some((_, otherwise)) => otherwise.last(),
                None => it.then_branch.last(),
            },
            Expr::Index(it) => it.bracket_token.last(),
            Expr::Infer(it) => Some(it.underscore_token.span),
            Expr::Let(it) => it.expr.last(),
            Expr::Lit(it) => it.lit.last(),
            Expr::Loop(it) => it.body.last(),
            Expr::Macro(it) => it.mac.last(),
            _ => last_of_others(self),
        }
    }
}

fn first_of_others(syntax: &Expr) -> Option<Span> {
    match syntax {
        Expr::Match(it) => outer(&it.attrs).or(it.match_token.first()),
        Expr::MethodCall(it) => outer(&it.attrs).or_else(|| it.receiver.first()),
        Expr::Paren(it) => outer(&it.attrs).or(it.paren_token.first()),
        Expr::Path(it) => outer(&it.attrs).or_else(|| super::types::begin(&it.qself, &it.path)),
        Expr::Range(it) => outer(&it.attrs)
            .or_else(|| it.start.first())
            .or_else(|| it.limits.first()),
        Expr::RawAddr(it) => outer(&it.attrs).or(it.and_token.first()),
        Expr::Reference(it) => it.first(),
        Expr::Repeat(it) => outer(&it.attrs).or(it.bracket_token.first()),
        Expr::Return(it) => outer(&it.attrs).or(it.return_token.first()),
        Expr::Struct(it) => outer(&it.attrs).or_else(|| super::types::begin(&it.qself, &it.path)),
        Expr::Try(it) => outer(&it.attrs).or_else(|| it.expr.first()),
        Expr::TryBlock(it) => outer(&it.attrs).or(it.try_token.first()),
        Expr::Tuple(it) => outer(&it.attrs).or(it.paren_token.first()),
        Expr::Unary(it) => outer(&it.attrs).or_else(|| it.op.first()),
        Expr::Unsafe(it) => outer(&it.attrs).or(it.unsafe_token.first()),
        Expr::Verbatim(it) => it.first(),
        Expr::While(it) => outer(&it.attrs)
            .or_else(|| label(&it.label))
            .or(it.while_token.first()),
        Expr::Yield(it) => outer(&it.attrs).or(it.yield_token.first()),
        _ => None,
    }
}

fn last_of_others(syntax: &Expr) -> Option<Span> {
    match syntax {
        Expr::Match(it) => it.brace_token.last(),
        Expr::MethodCall(it) => it.paren_token.last(),
        Expr::Paren(it) => it.paren_token.last(),
        Expr::Path(it) => it.path.last(),
        Expr::Range(it) => it.end.last().or_else(|| it.limits.last()),
        Expr::RawAddr(it) => it.expr.last(),
        Expr::Reference(it) => it.last(),
        Expr::Repeat(it) => it.bracket_token.last(),
        Expr::Return(it) => jump(&it.expr, &None, &it.return_token),
        Expr::Struct(it) => it.brace_token.last(),
        Expr::Try(it) => it.question_token.last(),
        Expr::TryBlock(it) => it.block.last(),
        Expr::Tuple(it) => it.paren_token.last(),
        Expr::Unary(it) => it.expr.last(),
        Expr::Unsafe(it) => it.block.last(),
        Expr::Verbatim(it) => it.last(),
        Expr::While(it) => it.body.last(),
        Expr::Yield(it) => jump(&it.expr, &None, &it.yield_token),
        _ => None,
    }
}

fn label(label: &Option<syn::Label>) -> Option<Span> {
    label.as_ref()?.name.first()
}

fn closure(it: &syn::ExprClosure) -> Option<Span> {
    let lifetimes = it.lifetimes.as_ref().map(|it| it.for_token.span);
    lifetimes
        .or(it.constness.first())
        .or(it.movability.first())
        .or(it.asyncness.first())
        .or(it.capture.first())
        .or(it.or1_token.first())
}

/// The end of `break` and its like.
fn jump(
    value: &Option<Box<Expr>>,
    label: &Option<syn::Lifetime>,
    word: &dyn Around,
) -> Option<Span> {
    value
        .last()
        .or_else(|| label.last())
        .or_else(|| word.last())
}

impl Around for syn::ExprAssign {
    fn first(&self) -> Option<Span> {
        outer(&self.attrs).or_else(|| self.left.first())
    }

    fn last(&self) -> Option<Span> {
        self.right.last()
    }
}

impl Around for syn::ExprReference {
    fn first(&self) -> Option<Span> {
        outer(&self.attrs).or(self.and_token.first())
    }

    fn last(&self) -> Option<Span> {
        self.expr.last()
    }
}

impl Around for syn::Block {
    fn first(&self) -> Option<Span> {
        self.brace_token.first()
    }

    fn last(&self) -> Option<Span> {
        self.brace_token.last()
    }
}

impl Around for Stmt {
    fn first(&self) -> Option<Span> {
        match self {
            Stmt::Local(it) => outer(&it.attrs).or(it.let_token.first()),
            Stmt::Item(it) => it.first(),
            Stmt::Expr(it, _) => it.first(),
            Stmt::Macro(it) => outer(&it.attrs).or_else(|| it.mac.first()),
        }
    }

    fn last(&self) -> Option<Span> {
        match self {
            Stmt::Local(it) => it.semi_token.last(),
            Stmt::Item(it) => it.last(),
            Stmt::Expr(it, semicolon) => semicolon.last().or_else(|| it.last()),
            Stmt::Macro(it) => it.semi_token.last().or_else(|| it.mac.last()),
        }
    }
}
