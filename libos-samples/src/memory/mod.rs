//! Virtual memory as library code (A51): a fork that copies on write, and files that are mapped. Each
//! is a libOS with an application for it, each a whole file of the subset.
#![allow(
    clippy::new_without_default,
    reason = "a program's `new` is a constant, not a default"
)]
#![allow(
    clippy::wildcard_imports,
    reason = "a program names the prelude's handful of words"
)]
#![allow(clippy::manual_find, reason = "the subset has no iterators")]
#![allow(
    clippy::collapsible_if,
    reason = "the subset has no chains of conditions"
)]

use crate::Part;
use crate::parts::parts_of;

/// A libOS that forks by copying on write.
pub mod fork;
/// A parent and its child.
pub mod forking;
/// A libOS that maps extents of the disk.
pub mod map;
/// A program that keeps its data in a mapped file.
pub mod mapping;

parts_of! {
    /// A libOS that forks by copying on write.
    FORK LibOs "fork" "fork" "fork that copies on write, with reference counts: for forking, in two environments";
    /// A parent and its child, an application.
    FORKING Application "forking" "forking" "a parent and its child, which share what neither writes";
    /// A libOS that maps extents of the disk.
    MAP LibOs "map" "map" "memory-mapped extents of the disk: for mapping, on a machine with a disk";
    /// A program that keeps its data in a mapped file, an application.
    MAPPING Application "mapping" "mapping" "fills a mapped file, lets it go, and finds it again";
}
