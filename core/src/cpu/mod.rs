//! The CPU: a small register machine with exact fuel (D2).
//!
//! ```text
//!   registers   [ caller's window ........ [ callee's window ........ ]   256 registers a window
//!   state       one flat range of bytes, in frames that the environment has pinned
//! ```
//! It can stop after every instruction and be kept as plain data. It knows no kernel: a system call
//! and a log line are reasons to stop, and whoever runs it answers.

mod arithmetic;
mod context;
mod encoding;
mod instr;
mod program;
mod run;

pub use context::{Context, Exit, Trap};
pub use instr::{Instr, Register};
pub use program::{Field, Function, Message, Program, Shape, SourcePlace};
