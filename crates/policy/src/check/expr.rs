//! Expressions: which rule checks which.

use syn::{Expr, UnOp};

use super::{Checker, Expected};
use crate::diagnostic::{Report, Span};
use crate::tree::{ExprId, ExprKind};
use crate::types::Type;

impl Checker<'_, '_> {
    /// Checks an expression whose value is used.
    pub(super) fn value(&mut self, syntax: &Expr, expected: &Expected) -> ExprId {
        let id = self.place(syntax, expected);
        self.consume(id);
        id
    }

    /// Checks an expression that may name a place without using its value.
    pub(super) fn place(&mut self, syntax: &Expr, expected: &Expected) -> ExprId {
        if let Some(attribute) = attributes(syntax).first() {
            let span = Span::around(attribute);
            self.refuse(span, "an attribute of an expression", "leave it out");
        }
        match syntax {
            Expr::Paren(inner) => {
                let span = Span::of(inner.paren_token.span.join());
                let id = self.place(&inner.expr, expected);
                self.widen(id, span);
                id
            }
            Expr::Group(inner) => self.place(&inner.expr, expected),
            Expr::Lit(literal) => self.literal(&literal.lit, expected),
            Expr::Path(path) => self.path(path, expected),
            Expr::Field(field) => self.field(field),
            Expr::Index(index) => self.index(index),
            Expr::Unary(unary) => self.unary(unary, expected),
            Expr::Binary(binary) => self.binary(binary),
            Expr::Cast(cast) => self.cast(cast),
            Expr::Assign(assign) => self.assign(assign),
            Expr::Block(block) => self.labelled_block(block, expected),
            Expr::If(conditional) => self.conditional(conditional, expected),
            Expr::Match(matching) => self.matching(matching, expected),
            Expr::Loop(repeat) => self.endless(repeat, expected),
            Expr::While(repeat) => self.while_loop(repeat),
            Expr::ForLoop(repeat) => self.for_loop(repeat),
            Expr::Break(jump) => self.break_out(jump),
            Expr::Continue(jump) => self.continue_on(jump),
            Expr::Return(back) => self.give_back(back),
            Expr::Try(attempt) => self.attempt(attempt),
            Expr::Call(call) => self.call(call, expected),
            Expr::MethodCall(call) => self.method_call(call),
            Expr::Struct(literal) => self.struct_literal(literal),
            Expr::Array(literal) => self.array_literal(literal, expected),
            Expr::Repeat(repeat) => self.repeat_literal(repeat, expected),
            Expr::Macro(invocation) => self.macro_call(&invocation.mac),
            Expr::Tuple(tuple) if tuple.elems.is_empty() => self.add(
                ExprKind::Unit,
                Type::Unit,
                Span::of(tuple.paren_token.span.join()),
            ),
            other => {
                let (construct, instead) = refused(other);
                self.refuse(Span::around(other), construct, instead)
            }
        }
    }

    /// Extends the stretch of an expression to the parentheses around it.
    pub(super) fn widen(&mut self, id: ExprId, span: Span) {
        if let Some(expr) = self.body.exprs.get_mut(id.0) {
            expr.span = span;
        }
    }

    fn unary(&mut self, unary: &syn::ExprUnary, expected: &Expected) -> ExprId {
        match &unary.op {
            UnOp::Neg(token) => {
                let inner = self.value(&unary.expr, expected);
                let span = Span::around(token).to(self.span(inner));
                let ty = self.operand_type(inner);
                if ty.is_integer() || ty == Type::Unknown {
                    return self.add(ExprKind::Negate(inner), ty, span);
                }
                let message = format!(
                    "cannot apply unary operator `-` to type `{}`",
                    self.shown(&ty)
                );
                self.fail(Report::error(span, message).code("E0600"), span)
            }
            UnOp::Not(token) => {
                let inner = self.value(&unary.expr, expected);
                let span = Span::around(token).to(self.span(inner));
                let ty = self.operand_type(inner);
                let fits = ty.is_integer() || matches!(ty, Type::Bool | Type::Unknown);
                if fits {
                    return self.add(ExprKind::Not(inner), ty, span);
                }
                let message = format!(
                    "cannot apply unary operator `!` to type `{}`",
                    self.shown(&ty)
                );
                self.fail(Report::error(span, message).code("E0600"), span)
            }
            UnOp::Deref(token) => {
                let inner = self.place(&unary.expr, &Expected::Anything);
                let span = Span::around(token).to(self.span(inner));
                match self.ty(inner) {
                    Type::Reference { to, .. } => {
                        self.add(ExprKind::Deref(inner), (*to).clone(), span)
                    }
                    Type::Unknown => self.unknown(span),
                    ty => {
                        let message = format!("type `{}` cannot be dereferenced", self.shown(&ty));
                        let report = Report::error(span, message).code("E0614");
                        let hint = "leave the `*` out; a power is `x.pow(n)`";
                        let hint = ty.is_integer().then(|| hint.to_string());
                        self.fail(report.maybe_hint(hint), span)
                    }
                }
            }
            other => self.refuse(Span::around(other), OTHER.0, OTHER.1),
        }
    }
}

/// The attributes of an expression of the kinds that are accepted.
fn attributes(syntax: &Expr) -> &[syn::Attribute] {
    match syntax {
        Expr::Paren(it) => &it.attrs,
        Expr::Lit(it) => &it.attrs,
        Expr::Path(it) => &it.attrs,
        Expr::Field(it) => &it.attrs,
        Expr::Index(it) => &it.attrs,
        Expr::Unary(it) => &it.attrs,
        Expr::Binary(it) => &it.attrs,
        Expr::Cast(it) => &it.attrs,
        Expr::Assign(it) => &it.attrs,
        Expr::Block(it) => &it.attrs,
        Expr::If(it) => &it.attrs,
        Expr::Match(it) => &it.attrs,
        Expr::Loop(it) => &it.attrs,
        Expr::While(it) => &it.attrs,
        Expr::ForLoop(it) => &it.attrs,
        Expr::Break(it) => &it.attrs,
        Expr::Continue(it) => &it.attrs,
        Expr::Return(it) => &it.attrs,
        Expr::Try(it) => &it.attrs,
        Expr::Call(it) => &it.attrs,
        Expr::MethodCall(it) => &it.attrs,
        Expr::Struct(it) => &it.attrs,
        Expr::Array(it) => &it.attrs,
        Expr::Repeat(it) => &it.attrs,
        Expr::Macro(it) => &it.attrs,
        Expr::Tuple(it) => &it.attrs,
        _ => &[],
    }
}

/// What nobody thought of, and what to write instead.
pub(super) const OTHER: (&str, &str) = (
    "this expression",
    "write it with operators, calls, `if` and `match`",
);

/// What an expression outside the subset is called, and what to write instead.
fn refused(syntax: &Expr) -> (&'static str, &'static str) {
    match syntax {
        Expr::Closure(_) => ("a closure", "write a function"),
        Expr::Reference(_) => (
            "a reference that is not an argument",
            "use the value itself, or lend it where a function takes a reference: `f(&mut x)`",
        ),
        Expr::Range(_) => (
            "a range here",
            "write `for i in a..b`, or compare: `a <= x && x < b`",
        ),
        Expr::Tuple(_) => ("a tuple", "declare a struct"),
        Expr::Unsafe(_) => ("an `unsafe` block", "leave `unsafe` out"),
        Expr::Async(_) | Expr::Await(_) => ("`async`", "system calls wait by themselves"),
        Expr::Let(_) => (
            "`let` here",
            "write it directly after `if`, `while` or `&&`",
        ),
        Expr::Const(_) => ("a `const` block", "declare a `const`"),
        _ => OTHER,
    }
}
