//! What the current step touched: the one meaning of yellow.

use exo_core::event::Event;
use exo_core::ids::{EnvId, Frame, Object, TlbSlot};
use exo_session::Session;

/// The places that one event names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Touched {
    pub(crate) env: Option<EnvId>,
    pub(crate) frame: Option<Frame>,
    pub(crate) slot: Option<TlbSlot>,
    pub(crate) stlb: Option<u32>,
}

/// The places that the current step touched; none between a fast run's steps.
pub(crate) fn touched(session: &Session) -> Touched {
    session
        .current()
        .map(|current| of(&current.stamped.event))
        .unwrap_or_default()
}

fn of(event: &Event) -> Touched {
    let here = Touched {
        env: Some(event.env()),
        ..Touched::default()
    };
    match *event {
        Event::Accessed { frame, slot, .. } | Event::HandlerAccessed { frame, slot, .. } => {
            Touched {
                frame: Some(frame),
                slot: Some(slot),
                ..here
            }
        }
        Event::Protected { slot, .. } => Touched {
            slot: Some(slot),
            ..here
        },
        Event::StlbHit {
            frame, slot, index, ..
        } => Touched {
            frame: Some(frame),
            slot: Some(slot),
            stlb: Some(index),
            ..here
        },
        Event::StlbMissed { index, .. } => Touched {
            stlb: Some(index),
            ..here
        },
        Event::Bound {
            frame, slot, index, ..
        }
        | Event::BoundShared {
            frame, slot, index, ..
        } => Touched {
            frame: Some(frame),
            slot: Some(slot),
            stlb: index,
            ..here
        },
        Event::Allocated { frame, .. }
        | Event::Freed { frame, .. }
        | Event::BitRead { frame, .. }
        | Event::BitCleared { frame, .. }
        | Event::StampRead { frame, .. }
        | Event::Repossessed { frame, .. }
        | Event::RepossessionRead { frame, .. }
        | Event::ContentsSaved { frame, .. }
        | Event::DiskRequested { frame, .. }
        | Event::DiskCompleted { frame, .. }
        | Event::CapabilityMade {
            object: Object::Frame(frame),
            ..
        }
        | Event::CapabilityRevoked {
            object: Object::Frame(frame),
            ..
        } => Touched {
            frame: Some(frame),
            ..here
        },
        _ => here,
    }
}
