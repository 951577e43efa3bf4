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
    /// It is written as no token is.
    Malformed,
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
    let mut tokens = Vec::with_capacity(source.len() / 4);
    // What tells that a file is Unicode is no part of it.
    let mut at = if source.starts_with('\u{FEFF}') { 3 } else { 0 };
    let mut after_dot = false;
    while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
        let blank = blank(rest);
        if blank > 0 {
            at += blank;
            continue;
        }
        let (kind, length, flaw) = match rest.as_bytes().first() {
            Some(b'0'..=b'9') => number(rest, after_dot),
            _ => token(rest, by_line),
        };
        let end = at + length.max(1);
        after_dot = length == 1 && rest.starts_with('.');
        tokens.push(Token {
            kind,
            range: at..end,
            flaw,
        });
        at = end;
    }
    tokens
}

/// So many bytes of white space begin `rest`: what rustc takes for such.
fn blank(rest: &str) -> usize {
    let ascii = |byte: &u8| matches!(byte, b'\t'..=b'\r' | b' ');
    let blank = rest.bytes().take_while(ascii).count();
    let wide = |c: char| {
        matches!(
            c,
            '\u{85}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}'
        )
    };
    match rest.get(blank..).and_then(|rest| rest.chars().next()) {
        Some(c) if wide(c) => blank + c.len_utf8(),
        _ => blank,
    }
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
        let flaw = (doc && line.contains('\r')).then_some(Flaw::Malformed);
        return (kind, line.len(), flaw);
    }
    if rest.starts_with("/*") {
        return block_comment(rest);
    }
    if matches!(first, '"' | 'b' | 'c' | 'r')
        && let Some(cut) = quoted(rest, by_line)
    {
        return cut;
    }
    if begins_word(first) {
        let raw = rest
            .strip_prefix("r#")
            .filter(|rest| rest.starts_with(begins_word));
        let length = raw.map_or_else(|| word(rest), |rest| 2 + word(rest));
        // These cannot be raw.
        let barred = ["r#self", "r#Self", "r#super", "r#crate", "r#_"];
        let barred = raw.is_some() && barred.iter().any(|it| rest.get(..length) == Some(*it));
        return (Kind::Word, length, barred.then_some(Flaw::Malformed));
    }
    match first {
        '(' | '[' | '{' => (Kind::Open, 1, None),
        ')' | ']' | '}' => (Kind::Close, 1, None),
        '\'' => apostrophe(rest),
        _ if joins(rest) => match JOINED.iter().find(|joined| rest.starts_with(**joined)) {
            Some(joined) => (Kind::Punctuation, joined.len(), None),
            None => (Kind::Punctuation, 1, None),
        },
        _ if "!@#$%^&*-=+|;:,<.>/?~".contains(first) => (Kind::Punctuation, 1, None),
        _ => (Kind::Stray, first.len_utf8(), None),
    }
}

/// Whether a sign may go on with the character after it.
fn joins(rest: &str) -> bool {
    let mut bytes = rest.bytes();
    let first = bytes
        .next()
        .is_some_and(|it| b"!%^&*-=+|:<./".contains(&it));
    first && bytes.next().is_some_and(|it| b"=.:>&|<".contains(&it))
}

/// Whether a name can begin with it: letters of the scripts whose every letter is one for rustc.
pub(crate) fn begins_word(c: char) -> bool {
    match c {
        '_' | 'a'..='z' | 'A'..='Z' => true,
        '\0'..='\u{7F}' => false,
        '\u{C0}'..='\u{24F}'
        | '\u{388}'..='\u{3FF}'
        | '\u{400}'..='\u{481}'
        | '\u{48A}'..='\u{52F}'
        | '\u{3041}'..='\u{3096}'
        | '\u{30A1}'..='\u{30FA}'
        | '\u{4E00}'..='\u{9FD5}'
        | '\u{AC00}'..='\u{D7A3}' => c.is_alphabetic(),
        _ => false,
    }
}

/// Whether a name can go on with it.
pub(crate) fn continues_word(c: char) -> bool {
    c.is_ascii_digit() || begins_word(c)
}

fn word(rest: &str) -> usize {
    let ascii = |byte: &u8| *byte == b'_' || byte.is_ascii_alphanumeric();
    let length = rest.bytes().take_while(ascii).count();
    match rest.as_bytes().get(length) {
        None | Some(0..=0x7F) => length,
        _ => rest
            .find(|c: char| !continues_word(c))
            .unwrap_or(rest.len()),
    }
}

/// A number. After a `.` it is that of a field, and no fraction.
fn number(rest: &str, after_dot: bool) -> Cut {
    let run = |from: usize| {
        let digits = rest.bytes().skip(from);
        digits
            .take_while(|it| *it == b'_' || it.is_ascii_digit())
            .count()
    };
    let byte = |at: usize| rest.as_bytes().get(at).copied();
    let base = match rest.get(..2) {
        Some("0x") => return hexadecimal(rest),
        Some("0b") => b'1',
        Some("0o") => b'7',
        _ => 0,
    };
    if base > 0 {
        let digits = 2 + run(2);
        let inner = rest.as_bytes().get(2..digits).unwrap_or_default();
        let wrong = inner.iter().all(|it| *it == b'_')
            || inner.iter().any(|it| it.is_ascii_digit() && *it > base);
        let end = digits + word(rest.get(digits..).unwrap_or_default());
        return (Kind::Number, end, wrong.then_some(Flaw::Malformed));
    }
    let mut end = run(0);
    if !after_dot && byte(end) == Some(b'.') {
        let after = rest.get(end + 1..).and_then(|rest| rest.chars().next());
        if !after.is_some_and(|c| c == '.' || begins_word(c)) {
            end += 1 + run(end + 1);
        }
    }
    if !after_dot && matches!(byte(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(byte(end + 1), Some(b'+' | b'-')));
        let digits = run(end + 1 + sign);
        if digits > 0 {
            end += 1 + sign + digits;
        }
    }
    end += word(rest.get(end..).unwrap_or_default());
    (Kind::Number, end, None)
}

fn hexadecimal(rest: &str) -> Cut {
    let digits = rest
        .bytes()
        .skip(2)
        .take_while(|it| *it == b'_' || it.is_ascii_hexdigit());
    let some = digits.clone().any(|it| it != b'_');
    let end = 2 + digits.count();
    let end = end + word(rest.get(end..).unwrap_or_default());
    (Kind::Number, end, (!some).then_some(Flaw::Malformed))
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
            let text = rest.get(..at).unwrap_or_default().replace("\r\n", "");
            let flaw = (doc && text.contains('\r')).then_some(Flaw::Malformed);
            return (kind, at, flaw);
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
    let mut at = 1;
    while let Some(byte) = after.as_bytes().get(at) {
        at += 1;
        match byte {
            b'\n' if by_line => break,
            b'"' => return Some((Kind::Text, prefix.len() + at, flaw)),
            b'\r' if after.as_bytes().get(at) != Some(&b'\n') => {
                flaw = flaw.or(Some(Flaw::Malformed));
            }
            b'\\' => {
                let rest = after.get(at..).unwrap_or_default();
                flaw = flaw.or((!escapes(rest, prefix == "b")).then_some(Flaw::Escape));
                at += 1;
            }
            _ => {}
        }
    }
    // It would swallow the rest of the file: it most likely ends where its line does.
    let line = rest.find('\n').unwrap_or(rest.len());
    Some((Kind::Text, line, Some(Flaw::Unclosed)))
}

/// Whether what stands after a `\` stands for a character.
fn escapes(rest: &str, bytes: bool) -> bool {
    let Some(first) = rest.chars().next() else {
        return false;
    };
    match first {
        '\\' | 'n' | 'r' | 't' | '0' | '"' | '\'' | '\n' => true,
        '\r' => rest.starts_with("\r\n"),
        'x' => {
            let code = rest.get(1..3);
            let digits = code.filter(|code| code.bytes().all(|it| it.is_ascii_hexdigit()));
            digits.is_some_and(|digits| bytes || digits < "8")
        }
        'u' if !bytes => {
            let inner = rest.get(1..).and_then(|rest| rest.strip_prefix('{'));
            let code = inner.and_then(|inner| inner.split_once('}'));
            let code = code
                .map(|(code, _)| code)
                .filter(|code| !code.starts_with('_'));
            let digits: String = code
                .unwrap_or_default()
                .chars()
                .filter(|c| *c != '_')
                .collect();
            let fits = digits.len() <= 6 && digits.bytes().all(|it| it.is_ascii_hexdigit());
            let code = u32::from_str_radix(&digits, 16).ok();
            fits && code.and_then(char::from_u32).is_some()
        }
        _ => false,
    }
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
