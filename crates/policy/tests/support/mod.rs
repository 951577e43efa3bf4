//! Runs a policy both ways against the same kernel of straw, and keeps what it asked for.

#![allow(dead_code, reason = "each test takes what it needs")]

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use exo_core::cpu::{Bus, Context, Entry, Exit, NoBus, Program, Trap};
use exo_core::hw::{Memory, Segment, State};
use exo_core::ids::Frame as CoreFrame;
use exo_core::kernel::call::Call;
use exo_prelude::{Cause, Fault, LibOs, Sys, SysError, SystemCalls};

/// A kernel that grants what it is asked by a rule, and notes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Straw {
    pub asked: Vec<(Call, Vec<u64>)>,
    pub random: Vec<u64>,
    pub limit: u64,
    held: u64,
}

impl Straw {
    pub fn new(random: &[u64]) -> Straw {
        Straw {
            random: random.to_vec(),
            limit: 6,
            ..Straw::default()
        }
    }

    fn answer(&mut self, call: Call, arguments: &[u64]) -> Result<u64, SysError> {
        self.asked.push((call, arguments.to_vec()));
        let turn = self.asked.len() as u64;
        match call {
            Call::Allocate if self.held >= self.limit => Err(SysError::Limit),
            Call::Allocate => {
                self.held += 1;
                Ok(100 + self.held)
            }
            Call::Referenced => Ok(u64::from(!turn.is_multiple_of(3))),
            Call::Dirty => Err(SysError::NoAuthority),
            Call::FrameLimit => Ok(self.limit),
            Call::Random if self.random.is_empty() => Ok(turn.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            Call::Random => Ok(self.random.remove(0)),
            Call::Cycles => Ok(turn * 1000),
            Call::UseStamp => Ok(turn.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32),
            _ => Ok(0),
        }
    }
}

impl SystemCalls for Straw {
    fn call(&mut self, number: u8, arguments: [u64; 3]) -> Result<u64, SysError> {
        let call = Call::from_number(number).expect("a call that exists");
        let (count, _) = call.registers();
        self.answer(call, &arguments[..usize::from(count)])
    }
}

/// How a handler ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    Returned(Result<(), SysError>),
    /// It stopped at that line.
    Stopped(u32),
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
    static PANICKED_AT: Cell<u32> = const { Cell::new(0) };
}

static HOOK: Once = Once::new();

/// Runs a handler that rustc compiled.
pub fn native(policy: &mut impl LibOs, kernel: &mut Straw, fault: Fault) -> End {
    match caught(|| policy.page_fault(&mut Sys::new(kernel), fault)) {
        Ok(result) => End::Returned(result),
        Err(line) => End::Stopped(line),
    }
}

/// The line of a stop within the standard library that does not say who called it.
pub const IN_THE_LIBRARY: u32 = 0;

/// Runs what rustc compiled. Err is the line at which it stopped.
pub fn caught<T>(run: impl FnOnce() -> T) -> Result<T, u32> {
    HOOK.call_once(|| {
        let loud = take_hook();
        set_hook(Box::new(move |info| {
            let own = info
                .location()
                .filter(|it| !it.file().contains("library/core"));
            PANICKED_AT.set(own.map_or(IN_THE_LIBRARY, |location| location.line()));
            if !QUIET.get() {
                loud(info);
            }
        }));
    });
    QUIET.set(true);
    let result = catch_unwind(AssertUnwindSafe(run));
    QUIET.set(false);
    result.map_err(|_| PANICKED_AT.get())
}

/// A compiled policy with its state.
pub struct Machine {
    pub program: Program,
    memory: Memory,
    segment: Segment,
    /// Instructions of the last handler.
    pub fuel: u64,
    pub trap: Option<Trap>,
}

impl Machine {
    pub fn new(source: &str) -> Machine {
        let program = exo_policy::compile(source).unwrap_or_else(|errors| {
            let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
            panic!("{}", errors.join("\n"));
        });
        let bytes = &program.initial_state;
        let frames = bytes.len().div_ceil(4096) as u32;
        let mut memory = Memory::new(frames.max(1), 12);
        for (number, chunk) in (0..).zip(bytes.chunks(4096)) {
            memory.write_quietly(CoreFrame(number), 0, chunk);
        }
        let segment = Segment {
            frames: (0..frames).map(CoreFrame).collect(),
            size_bytes: bytes.len() as u32,
        };
        Machine {
            program,
            memory,
            segment,
            fuel: 0,
            trap: None,
        }
    }

    /// Runs the handler that our compiler made.
    pub fn page_fault(&mut self, kernel: &mut Straw, fault: Fault) -> End {
        let cause = u64::from(fault.cause == Cause::Protection);
        let arguments = [
            fault.address.into(),
            fault.page.into(),
            fault.access as u64,
            cause,
        ];
        match self.run(Entry::PageFault, &arguments, kernel, &mut NoBus) {
            Ok(result) => End::Returned(refusable(result).map(drop)),
            Err(line) => End::Stopped(line),
        }
    }

    /// Runs an entry; gives registers 0 and 1. Err is the line at which it stopped.
    pub fn run<B: Outside>(
        &mut self,
        entry: Entry,
        arguments: &[u64],
        kernel: &mut Straw,
        outside: &mut B,
    ) -> Result<(u64, u64), u32> {
        let entry = self.program.entry(entry).expect("it has the entry");
        let mut context = Context::default();
        let registers: Vec<u64> = [&[0], arguments].concat();
        context
            .enter(&self.program, entry, &registers)
            .expect("it can be entered");
        loop {
            let mut state = State::new(&mut self.memory, &self.segment);
            let (_, exit) = context.run(&self.program, &mut state, outside, 1_000_000);
            self.fuel = context.fuel_used();
            match exit {
                Exit::Syscall { call, first } => answer(kernel, &mut context, call, first),
                Exit::LibosCall { first } => {
                    let [request, one, two] =
                        [0, 1, 2].map(|offset| context.register(first + offset));
                    let result = outside.request(request as u32, one, two);
                    write(&mut context, first, result);
                }
                Exit::Log { .. } => {}
                Exit::Returned => return Ok((context.register(0), context.register(1))),
                Exit::Trap(trap) => {
                    assert!(
                        !matches!(trap, Trap::BadAddress | Trap::BadCode),
                        "{trap:?}"
                    );
                    self.trap = Some(trap);
                    return Err(context.place(&self.program).line);
                }
                Exit::Budget => panic!("it does not end"),
                Exit::Reference(reference) => panic!("the bus does not serve {reference:?}"),
            }
        }
    }
}

/// What a walk shows: a program that stands between two instructions, and its log line if it wrote
/// one just now.
pub struct Standing<'w> {
    pub program: &'w Program,
    pub context: &'w Context,
    pub state: &'w [u8],
    pub logged: Option<(u16, u8)>,
}

impl Machine {
    /// Answers a fault instruction by instruction.
    pub fn walk(&mut self, fault: Fault, see: &mut dyn FnMut(&Standing<'_>)) {
        let mut kernel = Straw::new(&[]);
        let entry = self.program.entry(Entry::PageFault).expect("a handler");
        let mut context = Context::default();
        let registers = [0, fault.address.into(), fault.page.into(), 0, 0];
        context
            .enter(&self.program, entry, &registers)
            .expect("it can be entered");
        for _ in 0..100_000 {
            let mut state = State::new(&mut self.memory, &self.segment);
            let (_, exit) = context.run(&self.program, &mut state, &mut NoBus, 1);
            let logged = match exit {
                Exit::Budget => None,
                Exit::Log { message, first, .. } => Some((message, first)),
                Exit::Syscall { call, first } => {
                    answer(&mut kernel, &mut context, call, first);
                    None
                }
                Exit::Returned => return,
                other => panic!("a walk cannot stop for {other:?}"),
            };
            let state = State::new(&mut self.memory, &self.segment);
            let bytes: Vec<u8> = (0..u64::from(self.segment.size_bytes))
                .map(|at| state.load::<1>(at).map_or(0, |byte| byte[0]))
                .collect();
            see(&Standing {
                program: &self.program,
                context: &context,
                state: &bytes,
                logged,
            });
        }
        panic!("it does not end");
    }
}

/// What a program reaches beside the kernel.
pub trait Outside: Bus {
    /// Answers as the program's libOS.
    fn request(&mut self, request: u32, first: u64, second: u64) -> Result<u64, SysError>;
}

impl Outside for NoBus {
    fn request(&mut self, _: u32, _: u64, _: u64) -> Result<u64, SysError> {
        panic!("a policy has no libOS to call")
    }
}

/// A `Result` in two registers.
pub fn refusable((tag, value): (u64, u64)) -> Result<u64, SysError> {
    match tag {
        0 => Ok(value),
        _ => Err(SysError::from_number(value).expect("a refusal")),
    }
}

fn write(context: &mut Context, first: u8, result: Result<u64, SysError>) {
    context.set_register(first, u64::from(result.is_err()));
    let payload = result.unwrap_or_else(|error| error as u64);
    context.set_register(first + 1, payload);
}

fn answer(kernel: &mut Straw, context: &mut Context, call: u8, first: u8) {
    let call = Call::from_number(call).expect("a call that exists");
    let (arguments, results) = call.registers();
    let arguments: Vec<u64> = (first..first + arguments)
        .map(|at| context.register(at))
        .collect();
    let answer = kernel.answer(call, &arguments);
    if results == 1 {
        return context.set_register(first, answer.unwrap_or(0));
    }
    write(context, first, answer);
}
