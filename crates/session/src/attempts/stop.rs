//! What stopped an attempt: one sentence for each check of the kernel, and where that comes from.

use exo_core::cpu::Trap;
use exo_core::error::SysError;
use exo_core::event::BreakReason;

use super::Attempt;
use crate::explain::broken;

/// What stopped an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The refusal's name, or what the kernel did instead.
    pub name: &'static str,
    /// What was said to who tried it: small first letter, no full stop.
    pub said: String,
    /// The check, in a sentence.
    pub check: &'static str,
    /// The mechanisms of the paper, and the invariants that hold by it.
    pub source: &'static str,
}

/// What stopped it.
pub fn stopped_by(attempt: &Attempt) -> Stop {
    let (name, said, (check, source)) = match *attempt {
        Attempt::Call(_, error) => (error.name(), error.to_string(), refused_by(error)),
        Attempt::Keep => (
            "taken",
            "the deadline for giving it back was over".to_owned(),
            (
                "What is not given back in time is taken: every binding to it is broken, its libOS is told, and \
                 nobody is ended for it.",
                "A14, A18; INV-REV-1, INV-REV-5",
            ),
        ),
        Attempt::Overrun => (
            "owed",
            "it went on when its slice was over".to_owned(),
            (
                "What is used beyond a slice is paid with a later one, which is passed over; who owes too many is \
                 given up.",
                "A39; INV-SCHED-1",
            ),
        ),
        Attempt::Ended(reason) => ("given up", broken(reason), ended_by(reason)),
    };
    Stop {
        name,
        said,
        check,
        source,
    }
}

/// The check that a refusal comes from, and where that comes from.
pub fn refused_by(error: SysError) -> (&'static str, &'static str) {
    use SysError as E;
    match error {
        E::Forged => (
            "A capability proves itself: 32 of its bits are mixed from a secret of the kernel, and these are others.",
            "A10; INV-CAP-1",
        ),
        E::Stale => (
            "Numbers are counted, and none is given out twice: one that has ended is known as such, and whatever \
             rested on it went with it.",
            "A11; INV-CAP-1, INV-CAP-3",
        ),
        E::NoAuthority => (
            "A name is no right: the kernel looks up who owns it, and what the capability that is presented allows, \
             each time that something is bound, moved or given up.",
            "A07, A08; INV-BIND-1, INV-CAP-2",
        ),
        E::Limit
        | E::BlockLimit
        | E::CapabilityLimit
        | E::VectorFull
        | E::FilterLimit
        | E::BufferLimit
        | E::QueueFull
        | E::TooManyPages => (
            "Every table has a limit, and every environment a share of it: nobody can use it up.",
            "A06; INV-LIM-1",
        ),
        E::NoFreeFrame | E::NoFreeBlocks | E::Taken => (
            "Only what is free is given: nothing is taken from its owner for it.",
            "A01; INV-OWN-1",
        ),
        E::NoSuchFrame
        | E::NoSuchPage
        | E::NoSuchBlock
        | E::NoSuchEnvironment
        | E::NoSuchSlice
        | E::NoSuchEntry
        | E::NoSuchFilter
        | E::NoSuchProgram
        | E::Unowned
        | E::Empty => (
            "Names are physical and public; the kernel looks each one up, and there is nothing behind this one.",
            "A02; INV-ERR-1",
        ),
        E::Pinned => (
            "A libOS’s own code and state lie in frames that stay its own, whatever it asks for.",
            "A20, A32",
        ),
        E::Busy | E::DiskError => (
            "A frame is the device’s until a transfer is complete, and one that fails moves nothing.",
            "A11; INV-REV-4, INV-DISK-1",
        ),
        E::NotRunnable | E::NoEntry | E::Occupied | E::NoSuchRequest => (
            "Who is called says where it is entered, and is never entered within a handler.",
            "A24, A43; INV-SCHED-2",
        ),
        E::NothingRepossessed => (
            "The vector tells of each frame that was taken, once.",
            "A18; INV-REV-5",
        ),
        E::NotOffered => (
            "The hardware is passed on as it is, and this is not there.",
            "A05; INV-ERR-1",
        ),
        E::Overlap => (
            "Who may claim which packets is decided from the filters alone, when one is installed.",
            "A46; INV-FILT-1",
        ),
        E::BadFilter | E::BadPacket => (
            "What is handed over is looked at before anything is done with it.",
            "A45, A48; INV-NIC-1",
        ),
    }
}

/// The check that an end comes from.
fn ended_by(reason: BreakReason) -> (&'static str, &'static str) {
    match reason {
        BreakReason::Trap(Trap::OutOfFuel) => (
            "An upcall has so many instructions and no more; its environment is charged for them.",
            "A29; INV-CODE-1",
        ),
        BreakReason::ExcessTime => (
            "Slices that were used in excess are counted; behind the last that is allowed its environment ends.",
            "A39; INV-SCHED-1",
        ),
        BreakReason::DoubleFault { .. } | BreakReason::NeverMapped(_) | BreakReason::NoHandler => (
            "A fault goes to its environment’s handler and to nobody else; where that does not serve it, the kernel \
             does not try for ever.",
            "A26, A32; INV-UP-2",
        ),
        BreakReason::NeverResolved(_) | BreakReason::Stopped(_) => (
            "An exception goes to its environment’s libOS, which says how its application goes on, if at all.",
            "A28; INV-UP-1",
        ),
        BreakReason::Failed(_) | BreakReason::Trap(_) | BreakReason::Application(_) => (
            "A program that cannot go on ends its environment, once, and no other: its frames stay its own.",
            "A29; INV-UP-2",
        ),
    }
}

#[cfg(test)]
mod tests {
    use exo_core::error::SysError;

    use super::refused_by;

    #[test]
    fn every_refusal_has_a_check_of_whole_sentences_and_a_source() {
        for error in SysError::ALL {
            let (check, source) = refused_by(*error);
            assert!(check.ends_with('.') && !check.contains("  "), "{check}");
            let parts = source.split([',', ';']).map(str::trim);
            let known = |it: &str| it.starts_with("INV-") || it.len() == 3 && it.starts_with('A');
            assert!(parts.clone().all(known), "{source}");
            assert!(parts.count() > 1, "{source}");
        }
    }
}
