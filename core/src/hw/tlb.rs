//! The hardware TLB: software-managed, tagged with address-space ids, never searched on a hit.
//!
//! A look-up goes through an inverse map from page to slot that covers the running address space
//! only. The map is derived: rewritten when the address space changes, and in no digest.

use alloc::vec::Vec;

use crate::derived::Derived;
use crate::digest::Digest;
use crate::ids::{Access, Frame, Page, TlbSlot};
use crate::limits::{FRAMES_MAX, TLB_ENTRIES_MAX};
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
    /// What the software keeps beside it; the hardware does not read it.
    pub note: u16,
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
    pub(super) entries: Vec<Option<TlbEntry>>,
    /// When each entry was written (FIFO) or last used (LRU), counted in `ticks`.
    pub(super) stamps: Vec<u64>,
    pub(super) ticks: u64,
    pub(super) running_asid: u8,
    /// By page of the running address space: [`MapWord`], 0 where there is no entry. No longer than
    /// to the highest page that was ever entered, so that copies of a machine are small.
    map: Derived<Vec<u32>>,
    /// Pages that the inverse map may cover; 0, and the set is searched, if there are too many.
    mapped: u32,
}

/// What the inverse map holds of an entry, in one word, so that a hit reads nothing else:
/// frame (16 bits), may be read, may be written, slot (10 bits).
#[derive(Clone, Copy, Debug)]
struct MapWord(u32);

impl MapWord {
    const READ: u32 = 1 << 16;
    const WRITE: u32 = 1 << 17;
    const SLOT_SHIFT: u32 = 18;

    fn new(slot: TlbSlot, entry: &TlbEntry) -> MapWord {
        let rights = match entry.access {
            Access::Read => MapWord::READ,
            Access::ReadWrite => MapWord::READ | MapWord::WRITE,
        };
        MapWord(u32::from(slot.0) << MapWord::SLOT_SHIFT | rights | entry.frame.0)
    }

    fn slot(self) -> TlbSlot {
        TlbSlot((self.0 >> MapWord::SLOT_SHIFT) as u16)
    }
}

const _: () = assert!(FRAMES_MAX <= MapWord::READ && TLB_ENTRIES_MAX <= 1 << 10);

/// The TLB behind plain slices: what the loop over references looks up in.
#[derive(Debug)]
pub struct TlbWindow<'tlb> {
    map: &'tlb [u32],
    /// Empty unless recency matters.
    stamps: &'tlb mut [u64],
    ticks: &'tlb mut u64,
}

impl TlbWindow<'_> {
    /// Slot and frame of `page`, if the inverse map covers it and knows an entry that may be used
    /// so.
    #[inline(always)]
    pub fn find(&self, page: Page, stores: bool) -> Option<(TlbSlot, Frame)> {
        let word = *self.map.get(page.0 as usize)?;
        let needed = if stores {
            MapWord::WRITE
        } else {
            MapWord::READ
        };
        (word & needed != 0).then_some((MapWord(word).slot(), Frame(word & 0xFFFF)))
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
            pages as u32
        } else {
            0
        };
        Tlb {
            config,
            entries: alloc::vec![None; entries],
            stamps: alloc::vec![0; entries],
            ticks: 0,
            running_asid: 0,
            map: Derived(Vec::new()),
            mapped,
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
            Some(&word) => Some(MapWord(word).slot()),
            None if self.mapped == 0 => self.search(page),
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
        note: u16,
        rng: &mut Rng,
    ) -> Installed {
        let entry = TlbEntry {
            asid: self.running_asid,
            access,
            page,
            frame,
            note,
        };
        if let Some(slot) = self.slot_of(page) {
            let replaced = self.entries[usize::from(slot.0)].replace(entry);
            self.map_entry(slot, &entry);
            self.touch(slot);
            return Installed { slot, replaced };
        }
        let slot = self.room(page, rng);
        let replaced = self.invalidate(slot);
        self.entries[usize::from(slot.0)] = Some(entry);
        self.stamp(slot);
        self.map_entry(slot, &entry);
        Installed { slot, replaced }
    }

    /// Enters an entry of the running address space in the inverse map.
    fn map_entry(&mut self, slot: TlbSlot, entry: &TlbEntry) {
        let page = entry.page.0 as usize;
        if page >= self.map.0.len() && entry.page.0 < self.mapped {
            self.map.0.resize(page + 1, 0);
        }
        if let Some(place) = self.map.0.get_mut(page) {
            *place = MapWord::new(slot, entry).0;
        }
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

    /// Changes an entry where it is, whatever that comes to: a fault of the hardware. False, and nothing
    /// happens, if the slot is empty.
    pub(crate) fn turn(&mut self, slot: TlbSlot, change: impl FnOnce(&mut TlbEntry)) -> bool {
        let Some(Some(entry)) = self.entries.get(usize::from(slot.0)).copied() else {
            return false;
        };
        self.clear_map();
        let mut turned = entry;
        change(&mut turned);
        self.entries[usize::from(slot.0)] = Some(turned);
        self.fill_map();
        true
    }

    /// Changes the running address space. Entries of others stay, tagged, and do not match.
    pub fn switch(&mut self, asid: u8) {
        self.clear_map();
        self.running_asid = asid;
        self.fill_map();
    }

    /// Takes the entries of the running address space out of the inverse map.
    pub(super) fn clear_map(&mut self) {
        for entry in self.entries.iter().flatten() {
            if entry.asid == self.running_asid
                && let Some(place) = self.map.0.get_mut(entry.page.0 as usize)
            {
                *place = 0;
            }
        }
    }

    /// Enters the entries of the running address space in the inverse map.
    pub(super) fn fill_map(&mut self) {
        for slot in 0..self.entries.len() {
            if let Some(Some(entry)) = self.entries.get(slot).copied()
                && entry.asid == self.running_asid
            {
                self.map_entry(TlbSlot(slot as u16), &entry);
            }
        }
    }

    /// Whether the inverse map says what a search would; for the checks.
    pub fn map_agrees(&self) -> bool {
        let running = self.entries.iter().enumerate().filter_map(|(slot, entry)| {
            let entry = entry.filter(|entry| entry.asid == self.running_asid)?;
            Some((entry.page, MapWord::new(TlbSlot(slot as u16), &entry).0))
        });
        let mapped = self.map.0.iter().filter(|word| **word != 0).count();
        let known = |page: Page| self.map.0.get(page.0 as usize).copied();
        self.mapped == 0
            || (mapped == running.clone().count()
                && running
                    .clone()
                    .all(|(page, word)| known(page) == Some(word)))
    }

    /// The valid entries, those of lower sets first, and of one set the older first.
    pub(crate) fn by_age(&self) -> impl Iterator<Item = TlbEntry> + '_ {
        let ways = self.config.ways.max(1) as usize;
        let age = |slot: &usize| (slot / ways, self.stamps.get(*slot).copied());
        let mut slots: Vec<usize> = (0..self.entries.len()).collect();
        slots.sort_unstable_by_key(age);
        slots.into_iter().filter_map(|slot| self.entries[slot])
    }

    /// Adds ticks, running address space, then per slot: validity, asid, note and
    /// access, page, frame, stamp.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        digest.u64(self.ticks);
        digest.u32(u32::from(self.running_asid));
        for (entry, stamp) in self.entries.iter().zip(&self.stamps) {
            digest.bool(entry.is_some());
            if let Some(entry) = entry {
                digest.u32(u32::from(entry.asid));
                digest.u32(u32::from(entry.note) << 8 | entry.access as u32);
                digest.u32(entry.page.0);
                digest.u32(entry.frame.0);
                digest.u64(*stamp);
            }
        }
    }
}
