//! Patterns.

use super::{Around, Expr, Ident, Lit, Path};
use crate::diagnostic::Span;

/// A pattern.
#[derive(Debug)]
pub(crate) enum Pat<'s> {
    Ident(Box<PatIdent<'s>>),
    Lit(Lit<'s>, Span),
    Or(Vec<Pat<'s>>, Span),
    Paren(Box<(Pat<'s>, Span)>),
    Path(Box<Path<'s>>),
    Range(Box<PatRange<'s>>),
    Reference(Box<(Pat<'s>, Span)>),
    /// `..`
    Rest(Span),
    Slice(Vec<Pat<'s>>, Span),
    /// The patterns of its fields.
    Struct(Vec<Pat<'s>>, Span),
    Tuple(Vec<Pat<'s>>, Span),
    TupleStruct(Box<PatTupleStruct<'s>>),
    Wild(Span),
    /// Nobody thought of it.
    Other(Span),
}

impl Around for Pat<'_> {
    fn span(&self) -> Span {
        match self {
            Pat::Ident(it) => it.span,
            Pat::Path(it) => it.span,
            Pat::Range(it) => it.span,
            Pat::TupleStruct(it) => it.span,
            Pat::Paren(it) | Pat::Reference(it) => it.1,
            Pat::Lit(_, span)
            | Pat::Or(_, span)
            | Pat::Rest(span)
            | Pat::Slice(_, span)
            | Pat::Struct(_, span)
            | Pat::Tuple(_, span)
            | Pat::Wild(span)
            | Pat::Other(span) => *span,
        }
    }
}

/// A name, which is given what is matched.
#[derive(Debug)]
pub(crate) struct PatIdent<'s> {
    pub(crate) by_ref: bool,
    pub(crate) mutability: bool,
    pub(crate) ident: Ident<'s>,
    /// What stands after `@`.
    pub(crate) subpat: Option<Pat<'s>>,
    pub(crate) span: Span,
}

/// `a..b` and `a..=b`, with or without ends.
#[derive(Debug)]
pub(crate) struct PatRange<'s> {
    pub(crate) start: Option<Expr<'s>>,
    pub(crate) closed: bool,
    pub(crate) end: Option<Expr<'s>>,
    pub(crate) span: Span,
}

/// `Name(…)`.
#[derive(Debug)]
pub(crate) struct PatTupleStruct<'s> {
    pub(crate) path: Path<'s>,
    pub(crate) elems: Vec<Pat<'s>>,
    pub(crate) span: Span,
}
