//! Looking into running programs, and moving through them by line of source.
//!
//! A place is a *line's start* where code of that line is entered: at the beginning of a function,
//! or behind code of another line. Moving by line stops at such places only, so that a call's
//! return does not count as another visit to its line.

mod handler;
mod lines;
mod made;
mod page_table;
mod ran;
mod steps;
mod value;

pub use handler::{HandlerLine, HandlerRun};
pub use lines::same_line;
pub use page_table::{Group, LookUp, PageTable, Probe, Structure};
pub use steps::{Breakpoint, Stride};
pub use value::{Kind, Value};

use exo_core::cpu::{Context, Home, Program, STACK_BASE, SourcePlace, Variable};
use exo_core::ids::EnvId;
use exo_core::kernel::Phase;

use crate::session::Session;
use value::{Bytes, Place};

/// Which of an environment's two programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Its library operating system.
    LibOs,
    /// Its application, if that is a program.
    Application,
}

/// One program of an environment as it stands, to be looked into.
#[derive(Clone, Debug)]
pub struct Inside<'run> {
    /// The program.
    pub program: &'run Program,
    /// Where it stands, if it is under way: a libOS while it handles an upcall or has broken in one, an application
    /// until it is over.
    context: Option<&'run Context>,
    /// Its state, byte for byte.
    pub state: Vec<u8>,
}

/// A call under way.
#[derive(Clone, Debug)]
pub struct Call<'run> {
    /// Name of the function, `Type::name` for a method.
    pub function: &'run str,
    /// Where it stands: its next instruction, or the call that it waits for.
    pub place: SourcePlace,
    /// Its variables that have a value there; one that hides another of its name comes later.
    pub variables: Vec<Value<'run>>,
}

impl Session {
    /// One program of an environment as it stands here; none if there is none.
    pub fn inside(&self, env: EnvId, side: Side) -> Option<Inside<'_>> {
        let running = self.running_program(env, side);
        Some(Inside {
            program: self.program_of(env, side)?,
            context: running.map(|(_, context)| context),
            state: match side {
                Side::LibOs => self.machine().state_bytes(env),
                Side::Application => self.machine().application_bytes(env),
            },
        })
    }

    /// The program, whether it runs or not.
    pub fn program_of(&self, env: EnvId, side: Side) -> Option<&Program> {
        let environment = self.machine().environment(env)?;
        match side {
            Side::LibOs => environment.program().map(|program| &**program),
            Side::Application => Some(&*environment.process.as_ref()?.program),
        }
    }

    /// The program and where it stands, if it is under way.
    fn running_program(&self, env: EnvId, side: Side) -> Option<(&Program, &Context)> {
        let environment = self.machine().environment(env)?;
        let broken = matches!(environment.phase, Phase::Broken(_));
        let handling = broken || environment.in_handler();
        match side {
            Side::LibOs if handling => Some((environment.program()?, &environment.context)),
            Side::LibOs => None,
            Side::Application if environment.phase == Phase::Finished => None,
            Side::Application => {
                let process = environment.process.as_ref()?;
                Some((&process.program, &process.context))
            }
        }
    }
}

impl Inside<'_> {
    /// Its fields, whether it runs or not.
    pub fn fields(&self) -> impl Iterator<Item = Value<'_>> {
        let bytes = self.bytes(&[]);
        self.program.fields.iter().map(move |field| Value {
            name: &field.name,
            ty: field.ty,
            bytes,
            place: Place::Memory(field.offset.into()),
            depth: 0,
        })
    }

    /// The calls under way, the innermost first. None if it does not run.
    pub fn calls(&self) -> Vec<Call<'_>> {
        let Some(context) = self.context else {
            return Vec::new();
        };
        let (stack, _) = context.stack();
        let bytes = self.bytes(stack);
        let program = self.program;
        let calls = context.calls().map(|(pc, registers, frame)| {
            let function = program.functions.iter().rev().find(|it| it.entry <= pc);
            let shown = |variable: &&Variable| (variable.from..variable.until).contains(&pc);
            let variables = function.map_or(&[][..], |function| &function.variables);
            let variables = variables.iter().filter(shown).map(|variable| Value {
                name: &variable.name,
                ty: variable.ty,
                bytes,
                depth: 0,
                place: match variable.home {
                    Home::Registers(first) => Place::Registers(registers, usize::from(first)),
                    Home::Stack(offset) => {
                        Place::Memory(STACK_BASE + u64::from(frame) + u64::from(offset))
                    }
                    Home::Behind(register) => {
                        let address = registers.get(usize::from(register)).copied();
                        Place::Memory(address.unwrap_or(u64::MAX))
                    }
                },
            });
            Call {
                function: function.map_or("", |function| &function.name),
                place: program.place(pc),
                variables: variables.collect(),
            }
        });
        calls.collect()
    }

    fn bytes<'here>(&'here self, stack: &'here [u8]) -> Bytes<'here> {
        Bytes {
            program: self.program,
            state: &self.state,
            stack,
        }
    }
}

/// Whether code of a line is entered at that instruction.
fn starts_line(program: &Program, pc: u32) -> bool {
    let enters = || program.functions.iter().any(|it| it.entry == pc);
    pc == 0 || program.place(pc - 1).line != program.place(pc).line || enters()
}
