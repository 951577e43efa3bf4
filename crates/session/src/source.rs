//! Sources: compiled to what a place in an environment needs.

use std::sync::Arc;

use exo_core::cpu::{Program, Role, SourcePlace};
use exo_policy::{Diagnostic, Severity};

/// Compiles a source that must be a program of that role.
///
/// # Errors
/// All errors of the source; or one, at its top, if it is a program of another kind.
pub(crate) fn compile_as(source: &str, role: Role) -> Result<Arc<Program>, Vec<Diagnostic>> {
    let program = exo_policy::compile(source)?;
    if program.role == role {
        return Ok(Arc::new(program));
    }
    let (wanted, write) = match role {
        Role::Application => ("an application", "impl Application for ..."),
        _ => ("a policy", "impl LibOs for ..."),
    };
    let message = format!("{wanted} is needed here");
    Err(vec![at_the_top(message, Some(format!("write `{write}`")))])
}

/// What is wrong with a source as a whole.
pub(crate) fn at_the_top(message: String, hint: Option<String>) -> Diagnostic {
    let place = SourcePlace { line: 1, column: 1 };
    Diagnostic {
        severity: Severity::Error,
        place,
        end: place,
        code: None,
        message,
        hint,
    }
}
