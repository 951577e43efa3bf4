//! The methods and constants of integers.

use super::words::MethodWord;

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
