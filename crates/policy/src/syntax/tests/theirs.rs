//! The nodes of the tree that `syn` makes.

use exo_core::cpu::SourcePlace;
use proc_macro2::Span as Their;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{
    Block, Expr, Fields, FnArg, GenericArgument, ImplItem, Item, Macro, Pat, Path, PathArguments,
    Stmt, Type,
};

use super::Nodes;
use crate::diagnostic::Span;

pub(super) fn nodes(file: &syn::File) -> Nodes {
    let mut nodes = Nodes::default();
    for item in &file.items {
        nodes.their_item(item);
    }
    nodes
}

fn span(their: Their) -> Span {
    let place = |at: proc_macro2::LineColumn| SourcePlace {
        line: at.line as u32,
        column: at.column as u32 + 1,
    };
    Span {
        start: place(their.start()),
        end: place(their.end()),
    }
}

impl Nodes {
    pub(super) fn their(&mut self, what: &str, syntax: &impl Spanned) {
        self.push(what, span(syntax.span()));
    }

    fn their_item(&mut self, item: &Item) {
        match item {
            Item::Const(it) => self.their_const(&it.ident, &it.ty, &it.expr),
            Item::Fn(it) => self.their_function(&it.sig, &it.block),
            Item::Struct(it) => {
                self.their("struct", &it.ident);
                if let Fields::Named(fields) = &it.fields {
                    for field in &fields.named {
                        self.their("field", &field.ident);
                        self.their_type(&field.ty);
                    }
                }
            }
            Item::Enum(it) => {
                self.their("enum", &it.ident);
                for variant in &it.variants {
                    self.their("variant", &variant.ident);
                }
            }
            Item::Impl(it) => {
                self.their("impl", &it.impl_token);
                if let Some((_, path, _)) = &it.trait_ {
                    self.their_path(path);
                }
                self.their_type(&it.self_ty);
                for item in &it.items {
                    match item {
                        ImplItem::Fn(it) => self.their_function(&it.sig, &it.block),
                        ImplItem::Const(it) => self.their_const(&it.ident, &it.ty, &it.expr),
                        _ => self.outside = true,
                    }
                }
            }
            Item::Use(_) => {}
            _ => self.outside = true,
        }
    }

    fn their_const(&mut self, ident: &syn::Ident, ty: &Type, expr: &Expr) {
        self.their("const", ident);
        self.their_type(ty);
        self.their_expr(expr);
    }

    fn their_function(&mut self, signature: &syn::Signature, block: &Block) {
        self.their("fn", &signature.ident);
        for input in &signature.inputs {
            match input {
                FnArg::Receiver(it) => self.their("self", &it.self_token),
                FnArg::Typed(it) => {
                    self.their_pat(&it.pat);
                    self.their_type(&it.ty);
                }
            }
        }
        if let syn::ReturnType::Type(_, ty) = &signature.output {
            self.their_type(ty);
        }
        self.their_block(block);
    }

    pub(super) fn their_block(&mut self, block: &Block) {
        self.push("block", span(block.brace_token.span.join()));
        for statement in &block.stmts {
            match statement {
                Stmt::Local(it) => {
                    let (pat, ty) = match &it.pat {
                        Pat::Type(it) => (&*it.pat, Some(&it.ty)),
                        pat => (pat, None),
                    };
                    self.their("let", pat);
                    self.their_pat(pat);
                    ty.into_iter().for_each(|ty| self.their_type(ty));
                    if let Some(init) = &it.init {
                        self.their_expr(&init.expr);
                        if let Some((_, block)) = &init.diverge {
                            self.their_expr(block);
                        }
                    }
                }
                Stmt::Item(it) => self.their_item(it),
                // A lone `;`.
                Stmt::Expr(Expr::Verbatim(it), Some(_)) if it.is_empty() => {}
                Stmt::Expr(it, semi) => {
                    let what = if semi.is_some() { "done" } else { "value" };
                    self.their(what, it);
                    self.their_expr(it);
                }
                Stmt::Macro(it) => {
                    let semi = it.semi_token.is_some();
                    self.their(if semi { "done!" } else { "value!" }, &it.mac);
                    self.outside |= !it.attrs.is_empty();
                    self.their_invocation(&it.mac);
                }
            }
        }
    }

    pub(super) fn their_invocation(&mut self, mac: &Macro) {
        if mac.path.is_ident("matches") {
            let parser = |input: syn::parse::ParseStream<'_>| {
                let value: Expr = input.parse()?;
                input.parse::<syn::Token![,]>()?;
                let pattern = Pat::parse_multi_with_leading_vert(input)?;
                let guard = match input.peek(syn::Token![if]) {
                    true => {
                        input.parse::<syn::Token![if]>()?;
                        Some(input.parse::<Expr>()?)
                    }
                    false => None,
                };
                input.parse::<Option<syn::Token![,]>>()?;
                Ok((value, pattern, guard))
            };
            let Ok((value, pattern, guard)) = mac.parse_body_with(parser) else {
                self.outside = true;
                return;
            };
            self.their_expr(&value);
            self.their_pat(&pattern);
            guard.iter().for_each(|it| self.their_expr(it));
            return;
        }
        match mac.parse_body_with(Punctuated::<Expr, syn::Token![,]>::parse_terminated) {
            Ok(arguments) => arguments.iter().for_each(|it| self.their_expr(it)),
            Err(_) => self.outside = true,
        }
    }

    pub(super) fn their_path(&mut self, path: &Path) {
        for segment in &path.segments {
            self.their("name", &segment.ident);
            match &segment.arguments {
                PathArguments::None => {}
                PathArguments::AngleBracketed(it) => {
                    for argument in &it.args {
                        match argument {
                            GenericArgument::Type(ty) => self.their_type(ty),
                            _ => self.outside = true,
                        }
                    }
                }
                PathArguments::Parenthesized(_) => self.outside = true,
            }
        }
    }

    pub(super) fn their_type(&mut self, ty: &Type) {
        match ty {
            Type::Array(it) => {
                self.their("[T; N]", it);
                self.their_type(&it.elem);
                self.their_expr(&it.len);
            }
            Type::Paren(it) => {
                self.their("(T)", it);
                self.their_type(&it.elem);
            }
            Type::Path(it) if it.qself.is_none() => self.their_path(&it.path),
            Type::Reference(it) => {
                let mutable = it.mutability.is_some();
                self.their(if mutable { "&mut T" } else { "&T" }, it);
                self.their_type(&it.elem);
            }
            Type::Tuple(it) => {
                self.their("(T, T)", it);
                it.elems.iter().for_each(|it| self.their_type(it));
            }
            _ => self.outside = true,
        }
    }

    pub(super) fn their_pat(&mut self, pat: &Pat) {
        match pat {
            Pat::Ident(it) => {
                self.their("binding", it);
                if let Some((_, inner)) = &it.subpat {
                    self.their_pat(inner);
                }
            }
            Pat::Lit(it) => self.their("literal", it),
            Pat::Or(it) => {
                self.their("or", it);
                it.cases.iter().for_each(|it| self.their_pat(it));
            }
            Pat::Paren(it) => {
                self.their("(p)", it);
                self.their_pat(&it.pat);
            }
            Pat::Path(it) if it.qself.is_none() => self.their_path(&it.path),
            Pat::Range(it) => {
                self.their("from to", it);
                it.start.iter().for_each(|it| self.their_expr(it));
                it.end.iter().for_each(|it| self.their_expr(it));
            }
            Pat::Reference(it) => {
                self.their("&p", it);
                self.their_pat(&it.pat);
            }
            Pat::Tuple(it) => {
                self.their("(p, p)", it);
                it.elems.iter().for_each(|it| self.their_pat(it));
            }
            Pat::TupleStruct(it) if it.qself.is_none() => {
                self.their("name(p)", it);
                self.their_path(&it.path);
                it.elems.iter().for_each(|it| self.their_pat(it));
            }
            Pat::Rest(it) => self.their("..", it),
            Pat::Wild(it) => self.their("_", it),
            _ => self.outside = true,
        }
    }
}
