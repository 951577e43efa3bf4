//! The interpreter: one flat loop, no allocation but for a deeper call, no event.

use super::arithmetic;
use super::bulk::{self, Progress};
use super::bus::Bus;
use super::context::{Context, Exit, Reference, Trap};
use super::instr::{Instr, Register};
use super::packet;
use super::program::Program;
use super::stack::Reach;
use super::step::{Step, far, step};
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
        for result in 0..usize::from(count) {
            // Results go down, so none is overwritten before it has moved.
            let value = self
                .registers
                .get(base + usize::from(first) + result)
                .copied();
            if let (Some(place), Some(value)) = (self.registers.get_mut(base + result), value) {
                *place = value;
            }
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
        let mut near = reach.near();
        let flow = loop {
            if budget == 0 {
                break Flow::Exit(Exit::Budget);
            }
            let Some(instr) = program.code.get(pc).copied() else {
                break Flow::Exit(Exit::Trap(Trap::BadCode));
            };
            match step(instr, w, program, &mut near) {
                Ok(Step::Next) => pc += 1,
                Ok(Step::Jump(target)) => pc = target as usize,
                Ok(Step::Call { function, first }) => break Flow::Call { function, first },
                Ok(Step::Return { first, count }) => break Flow::Return { first, count },
                Ok(Step::Syscall { call, first }) => {
                    pc += 1;
                    budget -= 1;
                    break Flow::Exit(Exit::Syscall { call, first });
                }
                // Why it traps is found out where that is not in the way of what does not.
                Err(_) => match far(instr, w, program, &mut reach) {
                    Ok(_) => {
                        pc += 1;
                        near = reach.near();
                    }
                    Err(trap) => break Flow::Exit(Exit::Trap(trap)),
                },
                Ok(Step::Other) => {
                    let done = &mut self.bulk;
                    let (units, rare) = rare(instr, w, program, &mut reach, bus, done, budget);
                    budget -= units;
                    match rare {
                        Rare::Next => pc += 1,
                        Rare::Exit(exit) => break Flow::Exit(exit),
                        Rare::Completed(exit) => {
                            pc += 1;
                            break Flow::Exit(exit);
                        }
                    }
                    near = reach.near();
                    continue;
                }
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
    /// It is not complete.
    Exit(Exit),
    /// It is complete, and a reason to stop.
    Completed(Exit),
}

/// Calls of the libOS, lines of the log, bulk work, and what the bus serves. Gives the units of fuel it took.
#[inline(never)]
fn rare<B: Bus>(
    instr: Instr,
    w: &mut Window,
    program: &Program,
    reach: &mut Reach<'_, '_>,
    bus: &mut B,
    bulk: &mut u64,
    budget: u64,
) -> (u64, Rare) {
    let outcome = match instr {
        Instr::LibosCall { first } => return (1, Rare::Completed(Exit::LibosCall { first })),
        Instr::Log {
            message,
            first,
            count,
        } => {
            let exit = Exit::Log {
                message,
                first,
                count,
            };
            return (1, Rare::Completed(exit));
        }
        Instr::MemLoad { to, address, bits } => reference(address, bits, None, to, w, reach, bus),
        Instr::MemStore {
            from,
            address,
            bits,
        } => {
            let value = w[usize::from(from)];
            reference(address, bits, Some(value), from, w, reach, bus)
        }
        Instr::SquareRoot { to, from } => square_root(to, from, w, bus).map_err(Exit::Trap),
        Instr::Enter { .. }
        | Instr::Copy { .. }
        | Instr::Repeat { .. }
        | Instr::EqualBytes { .. } => {
            let mut left = budget;
            let progress = bulk::go_on(instr, w, program, reach, bulk, &mut left);
            let rare = match progress {
                Ok(Progress::Complete) => Rare::Next,
                Ok(Progress::Underway) => Rare::Exit(Exit::Budget),
                Err(trap) => Rare::Exit(Exit::Trap(trap)),
            };
            return (budget - left, rare);
        }
        other => match arithmetic::rare(other, w) {
            Ok(true) => Ok(()),
            Ok(false) => packet::compute(other, w, bus).map_err(Exit::Trap),
            Err(trap) => Err(Exit::Trap(trap)),
        },
    };
    match outcome {
        Ok(()) => (1, Rare::Next),
        Err(exit) => (0, Rare::Exit(exit)),
    }
}

/// What the coprocessor does, if it is on.
fn square_root<B: Bus>(
    to: Register,
    from: Register,
    w: &mut Window,
    bus: &mut B,
) -> Result<(), Trap> {
    if !bus.coprocessor() {
        return Err(Trap::CoprocessorOff);
    }
    w[usize::from(to)] = w[usize::from(from)].isqrt();
    Ok(())
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
