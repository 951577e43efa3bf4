//! The CPU: a small register machine with exact fuel (D2).
//!
//! ```text
//!   registers   [ caller's window ........ [ callee's window ........ ]   256 registers a window
//!   state       one flat range of bytes, in frames that the environment has pinned     from 0
//!   stack       what locals lie in that need an address, one frame a call              from 2^32
//! ```
//! It can stop after every instruction and be kept as plain data. It knows no kernel: a system call
//! and a log line are reasons to stop, and whoever runs it answers. The application's memory and
//! packets are reached through a [`Bus`].

mod arithmetic;
mod bulk;
mod bus;
mod calls;
mod context;
mod debug;
mod encoding;
mod exception;
mod image;
mod instr;
mod once;
mod packet;
mod program;
mod run;
mod stack;
mod state;
mod step;

pub use bus::{Bus, NoBus};
pub use context::{Context, Exit, Reference, Trap};
pub use debug::{Home, Member, TypeIndex, TypeShape, Variable, Variant};
pub use encoding::Operand;
pub use exception::{Exception, ExceptionKind};
pub use image::ImageError;
pub use instr::{
    Bits, CallNumber, ConstantIndex, FunctionIndex, Instr, MessageIndex, Register, Row, ShapeIndex,
    Target, WidthCode,
};
pub use once::Watch;
pub(crate) use once::run_once;
pub use program::{Entry, Field, Function, Message, Program, Role, Shape, Shown, SourcePlace};
pub use stack::STACK_BASE;
