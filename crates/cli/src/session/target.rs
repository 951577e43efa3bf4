//! How far a command goes through a run, as it is written.

use exo_core::ids::Position;
use exo_session::Session;
use exo_session::saved::{Opened, parse_position};

use super::source::Found;

/// How far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// To that position.
    Position(Position),
    /// To the end of the run.
    End,
}

impl Target {
    /// How far a command goes that was not told: to where the session was saved, and a scenario to its
    /// end.
    pub fn or_saved(told: Option<Target>, found: &Found, opened: &Opened) -> Target {
        told.unwrap_or(match found.saved.model {
            Some(_) => Target::Position(opened.position),
            None => Target::End,
        })
    }

    /// Brings a session there.
    pub fn reach(self, session: &mut Session) {
        match self {
            Target::Position(position) => session.go_to(position),
            Target::End => {
                session.run_slice(u64::MAX);
            }
        }
    }
}

/// Reads a position, or `end`.
pub fn parse_target(text: &str) -> Result<Target, String> {
    if text == "end" {
        return Ok(Target::End);
    }
    let position = parse_position(text).map(Target::Position);
    position.ok_or_else(|| {
        "write a position, like 1024.3 (units completed, events within the next one) or 1024, or end"
            .to_owned()
    })
}

/// Reads a position.
pub fn position(text: &str) -> Result<Position, String> {
    parse_position(text).ok_or_else(|| "write a position, like 1024.3 or 1024".to_owned())
}
