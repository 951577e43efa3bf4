//! Signatures, and `impl` blocks with what stands in them.

use super::token::T;
use super::{
    Around, Attribute, Brackets, FnArg, ImplItem, ItemImpl, Parser, PatType, Read, Receiver,
    Signature, Type, Visibility, Wanted,
};
use crate::diagnostic::Span;

impl<'s> Parser<'_, 's> {
    /// All of a function before its body.
    pub(super) fn signature(&mut self) -> Read<Signature<'s>> {
        let constness = self.eat(T::Const);
        let asyncness = self.eaten(T::Async);
        let unsafety = self.eaten(T::Unsafe);
        let abi = match self.eaten(T::Extern) {
            Some(word) => {
                self.eat(T::Text);
                Some(self.since(word))
            }
            None => None,
        };
        self.require(T::Fn, "fn")?;
        let ident = self.ident()?;
        let mut generics = self.generics()?;
        let open = self.open(T::Paren, Wanted::Parentheses)?;
        let mut variadic = None;
        let mut first = true;
        let (inputs, _) = self.list(&mut |it: &mut Self| {
            it.input(std::mem::replace(&mut first, false), &mut variadic)
        })?;
        let inputs = inputs.into_iter().flatten().collect();
        let parens: Brackets = self.close(open)?;
        let arrow = self.here();
        let output = match self.eat(T::Arrow) {
            true => Some(self.ty()?),
            false => None,
        };
        let arrow = self.since(arrow);
        self.where_clause(&mut generics);
        Ok(Signature {
            constness,
            asyncness,
            unsafety,
            abi,
            ident,
            generics,
            parens,
            inputs,
            variadic,
            arrow,
            output,
        })
    }

    /// A parameter; nothing for `...`, which is the last. Only the first can be `self`.
    fn input(&mut self, first: bool, variadic: &mut Option<Span>) -> Read<Option<FnArg<'s>>> {
        if variadic.is_some() {
            return self.unread(Wanted::Sign(")"));
        }
        let start = self.here();
        let mut attrs = Vec::new();
        self.attributes(true, &mut attrs)?;
        if let Some(dots) = self.eaten(T::DotDotDot) {
            *variadic = Some(dots);
            return Ok(None);
        }
        if self.is_receiver() && !first {
            return self.unread(Wanted::Name);
        }
        if self.is_receiver() {
            return self
                .receiver(attrs, start)
                .map(|it| Some(FnArg::Receiver(it)));
        }
        let pat = self.single_pattern()?;
        self.require(T::Colon, ":")?;
        let ty = self.ty()?;
        let span = self.since(start);
        Ok(Some(FnArg::Typed(PatType {
            attrs,
            pat,
            ty,
            span,
        })))
    }

    fn is_receiver(&self) -> bool {
        let mut by = usize::from(self.is(T::Amp));
        by += usize::from(by > 0 && self.ahead(by) == T::Lifetime);
        by += usize::from(self.ahead(by) == T::Mut);
        self.ahead(by) == T::SelfValue && self.ahead(by + 1) != T::PathSep
    }

    fn receiver(&mut self, attrs: Vec<Attribute<'s>>, start: Span) -> Read<Receiver<'s>> {
        let reference = self.eat(T::Amp);
        let lifetime = self.lifetime();
        let mutability = self.eat(T::Mut);
        let word = self.bump();
        let typed = !reference && self.eat(T::Colon);
        if typed {
            self.ty()?;
        }
        let span = self.since(start);
        Ok(Receiver {
            attrs,
            reference,
            lifetime,
            mutability,
            typed,
            word,
            span,
        })
    }

    /// `impl …`, from that word on.
    pub(super) fn implementation(
        &mut self,
        mut attrs: Vec<Attribute<'s>>,
        qualified: bool,
        start: Span,
    ) -> Read<ItemImpl<'s>> {
        let word = self.bump();
        let mut generics = self.generics()?;
        let denied = self.eat(T::Bang);
        let mut self_ty = self.ty()?;
        let mut trait_ = None;
        if self.is(T::For) {
            match self_ty {
                Type::Path(path) => trait_ = Some(*path),
                _ => return self.unread(Wanted::Braces),
            }
            self.bump();
            self_ty = self.ty()?;
        }
        self.where_clause(&mut generics);
        let open = self.open(T::Brace, Wanted::Braces)?;
        self.attributes(false, &mut attrs)?;
        let mut items = Vec::new();
        while !self.is_empty() {
            items.push(self.impl_item()?);
        }
        let braces = self.close(open)?;
        let span = self.since(start);
        Ok(ItemImpl {
            attrs,
            word,
            qualified: qualified || denied,
            generics,
            trait_,
            self_ty,
            braces,
            items,
            span,
        })
    }

    /// An item of an `impl`.
    pub(crate) fn impl_item(&mut self) -> Read<ImplItem<'s>> {
        let start = self.here();
        let mut attrs = Vec::new();
        self.attributes(true, &mut attrs)?;
        let vis: Visibility<'s> = self.visibility()?;
        let start = attrs.first().map_or(start, Around::span);
        match self.kind() {
            T::Const if !matches!(self.ahead(1), T::Fn | T::Async | T::Unsafe | T::Extern) => {
                self.constant(attrs, vis, start).map(ImplItem::Const)
            }
            T::Fn | T::Const | T::Async | T::Unsafe | T::Extern => {
                self.function(attrs, vis, start).map(ImplItem::Fn)
            }
            T::Type => self.other_member(start),
            T::Ident if self.is_word("default") && self.ahead(1) != T::Bang => {
                self.other_member(start)
            }
            T::Ident | T::PathSep | T::SelfValue | T::Super | T::Crate => self.macro_member(start),
            _ => self.unread(Wanted::Item),
        }
    }

    fn other_member(&mut self, start: Span) -> Read<ImplItem<'s>> {
        while !self.is_empty() {
            let ends = matches!(self.kind(), T::Semi | T::Brace);
            self.skip();
            if ends {
                return Ok(ImplItem::Other(self.since(start)));
            }
        }
        self.unread(Wanted::Sign(";"))
    }

    fn macro_member(&mut self, start: Span) -> Read<ImplItem<'s>> {
        self.path(true)?;
        if !self.eat(T::Bang) {
            return self.unread(Wanted::Sign("!"));
        }
        let braces = self.is(T::Brace);
        if !braces && !matches!(self.kind(), T::Paren | T::Bracket) {
            return self.unread(Wanted::Parentheses);
        }
        self.skip();
        if !braces {
            self.require(T::Semi, ";")?;
        }
        Ok(ImplItem::Other(self.since(start)))
    }
}
