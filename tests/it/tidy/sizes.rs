//! Files of at most 400 lines, functions of at most 70, each file with a line that says what it is.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Block, Signature};

use super::walk::{self, Source, assert_none};

const FILE_LINES: usize = 400;
const FILE_LINES_HARD: usize = 800;
const FUNCTION_LINES: usize = 70;

/// Files that may be longer than 400 lines, up to 800.
const LONGER: &[&str] = &[
    "crates/policy/tests/twins/operators.rs",
    // Generated, and as long as the interface.
    "crates/policy/tests/interface/application.rs",
    "crates/policy/tests/interface/libos.rs",
];

/// Functions that may be longer than a screen, since each is one table: an arm for each
/// instruction, expression, event or operator.
const TABLES: &[(&str, &str)] = &[
    ("core/src/cpu/arithmetic.rs", "rare"),
    ("core/src/cpu/step.rs", "step"),
    ("crates/policy/src/listing.rs", "instruction"),
    ("crates/policy/src/const_eval.rs", "control"),
    ("crates/policy/src/emit/operation.rs", "arithmetic"),
    ("crates/policy/src/listing.rs", "arithmetic"),
    ("crates/policy/src/tree.rs", "children"),
    ("crates/policy/tests/twins/methods.rs", "compute"),
    ("crates/policy/tests/twins/operators.rs", "compute"),
    ("crates/session/src/explain/calls.rs", "call"),
    ("crates/session/src/explain/row.rs", "short"),
];

/// The lines, from 1, that are wholly text: snapshots, fixtures and policies within literals.
fn text_lines(source: &Source) -> BTreeSet<usize> {
    let tokens: TokenStream = source.text.parse().unwrap();
    let mut lines = BTreeSet::new();
    gather_text(tokens, &mut lines);
    lines
}

fn gather_text(tokens: TokenStream, lines: &mut BTreeSet<usize>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => gather_text(group.stream(), lines),
            TokenTree::Literal(literal) => {
                let span = literal.span();
                lines.extend(span.start().line + 1..=span.end().line);
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
}

/// Lines of code up to a file's own tests, which may follow what they test.
fn code_lines(source: &Source) -> usize {
    let lines: Vec<&str> = source.text.lines().collect();
    let tests = lines
        .windows(2)
        .position(|pair| pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod "));
    let end = tests.unwrap_or(lines.len());
    end - text_lines(source).range(..=end).count()
}

#[test]
fn no_file_is_longer_than_one_can_keep_in_mind() {
    let mut complaints = Vec::new();
    for source in walk::rust("") {
        let (code, all) = (code_lines(&source), source.text.lines().count());
        let excused = LONGER.contains(&source.path.as_str());
        let snapshots = source.path.contains("/tests/") || source.path.starts_with("tests/");
        if (all > FILE_LINES_HARD && !snapshots) || (code > FILE_LINES && !excused) {
            complaints.push(format!(
                "{}: {code} lines of code, {all} in all",
                source.path
            ));
        }
    }
    assert_none(&complaints);
}

/// Finds functions that are too long.
struct Functions<'run> {
    source: &'run Source,
    text: BTreeSet<usize>,
    complaints: &'run mut Vec<String>,
}

impl Functions<'_> {
    fn measure(&mut self, signature: &Signature, body: &Block) {
        let (first, last) = (signature.span().start().line, body.span().end().line);
        let lines = last + 1 - first - self.text.range(first..=last).count();
        let (path, name) = (&self.source.path, &signature.ident);
        let table = TABLES
            .iter()
            .any(|(file, function)| path == file && name == function);
        if lines > FUNCTION_LINES && !table {
            self.complaints
                .push(format!("{path}:{first}: {name}, {lines} lines"));
        }
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.measure(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.measure(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }
}

#[test]
fn no_function_is_longer_than_a_screen() {
    let mut complaints = Vec::new();
    for source in walk::rust("") {
        let file = syn::parse_file(&source.text).unwrap();
        Functions {
            source: &source,
            text: text_lines(&source),
            complaints: &mut complaints,
        }
        .visit_file(&file);
    }
    assert_none(&complaints);
}

#[test]
fn every_file_says_in_its_first_line_what_it_is() {
    // The parts of a sample are joined into one file: they begin as its middle may, and say what
    // they are on their struct. So do the applications.
    let part = |it: &Source| {
        let path = it.path.strip_prefix("libos-samples/src/");
        path.is_some_and(|path| {
            let folders = ["policies/", "tables/", "applications/"];
            folders.iter().any(|it| path.starts_with(it)) && !path.ends_with("/mod.rs")
        })
    };
    let files = walk::rust("").into_iter();
    let without = files.filter(|it| !it.text.starts_with("//! ") && !part(it));
    assert_none(&without.map(|it| it.path).collect::<Vec<_>>());
}
