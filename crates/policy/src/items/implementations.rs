//! `impl` blocks: a type's own items, and the policy's handlers.

use super::collect::Collector;
use crate::diagnostic::{Report, Span, nearest};
use crate::prelude;
use crate::types::{Named, Type};
use syn::{ImplItem, ItemImpl};

impl<'s> Collector<'s> {
    pub(super) fn implementation(&mut self, item: &'s ItemImpl) {
        self.attributes(&item.attrs, "an `impl`", None);
        self.generics(&item.generics);
        let owner = self.context.resolve_type(&item.self_ty, None);
        let named = match &owner {
            Type::Struct(named) | Type::Enum(named) => named.clone(),
            Type::Unknown => return,
            other => {
                let message = format!("`{other}` is not a type of this file");
                let span = Span::around(&*item.self_ty);
                self.context
                    .sink
                    .add(Report::error(span, message).code("E0390"));
                return;
            }
        };
        if prelude::TYPE_NAMES.contains(&&*named.name) {
            let message = format!("`{owner}` is not a type of this file");
            let span = Span::around(&*item.self_ty);
            self.context
                .sink
                .add(Report::error(span, message).code("E0116"));
            return;
        }
        if item.unsafety.is_some() || item.trait_.as_ref().is_some_and(|(not, ..)| not.is_some()) {
            let span = Span::of(item.impl_token.span);
            self.refuse(span, "`unsafe` or `!` of an `impl`", "leave it out");
        }
        let Some((_, path, _)) = &item.trait_ else {
            for inner in &item.items {
                self.member(inner, &owner);
            }
            return;
        };
        if !path.is_ident("LibOs") {
            self.refuse(
                Span::around(path),
                "an `impl` of any other trait than `LibOs`",
                "write `impl Type { … }`, or `#[derive(Clone, Copy, PartialEq, Eq)]`",
            );
            return;
        }
        self.handlers(item, path, &owner, &named);
    }

    pub(super) fn member(&mut self, inner: &'s ImplItem, owner: &Type) {
        match inner {
            ImplItem::Const(inner) => {
                self.attributes(&inner.attrs, "a constant", None);
                self.visibility(&inner.vis);
                let value = (&inner.ty, &inner.expr);
                self.constant(&inner.vis, Some(owner), &inner.ident, value);
            }
            ImplItem::Fn(inner) => {
                self.attributes(&inner.attrs, "a function", None);
                self.visibility(&inner.vis);
                self.function(&inner.vis, Some(owner), &inner.sig, &inner.block);
            }
            other => self.refuse(
                Span::around(other),
                "this item",
                "write a `const` or a `fn`",
            ),
        }
    }

    pub(super) fn handlers(
        &mut self,
        item: &'s ItemImpl,
        path: &syn::Path,
        owner: &Type,
        named: &Named,
    ) {
        let span = Span::around(path);
        if self.context.policy.is_some() || !matches!(owner, Type::Struct(_)) {
            let message = "a policy has one struct with `impl LibOs`, and no other";
            self.context
                .sink
                .add(Report::error(span, message).code("E0119"));
            return;
        }
        self.context.policy = Some((named.clone(), span));
        for inner in &item.items {
            let ImplItem::Fn(inner) = inner else {
                self.refuse(
                    Span::around(inner),
                    "this item",
                    "write it in `impl Type { … }`",
                );
                continue;
            };
            self.attributes(&inner.attrs, "a function", None);
            if !matches!(inner.vis, syn::Visibility::Inherited) {
                let message = "visibility qualifiers are not permitted here";
                let report = Report::error(Span::around(&inner.vis), message).code("E0449");
                self.context.sink.add(report.hint("leave `pub` out"));
            }
            let name = inner.sig.ident.to_string();
            let id = self.function(&inner.vis, Some(owner), &inner.sig, &inner.block);
            match name.as_str() {
                "page_fault" => self.context.page_fault = Some(id),
                "adopted" => self.context.adopted = Some(id),
                _ => {
                    let message = format!("method `{name}` is not a member of trait `LibOs`");
                    let hint = nearest(&name, ["page_fault", "adopted"].into_iter()).map_or_else(
                        || format!("write it in `impl {owner} {{ … }}`"),
                        |near| format!("did you mean `{near}`?"),
                    );
                    self.context.sink.add(
                        Report::error(Span::of(inner.sig.ident.span()), message)
                            .code("E0407")
                            .hint(hint),
                    );
                }
            }
        }
        if self.context.page_fault.is_none() {
            let message = "missing `page_fault` in implementation of `LibOs`";
            self.context
                .sink
                .add(Report::error(span, message).code("E0046").hint(
                    "fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError>",
                ));
        }
    }
}
