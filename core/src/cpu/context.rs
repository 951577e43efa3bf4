//! A suspended or running handler: registers, call stack, place in the code. Plain data.

use alloc::vec::Vec;

use super::calls::Calls;
use super::program::{Program, SourcePlace};
use crate::digest::Digest;

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

/// A handler's registers, call stack and place.
///
/// Only registers of live windows mean anything; the digest and equality read no others.
#[derive(Clone, Debug, Default)]
pub struct Context {
    pub(super) calls: Calls,
    pub(super) pc: u32,
    pub(super) fuel_used: u64,
    /// Bytes of locals.
    pub(super) stack: Vec<u8>,
    /// Bytes that the bulk instruction under way has completed.
    pub(super) bulk: u64,
    /// Where it stood when a handler was over last. Nothing but who looks on reads it.
    left: u32,
}

impl Context {
    /// Bytes of memory behind it.
    pub fn bytes(&self) -> usize {
        self.stack.len()
            + size_of_val(self.calls.registers.as_slice())
            + size_of_val(self.calls.frames.as_slice())
    }

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
        let entry = self.calls.enter(program, function, arguments)?;
        self.stack.clear();
        (self.pc, self.fuel_used, self.bulk) = (entry, 0, 0);
        Ok(())
    }

    /// The handler is over: nothing is live any more.
    pub fn leave(&mut self) {
        self.calls.leave();
        self.stack.clear();
        self.left = self.pc;
        (self.pc, self.fuel_used, self.bulk) = (0, 0, 0);
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
        (&self.stack, self.calls.stack_frame)
    }

    /// The calls under way, the innermost first: the next instruction of each, its registers, and
    /// the first byte of its stack frame.
    pub fn calls(&self) -> impl Iterator<Item = (u32, &[u64], u32)> {
        let calls = &self.calls;
        let window = |base: u32, count: u16| {
            let base = base as usize;
            let registers = calls.registers.get(base..base + usize::from(count));
            registers.unwrap_or(&[])
        };
        let registers = window(calls.base, calls.window);
        let own = (self.pc, registers, calls.stack_frame);
        let callers = calls.frames.iter().rev().map(move |frame| {
            let registers = window(frame.base, frame.registers);
            (frame.pc.saturating_sub(1), registers, frame.stack_frame)
        });
        core::iter::once(own).chain(callers)
    }

    /// A register of the running function's window.
    pub fn register(&self, register: u8) -> u64 {
        self.calls
            .registers
            .get(self.calls.base as usize + usize::from(register))
            .copied()
            .unwrap_or(0)
    }

    /// Writes a register of the running function's window.
    pub fn set_register(&mut self, register: u8, value: u64) {
        if let Some(place) = self
            .calls
            .registers
            .get_mut(self.calls.base as usize + usize::from(register))
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
        self.calls.frames.len()
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

    /// Where the handler that was over last returned. It is part of no state: neither digest nor equality reads it.
    pub fn left_place(&self, program: &Program) -> SourcePlace {
        program.place(self.left)
    }

    /// Adds place, fuel, call stack and live registers to a digest.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        let calls = &self.calls;
        digest.u32(self.pc);
        digest.u32(calls.base);
        digest.u32(u32::from(calls.window));
        digest.u64(self.fuel_used);
        digest.u64(calls.frames.len() as u64);
        for frame in &calls.frames {
            digest.u32(frame.pc);
            digest.u32(frame.base);
            digest.u32(u32::from(frame.registers));
            digest.u32(frame.stack_frame);
        }
        digest.u32(calls.stack_frame);
        digest.u64(self.bulk);
        digest.bytes(&self.stack);
        for register in calls.live() {
            digest.u64(*register);
        }
    }
}

impl PartialEq for Context {
    fn eq(&self, other: &Context) -> bool {
        let (calls, others) = (&self.calls, &other.calls);
        calls.live() == others.live()
            && calls.frames == others.frames
            && (calls.base, calls.window, calls.stack_frame)
                == (others.base, others.window, others.stack_frame)
            && (self.pc, self.fuel_used, self.bulk, &self.stack)
                == (other.pc, other.fuel_used, other.bulk, &other.stack)
    }
}

impl Eq for Context {}
