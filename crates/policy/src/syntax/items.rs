//! Items, their attributes and who may name them.

use super::token::T;
use super::{
    Attribute, Field, Fields, FieldsNamed, File, Generics, Ident, Item, ItemConst, ItemEnum,
    ItemFn, ItemStruct, ItemUse, OtherItem, Parser, Read, Variant, Visibility, Wanted,
};
use crate::diagnostic::Span;

impl<'s> Parser<'_, 's> {
    /// A whole source.
    pub(crate) fn file(&mut self) -> Read<File<'s>> {
        let mut file = File::default();
        self.attributes(false, &mut file.attrs)?;
        while !self.is(T::End) {
            file.items.push(self.item()?);
        }
        Ok(file)
    }

    /// Whether an item stands next as a statement, rather than an expression.
    pub(super) fn begins_item(&self) -> bool {
        let word = |by: usize, word: &str| self.word_at(by, word);
        match self.kind() {
            T::Pub
            | T::Use
            | T::Fn
            | T::Struct
            | T::Enum
            | T::Trait
            | T::Impl
            | T::Mod
            | T::Type => true,
            T::Extern => true,
            T::Const => match self.ahead(1) {
                T::Brace | T::Bar | T::BarBar | T::Move | T::Static => false,
                T::Async => !matches!(self.ahead(2), T::Bar | T::BarBar | T::Move),
                _ => true,
            },
            T::Static => !matches!(self.ahead(1), T::Bar | T::BarBar | T::Move | T::Async),
            T::Unsafe => self.ahead(1) != T::Brace,
            T::Async => matches!(self.ahead(1), T::Fn | T::Unsafe | T::Extern),
            T::Ident => {
                word(0, "union") && self.ahead(1) == T::Ident
                    || word(0, "auto") && self.ahead(1) == T::Trait
                    || word(0, "default") && matches!(self.ahead(1), T::Impl | T::Unsafe)
                    || word(0, "macro_rules")
                        && self.ahead(1) == T::Bang
                        && self.ahead(2) == T::Ident
            }
            _ => false,
        }
    }

    pub(super) fn word_at(&self, by: usize, word: &str) -> bool {
        self.ahead(by) == T::Ident
            && self
                .tokens
                .get(self.at + by)
                .is_some_and(|token| token.text(self.source) == word)
    }

    /// An item with its attributes.
    pub(crate) fn item(&mut self) -> Read<Item<'s>> {
        let start = self.here();
        let mut attrs = Vec::new();
        self.attributes(true, &mut attrs)?;
        let vis = self.visibility()?;
        let start = attrs.first().map_or(start, |attribute| attribute.span);
        let implements = self.is(T::Impl) || self.is(T::Unsafe) && self.ahead(1) == T::Impl;
        if implements && !matches!(vis, Visibility::Inherited) {
            return self.unread(Wanted::Item);
        }
        match self.kind() {
            T::Use => return self.import(attrs, vis, start),
            T::Struct => return self.structure(attrs, vis, start),
            T::Enum => return self.enumeration(attrs, vis, start),
            T::Impl => return self.implementation(attrs, false, start).map(Item::Impl),
            T::Unsafe if self.ahead(1) == T::Impl => {
                self.bump();
                return self.implementation(attrs, true, start).map(Item::Impl);
            }
            T::Const if !matches!(self.ahead(1), T::Fn | T::Async | T::Unsafe | T::Extern) => {
                return self.constant(attrs, vis, start).map(Item::Const);
            }
            T::Fn | T::Const | T::Async => return self.function(attrs, vis, start).map(Item::Fn),
            T::Unsafe | T::Extern if self.is_function() => {
                return self.function(attrs, vis, start).map(Item::Fn);
            }
            _ => {}
        }
        self.other_item(start)
    }

    /// Whether `fn` comes after the words that may stand before it.
    fn is_function(&self) -> bool {
        let mut by = 0;
        while matches!(
            self.ahead(by),
            T::Const | T::Async | T::Unsafe | T::Extern | T::Text
        ) {
            by += 1;
        }
        self.ahead(by) == T::Fn
    }

    /// An item outside the subset, which is passed over.
    fn other_item(&mut self, start: Span) -> Read<Item<'s>> {
        let auto = self.is_word("auto") && self.ahead(1) == T::Trait;
        let foreign = matches!(self.ahead(1), T::Brace | T::Text | T::Crate);
        let (other, until_semi) = match self.kind() {
            T::Static => (OtherItem::Static, true),
            T::Type => (OtherItem::Type, true),
            T::Trait => (OtherItem::Trait, false),
            T::Mod => (OtherItem::Mod, false),
            T::Extern if foreign => (OtherItem::Foreign, false),
            T::Unsafe => match self.ahead(1) {
                T::Trait => (OtherItem::Trait, false),
                T::Mod => (OtherItem::Mod, false),
                T::Extern => (OtherItem::Foreign, false),
                _ => return self.unread(Wanted::Item),
            },
            T::Ident if auto => (OtherItem::Trait, false),
            T::Ident if self.is_word("union") && self.ahead(1) == T::Ident => {
                (OtherItem::Union, false)
            }
            T::Ident | T::SelfValue | T::SelfType | T::Super | T::Crate | T::PathSep => {
                return self.macro_item(start);
            }
            _ => return self.unread(Wanted::Item),
        };
        self.bump();
        while !self.is_empty() {
            let block = self.is(T::Brace) && !until_semi;
            let semi = self.is(T::Semi);
            self.skip();
            if block || semi {
                return Ok(Item::Other(other, self.since(start)));
            }
        }
        self.unread(Wanted::Sign(";"))
    }

    /// `name! { … }`, or what is no item.
    fn macro_item(&mut self, start: Span) -> Read<Item<'s>> {
        self.path(true)?;
        if !self.eat(T::Bang) {
            return self.unread(Wanted::Sign("!"));
        }
        self.eat(T::Ident);
        let braces = self.is(T::Brace);
        if !braces && !matches!(self.kind(), T::Paren | T::Bracket) {
            return self.unread(Wanted::Parentheses);
        }
        self.skip();
        if !braces {
            self.require(T::Semi, ";")?;
        }
        Ok(Item::Other(OtherItem::Macro, self.since(start)))
    }

    fn import(
        &mut self,
        attrs: Vec<Attribute<'s>>,
        vis: Visibility<'s>,
        start: Span,
    ) -> Read<Item<'s>> {
        self.bump();
        let glob = self.is(T::Ident)
            && self.ahead(1) == T::PathSep
            && self.ahead(2) == T::Star
            && self.ahead(3) == T::Semi;
        let mut glob_of = None;
        if glob {
            glob_of = Some(self.any_ident());
            self.bump();
            self.bump();
        } else {
            self.eat(T::PathSep);
            self.use_tree()?;
        }
        self.require(T::Semi, ";")?;
        let span = self.since(start);
        Ok(Item::Use(ItemUse {
            attrs,
            vis,
            glob_of,
            span,
        }))
    }

    fn use_tree(&mut self) -> Read<()> {
        match self.kind() {
            T::Star => {
                self.bump();
                return Ok(());
            }
            T::Brace => {
                let open = self.bump();
                self.list(&mut |it: &mut Self| {
                    it.eat(T::PathSep);
                    it.use_tree()
                })?;
                return self.close(open).map(|_| ());
            }
            T::Ident | T::SelfValue | T::Super | T::Crate => self.bump(),
            _ => return self.unread(Wanted::Name),
        };
        if self.eat(T::PathSep) {
            return self.use_tree();
        }
        if self.eat(T::As) && !self.eat(T::Underscore) {
            self.ident()?;
        }
        Ok(())
    }

    fn structure(
        &mut self,
        attrs: Vec<Attribute<'s>>,
        vis: Visibility<'s>,
        start: Span,
    ) -> Read<Item<'s>> {
        self.bump();
        let ident = self.ident()?;
        let mut generics = self.generics()?;
        self.where_clause(&mut generics);
        let fields = match self.kind() {
            T::Brace => Fields::Named(self.fields()?),
            T::Paren => {
                let from = self.skip();
                let span = self.since(from);
                self.where_clause(&mut generics);
                self.require(T::Semi, ";")?;
                Fields::Unnamed(span)
            }
            T::Semi => {
                self.bump();
                Fields::Unit
            }
            _ => return self.unread(Wanted::Braces),
        };
        let span = self.since(start);
        Ok(Item::Struct(ItemStruct {
            attrs,
            vis,
            ident,
            generics,
            fields,
            span,
        }))
    }

    fn fields(&mut self) -> Read<FieldsNamed<'s>> {
        let open = self.open(T::Brace, Wanted::Braces)?;
        let (named, _) = self.list(&mut Self::field_declared)?;
        let braces = self.close(open)?;
        Ok(FieldsNamed { braces, named })
    }

    /// `name: T` in a struct.
    pub(crate) fn field_declared(&mut self) -> Read<Field<'s>> {
        let start = self.here();
        let mut attrs = Vec::new();
        self.attributes(true, &mut attrs)?;
        let vis = self.visibility()?;
        let ident = self.ident()?;
        self.require(T::Colon, ":")?;
        let ty = self.ty()?;
        let span = self.since(start);
        Ok(Field {
            attrs,
            vis,
            ident,
            ty,
            span,
        })
    }

    fn enumeration(
        &mut self,
        attrs: Vec<Attribute<'s>>,
        vis: Visibility<'s>,
        start: Span,
    ) -> Read<Item<'s>> {
        self.bump();
        let ident = self.ident()?;
        let mut generics = self.generics()?;
        self.where_clause(&mut generics);
        let open = self.open(T::Brace, Wanted::Braces)?;
        let (variants, _) = self.list(&mut Self::variant)?;
        let braces = self.close(open)?;
        let span = self.since(start);
        Ok(Item::Enum(ItemEnum {
            attrs,
            vis,
            ident,
            generics,
            braces,
            variants,
            span,
        }))
    }

    /// A variant of an enum.
    pub(crate) fn variant(&mut self) -> Read<Variant<'s>> {
        let start = self.here();
        let mut attrs = Vec::new();
        self.attributes(true, &mut attrs)?;
        self.visibility()?;
        let ident: Ident<'s> = self.ident()?;
        let fields = matches!(self.kind(), T::Paren | T::Brace);
        if fields {
            self.skip();
        }
        let discriminant = self.eat(T::Eq);
        if discriminant {
            self.expr()?;
        }
        let span = self.since(start);
        Ok(Variant {
            attrs,
            ident,
            fields,
            discriminant,
            span,
        })
    }

    /// `const NAME: T = value;`
    pub(super) fn constant(
        &mut self,
        attrs: Vec<Attribute<'s>>,
        vis: Visibility<'s>,
        start: Span,
    ) -> Read<ItemConst<'s>> {
        self.bump();
        let ident = match self.kind() {
            T::Underscore => self.any_ident(),
            _ => self.ident()?,
        };
        let generics: Generics = self.generics()?;
        self.require(T::Colon, ":")?;
        let ty = self.ty()?;
        if self.is(T::Semi) {
            return self.unread(Wanted::Value);
        }
        let eq = self.require(T::Eq, "=")?;
        let expr = self.expr()?;
        self.require(T::Semi, ";")?;
        let span = self.since(start);
        Ok(ItemConst {
            attrs,
            vis,
            ident,
            generics,
            ty,
            eq,
            expr,
            span,
        })
    }

    /// A function.
    pub(super) fn function(
        &mut self,
        mut attrs: Vec<Attribute<'s>>,
        vis: Visibility<'s>,
        start: Span,
    ) -> Read<ItemFn<'s>> {
        let sig = self.signature()?;
        if self.is(T::Semi) {
            return self.unread(Wanted::Body);
        }
        let block = self.block_with(&mut attrs)?;
        let span = self.since(start);
        Ok(ItemFn {
            attrs,
            vis,
            sig,
            block,
            span,
        })
    }
}
