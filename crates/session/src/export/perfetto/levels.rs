//! What an environment is doing, as slices within slices: read off the machine, not off its events.

use exo_core::ids::EnvId;
use exo_core::kernel::{Phase, Upcall};
use exo_core::machine::Machine;

use crate::explain::env_letter;

/// How deep slices lie within each other, system calls apart.
pub(super) const LEVELS: usize = 2;

/// A slice of an environment's track.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// Its application runs.
    Application,
    /// The reference that faulted is run again.
    Retry,
    /// A handler of its libOS is under way.
    Handler(Upcall),
    /// It waits for the disk.
    Disk,
    /// It waits for another environment to transfer back.
    Transfer(EnvId),
    /// Another environment has the processor meanwhile.
    Preempted,
}

impl Level {
    /// What the slice is called.
    pub(super) fn name(self) -> String {
        match self {
            Level::Application => "application".to_owned(),
            Level::Retry => "retry".to_owned(),
            Level::Handler(upcall) => upcall.entry().name().to_owned(),
            Level::Disk => "waits for the disk".to_owned(),
            Level::Transfer(callee) => format!("waits for {}", env_letter(callee)),
            Level::Preempted => "preempted".to_owned(),
        }
    }

    /// What kind of slice it is.
    pub(super) fn category(self) -> &'static str {
        match self {
            Level::Application | Level::Retry => "application",
            // Those that the machine counts as upcalls.
            Level::Handler(
                Upcall::PageFault
                | Upcall::Exception
                | Upcall::SliceBegan
                | Upcall::SliceEnded
                | Upcall::Revoke
                | Upcall::Repossessed
                | Upcall::Packets
                | Upcall::Alarm,
            ) => "upcall",
            Level::Handler(Upcall::Request) => "request",
            Level::Handler(Upcall::Entered | Upcall::Signalled) => "transfer",
            Level::Handler(Upcall::Adopted) => "adopted",
            Level::Disk | Level::Transfer(_) | Level::Preempted => "wait",
        }
    }

    /// Whether it is shown even where it takes no time.
    pub(super) fn is_always_shown(self) -> bool {
        matches!(self, Level::Handler(_))
    }
}

/// What an environment is doing now, the outermost first.
pub(super) fn levels(machine: &Machine, env: EnvId) -> [Option<Level>; LEVELS] {
    let kernel = machine.kernel();
    let Some(environment) = machine.environment(env) else {
        return [None; LEVELS];
    };
    let runs = kernel.running == env;
    match environment.phase {
        Phase::Application | Phase::Requesting => [runs.then_some(Level::Application), None],
        Phase::Rerunning => [runs.then_some(Level::Retry), None],
        Phase::Handling(upcall) => [
            Some(Level::Handler(upcall)),
            (!runs).then_some(Level::Preempted),
        ],
        Phase::Waiting(upcall) => beneath(upcall, Level::Disk),
        Phase::Transferring => match environment.outgoing {
            Some(outgoing) => {
                let by = match outgoing.from {
                    Phase::Handling(upcall) => Some(upcall),
                    _ => None,
                };
                beneath(by, Level::Transfer(outgoing.callee))
            }
            None => [None; LEVELS],
        },
        Phase::Probing | Phase::Dispatching | Phase::Finished | Phase::Broken(_) => [None; LEVELS],
    }
}

/// A wait, within the handler that waits if one does.
fn beneath(upcall: Option<Upcall>, wait: Level) -> [Option<Level>; LEVELS] {
    match upcall {
        Some(upcall) => [Some(Level::Handler(upcall)), Some(wait)],
        None => [Some(wait), None],
    }
}
