//! Places: in registers, and in memory as base, offset and perhaps an index that is still to be
//! checked.

use exo_core::cpu::{Instr, Shape};

use super::element::{load_element, store_element};
use super::function::{Destination, Emitter};
use super::lent::owner;
use crate::diagnostic::Span;
use crate::layout::{Leaf, Width};
use crate::tree::{ExprId, ExprKind};
use crate::types::Type;

/// Where a value lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// From this register on.
    Register(u32),
    Memory(Spot),
}

/// Bytes in the state or on the stack: the address in a register, plus an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) base: u32,
    pub(super) offset: u64,
    /// An element that is still to be found, before anything else is computed.
    pub(super) element: Option<Element>,
}

/// An element of an array, by the register of its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Element {
    index: u32,
    length: u64,
    size: u64,
    at: Span,
}

impl Spot {
    /// The address in a register.
    pub(super) fn at(base: u32) -> Spot {
        Spot {
            base,
            offset: 0,
            element: None,
        }
    }

    /// So many bytes further on.
    pub(super) fn plus(self, more: u64) -> Spot {
        Spot {
            offset: self.offset.saturating_add(more),
            ..self
        }
    }
}

fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Emitter<'_, '_> {
    /// The register of a place that is a local or part of one, if it lies in registers.
    pub(super) fn register_place(&mut self, id: ExprId) -> Option<u32> {
        let local = owner(self.body, id)?;
        match self.home(local)? {
            Place::Register(_) => match self.place(id) {
                Place::Register(register) => Some(register),
                Place::Memory(_) => None,
            },
            Place::Memory(_) => None,
        }
    }

    /// Finds a place, checking the indices on the way, all but the last. What is no place is made.
    pub(super) fn place(&mut self, id: ExprId) -> Place {
        let Some(expr) = self.body.expr(id) else {
            return Place::Register(0);
        };
        match &expr.kind {
            ExprKind::Local(local) => {
                let home = self.home(*local).unwrap_or(Place::Register(0));
                match (&expr.ty, home) {
                    (Type::Reference { .. }, Place::Register(base)) => {
                        Place::Memory(Spot::at(base))
                    }
                    _ => home,
                }
            }
            ExprKind::Deref(base) => self.place(*base),
            ExprKind::Field { base, field } => {
                let place = self.place(*base);
                self.field(place, self.ty(*base).peeled(), *field)
            }
            ExprKind::Index { base, index } => self.element(*base, *index, expr.at),
            ExprKind::Constant(value) if self.in_memory(&expr.ty) => {
                let offset = self.assembler.table(self.context, &expr.ty, value);
                let base = self.take(1);
                self.constant(base, 0, expr.at);
                Place::Memory(Spot::at(base).plus(offset))
            }
            ExprKind::Try(inner) => self.attempt(*inner, expr.at),
            ExprKind::Unwrap { value, message } => self.unwrapped(*value, message, expr.at),
            _ if self.in_memory(&expr.ty) => {
                let spot = self.slot(&expr.ty, expr.at);
                let fresh = true;
                let place = Place::Memory(spot);
                self.value_into(id, Destination { place, fresh });
                place
            }
            _ => Place::Register(self.value(id)),
        }
    }

    /// Finds a place, checking all its indices.
    pub(super) fn checked_place(&mut self, id: ExprId) -> Place {
        match self.place(id) {
            Place::Memory(spot) => Place::Memory(self.resolve(spot)),
            register => register,
        }
    }

    /// A field of a struct that lies at a place.
    pub(super) fn field(&self, place: Place, ty: &Type, field: usize) -> Place {
        let layout = match ty {
            Type::Struct(named) => self.context.struct_layout(named),
            _ => None,
        };
        let Some(layout) = layout else { return place };
        match place {
            Place::Register(register) => {
                let slot = layout.slots.get(field).copied().unwrap_or(0);
                Place::Register(register.saturating_add(slot))
            }
            Place::Memory(spot) => {
                Place::Memory(spot.plus(layout.offsets.get(field).copied().unwrap_or(0)))
            }
        }
    }

    /// The payload of an `Option` or `Result` that lies at a place.
    pub(super) fn payload(&self, place: Place, ty: &Type) -> Place {
        match place {
            Place::Register(register) => Place::Register(register.saturating_add(1)),
            Place::Memory(spot) => Place::Memory(spot.plus(self.context.payload_offset(ty))),
        }
    }

    fn element(&mut self, array: ExprId, index: ExprId, at: Span) -> Place {
        let place = self.checked_place(array);
        let Type::Array(element, length) = self.ty(array).peeled() else {
            return place;
        };
        let Place::Memory(spot) = place else {
            return place;
        };
        let size = self.context.layout(element).size;
        if let Some(constant) = self.body.expr(index).and_then(|expr| expr.constant) {
            let more = u64::try_from(constant).unwrap_or(0).saturating_mul(size);
            return Place::Memory(spot.plus(more));
        }
        let index = self.value(index);
        let element = Some(Element {
            index,
            length: *length,
            size,
            at,
        });
        Place::Memory(Spot { element, ..spot })
    }

    /// The element of an array that lies at a spot.
    pub(super) fn element_at(
        &mut self,
        array: Spot,
        (element, length): (&Type, u64),
        index: u32,
        at: Span,
    ) -> Spot {
        let element = Some(Element {
            index,
            length,
            size: self.context.layout(element).size,
            at,
        });
        self.resolve(Spot { element, ..array })
    }

    fn shape(&mut self, element: &Element, offset: u64) -> u16 {
        self.assembler.shape(Shape {
            offset: narrow(offset),
            length: narrow(element.length),
            size_bytes: narrow(element.size),
        })
    }

    /// Finds the element of a spot that is still to be found.
    pub(super) fn resolve(&mut self, spot: Spot) -> Spot {
        let Some(element) = spot.element else {
            return spot;
        };
        let to = self.take(1);
        self.element_into(spot, &element, to);
        Spot::at(to)
    }

    fn element_into(&mut self, spot: Spot, element: &Element, to: u32) {
        let shape = self.shape(element, spot.offset);
        let instr = Instr::Element {
            to: self.name(to),
            base: self.name(spot.base),
            index: self.name(element.index),
            shape,
        };
        self.emit(instr, element.at);
    }

    /// The register with the address of a spot.
    pub(super) fn address(&mut self, spot: Spot, at: Span) -> u32 {
        if spot.element.is_none() && spot.offset == 0 {
            return spot.base;
        }
        let to = self.take(1);
        self.address_into(spot, to, at);
        to
    }

    /// Puts the address of a spot into a register.
    pub(super) fn address_into(&mut self, spot: Spot, to: u32, at: Span) {
        match spot.element {
            Some(element) => self.element_into(spot, &element, to),
            None if spot.offset == 0 => self.copy_one(spot.base, to, at),
            None => {
                let instr = Instr::Address {
                    to: self.name(to),
                    base: self.name(spot.base),
                    offset: narrow(spot.offset),
                };
                self.emit(instr, at);
            }
        }
    }

    /// Puts the address of what an expression names, or makes, into a register.
    pub(super) fn borrow_into(&mut self, id: ExprId, mutable: bool, to: u32, at: Span) {
        let ty = self.ty(id).peeled();
        // What is lent of a constant is a copy, if it may be changed.
        let kind = self.body.expr(id).map(|expr| &expr.kind);
        let shared = !(mutable && matches!(kind, Some(ExprKind::Constant(_))));
        let spot = match self.place(id) {
            Place::Memory(spot) if shared => spot,
            place => {
                let spot = self.slot(ty, at);
                self.copy_place(ty, place, Place::Memory(spot), at);
                spot
            }
        };
        self.address_into(spot, to, at);
    }

    /// Loads a value of registers from a spot.
    pub(super) fn load(&mut self, ty: &Type, spot: Spot, to: u32, at: Span) {
        let leaves = self.context.leaves(ty);
        let spot = match leaves.as_slice() {
            [leaf] => return self.load_leaf(*leaf, spot, to, at),
            _ => self.resolve(spot),
        };
        for leaf in leaves {
            self.load_leaf(leaf, spot, to.saturating_add(leaf.slot), at);
        }
    }

    /// Loads one scalar.
    pub(super) fn load_leaf(&mut self, leaf: Leaf, spot: Spot, to: u32, at: Span) {
        let (to, base) = (self.name(to), self.name(spot.base));
        let offset = spot.offset.saturating_add(leaf.offset);
        if let Some(element) = &spot.element {
            let (index, shape) = (self.name(element.index), self.shape(element, offset));
            let instr = load_element(leaf.width, to, base, index, shape);
            return self.emit(instr, element.at);
        }
        let offset = narrow(offset);
        let instr = match leaf.width {
            Width::U8 => Instr::LoadU8 { to, base, offset },
            Width::U16 => Instr::LoadU16 { to, base, offset },
            Width::U32 => Instr::LoadU32 { to, base, offset },
            Width::I32 => Instr::LoadI32 { to, base, offset },
            Width::Wide => Instr::Load64 { to, base, offset },
        };
        self.emit(instr, at);
    }

    /// Stores a value of registers at a spot.
    pub(super) fn store(&mut self, ty: &Type, from: u32, spot: Spot, at: Span) {
        let leaves = self.context.leaves(ty);
        let spot = match leaves.as_slice() {
            [leaf] => return self.store_leaf(*leaf, from, spot, at),
            _ => self.resolve(spot),
        };
        for leaf in leaves {
            self.store_leaf(leaf, from.saturating_add(leaf.slot), spot, at);
        }
    }

    /// Stores a byte that is known beforehand as the element of a spot. False, and nothing is
    /// emitted, if the type is no byte or the spot no element.
    pub(super) fn set(&mut self, ty: &Type, value: i128, spot: Spot) -> bool {
        let leaves = self.context.leaves(ty);
        let (
            [
                Leaf {
                    width: Width::U8,
                    offset,
                    ..
                },
            ],
            Some(element),
            Ok(value),
        ) = (leaves.as_slice(), &spot.element, u8::try_from(value))
        else {
            return false;
        };
        let instr = Instr::SetElement8 {
            value,
            base: self.name(spot.base),
            index: self.name(element.index),
            shape: self.shape(element, spot.offset.saturating_add(*offset)),
        };
        self.emit(instr, element.at);
        true
    }

    /// Stores one scalar.
    pub(super) fn store_leaf(&mut self, leaf: Leaf, from: u32, spot: Spot, at: Span) {
        let (from, base) = (self.name(from), self.name(spot.base));
        let offset = spot.offset.saturating_add(leaf.offset);
        if let Some(element) = &spot.element {
            let (index, shape) = (self.name(element.index), self.shape(element, offset));
            let instr = store_element(leaf.width, from, base, index, shape);
            return self.emit(instr, element.at);
        }
        let offset = narrow(offset);
        let instr = match leaf.width {
            Width::U8 => Instr::Store8 { from, base, offset },
            Width::U16 => Instr::Store16 { from, base, offset },
            Width::U32 | Width::I32 => Instr::Store32 { from, base, offset },
            Width::Wide => Instr::Store64 { from, base, offset },
        };
        self.emit(instr, at);
    }
}
