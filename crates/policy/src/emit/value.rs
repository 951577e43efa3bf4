//! Values: made wherever they come to lie, or where they are wanted.

use super::function::{Destination, Emitter};
use crate::diagnostic::Span;
use crate::tree::{ExprId, ExprKind, LocalId, Value};
use crate::types::Type;

impl Emitter<'_, '_> {
    /// Makes a value and gives the register where it begins: that of a local, or new ones on top.
    pub(super) fn value(&mut self, id: ExprId) -> u32 {
        let Some(expr) = self.body.expr(id) else {
            return 0;
        };
        if expr.constant.is_none() {
            match &expr.kind {
                ExprKind::Local(local) => return self.home(*local),
                ExprKind::Rename(inner) => return self.value(*inner),
                ExprKind::Cast(inner) if self.cast_is_free(*inner, &expr.ty) => {
                    return self.value(*inner);
                }
                ExprKind::Field { .. } => {
                    if let Some(register) = self.register_place(id) {
                        return register;
                    }
                }
                ExprKind::Try(inner) => return self.attempt(*inner, expr.at),
                ExprKind::Call { .. } => return self.call(id),
                ExprKind::Ask { method, .. } if method.operation.is_call() => {
                    return self.call(id);
                }
                _ => {}
            }
        }
        let register = self.take_for(id);
        self.value_into(
            id,
            Destination {
                register,
                fresh: true,
            },
        );
        self.top = register + self.size_of(id);
        register
    }

    fn take_for(&mut self, id: ExprId) -> u32 {
        let size = self.size_of(id);
        self.take(size)
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

    /// Whether an expression assigns to a local.
    fn changes_locals(&self, id: ExprId) -> bool {
        self.body.any(id, &mut |expr| match expr.kind {
            ExprKind::Assign { place, .. } | ExprKind::AssignBinary { place, .. } => {
                self.local_of(place).is_some()
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
                let register = self.top;
                self.value_into(
                    id,
                    Destination {
                        register,
                        fresh: true,
                    },
                );
            }
            // Naming a place does nothing, but its indices are checked.
            ExprKind::Field { .. } | ExprKind::Index { .. } | ExprKind::Deref(_) => {
                self.place(id);
            }
            ExprKind::Local(_) => {}
            _ => {
                self.value(id);
            }
        }
        self.top = top;
    }

    /// Makes a value at a destination, which is written last.
    pub(super) fn value_into(&mut self, id: ExprId, to: Destination) {
        let Some(expr) = self.body.expr(id) else {
            return;
        };
        let at = expr.at;
        if let Some(value) = expr.constant {
            return self.constant(to.register, value, at);
        }
        let top = self.top;
        match &expr.kind {
            ExprKind::Literal(value) => self.constant(to.register, *value, at),
            ExprKind::Unknown | ExprKind::Unit | ExprKind::Door(_) => {}
            ExprKind::Constant(value) => self.whole_constant(&expr.ty, value, to.register, at),
            ExprKind::Local(_) | ExprKind::Rename(_) => self.copy_into(id, to),
            ExprKind::Field { .. } | ExprKind::Index { .. } | ExprKind::Deref(_) => {
                self.load_place(id, to);
            }
            ExprKind::Borrow { place, .. } => self.address_into(*place, to.register, at),
            ExprKind::Cast(inner) => self.cast_into(*inner, &expr.ty, to, at),
            ExprKind::Negate(_) | ExprKind::Not(_) | ExprKind::Binary { .. } => {
                self.operation_into(id, to);
            }
            ExprKind::Logic { .. } | ExprKind::Let { .. } => self.truth_into(id, to),
            ExprKind::Intrinsic {
                intrinsic,
                arguments,
            } => {
                self.intrinsic_into(*intrinsic, arguments, &expr.ty, to, at);
            }
            ExprKind::Assign { .. } | ExprKind::AssignBinary { .. } => self.assign(id),
            ExprKind::Struct(fields) => self.struct_into(&expr.ty, fields, to, at),
            ExprKind::Variant { index, payload } => {
                self.variant_into(&expr.ty, *index, *payload, to, at);
            }
            // Arrays are refused by their size.
            ExprKind::Array(_) | ExprKind::Repeat { .. } => {
                self.size_of(id);
            }
            ExprKind::Try(inner) => {
                let register = self.attempt(*inner, at);
                let size = self.size_of(id);
                self.copy(register, to.register, size, at);
            }
            ExprKind::Call { .. } => self.call_into(id, to),
            ExprKind::Ask { method, .. } if method.operation.is_call() => self.call_into(id, to),
            ExprKind::Ask {
                method, arguments, ..
            } => self.ask_into(method.operation, arguments, to, at),
            ExprKind::Log { pieces, arguments } => self.log(pieces, arguments, at),
            _ => self.control_into(id, to),
        }
        self.top = top;
    }

    fn copy_into(&mut self, id: ExprId, to: Destination) {
        let register = self.value(id);
        let size = self.size_of(id);
        let at = self.span(id);
        self.copy(register, to.register, size, at);
    }

    fn whole_constant(&mut self, ty: &Type, value: &Value, to: u32, at: Span) {
        let size = self.size(ty, at);
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
                    used += self.size(ty, at);
                }
                self.constant(to, i128::from(*index), at);
                (used..size).for_each(|slot| self.constant(to + slot, 0, at));
            }
            (_, Value::Scalar(value)) => self.constant(to, *value, at),
            _ => {}
        }
    }

    /// A destination that may be written bit by bit: the one wanted if that is fresh.
    pub(super) fn aside(&mut self, size: u32, to: Destination) -> Destination {
        if to.fresh {
            return to;
        }
        Destination {
            register: self.take(size),
            fresh: true,
        }
    }

    fn struct_into(&mut self, ty: &Type, fields: &[(usize, ExprId)], to: Destination, at: Span) {
        let Type::Struct(named) = ty else { return };
        let Some(layout) = self.context.struct_layout(named) else {
            return;
        };
        let size = self.size(ty, at);
        let aside = self.aside(size, to);
        for (number, value) in fields {
            let slot = layout.slots.get(*number).copied().unwrap_or(0);
            let register = aside.register.saturating_add(slot);
            self.value_into(
                *value,
                Destination {
                    register,
                    fresh: true,
                },
            );
        }
        self.copy(aside.register, to.register, size, at);
    }

    fn variant_into(
        &mut self,
        ty: &Type,
        index: u32,
        payload: Option<ExprId>,
        to: Destination,
        at: Span,
    ) {
        let size = self.size(ty, at);
        let mut used = 1;
        if let Some(payload) = payload {
            let register = to.register + 1;
            let fresh = to.fresh;
            self.value_into(payload, Destination { register, fresh });
            used += self.size_of(payload);
            if self
                .body
                .expr(payload)
                .is_some_and(|expr| expr.ty == Type::Never)
            {
                return;
            }
        }
        self.constant(to.register, i128::from(index), at);
        // Room that is not used holds zeros, so that equal values are equal registers.
        (used..size).for_each(|slot| self.constant(to.register + slot, 0, at));
    }

    /// The local that an expression names a part of, if it lies in registers.
    pub(super) fn local_of(&self, id: ExprId) -> Option<LocalId> {
        let mut at = id;
        loop {
            let expr = self.body.expr(at)?;
            match &expr.kind {
                ExprKind::Local(local) => {
                    let by_reference = matches!(expr.ty, Type::Reference { .. });
                    return (!by_reference).then_some(*local);
                }
                ExprKind::Field { base, .. } => at = *base,
                _ => return None,
            }
        }
    }
}

/// The type of a variant's payload.
pub(super) fn payload_type(ty: &Type, index: u32) -> Option<&Type> {
    match (ty, index) {
        (Type::Option(payload), 1) | (Type::Result(payload, _), 0) => Some(payload),
        (Type::Result(_, error), 1) => Some(error),
        _ => None,
    }
}
