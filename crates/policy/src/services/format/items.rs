//! Items, and the file that they make.

use std::ops::Range;

use crate::syntax::{self, Around, Attribute, Brackets, ImplItem, Item};

use super::lists::Part;
use super::source::Source;
use super::{Exotic, Formatted, Place, WIDTH, blank, net, width};

/// A whole file; as it was, if its comments lie where these rules do not reach.
pub(super) fn file(source: &Source<'_>, file: &syntax::File) -> String {
    let parts: Vec<Part> = file
        .items
        .iter()
        .map(|item| {
            let range = source.core(item, attributes(item))..source.range(item).end;
            let text = source.item(item, range.start);
            source.checked(text, range)
        })
        .collect();
    let rows = source.rows(parts, 0..source.text.len(), 0);
    let text = rows.map(|rows| format!("{}\n", rows.trim_start_matches('\n')));
    match text {
        Ok(text) if text.trim().is_empty() => String::new(),
        Ok(text) if net::same(source.text, &text) => text,
        _ => source.text.to_string(),
    }
}

fn attributes<'i, 's>(item: &'i Item<'s>) -> &'i [Attribute<'s>] {
    match item {
        Item::Const(it) => &it.attrs,
        Item::Enum(it) => &it.attrs,
        Item::Fn(it) => &it.attrs,
        Item::Impl(it) => &it.attrs,
        Item::Struct(it) => &it.attrs,
        Item::Use(it) => &it.attrs,
        Item::Other(..) => &[],
    }
}

impl Source<'_> {
    /// A part as it was laid out, if it says the same; else as it is.
    fn checked(&self, text: Formatted, range: Range<usize>) -> Part {
        let raw = self.slice(&range);
        let text = text
            .ok()
            .filter(|text| net::same(raw, text))
            .unwrap_or_else(|| raw.to_string());
        Part {
            text,
            range,
            end: "",
        }
    }

    fn item(&self, item: &Item, start: usize) -> Formatted {
        self.begin();
        match item {
            Item::Use(_) => {
                let line = self.inline(&(start..self.range(item).end));
                match line.contains('{') || width(&line) > WIDTH {
                    true => Err(Exotic),
                    false => Ok(line),
                }
            }
            Item::Const(it) if it.generics.span.is_none() => {
                let left = self.inline(&(start..self.range(&it.eq).start));
                let place = Place::line(0, 1);
                Ok(format!(
                    "{};",
                    self.bound(&format!("{left} ="), &it.expr, place)?
                ))
            }
            Item::Fn(it) => self.function(&it.sig, &it.block, start, 0),
            Item::Struct(it) if it.generics.span.is_none() => self.structure(it, start),
            Item::Enum(it) if it.generics.span.is_none() => {
                let rows: Result<Vec<Part>, Exotic> = it
                    .variants
                    .iter()
                    .map(|variant| self.row(variant, &variant.attrs))
                    .collect();
                let head = self.inline(&(start..self.range(&it.ident).end));
                self.braced(&head, rows?, it.braces)
            }
            Item::Impl(it) => self.implementation(it, start),
            _ => Err(Exotic),
        }
    }

    fn row(&self, syntax: &impl Around, attributes: &[Attribute<'_>]) -> Result<Part, Exotic> {
        let range = self.core(syntax, attributes)..self.range(syntax).end;
        if self.has_comment(&range) {
            return Err(Exotic);
        }
        let text = self.inline(&range);
        if width(&text) + 5 > WIDTH || text.contains('{') {
            return Err(Exotic);
        }
        Ok(Part {
            text,
            range,
            end: ",",
        })
    }

    fn structure(&self, it: &syntax::ItemStruct, start: usize) -> Formatted {
        let head = self.inline(&(start..self.range(&it.ident).end));
        match &it.fields {
            syntax::Fields::Unit => Ok(format!("{head};")),
            syntax::Fields::Unnamed(_) => Err(Exotic),
            syntax::Fields::Named(fields) => {
                let rows: Result<Vec<Part>, Exotic> = fields
                    .named
                    .iter()
                    .map(|field| self.row(field, &field.attrs))
                    .collect();
                self.braced(&head, rows?, fields.braces)
            }
        }
    }

    fn braced(&self, head: &str, rows: Vec<Part>, braces: Brackets) -> Formatted {
        let braces = self.range_of(braces.join());
        let inner = braces.start + 1..braces.end.saturating_sub(1);
        if rows.is_empty() && !self.has_comment(&inner) {
            return Ok(format!("{head} {{}}"));
        }
        let rows = self.rows(rows, inner, 4)?;
        Ok(format!("{head} {{{rows}\n}}"))
    }

    fn implementation(&self, it: &syntax::ItemImpl, start: usize) -> Formatted {
        if it.generics.span.is_some() {
            return Err(Exotic);
        }
        let head = self.inline(&(start..self.range(&it.self_ty).end));
        let members = it.items.iter().map(|member| {
            let attributes: &[Attribute<'_>] = match member {
                ImplItem::Const(it) => &it.attrs,
                ImplItem::Fn(it) => &it.attrs,
                _ => &[],
            };
            let range = self.core(member, attributes)..self.range(member).end;
            let text = match member {
                ImplItem::Fn(it) => self.function(&it.sig, &it.block, range.start, 4),
                ImplItem::Const(it) => self.constant(it, range.start),
                _ => Err(Exotic),
            };
            self.checked(text, range)
        });
        self.braced(&head, members.collect(), it.braces)
    }

    fn constant(&self, it: &syntax::ImplItemConst, start: usize) -> Formatted {
        let left = self.inline(&(start..self.range(&it.eq).start));
        let place = Place::line(4, 1);
        Ok(format!(
            "{};",
            self.bound(&format!("{left} ="), &it.expr, place)?
        ))
    }

    fn function(
        &self,
        signature: &syntax::Signature,
        block: &syntax::Block,
        start: usize,
        indent: usize,
    ) -> Formatted {
        let generics = &signature.generics;
        if generics.span.is_some() {
            return Err(Exotic);
        }
        self.begin();
        let head = self.inline(&(start..self.range(&signature.ident).end));
        let result = match &signature.output {
            None => String::new(),
            Some(ty) => {
                let arrow = signature.arrow.to(ty.span());
                format!(" {}", self.inline(&self.range_of(arrow)))
            }
        };
        let inputs: Vec<Range<usize>> = signature
            .inputs
            .iter()
            .map(|input| self.range(input))
            .collect();
        let texts: Vec<String> = inputs.iter().map(|range| self.inline(range)).collect();
        let body = self.block(block, indent)?;
        let line = format!("{head}({}){result}", texts.join(", "));
        let range = self.range_of(signature.parens.join());
        let inner = range.start + 1..range.end.saturating_sub(1);
        let room = if body == "{}" { 3 } else { 2 };
        if indent + width(&line) + room <= WIDTH && !self.has_comment(&inner) {
            return Ok(format!("{line} {body}"));
        }
        let rows = texts
            .into_iter()
            .zip(inputs)
            .map(|(text, range)| Part {
                text,
                range,
                end: ",",
            })
            .collect();
        let rows = self.rows(rows, inner, indent + 4)?;
        let body = match body.as_str() {
            "{}" => format!("{{\n{}}}", blank(indent)),
            _ => body,
        };
        Ok(format!("{head}({rows}\n{}){result} {body}", blank(indent)))
    }
}
