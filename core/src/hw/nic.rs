//! A network interface: rings of packets that came in and that go out, and when each is done.
//!
//! It moves packets between the link and frames by itself (DMA). Whose a packet is, where it goes and who
//! may send what is not the device's affair.

use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::link::{Arrivals, Link, Way};
use super::other_end::OtherEnd;
use crate::derived::Derived;
use crate::digest::Digest;
use crate::ids::Frame;
use crate::limits::{COMING_MAX, PACKET_PARTS_MAX, RECEIVED_MAX};
use crate::wire::Heard;

/// A packet that has come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// How many came before it.
    pub number: u32,
    /// The machine's cycle count when it came.
    pub at_cycles: u64,
    /// From its destination address on.
    pub bytes: Arc<[u8]>,
}

/// A stretch of a frame that is part of a packet to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The frame.
    pub frame: Frame,
    /// Its first byte.
    pub at: u32,
    /// How many bytes.
    pub length: u32,
}

/// Where the bytes of a packet are until it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// In frames, which are the device's too until then.
    Frames(Vec<Part>),
    /// In a buffer of the device, to which they were copied.
    Copied(Arc<[u8]>),
}

impl Source {
    /// Bytes of memory behind it.
    fn bytes(&self) -> usize {
        match self {
            Source::Frames(parts) => size_of_val(parts.as_slice()),
            Source::Copied(bytes) => bytes.len(),
        }
    }
}

/// A packet that goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// How many were sent before it.
    pub number: u32,
    /// What the kernel wrote beside it; the device does not read it.
    pub note: u8,
    /// Its bytes.
    pub source: Source,
    /// How many bytes.
    pub length: u32,
    /// The machine's cycle count at which its last byte leaves.
    pub due_cycles: u64,
}

/// A packet on its way into a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filling {
    /// The packet.
    pub packet: Packet,
    /// The frame.
    pub frame: Frame,
    /// What the kernel wrote beside it; the device does not read it.
    pub note: (u32, u8),
    /// The machine's cycle count at which it is there.
    pub due_cycles: u64,
}

/// What the device has to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NicDue {
    /// A packet is wholly in its frame.
    Filled,
    /// A packet has come in, and the kernel is to say whose it is.
    Received,
    /// A packet's last byte has left.
    Sent,
    /// A packet arrives.
    Arrival,
    /// The other end acts.
    OtherEnd,
}

/// The device and its link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nic {
    link: Link,
    other_end: OtherEnd,
    heard: Heard,
    polled: Option<u64>,
    /// When the other end next acts.
    polls: Derived<Option<u64>>,
    /// On the link, by time of arrival.
    coming: VecDeque<(u64, Arc<[u8]>)>,
    received: VecDeque<Packet>,
    filling: Option<Filling>,
    queue: VecDeque<Outgoing>,
    /// Packets that have arrived, and that were taken on to be sent.
    arrived: u32,
    taken: u32,
}

impl Nic {
    /// A device that has seen nothing yet.
    pub fn new(link: Link, other_end: OtherEnd) -> Nic {
        let mut nic = Nic {
            link,
            other_end,
            heard: Heard::new(),
            polled: None,
            polls: Derived(None),
            coming: VecDeque::new(),
            received: VecDeque::new(),
            filling: None,
            queue: VecDeque::new(),
            arrived: 0,
            taken: 0,
        };
        nic.ask_other_end();
        nic
    }

    /// Everything that was delivered to the other end, and until when that was let act.
    pub fn heard(&self) -> (&Heard, Option<u64>) {
        (&self.heard, self.polled)
    }

    /// Packets that have come in and wait for the kernel, in order.
    pub fn received(&self) -> impl Iterator<Item = &Packet> {
        self.received.iter()
    }

    /// The packet on its way into a frame.
    pub fn filling(&self) -> Option<&Filling> {
        self.filling.as_ref()
    }

    /// Packets that are to be sent, in order.
    pub fn queue(&self) -> impl Iterator<Item = &Outgoing> {
        self.queue.iter()
    }

    /// Packets on the link towards the machine.
    pub fn coming(&self) -> usize {
        self.coming.len()
    }

    /// Packets that have arrived since reset, those that found no room included.
    pub fn arrived(&self) -> u32 {
        self.arrived
    }

    /// Bytes of memory behind it that `before`, an earlier state of it, does not hold. What the other end has
    /// heard by then is shared.
    pub fn bytes_beyond(&self, before: Option<&Nic>) -> usize {
        let coming = self.coming.iter().map(|(_, bytes)| bytes.len());
        let received = self
            .received
            .iter()
            .chain(self.filling.iter().map(|it| &it.packet));
        let received = received.map(|it| size_of::<Packet>() + it.bytes.len());
        let queue = self
            .queue
            .iter()
            .map(|it| size_of::<Outgoing>() + it.source.bytes());
        let heard = before.map_or(0, |before| before.heard.bytes());
        size_of::<Nic>()
            + coming.chain(received).chain(queue).sum::<usize>()
            + self.heard.bytes().saturating_sub(heard)
    }

    /// What is to be done next, and when. Of several at once the one that makes room comes first.
    pub fn next_due(&self) -> Option<(u64, NicDue)> {
        let filled = self.filling.as_ref().map(|it| it.due_cycles);
        let received = self.received.front().map(|it| it.at_cycles);
        let received = received.filter(|_| self.filling.is_none());
        let all = [
            (filled, NicDue::Filled),
            (received, NicDue::Received),
            (self.queue.front().map(|it| it.due_cycles), NicDue::Sent),
            (self.coming.front().map(|it| it.0), NicDue::Arrival),
            (self.polls.0, NicDue::OtherEnd),
        ];
        let due = all.into_iter().filter_map(|(at, what)| Some((at?, what)));
        due.min()
    }

    fn ask_other_end(&mut self) {
        let wire = self.other_end.0.as_ref();
        let due = wire.and_then(|wire| wire.due_cycles(&self.heard, self.polled));
        // What does not move on is over.
        let due = due.filter(|due| self.polled.is_none_or(|polled| *due > polled));
        self.polls = Derived(due);
    }

    /// Lets the other end do what is due. Returns how many packets it sent, and how many of these the
    /// link has lost.
    pub(crate) fn poll(&mut self) -> (u32, u32) {
        let (Some(at), Some(wire)) = (self.polls.0, self.other_end.0.clone()) else {
            return (0, 0);
        };
        let frames = wire.poll(&self.heard, self.polled, at);
        self.polled = Some(at);
        let mut lost = 0;
        let sent = frames.len() as u32;
        for frame in frames {
            let left = self.link.reserve(Way::In, frame.len(), at);
            let bytes: Arc<[u8]> = Arc::from(frame);
            let arrivals = self.link.carry(left);
            let room = COMING_MAX.saturating_sub(self.coming.len());
            let arriving = arrivals.into_iter().flatten().take(room);
            let mut count = 0;
            for due in arriving {
                let place = self.coming.partition_point(|(other, _)| *other <= due);
                self.coming.insert(place, (due, bytes.clone()));
                count += 1;
            }
            lost += u32::from(count == 0);
        }
        self.ask_other_end();
        (sent, lost)
    }

    /// The next packet on the link arrives. Returns its number and length, and whether there was room.
    pub(crate) fn arrive(&mut self) -> Option<(u32, u32, bool)> {
        let (at_cycles, bytes) = self.coming.pop_front()?;
        let (number, length) = (self.arrived, bytes.len() as u32);
        self.arrived = self.arrived.wrapping_add(1);
        let room = self.received.len() < RECEIVED_MAX;
        if room {
            self.received.push_back(Packet {
                number,
                at_cycles,
                bytes,
            });
        }
        Some((number, length, room))
    }

    /// The packet that the kernel is to look at.
    pub fn first(&self) -> Option<&Packet> {
        self.received.front()
    }

    /// Takes that packet out of the receive ring.
    pub(crate) fn take_first(&mut self) -> Option<Packet> {
        self.received.pop_front()
    }

    /// Begins to move a packet into a frame. The device does one at a time.
    pub(crate) fn fill(&mut self, filling: Filling) {
        self.filling = Some(filling);
    }

    /// The packet that was moved, or is; none if there is none.
    pub(crate) fn take_filled(&mut self) -> Option<Filling> {
        self.filling.take()
    }

    /// Takes on a packet to be sent. Returns its number and when its last byte leaves.
    pub(crate) fn send(&mut self, note: u8, source: Source, length: u32, now: u64) -> (u32, u64) {
        let due_cycles = self.link.reserve(Way::Out, length as usize, now);
        let number = self.taken;
        self.taken = self.taken.wrapping_add(1);
        self.queue.push_back(Outgoing {
            number,
            note,
            source,
            length,
            due_cycles,
        });
        (number, due_cycles)
    }

    /// Takes the packet out of the queue whose last byte has left.
    pub(crate) fn take_sent(&mut self) -> Option<Outgoing> {
        self.queue.pop_front()
    }

    /// Puts bytes on the link that have left at `left`. Returns how often they arrive.
    pub(crate) fn deliver(&mut self, bytes: Arc<[u8]>, left: u64) -> u32 {
        let arrivals: Arrivals = self.link.carry(left);
        let mut count = 0;
        for at in arrivals.into_iter().flatten() {
            // An end that hears nothing keeps nothing.
            if self.other_end.0.is_some() {
                self.heard.push(at, bytes.clone());
            }
            count += 1;
        }
        self.ask_other_end();
        count
    }

    /// Adds link, what the other end heard and until when it acted, and every packet under way.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        self.link.digest(digest);
        digest.u64(self.heard.count());
        digest.u64(self.heard.mark());
        digest.u64(self.polled.unwrap_or(u64::MAX));
        digest.u64(self.coming.len() as u64);
        for (due, bytes) in &self.coming {
            digest.u64(*due);
            digest.bytes(bytes);
        }
        digest.u64(self.received.len() as u64);
        for packet in &self.received {
            packet.digest(digest);
        }
        digest.bool(self.filling.is_some());
        if let Some(filling) = &self.filling {
            filling.packet.digest(digest);
            digest.u32(filling.frame.0);
            digest.u32(filling.note.0);
            digest.u32(filling.note.1.into());
            digest.u64(filling.due_cycles);
        }
        digest.u64(self.queue.len() as u64);
        for outgoing in &self.queue {
            outgoing.digest(digest);
        }
        digest.u32(self.arrived);
        digest.u32(self.taken);
    }
}

impl Packet {
    fn digest(&self, digest: &mut Digest) {
        digest.u32(self.number);
        digest.u64(self.at_cycles);
        digest.bytes(&self.bytes);
    }
}

impl Outgoing {
    /// The frames that its bytes are in.
    pub fn frames(&self) -> impl Iterator<Item = Frame> + '_ {
        let parts = match &self.source {
            Source::Frames(parts) => parts.as_slice(),
            Source::Copied(_) => &[],
        };
        parts.iter().map(|part| part.frame)
    }

    fn digest(&self, digest: &mut Digest) {
        digest.u32(self.number);
        digest.u32(self.note.into());
        digest.u32(self.length);
        digest.u64(self.due_cycles);
        match &self.source {
            Source::Frames(parts) => {
                digest.u64(parts.len() as u64);
                for part in parts {
                    digest.u32(part.frame.0);
                    digest.u32(part.at);
                    digest.u32(part.length);
                }
            }
            Source::Copied(bytes) => {
                digest.u64(PACKET_PARTS_MAX as u64 + 1);
                digest.bytes(bytes);
            }
        }
    }
}
