//! The methods that come with the language.

/// A method of the language's own types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Intrinsic {
    Min,
    Max,
    Clamp,
    AbsDiff,
    DivCeil,
    DivEuclid,
    RemEuclid,
    NextPowerOfTwo,
    Ilog2,
    Pow,
    WrappingAdd,
    WrappingSub,
    WrappingMul,
    WrappingDiv,
    WrappingRem,
    WrappingNeg,
    WrappingAbs,
    WrappingPow,
    WrappingShl,
    WrappingShr,
    SaturatingAdd,
    SaturatingSub,
    SaturatingMul,
    SaturatingPow,
    CheckedAdd,
    CheckedSub,
    CheckedMul,
    CheckedDiv,
    CheckedRem,
    CheckedNeg,
    CheckedAbs,
    CheckedPow,
    CheckedShl,
    CheckedShr,
    LeadingZeros,
    TrailingZeros,
    CountOnes,
    CountZeros,
    IsPowerOfTwo,
    RotateLeft,
    RotateRight,
    Abs,
    UnsignedAbs,
    Signum,
    IsNegative,
    IsPositive,
    /// `swap` of two elements of an array.
    Swap,
    /// `is_some`, `is_err`: the tag.
    Tag,
    /// `is_none`, `is_ok`: not the tag.
    NoTag,
    /// `unwrap_or` of an option: the payload if the tag is 1.
    SomeOr,
    /// `unwrap_or` of a result: the payload if the tag is 0.
    OkOr,
    /// `Result::ok`: an option.
    Ok,
    /// `Option::ok_or`: a result.
    SomeOrErr,
}
