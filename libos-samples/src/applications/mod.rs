//! Sample applications: programs that run under any libOS, each a whole file of the subset.
//!
//! A program that comes along has a file of its own here, and a place in [`APPLICATIONS`].
#![allow(
    clippy::new_without_default,
    reason = "a program's `new` is a constant, not a default"
)]
#![allow(
    clippy::wildcard_imports,
    reason = "a program names the prelude's handful of words"
)]

use alloc::string::String;

/// Mark-sweep garbage collector.
pub mod collector;
/// Hash join.
pub mod hash_join;
/// Linked-list walk.
pub mod list_walk;
/// Matrix multiply.
pub mod matrix;
/// The primitives of Appel and Li.
pub mod primitives;
/// Quicksort.
pub mod quicksort;
/// Random scan.
pub mod random_scan;
/// Sequential scan.
pub mod scan;
/// String search.
pub mod search;

/// An application that comes with the playground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApplicationSample {
    /// What one writes after `--app`.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// One line on what it does.
    pub summary: &'static str,
    /// The sample libOS that it runs under unless one says otherwise.
    pub libos: &'static str,
    /// Frames that it may hold unless one says otherwise.
    pub frames: u32,
    /// Its source, which both compilers read.
    pub source: &'static str,
}

impl ApplicationSample {
    /// What its source says it teaches: the text of its first documentation comment.
    pub fn lesson(&self) -> String {
        crate::registry::lesson_of(self.source)
    }
}

/// A program: its name, title, libOS, frames, file and summary.
macro_rules! application {
    ($name:literal, $title:literal, $libos:literal, $frames:literal, $file:literal, $summary:literal) => {
        ApplicationSample {
            name: $name,
            title: $title,
            summary: $summary,
            libos: $libos,
            frames: $frames,
            source: include_str!(concat!($file, ".rs")),
        }
    };
}

/// Every application that comes with the playground, the simpler ones first.
#[rustfmt::skip]
pub const APPLICATIONS: &[ApplicationSample] = &[
    application!("scan", "Sequential scan", "demand-zero", 48, "scan", "fills a vector and adds it up, from first to last"),
    application!("random-scan", "Random scan", "fifo", 16, "random_scan", "reads each element of a vector once, anywhere"),
    application!("list-walk", "Linked-list walk", "demand-zero", 128, "list_walk", "follows a list in order of addresses, then scattered"),
    application!("search", "String search", "demand-zero", 8, "search", "looks for a word by skipping letters, then plainly"),
    application!("quicksort", "Quicksort", "demand-zero", 8, "quicksort", "sorts 8192 numbers in place, with a stack of its own"),
    application!("matrix", "Matrix multiply", "demand-zero", 66, "matrix", "multiplies 150 by 150 integers, as in the paper"),
    application!("hash-join", "Hash join", "join", 64, "hash_join", "finds equal keys; its libOS keeps the hash table"),
    application!("collector", "Garbage collector", "gc", 19, "collector", "marks while its program goes on, by page protection"),
    application!("primitives", "Appel and Li", "protect", 100, "primitives", "measures what protecting pages and taking faults costs"),
];

/// The application of that name.
pub fn application(name: &str) -> Option<&'static ApplicationSample> {
    APPLICATIONS.iter().find(|it| it.name == name)
}
