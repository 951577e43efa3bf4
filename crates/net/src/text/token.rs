//! Words and signs of an expression, with their columns.

use super::{TextError, quoted};

/// What a piece of the text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name, number or address.
    Word(String),
    /// A sign of one or two characters.
    Sign(&'static str),
}

/// A piece of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) column: usize,
}

/// Signs, the longer ones first.
const SIGNS: [&str; 20] = [
    "&&", "||", "!=", "==", "<=", ">=", "<<", ">>", "(", ")", "[", "]", "&", "|", "!", "=", "<",
    ">", "+", ":",
];

/// Cuts a text into tokens.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, TextError> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut column = 1;
    let mut brackets = 0_usize;
    while let Some(next) = rest.chars().next() {
        if next.is_whitespace() {
            rest = &rest[next.len_utf8()..];
            column += 1;
            continue;
        }
        // An address has colons in it, and so has a field: `ip[6:2]`.
        let inside = brackets > 0;
        let of_word = |it: char| {
            it.is_ascii_alphanumeric() || "_-\\".contains(it) || (!inside && ".:/".contains(it))
        };
        let begins =
            next.is_ascii_alphanumeric() || next == '\\' || (!inside && rest.starts_with("::"));
        if begins {
            let end = rest.find(|it| !of_word(it)).unwrap_or(rest.len());
            let (word, more) = rest.split_at(end);
            found.push(Token {
                kind: Kind::Word(word.to_owned()),
                column,
            });
            column += word.chars().count();
            rest = more;
            continue;
        }
        let sign = SIGNS.into_iter().find(|it| rest.starts_with(it));
        let Some(sign) = sign else {
            let reason = format!("{} means nothing here", quoted(&next.to_string()));
            return Err(TextError::new(column, reason, "take it out"));
        };
        match sign {
            "[" => brackets += 1,
            "]" => brackets = brackets.saturating_sub(1),
            _ => {}
        }
        found.push(Token {
            kind: Kind::Sign(sign),
            column,
        });
        column += sign.len();
        rest = &rest[sign.len()..];
    }
    Ok(found)
}
