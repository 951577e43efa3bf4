//! How far a command goes through a run, as it is written.

use exo_core::ids::Position;
use exo_session::saved::parse_position;

/// How far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// To that position.
    Position(Position),
    /// To the end of the run.
    End,
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
