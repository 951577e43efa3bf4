//! Packets, filters and rings: in whole sentences, and in a few words.

use exo_core::event::{Event, NetworkFact};
use exo_core::ids::{Delivery, EnvId, Fate};
use exo_core::kernel::filter::{Atom, Width};
use exo_core::kernel::network::DropReason;

use super::{Actor, counted, env_letter, grouped, hex};

/// Why a packet was dropped, behind "because".
pub fn why_dropped(reason: DropReason) -> &'static str {
    match reason {
        DropReason::Overrun => "the receive ring of the network interface was full",
        DropReason::Length => {
            "it is shorter than an Ethernet header, or longer than a packet may be"
        }
        DropReason::Unclaimed => "no filter accepts it",
        DropReason::RingFull => "the next buffer of the ring is not empty, or there is none",
        DropReason::BufferSmall => "the buffer is too small for it",
        DropReason::BufferLost => "the buffer, or the filter, was gone when the packet was there",
    }
}

/// The reason in one word, as exports have it.
pub fn drop_word(reason: DropReason) -> &'static str {
    match reason {
        DropReason::Overrun => "overrun",
        DropReason::Length => "length",
        DropReason::Unclaimed => "unclaimed",
        DropReason::RingFull => "ring_full",
        DropReason::BufferSmall => "buffer_small",
        DropReason::BufferLost => "buffer_lost",
    }
}

/// A delivery in one word.
pub(crate) fn delivery_word(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Poll => "poll",
        Delivery::Notice => "notice",
        Delivery::Urgent => "urgent",
    }
}

/// A fate in one word.
pub(crate) fn fate_word(fate: Fate) -> &'static str {
    match fate {
        Fate::Done => "done",
        Fate::Wake => "wake",
        Fate::Queue => "queue",
    }
}

/// What an atom asks, as `u16 at 12 = 0x800`.
pub fn atom(atom: Atom) -> String {
    match atom {
        Atom::Equal {
            offset,
            width,
            mask,
            value,
        } => {
            let masked = if mask == width.full() {
                String::new()
            } else {
                format!(" & 0x{mask:X}")
            };
            format!("{} at {offset}{masked} = 0x{value:X}", wide(width))
        }
        Atom::Shift {
            offset,
            mask,
            shift,
            ..
        } => format!(
            "base + (u8 at {offset} & 0x{mask:X}) × {}",
            1_u32 << shift.min(8)
        ),
        Atom::Advance(bytes) => format!("base + {bytes}"),
    }
}

fn wide(width: Width) -> &'static str {
    match width {
        Width::One => "u8",
        Width::Two => "u16",
        Width::Four => "u32",
        Width::Eight => "u64",
    }
}

/// Explains what happened in the network, or to an alarm clock.
pub(super) fn network(event: &Event) -> (Actor, String) {
    let env = event.env();
    let who = env_letter(env);
    match *event {
        Event::AlarmSet { at_cycles, .. } => {
            let text = match at_cycles {
                Some(at) => format!("{who} sets its alarm clock to cycle {}.", grouped(at)),
                None => format!("{who} switches its alarm clock off."),
            };
            (Actor::Kernel, text)
        }
        Event::AlarmRang { .. } => (
            Actor::Hardware,
            format!(
                "The time has come for which {who} had set its alarm clock: `alarm` waits for it."
            ),
        ),
        Event::Network { fact, .. } => {
            let text = bound(&fact, &who)
                .or_else(|| received(&fact, &who))
                .or_else(|| handled(&fact, &who))
                .unwrap_or_else(|| sent(&fact, &who));
            (actor(&fact, env), text)
        }
        _ => (Actor::Kernel, String::new()),
    }
}

fn actor(fact: &NetworkFact, env: EnvId) -> Actor {
    match fact {
        NetworkFact::Arrived { .. }
        | NetworkFact::OtherEndSent { .. }
        | NetworkFact::ReceiveBegan { .. }
        | NetworkFact::Received { .. }
        | NetworkFact::Sent { .. }
        | NetworkFact::SendFailed { .. } => Actor::Hardware,
        NetworkFact::HandlerRan { .. } | NetworkFact::HandlerStopped { .. } => Actor::Libos(env),
        _ => Actor::Kernel,
    }
}

/// Filters, rings and handlers.
fn bound(fact: &NetworkFact, who: &str) -> Option<String> {
    Some(match *fact {
        NetworkFact::DraftBegun => format!("{who} begins to draft a filter."),
        NetworkFact::Drafted { atom: it } => {
            format!("{who} adds to the filter that it drafts: {}.", atom(it))
        }
        NetworkFact::FilterBound {
            filter,
            delivery,
            program,
        } => {
            let what = match program {
                Some(place) => format!("program {place} of {who} as filter {}", filter.0),
                None => format!("what {who} has drafted as filter {}", filter.0),
            };
            let told = match delivery {
                Delivery::Poll => "is not told of its packets",
                Delivery::Notice => "is told of its packets when it runs next",
                Delivery::Urgent => "gets the processor at once for its packets",
            };
            format!(
                "The kernel installs {what}, since it takes nobody's packets: that is decided now, and not \
                 when they come. {who} {told}."
            )
        }
        NetworkFact::FilterFreed { filter } => {
            format!("{who} removes filter {}, and with it the ring.", filter.0)
        }
        NetworkFact::BufferAdded {
            filter,
            frame,
            place,
        } => format!(
            "Frame {} of {who} is buffer {place} in the ring of filter {}: the kernel may fill it while its \
             first word is 0.",
            hex(frame.0),
            filter.0
        ),
        NetworkFact::HandlerBound { filter, program } => format!(
            "Program {program} of {who} is the message handler of filter {}: it runs as soon as a packet of \
             the filter arrives.",
            filter.0
        ),
        NetworkFact::HandlerFrameAdded {
            filter,
            frame,
            place,
        } => format!(
            "The message handler of filter {} reaches frame {} of {who}, as its frame {place}.",
            filter.0,
            hex(frame.0)
        ),
        _ => return None,
    })
}

/// Packets that come in.
fn received(fact: &NetworkFact, who: &str) -> Option<String> {
    Some(match *fact {
        NetworkFact::OtherEndSent { packets, lost } => {
            let lost = match lost {
                0 => String::new(),
                _ => format!(" The link loses {lost} of them."),
            };
            let packets = counted(packets.into(), "packet", "packets");
            format!("The other end sends {packets}.{lost}")
        }
        NetworkFact::Arrived { number, length } => format!(
            "Packet {number}, of {length} bytes, is in the receive ring of the network interface, which \
             interrupts."
        ),
        NetworkFact::Claimed {
            number,
            filter,
            cycles,
        } => format!(
            "The kernel runs the filters, which takes {cycles} cycles: packet {number} is that of filter {}, \
             so it is {who}'s.",
            filter.0
        ),
        NetworkFact::Dropped { number, reason, .. } => {
            format!("Packet {number} is dropped: {}.", why_dropped(reason))
        }
        NetworkFact::ReceiveBegan {
            number,
            frame,
            due_cycles,
            ..
        } => format!(
            "The network interface moves packet {number} into frame {} of {who}, until cycle {}.",
            hex(frame.0),
            grouped(due_cycles)
        ),
        NetworkFact::Received {
            number,
            frame,
            length,
            ..
        } => format!(
            "Packet {number} lies in frame {} of {who}: the ownership word is now {length}.",
            hex(frame.0)
        ),
        _ => return None,
    })
}

/// What message handlers made of packets.
fn handled(fact: &NetworkFact, who: &str) -> Option<String> {
    Some(match *fact {
        NetworkFact::HandlerRan {
            number,
            fate,
            fuel,
            reply,
            ..
        } => {
            let fate = match fate {
                Fate::Done => "that was all there was to do",
                Fate::Wake => "the libOS is to be told",
                Fate::Queue => "the packet goes into the ring",
            };
            let replies = match reply {
                Some(reply) => format!(" It replies with packet {reply}, without its owner."),
                None => String::new(),
            };
            format!(
                "The message handler of {who} runs for packet {number}, whoever has the processor: {fuel} \
                 instructions, and {fate}.{replies}"
            )
        }
        NetworkFact::HandlerStopped {
            number, trap, fuel, ..
        } => format!(
            "The message handler of {who} is stopped after {fuel} instructions ({}): packet {number} goes \
             into the ring.",
            super::broken::trapped(trap)
        ),
        _ => return None,
    })
}

/// Packets that go out.
fn sent(fact: &NetworkFact, who: &str) -> String {
    match *fact {
        NetworkFact::PartDrafted { part } => format!(
            "{who} adds {} bytes from byte {} of frame {} on to the packet that it drafts.",
            part.length,
            part.at,
            hex(part.frame.0)
        ),
        NetworkFact::PartsForgotten => format!("{who} forgets the packet that it drafts."),
        NetworkFact::TransmitQueued {
            number,
            length,
            due_cycles,
            ..
        } => format!(
            "{who} hands packet {number} out, of {length} bytes. Its last byte leaves at cycle {}; until \
             then its frames become nobody else's.",
            grouped(due_cycles)
        ),
        NetworkFact::Sent {
            number,
            length,
            arrivals,
        } => {
            let arrives = match arrivals {
                0 => "the link loses it",
                1 => "it arrives at the other end",
                _ => "it arrives at the other end twice",
            };
            format!("Packet {number} of {who}, of {length} bytes, has left: {arrives}.")
        }
        NetworkFact::SendFailed { number, .. } => format!(
            "Packet {number} of {who} is not sent: a frame that it lies in is {who}'s no more."
        ),
        _ => String::new(),
    }
}

/// What happened in the network, in a few words.
pub(super) fn short(event: &Event) -> String {
    match *event {
        Event::AlarmSet { at_cycles, .. } => match at_cycles {
            Some(at) => format!("alarm at cycle {}", grouped(at)),
            None => "alarm off".to_owned(),
        },
        Event::AlarmRang { .. } => "the alarm clock rings".to_owned(),
        Event::Network { fact, .. } => short_fact(&fact),
        _ => String::new(),
    }
}

fn short_fact(fact: &NetworkFact) -> String {
    match *fact {
        NetworkFact::DraftBegun => "filter_begin".to_owned(),
        NetworkFact::Drafted { atom: it } => format!("filter: {}", atom(it)),
        NetworkFact::FilterBound { filter, .. } => format!("filter_bind → filter {}", filter.0),
        NetworkFact::FilterFreed { filter } => format!("filter_free {}", filter.0),
        NetworkFact::BufferAdded { filter, frame, .. } => {
            format!("ring_buffer {} frame {}", filter.0, hex(frame.0))
        }
        NetworkFact::HandlerBound { filter, program } => {
            format!("handler_bind {} program {program}", filter.0)
        }
        NetworkFact::HandlerFrameAdded { filter, frame, .. } => {
            format!("handler_frame {} frame {}", filter.0, hex(frame.0))
        }
        NetworkFact::PartDrafted { part } => {
            format!("transmit_part {} bytes", part.length)
        }
        NetworkFact::PartsForgotten => "transmit_forget".to_owned(),
        NetworkFact::TransmitQueued { number, length, .. } => {
            format!("transmit packet {number}, {length} bytes")
        }
        NetworkFact::OtherEndSent { packets, .. } => {
            let packets = counted(packets.into(), "packet", "packets");
            format!("the other end sends {packets}")
        }
        NetworkFact::Arrived { number, .. } => format!("packet {number} arrives"),
        NetworkFact::Claimed { number, filter, .. } => {
            format!("packet {number} is filter {}'s", filter.0)
        }
        NetworkFact::Dropped { number, reason, .. } => {
            format!(
                "packet {number} dropped: {}",
                drop_word(reason).replace('_', " ")
            )
        }
        NetworkFact::HandlerRan { number, fate, .. } => {
            format!("handler, packet {number}: {}", fate_word(fate))
        }
        NetworkFact::HandlerStopped { number, .. } => format!("handler stopped at packet {number}"),
        NetworkFact::ReceiveBegan { number, frame, .. } => {
            format!("packet {number} goes into frame {}", hex(frame.0))
        }
        NetworkFact::Received { number, frame, .. } => {
            format!("packet {number} is in frame {}", hex(frame.0))
        }
        NetworkFact::Sent { number, .. } => format!("packet {number} has left"),
        NetworkFact::SendFailed { number, .. } => format!("packet {number} is not sent"),
    }
}
