//! Packet filters: declarative, merged into one trie, and run by three engines that agree (A45 to A49).
//!
//! ```text
//!   atoms: a field equals a value; the base moves on      pattern    one conjunction of them, canonical
//!   relation: disjoint? within?                           set        who may claim what (A46), one verdict
//!   trie: patterns merged by their shared beginnings      compiled   the trie as flat code, hashed where it branches
//! ```
//! The kernel knows no protocol: a filter says which bytes of a packet must have which values. It has
//! no loop, so a run is bounded by what is installed, whatever the packet (A47); a read behind the
//! packet's end is no match.

pub mod check;
mod compile;
mod compiled;
mod cost;
mod engine;
mod pattern;
mod relation;
mod set;
mod straight;
mod told;
mod trie;
mod view;

pub use engine::{Engine, Verdict};
pub use pattern::{Atom, Pattern, PatternError, Width};
pub use set::{Filter, FilterError, FilterId, FilterSet, FilterSetBuilder};
pub use view::{Branch, Look, Place, Question, TrieView};
