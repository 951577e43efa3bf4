//! The interpreter: one flat loop, no allocation but for a deeper call, no event.

use super::context::{Context, Exit, Trap};
use super::instr::{Instr, Register};
use super::program::Program;
use crate::hw::State;
use crate::limits::WINDOW_REGISTERS;

type Window = [u64; WINDOW_REGISTERS];

impl Context {
    /// Runs until `budget` instructions are completed or there is another reason to stop. Returns
    /// how many were completed; a system call, a log line and a return count, a trap does not.
    pub fn run(&mut self, program: &Program, state: &mut State<'_>, budget: u64) -> (u64, Exit) {
        let mut left = budget;
        let exit = loop {
            if left == 0 {
                break Exit::Budget;
            }
            match self.straight(program, state, &mut left) {
                Flow::Exit(exit) => break exit,
                Flow::Call { function, first } => {
                    if let Err(trap) = self.call(program, function, first) {
                        break Exit::Trap(trap);
                    }
                    left -= 1;
                }
                Flow::Return => {
                    left -= 1;
                    match self.frames.pop() {
                        Some(caller) => {
                            (self.pc, self.base, self.window) =
                                (caller.pc, caller.base, caller.registers);
                        }
                        None => break Exit::Returned,
                    }
                }
            }
        };
        let completed = budget - left;
        self.fuel_used += completed;
        (completed, exit)
    }

    /// Enters a function; the caller goes on behind the call instruction.
    fn call(&mut self, program: &Program, function: u16, first: Register) -> Result<(), Trap> {
        let target = program
            .functions
            .get(usize::from(function))
            .ok_or(Trap::BadCode)?;
        let window = usize::from(target.registers);
        let arguments = usize::from(target.arguments);
        if window > WINDOW_REGISTERS || arguments > window {
            return Err(Trap::BadCode);
        }
        self.pc += 1;
        if let Err(trap) = self.push() {
            self.pc -= 1;
            return Err(trap);
        }
        self.base += u32::from(first);
        let base = self.base as usize;
        if self.registers.len() < base + WINDOW_REGISTERS {
            self.registers.resize(base + WINDOW_REGISTERS, 0);
        }
        if let Some(fresh) = self.registers.get_mut(base + arguments..base + window) {
            fresh.fill(0);
        }
        (self.pc, self.window) = (target.entry, target.registers);
        Ok(())
    }

    /// Runs instructions of one window until it changes or there is a reason to stop.
    fn straight(&mut self, program: &Program, state: &mut State<'_>, left: &mut u64) -> Flow {
        let base = self.base as usize;
        let Some(window) = self
            .registers
            .get_mut(base..)
            .and_then(|tail| tail.first_chunk_mut::<WINDOW_REGISTERS>())
        else {
            return Flow::Exit(Exit::Trap(Trap::BadCode));
        };
        let mut pc = self.pc as usize;
        let mut budget = *left;
        let flow = loop {
            if budget == 0 {
                break Flow::Exit(Exit::Budget);
            }
            let Some(instr) = program.code.get(pc) else {
                break Flow::Exit(Exit::Trap(Trap::BadCode));
            };
            match *instr {
                Instr::Jump { target } => pc = target as usize,
                Instr::JumpIf { when, target } => {
                    pc = if window[usize::from(when)] != 0 {
                        target as usize
                    } else {
                        pc + 1
                    };
                }
                Instr::JumpIfNot { when, target } => {
                    pc = if window[usize::from(when)] == 0 {
                        target as usize
                    } else {
                        pc + 1
                    };
                }
                Instr::Call { function, first } => break Flow::Call { function, first },
                Instr::Return => break Flow::Return,
                Instr::Syscall { call, first } => {
                    (pc, budget) = (pc + 1, budget - 1);
                    break Flow::Exit(Exit::Syscall { call, first });
                }
                Instr::Log {
                    message,
                    first,
                    count,
                } => {
                    (pc, budget) = (pc + 1, budget - 1);
                    break Flow::Exit(Exit::Log {
                        message,
                        first,
                        count,
                    });
                }
                other => match compute(other, window, program, state) {
                    Ok(()) => pc += 1,
                    Err(trap) => break Flow::Exit(Exit::Trap(trap)),
                },
            }
            budget -= 1;
        };
        self.pc = pc as u32;
        *left = budget;
        flow
    }
}

/// Why the straight run of one window ended.
enum Flow {
    Exit(Exit),
    Call { function: u16, first: Register },
    Return,
}

/// Every instruction that only reads and writes registers and state.
#[inline(always)]
fn compute(
    instr: Instr,
    w: &mut Window,
    program: &Program,
    state: &mut State<'_>,
) -> Result<(), Trap> {
    let (to, value) = match instr {
        Instr::Const { to, value } => (to, i64::from(value) as u64),
        Instr::ConstWide { to, index } => (
            to,
            *program
                .constants
                .get(usize::from(index))
                .ok_or(Trap::BadCode)?,
        ),
        Instr::Move { to, from } => (to, w[usize::from(from)]),
        Instr::Eq { to, left, right } => {
            (to, u64::from(w[usize::from(left)] == w[usize::from(right)]))
        }
        Instr::Ne { to, left, right } => {
            (to, u64::from(w[usize::from(left)] != w[usize::from(right)]))
        }
        Instr::LtU { to, left, right } => {
            (to, u64::from(w[usize::from(left)] < w[usize::from(right)]))
        }
        Instr::LeU { to, left, right } => {
            (to, u64::from(w[usize::from(left)] <= w[usize::from(right)]))
        }
        Instr::Element {
            to,
            base,
            index,
            shape,
        } => {
            let shape = program
                .shapes
                .get(usize::from(shape))
                .ok_or(Trap::BadCode)?;
            let index = w[usize::from(index)];
            if index >= u64::from(shape.length) {
                return Err(Trap::IndexOutOfBounds {
                    index,
                    length: shape.length,
                });
            }
            (
                to,
                w[usize::from(base)].wrapping_add(index.wrapping_mul(u64::from(shape.size_bytes))),
            )
        }
        Instr::Address { to, base, offset } => (to, address(w, base, offset)),
        Instr::LoadU8 { to, base, offset } => (
            to,
            u64::from(u8::from_le_bytes(load(state, address(w, base, offset))?)),
        ),
        Instr::LoadU16 { to, base, offset } => (
            to,
            u64::from(u16::from_le_bytes(load(state, address(w, base, offset))?)),
        ),
        Instr::LoadU32 { to, base, offset } => (
            to,
            u64::from(u32::from_le_bytes(load(state, address(w, base, offset))?)),
        ),
        Instr::LoadI32 { to, base, offset } => (
            to,
            i64::from(i32::from_le_bytes(load(state, address(w, base, offset))?)) as u64,
        ),
        Instr::Load64 { to, base, offset } => (
            to,
            u64::from_le_bytes(load(state, address(w, base, offset))?),
        ),
        Instr::Store8 { from, base, offset } => {
            return store(
                state,
                address(w, base, offset),
                (w[usize::from(from)] as u8).to_le_bytes(),
            );
        }
        Instr::Store16 { from, base, offset } => {
            return store(
                state,
                address(w, base, offset),
                (w[usize::from(from)] as u16).to_le_bytes(),
            );
        }
        Instr::Store32 { from, base, offset } => {
            return store(
                state,
                address(w, base, offset),
                (w[usize::from(from)] as u32).to_le_bytes(),
            );
        }
        Instr::Store64 { from, base, offset } => {
            return store(
                state,
                address(w, base, offset),
                w[usize::from(from)].to_le_bytes(),
            );
        }
        other => return super::arithmetic::compute(other, w),
    };
    w[usize::from(to)] = value;
    Ok(())
}

#[inline(always)]
fn address(w: &Window, base: Register, offset: u32) -> u64 {
    w[usize::from(base)].wrapping_add(u64::from(offset))
}

#[inline(always)]
fn load<const N: usize>(state: &State<'_>, address: u64) -> Result<[u8; N], Trap> {
    state.load(address).ok_or(Trap::BadAddress)
}

#[inline(always)]
fn store<const N: usize>(state: &mut State<'_>, address: u64, bytes: [u8; N]) -> Result<(), Trap> {
    state.store(address, bytes).ok_or(Trap::BadAddress)
}
