//! Two runs in lock-step: how long they are one and the same, where they part, and which victim each
//! environment chooses differently first.
//!
//! Steps are compared by what happened, not by when: another policy takes other instructions on its
//! way to the same decision.

use std::collections::VecDeque;

use exo_core::event::Event;
use exo_core::ids::{EnvId, Page, Position};
use exo_core::machine::Stop;

use crate::explain::{env_letter, explain, grouped};
use crate::session::{Recorded, Session};

/// Units of one piece: one run is no further ahead of the other.
const SLICE_UNITS: u64 = 1 << 10;

/// Where a step that was found leads from, and what happened in a sentence; the session goes there.
pub fn told(session: &mut Session, step: &Recorded) -> (Position, String) {
    session.go_to_step(step.number);
    let text = explain(&step.stamped.event, session.machine()).text;
    (step.stamped.position, text)
}

/// The first step that is not the same; none on a side whose run was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parting {
    /// On the one side, then on the other.
    pub steps: [Option<Recorded>; 2],
}

/// The first eviction of an environment that took another page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Whose.
    pub env: EnvId,
    /// Which of its evictions, from 1.
    pub eviction: u64,
    /// The page that lost its frame, and in which step, on each side.
    pub victims: [(Page, u64); 2],
}

impl Choice {
    /// It as a sentence.
    pub fn words(&self) -> String {
        let [(one, first), (other, second)] = self.victims;
        format!(
            "Eviction {} of {} is the first that takes another page: 0x{:X} (step {}), and 0x{:X} \
             (step {}).",
            grouped(self.eviction),
            env_letter(self.env),
            one.0,
            grouped(first),
            other.0,
            grouped(second)
        )
    }
}

impl Lockstep {
    /// How long the two are the same, as a sentence.
    pub fn words(&self) -> String {
        let Some(parting) = self.parting else {
            return "Every step of the two is the same.".to_owned();
        };
        let first = parting.steps.iter().flatten().map(|it| it.number).min();
        match first {
            None | Some(1) => "They part at the first step:".to_owned(),
            Some(first) => format!("The first {} steps are the same. Then:", grouped(first - 1)),
        }
    }
}

/// How two runs compare.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lockstep {
    /// Where they part; none if all steps are the same.
    pub parting: Option<Parting>,
    /// At most one for each environment.
    pub choices: Vec<Choice>,
}

/// Evictions of one environment that only one side has come to yet.
#[derive(Debug, Default)]
struct Evictions {
    waiting: [VecDeque<(Page, u64)>; 2],
    compared: u64,
    parted: bool,
}

impl Evictions {
    /// Takes one more of a side; gives the first pair that differs.
    fn take(&mut self, side: usize, victim: (Page, u64)) -> Option<[(Page, u64); 2]> {
        if self.parted {
            return None;
        }
        self.waiting[side].push_back(victim);
        let [one, other] = &mut self.waiting;
        let (Some(first), Some(second)) = (one.front().copied(), other.front().copied()) else {
            return None;
        };
        one.pop_front();
        other.pop_front();
        self.compared += 1;
        self.parted = first.0 != second.0;
        self.parted.then_some([first, second])
    }
}

/// What has been seen so far.
#[derive(Debug)]
struct Seen {
    steps: [VecDeque<Recorded>; 2],
    evictions: Vec<Evictions>,
    found: Lockstep,
}

impl Seen {
    /// Takes a step of a side.
    fn take(&mut self, side: usize, step: Recorded) {
        if self.found.parting.is_none() {
            self.steps[side].push_back(step);
        }
        if let Event::Bound {
            env,
            replaced: Some(page),
            ..
        } = step.stamped.event
            && let Some(evictions) = self.evictions.get_mut(env.index())
            && let Some(victims) = evictions.take(side, (page, step.number))
        {
            self.found.choices.push(Choice {
                env,
                eviction: evictions.compared,
                victims,
            });
        }
    }

    /// Compares the steps that both sides have come to; `ended` says which of them has no more.
    fn compare(&mut self, ended: [bool; 2]) {
        let [one, other] = &mut self.steps;
        while let (Some(first), Some(second)) = (one.front(), other.front()) {
            if first.stamped.event != second.stamped.event {
                self.part();
                return;
            }
            one.pop_front();
            other.pop_front();
        }
        if ended[0] && !other.is_empty() || ended[1] && !one.is_empty() {
            self.part();
        }
    }

    fn part(&mut self) {
        let [one, other] = &mut self.steps;
        self.found.parting = Some(Parting {
            steps: [one.front().copied(), other.front().copied()],
        });
        one.clear();
        other.clear();
    }

    /// Whether nothing is left to find.
    fn done(&self) -> bool {
        self.found.parting.is_some() && self.evictions.iter().all(|it| it.parted)
    }
}

/// Runs a session on by a piece, and tells of every step.
fn listen(session: &mut Session, mut hear: impl FnMut(Recorded)) -> Stop {
    let end = Position {
        retired: session.machine().position().retired + SLICE_UNITS,
        event: 0,
    };
    while session.machine().position() < end {
        let (stop, step) = session.walk(end, true);
        step.into_iter().for_each(&mut hear);
        if stop != Stop::Reached {
            return stop;
        }
    }
    Stop::Reached
}

/// Two sessions on their way through the comparison.
#[derive(Debug)]
pub struct Comparison {
    sides: [Session; 2],
    seen: Seen,
    /// Whether a side has nothing left to do.
    over: [bool; 2],
}

impl Comparison {
    /// Compares two sessions from where they stand on, where both must be the same, as at reset.
    pub fn new(one: Session, other: Session) -> Comparison {
        let sides = [one, other];
        let environments = sides.iter().map(|it| it.scenario().environments.len());
        let environments = environments.max().unwrap_or(0);
        Comparison {
            sides,
            seen: Seen {
                steps: Default::default(),
                evictions: (0..environments).map(|_| Evictions::default()).collect(),
                found: Lockstep::default(),
            },
            over: [false; 2],
        }
    }

    /// Runs both on, by a thousand units, or by more where there is nothing left to find. False when
    /// both have nothing left to do.
    pub fn advance(&mut self) -> bool {
        let done = self.seen.done();
        for side in [0, 1] {
            // The one that is behind in steps goes on, so that what waits stays short.
            let ahead = self.seen.steps[side].len() > self.seen.steps[1 - side].len();
            if self.over[side] || ahead && !self.over[1 - side] {
                continue;
            }
            let (session, seen) = (&mut self.sides[side], &mut self.seen);
            let stop = if done {
                session.run_slice(8 * SLICE_UNITS)
            } else {
                listen(session, |step| seen.take(side, step))
            };
            self.over[side] = stop != Stop::Reached;
        }
        self.seen.compare(self.over);
        self.over != [true; 2]
    }

    /// The steps that both sides have come to.
    pub fn steps(&self) -> [u64; 2] {
        self.sides.each_ref().map(Session::step_number)
    }

    /// Both where they stand.
    pub fn sides(&self) -> &[Session; 2] {
        &self.sides
    }

    /// What has been found so far, and the sessions where they stand.
    pub fn finish(mut self) -> (Lockstep, [Session; 2]) {
        self.sides.iter_mut().for_each(Session::settle);
        (self.seen.found, self.sides)
    }
}
