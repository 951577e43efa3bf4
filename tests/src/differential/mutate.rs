//! Sources with something changed: one token, or any bytes.

use exo_core::rng::Rng;

/// What a token is, for changes that leave the grammar whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Blank,
    Word,
    Number,
    Sign,
    Bracket,
}

/// Words and signs that a change may bring in.
const WORDS: &[&str] = &[
    "u8",
    "u16",
    "u32",
    "u64",
    "i32",
    "i64",
    "usize",
    "bool",
    "Frame",
    "Option",
    "Result",
    "SysError",
    "Access",
    "Cause",
    "Fault",
    "Sys",
    "Some",
    "None",
    "Ok",
    "Err",
    "self",
    "Self",
    "sys",
    "fault",
    "mut",
    "let",
    "if",
    "else",
    "match",
    "while",
    "for",
    "in",
    "loop",
    "break",
    "continue",
    "return",
    "fn",
    "const",
    "struct",
    "enum",
    "impl",
    "pub",
    "as",
    "true",
    "false",
    "derive",
    "Copy",
    "Clone",
    "PartialEq",
    "Eq",
    "MAX",
    "MIN",
    "BITS",
    "min",
    "max",
    "len",
    "unwrap_or",
    "is_some",
    "ok",
    "ok_or",
    "wrapping_add",
    "checked_sub",
    "abs_diff",
    "number",
    "allocate",
    "free",
    "page",
    "address",
    "_",
    "log",
    "ref",
    "static",
    "unsafe",
    "where",
    "dyn",
    "swap",
    "unwrap",
    "expect",
    "assert",
    "panic",
    "pow",
    "count_ones",
    "leading_zeros",
    "clone",
];
const SIGNS: &[&str] = &[
    "+", "-", "*", "/", "%", "&", "|", "^", "!", "<<", ">>", "==", "!=", "<", "<=", ">", ">=",
    "&&", "||", "=", "+=", "-=", "<<=", "..", "..=", ".", ",", ";", ":", "::", "->", "=>", "?",
    "@", "#", "'a", "&mut", "'b1:",
];
const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "7",
    "8",
    "255",
    "256",
    "4096",
    "65535",
    "4294967295",
    "2147483648",
    "18446744073709551615",
    "0u8",
    "1i64",
    "3usize",
    "1.5",
    "0x",
    "1_000_000_000_000",
    "'x'",
    "\"\"",
    "9999999999999999999999",
];

/// Two signs that are one token.
const JOINED: &[&str] = &[
    "<<=", ">>=", "..=", "<<", ">>", "==", "!=", "<=", ">=", "&&", "||", "+=", "-=", "*=", "/=",
    "%=", "&=", "|=", "^=", "..", "::", "->", "=>",
];

fn kind(token: &str) -> Kind {
    match token.chars().next() {
        Some(it) if it.is_whitespace() => Kind::Blank,
        Some(it) if it.is_ascii_digit() => Kind::Number,
        Some(it) if it.is_alphanumeric() || it == '_' => Kind::Word,
        Some(it) if "(){}[]".contains(it) => Kind::Bracket,
        _ => Kind::Sign,
    }
}

/// Cuts a source into tokens and the blanks between them; joined again they are the source.
fn cut(source: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let length = match kind(rest) {
            Kind::Blank => run(rest, char::is_whitespace),
            Kind::Word | Kind::Number => run(rest, |it| it.is_alphanumeric() || it == '_'),
            Kind::Sign if first == '"' => {
                let end = rest[1..].find('"').map(|at| at + 2);
                end.unwrap_or(rest.len())
            }
            _ => {
                let joined = JOINED.iter().find(|joined| rest.starts_with(**joined));
                joined.map_or(first.len_utf8(), |joined| joined.len())
            }
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after;
    }
    tokens
}

fn run(text: &str, holds: impl Fn(char) -> bool) -> usize {
    text.find(|it| !holds(it)).unwrap_or(text.len())
}

fn below(rng: &mut Rng, end: usize) -> usize {
    rng.below(end as u32) as usize
}

/// `source` with one token changed, mostly into another of its kind.
pub fn token(rng: &mut Rng, source: &str) -> String {
    let mut tokens = cut(source);
    let places: Vec<usize> = (0..tokens.len())
        .filter(|at| kind(tokens[*at]) != Kind::Blank)
        .collect();
    if places.is_empty() {
        return source.to_string();
    }
    let at = places[below(rng, places.len())];
    let own = kind(tokens[at]);
    match below(rng, 12) {
        0 => drop(tokens.remove(at)),
        1 => tokens.insert(at, tokens[at]),
        2 => tokens.swap(at, places[below(rng, places.len())]),
        3 | 4 => {
            let known = match own {
                Kind::Number => NUMBERS,
                Kind::Word => WORDS,
                _ => SIGNS,
            };
            tokens[at] = known[below(rng, known.len())];
        }
        5 => {
            let known = [NUMBERS, WORDS, SIGNS][below(rng, 3)];
            tokens.insert(at, " ");
            tokens.insert(at, known[below(rng, known.len())]);
        }
        6 if own == Kind::Bracket => drop(tokens.remove(at)),
        _ => {
            let alike: Vec<&str> = tokens
                .iter()
                .copied()
                .filter(|it| kind(it) == own)
                .collect();
            tokens[at] = alike[below(rng, alike.len())];
        }
    }
    tokens.concat()
}

/// `source` with some bytes changed; what is no text any more is replaced.
pub fn bytes(rng: &mut Rng, source: &str) -> String {
    let mut bytes = source.as_bytes().to_vec();
    for _ in 0..=below(rng, 4) {
        if bytes.is_empty() {
            break;
        }
        let at = below(rng, bytes.len());
        match below(rng, 6) {
            0 => drop(bytes.remove(at)),
            1 => bytes.insert(at, rng.next_u64() as u8),
            2 => bytes[at] ^= 1 << below(rng, 8),
            3 => bytes.truncate(at),
            4 => {
                let end = (at + below(rng, 200)).min(bytes.len());
                let part = bytes[at..end].to_vec();
                let to = below(rng, bytes.len());
                bytes.splice(to..to, part);
            }
            _ => {
                let signs = b"(){}[]<>;:,.'\"/*#!&|\\\n\0";
                bytes[at] = signs[below(rng, signs.len())];
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_joined_again_are_the_source() {
        let source = "fn f(a: u8) -> u8 {\n  a <<= 1; \"x {}\" ..= 'l }";
        assert_eq!(cut(source).concat(), source);
        assert!(cut(source).contains(&"<<="));
    }
}
