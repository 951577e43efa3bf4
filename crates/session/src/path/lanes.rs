//! Where a hop goes, and what of its time is the kernel's.

use exo_core::cost;
use exo_core::event::Event;
use exo_core::ids::Cause;
use exo_core::kernel::call::Call;

use super::Lane;
use crate::explain::called;

/// Where the event's arrow goes.
pub(super) fn lanes(event: &Event) -> (Lane, Lane) {
    match event {
        Event::Missed { .. } | Event::Protected { .. } => (Lane::Hardware, Lane::Kernel),
        Event::StlbHit { .. } => (Lane::Kernel, Lane::Hardware),
        Event::StlbMissed { .. }
        | Event::Installed { .. }
        | Event::InstallRefused { .. }
        | Event::Loaded { .. }
        | Event::LoadRefused { .. }
        | Event::Switched { .. }
        | Event::LimitSet { .. }
        | Event::Overran { .. }
        | Event::Broken { .. } => (Lane::Kernel, Lane::Kernel),
        Event::Upcall { .. }
        | Event::Notified { .. }
        | Event::Raised { .. }
        | Event::SliceBegan { .. }
        | Event::SliceEnding { .. }
        | Event::RevocationDemanded { .. }
        | Event::Repossessed { .. }
        | Event::TransferFailed { .. } => (Lane::Kernel, Lane::Libos),
        Event::Resumed { .. } | Event::Recovered { .. } | Event::Replied { .. } => {
            (Lane::Libos, Lane::Application)
        }
        Event::Requested { .. } => (Lane::Application, Lane::Libos),
        Event::Accessed { .. } => (Lane::Application, Lane::Hardware),
        Event::HandlerAccessed { .. } => (Lane::Libos, Lane::Hardware),
        Event::DiskCompleted { .. } => (Lane::Hardware, Lane::Libos),
        Event::ContentsSaved { .. } | Event::AlarmRang { .. } => (Lane::Hardware, Lane::Kernel),
        Event::Network { fact, .. } if !fact.is_system_call() => (Lane::Hardware, Lane::Kernel),
        _ => (Lane::Libos, Lane::Kernel),
    }
}

/// Whether the kernel is entered with an event, to be left again: for a trap, a system call or a transfer.
pub(super) fn crosses(event: &Event) -> bool {
    let trapped = matches!(event, Event::Missed { .. } | Event::Protected { .. });
    trapped || matches!(event, Event::Transferred { .. }) || event.is_system_call()
}

/// What of an event's cycles the kernel spent, by the cost model.
pub(super) fn kernel_cycles(event: &Event) -> u64 {
    match event {
        Event::StlbHit { .. } => cost::STLB_HIT,
        Event::Upcall {
            cause: Cause::Protection,
            ..
        } => cost::DISPATCH_PROTECTION,
        Event::Upcall { .. }
        | Event::Notified { .. }
        | Event::Raised { .. }
        | Event::SliceBegan { .. }
        | Event::SliceEnding { .. } => cost::DISPATCH,
        Event::Transferred { .. } => cost::TRANSFER,
        Event::Unbound { pages, .. } if *pages > 1 => {
            Call::TlbDropRun.way().cycles() + cost::DROP_PAGE * u64::from(*pages)
        }
        event => called(event).map_or(0, |call| call.way().cycles()),
    }
}
