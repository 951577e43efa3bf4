//! Kinds of events that one looks for, with their words.

use exo_core::event::{Event, NetworkFact};

/// Kinds of events that one looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is said by its word")]
pub enum Kind {
    Miss,
    Upcall,
    Load,
    Eviction,
    Refusal,
    Log,
    Switch,
    Revocation,
    Repossession,
    Transfer,
    Disk,
    Packet,
    Handler,
    Edit,
    Break,
}

/// The word of each kind.
pub(super) const KINDS: &[(&str, Kind)] = &[
    ("miss", Kind::Miss),
    ("upcall", Kind::Upcall),
    ("load", Kind::Load),
    ("eviction", Kind::Eviction),
    ("refusal", Kind::Refusal),
    ("log", Kind::Log),
    ("switch", Kind::Switch),
    ("revocation", Kind::Revocation),
    ("repossession", Kind::Repossession),
    ("transfer", Kind::Transfer),
    ("disk", Kind::Disk),
    ("packet", Kind::Packet),
    ("handler", Kind::Handler),
    ("edit", Kind::Edit),
    ("break", Kind::Break),
];

impl Kind {
    /// Whether an event is of this kind.
    pub(super) fn is(self, event: &Event) -> bool {
        match self {
            Kind::Miss => matches!(event, Event::Missed { .. } | Event::Protected { .. }),
            Kind::Upcall => matches!(event, Event::Upcall { .. }),
            Kind::Load => matches!(event, Event::Bound { loaded: true, .. }),
            Kind::Eviction => matches!(
                event,
                Event::Bound {
                    replaced: Some(_),
                    ..
                }
            ),
            Kind::Refusal => matches!(event, Event::Refused { .. }),
            Kind::Log => matches!(event, Event::Logged { .. }),
            Kind::Switch => matches!(event, Event::Switched { .. }),
            Kind::Revocation => matches!(
                event,
                Event::LimitSet { .. } | Event::RevocationDemanded { .. }
            ),
            Kind::Repossession => matches!(event, Event::Repossessed { .. }),
            Kind::Transfer => {
                matches!(
                    event,
                    Event::Transferred { .. } | Event::TransferFailed { .. }
                )
            }
            Kind::Disk => matches!(
                event,
                Event::DiskRequested { .. } | Event::DiskCompleted { .. }
            ),
            Kind::Handler => matches!(
                event,
                Event::Network {
                    fact: NetworkFact::HandlerRan { .. } | NetworkFact::HandlerStopped { .. },
                    ..
                }
            ),
            Kind::Packet => {
                matches!(event, Event::Network { fact, .. } if !fact.is_system_call())
            }
            Kind::Edit => matches!(
                event,
                Event::Installed { .. }
                    | Event::InstallRefused { .. }
                    | Event::Loaded { .. }
                    | Event::LoadRefused { .. }
            ),
            Kind::Break => matches!(event, Event::Broken { .. }),
        }
    }
}
