//! Types.

use super::token::T;
use super::{OtherType, Parser, Read, Type, TypeArray, TypeReference, Wanted};
use crate::diagnostic::Span;

impl<'s> Parser<'_, 's> {
    /// A type.
    pub(crate) fn ty(&mut self) -> Read<Type<'s>> {
        let start = self.here();
        let other = match self.kind() {
            T::Paren => return self.type_in_parentheses(start),
            T::Bracket => return self.array_type(start),
            T::Amp | T::AmpAmp => return self.reference_type(start),
            T::Bang => {
                self.bump();
                OtherType::Never
            }
            T::Underscore => {
                self.bump();
                OtherType::Infer
            }
            T::Star => {
                self.bump();
                if !self.eat(T::Mut) && !self.eat(T::Const) {
                    return self.unread(Wanted::Sign("const"));
                }
                self.ty()?;
                OtherType::Pointer
            }
            T::Dyn | T::Impl => {
                self.bump();
                self.bounds()?;
                OtherType::Trait
            }
            T::Fn | T::Unsafe | T::Extern | T::For => {
                self.function_type()?;
                OtherType::FunctionPointer
            }
            T::Lt => {
                self.qualified_path(false)?;
                OtherType::Unnamed
            }
            kind if begins_path(kind) => {
                let path = self.path(false)?;
                if !self.is(T::Bang) {
                    return Ok(Type::Path(Box::new(path)));
                }
                self.bump();
                if !matches!(self.kind(), T::Paren | T::Bracket | T::Brace) {
                    return self.unread(Wanted::Parentheses);
                }
                self.skip();
                OtherType::Unnamed
            }
            _ => return self.unread(Wanted::Type),
        };
        Ok(Type::Other(other, self.since(start)))
    }

    fn type_in_parentheses(&mut self, start: Span) -> Read<Type<'s>> {
        self.bump();
        let (mut types, comma) = self.list(&mut Self::ty)?;
        self.close(start)?;
        let span = self.since(start);
        Ok(match types.pop() {
            Some(only) if types.is_empty() && !comma => Type::Paren(Box::new((only, span))),
            last => {
                types.extend(last);
                Type::Tuple(types, span)
            }
        })
    }

    fn array_type(&mut self, start: Span) -> Read<Type<'s>> {
        self.bump();
        let elem = self.ty()?;
        if self.is(T::CloseBracket) {
            self.bump();
            return Ok(Type::Other(OtherType::Slice, self.since(start)));
        }
        self.require(T::Semi, ";")?;
        let len = self.expr()?;
        self.close(start)?;
        Ok(Type::Array(Box::new(TypeArray {
            elem,
            len,
            span: self.since(start),
        })))
    }

    fn reference_type(&mut self, start: Span) -> Read<Type<'s>> {
        let twice = self.is(T::AmpAmp);
        self.bump();
        let lifetime = self.lifetime();
        let mutability = self.eat(T::Mut);
        let elem = self.ty()?;
        let span = self.since(start);
        let inner = TypeReference {
            lifetime,
            mutability,
            elem,
            span: if twice { span.tail() } else { span },
        };
        let inner = Type::Reference(Box::new(inner));
        if !twice {
            return Ok(inner);
        }
        Ok(Type::Reference(Box::new(TypeReference {
            lifetime: None,
            mutability: false,
            elem: inner,
            span,
        })))
    }

    /// `fn(A) -> B`, with what may stand before it.
    fn function_type(&mut self) -> Read<()> {
        if self.eat(T::For) {
            self.generic_parameters()?;
        }
        if !matches!(self.kind(), T::Fn | T::Unsafe | T::Extern) {
            return self.bounds();
        }
        self.eat(T::Unsafe);
        if self.eat(T::Extern) {
            self.eat(T::Text);
        }
        self.require(T::Fn, "fn")?;
        if !self.is(T::Paren) {
            return self.unread(Wanted::Parentheses);
        }
        self.skip();
        self.returned()
    }

    /// `-> T`, if it is there.
    pub(super) fn returned(&mut self) -> Read<()> {
        if self.eat(T::Arrow) {
            self.ty()?;
        }
        Ok(())
    }

    /// `A + 'b + ?C`.
    pub(super) fn bounds(&mut self) -> Read<()> {
        loop {
            if self.lifetime().is_none() {
                self.bound()?;
            }
            if !self.eat(T::Plus) {
                return Ok(());
            }
        }
    }

    fn bound(&mut self) -> Read<()> {
        if self.is(T::Paren) {
            self.skip();
            return Ok(());
        }
        self.eat(T::Question);
        if self.eat(T::For) {
            self.generic_parameters()?;
        }
        match begins_path(self.kind()) {
            true => self.path(false).map(|_| ()),
            false => self.unread(Wanted::Type),
        }
    }
}

/// Whether a path can begin so.
pub(super) fn begins_path(kind: T) -> bool {
    matches!(
        kind,
        T::Ident | T::SelfValue | T::SelfType | T::Super | T::Crate | T::PathSep
    )
}
