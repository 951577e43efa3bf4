//! No message is unseen: each text of the compiler appears in a fixture, as the user reads it.

use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};

/// Parts of the compiler that write no diagnostics: what they say is shown elsewhere.
const SILENT: &[&str] = &["/services/", "/prelude/table/", "/listing/", "/tests/"];

/// Texts that nobody reads: words of the parser that are compared or said otherwise, and code that is read for a
/// body that cannot be.
const NOT_SAID: &[&str] = &["a trait's `impl`", "unexpected token", "loop {}"];

/// What only a mistake of the compiler's own would bring about.
const ONLY_BY_MISTAKE: &[&str] = &["this policy cannot be compiled"];

/// A text of the compiler, cut where values go.
struct Text {
    place: String,
    pieces: Vec<String>,
}

/// Every Rust file below a folder, with its path from there.
fn sources(folder: &Path, shown: &str, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = format!("{shown}/{}", entry.file_name().to_string_lossy());
        if entry.file_type().unwrap().is_dir() {
            sources(&entry.path(), &path, found);
        } else if path.ends_with(".rs") {
            found.push((path, fs::read_to_string(entry.path()).unwrap()));
        }
    }
}

fn below(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    sources(&root.join(folder), folder, &mut found);
    found.sort();
    found
}

/// What a literal stands for, if it is a string.
fn text_of(literal: &proc_macro2::Literal) -> Option<String> {
    match syn::Lit::new(literal.clone()) {
        syn::Lit::Str(text) => Some(text.value()),
        _ => None,
    }
}

/// The constant parts of what `format!` is given.
fn cut(text: &str) -> Vec<String> {
    let text = text.replace("{{", "\u{1}").replace("}}", "\u{2}");
    let parts = text.split('{').enumerate().map(|(number, part)| {
        let behind = part.split_once('}').map_or("", |(_, behind)| behind);
        if number == 0 { part } else { behind }
    });
    let parts = parts.map(|part| part.replace('\u{1}', "{").replace('\u{2}', "}"));
    parts.filter(|part| !part.is_empty()).collect()
}

/// The texts of more than one word in code that is no test's.
fn texts(path: &str, tokens: TokenStream, formats: bool, found: &mut Vec<Text>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is = |at: usize, wanted: char| matches!(tokens.get(at), Some(TokenTree::Punct(it)) if it.as_char() == wanted);
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token {
            TokenTree::Punct(it) if it.as_char() == '#' => {
                at += usize::from(is(at, '!'));
                let attribute = tokens.get(at).map(ToString::to_string);
                at += 1;
                if attribute.is_some_and(|it| it.replace(' ', "") == "[cfg(test)]") {
                    let ends = |it: &TokenTree| match it {
                        TokenTree::Group(it) => it.delimiter() == proc_macro2::Delimiter::Brace,
                        other => other.to_string() == ";",
                    };
                    let item = tokens.iter().skip(at);
                    at += 1 + item.take_while(|it| !ends(it)).count();
                }
            }
            TokenTree::Group(group) => {
                let name = at.checked_sub(3).and_then(|name| tokens.get(name));
                let name = name.map(ToString::to_string).unwrap_or_default();
                let formats = at >= 2 && is(at - 2, '!') && ["format", "write"].contains(&&*name);
                texts(path, group.stream(), formats, found);
            }
            TokenTree::Literal(literal) => {
                let Some(text) = text_of(literal).filter(|text| text.trim().contains(' ')) else {
                    continue;
                };
                found.push(Text {
                    place: format!("{path}:{}", literal.span().start().line),
                    pieces: if formats { cut(&text) } else { vec![text] },
                });
            }
            _ => {}
        }
    }
}

/// Whether a line holds all of a text's pieces, in their order.
fn shows(line: &str, pieces: &[String]) -> bool {
    let mut rest = line;
    pieces
        .iter()
        .all(|piece| match rest.split_once(piece.as_str()) {
            Some((_, behind)) => {
                rest = behind;
                true
            }
            None => false,
        })
}

/// Whether a line of a fixture is what a user reads: a diagnostic, or why a program stopped.
fn is_rendered(line: &str) -> bool {
    [": error", ": warning", "stops: "]
        .iter()
        .any(|it| line.contains(it))
}

#[test]
fn every_text_of_the_compiler_is_in_a_fixture() {
    let mut wanted = Vec::new();
    for (path, source) in below("src") {
        if !SILENT.iter().any(|silent| path.contains(silent)) {
            texts(&path, source.parse().unwrap(), false, &mut wanted);
        }
    }
    assert!(wanted.len() > 200, "the texts are not found");
    let fixtures = below("tests");
    let rendered: Vec<&str> = fixtures
        .iter()
        .flat_map(|(_, text)| text.lines())
        .filter(|line| is_rendered(line))
        .collect();
    let excused = |text: &Text| {
        let whole = text.pieces.join("…");
        NOT_SAID
            .iter()
            .chain(ONLY_BY_MISTAKE)
            .any(|it| *it == whole)
    };
    wanted.retain(|text| !excused(text));
    let missing: Vec<String> = wanted
        .iter()
        .filter(|text| !rendered.iter().any(|line| shows(line, &text.pieces)))
        .map(|text| format!("{}: {}", text.place, text.pieces.join("…")))
        .collect();
    assert!(
        missing.is_empty(),
        "{} of {} in no fixture:\n{}",
        missing.len(),
        wanted.len(),
        missing.join("\n")
    );
}
