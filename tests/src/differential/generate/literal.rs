//! Literals and constant values, biased to where arithmetic goes wrong.

use super::Generator;
use super::types::{Integer, SYS_ERROR, Type};

impl Generator {
    /// A value of an integer type, often at an edge.
    pub(super) fn edge(&mut self, integer: Integer) -> i128 {
        let (min, max) = (integer.min(), integer.max());
        let bits = i128::from(integer.bits());
        let value = match self.below(16) {
            0 => max,
            1 => max - 1,
            2 => min,
            3 => min + 1,
            4 => bits - 1,
            5 => bits,
            6 => 1 << self.below(integer.bits() as usize - 1),
            7 => i128::from(self.rng.next_u64()),
            8 => -1 - i128::from(self.rng.below(10)),
            9 => i128::from(self.rng.below(256)),
            _ => i128::from(self.rng.below(10)),
        };
        if (min..=max).contains(&value) {
            return value;
        }
        let range = max - min + 1;
        (value - min).rem_euclid(range) + min
    }

    /// A literal; with its type if nothing around says it.
    pub(super) fn literal(&mut self, integer: Integer, typed: bool) -> String {
        let value = self.edge(integer);
        self.literal_of(integer, value, typed)
    }

    /// A value in one of the ways to write it.
    pub(super) fn literal_of(&mut self, integer: Integer, value: i128, typed: bool) -> String {
        let name = integer.name();
        if value == integer.max() && self.chance(70) {
            return format!("{name}::MAX");
        }
        if value == integer.min() && value != 0 {
            return format!("{name}::MIN");
        }
        let suffix = match (typed, self.below(3)) {
            (true, 0) => format!("_{name}"),
            (true, _) => name.to_string(),
            _ => String::new(),
        };
        let text = match self.below(6) {
            0 if value >= 0 => format!("{value:#x}{suffix}"),
            1 if (0..256).contains(&value) => format!("{value:#010b}{suffix}"),
            2 if value > 9999 => format!("{}_{:03}{suffix}", value / 1000, value % 1000),
            _ => format!("{value}{suffix}"),
        };
        if value < 0 { format!("({text})") } else { text }
    }

    /// A value that is known before the program runs.
    pub(super) fn constant_value(&mut self, ty: &Type) -> String {
        let known: Vec<String> = self
            .items
            .constants
            .iter()
            .filter(|constant| constant.ty == *ty)
            .map(|constant| constant.path.clone())
            .collect();
        if !known.is_empty() && self.chance(30) {
            return self.pick(&known);
        }
        match ty {
            Type::Unit => "()".to_string(),
            Type::Bool => self.pick(&["true", "false"]).to_string(),
            Type::Integer(integer) => self.literal(*integer, false),
            Type::Frame => format!("Frame::new({})", self.rng.below(100)),
            Type::Enum(index) => {
                let variant = self.below(self.items.enums[*index].variants.len());
                self.variant_text(*index, variant)
            }
            Type::Struct(index) => {
                let shape = self.items.structs[*index].clone();
                let mut fields = Vec::new();
                for (name, ty) in &shape.fields {
                    fields.push(format!("{name}: {}", self.constant_value(ty)));
                }
                format!("{} {{ {} }}", shape.name, fields.join(", "))
            }
            Type::Option(inner) => match self.below(2) {
                0 => "None".to_string(),
                _ => format!("Some({})", self.constant_value(inner)),
            },
            Type::Result(inner) => match self.below(3) {
                0 => {
                    let refusal = self.constant_value(&Type::Enum(SYS_ERROR));
                    format!("Err({refusal})")
                }
                _ => format!("Ok({})", self.constant_value(inner)),
            },
            Type::Lent(inner, _) => self.constant_value(inner),
            Type::Array(inner, length) => {
                if self.chance(30) || *length > 5 {
                    return format!("[{}; {length}]", self.constant_value(inner));
                }
                let values: Vec<String> =
                    (0..*length).map(|_| self.constant_value(inner)).collect();
                format!("[{}]", values.join(", "))
            }
        }
    }
}
