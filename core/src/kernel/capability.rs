//! Capabilities: rights to a frame or an extent that prove themselves (A07, A10).
//!
//! A capability is a number that anyone may pass on without the kernel. What the kernel keeps of it
//! is a record: what it is for, what it allows, and from which other one it was derived.
//!
//! ```text
//!   check (32 bits) | serial (20 bits) | place of its record (12 bits)
//! ```
//! The check is mixed from the machine's secret, place and serial, so that one that the kernel never
//! made is told from one that has ended. The mixing keeps an emulated guesser out (one guess in 2^32,
//! at 40 cycles each); it is not cryptography. A place whose serials are used up is not used again.

use alloc::vec::Vec;

use crate::digest::{Digest, mix};
use crate::error::SysError;
use crate::ids::{Access, CapabilityId, EnvId, Object};
use crate::limits::{CAPABILITIES_MAX, CAPABILITIES_PER_ENVIRONMENT_MAX};
use crate::mutants::Mutant;

/// What a cached binding rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Its environment owns the frame.
    Owner,
    /// Its environment has presented this capability.
    Capability(CapabilityId),
}

impl Right {
    /// It as what the TLB keeps beside an entry.
    pub(super) fn note(self) -> u16 {
        match self {
            Right::Owner => 0,
            Right::Capability(id) => id.0 + 1,
        }
    }

    /// What was written beside a TLB entry.
    pub fn noted(note: u16) -> Right {
        match note.checked_sub(1) {
            None => Right::Owner,
            Some(id) => Right::Capability(CapabilityId(id)),
        }
    }
}

/// What the kernel keeps of a capability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CapabilityRecord {
    /// What it is for.
    pub object: Object,
    /// The most that it allows: of a frame's mapping, or to do with an extent.
    pub access: Access,
    /// Who made it.
    pub maker: EnvId,
    /// The one that it was derived from; none if the owner of the frame made it, or it came with
    /// the extent.
    pub parent: Option<CapabilityId>,
}

/// One place: how many capabilities have had it, and the one that has it now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slot {
    serial: u32,
    record: Option<CapabilityRecord>,
}

const EMPTY: Slot = Slot {
    serial: 0,
    record: None,
};

const PLACE_BITS: u32 = 12;
const SERIAL_BITS: u32 = 20;
/// The last serial that a place may give out.
const SERIAL_MAX: u32 = (1 << SERIAL_BITS) - 1;
const _: () = assert!(CAPABILITIES_MAX == 1 << PLACE_BITS);

/// Every capability that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapabilityTable {
    /// The places that were ever used.
    slots: Vec<Slot>,
    secret: u64,
}

impl CapabilityTable {
    /// An empty table of a machine with that secret.
    pub fn new(secret: u64) -> CapabilityTable {
        CapabilityTable {
            slots: Vec::new(),
            secret,
        }
    }

    /// Bytes of its records.
    pub fn bytes(&self) -> usize {
        size_of_val(self.slots.as_slice())
    }

    /// Every capability that has not ended, in order of place.
    pub fn records(&self) -> impl Iterator<Item = (CapabilityId, CapabilityRecord)> + '_ {
        let slots = self.slots.iter().enumerate();
        slots.filter_map(|(place, slot)| Some((CapabilityId(place as u16), slot.record?)))
    }

    /// The capability of that place, if there is one.
    pub fn record(&self, id: CapabilityId) -> Option<CapabilityRecord> {
        self.slots.get(usize::from(id.0))?.record
    }

    /// How many capabilities each place has had, for places that were ever used.
    pub(crate) fn serials(&self) -> impl Iterator<Item = u32> + '_ {
        self.slots.iter().map(|slot| slot.serial)
    }

    /// The number that an environment presents; none if there is no such capability.
    pub fn number(&self, id: CapabilityId) -> Option<u64> {
        let slot = self.slots.get(usize::from(id.0))?;
        slot.record.map(|_| self.sealed(id, slot.serial))
    }

    fn sealed(&self, id: CapabilityId, serial: u32) -> u64 {
        let named = u64::from(serial) << PLACE_BITS | u64::from(id.0);
        let check = mix(self.secret ^ mix(named)) >> 32;
        check << (PLACE_BITS + SERIAL_BITS) | named
    }

    /// What a capability is worth: the one place that decides for capabilities (D4).
    ///
    /// # Errors
    /// [`SysError::Forged`] if it was never made, [`SysError::Stale`] if it has ended.
    pub fn authority(&self, number: u64) -> Result<(CapabilityId, CapabilityRecord), SysError> {
        let id = CapabilityId((number & ((1 << PLACE_BITS) - 1)) as u16);
        let serial = (number >> PLACE_BITS) as u32 & SERIAL_MAX;
        let slot = self.slots.get(usize::from(id.0)).ok_or(SysError::Forged)?;
        // A serial that the place has not come to cannot have been given out.
        let proven = self.sealed(id, serial) == number || Mutant::ForgedAccepted.made();
        if serial > slot.serial || !proven {
            return Err(SysError::Forged);
        }
        let newest = serial == slot.serial || Mutant::StaleAccepted.made();
        let record = slot.record.filter(|_| newest);
        record.map(|it| (id, it)).ok_or(SysError::Stale)
    }

    /// Whether `env` may end a capability: it has made it, or it owns what that is for, and so has
    /// made the one that all others come from (INV-CAP-2).
    pub(super) fn may_end(&self, env: EnvId, record: CapabilityRecord) -> bool {
        let parent = |record: &CapabilityRecord| self.record(record.parent?);
        let origin = core::iter::successors(Some(record), parent).last();
        record.maker == env || origin.is_some_and(|it| it.maker == env)
    }

    /// Makes one.
    ///
    /// # Errors
    /// [`SysError::CapabilityLimit`] if its maker has its share of the table already; none is made.
    pub fn make(&mut self, record: CapabilityRecord) -> Result<(CapabilityId, u64), SysError> {
        let limit = SysError::CapabilityLimit;
        let made = self.records().filter(|(_, it)| it.maker == record.maker);
        let share = CAPABILITIES_PER_ENVIRONMENT_MAX + usize::from(Mutant::ShareOffByOne.made());
        if made.count() >= share {
            return Err(limit);
        }
        let usable = |slot: &Slot| slot.record.is_none() && slot.serial < SERIAL_MAX;
        let vacant = self.slots.iter().position(usable);
        let place = vacant.unwrap_or(self.slots.len());
        if place >= CAPABILITIES_MAX {
            return Err(limit);
        }
        if place == self.slots.len() {
            self.slots.push(EMPTY);
        }
        let slot = self.slots.get_mut(place).ok_or(limit)?;
        slot.serial += 1;
        slot.record = Some(record);
        let (id, serial) = (CapabilityId(place as u16), slot.serial);
        Ok((id, self.sealed(id, serial)))
    }

    /// Ends every capability that `ends` names, and all that were derived from one of them
    /// (INV-CAP-3). Returns how many.
    pub(super) fn end_all(
        &mut self,
        ends: impl Fn(CapabilityId, &CapabilityRecord) -> bool,
    ) -> u16 {
        let mut count = 0;
        loop {
            let before = count;
            // A derived one may lie before or behind its parent, so look until nothing is left.
            for place in 0..self.slots.len() {
                let id = CapabilityId(place as u16);
                let Some(record) = self.record(id) else {
                    continue;
                };
                let orphan = record.parent.is_some_and(|it| self.record(it).is_none());
                let orphan = orphan && !Mutant::RevokeKeepsDescendants.made();
                if orphan || ends(id, &record) {
                    self.slots[place].record = None;
                    count += 1;
                }
            }
            if count == before {
                return count;
            }
        }
    }

    /// Adds the secret, then how many places were ever used, then of each: serial, whether one has
    /// it now, and then frame, access and maker, parent; of one for an extent, the first block in
    /// place of the frame, bit 63 in the next word, and at the end how many blocks.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        digest.u64(self.secret);
        digest.u64(self.slots.len() as u64);
        for slot in &self.slots {
            digest.u32(slot.serial);
            digest.bool(slot.record.is_some());
            if let Some(record) = slot.record {
                let (name, blocks) = match record.object {
                    Object::Frame(frame) => (frame.0, None),
                    Object::Extent(extent) => (extent.first.0, Some(extent.blocks)),
                };
                let kind = u64::from(blocks.is_some()) << 63;
                digest.u32(name);
                digest.u64(kind | u64::from(record.maker.0) << 8 | record.access as u64);
                digest.u32(record.parent.map_or(0, |parent| u32::from(parent.0) + 1));
                blocks.iter().for_each(|blocks| digest.u32(*blocks));
            }
        }
    }
}
