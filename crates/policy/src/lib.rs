//! Compiles policies, written in a strict subset of Rust, to bytecode.
//!
//! ```text
//!   source -> precheck -> syn -> items -> check -> typed tree -> emit -> verified -> Program
//!              size,             names    types,    const_eval    registers,  rules of
//!              nesting                    borrows   (new, const)  code, lines  the role
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
mod items;
mod layout;
pub mod listing;
mod precheck;
mod prelude;
mod state;
mod tree;
mod types;
mod verified;

pub use diagnostic::{Diagnostic, Severity};
use diagnostic::{Report, Sink, Span};
use exo_core::cpu::Program;
pub use precheck::SOURCE_BYTES_MAX;
pub use prelude::{Kind, WordEntry, vocabulary};
pub use state::STATE_BYTES_MAX;

/// Compiles a policy.
///
/// # Errors — there is no program
/// Every error found, in order of place; at least one.
pub fn compile(source: &str) -> Result<Program, Vec<Diagnostic>> {
    // The parser keeps the texts of all sources ever parsed on this thread, unless told not to.
    proc_macro2::extra::invalidate_current_thread_spans();
    let file = parse(source).map_err(|report| {
        let sink = Sink::default();
        sink.add(report);
        sink.into_sorted()
    })?;
    let context = items::collect(&file);
    let program = emit::program(&context);
    if let Some(program) = program.as_ref().filter(|_| context.sink.errors() == 0) {
        verified::check(program, &context.sink);
    }
    let errors = context.sink.into_sorted();
    match program {
        Some(program) if errors.is_empty() => Ok(program),
        _ if errors.is_empty() => {
            let sink = Sink::default();
            sink.add(Report::error(Span::top(), "this policy cannot be compiled"));
            Err(sink.into_sorted())
        }
        _ => Err(errors),
    }
}

fn parse(source: &str) -> Result<syn::File, Report> {
    let tokens = precheck::tokens(source)?;
    syn::parse2(tokens).map_err(|error| Report::error(Span::of(error.span()), error.to_string()))
}
