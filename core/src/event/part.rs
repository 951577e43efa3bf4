//! What events are about: bits, reasons, directions.

use crate::cpu::{ExceptionKind, Trap};
use crate::error::SysError;
use crate::ids::Cause;

/// A bit that the hardware keeps for each frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bit {
    /// Touched since it was cleared.
    Referenced,
    /// Written since it was cleared.
    Dirty,
}

/// Why an environment was given up. Its frames stay its own; the others go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakReason {
    /// Its policy stopped at an instruction that cannot be completed.
    Trap(Trap),
    /// Its application did.
    Application(Trap),
    /// It has no page-fault handler.
    NoHandler,
    /// Its handler loaded from or stored to memory of its application that it had not bound so: a fault
    /// within a handler is passed up to nobody (INV-UP-2).
    DoubleFault {
        /// The address.
        address: u32,
        /// Why the hardware could not complete it.
        cause: Cause,
    },
    /// Its handler returned [`IDENTICAL_FAULTS_MAX`](crate::limits::IDENTICAL_FAULTS_MAX) times
    /// without a mapping that serves the reference.
    NeverMapped(Cause),
    /// Its handler returned this error.
    Failed(SysError),
    /// Its application met this exception at one instruction, and its libOS said
    /// [`IDENTICAL_FAULTS_MAX`](crate::limits::IDENTICAL_FAULTS_MAX) times to run that again.
    NeverResolved(ExceptionKind),
    /// Its libOS said so, because of this exception.
    Stopped(ExceptionKind),
    /// It used [`EXCESS_SLICES_MAX`](crate::limits::EXCESS_SLICES_MAX) slices in excess, and went on
    /// without having paid for one (A39).
    ExcessTime,
}

/// Which way control is transferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transfer {
    /// Into another environment, with this slice and all to come, until it transfers back (A42).
    Synchronous,
    /// Into another environment, with the rest of this slice.
    Asynchronous,
    /// Back to the environment that waits.
    Back,
}
