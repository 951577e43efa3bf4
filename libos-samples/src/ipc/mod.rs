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

pub use crate::Part;
use crate::parts::parts_of;

parts_of! {
    /// An application to be scheduled.
    COUNTER Application "counter" "counter" "counts, for a scheduler to schedule";
    /// Lottery scheduler, an application.
    LOTTERY Application "lottery" "lottery" "a lottery scheduler";
    /// Remote procedure call, its caller.
    LRPC Application "lrpc" "lrpc" "calls a server that it does not trust with its registers";
    /// Pipe, both ends.
    PIPE Application "pipe" "pipe" "a pipe, both ends";
    /// Pipe with its reads and writes inlined, both ends.
    PIPE_INLINED Application "pipe-inlined" "pipe_inlined" "a pipe with its reads and writes inlined";
    /// A libOS that serves calls of others.
    SERVER LibOs "server" "server" "serves calls of others";
    /// A libOS that shares one page.
    SHARED LibOs "shared" "shared" "shares one page with its neighbour";
    /// Ping-pong over shared memory, both ends.
    SHM Application "shm" "shm" "ping-pong over shared memory, both ends";
    /// Stride scheduler, an application.
    STRIDE Application "stride" "stride" "a stride scheduler";
    /// Remote procedure call that trusts its server, its caller.
    TLRPC Application "tlrpc" "tlrpc" "calls a server that it trusts";
}
