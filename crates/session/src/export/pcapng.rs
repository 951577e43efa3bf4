//! The packets of a run as a capture (pcapng): when each arrived or left, and what became of it.

use std::collections::BTreeMap;
use std::io::{self, Write};

use exo_core::event::{Event, NetworkFact};
use exo_core::hw::{Outgoing, Source};
use exo_core::machine::Machine;

use super::{Clock, Exported, Reader, View};
use crate::explain::explain;
use crate::network::{self, Seen};
use crate::session::{Recorded, Session};

/// Writes the capture when the window is over, since what becomes of a packet is known only later.
pub(super) struct Pcapng<W: Write> {
    out: W,
    clock: Clock,
    /// In the order of their times.
    seen: Vec<Seen>,
    /// Of those that came in and whose fate is open, the place among `seen` by number.
    open: BTreeMap<u32, usize>,
    /// Where the bytes are of those that wait to be sent, by number.
    sending: BTreeMap<u32, Source>,
}

impl<W: Write> Pcapng<W> {
    pub(super) fn new(out: W, clock: Clock) -> Pcapng<W> {
        Pcapng {
            out,
            clock,
            seen: Vec::new(),
            open: BTreeMap::new(),
            sending: BTreeMap::new(),
        }
    }

    fn nanoseconds(&self, cycles: u64) -> u64 {
        self.clock.at(cycles).nanoseconds()
    }

    fn note_sending(&mut self, machine: &Machine) {
        let nic = machine.hardware().nic.as_ref();
        let queue = nic.into_iter().flat_map(|nic| nic.queue());
        for Outgoing { number, source, .. } in queue {
            let known = self.sending.entry(*number);
            known.or_insert_with(|| source.clone());
        }
    }

    fn arrived(&mut self, machine: &Machine, number: u32, length: u32, cycles: u64) {
        let nic = machine.hardware().nic.as_ref();
        let mut received = nic.into_iter().flat_map(|nic| nic.received());
        let bytes = received.find(|it| it.number == number);
        self.open.insert(number, self.seen.len());
        self.seen.push(Seen {
            nanoseconds: self.nanoseconds(cycles),
            inward: true,
            length,
            bytes: bytes.map_or_else(Vec::new, |it| it.bytes.to_vec()),
            comment: String::new(),
        });
    }

    /// Adds a sentence to what is said of a packet that came in. One that found no room was not seen before.
    fn said(&mut self, number: u32, text: &str, cycles: u64) {
        if !self.open.contains_key(&number) {
            self.open.insert(number, self.seen.len());
            self.seen.push(Seen {
                nanoseconds: self.nanoseconds(cycles),
                inward: true,
                length: 0,
                bytes: Vec::new(),
                comment: String::new(),
            });
        }
        let place = self.open.get(&number).copied();
        if let Some(seen) = place.and_then(|place| self.seen.get_mut(place)) {
            if !seen.comment.is_empty() {
                seen.comment.push(' ');
            }
            seen.comment.push_str(text);
        }
    }

    fn fact(&mut self, machine: &Machine, recorded: &Recorded, fact: NetworkFact) {
        use NetworkFact as Fact;
        let stamped = &recorded.stamped;
        let cycles = stamped.cycles;
        let text = || explain(&stamped.event, machine).text;
        match fact {
            Fact::Arrived { number, length } => self.arrived(machine, number, length, cycles),
            Fact::Claimed { number, .. }
            | Fact::HandlerStopped { number, .. }
            | Fact::HandlerRan { number, .. }
            | Fact::Received { number, .. }
            | Fact::Dropped { number, .. } => self.said(number, &text(), cycles),
            Fact::Sent { number, length, .. } => {
                let source = self.sending.remove(&number);
                let bytes = source.map(|it| bytes_of(machine, &it));
                self.seen.push(Seen {
                    nanoseconds: self.nanoseconds(cycles),
                    inward: false,
                    length,
                    bytes: bytes.unwrap_or_default(),
                    comment: text(),
                });
            }
            Fact::SendFailed { number, .. } => {
                self.sending.remove(&number);
            }
            _ => {}
        }
        self.note_sending(machine);
    }
}

/// The bytes of a packet that has just left: what its frames hold still.
fn bytes_of(machine: &Machine, source: &Source) -> Vec<u8> {
    match source {
        Source::Copied(bytes) => bytes.to_vec(),
        Source::Frames(parts) => machine.hardware().memory.gather(parts),
    }
}

impl<W: Write> Reader for Pcapng<W> {
    fn begin(&mut self, session: &Session, _: &View) -> io::Result<()> {
        let machine = session.machine();
        self.note_sending(machine);
        let nic = machine.hardware().nic.as_ref();
        let received = nic.into_iter().flat_map(|nic| {
            let filling = nic.filling().map(|it| &it.packet);
            filling.into_iter().chain(nic.received())
        });
        let waiting: Vec<_> = received
            .map(|it| (it.number, it.at_cycles, it.bytes.to_vec()))
            .collect();
        for (number, cycles, bytes) in waiting {
            self.open.insert(number, self.seen.len());
            self.seen.push(Seen {
                nanoseconds: self.nanoseconds(cycles),
                inward: true,
                length: bytes.len() as u32,
                bytes,
                comment: String::new(),
            });
        }
        Ok(())
    }

    fn step(&mut self, machine: &Machine, told: Option<&Recorded>) -> io::Result<()> {
        if let Some(recorded) = told
            && let Event::Network { fact, .. } = recorded.stamped.event
        {
            self.fact(machine, recorded, fact);
        }
        Ok(())
    }

    fn finish(&mut self, _: &Machine, _: &Exported) -> io::Result<()> {
        for seen in &mut self.seen {
            if seen.inward && seen.comment.is_empty() {
                "Where the window ends nothing is decided about it.".clone_into(&mut seen.comment);
            }
        }
        // Who has no part for networks has no network.
        let capture = network::part().map(|part| (part.capture)(&self.seen));
        self.out.write_all(&capture.unwrap_or_default())?;
        self.out.flush()
    }
}
