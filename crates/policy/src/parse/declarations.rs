//! Items and `let`s that are half written.

use crate::syntax::Wanted;

use super::mistakes::{Place, Said, Situation, said, shown};

/// `let`, `fn`, `struct` and their like, half written.
pub(super) fn half_written(s: &Situation<'_>) -> Option<Said> {
    let (last, found) = (s.last(), s.found);
    match s.wanted {
        Wanted::Body => return said(s.wanted.said(), "write `{ … }` instead of the `;`"),
        Wanted::Value => return said(s.wanted.said(), "write `= …` before the `;`"),
        _ => {}
    }
    match last {
        "fn" => {
            let message = format!("expected the function's name, found {}", shown(found));
            said(message, "write `fn name(…) { … }`")
        }
        "let" | "mut" if s.before.iter().take(2).any(|word| *word == "let") => {
            let message = format!("expected a name after `{last}`, found {}", shown(found));
            said(message, "write `let name = …;`")
        }
        "impl" => said("expected a type after `impl`", "write `impl Type { … }`"),
        "for" if s.second_last() == "impl" => said(
            "expected `LibOs` before `for`",
            "write `impl LibOs for Type { … }`",
        ),
        "use" => said("expected a path after `use`", "write `use exo_prelude::*;`"),
        "struct" | "enum" | "const" if !found.is_empty() && s.wanted != Wanted::End => {
            let message = format!("expected a name after `{last}`, found {}", shown(found));
            said(message, format!("write `{last} Name …`"))
        }
        _ => after_sign(s),
    }
}

/// What follows `->`, `else` or the parameters.
fn after_sign(s: &Situation<'_>) -> Option<Said> {
    let (last, found) = (s.last(), s.found);
    match last {
        "->" => {
            let message = format!("expected a type after `->`, found {}", shown(found));
            return said(
                message,
                "write the type that the function gives, or leave `->` out",
            );
        }
        "else" => {
            let message = format!("expected `{{` or `if` after `else`, found {}", shown(found));
            return said(message, "write `else { … }`");
        }
        ")" if s.wanted == Wanted::Braces && is_type(found) => {
            let message = format!(
                "expected `->` or `{{` after the parameters, found {}",
                shown(found)
            );
            return said(message, format!("write `-> {found}` to give a value back"));
        }
        _ => {}
    }
    if s.second_last() == "fn" && s.wanted == Wanted::Parentheses {
        let message = format!(
            "expected `(` after the function's name, found {}",
            shown(found)
        );
        return said(message, "write `fn name(…) { … }`");
    }
    if matches!(s.wanted, Wanted::Braces | Wanted::Sign("{")) {
        let message = format!("expected `{{`, found {}", shown(found));
        return said(message, "write what belongs there within `{ … }`");
    }
    None
}

/// Something that begins no item.
pub(super) fn item(s: &Situation<'_>, found: &str) -> Said {
    let wanted = match s.within {
        "an `impl`" | "a trait's `impl`" => "an item (`fn` or `const`)",
        _ => "an item (`fn`, `struct`, `enum`, `impl` or `const`)",
    };
    let begins = if found == s.found { s.next } else { s.found };
    let hint = match (found, begins) {
        (";", _) => Some("delete this `;`"),
        ("let", _) => Some("write `const NAME: type = …;`, or a field of the `struct`"),
        ("if" | "while" | "for" | "loop" | "match" | "return" | "break", _) => {
            Some("statements belong into a function")
        }
        (_, "(") => Some("write `fn` before it"),
        (_, ":") if s.within != "a file" => Some("fields belong into the `struct`"),
        (_, ":" | "=") => Some("write `const NAME: type = …;`"),
        _ => None,
    };
    Said {
        message: format!("expected {wanted}, found {}", shown(found)),
        hint: hint.map(ToString::to_string),
        place: match found == s.found {
            true => Place::Found,
            false => Place::Before(1),
        },
    }
}

/// Whether a word names a type, by its looks.
fn is_type(word: &str) -> bool {
    crate::types::Integer::from_name(word).is_some()
        || word == "bool"
        || word.starts_with(|c: char| c.is_uppercase())
}
