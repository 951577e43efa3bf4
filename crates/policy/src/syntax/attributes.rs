//! Attributes, comments, and who may name an item.

use super::token::T;
use super::{Attribute, Meta, Parser, Path, Read, Visibility, Wanted};

impl<'s> Parser<'_, 's> {
    /// Attributes and comments: those before something, or those at the start within it.
    pub(super) fn attributes(
        &mut self,
        outer: bool,
        attributes: &mut Vec<Attribute<'s>>,
    ) -> Read<()> {
        loop {
            let start = self.here();
            let meta = match (self.kind(), outer) {
                (T::Doc, true) | (T::InnerDoc, false) => {
                    self.bump();
                    Meta::Doc
                }
                (T::Hash, true) if self.ahead(1) == T::Bracket => {
                    self.bump();
                    self.meta()?
                }
                (T::Hash, false) if self.ahead(1) == T::Bang && self.ahead(2) == T::Bracket => {
                    self.bump();
                    self.bump();
                    self.meta()?
                }
                _ => return Ok(()),
            };
            let span = self.since(start);
            attributes.push(Attribute { outer, meta, span });
        }
    }

    /// `[…]` of an attribute.
    fn meta(&mut self) -> Read<Meta<'s>> {
        let end = self.partner(self.at);
        self.bump();
        let path = self.path(true)?;
        let bare = self.at == end;
        let meta = match path.get_ident().map(|name| name.text) {
            Some("doc") => Meta::Doc,
            Some("derive") if self.is(T::Paren) => Meta::Derive(self.names()),
            Some("allow" | "expect") if self.is(T::Paren) => Meta::Lints(false, self.names()),
            Some("warn") if self.is(T::Paren) => Meta::Lints(true, self.names()),
            Some("cold") if bare => Meta::Hint,
            Some("inline") if bare || self.says("always") || self.says("never") => Meta::Hint,
            Some("must_use") if bare => Meta::MustUse,
            Some("must_use") if self.is(T::Eq) && self.ahead(1) == T::Text => Meta::MustUse,
            _ => Meta::Other,
        };
        self.at = end + 1;
        Ok(meta)
    }

    /// The names in the parentheses that come next, if there is nothing else in them.
    fn names(&self) -> Option<Vec<Path<'s>>> {
        let mut inner = self.within(self.at + 1, self.partner(self.at));
        let names = inner.list(&mut |it: &mut Self| it.path(true));
        names.ok().map(|(names, _)| names)
    }

    /// Whether `(word)` comes next, and nothing behind it.
    fn says(&self, word: &str) -> bool {
        self.is(T::Paren) && self.word_at(1, word) && self.ahead(2) == T::CloseParen
    }

    /// Who may name what follows.
    pub(super) fn visibility(&mut self) -> Read<Visibility<'s>> {
        let start = self.here();
        if !self.eat(T::Pub) {
            return Ok(Visibility::Inherited);
        }
        let restricted = self.is(T::Paren)
            && match self.ahead(1) {
                T::In => true,
                T::Crate | T::SelfValue | T::Super => self.ahead(2) == T::CloseParen,
                _ => false,
            };
        if !restricted {
            return Ok(Visibility::Public(start));
        }
        let end = self.partner(self.at);
        self.bump();
        self.eat(T::In);
        let path: Path<'s> = self.path(true)?;
        if self.at != end {
            return self.unread(Wanted::End);
        }
        self.bump();
        let span = self.since(start);
        Ok(Visibility::Restricted(Box::new(path), span))
    }
}
