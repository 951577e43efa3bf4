//! The part of a program that logs its whole state, field by field.

use super::Generator;
use super::types::Type;

/// Mixes one more word into a sum.
const FOLD: &str = "\
fn fold(sum: u64, word: u64) -> u64 {
    (sum ^ (sum >> 29) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(1)
}
";

impl Generator {
    /// `fn dump`, and what it needs.
    pub(super) fn dump(&mut self) -> String {
        let mut body = String::new();
        for (name, ty) in self.items.fields.clone() {
            match ty {
                Type::Integer(_) => body += &format!("log!(\"{name} {{}}\", self.{name});\n"),
                _ => {
                    let fold = self.folded(&format!("self.{name}"), &ty, 0);
                    body += &format!("let mut h = 0u64;\n{fold}log!(\"{name} {{}}\", h);\n");
                }
            }
        }
        format!("{FOLD}impl P {{\nfn dump(&self) {{\n{body}}}\n}}\n")
    }

    /// Statements that mix a place of that type into `h`.
    fn folded(&self, place: &str, ty: &Type, depth: u32) -> String {
        let word = match ty {
            Type::Unit | Type::Lent(..) => return String::new(),
            Type::Bool | Type::Integer(_) | Type::Enum(_) => format!("{place} as u64"),
            Type::Frame => format!("{place}.number() as u64"),
            Type::Struct(index) => {
                let fields = &self.items.structs[*index].fields;
                return fields
                    .iter()
                    .map(|(name, ty)| self.folded(&format!("{place}.{name}"), ty, depth))
                    .collect();
            }
            Type::Option(inner) => {
                let name = format!("o{depth}");
                let some = self.folded(&name, inner, depth + 1);
                return format!(
                    "if let Some({name}) = {place} {{\nh = fold(h, 1);\n{some}}} else {{ h = fold(h, 0); }}\n"
                );
            }
            Type::Result(inner) => {
                let name = format!("o{depth}");
                let fine = self.folded(&name, inner, depth + 1);
                return format!(
                    "match {place} {{\nOk({name}) => {{\nh = fold(h, 1);\n{fine}}}\n\
                     Err({name}) => {{ h = fold(h, 2 + {name} as u64); }}\n}}\n"
                );
            }
            Type::Array(inner, length) => {
                let name = format!("d{depth}");
                let each = self.folded(&format!("{place}[{name}]"), inner, depth + 1);
                return format!("for {name} in 0..{length} {{\n{each}}}\n");
            }
        };
        format!("h = fold(h, {word});\n")
    }
}
