//! The policy compiler against rustc: generated programs, mistakes in them, and hostile input.
//!
//! ```text
//!   seed, index -> generate -> source -+-> exo-policy -> CPU -> ours.rs    text -+
//!                                      +-> rustc, many in a build -> native/ text -+-> equal
//! ```

pub mod command;
pub mod compare;
pub mod files;
pub mod fuzz;
pub mod generate;
pub mod mistakes;
pub mod mutate;
pub mod ours;
pub mod rustc;
#[path = "native/straw.rs"]
mod straw;
