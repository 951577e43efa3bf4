//! Literals: numbers, `bool`s, arrays and structs.

use crate::syntax;
use crate::syntax::{ExprLit, Lit};

use super::{Checker, Expected};
use crate::diagnostic::{Report, Span, nearest};
use crate::tree::{ExprId, ExprKind, Value};
use crate::types::{Integer, Named, Type};

impl Checker<'_, '_> {
    pub(super) fn literal(&mut self, literal: &ExprLit<'_>, expected: &Expected) -> ExprId {
        let span = literal.span;
        match literal.lit {
            Lit::Bool(value) => self.add(ExprKind::Literal(i128::from(value)), Type::Bool, span),
            Lit::Int(text, _) => self.integer(text, span, expected),
            Lit::Text(_) => self.refuse(span, "a string", "text can only be written in `log!`"),
            Lit::Float => self.refuse(
                span,
                "a floating-point number",
                "count in integers, e.g. thousandths",
            ),
            Lit::Char => self.refuse(span, "a character", "write its number"),
        }
    }

    fn integer(&mut self, text: &str, span: Span, expected: &Expected) -> ExprId {
        let Some((value, suffix)) = integer_value(text, false) else {
            let report = Report::error(span, "integer literal is too large");
            return self.fail(report, span);
        };
        let ty = match suffix {
            Suffix::Is(integer) => Type::Integer(integer),
            Suffix::Unknown(suffix) => {
                let construct = format!("the type `{suffix}`");
                return self.refuse(span, &construct, "use u8 to u64, usize, i32 or i64");
            }
            Suffix::None => {
                let wanted = match expected {
                    Expected::Type(ty) | Expected::Cast(ty) => self.inference.head(ty),
                    Expected::Anything => Type::Unknown,
                };
                if wanted.is_integer() {
                    wanted
                } else {
                    self.inference.fresh_integer()
                }
            }
        };
        self.add(ExprKind::Literal(value), ty, span)
    }

    pub(super) fn array_literal(
        &mut self,
        syntax: &syntax::ExprArray,
        expected: &Expected,
    ) -> ExprId {
        let span = syntax.span;
        let element = self.element(expected);
        let values: Vec<ExprId> = syntax
            .elems
            .iter()
            .map(|value| self.coerced(value, &element))
            .collect();
        let ty = Type::Array(element.into(), values.len() as u64);
        self.add(ExprKind::Array(values), ty, span)
    }

    fn element(&mut self, expected: &Expected) -> Type {
        match expected {
            Expected::Type(ty) => match self.inference.head(ty) {
                Type::Array(element, _) => (*element).clone(),
                _ => self.inference.fresh(),
            },
            _ => self.inference.fresh(),
        }
    }

    pub(super) fn repeat_literal(
        &mut self,
        syntax: &syntax::ExprRepeat,
        expected: &Expected,
    ) -> ExprId {
        let span = syntax.span;
        let element = self.element(expected);
        let value = self.coerced(&syntax.expr, &element);
        let length = self.context.evaluate(&syntax.len, &Type::USIZE, self.owner);
        let Some(Value::Scalar(length)) = length else {
            return self.unknown(span);
        };
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        let is_constant = matches!(&syntax.expr, syntax::Expr::Path(_))
            && self.body.expr(value).is_some_and(|expr| {
                matches!(expr.kind, ExprKind::Literal(_) | ExprKind::Constant(_))
            });
        let ty = self.ty(value);
        if length > 1 && !is_constant && !self.context.is_copy(&ty) {
            let message = format!("a value of type `{ty}` cannot be repeated: it is not `Copy`");
            self.report(
                Report::error(self.span(value), message)
                    .code("E0277")
                    .hint("add `#[derive(Clone, Copy)]` to it, or make the value a `const`"),
            );
        }
        let ty = Type::Array(element.into(), length);
        self.add(ExprKind::Repeat { value, length }, ty, span)
    }

    pub(super) fn struct_literal(&mut self, syntax: &syntax::ExprStruct) -> ExprId {
        let span = syntax.path.span.to(syntax.braces.close);
        let resolved = match (syntax.path.get_ident(), self.owner) {
            (Some(ident), Some(owner)) if *ident == "Self" => Some(owner.clone()),
            (Some(ident), _) => self.context.types.get(ident.text).cloned(),
            _ => None,
        };
        let Some(Type::Struct(named)) = resolved else {
            let path = Span::around(&syntax.path);
            let known = self.context.structs.iter().map(|item| &*item.named.name);
            let name = syntax
                .path
                .get_ident()
                .map(ToString::to_string)
                .unwrap_or_default();
            let hint = nearest(&name, known).map(|near| format!("did you mean `{near}`?"));
            let report = Report::error(path, "cannot find a struct of this name");
            return self.fail(report.code("E0422").maybe_hint(hint), span);
        };
        let values = self.field_values(syntax, &named, span);
        self.add(ExprKind::Struct(values), Type::Struct(named), span)
    }

    fn field_values(
        &mut self,
        syntax: &syntax::ExprStruct,
        named: &Named,
        span: Span,
    ) -> Vec<(usize, ExprId)> {
        let context = self.context;
        let fields = context.fields(named);
        let mut values: Vec<(usize, ExprId)> = Vec::new();
        for written in &syntax.fields {
            let member = Span::around(&written.member);
            if let Some(attribute) = written.attrs.first() {
                let around = Span::around(attribute);
                self.refuse(around, "an attribute of an expression", "leave it out");
            }
            let name = written.member.to_string();
            let Some(number) = fields.iter().position(|field| field.name == name) else {
                let message = format!("struct `{}` has no field named `{name}`", named.name);
                let near = nearest(&name, fields.iter().map(|field| field.name.as_str()));
                let hint = near.map(|near| format!("did you mean `{near}`?"));
                self.report(
                    Report::error(member, message)
                        .code("E0560")
                        .maybe_hint(hint),
                );
                self.value(&written.expr, &Expected::Anything);
                continue;
            };
            if values.iter().any(|(earlier, _)| *earlier == number) {
                let message = format!("field `{name}` specified more than once");
                self.report(Report::error(member, message).code("E0062"));
            }
            let ty = fields
                .get(number)
                .map_or(Type::Unknown, |field| field.ty.clone());
            values.push((number, self.coerced(&written.expr, &ty)));
        }
        if let Some(base) = &syntax.rest {
            let rest = self.fields_of_base(base, named, &values);
            values.extend(rest);
            return values;
        }
        let missing: Vec<String> = fields
            .iter()
            .enumerate()
            .filter(|(number, _)| !values.iter().any(|(given, _)| given == number))
            .map(|(_, field)| format!("`{}`", field.name))
            .collect();
        let written = syntax.fields.len();
        if !missing.is_empty() && written <= values.len() {
            let message = format!("missing fields of `{}`: {}", named.name, missing.join(", "));
            self.report(Report::error(span, message).code("E0063"));
        }
        values
    }
}

/// The type at the end of a literal.
pub(super) enum Suffix<'s> {
    None,
    Is(Integer),
    Unknown(&'s str),
}

/// Value and suffix of an integer literal, which is negative only in patterns.
pub(super) fn integer_value(text: &str, negative: bool) -> Option<(i128, Suffix<'_>)> {
    let (value, suffix) = syntax::integer(text)?;
    let suffix = match suffix {
        "" => Suffix::None,
        name => Integer::from_name(name).map_or(Suffix::Unknown(name), Suffix::Is),
    };
    Some((if negative { -value } else { value }, suffix))
}
