//! Calls: of functions, of the kernel, and of `log!`; and `?`, which mostly follows one.

use exo_core::cpu::{Instr, Message, Shown};

use super::function::{Destination, Emitter, Leaving};
use super::place::{Place, Spot};
use crate::diagnostic::Span;
use crate::prelude::Operation;
use crate::tree::{ExprId, ExprKind};
use crate::types::Type;

impl Emitter<'_, '_> {
    /// Makes a call; its results begin at the register given, and are taken.
    pub(super) fn call(&mut self, id: ExprId) -> u32 {
        let first = self.top;
        self.call_from(id, first);
        self.top = first;
        let size = self.size_of(id);
        self.take(size)
    }

    /// Makes a call whose result lies in memory only, at a spot.
    pub(super) fn call_at(&mut self, id: ExprId, spot: Spot) {
        let (first, at) = (self.top, self.span(id));
        let address = self.take(1);
        self.address_into(spot, address, at);
        self.call_from(id, first);
        self.top = first;
    }

    /// Makes the arguments, on top, and the call.
    fn call_from(&mut self, id: ExprId, first: u32) {
        let Some(expr) = self.body.expr(id) else {
            return;
        };
        let arguments = match &expr.kind {
            ExprKind::Call { arguments, .. } | ExprKind::Ask { arguments, .. } => arguments,
            _ => return,
        };
        self.arguments(arguments);
        let name = self.name(first);
        let instr = match &expr.kind {
            ExprKind::Call { function, .. } => Instr::Call {
                function: self.assembler.number(*function),
                first: name,
            },
            ExprKind::Ask { method, .. } => match method.operation {
                Operation::System(call) => Instr::Syscall {
                    call: call as u8,
                    first: name,
                },
                _ => Instr::LibosCall { first: name },
            },
            _ => return,
        };
        self.emit(instr, expr.at);
    }

    /// Makes values in a row from the top on.
    fn arguments(&mut self, arguments: &[ExprId]) {
        for argument in arguments {
            let ty = self.ty(*argument);
            let register = self.take(self.argument_size(ty));
            if !self.in_memory(ty) {
                self.value_into(*argument, Destination::fresh(register));
                continue;
            }
            // The function may change what it is given: it gets a copy.
            let at = self.span(*argument);
            let spot = self.slot(ty, at);
            let place = Place::Memory(spot);
            self.value_into(*argument, Destination { place, fresh: true });
            self.address_into(spot, register, at);
        }
    }

    pub(super) fn call_into(&mut self, id: ExprId, to: Destination) {
        let Place::Register(wanted) = to.place else {
            return;
        };
        let size = self.size_of(id);
        let top = self.top;
        // What lies on top anyway can be where the call puts its results.
        if to.fresh && wanted.saturating_add(size) == top {
            self.top = wanted;
        }
        let register = self.call(id);
        let at = self.span(id);
        self.copy(register, wanted, size, at);
        self.top = top;
    }

    pub(super) fn log(&mut self, pieces: &[String], arguments: &[ExprId], at: Span) {
        let shown = arguments
            .iter()
            .map(|argument| match self.ty(*argument) {
                Type::Bool => Shown::Truth,
                Type::Integer(integer) if integer.signed() => Shown::Signed,
                _ => Shown::Unsigned,
            })
            .collect();
        let first = self.top;
        self.arguments(arguments);
        let message = self.assembler.message(Message {
            pieces: pieces.to_vec(),
            shown,
        });
        // A line without values names no register; any that the function has will do.
        let first = match arguments.is_empty() {
            true => 0,
            false => self.name(first),
        };
        let count = u8::try_from(arguments.len()).unwrap_or(0);
        let instr = Instr::Log {
            message,
            first,
            count,
        };
        self.emit(instr, at);
    }

    /// Gives up with a message.
    pub(super) fn panic(&mut self, text: &str, at: Span) {
        let message = self.assembler.message(Message {
            pieces: vec![text.to_string()],
            shown: Vec::new(),
        });
        self.emit(Instr::Panic { message }, at);
    }

    /// `value?`: leaves the function with the error, or gives where the value lies.
    pub(super) fn attempt(&mut self, inner: ExprId, at: Span) -> Place {
        let whole = self.held(inner);
        let ty = self.ty(inner);
        let label = self.label();
        let is_option = matches!(ty, Type::Option(_));
        let top = self.top;
        let tag = self.tag(whole, at);
        self.jump_if(tag, !is_option, label, at);
        self.top = top;
        self.leaving.push(Leaving {
            label,
            whole,
            ty: ty.clone(),
            at,
        });
        self.payload(whole, ty)
    }

    /// Leaves with the error, or with `None`.
    pub(super) fn leave(&mut self, leaving: &Leaving) {
        let (at, result) = (leaving.at, self.result);
        self.place_label(leaving.label);
        let is_option = matches!(leaving.ty, Type::Option(_));
        let size = self.size(result);
        let error = match &leaving.ty {
            Type::Result(_, error) => Some(&**error),
            _ => None,
        };
        if self.in_memory(result) {
            let spot = Spot::at(0);
            self.zero_payload(result, spot, at);
            if let Some(error) = error {
                let from = self.payload(leaving.whole, &leaving.ty);
                let to = self.payload(Place::Memory(spot), result);
                self.copy_place(error, from, to, at);
            }
            self.store_tag(u32::from(!is_option), spot, at);
            return self.give_back(0, 0, at);
        }
        // Behind an error or `None` there are zeros, as many as the value would take.
        if let Place::Register(first) = leaving.whole
            && self.size(&leaving.ty) >= size
        {
            return self.give_back(first, size, at);
        }
        let mut used = 1;
        if let Some(error) = error {
            let from = self.payload(leaving.whole, &leaving.ty);
            self.copy_place(error, from, Place::Register(1), at);
            used += self.size(error);
        }
        self.constant(0, i128::from(!is_option), at);
        self.zeros(used..size, at);
        self.give_back(0, size, at);
    }

    /// Returns with results that begin at a register.
    pub(super) fn give_back(&mut self, first: u32, count: u32, at: Span) {
        let first = if count == 0 { 0 } else { first };
        let (first, count) = (self.name(first), u8::try_from(count).unwrap_or(u8::MAX));
        self.emit(Instr::Return { first, count }, at);
    }
}
