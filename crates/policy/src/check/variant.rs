//! Methods of `Option`, `Result` and arrays.

use std::rc::Rc;

use crate::syntax::{self, Expr, Lit};

use super::Checker;
use super::place::is_place;
use crate::diagnostic::{Report, Span};
use crate::tree::{ExprId, ExprKind, Intrinsic};
use crate::types::Type;

impl Checker<'_, '_> {
    pub(super) fn variant_method(
        &mut self,
        receiver: ExprId,
        ty: &Type,
        name: &str,
        syntax: &[&Expr],
        (at, span): (Span, Span),
    ) -> Option<ExprId> {
        if matches!(name, "unwrap" | "expect") {
            return self.unwrapping(receiver, ty, name, syntax, (at, span));
        }
        if name == "unwrap_or_default" {
            return self.unwrapping_or_default(receiver, ty, syntax, span);
        }
        let (intrinsic, argument, result) = match (ty, name) {
            (Type::Option(_), "is_some") | (Type::Result(..), "is_err") => {
                (Intrinsic::Tag, None, Type::Bool)
            }
            (Type::Option(_), "is_none") | (Type::Result(..), "is_ok") => {
                (Intrinsic::NoTag, None, Type::Bool)
            }
            (Type::Option(value), "unwrap_or") => (
                Intrinsic::SomeOr,
                Some((**value).clone()),
                (**value).clone(),
            ),
            (Type::Result(value, _), "unwrap_or") => {
                (Intrinsic::OkOr, Some((**value).clone()), (**value).clone())
            }
            (Type::Result(value, _), "ok") => {
                (Intrinsic::Ok, None, Type::option((**value).clone()))
            }
            (Type::Option(value), "ok_or") => {
                let error = self.inference.fresh();
                let result = Type::result((**value).clone(), error.clone());
                (Intrinsic::SomeOrErr, Some(error), result)
            }
            _ => return None,
        };
        self.count(name, usize::from(argument.is_some()), syntax, span)?;
        let consumes = !matches!(intrinsic, Intrinsic::Tag | Intrinsic::NoTag);
        if consumes {
            self.consume(receiver);
        }
        if self.in_const && consumes {
            self.not_const(name, span);
        }
        let mut arguments = vec![receiver];
        if let (Some(ty), Some(value)) = (&argument, syntax.first()) {
            arguments.push(self.coerced(value, ty));
        }
        if arguments.len() != 1 + usize::from(argument.is_some()) {
            return Some(self.add(ExprKind::Unknown, result, span));
        }
        let kind = ExprKind::Intrinsic {
            intrinsic,
            arguments,
        };
        Some(self.add(kind, result, span))
    }

    /// `unwrap_or_default()`: an `unwrap_or` of zero, `false` or `None`.
    fn unwrapping_or_default(
        &mut self,
        receiver: ExprId,
        ty: &Type,
        syntax: &[&Expr],
        span: Span,
    ) -> Option<ExprId> {
        let name = "unwrap_or_default";
        let (intrinsic, payload) = match ty {
            Type::Option(value) => (Intrinsic::SomeOr, value),
            Type::Result(value, _) => (Intrinsic::OkOr, value),
            _ => return None,
        };
        self.count(name, 0, syntax, span)?;
        self.consume(receiver);
        if self.in_const {
            self.not_const(name, span);
        }
        let payload = self.inference.head(payload);
        let default = match &payload {
            Type::Integer(_) | Type::IntegerVariable(_) | Type::Bool => ExprKind::Literal(0),
            Type::Unit => ExprKind::Unit,
            Type::Option(_) => ExprKind::Variant {
                index: 0,
                payload: None,
            },
            _ => {
                let construct = format!("the default of `{}`", self.shown(&payload));
                return Some(self.refuse(span, &construct, "write `.unwrap_or(…)`"));
            }
        };
        let default = self.add(default, payload.clone(), span);
        let kind = ExprKind::Intrinsic {
            intrinsic,
            arguments: vec![receiver, default],
        };
        Some(self.add(kind, payload, span))
    }

    fn not_const(&self, name: &str, span: Span) {
        let message = format!("cannot call the non-const method `{name}` here");
        let report = Report::error(span, message).code("E0015");
        self.report(report.hint("write `match`"));
    }

    /// `unwrap()` and `expect("…")`.
    fn unwrapping(
        &mut self,
        receiver: ExprId,
        ty: &Type,
        name: &str,
        syntax: &[&Expr],
        (at, span): (Span, Span),
    ) -> Option<ExprId> {
        let payload = match ty {
            Type::Option(value) => value,
            Type::Result(value, error) => {
                if self.in_const {
                    self.not_const(name, span);
                }
                self.told.push((span, (**error).clone()));
                value
            }
            _ => return None,
        };
        self.count(name, usize::from(name == "expect"), syntax, span)?;
        let text = syntax.first().filter(|_| name == "expect");
        let message: Rc<str> = match (text, ty) {
            (Some(text), _) => match text {
                Expr::Lit(literal) if plain(literal.lit).is_some() => {
                    plain(literal.lit).unwrap_or_default().into()
                }
                other => {
                    let around = Span::around(*other);
                    let hint = "write a text: `.expect(\"a frame is free\")`";
                    return Some(self.refuse(around, "anything but a text in `expect`", hint));
                }
            },
            (None, Type::Option(_)) => "called `Option::unwrap()` on a `None` value".into(),
            (None, _) => "called `Result::unwrap()` on an `Err` value".into(),
        };
        self.consume(receiver);
        let kind = ExprKind::Unwrap {
            value: receiver,
            message,
        };
        Some(self.add_at(kind, (**payload).clone(), span, at))
    }

    /// `len()` and `swap(a, b)`.
    pub(super) fn array_method(
        &mut self,
        receiver: ExprId,
        name: &str,
        syntax: &[&Expr],
        (at, span): (Span, Span),
    ) -> Option<ExprId> {
        match name {
            "len" => {
                self.count(name, 0, syntax, span)?;
                Some(self.add(ExprKind::Length(receiver), Type::USIZE, span))
            }
            "swap" => {
                self.count(name, 2, syntax, span)?;
                if !is_place(&self.body, receiver) {
                    let construct = "`swap` in an array without a name";
                    return Some(self.refuse(span, construct, "give it a name with `let mut`"));
                }
                if self.in_const {
                    self.refuse(
                        span,
                        "`swap` in a `const fn`",
                        "assign the elements one by one",
                    );
                }
                self.borrowable(receiver, true);
                let mut arguments = vec![receiver];
                for index in syntax.iter().take(2) {
                    arguments.push(self.coerced(index, &Type::USIZE));
                }
                self.check_lent(receiver, arguments.get(1..).unwrap_or(&[]));
                let intrinsic = Intrinsic::Swap;
                let kind = ExprKind::Intrinsic {
                    intrinsic,
                    arguments,
                };
                Some(self.add_at(kind, Type::Unit, span, at))
            }
            _ => None,
        }
    }
}

/// What a text stands for, if that is what it is.
fn plain(literal: Lit<'_>) -> Option<String> {
    match literal {
        Lit::Text(text) if text.starts_with(['"', 'r']) => Some(syntax::text_value(text)),
        _ => None,
    }
}
