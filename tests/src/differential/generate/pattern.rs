//! Patterns, and the arms of a `match` that cover a type.

use super::Generator;
use super::types::{Integer, SYS_ERROR, Type};

/// A pattern and the names that it gives.
struct Case {
    pattern: String,
    names: Vec<(String, Type)>,
}

impl Case {
    fn new(pattern: impl Into<String>) -> Case {
        Case {
            pattern: pattern.into(),
            names: Vec::new(),
        }
    }
}

impl Generator {
    /// The arms of a `match` of a value of type `ty`, each with what `write` makes.
    pub(super) fn arms(
        &mut self,
        ty: &Type,
        depth: u32,
        mut write: impl FnMut(&mut Generator) -> String,
    ) -> String {
        let mut cases = self.cases(ty);
        if cases.len() > 1 && self.mistaken("missing arm") {
            cases.pop();
        }
        let last = cases.len().saturating_sub(1);
        let mut text = String::new();
        for (position, case) in cases.into_iter().enumerate() {
            let guarded = position != last && self.chance(20);
            if guarded {
                // Guarded, the case covers nothing: it comes once more without its guard.
                let names = case.names.clone();
                self.body.still += 1;
                let guard = self.with(&names, |it| it.expression(&Type::Bool, depth.min(1)));
                self.body.still -= 1;
                let value = self.with(&names, &mut write);
                text += &format!("{} if {guard} => {{ {value} }}\n", case.pattern);
            }
            let value = self.with(&case.names, &mut write);
            let comma = if self.chance(50) { "," } else { "" };
            text += &format!("{} => {{ {value} }}{comma}\n", case.pattern);
        }
        text
    }

    fn cases(&mut self, ty: &Type) -> Vec<Case> {
        match ty {
            Type::Bool => vec![Case::new("true"), Case::new("false")],
            Type::Integer(integer) => self.integer_cases(*integer),
            Type::Enum(index) => self.enum_cases(*index),
            Type::Option(inner) => {
                let mut cases = self.inner_cases("Some", inner);
                cases.push(Case::new("None"));
                if self.chance(30) {
                    let last = cases.len() - 1;
                    cases.swap(0, last);
                }
                cases
            }
            Type::Result(inner) => {
                let mut cases = self.inner_cases("Ok", inner);
                cases.extend(self.inner_cases("Err", &Type::Enum(SYS_ERROR)));
                cases
            }
            ty => vec![self.any(ty)],
        }
    }

    /// A case that covers everything.
    fn any(&mut self, ty: &Type) -> Case {
        if self.chance(40) {
            return Case::new("_");
        }
        let name = self.fresh("v");
        Case {
            pattern: name.clone(),
            names: vec![(name, ty.clone())],
        }
    }

    fn inner_cases(&mut self, around: &str, inner: &Type) -> Vec<Case> {
        let cases = match self.chance(50) {
            true => self.cases(inner),
            false => vec![self.any(inner)],
        };
        let wrap = |case: Case| Case {
            pattern: format!("{around}({})", case.pattern),
            names: case.names,
        };
        cases.into_iter().map(wrap).collect()
    }

    fn enum_cases(&mut self, index: usize) -> Vec<Case> {
        let count = self.items.enums[index].variants.len();
        let named = 1 + self.below(count);
        let mut cases: Vec<Case> = Vec::new();
        for variant in 0..named {
            let text = self.variant_text(index, variant);
            match cases.last_mut() {
                Some(last) if self.chance(25) => last.pattern += &format!(" | {text}"),
                _ => cases.push(Case::new(text)),
            }
        }
        if named < count {
            cases.push(Case::new("_"));
        }
        cases
    }

    fn integer_cases(&mut self, integer: Integer) -> Vec<Case> {
        if self.chance(25) {
            let middle = self
                .edge(integer)
                .clamp(integer.min() + 1, integer.max() - 1);
            let first = self.literal_in_pattern(integer, middle);
            let second = self.literal_in_pattern(integer, middle + 1);
            return vec![
                Case::new(format!("..={first}")),
                Case::new(format!("{second}..")),
            ];
        }
        let mut cases = Vec::new();
        for _ in 0..1 + self.below(3) {
            let (one, other) = (self.edge(integer), self.edge(integer));
            let (low, high) = (one.min(other), one.max(other));
            let low_text = self.literal_in_pattern(integer, low);
            let high_text = self.literal_in_pattern(integer, high);
            let pattern = match self.below(5) {
                0 => format!("{low_text}..={high_text}"),
                1 if low < high => format!("{low_text}..{high_text}"),
                2 => format!("{low_text} | {high_text}"),
                _ => low_text,
            };
            cases.push(Case::new(pattern));
        }
        cases.push(self.any(&Type::Integer(integer)));
        cases
    }

    /// A literal as patterns allow it: without parentheses.
    fn literal_in_pattern(&mut self, integer: Integer, value: i128) -> String {
        if value < 0 && value != integer.min() {
            return value.to_string();
        }
        self.literal_of(integer, value, false)
    }
}
