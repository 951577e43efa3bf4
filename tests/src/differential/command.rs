//! The command `differential`: which programs are compared, and what is said of them.

use std::io;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use super::compare::{self, Found};
use super::rustc::Workshop;

const HELP: &str = "\
differential [--programs N] [--seed N] [--first N]   compare N generated programs with rustc
differential --only INDEX [--seed N] [--print]       compare one, or print it
";
/// Programs of one build.
const BATCH: u32 = 500;
/// Differences that are shown whole.
const SHOWN: usize = 3;

/// What the command line asks for.
struct Options {
    programs: u32,
    seed: u64,
    first: u32,
    only: Option<u32>,
    print: bool,
}

fn parse(words: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options {
        programs: 1000,
        seed: 1,
        first: 0,
        only: None,
        print: false,
    };
    let mut words = words;
    while let Some(word) = words.next() {
        if word == "--print" {
            options.print = true;
            continue;
        }
        let value = words.next().ok_or(format!("`{word}` needs a number"))?;
        let number: u64 = value
            .parse()
            .map_err(|_| format!("`{value}` is no number"))?;
        match word.as_str() {
            "--programs" => options.programs = number as u32,
            "--seed" => options.seed = number,
            "--first" => options.first = number as u32,
            "--only" => options.only = Some(number as u32),
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
    if let (Some(index), true) = (options.only, options.print) {
        match compare::choose(options.seed, index) {
            Ok(chosen) => print!("{}", chosen.program.source),
            Err(refusal) => println!("{refusal}"),
        }
        return ExitCode::SUCCESS;
    }
    match compare_all(&options) {
        Ok(found) => report(&found),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn report(found: &Found) -> ExitCode {
    println!(
        "{} programs, {} lines, {} of them trap, {} excused, {} instructions",
        found.programs, found.lines, found.trapped, found.excused, found.fuel
    );
    for difference in found.differences.iter().take(SHOWN) {
        println!("{difference}");
    }
    if found.differences.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!("{} differences", found.differences.len());
    ExitCode::FAILURE
}

/// Compares batch after batch, on as many threads as there are processors.
fn compare_all(options: &Options) -> io::Result<Found> {
    let workshop = Workshop::new("differential")?;
    if let Some(index) = options.only {
        return compare::batch(&workshop, options.seed, &[index]);
    }
    let end = options.first + options.programs;
    let next = AtomicU32::new(options.first);
    let found = Mutex::new(Found::default());
    let work = || -> io::Result<()> {
        loop {
            let start = next.fetch_add(BATCH, Ordering::Relaxed);
            if start >= end {
                return Ok(());
            }
            let indices: Vec<u32> = (start..end.min(start + BATCH)).collect();
            let part = compare::batch(&workshop, options.seed, &indices)?;
            let mut found = found.lock().unwrap_or_else(|error| error.into_inner());
            found.add(part);
            println!(
                "{} of {} programs, {} differences",
                found.programs,
                options.programs,
                found.differences.len()
            );
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| -> io::Result<()> {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        for handle in handles {
            handle
                .join()
                .map_err(|_| io::Error::other("a thread panicked"))??;
        }
        Ok(())
    })?;
    Ok(found
        .into_inner()
        .unwrap_or_else(|error| error.into_inner()))
}
