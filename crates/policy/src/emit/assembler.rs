//! The tables of a program being made: code, places, constants, shapes, messages, functions.

use crate::table::Table;
use std::rc::Rc;

use exo_core::cpu::{Function, Instr, Message, Program, Shape, SourcePlace};

use super::function::Emitter;
use super::types::Types;
use crate::diagnostic::{Report, Span};
use crate::items::Context;
use crate::state::STATE_BYTES_MAX;
use crate::tree::{FunctionId, Value};
use crate::types::Type;

/// The most instructions of a program.
const CODE_MAX: usize = 1 << 18;

#[derive(Debug, Default)]
pub(super) struct Assembler {
    pub(super) code: Vec<Instr>,
    pub(super) places: Vec<SourcePlace>,
    functions: Vec<Function>,
    shapes: Vec<Shape>,
    constants: Vec<u64>,
    constant_numbers: Table<u64, u16>,
    messages: Vec<Message>,
    /// The types of fields and variables.
    pub(super) types: Types,
    /// Constants with arrays, which lie in the state after the policy's fields.
    tables: Vec<(Type, Rc<Value>, u64)>,
    /// Where the next of them begins.
    end: u64,
    /// Functions to assemble, in order of their number.
    queue: Vec<FunctionId>,
    numbers: Table<FunctionId, u16>,
    /// A table is full.
    full: bool,
}

impl Assembler {
    /// For a policy whose fields take so many bytes.
    pub(super) fn new(state_bytes: u64) -> Assembler {
        Assembler {
            end: state_bytes,
            ..Assembler::default()
        }
    }

    /// The address of a constant that registers cannot hold.
    pub(super) fn table(&mut self, context: &Context<'_>, ty: &Type, value: &Rc<Value>) -> u64 {
        let known = self.tables.iter().find(|it| Rc::ptr_eq(&it.1, value));
        if let Some((_, _, offset)) = known {
            return *offset;
        }
        let layout = context.layout(ty);
        let aligned = self.end.checked_next_multiple_of(layout.align.max(1));
        let offset = aligned.unwrap_or(u64::MAX);
        self.end = offset.saturating_add(layout.size);
        self.tables.push((ty.clone(), value.clone(), offset));
        offset
    }

    /// Writes the constants after the fields; reports it if they do not fit.
    pub(super) fn write_tables(&self, context: &Context<'_>, state: &mut Vec<u8>) -> Option<()> {
        if self.end > STATE_BYTES_MAX {
            let message = format!(
                "state and constant arrays take {} bytes; they may take at most {STATE_BYTES_MAX}",
                self.end
            );
            let report = Report::error(Span::top(), message);
            context.sink.add(report.hint("make the arrays shorter"));
            return None;
        }
        state.resize(usize::try_from(self.end).ok()?, 0);
        for (ty, value, offset) in &self.tables {
            context.write_value(ty, value, *offset, state);
        }
        Some(())
    }

    /// The number of a function, which will be assembled.
    pub(super) fn number(&mut self, id: FunctionId) -> u16 {
        if let Some(number) = self.numbers.get(id) {
            return *number;
        }
        let number = self.index(self.queue.len());
        self.queue.push(id);
        self.numbers.insert(id, number);
        number
    }

    fn index(&mut self, length: usize) -> u16 {
        let index = u16::try_from(length).ok();
        self.full |= index.is_none();
        index.unwrap_or(0)
    }

    /// Assembles every function that has a number, and those that they call.
    pub(super) fn assemble(&mut self, context: &Context<'_>) {
        let mut next = 0;
        while let Some(id) = self.queue.get(next).copied() {
            next += 1;
            let (Some(item), Some(signature)) = (context.function(id), context.signature(id))
            else {
                continue;
            };
            let entry = u32::try_from(self.code.len()).unwrap_or(u32::MAX);
            let mut function = Function {
                name: item.full_name(),
                entry,
                registers: 0,
                arguments: 0,
                variables: Vec::new(),
            };
            if let Some(body) = context.body(id) {
                let emitter = Emitter::new(context, self, &body, &signature.result, item);
                let made = emitter.function();
                (function.registers, function.arguments) = (made.registers, made.arguments);
                function.variables = made.variables;
            }
            self.functions.push(function);
            if self.code.len() > CODE_MAX || self.full {
                self.full = true;
                return;
            }
        }
    }

    /// The tables, if nothing overflowed; reports it if so.
    pub(super) fn finish(self, context: &Context<'_>) -> Option<Program> {
        if self.full {
            let message = format!(
                "this policy is too large: over {CODE_MAX} instructions, or 65,536 of anything else"
            );
            context.sink.add(Report::error(Span::top(), message));
            return None;
        }
        Some(Program {
            code: self.code,
            places: self.places,
            functions: self.functions,
            shapes: self.shapes,
            constants: self.constants,
            messages: self.messages,
            types: self.types.into_shapes(),
            ..Program::default()
        })
    }

    /// The index of a shape.
    pub(super) fn shape(&mut self, shape: Shape) -> u16 {
        let found = self.shapes.iter().position(|known| *known == shape);
        let index = self.index(found.unwrap_or(self.shapes.len()));
        if found.is_none() {
            self.shapes.push(shape);
        }
        index
    }

    /// The index of a wide constant.
    pub(super) fn constant(&mut self, value: u64) -> u16 {
        if let Some(number) = self.constant_numbers.get(value) {
            return *number;
        }
        let number = self.index(self.constants.len());
        self.constants.push(value);
        self.constant_numbers.insert(value, number);
        number
    }

    /// The index of a message.
    pub(super) fn message(&mut self, message: Message) -> u16 {
        let index = self.index(self.messages.len());
        self.messages.push(message);
        index
    }
}
