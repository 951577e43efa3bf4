//! Places: fields and elements of the state, and of values in registers.

use exo_core::cpu::{Instr, Shape};

use super::function::{Destination, Emitter};
use crate::diagnostic::Span;
use crate::layout::{Leaf, Width};
use crate::tree::{ExprId, ExprKind};
use crate::types::Type;

/// Where a place lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// From this register on.
    Register(u32),
    /// At the address in a register, plus an offset.
    State { base: u32, offset: u64 },
}

impl Emitter<'_, '_> {
    /// The register of a place that lies in registers and takes no code to find.
    pub(super) fn register_place(&mut self, id: ExprId) -> Option<u32> {
        self.local_of(id)?;
        match self.place(id) {
            Place::Register(register) => Some(register),
            Place::State { .. } => None,
        }
    }

    /// Finds a place, checking the indices on the way.
    pub(super) fn place(&mut self, id: ExprId) -> Place {
        let Some(expr) = self.body.expr(id) else {
            return Place::Register(0);
        };
        match &expr.kind {
            ExprKind::Local(local) => match expr.ty {
                Type::Reference { .. } => Place::State {
                    base: self.home(*local),
                    offset: 0,
                },
                _ => Place::Register(self.home(*local)),
            },
            ExprKind::Deref(base) => self.place(*base),
            ExprKind::Field { base, field } => {
                let place = self.place(*base);
                let ty = self
                    .body
                    .expr(*base)
                    .map_or(&Type::Unknown, |expr| &expr.ty);
                let named = match ty {
                    Type::Struct(named) => named,
                    Type::Reference { to, .. } => match &**to {
                        Type::Struct(named) => named,
                        _ => return place,
                    },
                    _ => return place,
                };
                let Some(layout) = self.context.struct_layout(named) else {
                    return place;
                };
                match place {
                    Place::Register(register) => {
                        let slot = layout.slots.get(*field).copied().unwrap_or(0);
                        Place::Register(register.saturating_add(slot))
                    }
                    Place::State { base, offset } => {
                        let more = layout.offsets.get(*field).copied().unwrap_or(0);
                        Place::State {
                            base,
                            offset: offset.saturating_add(more),
                        }
                    }
                }
            }
            ExprKind::Index { base, index } => self.element(*base, *index, expr.at),
            ExprKind::Constant(value) if self.is_table(&expr.ty) => {
                let offset = self.assembler.table(self.context, &expr.ty, value);
                let base = self.take(1);
                self.constant(base, 0, expr.at);
                Place::State { base, offset }
            }
            _ => Place::Register(self.value(id)),
        }
    }

    /// Whether a constant lies in the state, as registers hold no arrays.
    fn is_table(&self, ty: &Type) -> bool {
        self.context.registers(ty).is_none() && self.context.unstorable(ty).is_none()
    }

    fn element(&mut self, array: ExprId, index: ExprId, at: Span) -> Place {
        let place = self.place(array);
        let Some(Type::Array(element, length)) = self.body.expr(array).map(|expr| &expr.ty) else {
            return place;
        };
        let Place::State { base, offset } = place else {
            // Only the state holds arrays; this one was refused where it was made.
            self.size_of(array);
            return place;
        };
        let size = self.context.layout(element).size;
        if let Some(constant) = self.body.expr(index).and_then(|expr| expr.constant) {
            let more = u64::try_from(constant).unwrap_or(0).saturating_mul(size);
            return Place::State {
                base,
                offset: offset.saturating_add(more),
            };
        }
        let index = self.value(index);
        let shape = self.assembler.shape(Shape {
            offset: 0,
            length: u32::try_from(*length).unwrap_or(u32::MAX),
            size_bytes: u32::try_from(size).unwrap_or(u32::MAX),
        });
        let to = self.take(1);
        let instr = Instr::Element {
            to: self.name(to),
            base: self.name(base),
            index: self.name(index),
            shape,
        };
        self.emit(instr, at);
        Place::State { base: to, offset }
    }

    /// Puts the address of a place into a register.
    pub(super) fn address_into(&mut self, id: ExprId, to: u32, at: Span) {
        let Place::State { base, offset } = self.place(id) else {
            return;
        };
        if offset == 0 {
            return self.copy_one(base, to, at);
        }
        let instr = Instr::Address {
            to: self.name(to),
            base: self.name(base),
            offset: offset_of(offset),
        };
        self.emit(instr, at);
    }

    /// Loads what lies at a place.
    pub(super) fn load_place(&mut self, id: ExprId, to: Destination) {
        let size = self.size_of(id);
        let at = self.span(id);
        let Some(ty) = self.body.expr(id).map(|expr| &expr.ty) else {
            return;
        };
        match self.place(id) {
            Place::Register(register) => self.copy(register, to.register, size, at),
            Place::State { base, offset } => {
                let leaves = self.context.leaves(ty);
                // The last load may overwrite the address, an earlier one may not.
                let aside = match leaves.len() {
                    0 | 1 => to,
                    _ => self.aside(size, to),
                };
                for leaf in &leaves {
                    self.load(*leaf, base, offset, aside.register, at);
                }
                self.copy(aside.register, to.register, size, at);
            }
        }
    }

    pub(super) fn load(&mut self, leaf: Leaf, base: u32, offset: u64, to: u32, at: Span) {
        let (to, base) = (self.name(to.saturating_add(leaf.slot)), self.name(base));
        let offset = offset_of(offset.saturating_add(leaf.offset));
        let instr = match leaf.width {
            Width::U8 => Instr::LoadU8 { to, base, offset },
            Width::U16 => Instr::LoadU16 { to, base, offset },
            Width::U32 => Instr::LoadU32 { to, base, offset },
            Width::I32 => Instr::LoadI32 { to, base, offset },
            Width::Wide => Instr::Load64 { to, base, offset },
        };
        self.emit(instr, at);
    }

    pub(super) fn store(&mut self, leaf: Leaf, from: u32, base: u32, offset: u64, at: Span) {
        let (from, base) = (self.name(from.saturating_add(leaf.slot)), self.name(base));
        let offset = offset_of(offset.saturating_add(leaf.offset));
        let instr = match leaf.width {
            Width::U8 => Instr::Store8 { from, base, offset },
            Width::U16 => Instr::Store16 { from, base, offset },
            Width::U32 | Width::I32 => Instr::Store32 { from, base, offset },
            Width::Wide => Instr::Store64 { from, base, offset },
        };
        self.emit(instr, at);
    }

    /// Assignments. As in rustc the value is computed before the place is found.
    pub(super) fn assign(&mut self, id: ExprId) {
        let Some(expr) = self.body.expr(id) else {
            return;
        };
        match &expr.kind {
            ExprKind::Assign { place, value } => self.assign_value(*place, *value, expr.at),
            ExprKind::AssignBinary {
                operator,
                place,
                value,
            } => self.assign_binary(*operator, *place, *value, expr.at),
            _ => {}
        }
    }

    fn assign_value(&mut self, place: ExprId, value: ExprId, at: Span) {
        if let Some(register) = self.register_place(place) {
            let fresh = false;
            return self.value_into(value, Destination { register, fresh });
        }
        // Finding the place may call what changes a local.
        let from = self.operand(value, &[place]);
        let Some(ty) = self.body.expr(place).map(|expr| &expr.ty) else {
            return;
        };
        self.size_of(place);
        if let Place::State { base, offset } = self.place(place) {
            for leaf in self.context.leaves(ty) {
                self.store(leaf, from, base, offset, at);
            }
        }
    }

    fn assign_binary(
        &mut self,
        operator: crate::tree::Operator,
        place: ExprId,
        value: ExprId,
        at: Span,
    ) {
        let Some(ty) = self.body.expr(place).map(|expr| &expr.ty) else {
            return;
        };
        let right = self.operand(value, &[place]);
        match self.place(place) {
            Place::Register(register) => {
                self.arithmetic(operator, ty, register, register, right, at);
            }
            Place::State { base, offset } => {
                let Some(leaf) = self.context.leaves(ty).first().copied() else {
                    return;
                };
                let left = self.take(1);
                self.load(leaf, base, offset, left, at);
                self.arithmetic(operator, ty, left, left, right, at);
                self.store(leaf, left, base, offset, at);
            }
        }
    }
}

fn offset_of(offset: u64) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
