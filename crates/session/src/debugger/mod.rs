//! Looking into running programs, and moving through them by line of source.
//!
//! A place is a *line's start* where code of that line is entered: at the beginning of a function,
//! or behind code of another line. Moving by line stops at such places only, so that a call's
//! return does not count as another visit to its line.

mod handler;
mod steps;
mod value;

pub use handler::{HandlerLine, HandlerRun};
pub use steps::{Breakpoint, Stride};
pub use value::{FieldView, ValueView, rows};

use exo_core::cpu::{Context, Home, Program, SourcePlace, Variable};
use exo_core::ids::EnvId;
use exo_core::kernel::Phase;

use crate::session::Session;
use value::Bytes;

/// Which of an environment's two programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Its library operating system.
    LibOs,
    /// Its application, if that is a program.
    Application,
}

/// A call under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallView {
    /// Name of the function, `Type::name` for a method.
    pub function: String,
    /// Where it stands: its next instruction, or the call that it waits for.
    pub place: SourcePlace,
    /// Its variables that have a value there; one that hides another of its name comes later.
    pub variables: Vec<FieldView>,
}

impl Session {
    /// The calls under way in one program of an environment, the innermost first. Empty if it does
    /// not run.
    pub fn calls(&self, env: EnvId, side: Side) -> Vec<CallView> {
        let Some((program, context)) = self.running_program(env, side) else {
            return Vec::new();
        };
        let state = self.state_of(env, side);
        calls_of(program, context, &state)
    }

    /// The fields of one program of an environment, whether it runs or not.
    pub fn fields(&self, env: EnvId, side: Side) -> Vec<FieldView> {
        let Some(program) = self.program_of(env, side) else {
            return Vec::new();
        };
        let state = self.state_of(env, side);
        let bytes = Bytes {
            program,
            state: &state,
            stack: &[],
        };
        let fields = program.fields.iter().map(|field| FieldView {
            name: field.name.clone(),
            value: bytes.memory(field.ty, field.offset.into()),
        });
        fields.collect()
    }

    /// The program, whether it runs or not.
    pub fn program_of(&self, env: EnvId, side: Side) -> Option<&Program> {
        let environment = self.machine().environment(env)?;
        match side {
            Side::LibOs => environment.program().map(|program| &**program),
            Side::Application => Some(&*environment.process.as_ref()?.program),
        }
    }

    /// The program and where it stands, if it is under way: a libOS while it handles an upcall or
    /// has broken in one, an application until it is over.
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

    fn state_of(&self, env: EnvId, side: Side) -> Vec<u8> {
        match side {
            Side::LibOs => self.machine().state_bytes(env),
            Side::Application => self.machine().application_bytes(env),
        }
    }
}

/// The calls under way of a program that stands there, the innermost first.
fn calls_of(program: &Program, context: &Context, state: &[u8]) -> Vec<CallView> {
    let (stack, _) = context.stack();
    let bytes = Bytes {
        program,
        state,
        stack,
    };
    let calls = context.calls().map(|(pc, registers, frame)| {
        let function = program.functions.iter().rev().find(|it| it.entry <= pc);
        let shown = |variable: &&Variable| (variable.from..variable.until).contains(&pc);
        let variables = function.map_or(&[][..], |function| &function.variables);
        let variables = variables.iter().filter(shown).map(|variable| FieldView {
            name: variable.name.clone(),
            value: match variable.home {
                Home::Registers(first) => {
                    bytes.registers(variable.ty, registers, usize::from(first))
                }
                Home::Stack(offset) => bytes.stack(variable.ty, frame, offset),
                Home::Behind(register) => {
                    let address = registers.get(usize::from(register)).copied();
                    bytes.memory(variable.ty, address.unwrap_or(u64::MAX))
                }
            },
        });
        CallView {
            function: function.map_or_else(String::new, |function| function.name.clone()),
            place: program.place(pc),
            variables: variables.collect(),
        }
    });
    calls.collect()
}

/// Whether code of a line is entered at that instruction.
fn starts_line(program: &Program, pc: u32) -> bool {
    let enters = || program.functions.iter().any(|it| it.entry == pc);
    pc == 0 || program.place(pc - 1).line != program.place(pc).line || enters()
}
