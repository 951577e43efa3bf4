//! Which system call an event tells of.

use exo_core::event::{Bit, Event, NetworkFact, Transfer};
use exo_core::ids::Direction;
use exo_core::kernel::call::Call;
use exo_core::kernel::filter::{Atom, Width};

/// The call that an event tells of, granted or refused.
pub(crate) fn called(event: &Event) -> Option<Call> {
    match *event {
        Event::Refused { call, .. } => Some(call),
        _ => granted(event),
    }
}

/// The call that an event tells of, if it was granted.
pub(crate) fn granted(event: &Event) -> Option<Call> {
    let either = |first, one, other| if first { one } else { other };
    Some(match *event {
        Event::Allocated { named, .. } => either(named, Call::AllocateAt, Call::Allocate),
        Event::Freed { .. } => Call::Free,
        Event::Bound { .. } => Call::TlbWrite,
        Event::BoundShared { .. } => Call::TlbWriteShared,
        Event::Unbound { pages, .. } => either(pages > 1, Call::TlbDropRun, Call::TlbDrop),
        Event::CapabilityMade { parent, .. } => {
            either(parent.is_some(), Call::Derive, Call::Capability)
        }
        Event::CapabilityRevoked { .. } => Call::Revoke,
        Event::ExtentAllocated { named, .. } => {
            either(named, Call::ExtentAllocateAt, Call::ExtentAllocate)
        }
        Event::ExtentFreed { .. } => Call::ExtentFree,
        Event::DiskRequested { direction, .. } => either(
            direction == Direction::Write,
            Call::DiskWrite,
            Call::DiskRead,
        ),
        Event::SliceAllocated { named, .. } => {
            either(named, Call::SliceAllocateAt, Call::SliceAllocate)
        }
        Event::SliceFreed { .. } => Call::SliceFree,
        Event::Yielded { to, .. } => either(to.is_some(), Call::YieldTo, Call::YieldSlice),
        Event::FramesRequested { .. } => Call::RequestFrames,
        Event::RepossessionRead { .. } => Call::NextRepossessed,
        Event::Preloaded { .. } => Call::Preload,
        Event::BitRead { bit, .. } => either(bit == Bit::Dirty, Call::Dirty, Call::Referenced),
        Event::BitCleared { bit, .. } => {
            either(bit == Bit::Dirty, Call::ClearDirty, Call::ClearReferenced)
        }
        Event::StampRead { .. } => Call::UseStamp,
        Event::CoprocessorSet { .. } => Call::Coprocessor,
        Event::Logged { .. } => Call::Log,
        Event::Answered { call, .. } => call,
        Event::AlarmSet { .. } => Call::Alarm,
        Event::Network { fact, .. } => return network(&fact),
        Event::Transferred { transfer, .. } => match transfer {
            Transfer::Synchronous => Call::TransferSync,
            Transfer::Asynchronous => Call::TransferAsync,
            Transfer::Back => return None,
        },
        _ => return None,
    })
}

/// The call that a fact of the network tells of.
fn network(fact: &NetworkFact) -> Option<Call> {
    Some(match fact {
        NetworkFact::DraftBegun => Call::FilterBegin,
        NetworkFact::Drafted { atom } => match atom {
            Atom::Equal { width, .. } => match width {
                Width::One => Call::FilterU8,
                Width::Two => Call::FilterU16,
                _ => Call::FilterU32,
            },
            Atom::Shift { .. } => Call::FilterShift,
            Atom::Advance(_) => Call::FilterAdvance,
        },
        NetworkFact::FilterBound { program: None, .. } => Call::FilterBind,
        NetworkFact::FilterBound { .. } => Call::FilterBindProgram,
        NetworkFact::FilterFreed { .. } => Call::FilterFree,
        NetworkFact::BufferAdded { .. } => Call::RingBuffer,
        NetworkFact::HandlerBound { .. } => Call::HandlerBind,
        NetworkFact::HandlerFrameAdded { .. } => Call::HandlerFrame,
        NetworkFact::PartDrafted { .. } => Call::TransmitPart,
        NetworkFact::PartsForgotten => Call::TransmitForget,
        NetworkFact::TransmitQueued { .. } => Call::Transmit,
        _ => return None,
    })
}
