//! Searches forward and backward, for a condition or a line of a program.
//!
//! A search backward goes over the stretches between checkpoints, the last one first, and in each
//! notes the last place where it holds: so it never runs more than once over any part of the run. It
//! can be made in pieces, and given up between two.

use exo_core::event::Event;
use exo_core::ids::{EnvId, Position};
use exo_core::machine::Stop;

use super::{Search, Session};
use crate::condition::Condition;
use crate::debugger::{Breakpoint, Side, Stride};

/// A search backward that is made in pieces, from [`Session::backward`] on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backward {
    from: Position,
    /// The step there.
    begun: u64,
    /// Whether the place where it began counts.
    inclusive: bool,
    /// What lies behind has been looked through.
    limit: Position,
    /// The step there.
    step: u64,
    /// Where the stretch begins within which the session stands; none between two of them.
    stretch: Option<(Position, u64)>,
    /// The last place in it so far.
    found: Option<Position>,
}

impl Backward {
    /// The step at which it began.
    pub(crate) fn begun(&self) -> u64 {
        self.begun
    }

    /// How many steps have been looked through; `session` is the one that looks.
    pub fn steps(&self, session: &Session) -> u64 {
        let within = self.stretch.map_or(0, |(_, start)| {
            session
                .machine
                .events()
                .min(self.step)
                .saturating_sub(start)
        });
        self.begun.saturating_sub(self.step) + within
    }
}

impl Session {
    /// Runs to the next step that brings a condition about, over at most `units_max` units.
    pub fn run_until(&mut self, condition: &Condition, units_max: u64) -> Search {
        let end = self.machine.position().retired.saturating_add(units_max);
        let search = loop {
            if self.machine.position().retired >= end {
                break Search::NotYet;
            }
            match self.look(condition, end) {
                (_, true) => break Search::Found,
                (Stop::Halted, _) => break Search::Halted,
                _ => {}
            }
        };
        self.settle();
        search
    }

    /// Goes back to the last step before this one that brought a condition about. False, and the
    /// session stands where it stood, if there is none.
    pub fn run_back_to(&mut self, condition: &Condition) -> bool {
        self.back_to(|session, end| session.look(condition, end))
    }

    /// A search backward from where the session stands. Nothing has moved yet.
    pub fn backward(&self) -> Backward {
        let from = self.machine.position();
        Backward {
            from,
            begun: self.machine.events(),
            inclusive: false,
            limit: from,
            step: self.machine.events(),
            stretch: None,
            found: None,
        }
    }

    /// As [`Session::backward`]; the step that leads to where the session stands counts too.
    pub(crate) fn backward_from_here(&self) -> Backward {
        Backward {
            inclusive: true,
            ..self.backward()
        }
    }

    /// As [`Session::run_back_to`], over about `units_max` units at a time: until there is an answer the
    /// session stands somewhere before, and must be moved by nothing else.
    pub fn run_back_piece(
        &mut self,
        condition: &Condition,
        back: &mut Backward,
        units_max: u64,
    ) -> Search {
        self.back_piece(back, units_max, &mut |session, _, end| {
            session.look(condition, end)
        })
    }

    /// Undoes a step by line of the program of `env` that runs: goes back to the start of the line
    /// before, of the same function or one that calls it (over), of any (into), or to the call of the
    /// function that runs (out). False, and nothing moved, if neither of its programs is under way or
    /// there is no such line.
    pub fn step_line_back(&mut self, env: EnvId, stride: Stride) -> bool {
        let Some((side, depth)) = self.running_side(env) else {
            return false;
        };
        self.back_to(|session, end| {
            let stop = session.look_by_unit(env, end);
            let found = session.at_line_start(env).is_some_and(|(at, here, _)| {
                at == side
                    && match stride {
                        Stride::Into => true,
                        Stride::Over => here <= depth,
                        Stride::Out => here < depth,
                    }
            });
            (stop, found)
        })
    }

    /// Makes one step towards unit `end`, and says whether it brought the condition about.
    fn look(&mut self, condition: &Condition, end: u64) -> (Stop, bool) {
        let running = self.machine.kernel().running;
        match condition {
            Condition::Line(at) => {
                return self.look_at_lines(at.env, end, |_| std::slice::from_ref(at));
            }
            Condition::Breakpoint => {
                return self.look_at_lines(running, end, |it| &it.annotations.breakpoints);
            }
            _ => {}
        }
        let watched = condition.watched(&self.machine);
        let most = condition.leap_max(&self.machine);
        let end = end.min(self.machine.position().retired.saturating_add(most));
        let (stop, event) = self.hear(end);
        let now = condition.watched(&self.machine);
        let changed = match condition {
            // It may fall again, when another program takes over; that is nothing that was asked for.
            Condition::Counter(..) | Condition::Kind(..) | Condition::Invariant => now > watched,
            _ => now != watched,
        };
        (stop, changed || event.is_some_and(|it| condition.is(&it)))
    }

    /// Makes one step towards unit `end`, and gives the event that it caused, unless it is a plain hit.
    fn hear(&mut self, end: u64) -> (Stop, Option<Event>) {
        let target = Position {
            retired: end,
            event: 0,
        };
        let (stop, told) = self.walk(target, false);
        (stop, told.map(|it| it.stamped.event))
    }

    /// Goes on with a search backward, over about `units_max` units, for the last step of which `holds`
    /// says so. It is told the step's event, unless that is a plain hit, and whether a stretch begins:
    /// then there was no step yet.
    pub(crate) fn back_event_piece(
        &mut self,
        back: &mut Backward,
        units_max: u64,
        mut holds: impl FnMut(&Session, Option<&Event>, bool) -> bool,
    ) -> Search {
        self.back_piece(back, units_max, &mut |session, start, end| {
            if session.machine.position() == start {
                holds(session, None, true);
            }
            let (stop, event) = session.hear(end);
            let held = holds(session, event.as_ref(), false);
            (stop, held)
        })
    }

    /// Makes one step towards unit `end`, of one instruction where a program of `env` runs.
    pub(crate) fn look_by_unit(&mut self, env: EnvId, end: u64) -> Stop {
        let here = self.machine.position().retired;
        let runs = self.machine.kernel().running == env && self.running_side(env).is_some();
        self.leap(if runs { end.min(here + 1) } else { end })
    }

    /// Makes such a step, and says whether it came to the start of one of these lines.
    fn look_at_lines<'a>(
        &'a mut self,
        env: EnvId,
        end: u64,
        lines: impl FnOnce(&'a Session) -> &'a [Breakpoint],
    ) -> (Stop, bool) {
        let before = self.machine.position();
        let stop = self.look_by_unit(env, end);
        let moved = self.machine.position() != before;
        let session = &*self;
        (stop, moved && session.is_at_any(lines(session)))
    }

    /// Goes to the last position before this one to which a step of `look` led that found something.
    fn back_to(&mut self, mut look: impl FnMut(&mut Session, u64) -> (Stop, bool)) -> bool {
        let mut back = self.backward();
        let mut look = |session: &mut Session, _, end| look(session, end);
        self.back_piece(&mut back, u64::MAX, &mut look) == Search::Found
    }

    /// Goes on with a search backward over about `units_max` units. Unless there is more to look
    /// through, the session then stands where something was found, or where the search began. `look` is
    /// told where the stretch begins that it looks through.
    fn back_piece(
        &mut self,
        back: &mut Backward,
        units_max: u64,
        look: &mut impl FnMut(&mut Session, Position, u64) -> (Stop, bool),
    ) -> Search {
        let mut left = units_max;
        while left > 0 {
            let Some((start, step)) = back.stretch else {
                if let Some(found) = back.found {
                    self.go_to(found);
                    return Search::Found;
                }
                let Some(checkpoint) = self.history.strictly_before(back.limit) else {
                    self.go_to(back.from);
                    return Search::Halted;
                };
                back.stretch = Some((checkpoint.position(), checkpoint.events()));
                self.machine.restore(checkpoint);
                self.restored();
                continue;
            };
            if self.look_through(back, &mut left, &mut |session, end| {
                look(session, start, end)
            }) {
                (back.stretch, back.limit, back.step) = (None, start, step);
            }
        }
        Search::NotYet
    }

    /// Goes on within the stretch that a search looks through, and notes the last place that it finds.
    /// True at the stretch's end.
    fn look_through(
        &mut self,
        back: &mut Backward,
        left: &mut u64,
        look: &mut impl FnMut(&mut Session, u64) -> (Stop, bool),
    ) -> bool {
        while self.machine.position() < back.limit {
            if *left == 0 {
                return false;
            }
            let before = self.machine.position();
            // Within the last unit there are single steps, which cannot pass it.
            let end = back.limit.retired.min(before.retired.saturating_add(*left));
            let (stop, holds) = look(self, end.max(before.retired + 1));
            let at = self.machine.position();
            let within = at < back.from || back.inclusive && at == back.from;
            if holds && at != before && within {
                back.found = Some(at);
            }
            if stop == Stop::Halted {
                break;
            }
            *left = left.saturating_sub(at.retired - before.retired);
        }
        true
    }

    /// The program of `env` that is under way, and how deep its calls are.
    fn running_side(&self, env: EnvId) -> Option<(Side, usize)> {
        self.stands(env).map(|(side, depth, _, _)| (side, depth))
    }

    /// The side, the depth and the line, if the program of `env` that is under way stands at the
    /// start of a line.
    fn at_line_start(&self, env: EnvId) -> Option<(Side, usize, u32)> {
        let (side, depth, line, starts) = self.stands(env)?;
        starts.then_some((side, depth, line))
    }
}
