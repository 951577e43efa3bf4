//! Reads a file piece by piece.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::Parse;

use super::Parsed;
use super::explain::Explainer;
use super::split::{self, Chunk};
use crate::diagnostic::Report;
use crate::recover::Mended;

/// What a body is read as that cannot be read: it gives any type, and there is nothing to say of it.
const UNREADABLE: &str = "loop {}";

/// Reads what can be read of `tokens`, which are those of `text`.
pub(super) fn read(text: &str, tokens: TokenStream, mended: Option<Mended>) -> Parsed {
    let mut reader = Reader {
        explainer: Explainer::new(text),
        mended: mended.as_ref(),
        reports: Vec::new(),
        names: Vec::new(),
        items: Vec::new(),
    };
    let attributes = reader.inner_attributes(tokens);
    for chunk in split::items(attributes) {
        reader.item(chunk);
    }
    let Reader {
        mut reports,
        names,
        items,
        ..
    } = reader;
    let mut broken = BTreeSet::new();
    broken.extend(names);
    let mut mended = mended;
    if let Some(mended) = &mut mended {
        reports.append(&mut mended.reports);
    }
    Parsed {
        file: syn::File {
            shebang: None,
            attrs: Vec::new(),
            items,
        },
        reports,
        broken,
        mended,
    }
}

struct Reader<'t> {
    explainer: Explainer<'t>,
    mended: Option<&'t Mended>,
    reports: Vec<Report>,
    names: Vec<String>,
    items: Vec<syn::Item>,
}

impl Reader<'_> {
    /// Skips `//!` at the top, which means nothing to the compiler.
    fn inner_attributes(&mut self, tokens: TokenStream) -> TokenStream {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while let [
            TokenTree::Punct(hash),
            TokenTree::Punct(bang),
            TokenTree::Group(_),
            ..,
        ] = tokens.get(at..).unwrap_or_default()
            && hash.as_char() == '#'
            && bang.as_char() == '!'
        {
            at += 3;
        }
        tokens.into_iter().skip(at).collect()
    }

    /// Whether the tokens hold a place that was mended, so that their meaning is a guess.
    fn damaged(&self, chunk: &[TokenTree]) -> bool {
        let touches = |mended: &Mended| mended.touches(split::span(chunk));
        self.mended.is_some_and(touches)
    }

    fn report(&mut self, chunk: &[TokenTree], error: &syn::Error, within: &str) {
        split::declared(chunk, &mut self.names);
        if !self.damaged(chunk) {
            let report = self.explainer.explain(error, chunk, within);
            self.reports.push(match self.mended {
                Some(mended) => report.mapped(|place| mended.original(place)),
                None => report,
            });
        }
    }

    fn item(&mut self, chunk: Chunk) {
        let read = syn::parse2::<syn::Item>(chunk.iter().cloned().collect());
        let keyword = split::keyword(&chunk).unwrap_or_default();
        let damaged = self.damaged(&chunk);
        let error = match read {
            Ok(syn::Item::Verbatim(_)) => Some(bodiless(&chunk)),
            Ok(item) if !damaged && !has_verbatim(&item) => return self.items.push(item),
            Ok(item) => {
                // What was mended is a guess: of its names alone one can be sure.
                if !matches!(keyword.as_str(), "impl" | "fn") {
                    split::declared(&chunk, &mut self.names);
                    if keyword != "const" {
                        self.items.push(item);
                    }
                    return;
                }
                None
            }
            Err(error) => Some(error),
        };
        let said = self.reports.len();
        let kept = match (keyword.as_str(), split::block(&chunk)) {
            ("impl", Some((before, group))) => {
                self.header::<syn::ItemImpl>(before, group)
                    .map(|mut header| {
                        header.items = self.members(group.stream(), header.trait_.is_some());
                        syn::Item::Impl(header)
                    })
            }
            ("fn", Some(_)) => unreadable::<syn::ItemFn>(&chunk).map(syn::Item::Fn),
            ("struct", Some((before, group))) => {
                self.header::<syn::ItemStruct>(before, group)
                    .map(|mut header| {
                        header.fields = syn::Fields::Named(self.fields(group));
                        syn::Item::Struct(header)
                    })
            }
            ("enum", Some((before, group))) => self
                .header::<syn::ItemEnum>(before, group)
                .and_then(|mut header| {
                    header.variants = self.list(group.stream(), "an enum");
                    let some = !header.variants.is_empty();
                    some.then_some(syn::Item::Enum(header))
                }),
            _ => None,
        };
        match (error, said == self.reports.len()) {
            (Some(error), true) => self.report(&chunk, &error, "a file"),
            _ => split::declared(&chunk, &mut self.names),
        }
        self.items.extend(kept);
    }

    /// An item without what its braces hold.
    fn header<T: Parse>(&self, before: &[TokenTree], group: &proc_macro2::Group) -> Option<T> {
        syn::parse2(split::with_block(before, group, TokenStream::new())).ok()
    }

    fn members(&mut self, tokens: TokenStream, of_trait: bool) -> Vec<syn::ImplItem> {
        let mut members = Vec::new();
        let within = if of_trait {
            "a trait's `impl`"
        } else {
            "an `impl`"
        };
        for chunk in split::items(tokens) {
            let read = syn::parse2::<syn::ImplItem>(chunk.iter().cloned().collect());
            match read {
                Ok(syn::ImplItem::Verbatim(_)) => {
                    self.report(&chunk, &bodiless(&chunk), within);
                }
                Ok(member) if !self.damaged(&chunk) => members.push(member),
                Ok(_) => members.extend(unreadable(&chunk).map(syn::ImplItem::Fn)),
                Err(error) => {
                    self.report(&chunk, &error, within);
                    members.extend(unreadable(&chunk).map(syn::ImplItem::Fn));
                }
            }
        }
        members
    }

    fn fields(&mut self, group: &proc_macro2::Group) -> syn::FieldsNamed {
        let brace_token = syn::token::Brace(group.delim_span());
        let mut named = syn::punctuated::Punctuated::new();
        for chunk in split::listed(group.stream()) {
            let read = |input: syn::parse::ParseStream<'_>| syn::Field::parse_named(input);
            match syn::parse::Parser::parse2(read, chunk.iter().cloned().collect()) {
                Ok(field) => named.push(field),
                Err(error) => self.report(&chunk, &error, "a struct"),
            }
        }
        syn::FieldsNamed { brace_token, named }
    }

    fn list<T: Parse, P: Default>(
        &mut self,
        tokens: TokenStream,
        within: &str,
    ) -> syn::punctuated::Punctuated<T, P> {
        let mut list = syn::punctuated::Punctuated::new();
        for chunk in split::listed(tokens) {
            match syn::parse2(chunk.iter().cloned().collect()) {
                Ok(entry) => list.push(entry),
                Err(error) => self.report(&chunk, &error, within),
            }
        }
        list
    }
}

/// Whether an `impl` holds what the parser passed on unread.
pub(super) fn has_verbatim(item: &syn::Item) -> bool {
    let unread = |member: &syn::ImplItem| matches!(member, syn::ImplItem::Verbatim(_));
    match item {
        syn::Item::Verbatim(_) => true,
        syn::Item::Impl(item) => item.items.iter().any(unread),
        _ => false,
    }
}

/// The parser takes a function without a body, and a constant without a value, for what it does
/// not know.
fn bodiless(chunk: &[TokenTree]) -> syn::Error {
    let span = chunk
        .last()
        .map_or_else(proc_macro2::Span::call_site, TokenTree::span);
    syn::Error::new(
        span,
        match split::keyword(chunk).as_deref() {
            Some("fn") => "function without a body",
            Some("const") => "constant without a value",
            _ => "unexpected token",
        },
    )
}

/// A function whose body cannot be read.
fn unreadable<T: Parse>(chunk: &[TokenTree]) -> Option<T> {
    let (before, group) = split::block(chunk)?;
    let body = UNREADABLE.parse().ok()?;
    syn::parse2(split::with_block(before, group, body)).ok()
}
