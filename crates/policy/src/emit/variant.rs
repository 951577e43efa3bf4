//! Methods of `Option` and `Result`.

use exo_core::cpu::Instr;

use super::function::{Destination, Emitter};
use super::place::Place;
use crate::diagnostic::Span;
use crate::tree::{ExprId, ExprKind, Intrinsic, payload_type};
use crate::types::Type;

impl Emitter<'_, '_> {
    pub(super) fn variant_method(
        &mut self,
        intrinsic: Intrinsic,
        value: ExprId,
        rest: &[ExprId],
        result: &Type,
        to: Destination,
        at: Span,
    ) {
        let ty = self.ty(value).peeled();
        match (intrinsic, to.place) {
            (Intrinsic::Tag | Intrinsic::NoTag, Place::Register(to)) => {
                let whole = self.tag_place(value);
                let tag = self.tag(whole, at);
                if intrinsic == Intrinsic::Tag {
                    return self.copy_one(tag, to, at);
                }
                let (to, from) = (self.name(to), self.name(tag));
                self.emit(Instr::NotBool { to, from }, at);
            }
            (Intrinsic::SomeOr | Intrinsic::OkOr, _) => {
                let whole = self.kept(value, rest);
                let other = rest.first().map(|other| self.held(*other));
                let tag = self.tag(whole, at);
                let payload = self.payload(whole, ty);
                let (keep, done) = (self.label(), self.label());
                self.jump_if(tag, intrinsic == Intrinsic::SomeOr, keep, at);
                if let Some(other) = other {
                    self.copy_place(result, other, to.place, at);
                }
                self.jump(done, at);
                self.place_label(keep);
                self.copy_place(result, payload, to.place, at);
                self.place_label(done);
            }
            (Intrinsic::Ok | Intrinsic::SomeOrErr, _) => {
                let whole = self.kept(value, rest);
                let other = rest.first().map(|other| self.held(*other));
                self.convert(ty, whole, other, result, to, at);
            }
            _ => {}
        }
    }

    /// A value of which only the tag is looked at, where it lies.
    fn tag_place(&mut self, value: ExprId) -> Place {
        match self.body.expr(value).map(|expr| &expr.kind) {
            Some(
                ExprKind::Local(_)
                | ExprKind::Field { .. }
                | ExprKind::Index { .. }
                | ExprKind::Deref(_),
            ) => self.checked_place(value),
            _ => self.held(value),
        }
    }

    /// A value that later operands do not change.
    fn kept(&mut self, value: ExprId, later: &[ExprId]) -> Place {
        match self.in_memory(self.ty(value)) {
            true => self.checked_place(value),
            false => Place::Register(self.operand(value, later)),
        }
    }

    /// `ok` and `ok_or`: the same value under other tags, or another one in its place.
    fn convert(
        &mut self,
        ty: &Type,
        whole: Place,
        other: Option<Place>,
        result: &Type,
        to: Destination,
        at: Span,
    ) {
        let is_option = matches!(ty, Type::Option(_));
        let kept = u32::from(is_option);
        let aside = match to.place {
            Place::Register(register) => {
                let size = self.size(result);
                Place::Register(self.aside(size, register, to.fresh))
            }
            Place::Memory(spot) if to.fresh => Place::Memory(spot),
            Place::Memory(_) => Place::Memory(self.slot(result, at)),
        };
        let (lost, done) = (self.label(), self.label());
        self.clear(result, aside, at);
        let tag = self.tag(whole, at);
        self.jump_if(tag, !is_option, lost, at);
        let inner = self.payload(aside, result);
        if let Some(value) = payload_type(ty, kept) {
            let from = self.payload(whole, ty);
            self.copy_place(value, from, inner, at);
        }
        self.set_tag(aside, u32::from(!is_option), at);
        self.jump(done, at);
        self.place_label(lost);
        if let (Some(other), Some(error)) = (other, payload_type(result, 1).filter(|_| is_option)) {
            self.copy_place(error, other, inner, at);
        }
        self.set_tag(aside, u32::from(is_option), at);
        self.place_label(done);
        if aside != to.place {
            self.copy_place(result, aside, to.place, at);
        }
    }

    fn clear(&mut self, ty: &Type, place: Place, at: Span) {
        match place {
            Place::Register(register) => self.zeros(register..register + self.size(ty), at),
            Place::Memory(spot) => self.zero_payload(ty, spot, at),
        }
    }

    fn set_tag(&mut self, place: Place, tag: u32, at: Span) {
        match place {
            Place::Register(register) => self.constant(register, i128::from(tag), at),
            Place::Memory(spot) => self.store_tag(tag, spot, at),
        }
    }
}
