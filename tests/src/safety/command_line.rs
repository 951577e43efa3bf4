//! The command `safety`: what is shown, and what is said of it.

use std::process::ExitCode;
use std::time::Instant;

use exo_core::error::SysError;

use super::against_model::compare;
use super::explore::explore;
use super::flips;
use super::network;
use super::pairs::{self, Differs};
use super::simulate;
use super::spaces::{SPACES, Space, space};
use super::sweeps;
use crate::filters::{exhaustive, random};

const HELP: &str = "\
safety explore [NAME…]     explores state spaces to closure (all of them if none is named)
safety model N [SEED]      compares the kernel with the naive model over N random commands
safety pairs N [SEED]      shows that N pairs of runs that differ in what one environment may not
                           read look the same to it
safety flips N [SEED]      turns bits over in memory, disk and TLB, and lets the timer fail, in N runs each
safety filters N [SEED]    compares every engine's verdicts with a naive reading of the filters over every
                           set of a small universe, and over N random packets
safety network N [SEED]    simulates N networks in which native libOSes do as they like
safety sweeps              lets every limit be reached at every use in every scenario
safety mutants [NAME…]     shows that each named mistake of the kernel is noticed;
                           needs `--features mutants`
";

/// Does what the command line says; fails if anything is not as it should be.
pub fn run(words: impl Iterator<Item = String>) -> ExitCode {
    let words: Vec<String> = words.collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.split_first() {
        Some((&"explore", names)) => explored(names),
        Some((&"model", numbers)) => compared(numbers),
        Some((&"pairs", numbers)) => paired(numbers),
        Some((&"flips", numbers)) => flipped(numbers),
        Some((&"filters", numbers)) => filtered(numbers),
        Some((&"network", numbers)) => networked(numbers),
        Some((&"sweeps", _)) => swept(),
        Some((&"mutants", names)) => mutants(names),
        _ => Err(HELP.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn explored(names: &[&str]) -> Result<(), String> {
    let mut spaces: Vec<&Space> = SPACES.iter().collect();
    if !names.is_empty() {
        let named = |name: &&str| space(name).ok_or(format!("there is no state space {name}"));
        spaces = names.iter().map(named).collect::<Result<_, _>>()?;
    }
    let mut differ = Vec::new();
    for space in spaces {
        let start = Instant::now();
        let large = space.shape[3] > 1;
        let explored = explore(&space.sizes(), usize::MAX, !large);
        let explored = explored.map_err(|it| format!("{}:\n{}", space.name, it.fixture()))?;
        println!(
            "{:8} {:>9} states, {:>10} transitions, diameter {}, {:.1} s; never: {:?}",
            space.name,
            explored.states,
            explored.transitions,
            explored.diameter,
            start.elapsed().as_secs_f64(),
            space.missing(&explored)
        );
        differ.extend(space.compare(&explored).err());
    }
    if differ.is_empty() {
        return Ok(());
    }
    Err(differ.join("\n"))
}

/// Simulates seeds; with `--canary` a run must fail and be reported, and then fails.
pub fn simulate(words: impl Iterator<Item = String>) -> ExitCode {
    let words: Vec<String> = words.collect();
    let after = |name: &str, otherwise: u64| {
        let at = words.iter().position(|it| it == name);
        let word = at.and_then(|at| words.get(at + 1));
        word.map_or(Ok(otherwise), |it| it.parse())
    };
    let parsed = (
        after("--seeds", 100),
        after("--steps", 5000),
        after("--first", 1),
    );
    let (Ok(seeds), Ok(steps), Ok(first)) = parsed else {
        eprintln!("simulate [--seeds N] [--steps N] [--first SEED] [--canary]");
        return ExitCode::from(2);
    };
    let extra = match words.iter().any(|it| it == "--canary") {
        true => simulate::canary,
        false => simulate::content,
    };
    let start = Instant::now();
    match simulate::seeds(first, seeds, steps as usize, extra) {
        Ok(found) => {
            println!(
                "{seeds} seeds, {} commands, {} kinds of events, {} refusals, {} references after \
                 healing, digest {:016x}, {:.1} s",
                found.commands,
                found.events.len(),
                found.refusals.len(),
                found.healed,
                found.digest,
                start.elapsed().as_secs_f64()
            );
            let never = SysError::ALL.iter().map(|it| it.name());
            let never: Vec<&str> = never.filter(|it| !found.refusals.contains(it)).collect();
            println!("never refused: {never:?}");
            ExitCode::SUCCESS
        }
        Err((seed, found)) => {
            println!("seed {seed}: simulate --first {seed} --seeds 1 --steps {steps}");
            println!("{}", found.fixture());
            ExitCode::FAILURE
        }
    }
}

/// The number at a place of the words, or what is taken without one.
fn number(words: &[&str], place: usize, otherwise: u64) -> Result<u64, String> {
    let Some(word) = words.get(place) else {
        return Ok(otherwise);
    };
    word.parse().map_err(|_| format!("{word:?} is no number"))
}

fn networked(words: &[&str]) -> Result<(), String> {
    let (seeds, seed) = (number(words, 0, 100)?, number(words, 1, 1)?);
    let start = Instant::now();
    let found = network::simulate(seed, seeds, 4_000);
    let found = found.map_err(|(seed, found)| format!("seed {seed}: {found:?}"))?;
    println!(
        "{seeds} networks, {} steps: {} packets in buffers, {} dropped, {} sent, {} not sent since a frame \
         was gone, {} calls refused, {} of them since they would have taken another's packets, {:.1} s",
        found.steps,
        found.received,
        found.dropped,
        found.sent,
        found.not_sent,
        found.refused,
        found.overlaps,
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

fn compared(words: &[&str]) -> Result<(), String> {
    let (commands, seed) = (number(words, 0, 100_000)?, number(words, 1, 1)?);
    let start = Instant::now();
    let found = compare(seed, commands).map_err(|it| it.fixture())?;
    println!(
        "{} commands, {} of them refused, {} references completed, {} frames taken and {} saved, as the \
         model has it, {:.1} s",
        found.commands,
        found.refused,
        found.completed,
        found.taken,
        found.saved,
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

fn filtered(words: &[&str]) -> Result<(), String> {
    let (packets, seed) = (number(words, 0, 100_000)?, number(words, 1, 1)?);
    let start = Instant::now();
    let small = exhaustive::sets_of_three()?;
    if small < 1_000_000 {
        return Err(format!("only {small} verdicts over small sets of filters"));
    }
    let (refused, _) = exhaustive::pairs_of_two_owners()?;
    let found = random::compare(seed, packets)?;
    println!(
        "{small} verdicts over every small set of filters, {refused} overlaps refused; {} random packets, {} of them \
         accepted, {} filters refused and {} removed: every engine as the naive reading has it, {:.1} s",
        found.packets,
        found.accepted,
        found.refused,
        found.removed,
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

fn swept() -> Result<(), String> {
    let swept = sweeps::sweep().map_err(|it| it.to_string())?;
    println!(
        "{} runs of {} scenarios, {} refusals because something had run out",
        swept.runs,
        sweeps::SCENARIOS.len(),
        swept.refusals
    );
    Ok(())
}

fn paired(words: &[&str]) -> Result<(), String> {
    let (count, seed) = (number(words, 0, 1000)?, number(words, 1, 1)?);
    let start = Instant::now();
    let found = pairs::compare(Differs::Behaviour, seed, count).map_err(|it| it.fixture())?;
    println!(
        "{} pairs, {} with secrets that differed, {} observations, all the same, {:.1} s",
        found.pairs,
        found.secrets,
        found.observations,
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

fn flipped(words: &[&str]) -> Result<(), String> {
    let (count, seed) = (number(words, 0, 300)?, number(words, 1, 1)?);
    let start = Instant::now();
    let found = pairs::compare(Differs::Flips, seed, count).map_err(|it| it.fixture())?;
    println!(
        "memory and disk: {} pairs, {} in which bytes differed, {} observations, all the same",
        found.pairs, found.secrets, found.observations
    );
    let found = flips::tlb(seed, count).map_err(|it| it.to_string())?;
    println!(
        "TLB: {} bits found by an invariant, {} that give nothing that is another's",
        found.found, found.contained
    );
    let found = flips::timer(seed, count).map_err(|it| it.to_string())?;
    println!(
        "timer: {} runs, {} in another order, all with the same results, {:.1} s",
        found.runs,
        found.told,
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

#[cfg(feature = "mutants")]
fn mutants(names: &[&str]) -> Result<(), String> {
    super::mutants::table(names)
}

#[cfg(not(feature = "mutants"))]
fn mutants(_: &[&str]) -> Result<(), String> {
    Err("the kernel was built without its mutants: add `--features mutants`".to_owned())
}
