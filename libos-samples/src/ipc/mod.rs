//! Communication and scheduling as library code: pairs of a libOS and an application for several
//! environments, each a whole file of the subset. The kernel has a transfer, a yield and capabilities;
//! a pipe, a remote procedure call and a scheduler are made of them here (A52, A53, A55).
#![allow(
    clippy::new_without_default,
    reason = "a program's `new` is a constant, not a default"
)]
#![allow(
    clippy::wildcard_imports,
    reason = "a program names the prelude's handful of words"
)]

use alloc::string::String;

/// An application to be scheduled.
pub mod counter;
/// Lottery scheduler.
pub mod lottery;
/// Remote procedure call that trusts nobody with its registers.
pub mod lrpc;
/// Pipe.
pub mod pipe;
/// Pipe with its reads and writes inlined.
pub mod pipe_inlined;
/// A libOS that serves calls of others.
pub mod server;
/// A libOS that shares one page.
pub mod shared;
/// Ping-pong over shared memory.
pub mod shm;
/// Stride scheduler.
pub mod stride;
/// Remote procedure call that trusts its server.
pub mod tlrpc;

/// One program of several that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is called.
    pub name: &'static str,
    /// Its source, which both compilers read.
    pub source: &'static str,
}

impl Part {
    /// What its source says it teaches: the text of its first documentation comment.
    pub fn lesson(&self) -> String {
        crate::registry::lesson_of(self.source)
    }
}

macro_rules! parts {
    ($($(#[$doc:meta])* $constant:ident $name:literal $file:literal;)*) => {
        $($(#[$doc])* pub const $constant: Part = Part {
            name: $name,
            source: include_str!(concat!($file, ".rs")),
        };)*

        /// Every one of them.
        pub const PARTS: &[Part] = &[$($constant),*];
    };
}

parts! {
    /// An application to be scheduled.
    COUNTER "counter" "counter";
    /// Lottery scheduler, an application.
    LOTTERY "lottery" "lottery";
    /// Remote procedure call, its caller.
    LRPC "lrpc" "lrpc";
    /// Pipe, both ends.
    PIPE "pipe" "pipe";
    /// Pipe with its reads and writes inlined, both ends.
    PIPE_INLINED "pipe-inlined" "pipe_inlined";
    /// A libOS that serves calls of others.
    SERVER "server" "server";
    /// A libOS that shares one page.
    SHARED "shared" "shared";
    /// Ping-pong over shared memory, both ends.
    SHM "shm" "shm";
    /// Stride scheduler, an application.
    STRIDE "stride" "stride";
    /// Remote procedure call that trusts its server, its caller.
    TLRPC "tlrpc" "tlrpc";
}
