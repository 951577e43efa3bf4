//! Sessions at the command line: `exo replay`, `exo diff`, `exo why`, `exo export`, `exo link`, `exo scenario`.

mod diff;
mod export;
mod link;
mod replay;
mod scenario;
mod source;
mod target;
mod why;

pub use diff::{DiffArguments, diff};
pub use export::{ExportArguments, export};
pub use link::{LinkArguments, link};
pub use replay::{ReplayArguments, replay};
pub use scenario::{ScenarioArguments, scenario};
pub use why::{WhyArguments, why};

use exo_session::Session;
use exo_session::explain::grouped;

use crate::Failure;

/// Runs a branch that was left instead of the one that runs.
///
/// # Errors
/// There is no such branch; the sentence lists those that there are.
fn take_branch(session: &mut Session, number: u32) -> Result<(), Failure> {
    if number == session.branch() || session.switch_to(number) {
        return Ok(());
    }
    let known = session.branches();
    let known: Vec<String> = known.iter().map(|it| it.number.to_string()).collect();
    Err(Failure::Input(match known.as_slice() {
        [] => {
            format!("there is no branch {number}: nothing was edited in the past of this session")
        }
        known => {
            let (running, left) = (session.branch(), known.join(", "));
            format!("there is no branch {number}: {running} runs, and {left} were left")
        }
    }))
}

/// The branches of a session, a line each; nothing if only one future was ever begun.
fn branch_lines(session: &Session) -> String {
    let branches = session.branches();
    if branches.is_empty() {
        return String::new();
    }
    let mut text = format!("branch {} runs\n", session.branch());
    for branch in branches {
        let from = session.fork_of(branch.number);
        let from = from.map_or_else(
            || "the same inputs".to_owned(),
            |at| format!("parts from it at position {at}"),
        );
        text.push_str(&format!(
            "branch {} was left: {from}, inputs {}, came to step {}\n",
            branch.number,
            branch.inputs.len(),
            grouped(branch.furthest)
        ));
    }
    text
}
