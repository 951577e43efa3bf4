//! The packets of a run as a capture (pcapng): when each arrived or left, and what became of it.

use std::io::{self, Write};

use exo_core::event::NetworkFact;
use exo_core::machine::Machine;
use exo_net::pcapng::{Direction, Record, Writer};

use super::{Clock, Exported, Reader, View};
use crate::network::{PacketLog, Passed};
use crate::session::{Recorded, Session};

/// Writes the capture when the window is over, since what becomes of a packet is known only later.
pub(super) struct Pcapng<W: Write> {
    out: W,
    clock: Clock,
    log: PacketLog,
}

impl<W: Write> Pcapng<W> {
    pub(super) fn new(out: W, clock: Clock) -> Pcapng<W> {
        let log = PacketLog::default();
        Pcapng { out, clock, log }
    }
}

/// What is said of a packet: whose it is, what a handler made of it, where it lies, or why it was dropped.
fn comment(packet: &Passed, machine: &Machine) -> String {
    let decides = |fact| !matches!(fact, None | Some(NetworkFact::ReceiveBegan { .. }));
    let told = packet.told.iter().filter(|it| decides(it.fact()));
    let text = told
        .map(|it| it.text(machine))
        .collect::<Vec<_>>()
        .join(" ");
    match packet.direction {
        Direction::In if text.is_empty() => {
            "Where the window ends nothing is decided about it.".to_owned()
        }
        _ => text,
    }
}

impl<W: Write> Reader for Pcapng<W> {
    fn begin(&mut self, session: &Session, _: &View) -> io::Result<()> {
        self.log.go_on(session.machine());
        Ok(())
    }

    fn step(&mut self, machine: &Machine, told: Option<&Recorded>) -> io::Result<()> {
        if let Some(recorded) = told {
            self.log.note(machine, recorded);
        }
        Ok(())
    }

    fn finish(&mut self, machine: &Machine, _: &Exported) -> io::Result<()> {
        let mut writer = Writer::new("exo");
        for packet in self.log.packets() {
            writer.packet(&Record {
                nanoseconds: self.clock.at(packet.cycles).nanoseconds(),
                direction: Some(packet.direction),
                length: packet.length,
                bytes: &packet.bytes,
                comment: &comment(packet, machine),
            });
        }
        self.out.write_all(&writer.finish())?;
        self.out.flush()
    }
}
