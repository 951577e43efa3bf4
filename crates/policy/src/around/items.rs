//! Items.

use proc_macro2::Span;
use syn::{Item, Visibility};

use super::{Around, outer};

impl Around for Item {
    fn first(&self) -> Option<Span> {
        match self {
            Item::Const(it) => begin(&it.attrs, &it.vis, &it.const_token),
            Item::Enum(it) => begin(&it.attrs, &it.vis, &it.enum_token),
            Item::ExternCrate(it) => begin(&it.attrs, &it.vis, &it.extern_token),
            Item::Fn(it) => begin(&it.attrs, &it.vis, &it.sig),
            Item::ForeignMod(it) => outer(&it.attrs).or(it.unsafety.first()).or(it.abi.first()),
            Item::Impl(it) => outer(&it.attrs)
                .or(it.defaultness.first())
                .or(it.unsafety.first())
                .or(it.impl_token.first()),
            Item::Macro(it) => outer(&it.attrs).or_else(|| it.mac.first()),
            Item::Mod(it) => match &it.unsafety {
                Some(word) => begin(&it.attrs, &it.vis, word),
                None => begin(&it.attrs, &it.vis, &it.mod_token),
            },
            Item::Static(it) => begin(&it.attrs, &it.vis, &it.static_token),
            Item::Struct(it) => begin(&it.attrs, &it.vis, &it.struct_token),
            Item::Trait(it) => match (&it.unsafety, &it.auto_token) {
                (Some(word), _) => begin(&it.attrs, &it.vis, word),
                (None, Some(word)) => begin(&it.attrs, &it.vis, word),
                (None, None) => begin(&it.attrs, &it.vis, &it.trait_token),
            },
            Item::TraitAlias(it) => begin(&it.attrs, &it.vis, &it.trait_token),
            Item::Type(it) => begin(&it.attrs, &it.vis, &it.type_token),
            Item::Union(it) => begin(&it.attrs, &it.vis, &it.union_token),
            Item::Use(it) => it.first(),
            Item::Verbatim(it) => it.first(),
            _ => None,
        }
    }

    fn last(&self) -> Option<Span> {
        match self {
            Item::Const(it) => it.semi_token.last(),
            Item::Enum(it) => it.brace_token.last(),
            Item::ExternCrate(it) => it.semi_token.last(),
            Item::Fn(it) => it.block.last(),
            Item::ForeignMod(it) => it.brace_token.last(),
            Item::Impl(it) => it.brace_token.last(),
            Item::Macro(it) => it.semi_token.last().or_else(|| it.mac.last()),
            Item::Mod(it) => match &it.content {
                Some((brace, _)) => brace.last(),
                None => it.semi.last(),
            },
            Item::Static(it) => it.semi_token.last(),
            Item::Struct(it) => match &it.fields {
                syn::Fields::Named(fields) => fields.brace_token.last(),
                _ => it.semi_token.last(),
            },
            Item::Trait(it) => it.brace_token.last(),
            Item::TraitAlias(it) => it.semi_token.last(),
            Item::Type(it) => it.semi_token.last(),
            Item::Union(it) => it.fields.brace_token.last(),
            Item::Use(it) => it.last(),
            Item::Verbatim(it) => it.last(),
            _ => None,
        }
    }
}

/// The first of an item's attributes, its visibility and its first word.
pub(super) fn begin(
    attributes: &[syn::Attribute],
    visibility: &Visibility,
    word: &dyn Around,
) -> Option<Span> {
    outer(attributes)
        .or_else(|| visibility.first())
        .or_else(|| word.first())
}

impl Around for syn::ItemUse {
    fn first(&self) -> Option<Span> {
        begin(&self.attrs, &self.vis, &self.use_token)
    }

    fn last(&self) -> Option<Span> {
        self.semi_token.last()
    }
}

impl Around for syn::Signature {
    fn first(&self) -> Option<Span> {
        self.constness
            .first()
            .or(self.asyncness.first())
            .or(self.unsafety.first())
            .or(self.abi.first())
            .or(self.fn_token.first())
    }

    /// Never asked for: what a signature ends with is its body's business.
    fn last(&self) -> Option<Span> {
        self.output.last().or(self.paren_token.last())
    }
}

impl Around for syn::Abi {
    fn first(&self) -> Option<Span> {
        self.extern_token.first()
    }

    fn last(&self) -> Option<Span> {
        match &self.name {
            Some(name) => Some(name.span()),
            None => self.extern_token.last(),
        }
    }
}
