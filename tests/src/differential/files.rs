//! Programs written by hand, under both compilers.

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use exo_core::cpu::Program as Code;

use super::compare;
use super::ours;
use super::rustc::Workshop;

/// What both compilers make of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Both refuse it: our errors, and the first of rustc's.
    Refused(Vec<String>, String),
    /// Both accept it, and it does the same.
    Same,
    /// Both accept it, and it does something else: where they part.
    Differs(String),
    /// We refuse it, and rustc does not: our errors.
    Stricter(Vec<String>),
    /// We accept it, and rustc does not: its first error.
    Unsound(String),
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Verdict::Same => write!(f, "the same"),
            Verdict::Differs(parts) => write!(f, "{parts}"),
            Verdict::Unsound(theirs) => write!(f, "accepted by us alone; rustc {theirs}"),
            Verdict::Stricter(ours) => write!(f, "refused by us alone{}", listed(ours)),
            Verdict::Refused(ours, theirs) => {
                write!(f, "refused by both{}\n  rustc {theirs}", listed(ours))
            }
        }
    }
}

fn listed(errors: &[String]) -> String {
    errors.iter().map(|error| format!("\n  {error}")).collect()
}

/// The texts of a directory, by name.
///
/// # Errors
/// What kept them from being read.
pub fn read(directory: &Path) -> io::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        files.push((name, fs::read_to_string(entry.path())?));
    }
    files.sort();
    Ok(files)
}

fn ours_of(text: &str) -> Result<Code, Vec<String>> {
    let compiled = exo_policy::compile(text);
    compiled.map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

/// Asks both compilers about each text, and compares what those do that both accept. The policy of
/// each is called `P`.
///
/// # Errors
/// What kept rustc from being run.
pub fn compared(workshop: &Workshop, texts: &[&str]) -> io::Result<Vec<Verdict>> {
    let numbered: Vec<(u32, &str)> = (0..).zip(texts.iter().copied()).collect();
    let theirs = workshop.verdicts(&numbered)?;
    let mut verdicts = Vec::new();
    let mut both = Vec::new();
    for ((index, text), theirs) in numbered.into_iter().zip(theirs) {
        verdicts.push(match (ours_of(text), theirs) {
            (Ok(code), None) => {
                both.push((index, text, code));
                Verdict::Same
            }
            (Ok(_), Some(error)) => Verdict::Unsound(error),
            (Err(errors), None) => Verdict::Stricter(errors),
            (Err(errors), Some(error)) => Verdict::Refused(errors, error),
        });
    }
    let run: Vec<(u32, &str)> = both
        .iter()
        .map(|(index, text, _)| (*index, *text))
        .collect();
    let printed = workshop.run(&run)?;
    for ((index, text, code), theirs) in both.iter().zip(printed) {
        let ours = ours::run(*index, code, u64::MAX);
        if let Some(parts) = compare::difference(&ours.text, &theirs, text)
            && let Some(verdict) = verdicts.get_mut(*index as usize)
        {
            *verdict = Verdict::Differs(parts);
        }
    }
    Ok(verdicts)
}
