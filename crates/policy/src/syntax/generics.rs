//! What is declared between `<` and `>`, and after `where`: it is passed over.

use super::token::T;
use super::{Generics, Parser, Read, Wanted};

impl Parser<'_, '_> {
    /// `<…>`, if it is there.
    pub(super) fn generics(&mut self) -> Read<Generics> {
        match self.is(T::Lt) {
            true => self.generic_parameters(),
            false => Ok(Generics::default()),
        }
    }

    /// `<…>`
    pub(super) fn generic_parameters(&mut self) -> Read<Generics> {
        self.require(T::Lt, "<")?;
        let start = self.here();
        let mut lifetime = false;
        let mut depth = 1usize;
        let mut any = false;
        loop {
            match self.kind() {
                T::End | T::CloseParen | T::CloseBracket | T::CloseBrace | T::Semi | T::Brace
                    if depth > 0 =>
                {
                    return self.unread(Wanted::Sign(">"));
                }
                T::Lt => depth += 1,
                T::Shl => depth += 2,
                T::Gt => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                T::Lifetime => lifetime |= depth == 1,
                _ => {}
            }
            any = true;
            self.skip();
        }
        let span = any.then(|| self.since(start));
        self.bump();
        Ok(Generics { span, lifetime })
    }

    /// `where …`, if it is there, up to what comes after it.
    pub(super) fn where_clause(&mut self, generics: &mut Generics) {
        let start = self.here();
        if !self.eat(T::Where) {
            return;
        }
        let mut any = false;
        while !self.is_empty() && !matches!(self.kind(), T::Brace | T::Semi) {
            self.skip();
            any = true;
        }
        if any && generics.span.is_none() {
            generics.span = Some(self.since(start));
        }
    }
}
