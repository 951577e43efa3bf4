//! Gathers the items of a file under their names.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::syntax::{self, File, ItemEnum, ItemStruct, OtherItem};

use super::attributes::On;
use super::{Context, Derives, EnumItem, Query, StructItem};
use crate::diagnostic::{Report, Span};
use crate::prelude;
use crate::types::{Integer, Named, Type};

/// Gathers the items of `file`, which lacks the items of the names `broken`, if it is `partial`.
pub(crate) fn collect<'s>(
    file: &'s File<'s>,
    broken: BTreeSet<String>,
    partial: bool,
) -> Context<'s> {
    let mut collector = Collector {
        context: Context::default(),
        used_prelude: false,
    };
    collector.context.sink.know_broken(broken);
    collector.context.partial = partial;
    collector.prelude();
    for item in &file.items {
        match item {
            syntax::Item::Struct(item) => collector.structure(item),
            syntax::Item::Enum(item) => collector.enumeration(item),
            _ => {}
        }
    }
    for item in &file.items {
        collector.item(item);
    }
    collector.attributes((Span::everything(), &file.attrs), On::File, None);
    if !collector.used_prelude && !partial {
        collector.context.sink.add(
            Report::error(Span::top(), "a policy begins with `use exo_prelude::*;`")
                .hint("add that line before the first item"),
        );
    }
    collector.context
}

pub(super) struct Collector<'s> {
    pub(super) context: Context<'s>,
    used_prelude: bool,
}

impl<'s> Collector<'s> {
    /// Refuses a visibility that names a module: a policy is one file.
    pub(super) fn visibility(&self, visibility: &syntax::Visibility) {
        if let syntax::Visibility::Restricted(path, span) = visibility
            && !(path.is_ident("crate") || path.is_ident("self"))
        {
            let (path, span) = (&**path, *span);
            let construct = format!("`pub({})`", Text(path));
            self.refuse(span, &construct, "write `pub`, or leave it out");
        }
    }

    pub(super) fn refuse(&self, span: Span, construct: &str, instead: &str) {
        let message = format!("{construct} is outside the subset of Rust for policies");
        self.context
            .sink
            .add(Report::error(span, message).hint(instead));
    }

    fn item(&mut self, item: &'s syntax::Item<'s>) {
        match item {
            syntax::Item::Struct(_) | syntax::Item::Enum(_) => {}
            syntax::Item::Use(item) => self.import(item),
            syntax::Item::Const(item) => {
                self.visibility(&item.vis);
                self.attributes((item.span, &item.attrs), On::Constant, None);
                self.generics(item.generics);
                self.not_a_variant(&item.ident);
                self.constant(&item.vis, None, &item.ident, (&item.ty, &item.expr));
            }
            syntax::Item::Fn(item) => {
                self.visibility(&item.vis);
                let must_use = self.attributes((item.span, &item.attrs), On::Function, None);
                self.not_a_variant(&item.sig.ident);
                let id = self.function(&item.vis, None, &item.sig, &item.block);
                self.context.must_use.0.extend(must_use.then_some(id));
            }
            syntax::Item::Impl(item) => self.implementation(item),
            syntax::Item::Other(other, span) => {
                let (construct, instead) = outside(*other);
                self.refuse(*span, construct, instead);
            }
        }
    }

    fn import(&mut self, item: &syntax::ItemUse) {
        self.attributes((item.span, &item.attrs), On::Import, None);
        self.visibility(&item.vis);
        if item.glob_of.is_some_and(|name| name == prelude::CRATE) {
            self.used_prelude = true;
        } else {
            self.refuse(
                Span::around(item),
                "any other `use` than `use exo_prelude::*;`",
                "the prelude and the file itself hold all there is",
            );
        }
    }

    /// Refuses an item named as a variant of `Option` or `Result`, which would stand in for it
    /// throughout the file.
    fn not_a_variant(&self, ident: &syntax::Ident) {
        if ["Some", "None", "Ok", "Err"].contains(&ident.text) {
            self.of_the_prelude(ident);
        }
    }

    fn of_the_prelude(&self, ident: &syntax::Ident) {
        let message = format!("`{ident}` is a name of the prelude");
        let report = Report::error(ident.span, message);
        self.context.sink.add(report.hint("choose another name"));
    }

    /// Whether `name` is free for a new type.
    fn type_name(&mut self, ident: &syntax::Ident, ty: Type) -> bool {
        let span = ident.span;
        let name = ident.to_string();
        if prelude::is_type_name(&name) || Integer::from_name(&name).is_some() {
            self.of_the_prelude(ident);
            return false;
        }
        self.not_a_variant(ident);
        if self.context.types.contains_key(&name) {
            let message = format!("the name `{name}` is defined more than once");
            self.context
                .sink
                .add(Report::error(span, message).code("E0428"));
            return false;
        }
        self.context.types.insert(name, ty);
        true
    }

    fn structure(&mut self, item: &'s ItemStruct<'s>) {
        let mut derives = Derives::default();
        let attributes = (item.span, item.attrs.as_slice());
        let must_use = self.attributes(attributes, On::Struct, Some(&mut derives));
        self.visibility(&item.vis);
        self.generics(item.generics);
        let named = Named {
            index: self.context.structs.len(),
            name: Rc::from(item.ident.to_string()),
        };
        let syntax = match &item.fields {
            syntax::Fields::Named(fields) => Some(fields),
            syntax::Fields::Unit => None,
            syntax::Fields::Unnamed(span) => {
                self.refuse(
                    *span,
                    "a tuple struct",
                    "name its fields: `{ number: u32 }`",
                );
                None
            }
        };
        for field in syntax.iter().flat_map(|fields| &fields.named) {
            self.attributes((field.span, &field.attrs), On::Field, None);
            self.visibility(&field.vis);
        }
        let ty = Type::Struct(named.clone());
        if !self.type_name(&item.ident, ty.clone()) {
            return;
        }
        self.context.must_use.1.extend(must_use.then_some(ty));
        self.context.structs.push(StructItem {
            named,
            span: item.ident.span,
            public: super::is_public(&item.vis),
            derives,
            unit: matches!(item.fields, syntax::Fields::Unit),
            syntax,
            fields: Default::default(),
            resolving: Default::default(),
            layout: Query::Waiting.into(),
        });
    }

    fn enumeration(&mut self, item: &'s ItemEnum<'s>) {
        let mut derives = Derives::default();
        let attributes = (item.span, item.attrs.as_slice());
        let must_use = self.attributes(attributes, On::Enum, Some(&mut derives));
        self.visibility(&item.vis);
        self.generics(item.generics);
        let mut variants: Vec<String> = Vec::new();
        for variant in &item.variants {
            self.attributes((variant.span, &variant.attrs), On::Variant, None);
            let name = variant.ident.to_string();
            let span = variant.ident.span;
            if variant.fields {
                self.refuse(
                    Span::around(variant),
                    "a variant with fields",
                    "use `Option`, or a struct with an enum and the fields",
                );
            }
            if variant.discriminant {
                self.refuse(
                    Span::around(variant),
                    "a variant with a number of its own",
                    "write a method that matches the variant and gives the number",
                );
            }
            if variants.contains(&name) {
                let message = format!("the name `{name}` is defined more than once");
                self.context
                    .sink
                    .add(Report::error(span, message).code("E0428"));
            }
            variants.push(name);
        }
        if variants.is_empty() || variants.len() > 256 {
            let span = item.ident.span;
            self.refuse(
                span,
                "an enum without variants, or with over 256,",
                "use an integer",
            );
        }
        let named = Named {
            index: self.context.enums.len(),
            name: Rc::from(item.ident.to_string()),
        };
        let ty = Type::Enum(named.clone());
        if self.type_name(&item.ident, ty.clone()) {
            self.context.must_use.1.extend(must_use.then_some(ty));
            self.context.enums.push(EnumItem {
                named,
                derives,
                variants,
                public: super::is_public(&item.vis),
                span: Some(item.ident.span),
                spans: item
                    .variants
                    .iter()
                    .map(|variant| variant.ident.span)
                    .collect(),
            });
        }
    }

    pub(super) fn generics(&self, generics: syntax::Generics) {
        let Some(span) = generics.span else { return };
        if generics.lifetime {
            self.refuse(span, "a lifetime", "leave it out: `&mut self`, `&mut Sys`");
        } else {
            self.refuse(
                span,
                "a generic parameter",
                "write the type that it stands for",
            );
        }
    }
}

/// What an item outside the subset is called, and what to write instead.
fn outside(item: OtherItem) -> (&'static str, &'static str) {
    match item {
        OtherItem::Static => ("a `static`", "keep it in a field of the policy's struct"),
        OtherItem::Trait => ("a trait of one's own", "write a function for each type"),
        OtherItem::Type => ("a type alias", "write the type itself"),
        OtherItem::Mod => ("a module", "a policy is one file"),
        OtherItem::Macro => ("a macro", "write a function"),
        OtherItem::Union => ("a union", "write a struct"),
        OtherItem::Foreign => ("foreign code", "ask the kernel through `sys`"),
    }
}

/// A path as it is written.
pub(crate) struct Text<'p>(pub(crate) &'p syntax::Path<'p>);

impl std::fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (position, segment) in self.0.segments().enumerate() {
            if position > 0 {
                f.write_str("::")?;
            }
            write!(f, "{}", segment.ident)?;
        }
        Ok(())
    }
}
