//! Verification of bytecode before it is installed (D2): downloaded code is not trusted to come
//! from our compiler.
//!
//! What is checked here need not be trusted at run time; what only running can tell (an address, an
//! index, fuel) the CPU checks at every instruction.

mod profile;

pub(crate) use profile::arguments;

pub use profile::{Ban, banned};

use core::fmt;

use crate::cpu::{Entry, Function, Instr, Operand, Program, Role};
use crate::kernel::call::Call;
use crate::limits::{CODE_MAX, LOG_VALUES_MAX, STACK_BYTES_MAX, STATE_BYTES_MAX, WINDOW_REGISTERS};

/// Why a program was refused, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The instruction at fault, if it is one.
    pub instruction: Option<u32>,
    /// What is wrong.
    pub flaw: Flaw,
}

/// What is wrong with a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It has no code, too much, or a place too few or too many.
    CodeSize,
    /// A function begins outside the code, or not behind the one before it.
    FunctionOrder,
    /// A function asks for more registers than there are, or fewer than its arguments.
    FunctionRegisters,
    /// Its state is too large, or a field lies outside it.
    State,
    /// The function of an entry does not exist or takes other arguments.
    EntryShape(Entry),
    /// It has an entry that its role has not.
    EntryOfOtherRole(Entry),
    /// It lacks the entry that its role needs.
    EntryMissing(Entry),
    /// A register outside the function's window.
    Register,
    /// A jump out of the function.
    Target,
    /// An index into a table that has no such entry.
    Table,
    /// A width that does not exist.
    Width,
    /// A system call that does not exist.
    Call,
    /// A message with another number of values.
    Message,
    /// A stack frame that is too large, or asked for other than first.
    StackFrame,
    /// The end of a function can be run past.
    FallsThrough,
    /// Something that programs of this role may not do.
    Banned(Role, Ban),
}

impl Refusal {
    fn of(flaw: Flaw) -> Refusal {
        Refusal {
            instruction: None,
            flaw,
        }
    }

    fn at(instruction: usize, flaw: Flaw) -> Refusal {
        Refusal {
            instruction: Some(instruction as u32),
            flaw,
        }
    }
}

/// Checks a program against the rules of its role. Returns the most units of fuel one run may take.
///
/// # Errors
/// The first [`Refusal`], in order of the code; nothing of the program may run then.
pub fn verify(program: &Program) -> Result<u64, Refusal> {
    tables(program)?;
    for (index, function) in program.functions.iter().enumerate() {
        let end = function_end(program, index);
        body(program, function, end)?;
    }
    entries(program)?;
    profile::check(program)
}

/// The instruction behind the last one of a function.
fn function_end(program: &Program, index: usize) -> usize {
    let next = program.functions.get(index + 1);
    next.map_or(program.code.len(), |next| next.entry as usize)
}

fn tables(program: &Program) -> Result<(), Refusal> {
    let length = program.code.len();
    if length == 0 || length > CODE_MAX || program.places.len() != length {
        return Err(Refusal::of(Flaw::CodeSize));
    }
    let mut before = None;
    for function in &program.functions {
        let in_order = before.map_or(function.entry == 0, |before| function.entry > before);
        if !in_order || function.entry as usize >= length {
            return Err(Refusal::of(Flaw::FunctionOrder));
        }
        before = Some(function.entry);
        let registers = usize::from(function.registers);
        if registers > WINDOW_REGISTERS || usize::from(function.arguments) > registers {
            return Err(Refusal::at(
                function.entry as usize,
                Flaw::FunctionRegisters,
            ));
        }
    }
    if before.is_none() {
        return Err(Refusal::of(Flaw::FunctionOrder));
    }
    let size = program.initial_state.len();
    let inside = |offset: u32, bytes: u32| u64::from(offset) + u64::from(bytes) <= size as u64;
    let fields = program.fields.iter();
    let mut outside = fields.filter(|field| !inside(field.offset, field.size_bytes));
    if size > STATE_BYTES_MAX || outside.next().is_some() {
        return Err(Refusal::of(Flaw::State));
    }
    Ok(())
}

/// Every instruction of one function.
fn body(program: &Program, function: &Function, end: usize) -> Result<(), Refusal> {
    let start = function.entry as usize;
    let code = program.code.get(start..end).unwrap_or(&[]);
    for (at, instr) in (start..).zip(code) {
        let mut flaw = None;
        instr.operands(&mut |operand| {
            let found = operand_flaw(program, function, start..end, operand);
            flaw = flaw.or(found);
        });
        if let Some(flaw) = flaw.or_else(|| window_flaw(program, function, *instr)) {
            return Err(Refusal::at(at, flaw));
        }
        if let Instr::Enter { bytes } = *instr
            && (at != start || bytes as usize > STACK_BYTES_MAX)
        {
            return Err(Refusal::at(at, Flaw::StackFrame));
        }
    }
    match code.last() {
        Some(Instr::Jump { .. } | Instr::Return { .. } | Instr::Panic { .. }) => Ok(()),
        _ => Err(Refusal::at(end.saturating_sub(1), Flaw::FallsThrough)),
    }
}

/// What is wrong with one operand by itself.
fn operand_flaw(
    program: &Program,
    function: &Function,
    code: core::ops::Range<usize>,
    operand: Operand,
) -> Option<Flaw> {
    let (sound, flaw) = match operand {
        Operand::Register(register) => (u16::from(register) < function.registers, Flaw::Register),
        // How long the row is, `window_flaw` knows.
        Operand::Row(_) => (true, Flaw::Register),
        Operand::Target(target) => (code.contains(&(target as usize)), Flaw::Target),
        Operand::Shape(index) => (usize::from(index) < program.shapes.len(), Flaw::Table),
        Operand::Constant(index) => (usize::from(index) < program.constants.len(), Flaw::Table),
        Operand::Function(index) => (usize::from(index) < program.functions.len(), Flaw::Table),
        Operand::Message(index) => (usize::from(index) < program.messages.len(), Flaw::Table),
        Operand::Bits(bits) => (matches!(bits, 8 | 16 | 32 | 64), Flaw::Width),
        Operand::Width(width) => (width <= 4, Flaw::Width),
        Operand::Call(call) => (registers_of_call(call).is_some(), Flaw::Call),
        Operand::Number(_) => (true, Flaw::Register),
    };
    (!sound).then_some(flaw)
}

/// What is wrong with the row of registers that an instruction names by its first.
fn window_flaw(program: &Program, function: &Function, instr: Instr) -> Option<Flaw> {
    let (first, count) = match instr {
        Instr::Return { first, count } => (first, count),
        Instr::Call {
            function: callee,
            first,
        } => {
            let callee = program.functions.get(usize::from(callee));
            (first, callee.map_or(0, |callee| callee.arguments))
        }
        Instr::Syscall { call, first } => {
            let (arguments, results) = registers_of_call(call).unwrap_or((0, 0));
            (first, arguments.max(results))
        }
        Instr::LibosCall { first } => (first, 3),
        Instr::Log {
            message,
            first,
            count,
        } => {
            let message = program.messages.get(usize::from(message));
            let pieces = message.map_or(0, |message| message.pieces.len());
            if usize::from(count) > LOG_VALUES_MAX || pieces != usize::from(count) + 1 {
                return Some(Flaw::Message);
            }
            (first, count)
        }
        _ => return None,
    };
    let end = u16::from(first) + u16::from(count);
    (end > function.registers).then_some(Flaw::Register)
}

fn entries(program: &Program) -> Result<(), Refusal> {
    for (entry, function) in &program.entries {
        if !profile::entries(program.role).contains(entry) {
            return Err(Refusal::of(Flaw::EntryOfOtherRole(*entry)));
        }
        let function = program.functions.get(usize::from(*function));
        if function.map(|function| function.arguments) != Some(profile::arguments(*entry)) {
            return Err(Refusal::of(Flaw::EntryShape(*entry)));
        }
    }
    match profile::entries(program.role).first() {
        Some(needed) if program.entry(*needed).is_none() => {
            Err(Refusal::of(Flaw::EntryMissing(*needed)))
        }
        _ => Ok(()),
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.instruction {
            Some(instruction) => write!(f, "instruction {instruction}: {}", self.flaw),
            None => self.flaw.fmt(f),
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Flaw::CodeSize => "the code is empty, too long, or not as long as its line table",
            Flaw::FunctionOrder => "its functions do not follow each other within the code",
            Flaw::FunctionRegisters => "the function asks for registers that do not exist",
            Flaw::State => "its state is too large, or a field lies outside it",
            Flaw::EntryShape(entry) => {
                return write!(f, "its `{}` does not take what it is given", entry.name());
            }
            Flaw::EntryOfOtherRole(entry) => {
                return write!(f, "its role has no `{}`", entry.name());
            }
            Flaw::EntryMissing(entry) => return write!(f, "it lacks `{}`", entry.name()),
            Flaw::Register => "it names a register that the function does not have",
            Flaw::Target => "it jumps out of its function",
            Flaw::Table => "it names an entry that its table does not have",
            Flaw::Width => "it names a width that does not exist",
            Flaw::Call => "it makes a system call that does not exist",
            Flaw::Message => "its message has another number of values",
            Flaw::StackFrame => {
                "a stack frame is too large, or is not asked for at the start of its function"
            }
            Flaw::FallsThrough => "the end of its function can be run past",
            Flaw::Banned(role, ban) => {
                let article = match role {
                    Role::Application => "an",
                    _ => "a",
                };
                return write!(f, "{article} {} may not {}", role.name(), ban.text());
            }
        };
        f.write_str(text)
    }
}

/// How many registers hold the arguments and the results of a system call that exists.
fn registers_of_call(call: u8) -> Option<(u8, u8)> {
    Call::from_number(call)
        .filter(|call| *call != Call::Log)
        .map(Call::registers)
}
