//! The calls under way: each has a window of registers and a place to go back to.

use alloc::vec::Vec;

use super::context::Trap;
use super::instr::Register;
use super::program::{Function, Program};
use crate::limits::{CALL_DEPTH_MAX, WINDOW_REGISTERS};

/// The registers that an instruction can name.
pub(super) type Window = [u64; WINDOW_REGISTERS];

/// Where a caller goes on when its callee returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CallFrame {
    pub(super) pc: u32,
    pub(super) base: u32,
    pub(super) registers: u16,
    pub(super) stack_frame: u32,
}

/// Windows of registers, and the callers that wait. Registers beyond the running function's window
/// mean nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Calls {
    pub(super) registers: Vec<u64>,
    pub(super) frames: Vec<CallFrame>,
    /// The first register of the running function's window.
    pub(super) base: u32,
    /// Registers of the running function.
    pub(super) window: u16,
    /// The first byte of the running function's stack frame.
    pub(super) stack_frame: u32,
}

impl Calls {
    /// Enters `function` as the only one, with `arguments` in its first registers; gives the place of
    /// its first instruction.
    ///
    /// # Errors
    /// [`Trap::BadCode`] if there is no such function or it has no room for the arguments.
    pub(super) fn enter(
        &mut self,
        program: &Program,
        function: u16,
        arguments: &[u64],
    ) -> Result<u32, Trap> {
        let target = target(program, function)?;
        let fresh = usize::from(target.registers).checked_sub(arguments.len());
        let fresh = fresh.ok_or(Trap::BadCode)?;
        self.leave();
        self.make_room();
        let (given, rest) = self.registers.split_at_mut(arguments.len());
        for (register, argument) in given.iter_mut().zip(arguments) {
            *register = *argument;
        }
        clear(rest.get_mut(..fresh).unwrap_or_default());
        self.window = target.registers;
        Ok(target.entry)
    }

    /// Nothing is live any more.
    pub(super) fn leave(&mut self) {
        self.frames.clear();
        (self.base, self.window, self.stack_frame) = (0, 0, 0);
    }

    /// The running function's registers, and what lies behind them.
    #[inline(always)]
    pub(super) fn window(&mut self) -> Option<&mut Window> {
        self.registers
            .get_mut(self.base as usize..)?
            .first_chunk_mut::<WINDOW_REGISTERS>()
    }

    /// Enters a function from the call instruction at `pc`, with `stack_bytes` of locals in use;
    /// gives the place of its first instruction. The caller goes on behind its instruction.
    ///
    /// # Errors
    /// [`Trap::CallDepth`], or [`Trap::BadCode`] if there is no such function; nothing has happened.
    #[inline]
    pub(super) fn call(
        &mut self,
        program: &Program,
        pc: u32,
        (function, first): (u16, Register),
        stack_bytes: usize,
    ) -> Result<u32, Trap> {
        let target = target(program, function)?;
        let arguments = usize::from(target.arguments);
        if arguments > usize::from(target.registers) {
            return Err(Trap::BadCode);
        }
        if self.frames.len() >= CALL_DEPTH_MAX {
            return Err(Trap::CallDepth);
        }
        self.frames.push(CallFrame {
            pc: pc + 1,
            base: self.base,
            registers: self.window,
            stack_frame: self.stack_frame,
        });
        self.base += u32::from(first);
        (self.window, self.stack_frame) = (target.registers, stack_bytes as u32);
        self.make_room();
        let base = self.base as usize;
        let fresh = base + arguments..base + usize::from(target.registers);
        clear(self.registers.get_mut(fresh).unwrap_or_default());
        Ok(target.entry)
    }

    /// Hands results to the caller, and gives the place where it goes on; none if there is no caller.
    #[inline]
    pub(super) fn give_back(&mut self, first: Register, count: u8) -> Option<u32> {
        if let Some(w) = self.window() {
            for result in 0..usize::from(count) {
                // Results go down, so none is overwritten before it has moved.
                let value = w.get(usize::from(first) + result).copied();
                if let (Some(place), Some(value)) = (w.get_mut(result), value) {
                    *place = value;
                }
            }
        }
        let caller = self.frames.pop()?;
        (self.base, self.window) = (caller.base, caller.registers);
        self.stack_frame = caller.stack_frame;
        Some(caller.pc)
    }

    /// Registers that mean something.
    pub(super) fn live(&self) -> &[u64] {
        let end = self.base as usize + usize::from(self.window);
        self.registers.get(..end).unwrap_or(&[])
    }

    /// There are as many registers as any function can name.
    #[inline(always)]
    fn make_room(&mut self) {
        let wanted = self.base as usize + WINDOW_REGISTERS;
        if self.registers.len() < wanted {
            self.registers.resize(wanted, 0);
        }
    }
}

/// A function, if its registers fit a window.
#[inline(always)]
fn target(program: &Program, function: u16) -> Result<&Function, Trap> {
    let target = program.functions.get(usize::from(function));
    target
        .filter(|target| usize::from(target.registers) <= WINDOW_REGISTERS)
        .ok_or(Trap::BadCode)
}

/// Makes registers zero. A few at a time: there are never many, and in Wasm a fill of any length is a
/// call out of the module.
#[inline(always)]
fn clear(registers: &mut [u64]) {
    let (fours, rest) = registers.as_chunks_mut::<4>();
    for four in fours {
        *four = [0; 4];
    }
    for register in rest {
        *register = 0;
    }
}
