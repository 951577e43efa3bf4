//! The words of Rust code that is no test's: paths, method calls, macros and identifiers.

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItemFn, Item, Macro, UseTree};

use super::walk::Source;

/// What a file of code names.
#[derive(Default)]
pub struct Words {
    /// Identifiers with their line, those within macros included.
    pub identifiers: Vec<(String, usize)>,
    /// `.name(` and `name!` with their line.
    pub calls: Vec<(String, usize)>,
    /// Paths that begin at `crate` or at another crate, in `use` or elsewhere.
    pub paths: Vec<(Vec<String>, usize)>,
}

/// The words of a file, without items that are compiled for tests only.
pub fn of(source: &Source) -> Words {
    let file = syn::parse_file(&source.text)
        .unwrap_or_else(|error| panic!("{} is no Rust: {error}", source.path));
    let mut words = Words::default();
    words.visit_file(&file);
    words
}

fn only_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let is_cfg = attribute.path().is_ident("cfg");
        is_cfg
            && attribute
                .parse_args::<syn::Path>()
                .is_ok_and(|it| it.is_ident("test"))
    })
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Mod(it) => &it.attrs,
        Item::Fn(it) => &it.attrs,
        Item::Impl(it) => &it.attrs,
        Item::Use(it) => &it.attrs,
        Item::Const(it) => &it.attrs,
        _ => &[],
    }
}

impl Words {
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (place, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(name) => {
                    let (name, line) = (name.to_string(), name.span().start().line);
                    self.identifiers.push((name.clone(), line));
                    let is = |place: Option<usize>, wanted: char| {
                        let token = place.and_then(|place| tokens.get(place));
                        matches!(token, Some(TokenTree::Punct(it)) if it.as_char() == wanted)
                    };
                    if is(place.checked_sub(1), '.') {
                        self.calls.push((format!(".{name}("), line));
                    }
                    if is(Some(place + 1), '!') {
                        self.calls.push((format!("{name}!"), line));
                    }
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }

    fn uses(&mut self, tree: &UseTree, before: &[String]) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.uses(&path.tree, &with(&path.ident)),
            UseTree::Name(name) => self.path(with(&name.ident), &name.ident),
            UseTree::Rename(name) => self.path(with(&name.ident), &name.ident),
            UseTree::Group(group) => group.items.iter().for_each(|it| self.uses(it, before)),
            UseTree::Glob(glob) => {
                let line = glob.star_token.spans[0].start().line;
                self.paths.push((before.to_vec(), line));
            }
        }
    }

    fn path(&mut self, path: Vec<String>, at: &syn::Ident) {
        self.paths.push((path, at.span().start().line));
    }
}

impl<'ast> Visit<'ast> for Words {
    fn visit_item(&mut self, item: &'ast Item) {
        if !only_for_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        if !only_for_tests(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    // Attributes are documentation and lints.
    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.uses(&item.tree, &[]);
        visit::visit_item_use(self, item);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path
            .segments
            .iter()
            .map(|it| it.ident.to_string())
            .collect();
        if let (true, Some(first)) = (names.len() > 1, path.segments.first()) {
            self.path(names, &first.ident);
        }
        visit::visit_path(self, path);
    }

    fn visit_ident(&mut self, name: &'ast syn::Ident) {
        let line = name.span().start().line;
        self.identifiers.push((name.to_string(), line));
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let line = call.method.span().start().line;
        self.calls.push((format!(".{}(", call.method), line));
        visit::visit_expr_method_call(self, call);
    }

    fn visit_macro(&mut self, item: &'ast Macro) {
        if let Some(last) = item.path.segments.last() {
            let line = last.ident.span().start().line;
            self.calls.push((format!("{}!", last.ident), line));
        }
        self.tokens(item.tokens.clone());
        visit::visit_macro(self, item);
    }
}
