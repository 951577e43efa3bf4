//! What happens in the network, with its word and its numbers.

use exo_core::event::NetworkFact;
use exo_core::hw::Part;
use exo_core::kernel::filter::Atom;

use super::columns::{Column, Value};
use crate::explain::{delivery_word, drop_word, fate_word};

/// A word, and the columns that go with it.
type Told = (&'static str, Vec<(Column, Value)>);

/// Makes a row of the table: a kind of fact with all that it holds, its word, and what stands in which column.
/// All other kinds are told by `$rest`.
macro_rules! facts {
    ($fact:expr, $rest:expr; $(
        $kind:ident { $($fields:tt)* } $word:literal [$($column:ident: $value:expr),*];
    )*) => {
        match *$fact {
            $(NetworkFact::$kind { $($fields)* } => {
                ($word, vec![$((Column::$column, Value::from($value))),*])
            })*
            _ => $rest,
        }
    };
}

/// The word of a fact, and what it holds.
pub(super) fn network(fact: &NetworkFact) -> Told {
    match *fact {
        NetworkFact::DraftBegun => ("draft_begun", vec![]),
        NetworkFact::PartsForgotten => ("parts_forgotten", vec![]),
        NetworkFact::Drafted { atom } => ("drafted", asked(atom)),
        NetworkFact::PartDrafted { part } => ("part_drafted", stretch(part)),
        _ => bound(fact),
    }
}

/// Of filters, rings and handlers.
fn bound(fact: &NetworkFact) -> Told {
    facts! { fact, packet(fact);
        FilterBound { filter, delivery, program } "filter_bound"
            [Filter: filter.0, Delivery: delivery_word(delivery), Program: program.map(u32::from)];
        FilterFreed { filter } "filter_freed" [Filter: filter.0];
        BufferAdded { filter, frame, place } "buffer_added"
            [Filter: filter.0, Frame: frame, Place: place];
        HandlerBound { filter, program } "handler_bound" [Filter: filter.0, Program: program];
        HandlerFrameAdded { filter, frame, place } "handler_frame_added"
            [Filter: filter.0, Frame: frame, Place: place];
        TransmitQueued { number, part, length, due_cycles } "transmit_queued"
            [Packet: number, Frame: part.frame, At: part.at, Length: length, DueCycles: due_cycles];
    }
}

/// Of one packet, or of several.
fn packet(fact: &NetworkFact) -> Told {
    facts! { fact, ("network", vec![]);
        OtherEndSent { packets, lost } "other_end_sent" [Packets: packets, Lost: lost];
        Arrived { number, length } "arrived" [Packet: number, Length: length];
        Claimed { number, filter, cycles } "claimed"
            [Packet: number, Filter: filter.0, EngineCycles: cycles];
        Dropped { number, filter, reason } "dropped"
            [Packet: number, Filter: filter.map(|it| it.0), Reason: drop_word(reason)];
        HandlerRan { number, filter, fate, fuel, reply } "handler_ran"
            [Packet: number, Filter: filter.0, Fate: fate_word(fate), Instructions: fuel, Reply: reply];
        HandlerStopped { number, filter, trap: _, fuel } "handler_stopped"
            [Packet: number, Filter: filter.0, Instructions: fuel];
        ReceiveBegan { number, filter, frame, due_cycles } "receive_began"
            [Packet: number, Filter: filter.0, Frame: frame, DueCycles: due_cycles];
        Received { number, filter, frame, length } "received"
            [Packet: number, Filter: filter.0, Frame: frame, Length: length];
        Sent { number, length, arrivals } "sent" [Packet: number, Length: length, Arrivals: arrivals];
        SendFailed { number, length } "send_failed" [Packet: number, Length: length];
    }
}

/// Where a part of a packet lies.
fn stretch(part: Part) -> Vec<(Column, Value)> {
    vec![
        (Column::Frame, part.frame.into()),
        (Column::At, part.at.into()),
        (Column::Length, part.length.into()),
    ]
}

/// What an atom asks.
fn asked(atom: Atom) -> Vec<(Column, Value)> {
    match atom {
        Atom::Equal {
            offset,
            width,
            mask,
            value,
        } => vec![
            (Column::At, offset.into()),
            (Column::Length, width.bytes().into()),
            (Column::Mask, mask.into()),
            (Column::Value, value.into()),
        ],
        Atom::Shift {
            offset,
            mask,
            shift,
            ..
        } => vec![
            (Column::At, offset.into()),
            (Column::Mask, mask.into()),
            (Column::Shift, shift.into()),
        ],
        Atom::Advance(bytes) => vec![(Column::Advance, bytes.into())],
    }
}
