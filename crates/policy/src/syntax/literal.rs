//! Literals and what they stand for.

use super::token::{T, word};
use super::{Lit, Parser};

impl<'s> Parser<'_, 's> {
    /// A literal, if one is next.
    pub(super) fn literal(&mut self) -> Option<Lit<'s>> {
        let lit = match self.kind() {
            T::Int => Lit::Int(self.text(), false),
            T::Float => Lit::Float,
            T::Text => Lit::Text(self.text()),
            T::Char => Lit::Char,
            T::True => Lit::Bool(true),
            T::False => Lit::Bool(false),
            _ => return None,
        };
        self.bump();
        Some(lit)
    }
}

/// The value of a whole number and what stands after its digits; nothing if it is too large.
pub(crate) fn integer(text: &str) -> Option<(i128, &str)> {
    let (radix, digits) = match text.get(..2) {
        Some("0x") => (16, text.get(2..)?),
        Some("0o") => (8, text.get(2..)?),
        Some("0b") => (2, text.get(2..)?),
        _ => (10, text),
    };
    let mut value = 0i128;
    for (at, c) in digits.char_indices() {
        let digit = match (c, c.to_digit(radix)) {
            ('_', _) => continue,
            (_, Some(digit)) => digit,
            (_, None) => return Some((value, digits.get(at..)?)),
        };
        value = value
            .checked_mul(i128::from(radix))?
            .checked_add(i128::from(digit))?;
    }
    Some((value, ""))
}

/// What a text with its quotes stands for.
pub(crate) fn text_value(text: &str) -> String {
    let raw = text.starts_with('r');
    let open = text.find('"').map_or(0, |quote| quote + 1);
    let close = text.rfind('"').unwrap_or(text.len());
    let inner = text.get(open..close).unwrap_or_default();
    if raw {
        return inner.replace("\r\n", "\n");
    }
    let mut value = String::with_capacity(inner.len());
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => value.extend(escaped(&mut chars)),
            '\r' if chars.peek() == Some(&'\n') => {}
            other => value.push(other),
        }
    }
    value
}

/// What stands for the characters after a `\`.
fn escaped(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<char> {
    let code = |digits: &str| {
        u32::from_str_radix(digits, 16)
            .ok()
            .and_then(char::from_u32)
    };
    match chars.next()? {
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        '0' => Some('\0'),
        'x' => {
            let digits: String = chars.by_ref().take(2).collect();
            code(&digits)
        }
        'u' => {
            let digits = chars.by_ref().skip(1).take_while(|c| *c != '}');
            code(&digits.filter(|c| *c != '_').collect::<String>())
        }
        '\n' | '\r' => {
            while chars
                .next_if(|c| matches!(c, ' ' | '\t' | '\n' | '\r'))
                .is_some()
            {}
            None
        }
        other => Some(other),
    }
}

/// Whether a text is a name that is no keyword.
pub(crate) fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    let begins = chars.next().is_some_and(crate::text::begins_word);
    begins && chars.all(crate::text::continues_word) && word(text) == T::Ident
}
