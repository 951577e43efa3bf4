//! Checkpoints of the TLB: the entries and their ages; the inverse map follows from them.

use alloc::vec::Vec;

use super::tlb::{Tlb, TlbEntry};

/// A TLB's state at one moment.
#[derive(Clone, Debug)]
pub struct TlbCheckpoint {
    entries: Vec<Option<TlbEntry>>,
    stamps: Vec<u64>,
    ticks: u64,
    running_asid: u8,
}

impl TlbCheckpoint {
    /// Bytes that it holds.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.entries) + size_of_val(&*self.stamps)
    }
}

impl Tlb {
    /// Goes back to an earlier state of this TLB, and rewrites the inverse map.
    pub fn restore(&mut self, earlier: &TlbCheckpoint) {
        self.clear_map();
        self.entries.clone_from(&earlier.entries);
        self.stamps.clone_from(&earlier.stamps);
        (self.ticks, self.running_asid) = (earlier.ticks, earlier.running_asid);
        self.fill_map();
    }

    /// The state without the map.
    pub fn checkpoint(&self) -> TlbCheckpoint {
        TlbCheckpoint {
            entries: self.entries.clone(),
            stamps: self.stamps.clone(),
            ticks: self.ticks,
            running_asid: self.running_asid,
        }
    }
}
