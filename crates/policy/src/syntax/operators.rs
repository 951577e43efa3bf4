//! Operators between two operands.

use super::token::T;
use super::{BinOp, Parser};

/// How strongly operators bind, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    Assign,
    Range,
    Or,
    And,
    Compare,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Sum,
    Product,
    Cast,
}

/// What stands between two operands.
pub(super) enum Infix {
    Binary(BinOp),
    Assign,
    Range,
    Cast,
}

impl Parser<'_, '_> {
    /// The next operator, how strongly it binds, and how many tokens it has.
    pub(super) fn infix(&self) -> Option<(Infix, Strength, usize)> {
        use BinOp as B;
        use Strength as S;
        let (op, strength) = match self.kind() {
            T::Eq => return Some((Infix::Assign, S::Assign, 1)),
            T::DotDot | T::DotDotEq => return Some((Infix::Range, S::Range, 1)),
            T::As => return Some((Infix::Cast, S::Cast, 1)),
            T::Gt => return self.greater(),
            T::Plus => (B::Add, S::Sum),
            T::Minus => (B::Sub, S::Sum),
            T::Star => (B::Mul, S::Product),
            T::Slash => (B::Div, S::Product),
            T::Percent => (B::Rem, S::Product),
            T::Amp => (B::BitAnd, S::BitAnd),
            T::Bar => (B::BitOr, S::BitOr),
            T::Caret => (B::BitXor, S::BitXor),
            T::Shl => (B::Shl, S::Shift),
            T::EqEq => (B::Eq, S::Compare),
            T::NotEq => (B::Ne, S::Compare),
            T::Lt => (B::Lt, S::Compare),
            T::Le => (B::Le, S::Compare),
            T::AmpAmp => (B::And, S::And),
            T::BarBar => (B::Or, S::Or),
            T::PlusEq => (B::AddAssign, S::Assign),
            T::MinusEq => (B::SubAssign, S::Assign),
            T::StarEq => (B::MulAssign, S::Assign),
            T::SlashEq => (B::DivAssign, S::Assign),
            T::PercentEq => (B::RemAssign, S::Assign),
            T::AmpEq => (B::BitAndAssign, S::Assign),
            T::BarEq => (B::BitOrAssign, S::Assign),
            T::CaretEq => (B::BitXorAssign, S::Assign),
            T::ShlEq => (B::ShlAssign, S::Assign),
            _ => return None,
        };
        Some((Infix::Binary(op), strength, 1))
    }

    /// `>` and what it begins: each `>` is a token, as it may close a `<`.
    fn greater(&self) -> Option<(Infix, Strength, usize)> {
        let next = |by: usize| match self.joint(by) {
            true => self.ahead(by + 1),
            false => T::End,
        };
        let (op, strength, tokens) = match next(0) {
            T::Eq => (BinOp::Ge, Strength::Compare, 2),
            T::Gt if next(1) == T::Eq => (BinOp::ShrAssign, Strength::Assign, 3),
            T::Gt => (BinOp::Shr, Strength::Shift, 2),
            _ => (BinOp::Gt, Strength::Compare, 1),
        };
        Some((Infix::Binary(op), strength, tokens))
    }
}
