//! The network as the kernel multiplexes it: filters say whose a packet is, rings where it goes.
//!
//! ```text
//!   arrives --> receive ring of the device --> filters --> handler (A50) --> buffer of the ring (X14)
//!                     | full                     | nobody's   | done          | none is empty
//!                  dropped                    dropped       consumed       dropped
//! ```
//! Binding a filter is a secure binding: who may claim what is decided then, by the patterns, and never
//! when a packet comes (A46). The kernel knows no protocol; everything behind the demultiplexing is library
//! code. What is sent is not looked at (A48).

mod bind;
mod download;
mod receive;
mod send;
#[cfg(test)]
mod tests;

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::filter::{Atom, Engine, FilterId, FilterSet};
use crate::digest::Digest;
use crate::hw::Part;
use crate::ids::{Delivery, EnvId, Frame};
use crate::mutants::Mutant;

/// How many bytes of a buffer come before the packet: ownership word, number, time of arrival, and two so
/// that what follows an Ethernet header is aligned.
pub const BUFFER_HEADER_BYTES: u32 = 18;

/// Numbers of filters that are programs begin here, so that they are never those of drafted ones.
const PROGRAMS_FROM: u32 = 1 << 31;

/// What was bound to a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Whose the filter is.
    pub owner: EnvId,
    /// How its owner is told of packets.
    pub delivery: Delivery,
    /// If the filter is a program: its place among those that came with its owner.
    pub program: Option<u16>,
    /// The message handler, likewise.
    pub handler: Option<u16>,
    /// What the handler reaches.
    pub reached: Vec<Frame>,
    /// The buffers, in order.
    pub ring: Vec<Frame>,
    /// The buffer that is filled next.
    pub next: usize,
    /// What became of its packets.
    pub counts: Counts,
}

/// What became of packets. With those that wait they make up all that arrived (INV-NIC-1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// In a buffer of a ring.
    pub delivered: u64,
    /// Consumed by a message handler.
    pub consumed: u64,
    /// Dropped, by reason.
    pub dropped: [u64; DropReason::ALL.len()],
}

/// Why a packet was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum DropReason {
    /// The receive ring of the network interface was full.
    Overrun = 0,
    /// It has fewer bytes than an Ethernet header, or more than a packet may.
    Length = 1,
    /// No filter accepts it.
    Unclaimed = 2,
    /// The next buffer of the filter's ring is not empty, or there is none.
    RingFull = 3,
    /// The buffer is too small for it.
    BufferSmall = 4,
    /// The buffer was its owner's no more when the packet was in it.
    BufferLost = 5,
}

impl DropReason {
    /// Every reason, in order.
    pub const ALL: [DropReason; 6] = [
        DropReason::Overrun,
        DropReason::Length,
        DropReason::Unclaimed,
        DropReason::RingFull,
        DropReason::BufferSmall,
        DropReason::BufferLost,
    ];
}

/// What an environment is about to bind or to send.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The filter.
    pub atoms: Vec<Atom>,
    /// The packet.
    pub parts: Vec<Part>,
}

/// How far the first packet of the device's receive ring has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It is not known whose it is.
    Arrived,
    /// It belongs to the filter, whose handler is to see it.
    Claimed(FilterId),
    /// It goes into the filter's ring.
    Queued(FilterId),
}

/// Filters, and what is bound to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// How filters are run.
    pub engine: Engine,
    /// The drafted ones, shared between copies.
    pub filters: Arc<FilterSet>,
    /// What is bound to each filter, drafted or a program.
    pub bindings: BTreeMap<FilterId, Binding>,
    /// Drafts of environments, by place.
    pub drafts: Vec<Draft>,
    /// How far the first packet has come.
    pub stage: Stage,
    /// What became of all packets.
    pub counts: Counts,
    /// Packets of each environment that have left.
    pub sent: Vec<u64>,
    /// The number that the next filter gets that is a program.
    next_program: u32,
}

impl Network {
    /// No filter yet, for so many environments.
    pub fn new(engine: Engine, environments: usize) -> Network {
        Network {
            engine,
            filters: Arc::new(FilterSet::new()),
            bindings: BTreeMap::new(),
            drafts: alloc::vec![Draft::default(); environments],
            stage: Stage::Arrived,
            counts: Counts::default(),
            sent: alloc::vec![0; environments],
            next_program: PROGRAMS_FROM,
        }
    }

    /// Bytes of memory that a copy takes; the filters are shared.
    pub fn bytes(&self) -> usize {
        let bindings = self.bindings.values().map(|it| {
            size_of::<Binding>() + (it.ring.len() + it.reached.len()) * size_of::<Frame>()
        });
        let atoms: usize = self.drafts.iter().map(|it| it.atoms.len()).sum();
        size_of::<Network>()
            + bindings.sum::<usize>()
            + atoms * size_of::<Atom>()
            + self.drafts.len() * size_of::<Draft>()
            + size_of_val(self.sent.as_slice())
    }

    /// Forgets a frame that its owner has given up or lost: no ring and no handler names it any more.
    pub(crate) fn forget_frame(&mut self, frame: Frame) {
        if Mutant::RingKeepsFrame.made() {
            return;
        }
        for binding in self.bindings.values_mut() {
            binding.reached.retain(|it| *it != frame);
            let Some(place) = binding.ring.iter().position(|it| *it == frame) else {
                continue;
            };
            binding.ring.remove(place);
            if place < binding.next {
                binding.next -= 1;
            }
            if binding.next >= binding.ring.len() {
                binding.next = 0;
            }
        }
    }

    /// The filters of an environment, in order.
    pub fn of(&self, owner: EnvId) -> impl Iterator<Item = (FilterId, &Binding)> {
        let all = self.bindings.iter().map(|(id, binding)| (*id, binding));
        all.filter(move |(_, binding)| binding.owner == owner)
    }

    /// Counts a packet that was dropped.
    fn drop_packet(&mut self, filter: Option<FilterId>, reason: DropReason) {
        if reason == DropReason::RingFull && Mutant::DropUncounted.made() {
            return;
        }
        self.count(filter, |counts| {
            if let Some(count) = counts.dropped.get_mut(reason as usize) {
                *count += 1;
            }
        });
    }

    fn count(&mut self, filter: Option<FilterId>, add: impl Fn(&mut Counts)) {
        add(&mut self.counts);
        if let Some(binding) = filter.and_then(|id| self.bindings.get_mut(&id)) {
            add(&mut binding.counts);
        }
    }

    /// Adds every filter with what is bound to it, the drafts, and how far the first packet has come.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        digest.u32(self.engine as u32);
        digest.u32(self.next_program);
        digest.u64(self.bindings.len() as u64);
        for (id, binding) in &self.bindings {
            digest.u32(id.0);
            binding.digest(digest);
            if let Some(filter) = self.filters.filter(*id) {
                filter.digest(digest);
            }
        }
        for (draft, sent) in self.drafts.iter().zip(&self.sent) {
            digest.u64(draft.atoms.len() as u64);
            draft.atoms.iter().for_each(|atom| atom.digest(digest));
            digest.u64(draft.parts.len() as u64);
            for part in &draft.parts {
                digest.u32(part.frame.0);
                digest.u32(part.at);
                digest.u32(part.length);
            }
            digest.u64(*sent);
        }
        let (stage, filter) = match self.stage {
            Stage::Arrived => (0, 0),
            Stage::Claimed(filter) => (1, filter.0),
            Stage::Queued(filter) => (2, filter.0),
        };
        digest.u32(stage);
        digest.u32(filter);
    }
}

impl Binding {
    /// Adds owner, delivery, programs, frames and place in the ring; counts are for display.
    fn digest(&self, digest: &mut Digest) {
        digest.u32(self.owner.0.into());
        digest.u32(self.delivery as u32);
        digest.u32(self.program.map_or(u32::MAX, u32::from));
        digest.u32(self.handler.map_or(u32::MAX, u32::from));
        for frames in [&self.reached, &self.ring] {
            digest.u64(frames.len() as u64);
            frames.iter().for_each(|frame| digest.u32(frame.0));
        }
        digest.u64(self.next as u64);
    }
}
