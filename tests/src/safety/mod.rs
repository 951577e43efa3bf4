//! Shows the kernel safe: explores it to closure, compares it with a naive model, simulates it,
//! and shows that each of its named mutants is noticed. `docs/safety.md` says what for.

pub mod against_model;
mod agree;
pub mod command;
pub mod command_line;
pub mod explore;
pub mod flips;
mod footprint;
pub mod model;
#[cfg(feature = "mutants")]
pub mod mutants;
pub mod network;
pub mod oracle;
pub mod packets;
pub mod pairs;
#[path = "../../it/fixture/picture.rs"]
mod picture;
pub mod programs;
pub mod rain;
mod settle;
pub mod shrink;
pub mod simulate;
pub mod sizes;
pub mod sometimes;
pub mod spaces;
pub mod stage;
pub mod swarm;
pub mod sweeps;
pub mod world;

pub use exo_core::kernel::check::Violation;

/// What a check says.
pub type Verdict = Result<(), Violation>;

/// Fails with the number of what is broken, unless it holds.
///
/// # Errors
/// It does not hold.
pub fn require(holds: bool, invariant: &'static str, detail: impl FnOnce() -> String) -> Verdict {
    if holds {
        return Ok(());
    }
    let detail = detail();
    Err(Violation { invariant, detail })
}
