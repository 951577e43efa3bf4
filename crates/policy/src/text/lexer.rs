//! Cuts a source into tokens. It never refuses: what is not a token is one of its own kind.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A name or keyword.
    Word,
    /// `'label`.
    Lifetime,
    /// A number, with its suffix.
    Number,
    /// A string of any sort.
    Text,
    /// `'c'`.
    Character,
    /// `(`, `[` or `{`.
    Open,
    /// `)`, `]` or `}`.
    Close,
    /// An operator or separator. `>` is always alone, even in `>=`: it may close a `<`.
    Punctuation,
    /// A comment that says nothing to the compiler.
    Comment,
    /// `///`, `//!` and their like.
    DocComment,
    /// Not a token of Rust.
    Stray,
}

/// What is wrong with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// It begins and does not end.
    Unclosed,
    /// An unknown `\` sequence.
    Escape,
}

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    /// Its bytes.
    pub(crate) range: Range<usize>,
    pub(crate) flaw: Option<Flaw>,
}

impl Token {
    /// As it is written.
    pub(crate) fn text<'s>(&self, source: &'s str) -> &'s str {
        source.get(self.range.clone()).unwrap_or_default()
    }

    /// Whether the parser does not see it.
    pub(crate) fn is_comment(&self) -> bool {
        matches!(self.kind, Kind::Comment | Kind::DocComment)
    }
}

/// The operators of more than one character, longest first.
const JOINED: &[&str] = &[
    "..=", "...", "<<=", "::", "->", "=>", "==", "!=", "<=", "&&", "||", "<<", "+=", "-=", "*=",
    "/=", "%=", "^=", "&=", "|=", "..",
];

/// The tokens of `source`, in order; between them is white space alone.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    let tokens = cut(source, false);
    let open = |token: &Token| token.kind == Kind::Text && token.flaw == Some(Flaw::Unclosed);
    if tokens.iter().any(open) {
        // One `"` too few turns text and code around: strings then end with their line.
        return cut(source, true);
    }
    tokens
}

fn cut(source: &str, by_line: bool) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
        let blank = rest.len() - rest.trim_start().len();
        if blank > 0 {
            at += blank;
            continue;
        }
        let (kind, length, flaw) = token(rest, by_line);
        let end = at + length.max(1);
        tokens.push(Token {
            kind,
            range: at..end,
            flaw,
        });
        at = end;
    }
    tokens
}

type Cut = (Kind, usize, Option<Flaw>);

fn token(rest: &str, by_line: bool) -> Cut {
    let Some(first) = rest.chars().next() else {
        return (Kind::Stray, 1, None);
    };
    if rest.starts_with("//") {
        let length = rest.find('\n').unwrap_or(rest.len());
        let line = rest.get(..length).unwrap_or(rest).trim_end_matches('\r');
        let doc = line.starts_with("//!") || line.starts_with("///") && !line.starts_with("////");
        let kind = if doc { Kind::DocComment } else { Kind::Comment };
        return (kind, line.len(), None);
    }
    if rest.starts_with("/*") {
        return block_comment(rest);
    }
    if let Some(cut) = quoted(rest, by_line) {
        return cut;
    }
    if first.is_ascii_digit() {
        return (Kind::Number, number(rest), None);
    }
    if begins_word(first) {
        let raw = rest
            .strip_prefix("r#")
            .filter(|rest| rest.starts_with(begins_word));
        let length = raw.map_or_else(|| word(rest), |rest| 2 + word(rest));
        return (Kind::Word, length, None);
    }
    match first {
        '(' | '[' | '{' => (Kind::Open, 1, None),
        ')' | ']' | '}' => (Kind::Close, 1, None),
        '\'' => apostrophe(rest),
        _ => match JOINED.iter().find(|joined| rest.starts_with(**joined)) {
            Some(joined) => (Kind::Punctuation, joined.len(), None),
            None if "!@#%^&*-=+|;:,<.>/?".contains(first) => (Kind::Punctuation, 1, None),
            None => (Kind::Stray, first.len_utf8(), None),
        },
    }
}

fn begins_word(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

fn word(rest: &str) -> usize {
    rest.find(|c: char| c != '_' && !c.is_alphanumeric())
        .unwrap_or(rest.len())
}

fn number(rest: &str) -> usize {
    let whole = word(rest);
    let mut after = rest.get(whole..).unwrap_or_default().chars();
    let fraction = after.next() == Some('.') && after.next().is_some_and(|c| c.is_ascii_digit());
    match fraction {
        true => whole + 1 + word(rest.get(whole + 1..).unwrap_or_default()),
        false => whole,
    }
}

fn block_comment(rest: &str) -> Cut {
    let doc = rest.starts_with("/*!")
        || rest.starts_with("/**") && !rest.starts_with("/***") && !rest.starts_with("/**/");
    let kind = if doc { Kind::DocComment } else { Kind::Comment };
    let bytes = rest.as_bytes();
    let (mut depth, mut at) = (0usize, 0);
    while let Some(pair) = bytes.get(at..at + 2) {
        match pair {
            b"/*" => (depth, at) = (depth + 1, at + 2),
            b"*/" => (depth, at) = (depth.saturating_sub(1), at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return (kind, at, None);
        }
    }
    (kind, rest.len(), Some(Flaw::Unclosed))
}

/// A string, if one begins here.
fn quoted(rest: &str, by_line: bool) -> Option<Cut> {
    let prefix = ["", "b", "c", "r", "br", "cr"].into_iter().rfind(|prefix| {
        let after = rest.strip_prefix(prefix);
        let hashes = after.map(|after| after.trim_start_matches('#'));
        match prefix.ends_with('r') {
            true => hashes.is_some_and(|after| after.starts_with('"')),
            false => after.is_some_and(|after| after.starts_with('"')),
        }
    });
    let Some(prefix) = prefix else {
        let character = rest
            .strip_prefix("b'")
            .map(|_| rest.get(1..).unwrap_or_default());
        return character.map(|rest| {
            let (kind, length, flaw) = apostrophe(rest);
            (kind, length + 1, flaw)
        });
    };
    let after = rest.get(prefix.len()..)?;
    if prefix.ends_with('r') {
        let hashes = after.len() - after.trim_start_matches('#').len();
        let end = format!("\"{}", "#".repeat(hashes));
        let inner = after.get(hashes + 1..)?;
        let begin = prefix.len() + hashes + 1;
        return Some(match inner.find(&end) {
            Some(found) => (Kind::Text, begin + found + end.len(), None),
            None => (Kind::Text, rest.len(), Some(Flaw::Unclosed)),
        });
    }
    let mut flaw = None;
    let mut chars = after.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\n' if by_line => break,
            '"' => return Some((Kind::Text, prefix.len() + at + 1, flaw)),
            '\\' => {
                let known = chars
                    .next()
                    .is_some_and(|(_, c)| "\\nrt0\"'xu\n\r".contains(c));
                flaw = flaw.or((!known).then_some(Flaw::Escape));
            }
            _ => {}
        }
    }
    // It would swallow the rest of the file: it most likely ends where its line does.
    let line = rest.find('\n').unwrap_or(rest.len());
    Some((Kind::Text, line, Some(Flaw::Unclosed)))
}

/// A character or a lifetime.
fn apostrophe(rest: &str) -> Cut {
    let mut chars = rest.char_indices().skip(1);
    let Some((_, first)) = chars.next() else {
        return (Kind::Stray, 1, None);
    };
    let second = chars.next();
    if first == '\\' {
        let line = rest.split('\n').next().unwrap_or_default();
        let close = line.char_indices().skip(3).find(|(_, c)| *c == '\'');
        let known = second.is_some_and(|(_, c)| "\\nrt0\"'xu".contains(c));
        return match close {
            Some((at, _)) => {
                let flaw = (!known).then_some(Flaw::Escape);
                (Kind::Character, at + 1, flaw)
            }
            None => (Kind::Character, line.len(), Some(Flaw::Unclosed)),
        };
    }
    match second {
        Some((at, '\'')) if first != '\'' => (Kind::Character, at + 1, None),
        _ if begins_word(first) => {
            let length = 1 + word(rest.get(1..).unwrap_or_default());
            (Kind::Lifetime, length, None)
        }
        _ => (Kind::Stray, 1, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(source: &str) -> Vec<(Kind, &str)> {
        let tokens = tokens(source);
        tokens
            .iter()
            .map(|token| (token.kind, token.text(source)))
            .collect()
    }

    #[test]
    fn every_sort_of_token_is_cut_where_rust_cuts_it() {
        use Kind::*;
        assert_eq!(
            cut("a1..=0x_F 'b 'c' '\\n' \"s\\\"t\" r#\"x\"y\"# b'q' 1.5 1.max // c"),
            [
                (Word, "a1"),
                (Punctuation, "..="),
                (Number, "0x_F"),
                (Lifetime, "'b"),
                (Character, "'c'"),
                (Character, "'\\n'"),
                (Text, "\"s\\\"t\""),
                (Text, "r#\"x\"y\"#"),
                (Character, "b'q'"),
                (Number, "1.5"),
                (Number, "1"),
                (Punctuation, "."),
                (Word, "max"),
                (Comment, "// c"),
            ]
        );
        assert_eq!(
            cut("/// d\n/* a /* b */ c */ /** d */ x"),
            [
                (DocComment, "/// d"),
                (Comment, "/* a /* b */ c */"),
                (DocComment, "/** d */"),
                (Word, "x"),
            ]
        );
    }

    #[test]
    fn what_does_not_end_is_marked_and_a_string_costs_one_line() {
        let source = "\"open\n let x = 1;";
        let tokens = tokens(source);
        assert_eq!(
            tokens.first().and_then(|token| token.flaw),
            Some(Flaw::Unclosed)
        );
        assert_eq!(tokens.len(), 6);
        assert_eq!(super::tokens("/* open").len(), 1);
        assert_eq!(cut("`")[0].0, Kind::Stray);
    }
}
