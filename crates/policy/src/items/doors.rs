//! Doors where a type is written: only as the whole type of a parameter, by the right reference.

use super::Context;
use crate::diagnostic::Span;
use crate::prelude::Door;
use crate::syntax;
use crate::types::Type;

impl Context<'_> {
    /// The type of a reference to a door; nothing if it leads to something else.
    pub(super) fn door_reference(&self, reference: &syntax::TypeReference<'_>) -> Option<Type> {
        let syntax::Type::Path(path) = &reference.elem else {
            return None;
        };
        let door = Door::from_name(path.get_ident()?.text)?;
        let row = door.row();
        let span = Span::around(reference);
        if reference.lifetime.is_some() {
            let instead = format!("write `{}`", row.reference);
            return Some(self.refuse_type(span, "a lifetime", &instead));
        }
        if row.mutable == reference.mutability {
            return Some(Type::Door(door));
        }
        let kind = if row.mutable { "" } else { "mut " };
        let construct = format!("`&{kind}{}`", row.name);
        Some(self.refuse_type(span, &construct, &format!("write `{}`", row.reference)))
    }

    /// Refuses a door that is a part of another value.
    pub(super) fn refuse_door_within(&self, span: Span, door: Door) -> Type {
        let row = door.row();
        let construct = format!("`{}` within another type", row.reference);
        let instead = format!("write a parameter `{}: {}`", row.parameter, row.reference);
        self.refuse_type(span, &construct, &instead)
    }

    /// Refuses a door that is not behind a reference.
    pub(super) fn refuse_door(&self, span: Span, door: Door) -> Type {
        let row = door.row();
        let instead = format!("write `{}`", row.reference);
        self.refuse_type(span, &format!("`{}` itself", row.name), &instead)
    }
}
