//! Which cached entries name each frame: a list per frame, so that a flush scans nothing.
//!
//! ```text
//!   head[frame] -> node <-> node <-> node        node = TLB slot, or TLB entries + STLB index
//! ```
//! Derived from TLB and STLB (INV-BIND-4): in no digest, and rebuilt when a checkpoint is restored.

use alloc::vec::Vec;

use crate::hw::Tlb;
use crate::ids::{Frame, TlbSlot};
use crate::kernel::stlb::Stlb;

/// Not a node.
const NONE: u32 = u32::MAX;

/// A place that caches a binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CachePlace {
    /// An entry of the hardware TLB.
    Tlb(TlbSlot),
    /// An entry of the software TLB.
    Stlb(u32),
}

/// The lists.
#[derive(Clone, Debug)]
pub struct CachedLists {
    head: Vec<u32>,
    next: Vec<u32>,
    previous: Vec<u32>,
    tlb_entries: u32,
}

impl CachedLists {
    /// Empty lists for `frames` frames.
    pub fn new(frames: u32, tlb_entries: u32, stlb_entries: u32) -> CachedLists {
        let nodes = (tlb_entries + stlb_entries) as usize;
        CachedLists {
            head: alloc::vec![NONE; frames as usize],
            next: alloc::vec![NONE; nodes],
            previous: alloc::vec![NONE; nodes],
            tlb_entries,
        }
    }

    /// The lists as TLB and STLB have them.
    pub fn of(frames: u32, tlb: &Tlb, stlb: &Stlb) -> CachedLists {
        let entries = (tlb.entries().len() as u32, stlb.entries().len() as u32);
        let mut lists = CachedLists::new(frames, entries.0, entries.1);
        for (slot, entry) in tlb.entries().iter().enumerate() {
            if let Some(entry) = entry {
                lists.add(CachePlace::Tlb(TlbSlot(slot as u16)), entry.frame);
            }
        }
        for (index, entry) in stlb.entries().iter().enumerate() {
            if let Some(entry) = entry {
                lists.add(CachePlace::Stlb(index as u32), entry.frame);
            }
        }
        lists
    }

    fn node(&self, place: CachePlace) -> u32 {
        match place {
            CachePlace::Tlb(slot) => u32::from(slot.0),
            CachePlace::Stlb(index) => self.tlb_entries + index,
        }
    }

    fn place(&self, node: u32) -> CachePlace {
        match node.checked_sub(self.tlb_entries) {
            None => CachePlace::Tlb(TlbSlot(node as u16)),
            Some(index) => CachePlace::Stlb(index),
        }
    }

    /// Notes that `place` now names `frame`.
    pub fn add(&mut self, place: CachePlace, frame: Frame) {
        let node = self.node(place);
        let Some(head) = self.head.get_mut(frame.index()) else {
            return;
        };
        let after = core::mem::replace(head, node);
        if let Some(previous) = self.previous.get_mut(after as usize) {
            *previous = node;
        }
        self.next[node as usize] = after;
        self.previous[node as usize] = NONE;
    }

    /// Notes that `place` no longer names `frame`.
    pub fn remove(&mut self, place: CachePlace, frame: Frame) {
        let node = self.node(place) as usize;
        let (before, after) = (self.previous[node], self.next[node]);
        match self.next.get_mut(before as usize) {
            Some(next) => *next = after,
            None => self.head[frame.index()] = after,
        }
        if let Some(previous) = self.previous.get_mut(after as usize) {
            *previous = before;
        }
        (self.next[node], self.previous[node]) = (NONE, NONE);
    }

    /// The first place that names `frame`.
    pub fn first(&self, frame: Frame) -> Option<CachePlace> {
        let head = *self.head.get(frame.index())?;
        (head != NONE).then(|| self.place(head))
    }

    /// Every place that names `frame`, in no order that means anything.
    pub fn places(&self, frame: Frame) -> impl Iterator<Item = CachePlace> + '_ {
        let head = self
            .head
            .get(frame.index())
            .copied()
            .filter(|node| *node != NONE);
        core::iter::successors(head, |node| {
            Some(self.next[*node as usize]).filter(|next| *next != NONE)
        })
        .take(self.next.len() + 1)
        .map(|node| self.place(node))
    }
}
