//! The ways of a system call into the kernel (A44).
//!
//! ```text
//!   plain     one thing is looked up and changed, all of it in registers             40 cycles
//!   stack     goes on from what is named to other things, or waits                   58 cycles
//!   transfer  changes the address space and jumps, registers being the message       36 cycles
//! ```
//! The paper says that there are two and that transfers are a case of their own, and not which call
//! takes which. Which needs a stack is said once, in the table of the interface: a call that ends
//! capabilities and bindings that rest on what it names, that settles what several environments or
//! blocks are promised, or that waits for the disk and must be found again when that is done.

use super::call::Call;
use crate::cost;

/// How a system call goes into the kernel and back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Without a kernel stack: registers are all it needs.
    Plain,
    /// With a kernel stack.
    Stack,
    /// A protected control transfer's own.
    Transfer,
}

impl Way {
    /// Cycles that it takes there and back, refused or not.
    pub const fn cycles(self) -> u64 {
        match self {
            Way::Plain => cost::SYSTEM_CALL,
            Way::Stack => cost::STACK_CALL,
            Way::Transfer => cost::TRANSFER,
        }
    }
}

impl Call {
    /// The way that it takes.
    pub fn way(self) -> Way {
        match self {
            Call::TransferSync | Call::TransferAsync => Way::Transfer,
            _ if self.needs_stack() => Way::Stack,
            _ => Way::Plain,
        }
    }
}
