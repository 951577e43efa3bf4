//! Looking into the program that runs: its instructions, and steps by line.

use std::rc::Rc;
use std::sync::Arc;

use exo_core::cpu::Program;
use exo_core::kernel::Phase;
use exo_policy::listing::disassemble;
use exo_session::Search;
use exo_session::debugger::{Side, Stride};

use super::action::Face;
use super::playground::{Notice, Playground};
use crate::view::words::{grouped, letter};

/// Instructions and references after which a step by line stops all the same, so that the page
/// answers: as many as a handler may run at most.
const LINE_UNITS_MAX: u64 = 1_000_000;

/// A row of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListingRow {
    /// A function begins.
    Function(String),
    /// An instruction.
    Instruction {
        /// Its place in the program, from 0.
        index: u32,
        /// The line of the source that it comes from; empty if none is known.
        line: String,
        /// What it does.
        text: String,
    },
}

/// A program, instruction by instruction.
#[derive(Clone, Debug)]
pub struct Listing {
    program: Arc<Program>,
    /// Its rows.
    pub rows: Rc<[ListingRow]>,
}

impl Listing {
    fn of(program: &Arc<Program>) -> Listing {
        Listing {
            program: program.clone(),
            rows: disassemble(program).lines().map(row).collect(),
        }
    }
}

/// A line of a listing: index, line and text of an instruction, or the name of a function.
fn row(text: &str) -> ListingRow {
    let instruction = || {
        let (index, rest) = text.trim_start().split_once(' ')?;
        let (line, what) = rest.trim_start().split_once("  ")?;
        Some(ListingRow::Instruction {
            index: index.parse().ok()?,
            line: if line == "0" { "" } else { line }.to_owned(),
            text: what.to_owned(),
        })
    };
    instruction().unwrap_or_else(|| ListingRow::Function(text.to_owned()))
}

impl Playground {
    /// Whether the shown environment's libOS or program stands at a line that a step can leave.
    pub fn can_step_line(&self) -> bool {
        let environment = self.session.machine().environment(self.shown);
        environment.is_some_and(|environment| match environment.phase {
            Phase::Handling(_) | Phase::Waiting(Some(_)) => true,
            Phase::Finished | Phase::Broken(_) => false,
            _ => environment.process.is_some(),
        })
    }

    /// Steps by one line. Says so where there is none to leave, or where it is not over yet.
    pub(super) fn step_line(&mut self, stride: Stride) {
        self.pause();
        self.quiet_notice();
        let (env, before) = (self.shown, self.session.machine().position());
        let words = if self.can_step_line() {
            let found = self.session.step_line(env, stride, LINE_UNITS_MAX);
            if stride != Stride::Into {
                self.stop_where_passed(before);
            }
            match found {
                Search::Found | Search::Halted => return,
                Search::NotYet => format!(
                    "{} instructions and references later the line is not done. Step again to go on.",
                    grouped(LINE_UNITS_MAX)
                ),
            }
        } else {
            format!(
                "Nothing was stepped: no program of {} stands at a line. Go to its next fault first.",
                letter(env.index())
            )
        };
        self.notice = Some(Notice::fact(words));
    }

    /// Undoes a step by one line. Says so where there is none.
    pub(super) fn step_line_back(&mut self, stride: Stride) {
        self.pause();
        self.quiet_notice();
        let env = self.shown;
        if !self.session.step_line_back(env, stride) {
            let words = format!(
                "Nothing was stepped back: there is no such line before this place in a program of {} \
                 that is under way.",
                letter(env.index())
            );
            self.notice = Some(Notice::fact(words));
        }
    }

    /// Notes which lines have run of the call under way, while they are looked at.
    pub(super) fn follow_lines(&mut self) {
        let environment = self.session.machine().environment(self.shown);
        let stands = environment.is_some_and(|it| match self.side {
            Side::LibOs => it.in_handler() || matches!(it.phase, Phase::Broken(_)),
            Side::Application => it.process.is_some(),
        });
        let position = self.session.machine().position();
        let here = (self.shown, self.side, position);
        if !stands || self.face != Face::Source || self.is_busy() {
            self.lines_run = None;
        } else if self.lines_run.as_ref().is_none_or(|(at, _)| *at != here) {
            let lines = self.session.lines_run(self.shown, self.side);
            self.lines_run = Some((here, lines));
        }
    }

    /// Lists what runs, if that is looked at and another program runs than was listed.
    pub(super) fn list_again(&mut self) {
        let environment = self.session.machine().environment(self.shown);
        let program = environment.and_then(|environment| match self.side {
            Side::LibOs => environment.program(),
            Side::Application => environment.process.as_ref().map(|it| &it.program),
        });
        let Some(program) = program.filter(|_| self.face == Face::Bytecode) else {
            self.listing = None;
            return;
        };
        let listed = self.listing.as_ref().map(|listing| &listing.program);
        if !listed.is_some_and(|listed| Arc::ptr_eq(listed, program)) {
            self.listing = Some(Listing::of(program));
        }
    }
}
