//! Where locals lie, and how long, as a debugger is told.

use exo_core::cpu::{Home, Variable};

use super::function::Emitter;
use super::place::Place;
use crate::tree::LocalId;
use crate::types::Type;

impl Emitter<'_, '_> {
    /// Gives a local its place, from the next instruction to the end of the scope.
    pub(super) fn settle(&mut self, local: LocalId, place: Place) {
        if let Some(home) = self.homes.get_mut(local.0) {
            *home = Some(place);
        }
        let Some(declared) = self.body.local(local) else {
            return;
        };
        if declared.name == "_" || matches!(declared.ty, Type::Door(_)) {
            return;
        }
        let home = match (place, &declared.ty) {
            (Place::Register(register), Type::Reference { .. }) => {
                u8::try_from(register).ok().map(Home::Behind)
            }
            (Place::Register(register), _) => u16::try_from(register).ok().map(Home::Registers),
            (Place::Memory(spot), _) if self.in_frame(spot) => {
                u32::try_from(spot.offset).ok().map(Home::Stack)
            }
            (Place::Memory(spot), _) => u8::try_from(spot.base).ok().map(Home::Behind),
        };
        let Some(home) = home else { return };
        let ty = self
            .assembler
            .types
            .number(self.context, declared.ty.peeled());
        let from = self.here();
        self.open.push(self.variables.len());
        self.variables.push(Variable {
            name: declared.name.clone(),
            ty,
            home,
            from,
            until: from,
        });
    }

    /// Says that a local lies elsewhere from the next instruction on.
    pub(super) fn move_home(&mut self, local: LocalId, place: Place) {
        let Some(name) = self.body.local(local).map(|declared| &declared.name) else {
            return;
        };
        let here = self.here();
        let (variables, open) = (&mut self.variables, &mut self.open);
        open.retain(|index| match variables.get_mut(*index) {
            Some(variable) if variable.name == *name => {
                variable.until = here;
                false
            }
            _ => true,
        });
        self.settle(local, place);
    }

    /// Where the variables of a scope that begins here will begin.
    pub(super) fn open_scope(&self) -> usize {
        self.open.len()
    }

    /// Says that the variables declared since then are gone.
    pub(super) fn close_scope(&mut self, scope: usize) {
        let here = self.here();
        for index in self.open.drain(scope.min(self.open.len())..) {
            if let Some(variable) = self.variables.get_mut(index) {
                variable.until = here;
            }
        }
    }
}
