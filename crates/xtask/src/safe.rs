//! What shows the kernel safe at length (`docs/safety.md`): each part runs a program of the tests.

use anyhow::Result;

use crate::places::Workspace;
use crate::stages::host;

/// What is run: the program, what it is to do, and how much.
const PARTS: &[(&str, &[&str])] = &[
    ("safety", &["explore"]),
    ("safety", &["model", "2000000"]),
    ("safety", &["pairs", "20000"]),
    ("safety", &["sweeps"]),
    ("simulate", &["--seeds", "3000", "--steps", "5000"]),
];

/// Explores, compares with the naive model, and compares pairs of runs.
pub fn run(workspace: &Workspace) -> Result<()> {
    for (program, words) in PARTS {
        tests_program(workspace, &[], program, words)?;
    }
    Ok(())
}

/// Shows that each named mistake of the kernel is noticed.
pub fn mutants(workspace: &Workspace) -> Result<()> {
    let features = ["--features", "mutants"];
    tests_program(workspace, &features, "safety", &["mutants"])
}

/// Builds a program of the tests, optimised, and runs it.
fn tests_program(
    workspace: &Workspace,
    options: &[&str],
    program: &str,
    words: &[&str],
) -> Result<()> {
    let mut arguments = vec!["run", "--release", "--quiet", "-p", "exo-tests"];
    arguments.extend(options);
    arguments.extend(["--bin", program, "--"]);
    arguments.extend(words);
    host(workspace, &arguments)
}
