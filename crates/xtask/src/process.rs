//! Running other programs: shown, silently with a log, or for their output.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};

use crate::report::Heartbeat;

/// How many lines of its log a failed silent program shows.
const LINES_SHOWN: usize = 40;
/// How often a silent program is looked at.
const GLANCE: Duration = Duration::from_millis(50);

/// Where the program of this name is, if a command line would find it.
pub fn find_on_path(name: &str) -> Option<PathBuf> {
    let file_name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|directory| directory.join(&file_name))
        .find(|candidate| candidate.is_file())
}

/// The cargo that started us.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The output of a program that succeeds.
pub fn output(command: &mut Command) -> Result<String> {
    let line = command_line(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("`{line}` could not be started"))?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        bail!("`{line}` failed: {}", errors.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a program whose output is for the person at the terminal.
pub fn run_shown(command: &mut Command) -> Result<()> {
    let line = command_line(command);
    let status = command
        .status()
        .with_context(|| format!("`{line}` could not be started"))?;
    ensure_success(&line, status)
}

/// Does two things at once; returns when both are done.
pub fn beside<A, B: Send>(one: impl FnOnce() -> A, other: impl FnOnce() -> B + Send) -> (A, B) {
    thread::scope(|scope| {
        let other = scope.spawn(other);
        let one = one();
        let other = other.join();
        (
            one,
            other.unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
        )
    })
}

/// A program that runs without a word, but leaves a log.
pub struct Quiet<'a> {
    /// What it does, after "still".
    pub doing: &'a str,
    /// Where its output goes.
    pub log: &'a Path,
    /// How long it may take at most.
    pub limit: Option<Duration>,
}

impl Quiet<'_> {
    /// Runs the program; when it fails, the error has the end of its log.
    pub fn run(&self, command: &mut Command) -> Result<()> {
        let line = command_line(command);
        if let Some(directory) = self.log.parent() {
            fs::create_dir_all(directory)
                .with_context(|| format!("{} cannot be made", directory.display()))?;
        }
        let log = File::create(self.log)
            .with_context(|| format!("{} cannot be written", self.log.display()))?;
        let mut child = command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            // A tool's own inner workings would push its words out of the lines that are shown.
            .env("RUST_BACKTRACE", "0")
            .spawn()
            .with_context(|| format!("`{line}` could not be started"))?;
        let outcome = match self.wait(&mut child)? {
            Some(status) => ensure_success(&line, status),
            None => Err(anyhow!("`{line}` took too long and was stopped")),
        };
        outcome.map_err(|error| self.with_log(&error))
    }

    /// Waits for the program; ends it, and returns nothing, when it takes longer than it may.
    fn wait(&self, child: &mut Child) -> io::Result<Option<ExitStatus>> {
        let mut heartbeat = Heartbeat::new(self.doing);
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(Some(status));
            }
            if self.limit.is_some_and(|limit| heartbeat.elapsed() > limit) {
                child.kill()?;
                child.wait()?;
                return Ok(None);
            }
            heartbeat.beat();
            thread::sleep(GLANCE);
        }
    }

    /// What went wrong, with the end of the log, and where the rest is.
    fn with_log(&self, error: &anyhow::Error) -> anyhow::Error {
        let text = fs::read(self.log).unwrap_or_default();
        let lines = last_lines(&String::from_utf8_lossy(&text), LINES_SHOWN);
        anyhow!(
            "{} failed: {error:#}\nThe end of its log, {}:\n\n{lines}",
            self.doing,
            self.log.display()
        )
    }
}

/// The program and its arguments in one line.
pub fn command_line(command: &Command) -> String {
    let mut line = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}

/// An error unless the program ended well.
fn ensure_success(line: &str, status: ExitStatus) -> Result<()> {
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

/// The last lines of a text.
fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

/// Holds a lock file until it is dropped; says so when it has to wait for another process first.
pub fn lock(path: &Path, what: &str) -> Result<File> {
    let locked = || -> io::Result<File> {
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory)?;
        }
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)?;
        if file.try_lock().is_err() {
            println!("Waiting for another `cargo xtask` that is {what}.");
            file.lock()?;
        }
        Ok(file)
    };
    locked().with_context(|| format!("{} cannot be locked", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_of_a_long_log_is_shown() {
        assert_eq!(last_lines("a\nb\nc\n", 2), "b\nc");
        assert_eq!(last_lines("a", 2), "a");
        assert_eq!(last_lines("", 2), "");
    }

    #[test]
    #[cfg(unix)]
    fn a_silent_program_that_fails_leaves_its_words_in_the_error() {
        let log = std::env::temp_dir().join(format!("xtask-quiet-{}.log", std::process::id()));
        let quiet = Quiet {
            doing: "trying",
            log: &log,
            limit: None,
        };
        let error = quiet
            .run(Command::new("sh").args(["-c", "echo the reason >&2; exit 3"]))
            .unwrap_err();
        fs::remove_file(&log).unwrap();
        let text = format!("{error:#}");
        assert!(text.contains("the reason") && text.starts_with("trying failed: "));
    }

    #[test]
    #[cfg(unix)]
    fn a_silent_program_that_takes_too_long_is_stopped() {
        let log = std::env::temp_dir().join(format!("xtask-limit-{}.log", std::process::id()));
        let quiet = Quiet {
            doing: "waiting",
            log: &log,
            limit: Some(Duration::from_millis(100)),
        };
        let error = quiet.run(Command::new("sleep").arg("60")).unwrap_err();
        fs::remove_file(&log).unwrap();
        assert!(format!("{error:#}").contains("took too long"));
    }
}
