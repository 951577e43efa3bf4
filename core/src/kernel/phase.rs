//! What an environment does next, and which of its handlers that is.

use crate::cpu::Entry;
use crate::event::BreakReason;

/// Which of a libOS's handlers is running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upcall {
    /// `page_fault`.
    PageFault,
    /// `adopted`.
    Adopted,
    /// `request`: its own application has called it.
    Request,
    /// `exception`: its application stands before an instruction that cannot be completed.
    Exception,
    /// `slice_began`: it has got the processor.
    SliceBegan,
    /// `slice_ended`: its slice is used up.
    SliceEnded,
    /// `entered`: another environment has transferred to it and waits.
    Entered,
    /// `signalled`: another environment has transferred to it and does not wait.
    Signalled,
    /// `revoke`: the kernel wants frames back (A14).
    Revoke,
    /// `repossessed`: the kernel has taken frames (A18).
    Repossessed,
    /// `packets`: packets have come into its rings (X14).
    Packets,
    /// `alarm`: the time has come for which it set its alarm clock.
    Alarm,
}

impl Upcall {
    /// The function that answers it.
    pub fn entry(self) -> Entry {
        match self {
            Upcall::PageFault => Entry::PageFault,
            Upcall::Adopted => Entry::Adopted,
            Upcall::Request => Entry::Request,
            Upcall::Exception => Entry::Exception,
            Upcall::SliceBegan => Entry::SliceBegan,
            Upcall::SliceEnded => Entry::SliceEnded,
            Upcall::Entered => Entry::Entered,
            Upcall::Signalled => Entry::Signalled,
            Upcall::Revoke => Entry::Revoke,
            Upcall::Repossessed => Entry::Repossessed,
            Upcall::Packets => Entry::Packets,
            Upcall::Alarm => Entry::Alarm,
        }
    }
}

/// What an environment does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Its application's next reference, or instruction.
    Application,
    /// Its application has called its own libOS, which has not begun.
    Requesting,
    /// The kernel probes the software TLB for a reference that missed.
    Probing,
    /// The kernel passes the fault up.
    Dispatching,
    /// Its handler runs.
    Handling(Upcall),
    /// The reference that faulted is run again.
    Rerunning,
    /// It waits for another environment to transfer back.
    Transferring,
    /// Nothing until the disk is done: a system call is not complete, of the handler of this
    /// upcall, or of its application (D2).
    Waiting(Option<Upcall>),
    /// Nothing: its application is over.
    Finished,
    /// Nothing: it was given up.
    Broken(BreakReason),
}

impl Phase {
    /// Its number in a digest.
    pub(super) fn code(self) -> u64 {
        match self {
            Phase::Application => 0,
            Phase::Probing => 1,
            Phase::Dispatching => 2,
            Phase::Handling(Upcall::PageFault) => 3,
            Phase::Handling(Upcall::Adopted) => 4,
            Phase::Rerunning => 5,
            Phase::Finished => 6,
            Phase::Broken(_) => 7,
            Phase::Requesting => 8,
            Phase::Handling(Upcall::Request) => 9,
            Phase::Handling(Upcall::Revoke) => 10,
            Phase::Handling(Upcall::Repossessed) => 11,
            Phase::Handling(Upcall::Packets) => 12,
            Phase::Handling(Upcall::Alarm) => 13,
            Phase::Waiting(None) => 32,
            Phase::Waiting(Some(upcall)) => 33 + upcall as u64,
            Phase::Transferring => 64,
            Phase::Handling(Upcall::Exception) => 65,
            Phase::Handling(Upcall::SliceBegan) => 66,
            Phase::Handling(Upcall::SliceEnded) => 67,
            Phase::Handling(Upcall::Entered) => 68,
            Phase::Handling(Upcall::Signalled) => 69,
        }
    }
}
