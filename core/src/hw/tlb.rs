//! The hardware TLB: software-managed, tagged with address-space ids, never searched on a hit.
//!
//! A look-up goes through an inverse map from page to slot that covers the running address space
//! only. The map is derived: rewritten when the address space changes, and in no digest.

use alloc::vec::Vec;

use crate::derived::Derived;
use crate::digest::Digest;
use crate::ids::{Access, Frame, Page, TlbSlot};
use crate::rng::Rng;

/// How a full set makes room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replacement {
    /// Any entry of the set, as the seed decides.
    Random,
    /// The entry that was written first.
    Fifo,
    /// The entry whose last use is longest ago.
    Lru,
}

/// Size and structure of the TLB. A page belongs to set `page number mod sets`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TlbConfig {
    /// Sets; 1 makes it fully associative.
    pub sets: u32,
    /// Entries of one set; 1 makes it direct-mapped.
    pub ways: u32,
    /// How a full set makes room.
    pub replacement: Replacement,
}

impl TlbConfig {
    /// Entries in all.
    pub fn entries(self) -> u32 {
        self.sets.saturating_mul(self.ways)
    }
}

/// One translation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TlbEntry {
    /// Address-space id.
    pub asid: u8,
    /// What a reference may do through it.
    pub access: Access,
    /// Virtual page.
    pub page: Page,
    /// Physical frame.
    pub frame: Frame,
}

/// Where an entry was written, and what was there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Installed {
    /// The slot written.
    pub slot: TlbSlot,
    /// The entry that made room, if the slot held one.
    pub replaced: Option<TlbEntry>,
}

/// The entries, their ages, and the inverse map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tlb {
    config: TlbConfig,
    entries: Vec<Option<TlbEntry>>,
    /// When each entry was written (FIFO) or last used (LRU), counted in `ticks`.
    stamps: Vec<u64>,
    ticks: u64,
    running_asid: u8,
    /// Slot + 1 by page of the running address space; 0 is none.
    map: Derived<Vec<u16>>,
}

/// The TLB behind plain slices: what the loop over references looks up in.
#[derive(Debug)]
pub struct TlbWindow<'tlb> {
    map: &'tlb [u16],
    entries: &'tlb [Option<TlbEntry>],
    /// Empty unless recency matters.
    stamps: &'tlb mut [u64],
    ticks: &'tlb mut u64,
}

impl TlbWindow<'_> {
    /// The slot and entry of `page`, if the inverse map covers it and knows one.
    #[inline(always)]
    pub fn find(&self, page: Page) -> Option<(TlbSlot, TlbEntry)> {
        let slot = self.map.get(page.0 as usize)?.checked_sub(1)?;
        let entry = (*self.entries.get(usize::from(slot))?)?;
        Some((TlbSlot(slot), entry))
    }

    /// Counts a use of `slot` for LRU; nothing where recency does not matter.
    #[inline(always)]
    pub fn touch(&mut self, slot: TlbSlot) {
        if let Some(stamp) = self.stamps.get_mut(usize::from(slot.0)) {
            *self.ticks += 1;
            *stamp = *self.ticks;
        }
    }
}

/// Pages that the inverse map covers; beyond (pages smaller than 4 KiB) the set is searched.
const MAPPED_PAGES_MAX: u64 = 1 << 20;

impl Tlb {
    /// An empty TLB for address spaces of `pages` pages.
    pub fn new(config: TlbConfig, pages: u64) -> Tlb {
        let entries = config.entries() as usize;
        let mapped = if pages <= MAPPED_PAGES_MAX {
            pages as usize
        } else {
            0
        };
        Tlb {
            config,
            entries: alloc::vec![None; entries],
            stamps: alloc::vec![0; entries],
            ticks: 0,
            running_asid: 0,
            map: Derived(alloc::vec![0; mapped]),
        }
    }

    /// Its structure.
    pub fn config(&self) -> TlbConfig {
        self.config
    }

    /// All entries by slot.
    pub fn entries(&self) -> &[Option<TlbEntry>] {
        &self.entries
    }

    /// The slot that holds `page` of the running address space.
    pub fn slot_of(&self, page: Page) -> Option<TlbSlot> {
        match self.map.0.get(page.0 as usize) {
            Some(0) => None,
            Some(&slot) => Some(TlbSlot(slot - 1)),
            None if self.map.0.is_empty() => self.search(page),
            None => None,
        }
    }

    #[cold]
    fn search(&self, page: Page) -> Option<TlbSlot> {
        let found = self.set(page).find(|slot| {
            self.entries[*slot]
                .is_some_and(|entry| entry.page == page && entry.asid == self.running_asid)
        });
        found.map(|slot| TlbSlot(slot as u16))
    }

    fn set(&self, page: Page) -> core::ops::Range<usize> {
        let set = (page.0 % self.config.sets.max(1)) as usize;
        let ways = self.config.ways as usize;
        set * ways..(set + 1) * ways
    }

    /// The entry in `slot`.
    pub fn entry(&self, slot: TlbSlot) -> Option<TlbEntry> {
        self.entries.get(usize::from(slot.0)).copied().flatten()
    }

    /// The entries and the map, for a run of references in one loop.
    pub fn window(&mut self) -> TlbWindow<'_> {
        let recency = self.config.replacement == Replacement::Lru;
        TlbWindow {
            map: &self.map.0,
            entries: &self.entries,
            stamps: if recency { &mut self.stamps } else { &mut [] },
            ticks: &mut self.ticks,
        }
    }

    /// Counts a use of `slot` for LRU; nothing where recency does not matter.
    pub fn touch(&mut self, slot: TlbSlot) {
        if self.config.replacement == Replacement::Lru {
            self.stamp(slot);
        }
    }

    fn stamp(&mut self, slot: TlbSlot) {
        self.ticks += 1;
        if let Some(stamp) = self.stamps.get_mut(usize::from(slot.0)) {
            *stamp = self.ticks;
        }
    }

    /// Writes a translation of the running address space. An entry of the same page is rewritten in
    /// place, keeping its age in FIFO order; else invalid slots of the set fill first, lowest
    /// first; else the replacement decides, drawing on `rng` only if it is random.
    pub fn install(
        &mut self,
        page: Page,
        frame: Frame,
        access: Access,
        rng: &mut Rng,
    ) -> Installed {
        let entry = TlbEntry {
            asid: self.running_asid,
            access,
            page,
            frame,
        };
        if let Some(slot) = self.slot_of(page) {
            let replaced = self.entries[usize::from(slot.0)].replace(entry);
            self.touch(slot);
            return Installed { slot, replaced };
        }
        let slot = self.room(page, rng);
        let replaced = self.invalidate(slot);
        self.entries[usize::from(slot.0)] = Some(entry);
        self.stamp(slot);
        if let Some(place) = self.map.0.get_mut(page.0 as usize) {
            *place = slot.0 + 1;
        }
        Installed { slot, replaced }
    }

    /// The slot that a new entry for `page` takes.
    fn room(&self, page: Page, rng: &mut Rng) -> TlbSlot {
        let set = self.set(page);
        let invalid = set.clone().find(|slot| self.entries[*slot].is_none());
        let slot = invalid.unwrap_or_else(|| match self.config.replacement {
            Replacement::Random => set.start + rng.below(self.config.ways) as usize,
            Replacement::Fifo | Replacement::Lru => set
                .clone()
                .min_by_key(|slot| self.stamps[*slot])
                .unwrap_or(set.start),
        });
        TlbSlot(slot as u16)
    }

    /// Makes a slot invalid and returns what it held.
    pub fn invalidate(&mut self, slot: TlbSlot) -> Option<TlbEntry> {
        let entry = self.entries.get_mut(usize::from(slot.0))?.take()?;
        self.stamps[usize::from(slot.0)] = 0;
        if entry.asid == self.running_asid
            && let Some(place) = self.map.0.get_mut(entry.page.0 as usize)
        {
            *place = 0;
        }
        Some(entry)
    }

    /// Changes the running address space. Entries of others stay, tagged, and do not match.
    pub fn switch(&mut self, asid: u8) {
        self.write_map(false);
        self.running_asid = asid;
        self.write_map(true);
    }

    fn write_map(&mut self, enter: bool) {
        for (slot, entry) in self.entries.iter().enumerate() {
            if let Some(entry) = entry
                && entry.asid == self.running_asid
                && let Some(place) = self.map.0.get_mut(entry.page.0 as usize)
            {
                *place = if enter { slot as u16 + 1 } else { 0 };
            }
        }
    }

    /// Goes back to an earlier state of this TLB, and rewrites the inverse map.
    pub fn restore(&mut self, earlier: &TlbCheckpoint) {
        self.write_map(false);
        self.entries.clone_from(&earlier.entries);
        self.stamps.clone_from(&earlier.stamps);
        (self.ticks, self.running_asid) = (earlier.ticks, earlier.running_asid);
        self.write_map(true);
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

    /// Whether the inverse map says what a search would; for the checks.
    pub fn map_agrees(&self) -> bool {
        let mapped = self.map.0.iter().filter(|slot| **slot != 0).count();
        let running: Vec<_> = self.entries.iter().flatten().collect();
        let running = running
            .iter()
            .filter(|entry| entry.asid == self.running_asid);
        self.map.0.is_empty()
            || (mapped == running.clone().count()
                && running
                    .clone()
                    .all(|entry| self.slot_of(entry.page) == self.search(entry.page)))
    }

    /// Adds ticks, running address space, then per slot: validity, asid, access, page, frame, stamp.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        digest.u64(self.ticks);
        digest.u32(u32::from(self.running_asid));
        for (entry, stamp) in self.entries.iter().zip(&self.stamps) {
            digest.bool(entry.is_some());
            if let Some(entry) = entry {
                digest.u32(u32::from(entry.asid));
                digest.u32(entry.access as u32);
                digest.u32(entry.page.0);
                digest.u32(entry.frame.0);
                digest.u64(*stamp);
            }
        }
    }
}

/// A TLB's state at one moment.
#[derive(Clone, Debug)]
pub struct TlbCheckpoint {
    entries: Vec<Option<TlbEntry>>,
    stamps: Vec<u64>,
    ticks: u64,
    running_asid: u8,
}
