//! Values of every type: calls, branches, blocks, structs, options, comparisons.

use super::expression::{Producer, in_parentheses};
use super::types::{SYS_ERROR, Type};
use super::{Around, Generator, Local};

/// What makes `bool`s, with its weight.
pub(super) const BOOL: &[(u32, Producer)] = &[
    (30, Generator::comparison),
    (12, Generator::logic),
    (4, Generator::presence),
    (2, Generator::power_of_two),
];
/// What makes `Option`s.
pub(super) const OPTION: &[(u32, Producer)] = &[
    (20, Generator::some),
    (20, Generator::checked),
    (5, Generator::result_as_option),
];
/// What makes `Result`s.
pub(super) const RESULT: &[(u32, Producer)] = &[
    (20, Generator::fine),
    (15, Generator::asked),
    (8, Generator::option_as_result),
];

/// What makes arrays.
pub(super) const ARRAY: &[(u32, Producer)] = &[(20, Generator::array)];

impl Generator {
    fn array(&mut self, ty: &Type, depth: u32) -> Option<String> {
        let Type::Array(inner, length) = ty else {
            return None;
        };
        if self.chance(30) || *length > 3 {
            return Some(format!("[{}; {length}]", self.determined(inner, depth)));
        }
        let values: Vec<String> = (0..*length)
            .map(|_| self.determined(inner, depth))
            .collect();
        Some(format!("[{}]", values.join(", ")))
    }

    pub(super) fn struct_literal(&mut self, index: usize, depth: u32) -> String {
        let shape = self.items.structs[index].clone();
        let mut fields = Vec::new();
        for (name, ty) in &shape.fields {
            fields.push(format!("{name}: {}", self.loosely(ty, depth)));
        }
        if fields.len() > 1 && self.chance(30) {
            fields.rotate_left(1);
        }
        if self.mistaken("missing field") {
            fields.pop();
        }
        if self.mistaken("doubled field") {
            fields.extend(fields.first().cloned());
        }
        let gap = self.gap();
        format!("{} {{{gap}{} }}", shape.name, fields.join(", "))
    }

    pub(super) fn if_value(&mut self, ty: &Type, depth: u32) -> Option<String> {
        let condition = self.expression(&Type::Bool, depth);
        let (yes, no) = (self.expression(ty, depth), self.expression(ty, depth));
        let gap = self.gap();
        if self.mistaken("missing else") {
            return Some(format!("if {condition} {{ {yes} }}"));
        }
        Some(format!("if {condition} {{{gap}{yes} }} else {{ {no} }}"))
    }

    pub(super) fn if_let_value(&mut self, ty: &Type, depth: u32) -> Option<String> {
        let inner = self.integer_type();
        let found = self.operand(&Type::option(inner.clone()), depth);
        let name = self.fresh("v");
        let yes = self.with(&[(name.clone(), inner)], |it| it.expression(ty, depth));
        let no = self.expression(ty, depth);
        Some(format!(
            "if let Some({name}) = {found} {{ {yes} }} else {{ {no} }}"
        ))
    }

    pub(super) fn match_value(&mut self, ty: &Type, depth: u32) -> Option<String> {
        let of = self.value_type();
        let scrutinee = match self.read(&of, 0) {
            Some(text) if self.chance(60) => in_parentheses(text),
            _ => self.operand(&of, depth),
        };
        let arms = self.arms(&of, depth, |it| it.expression(ty, depth));
        Some(format!("match {scrutinee} {{\n{arms}}}"))
    }

    /// Writes something in a scope with more names.
    pub(super) fn with(
        &mut self,
        names: &[(String, Type)],
        write: impl FnOnce(&mut Generator) -> String,
    ) -> String {
        let before = self.body.scope.len();
        for (name, ty) in names {
            self.body.scope.push(Local {
                name: name.clone(),
                ty: ty.clone(),
                assignable: false,
            });
        }
        let text = write(self);
        self.body.scope.truncate(before);
        text
    }

    pub(super) fn block_value(&mut self, ty: &Type, depth: u32) -> Option<String> {
        if self.body.still > 0 || self.body.depth > 2 {
            return None;
        }
        let before = self.body.scope.len();
        self.body.depth += 1;
        let mut text = "{\n".to_string();
        for _ in 0..1 + self.below(2) {
            text += &self.short_statement();
        }
        let value = self.expression(ty, depth);
        self.body.depth -= 1;
        self.body.scope.truncate(before);
        Some(format!("{text}{value} }}"))
    }

    pub(super) fn tried(&mut self, ty: &Type, depth: u32) -> Option<String> {
        let wanted = match self.body.result {
            Type::Option(_) => Type::option(ty.clone()),
            Type::Result(_) => Type::result(ty.clone()),
            _ => return None,
        };
        Some(format!("{}?", self.operand(&wanted, depth)))
    }

    pub(super) fn loop_value(&mut self, ty: &Type, depth: u32) -> Option<String> {
        if self.body.still > 0 || self.body.depth > 2 || !self.affordable(8) {
            return None;
        }
        let name = self.fresh("k");
        let label = self.chance(40).then(|| self.fresh("'l"));
        let times = 1 + self.below(4) as u32;
        self.body.times *= times;
        self.body.depth += 1;
        self.body.around.push(Around {
            label: label.clone(),
            gives: Some(ty.clone()),
            repeats: false,
        });
        let before = self.body.scope.len();
        let statement = self.short_statement();
        let value = broken_with(self.expression(ty, depth));
        self.body.scope.truncate(before);
        self.body.around.pop();
        self.body.depth -= 1;
        self.body.times /= times;
        let (mark, goal) = match &label {
            Some(label) => (format!("{label}: "), format!(" {label}")),
            None => Default::default(),
        };
        Some(format!(
            "{{\nlet mut {name} = {times}u32;\n{mark}loop {{\n{statement}{name} -= 1;\n\
             if {name} == 0 {{ break{goal} {value}; }}\n}}\n}}"
        ))
    }

    pub(super) fn labelled_value(&mut self, ty: &Type, depth: u32) -> Option<String> {
        if self.body.still > 0 || self.body.depth > 2 {
            return None;
        }
        let label = self.fresh("'b");
        let condition = self.expression(&Type::Bool, depth);
        let gives = Some(ty.clone());
        let first = self.within(&label, gives.clone(), |it| it.expression(ty, depth));
        let first = broken_with(first);
        let second = self.within(&label, gives, |it| it.expression(ty, depth));
        let wrong = if self.mistaken("undeclared label") {
            "x"
        } else {
            ""
        };
        Some(format!(
            "{label}: {{\nif {condition} {{ break {label}{wrong} {first}; }}\n{second} }}"
        ))
    }

    pub(super) fn unwrapped(&mut self, ty: &Type, depth: u32) -> Option<String> {
        let wanted = match self.chance(60) {
            true => Type::option(ty.clone()),
            false => Type::result(ty.clone()),
        };
        if matches!(ty, Type::Option(_) | Type::Result(_)) {
            return None;
        }
        let value = self.operand(&wanted, depth);
        let other = self.loosely(ty, depth);
        Some(format!("{value}.unwrap_or({other})"))
    }

    /// A field of a struct that is not in a place: a call's result, a literal.
    pub(super) fn field_of_a_value(&mut self, ty: &Type, depth: u32) -> Option<String> {
        let mut found = Vec::new();
        for index in 0..self.items.structs.len() {
            let whole = Type::Struct(index);
            let fields = &self.items.structs[index].fields;
            let names = fields.iter().filter(|(_, it)| it == ty);
            found.extend(names.map(|(name, _)| (whole.clone(), name.clone())));
        }
        if found.is_empty() {
            return None;
        }
        let (whole, name) = self.pick(&found);
        let value = self.operand(&whole, depth);
        Some(format!("{value}.{name}"))
    }

    fn comparison(&mut self, _: &Type, depth: u32) -> Option<String> {
        let ty = self.value_type();
        let symbol = match ty {
            Type::Integer(_) => self.pick(&["==", "!=", "<", "<=", ">", ">="]),
            _ => self.pick(&["==", "!="]),
        };
        // All but numbers are compared where they lie: neither side may change the other.
        let whole = !matches!(ty, Type::Integer(_) | Type::Bool);
        self.body.still += u32::from(whole);
        let (left, right) = (self.operand(&ty, depth), self.operand(&ty, depth));
        self.body.still -= u32::from(whole);
        let gap = self.gap();
        Some(format!("{left} {symbol}{gap}{right}"))
    }

    fn logic(&mut self, ty: &Type, depth: u32) -> Option<String> {
        if self.chance(20) {
            return Some(format!("!{}", self.operand(ty, depth)));
        }
        let symbol = self.pick(&["&&", "||", "&&", "||", "&", "|", "^"]);
        let (left, right) = (self.operand(ty, depth), self.operand(ty, depth));
        let gap = self.gap();
        Some(format!("{left}{gap}{symbol} {right}"))
    }

    fn presence(&mut self, _: &Type, depth: u32) -> Option<String> {
        let inner = self.integer_type();
        let (ty, methods) = match self.chance(60) {
            true => (Type::option(inner), ["is_some", "is_none"]),
            false => (Type::result(inner), ["is_ok", "is_err"]),
        };
        let value = self.operand(&ty, depth);
        Some(format!("{value}.{}()", self.pick(&methods)))
    }

    fn power_of_two(&mut self, _: &Type, depth: u32) -> Option<String> {
        let ty = self.integer_type();
        if matches!(ty, Type::Integer(integer) if integer.signed()) {
            return None;
        }
        Some(format!("{}.is_power_of_two()", self.operand(&ty, depth)))
    }

    fn some(&mut self, ty: &Type, depth: u32) -> Option<String> {
        let Type::Option(inner) = ty else { return None };
        if self.chance(20) {
            return Some("None".to_string());
        }
        Some(format!("Some({})", self.loosely(inner, depth)))
    }

    fn result_as_option(&mut self, ty: &Type, depth: u32) -> Option<String> {
        let Type::Option(inner) = ty else { return None };
        let result = Type::Result(inner.clone());
        Some(format!("{}.ok()", self.operand(&result, depth)))
    }

    fn fine(&mut self, ty: &Type, depth: u32) -> Option<String> {
        let Type::Result(inner) = ty else { return None };
        if self.chance(30) {
            let error = self.loosely(&Type::Enum(SYS_ERROR), depth);
            return Some(format!("Err({error})"));
        }
        Some(format!("Ok({})", self.loosely(inner, depth)))
    }

    fn option_as_result(&mut self, ty: &Type, depth: u32) -> Option<String> {
        let Type::Result(inner) = ty else { return None };
        let option = self.operand(&Type::Option(inner.clone()), depth);
        let error = self.loosely(&Type::Enum(SYS_ERROR), depth);
        Some(format!("{option}.ok_or({error})"))
    }
}

/// A value as it may stand behind `break`: not beginning with a label of its own.
fn broken_with(value: String) -> String {
    match value.starts_with('\'') {
        true => format!("({value})"),
        false => value,
    }
}
