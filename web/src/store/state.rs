//! What is looked at of a program's state: which parts are unfolded, which elements of arrays are shown, which page is
//! looked up, and what the state was at the place before.

use std::sync::Arc;

use exo_core::cpu::Program;
use exo_core::ids::{EnvId, Position};
use exo_session::debugger::Side;

use super::action::Face;
use super::playground::Playground;

/// What can be done with a program's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StateAction {
    /// Unfold a part, or fold it.
    Toggle(String),
    /// Show the elements of an array from an index on.
    Show {
        /// The array.
        path: String,
        /// The index.
        index: u32,
    },
    /// The same, as it was typed.
    ShowTyped {
        /// The array.
        path: String,
        /// The index, as a number of base 10 or 16.
        index: String,
    },
    /// Look a page up, as it was typed; nothing for the page of the last fault.
    LookUp(String),
    /// Show the page table from a row on.
    ShowTable(u32),
}

/// What a program's state was at a place.
#[derive(Debug)]
pub(crate) struct Moment {
    env: EnvId,
    side: Side,
    program: Arc<Program>,
    position: Position,
    /// The step's number.
    pub(crate) step: u64,
    /// The state, byte for byte.
    pub(crate) state: Vec<u8>,
}

/// What is looked at of the state.
#[derive(Debug, Default)]
pub(crate) struct Looking {
    /// Parts that are not as they are to begin with, structs unfolded and arrays folded.
    pub(crate) toggled: Vec<String>,
    /// The first element of an array that is shown, and whether it was asked for by its index.
    pub(crate) first: Vec<(String, u32)>,
    /// The page that is looked up; none for that of the last fault.
    pub(crate) page: Option<u32>,
    /// The first row of the page table that is shown; none for the one where the page would be.
    pub(crate) table_row: Option<u32>,
    /// The state of each shown program here.
    here: Vec<Moment>,
    /// The same at the place that was looked at before.
    before: Vec<Moment>,
}

impl Looking {
    /// What the state of a program was at the place before, if the same program was looked at there.
    pub(crate) fn before(&self, env: EnvId, side: Side, program: &Program) -> Option<&Moment> {
        self.before.iter().find(|it| {
            (it.env, it.side) == (env, side) && std::ptr::eq(&raw const *it.program, program)
        })
    }

    /// The first element of an array that is shown.
    pub(crate) fn first(&self, path: &str) -> u32 {
        let found = self.first.iter().find(|(it, _)| it == path);
        found.map_or(0, |(_, index)| *index)
    }

    fn show(&mut self, path: String, index: u32) {
        self.first.retain(|(it, _)| *it != path);
        self.first.push((path, index));
    }
}

/// A number of base 10, or of base 16 behind `0x`.
fn typed(text: &str) -> Option<u32> {
    let text = text.trim();
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

impl Playground {
    /// Does what is asked with the state.
    pub(super) fn update_state(&mut self, action: StateAction) {
        let looking = &mut self.looking;
        match action {
            StateAction::Toggle(path) => {
                let count = looking.toggled.len();
                looking.toggled.retain(|it| *it != path);
                if looking.toggled.len() == count {
                    looking.toggled.push(path);
                }
            }
            StateAction::Show { path, index } => looking.show(path, index),
            StateAction::ShowTyped { path, index } => {
                if let Some(index) = typed(&index) {
                    looking.show(path, index);
                }
            }
            StateAction::LookUp(page) => {
                looking.page = typed(&page);
                looking.table_row = None;
            }
            StateAction::ShowTable(row) => looking.table_row = Some(row),
        }
    }

    /// While values are looked at: runs the message handler of this step once more to show its lines, and keeps what
    /// the state is, to show later what has changed.
    pub(crate) fn watch_again(&mut self) {
        let looked_at = self.face == Face::Values;
        self.handler = match looked_at && !self.is_busy() {
            true => self.session.handler_run(),
            false => None,
        };
        if !looked_at {
            self.looking.here.clear();
            self.looking.before.clear();
            return;
        }
        let (env, position) = (self.shown, self.session.machine().position());
        let same = |it: &Moment| (it.env, it.position) == (env, position);
        if self.looking.here.iter().any(same) {
            return;
        }
        let here = [Side::LibOs, Side::Application]
            .into_iter()
            .filter_map(|side| self.moment(side));
        let here = here.collect();
        self.looking.before = std::mem::replace(&mut self.looking.here, here);
    }

    /// What a program of the shown environment is here.
    fn moment(&self, side: Side) -> Option<Moment> {
        let environment = self.session.machine().environment(self.shown)?;
        let program = match side {
            Side::LibOs => environment.program()?,
            Side::Application => &environment.process.as_ref()?.program,
        };
        Some(Moment {
            env: self.shown,
            side,
            program: program.clone(),
            position: self.session.machine().position(),
            step: self.session.step_number(),
            state: self.session.inside(self.shown, side)?.state,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::typed;

    #[test]
    fn an_index_is_read_in_base_10_and_16() {
        assert_eq!(typed(" 51 "), Some(51));
        assert_eq!(typed("0x33"), Some(51));
        assert_eq!((typed(""), typed("-1"), typed("0xG")), (None, None, None));
    }
}
