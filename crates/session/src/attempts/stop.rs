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
                "What is not given back in time is taken, with every binding to it; nobody is ended for it.",
                "A14, A18; INV-REV-1, INV-REV-5",
            ),
        ),
        Attempt::Overrun => (
            "owed",
            "it went on when its slice was over".to_owned(),
            (
                "What is used beyond a slice is paid with a later one.",
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
            "A capability proves itself: 32 of its bits come from a secret of the kernel.",
            "A10; INV-CAP-1",
        ),
        E::Stale => (
            "No number is given out twice, and what rested on one that ends goes with it.",
            "A11; INV-CAP-1, INV-CAP-3",
        ),
        E::NoAuthority => (
            "A name is no right: each time the kernel looks up who owns it, or what the capability allows.",
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
            "Every table has a limit, and every environment a share of it.",
            "A06; INV-LIM-1",
        ),
        E::NoFreeFrame | E::NoFreeBlocks | E::Taken => {
            ("Only what is free is given.", "A01; INV-OWN-1")
        }
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
            "The kernel looks each name up, and there is nothing behind this one.",
            "A02; INV-ERR-1",
        ),
        E::Pinned => (
            "A libOS’s own state lies in frames that stay its own.",
            "A20, A32",
        ),
        E::Busy | E::DiskError => (
            "A frame is the device’s until a transfer is complete; one that fails moves nothing.",
            "A11; INV-REV-4, INV-DISK-1",
        ),
        E::NotRunnable | E::NoEntry | E::Occupied | E::NoSuchRequest => (
            "Who is called says where it is entered, and never within a handler.",
            "A24, A43; INV-SCHED-2",
        ),
        E::NothingRepossessed => (
            "The vector tells of each frame that was taken, once.",
            "A18; INV-REV-5",
        ),
        E::NotOffered => ("The hardware is passed on as it is.", "A05; INV-ERR-1"),
        E::Overlap => (
            "Who may claim which packets is decided when a filter is installed.",
            "A46; INV-FILT-1",
        ),
        E::BadFilter | E::BadPacket => (
            "What is handed over is looked at first.",
            "A45, A48; INV-NIC-1",
        ),
    }
}

/// The check that an end comes from.
fn ended_by(reason: BreakReason) -> (&'static str, &'static str) {
    match reason {
        BreakReason::Trap(Trap::OutOfFuel) => (
            "An upcall has so many instructions and no more.",
            "A29; INV-CODE-1",
        ),
        BreakReason::ExcessTime => (
            "Slices used in excess are counted, and there is a last one.",
            "A39; INV-SCHED-1",
        ),
        BreakReason::DoubleFault { .. } | BreakReason::NeverMapped(_) | BreakReason::NoHandler => (
            "A fault goes to its environment’s handler and to nobody else, and not for ever.",
            "A26, A32; INV-UP-2",
        ),
        BreakReason::NeverResolved(_) | BreakReason::Stopped(_) => (
            "An exception goes to its environment’s libOS, which says how to go on.",
            "A28; INV-UP-1",
        ),
        BreakReason::Failed(_) | BreakReason::Trap(_) | BreakReason::Application(_) => (
            "A program that cannot go on ends its own environment, and no other.",
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
