//! Expressions: which producer makes a value of a wanted type.

use super::Generator;
use super::types::Type;

/// Makes the text of a value of a type, nested at most so deep, if it can.
pub(super) type Producer = fn(&mut Generator, &Type, u32) -> Option<String>;

/// What makes values of any type, with its weight.
const ANY: &[(u32, Producer)] = &[
    (14, Generator::call),
    (3, Generator::if_value),
    (2, Generator::if_let_value),
    (2, Generator::match_value),
    (3, Generator::block_value),
    (2, Generator::tried),
    (1, Generator::loop_value),
    (1, Generator::labelled_value),
    (2, Generator::unwrapped),
    (2, Generator::field_of_a_value),
];

/// Expressions of one statement, those of its inner statements not counted.
pub(super) const NODES: u32 = 7;

impl Generator {
    /// An expression that stands alone: a statement's value.
    pub(super) fn whole_expression(&mut self, ty: &Type) -> String {
        let before = std::mem::replace(&mut self.body.nodes, NODES);
        let depth = 1 + self.below(3) as u32;
        let text = self.loosely(ty, depth);
        self.body.nodes = before;
        text
    }

    /// An expression whose type the place it stands in says as well.
    pub(super) fn loosely(&mut self, ty: &Type, depth: u32) -> String {
        if self.mistaken("another type") {
            return self.of_another_type(ty);
        }
        match ty {
            Type::Integer(integer) if self.chance(20) => self.literal(*integer, false),
            _ => self.expression(ty, depth),
        }
    }

    /// An expression of that type, which may need its type said around it if it is an `Option` or
    /// `Result`.
    pub(super) fn expression(&mut self, ty: &Type, depth: u32) -> String {
        if depth == 0 || self.body.nodes == 0 {
            return self.leaf(ty, depth.min(1));
        }
        self.body.nodes -= 1;
        let own: &[(u32, Producer)] = match ty {
            Type::Integer(_) => super::integer::INTEGER,
            Type::Bool => super::value::BOOL,
            Type::Option(_) => super::value::OPTION,
            Type::Result(_) => super::value::RESULT,
            Type::Array(..) => super::value::ARRAY,
            _ => &[],
        };
        let total: u32 = ANY.iter().chain(own).map(|(weight, _)| weight).sum();
        for _ in 0..3 {
            // One in five is a leaf all the same.
            let mut at = self.rng.below(total + total / 4);
            for (weight, producer) in ANY.iter().chain(own) {
                if at < *weight {
                    if let Some(text) = producer(self, ty, depth - 1) {
                        return text;
                    }
                    break;
                }
                at -= weight;
            }
        }
        self.leaf(ty, 1)
    }

    /// A value without a part: mostly a place, or a literal.
    fn leaf(&mut self, ty: &Type, depth: u32) -> String {
        if self.chance(75)
            && let Some(text) = self.read(ty, depth)
        {
            return text;
        }
        match ty {
            Type::Integer(integer) => self.literal(*integer, true),
            Type::Struct(index) => self.struct_literal(*index, 0),
            Type::Option(inner) if self.chance(60) => format!("Some({})", self.leaf(inner, depth)),
            Type::Result(inner) => format!("Ok({})", self.leaf(inner, depth)),
            Type::Array(inner, length) => format!("[{}; {length}]", self.leaf(inner, depth)),
            ty => self.constant_value(ty),
        }
    }

    /// The value of a place.
    pub(super) fn read(&mut self, ty: &Type, depth: u32) -> Option<String> {
        let routes = self.routes(ty, false);
        if routes.is_empty() {
            return None;
        }
        let route = self.pick(&routes);
        Some(self.place_text(&route, depth))
    }

    /// An expression as an operand: in parentheses unless it is one word.
    pub(super) fn operand(&mut self, ty: &Type, depth: u32) -> String {
        let text = self.determined(ty, depth);
        in_parentheses(text)
    }

    /// An expression that says its own type.
    pub(super) fn determined(&mut self, ty: &Type, depth: u32) -> String {
        let (Type::Option(inner) | Type::Result(inner)) = ty else {
            return self.expression(ty, depth);
        };
        let deeper = depth.saturating_sub(1);
        let choice = self.below(4);
        let found = match (choice, ty) {
            (0, _) => self.call(ty, deeper),
            (1, Type::Option(_)) => self.checked(ty, deeper),
            (1, _) => self.asked(ty, deeper),
            _ => self.read(ty, deeper.min(1)),
        };
        if let Some(text) = found {
            return text;
        }
        let inner = in_parentheses(self.determined(inner, deeper));
        match ty {
            Type::Option(_) => format!("Some({inner})"),
            _ => {
                let error = self.constant_value(&Type::Enum(super::types::SYS_ERROR));
                format!("Some({inner}).ok_or({error})")
            }
        }
    }
}

/// Puts a text in parentheses unless it is one word or one call.
pub(super) fn in_parentheses(text: String) -> String {
    let simple = |it: char| it.is_alphanumeric() || "_.:".contains(it);
    if text.chars().all(simple) && !text.starts_with('.') {
        return text;
    }
    format!("({text})")
}
