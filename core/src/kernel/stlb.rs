//! The software TLB: a direct-mapped cache of bindings that absorbs capacity misses (A33, A34).

use super::capability::Right;
use crate::digest::Digest;
use crate::ids::{Access, EnvId, Frame, Page};
use crate::paged::{Paged, PagedCheckpoint};

/// One binding, tagged with its environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StlbEntry {
    /// Whose binding it is.
    pub env: EnvId,
    /// What it allows.
    pub access: Access,
    /// Virtual page.
    pub page: Page,
    /// Physical frame.
    pub frame: Frame,
    /// What it rests on.
    pub right: Right,
}

/// The entries; none at all if the software TLB is off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stlb {
    entries: Paged<Option<StlbEntry>>,
}

impl Stlb {
    /// An empty software TLB of `entries` entries; 0 switches it off.
    pub fn new(entries: u32) -> Stlb {
        Stlb {
            entries: Paged::new(None, entries as usize),
        }
    }

    /// All entries by index.
    pub fn entries(&self) -> &[Option<StlbEntry>] {
        self.entries.items()
    }

    /// The one place where a binding of `page` of `env` may lie; none if it is off.
    ///
    /// Index = (page number xor tag hash) mod entries. The papers do not publish the hash; ours is 0
    /// for the first environment, so that its pages lie in the order of their numbers.
    pub fn index_of(&self, env: EnvId, page: Page) -> Option<u32> {
        let entries = self.entries().len() as u32;
        let tag_hash = u32::from(env.0).wrapping_mul(0x9E37_79B1) >> 7;
        (page.0 ^ tag_hash).checked_rem(entries)
    }

    /// The entry at `index`.
    pub fn entry(&self, index: u32) -> Option<StlbEntry> {
        self.entries.get(index as usize).flatten()
    }

    /// Writes the entry at `index` and returns what it held.
    pub fn replace(&mut self, index: u32, entry: Option<StlbEntry>) -> Option<StlbEntry> {
        core::mem::replace(self.entries.get_mut(index as usize)?, entry)
    }

    /// Takes a checkpoint.
    pub fn checkpoint(&mut self) -> PagedCheckpoint<Option<StlbEntry>> {
        self.entries.checkpoint()
    }

    /// Goes to a checkpoint of this table.
    pub fn restore(&mut self, checkpoint: &PagedCheckpoint<Option<StlbEntry>>) {
        self.entries.restore(checkpoint);
    }

    /// Adds the size, then per valid entry: index, environment, what it rests on and
    /// access, page, frame.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        digest.u64(self.entries().len() as u64);
        for (index, entry) in self.entries().iter().enumerate() {
            if let Some(entry) = entry {
                digest.u64(index as u64);
                let right = u64::from(entry.right.note());
                digest.u64(right << 16 | u64::from(entry.env.0) << 8 | entry.access as u64);
                digest.u32(entry.page.0);
                digest.u32(entry.frame.0);
            }
        }
    }
}
