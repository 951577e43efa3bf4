//! Malicious library operating systems, one for each way to attack a kernel or a neighbour, and the
//! honest neighbour that two of them are about. Each is a whole file of the subset; several
//! environments under one attack tell each other apart by their numbers.
#![allow(
    clippy::new_without_default,
    reason = "a policy's `new` is a constant, not a default"
)]
#![allow(clippy::manual_find, reason = "the subset has no iterators")]
#![allow(
    clippy::wildcard_imports,
    reason = "a policy names the prelude's handful of words"
)]

use alloc::string::String;

/// Uses up every table.
pub mod exhaust_tables;
/// Stops inside its handlers.
#[allow(
    unconditional_recursion,
    reason = "it recurses until it is stopped: that is the attack"
)]
pub mod fault_in_handler;
/// Makes up capabilities.
pub mod forge;
/// Tries every number.
pub mod guess_ids;
/// Gives nothing back.
pub mod ignore_revocation;
/// The honest neighbour.
pub mod lender;
/// Never returns.
pub mod loop_in_handler;
/// Uses what has ended.
pub mod replay;

/// The honest environment beside an attack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Honest {
    /// FIFO with a backing store: it has frames, and blocks of the disk.
    Pager,
    /// `lender.rs`: it has frames, and lends one by capabilities.
    Lender,
}

/// A malicious libOS that comes with the playground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attack {
    /// The name by which it is asked for.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// One line on what it tries.
    pub summary: &'static str,
    /// Who is there beside it.
    pub honest: Honest,
    /// Environments that run under it.
    pub attackers: usize,
    /// Its source, which both compilers read.
    pub source: &'static str,
}

impl Attack {
    /// What its source says it teaches: the text of its first documentation comment.
    pub fn lesson(&self) -> String {
        crate::registry::lesson_of(self.source)
    }
}

/// The source of the honest neighbour that lends.
pub const LENDER: &str = include_str!("lender.rs");

/// An attack: its name, title, honest neighbour, attackers, file and summary.
macro_rules! attack {
    ($name:literal, $title:literal, $honest:ident, $attackers:literal, $file:literal, $summary:literal) => {
        Attack {
            name: $name,
            title: $title,
            summary: $summary,
            honest: Honest::$honest,
            attackers: $attackers,
            source: include_str!(concat!($file, ".rs")),
        }
    };
}

/// Every attack that comes with the playground.
#[rustfmt::skip]
pub const ATTACKS: &[Attack] = &[
    attack!("forge", "Forged capabilities", Lender, 1, "forge", "presents numbers that the kernel never made, and asks for more than one allows"),
    attack!("replay", "Replayed capabilities", Lender, 1, "replay", "presents what was revoked, and names what it has given back"),
    attack!("ignore-revocation", "Ignored revocation", Pager, 1, "ignore_revocation", "gives no frame back, and goes on using those that were taken"),
    attack!("loop-in-handler", "Endless handlers", Pager, 3, "loop_in_handler", "loops in the fault handler, at the end of its slice, and when frames are asked for"),
    attack!("fault-in-handler", "Faults in handlers", Pager, 7, "fault_in_handler", "a bad index, an overflow, a division by zero, recursion, a refusal unwrapped, a fault of its own, nothing mapped"),
    attack!("exhaust-tables", "Exhausted tables", Pager, 1, "exhaust_tables", "takes frames, blocks, capabilities and slices until there are no more"),
    attack!("guess-ids", "Guessed names", Pager, 1, "guess_ids", "tries every call on every frame, block, slice and environment there could be"),
];

/// The attack of that name.
pub fn attack(name: &str) -> Option<&'static Attack> {
    ATTACKS.iter().find(|it| it.name == name)
}
