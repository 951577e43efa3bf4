//! Programs under rustc: many in one build.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

/// A directory in which rustc works on batches of programs. It is removed in the end.
pub struct Workshop {
    directory: PathBuf,
    batches: AtomicU32,
}

/// Lints that say what will go wrong at run time, which is what the comparison is about.
const ALLOWED: [&str; 4] = [
    "-Awarnings",
    "-Aarithmetic_overflow",
    "-Aunconditional_panic",
    "-Along_running_const_eval",
];

/// Runs the policy of a program, whose name is `P`.
const START: &str = "\npub fn start(index: u64) { exo_prelude::run(index, &mut P::new()); }\n";

impl Workshop {
    /// Builds the prelude in a new directory.
    ///
    /// # Errors
    /// What kept rustc from being run, or what it said.
    pub fn new(name: &str) -> io::Result<Workshop> {
        let unique = format!("exo-{name}-{}", std::process::id());
        let workshop = Workshop {
            directory: std::env::temp_dir().join(unique),
            batches: AtomicU32::new(0),
        };
        fs::create_dir_all(&workshop.directory)?;
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let real = here.join("../crates/prelude/src/lib.rs");
        let seen = here.join("src/differential/native/exo_prelude.rs");
        workshop.library("real", &real, &[])?;
        workshop.library("exo_prelude", &seen, &["--extern", "real"])?;
        Ok(workshop)
    }

    fn rustc(&self) -> Command {
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc"));
        let mut command = Command::new(rustc);
        command
            .current_dir(&self.directory)
            .args(["--edition", "2024", "-L", "."]);
        command.args(ALLOWED);
        command
    }

    fn library(&self, name: &str, source: &Path, uses: &[&str]) -> io::Result<()> {
        let mut command = self.rustc();
        command.args(uses);
        command.args(["--crate-type", "rlib", "--crate-name", name, "-O"]);
        succeeded(name, command.arg(source))?;
        Ok(())
    }

    /// Writes a batch of programs, each a module of its own file, and a `main` that runs them:
    /// `start` is put behind each, where it moves no line.
    fn batch(&self, programs: &[(u32, &str)], start: &str) -> io::Result<PathBuf> {
        let number = self.batches.fetch_add(1, Ordering::Relaxed);
        let directory = self.directory.join(format!("batch{number}"));
        fs::create_dir_all(&directory)?;
        let (mut modules, mut calls) = (String::new(), String::new());
        for (index, source) in programs {
            let file = directory.join(format!("p{index}.rs"));
            fs::write(file, format!("{source}{start}"))?;
            modules += &format!("pub mod p{index};\n");
            calls += &format!("p{index}::start({index});\n");
        }
        let main = format!("{modules}\nfn main() {{\n{calls}}}\n");
        fs::write(directory.join("main.rs"), main)?;
        fs::write(directory.join("lib.rs"), modules)?;
        Ok(directory)
    }

    /// Builds and runs a batch: what each program printed, in order.
    ///
    /// # Errors
    /// What kept rustc or the batch from being run, or what rustc said of the programs.
    pub fn run(&self, programs: &[(u32, &str)]) -> io::Result<Vec<String>> {
        let directory = self.batch(programs, START)?;
        let program = directory.join("batch");
        let mut command = self.rustc();
        command.args(["-Copt-level=0", "-Coverflow-checks=on", "-Cdebuginfo=0"]);
        command.args(["-Ccodegen-units=4", "--extern", "exo_prelude"]);
        command.args(["--crate-name", "batch", "-o"]);
        command.arg(&program).arg(directory.join("main.rs"));
        succeeded("a batch", &mut command)?;
        let output = succeeded("the batch", &mut Command::new(&program))?;
        fs::remove_dir_all(&directory)?;
        let text = String::from_utf8_lossy(&output.stdout);
        let parts = text.split('#').skip(1).map(|part| {
            let (_, text) = part.split_once('\n').unwrap_or((part, ""));
            text.trim_end().to_string()
        });
        let parts: Vec<String> = parts.collect();
        if parts.len() != programs.len() {
            return Err(io::Error::other("the batch ended early"));
        }
        Ok(parts)
    }

    /// What rustc says of each program: the first error, if it refuses it.
    ///
    /// Programs that are refused are left out of the next round, since one error can keep rustc
    /// from looking for others; the last round has none.
    ///
    /// # Errors
    /// What kept rustc from being run, or what it said that names no program.
    pub fn verdicts(&self, programs: &[(u32, &str)]) -> io::Result<Vec<Option<String>>> {
        let directory = self.batch(programs, "")?;
        let mut verdicts: Vec<Option<String>> = vec![None; programs.len()];
        loop {
            let left = programs.iter().zip(&verdicts);
            let left = left.filter(|(_, verdict)| verdict.is_none());
            let modules: String = left
                .map(|((index, _), _)| format!("pub mod p{index};\n"))
                .collect();
            fs::write(directory.join("lib.rs"), &modules)?;
            let mut command = self.rustc();
            command.args([
                "--crate-type",
                "lib",
                "--crate-name",
                "batch",
                "--emit=metadata",
            ]);
            command.args(["--error-format=short", "--extern", "exo_prelude", "-o"]);
            command
                .arg(directory.join("batch.rmeta"))
                .arg(directory.join("lib.rs"));
            let output = command.output()?;
            if output.status.success() {
                break;
            }
            let said = String::from_utf8_lossy(&output.stderr);
            let mut found = false;
            for line in said.lines() {
                let Some((index, message)) = blamed(line) else {
                    continue;
                };
                let position = programs.iter().position(|(it, _)| *it == index);
                let Some(position) = position else { continue };
                found = true;
                verdicts[position].get_or_insert(message);
            }
            if !found {
                return Err(io::Error::other(format!("rustc said:\n{said}")));
            }
        }
        fs::remove_dir_all(&directory)?;
        Ok(verdicts)
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// The program that a line of rustc's errors is about, and what it says.
fn blamed(line: &str) -> Option<(u32, String)> {
    let (place, message) = line.split_once(": error")?;
    let file = place.split(':').next()?.rsplit('/').next()?;
    let index = file.strip_prefix('p')?.strip_suffix(".rs")?.parse().ok()?;
    let at = place.split_once(".rs:").map_or("", |(_, at)| at);
    Some((index, format!("{at}: error{message}")))
}

fn succeeded(what: &str, command: &mut Command) -> io::Result<Output> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(output);
    }
    let mut said = String::from_utf8_lossy(&output.stderr).into_owned();
    let end = said
        .char_indices()
        .nth(6000)
        .map_or(said.len(), |(at, _)| at);
    said.truncate(end);
    Err(io::Error::other(format!("{what} failed:\n{said}")))
}
