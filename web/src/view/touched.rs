//! What the current step touched: the one meaning of yellow; and what any event names.

use exo_core::event::{Event, NetworkFact};
use exo_core::ids::{EnvId, Frame, Object, Page, TlbSlot};
use exo_session::Session;
use exo_session::why::Thing;

/// The places that one event names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Touched {
    pub(crate) env: Option<EnvId>,
    pub(crate) page: Option<(EnvId, Page)>,
    pub(crate) frame: Option<Frame>,
    pub(crate) slot: Option<TlbSlot>,
    pub(crate) stlb: Option<u32>,
}

impl Touched {
    /// The one of them that tells most: the page, or else the frame, or else whose step it was.
    pub(crate) fn thing(&self) -> Option<Thing> {
        let page = self.page.map(|(env, page)| Thing::Page(env, page));
        let frame = self.frame.map(Thing::Frame);
        page.or(frame).or(self.env.map(Thing::Environment))
    }
}

/// The places that the current step touched; none between a fast run's steps.
pub(crate) fn touched(session: &Session) -> Touched {
    session
        .current()
        .map(|current| of(&current.stamped.event))
        .unwrap_or_default()
}

/// The places that an event names.
pub(crate) fn of(event: &Event) -> Touched {
    let (page, frame) = page_and_frame(event);
    let env = event.env();
    let (slot, stlb) = cached(event);
    Touched {
        env: Some(env),
        page: page.map(|page| (env, page)),
        frame,
        slot,
        stlb,
    }
}

fn page_and_frame(event: &Event) -> (Option<Page>, Option<Frame>) {
    match *event {
        Event::Accessed { page, frame, .. }
        | Event::StlbHit { page, frame, .. }
        | Event::Bound { page, frame, .. }
        | Event::BoundShared { page, frame, .. }
        | Event::HandlerAccessed { page, frame, .. } => (Some(page), Some(frame)),
        Event::Missed { page, .. }
        | Event::Protected { page, .. }
        | Event::StlbMissed { page, .. }
        | Event::Upcall { page, .. }
        | Event::Unbound { page, .. } => (Some(page), None),
        Event::Freed { page, frame, .. } | Event::Repossessed { page, frame, .. } => {
            (page, Some(frame))
        }
        Event::Allocated { frame, .. }
        | Event::BitRead { frame, .. }
        | Event::BitCleared { frame, .. }
        | Event::StampRead { frame, .. }
        | Event::RepossessionRead { frame, .. }
        | Event::ContentsSaved { frame, .. }
        | Event::CapabilityMade {
            object: Object::Frame(frame),
            ..
        }
        | Event::CapabilityRevoked {
            object: Object::Frame(frame),
            ..
        }
        | Event::DiskRequested { frame, .. }
        | Event::DiskCompleted { frame, .. }
        | Event::Network {
            fact: NetworkFact::ReceiveBegan { frame, .. } | NetworkFact::Received { frame, .. },
            ..
        } => (None, Some(frame)),
        _ => (None, None),
    }
}

/// The slot of the TLB and the entry of the software TLB that an event found or wrote.
fn cached(event: &Event) -> (Option<TlbSlot>, Option<u32>) {
    match *event {
        Event::Accessed { slot, .. }
        | Event::Protected { slot, .. }
        | Event::HandlerAccessed { slot, .. } => (Some(slot), None),
        Event::StlbHit { slot, index, .. } => (Some(slot), Some(index)),
        Event::StlbMissed { index, .. } => (None, Some(index)),
        Event::Bound { slot, index, .. } | Event::BoundShared { slot, index, .. } => {
            (Some(slot), index)
        }
        _ => (None, None),
    }
}
