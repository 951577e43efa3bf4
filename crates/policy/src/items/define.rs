//! Puts constants and functions under their names.

use super::collect::Collector;
use super::{ConstantItem, FunctionItem, Item, Query, StructItem};
use crate::diagnostic::Report;
use crate::syntax;
use crate::tree::{ConstantId, FunctionId};
use crate::types::Type;

/// Whether other crates could name an item.
pub(super) fn is_public(visibility: &syntax::Visibility<'_>) -> bool {
    matches!(visibility, syntax::Visibility::Public(_))
}

impl<'s> Collector<'s> {
    fn define(&mut self, owner: Option<&Type>, ident: &syntax::Ident<'_>, item: Item) {
        let name = ident.to_string();
        let key = super::key(owner, &name);
        let is_unit = |item: &StructItem<'_>| item.unit && *item.named.name == *name;
        let taken = owner.is_none() && self.context.structs.iter().any(is_unit);
        if taken || self.context.values.contains_key(&key) {
            let span = ident.span;
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
        visibility: &syntax::Visibility<'_>,
        owner: Option<&Type>,
        ident: &syntax::Ident<'s>,
        (ty, expr): (&'s syntax::Type<'s>, &'s syntax::Expr<'s>),
    ) {
        let id = ConstantId(self.context.constants.len());
        self.define(owner, ident, Item::Constant(id));
        self.context.constants.push(ConstantItem {
            name: ident.to_string(),
            owner: owner.cloned(),
            ty,
            expr,
            span: ident.span,
            public: is_public(visibility),
            value: Query::Waiting.into(),
        });
    }

    /// Declares a function.
    pub(super) fn function(
        &mut self,
        visibility: &syntax::Visibility<'_>,
        owner: Option<&Type>,
        syntax: &'s syntax::Signature<'s>,
        block: &'s syntax::Block<'s>,
    ) -> FunctionId {
        let id = FunctionId(self.context.functions.len());
        self.generics(syntax.generics);
        self.define(owner, &syntax.ident, Item::Function(id));
        self.context.functions.push(FunctionItem {
            name: syntax.ident.to_string(),
            owner: owner.cloned(),
            syntax,
            block,
            span: syntax.ident.span,
            public: is_public(visibility),
            signature: Default::default(),
            body: Query::Waiting.into(),
        });
        id
    }
}
