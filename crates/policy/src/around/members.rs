//! What items hold: attributes, fields, parameters and functions.

use proc_macro2::Span;
use syn::{FnArg, ImplItem, Visibility};

use super::items::begin;
use super::{Around, outer};

impl Around for syn::Attribute {
    fn first(&self) -> Option<Span> {
        Some(self.pound_token.span)
    }

    fn last(&self) -> Option<Span> {
        self.bracket_token.last()
    }
}

impl Around for Visibility {
    fn first(&self) -> Option<Span> {
        match self {
            Visibility::Public(it) => it.first(),
            Visibility::Restricted(it) => it.pub_token.first(),
            Visibility::Inherited => None,
        }
    }

    fn last(&self) -> Option<Span> {
        match self {
            Visibility::Public(it) => it.last(),
            Visibility::Restricted(it) => it.paren_token.last(),
            Visibility::Inherited => None,
        }
    }
}

impl Around for syn::Field {
    fn first(&self) -> Option<Span> {
        match &self.ident {
            Some(name) => begin(&self.attrs, &self.vis, name),
            None => begin(&self.attrs, &self.vis, &self.ty),
        }
    }

    fn last(&self) -> Option<Span> {
        self.ty.last()
    }
}

impl Around for syn::FieldsUnnamed {
    fn first(&self) -> Option<Span> {
        self.paren_token.first()
    }

    fn last(&self) -> Option<Span> {
        self.paren_token.last()
    }
}

impl Around for syn::Variant {
    fn first(&self) -> Option<Span> {
        outer(&self.attrs).or_else(|| self.ident.first())
    }

    fn last(&self) -> Option<Span> {
        match (&self.discriminant, &self.fields) {
            (Some((_, value)), _) => value.last(),
            (None, syn::Fields::Named(it)) => it.brace_token.last(),
            (None, syn::Fields::Unnamed(it)) => it.paren_token.last(),
            (None, syn::Fields::Unit) => self.ident.last(),
        }
    }
}

impl Around for syn::FieldValue {
    fn first(&self) -> Option<Span> {
        outer(&self.attrs).or_else(|| self.member.first())
    }

    fn last(&self) -> Option<Span> {
        match self.colon_token {
            Some(_) => self.expr.last(),
            None => self.member.last(),
        }
    }
}

impl Around for syn::Arm {
    fn first(&self) -> Option<Span> {
        outer(&self.attrs).or_else(|| self.pat.first())
    }

    fn last(&self) -> Option<Span> {
        self.comma.last().or_else(|| self.body.last())
    }
}

impl Around for syn::Receiver {
    fn first(&self) -> Option<Span> {
        let reference = self.reference.as_ref().map(|(and, _)| and.span);
        outer(&self.attrs)
            .or(reference)
            .or(self.mutability.first())
            .or(Some(self.self_token.span))
    }

    fn last(&self) -> Option<Span> {
        match self.colon_token {
            Some(_) => self.ty.last(),
            None => Some(self.self_token.span),
        }
    }
}

impl Around for FnArg {
    fn first(&self) -> Option<Span> {
        match self {
            FnArg::Receiver(it) => it.first(),
            FnArg::Typed(it) => outer(&it.attrs).or_else(|| it.pat.first()),
        }
    }

    fn last(&self) -> Option<Span> {
        match self {
            FnArg::Receiver(it) => it.last(),
            FnArg::Typed(it) => it.ty.last(),
        }
    }
}

impl Around for syn::Variadic {
    fn first(&self) -> Option<Span> {
        let name = self.pat.as_ref().and_then(|(pattern, _)| pattern.first());
        outer(&self.attrs)
            .or(name)
            .or(self.dots.spans.first().copied())
    }

    fn last(&self) -> Option<Span> {
        match &self.comma {
            Some(comma) => comma.last(),
            None => self.dots.spans.last().copied(),
        }
    }
}

impl Around for ImplItem {
    fn first(&self) -> Option<Span> {
        match self {
            ImplItem::Const(it) => match &it.defaultness {
                Some(word) => begin(&it.attrs, &it.vis, word),
                None => begin(&it.attrs, &it.vis, &it.const_token),
            },
            ImplItem::Fn(it) => match &it.defaultness {
                Some(word) => begin(&it.attrs, &it.vis, word),
                None => begin(&it.attrs, &it.vis, &it.sig),
            },
            ImplItem::Type(it) => match &it.defaultness {
                Some(word) => begin(&it.attrs, &it.vis, word),
                None => begin(&it.attrs, &it.vis, &it.type_token),
            },
            ImplItem::Macro(it) => outer(&it.attrs).or_else(|| it.mac.first()),
            ImplItem::Verbatim(it) => it.first(),
            _ => None,
        }
    }

    fn last(&self) -> Option<Span> {
        match self {
            ImplItem::Const(it) => it.semi_token.last(),
            ImplItem::Fn(it) => it.block.last(),
            ImplItem::Type(it) => it.semi_token.last(),
            ImplItem::Macro(it) => it.semi_token.last().or_else(|| it.mac.last()),
            ImplItem::Verbatim(it) => it.last(),
            _ => None,
        }
    }
}
