//! Mistakes: the one change that makes a program ill-typed.

use super::Generator;
use super::types::Type;

/// The kinds of mistakes.
pub const KINDS: &[&str] = &[
    "another type",
    "unknown name",
    "unknown member",
    "unknown type",
    "one argument less",
    "one argument more",
    "missing field",
    "doubled field",
    "missing arm",
    "unknown variant",
    "not mutable",
    "undeclared label",
    "break outside",
    "missing else",
    "no value given back",
    "sys twice",
    "self twice",
    "out of scope",
    "missing annotation",
    "leaving let",
];

/// One mistake: its kind, and which of the places for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Place in [`KINDS`].
    pub kind: usize,
    /// Which of the places for it, from 0 on.
    pub site: u32,
}

impl Generator {
    /// Whether the mistake is to be made here.
    pub(super) fn mistaken(&mut self, kind: &str) -> bool {
        let kind = KINDS.iter().position(|it| *it == kind);
        let kind = kind.unwrap_or_else(|| panic!("{kind:?} is one of the kinds"));
        let site = self.sites[kind];
        self.sites[kind] += 1;
        self.mistake == Some(Mistake { kind, site })
    }

    /// An expression that has another type than `ty`, whatever is around it.
    pub(super) fn of_another_type(&self, ty: &Type) -> String {
        match ty {
            Type::Integer(_) | Type::Unit => "SysError::Limit",
            Type::Bool => "7",
            Type::Frame => "5u32",
            _ => "true",
        }
        .to_string()
    }

    /// A name, or one that nothing has.
    pub(super) fn named(&mut self, name: &str) -> String {
        if self.mistaken("unknown name") {
            return format!("{name}x");
        }
        name.to_string()
    }

    /// Arguments, or one too few or too many.
    pub(super) fn counted(&mut self, mut arguments: Vec<String>) -> String {
        if !arguments.is_empty() && self.mistaken("one argument less") {
            arguments.pop();
        }
        if self.mistaken("one argument more") {
            arguments.push("0".to_string());
        }
        arguments.join(", ")
    }
}
