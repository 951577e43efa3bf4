//! Calls of methods: the file's own, the kernel's, and those of the language's own types.

use crate::syntax::{Expr, ExprMethodCall};

use super::unknown_method::methods;
use super::{Checker, Expected};
use crate::diagnostic::{Report, Span};
use crate::items::Item;
use crate::tree::{ExprId, ExprKind, FunctionId};
use crate::types::Type;

impl Checker<'_, '_> {
    pub(super) fn method_call(&mut self, call: &ExprMethodCall) -> ExprId {
        let receiver = self.place(&call.receiver, &Expected::Anything);
        let at = call.method.span;
        let span = self.span(receiver).to(call.parens.close);
        if let Some(turbofish) = call.turbofish {
            self.refuse(turbofish, "`::<…>`", "leave it out");
        }
        let name = call.method.to_string();
        let arguments: Vec<&Expr> = call.args.iter().collect();
        let ty = self.operand_type(receiver);
        let owner = ty.peeled().clone();
        match &owner {
            Type::Door(door) => return self.ask(*door, &name, &arguments, at, span),
            Type::Struct(_) | Type::Enum(_) => {
                if let Some(Item::Function(id)) = self.context.value(Some(&owner), &name) {
                    return self.own_method(id, receiver, &owner, &arguments, at, span);
                }
            }
            _ => {}
        }
        let receiver = self.looked_through(receiver);
        let known = self.builtin_method(receiver, &owner, &name, &arguments, (at, span));
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
                let kind = ExprKind::Borrow {
                    place: receiver,
                    mutable,
                    two_phase: true,
                };
                self.add(kind, wanted.ty.clone(), receiver_span)
            }
            _ => {
                let place = self.looked_through(receiver);
                self.consume(place);
                place
            }
        };
        self.call_with(id, vec![receiver], syntax, at, span)
    }

    fn builtin_method(
        &mut self,
        receiver: ExprId,
        ty: &Type,
        name: &str,
        syntax: &[&Expr],
        places: (Span, Span),
    ) -> Option<ExprId> {
        let span = places.1;
        match ty {
            Type::Unknown => Some(self.unknown(span)),
            Type::Newtype(newtype) if name == "number" => {
                self.count(name, 0, syntax, span)?;
                let ty = Type::Integer(newtype.of());
                Some(self.add(ExprKind::Rename(receiver), ty, span))
            }
            Type::Option(_) | Type::Result(..) | Type::Array(..)
                if !methods(ty).contains(&name) =>
            {
                None
            }
            Type::Array(..) => self.array_method(receiver, name, syntax, places),
            Type::Integer(integer) => self.integer_method(receiver, *integer, name, syntax, places),
            Type::Option(_) | Type::Result(..) => {
                self.variant_method(receiver, ty, name, syntax, places)
            }
            _ => None,
        }
    }

    pub(super) fn count(
        &mut self,
        name: &str,
        wanted: usize,
        syntax: &[&Expr],
        span: Span,
    ) -> Option<()> {
        if wanted != syntax.len() {
            self.wrong_count(name, wanted, syntax.len(), span);
        }
        Some(())
    }
}
