//! Reads the log of inputs, and the logs of branches that were left.

use exo_core::cpu::Role;
use exo_core::limits::FRAMES_MAX;

use super::section::{FileError, Section};
use super::sources::Sources;
use super::{SavedBranch, SavedChange, SavedInput};
use crate::session::BRANCHES_MAX;

/// Inputs of a branch.
const INPUTS_MAX: usize = 10_000;
/// The highest number of a branch.
const BRANCH_NUMBER_MAX: u32 = 1_000_000;

/// The log of a section.
pub(super) fn inputs(
    file: &Section<'_>,
    sources: &Sources,
    environments: usize,
) -> Result<Vec<SavedInput>, FileError> {
    let mut inputs: Vec<SavedInput> = Vec::new();
    for section in file.sections("input", INPUTS_MAX)? {
        section.known(&["at", "environment", "libos", "reset", "app", "frames"])?;
        let place = section.need("at")?;
        let at = place.position()?;
        if inputs.last().is_some_and(|before| before.at > at) {
            return Err(place.wrong("inputs must stand in the order of their positions"));
        }
        let reset = section
            .find("reset")
            .map(|value| value.truth())
            .transpose()?;
        let found = (
            section.find("libos"),
            section.find("app"),
            section.find("frames"),
        );
        let change = match found {
            (Some(libos), None, None) => SavedChange::Policy {
                libos: sources.named(&libos, Role::LibOs)?,
                reset: reset.unwrap_or(false),
            },
            (None, Some(app), None) => {
                SavedChange::Application(sources.named(&app, Role::Application)?)
            }
            (None, None, Some(frames)) => SavedChange::Frames(frames.number_u32(0..=FRAMES_MAX)?),
            _ => {
                let message = "an input changes one thing: write libos, app or frames";
                return Err(section.wrong(message));
            }
        };
        let env = section.need("environment")?.environment(environments)?;
        inputs.push(SavedInput { at, env, change });
    }
    Ok(inputs)
}

/// The branches that were left.
pub(super) fn branches(
    file: &Section<'_>,
    sources: &Sources,
    environments: usize,
) -> Result<Vec<SavedBranch>, FileError> {
    let mut branches: Vec<SavedBranch> = Vec::new();
    let running = running(file)?;
    for section in file.sections("branch", BRANCHES_MAX)? {
        section.known(&["number", "furthest", "input"])?;
        let place = section.need("number")?;
        let number = place.number_u32(0..=BRANCH_NUMBER_MAX)?;
        if number == running || branches.iter().any(|it| it.number == number) {
            return Err(place.wrong(format!("another branch has the number {number}")));
        }
        branches.push(SavedBranch {
            number,
            furthest: section.need("furthest")?.number(0..=u64::MAX)?,
            inputs: inputs(&section, sources, environments)?,
        });
    }
    Ok(branches)
}

/// The number of the branch that runs.
pub(super) fn running(file: &Section<'_>) -> Result<u32, FileError> {
    let number = file.find("branch_number");
    number.map_or(Ok(0), |it| it.number_u32(0..=BRANCH_NUMBER_MAX))
}
