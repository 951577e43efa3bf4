//! `impl` blocks: a type's own items, and the policy's handlers.

use crate::syntax;
use crate::syntax::{ImplItem, ImplItemFn, ItemImpl};

use super::Policy;
use super::attributes::On;
use super::collect::Collector;
use crate::diagnostic::{Report, Span, nearest};
use crate::prelude::{self, RoleRow};
use crate::tree::FunctionId;
use crate::types::{Named, Type};

impl<'s> Collector<'s> {
    pub(super) fn implementation(&mut self, item: &'s ItemImpl<'s>) {
        self.attributes((item.span, &item.attrs), On::Implementation, None);
        self.generics(item.generics);
        let owner = self.context.resolve_type(&item.self_ty, None);
        let named = match &owner {
            Type::Struct(named) | Type::Enum(named) => named.clone(),
            Type::Unknown => return,
            other => {
                let message = format!("`{other}` is not a type of this file");
                let span = Span::around(&item.self_ty);
                self.context
                    .sink
                    .add(Report::error(span, message).code("E0390"));
                return;
            }
        };
        if prelude::is_type_name(&named.name) {
            let message = format!("`{owner}` is not a type of this file");
            let span = Span::around(&item.self_ty);
            self.context
                .sink
                .add(Report::error(span, message).code("E0116"));
            return;
        }
        if item.qualified {
            self.refuse(item.word, "`unsafe` or `!` of an `impl`", "leave it out");
        }
        let Some(path) = &item.trait_ else {
            for inner in &item.items {
                self.member(inner, &owner);
            }
            return;
        };
        let role = path.get_ident().map(ToString::to_string);
        let role = role.and_then(|name| prelude::ROLES.iter().find(|role| role.name == name));
        let Some(role) = role else {
            let construct = format!("an `impl` of any other trait than {}", role_names());
            self.refuse(
                Span::around(path),
                &construct,
                "write `impl Type { … }`, or `#[derive(Clone, Copy, PartialEq, Eq)]`",
            );
            return;
        };
        self.role(item, Span::around(path), role, &named);
    }

    pub(super) fn member(&mut self, inner: &'s ImplItem<'s>, owner: &Type) {
        match inner {
            ImplItem::Const(inner) => {
                self.attributes((inner.span, &inner.attrs), On::Constant, None);
                self.visibility(&inner.vis);
                let value = (&inner.ty, &inner.expr);
                self.constant(&inner.vis, Some(owner), &inner.ident, value);
            }
            ImplItem::Fn(inner) => {
                let must_use = self.attributes((inner.span, &inner.attrs), On::Function, None);
                self.visibility(&inner.vis);
                let id = self.function(&inner.vis, Some(owner), &inner.sig, &inner.block);
                self.context.must_use.0.extend(must_use.then_some(id));
            }
            other => self.refuse(
                Span::around(other),
                "this item",
                "write a `const` or a `fn`",
            ),
        }
    }

    /// The `impl` that says what the source is for.
    fn role(&mut self, item: &'s ItemImpl<'s>, span: Span, role: &'static RoleRow, named: &Named) {
        let owner = Type::Struct(named.clone());
        let is_struct = self.context.types.get(&named.name) == Some(&owner);
        if self.context.policy.is_some() || !is_struct {
            let message = format!("a source has one role, for one struct: {}", role_names());
            self.context
                .sink
                .add(Report::error(span, message).code("E0119"));
            return;
        }
        let mut upcalls = vec![None; role.upcalls.len()];
        for inner in &item.items {
            let ImplItem::Fn(inner) = inner else {
                self.refuse(
                    Span::around(inner),
                    "this item",
                    "write it in `impl Type { … }`",
                );
                continue;
            };
            let id = self.handler(inner, &owner);
            let name = inner.sig.ident.to_string();
            let place = role.upcalls.iter().position(|it| it.word.name == name);
            match place.and_then(|place| upcalls.get_mut(place)) {
                Some(upcall) => *upcall = Some(id),
                None => self.unknown_upcall(inner, role, &owner),
            }
        }
        for (row, _) in role
            .upcalls
            .iter()
            .zip(&upcalls)
            .filter(|(row, function)| row.required && function.is_none())
        {
            let message = format!(
                "missing `{}` in implementation of `{}`",
                row.word.name, role.name
            );
            let report = Report::error(span, message).code("E0046");
            self.context.sink.add(report.hint(row.word.signature));
        }
        self.context.policy = Some(Policy {
            role,
            named: named.clone(),
            span,
            upcalls,
        });
    }

    fn handler(&mut self, inner: &'s ImplItemFn<'s>, owner: &Type) -> FunctionId {
        self.attributes((inner.span, &inner.attrs), On::Function, None);
        if !matches!(inner.vis, syntax::Visibility::Inherited) {
            let message = "visibility qualifiers are not permitted here";
            let report = Report::error(Span::around(&inner.vis), message).code("E0449");
            self.context.sink.add(report.hint("leave `pub` out"));
        }
        self.function(&inner.vis, Some(owner), &inner.sig, &inner.block)
    }

    fn unknown_upcall(&self, inner: &ImplItemFn, role: &RoleRow, owner: &Type) {
        let name = inner.sig.ident.to_string();
        let message = format!("method `{name}` is not a member of trait `{}`", role.name);
        let known = role.upcalls.iter().map(|upcall| upcall.word.name);
        let hint = nearest(&name, known).map_or_else(
            || format!("write it in `impl {owner} {{ … }}`"),
            |near| format!("did you mean `{near}`?"),
        );
        let span = inner.sig.ident.span;
        self.context
            .sink
            .add(Report::error(span, message).code("E0407").hint(hint));
    }
}

/// The roles that a source can have, as a choice.
pub(crate) fn role_names() -> String {
    let names: Vec<String> = prelude::ROLES
        .iter()
        .map(|role| format!("`{}`", role.name))
        .collect();
    match names.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} or {last}", before.join(", ")),
        _ => names.concat(),
    }
}
