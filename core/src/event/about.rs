//! Questions that every event answers.

use super::Event;
use crate::ids::EnvId;

impl Event {
    /// Whether it tells a system call, granted or refused.
    pub fn is_system_call(&self) -> bool {
        matches!(
            self,
            Event::Allocated { .. }
                | Event::Freed { .. }
                | Event::Bound { .. }
                | Event::Unbound { .. }
                | Event::BitRead { .. }
                | Event::BitCleared { .. }
                | Event::StampRead { .. }
                | Event::Answered { .. }
                | Event::Refused { .. }
                | Event::Logged { .. }
                | Event::CapabilityMade { .. }
                | Event::CapabilityRevoked { .. }
                | Event::BoundShared { .. }
                | Event::CoprocessorSet { .. }
                | Event::SliceAllocated { .. }
                | Event::SliceFreed { .. }
                | Event::Yielded { .. }
                | Event::FramesRequested { .. }
                | Event::RepossessionRead { .. }
                | Event::Preloaded { .. }
                | Event::ExtentAllocated { .. }
                | Event::ExtentFreed { .. }
                | Event::DiskRequested { .. }
                | Event::AlarmSet { .. }
        ) || matches!(self, Event::Network { fact, .. } if fact.is_system_call())
    }

    /// The environment that the event is about; the one that begins, for a switch.
    pub fn env(&self) -> EnvId {
        match *self {
            Event::Accessed { env, .. }
            | Event::Missed { env, .. }
            | Event::Protected { env, .. }
            | Event::StlbHit { env, .. }
            | Event::StlbMissed { env, .. }
            | Event::Upcall { env, .. }
            | Event::Allocated { env, .. }
            | Event::Freed { env, .. }
            | Event::Bound { env, .. }
            | Event::Unbound { env, .. }
            | Event::BitRead { env, .. }
            | Event::BitCleared { env, .. }
            | Event::StampRead { env, .. }
            | Event::Answered { env, .. }
            | Event::Refused { env, .. }
            | Event::Logged { env, .. }
            | Event::Requested { env, .. }
            | Event::Replied { env, .. }
            | Event::Resumed { env }
            | Event::Broken { env, .. }
            | Event::Finished { env }
            | Event::Installed { env, .. }
            | Event::InstallRefused { env, .. }
            | Event::Loaded { env, .. }
            | Event::LoadRefused { env, .. }
            | Event::CapabilityMade { env, .. }
            | Event::CapabilityRevoked { env, .. }
            | Event::BoundShared { env, .. }
            | Event::Raised { env, .. }
            | Event::Recovered { env, .. }
            | Event::CoprocessorSet { env, .. }
            | Event::SliceAllocated { env, .. }
            | Event::SliceFreed { env, .. }
            | Event::Yielded { env, .. }
            | Event::SliceBegan { env, .. }
            | Event::SliceEnding { env, .. }
            | Event::Saved { env }
            | Event::Overran { env, .. }
            | Event::Forfeited { env, .. }
            | Event::TransferFailed { env, .. }
            | Event::Notified { env, .. }
            | Event::LimitSet { env, .. }
            | Event::FramesRequested { env, .. }
            | Event::RevocationDemanded { env, .. }
            | Event::Repossessed { env, .. }
            | Event::RepossessionRead { env, .. }
            | Event::Preloaded { env, .. }
            | Event::ContentsSaved { env, .. }
            | Event::ExtentAllocated { env, .. }
            | Event::ExtentFreed { env, .. }
            | Event::DiskRequested { env, .. }
            | Event::DiskCompleted { env, .. }
            | Event::Network { env, .. }
            | Event::AlarmSet { env, .. }
            | Event::AlarmRang { env }
            | Event::HandlerAccessed { env, .. }
            | Event::Idled { env, .. } => env,
            Event::Transferred { from, .. } => from,
            Event::Switched { to, .. } => to,
        }
    }
}
