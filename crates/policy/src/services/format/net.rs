//! Formatting changes white space, and next to nothing else.

use crate::text::tokens;

/// Whether two texts have the same comments and the same tokens, but for what rustfmt itself adds
/// and takes away: a comma before a closing bracket, the braces around an arm of one expression, and
/// the `;` after a `return` at the end of a block.
pub(super) fn same(before: &str, after: &str) -> bool {
    let comments = |text: &str| -> Vec<String> {
        let tokens = tokens(text);
        let comments = tokens.iter().filter(|token| token.is_comment());
        comments
            .map(|token| token.text(text).trim_end().to_string())
            .collect()
    };
    let (old, new) = (words(before), words(after));
    comments(before) == comments(after)
        && without_ends(&old) == without_ends(&new)
        && new.iter().filter(|word| *word == ";").count()
            >= old.iter().filter(|word| *word == ";").count()
        && syn::parse_str::<syn::File>(after).is_ok() == syn::parse_str::<syn::File>(before).is_ok()
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
        let closes = matches!(next, Some(")" | "]" | "}") | None);
        match word.as_str() {
            "{" | "}" => {}
            "," if closes || kept_last_closes(words, position) => {}
            ";" if next == Some("}") && leaves(words, position) => {}
            other => kept.push(other),
        }
    }
    kept
}

/// Whether the word before is a `}`: the comma after an arm's block.
fn kept_last_closes(words: &[String], position: usize) -> bool {
    let before = position.checked_sub(1).and_then(|before| words.get(before));
    before.is_some_and(|word| word == "}")
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
