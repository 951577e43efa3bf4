//! Facts about packets, filters and rings.

use crate::cpu::Trap;
use crate::hw::Part;
use crate::ids::{Delivery, Fate, Frame};
use crate::kernel::filter::{Atom, FilterId};
use crate::kernel::network::DropReason;

/// What happened in the network. Packets that came in have numbers of their own, and so have those that
/// go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are named for what they are")]
pub enum NetworkFact {
    /// The environment began to draft a filter.
    DraftBegun,
    /// It added an atom to its draft.
    Drafted { atom: Atom },
    /// The kernel installed what it had drafted as a filter, or a program of that place as one.
    FilterBound {
        filter: FilterId,
        delivery: Delivery,
        program: Option<u16>,
    },
    /// The environment removed a filter, with its ring and handler.
    FilterFreed { filter: FilterId },
    /// A frame became the last buffer of a filter's ring.
    BufferAdded {
        filter: FilterId,
        frame: Frame,
        place: u16,
    },
    /// A message handler was bound to a filter.
    HandlerBound { filter: FilterId, program: u16 },
    /// The message handler of a filter reaches another frame.
    HandlerFrameAdded {
        filter: FilterId,
        frame: Frame,
        place: u16,
    },
    /// The environment drafted a part of a packet.
    PartDrafted { part: Part },
    /// It forgot the parts that it had drafted.
    PartsForgotten,
    /// The network interface took a packet on: the parts that were drafted and this one.
    TransmitQueued {
        number: u32,
        part: Part,
        length: u32,
        due_cycles: u64,
    },
    /// The other end sent packets; `lost` of them do not arrive.
    OtherEndSent { packets: u32, lost: u32 },
    /// A packet came in.
    Arrived { number: u32, length: u32 },
    /// The kernel found whose a packet is, in so many cycles of its engine.
    Claimed {
        number: u32,
        filter: FilterId,
        cycles: u32,
    },
    /// A packet was dropped.
    Dropped {
        number: u32,
        filter: Option<FilterId>,
        reason: DropReason,
    },
    /// The message handler of a filter has seen a packet, in `fuel` instructions, and has sent a reply if
    /// it said so and there was room.
    HandlerRan {
        number: u32,
        filter: FilterId,
        fate: Fate,
        fuel: u32,
        reply: Option<u32>,
    },
    /// The message handler was stopped; the packet goes into the ring.
    HandlerStopped {
        number: u32,
        filter: FilterId,
        trap: Trap,
        fuel: u32,
    },
    /// The network interface began to move a packet into a buffer.
    ReceiveBegan {
        number: u32,
        filter: FilterId,
        frame: Frame,
        due_cycles: u64,
    },
    /// A packet lies in its buffer, whose ownership word says how long it is.
    Received {
        number: u32,
        filter: FilterId,
        frame: Frame,
        length: u32,
    },
    /// A packet has left; it arrives so often at the other end.
    Sent {
        number: u32,
        length: u32,
        arrivals: u8,
    },
    /// A packet was not sent: a frame of it was its sender's no more.
    SendFailed { number: u32, length: u32 },
}

impl NetworkFact {
    /// Whether it tells a system call.
    pub fn is_system_call(&self) -> bool {
        use NetworkFact as Fact;
        matches!(
            self,
            Fact::DraftBegun
                | Fact::Drafted { .. }
                | Fact::FilterBound { .. }
                | Fact::FilterFreed { .. }
                | Fact::BufferAdded { .. }
                | Fact::HandlerBound { .. }
                | Fact::HandlerFrameAdded { .. }
                | Fact::PartDrafted { .. }
                | Fact::PartsForgotten
                | Fact::TransmitQueued { .. }
        )
    }
}
