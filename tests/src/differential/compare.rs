//! Programs under both compilers: the same text, or a difference to show.

use std::io;

use exo_core::cpu::Program as Code;

use super::generate::{self, Program, Size};
use super::ours;
use super::rustc::Workshop;

/// Reasons to refuse a well-typed program that rustc has as well, as lints, or that are limits.
pub const EXCUSES: [&str; 4] = [
    "will overflow",
    "will panic at runtime",
    "this expression is too long",
    "brackets within each other",
];

/// A program that both compilers take.
pub struct Chosen {
    /// Its index.
    pub index: u32,
    /// Its source.
    pub program: Program,
    /// What our compiler made of it.
    pub code: Code,
    /// Programs of that index that were refused, for an excuse, before this one.
    pub attempts: u32,
}

/// What a comparison found.
#[derive(Default)]
pub struct Found {
    /// Programs compared.
    pub programs: u32,
    /// Programs of which at least one handler trapped.
    pub trapped: u32,
    /// Programs refused for an excuse.
    pub excused: u32,
    /// Lines of all programs.
    pub lines: usize,
    /// Instructions run.
    pub fuel: u64,
    /// What differed, one text for each program.
    pub differences: Vec<String>,
}

impl Found {
    /// Adds what another comparison found.
    pub fn add(&mut self, other: Found) {
        self.programs += other.programs;
        self.trapped += other.trapped;
        self.excused += other.excused;
        self.lines += other.lines;
        self.fuel += other.fuel;
        self.differences.extend(other.differences);
    }
}

/// The program of that seed and index.
///
/// # Errors
/// What our compiler says against a program that should be fine.
pub fn choose(seed: u64, index: u32) -> Result<Chosen, String> {
    for attempts in 0..40 {
        let program = generate::program(seed, index, attempts, None, Size::Whole);
        let errors = match exo_policy::compile(&program.source) {
            Ok(code) => {
                return Ok(Chosen {
                    index,
                    program,
                    code,
                    attempts,
                });
            }
            Err(errors) => errors,
        };
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        let excused = |error: &String| EXCUSES.iter().any(|excuse| error.contains(excuse));
        if !errors.iter().all(excused) {
            let shown = numbered(&program.source);
            return Err(format!(
                "program {index} is refused by us:\n{}\n{shown}",
                errors.join("\n")
            ));
        }
    }
    Err(format!("program {index} cannot be made without an excuse"))
}

/// A source with the numbers of its lines.
pub fn numbered(source: &str) -> String {
    let lines = source.lines().enumerate();
    lines
        .map(|(number, line)| format!("{:4} {line}\n", number + 1))
        .collect()
}

/// Compares the programs of those indices.
///
/// # Errors
/// What kept rustc from being run.
pub fn batch(workshop: &Workshop, seed: u64, indices: &[u32]) -> io::Result<Found> {
    let mut found = Found::default();
    let mut chosen = Vec::new();
    for index in indices {
        match choose(seed, *index) {
            Ok(program) => chosen.push(program),
            Err(refusal) => found.differences.push(refusal),
        }
    }
    let sources: Vec<(u32, &str)> = chosen
        .iter()
        .map(|it| (it.index, it.program.source.as_str()))
        .collect();
    let theirs = match workshop.run(&sources) {
        Ok(theirs) => theirs,
        Err(error) => {
            // One program that rustc refuses must not hide the others.
            let verdicts = workshop.verdicts(&sources)?;
            let refused = chosen.iter().zip(&verdicts).filter_map(|(it, verdict)| {
                let (index, shown) = (it.index, numbered(&it.program.source));
                let verdict = verdict.as_ref()?;
                Some(format!(
                    "program {index} is refused by rustc: {verdict}\n{shown}"
                ))
            });
            found.differences.extend(refused);
            if found.differences.is_empty() {
                return Err(error);
            }
            return Ok(found);
        }
    };
    for (chosen, theirs) in chosen.iter().zip(theirs) {
        let ours = ours::run(chosen.index, &chosen.code, u64::MAX);
        found.programs += 1;
        found.trapped += u32::from(ours.traps > 0);
        found.excused += chosen.attempts;
        found.lines += chosen.program.source.lines().count();
        found.fuel += ours.fuel;
        let (index, source) = (chosen.index, &chosen.program.source);
        if let Some(parts) = difference(&ours.text, &theirs, source) {
            found.differences.push(format!("program {index} {parts}"));
        }
    }
    Ok(found)
}

/// Whether two lines say the same. Where the standard library panics by itself, as `pow` does, rustc
/// knows no line of the program, and says 0.
fn agree((ours, theirs): &(&str, &str)) -> bool {
    let kind = theirs.strip_suffix(" at 0");
    ours == theirs
        || kind.is_some_and(|kind| ours.rsplit_once(" at ").is_some_and(|it| it.0 == kind))
}

/// Shows where what a program did under us and under rustc parts, if it does.
pub fn difference(ours: &str, theirs: &str, source: &str) -> Option<String> {
    let same = ours.lines().zip(theirs.lines()).take_while(agree).count();
    if same == ours.lines().count() && same == theirs.lines().count() {
        return None;
    }
    let around = |text: &str| -> String {
        let lines = text.lines().skip(same.saturating_sub(4)).take(6);
        lines.map(|line| format!("    {line}\n")).collect()
    };
    Some(format!(
        "differs from line {} of its text on\n  ours:\n{}  rustc:\n{}{}",
        same + 1,
        around(ours),
        around(theirs),
        numbered(source)
    ))
}
