//! `exo check`: what the compiler says of a file.

use std::path::PathBuf;

use clap::Args;
use exo_policy::{Diagnostic, Severity};
use serde_json::{Value, json};

use crate::{Failure, print};

/// The file whose compile is shown.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// The policy's source.
    file: PathBuf,
    /// Print one JSON object a line instead of text.
    #[arg(long)]
    json: bool,
}

/// Compiles a file and prints every error and warning, in order of place.
///
/// # Errors
/// [`Failure::Run`] if there is an error in the source, [`Failure::Input`] if it cannot be read.
pub fn check(arguments: &CheckArguments) -> Result<(), Failure> {
    let source = read(&arguments.file)?;
    let checked = exo_policy::check(&source);
    let name = arguments.file.display();
    for diagnostic in &checked.diagnostics {
        match arguments.json {
            true => print(&value(diagnostic).to_string())?,
            false => print(&format!("{name}:{diagnostic}"))?,
        }
    }
    let is_error = |diagnostic: &&Diagnostic| diagnostic.severity == Severity::Error;
    match checked.diagnostics.iter().filter(is_error).count() {
        0 => Ok(()),
        1 => Err(Failure::Run("1 error".to_string())),
        errors => Err(Failure::Run(format!("{errors} errors"))),
    }
}

/// A diagnostic for other programs; places are lines and columns from 1, the end exclusive.
fn value(diagnostic: &Diagnostic) -> Value {
    json!({
        "severity": match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        "line": diagnostic.place.line,
        "column": diagnostic.place.column,
        "end_line": diagnostic.end.line,
        "end_column": diagnostic.end.column,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
    })
}

/// The text of a file.
///
/// # Errors
/// [`Failure::Input`] if it cannot be read, or is not UTF-8.
pub fn read(file: &std::path::Path) -> Result<String, Failure> {
    std::fs::read_to_string(file)
        .map_err(|error| Failure::Input(format!("cannot read {}: {error}", file.display())))
}
