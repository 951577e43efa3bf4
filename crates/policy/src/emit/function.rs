//! One function: its registers, its stack frame, and how it begins and ends.
//!
//! Registers are taken and given back like a stack: parameters lie lowest, then the locals of the
//! scopes that are open, then what the running expression keeps. So everything from the top on is
//! free, which is where a call puts its arguments and finds its results.
//!
//! What is lent, and what registers cannot hold, lies in the function's stack frame, each value at
//! bytes of its own. A value that lies in memory only is handed over as the address of a copy; a
//! function that gives one back is handed the address where it is to lie, before its arguments.

use crate::table::Table;

use exo_core::cpu::{Instr, Variable};
use exo_core::limits::STACK_BYTES_MAX;

use super::assembler::Assembler;
use super::labels::Labels;
use super::place::{Place, Spot};
use crate::diagnostic::{Report, Span};
use crate::items::{Context, FunctionItem};
use crate::tree::{Body, ExprId, LocalId, LoopId};
use crate::types::Type;

/// The most registers of a function.
const REGISTERS_MAX: u32 = 256;

/// A place in the code that is jumped to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Label(pub(super) usize);

/// Where a value is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Destination {
    pub(super) place: Place,
    /// Nothing that is still needed lies there, and the value's own making does not look there.
    pub(super) fresh: bool,
}

impl Destination {
    /// Registers that nothing else uses.
    pub(super) fn fresh(register: u32) -> Destination {
        Destination {
            place: Place::Register(register),
            fresh: true,
        }
    }
}

/// A loop or labelled block whose code is being made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around {
    pub(super) after: Label,
    pub(super) again: Option<Label>,
    pub(super) value: Option<Destination>,
}

/// Code at the end of the function for a `?` that leaves it.
#[derive(Clone, Debug)]
pub(super) struct Leaving {
    pub(super) label: Label,
    /// The `Option` or `Result` that is no value.
    pub(super) whole: Place,
    pub(super) ty: Type,
    pub(super) at: Span,
}

pub(super) struct Emitter<'e, 's> {
    pub(super) context: &'e Context<'s>,
    pub(super) assembler: &'e mut Assembler,
    pub(super) body: &'e Body,
    pub(super) result: &'e Type,
    item: &'e FunctionItem<'s>,
    /// First free register.
    pub(super) top: u32,
    most: u32,
    /// Where each local lies.
    pub(super) homes: Vec<Option<Place>>,
    /// The locals whose address is needed.
    pub(super) lent: Vec<bool>,
    /// The register with the address of the stack frame, if there is one.
    frame: Option<u32>,
    frame_bytes: u64,
    pub(super) labels: Labels,
    pub(super) around: Table<LoopId, Around>,
    pub(super) leaving: Vec<Leaving>,
    pub(super) variables: Vec<Variable>,
    /// The variables that are in scope, by number.
    pub(super) open: Vec<usize>,
}

/// What the assembler notes of a function that was made.
pub(super) struct Made {
    pub(super) registers: u16,
    pub(super) arguments: u8,
    pub(super) variables: Vec<Variable>,
}

impl<'e, 's> Emitter<'e, 's> {
    pub(super) fn new(
        context: &'e Context<'s>,
        assembler: &'e mut Assembler,
        body: &'e Body,
        result: &'e Type,
        item: &'e FunctionItem<'s>,
    ) -> Self {
        Emitter {
            context,
            assembler,
            body,
            result,
            item,
            top: 0,
            most: 0,
            homes: vec![None; body.locals.len()],
            lent: super::lent::lent(body),
            frame: None,
            frame_bytes: 0,
            labels: Labels::default(),
            around: Table::default(),
            leaving: Vec::new(),
            variables: Vec::new(),
            open: Vec::new(),
        }
    }

    /// Makes the code.
    pub(super) fn function(mut self) -> Made {
        let entry = self.assembler.code.len();
        self.parameters();
        let arguments = self.top;
        if super::lent::needs_frame(self.context, self.body, &self.lent) {
            let at = self.item.span;
            let frame = self.take(1);
            self.frame = Some(frame);
            let to = self.name(frame);
            self.emit(Instr::Enter { bytes: 0 }, at);
            self.emit(Instr::Local { to, offset: 0 }, at);
            self.keep_lent_parameters();
        }
        let results = self.size(self.result);
        self.most = self.most.max(results);
        if let Some(value) = self.body.value {
            self.tail(value);
        }
        for leaving in std::mem::take(&mut self.leaving) {
            self.leave(&leaving);
        }
        self.end();
        self.close_scope(0);
        if let Some(Instr::Enter { bytes }) = self.assembler.code.get_mut(entry) {
            *bytes = u32::try_from(self.frame_bytes).unwrap_or(u32::MAX);
        }
        self.labels.patch(&mut self.assembler.code);
        self.check_size(arguments);
        Made {
            registers: u16::try_from(self.most).unwrap_or(u16::MAX),
            arguments: u8::try_from(arguments).unwrap_or(u8::MAX),
            variables: self.variables,
        }
    }

    /// Closes code that nothing reaches: a function ends with an instruction that goes elsewhere, and
    /// no jump leads behind it.
    fn end(&mut self) {
        let code = &self.assembler.code;
        let goes_on = !matches!(
            code.last(),
            Some(Instr::Jump { .. } | Instr::Return { .. } | Instr::Panic { .. })
        );
        let here = u32::try_from(code.len()).unwrap_or(u32::MAX);
        if goes_on || self.labels.leads_to(here) {
            self.emit(Instr::Return { first: 0, count: 0 }, self.item.span);
        }
    }

    /// Gives the parameters their registers, behind the address for the result if it has one.
    fn parameters(&mut self) {
        if self.in_memory(self.result) {
            self.take(1);
        }
        let body = self.body;
        for id in &body.parameters {
            let Some(local) = body.local(*id) else {
                continue;
            };
            let size = self.argument_size(&local.ty);
            let register = self.take(size);
            let place = match self.in_memory(&local.ty) {
                true => Place::Memory(Spot::at(register)),
                false => Place::Register(register),
            };
            self.settle(*id, place);
        }
    }

    /// Parameters that are lent move into the stack frame.
    fn keep_lent_parameters(&mut self) {
        let body = self.body;
        for id in &body.parameters {
            let (Some(local), Some(home @ Place::Register(_))) = (body.local(*id), self.home(*id))
            else {
                continue;
            };
            if self.is_lent(*id) {
                let spot = self.slot(&local.ty, local.span);
                self.copy_place(&local.ty, home, Place::Memory(spot), local.span);
                self.move_home(*id, Place::Memory(spot));
            }
        }
    }

    fn check_size(&self, arguments: u32) {
        let name = self.item.full_name();
        let (message, hint) = if self.most > REGISTERS_MAX || arguments > u32::from(u8::MAX) {
            (
                format!(
                    "`{name}` needs {} registers; a function has at most {REGISTERS_MAX}",
                    self.most
                ),
                "split it into smaller functions, or keep more of it in fields",
            )
        } else if self.frame_bytes > STACK_BYTES_MAX as u64 {
            (
                format!(
                    "the locals of `{name}` take {} bytes; they may take at most {STACK_BYTES_MAX}",
                    self.frame_bytes
                ),
                "keep large arrays in fields",
            )
        } else {
            return;
        };
        let report = Report::error(self.item.span, message).hint(hint);
        self.context.sink.add(report);
    }

    /// Bytes of the stack frame for a value, and for nothing else.
    pub(super) fn slot(&mut self, ty: &Type, at: Span) -> Spot {
        if let Some(why) = self.context.unstorable(ty) {
            let report = Report::error(at, why).hint("match it where it is made");
            self.context.sink.add(report);
        }
        let layout = self.context.layout(ty);
        let aligned = self.frame_bytes.next_multiple_of(layout.align.max(1));
        self.frame_bytes = aligned.saturating_add(layout.size);
        Spot {
            base: self.frame.unwrap_or(0),
            offset: aligned,
            element: None,
        }
    }

    /// Whether a spot lies in the stack frame.
    pub(super) fn in_frame(&self, spot: Spot) -> bool {
        self.frame == Some(spot.base) && spot.element.is_none()
    }

    /// Takes registers from the top.
    pub(super) fn take(&mut self, count: u32) -> u32 {
        let register = self.top;
        self.top = self.top.saturating_add(count);
        self.most = self.most.max(self.top);
        register
    }

    /// A register as instructions name it, which the function then has. What does not fit is
    /// reported at the end.
    pub(super) fn name(&mut self, register: u32) -> u8 {
        self.most = self.most.max(register.saturating_add(1));
        u8::try_from(register).unwrap_or(0)
    }

    /// Whether values of a type lie in memory only.
    pub(super) fn in_memory(&self, ty: &Type) -> bool {
        self.context.registers(ty).is_none()
    }

    /// How many registers a value takes; none if it lies in memory only.
    pub(super) fn size(&self, ty: &Type) -> u32 {
        self.context.registers(ty).unwrap_or(0)
    }

    /// How many registers an argument takes: an address for what lies in memory only.
    pub(super) fn argument_size(&self, ty: &Type) -> u32 {
        self.context.registers(ty).unwrap_or(1)
    }

    pub(super) fn ty(&self, id: ExprId) -> &'e Type {
        self.body.expr(id).map_or(&Type::Unknown, |expr| &expr.ty)
    }

    pub(super) fn size_of(&self, id: ExprId) -> u32 {
        self.size(self.ty(id))
    }

    pub(super) fn span(&self, id: ExprId) -> Span {
        self.body.expr(id).map_or_else(Span::top, |expr| expr.at)
    }

    /// Where a local lies.
    pub(super) fn home(&self, local: LocalId) -> Option<Place> {
        self.homes.get(local.0).copied().flatten()
    }

    /// Whether the address of a local is needed.
    pub(super) fn is_lent(&self, local: LocalId) -> bool {
        self.lent.get(local.0).copied().unwrap_or(false)
    }

    /// Adds an instruction.
    pub(super) fn emit(&mut self, instr: Instr, at: Span) {
        self.assembler.code.push(instr);
        self.assembler.places.push(at.start);
    }

    pub(super) fn constant(&mut self, to: u32, value: i128, at: Span) {
        let to = self.name(to);
        match i32::try_from(value) {
            Ok(value) => self.emit(Instr::Const { to, value }, at),
            Err(_) => {
                let index = self.assembler.constant(value as u64);
                self.emit(Instr::ConstWide { to, index }, at);
            }
        }
    }

    /// Zeros in a row of registers.
    pub(super) fn zeros(&mut self, registers: std::ops::Range<u32>, at: Span) {
        for register in registers {
            self.constant(register, 0, at);
        }
    }

    pub(super) fn copy_one(&mut self, from: u32, to: u32, at: Span) {
        if from != to {
            let (to, from) = (self.name(to), self.name(from));
            self.emit(Instr::Move { to, from }, at);
        }
    }

    /// Copies registers, which may overlap.
    pub(super) fn copy(&mut self, from: u32, to: u32, count: u32, at: Span) {
        for step in 0..count {
            let position = match from < to {
                true => count - 1 - step,
                false => step,
            };
            self.copy_one(from + position, to + position, at);
        }
    }
}
