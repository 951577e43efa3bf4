//! Places: fields and elements, and whether they may be read, moved out of or written.

use super::{Checker, Expected};
use crate::diagnostic::{Report, Span, nearest};
use crate::syntax;
use crate::tree::{Body, ExprId, ExprKind, Local, LocalId};
use crate::types::Type;

/// Whether an expression names a place, rather than being a value of its own.
pub(super) fn is_place(body: &Body, id: ExprId) -> bool {
    let mut at = id;
    // Even of an array that is a value of its own, no element can be moved out.
    let mut indexed = false;
    loop {
        match body.expr(at).map(|expr| &expr.kind) {
            Some(ExprKind::Local(_) | ExprKind::Deref(_)) => return true,
            Some(ExprKind::Field { base, .. }) => at = *base,
            Some(ExprKind::Index { base, .. }) => (at, indexed) = (*base, true),
            _ => return indexed,
        }
    }
}

/// The local at the root of a place.
pub(super) fn root(body: &Body, id: ExprId) -> Option<LocalId> {
    let mut at = id;
    loop {
        match &body.expr(at)?.kind {
            ExprKind::Local(local) => return Some(*local),
            ExprKind::Deref(base) | ExprKind::Field { base, .. } | ExprKind::Index { base, .. } => {
                at = *base;
            }
            _ => return None,
        }
    }
}

impl Checker<'_, '_> {
    pub(super) fn field(&mut self, syntax: &syntax::ExprField) -> ExprId {
        let base = self.place(&syntax.base, &Expected::Anything);
        let member = Span::around(&syntax.member);
        let span = self.span(base).to(member);
        let name = syntax.member.to_string();
        let ty = self.operand_type(base).peeled().clone();
        let Type::Struct(named) = &ty else {
            return self.no_field(&ty, &name, span, member);
        };
        let context = self.context;
        let fields = context.fields(named);
        let Some(number) = fields.iter().position(|field| field.name == name) else {
            if context.value(Some(&ty), &name).is_some() {
                let message = format!("attempted to take value of method `{name}` on type `{ty}`");
                let report = Report::error(member, message).code("E0615");
                return self.fail(report.hint(format!("call it: `{name}(…)`")), span);
            }
            let near = nearest(&name, fields.iter().map(|field| field.name.as_str()));
            let hint = near.map(|near| format!("did you mean `{near}`?"));
            let message = format!("no field `{name}` on type `{ty}`");
            let report = Report::error(member, message)
                .code("E0609")
                .maybe_hint(hint);
            return self.fail(report, span);
        };
        let ty = fields
            .get(number)
            .map_or(Type::Unknown, |field| field.ty.clone());
        self.add(
            ExprKind::Field {
                base,
                field: number,
            },
            ty,
            span,
        )
    }

    fn no_field(&mut self, ty: &Type, name: &str, span: Span, member: Span) -> ExprId {
        let report = match ty {
            Type::Unknown => return self.unknown(span),
            Type::Variable(_) => Report::error(member, "type annotations needed")
                .code("E0282")
                .hint("say the type where the value is made: `let x: Option<u32> = …`"),
            Type::Newtype(newtype) => {
                let message = format!("field `0` of struct `{}` is private", newtype.name());
                Report::error(member, message)
                    .code("E0616")
                    .hint("write `.number()`")
            }
            _ => {
                let message = format!("no field `{name}` on type `{}`", self.shown(ty));
                let report = Report::error(member, message).code("E0609");
                match ty {
                    Type::Array(..) if name == "len" || name == "length" => {
                        report.hint("write `.len()`")
                    }
                    _ => report,
                }
            }
        };
        self.fail(report, span)
    }

    pub(super) fn index(&mut self, syntax: &syntax::ExprIndex) -> ExprId {
        let base = self.place(&syntax.expr, &Expected::Anything);
        let index = self.value(&syntax.index, &Expected::Type(Type::USIZE));
        let span = self.span(base).to(syntax.brackets.close);
        let element = match self.operand_type(base).peeled() {
            Type::Array(element, _) => (**element).clone(),
            Type::Unknown => return self.unknown(span),
            other => {
                let message = format!("cannot index into a value of type `{}`", self.shown(other));
                return self.fail(Report::error(span, message).code("E0608"), span);
            }
        };
        let found = self.operand_type(index);
        if !self.inference.unify(&found, &Type::USIZE) {
            let message = format!(
                "the type `{}` cannot be indexed by `{}`",
                self.shown(&self.ty(base)),
                self.shown(&found)
            );
            let mut report = Report::error(self.span(index), message).code("E0277");
            if found.is_integer() {
                report = report.hint("write `… as usize`");
            }
            return self.fail(report, span);
        }
        self.add(ExprKind::Index { base, index }, element, span)
    }

    /// Refuses doors where a pattern would take them over.
    pub(super) fn not_handed_over(&mut self, id: ExprId) {
        if matches!(self.ty(id), Type::Door(_)) {
            self.consume(id);
        }
    }

    /// Notes that the value of an expression is used: it is copied from its place, or moved.
    pub(super) fn consume(&mut self, id: ExprId) {
        let span = self.span(id);
        let report = match self.ty(id) {
            Type::Door(door) => {
                let name = door.row().parameter;
                let message = format!("`{name}` can only be passed on, or asked with a method");
                Report::error(span, message).hint(format!("write `{name}.method(…)`"))
            }
            Type::Reference { .. } => {
                let root = root(&self.body, id).and_then(|root| self.body.local(root));
                let name = root.map_or("it", |local| local.name.as_str());
                let (message, hint) = match name {
                    "self" => (
                        "`self` can only be used through its fields and methods".to_string(),
                        "write `self.field` or `self.method(…)`, or `*self` for all of it"
                            .to_string(),
                    ),
                    _ => (
                        format!(
                            "`{name}` is a reference, which can only be passed on or used through"
                        ),
                        format!("write `*{name}` for what it refers to"),
                    ),
                };
                Report::error(span, message).hint(hint)
            }
            _ => {
                if let Some(expr) = self.body.exprs.get_mut(id.0) {
                    expr.taken = true;
                }
                return;
            }
        };
        self.report(report);
    }

    /// Whether a place may be written to; reports it if not.
    pub(super) fn writable(&mut self, place: ExprId) -> bool {
        let span = self.span(place);
        let kind = self.body.expr(place).map(|expr| expr.kind.clone());
        if matches!(kind, Some(ExprKind::Unknown)) {
            return false;
        }
        let root = root(&self.body, place).filter(|_| is_place(&self.body, place));
        let Some(local) = root.and_then(|root| self.body.local(root)).cloned() else {
            let report = Report::error(span, "invalid left-hand side of assignment");
            self.report(report.code("E0070"));
            return false;
        };
        let whole = matches!(kind, Some(ExprKind::Local(_)));
        let report = match &local.ty {
            Type::Reference { mutable: true, .. } if !whole => return true,
            Type::Reference { mutable: false, .. } if !whole => {
                let (behind, wanted) = reference_names(&local);
                let message = format!("cannot assign to what lies behind {behind}");
                Report::error(span, message).code("E0594").hint(wanted)
            }
            Type::Reference { .. } => {
                let name = &local.name;
                let message = format!("cannot assign to `{name}`");
                Report::error(span, message)
                    .code("E0384")
                    .hint(format!("write `*{name} = …`"))
            }
            _ if local.mutable || (local.deferred && whole) => return true,
            _ => {
                let name = &local.name;
                let hint = format!("declare it with `mut {name}`");
                let (code, message) = match whole {
                    true => (
                        "E0384",
                        format!("cannot assign twice to immutable variable `{name}`"),
                    ),
                    false => (
                        "E0594",
                        format!(
                            "cannot assign to a field of `{name}`, which is not declared as mutable"
                        ),
                    ),
                };
                Report::error(span, message).code(code).hint(hint)
            }
        };
        self.report(report);
        false
    }
}

/// What a shared reference is called, and how to write it as one through which can be written.
pub(super) fn reference_names(local: &Local) -> (String, String) {
    match local.name.as_str() {
        "self" => ("`&self`".to_string(), "write `&mut self`".to_string()),
        name => (
            format!("the `&` of `{name}`"),
            format!("take it as `{name}: &mut …`"),
        ),
    }
}
