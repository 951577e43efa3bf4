//! Sample library operating systems and applications: real Rust in the policy subset.
//!
//! A sample is a policy (`policies/`) joined with a page table (`tables/`) and, if it replaces
//! pages, a backing store (`stores/`): one file, complete in itself, and every policy goes with
//! every table and store. rustc compiles each of them here, and the page and the command line carry
//! the sources, so that what a student edits is what the tests run both ways.
#![no_std]

extern crate alloc;

pub mod applications;
pub mod attacks;
pub mod ipc;
pub mod memory;
pub mod network;
mod parts;
mod registry;
pub mod scenarios;
pub mod workload;

pub use applications::{APPLICATIONS, ApplicationSample, application};
pub use parts::{Part, PartKind, part, parts};
pub use registry::{
    BackingStore, Kind, PageTable, SAMPLES, STORES, Sample, TABLES, sample, store, table,
};
pub use scenarios::{SCENARIOS, ScenarioSample, scenario};

/// A policy, a table and perhaps a store, as one file; what a sample does not use is there to be
/// used.
macro_rules! joined {
    ($policy:ident, $table:ident, $module:ident $(, $store:ident)?) => {
        #[doc = concat!("With the page table of `tables/", stringify!($table), ".rs`.")]
        #[allow(dead_code, reason = "a table has the same parts for every policy")]
        #[allow(
            clippy::new_without_default,
            reason = "a policy's `new` is a constant, not a default"
        )]
        #[allow(clippy::manual_find, reason = "the subset has no iterators")]
        #[allow(
            clippy::wildcard_imports,
            reason = "a policy names the prelude's handful of words"
        )]
        pub mod $module {
            include!(concat!("policies/", stringify!($policy), ".rs"));
            include!(concat!("tables/", stringify!($table), ".rs"));
            $(include!(concat!("stores/", stringify!($store), ".rs"));)?
        }
    };
}

/// Each policy with each table; the one that a sample is shown with first goes by the policy's name.
macro_rules! policies {
    ($($policy:ident $name:ident;)*) => {
        $(
            #[doc = concat!("The policy of `policies/", stringify!($policy), ".rs`.")]
            pub mod $policy {
                pub use inverted::$name;
                joined!($policy, linear, linear);
                joined!($policy, two_level, two_level);
                joined!($policy, inverted, inverted);
            }
        )*
    };
}

/// As `policies`, of those that replace pages: with no backing store, and with each table and the
/// disk.
macro_rules! paging {
    ($($policy:ident $name:ident;)*) => {
        $(
            #[doc = concat!("The policy of `policies/", stringify!($policy), ".rs`.")]
            pub mod $policy {
                pub use inverted::$name;
                joined!($policy, linear, linear, none);
                joined!($policy, two_level, two_level, none);
                joined!($policy, inverted, inverted, none);
                joined!($policy, linear, linear_swap, swap);
                joined!($policy, two_level, two_level_swap, swap);
                joined!($policy, inverted, inverted_swap, swap);
            }
        )*
    };
}

policies! {
    demand_zero DemandZero;
    protect Protect;
    gc Gc;
}

paging! {
    fifo Fifo;
    clock Clock;
    second_chance SecondChance;
    lru Lru;
    mru Mru;
    wsclock WsClock;
    random Random;
    two_queues TwoQueues;
    join Join;
}

/// The parts as modules of their own: for rustfmt alone, which follows modules and no `include!`.
#[cfg(rustfmt)]
mod policies {
    mod clock;
    mod demand_zero;
    mod fifo;
    mod gc;
    mod join;
    mod lru;
    mod mru;
    mod protect;
    mod random;
    mod second_chance;
    mod two_queues;
    mod wsclock;
}

/// As `policies`.
#[cfg(rustfmt)]
mod stores {
    mod none;
    mod swap;
}

/// As `policies`.
#[cfg(rustfmt)]
mod tables {
    mod inverted;
    mod linear;
    mod two_level;
}
