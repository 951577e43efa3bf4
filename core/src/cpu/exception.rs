//! Exceptions: traps of an application that its libOS may answer, instead of being its end (A28).

use super::context::{Context, Trap};
use super::instr::{Instr, Register};
use super::program::Program;

/// What the hardware could not do. The number is what a libOS sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ExceptionKind {
    /// A load or store whose address is no multiple of its size.
    Unaligned = 0,
    /// A result that does not fit its type, or a shift by all bits or more.
    Overflow = 1,
    /// A division or remainder by zero.
    DivideByZero = 2,
    /// An instruction of the coprocessor, which is off.
    Coprocessor = 3,
}

/// An instruction of an application that could not be completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Why.
    pub kind: ExceptionKind,
    /// The instruction, by its place in the program.
    pub instruction: u32,
    /// The address of an unaligned load or store, 0 otherwise.
    pub address: u32,
    /// What was to be stored, or what the coprocessor was given; 0 otherwise.
    pub value: u64,
}

impl Context {
    /// The exception that `trap` is at the current place; none if it is no matter of the hardware:
    /// those of the program's own making, its fuel and its limits are not passed up.
    pub fn exception(&self, program: &Program, trap: Trap) -> Option<Exception> {
        let (kind, address) = match trap {
            Trap::Unaligned { address } => (ExceptionKind::Unaligned, address),
            Trap::Overflow | Trap::ShiftOverflow => (ExceptionKind::Overflow, 0),
            Trap::DivideByZero => (ExceptionKind::DivideByZero, 0),
            Trap::CoprocessorOff => (ExceptionKind::Coprocessor, 0),
            _ => return None,
        };
        let value = match program.code.get(self.pc as usize) {
            Some(Instr::MemStore { from, .. } | Instr::SquareRoot { from, .. }) => {
                self.register(*from)
            }
            _ => 0,
        };
        Some(Exception {
            kind,
            instruction: self.pc,
            address,
            value,
        })
    }

    /// Goes on behind the instruction at the current place as if it had given `value`. One that
    /// gives nothing, such as a store, is passed over.
    pub fn skip(&mut self, program: &Program, value: u64) {
        let instr = program.code.get(self.pc as usize).copied();
        if let Some(to) = instr.and_then(result) {
            self.set_register(to, value);
        }
        self.pc += 1;
        self.bulk = 0;
    }
}

/// The register that an instruction which can except would write.
fn result(instr: Instr) -> Option<Register> {
    match instr {
        Instr::AddU { to, .. }
        | Instr::SubU { to, .. }
        | Instr::MulU { to, .. }
        | Instr::DivU { to, .. }
        | Instr::RemU { to, .. }
        | Instr::AddS { to, .. }
        | Instr::SubS { to, .. }
        | Instr::MulS { to, .. }
        | Instr::DivS { to, .. }
        | Instr::RemS { to, .. }
        | Instr::AddImmediateU { to, .. }
        | Instr::AddImmediateS { to, .. }
        | Instr::ShlU { to, .. }
        | Instr::ShlS { to, .. }
        | Instr::ShrU { to, .. }
        | Instr::ShrS { to, .. }
        | Instr::Neg { to, .. }
        | Instr::MemLoad { to, .. }
        | Instr::SquareRoot { to, .. } => Some(to),
        _ => None,
    }
}
