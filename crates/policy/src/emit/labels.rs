//! Labels and jumps.

use exo_core::cpu::Instr;

use super::function::{Emitter, Label};
use crate::diagnostic::Span;

/// The labels of a function, and the jumps to them.
#[derive(Debug, Default)]
pub(super) struct Labels {
    places: Vec<Option<u32>>,
    jumps: Vec<(usize, Label)>,
    /// The last instruction that a label was placed at.
    last: Option<u32>,
}

impl Labels {
    /// Whether anything jumps to the instruction of that index.
    pub(super) fn leads_to(&self, index: u32) -> bool {
        let place = |label: &Label| self.places.get(label.0).copied().flatten();
        let mut jumps = self.jumps.iter();
        jumps.any(|(_, label)| place(label) == Some(index))
    }

    /// Fills in where labels are.
    pub(super) fn patch(&mut self, code: &mut [Instr]) {
        for (index, label) in std::mem::take(&mut self.jumps) {
            let goal = self.places.get(label.0).copied().flatten();
            if let Some(target) = code.get_mut(index).and_then(target) {
                *target = goal.unwrap_or(u32::MAX);
            }
        }
    }
}

/// Where an instruction jumps to, if it does.
fn target(instr: &mut Instr) -> Option<&mut u32> {
    match instr {
        Instr::Jump { target }
        | Instr::JumpIf { target, .. }
        | Instr::JumpIfNot { target, .. }
        | Instr::JumpEq { target, .. }
        | Instr::JumpNe { target, .. }
        | Instr::JumpLtU { target, .. }
        | Instr::JumpLeU { target, .. }
        | Instr::JumpLtS { target, .. }
        | Instr::JumpLeS { target, .. }
        | Instr::JumpEqImmediate { target, .. }
        | Instr::JumpNeImmediate { target, .. }
        | Instr::JumpLtImmediateU { target, .. }
        | Instr::JumpGeImmediateU { target, .. } => Some(target),
        _ => None,
    }
}

impl Emitter<'_, '_> {
    pub(super) fn label(&mut self) -> Label {
        self.labels.places.push(None);
        Label(self.labels.places.len() - 1)
    }

    /// The next instruction.
    pub(super) fn here(&self) -> u32 {
        u32::try_from(self.assembler.code.len()).unwrap_or(u32::MAX)
    }

    /// Says that a label is here. A jump to it that stands just before is left out.
    pub(super) fn place_label(&mut self, label: Label) {
        let last = self.assembler.code.len().wrapping_sub(1);
        let jumps_here = self.labels.jumps.last() == Some(&(last, label))
            && matches!(self.assembler.code.last(), Some(Instr::Jump { .. }));
        if jumps_here && self.labels.last != Some(self.here()) {
            self.labels.jumps.pop();
            self.assembler.code.pop();
            self.assembler.places.pop();
        }
        let here = self.here();
        self.labels.last = Some(here);
        if let Some(place) = self.labels.places.get_mut(label.0) {
            *place = Some(here);
        }
    }

    pub(super) fn jump(&mut self, label: Label, at: Span) {
        self.jump_with(Instr::Jump { target: 0 }, label, at);
    }

    /// Jumps if a register's truth is `when`.
    pub(super) fn jump_if(&mut self, register: u32, when: bool, label: Label, at: Span) {
        let register = self.name(register);
        let (when, target) = (when, 0);
        let instr = match when {
            true => Instr::JumpIf {
                when: register,
                target,
            },
            false => Instr::JumpIfNot {
                when: register,
                target,
            },
        };
        self.jump_with(instr, label, at);
    }

    /// Adds a jump of any kind.
    pub(super) fn jump_with(&mut self, instr: Instr, label: Label, at: Span) {
        self.labels.jumps.push((self.assembler.code.len(), label));
        self.emit(instr, at);
    }
}
