//! What shows the kernel safe at length (`docs/safety.md`): each part runs a program of the tests.

use anyhow::Result;

use crate::places::Workspace;
use crate::process;
use crate::stages::host;

/// A part: the program, what it is to do, and how much.
type Part = (&'static str, &'static [&'static str]);

/// What is run, in two rows at once: the large state spaces take as long as all the rest.
const ROWS: [&[Part]; 2] = [
    &[("safety", &["explore"])],
    &[
        ("safety", &["model", "2000000"]),
        ("safety", &["pairs", "20000"]),
        ("safety", &["flips", "1000"]),
        ("safety", &["sweeps"]),
        ("safety", &["filters", "1000000"]),
        ("safety", &["network", "300"]),
        ("simulate", &["--seeds", "3000", "--steps", "5000"]),
    ],
];

/// Explores, compares with the naive model, compares pairs of runs, sweeps and simulates.
pub fn run(workspace: &Workspace) -> Result<()> {
    // Both rows wait for the first build otherwise.
    host(
        workspace,
        &["build", "--release", "--quiet", "-p", "exo-tests", "--bins"],
    )?;
    let row = |parts: &[Part]| {
        let mut parts = parts.iter();
        parts.try_for_each(|(program, words)| tests_program(workspace, &[], program, words))
    };
    let [first, second] = ROWS;
    let (one, other) = process::beside(|| row(first), || row(second));
    one.and(other)
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
