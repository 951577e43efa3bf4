//! Paths, and what stands between the `<` and `>` of one.

use super::token::T;
use super::types::begins_path;
use super::{GenericArgument, Ident, Parser, Path, PathArguments, PathSegment, Read, Wanted};

impl<'s> Parser<'_, 's> {
    /// A path. In an expression, `::` stands before each `<`.
    pub(super) fn path(&mut self, in_expression: bool) -> Read<Path<'s>> {
        let start = self.here();
        let leading_colon = self.eat(T::PathSep);
        let first = self.segment(in_expression)?;
        let mut path = Path {
            leading_colon,
            first,
            rest: Vec::new(),
            span: start,
        };
        self.segments_after(&mut path, in_expression)?;
        path.span = self.since(start);
        Ok(path)
    }

    fn segments_after(&mut self, path: &mut Path<'s>, in_expression: bool) -> Read<()> {
        while self.eat(T::PathSep) {
            path.rest.push(self.segment(in_expression)?);
        }
        Ok(())
    }

    fn segment(&mut self, in_expression: bool) -> Read<PathSegment<'s>> {
        let plain = matches!(self.kind(), T::Crate | T::SelfValue | T::Super);
        let ident = self.segment_name()?;
        let arguments = match self.kind() {
            _ if plain => PathArguments::None,
            T::Lt | T::Shl if !in_expression => self.angles()?,
            T::PathSep if matches!(self.ahead(1), T::Lt | T::Shl) => {
                self.bump();
                self.angles()?
            }
            T::Paren if !in_expression => {
                self.skip();
                self.returned()?;
                PathArguments::Parenthesized
            }
            _ => PathArguments::None,
        };
        Ok(PathSegment { ident, arguments })
    }

    fn segment_name(&mut self) -> Read<Ident<'s>> {
        match self.kind() {
            T::PathSep => self.unread(Wanted::Name),
            kind if begins_path(kind) => Ok(self.any_ident()),
            _ => self.unread(Wanted::Name),
        }
    }

    /// `<A, B>`
    fn angles(&mut self) -> Read<PathArguments<'s>> {
        self.require(T::Lt, "<")?;
        let mut arguments = Vec::new();
        while !self.is(T::Gt) {
            arguments.push(self.generic_argument()?);
            if !self.is(T::Gt) {
                self.require(T::Comma, ",")?;
            }
        }
        self.bump();
        Ok(PathArguments::AngleBracketed(arguments))
    }

    fn generic_argument(&mut self) -> Read<GenericArgument<'s>> {
        if self.lifetime().is_some() {
            return Ok(GenericArgument::Other);
        }
        match self.kind() {
            T::Int | T::Float | T::Text | T::Char | T::True | T::False | T::Brace => {
                self.skip();
                return Ok(GenericArgument::Other);
            }
            T::Minus => {
                self.bump();
                self.bump();
                return Ok(GenericArgument::Other);
            }
            T::Ident if self.ahead(1) == T::Eq => {
                self.bump();
                self.bump();
                return self.generic_argument().map(|_| GenericArgument::Other);
            }
            T::Ident if self.ahead(1) == T::Colon => {
                self.bump();
                self.bump();
                self.bounds()?;
                return Ok(GenericArgument::Other);
            }
            _ => {}
        }
        self.ty().map(GenericArgument::Type)
    }

    /// `<T as Trait>::name`: what is after the first `<` and `>`, with the trait's names.
    pub(super) fn qualified_path(&mut self, in_expression: bool) -> Read<Path<'s>> {
        self.require(T::Lt, "<")?;
        self.ty()?;
        let path = match self.eat(T::As) {
            true => Some(self.path(false)?),
            false => None,
        };
        self.require(T::Gt, ">")?;
        let start = self.here();
        self.require(T::PathSep, "::")?;
        match path {
            Some(mut path) => {
                path.rest.push(self.segment(in_expression)?);
                self.segments_after(&mut path, in_expression)?;
                path.span = self.since(path.span);
                Ok(path)
            }
            None => {
                let first = self.segment(in_expression)?;
                let mut path = Path {
                    leading_colon: true,
                    first,
                    rest: Vec::new(),
                    span: start,
                };
                self.segments_after(&mut path, in_expression)?;
                path.span = self.since(start);
                Ok(path)
            }
        }
    }

    /// The arguments after the `::` of a method.
    pub(super) fn turbofish(&mut self) -> Read<()> {
        self.angles().map(|_| ())
    }
}
