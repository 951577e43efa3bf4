//! A program under our compiler: what it did, line by line.

use exo_core::cpu::{Context, Entry, Exit, NoBus, Program, Trap};
use exo_core::hw::{Memory, Segment, State};
use exo_core::ids::Frame;
use exo_core::kernel::call::Call;

use super::generate::DUMP_PAGE;
use super::straw::{FAULTS, Straw, fault};

/// More instructions than any handler of a generated program takes.
const FUEL: u64 = 2_000_000;

/// All that can be observed of a program's run.
#[derive(Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Log lines, system calls with their answers, and how each handler ended.
    pub text: String,
    /// The state at the end, byte for byte.
    pub state: Vec<u8>,
    /// Instructions of all handlers.
    pub fuel: u64,
    /// Handlers that trapped.
    pub traps: u32,
}

/// A compiled program with its state.
struct Machine<'p> {
    program: &'p Program,
    memory: Memory,
    segment: Segment,
    context: Context,
    straw: Straw,
    fuel: u64,
    traps: u32,
    /// Instructions at a time.
    slice: u64,
    /// Instructions of one handler.
    limit: u64,
}

/// Runs a program on all its faults, `slice` instructions at a time; between slices its context is
/// replaced by a copy.
pub fn run(index: u32, program: &Program, slice: u64) -> Outcome {
    run_for(index, program, slice, FUEL)
}

/// As [`run`], but each handler is ended after `limit` instructions.
pub fn run_for(index: u32, program: &Program, slice: u64, limit: u64) -> Outcome {
    let bytes = &program.initial_state;
    let frames = bytes.len().div_ceil(4096).max(1) as u32;
    let mut memory = Memory::new(frames, 12);
    for (number, chunk) in (0..).zip(bytes.chunks(4096)) {
        memory.write_quietly(Frame(number), 0, chunk);
    }
    let segment = Segment {
        frames: (0..frames).map(Frame).collect(),
        size_bytes: bytes.len() as u32,
    };
    let mut machine = Machine {
        program,
        memory,
        segment,
        context: Context::default(),
        straw: Straw::default(),
        fuel: 0,
        traps: 0,
        slice,
        limit,
    };
    for turn in 0..FAULTS {
        machine.answer(fault(index.into(), turn));
        machine.answer([0, DUMP_PAGE.into(), 0, 0]);
    }
    Outcome {
        state: machine.state(),
        text: machine.straw.text.trim_end().to_string(),
        fuel: machine.fuel,
        traps: machine.traps,
    }
}

impl Machine<'_> {
    fn answer(&mut self, [address, page, access, cause]: [u64; 4]) {
        self.straw
            .note(format_args!("> {address} {page} {access} {cause}"));
        let arguments = [0, address, page, access, cause];
        let entry = self.program.entry(Entry::PageFault);
        let entered = entry.map(|it| self.context.enter(self.program, it, &arguments));
        let end = match entered {
            Some(Ok(())) => self.handle(),
            other => format!("= not entered: {other:?}"),
        };
        self.fuel += self.context.fuel_used();
        self.straw.note(end);
    }

    /// Runs the handler to its end, and says how it ended.
    fn handle(&mut self) -> String {
        loop {
            let mut state = State::new(&mut self.memory, &self.segment);
            let left = self.limit.saturating_sub(self.context.fuel_used());
            let slice = self.slice.min(left);
            let run = &mut self.context;
            let (_, exit) = run.run(self.program, &mut state, &mut NoBus, slice);
            self.context = self.context.clone();
            match exit {
                Exit::Budget if left <= slice => return "= out of fuel".to_string(),
                Exit::Budget => {}
                Exit::Syscall { call, first } => self.system_call(call, first),
                Exit::Log { message, first, .. } => self.log(message, first),
                Exit::Returned => {
                    return match self.context.register(0) {
                        0 => "= ok".to_string(),
                        _ => format!("= error {}", self.context.register(1)),
                    };
                }
                Exit::Reference(_) | Exit::LibosCall { .. } => {
                    return "= what only an application can do".to_string();
                }
                Exit::Trap(trap) => {
                    self.traps += 1;
                    let line = self.context.place(self.program).line;
                    return format!("= {} at {line}", self.trap_text(trap));
                }
            }
        }
    }

    fn system_call(&mut self, number: u8, first: u8) {
        let Some(call) = Call::from_number(number) else {
            return self.straw.note("? a call that does not exist");
        };
        let (arguments, results) = call.registers();
        let mut given = [0; 3];
        for (value, at) in given.iter_mut().zip(first..first + arguments) {
            *value = self.context.register(at);
        }
        let answer = self.straw.answer(number, given);
        if results == 1 {
            return self.context.set_register(first, answer.unwrap_or(0));
        }
        self.context.set_register(first, u64::from(answer.is_err()));
        let payload = answer.unwrap_or_else(|refusal| refusal);
        self.context.set_register(first + 1, payload);
    }

    fn log(&mut self, message: u16, first: u8) {
        let Some(message) = self.program.messages.get(usize::from(message)) else {
            return self.straw.note("a message that does not exist");
        };
        let mut pieces = message.pieces.iter();
        let mut line = pieces.next().cloned().unwrap_or_default();
        for ((piece, shown), at) in pieces.zip(&message.shown).zip(first..) {
            line += &shown.text(self.context.register(at));
            line += piece;
        }
        self.straw.note(line);
    }

    fn state(&mut self) -> Vec<u8> {
        let size = self.segment.size_bytes;
        let state = State::new(&mut self.memory, &self.segment);
        (0..u64::from(size))
            .map(|at| state.load::<1>(at).map_or(0, |[byte]| byte))
            .collect()
    }

    fn trap_text(&self, trap: Trap) -> String {
        match trap {
            Trap::Overflow => "overflow".to_string(),
            Trap::DivideByZero => "zero".to_string(),
            Trap::ShiftOverflow => "shift".to_string(),
            Trap::IndexOutOfBounds { index, length } => format!("index {index} of {length}"),
            Trap::Panic { message } => {
                let message = self.program.messages.get(usize::from(message));
                let text = message.map_or(String::new(), |it| it.pieces.concat());
                // As the other side cuts it: what was found there is written in each one's words.
                match text.contains("::unwrap()`") {
                    true => "unwrap".to_string(),
                    false => format!("panic {text}"),
                }
            }
            other => format!("{other:?}"),
        }
    }
}
