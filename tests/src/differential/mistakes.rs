//! Programs with one mistake, and programs with one token changed: what we accept, rustc accepts.

use std::io;

use exo_core::rng::Rng;

use super::compare::{EXCUSES, numbered};
use super::generate::{self, KINDS, Mistake, Size};
use super::mutate;
use super::rustc::Workshop;

/// What our compiler and rustc say of a changed program.
struct Mutant {
    /// What was changed, for a reader.
    change: String,
    source: String,
    /// Our first error.
    ours: Option<String>,
}

/// What was found of a number of changed programs.
#[derive(Default)]
pub struct Verdicts {
    /// Changed programs.
    pub mutants: u32,
    /// Refused by both.
    pub refused: u32,
    /// Accepted by both.
    pub accepted: u32,
    /// Refused by us alone: what is outside of the subset, mostly.
    pub stricter: u32,
    /// For each kind of mistake, how many both refused.
    pub by_kind: Vec<u32>,
    /// Our reasons where rustc has none.
    pub reasons: Vec<String>,
    /// Accepted by us alone: each is a defect of our compiler.
    pub unsound: Vec<String>,
}

impl Verdicts {
    /// Adds what else was found.
    pub fn add(&mut self, other: Verdicts) {
        self.mutants += other.mutants;
        self.refused += other.refused;
        self.accepted += other.accepted;
        self.stricter += other.stricter;
        self.by_kind.resize(KINDS.len(), 0);
        for (sum, more) in self.by_kind.iter_mut().zip(other.by_kind) {
            *sum += more;
        }
        self.reasons.extend(other.reasons);
        self.unsound.extend(other.unsound);
    }
}

fn our_error(source: &str) -> Option<String> {
    let errors = exo_policy::compile(source).err()?;
    let error = errors.first().map(ToString::to_string);
    Some(error.unwrap_or_else(|| "refused without a reason".to_string()))
}

/// A small program that we accept.
fn base(seed: u64, index: u32) -> Option<(generate::Program, u32)> {
    (0..20).find_map(|attempt| {
        let program = generate::program(seed, index, attempt, None, Size::Small);
        let accepted = exo_policy::compile(&program.source).is_ok();
        accepted.then_some((program, attempt))
    })
}

/// Makes one mistake in each of the programs of those indices, and asks both compilers.
///
/// # Errors
/// What kept rustc from being run.
pub fn made(workshop: &Workshop, seed: u64, indices: &[u32]) -> io::Result<Verdicts> {
    let mut mutants = Vec::new();
    let mut kinds = Vec::new();
    for index in indices {
        let Some((program, attempt)) = base(seed, *index) else {
            continue;
        };
        // The kinds take turns, as far as there are places for them.
        let turn = *index as usize % KINDS.len();
        let kind = (turn..KINDS.len())
            .chain(0..turn)
            .find(|it| program.sites[*it] > 0);
        let Some(kind) = kind else { continue };
        let mut rng = Rng::new(seed, u64::from(*index) | 1 << 40);
        let site = rng.below(program.sites[kind]);
        let mistake = Some(Mistake { kind, site });
        let source = generate::program(seed, *index, attempt, mistake, Size::Small).source;
        mutants.push(Mutant {
            change: format!("program {index}, {}", KINDS[kind]),
            ours: our_error(&source),
            source,
        });
        kinds.push(kind);
    }
    let theirs = verdicts(workshop, &mutants)?;
    let mut found = judged(&mutants, &theirs);
    found.by_kind = vec![0; KINDS.len()];
    for ((mutant, theirs), kind) in mutants.iter().zip(&theirs).zip(kinds) {
        found.by_kind[kind] += u32::from(mutant.ours.is_some() && theirs.is_some());
    }
    Ok(found)
}

/// Changes one token in each of the programs of those indices, and asks rustc about those that we
/// still accept.
///
/// # Errors
/// What kept rustc from being run.
pub fn tokens(workshop: &Workshop, seed: u64, indices: &[u32], each: u32) -> io::Result<Verdicts> {
    let mut mutants = Vec::new();
    let mut refused = 0;
    for index in indices {
        let Some((program, _)) = base(seed, *index) else {
            continue;
        };
        let mut rng = Rng::new(seed, u64::from(*index) | 1 << 41);
        for turn in 0..each {
            let source = mutate::token(&mut rng, &program.source);
            if our_error(&source).is_some() {
                refused += 1;
                continue;
            }
            mutants.push(Mutant {
                change: format!(
                    "program {index}, token change {turn}: {}",
                    changed(&program.source, &source)
                ),
                source,
                ours: None,
            });
        }
    }
    let theirs = verdicts(workshop, &mutants)?;
    let mut found = judged(&mutants, &theirs);
    found.mutants += refused;
    Ok(found)
}

/// The first line that a change made different, before and after.
fn changed(before: &str, after: &str) -> String {
    let mut pairs = before.lines().zip(after.lines());
    let pair = pairs.find(|(before, after)| before != after);
    pair.map_or(String::new(), |(before, after)| {
        format!("\n  - {}\n  + {}", before.trim(), after.trim())
    })
}

fn verdicts(workshop: &Workshop, mutants: &[Mutant]) -> io::Result<Vec<Option<String>>> {
    let sources: Vec<(u32, &str)> = (0..)
        .zip(mutants)
        .map(|(number, mutant)| (number, mutant.source.as_str()))
        .collect();
    workshop.verdicts(&sources)
}

fn judged(mutants: &[Mutant], theirs: &[Option<String>]) -> Verdicts {
    let mut found = Verdicts::default();
    for (mutant, theirs) in mutants.iter().zip(theirs) {
        found.mutants += 1;
        match (&mutant.ours, theirs) {
            (Some(_), Some(_)) => found.refused += 1,
            (None, None) => found.accepted += 1,
            (Some(ours), None) => {
                found.stricter += 1;
                let excused = EXCUSES.iter().any(|excuse| ours.contains(excuse));
                if !excused && !ours.contains("outside the subset") {
                    found.reasons.push(format!("{}: {ours}", mutant.change));
                }
            }
            (None, Some(theirs)) => {
                let (change, shown) = (&mutant.change, numbered(&mutant.source));
                found.unsound.push(format!(
                    "{change}\naccepted by us, refused by rustc: {theirs}\n{shown}"
                ));
            }
        }
    }
    found
}
