//! Reads a file piece by piece.

use std::collections::BTreeSet;

use super::Parsed;
use super::explain::Explainer;
use super::split::{Chunk, Tokens};
use crate::diagnostic::Report;
use crate::recover::Mended;
use crate::syntax::{
    Block, Expr, ExprLoop, Fields, File, ImplItem, Item, ItemFn, Parser, Read, Stmt, T, Token,
    Unread,
};

/// Reads what can be read of `tokens`, which are those of `text`.
pub(super) fn read<'r>(
    text: &'r str,
    tokens: &'r [Token],
    mended: Option<&'r Mended>,
) -> Parsed<'r> {
    let tokens = Tokens { text, all: tokens };
    let mut reader = Reader {
        explainer: Explainer::new(tokens),
        parser: Parser::new(text, tokens.all),
        tokens,
        mended,
        reports: Vec::new(),
        names: Vec::new(),
        items: Vec::new(),
    };
    let start = reader.inner_attributes();
    for chunk in tokens.items(start..tokens.all.len()) {
        reader.item(chunk);
    }
    let mut broken = BTreeSet::new();
    broken.extend(reader.names);
    let mut reports = reader.reports;
    reports.extend(mended.iter().flat_map(|it| it.reports.iter().cloned()));
    Parsed {
        file: File {
            attrs: Vec::new(),
            items: reader.items,
        },
        reports,
        broken,
    }
}

struct Reader<'r> {
    explainer: Explainer<'r>,
    parser: Parser<'r, 'r>,
    tokens: Tokens<'r>,
    mended: Option<&'r Mended>,
    reports: Vec<Report>,
    names: Vec<String>,
    items: Vec<Item<'r>>,
}

impl<'r> Reader<'r> {
    /// Skips `//!` at the top, which means nothing to the compiler: the number of what follows.
    fn inner_attributes(&self) -> usize {
        let mut at = 0;
        loop {
            match self.tokens.all.get(at..).unwrap_or_default() {
                [doc, ..] if doc.kind == T::InnerDoc => at += 1,
                [hash, bang, open, ..]
                    if hash.kind == T::Hash && bang.kind == T::Bang && open.opens() =>
                {
                    at = open.partner + 1;
                }
                _ => return at,
            }
        }
    }

    /// Whether the tokens hold a place that was mended, so that their meaning is a guess.
    fn damaged(&self, chunk: &Chunk) -> bool {
        let touches = |mended: &Mended| mended.touches(self.tokens.span(chunk));
        self.mended.is_some_and(touches)
    }

    fn report(&mut self, chunk: &Chunk, unread: Unread, within: &str) {
        self.tokens.declared(chunk.clone(), &mut self.names);
        if !self.damaged(chunk) {
            let report = self.explainer.explain(unread, chunk, within);
            self.reports.push(match self.mended {
                Some(mended) => report.mapped(|place| mended.original(place)),
                None => report,
            });
        }
    }

    /// Reads a chunk, all of it.
    fn whole<R>(
        &self,
        chunk: &Chunk,
        read: impl FnOnce(&mut Parser<'r, 'r>) -> Read<R>,
    ) -> Read<R> {
        let mut parser = self.parser.within(chunk.start, chunk.end);
        let read = read(&mut parser)?;
        parser.finish(read)
    }

    /// Reads a chunk as if there was nothing in the bracket of that number.
    fn header(&self, chunk: &Chunk, bracket: usize) -> Option<Item<'r>> {
        let mut parser = self.parser.within(chunk.start, chunk.end).hollow(bracket);
        let read = parser.item().ok()?;
        parser.finish(read).ok()
    }

    fn item(&mut self, chunk: Chunk) {
        let read = self.whole(&chunk, |parser| parser.item());
        let keyword = self.tokens.keyword(chunk.clone());
        let error = match read {
            Ok(item) if !self.damaged(&chunk) => return self.items.push(item),
            Ok(item) => {
                // What was mended is a guess: of its names alone one can be sure.
                if !matches!(keyword, "impl" | "fn") {
                    self.tokens.declared(chunk, &mut self.names);
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
        let block = self.tokens.block(&chunk);
        let header = block.and_then(|block| Some((block, self.header(&chunk, block)?)));
        let kept = match header {
            Some((_, Item::Fn(function))) => Some(Item::Fn(unreadable(function))),
            Some((open, header)) => self.filled(header, open + 1..chunk.end - 1),
            None => None,
        };
        match (error, said == self.reports.len()) {
            (Some(error), true) => self.report(&chunk, error, "a file"),
            _ => self.tokens.declared(chunk, &mut self.names),
        }
        self.items.extend(kept);
    }

    /// An item with what can be read of what its braces hold.
    fn filled(&mut self, mut header: Item<'r>, inner: Chunk) -> Option<Item<'r>> {
        match &mut header {
            Item::Impl(item) => item.items = self.members(inner, item.trait_.is_some()),
            Item::Struct(item) => {
                let Fields::Named(fields) = &mut item.fields else {
                    return None;
                };
                fields.named = self.list(inner, "a struct", |parser| parser.field_declared());
            }
            Item::Enum(item) => {
                item.variants = self.list(inner, "an enum", |parser| parser.variant());
                if item.variants.is_empty() {
                    return None;
                }
            }
            _ => return None,
        }
        Some(header)
    }

    fn members(&mut self, within: Chunk, of_trait: bool) -> Vec<ImplItem<'r>> {
        let mut members = Vec::new();
        let place = match of_trait {
            true => "a trait's `impl`",
            false => "an `impl`",
        };
        for chunk in self.tokens.items(within) {
            match self.whole(&chunk, |parser| parser.impl_item()) {
                Ok(member) if !self.damaged(&chunk) => {
                    members.push(member);
                    continue;
                }
                Ok(_) => {}
                Err(error) => self.report(&chunk, error, place),
            }
            members.extend(self.method(&chunk));
        }
        members
    }

    /// A function of an `impl` whose body cannot be read.
    fn method(&self, chunk: &Chunk) -> Option<ImplItem<'r>> {
        let block = self.tokens.block(chunk)?;
        let parser = self.parser.within(chunk.start, chunk.end);
        let mut parser = parser.hollow(block);
        let read = parser.impl_item().ok()?;
        match parser.finish(read).ok()? {
            ImplItem::Fn(function) => Some(ImplItem::Fn(unreadable(function))),
            _ => None,
        }
    }

    fn list<R>(
        &mut self,
        within: Chunk,
        place: &str,
        read: impl Fn(&mut Parser<'r, 'r>) -> Read<R>,
    ) -> Vec<R> {
        let mut list = Vec::new();
        for chunk in self.tokens.listed(within) {
            match self.whole(&chunk, &read) {
                Ok(entry) => list.push(entry),
                Err(error) => self.report(&chunk, error, place),
            }
        }
        list
    }
}

/// A function with a body that gives any type, and of which there is nothing to say.
fn unreadable(mut function: ItemFn<'_>) -> ItemFn<'_> {
    let braces = function.block.braces;
    let span = braces.join();
    let body = Block {
        braces,
        stmts: Vec::new(),
    };
    let endless = Expr::Loop(Box::new(ExprLoop {
        label: None,
        word: span,
        body,
        span,
    }));
    function.block = Block {
        braces,
        stmts: vec![Stmt::Expr(endless, None)],
    };
    function
}
