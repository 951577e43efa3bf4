//! Which program may take which place: the door that bytecode is verified at (D2), whoever made it.

use core::fmt;

use super::Machine;
use crate::cpu::{Program, Role};
use crate::ids::EnvId;
use crate::verify::{Refusal, verify};

/// The largest load or store of an application, in bytes: it must not cross the border of a page.
const WORD_BYTES_MAX: u32 = 8;

/// Why a program cannot take the place it is meant for. Nothing of it has run, and nothing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// The machine has no such environment.
    NoSuchEnvironment(EnvId),
    /// It is a program of another kind.
    Role {
        /// What it must be here.
        wanted: Role,
        /// What it is.
        found: Role,
    },
    /// Its bytecode breaks a rule.
    Bytecode(Role, Refusal),
    /// A page of the machine is smaller than the largest load of an application.
    PageTooSmall,
}

/// Whether a program may take the place of a `wanted`, on a machine with such pages.
///
/// # Errors
/// Why not.
pub(super) fn fits(program: &Program, wanted: Role, page_bits: u8) -> Result<(), Unfit> {
    let found = program.role;
    if found != wanted {
        return Err(Unfit::Role { wanted, found });
    }
    verify(program).map_err(|refusal| Unfit::Bytecode(wanted, refusal))?;
    if wanted == Role::Application && 1 << page_bits < WORD_BYTES_MAX {
        return Err(Unfit::PageTooSmall);
    }
    Ok(())
}

impl Machine {
    /// Whether a program may be an environment's libOS or its application, which `wanted` says.
    ///
    /// # Errors
    /// Why not.
    pub fn accepts(&self, env: EnvId, program: &Program, wanted: Role) -> Result<(), Unfit> {
        match self.environment(env) {
            None => Err(Unfit::NoSuchEnvironment(env)),
            Some(_) => fits(program, wanted, self.config.page_bits),
        }
    }
}

/// A role with its article.
fn one(role: Role) -> (&'static str, &'static str) {
    let article = match role {
        Role::Application => "an",
        _ => "a",
    };
    (article, role.name())
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Unfit::NoSuchEnvironment(env) => {
                write!(f, "there is no environment {}", env.0)
            }
            Unfit::Role { wanted, found } => {
                let ((a, wanted), (an, found)) = (one(wanted), one(found));
                write!(f, "{a} {wanted} is needed here, and this is {an} {found}")
            }
            Unfit::Bytecode(role, refusal) => {
                write!(f, "its {} is refused: {refusal}", role.name())
            }
            Unfit::PageTooSmall => write!(
                f,
                "its application is a program, and a page of this machine is too small for its \
                 largest load: a page must have at least {WORD_BYTES_MAX} bytes"
            ),
        }
    }
}

impl core::error::Error for Unfit {}
