//! Sources by role: a policy where a policy is needed, an application where one is.

use std::sync::Arc;

use exo_core::cpu::{Program, Role, SourcePlace};
use exo_policy::{Diagnostic, Severity};

/// Compiles a source that must be a program of that role.
///
/// # Errors
/// All errors of the source, or one that says which kind of program is needed.
pub(crate) fn compile_as(source: &str, role: Role) -> Result<Arc<Program>, Vec<Diagnostic>> {
    let program = exo_policy::compile(source)?;
    if program.role == role {
        return Ok(Arc::new(program));
    }
    let needed = match role {
        Role::Application => "an application is needed here: it needs `impl Application for ...`",
        _ => "a policy is needed here: it needs `impl LibOs for ...`",
    };
    let place = SourcePlace { line: 1, column: 1 };
    Err(vec![Diagnostic {
        severity: Severity::Error,
        place,
        end: place,
        code: None,
        message: format!("this is of role {}, and {needed}", program.role.name()),
        hint: None,
    }])
}
