//! Branches: editing in the past begins another future, and the one that was left is kept (D6).
//!
//! A branch is a log of inputs; going to it again runs it again. What two of them share is the run up
//! to the first input in which they differ.

use exo_core::ids::Position;

use super::Session;
use super::inputs::{Given, Input};
use crate::scenario::SessionError;

/// Branches that are kept besides the one that runs; the oldest goes when there would be more.
pub const BRANCHES_MAX: usize = 16;

/// A future that was left.
#[derive(Debug)]
pub(super) struct Branch {
    number: u32,
    inputs: Vec<Input>,
    furthest: u64,
}

/// A branch as it is shown and written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchLog {
    /// Its number, which it keeps: 0 is the future that the session began with.
    pub number: u32,
    /// Its inputs in order, those that it shares included.
    pub inputs: Vec<Given>,
    /// The most events that it has come to.
    pub furthest: u64,
}

impl Session {
    /// The number of the branch that runs: 0 until an edit in the past began another.
    pub fn branch(&self) -> u32 {
        self.number
    }

    /// How many branches were left.
    pub fn branch_count(&self) -> usize {
        self.branches.len()
    }

    /// The branches that were left, the one that was left first in front.
    pub fn branches(&self) -> Vec<BranchLog> {
        let all = self.branches.iter().map(|branch| BranchLog {
            number: branch.number,
            inputs: branch.inputs.iter().map(Input::given).collect(),
            furthest: branch.furthest,
        });
        all.collect()
    }

    /// The position up to which the branch of that number and the one that runs are one and the same.
    /// None if there is no such branch, or if they differ in nothing.
    pub fn fork_of(&self, number: u32) -> Option<Position> {
        let branch = self.branches.iter().find(|it| it.number == number)?;
        fork(&self.inputs, &branch.inputs)
    }

    /// The numbers of the branches that were left, and the steps at which they leave the one that runs, where it has
    /// come there.
    pub fn forks(&self) -> impl Iterator<Item = (u32, u64)> {
        self.branches.iter().filter_map(|branch| {
            let at = fork(&self.inputs, &branch.inputs)?;
            let mut inputs = self.inputs.iter().chain(&branch.inputs);
            let input = inputs.find(|it| it.at == at && it.step > 0)?;
            Some((branch.number, input.step))
        })
    }

    /// Runs the branch of that number instead, from where both are one; the one that ran is kept in its
    /// place. The session then stands where it stood, or at the fork if that is before. False, and
    /// nothing changes, if there is no such branch.
    pub fn switch_to(&mut self, number: u32) -> bool {
        let Some(branch) = self.branches.iter_mut().find(|it| it.number == number) else {
            return false;
        };
        let here = self.machine.position();
        let fork = fork(&self.inputs, &branch.inputs).unwrap_or(here);
        let known = self.known_furthest.max(self.furthest);
        self.known_furthest = std::mem::replace(&mut branch.furthest, known);
        std::mem::swap(&mut self.inputs, &mut branch.inputs);
        std::mem::swap(&mut self.number, &mut branch.number);
        self.history.forget_after(fork);
        // Nothing of it behind the fork has been run here.
        self.furthest = 0;
        self.go_to(fork);
        self.forget_counted();
        self.go_to(here.min(fork));
        true
    }

    /// A session of its own, at reset, that will run the branch of that number, or the one that runs
    /// here. None if there is no such branch.
    ///
    /// # Errors
    /// As [`Session::new`].
    pub fn branch_session(&self, number: u32) -> Option<Result<Session, SessionError>> {
        let left = self.branches.iter().find(|it| it.number == number);
        let inputs = match left {
            Some(branch) => &branch.inputs,
            None if number == self.number => &self.inputs,
            None => return None,
        };
        let given: Vec<Given> = inputs.iter().map(Input::given).collect();
        Some(Session::with_inputs(self.scenario.clone(), &given))
    }

    /// Takes up branches that were written down, beside the one that runs, whose number is given too.
    ///
    /// # Errors
    /// A source among their inputs that does not compile; no branch is taken up.
    pub fn restore_branches(
        &mut self,
        number: u32,
        logs: &[BranchLog],
    ) -> Result<(), SessionError> {
        let branches = logs.iter().map(|log| {
            let inputs = log.inputs.iter().map(Input::of).collect::<Result<_, _>>()?;
            Ok(Branch {
                number: log.number,
                inputs,
                furthest: log.furthest,
            })
        });
        self.branches = branches.collect::<Result<_, SessionError>>()?;
        self.number = number;
        let known = self.branches.iter().map(|it| it.number);
        self.next_number = known.chain([number]).max().unwrap_or(0).saturating_add(1);
        Ok(())
    }

    /// The future from here on is about to be another one: keeps the old one, if there is any of it.
    pub(super) fn keep_future(&mut self) {
        let behind = self.machine.events() < self.furthest;
        if self.taken == self.inputs.len() && !behind {
            return;
        }
        if self.branches.len() == BRANCHES_MAX {
            self.branches.remove(0);
        }
        self.branches.push(Branch {
            number: self.number,
            inputs: self.inputs.clone(),
            furthest: self.known_furthest.max(self.furthest),
        });
        self.known_furthest = 0;
        self.number = self.next_number;
        self.next_number += 1;
    }
}

/// Where two logs part: the position of the first input that is not the same.
fn fork(one: &[Input], other: &[Input]) -> Option<Position> {
    let same = one
        .iter()
        .zip(other)
        .take_while(|(one, other)| one == other);
    let shared = same.count();
    let parted = [one.get(shared), other.get(shared)];
    parted.into_iter().flatten().map(|input| input.at).min()
}
