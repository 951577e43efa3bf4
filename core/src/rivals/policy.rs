//! A libOS's policy in other surroundings: the same program, on the same CPU, run by a pager or by an
//! application's own handler. Only who answers its calls is different.

use alloc::sync::Arc;

use super::board::Fault;
use super::config;
use crate::cost;
use crate::cpu::{Context, Entry, Exit, NoBus, Program, Trap};
use crate::error::SysError;
use crate::event::BreakReason;
use crate::hw::{Memory, Segment, State};
use crate::ids::Frame;
use crate::kernel::call::{Call, CallResult};
use crate::limits::UPCALL_FUEL;

/// Who answers a policy's calls.
pub(super) trait Door {
    /// The memory that holds the policy's state.
    fn memory(&mut self) -> &mut Memory;

    /// The policy has completed so many instructions.
    fn spent(&mut self, cycles: u64);

    /// Answers a call; a log line is one.
    fn call(&mut self, call: Call, arguments: [u64; 3]) -> CallResult;
}

/// A policy, with its state in frames of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Policy {
    program: Arc<Program>,
    context: Context,
    segment: Segment,
}

impl Policy {
    /// Frames that the state of a program takes.
    pub(super) fn state_frames(program: Option<&Arc<Program>>, page_bits: u8) -> u32 {
        let bytes = program.map_or(0, |program| program.initial_state.len());
        config::state_frames(bytes, page_bits)
    }

    /// Writes the program's first state to its frames, from `first` on.
    pub(super) fn new(program: &Arc<Program>, first: Frame, memory: &mut Memory) -> Policy {
        let image = &program.initial_state;
        let frames = config::state_frames(image.len(), memory.page_bits());
        let segment = Segment {
            frames: (first.0..first.0 + frames).map(Frame).collect(),
            size_bytes: image.len() as u32,
        };
        let mut state = State::new(memory, &segment);
        for (at, byte) in (0..).zip(image.iter()) {
            state.store(at, [*byte]);
        }
        Policy {
            program: program.clone(),
            context: Context::default(),
            segment,
        }
    }

    /// The frames of its state.
    pub(super) fn frames(&self) -> &[Frame] {
        &self.segment.frames
    }

    /// Runs its `page_fault`.
    ///
    /// # Errors
    /// Why its application is given up.
    pub(super) fn page_fault(
        &mut self,
        fault: &Fault,
        door: &mut impl Door,
    ) -> Result<(), BreakReason> {
        let (address, page) = (u64::from(fault.address), u64::from(fault.page.0));
        let arguments = [0, address, page, fault.access as u64, fault.cause as u64];
        let entry = self.program.entry(Entry::PageFault);
        let function = entry.ok_or(BreakReason::NoHandler)?;
        match self.run(function, &arguments, door)? {
            Ok(_) => Ok(()),
            Err(error) => Err(BreakReason::Failed(error)),
        }
    }

    /// Runs its `request`; a policy that takes none refuses.
    ///
    /// # Errors
    /// Why its application is given up.
    pub(super) fn request(
        &mut self,
        [request, first, second]: [u64; 3],
        door: &mut impl Door,
    ) -> Result<CallResult, BreakReason> {
        match self.program.entry(Entry::Request) {
            None => Ok(Err(SysError::NoSuchRequest)),
            Some(function) => self.run(function, &[0, request, first, second], door),
        }
    }

    fn run(
        &mut self,
        function: u16,
        arguments: &[u64],
        door: &mut impl Door,
    ) -> Result<CallResult, BreakReason> {
        let entered = self.context.enter(&self.program, function, arguments);
        entered.map_err(BreakReason::Trap)?;
        loop {
            let fuel = UPCALL_FUEL.saturating_sub(self.context.fuel_used());
            let mut state = State::new(door.memory(), &self.segment);
            let context = &mut self.context;
            let (completed, exit) = context.run(&self.program, &mut state, &mut NoBus, fuel);
            door.spent(completed * cost::INSTRUCTION);
            match exit {
                Exit::Syscall { call, first } => {
                    let call = Call::from_number(call).ok_or(BreakReason::Trap(Trap::BadCode))?;
                    let result = door.call(call, self.arguments(first));
                    self.give_back(call, result, first);
                }
                Exit::Log { .. } => {
                    let _ = door.call(Call::Log, [0; 3]);
                }
                Exit::Returned => return self.result(),
                Exit::Budget => return Err(BreakReason::Trap(Trap::OutOfFuel)),
                Exit::Trap(trap) => return Err(BreakReason::Trap(trap)),
                // Its application's memory is not in its own address space here.
                Exit::Reference(_) => return Err(BreakReason::Failed(SysError::NotOffered)),
                Exit::LibosCall { .. } => return Err(BreakReason::Trap(Trap::BadCode)),
            }
        }
    }

    fn arguments(&self, first: u8) -> [u64; 3] {
        [0, 1, 2].map(|offset| self.context.register(first.saturating_add(offset)))
    }

    /// Puts a call's result where the program expects it.
    fn give_back(&mut self, call: Call, result: CallResult, first: u8) {
        let (tag, value) = match result {
            Ok(value) => (0, value),
            Err(error) => (1, error as u64),
        };
        match call.registers().1 {
            0 => {}
            1 => self.context.set_register(first, value),
            _ => {
                self.context.set_register(first, tag);
                let second = first.saturating_add(1);
                self.context.set_register(second, value);
            }
        }
    }

    /// What the handler returned: a tag and a value.
    fn result(&mut self) -> Result<CallResult, BreakReason> {
        let (tag, value) = (self.context.register(0), self.context.register(1));
        self.context.leave();
        match tag {
            0 => Ok(Ok(value)),
            _ => match SysError::from_number(value) {
                Some(error) => Ok(Err(error)),
                None => Err(BreakReason::Trap(Trap::BadCode)),
            },
        }
    }
}
