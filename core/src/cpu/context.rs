//! A suspended or running handler: registers, call stack, place in the code. Plain data.

use alloc::vec::Vec;

use super::program::{Program, SourcePlace};
use crate::digest::Digest;
use crate::limits::{CALL_DEPTH_MAX, WINDOW_REGISTERS};

/// Why a program was stopped. Nothing of the instruction that trapped has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trap {
    /// The result does not fit its type.
    Overflow,
    /// Division or remainder by zero.
    DivideByZero,
    /// A shift by as many bits as the type has, or more.
    ShiftOverflow,
    /// An array has no element of that index.
    IndexOutOfBounds {
        /// The index asked for.
        index: u64,
        /// The length of the array.
        length: u32,
    },
    /// The upcall used all its fuel.
    OutOfFuel,
    /// Calls are nested deeper than [`CALL_DEPTH_MAX`].
    CallDepth,
    /// Locals take more than [`STACK_BYTES_MAX`](crate::limits::STACK_BYTES_MAX).
    StackOverflow,
    /// The program gave up by itself.
    Panic {
        /// Index of its message.
        message: u16,
    },
    /// A load or store of application memory whose address is no multiple of its size (A21).
    Unaligned {
        /// The address.
        address: u32,
    },
    /// An instruction of the coprocessor, which is off (A28).
    CoprocessorOff,
    /// A load past the end of the packet.
    PacketEnd,
    /// A store into, or a sending of, more than the reply has room for.
    ReplyRoom,
    /// An address outside the program's state and stack. Code of our compiler cannot do this.
    BadAddress,
    /// An instruction, function, table entry or call that does not exist. Likewise.
    BadCode,
}

/// Why the CPU stopped running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// As many instructions as allowed have been completed.
    Budget,
    /// A system call was completed but for its answer; arguments lie from register `first` on.
    Syscall {
        /// The call's number.
        call: u8,
        /// First register of arguments and results.
        first: u8,
    },
    /// A `log!` was completed.
    Log {
        /// Index of the message.
        message: u16,
        /// First register of the values.
        first: u8,
        /// How many values.
        count: u8,
    },
    /// A call of the application's own libOS was completed but for its answer; the request, two
    /// values, and then the results lie from register `first` on.
    LibosCall {
        /// First register of arguments and results.
        first: u8,
    },
    /// The bus did not serve a load or store, which is not completed: running again tries again, and
    /// [`Context::complete_reference`] completes it from outside.
    Reference(Reference),
    /// The entered function returned; its results lie from register 0 on.
    Returned,
    /// The instruction at the current place cannot be completed.
    Trap(Trap),
}

/// A load or store of application memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Its address, a multiple of its size.
    pub address: u32,
    /// Its size: 8, 16, 32 or 64.
    pub bits: u8,
    /// What is stored; none for a load.
    pub stored: Option<u64>,
    /// The register that is loaded, or stored.
    pub register: u8,
}

/// Where a caller goes on when its callee returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CallFrame {
    pub(super) pc: u32,
    pub(super) base: u32,
    pub(super) registers: u16,
    pub(super) stack_frame: u32,
}

/// A handler's registers, call stack and place.
///
/// Only registers of live windows mean anything; the digest and equality read no others.
#[derive(Clone, Debug, Default)]
pub struct Context {
    pub(super) registers: Vec<u64>,
    pub(super) frames: Vec<CallFrame>,
    pub(super) pc: u32,
    pub(super) base: u32,
    /// Registers of the running function.
    pub(super) window: u16,
    pub(super) fuel_used: u64,
    /// Bytes of locals; the running function's frame begins at `stack_frame`.
    pub(super) stack: Vec<u8>,
    pub(super) stack_frame: u32,
    /// Bytes that the bulk instruction under way has completed.
    pub(super) bulk: u64,
}

impl Context {
    /// Prepares to run `function` with `arguments` in its first registers and no fuel used.
    ///
    /// # Errors
    /// [`Trap::BadCode`] if there is no such function or it has no room for the arguments.
    pub fn enter(
        &mut self,
        program: &Program,
        function: u16,
        arguments: &[u64],
    ) -> Result<(), Trap> {
        let target = program
            .functions
            .get(usize::from(function))
            .ok_or(Trap::BadCode)?;
        let window = usize::from(target.registers);
        if window > WINDOW_REGISTERS || arguments.len() > window {
            return Err(Trap::BadCode);
        }
        if self.registers.len() < WINDOW_REGISTERS {
            self.registers.resize(WINDOW_REGISTERS, 0);
        }
        let (given, rest) = self.registers.split_at_mut(arguments.len());
        given.copy_from_slice(arguments);
        rest.iter_mut()
            .take(window - arguments.len())
            .for_each(|register| *register = 0);
        self.leave();
        (self.pc, self.window) = (target.entry, target.registers);
        Ok(())
    }

    /// The handler is over: nothing is live any more.
    pub fn leave(&mut self) {
        self.frames.clear();
        self.stack.clear();
        (self.pc, self.base, self.window, self.fuel_used) = (0, 0, 0, 0);
        (self.stack_frame, self.bulk) = (0, 0);
    }

    /// Completes the load or store that the bus did not serve: `loaded` goes to its register, and
    /// the instruction counts.
    pub fn complete_reference(&mut self, reference: Reference, loaded: u64) {
        if reference.stored.is_none() {
            self.set_register(reference.register, loaded);
        }
        self.pc += 1;
        self.fuel_used += 1;
    }

    /// The instruction that comes next.
    pub fn pc(&self) -> u32 {
        self.pc
    }

    /// The bytes of the stack; the running function's frame begins at byte `.1`.
    pub fn stack(&self) -> (&[u8], u32) {
        (&self.stack, self.stack_frame)
    }

    /// The calls under way, the innermost first: the next instruction of each, its registers, and
    /// the first byte of its stack frame.
    pub fn calls(&self) -> impl Iterator<Item = (u32, &[u64], u32)> {
        let window = |base: u32, count: u16| {
            let base = base as usize;
            let registers = self.registers.get(base..base + usize::from(count));
            registers.unwrap_or(&[])
        };
        let own = (self.pc, window(self.base, self.window), self.stack_frame);
        let callers = self.frames.iter().rev().map(move |frame| {
            let registers = window(frame.base, frame.registers);
            (frame.pc.saturating_sub(1), registers, frame.stack_frame)
        });
        core::iter::once(own).chain(callers)
    }

    /// A register of the running function's window.
    pub fn register(&self, register: u8) -> u64 {
        self.registers
            .get(self.base as usize + usize::from(register))
            .copied()
            .unwrap_or(0)
    }

    /// Writes a register of the running function's window.
    pub fn set_register(&mut self, register: u8, value: u64) {
        if let Some(place) = self
            .registers
            .get_mut(self.base as usize + usize::from(register))
        {
            *place = value;
        }
    }

    /// Instructions completed since the handler was entered.
    pub fn fuel_used(&self) -> u64 {
        self.fuel_used
    }

    /// Forgets the fuel used: of an application it decides nothing.
    pub(crate) fn forget_fuel(&mut self) {
        self.fuel_used = 0;
    }

    /// How many calls are under way below the handler itself.
    pub fn depth(&self) -> usize {
        self.frames.len()
    }

    /// Where in the source the next instruction stands.
    pub fn place(&self, program: &Program) -> SourcePlace {
        program.place(self.pc)
    }

    /// Where the last completed instruction before the current place stands: the line of a system
    /// call that has just been made.
    pub fn previous_place(&self, program: &Program) -> SourcePlace {
        program.place(self.pc.saturating_sub(1))
    }

    pub(super) fn push(&mut self) -> Result<(), Trap> {
        if self.frames.len() >= CALL_DEPTH_MAX {
            return Err(Trap::CallDepth);
        }
        self.frames.push(CallFrame {
            pc: self.pc,
            base: self.base,
            registers: self.window,
            stack_frame: self.stack_frame,
        });
        self.stack_frame = self.stack.len() as u32;
        Ok(())
    }

    fn live(&self) -> &[u64] {
        let end = self.base as usize + usize::from(self.window);
        self.registers.get(..end).unwrap_or(&[])
    }

    /// Adds place, fuel, call stack and live registers to a digest.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        digest.u32(self.pc);
        digest.u32(self.base);
        digest.u32(u32::from(self.window));
        digest.u64(self.fuel_used);
        digest.u64(self.frames.len() as u64);
        for frame in &self.frames {
            digest.u32(frame.pc);
            digest.u32(frame.base);
            digest.u32(u32::from(frame.registers));
            digest.u32(frame.stack_frame);
        }
        digest.u32(self.stack_frame);
        digest.u64(self.bulk);
        digest.bytes(&self.stack);
        for register in self.live() {
            digest.u64(*register);
        }
    }
}

impl PartialEq for Context {
    fn eq(&self, other: &Context) -> bool {
        self.live() == other.live()
            && self.frames == other.frames
            && (self.pc, self.base, self.window, self.fuel_used)
                == (other.pc, other.base, other.window, other.fuel_used)
            && (self.stack_frame, self.bulk, &self.stack)
                == (other.stack_frame, other.bulk, &other.stack)
    }
}

impl Eq for Context {}
