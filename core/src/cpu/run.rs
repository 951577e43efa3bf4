//! The interpreter: one flat loop, no allocation but for a deeper call, no event.

use super::bulk::{self, Progress};
use super::bus::Bus;
use super::context::{Context, Exit, Reference, Trap};
use super::instr::{Instr, Register};
use super::packet;
use super::program::Program;
use super::stack::Reach;
use super::straight::compute;
use crate::hw::State;
use crate::limits::WINDOW_REGISTERS;

type Window = [u64; WINDOW_REGISTERS];

impl Context {
    /// Runs until `budget` units are completed or there is another reason to stop. Returns how many
    /// were completed; a system call, a log line and a return count, a trap and a reference that
    /// the bus did not serve do not.
    pub fn run<B: Bus>(
        &mut self,
        program: &Program,
        state: &mut State<'_>,
        bus: &mut B,
        budget: u64,
    ) -> (u64, Exit) {
        let mut left = budget;
        let exit = loop {
            if left == 0 {
                break Exit::Budget;
            }
            match self.straight(program, state, bus, &mut left) {
                Flow::Exit(exit) => break exit,
                Flow::Call { function, first } => {
                    if let Err(trap) = self.call(program, function, first) {
                        break Exit::Trap(trap);
                    }
                    left -= 1;
                }
                Flow::Return { first, count } => {
                    left -= 1;
                    if self.give_back(first, count) {
                        break Exit::Returned;
                    }
                }
            }
        };
        let completed = budget - left;
        self.fuel_used += completed;
        (completed, exit)
    }

    /// Hands results to the caller, which goes on. True if there is none.
    fn give_back(&mut self, first: Register, count: u8) -> bool {
        let base = self.base as usize;
        let from = base + usize::from(first);
        let to = from + usize::from(count);
        if first > 0 && to <= self.registers.len() {
            self.registers.copy_within(from..to, base);
        }
        let Some(caller) = self.frames.pop() else {
            return true;
        };
        self.stack.truncate(self.stack_frame as usize);
        (self.pc, self.base, self.window) = (caller.pc, caller.base, caller.registers);
        self.stack_frame = caller.stack_frame;
        false
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
    fn straight<B: Bus>(
        &mut self,
        program: &Program,
        state: &mut State<'_>,
        bus: &mut B,
        left: &mut u64,
    ) -> Flow {
        let base = self.base as usize;
        let Some(w) = self
            .registers
            .get_mut(base..)
            .and_then(|tail| tail.first_chunk_mut::<WINDOW_REGISTERS>())
        else {
            return Flow::Exit(Exit::Trap(Trap::BadCode));
        };
        let mut reach = Reach {
            state,
            stack: &mut self.stack,
            frame: self.stack_frame,
        };
        let mut pc = self.pc as usize;
        let mut budget = *left;
        let flow = loop {
            if budget == 0 {
                break Flow::Exit(Exit::Budget);
            }
            let Some(instr) = program.code.get(pc).copied() else {
                break Flow::Exit(Exit::Trap(Trap::BadCode));
            };
            match branch(instr, w, pc) {
                Some(next) => pc = next,
                None => match compute(instr, w, program, &mut reach) {
                    Ok(true) => pc += 1,
                    Ok(false) => match rare(
                        instr,
                        w,
                        program,
                        &mut reach,
                        bus,
                        &mut self.bulk,
                        &mut budget,
                    ) {
                        Rare::Next => pc += 1,
                        Rare::Bulk => {
                            pc += 1;
                            continue;
                        }
                        Rare::Exit(flow) => break flow,
                        Rare::Completed(exit) => {
                            (pc, budget) = (pc + 1, budget - 1);
                            break Flow::Exit(exit);
                        }
                    },
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
    Return { first: Register, count: u8 },
}

/// What became of an instruction that is neither a jump nor mere computing.
enum Rare {
    /// It is complete.
    Next,
    /// It is complete, and has paid for itself.
    Bulk,
    /// It is not complete, or the window changes.
    Exit(Flow),
    /// It is complete, and a reason to stop.
    Completed(Exit),
}

/// Where a jump goes on; none for any other instruction.
#[inline(always)]
fn branch(instr: Instr, w: &Window, pc: usize) -> Option<usize> {
    let of = |register: Register| w[usize::from(register)];
    let (taken, target) = match instr {
        Instr::Jump { target } => (true, target),
        Instr::JumpIf { when, target } => (of(when) != 0, target),
        Instr::JumpIfNot { when, target } => (of(when) == 0, target),
        Instr::JumpEq {
            left,
            right,
            target,
        } => (of(left) == of(right), target),
        Instr::JumpNe {
            left,
            right,
            target,
        } => (of(left) != of(right), target),
        Instr::JumpLtU {
            left,
            right,
            target,
        } => (of(left) < of(right), target),
        Instr::JumpLeU {
            left,
            right,
            target,
        } => (of(left) <= of(right), target),
        Instr::JumpLtS {
            left,
            right,
            target,
        } => ((of(left) as i64) < of(right) as i64, target),
        Instr::JumpLeS {
            left,
            right,
            target,
        } => (of(left) as i64 <= of(right) as i64, target),
        Instr::JumpEqImmediate {
            left,
            value,
            target,
        } => (of(left) == i64::from(value) as u64, target),
        Instr::JumpNeImmediate {
            left,
            value,
            target,
        } => (of(left) != i64::from(value) as u64, target),
        Instr::JumpLtImmediateU {
            left,
            value,
            target,
        } => (of(left) < u64::from(value), target),
        Instr::JumpGeImmediateU {
            left,
            value,
            target,
        } => (of(left) >= u64::from(value), target),
        _ => return None,
    };
    Some(if taken { target as usize } else { pc + 1 })
}

/// Calls, questions, bulk work, and what the bus serves.
fn rare<B: Bus>(
    instr: Instr,
    w: &mut Window,
    program: &Program,
    reach: &mut Reach<'_, '_>,
    bus: &mut B,
    bulk: &mut u64,
    budget: &mut u64,
) -> Rare {
    match instr {
        Instr::Call { function, first } => Rare::Exit(Flow::Call { function, first }),
        Instr::Return { first, count } => Rare::Exit(Flow::Return { first, count }),
        Instr::Syscall { call, first } => Rare::Completed(Exit::Syscall { call, first }),
        Instr::LibosCall { first } => Rare::Completed(Exit::LibosCall { first }),
        Instr::Log {
            message,
            first,
            count,
        } => Rare::Completed(Exit::Log {
            message,
            first,
            count,
        }),
        Instr::MemLoad { to, address, bits } => {
            served(reference(address, bits, None, to, w, reach, bus))
        }
        Instr::MemStore {
            from,
            address,
            bits,
        } => {
            let value = w[usize::from(from)];
            served(reference(address, bits, Some(value), from, w, reach, bus))
        }
        Instr::Enter { .. }
        | Instr::Copy { .. }
        | Instr::Repeat { .. }
        | Instr::EqualBytes { .. } => match bulk::go_on(instr, w, program, reach, bulk, budget) {
            Ok(Progress::Complete) => Rare::Bulk,
            Ok(Progress::Underway) => Rare::Exit(Flow::Exit(Exit::Budget)),
            Err(trap) => served(Err(Exit::Trap(trap))),
        },
        other => served(packet::compute(other, w, bus).map_err(Exit::Trap)),
    }
}

fn served(outcome: Result<(), Exit>) -> Rare {
    match outcome {
        Ok(()) => Rare::Next,
        Err(exit) => Rare::Exit(Flow::Exit(exit)),
    }
}

/// Asks the bus for a load or store of application memory.
#[inline(always)]
fn reference<B: Bus>(
    address: Register,
    bits: u8,
    stored: Option<u64>,
    register: Register,
    w: &mut Window,
    reach: &mut Reach<'_, '_>,
    bus: &mut B,
) -> Result<(), Exit> {
    let address =
        u32::try_from(w[usize::from(address)]).map_err(|_| Exit::Trap(Trap::BadAddress))?;
    let bytes = match bits {
        8 | 16 | 32 | 64 => u32::from(bits) / 8,
        _ => return Err(Exit::Trap(Trap::BadCode)),
    };
    if !address.is_multiple_of(bytes) {
        return Err(Exit::Trap(Trap::Unaligned { address }));
    }
    let memory = reach.state.memory();
    let loaded = match stored {
        None => bus.load(memory, address, bits),
        Some(value) => bus.store(memory, address, bits, value).map(|()| value),
    };
    match loaded {
        Some(value) => {
            if stored.is_none() {
                w[usize::from(register)] = value;
            }
            Ok(())
        }
        None => Err(Exit::Reference(Reference {
            address,
            bits,
            stored,
            register,
        })),
    }
}
