//! Compiles policies, written in a strict subset of Rust, to bytecode.
//!
//! ```text
//!   source -> precheck -> syntax -> items -> check -> typed tree -> emit -> verified -> Program
//!              size,      tree      names    types,    const_eval    registers,  rules of
//!              nesting                       borrows   (new, const)  code, lines  the role
//! ```
//! What it accepts, rustc accepts, and means the same: integers overflow as in a debug build,
//! indices are checked, operands are evaluated in rustc's order. The one exception are lints: rustc
//! also follows variables that change, and refuses what it sees go wrong for sure. It never panics,
//! whatever the source; every index into what a source made is a `get`.

mod arithmetic;
mod body;
mod check;
mod const_eval;
mod diagnostic;
mod emit;
mod infer;
mod intrinsic;
mod items;
mod layout;
pub mod listing;
pub mod order;
mod parse;
mod precheck;
mod prelude;
mod recover;
pub mod services;
mod state;
mod syntax;
mod table;
mod text;
mod tree;
mod types;
mod verified;
mod warnings;

pub use diagnostic::{Diagnostic, Severity};
use diagnostic::{Report, Span};
use exo_core::cpu::{Program, Role};
pub use precheck::SOURCE_BYTES_MAX;
pub use prelude::{Kind, WordEntry, vocabulary};
pub use state::STATE_BYTES_MAX;

/// Compiles a source of any role.
///
/// # Errors — there is no program
/// Every error found, in order of place; at least one.
pub fn compile(source: &str) -> Result<Program, Vec<Diagnostic>> {
    let checked = check(source);
    checked.program.ok_or(checked.diagnostics)
}

/// Compiles a source for a place that takes one role only.
///
/// # Errors — there is no program
/// Every error found, in order of place; at least one. Another role is one.
pub fn compile_as(role: Role, source: &str) -> Result<Program, Vec<Diagnostic>> {
    let checked = translate(source, Some(role));
    checked.program.ok_or(checked.diagnostics)
}

/// What is known of a source after a compile.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The program, if there is no error.
    pub program: Option<Program>,
    /// Every error and warning found, in order of place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Compiles a policy, and says all there is to say of it, warnings included.
///
/// There is a program if and only if no diagnostic is an error.
pub fn check(source: &str) -> Checked {
    translate(source, None)
}

fn translate(source: &str, wanted: Option<Role>) -> Checked {
    let readable = match parse::readable(source) {
        Ok(readable) => readable,
        Err(reports) => return refused(reports),
    };
    let mut parsed = readable.read();
    let reports = std::mem::take(&mut parsed.reports);
    let broken = std::mem::take(&mut parsed.broken);
    let context = items::collect(&parsed.file, broken, !reports.is_empty());
    if let Some(wanted) = wanted {
        context.check_wanted(wanted);
    }
    let program = emit::program(&context);
    if let Some(program) = program.as_ref().filter(|_| context.sink.errors() == 0) {
        verified::check(program, &context.sink);
        warnings::all(&context);
    }
    let mut diagnostics = context.sink.into_sorted();
    for diagnostic in &mut diagnostics {
        diagnostic.place = readable.original(diagnostic.place);
        diagnostic.end = readable.original(diagnostic.end);
    }
    if program.is_none() && diagnostics.is_empty() && reports.is_empty() {
        return refused(vec![Report::error(
            Span::top(),
            "this policy cannot be compiled",
        )]);
    }
    let diagnostics = diagnostic::sorted(diagnostics, reports);
    let is_error = |diagnostic: &Diagnostic| diagnostic.severity == Severity::Error;
    Checked {
        program: program.filter(|_| !diagnostics.iter().any(is_error)),
        diagnostics,
    }
}

fn refused(reports: Vec<Report>) -> Checked {
    Checked {
        program: None,
        diagnostics: diagnostic::sorted(Vec::new(), reports),
    }
}
