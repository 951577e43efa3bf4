//! Speed of a page-fault handler on the emulated CPU, as a ratio to the same code under rustc.
//!
//! Both run the same faults against the same kernel of straw, which grants everything and folds
//! what it is asked into a checksum; the checksums must agree.

use std::fmt;
use std::hint::black_box;

use exo_core::cpu::{Context, Entry, Exit, NoBus, Program};
use exo_core::hw::{Memory, Segment, State};
use exo_core::ids::Frame as CoreFrame;
use exo_core::kernel::call::Call;
use exo_core::limits::UPCALL_FUEL;
use exo_core::rng::Rng;
use exo_prelude::{Access, Cause, Fault, LibOs, Sys, SysError, SystemCalls};

use super::handler_policy::Measured;

const SOURCE: &str = include_str!("handler_policy.rs");
const FAULTS: usize = 10_000;

/// Figures of one measurement; times are those of the best round, as whatever disturbs one only
/// adds to it.
#[derive(Clone, Debug, PartialEq)]
pub struct HandlerReport {
    /// Instructions that the CPU takes for a fault, on average.
    pub instructions: f64,
    /// A fault on the emulated CPU.
    pub cpu_ns: f64,
    /// A fault by rustc's code.
    pub rustc_ns: f64,
    /// The first to the second.
    pub ratio: f64,
}

impl fmt::Display for HandlerReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "page-fault handler of {:.1} instructions: {:.1} ns on the emulated CPU, {:.1} ns \
             under rustc, ratio {:.2}",
            self.instructions, self.cpu_ns, self.rustc_ns, self.ratio
        )
    }
}

/// Grants everything, and folds what it is asked.
#[derive(Clone, Copy, Debug, Default)]
struct Straw {
    checksum: u64,
    frames: u32,
}

impl Straw {
    fn note(&mut self, call: Call, value: u64) {
        self.checksum = (self.checksum.rotate_left(7) ^ value).wrapping_add(call as u64);
    }

    /// The value of `Ok`.
    fn answer(&mut self, call: Call, first: u64, second: u64) -> u64 {
        match call {
            Call::Allocate => {
                self.frames += 1;
                self.note(call, 0);
                u64::from(self.frames)
            }
            Call::TlbWrite => {
                self.note(call, first << 8 ^ second);
                0
            }
            _ => {
                self.note(call, first);
                0
            }
        }
    }
}

impl SystemCalls for Straw {
    fn call(&mut self, number: u8, arguments: [u64; 3]) -> Result<u64, SysError> {
        let [first, second, _] = arguments;
        let call = Call::from_number(number).ok_or(SysError::NoAuthority)?;
        Ok(self.answer(call, first, second))
    }
}

/// The faults of a round: 128 pages at random, half of them stores. Each round has faults of its own,
/// as a processor learns by heart what is repeated.
fn faults(round: u32) -> Vec<Fault> {
    let mut rng = Rng::new(1, round.into());
    let one = |_| {
        let page = (rng.next_u64() % 128) as u32;
        let access = match rng.next_u64() % 2 {
            0 => Access::Read,
            _ => Access::ReadWrite,
        };
        Fault {
            address: page << 12,
            page,
            access,
            cause: Cause::Miss,
        }
    };
    (0..FAULTS).map(one).collect()
}

/// The compiled handler, with its state.
struct Compiled {
    program: Program,
    entry: u16,
    memory: Memory,
    segment: Segment,
    context: Context,
    instructions: u64,
}

impl Compiled {
    fn new() -> Option<Compiled> {
        let program = exo_policy::compile(SOURCE).ok()?;
        let entry = program.entry(Entry::PageFault)?;
        let size_bytes = program.initial_state.len() as u32;
        let frames = size_bytes.div_ceil(4096);
        let mut memory = Memory::new(frames, 12);
        let segment = Segment {
            frames: (0..frames).map(CoreFrame).collect(),
            size_bytes,
        };
        let mut state = State::new(&mut memory, &segment);
        for (at, byte) in (0..).zip(&program.initial_state) {
            state.store(at, [*byte]);
        }
        Some(Compiled {
            program,
            entry,
            memory,
            segment,
            context: Context::default(),
            instructions: 0,
        })
    }

    /// Answers one fault. None if the handler does anything but ask, grant and return.
    fn fault(&mut self, kernel: &mut Straw, fault: &Fault) -> Option<()> {
        let (address, page) = (u64::from(fault.address), u64::from(fault.page));
        let arguments = [0, address, page, fault.access as u64, fault.cause as u64];
        let context = &mut self.context;
        context.enter(&self.program, self.entry, &arguments).ok()?;
        loop {
            let mut state = State::new(&mut self.memory, &self.segment);
            let (_, exit) = context.run(&self.program, &mut state, &mut NoBus, UPCALL_FUEL);
            match exit {
                Exit::Syscall { call, first } => {
                    let call = Call::from_number(call)?;
                    let (one, two) = (context.register(first), context.register(first + 1));
                    let value = kernel.answer(call, one, two);
                    context.set_register(first, 0);
                    context.set_register(first + 1, value);
                }
                Exit::Returned => {
                    self.instructions += context.fuel_used();
                    return (context.register(0) == 0).then_some(());
                }
                _ => return None,
            }
        }
    }
}

/// All faults by the emulated CPU. A function of its own, as a browser compiles a loop well only from
/// the second time on that its function is entered.
#[inline(never)]
fn emulated(compiled: &mut Compiled, kernel: &mut Straw, faults: &[Fault]) -> Option<()> {
    faults
        .iter()
        .try_for_each(|fault| compiled.fault(kernel, fault))
}

/// All faults by rustc's code.
#[inline(never)]
fn direct(measured: &mut Measured, kernel: &mut Straw, faults: &[Fault]) -> Option<()> {
    faults.iter().try_for_each(|fault| {
        let mut sys = Sys::new(black_box(kernel));
        measured.page_fault(&mut sys, *fault).ok()
    })
}

/// Runs the same faults both ways, `rounds` times. `now` is a clock in nanoseconds.
///
/// # Errors
/// If the two do not agree in what they ask, or the handler does not compile.
pub fn measure_handler(
    rounds: u32,
    mut now: impl FnMut() -> f64,
) -> Result<HandlerReport, &'static str> {
    let failed = "the handler that is measured does not run";
    let count = FAULTS as f64;
    let (mut ours, mut rustcs) = (f64::INFINITY, f64::INFINITY);
    let mut instructions = 0.0;
    for round in 0..rounds {
        let faults = faults(round);
        let mut compiled = Compiled::new().ok_or(failed)?;
        let mut measured = Measured::new();
        let (mut one, mut two) = (Straw::default(), Straw::default());
        let start = now();
        emulated(&mut compiled, &mut one, &faults).ok_or(failed)?;
        let between = now();
        direct(&mut measured, &mut two, &faults).ok_or(failed)?;
        let end = now();
        if one.checksum != two.checksum {
            return Err("rustc's handler and ours asked for different things");
        }
        instructions = compiled.instructions as f64 / count;
        ours = ours.min((between - start) / count);
        rustcs = rustcs.min((end - between) / count);
    }
    Ok(HandlerReport {
        instructions,
        cpu_ns: ours,
        rustc_ns: rustcs,
        ratio: ours / rustcs.max(0.1),
    })
}
