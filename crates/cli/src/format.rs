//! `exo format`: lays a file out as rustfmt does.

use std::path::PathBuf;

use clap::Args;

use crate::Failure;
use crate::check::read;

/// The file that is laid out.
#[derive(Debug, Args)]
pub struct FormatArguments {
    /// The policy's source.
    file: PathBuf,
    /// Change nothing; fail if the file is laid out in another way.
    #[arg(long)]
    check: bool,
}

/// Formats a file in place; one that is formatted already is not written.
///
/// # Errors — the file is as it was
/// [`Failure::Run`] if it is not formatted and `--check` was asked for; [`Failure::Input`] if it
/// cannot be read or written, or is not Rust.
pub fn format(arguments: &FormatArguments) -> Result<(), Failure> {
    let source = read(&arguments.file)?;
    let name = arguments.file.display();
    let formatted = exo_policy::services::format(&source).map_err(|errors| {
        let lines: Vec<String> = errors
            .iter()
            .map(|error| format!("{name}:{error}"))
            .collect();
        Failure::Input(format!("this cannot be read\n{}", lines.join("\n")))
    })?;
    if formatted == source {
        return Ok(());
    }
    if arguments.check {
        let first = source
            .lines()
            .zip(formatted.lines())
            .position(|(a, b)| a != b);
        let line = first.unwrap_or(0) + 1;
        let message = format!("{name} is laid out in another way, from line {line} on");
        return Err(Failure::Run(message));
    }
    std::fs::write(&arguments.file, formatted)
        .map_err(|error| Failure::Input(format!("cannot write {name}: {error}")))
}
