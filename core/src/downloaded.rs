//! Runs downloaded code: verified, bounded, and alone with what it is handed (D2, A45, A48, X22).

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::cpu::{Bus, Entry, Program, Role, Trap, run_once};
use crate::hw::{Memory, Segment, State};
use crate::ids::Frame;
use crate::verify::{Refusal, verify};

/// log2 of the bytes that a downloaded program's own memory comes in.
const CHUNK_BITS: u8 = 12;

/// What one run gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its result, 0 if it gives none; or why it was stopped, and then it had no say.
    pub result: Result<u64, Trap>,
    /// Units of fuel it took.
    pub fuel: u64,
}

/// A verified program of one of the downloaded roles, with its own state.
#[derive(Clone, Debug)]
pub struct Downloaded {
    program: Arc<Program>,
    entry: u16,
    fuel: u64,
    memory: Memory,
    segment: Segment,
}

impl Downloaded {
    /// Verifies a program and gives it its first state.
    ///
    /// # Errors
    /// Why it was refused; None if it is a libOS or an application, which are not downloaded.
    pub fn new(program: Arc<Program>) -> Result<Downloaded, Option<Refusal>> {
        let fuel = verify(&program).map_err(Some)?;
        let entry = match program.role {
            Role::PacketFilter => Entry::Accept,
            Role::MessageHandler => Entry::Arrived,
            Role::Udf => Entry::Evaluate,
            Role::LibOs | Role::Application => return Err(None),
        };
        let entry = program.entry(entry).ok_or(None)?;
        let size_bytes = program.initial_state.len() as u32;
        let frames = size_bytes.div_ceil(1 << CHUNK_BITS);
        let mut own = Downloaded {
            entry,
            fuel,
            memory: Memory::new(frames.max(1), CHUNK_BITS),
            segment: Segment {
                frames: (0..frames).map(Frame).collect(),
                size_bytes,
            },
            program,
        };
        own.reset();
        Ok(own)
    }

    /// The program.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Puts its first state back.
    fn reset(&mut self) {
        let mut state = State::new(&mut self.memory, &self.segment);
        for (at, byte) in (0..).zip(&self.program.initial_state) {
            state.store(at, [*byte]);
        }
    }

    /// Its state as it stands.
    pub fn state(&mut self) -> Vec<u8> {
        let state = State::new(&mut self.memory, &self.segment);
        (0..u64::from(self.segment.size_bytes))
            .map_while(|at| state.load::<1>(at))
            .map(|[byte]| byte)
            .collect()
    }

    /// Runs it once over what `bus` hands it. A message handler keeps its state from run to run; a
    /// deterministic function begins with its first state each time.
    pub fn run<B: Bus>(&mut self, bus: &mut B) -> Outcome {
        if self.program.role == Role::Udf {
            self.reset();
        }
        let mut state = State::new(&mut self.memory, &self.segment);
        let (result, fuel) = run_once(&self.program, self.entry, &mut state, bus, self.fuel, None);
        // A message handler's word is for the kernel's rings, and there are none here.
        let silent = self.program.role == Role::MessageHandler;
        Outcome {
            result: result.map(|value| if silent { 0 } else { value }),
            fuel,
        }
    }
}
