//! Values in memory: made where they are to lie, copied, and compared.

use exo_core::cpu::{Instr, Shape};

use super::function::{Destination, Emitter};
use super::place::{Place, Spot};
use crate::diagnostic::Span;
use crate::layout::{Leaf, Width};
use crate::tree::{ExprId, ExprKind, Value, payload_type};
use crate::types::Type;

/// More bytes of zeros than this are written by an instruction that repeats.
const ZEROS_WRITTEN: u64 = 32;

impl Emitter<'_, '_> {
    /// Makes a value at a spot. One that is not fresh is written last.
    pub(super) fn make(&mut self, id: ExprId, spot: Spot, fresh: bool) {
        let Some(expr) = self.body.expr(id) else {
            return;
        };
        let (ty, at) = (&expr.ty, expr.at);
        let to = Destination {
            place: Place::Memory(spot),
            fresh,
        };
        match &expr.kind {
            _ if expr.constant.is_some() => self.make_by_registers(id, spot),
            ExprKind::Struct(_)
            | ExprKind::Array(_)
            | ExprKind::Repeat { .. }
            | ExprKind::Variant { .. }
                if !fresh =>
            {
                self.make_aside(id, spot);
            }
            ExprKind::Struct(fields) => {
                for (number, value) in fields {
                    let place = self.field(Place::Memory(spot), ty, *number);
                    self.value_into(*value, Destination { place, fresh });
                }
            }
            ExprKind::Array(values) => self.make_array(ty, values, spot),
            ExprKind::Repeat { value, length } => self.make_repeat(*value, *length, spot, at),
            ExprKind::Variant { index, payload } => {
                self.make_variant(ty, *index, *payload, spot, at);
            }
            ExprKind::Block { .. }
            | ExprKind::If { .. }
            | ExprKind::Match { .. }
            | ExprKind::Loop { .. }
            | ExprKind::While { .. }
            | ExprKind::For { .. }
            | ExprKind::Break { .. }
            | ExprKind::Continue { .. }
            | ExprKind::Return(_) => self.control_into(id, to),
            _ if !self.in_memory(ty) => self.make_by_registers(id, spot),
            ExprKind::Call { .. } if fresh => self.call_at(id, spot),
            ExprKind::Call { .. } => self.make_aside(id, spot),
            ExprKind::Intrinsic {
                intrinsic,
                arguments,
            } => {
                self.intrinsic_into(*intrinsic, arguments, ty, to, at);
            }
            _ => {
                let from = self.place(id);
                self.copy_place(ty, from, Place::Memory(spot), at);
            }
        }
    }

    fn make_by_registers(&mut self, id: ExprId, spot: Spot) {
        let (ty, at) = (self.ty(id), self.span(id));
        let register = self.value(id);
        self.store(ty, register, spot, at);
    }

    /// Makes a value in a slot of its own, then copies it to where it is to lie.
    fn make_aside(&mut self, id: ExprId, spot: Spot) {
        let (ty, at) = (self.ty(id), self.span(id));
        let aside = self.slot(ty, at);
        self.make(id, aside, true);
        self.copy_place(ty, Place::Memory(aside), Place::Memory(spot), at);
    }

    fn make_array(&mut self, ty: &Type, values: &[ExprId], spot: Spot) {
        let Type::Array(element, _) = ty else { return };
        let size = self.context.layout(element).size;
        let mut here = spot;
        for value in values {
            let place = Place::Memory(here);
            self.value_into(*value, Destination { place, fresh: true });
            here = here.plus(size);
        }
    }

    fn make_repeat(&mut self, value: ExprId, length: u64, spot: Spot, at: Span) {
        let size = self.context.layout(self.ty(value)).size;
        if length == 0 {
            return self.effect(value);
        }
        let place = Place::Memory(spot);
        self.value_into(value, Destination { place, fresh: true });
        self.repeat(spot, length, size, at);
    }

    /// Copies the first element of an array over the others.
    fn repeat(&mut self, spot: Spot, length: u64, size: u64, at: Span) {
        if length < 2 || size == 0 {
            return;
        }
        let narrow = |number| u32::try_from(number).unwrap_or(u32::MAX);
        let shape = self.assembler.shape(Shape {
            offset: narrow(spot.offset),
            length: narrow(length),
            size_bytes: narrow(size),
        });
        let to = self.name(spot.base);
        self.emit(Instr::Repeat { to, shape }, at);
    }

    fn make_variant(
        &mut self,
        ty: &Type,
        index: u32,
        payload: Option<ExprId>,
        spot: Spot,
        at: Span,
    ) {
        let Place::Memory(inner) = self.payload(Place::Memory(spot), ty) else {
            return;
        };
        if payload.is_none() || matches!(ty, Type::Result(..)) {
            self.zero_payload(ty, spot, at);
        }
        if let Some(payload) = payload {
            let place = Place::Memory(inner);
            self.value_into(payload, Destination { place, fresh: true });
        }
        self.store_tag(index, spot, at);
    }

    pub(super) fn store_tag(&mut self, index: u32, spot: Spot, at: Span) {
        let top = self.top;
        let tag = self.take(1);
        self.constant(tag, i128::from(index), at);
        self.store_leaf(TAG, tag, spot, at);
        self.top = top;
    }

    /// The register with the tag of an `Option` or `Result`.
    pub(super) fn tag(&mut self, place: Place, at: Span) -> u32 {
        match place {
            Place::Register(register) => register,
            Place::Memory(spot) => {
                let tag = self.take(1);
                self.load_leaf(TAG, spot, tag, at);
                tag
            }
        }
    }

    /// Writes zeros behind a tag, so that equal values are equal bytes.
    pub(super) fn zero_payload(&mut self, ty: &Type, spot: Spot, at: Span) {
        let first = self.context.payload_offset(ty);
        let bytes = self.context.layout(ty).size.saturating_sub(first);
        let top = self.top;
        let zero = self.take(1);
        self.constant(zero, 0, at);
        let start = spot.plus(first);
        let words = bytes / 8;
        let written = match bytes > ZEROS_WRITTEN {
            true => 1,
            false => words,
        };
        let leaf = |offset, width| Leaf {
            slot: 0,
            offset,
            width,
        };
        for word in 0..written {
            self.store_leaf(leaf(word * 8, Width::Wide), zero, start, at);
        }
        if written < words {
            self.repeat(start, words, 8, at);
        }
        for byte in words * 8..bytes {
            self.store_leaf(leaf(byte, Width::U8), zero, start, at);
        }
        self.top = top;
    }

    /// Copies a value from one place to another, which is the same or apart.
    pub(super) fn copy_place(&mut self, ty: &Type, from: Place, to: Place, at: Span) {
        let top = self.top;
        match (from, to) {
            (Place::Register(from), Place::Register(to)) => {
                self.copy(from, to, self.size(ty), at);
            }
            (Place::Register(from), Place::Memory(to)) => self.store(ty, from, to, at),
            (Place::Memory(from), Place::Register(to)) => self.load(ty, from, to, at),
            (Place::Memory(from), Place::Memory(to)) if from == to => {
                self.resolve(from);
            }
            (Place::Memory(from), Place::Memory(to)) => match self.context.leaves(ty).as_slice() {
                [leaf] => {
                    let register = self.take(1);
                    self.load_leaf(*leaf, from, register, at);
                    self.store_leaf(*leaf, register, to, at);
                }
                _ => self.copy_bytes(ty, from, to, at),
            },
        }
        self.top = top;
    }

    fn copy_bytes(&mut self, ty: &Type, from: Spot, to: Spot, at: Span) {
        let (from, to) = (self.address(from, at), self.address(to, at));
        let bytes = u32::try_from(self.context.layout(ty).size).unwrap_or(u32::MAX);
        if bytes > 0 {
            let (to, from) = (self.name(to), self.name(from));
            self.emit(Instr::Copy { to, from, bytes }, at);
        }
    }

    /// `to` = whether two values in memory are equal.
    pub(super) fn equal_bytes(&mut self, ty: &Type, left: Spot, right: Spot, to: u32, at: Span) {
        let bytes = u32::try_from(self.context.layout(ty).size).unwrap_or(u32::MAX);
        let (left, right) = (self.address(left, at), self.address(right, at));
        if bytes == 0 {
            return self.constant(to, 1, at);
        }
        let (to, left, right) = (self.name(to), self.name(left), self.name(right));
        let instr = Instr::EqualBytes {
            to,
            left,
            right,
            bytes,
        };
        self.emit(instr, at);
    }

    /// Puts a constant that is not one register into registers.
    pub(super) fn whole_constant(&mut self, ty: &Type, value: &Value, to: u32, at: Span) {
        match (ty, value) {
            (Type::Struct(named), Value::Struct(values)) => {
                let Some(layout) = self.context.struct_layout(named) else {
                    return;
                };
                let context = self.context;
                let fields = context.fields(named).iter().zip(values.iter());
                for ((field, value), slot) in fields.zip(&layout.slots) {
                    self.whole_constant(&field.ty, value, to.saturating_add(*slot), at);
                }
            }
            (_, Value::Variant(index, payload)) => {
                let mut used = 1;
                if let (Some(value), Some(ty)) = (payload, payload_type(ty, *index)) {
                    self.whole_constant(ty, value, to + 1, at);
                    used += self.size(ty);
                }
                self.constant(to, i128::from(*index), at);
                self.zeros(to + used..to + self.size(ty), at);
            }
            (_, Value::Scalar(value)) => self.constant(to, *value, at),
            _ => {}
        }
    }
}

/// The tag of an `Option` or `Result`.
const TAG: Leaf = Leaf {
    slot: 0,
    offset: 0,
    width: Width::U8,
};
