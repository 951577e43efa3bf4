//! Values: made wherever they come to lie, or where they are wanted.

use super::function::{Destination, Emitter};
use super::lent::owner;
use super::place::Place;
use crate::diagnostic::Span;
use crate::tree::{ExprId, ExprKind};
use crate::types::Type;

impl Emitter<'_, '_> {
    /// Makes a value of registers and gives the one where it begins: that of a local, or new ones
    /// on top.
    pub(super) fn value(&mut self, id: ExprId) -> u32 {
        let Some(expr) = self.body.expr(id) else {
            return 0;
        };
        if expr.constant.is_none() {
            match &expr.kind {
                ExprKind::Local(_) | ExprKind::Field { .. } => {
                    if let Some(register) = self.register_place(id) {
                        return register;
                    }
                }
                ExprKind::Rename(inner) => return self.value(*inner),
                ExprKind::Cast(inner) if self.cast_is_free(*inner, &expr.ty) => {
                    return self.value(*inner);
                }
                ExprKind::Try(_) | ExprKind::Unwrap { .. } => return self.found(id),
                ExprKind::Call { .. } => return self.call(id),
                ExprKind::Ask { method, .. } if method.operation.is_call() => {
                    return self.call(id);
                }
                _ => {}
            }
        }
        let size = self.size_of(id);
        let register = self.take(size);
        self.value_into(id, Destination::fresh(register));
        self.top = register + size;
        register
    }

    /// The registers of a value that is found rather than made.
    fn found(&mut self, id: ExprId) -> u32 {
        match self.place(id) {
            Place::Register(register) => register,
            place => {
                let (ty, at) = (self.ty(id), self.span(id));
                let register = self.take(self.size(ty));
                self.copy_place(ty, place, Place::Register(register), at);
                register
            }
        }
    }

    /// A value where it lies: in registers, or in memory if it lies there only.
    pub(super) fn held(&mut self, id: ExprId) -> Place {
        match self.in_memory(self.ty(id)) {
            true => self.checked_place(id),
            false => Place::Register(self.value(id)),
        }
    }

    /// Makes a value that later operands may not change: a local that they assign is copied.
    pub(super) fn operand(&mut self, id: ExprId, later: &[ExprId]) -> u32 {
        let before = self.top;
        let register = self.value(id);
        let size = self.size_of(id);
        let is_local = register < before && size > 0;
        if is_local && later.iter().any(|later| self.changes_locals(*later)) {
            let copy = self.take(size);
            let at = self.span(id);
            self.copy(register, copy, size, at);
            return copy;
        }
        register
    }

    /// Whether an expression assigns to a local that lies in registers.
    fn changes_locals(&self, id: ExprId) -> bool {
        self.body.any(id, &mut |expr| match expr.kind {
            ExprKind::Assign { place, .. } | ExprKind::AssignBinary { place, .. } => {
                owner(self.body, place).is_some()
            }
            _ => false,
        })
    }

    /// Makes a value for its effects only.
    pub(super) fn effect(&mut self, id: ExprId) {
        let Some(expr) = self.body.expr(id) else {
            return;
        };
        let top = self.top;
        match &expr.kind {
            ExprKind::If { .. } | ExprKind::Match { .. } | ExprKind::Block { .. }
                if matches!(expr.ty, Type::Unit | Type::Never) =>
            {
                self.value_into(id, Destination::fresh(top));
            }
            // Naming a place does nothing, but its indices are checked.
            ExprKind::Field { .. } | ExprKind::Index { .. } | ExprKind::Deref(_) => {
                self.checked_place(id);
            }
            ExprKind::Local(_) => {}
            _ if self.in_memory(&expr.ty) => {
                self.checked_place(id);
            }
            _ => {
                self.value(id);
            }
        }
        self.top = top;
    }

    /// Makes a value at a destination, which is written last unless it is fresh.
    pub(super) fn value_into(&mut self, id: ExprId, to: Destination) {
        let top = self.top;
        match to.place {
            Place::Register(register) => self.register_into(id, register, to.fresh),
            Place::Memory(spot) => self.make(id, spot, to.fresh),
        }
        self.top = top;
    }

    fn register_into(&mut self, id: ExprId, register: u32, fresh: bool) {
        let Some(expr) = self.body.expr(id) else {
            return;
        };
        let at = expr.at;
        let to = Destination {
            place: Place::Register(register),
            fresh,
        };
        if let Some(value) = expr.constant {
            return self.constant(register, value, at);
        }
        match &expr.kind {
            ExprKind::Literal(value) => self.constant(register, *value, at),
            ExprKind::Unknown | ExprKind::Unit | ExprKind::Door(_) => {}
            ExprKind::Constant(value) => self.whole_constant(&expr.ty, value, register, at),
            ExprKind::Rename(inner) => self.value_into(*inner, to),
            ExprKind::Local(_)
            | ExprKind::Field { .. }
            | ExprKind::Index { .. }
            | ExprKind::Deref(_)
            | ExprKind::Try(_)
            | ExprKind::Unwrap { .. } => {
                let from = self.place(id);
                self.copy_place(&expr.ty, from, to.place, at);
            }
            ExprKind::Borrow { place, mutable, .. } => {
                self.borrow_into(*place, *mutable, register, at);
            }
            ExprKind::Length(array) => {
                self.effect(*array);
                if let Type::Array(_, length) = self.ty(*array).peeled() {
                    self.constant(register, i128::from(*length), at);
                }
            }
            ExprKind::Cast(inner) => self.cast_into(*inner, &expr.ty, to, at),
            ExprKind::Negate(_) | ExprKind::Not(_) | ExprKind::Binary { .. } => {
                self.operation_into(id, register, fresh);
            }
            ExprKind::Logic { .. } | ExprKind::Let { .. } => self.truth_into(id, register),
            ExprKind::Intrinsic {
                intrinsic,
                arguments,
            } => {
                self.intrinsic_into(*intrinsic, arguments, &expr.ty, to, at);
            }
            ExprKind::Assign { .. } | ExprKind::AssignBinary { .. } => self.assign(id),
            ExprKind::Struct(fields) => self.struct_into(&expr.ty, fields, register, fresh, at),
            ExprKind::Variant { index, payload } => {
                self.variant_into(&expr.ty, *index, *payload, register, fresh, at);
            }
            ExprKind::Array(_) | ExprKind::Repeat { .. } => self.effect(id),
            ExprKind::Call { .. } => self.call_into(id, to),
            ExprKind::Ask { method, .. } if method.operation.is_call() => self.call_into(id, to),
            ExprKind::Ask {
                method, arguments, ..
            } => self.ask_into(method.operation, arguments, register, at),
            ExprKind::Log { pieces, arguments } => self.log(pieces, arguments, at),
            ExprKind::Panic(message) => self.panic(message, at),
            _ => self.control_into(id, to),
        }
    }

    /// Registers that may be written bit by bit: those wanted if they are fresh.
    pub(super) fn aside(&mut self, size: u32, register: u32, fresh: bool) -> u32 {
        match fresh {
            true => register,
            false => self.take(size),
        }
    }

    fn struct_into(
        &mut self,
        ty: &Type,
        fields: &[(usize, ExprId)],
        register: u32,
        fresh: bool,
        at: Span,
    ) {
        let size = self.size(ty);
        let aside = self.aside(size, register, fresh);
        for (number, value) in fields {
            let place = self.field(Place::Register(aside), ty, *number);
            self.value_into(*value, Destination { place, fresh: true });
        }
        self.copy(aside, register, size, at);
    }

    fn variant_into(
        &mut self,
        ty: &Type,
        index: u32,
        payload: Option<ExprId>,
        register: u32,
        fresh: bool,
        at: Span,
    ) {
        let mut used = 1;
        if let Some(payload) = payload {
            let place = Place::Register(register + 1);
            self.value_into(payload, Destination { place, fresh });
            used += self.size_of(payload);
            if *self.ty(payload) == Type::Never {
                return;
            }
        }
        self.constant(register, i128::from(index), at);
        // Room that is not used holds zeros, so that equal values are equal registers.
        self.zeros(register + used..register + self.size(ty), at);
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
        let ty = self.ty(place);
        if !self.in_memory(ty)
            && let Some(register) = self.register_place(place)
        {
            let place = Place::Register(register);
            return self.value_into(
                value,
                Destination {
                    place,
                    fresh: false,
                },
            );
        }
        if let Some(known) = self.constant_of(value)
            && let Place::Memory(to) = self.place(place)
        {
            if !self.set(ty, known, to) {
                let from = self.take(1);
                self.constant(from, known, self.span(value));
                self.store(ty, from, to, at);
            }
            return;
        }
        let from = match self.in_memory(ty) {
            false => Place::Register(self.operand(self.uncut(value, ty), &[place])),
            true if self.settled(value, place) => self.checked_place(value),
            true => {
                let spot = self.slot(ty, at);
                self.make(value, spot, true);
                Place::Memory(spot)
            }
        };
        let to = self.place(place);
        self.copy_place(ty, from, to, at);
    }

    /// What is cast, if storing it as `ty` cuts off what the cast would.
    fn uncut(&self, value: ExprId, ty: &Type) -> ExprId {
        let expr = self.body.expr(value);
        let (Some(ExprKind::Cast(inner)), Some(integer)) = (expr.map(|it| &it.kind), ty.integer())
        else {
            return value;
        };
        let wider = self.ty(*inner).integer();
        match wider.is_some_and(|wider| wider.bits() >= integer.bits()) {
            true => self.uncut(*inner, ty),
            false => value,
        }
    }

    /// Whether finding a place leaves a value alone that lies in memory.
    fn settled(&self, value: ExprId, place: ExprId) -> bool {
        let named = self.body.expr(value);
        let named = named.is_some_and(|expr| super::lent::names_memory(&expr.kind));
        !named
            || !self.body.any(place, &mut |expr| {
                matches!(
                    expr.kind,
                    ExprKind::Call { .. }
                        | ExprKind::Ask { .. }
                        | ExprKind::Assign { .. }
                        | ExprKind::AssignBinary { .. }
                        | ExprKind::Intrinsic { .. }
                )
            })
    }

    fn assign_binary(
        &mut self,
        operator: crate::tree::Operator,
        place: ExprId,
        value: ExprId,
        at: Span,
    ) {
        let ty = self.ty(place);
        let right = match self.constant_of(value) {
            Some(_) => 0,
            None => self.operand(value, &[place]),
        };
        match self.place(place) {
            Place::Register(register) => {
                self.operate(operator, ty, register, register, (value, right), at);
            }
            Place::Memory(spot) => {
                let left = self.take(1);
                self.load(ty, spot, left, at);
                self.operate(operator, ty, left, left, (value, right), at);
                self.store(ty, left, spot, at);
            }
        }
    }
}
