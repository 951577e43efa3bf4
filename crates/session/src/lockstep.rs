//! Two runs in lock-step: how long they are one and the same, where they part, and which victim each
//! environment chooses differently first.
//!
//! Steps are compared by what happened, not by when: another policy takes other instructions on its
//! way to the same decision.

use std::collections::VecDeque;

use exo_core::event::{Event, Stamped};
use exo_core::ids::{EnvId, Page};
use exo_core::machine::Stop;

use crate::session::Session;

/// Units that one run is ahead of the other at most.
const SLICE_UNITS: u64 = 1 << 12;

/// A step of one of the runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its number.
    pub number: u64,
    /// What happened, where and when.
    pub stamped: Stamped,
}

/// The first step that is not the same; none on a side whose run was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parting {
    /// On the one side, then on the other.
    pub steps: [Option<Step>; 2],
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
struct Seen {
    steps: [VecDeque<Step>; 2],
    evictions: Vec<Evictions>,
    found: Lockstep,
}

impl Seen {
    /// Takes a step of a side.
    fn take(&mut self, side: usize, step: Step) {
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

/// Runs two sessions from where they stand, each until it has nothing left to do or has run `units_max`
/// units, and compares them on the way. They must stand where both are the same, as at reset.
pub fn lockstep(one: &mut Session, other: &mut Session, units_max: u64) -> Lockstep {
    let environments = [&*one, &*other].map(|it| it.scenario().environments.len());
    let mut seen = Seen {
        steps: Default::default(),
        evictions: (0..environments[0].max(environments[1]))
            .map(|_| Evictions::default())
            .collect(),
        found: Lockstep::default(),
    };
    let sides = [one, other];
    let ends = [0, 1].map(|side: usize| {
        sides[side]
            .machine()
            .position()
            .retired
            .saturating_add(units_max)
    });
    let (mut over, mut ended) = ([false; 2], [false; 2]);
    while over != [true; 2] && !seen.done() {
        for side in [0, 1] {
            // The one that is behind in steps goes on, so that what waits stays short.
            let ahead = seen.steps[side].len() > seen.steps[1 - side].len();
            if over[side] || ahead && !over[1 - side] {
                continue;
            }
            let session = &mut *sides[side];
            let end = ends[side].min(session.machine().position().retired + SLICE_UNITS);
            let stop = session.tell(end, |number, stamped| {
                seen.take(side, Step { number, stamped })
            });
            ended[side] = stop != Stop::Reached;
            over[side] =
                stop != Stop::Reached || session.machine().position().retired >= ends[side];
        }
        seen.compare(ended);
    }
    for (session, end) in sides.into_iter().zip(ends) {
        let left = end.saturating_sub(session.machine().position().retired);
        session.run_slice(left);
        session.settle();
    }
    seen.found
}
