//! What a source may name: the system calls, and the fault that a library operating system answers.
//!
//! A policy begins with `use exo_prelude::*;`. Compiled by rustc it runs against any
//! [`SystemCalls`]; compiled by `exo-policy` it runs on the emulated CPU. Both mean the same. All of
//! it but what is in this file is generated from `interface.toml`, beside the sources.
#![no_std]

mod generated;

pub use generated::doors::Sys;
pub use generated::refusals::SysError;
pub use generated::roles::LibOs;
pub use generated::types::{Access, Cause, Fault, Frame};

/// The kernel's side of the door, for policies compiled by rustc.
pub trait SystemCalls {
    /// Carries out the call of that number with its arguments in the order of its signature; those
    /// that it does not have are 0. Gives the value of `Ok`, 0 where it is `()`.
    ///
    /// # Errors
    /// The refusal. A call whose signature has no `Result` is never refused; if it is all the same,
    /// the policy sees 0.
    fn call(&mut self, number: u8, arguments: [u64; 3]) -> Result<u64, SysError>;
}

/// Writes a line to the event log: `log!("page {} goes", page)`, with at most three integers.
#[macro_export]
macro_rules! log {
    ($($part:tt)*) => {{
        let _ = ::core::format_args!($($part)*);
    }};
}
