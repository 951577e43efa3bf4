//! Formatting changes white space, and next to nothing else.

use crate::syntax;
use crate::text::tokens;

/// Whether two texts have the same comments and the same tokens, but for what rustfmt itself adds
/// and takes away: commas at ends, the braces around an arm of one expression, and the `;` after a
/// `return` at the end of a block. The commas and braces that are left have to be read as before.
pub(super) fn same(before: &str, after: &str) -> bool {
    let comments = |text: &str| -> Vec<String> {
        let tokens = tokens(text);
        let comments = tokens.iter().filter(|token| token.is_comment());
        comments
            .map(|token| token.text(text).trim_end().to_string())
            .collect()
    };
    let (old, new) = (words(before), words(after));
    let ends = |words: &[String]| words.iter().filter(|word| *word == ";").count();
    comments(before) == comments(after)
        && without_ends(&old) == without_ends(&new)
        && ends(&new) >= ends(&old)
        && is_read(after)
}

/// Whether a text is a file, or a part of an `impl`.
fn is_read(text: &str) -> bool {
    let file = |text: &str| {
        let tokens = syntax::tokens(text);
        tokens.is_ok_and(|tokens| syntax::Parser::new(text, &tokens).file().is_ok())
    };
    file(text) || file(&format!("impl X {{ {text} }}"))
}

fn words(text: &str) -> Vec<String> {
    let tokens = tokens(text);
    let tokens = tokens.iter().filter(|token| !token.is_comment());
    tokens.map(|token| token.text(text).to_string()).collect()
}

/// The words without what may be added or taken away.
fn without_ends(words: &[String]) -> Vec<&str> {
    let mut kept: Vec<&str> = Vec::new();
    for (position, word) in words.iter().enumerate() {
        let next = words.get(position + 1).map(String::as_str);
        match word.as_str() {
            "{" | "}" | "," => {}
            ";" if next == Some("}") && leaves(words, position) => {}
            other => kept.push(other),
        }
    }
    kept
}

/// Whether the statement that ends at a `;` is a jump.
fn leaves(words: &[String], position: usize) -> bool {
    let before = words.get(..position).unwrap_or_default();
    let statement = before
        .iter()
        .rposition(|word| matches!(word.as_str(), ";" | "{" | "}"));
    let first = before.get(statement.map_or(0, |end| end + 1));
    first.is_some_and(|word| matches!(word.as_str(), "return" | "break" | "continue"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_at_ends_may_come_and_go_and_nothing_else() {
        assert!(same("fn f() { g(1, 2,) }", "fn f() {\n    g(1, 2)\n}"));
        assert!(same("fn f() { return 1 }", "fn f() {\n    return 1;\n}"));
        assert!(!same("fn f() { 1; }", "fn f() { 1 }"));
        assert!(!same("fn f() { 1 }", "fn f() { 1; }"));
        assert!(!same("fn f() { g(1, 2) }", "fn f() { g(1 2) }"));
        assert!(!same("// a\nfn f() {}", "fn f() {}"));
    }
}
