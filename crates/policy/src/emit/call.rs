//! Calls: of functions, of the kernel, and of `log!`; and `?`, which mostly follows one.

use exo_core::cpu::{Instr, Message};

use super::function::{Destination, Emitter, Leaving};
use crate::diagnostic::Span;
use crate::prelude::Operation;
use crate::tree::{ExprId, ExprKind};
use crate::types::{Integer, Type};

impl Emitter<'_, '_> {
    /// Makes a call; its results begin at the register given, and are taken.
    pub(super) fn call(&mut self, id: ExprId) -> u32 {
        let Some(expr) = self.body.expr(id) else {
            return 0;
        };
        let first = self.top;
        let arguments = match &expr.kind {
            ExprKind::Call { arguments, .. } | ExprKind::Ask { arguments, .. } => arguments,
            _ => return first,
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
            _ => return first,
        };
        self.emit(instr, expr.at);
        self.top = first;
        let size = self.size_of(id);
        self.take(size)
    }

    /// Makes values in a row from the top on.
    fn arguments(&mut self, arguments: &[ExprId]) {
        for argument in arguments {
            let size = self.size_of(*argument);
            let register = self.take(size);
            self.value_into(
                *argument,
                Destination {
                    register,
                    fresh: true,
                },
            );
        }
    }

    pub(super) fn call_into(&mut self, id: ExprId, to: Destination) {
        let size = self.size_of(id);
        let top = self.top;
        // What lies on top anyway can be where the call puts its results.
        if to.fresh && to.register.saturating_add(size) == top {
            self.top = to.register;
        }
        let register = self.call(id);
        let at = self.span(id);
        self.copy(register, to.register, size, at);
        self.top = top;
    }

    pub(super) fn log(&mut self, pieces: &[String], arguments: &[ExprId], at: Span) {
        let signed = arguments
            .iter()
            .map(|argument| {
                let ty = self.body.expr(*argument).map(|expr| &expr.ty);
                ty.and_then(Type::integer).is_some_and(Integer::signed)
            })
            .collect();
        let first = self.top;
        self.arguments(arguments);
        let message = self.assembler.message(Message {
            pieces: pieces.to_vec(),
            signed,
        });
        let first = self.name(first);
        let count = u8::try_from(arguments.len()).unwrap_or(0);
        let instr = Instr::Log {
            message,
            first,
            count,
        };
        self.emit(instr, at);
    }

    /// `value?`: leaves the function with the error, or gives the register of the value.
    pub(super) fn attempt(&mut self, inner: ExprId, at: Span) -> u32 {
        let tag = self.value(inner);
        let Some(ty) = self.body.expr(inner).map(|expr| &expr.ty) else {
            return tag;
        };
        let label = self.label();
        let is_option = matches!(ty, Type::Option(_));
        let error_size = match ty {
            Type::Result(_, error) => self.size(error, at),
            _ => 0,
        };
        self.jump_if(tag, !is_option, label, at);
        self.leaving.push(Leaving {
            label,
            error: tag.saturating_add(1),
            error_size,
            is_option,
            at,
        });
        tag.saturating_add(1)
    }
}
