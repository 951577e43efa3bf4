//! Puts constants and functions under their names.

use super::collect::Collector;
use super::{ConstantItem, FunctionItem, Item, Query, StructItem};
use crate::diagnostic::{Report, Span};
use crate::tree::{ConstantId, FunctionId};
use crate::types::Type;

/// Whether other crates could name an item.
pub(super) fn is_public(visibility: &syn::Visibility) -> bool {
    matches!(visibility, syn::Visibility::Public(_))
}

impl<'s> Collector<'s> {
    fn define(&mut self, owner: Option<&Type>, ident: &syn::Ident, item: Item) {
        let name = ident.to_string();
        let key = super::key(owner, &name);
        let is_unit = |item: &StructItem<'_>| item.unit && *item.named.name == *name;
        let taken = owner.is_none() && self.context.structs.iter().any(is_unit);
        if taken || self.context.values.contains_key(&key) {
            let span = Span::of(ident.span());
            let (code, message) = match owner {
                None => (
                    "E0428",
                    format!("the name `{}` is defined more than once", name),
                ),
                Some(_) => (
                    "E0592",
                    format!("duplicate definitions with name `{}`", name),
                ),
            };
            self.context
                .sink
                .add(Report::error(span, message).code(code));
            return;
        }
        self.context.values.insert(key, item);
    }

    /// Declares a constant.
    pub(super) fn constant(
        &mut self,
        visibility: &syn::Visibility,
        owner: Option<&Type>,
        ident: &'s syn::Ident,
        (ty, expr): (&'s syn::Type, &'s syn::Expr),
    ) {
        let id = ConstantId(self.context.constants.len());
        self.define(owner, ident, Item::Constant(id));
        self.context.constants.push(ConstantItem {
            name: ident.to_string(),
            owner: owner.cloned(),
            ty,
            expr,
            span: Span::of(ident.span()),
            public: is_public(visibility),
            value: Query::Waiting.into(),
        });
    }

    /// Declares a function.
    pub(super) fn function(
        &mut self,
        visibility: &syn::Visibility,
        owner: Option<&Type>,
        syntax: &'s syn::Signature,
        block: &'s syn::Block,
    ) -> FunctionId {
        let id = FunctionId(self.context.functions.len());
        self.generics(&syntax.generics);
        self.define(owner, &syntax.ident, Item::Function(id));
        self.context.functions.push(FunctionItem {
            name: syntax.ident.to_string(),
            owner: owner.cloned(),
            syntax,
            block,
            span: Span::of(syntax.ident.span()),
            public: is_public(visibility),
            signature: Default::default(),
            body: Query::Waiting.into(),
        });
        id
    }
}
