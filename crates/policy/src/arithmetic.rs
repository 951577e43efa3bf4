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
        I::WrappingAdd => ty.wrap(left + right),
        I::WrappingSub => ty.wrap(left - right),
        I::WrappingMul => ty.wrap(left.wrapping_mul(right)),
        I::WrappingNeg => ty.wrap(-left),
        I::WrappingShl => ty.wrap(left << (right % bits)),
        I::WrappingShr => left >> (right % bits),
        I::SaturatingAdd => (left + right).clamp(ty.min(), ty.max()),
        I::SaturatingSub => (left - right).clamp(ty.min(), ty.max()),
        I::SaturatingMul => left.saturating_mul(right).clamp(ty.min(), ty.max()),
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
        I::Pow => {
            let power = u32::try_from(right)
                .ok()
                .and_then(|right| left.checked_pow(right));
            return Some(plain(ty, power));
        }
        _ => return None,
    }))
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
