//! Breakpoints, and steps by line: over, into and out of calls.

use exo_core::cpu::{Context, Program};
use exo_core::ids::EnvId;
use exo_core::machine::Stop;

use super::{Side, starts_line};
use crate::session::{Search, Session};

/// A line of a program at which to stop before it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breakpoint {
    /// Whose program.
    pub env: EnvId,
    /// Which of its two.
    pub side: Side,
    /// The line, from 1. One without code is never reached.
    pub line: u32,
}

/// How far a step by line goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stride {
    /// To the next line that runs, in a called function too, or in the libOS that a load calls up.
    Into,
    /// To the next line of the same function; what it calls runs through.
    Over,
    /// To behind the call of the function that runs; out of a handler, to the end of its upcall.
    Out,
}

/// Where a program stands at the start of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stand {
    side: Side,
    depth: usize,
    line: u32,
    starts: bool,
}

impl Session {
    /// Steps the program of `env` that runs by one line, over at most `units_max` units. Nothing
    /// moves, and there is nothing to find, if neither of its programs is under way.
    pub fn step_line(&mut self, env: EnvId, stride: Stride, units_max: u64) -> Search {
        let Some(from) = self.stand(env) else {
            return Search::Halted;
        };
        self.run_by_unit(units_max, |session| match session.stand(env) {
            // The handler is done: as far out as this program goes.
            None => true,
            Some(at) if at.side != from.side => {
                let handler_done = from.side == Side::LibOs;
                handler_done || stride == Stride::Into && at.starts
            }
            Some(at) => match stride {
                Stride::Into => at.starts,
                Stride::Over => at.starts && at.depth <= from.depth,
                Stride::Out => at.depth < from.depth,
            },
        })
    }

    /// Runs to the next time that a program comes to the start of a line with a breakpoint, over at
    /// most `units_max` units. A breakpoint at which it stands is left first.
    pub fn run_to_breakpoint(&mut self, breakpoints: &[Breakpoint], units_max: u64) -> Search {
        self.run_by_unit(units_max, |session| session.is_at_any(breakpoints))
    }

    /// Whether the program that runs stands at the start of a line with one of these breakpoints.
    pub(crate) fn is_at_any(&self, breakpoints: &[Breakpoint]) -> bool {
        let env = self.machine().kernel().running;
        self.stand(env).is_some_and(|at| {
            let here = Breakpoint {
                env,
                side: at.side,
                line: at.line,
            };
            at.starts && breakpoints.contains(&here)
        })
    }

    /// Where the program of `env` stands that runs or will go on first: which one it is, how deep its
    /// calls are, its line, and whether it stands at the start of it.
    pub(crate) fn stands(&self, env: EnvId) -> Option<(Side, usize, u32, bool)> {
        let at = self.stand(env)?;
        Some((at.side, at.depth, at.line, at.starts))
    }

    fn stand(&self, env: EnvId) -> Option<Stand> {
        let environment = self.machine().environment(env)?;
        let handling = environment.in_handler();
        let (side, (program, context)): (Side, (&Program, &Context)) = match handling {
            true => (Side::LibOs, self.running_program(env, Side::LibOs)?),
            false => (
                Side::Application,
                self.running_program(env, Side::Application)?,
            ),
        };
        let pc = context.pc();
        let line = program.place(pc).line;
        Some(Stand {
            side,
            depth: context.depth(),
            line,
            starts: starts_line(program, pc),
        })
    }

    /// Runs, unit by unit where a program runs and in leaps where a trace does, until `found` holds
    /// at another place than here.
    fn run_by_unit(&mut self, units_max: u64, found: impl Fn(&Session) -> bool) -> Search {
        let end = self.machine().position().retired.saturating_add(units_max);
        let mut stop = Stop::Reached;
        let search = loop {
            if stop == Stop::Halted {
                break Search::Halted;
            }
            let before = self.machine().position();
            if before.retired >= end {
                break Search::NotYet;
            }
            let running = self.machine().kernel().running;
            let most = match self.stand(running) {
                Some(_) => before.retired + 1,
                None => end,
            };
            stop = self.leap(most);
            if self.machine().position() != before && found(self) {
                break Search::Found;
            }
        };
        self.settle();
        search
    }
}
