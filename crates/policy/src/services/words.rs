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

/// The methods of integers, in the compiler's order; `Self` is the integer's type, `Unsigned` the
/// unsigned one of its width.
pub(super) const INTEGER: &[MethodWord] = &[
    (
        "min",
        "fn min(self, other: Self) -> Self",
        "The smaller of the two.",
    ),
    (
        "max",
        "fn max(self, other: Self) -> Self",
        "The greater of the two.",
    ),
    (
        "clamp",
        "fn clamp(self, least: Self, greatest: Self) -> Self",
        "The value, or the end of the range that is nearest to it. Stops if the range is empty.",
    ),
    (
        "abs_diff",
        "fn abs_diff(self, other: Self) -> Unsigned",
        "How far the two are apart, without a sign.",
    ),
    (
        "div_ceil",
        "fn div_ceil(self, other: Self) -> Self",
        "The quotient, rounded up. Stops if `other` is 0.",
    ),
    (
        "div_euclid",
        "fn div_euclid(self, other: Self) -> Self",
        "The quotient that leaves a remainder without a sign. Stops if `other` is 0.",
    ),
    (
        "rem_euclid",
        "fn rem_euclid(self, other: Self) -> Self",
        "The remainder without a sign. Stops if `other` is 0.",
    ),
    (
        "next_power_of_two",
        "fn next_power_of_two(self) -> Self",
        "The smallest power of two that is not less. Stops if there is no such value.",
    ),
    (
        "ilog2",
        "fn ilog2(self) -> u32",
        "The place of the highest bit that is set. Stops if none is.",
    ),
    (
        "pow",
        "fn pow(self, exponent: u32) -> Self",
        "The value multiplied with itself so often. Stops if there is no such value.",
    ),
    (
        "wrapping_add",
        "fn wrapping_add(self, other: Self) -> Self",
        "The sum; past the end it begins anew.",
    ),
    (
        "wrapping_sub",
        "fn wrapping_sub(self, other: Self) -> Self",
        "The difference; past the end it begins anew.",
    ),
    (
        "wrapping_mul",
        "fn wrapping_mul(self, other: Self) -> Self",
        "The product, of which the low bits stay.",
    ),
    (
        "wrapping_div",
        "fn wrapping_div(self, other: Self) -> Self",
        "The quotient; past the end it begins anew. Stops if `other` is 0.",
    ),
    (
        "wrapping_rem",
        "fn wrapping_rem(self, other: Self) -> Self",
        "The remainder. Stops if `other` is 0.",
    ),
    (
        "wrapping_neg",
        "fn wrapping_neg(self) -> Self",
        "The value with its sign turned; past the end it begins anew.",
    ),
    (
        "wrapping_abs",
        "fn wrapping_abs(self) -> Self",
        "The value without its sign; past the end it begins anew.",
    ),
    (
        "wrapping_pow",
        "fn wrapping_pow(self, exponent: u32) -> Self",
        "The value multiplied with itself so often, of which the low bits stay.",
    ),
    (
        "wrapping_shl",
        "fn wrapping_shl(self, bits: u32) -> Self",
        "Moved to the left by `bits`, of which only what is below the width counts.",
    ),
    (
        "wrapping_shr",
        "fn wrapping_shr(self, bits: u32) -> Self",
        "Moved to the right by `bits`, of which only what is below the width counts.",
    ),
    (
        "saturating_add",
        "fn saturating_add(self, other: Self) -> Self",
        "The sum, or the end of the range that it passes.",
    ),
    (
        "saturating_sub",
        "fn saturating_sub(self, other: Self) -> Self",
        "The difference, or the end of the range that it passes.",
    ),
    (
        "saturating_mul",
        "fn saturating_mul(self, other: Self) -> Self",
        "The product, or the end of the range that it passes.",
    ),
    (
        "saturating_pow",
        "fn saturating_pow(self, exponent: u32) -> Self",
        "The value multiplied with itself so often, or the end of the range that it passes.",
    ),
    (
        "checked_add",
        "fn checked_add(self, other: Self) -> Option<Self>",
        "The sum, or `None` if there is no such value.",
    ),
    (
        "checked_sub",
        "fn checked_sub(self, other: Self) -> Option<Self>",
        "The difference, or `None` if there is no such value.",
    ),
    (
        "checked_mul",
        "fn checked_mul(self, other: Self) -> Option<Self>",
        "The product, or `None` if there is no such value.",
    ),
    (
        "checked_div",
        "fn checked_div(self, other: Self) -> Option<Self>",
        "The quotient, or `None` if `other` is 0 or there is no such value.",
    ),
    (
        "checked_rem",
        "fn checked_rem(self, other: Self) -> Option<Self>",
        "The remainder, or `None` if `other` is 0 or there is no quotient.",
    ),
    (
        "checked_neg",
        "fn checked_neg(self) -> Option<Self>",
        "The value with its sign turned, or `None` if there is no such value.",
    ),
    (
        "checked_abs",
        "fn checked_abs(self) -> Option<Self>",
        "The value without its sign, or `None` if there is no such value.",
    ),
    (
        "checked_pow",
        "fn checked_pow(self, exponent: u32) -> Option<Self>",
        "The value multiplied with itself so often, or `None` if there is no such value.",
    ),
    (
        "checked_shl",
        "fn checked_shl(self, bits: u32) -> Option<Self>",
        "Moved to the left by `bits`, or `None` if that is the width or more.",
    ),
    (
        "checked_shr",
        "fn checked_shr(self, bits: u32) -> Option<Self>",
        "Moved to the right by `bits`, or `None` if that is the width or more.",
    ),
    (
        "leading_zeros",
        "fn leading_zeros(self) -> u32",
        "How many bits above the highest one that is set are not.",
    ),
    (
        "trailing_zeros",
        "fn trailing_zeros(self) -> u32",
        "How many bits below the lowest one that is set are not.",
    ),
    (
        "count_ones",
        "fn count_ones(self) -> u32",
        "How many bits are set.",
    ),
    (
        "count_zeros",
        "fn count_zeros(self) -> u32",
        "How many bits are not set.",
    ),
    (
        "rotate_left",
        "fn rotate_left(self, bits: u32) -> Self",
        "Moved to the left; what leaves there comes back at the right.",
    ),
    (
        "rotate_right",
        "fn rotate_right(self, bits: u32) -> Self",
        "Moved to the right; what leaves there comes back at the left.",
    ),
    (
        "is_power_of_two",
        "fn is_power_of_two(self) -> bool",
        "Whether exactly one bit is set.",
    ),
    (
        "abs",
        "fn abs(self) -> Self",
        "The value without its sign. Stops if there is no such value.",
    ),
    (
        "unsigned_abs",
        "fn unsigned_abs(self) -> Unsigned",
        "The value without its sign, as an unsigned integer.",
    ),
    (
        "signum",
        "fn signum(self) -> Self",
        "-1, 0 or 1: below, at or above zero.",
    ),
    (
        "is_negative",
        "fn is_negative(self) -> bool",
        "Whether it is below zero.",
    ),
    (
        "is_positive",
        "fn is_positive(self) -> bool",
        "Whether it is above zero.",
    ),
];

/// The constants of integers.
pub(super) const INTEGER_CONSTANTS: &[(&str, &str)] = &[
    ("MAX", "The greatest value."),
    ("MIN", "The least value."),
    ("BITS", "How many bits it has."),
];

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
