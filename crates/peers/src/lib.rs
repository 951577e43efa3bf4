//! What is at the other end of the network's link: clients, generators, captures, and a reflector.
//!
//! ```text
//!   clock, peer  <-  wire, exchange  <-  station, source, bounce  <-  segment, config
//! ```
//!
//! All of it follows from what it heard and from how long it was let act ([`exo_core::wire`]), so that a
//! machine that goes back in time finds the same other end. Nothing here reads a clock or makes up a number.

pub mod bounce;
pub mod clock;
pub mod config;
pub mod exchange;
pub mod peer;
pub mod segment;
pub mod source;
pub mod station;
pub mod wire;

pub use clock::Clock;
pub use config::{ConfigError, PeerConfig};
pub use peer::{Outcome, Peer, Report, RoundTrips};
pub use segment::Segment;
pub use wire::{End, PeerWire};
