//! The command `differential`: what is compared, and what is said of it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use super::compare::{self, Found};
use super::files::{self, Verdict};
use super::fuzz::{self, Answers};
use super::generate::KINDS;
use super::mistakes::{self, Verdicts};
use super::rustc::Workshop;

const HELP: &str = "\
differential PART… [--seed N] [--first N]
  --programs N   generated programs do the same under our compiler and under rustc
  --mistakes N   programs with one mistake are refused by both
  --tokens N     of programs with one token changed, rustc accepts what we accept
  --sources N    hostile sources are compiled or refused
  --bytecode N   hostile bytecode is refused or run
    --keep DIR   keeps the shortest input for each answer
differential --only INDEX [--seed N] [--print]
  compares one generated program, or prints it
differential --files DIR
  compares programs written by hand, whose policy is called `P`
";
/// Programs of one build.
const BATCH: u32 = 500;
/// Differences that are shown whole.
const SHOWN: usize = 3;
/// Changed tokens of one program.
const TOKENS_EACH: u32 = 10;

/// What the command line asks for.
#[derive(Default)]
struct Options {
    programs: u32,
    mistakes: u32,
    tokens: u32,
    sources: u32,
    bytecode: u32,
    keep: Option<PathBuf>,
    files: Option<PathBuf>,
    seed: u64,
    first: u32,
    only: Option<u32>,
    print: bool,
}

fn parse(words: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options {
        seed: 1,
        ..Options::default()
    };
    let mut words = words;
    while let Some(word) = words.next() {
        if word == "--print" {
            options.print = true;
            continue;
        }
        let value = words.next().ok_or(format!("`{word}` needs a number"))?;
        if word == "--keep" {
            options.keep = Some(PathBuf::from(value));
            continue;
        }
        if word == "--files" {
            options.files = Some(PathBuf::from(value));
            continue;
        }
        let number: u32 = value
            .parse()
            .map_err(|_| format!("`{value}` is no number"))?;
        match word.as_str() {
            "--programs" => options.programs = number,
            "--mistakes" => options.mistakes = number,
            "--tokens" => options.tokens = number,
            "--sources" => options.sources = number,
            "--bytecode" => options.bytecode = number,
            "--seed" => options.seed = number.into(),
            "--first" => options.first = number,
            "--only" => options.only = Some(number),
            _ => return Err(format!("`{word}` is not known")),
        }
    }
    Ok(options)
}

/// Does what the command line says; fails if anything differs.
pub fn run(words: impl Iterator<Item = String>) -> ExitCode {
    let options = match parse(words) {
        Ok(options) => options,
        Err(message) => {
            eprint!("{message}\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match parts(&options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the parts that are asked for; whether all is well.
fn parts(options: &Options) -> io::Result<bool> {
    let compared = against_rustc(options)?;
    let answered = hostile(options)?;
    Ok(compared && answered)
}

/// The parts that need no rustc.
fn hostile(options: &Options) -> io::Result<bool> {
    let seed = options.seed;
    let mut well = true;
    if options.sources > 0 {
        let count = options.sources;
        let found = in_batches(options, "sources", count, Answers::add, |indices| {
            Ok(fuzz::sources(seed, indices))
        })?;
        well &= answered("sources", &found);
    }
    if options.bytecode > 0 {
        let count = options.bytecode;
        let found = in_batches(options, "programs", count, Answers::add, |indices| {
            Ok(fuzz::bytecode(seed, indices))
        })?;
        well &= answered("bytecode", &found);
        if let Some(directory) = &options.keep {
            for (kind, (_, input)) in &found.kinds {
                let name = fuzz::file_name(kind);
                fs::write(directory.join(name + ".hex"), fuzz::to_hex(input))?;
            }
        }
    }
    Ok(well)
}

fn answered(what: &str, found: &Answers) -> bool {
    for (kind, (count, _)) in &found.kinds {
        println!("  {count:6} {what} {kind}");
    }
    for defect in found.defects.iter().take(SHOWN) {
        println!("{defect}");
    }
    println!("{} defects", found.defects.len());
    found.defects.is_empty()
}

/// The parts that rustc judges.
fn against_rustc(options: &Options) -> io::Result<bool> {
    let seed = options.seed;
    if let (Some(index), true) = (options.only, options.print) {
        match compare::choose(seed, index) {
            Ok(chosen) => print!("{}", chosen.program.source),
            Err(refusal) => println!("{refusal}"),
        }
        return Ok(true);
    }
    let generated = options.programs + options.mistakes + options.tokens > 0;
    if !generated && options.only.is_none() && options.files.is_none() {
        return Ok(true);
    }
    let workshop = Workshop::new("differential")?;
    let mut well = true;
    if let Some(directory) = &options.files {
        well &= by_hand(&workshop, directory)?;
    }
    if let Some(index) = options.only {
        well &= shown(&compare::batch(&workshop, seed, &[index])?);
    }
    if options.programs > 0 {
        let count = options.programs;
        let found = in_batches(options, "programs", count, Found::add, |indices| {
            let found = compare::batch(&workshop, seed, indices)?;
            // A long run need not be waited for.
            for difference in &found.differences {
                println!("{}", difference.lines().next().unwrap_or_default());
            }
            Ok(found)
        })?;
        well &= shown(&found);
    }
    if options.mistakes > 0 {
        let count = options.mistakes;
        let found = in_batches(options, "mistakes", count, Verdicts::add, |indices| {
            mistakes::made(&workshop, seed, indices)
        })?;
        well &= judged("mistakes", &found);
        for (kind, refused) in KINDS.iter().zip(&found.by_kind) {
            println!("  {refused:6} {kind}");
        }
    }
    if options.tokens > 0 {
        let count = options.tokens.div_ceil(TOKENS_EACH);
        let found = in_batches(options, "programs", count, Verdicts::add, |indices| {
            mistakes::tokens(&workshop, seed, indices, TOKENS_EACH)
        })?;
        well &= judged("changed tokens", &found);
    }
    Ok(well)
}

/// Says what both compilers make of each file; whether they agree as far as they must.
fn by_hand(workshop: &Workshop, directory: &Path) -> io::Result<bool> {
    let files = files::read(directory)?;
    let texts: Vec<&str> = files.iter().map(|(_, text)| text.as_str()).collect();
    let mut well = true;
    for ((name, _), verdict) in files.iter().zip(files::compared(workshop, &texts)?) {
        well &= !matches!(verdict, Verdict::Differs(_) | Verdict::Unsound(_));
        println!("{name}: {verdict}");
    }
    Ok(well)
}

fn shown(found: &Found) -> bool {
    println!(
        "{} programs, {} lines, {} of them trap, {} excused, {} instructions, {} differences",
        found.programs,
        found.lines,
        found.trapped,
        found.excused,
        found.fuel,
        found.differences.len()
    );
    for (number, difference) in found.differences.iter().enumerate() {
        match number < SHOWN {
            true => println!("{difference}"),
            false => println!("{}", difference.lines().next().unwrap_or_default()),
        }
    }
    found.differences.is_empty()
}

fn judged(what: &str, found: &Verdicts) -> bool {
    println!(
        "{} {what}: {} refused by both, {} accepted by both, {} refused by us alone \
         ({} without an excuse), {} accepted by us alone",
        found.mutants,
        found.refused,
        found.accepted,
        found.stricter,
        found.reasons.len(),
        found.unsound.len()
    );
    for reason in found.reasons.iter().take(4 * SHOWN) {
        println!("  refused by us alone: {reason}");
    }
    for unsound in found.unsound.iter().take(4 * SHOWN) {
        println!("{unsound}");
    }
    found.unsound.is_empty()
}

/// Does a part batch after batch, on as many threads as there are processors.
fn in_batches<T: Default + Send>(
    options: &Options,
    what: &str,
    count: u32,
    add: impl Fn(&mut T, T) + Sync,
    batch: impl Fn(&[u32]) -> io::Result<T> + Sync,
) -> io::Result<T> {
    let end = options.first.saturating_add(count);
    let next = AtomicU32::new(options.first);
    let sum = Mutex::new((T::default(), 0));
    let work = || -> io::Result<()> {
        loop {
            let start = next.fetch_add(BATCH, Ordering::Relaxed);
            if start >= end {
                return Ok(());
            }
            let indices: Vec<u32> = (start..end.min(start.saturating_add(BATCH))).collect();
            let part = batch(&indices)?;
            let mut sum = sum.lock().unwrap_or_else(PoisonError::into_inner);
            add(&mut sum.0, part);
            sum.1 += indices.len();
            println!("{} of {count} {what}", sum.1);
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| -> io::Result<()> {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        for handle in handles {
            let ended = handle.join();
            ended.map_err(|_| io::Error::other("a thread panicked"))??;
        }
        Ok(())
    })?;
    let sum = sum.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(sum.0)
}
