//! One function: its registers, its labels, and how it begins and ends.
//!
//! Registers are taken and given back like a stack: parameters lie lowest, then the locals of the
//! scopes that are open, then what the running expression keeps. So everything from the top on is
//! free, which is where a call puts its arguments and finds its results.

use std::collections::BTreeMap;

use exo_core::cpu::Instr;

use super::assembler::Assembler;
use crate::diagnostic::{Report, Span};
use crate::items::{Context, FunctionItem};
use crate::tree::{Body, ExprId, LocalId, LoopId};
use crate::types::Type;

/// The most registers of a function.
const REGISTERS_MAX: u32 = 256;

/// A place in the code that is jumped to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Label(usize);

/// Where a value is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Destination {
    pub(super) register: u32,
    /// Nothing that is still needed lies there.
    pub(super) fresh: bool,
}

/// A loop or labelled block whose code is being made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around {
    pub(super) after: Label,
    pub(super) again: Option<Label>,
    pub(super) value: Option<Destination>,
}

/// Code at the end of the function for a `?` that leaves it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leaving {
    pub(super) label: Label,
    /// Where the error lies.
    pub(super) error: u32,
    pub(super) error_size: u32,
    pub(super) is_option: bool,
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
    homes: BTreeMap<LocalId, u32>,
    labels: Vec<Option<u32>>,
    jumps: Vec<(usize, Label)>,
    pub(super) around: BTreeMap<LoopId, Around>,
    pub(super) leaving: Vec<Leaving>,
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
            homes: BTreeMap::new(),
            labels: Vec::new(),
            jumps: Vec::new(),
            around: BTreeMap::new(),
            leaving: Vec::new(),
        }
    }

    /// Makes the code; gives how many registers it uses and how many of them are arguments.
    pub(super) fn function(mut self) -> (u16, u8) {
        for parameter in &self.body.parameters {
            let local = self.body.local(*parameter);
            let (ty, span) = local.map_or((&Type::Unknown, Span::top()), |it| (&it.ty, it.span));
            let size = self.size(ty, span);
            let register = self.take(size);
            self.homes.insert(*parameter, register);
        }
        let arguments = self.top;
        let result = self.size(self.result, self.item.span);
        self.most = self.most.max(result);
        if let Some(value) = self.body.value {
            self.tail(value);
        }
        for leaving in std::mem::take(&mut self.leaving) {
            self.leave(leaving);
        }
        self.patch();
        if self.most > REGISTERS_MAX || arguments > u32::from(u8::MAX) {
            let message = format!(
                "`{}` needs {} registers; a function has at most {REGISTERS_MAX}",
                self.item.full_name(),
                self.most
            );
            let hint = "split it into smaller functions, or keep more of it in fields";
            self.context
                .sink
                .add(Report::error(self.item.span, message).hint(hint));
        }
        (
            u16::try_from(self.most).unwrap_or(u16::MAX),
            u8::try_from(arguments).unwrap_or(u8::MAX),
        )
    }

    fn leave(&mut self, leaving: Leaving) {
        self.place_label(leaving.label);
        let at = leaving.at;
        let size = self.size(self.result, at);
        let mut used = 1;
        if !leaving.is_option {
            self.copy(leaving.error, 1, leaving.error_size, at);
            used += leaving.error_size;
        }
        self.constant(0, i128::from(!leaving.is_option), at);
        for register in used..size {
            self.constant(register, 0, at);
        }
        self.emit(Instr::Return { first: 0, count: 0 }, at);
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

    /// How many registers a value takes; reports a value that registers cannot hold.
    pub(super) fn size(&mut self, ty: &Type, span: Span) -> u32 {
        match self.context.registers(ty) {
            Some(count) if count <= REGISTERS_MAX => count,
            Some(count) => {
                self.most = self.most.max(count);
                0
            }
            None => {
                let message = format!("a value of type `{ty}` cannot be kept outside of a field");
                let hint = "use its elements one by one; only `new()` makes whole arrays";
                self.context
                    .sink
                    .add(Report::error(span, message).hint(hint));
                0
            }
        }
    }

    pub(super) fn size_of(&mut self, id: ExprId) -> u32 {
        match self.body.expr(id) {
            Some(expr) => self.size(&expr.ty, expr.span),
            None => 0,
        }
    }

    pub(super) fn span(&self, id: ExprId) -> Span {
        self.body.expr(id).map_or_else(Span::top, |expr| expr.at)
    }

    /// The register in which a local begins.
    pub(super) fn home(&self, local: LocalId) -> u32 {
        self.homes.get(&local).copied().unwrap_or(0)
    }

    pub(super) fn settle(&mut self, local: LocalId, register: u32) {
        self.homes.insert(local, register);
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

    pub(super) fn copy_one(&mut self, from: u32, to: u32, at: Span) {
        if from != to {
            let (to, from) = (self.name(to), self.name(from));
            self.emit(Instr::Move { to, from }, at);
        }
    }

    /// Copies registers, which may overlap.
    pub(super) fn copy(&mut self, from: u32, to: u32, count: u32, at: Span) {
        let one = |position: u32| (from + position, to + position);
        if from < to {
            (0..count)
                .rev()
                .map(one)
                .for_each(|(from, to)| self.copy_one(from, to, at));
        } else {
            (0..count)
                .map(one)
                .for_each(|(from, to)| self.copy_one(from, to, at));
        }
    }

    pub(super) fn label(&mut self) -> Label {
        self.labels.push(None);
        Label(self.labels.len() - 1)
    }

    /// Says that a label is here.
    pub(super) fn place_label(&mut self, label: Label) {
        let here = u32::try_from(self.assembler.code.len()).unwrap_or(u32::MAX);
        if let Some(place) = self.labels.get_mut(label.0) {
            *place = Some(here);
        }
    }

    fn note_jump(&mut self, label: Label) {
        self.jumps.push((self.assembler.code.len(), label));
    }

    pub(super) fn jump(&mut self, label: Label, at: Span) {
        self.note_jump(label);
        self.emit(Instr::Jump { target: 0 }, at);
    }

    /// Jumps if a register's truth is `when`.
    pub(super) fn jump_if(&mut self, register: u32, when: bool, label: Label, at: Span) {
        let register = self.name(register);
        self.note_jump(label);
        let instr = match when {
            true => Instr::JumpIf {
                when: register,
                target: 0,
            },
            false => Instr::JumpIfNot {
                when: register,
                target: 0,
            },
        };
        self.emit(instr, at);
    }

    /// Takes back the last instruction if it is a jump to a label that is about to be placed, and
    /// nothing else jumps behind it.
    pub(super) fn forget_last_jump(&mut self, label: Label) {
        let last = self.assembler.code.len().wrapping_sub(1);
        let here = u32::try_from(self.assembler.code.len()).unwrap_or(u32::MAX);
        let is_last = self.jumps.last() == Some(&(last, label))
            && matches!(self.assembler.code.last(), Some(Instr::Jump { .. }));
        let is_target = self.labels.contains(&Some(here));
        if is_last && !is_target {
            self.jumps.pop();
            self.assembler.code.pop();
            self.assembler.places.pop();
        }
    }

    /// Fills in where labels are.
    fn patch(&mut self) {
        for (index, label) in std::mem::take(&mut self.jumps) {
            let goal = self
                .labels
                .get(label.0)
                .copied()
                .flatten()
                .unwrap_or(u32::MAX);
            if let Some(
                Instr::Jump { target }
                | Instr::JumpIf { target, .. }
                | Instr::JumpIfNot { target, .. },
            ) = self.assembler.code.get_mut(index)
            {
                *target = goal;
            }
        }
    }
}
