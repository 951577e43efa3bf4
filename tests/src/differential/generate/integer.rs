//! Expressions whose value is an integer.

use super::Generator;
use super::expression::{Producer, in_parentheses};
use super::types::{Integer, Receiver, Type};

/// What makes integers, with its weight.
pub(super) const INTEGER: &[(u32, Producer)] = &[
    (22, Generator::arithmetic),
    (8, Generator::bits),
    (7, Generator::shift),
    (3, Generator::unary),
    (14, Generator::cast),
    (14, Generator::integer_method),
    (3, Generator::number_of),
    (3, Generator::power),
    (3, Generator::asked_number),
];

/// Operators that can go wrong, with a way to write them that mostly does not: `a` and `b` stand
/// for the operands, `w` for the width.
const ARITHMETIC: &[(&str, &str)] = &[
    ("+", "(a % 10) + (b % 10)"),
    ("-", "(a % 10 + 20) - (b % 10)"),
    ("*", "(a % 10) * (b % 10)"),
    ("/", "a / (b | 1)"),
    ("%", "a % (b | 1)"),
];

/// How shifts are written safely.
const SHIFTS: &[(&str, &str)] = &[("<<", "a << (b % w)"), (">>", "a >> (b & (w - 1))")];

/// What a method takes besides its receiver.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    Nothing,
    Same,
    /// A number of bits, or an exponent.
    Bits,
    /// What it divides by.
    Divisor,
}

/// Methods that give an integer of the same type; whether unsigned integers have it.
const METHODS: &[(&str, Takes, bool)] = &[
    ("min", Takes::Same, true),
    ("max", Takes::Same, true),
    ("wrapping_add", Takes::Same, true),
    ("wrapping_sub", Takes::Same, true),
    ("wrapping_mul", Takes::Same, true),
    ("wrapping_div", Takes::Divisor, true),
    ("wrapping_rem", Takes::Divisor, true),
    ("wrapping_neg", Takes::Nothing, true),
    ("wrapping_abs", Takes::Nothing, false),
    ("wrapping_pow", Takes::Bits, true),
    ("wrapping_shl", Takes::Bits, true),
    ("wrapping_shr", Takes::Bits, true),
    ("rotate_left", Takes::Bits, true),
    ("rotate_right", Takes::Bits, true),
    ("saturating_add", Takes::Same, true),
    ("saturating_sub", Takes::Same, true),
    ("saturating_mul", Takes::Same, true),
    ("saturating_pow", Takes::Bits, true),
    ("div_euclid", Takes::Divisor, true),
    ("rem_euclid", Takes::Divisor, true),
    ("signum", Takes::Nothing, false),
];

/// Methods of any integer that give a `u32`.
const COUNTS: &[&str] = &[
    "leading_zeros",
    "trailing_zeros",
    "count_ones",
    "count_zeros",
];

/// Methods that give an `Option`, likewise.
const CHECKED: &[(&str, Takes, bool)] = &[
    ("checked_add", Takes::Same, true),
    ("checked_sub", Takes::Same, true),
    ("checked_mul", Takes::Same, true),
    ("checked_div", Takes::Same, true),
    ("checked_rem", Takes::Same, true),
    ("checked_neg", Takes::Nothing, true),
    ("checked_abs", Takes::Nothing, false),
    ("checked_pow", Takes::Bits, true),
    ("checked_shl", Takes::Bits, true),
    ("checked_shr", Takes::Bits, true),
];

impl Generator {
    /// Fills a template's `a`, `b` and `w`.
    fn filled(&mut self, template: &str, left: &str, right: &str, width: u32) -> String {
        let mut text = String::new();
        for character in template.chars() {
            match character {
                'a' => text += left,
                'b' => text += right,
                'w' => text += &width.to_string(),
                ' ' => text += self.gap(),
                other => text.push(other),
            }
        }
        text
    }

    fn arithmetic(&mut self, ty: &Type, depth: u32) -> Option<String> {
        let left = self.varying(ty, depth);
        let (symbol, safe) = self.pick(ARITHMETIC);
        if self.chance(self.danger) {
            let right = match "/%".contains(symbol) || self.chance(50) {
                true => self.varying(ty, depth),
                false => self.operand(ty, depth),
            };
            let (gap, other_gap) = (self.gap(), self.gap());
            return Some(format!("{left}{gap}{symbol}{other_gap}{right}"));
        }
        let right = self.operand(ty, depth);
        Some(self.filled(safe, &left, &right, 0))
    }

    /// An operand that no compiler can compute beforehand, if there is one.
    pub(super) fn varying(&mut self, ty: &Type, depth: u32) -> String {
        let mut routes = self.routes(ty, false);
        routes.retain(|route| !route.constant());
        let text = match routes.is_empty() || self.chance(15) {
            true => self.expression(ty, depth),
            false => {
                let route = self.pick(&routes);
                self.place_text(&route, depth.min(1))
            }
        };
        in_parentheses(text)
    }

    fn bits(&mut self, ty: &Type, depth: u32) -> Option<String> {
        let (left, right) = (self.operand(ty, depth), self.operand(ty, depth));
        let symbol = self.pick(&["&", "|", "^"]);
        let gap = self.gap();
        Some(format!("{left} {symbol}{gap}{right}"))
    }

    fn shift(&mut self, ty: &Type, depth: u32) -> Option<String> {
        let Type::Integer(integer) = *ty else {
            return None;
        };
        let left = self.varying(ty, depth);
        let (symbol, safe) = self.pick(SHIFTS);
        if self.chance(self.danger) {
            let by = self.integer_type();
            let right = self.varying(&by, depth);
            return Some(format!("{left} {symbol} {right}"));
        }
        if self.chance(30) {
            let distance = self.below(integer.bits() as usize);
            return Some(format!("{left} {symbol} {distance}"));
        }
        let by = self.pick(&[Integer::U8, Integer::U32, Integer::Usize, Integer::U64]);
        let right = self.operand(&Type::Integer(by), depth);
        Some(self.filled(safe, &left, &right, integer.bits()))
    }

    fn unary(&mut self, ty: &Type, depth: u32) -> Option<String> {
        let Type::Integer(integer) = *ty else {
            return None;
        };
        let operand = self.varying(ty, depth);
        if !integer.signed() || self.chance(40) {
            return Some(format!("!{operand}"));
        }
        match self.chance(self.danger) {
            true => Some(format!("-{operand}")),
            false => Some(format!("-({operand} % 100)")),
        }
    }

    fn cast(&mut self, ty: &Type, depth: u32) -> Option<String> {
        let from = match self.below(6) {
            0 => Type::Bool,
            1 => Type::Enum(self.below(self.items.enums.len())),
            _ => self.integer_type(),
        };
        let operand = match self.read(&from, depth.min(1)) {
            Some(text) if self.chance(50) => in_parentheses(text),
            _ => self.operand(&from, depth),
        };
        let name = self.type_text(ty);
        Some(format!("{operand} as {name}"))
    }

    fn integer_method(&mut self, ty: &Type, depth: u32) -> Option<String> {
        let Type::Integer(integer) = *ty else {
            return None;
        };
        if !integer.signed() && self.chance(12) {
            let signed = match integer {
                Integer::U32 if self.chance(50) => Integer::I32,
                Integer::U64 if self.chance(50) => Integer::I64,
                other => other,
            };
            let of = Type::Integer(signed);
            let (left, right) = (self.operand(&of, depth), self.loosely(&of, depth));
            return Some(format!("{left}.abs_diff({right})"));
        }
        let left = self.operand(ty, depth);
        let (name, takes, for_unsigned) = self.pick(METHODS);
        if !integer.signed() && !for_unsigned {
            return None;
        }
        if self.mistaken("unknown member") {
            return Some(format!("{left}.{name}s({left})"));
        }
        let right = self.taken(takes, ty, depth);
        let arguments = self.counted(right);
        Some(format!("{left}.{name}({arguments})"))
    }

    /// The arguments of a method of integers of that type.
    fn taken(&mut self, takes: Takes, ty: &Type, depth: u32) -> Vec<String> {
        let bits = Type::Integer(Integer::U32);
        match takes {
            Takes::Nothing => Vec::new(),
            Takes::Same => vec![self.loosely(ty, depth)],
            Takes::Bits => vec![self.loosely(&bits, depth)],
            Takes::Divisor if self.chance(self.danger) => vec![self.varying(ty, depth)],
            Takes::Divisor => vec![format!("{} | 1", self.operand(ty, depth))],
        }
    }

    /// `checked_…` gives an `Option` of an integer.
    pub(super) fn checked(&mut self, ty: &Type, depth: u32) -> Option<String> {
        let Type::Option(inner) = ty else { return None };
        let Type::Integer(integer) = **inner else {
            return None;
        };
        let (name, takes, for_unsigned) = self.pick(CHECKED);
        if !integer.signed() && !for_unsigned {
            return None;
        }
        let left = self.operand(inner, depth);
        let right = self.taken(takes, inner, depth).join(", ");
        Some(format!("{left}.{name}({right})"))
    }

    /// A small power; a large one where it may go wrong.
    fn power(&mut self, ty: &Type, depth: u32) -> Option<String> {
        let base = self.varying(ty, depth);
        let exponent = self.operand(&Type::Integer(Integer::U32), depth);
        Some(match self.chance(self.danger) {
            true => format!("{base}.pow({exponent} % 8)"),
            false => format!("({base} % 6).pow({exponent} % 3)"),
        })
    }

    /// A number that something else has: a frame's, an array's length, a type's limits.
    fn number_of(&mut self, ty: &Type, depth: u32) -> Option<String> {
        match ty {
            Type::Integer(Integer::U32) if self.chance(40) => {
                let of = self.integer_type();
                let value = self.operand(&of, depth);
                Some(format!("{value}.{}()", self.pick(COUNTS)))
            }
            Type::Integer(Integer::U32) if self.chance(50) => {
                let frame = self.operand(&Type::Frame, depth);
                Some(format!("{frame}.number()"))
            }
            Type::Integer(Integer::U32) => {
                Some(format!("{}::BITS", self.pick(&Integer::ALL).name()))
            }
            Type::Integer(Integer::Usize) => {
                let reads = matches!(self.body.receiver, Receiver::Shared | Receiver::Mutable);
                let fields: Vec<String> = self
                    .items
                    .fields
                    .iter()
                    .filter(|(_, ty)| reads && matches!(ty, Type::Array(..)))
                    .map(|(name, _)| name.clone())
                    .collect();
                if fields.is_empty() {
                    return None;
                }
                Some(format!("self.{}.len()", self.pick(&fields)))
            }
            _ => None,
        }
    }

    /// A number that the kernel gives.
    fn asked_number(&mut self, ty: &Type, _depth: u32) -> Option<String> {
        if !self.can_ask() || !self.affordable(1) {
            return None;
        }
        self.spend(1);
        match ty {
            Type::Integer(Integer::U64) => {
                Some(format!("sys.{}()", self.pick(&["random", "cycles"])))
            }
            Type::Integer(Integer::Usize) => Some("sys.frame_limit()".to_string()),
            Type::Integer(integer) => Some(format!("sys.random() as {}", integer.name())),
            _ => None,
        }
    }
}
