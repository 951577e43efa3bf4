//! Branches: the futures that were left, running one again, and comparing one with the one that runs.

use std::rc::Rc;

use exo_core::ids::EnvId;
use exo_session::lockstep::{Comparison, told};
use exo_session::metrics::{Pair, side_by_side};
use exo_session::{Recorded, Session};

use super::course::Course;
use super::playground::{Notice, Playground};
use super::work::Activity;
use crate::view::words::grouped;

/// Pieces of a comparison between two looks at the clock.
const PIECES: u32 = 4;
/// What each of two runs that are compared keeps of its history, in bytes and cycles apart.
const HISTORY: (usize, u64) = (8_000_000, 1 << 22);

/// What can be done with branches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BranchAction {
    /// Show them, or put them away.
    Show(bool),
    /// Run the one of that number instead.
    Run(u32),
    /// Compare the one that runs with the one of that number.
    Compare(u32),
}

/// The branches, while they are looked at.
#[derive(Debug, Default)]
pub struct Branches {
    /// Whether they are.
    pub open: bool,
    comparing: Option<Comparing>,
    /// What came of the last comparison.
    pub compared: Option<Rc<Compared>>,
}

/// A comparison under way.
#[derive(Debug)]
struct Comparing {
    numbers: [u32; 2],
    comparison: Box<Comparison>,
    courses: [Course; 2],
}

impl Comparing {
    /// Goes on. True if there is more to do.
    fn advance(&mut self) -> bool {
        let more = self.comparison.advance();
        for (course, side) in self.courses.iter_mut().zip(self.comparison.sides()) {
            course.note(side);
        }
        more
    }
}

/// What came of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The two, the one that is older first.
    pub numbers: [u32; 2],
    /// How far each came.
    pub steps: [u64; 2],
    /// Whether both came to their ends.
    pub complete: bool,
    /// How long the two are the same.
    pub words: String,
    /// The step at which they part on each side: its number and a sentence; none if that side is at
    /// its end there. Nothing at all if they do not part.
    pub parting: Option<[Option<(u64, String)>; 2]>,
    /// The first other victim of each environment, as sentences.
    pub choices: Vec<String>,
    /// Frames that each environment may hold at the end of each.
    pub frames: Vec<[u32; 2]>,
    /// The figures of both, environment by environment.
    pub figures: Vec<(EnvId, Vec<Pair>)>,
    /// How each went.
    pub courses: [Course; 2],
}

impl Playground {
    /// Does what is asked. Whatever is under way ends, a comparison too.
    pub(super) fn update_branches(&mut self, action: BranchAction) {
        self.pause();
        match action {
            BranchAction::Show(open) => self.branches.open = open,
            BranchAction::Run(number) => self.switch_branch(number),
            BranchAction::Compare(number) => self.compare_branch(number),
        }
    }

    /// Runs another branch from where it parts.
    fn switch_branch(&mut self, number: u32) {
        self.quiet_notice();
        let before = self.session.branch();
        if !self.session.switch_to(number) {
            return;
        }
        self.branches.compared = None;
        let step = grouped(self.session.step_number());
        let text = format!(
            "Branch {number} runs now, from step {step} on; branch {before} is kept beside it."
        );
        self.notice = Some(Notice::fact(text));
    }

    /// Sets out to compare the branch that runs with another one, both from reset to their ends.
    fn compare_branch(&mut self, number: u32) {
        self.quiet_notice();
        // The earlier one first, so that a change is one from it to the later.
        let runs = self.session.branch();
        let numbers = [number.min(runs), number.max(runs)];
        let sides = numbers.map(|it| self.session.branch_session(it));
        let [Some(Ok(mut one)), Some(Ok(mut other))] = sides else {
            // Its sources were compiled when they were applied.
            self.notice = Some(Notice::problem(format!("There is no branch {number}.")));
            return;
        };
        for side in [&mut one, &mut other] {
            side.limit_history(HISTORY.0, HISTORY.1);
        }
        self.branches.comparing = Some(Comparing {
            numbers,
            comparison: Box::new(Comparison::new(one, other)),
            courses: Default::default(),
        });
        self.activity = Activity::Comparing;
    }

    /// Goes on with it. True if there is more to do.
    pub(super) fn compare(&mut self) -> bool {
        let Some(comparing) = &mut self.branches.comparing else {
            self.activity = Activity::Idle;
            return false;
        };
        if (0..PIECES).all(|_| comparing.advance()) {
            return true;
        }
        self.compared(true);
        self.activity = Activity::Idle;
        false
    }

    /// Ends a comparison under way, with what it has found so far.
    pub(super) fn give_up_comparing(&mut self) {
        self.compared(false);
    }

    fn compared(&mut self, complete: bool) {
        let Some(Comparing {
            numbers,
            comparison,
            courses,
        }) = self.branches.comparing.take()
        else {
            return;
        };
        let steps = comparison.steps();
        let (found, [mut one, mut other]) = comparison.finish();
        let figures = side_by_side(&one, &other);
        let limit = |session: &Session, env: EnvId| {
            let environment = session.machine().environment(env);
            environment.map_or(0, |it| it.frame_limit)
        };
        let frames = figures
            .iter()
            .map(|(env, _)| [limit(&one, *env), limit(&other, *env)]);
        let frames = frames.collect();
        let parting = found.parting.map(|parting| {
            let [first, second] = parting.steps;
            let said = |step: Option<Recorded>, session: &mut Session| {
                step.map(|step| (step.number, told(session, &step).1))
            };
            [said(first, &mut one), said(second, &mut other)]
        });
        self.branches.compared = Some(Rc::new(Compared {
            numbers,
            steps,
            complete,
            words: found.words(),
            parting,
            choices: found.choices.iter().map(|it| it.words()).collect(),
            frames,
            figures,
            courses,
        }));
    }

    /// How far a comparison under way has come: the branches, and the steps of each.
    pub(crate) fn comparison_under_way(&self) -> Option<([u32; 2], [u64; 2])> {
        let comparing = self.branches.comparing.as_ref()?;
        Some((comparing.numbers, comparing.comparison.steps()))
    }

    /// The branches, while they are looked at.
    pub(crate) fn branches(&self) -> &Branches {
        &self.branches
    }
}
