//! What happens in the network, with its word and its numbers.

use exo_core::event::NetworkFact;
use exo_core::hw::Part;
use exo_core::kernel::filter::Atom;

use super::columns::{Column, Value};
use crate::explain::{delivery_word, drop_word, fate_word};

/// The word of a fact, and what it holds.
pub(super) fn network(fact: &NetworkFact) -> (&'static str, Vec<(Column, Value)>) {
    use Column as C;
    let number = |number: u32| (C::Packet, number.into());
    let of = |filter: exo_core::kernel::filter::FilterId| (C::Filter, filter.0.into());
    match *fact {
        NetworkFact::DraftBegun => ("draft_begun", vec![]),
        NetworkFact::Drafted { atom } => ("drafted", atom_columns(atom)),
        NetworkFact::FilterBound {
            filter,
            delivery,
            program,
        } => (
            "filter_bound",
            vec![
                of(filter),
                (C::Delivery, Value::Word(delivery_word(delivery))),
                (C::Program, program.map(u32::from).into()),
            ],
        ),
        NetworkFact::FilterFreed { filter } => ("filter_freed", vec![of(filter)]),
        NetworkFact::BufferAdded {
            filter,
            frame,
            place,
        } => (
            "buffer_added",
            vec![
                of(filter),
                (C::Frame, frame.into()),
                (C::Place, u32::from(place).into()),
            ],
        ),
        NetworkFact::HandlerBound { filter, program } => (
            "handler_bound",
            vec![of(filter), (C::Program, u32::from(program).into())],
        ),
        NetworkFact::HandlerFrameAdded {
            filter,
            frame,
            place,
        } => (
            "handler_frame_added",
            vec![
                of(filter),
                (C::Frame, frame.into()),
                (C::Place, u32::from(place).into()),
            ],
        ),
        NetworkFact::PartDrafted { part } => ("part_drafted", part_columns(part)),
        NetworkFact::PartsForgotten => ("parts_forgotten", vec![]),
        NetworkFact::TransmitQueued {
            number: it,
            part,
            length,
            due_cycles,
        } => (
            "transmit_queued",
            vec![
                number(it),
                (C::Frame, part.frame.into()),
                (C::At, part.at.into()),
                (C::Length, length.into()),
                (C::DueCycles, due_cycles.into()),
            ],
        ),
        NetworkFact::OtherEndSent { packets, lost } => (
            "other_end_sent",
            vec![(C::Packets, packets.into()), (C::Lost, lost.into())],
        ),
        ref fact => packet(fact),
    }
}

/// Of one packet.
fn packet(fact: &NetworkFact) -> (&'static str, Vec<(Column, Value)>) {
    use Column as C;
    let (word, number, filter, more): (
        _,
        _,
        Option<exo_core::kernel::filter::FilterId>,
        Vec<(C, Value)>,
    ) = match *fact {
        NetworkFact::Arrived { number, length } => {
            ("arrived", number, None, vec![(C::Length, length.into())])
        }
        NetworkFact::Claimed {
            number,
            filter,
            cycles,
        } => (
            "claimed",
            number,
            Some(filter),
            vec![(C::EngineCycles, cycles.into())],
        ),
        NetworkFact::Dropped {
            number,
            filter,
            reason,
        } => (
            "dropped",
            number,
            filter,
            vec![(C::Reason, Value::Word(drop_word(reason)))],
        ),
        NetworkFact::HandlerRan {
            number,
            filter,
            fate,
            fuel,
            reply,
        } => (
            "handler_ran",
            number,
            Some(filter),
            vec![
                (C::Fate, Value::Word(fate_word(fate))),
                (C::Instructions, fuel.into()),
                (C::Reply, reply.into()),
            ],
        ),
        NetworkFact::HandlerStopped {
            number,
            filter,
            fuel,
            ..
        } => (
            "handler_stopped",
            number,
            Some(filter),
            vec![(C::Instructions, fuel.into())],
        ),
        NetworkFact::ReceiveBegan {
            number,
            filter,
            frame,
            due_cycles,
        } => (
            "receive_began",
            number,
            Some(filter),
            vec![(C::Frame, frame.into()), (C::DueCycles, due_cycles.into())],
        ),
        NetworkFact::Received {
            number,
            filter,
            frame,
            length,
        } => (
            "received",
            number,
            Some(filter),
            vec![(C::Frame, frame.into()), (C::Length, length.into())],
        ),
        NetworkFact::Sent {
            number,
            length,
            arrivals,
        } => (
            "sent",
            number,
            None,
            vec![
                (C::Length, length.into()),
                (C::Arrivals, u32::from(arrivals).into()),
            ],
        ),
        NetworkFact::SendFailed { number, length } => (
            "send_failed",
            number,
            None,
            vec![(C::Length, length.into())],
        ),
        _ => ("network", 0, None, vec![]),
    };
    let mut fields = vec![(C::Packet, number.into())];
    fields.extend(filter.map(|it| (C::Filter, it.0.into())));
    fields.extend(more);
    (word, fields)
}

fn part_columns(part: Part) -> Vec<(Column, Value)> {
    vec![
        (Column::Frame, part.frame.into()),
        (Column::At, part.at.into()),
        (Column::Length, part.length.into()),
    ]
}

fn atom_columns(atom: Atom) -> Vec<(Column, Value)> {
    match atom {
        Atom::Equal {
            offset,
            width,
            mask,
            value,
        } => vec![
            (Column::At, u32::from(offset).into()),
            (Column::Length, u32::from(width.bytes()).into()),
            (Column::Mask, mask.into()),
            (Column::Value, value.into()),
        ],
        Atom::Shift {
            offset,
            mask,
            shift,
            ..
        } => vec![
            (Column::At, u32::from(offset).into()),
            (Column::Mask, mask.into()),
            (Column::Shift, u32::from(shift).into()),
        ],
        Atom::Advance(bytes) => vec![(Column::Advance, u32::from(bytes).into())],
    }
}
