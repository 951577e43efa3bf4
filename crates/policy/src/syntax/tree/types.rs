//! Types and paths.

use super::{Around, Expr, Ident, Lifetime};
use crate::diagnostic::Span;

/// A type as written.
#[derive(Debug)]
pub(crate) enum Type<'s> {
    Array(Box<TypeArray<'s>>),
    Paren(Box<(Type<'s>, Span)>),
    Path(Box<Path<'s>>),
    Reference(Box<TypeReference<'s>>),
    Tuple(Vec<Type<'s>>, Span),
    Other(OtherType, Span),
}

/// A type outside the subset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OtherType {
    FunctionPointer,
    Infer,
    Never,
    Pointer,
    Slice,
    /// `impl …` and `dyn …`.
    Trait,
    Unnamed,
}

impl Around for Type<'_> {
    fn span(&self) -> Span {
        match self {
            Type::Array(it) => it.span,
            Type::Path(it) => it.span,
            Type::Reference(it) => it.span,
            Type::Paren(it) => it.1,
            Type::Tuple(_, span) | Type::Other(_, span) => *span,
        }
    }
}

/// `[T; n]`.
#[derive(Debug)]
pub(crate) struct TypeArray<'s> {
    pub(crate) elem: Type<'s>,
    pub(crate) len: Expr<'s>,
    pub(crate) span: Span,
}

/// `&T` and `&mut T`.
#[derive(Debug)]
pub(crate) struct TypeReference<'s> {
    pub(crate) lifetime: Option<Lifetime<'s>>,
    pub(crate) mutability: bool,
    pub(crate) elem: Type<'s>,
    pub(crate) span: Span,
}

/// Names with `::` between them; mostly there is one.
#[derive(Debug)]
pub(crate) struct Path<'s> {
    pub(crate) leading_colon: bool,
    pub(crate) first: PathSegment<'s>,
    pub(crate) rest: Vec<PathSegment<'s>>,
    pub(crate) span: Span,
}

impl<'s> Path<'s> {
    /// One name.
    pub(crate) fn alone(ident: Ident<'s>) -> Path<'s> {
        Path {
            leading_colon: false,
            first: PathSegment {
                ident,
                arguments: PathArguments::None,
            },
            rest: Vec::new(),
            span: ident.span,
        }
    }

    /// Its names in order.
    pub(crate) fn segments(&self) -> impl Iterator<Item = &PathSegment<'s>> {
        std::iter::once(&self.first).chain(&self.rest)
    }

    /// Its name, if it has one alone and nothing else.
    pub(crate) fn get_ident(&self) -> Option<&Ident<'s>> {
        let alone = !self.leading_colon
            && self.rest.is_empty()
            && matches!(self.first.arguments, PathArguments::None);
        alone.then_some(&self.first.ident)
    }

    /// Whether it is this name alone.
    pub(crate) fn is_ident(&self, name: &str) -> bool {
        self.get_ident().is_some_and(|ident| ident == name)
    }
}

/// A name of a path, and what it is given.
#[derive(Debug)]
pub(crate) struct PathSegment<'s> {
    pub(crate) ident: Ident<'s>,
    pub(crate) arguments: PathArguments<'s>,
}

/// What stands after a name of a path.
#[derive(Debug)]
pub(crate) enum PathArguments<'s> {
    None,
    AngleBracketed(Vec<GenericArgument<'s>>),
    /// As in `Fn(u32) -> bool`.
    Parenthesized,
}

impl PathArguments<'_> {
    /// Whether there is nothing.
    pub(crate) fn is_none(&self) -> bool {
        matches!(self, PathArguments::None)
    }
}

/// What stands between `<` and `>`.
#[derive(Debug)]
pub(crate) enum GenericArgument<'s> {
    Type(Type<'s>),
    /// A lifetime, a value, a bound or `name = type`.
    Other,
}
