//! Scenario files, session files and share links: whatever is written is read again, whatever is
//! read is a session or a sentence, and old links keep opening.

mod corpus;
mod damage;
mod links;
mod messages;
mod readers;
mod round_trips;
mod scenarios;

use exo_session::saved::{Nothing, Opened, Read, open, read};

/// A session from its text, at the position where it was saved.
pub fn opened(text: &str) -> Opened {
    at_its_position(&read(text).unwrap_or_else(|error| panic!("{error}\n{text}")))
}

/// A session that was read, at the position where it was saved.
pub fn at_its_position(read: &Read) -> Opened {
    let mut opened = open(&read.saved, &mut Nothing).unwrap();
    opened.session.go_to(opened.position);
    opened
}

/// A scenario that comes along, as text.
pub fn shipped(name: &str) -> &'static str {
    exo_libos_samples::scenario(name).unwrap().text
}
