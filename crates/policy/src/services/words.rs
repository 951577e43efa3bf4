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

/// A method of the language's own types: name, signature, what it does.
pub(super) type MethodWord = (&'static str, &'static str, &'static str);

/// The methods of integers; `Self` is the integer's type.
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
        "abs_diff",
        "fn abs_diff(self, other: Self) -> Self",
        "How far the two are apart, without a sign.",
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
        "saturating_add",
        "fn saturating_add(self, other: Self) -> Self",
        "The sum, at most the greatest value.",
    ),
    (
        "saturating_sub",
        "fn saturating_sub(self, other: Self) -> Self",
        "The difference, at least the least value.",
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
        "is_power_of_two",
        "fn is_power_of_two(self) -> bool",
        "Whether exactly one bit is set.",
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
        "unwrap_or",
        "fn unwrap_or(self, other: T) -> T",
        "The value, or `other` if there is none.",
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
        "unwrap_or",
        "fn unwrap_or(self, other: T) -> T",
        "The value, or `other` if there was an error.",
    ),
    (
        "ok",
        "fn ok(self) -> Option<T>",
        "The value, or `None` if there was an error.",
    ),
];

/// The methods of arrays.
pub(super) const ARRAY: &[MethodWord] = &[(
    "len",
    "fn len(&self) -> usize",
    "How many elements there are.",
)];

/// The variants that need no path.
pub(super) const VARIANTS: &[(&str, &str, &str)] = &[
    ("Some", "Some(T)", "There is a value."),
    ("None", "None", "There is no value."),
    ("Ok", "Ok(T)", "It went well, and this is the value."),
    ("Err", "Err(E)", "It did not go well, and this is why."),
];
