//! Objects of JSON as text, member after member. Numbers here are whole, so nothing of a serializer's tables
//! for fractions comes along into the page.

use super::columns::Value;
use crate::explain::env_letter;
use crate::state::SAFE_MAX;

/// A JSON object on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Object {
    /// What is written of it: all but the brace at its end.
    text: String,
}

impl Object {
    /// One without a member.
    pub(super) fn new() -> Object {
        Object {
            text: "{".to_owned(),
        }
    }

    /// Adds a text.
    pub(super) fn text(mut self, name: &str, text: &str) -> Object {
        self.name(name);
        quote(&mut self.text, text);
        self
    }

    /// Adds a number, exactly.
    pub(super) fn number(self, name: &str, number: u64) -> Object {
        self.raw(name, &number.to_string())
    }

    /// Adds a count: its digits as a text where JavaScript could not hold the number exactly.
    pub(super) fn count(self, name: &str, count: u64) -> Object {
        if count <= SAFE_MAX {
            self.number(name, count)
        } else {
            self.text(name, &count.to_string())
        }
    }

    /// Adds what stands in a column of an event.
    pub(super) fn value(self, name: &str, value: Value) -> Object {
        match value {
            Value::Nothing => self.raw(name, "null"),
            Value::Number(number) => self.count(name, number),
            Value::Flag(flag) => self.raw(name, if flag { "true" } else { "false" }),
            Value::Word(word) => self.text(name, word),
            Value::Environment(env) => self.text(name, &env_letter(env)),
        }
    }

    /// Adds what is JSON already.
    pub(super) fn raw(mut self, name: &str, json: &str) -> Object {
        self.name(name);
        self.text.push_str(json);
        self
    }

    /// The whole object.
    pub(super) fn end(mut self) -> String {
        self.text.push('}');
        self.text
    }

    fn name(&mut self, name: &str) {
        if self.text.len() > 1 {
            self.text.push(',');
        }
        quote(&mut self.text, name);
        self.text.push(':');
    }
}

/// Writes a text in quotation marks.
fn quote(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            '\0'..'\x20' => out.push_str(&format!("\\u{:04x}", u32::from(letter))),
            _ => out.push(letter),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::{Object, SAFE_MAX};

    #[test]
    fn what_a_text_holds_comes_back_from_a_reader_of_json() {
        let all: String = ('\0'..'\u{200}').chain("\u{2028} “𝄞”".chars()).collect();
        let written = Object::new().text(&all, &all).number("n", u64::MAX).end();
        let read: serde_json::Value = serde_json::from_str(&written).unwrap();
        assert_eq!(read[&all], all);
        assert_eq!(read["n"], u64::MAX);
        assert_eq!(Object::new().end(), "{}");
    }

    #[test]
    fn a_count_that_javascript_cannot_hold_is_its_digits() {
        let written = Object::new()
            .count("a", SAFE_MAX)
            .count("b", SAFE_MAX + 1)
            .end();
        assert_eq!(written, r#"{"a":9007199254740991,"b":"9007199254740992"}"#);
    }
}
