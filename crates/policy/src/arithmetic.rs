//! Arithmetic at compile time: on any integer, exact, the result checked by whoever asked.

use crate::tree::Operator;
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
