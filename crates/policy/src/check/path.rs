//! Names of values.

use crate::syntax;
use crate::syntax::ExprPath;

use super::{Checker, Expected};
use crate::diagnostic::{Report, Span, nearest};
use crate::items::Item;
use crate::tree::{ConstantId, ExprId, ExprKind, Value};
use crate::types::{Integer, Type};

impl Checker<'_, '_> {
    pub(super) fn path(&mut self, syntax: &ExprPath, expected: &Expected) -> ExprId {
        let span = Span::around(&syntax.path);
        if syntax.qself {
            return self.refuse(span, "`<T as Trait>::`", "write `Type::name`");
        }
        self.resolve_path(&syntax.path, expected, span)
    }

    pub(super) fn resolve_path(
        &mut self,
        path: &syntax::Path,
        expected: &Expected,
        span: Span,
    ) -> ExprId {
        let arguments = path.segments().any(|segment| !segment.arguments.is_none());
        if arguments || path.leading_colon {
            return self.refuse(span, "`::<…>` or a leading `::`", "write the name alone");
        }
        let mut names = path.segments().map(|segment| segment.ident.to_string());
        match (names.next(), names.next(), names.next()) {
            (Some(name), None, _) => self.name(&name, expected, span),
            (Some(of), Some(name), None) => self.member_path(&of, &name, span),
            _ => self.refuse(span, "a path of more than two names", "write `Type::NAME`"),
        }
    }

    fn name(&mut self, name: &str, expected: &Expected, span: Span) -> ExprId {
        if let Some(local) = self.lookup(name) {
            let ty = self
                .body
                .local(local)
                .map_or(Type::Unknown, |local| local.ty.clone());
            let kind = match ty {
                Type::Door(door) => ExprKind::Door(door),
                _ => ExprKind::Local(local),
            };
            return self.add(kind, ty, span);
        }
        match self.context.value(None, name) {
            Some(Item::Constant(id)) => return self.constant_use(id, span),
            Some(Item::Function(_)) => {
                return self.refuse(
                    span,
                    "a function as a value",
                    "call it: write `(…)` after it",
                );
            }
            None => {}
        }
        if name == "None" {
            let payload = match expected {
                Expected::Type(ty) => match self.inference.head(ty) {
                    Type::Option(payload) => (*payload).clone(),
                    Type::Unknown if self.was_told(ty) => Type::Unknown,
                    _ => self.inference.fresh(),
                },
                _ => self.inference.fresh(),
            };
            let kind = ExprKind::Variant {
                index: 0,
                payload: None,
            };
            return self.add(kind, Type::option(payload), span);
        }
        if matches!(name, "Some" | "Ok" | "Err") {
            return self.refuse(span, &format!("`{name}` as a value"), "give it its value");
        }
        if let Some(Type::Struct(named)) = self.type_named(name) {
            let item = self.context.struct_item(&named);
            let ty = Type::Struct(named.clone());
            if item.is_some_and(|item| item.unit) {
                return self.add(ExprKind::Struct(Vec::new()), ty, span);
            }
        }
        self.unknown_name(name, span)
    }

    /// The type that a name stands for, `Self` included.
    pub(super) fn type_named(&self, name: &str) -> Option<Type> {
        match (name, self.owner) {
            ("Self", owner) => owner.cloned(),
            _ => self.context.types.get(name).cloned(),
        }
    }

    fn unknown_name(&mut self, name: &str, span: Span) -> ExprId {
        let message = format!("cannot find value `{name}` in this scope");
        let report = Report::error(span, message).code("E0425");
        if name == "self" {
            let hint = "give the function a `&self` parameter";
            let report = Report::error(span, "there is no `self` here").code("E0424");
            return self.fail(report.hint(hint), span);
        }
        let is_field = self.owner.is_some_and(|owner| match owner {
            Type::Struct(named) => self
                .context
                .fields(named)
                .iter()
                .any(|field| field.name == name),
            _ => false,
        });
        if is_field && self.lookup("self").is_some() {
            return self.fail(report.hint(format!("did you mean `self.{name}`?")), span);
        }
        let is_member = self.context.value(self.owner, name).is_some() && self.owner.is_some();
        if is_member {
            return self.fail(report.hint(format!("did you mean `Self::{name}`?")), span);
        }
        let locals = self.scopes.iter().flatten().map(|(name, _)| name.as_str());
        let near = nearest(name, locals.chain(self.context.value_names(None)));
        let hint = near.map(|near| format!("did you mean `{near}`?"));
        self.fail(report.maybe_hint(hint), span)
    }

    fn constant_use(&mut self, id: ConstantId, span: Span) -> ExprId {
        let Some((ty, value)) = self.context.constant(id, span) else {
            return self.unknown(span);
        };
        if ty == Type::Unknown {
            return self.unknown(span);
        }
        let kind = match &*value {
            Value::Scalar(value) => ExprKind::Literal(*value),
            Value::Unit => ExprKind::Unit,
            _ => ExprKind::Constant(value),
        };
        self.add(kind, ty, span)
    }

    fn member_path(&mut self, of: &str, name: &str, span: Span) -> ExprId {
        if let Some(integer) = Integer::from_name(of) {
            let value = match name {
                "MAX" => integer.max(),
                "MIN" => integer.min(),
                "BITS" => {
                    let bits = ExprKind::Literal(i128::from(integer.bits()));
                    return self.add(bits, Type::Integer(Integer::U32), span);
                }
                _ => {
                    let message = format!("no associated constant `{name}` on `{of}`");
                    let report = Report::error(span, message).code("E0599");
                    return self.fail(report.hint("there are `MAX`, `MIN` and `BITS`"), span);
                }
            };
            return self.add(ExprKind::Literal(value), Type::Integer(integer), span);
        }
        let Some(ty) = self.type_named(of) else {
            let known = self.context.types.keys().map(String::as_str);
            let hint = nearest(of, known).map(|near| format!("did you mean `{near}`?"));
            let message = format!("cannot find type `{of}` in this scope");
            let report = Report::error(span, message).code("E0433").maybe_hint(hint);
            return self.fail(report, span);
        };
        let variants: &[String] = match &ty {
            Type::Enum(named) => self
                .context
                .enum_item(named)
                .map_or(&[], |item| &item.variants),
            _ => &[],
        };
        if let Some(index) = variants.iter().position(|variant| variant == name) {
            return self.add(ExprKind::Literal(index as i128), ty, span);
        }
        match self.context.value(Some(&ty), name) {
            Some(Item::Constant(id)) => self.constant_use(id, span),
            Some(Item::Function(_)) => self.refuse(
                span,
                "a function as a value",
                "call it: write `(…)` after it",
            ),
            None => {
                let known = variants.iter().map(String::as_str);
                let near = nearest(name, known.chain(self.context.value_names(Some(&ty))));
                let hint = near.map(|near| format!("did you mean `{of}::{near}`?"));
                let message =
                    format!("no variant or associated item named `{name}` found for `{ty}`");
                let report = Report::error(span, message).code("E0599").maybe_hint(hint);
                self.fail(report, span)
            }
        }
    }
}
