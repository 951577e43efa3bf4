//! The interpreter: one flat loop, no allocation but for a deeper call, no event.

use super::arithmetic;
use super::bulk::{self, Progress};
use super::bus::Bus;
use super::calls::{Calls, Window};
use super::context::{Context, Exit, Reference, Trap};
use super::instr::{Instr, Register};
use super::packet;
use super::program::Program;
use super::stack::{Near, Reach};
use super::step::{Step, step};
use crate::hw::State;

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
        loop {
            let far;
            (left, far) = self.straight(program, state, left);
            if left == 0 {
                return self.stopped(budget, Exit::Budget);
            }
            let pc = self.pc;
            let Some(instr) = program.code.get(pc as usize) else {
                return self.stopped(budget - left, Exit::Trap(Trap::BadCode));
            };
            match *instr {
                _ if far => match self.far(instr, program, state) {
                    Ok(next) => (self.pc, left) = (next, left - 1),
                    Err(trap) => return self.stopped(budget - left, Exit::Trap(trap)),
                },
                Instr::Syscall { call, first } => {
                    self.pc += 1;
                    return self.stopped(budget - left + 1, Exit::Syscall { call, first });
                }
                // Why one traps is found out where that is not in the way of those that do not.
                Instr::Call { function, first } => {
                    let locals = self.stack.len();
                    match self.calls.call(program, pc, (function, first), locals) {
                        Ok(entry) => self.pc = entry,
                        Err(trap) => return self.stopped(budget - left, Exit::Trap(trap)),
                    }
                    left -= 1;
                }
                Instr::Return { first, count } => {
                    left -= 1;
                    let frame = self.calls.stack_frame as usize;
                    let Some(caller) = self.calls.give_back(first, count) else {
                        return self.stopped(budget - left, Exit::Returned);
                    };
                    self.stack.truncate(frame);
                    self.pc = caller;
                }
                _ => {
                    let (units, rare) = self.rare(instr, program, state, bus, left);
                    left -= units;
                    match rare {
                        Rare::Next => self.pc += 1,
                        Rare::Exit(exit) => return self.stopped(budget - left, exit),
                        Rare::Completed(exit) => {
                            self.pc += 1;
                            return self.stopped(budget - left, exit);
                        }
                    }
                }
            }
        }
    }

    /// Notes what has been used. Each reason to stop is written where it arises: one that is passed on
    /// is copied in pieces of other sizes than it was written in, which processors are slow at.
    #[inline(always)]
    fn stopped(&mut self, completed: u64, exit: Exit) -> (u64, Exit) {
        self.fuel_used += completed;
        (completed, exit)
    }

    /// Runs instructions as long as they do nothing but read and write registers and what lies near,
    /// jump, call and return. Ends at the first that does not: gives what is left of the budget, and
    /// whether that one might yet, where more than what lies near is looked at.
    ///
    /// A function of its own, so that few values compete for the processor's registers.
    #[inline(never)]
    fn straight(&mut self, program: &Program, state: &mut State<'_>, mut left: u64) -> (u64, bool) {
        let mut near = Near::new(state, &mut self.stack, self.calls.stack_frame);
        let mut pc = self.pc;
        let mut far = false;
        let Some(mut w) = self.calls.window() else {
            return (left, far);
        };
        while left > 0 {
            let Some(instr) = program.code.get(pc as usize) else {
                break;
            };
            match step(instr, w, program, &mut near, pc) {
                Ok(next) => pc = next,
                Err(Step::Trap(_)) => {
                    far = true;
                    break;
                }
                Err(Step::Elsewhere) => {
                    let locals = near.stack_bytes();
                    let Some(next) = self.calls.follow(instr, program, pc, locals) else {
                        break;
                    };
                    pc = next;
                    near.set_frame(self.calls.stack_frame);
                    match self.calls.window() {
                        Some(window) => w = window,
                        None => break,
                    }
                }
            }
            left -= 1;
        }
        self.pc = pc;
        (left, far)
    }
}

impl Calls {
    /// Enters a function or goes back to a caller, and gives the place where to go on. None, and
    /// nothing has happened, if the instruction is neither, traps, is the last return or takes locals
    /// off the stack.
    #[inline(always)]
    fn follow(&mut self, instr: &Instr, program: &Program, pc: u32, locals: usize) -> Option<u32> {
        match *instr {
            Instr::Call { function, first } => {
                self.call(program, pc, (function, first), locals).ok()
            }
            Instr::Return { .. } if self.frames.is_empty() => None,
            Instr::Return { .. } if locals != self.stack_frame as usize => None,
            Instr::Return { first, count } => self.give_back(first, count),
            _ => None,
        }
    }
}

/// What became of an instruction that is neither a call nor mere computing.
enum Rare {
    /// It is complete.
    Next,
    /// It is not complete.
    Exit(Exit),
    /// It is complete, and a reason to stop.
    Completed(Exit),
}

impl Context {
    /// Everything that addresses within the program can name, and the registers.
    fn reach<'run, 'machine>(
        &'run mut self,
        state: &'run mut State<'machine>,
    ) -> Option<(&'run mut Window, Reach<'run, 'machine>)> {
        let frame = self.calls.stack_frame;
        let stack = &mut self.stack;
        let reach = Reach {
            state,
            stack,
            frame,
        };
        Some((self.calls.window()?, reach))
    }

    /// Completes an instruction that names what does not lie near, or says why it traps.
    #[cold]
    #[inline(never)]
    fn far(
        &mut self,
        instr: &Instr,
        program: &Program,
        state: &mut State<'_>,
    ) -> Result<u32, Trap> {
        let pc = self.pc;
        let (w, mut reach) = self.reach(state).ok_or(Trap::BadCode)?;
        match step(instr, w, program, &mut reach, pc) {
            Ok(next) => Ok(next),
            Err(Step::Trap(trap)) => Err(trap),
            Err(Step::Elsewhere) => Err(Trap::BadCode),
        }
    }

    /// Calls of the libOS, lines of the log, bulk work, and what the bus serves. Gives the units of
    /// fuel it took.
    #[inline(never)]
    fn rare<B: Bus>(
        &mut self,
        instr: &Instr,
        program: &Program,
        state: &mut State<'_>,
        bus: &mut B,
        budget: u64,
    ) -> (u64, Rare) {
        let mut bulk = self.bulk;
        let Some((w, mut reach)) = self.reach(state) else {
            return (0, Rare::Exit(Exit::Trap(Trap::BadCode)));
        };
        let outcome = rare(instr, w, program, &mut reach, bus, &mut bulk, budget);
        self.bulk = bulk;
        outcome
    }
}

#[inline(always)]
fn rare<B: Bus>(
    instr: &Instr,
    w: &mut Window,
    program: &Program,
    reach: &mut Reach<'_, '_>,
    bus: &mut B,
    bulk: &mut u64,
    budget: u64,
) -> (u64, Rare) {
    let outcome = match *instr {
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
            let progress = bulk::go_on(*instr, w, program, reach, bulk, &mut left);
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
