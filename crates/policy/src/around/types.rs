//! Types and paths.

use proc_macro2::Span;
use syn::{Path, PathArguments, QSelf, ReturnType, Type};

use super::Around;

/// Where a path begins, its `<Type as` included.
pub(super) fn begin(qualified: &Option<QSelf>, path: &Path) -> Option<Span> {
    match qualified {
        Some(it) => Some(it.lt_token.span),
        None => path.first(),
    }
}

impl Around for Path {
    fn first(&self) -> Option<Span> {
        let segment = || self.segments.first()?.ident.first();
        self.leading_colon.first().or_else(segment)
    }

    fn last(&self) -> Option<Span> {
        let segment = self.segments.last()?;
        match &segment.arguments {
            PathArguments::None => segment.ident.last(),
            PathArguments::AngleBracketed(it) => it.last(),
            PathArguments::Parenthesized(it) => it.output.last().or(it.paren_token.last()),
        }
    }
}

impl Around for syn::AngleBracketedGenericArguments {
    fn first(&self) -> Option<Span> {
        self.colon2_token.first().or(Some(self.lt_token.span))
    }

    fn last(&self) -> Option<Span> {
        Some(self.gt_token.span)
    }
}

impl Around for ReturnType {
    fn first(&self) -> Option<Span> {
        match self {
            ReturnType::Default => None,
            ReturnType::Type(arrow, _) => arrow.spans.first().copied(),
        }
    }

    fn last(&self) -> Option<Span> {
        match self {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => ty.last(),
        }
    }
}

impl Around for Type {
    fn first(&self) -> Option<Span> {
        match self {
            Type::Array(it) => it.first(),
            Type::BareFn(it) => {
                let lifetimes = it.lifetimes.as_ref().map(|it| it.for_token.span);
                lifetimes
                    .or(it.unsafety.first())
                    .or(it.abi.first())
                    .or(it.fn_token.first())
            }
            Type::Group(it) => it.elem.first(),
            Type::ImplTrait(it) => it.impl_token.first(),
            Type::Infer(it) => Some(it.underscore_token.span),
            Type::Macro(it) => it.mac.first(),
            Type::Never(it) => Some(it.bang_token.span),
            Type::Paren(it) => it.paren_token.first(),
            Type::Path(it) => it.first(),
            Type::Ptr(it) => Some(it.star_token.span),
            Type::Reference(it) => it.first(),
            Type::Slice(it) => it.bracket_token.first(),
            Type::TraitObject(it) => it.dyn_token.first().or_else(|| Around::first(&it.bounds)),
            Type::Tuple(it) => it.paren_token.first(),
            Type::Verbatim(it) => it.first(),
            _ => None,
        }
    }

    fn last(&self) -> Option<Span> {
        match self {
            Type::Array(it) => it.last(),
            Type::BareFn(it) => it.output.last().or(it.paren_token.last()),
            Type::Group(it) => it.elem.last(),
            Type::ImplTrait(it) => Around::last(&it.bounds),
            Type::Infer(it) => Some(it.underscore_token.span),
            Type::Macro(it) => it.mac.last(),
            Type::Never(it) => Some(it.bang_token.span),
            Type::Paren(it) => it.paren_token.last(),
            Type::Path(it) => it.last(),
            Type::Ptr(it) => it.elem.last(),
            Type::Reference(it) => it.last(),
            Type::Slice(it) => it.bracket_token.last(),
            Type::TraitObject(it) => Around::last(&it.bounds),
            Type::Tuple(it) => it.paren_token.last(),
            Type::Verbatim(it) => it.last(),
            _ => None,
        }
    }
}

impl Around for syn::TypeArray {
    fn first(&self) -> Option<Span> {
        self.bracket_token.first()
    }

    fn last(&self) -> Option<Span> {
        self.bracket_token.last()
    }
}

impl Around for syn::TypePath {
    fn first(&self) -> Option<Span> {
        begin(&self.qself, &self.path)
    }

    fn last(&self) -> Option<Span> {
        self.path.last()
    }
}

impl Around for syn::TypeReference {
    fn first(&self) -> Option<Span> {
        self.and_token.first()
    }

    fn last(&self) -> Option<Span> {
        self.elem.last()
    }
}
