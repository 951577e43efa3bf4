//! What stands between `<` and `>`, and after `where`.

use proc_macro2::Span;
use syn::{GenericParam, TypeParamBound, WherePredicate};

use super::{Around, outer};

impl Around for GenericParam {
    fn first(&self) -> Option<Span> {
        match self {
            GenericParam::Lifetime(it) => outer(&it.attrs).or_else(|| it.lifetime.first()),
            GenericParam::Type(it) => outer(&it.attrs).or_else(|| it.ident.first()),
            GenericParam::Const(it) => outer(&it.attrs).or(it.const_token.first()),
        }
    }

    fn last(&self) -> Option<Span> {
        match self {
            GenericParam::Lifetime(it) => Around::last(&it.bounds).or_else(|| it.lifetime.last()),
            GenericParam::Type(it) => it
                .default
                .last()
                .or_else(|| Around::last(&it.bounds))
                .or_else(|| it.ident.last()),
            GenericParam::Const(it) => it.default.last().or_else(|| it.ty.last()),
        }
    }
}

impl Around for TypeParamBound {
    fn first(&self) -> Option<Span> {
        match self {
            TypeParamBound::Trait(it) => {
                let question = match &it.modifier {
                    syn::TraitBoundModifier::Maybe(it) => it.first(),
                    syn::TraitBoundModifier::None => None,
                };
                let lifetimes = || it.lifetimes.as_ref().map(|it| it.for_token.span);
                it.paren_token
                    .first()
                    .or(question)
                    .or_else(lifetimes)
                    .or_else(|| it.path.first())
            }
            TypeParamBound::Lifetime(it) => it.first(),
            TypeParamBound::PreciseCapture(it) => it.use_token.first(),
            TypeParamBound::Verbatim(it) => it.first(),
            _ => None,
        }
    }

    fn last(&self) -> Option<Span> {
        match self {
            TypeParamBound::Trait(it) => it.paren_token.last().or_else(|| it.path.last()),
            TypeParamBound::Lifetime(it) => it.last(),
            TypeParamBound::PreciseCapture(it) => Some(it.gt_token.span),
            TypeParamBound::Verbatim(it) => it.last(),
            _ => None,
        }
    }
}

impl Around for WherePredicate {
    fn first(&self) -> Option<Span> {
        match self {
            WherePredicate::Lifetime(it) => it.lifetime.first(),
            WherePredicate::Type(it) => {
                let lifetimes = it.lifetimes.as_ref().map(|it| it.for_token.span);
                lifetimes.or_else(|| it.bounded_ty.first())
            }
            _ => None,
        }
    }

    fn last(&self) -> Option<Span> {
        match self {
            WherePredicate::Lifetime(it) => Around::last(&it.bounds).or(Some(it.colon_token.span)),
            WherePredicate::Type(it) => Around::last(&it.bounds).or(Some(it.colon_token.span)),
            _ => None,
        }
    }
}

impl Around for syn::WhereClause {
    fn first(&self) -> Option<Span> {
        (!self.predicates.is_empty()).then_some(self.where_token.span)
    }

    fn last(&self) -> Option<Span> {
        Around::last(&self.predicates)
    }
}
