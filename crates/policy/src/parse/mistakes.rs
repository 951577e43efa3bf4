//! Mistakes of syntax that people make, and what to write instead.

/// What the parser stumbled over.
pub(super) struct Situation<'t> {
    /// The parser's own words.
    pub(super) message: &'t str,
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
    /// Of the place after the last token that fits.
    pub(super) at_end_of_last: bool,
}

impl Situation<'_> {
    fn last(&self) -> &str {
        self.before.first().copied().unwrap_or_default()
    }

    fn second_last(&self) -> &str {
        self.before.get(1).copied().unwrap_or_default()
    }

    /// What the parser would have taken.
    fn expected(&self) -> &str {
        let message = self.message;
        let message = message
            .strip_prefix("unexpected end of input, ")
            .unwrap_or(message);
        message.strip_prefix("expected ").unwrap_or_default()
    }
}

fn said(message: impl Into<String>, hint: impl Into<String>) -> Option<Said> {
    Some(Said {
        message: message.into(),
        hint: Some(hint.into()),
        at_end_of_last: false,
    })
}

/// What is wrong, and what to write instead.
pub(super) fn explain(situation: &Situation<'_>) -> Said {
    let known = foreign(situation)
        .or_else(|| operator(situation))
        .or_else(|| declaration(situation))
        .or_else(|| separator(situation));
    known.unwrap_or_else(|| plain(situation))
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
        ("=", ">", _) | (">", "=", _) => {
            return said("there is no such operator", "write `>=` to compare");
        }
        ("=", "<", _) => return said("there is no operator `=<`", "write `<=`"),
        ("==" | "!=", "=", _) => {
            return said(
                "there is no operator with three signs",
                "write `==` or `!=`",
            );
        }
        ("<", ">", _) => return said("there is no operator `<>`", "write `!=`"),
        (":", "=", _) => return said("there is no operator `:=`", "write `let name = …;`"),
        (_, "and", _) => return said("there is no operator `and`", "write `&&`"),
        (_, "or", _) => return said("there is no operator `or`", "write `||`"),
        ("*", "*", _) => return said("there is no operator `**`", "multiply in a loop"),
        _ => {}
    }
    if found == "?" {
        return said(
            "there is no `… ? … : …` in Rust",
            "write `if … { … } else { … }`",
        );
    }
    if s.message.contains("comparison operators cannot be chained") {
        return said(s.message, "write `a < b && b < c`");
    }
    let operators = [
        "+", "-", "*", "/", "%", "&&", "||", "==", "!=", "<", ">", "<=", ">=", "=", "+=", "-=",
        "*=", "/=", "%=", "&", "|", "^", "<<", "<<=", "&=", "|=", "^=",
    ];
    let lacks_operand = s.expected().contains("expression") || s.message.contains("end of input");
    if lacks_operand && operators.contains(&last) && last != ">" {
        let message = format!("expected a value after `{last}`, found {}", shown(found));
        return said(message, "write what the operator works on");
    }
    None
}

/// `let`, `fn`, `struct` and their like, half written.
fn declaration(s: &Situation<'_>) -> Option<Said> {
    let (last, found) = (s.last(), s.found);
    let expected = s.expected();
    match last {
        "fn" => {
            let message = format!("expected the function's name, found {}", shown(found));
            return said(message, "write `fn name(…) { … }`");
        }
        "let" | "mut" if s.before.iter().take(2).any(|word| *word == "let") => {
            let message = format!("expected a name after `{last}`, found {}", shown(found));
            return said(message, "write `let name = …;`");
        }
        "struct" | "enum" | "const" if !found.is_empty() && !expected.is_empty() => {
            let message = format!("expected a name after `{last}`, found {}", shown(found));
            return said(message, format!("write `{last} Name …`"));
        }
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
        ")" if expected.contains("curly braces") || s.within.contains("impl") => {
            if is_type(found) && s.before.iter().any(|word| *word == "(") {
                let message = format!(
                    "expected `->` or `{{` after the parameters, found {}",
                    shown(found)
                );
                return said(message, format!("write `-> {found}` to give a value back"));
            }
        }
        _ => {}
    }
    if found == "="
        && s.before
            .get(1)
            .is_some_and(|word| *word == "if" || *word == "while")
    {
        return said("expected a condition", "write `==` to compare");
    }
    if found == "mut" && (last == "(" || last == ",") {
        return None;
    }
    if expected.contains("curly braces") || expected == "`{`" {
        let message = format!("expected `{{`, found {}", shown(found));
        return said(message, "write what belongs there within `{ … }`");
    }
    None
}

/// Something between two parts that is missing.
fn separator(s: &Situation<'_>) -> Option<Said> {
    let expected = s.expected();
    let wanted = [";", ",", "=>", ":", "=", "->"]
        .into_iter()
        .find(|sign| expected == format!("`{sign}`"));
    let wanted = match (wanted, s.within) {
        (Some(wanted), _) => wanted,
        (None, "a struct" | "an enum") if s.message == "unexpected token" => ",",
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
        at_end_of_last: s.new_line,
    })
}

/// The parser's own words, in the form that rustc gives them.
fn plain(s: &Situation<'_>) -> Said {
    let expected = s.expected();
    let expected = match expected {
        "" => match s.message {
            "unexpected token" => String::new(),
            other => {
                return Said {
                    message: other.to_string(),
                    hint: None,
                    at_end_of_last: false,
                };
            }
        },
        "an expression" | "expression" => "a value".to_string(),
        words if words.starts_with("identifier") => "a name".to_string(),
        words if words.starts_with("one of:") && words.matches(',').count() > 6 => {
            match words.contains("`fn`") && words.contains("`struct`") {
                true => "an item (`fn`, `struct`, `enum`, `impl`, `const`)".to_string(),
                false if words.contains("lifetime") || words.contains("`dyn`") => {
                    "a type".to_string()
                }
                false => "something else".to_string(),
            }
        }
        words => words.to_string(),
    };
    let message = match (expected.as_str(), s.found) {
        ("", found) => format!("this does not fit here: {}", shown(found)),
        (expected, found) => format!("expected {expected}, found {}", shown(found)),
    };
    Said {
        message,
        hint: None,
        at_end_of_last: false,
    }
}

/// A token for a message.
fn shown(found: &str) -> String {
    match found {
        "" => "the end of the file".to_string(),
        found => format!("`{found}`"),
    }
}

/// Whether a word names a type, by its looks.
fn is_type(word: &str) -> bool {
    crate::types::Integer::from_name(word).is_some()
        || word == "bool"
        || word.starts_with(|c: char| c.is_uppercase())
}
