//! Arithmetic at compile time: on any integer, exact, the result checked by whoever asked.

use crate::tree::{Intrinsic, Operator};
use crate::types::{Integer, Type};

/// `!value`.
pub(crate) fn not(ty: &Type, value: i128) -> i128 {
    match ty.integer() {
        Some(integer) => integer.wrap(!value),
        None => 1 - value,
    }
}

/// An operator of two integers, the result not yet checked against their type.
pub(crate) fn arithmetic(
    operator: Operator,
    ty: Option<Integer>,
    left: i128,
    right: i128,
) -> Option<i128> {
    match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        Operator::Divide => left.checked_div(right),
        // `MIN % -1` overflows although its result would fit; so says rustc.
        Operator::Remainder if right == -1 && ty.is_some_and(|ty| left == ty.min()) => None,
        Operator::Remainder => left.checked_rem(right),
        Operator::And => Some(left & right),
        Operator::Or => Some(left | right),
        Operator::Xor => Some(left ^ right),
        _ => None,
    }
}

/// A comparison of two scalars.
pub(crate) fn compare(operator: Operator, left: i128, right: i128) -> Option<bool> {
    Some(match operator {
        Operator::Equal => left == right,
        Operator::NotEqual => left != right,
        Operator::Less => left < right,
        Operator::LessEqual => left <= right,
        Operator::Greater => left > right,
        Operator::GreaterEqual => left >= right,
        _ => return None,
    })
}

/// A shift; nothing if the distance is not less than the type's width.
pub(crate) fn shift(operator: Operator, ty: Integer, value: i128, distance: i128) -> Option<i128> {
    let distance = u32::try_from(distance).ok()?;
    if distance >= u32::from(ty.bits()) {
        return None;
    }
    Some(match operator {
        Operator::ShiftLeft => ty.wrap(value << distance),
        _ => value >> distance,
    })
}

/// What a method of integers gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Computed {
    Plain(i128),
    /// An `Option`.
    Maybe(Option<i128>),
    Overflow,
}

/// A method of an integer that constants can use; nothing if they cannot.
pub(crate) fn method(
    intrinsic: Intrinsic,
    ty: Integer,
    left: i128,
    right: i128,
) -> Option<Computed> {
    use Intrinsic as I;
    let maybe = |value: Option<i128>| Computed::Maybe(value.filter(|value| ty.holds(*value)));
    let bits = i128::from(ty.bits());
    let low = ty.unsigned().wrap(left);
    Some(Computed::Plain(match intrinsic {
        I::AbsDiff => (left - right).abs(),
        I::DivCeil | I::DivEuclid | I::RemEuclid if right == 0 => return Some(Computed::Overflow),
        I::RemEuclid if right == -1 && left == ty.min() => return Some(Computed::Overflow),
        I::DivCeil => (left + right - 1) / right,
        I::DivEuclid => return Some(plain(ty, Some(left.div_euclid(right)))),
        I::RemEuclid => left.rem_euclid(right),
        I::NextPowerOfTwo => {
            let power = u128::try_from(left).ok().map(u128::next_power_of_two);
            return Some(plain(ty, power.and_then(|power| power.try_into().ok())));
        }
        I::Ilog2 => return Some(plain(ty, left.checked_ilog2().map(i128::from))),
        I::WrappingAdd => ty.wrap(left + right),
        I::WrappingSub => ty.wrap(left - right),
        I::WrappingMul => ty.wrap(left.wrapping_mul(right)),
        I::WrappingDiv | I::WrappingRem if right == 0 => return Some(Computed::Overflow),
        I::WrappingDiv => ty.wrap(left / right),
        I::WrappingRem => left % right,
        I::WrappingNeg => ty.wrap(-left),
        I::WrappingAbs => ty.wrap(left.abs()),
        I::WrappingPow => wrapping_power(ty, left, right),
        I::WrappingShl => ty.wrap(left << (right % bits)),
        I::WrappingShr => left >> (right % bits),
        I::SaturatingAdd => (left + right).clamp(ty.min(), ty.max()),
        I::SaturatingSub => (left - right).clamp(ty.min(), ty.max()),
        I::SaturatingMul => left.saturating_mul(right).clamp(ty.min(), ty.max()),
        I::SaturatingPow => saturating_power(ty, left, right),
        I::CheckedAdd => return Some(maybe(Some(left + right))),
        I::CheckedSub => return Some(maybe(Some(left - right))),
        I::CheckedMul => return Some(maybe(left.checked_mul(right))),
        I::CheckedDiv => return Some(maybe(left.checked_div(right))),
        I::CheckedRem => {
            return Some(maybe(arithmetic(
                Operator::Remainder,
                Some(ty),
                left,
                right,
            )));
        }
        I::CheckedNeg => return Some(maybe(Some(-left))),
        I::CheckedAbs => return Some(maybe(Some(left.abs()))),
        I::CheckedPow => return Some(maybe(power(left, right))),
        I::CheckedShl => return Some(maybe(shift(Operator::ShiftLeft, ty, left, right))),
        I::CheckedShr => return Some(maybe(shift(Operator::ShiftRight, ty, left, right))),
        I::LeadingZeros => bits - (128 - i128::from(low.leading_zeros())),
        I::TrailingZeros => i128::from(low.trailing_zeros()).min(bits),
        I::CountOnes => i128::from(low.count_ones()),
        I::CountZeros => bits - i128::from(low.count_ones()),
        I::IsPowerOfTwo => i128::from(low.count_ones() == 1),
        I::RotateLeft => rotate(ty, low, right % bits),
        I::RotateRight => rotate(ty, low, (bits - right % bits) % bits),
        I::UnsignedAbs => left.abs(),
        I::Signum => left.signum(),
        I::IsNegative => i128::from(left < 0),
        I::IsPositive => i128::from(left > 0),
        I::Abs => return Some(plain(ty, Some(left.abs()))),
        I::Pow => return Some(plain(ty, power(left, right))),
        _ => return None,
    }))
}

fn power(base: i128, exponent: i128) -> Option<i128> {
    base.checked_pow(u32::try_from(exponent).ok()?)
}

fn saturating_power(ty: Integer, base: i128, exponent: i128) -> i128 {
    match power(base, exponent) {
        Some(power) => power.clamp(ty.min(), ty.max()),
        None if base < 0 && exponent & 1 == 1 => ty.min(),
        None => ty.max(),
    }
}

fn wrapping_power(ty: Integer, base: i128, exponent: i128) -> i128 {
    let (mut power, mut base, mut rest) = (1, base, exponent);
    while rest > 0 {
        if rest & 1 == 1 {
            power = ty.wrap(base.wrapping_mul(power));
        }
        base = ty.wrap(base.wrapping_mul(base));
        rest >>= 1;
    }
    power
}

fn plain(ty: Integer, value: Option<i128>) -> Computed {
    match value.filter(|value| ty.holds(*value)) {
        Some(value) => Computed::Plain(value),
        None => Computed::Overflow,
    }
}

fn rotate(ty: Integer, low: i128, distance: i128) -> i128 {
    ty.wrap((low << distance) | (low >> (i128::from(ty.bits()) - distance)))
}
