//! Mistakes of syntax that people make, and what to write instead.

use super::declarations;
use crate::syntax::Wanted;

/// What the parser stumbled over.
pub(super) struct Situation<'t> {
    /// What the parser would have taken.
    pub(super) wanted: Wanted,
    /// What is being read, as in "a struct".
    pub(super) within: &'t str,
    /// The tokens before, nearest first.
    pub(super) before: Vec<&'t str>,
    /// The token that does not fit; empty at the end of the file.
    pub(super) found: &'t str,
    pub(super) next: &'t str,
    /// It begins a line.
    pub(super) new_line: bool,
}

/// What is said of it.
pub(super) struct Said {
    pub(super) message: String,
    pub(super) hint: Option<String>,
    pub(super) place: Place,
}

/// What it is said of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The token that does not fit.
    Found,
    /// The place after the last token that fits.
    EndOfLast,
    /// The token that many before the one that does not fit.
    Before(usize),
}

impl Situation<'_> {
    pub(super) fn last(&self) -> &str {
        self.before.first().copied().unwrap_or_default()
    }

    pub(super) fn second_last(&self) -> &str {
        self.back(1)
    }

    /// The token so many before the last one that fits.
    pub(super) fn back(&self, by: usize) -> &str {
        self.before.get(by).copied().unwrap_or_default()
    }

    /// The word before the block that ends just before, and how far back it is.
    fn word_before_block(&self) -> Option<(&str, usize)> {
        let mut depth = 0usize;
        for (back, word) in self.before.iter().enumerate() {
            match *word {
                "}" => depth += 1,
                "{" if depth == 1 => return Some((self.back(back + 1), back + 2)),
                "{" => depth = depth.checked_sub(1)?,
                _ if back == 0 => return None,
                _ => {}
            }
        }
        None
    }

    /// Whether the parser would have taken this sign.
    fn wants(&self, sign: &str) -> bool {
        matches!(self.wanted, Wanted::Sign(wanted) if wanted == sign)
    }
}

pub(super) fn said(message: impl Into<String>, hint: impl Into<String>) -> Option<Said> {
    Some(Said {
        message: message.into(),
        hint: Some(hint.into()),
        place: Place::Found,
    })
}

/// What is wrong, and what to write instead.
pub(super) fn explain(situation: &Situation<'_>) -> Said {
    let known = condition(situation)
        .or_else(|| foreign(situation))
        .or_else(|| operator(situation))
        .or_else(|| declarations::half_written(situation))
        .or_else(|| separator(situation));
    known.unwrap_or_else(|| plain(situation))
}

/// `if`, `while`, `match` and `for` without what belongs between them and the block.
fn condition(s: &Situation<'_>) -> Option<Said> {
    if let Some((word @ ("if" | "while" | "match"), back)) = s.word_before_block() {
        return Some(Said {
            message: format!("`{word}` lacks what stands between it and the `{{`"),
            hint: Some(format!("write `{word} … {{ … }}`")),
            place: Place::Before(back),
        });
    }
    if s.found == "=>" && s.back(1) == "{" && s.back(2) == "match" {
        return said(
            "`match` lacks what stands between it and the `{`",
            "write `match … { … }`",
        );
    }
    if s.found == "in" && s.second_last() == "(" && s.back(2) == "for" {
        return said(
            "expected a name after `for`, found `(`",
            "leave `(` and `)` out",
        );
    }
    if s.wants("in") {
        let message = format!("expected `in`, found {}", shown(s.found));
        return said(message, "write `for name in first..end { … }`");
    }
    None
}

/// Words of other languages.
fn foreign(s: &Situation<'_>) -> Option<Said> {
    let word = |word: &str| s.last() == word || s.found == word;
    if word("elif") || word("elseif") || word("elsif") {
        return said("there is no such word in Rust", "write `else if`");
    }
    if let Some(word) = ["function", "def", "func", "fun"]
        .into_iter()
        .find(|it| word(it))
    {
        let message = format!("expected an item, found `{word}`");
        return said(message, "write `fn`");
    }
    let assigns = matches!(s.found, "=" | ";") || s.next == "=";
    if let Some(word) = ["int", "var", "auto", "uint"]
        .into_iter()
        .find(|it| word(it))
        && assigns
    {
        let message = format!("expected a statement, found `{word}`");
        return said(message, "write `let name = …;` or `let mut name = …;`");
    }
    if s.last() == "unless" {
        return said("there is no `unless` in Rust", "write `if !(…)`");
    }
    if s.last() == "not" {
        return said("there is no operator `not`", "write `!`");
    }
    if s.found == "do" {
        let hint = "write `loop { …; if !(…) { break; } }`";
        return said("there is no `do … while` in Rust", hint);
    }
    if s.found == "else" {
        let hint = "it follows the `}` of an `if` directly: is there a `;` or a `}` too many?";
        return said("this `else` belongs to no `if`", hint);
    }
    if s.found == "class" || s.last() == "class" {
        return said("expected an item, found `class`", "write `struct`");
    }
    None
}

/// Operators that Rust does not have, or that stand alone.
fn operator(s: &Situation<'_>) -> Option<Said> {
    let (last, found) = (s.last(), s.found);
    match (last, found, s.next) {
        ("+", "+", _) | ("+=" | "+", ";" | ")" | "}", _)
            if s.second_last() == "+" || found == "+" =>
        {
            return said("Rust has no `++`", "write `… += 1`");
        }
        (_, "=>", _) if s.wants(";") => {
            return said("there is no operator `=>`", "write `>=` to compare");
        }
        ("<", _, _) if s.second_last() == "=" => {
            return said("there is no operator `=<`", "write `<=`");
        }
        ("==", _, _) if s.back(2) == "let" => {
            return said("expected `=`, found `==`", "write `let name = …;`");
        }
        ("==" | "!=", "=", _) => {
            return said(
                "there is no operator with three signs",
                "write `==` or `!=`",
            );
        }
        ("<", ">", _) => return said("there is no operator `<>`", "write `!=`"),
        (":", "=", _) => {
            let hint = "write `let name = …;` or `let name: type = …;`";
            return said("expected a type after `:`, found `=`", hint);
        }
        (_, "and", _) => return said("there is no operator `and`", "write `&&`"),
        (_, "or", _) => return said("there is no operator `or`", "write `||`"),
        (_, "~", _) => {
            let hint = "write `!` to turn every bit around";
            return said("there is no operator `~`", hint);
        }
        _ => {}
    }
    if last == "?" && s.wants(";") {
        return said(
            "there is no `… ? … : …` in Rust",
            "write `if … { … } else { … }`",
        );
    }
    if s.wanted == Wanted::NoChain {
        return said(s.wanted.said(), "write `a < b && b < c`");
    }
    let operators = [
        "+", "-", "*", "/", "%", "&&", "||", "==", "!=", "<", ">", "<=", ">=", "=", "+=", "-=",
        "*=", "/=", "%=", "&", "|", "^", "<<", "<<=", "&=", "|=", "^=",
    ];
    if last == "." {
        let message = format!(
            "expected a field or method after `.`, found {}",
            shown(found)
        );
        return said(message, "write its name");
    }
    if found == "," && matches!(last, "," | "(" | "[") {
        return said("expected a value, found `,`", "leave this `,` out");
    }
    let lacks_operand = s.wanted == Wanted::Expression;
    if lacks_operand && operators.contains(&last) && last != ">" {
        let message = format!("expected a value after `{last}`, found {}", shown(found));
        return said(message, "write what the operator works on");
    }
    None
}

/// Something between two parts that is missing.
fn separator(s: &Situation<'_>) -> Option<Said> {
    let names_field = s.second_last() == "{" || s.found == "=" && s.second_last() == ",";
    if s.wants(",") && names_field {
        let message = format!("expected `:`, found {}", shown(s.found));
        return said(message, "write `name: value`");
    }
    let wanted = [";", ",", "=>", ":", "=", "->"]
        .into_iter()
        .find(|sign| s.wants(sign));
    let wanted = match (wanted, s.within) {
        (Some(wanted), _) => wanted,
        (None, "a struct" | "an enum") if s.wanted == Wanted::End => ",",
        _ => return None,
    };
    let hint = match wanted {
        ";" => "end the statement before with `;`".to_string(),
        "," => "put a `,` between the two".to_string(),
        "=>" => "write `pattern => value,`".to_string(),
        ":" => "write `name: type`".to_string(),
        other => format!("put `{other}` before it"),
    };
    Some(Said {
        message: format!("expected `{wanted}`, found {}", shown(s.found)),
        hint: Some(hint),
        place: match s.new_line {
            true => Place::EndOfLast,
            false => Place::Found,
        },
    })
}

/// What would have fitted, in the form that rustc gives it.
fn plain(s: &Situation<'_>) -> Said {
    let expected = match s.wanted {
        Wanted::Sign("!") => return declarations::item(s, s.last()),
        Wanted::Item => return declarations::item(s, s.found),
        Wanted::Expression => "a value",
        Wanted::Name => "a name",
        Wanted::Type => "a type",
        Wanted::Pattern => "a pattern",
        Wanted::Sign(sign) => &format!("`{sign}`"),
        Wanted::End => "",
        other => {
            return Said {
                message: other.said(),
                hint: None,
                place: Place::Found,
            };
        }
    };
    let message = match (expected, s.found) {
        ("", found) => format!("this does not fit here: {}", shown(found)),
        (expected, found) => format!("expected {expected}, found {}", shown(found)),
    };
    Said {
        message,
        hint: None,
        place: Place::Found,
    }
}

/// A token for a message.
pub(super) fn shown(found: &str) -> String {
    match found {
        "" => "the end of the file".to_string(),
        found => format!("`{found}`"),
    }
}
