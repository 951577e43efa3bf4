//! Sample library operating systems: real Rust in the policy subset.
//!
//! rustc compiles this crate, and the page and the command line carry its sources, so that what a
//! student edits is what the tests run both ways.
#![no_std]
#![allow(
    clippy::new_without_default,
    reason = "a policy's `new` is a constant, not a default"
)]
#![allow(
    clippy::wildcard_imports,
    reason = "a policy names the prelude's handful of words"
)]

pub mod clock;
pub mod fifo;
pub mod random;

/// A policy that comes with the playground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// What one writes after `--libos`.
    pub name: &'static str,
    /// One line on what it does.
    pub summary: &'static str,
    /// Its source, which both compilers read.
    pub source: &'static str,
}

/// Every policy that comes with the playground.
pub const SAMPLES: &[Sample] = &[
    Sample {
        name: "fifo",
        summary: "first in, first out",
        source: include_str!("fifo.rs"),
    },
    Sample {
        name: "clock",
        summary: "second chance by reference bits",
        source: include_str!("clock.rs"),
    },
    Sample {
        name: "random",
        summary: "any page, as the seed decides",
        source: include_str!("random.rs"),
    },
];

/// The sample of that name.
pub fn sample(name: &str) -> Option<&'static Sample> {
    SAMPLES.iter().find(|sample| sample.name == name)
}
