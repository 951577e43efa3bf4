//! Patterns.

use proc_macro2::Span;
use syn::Pat;

use super::types::begin;
use super::{Around, outer};

impl Around for Pat {
    fn first(&self) -> Option<Span> {
        match self {
            Pat::Const(it) => outer(&it.attrs).or(it.const_token.first()),
            Pat::Ident(it) => outer(&it.attrs)
                .or(it.by_ref.first())
                .or(it.mutability.first())
                .or_else(|| it.ident.first()),
            Pat::Lit(it) => outer(&it.attrs).or_else(|| it.lit.first()),
            Pat::Macro(it) => outer(&it.attrs).or_else(|| it.mac.first()),
            Pat::Or(it) => outer(&it.attrs)
                .or(it.leading_vert.first())
                .or_else(|| Around::first(&it.cases)),
            Pat::Paren(it) => outer(&it.attrs).or(it.paren_token.first()),
            Pat::Path(it) => outer(&it.attrs).or_else(|| begin(&it.qself, &it.path)),
            Pat::Range(it) => outer(&it.attrs)
                .or_else(|| it.start.first())
                .or_else(|| it.limits.first()),
            Pat::Reference(it) => outer(&it.attrs).or(it.and_token.first()),
            Pat::Rest(it) => outer(&it.attrs).or(it.dot2_token.spans.first().copied()),
            Pat::Slice(it) => outer(&it.attrs).or(it.bracket_token.first()),
            Pat::Struct(it) => outer(&it.attrs).or_else(|| begin(&it.qself, &it.path)),
            Pat::Tuple(it) => outer(&it.attrs).or(it.paren_token.first()),
            Pat::TupleStruct(it) => outer(&it.attrs).or_else(|| begin(&it.qself, &it.path)),
            Pat::Type(it) => outer(&it.attrs).or_else(|| it.pat.first()),
            Pat::Verbatim(it) => it.first(),
            Pat::Wild(it) => outer(&it.attrs).or(Some(it.underscore_token.span)),
            _ => None,
        }
    }

    fn last(&self) -> Option<Span> {
        match self {
            Pat::Const(it) => it.block.last(),
            Pat::Ident(it) => match &it.subpat {
                Some((_, within)) => within.last(),
                None => it.ident.last(),
            },
            Pat::Lit(it) => it.lit.last(),
            Pat::Macro(it) => it.mac.last(),
            Pat::Or(it) => Around::last(&it.cases),
            Pat::Paren(it) => it.paren_token.last(),
            Pat::Path(it) => it.path.last(),
            Pat::Range(it) => it.end.last().or_else(|| it.limits.last()),
            Pat::Reference(it) => it.pat.last(),
            Pat::Rest(it) => it.dot2_token.spans.last().copied(),
            Pat::Slice(it) => it.bracket_token.last(),
            Pat::Struct(it) => it.brace_token.last(),
            Pat::Tuple(it) => it.paren_token.last(),
            Pat::TupleStruct(it) => it.paren_token.last(),
            Pat::Type(it) => it.ty.last(),
            Pat::Verbatim(it) => it.last(),
            Pat::Wild(it) => Some(it.underscore_token.span),
            _ => None,
        }
    }
}
