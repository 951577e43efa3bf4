//! Expressions: which rule checks which.

use crate::syntax;
use crate::syntax::{Expr, OtherExpr, UnOp};

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
        match syntax {
            Expr::Attributed(inner) => {
                self.refuse(inner.0, "an attribute of an expression", "leave it out");
                self.place(&inner.1, expected)
            }
            Expr::Paren(inner) => {
                let span = inner.span;
                let id = self.place(&inner.expr, expected);
                self.widen(id, span);
                id
            }
            Expr::Lit(literal) => self.literal(literal, expected),
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
            Expr::Macro(invocation) => self.macro_call(invocation),
            Expr::Tuple(tuple) if tuple.elems.is_empty() => {
                self.add(ExprKind::Unit, Type::Unit, tuple.span)
            }
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

    fn unary(&mut self, unary: &syntax::ExprUnary, expected: &Expected) -> ExprId {
        match unary.op {
            UnOp::Neg => {
                let inner = self.value(&unary.expr, expected);
                let span = unary.op_span.to(self.span(inner));
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
            UnOp::Not => {
                let inner = self.value(&unary.expr, expected);
                let span = unary.op_span.to(self.span(inner));
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
            UnOp::Deref => {
                let inner = self.place(&unary.expr, &Expected::Anything);
                let span = unary.op_span.to(self.span(inner));
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
        }
    }
}

/// What nobody thought of, and what to write instead.
pub(super) const OTHER: (&str, &str) = (
    "this expression",
    "write it with operators, calls, `if` and `match`",
);

/// What an expression outside the subset is called, and what to write instead.
fn refused(syntax: &Expr<'_>) -> (&'static str, &'static str) {
    match syntax {
        Expr::Other(OtherExpr::Closure, _) => ("a closure", "write a function"),
        Expr::Reference(_) => (
            "a reference that is not an argument",
            "use the value itself, or lend it where a function takes a reference: `f(&mut x)`",
        ),
        Expr::Range(_) => (
            "a range here",
            "write `for i in a..b`, or compare: `a <= x && x < b`",
        ),
        Expr::Tuple(_) => ("a tuple", "declare a struct"),
        Expr::Other(OtherExpr::Unsafe, _) => ("an `unsafe` block", "leave `unsafe` out"),
        Expr::Other(OtherExpr::Async, _) => ("`async`", "system calls wait by themselves"),
        Expr::Let(_) => (
            "`let` here",
            "write it directly after `if`, `while` or `&&`",
        ),
        Expr::Other(OtherExpr::ConstBlock, _) => ("a `const` block", "declare a `const`"),
        _ => OTHER,
    }
}
