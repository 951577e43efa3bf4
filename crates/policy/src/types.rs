//! The types of the subset.

use std::fmt;
use std::rc::Rc;

use crate::prelude::{Door, Newtype};

/// An integer type. `usize` has 64 bits everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Integer {
    U8,
    U16,
    U32,
    U64,
    Usize,
    I32,
    I64,
}

impl Integer {
    /// Every integer type of the subset.
    pub(crate) const ALL: [Integer; 7] = [
        Integer::U8,
        Integer::U16,
        Integer::U32,
        Integer::U64,
        Integer::Usize,
        Integer::I32,
        Integer::I64,
    ];

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Integer::U8 => "u8",
            Integer::U16 => "u16",
            Integer::U32 => "u32",
            Integer::U64 => "u64",
            Integer::Usize => "usize",
            Integer::I32 => "i32",
            Integer::I64 => "i64",
        }
    }

    /// The type of that name.
    pub(crate) fn from_name(name: &str) -> Option<Integer> {
        Integer::ALL
            .into_iter()
            .find(|integer| integer.name() == name)
    }

    /// Its width.
    pub(crate) fn bits(self) -> u8 {
        match self {
            Integer::U8 => 8,
            Integer::U16 => 16,
            Integer::U32 | Integer::I32 => 32,
            Integer::U64 | Integer::Usize | Integer::I64 => 64,
        }
    }

    /// Whether it has negative values.
    pub(crate) fn signed(self) -> bool {
        matches!(self, Integer::I32 | Integer::I64)
    }

    /// Its least value.
    pub(crate) fn min(self) -> i128 {
        if self.signed() {
            -(1 << (self.bits() - 1))
        } else {
            0
        }
    }

    /// Its greatest value.
    pub(crate) fn max(self) -> i128 {
        if self.signed() {
            (1 << (self.bits() - 1)) - 1
        } else {
            (1 << self.bits()) - 1
        }
    }

    /// Whether it has that value.
    pub(crate) fn holds(self, value: i128) -> bool {
        (self.min()..=self.max()).contains(&value)
    }

    /// The value with the same low bits.
    pub(crate) fn wrap(self, value: i128) -> i128 {
        let low = value & ((1 << self.bits()) - 1);
        if low > self.max() {
            low - (1 << self.bits())
        } else {
            low
        }
    }

    /// The unsigned type of the same width.
    pub(crate) fn unsigned(self) -> Integer {
        match self {
            Integer::I32 => Integer::U32,
            Integer::I64 => Integer::U64,
            other => other,
        }
    }
}

/// A struct or an enum: its number in its table, and its name. Equal by number.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) index: usize,
    pub(crate) name: Rc<str>,
}

impl PartialEq for Named {
    fn eq(&self, other: &Named) -> bool {
        self.index == other.index
    }
}

impl Eq for Named {}

/// A type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    /// Already reported: agrees with everything.
    Unknown,
    /// The type of what does not come back.
    Never,
    /// To be found out.
    Variable(usize),
    /// An integer type to be found out.
    IntegerVariable(usize),
    Unit,
    Bool,
    Integer(Integer),
    /// A number of the prelude in a type of its own.
    Newtype(Newtype),
    Enum(Named),
    Struct(Named),
    Array(Rc<Type>, u64),
    Option(Rc<Type>),
    Result(Rc<Type>, Rc<Type>),
    /// A reference to a door, such as `&mut Sys`. Takes no register.
    Door(Door),
    /// `&T` and `&mut T`: an address.
    Reference {
        to: Rc<Type>,
        mutable: bool,
    },
}

impl Type {
    /// `usize`.
    pub(crate) const USIZE: Type = Type::Integer(Integer::Usize);

    /// `Option<payload>`.
    pub(crate) fn option(payload: Type) -> Type {
        Type::Option(Rc::new(payload))
    }

    /// `Result<value, error>`.
    pub(crate) fn result(value: Type, error: Type) -> Type {
        Type::Result(Rc::new(value), Rc::new(error))
    }

    /// The door, if it is a reference to one.
    pub(crate) fn door(&self) -> Option<Door> {
        match self {
            Type::Door(door) => Some(*door),
            _ => None,
        }
    }

    /// The integer type, if it is one that is known.
    pub(crate) fn integer(&self) -> Option<Integer> {
        match self {
            Type::Integer(integer) => Some(*integer),
            _ => None,
        }
    }

    /// What it refers to, if it is a reference; else itself.
    pub(crate) fn peeled(&self) -> &Type {
        match self {
            Type::Reference { to, .. } => to,
            other => other,
        }
    }

    /// Whether it is an integer type, known or not.
    pub(crate) fn is_integer(&self) -> bool {
        matches!(self, Type::Integer(_) | Type::IntegerVariable(_))
    }

    /// Whether one register holds it and a comparison of registers compares it.
    pub(crate) fn is_scalar(&self) -> bool {
        matches!(
            self,
            Type::Bool
                | Type::Integer(_)
                | Type::IntegerVariable(_)
                | Type::Newtype(_)
                | Type::Enum(_)
        )
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Unknown | Type::Variable(_) => f.write_str("_"),
            Type::Never => f.write_str("!"),
            Type::IntegerVariable(_) => f.write_str("{integer}"),
            Type::Unit => f.write_str("()"),
            Type::Bool => f.write_str("bool"),
            Type::Integer(integer) => f.write_str(integer.name()),
            Type::Newtype(newtype) => f.write_str(newtype.name()),
            Type::Enum(named) | Type::Struct(named) => f.write_str(&named.name),
            Type::Array(element, length) => write!(f, "[{element}; {length}]"),
            Type::Option(payload) => write!(f, "Option<{payload}>"),
            Type::Result(value, error) => write!(f, "Result<{value}, {error}>"),
            Type::Door(door) => f.write_str(door.row().reference),
            Type::Reference { to, mutable: true } => write!(f, "&mut {to}"),
            Type::Reference { to, .. } => write!(f, "&{to}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapping_keeps_the_low_bits() {
        assert_eq!(Integer::U8.wrap(256), 0);
        assert_eq!(Integer::U8.wrap(-1), 255);
        assert_eq!(Integer::I32.wrap(1 << 31), -(1 << 31));
        assert_eq!(Integer::I64.wrap(-1), -1);
        assert_eq!(Integer::Usize.max(), i128::from(u64::MAX));
    }
}
