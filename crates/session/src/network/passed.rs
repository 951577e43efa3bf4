//! The packets that passed the wire in a run, each with what became of it.

use std::collections::BTreeMap;

use exo_core::cpu::Entry;
use exo_core::event::{Event, NetworkFact};
use exo_core::hw::{Outgoing, Source};
use exo_core::ids::{EnvId, Fate, Position};
use exo_core::machine::{Machine, Stop};
pub use exo_net::pcapng::Direction;

use crate::explain::explain;
use crate::session::{Recorded, Session};

/// Cycles of the machine that are looked through in one piece, and steps of it.
const PIECE: (u64, u32) = (1 << 20, 4_000);

/// What was told of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// The number of the event, which is the step that led to it.
    pub step: u64,
    /// The machine's cycle count.
    pub cycles: u64,
    /// The event: one of the network, or the upcall by which its owner heard of it.
    pub event: Event,
}

impl Told {
    fn of(recorded: &Recorded) -> Told {
        Told {
            step: recorded.number,
            cycles: recorded.stamped.cycles,
            event: recorded.stamped.event,
        }
    }

    /// The same in a sentence.
    pub fn text(&self, machine: &Machine) -> String {
        explain(&self.event, machine).text
    }

    /// What happened in the network; none if it is the upcall by which its owner heard of the packet.
    pub fn fact(&self) -> Option<NetworkFact> {
        match self.event {
            Event::Network { fact, .. } => Some(fact),
            _ => None,
        }
    }
}

/// A packet that arrived or left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// How many arrived, or were handed out, before it.
    pub number: u32,
    /// Which way it went.
    pub direction: Direction,
    /// Who sent it; none if it came in.
    pub sender: Option<EnvId>,
    /// The step at which it arrived or left; 0 if it had arrived before the first one.
    pub step: u64,
    /// The machine's cycle count then.
    pub cycles: u64,
    /// Its length; 0 if it found no room, so that nobody knows.
    pub length: u32,
    /// Its bytes; none if it found no room.
    pub bytes: Vec<u8>,
    /// What was told of it from then on, in order.
    pub told: Vec<Told>,
}

/// The packets of a run up to some position, in the order in which they passed.
#[derive(Clone, Debug, Default)]
pub struct PacketLog {
    packets: Vec<Passed>,
    /// Of those that came in, the place among them by number.
    arrived: BTreeMap<u32, usize>,
    /// The places of those that lie in a buffer, or of which a handler wants its owner to know, until an upcall
    /// tells whom they belong to.
    untold: Vec<(EnvId, usize)>,
    /// Where the bytes are of those that wait to be sent, by number.
    sending: BTreeMap<u32, Source>,
    /// Up to where it goes, and the number of the last event by then.
    at: Position,
    noted: u64,
}

impl PacketLog {
    /// The packets.
    pub fn packets(&self) -> &[Passed] {
        &self.packets
    }

    /// The number of the last event that is in it.
    pub fn step(&self) -> u64 {
        self.noted
    }

    /// Whether it goes as far as a session stands.
    pub fn reaches(&self, session: &Session) -> bool {
        self.at >= session.machine().position()
    }

    /// Looks at some more of a run towards a position. The session stands afterwards where that has led to. True
    /// if there is more to look at.
    pub fn advance(&mut self, session: &mut Session, to: Position) -> bool {
        session.go_to(self.at);
        self.go_on(session.machine());
        let first = session.machine().cycles();
        let mut stop = Stop::Reached;
        for _ in 0..PIECE.1 {
            let here = session.machine();
            let done = here.position() >= to || stop != Stop::Reached;
            if done || here.cycles() - first >= PIECE.0 {
                break;
            }
            let (stopped, told) = session.walk(to, false);
            stop = stopped;
            if let Some(recorded) = &told {
                self.note(session.machine(), recorded);
            }
        }
        let machine = session.machine();
        self.noted = self.noted.max(machine.events());
        // Where the run ends there is no more, wherever that was to be.
        self.at = match stop {
            Stop::Reached => machine.position(),
            _ => to,
        };
        self.at < to
    }

    /// The run has become another one behind where a session stands.
    pub fn cut(&mut self, session: &Session) {
        let (step, here) = (session.step_number(), session.machine().position());
        if self.at <= here {
            return;
        }
        let kept = self.packets.partition_point(|it| it.step <= step);
        self.packets.truncate(kept);
        self.arrived.retain(|_, place| *place < kept);
        let told = self.packets.iter_mut().map(|it| &mut it.told);
        told.for_each(|told| told.retain(|it| it.step <= step));
        self.sending.clear();
        let open = self.packets.iter().enumerate().filter_map(|(place, it)| {
            let owner = it.told.iter().rev().find_map(untold)?;
            let upcall = it.told.iter().any(|told| told.fact().is_none());
            (!upcall).then_some((owner, place))
        });
        self.untold = open.collect();
        (self.at, self.noted) = (here, step);
    }

    /// Begins at a machine, or goes on with it: what waits there has arrived, and what is to be sent lies in frames.
    pub(crate) fn go_on(&mut self, machine: &Machine) {
        self.note_sending(machine);
        let nic = machine.hardware().nic.as_ref();
        let waiting = nic.into_iter().flat_map(|nic| {
            let filling = nic.filling().map(|it| &it.packet);
            filling.into_iter().chain(nic.received())
        });
        for it in waiting {
            if !self.arrived.contains_key(&it.number) {
                let length = it.bytes.len() as u32;
                self.arrive(it.number, (0, it.at_cycles), length, it.bytes.to_vec());
            }
        }
    }

    /// Takes note of an event that has just happened.
    pub(crate) fn note(&mut self, machine: &Machine, recorded: &Recorded) {
        self.noted = recorded.number;
        if let Event::Network { env, fact } = recorded.stamped.event {
            self.fact(machine, env, Told::of(recorded), fact);
            self.note_sending(machine);
        }
        if let Event::Notified { env, upcall, .. } = recorded.stamped.event
            && upcall == Entry::Packets
        {
            self.upcall(env, recorded);
        }
    }

    /// An environment is told of its packets.
    fn upcall(&mut self, env: EnvId, recorded: &Recorded) {
        let packets = &mut self.packets;
        self.untold.retain(|(owner, place)| {
            if *owner == env
                && let Some(packet) = packets.get_mut(*place)
            {
                packet.told.push(Told::of(recorded));
            }
            *owner != env
        });
    }

    fn fact(&mut self, machine: &Machine, env: EnvId, told: Told, fact: NetworkFact) {
        use NetworkFact as Fact;
        match fact {
            Fact::Arrived { number, length } => {
                let nic = machine.hardware().nic.as_ref();
                let mut received = nic.into_iter().flat_map(|nic| nic.received());
                let packet = received.find(|it| it.number == number);
                let bytes = packet.map_or_else(Vec::new, |it| it.bytes.to_vec());
                self.arrive(number, (told.step, told.cycles), length, bytes);
            }
            Fact::Claimed { number, .. }
            | Fact::HandlerStopped { number, .. }
            | Fact::HandlerRan { number, .. }
            | Fact::ReceiveBegan { number, .. }
            | Fact::Received { number, .. }
            | Fact::Dropped { number, .. } => self.said(number, told),
            Fact::Sent { number, length, .. } => {
                let source = self.sending.remove(&number);
                let bytes = source.map(|it| bytes_of(machine, &it));
                self.packets.push(Passed {
                    number,
                    direction: Direction::Out,
                    sender: Some(env),
                    step: told.step,
                    cycles: told.cycles,
                    length,
                    bytes: bytes.unwrap_or_default(),
                    told: vec![told],
                });
            }
            Fact::SendFailed { number, .. } => {
                self.sending.remove(&number);
            }
            _ => {}
        }
    }

    fn arrive(&mut self, number: u32, (step, cycles): (u64, u64), length: u32, bytes: Vec<u8>) {
        self.arrived.insert(number, self.packets.len());
        self.packets.push(Passed {
            number,
            direction: Direction::In,
            sender: None,
            step,
            cycles,
            length,
            bytes,
            told: Vec::new(),
        });
    }

    /// Adds to what is told of a packet that came in. One that found no room was not seen before.
    fn said(&mut self, number: u32, told: Told) {
        if !self.arrived.contains_key(&number) {
            self.arrive(number, (told.step, told.cycles), 0, Vec::new());
        }
        let place = self.arrived.get(&number).copied();
        if let Some(packet) = place.and_then(|place| self.packets.get_mut(place)) {
            packet.told.push(told);
        }
        let owner = untold(&told);
        self.untold.extend(owner.zip(place));
    }

    fn note_sending(&mut self, machine: &Machine) {
        let nic = machine.hardware().nic.as_ref();
        let queue = nic.into_iter().flat_map(|nic| nic.queue());
        for Outgoing { number, source, .. } in queue {
            let known = self.sending.entry(*number);
            known.or_insert_with(|| source.clone());
        }
    }
}

/// Whose packet it is, if its owner is to hear of it from then on.
fn untold(told: &Told) -> Option<EnvId> {
    let tells = match told.fact()? {
        NetworkFact::Received { .. } => true,
        NetworkFact::HandlerRan { fate, .. } => fate == Fate::Wake,
        _ => false,
    };
    tells.then(|| told.event.env())
}

/// The bytes of a packet that has just left: what its frames hold still.
fn bytes_of(machine: &Machine, source: &Source) -> Vec<u8> {
    match source {
        Source::Copied(bytes) => bytes.to_vec(),
        Source::Frames(parts) => machine.hardware().memory.gather(parts),
    }
}
