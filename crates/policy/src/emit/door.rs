//! What doors do in one instruction: memory, packets, replies.

use exo_core::cpu::Instr;

use super::function::Emitter;
use crate::diagnostic::Span;
use crate::prelude::Operation;
use crate::tree::ExprId;

impl Emitter<'_, '_> {
    /// Makes the value of an operation that is no call.
    pub(super) fn ask_into(
        &mut self,
        operation: Operation,
        arguments: &[ExprId],
        to: u32,
        at: Span,
    ) {
        let mut operands = [0; 2];
        for (place, argument) in arguments.iter().enumerate() {
            let later = arguments.get(place + 1..).unwrap_or(&[]);
            let register = self.operand(*argument, later);
            if let Some(operand) = operands.get_mut(place) {
                *operand = self.name(register);
            }
        }
        let [first, second] = operands;
        let to = self.name(to);
        let instr = match operation {
            Operation::MemoryLoad(bytes) => Instr::MemLoad {
                to,
                address: first,
                bits: bits(bytes),
            },
            Operation::MemoryStore(bytes) => Instr::MemStore {
                from: second,
                address: first,
                bits: bits(bytes),
            },
            Operation::SquareRoot => Instr::SquareRoot { to, from: first },
            Operation::Length => Instr::PacketLength { to },
            Operation::Read(bytes) => Instr::PacketLoad {
                to,
                at: first,
                bits: bits(bytes),
            },
            Operation::ReplyStore(bytes) => Instr::ReplyStore {
                from: second,
                at: first,
                bits: bits(bytes),
            },
            Operation::ReplySend => Instr::ReplySend { length: first },
            // These are calls.
            Operation::System(_) | Operation::Request => return,
        };
        self.emit(instr, at);
    }
}

fn bits(bytes: u8) -> u8 {
    bytes.saturating_mul(8)
}
