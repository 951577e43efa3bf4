//! Gathers the items of a file under their names.

use std::collections::BTreeSet;
use std::rc::Rc;

use syn::{File, ItemEnum, ItemStruct, UseTree};

use super::{Context, Derives, EnumItem, Query, StructItem};
use crate::diagnostic::{Report, Span};
use crate::prelude;
use crate::types::{Integer, Named, Type};

/// Gathers the items of `file`, which lacks the items of the names `broken`, if it is `partial`.
pub(crate) fn collect(file: &File, broken: BTreeSet<String>, partial: bool) -> Context<'_> {
    let mut collector = Collector {
        context: Context::default(),
        used_prelude: false,
    };
    collector.context.sink.know_broken(broken);
    collector.context.partial = partial;
    collector.prelude();
    for item in &file.items {
        match item {
            syn::Item::Struct(item) => collector.structure(item),
            syn::Item::Enum(item) => collector.enumeration(item),
            _ => {}
        }
    }
    for item in &file.items {
        collector.item(item);
    }
    collector.attributes(&file.attrs, "a file", None);
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
    pub(super) fn visibility(&self, visibility: &syn::Visibility) {
        if let syn::Visibility::Restricted(to) = visibility
            && !(to.path.is_ident("crate") || to.path.is_ident("self"))
        {
            let span = Span::around(visibility);
            let construct = format!("`pub({})`", Text(&to.path));
            self.refuse(span, &construct, "write `pub`, or leave it out");
        }
    }

    pub(super) fn refuse(&self, span: Span, construct: &str, instead: &str) {
        let message = format!("{construct} is outside the subset of Rust for policies");
        self.context
            .sink
            .add(Report::error(span, message).hint(instead));
    }

    fn item(&mut self, item: &'s syn::Item) {
        let span = || Span::around(item);
        match item {
            syn::Item::Struct(_) | syn::Item::Enum(_) => {}
            syn::Item::Use(item) => self.import(item),
            syn::Item::Const(item) => {
                self.visibility(&item.vis);
                self.attributes(&item.attrs, "a constant", None);
                self.generics(&item.generics);
                self.not_a_variant(&item.ident);
                self.constant(&item.vis, None, &item.ident, (&item.ty, &item.expr));
            }
            syn::Item::Fn(item) => {
                self.visibility(&item.vis);
                self.attributes(&item.attrs, "a function", None);
                self.not_a_variant(&item.sig.ident);
                self.function(&item.vis, None, &item.sig, &item.block);
            }
            syn::Item::Impl(item) => self.implementation(item),
            syn::Item::Static(_) => {
                self.refuse(
                    span(),
                    "a `static`",
                    "keep it in a field of the policy's struct",
                );
            }
            syn::Item::Trait(_) | syn::Item::TraitAlias(_) => {
                self.refuse(
                    span(),
                    "a trait of one's own",
                    "write a function for each type",
                );
            }
            syn::Item::Type(_) => {
                self.refuse(span(), "a type alias", "write the type itself");
            }
            syn::Item::Mod(_) => self.refuse(span(), "a module", "a policy is one file"),
            syn::Item::Macro(_) => self.refuse(span(), "a macro", "write a function"),
            syn::Item::Union(_) => self.refuse(span(), "a union", "write a struct"),
            syn::Item::ExternCrate(_) | syn::Item::ForeignMod(_) => {
                self.refuse(span(), "foreign code", "ask the kernel through `sys`");
            }
            _ => self.refuse(span(), "this item", "write a `const` or a `fn`"),
        }
    }

    fn import(&mut self, item: &syn::ItemUse) {
        self.attributes(&item.attrs, "an import", None);
        self.visibility(&item.vis);
        let whole_prelude = match &item.tree {
            UseTree::Path(path) => {
                path.ident == prelude::CRATE && matches!(*path.tree, UseTree::Glob(_))
            }
            _ => false,
        };
        if whole_prelude && item.leading_colon.is_none() {
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
    fn not_a_variant(&self, ident: &syn::Ident) {
        if ["Some", "None", "Ok", "Err"].iter().any(|it| ident == it) {
            self.of_the_prelude(ident);
        }
    }

    fn of_the_prelude(&self, ident: &syn::Ident) {
        let message = format!("`{ident}` is a name of the prelude");
        let report = Report::error(Span::of(ident.span()), message);
        self.context.sink.add(report.hint("choose another name"));
    }

    /// Whether `name` is free for a new type.
    fn type_name(&mut self, ident: &syn::Ident, ty: Type) -> bool {
        let span = Span::of(ident.span());
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

    fn structure(&mut self, item: &'s ItemStruct) {
        let mut derives = Derives::default();
        self.attributes(&item.attrs, "a struct", Some(&mut derives));
        self.visibility(&item.vis);
        self.generics(&item.generics);
        let named = Named {
            index: self.context.structs.len(),
            name: Rc::from(item.ident.to_string()),
        };
        let syntax = match &item.fields {
            syn::Fields::Named(fields) => Some(fields),
            syn::Fields::Unit => None,
            syn::Fields::Unnamed(fields) => {
                let span = Span::around(fields);
                self.refuse(span, "a tuple struct", "name its fields: `{ number: u32 }`");
                None
            }
        };
        for field in syntax.iter().flat_map(|fields| &fields.named) {
            self.attributes(&field.attrs, "a field", None);
            self.visibility(&field.vis);
        }
        if !self.type_name(&item.ident, Type::Struct(named.clone())) {
            return;
        }
        self.context.structs.push(StructItem {
            named,
            span: Span::of(item.ident.span()),
            public: super::is_public(&item.vis),
            derives,
            unit: matches!(item.fields, syn::Fields::Unit),
            syntax,
            fields: Default::default(),
            resolving: Default::default(),
            layout: Query::Waiting.into(),
        });
    }

    fn enumeration(&mut self, item: &'s ItemEnum) {
        let mut derives = Derives::default();
        self.attributes(&item.attrs, "an enum", Some(&mut derives));
        self.visibility(&item.vis);
        self.generics(&item.generics);
        let mut variants: Vec<String> = Vec::new();
        for variant in &item.variants {
            self.attributes(&variant.attrs, "a variant", None);
            let name = variant.ident.to_string();
            let span = Span::of(variant.ident.span());
            if !matches!(variant.fields, syn::Fields::Unit) {
                self.refuse(
                    Span::around(variant),
                    "a variant with fields",
                    "use `Option`, or a struct with an enum and the fields",
                );
            }
            if variant.discriminant.is_some() {
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
            let span = Span::of(item.ident.span());
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
        if self.type_name(&item.ident, Type::Enum(named.clone())) {
            self.context.enums.push(EnumItem {
                named,
                derives,
                variants,
                public: super::is_public(&item.vis),
                span: Some(Span::of(item.ident.span())),
                spans: item
                    .variants
                    .iter()
                    .map(|variant| Span::of(variant.ident.span()))
                    .collect(),
            });
        }
    }

    pub(super) fn generics(&self, generics: &syn::Generics) {
        if !generics.params.is_empty() || generics.where_clause.is_some() {
            let span = match &generics.where_clause {
                Some(clause) if generics.params.is_empty() => Span::around(clause),
                _ => Span::around(&generics.params),
            };
            let lifetime =
                |param: &syn::GenericParam| matches!(param, syn::GenericParam::Lifetime(_));
            if generics.params.iter().any(lifetime) {
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
}

/// A path as it is written.
pub(crate) struct Text<'p>(pub(crate) &'p syn::Path);

impl std::fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (position, segment) in self.0.segments.iter().enumerate() {
            if position > 0 {
                f.write_str("::")?;
            }
            write!(f, "{}", segment.ident)?;
        }
        Ok(())
    }
}
