//! Calls of methods: the file's own, the kernel's, and those of the language's own types.

use syn::{Expr, ExprMethodCall};

use super::place::{is_place, root};
use super::unknown_method::unsigned_only;
use super::{Checker, Expected};
use crate::diagnostic::{Report, Span};
use crate::items::Item;
use crate::tree::{ExprId, ExprKind, FunctionId, Intrinsic};
use crate::types::{Integer, Type};

/// The methods of integers: name, what it does, arguments besides the receiver, whether rustc has
/// it in constants.
pub(super) const INTEGER_METHODS: &[(&str, Intrinsic, usize, bool)] = &[
    ("min", Intrinsic::Min, 1, false),
    ("max", Intrinsic::Max, 1, false),
    ("abs_diff", Intrinsic::AbsDiff, 1, true),
    ("wrapping_add", Intrinsic::WrappingAdd, 1, true),
    ("wrapping_sub", Intrinsic::WrappingSub, 1, true),
    ("wrapping_mul", Intrinsic::WrappingMul, 1, true),
    ("saturating_add", Intrinsic::SaturatingAdd, 1, true),
    ("saturating_sub", Intrinsic::SaturatingSub, 1, true),
    ("checked_add", Intrinsic::CheckedAdd, 1, true),
    ("checked_sub", Intrinsic::CheckedSub, 1, true),
    ("is_power_of_two", Intrinsic::IsPowerOfTwo, 0, true),
];

impl Checker<'_, '_> {
    pub(super) fn method_call(&mut self, call: &ExprMethodCall) -> ExprId {
        let receiver = self.place(&call.receiver, &Expected::Anything);
        let at = Span::of(call.method.span());
        let span = self
            .span(receiver)
            .to(Span::of(call.paren_token.span.close()));
        if let Some(turbofish) = &call.turbofish {
            self.refuse(Span::around(turbofish), "`::<…>`", "leave it out");
        }
        let name = call.method.to_string();
        let arguments: Vec<&Expr> = call.args.iter().collect();
        let ty = self.operand_type(receiver);
        let owner = match &ty {
            Type::Reference { to, .. } => (**to).clone(),
            other => other.clone(),
        };
        match &owner {
            Type::Door(door) => return self.ask(*door, &name, &arguments, at, span),
            Type::Struct(_) | Type::Enum(_) => {
                if let Some(Item::Function(id)) = self.context.value(Some(&owner), &name) {
                    return self.own_method(id, receiver, &owner, &arguments, at, span);
                }
            }
            _ => {}
        }
        let known = self.builtin_method(receiver, &owner, &name, &arguments, span);
        known.unwrap_or_else(|| {
            for argument in &arguments {
                self.place(argument, &Expected::Anything);
            }
            self.unknown_method(&owner, &name, at, span)
        })
    }

    fn own_method(
        &mut self,
        id: FunctionId,
        receiver: ExprId,
        owner: &Type,
        syntax: &[&Expr],
        at: Span,
        span: Span,
    ) -> ExprId {
        let Some(signature) = self.context.signature(id) else {
            return self.unknown(span);
        };
        let Some(wanted) = signature
            .parameters
            .first()
            .filter(|_| signature.has_receiver)
        else {
            let name = self.context.function(id).map_or("", |item| &item.name);
            let message = format!("`{name}` is a function of `{owner}`, not a method");
            let hint = format!("write `{owner}::{name}(…)`");
            let report = Report::error(at, message).code("E0599").hint(hint);
            return self.fail(report, span);
        };
        let receiver_span = self.span(receiver);
        let receiver = match wanted.ty {
            Type::Reference { mutable, .. } => {
                self.borrowable(receiver, mutable);
                let ty = wanted.ty.clone();
                let place = receiver;
                self.add(ExprKind::Borrow { place, mutable }, ty, receiver_span)
            }
            _ => {
                let place = match self.ty(receiver) {
                    Type::Reference { to, .. } => {
                        self.add(ExprKind::Deref(receiver), (*to).clone(), receiver_span)
                    }
                    _ => receiver,
                };
                self.consume(place);
                place
            }
        };
        self.call_with(id, vec![receiver], syntax, at, span)
    }

    /// Whether a method may be given the address of a place; reports it if not.
    fn borrowable(&mut self, place: ExprId, mutable: bool) {
        let span = self.span(place);
        let local = root(&self.body, place)
            .and_then(|root| self.body.local(root))
            .cloned();
        match local
            .filter(|_| is_place(&self.body, place))
            .map(|local| local.ty)
        {
            Some(Type::Reference { mutable: false, .. }) if mutable => {
                let message = "cannot borrow what lies behind `&self` as mutable";
                let hint = "write `&mut self` in the function around";
                self.report(Report::error(span, message).code("E0596").hint(hint));
            }
            Some(Type::Reference { .. }) => {}
            _ if matches!(self.ty(place), Type::Unknown) => {}
            _ => {
                let construct =
                    "a method with `&self` or `&mut self` of a value that is not in the state";
                self.refuse(
                    span,
                    construct,
                    "let the method take `self`, or keep the value in a field",
                );
            }
        }
    }

    fn builtin_method(
        &mut self,
        receiver: ExprId,
        ty: &Type,
        name: &str,
        syntax: &[&Expr],
        span: Span,
    ) -> Option<ExprId> {
        match ty {
            Type::Unknown => Some(self.unknown(span)),
            Type::Frame if name == "number" => {
                self.count(name, 0, syntax, span)?;
                Some(self.add(
                    ExprKind::Rename(receiver),
                    Type::Integer(Integer::U32),
                    span,
                ))
            }
            Type::Array(_, length) if name == "len" => {
                self.count(name, 0, syntax, span)?;
                let length = i128::from(*length);
                Some(self.add(ExprKind::Literal(length), Type::USIZE, span))
            }
            Type::Integer(integer) => self.integer_method(receiver, *integer, name, syntax, span),
            Type::Option(_) | Type::Result(..) => {
                self.variant_method(receiver, ty, name, syntax, span)
            }
            _ => None,
        }
    }

    fn count(&mut self, name: &str, wanted: usize, syntax: &[&Expr], span: Span) -> Option<()> {
        if wanted != syntax.len() {
            self.wrong_count(name, wanted, syntax.len(), span);
        }
        Some(())
    }

    fn integer_method(
        &mut self,
        receiver: ExprId,
        integer: Integer,
        name: &str,
        syntax: &[&Expr],
        span: Span,
    ) -> Option<ExprId> {
        let (_, intrinsic, wanted, in_const) =
            *INTEGER_METHODS.iter().find(|(known, ..)| *known == name)?;
        if unsigned_only(intrinsic) && integer.signed() {
            return None;
        }
        self.count(name, wanted, syntax, span)?;
        if self.in_const && !in_const {
            let message = format!("cannot call the non-const method `{name}` here");
            self.report(
                Report::error(span, message)
                    .code("E0015")
                    .hint("write `if`"),
            );
        }
        let ty = Type::Integer(integer);
        let mut arguments = vec![receiver];
        for argument in syntax {
            arguments.push(self.coerced(argument, &ty));
        }
        let result = match intrinsic {
            Intrinsic::AbsDiff => Type::Integer(integer.unsigned()),
            Intrinsic::IsPowerOfTwo => Type::Bool,
            Intrinsic::CheckedAdd | Intrinsic::CheckedSub => Type::option(ty),
            _ => ty,
        };
        if arguments.len() != wanted + 1 {
            return Some(self.add(ExprKind::Unknown, result, span));
        }
        let kind = ExprKind::Intrinsic {
            intrinsic,
            arguments,
        };
        Some(self.add(kind, result, span))
    }

    fn variant_method(
        &mut self,
        receiver: ExprId,
        ty: &Type,
        name: &str,
        syntax: &[&Expr],
        span: Span,
    ) -> Option<ExprId> {
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
            let message = format!("cannot call the non-const method `{name}` here");
            self.report(
                Report::error(span, message)
                    .code("E0015")
                    .hint("write `match`"),
            );
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
}
