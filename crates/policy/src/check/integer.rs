//! Methods of integers.

use crate::syntax::Expr;

use super::Checker;
use crate::diagnostic::{Report, Span};
use crate::tree::{ExprId, ExprKind, Intrinsic};
use crate::types::{Integer, Type};

/// Which integers have a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Every,
    Signed,
    Unsigned,
}

/// What a method takes besides the receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    Nothing,
    Same,
    TwoOfTheSame,
    Bits,
}

/// What a method gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gives {
    Same,
    Magnitude,
    Maybe,
    Bits,
    Truth,
}

/// A method of integers.
#[derive(Debug)]
pub(crate) struct Method {
    pub(crate) name: &'static str,
    intrinsic: Intrinsic,
    of: Of,
    takes: Takes,
    gives: Gives,
    /// It is one of `Ord`: not in constants, and of a reference it compares references.
    by_trait: bool,
}

impl Method {
    /// Whether integers with such a sign have it.
    pub(crate) fn fits(&self, integer: Integer) -> bool {
        match self.of {
            Of::Every => true,
            Of::Signed => integer.signed(),
            Of::Unsigned => !integer.signed(),
        }
    }

    /// What it gives of such an integer.
    pub(crate) fn result(&self, integer: Integer) -> Type {
        match self.gives {
            Gives::Same => Type::Integer(integer),
            Gives::Magnitude => Type::Integer(integer.unsigned()),
            Gives::Maybe => Type::option(Type::Integer(integer)),
            Gives::Bits => Type::Integer(Integer::U32),
            Gives::Truth => Type::Bool,
        }
    }
}

const fn method(
    name: &'static str,
    intrinsic: Intrinsic,
    of: Of,
    takes: Takes,
    gives: Gives,
) -> Method {
    let by_trait = matches!(
        intrinsic,
        Intrinsic::Min | Intrinsic::Max | Intrinsic::Clamp
    );
    Method {
        name,
        intrinsic,
        of,
        takes,
        gives,
        by_trait,
    }
}

/// The methods of integers.
pub(crate) const METHODS: &[Method] = {
    use Gives as G;
    use Intrinsic as I;
    use Of::{Every, Signed, Unsigned};
    use Takes as T;
    &[
        method("min", I::Min, Every, T::Same, G::Same),
        method("max", I::Max, Every, T::Same, G::Same),
        method("clamp", I::Clamp, Every, T::TwoOfTheSame, G::Same),
        method("abs_diff", I::AbsDiff, Every, T::Same, G::Magnitude),
        method("div_ceil", I::DivCeil, Unsigned, T::Same, G::Same),
        method("div_euclid", I::DivEuclid, Every, T::Same, G::Same),
        method("rem_euclid", I::RemEuclid, Every, T::Same, G::Same),
        method(
            "next_power_of_two",
            I::NextPowerOfTwo,
            Unsigned,
            T::Nothing,
            G::Same,
        ),
        method("ilog2", I::Ilog2, Every, T::Nothing, G::Bits),
        method("pow", I::Pow, Every, T::Bits, G::Same),
        method("wrapping_add", I::WrappingAdd, Every, T::Same, G::Same),
        method("wrapping_sub", I::WrappingSub, Every, T::Same, G::Same),
        method("wrapping_mul", I::WrappingMul, Every, T::Same, G::Same),
        method("wrapping_div", I::WrappingDiv, Every, T::Same, G::Same),
        method("wrapping_rem", I::WrappingRem, Every, T::Same, G::Same),
        method("wrapping_neg", I::WrappingNeg, Every, T::Nothing, G::Same),
        method("wrapping_abs", I::WrappingAbs, Signed, T::Nothing, G::Same),
        method("wrapping_pow", I::WrappingPow, Every, T::Bits, G::Same),
        method("wrapping_shl", I::WrappingShl, Every, T::Bits, G::Same),
        method("wrapping_shr", I::WrappingShr, Every, T::Bits, G::Same),
        method("saturating_add", I::SaturatingAdd, Every, T::Same, G::Same),
        method("saturating_sub", I::SaturatingSub, Every, T::Same, G::Same),
        method("saturating_mul", I::SaturatingMul, Every, T::Same, G::Same),
        method("saturating_pow", I::SaturatingPow, Every, T::Bits, G::Same),
        method("checked_add", I::CheckedAdd, Every, T::Same, G::Maybe),
        method("checked_sub", I::CheckedSub, Every, T::Same, G::Maybe),
        method("checked_mul", I::CheckedMul, Every, T::Same, G::Maybe),
        method("checked_div", I::CheckedDiv, Every, T::Same, G::Maybe),
        method("checked_rem", I::CheckedRem, Every, T::Same, G::Maybe),
        method("checked_neg", I::CheckedNeg, Every, T::Nothing, G::Maybe),
        method("checked_abs", I::CheckedAbs, Signed, T::Nothing, G::Maybe),
        method("checked_pow", I::CheckedPow, Every, T::Bits, G::Maybe),
        method("checked_shl", I::CheckedShl, Every, T::Bits, G::Maybe),
        method("checked_shr", I::CheckedShr, Every, T::Bits, G::Maybe),
        method("leading_zeros", I::LeadingZeros, Every, T::Nothing, G::Bits),
        method(
            "trailing_zeros",
            I::TrailingZeros,
            Every,
            T::Nothing,
            G::Bits,
        ),
        method("count_ones", I::CountOnes, Every, T::Nothing, G::Bits),
        method("count_zeros", I::CountZeros, Every, T::Nothing, G::Bits),
        method("rotate_left", I::RotateLeft, Every, T::Bits, G::Same),
        method("rotate_right", I::RotateRight, Every, T::Bits, G::Same),
        method(
            "is_power_of_two",
            I::IsPowerOfTwo,
            Unsigned,
            T::Nothing,
            G::Truth,
        ),
        method("abs", I::Abs, Signed, T::Nothing, G::Same),
        method(
            "unsigned_abs",
            I::UnsignedAbs,
            Signed,
            T::Nothing,
            G::Magnitude,
        ),
        method("signum", I::Signum, Signed, T::Nothing, G::Same),
        method("is_negative", I::IsNegative, Signed, T::Nothing, G::Truth),
        method("is_positive", I::IsPositive, Signed, T::Nothing, G::Truth),
    ]
};

impl Checker<'_, '_> {
    pub(super) fn integer_method(
        &mut self,
        receiver: ExprId,
        integer: Integer,
        name: &str,
        syntax: &[&Expr],
        (at, span): (Span, Span),
    ) -> Option<ExprId> {
        let method = METHODS.iter().find(|method| method.name == name)?;
        if !method.fits(integer) {
            return None;
        }
        let ty = Type::Integer(integer);
        let bits = Type::Integer(Integer::U32);
        let wanted: &[&Type] = match method.takes {
            Takes::Nothing => &[],
            Takes::Same => &[&ty],
            Takes::TwoOfTheSame => &[&ty, &ty],
            Takes::Bits => &[&bits],
        };
        self.count(name, wanted.len(), syntax, span)?;
        if self.in_const && method.by_trait {
            let message = format!("cannot call the non-const method `{name}` here");
            let report = Report::error(span, message).code("E0015");
            self.report(report.hint("write `if`"));
        }
        if method.by_trait && self.is_looked_through(receiver) {
            let message = format!("of a reference, `{name}` compares references");
            let report = Report::error(span, message).code("E0308");
            self.report(report.hint(format!("write `(*…).{name}(…)`")));
        }
        let mut arguments = vec![receiver];
        for (argument, ty) in syntax.iter().zip(wanted) {
            arguments.push(self.coerced(argument, ty));
        }
        let result = method.result(integer);
        if arguments.len() != wanted.len() + 1 {
            return Some(self.add(ExprKind::Unknown, result, span));
        }
        let kind = ExprKind::Intrinsic {
            intrinsic: method.intrinsic,
            arguments,
        };
        Some(self.add_at(kind, result, span, at))
    }
}
