//! The emulated machine and its exokernel: a value, with no clock, no I/O and no policy.
//!
//! ```text
//!   ids, error, limits, cost, event, trace, wire  <-  hw, cpu  <-  kernel, verify  <-  machine, downloaded
//! ```
#![no_std]

extern crate alloc;

pub mod cost;
pub mod cpu;
mod derived;
pub mod digest;
pub mod downloaded;
pub mod error;
pub mod event;
pub mod hw;
pub mod ids;
pub mod kernel;
pub mod limits;
pub mod machine;
pub mod mutants;
mod paged;
pub mod rivals;
pub mod rng;
pub mod trace;
pub mod verify;
pub mod wire;
