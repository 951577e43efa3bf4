//! Words that every source may use: the language's own, and the methods of its own types.

/// The keywords of the subset.
pub(super) const KEYWORDS: &[&str] = &[
    "as", "break", "const", "continue", "else", "enum", "false", "fn", "for", "if", "impl", "in",
    "let", "loop", "match", "mut", "pub", "return", "self", "Self", "struct", "true", "use",
    "while",
];
/// Keywords that can begin a statement.
pub(super) const STATEMENTS: &[&str] = &[
    "let", "if", "match", "while", "for", "loop", "return", "break", "continue", "true", "false",
];
/// Keywords that can begin an item.
pub(super) const ITEMS: &[&str] = &["fn", "pub", "const", "struct", "enum", "impl", "use"];

/// A method of the language's own types, or a macro: name, signature, what it does.
pub(super) type MethodWord = (&'static str, &'static str, &'static str);

/// The methods of `Option<T>`.
pub(super) const OPTION: &[MethodWord] = &[
    (
        "is_some",
        "fn is_some(&self) -> bool",
        "Whether there is a value.",
    ),
    (
        "is_none",
        "fn is_none(&self) -> bool",
        "Whether there is no value.",
    ),
    (
        "unwrap",
        "fn unwrap(self) -> T",
        "The value. Stops if there is none.",
    ),
    (
        "expect",
        "fn expect(self, text: &str) -> T",
        "The value. Stops with the text if there is none.",
    ),
    (
        "unwrap_or",
        "fn unwrap_or(self, other: T) -> T",
        "The value, or `other` if there is none.",
    ),
    (
        "unwrap_or_default",
        "fn unwrap_or_default(self) -> T",
        "The value, or what is zero, false or none if there is none.",
    ),
    (
        "ok_or",
        "fn ok_or(self, error: E) -> Result<T, E>",
        "The value as `Ok`, or `error` if there is none.",
    ),
];

/// The methods of `Result<T, E>`.
pub(super) const RESULT: &[MethodWord] = &[
    ("is_ok", "fn is_ok(&self) -> bool", "Whether it went well."),
    (
        "is_err",
        "fn is_err(&self) -> bool",
        "Whether there was an error.",
    ),
    (
        "unwrap",
        "fn unwrap(self) -> T",
        "The value. Stops if there was an error.",
    ),
    (
        "expect",
        "fn expect(self, text: &str) -> T",
        "The value. Stops with the text if there was an error.",
    ),
    (
        "unwrap_or",
        "fn unwrap_or(self, other: T) -> T",
        "The value, or `other` if there was an error.",
    ),
    (
        "unwrap_or_default",
        "fn unwrap_or_default(self) -> T",
        "The value, or what is zero, false or none if there was an error.",
    ),
    (
        "ok",
        "fn ok(self) -> Option<T>",
        "The value, or `None` if there was an error.",
    ),
];

/// The methods of arrays.
pub(super) const ARRAY: &[MethodWord] = &[
    (
        "len",
        "fn len(&self) -> usize",
        "How many elements there are.",
    ),
    (
        "swap",
        "fn swap(&mut self, first: usize, second: usize)",
        "Exchanges two elements. Stops if there is no such element.",
    ),
];

/// The macros of the language: what stops a policy, and `matches!`.
pub(super) const MACROS: &[MethodWord] = &[
    (
        "assert",
        "assert!(condition, \"text\")",
        "Stops if the condition does not hold. The text may be left out.",
    ),
    (
        "assert_eq",
        "assert_eq!(left, right, \"text\")",
        "Stops if the two are not equal. The text may be left out.",
    ),
    (
        "assert_ne",
        "assert_ne!(left, right, \"text\")",
        "Stops if the two are equal. The text may be left out.",
    ),
    (
        "debug_assert",
        "debug_assert!(condition, \"text\")",
        "The same as `assert!`: policies are debug builds.",
    ),
    (
        "debug_assert_eq",
        "debug_assert_eq!(left, right, \"text\")",
        "The same as `assert_eq!`: policies are debug builds.",
    ),
    (
        "debug_assert_ne",
        "debug_assert_ne!(left, right, \"text\")",
        "The same as `assert_ne!`: policies are debug builds.",
    ),
    ("panic", "panic!(\"text\")", "Stops. The text says why."),
    (
        "unreachable",
        "unreachable!(\"text\")",
        "Stops: nothing was to get here. The text may be left out.",
    ),
    (
        "todo",
        "todo!(\"text\")",
        "Stops: this is not written yet. The text may be left out.",
    ),
    (
        "unimplemented",
        "unimplemented!(\"text\")",
        "Stops: this is not there. The text may be left out.",
    ),
    (
        "matches",
        "matches!(value, pattern) -> bool",
        "Whether the value is as the pattern says. A pattern may end with `if condition`.",
    ),
];

/// The variants that need no path.
pub(super) const VARIANTS: &[(&str, &str, &str)] = &[
    ("Some", "Some(T)", "There is a value."),
    ("None", "None", "There is no value."),
    ("Ok", "Ok(T)", "It went well, and this is the value."),
    ("Err", "Err(E)", "It did not go well, and this is why."),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{METHODS, methods};
    use crate::services::integers::INTEGER;
    use crate::types::Type;

    fn names(words: &[MethodWord]) -> Vec<&'static str> {
        words.iter().map(|(name, ..)| *name).collect()
    }

    #[test]
    fn every_method_that_the_compiler_takes_has_words() {
        let integer: Vec<&str> = METHODS.iter().map(|method| method.name).collect();
        assert_eq!(names(INTEGER), integer);
        let option = Type::option(Type::Bool);
        let result = Type::result(Type::Bool, Type::Bool);
        let array = Type::Array(Type::Bool.into(), 1);
        assert_eq!(names(OPTION), methods(&option));
        assert_eq!(names(RESULT), methods(&result));
        assert_eq!(names(ARRAY), methods(&array));
    }
}
