//! Which lines of the function under way have run since it was called.

use exo_core::event::Event;
use exo_core::ids::{EnvId, Position};

use super::Side;
use crate::session::Session;

/// Units that are looked back over: as many as a handler seldom takes. What ran before is not told.
const UNITS_MAX: u64 = 4_000;

impl Session {
    /// The lines of the innermost call under way of one program of `env` that have run since it was called, in order,
    /// with the one at which it stands; of a long call those of the last 4,000 units. Empty if it is not under way.
    /// The run stands where it stood.
    pub fn lines_run(&mut self, env: EnvId, side: Side) -> Vec<u32> {
        let here = self.machine().position();
        if self.running_program(env, side).is_none() {
            return Vec::new();
        }
        let earliest = here.retired.saturating_sub(UNITS_MAX);
        let called =
            |event: &Event| matches!(event, Event::Upcall { env: whose, .. } if *whose == env);
        let upcall = self.recent().iter().rev();
        let mut upcall = upcall.filter(|it| side == Side::LibOs && called(&it.stamped.event));
        let mut from = upcall.next().map(|it| it.after).unwrap_or_default();
        if from.retired < earliest {
            from = Position {
                retired: earliest,
                event: 0,
            };
        }
        let nearby = self.nearby_before(from);
        self.aside(|session| {
            session.go_blindly_to(from, nearby);
            session.lines_run_to(here, env, side)
        })
    }

    /// As [`Session::lines_run`], from where the machine stands to `end`.
    fn lines_run_to(&mut self, end: Position, env: EnvId, side: Side) -> Vec<u32> {
        // The lines of each call under way, the outermost first.
        let mut calls: Vec<Vec<u32>> = Vec::new();
        loop {
            match self.stands(env) {
                Some((at, depth, line, _)) if at == side => {
                    calls.resize(depth + 1, Vec::new());
                    if let Some(lines) = calls.last_mut()
                        && let Err(place) = lines.binary_search(&line)
                    {
                        lines.insert(place, line);
                    }
                }
                // A libOS that broke stands nowhere any more.
                _ if self.running_program(env, side).is_some() => {}
                _ => calls.clear(),
            }
            let before = self.machine().position();
            if before.retired >= end.retired {
                break;
            }
            self.look_by_unit(env, end.retired);
            if self.machine().position() == before {
                break;
            }
        }
        calls.pop().unwrap_or_default()
    }
}
