//! Address spaces of the microkernel: map, grant and flush, and who got what from whom (L01 to L03).
//!
//! At boot one space holds all of physical memory; every other begins empty and is built from what
//! others hand it. The table of mappings is also the page table that the kernel refills the TLB from.

#[cfg(test)]
mod tests;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use crate::ids::{Access, Frame, Page};

/// An address space, by its address-space id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Space(pub u8);

/// The space that holds all of memory at boot (L02). Its pages are numbered as the frames.
pub const SIGMA0: Space = Space(u8::MAX);

/// A page of a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The space.
    pub space: Space,
    /// The page.
    pub page: Page,
}

/// What lies at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mapped {
    /// The frame.
    pub frame: Frame,
    /// What the space may do with it.
    pub access: Access,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Mapping {
    mapped: Mapped,
    /// Where it was mapped from; none for what [`SIGMA0`] has had from the beginning, or granted.
    from: Option<Place>,
    /// What was mapped from here.
    derived: Vec<Place>,
}

/// Mappings of all spaces together.
pub const MAPPINGS_MAX: usize = 1 << 18;

/// Why a space could not hand a page on. Nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapError {
    /// It has no such page.
    NothingThere,
    /// It may not do itself what it would let another do (L03).
    Extends,
    /// The page would come to lie where it, or what it was mapped from, lies.
    Circular,
    /// There are as many mappings as there may be.
    Full,
}

/// All address spaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spaces {
    mappings: BTreeMap<Place, Mapping>,
}

impl Spaces {
    /// At boot: `frames` frames, all held by [`SIGMA0`], and nothing anywhere else (L02).
    pub fn new(frames: u32) -> Spaces {
        let held = (0..frames).map(|frame| {
            let place = Place {
                space: SIGMA0,
                page: Page(frame),
            };
            let mapping = Mapping {
                mapped: Mapped {
                    frame: Frame(frame),
                    access: Access::ReadWrite,
                },
                from: None,
                derived: Vec::new(),
            };
            (place, mapping)
        });
        Spaces {
            mappings: held.collect(),
        }
    }

    /// What lies at a place.
    pub fn at(&self, place: Place) -> Option<Mapped> {
        self.mappings.get(&place).map(|mapping| mapping.mapped)
    }

    /// Where the mapping at a place came from.
    pub fn from(&self, place: Place) -> Option<Place> {
        self.mappings.get(&place)?.from
    }

    /// Everything that is mapped, in order of place.
    pub fn all(&self) -> impl Iterator<Item = (Place, Mapped)> + '_ {
        self.mappings.iter().map(|(place, it)| (*place, it.mapped))
    }

    /// Makes the page at `from` accessible at `to` as well, for at most what `from` allows (L03).
    /// What lay at `to` before is gone, with all that came from it: those places are returned.
    ///
    /// # Errors
    /// [`MapError`]; nothing has changed.
    pub fn map(&mut self, from: Place, to: Place, access: Access) -> Result<Vec<Place>, MapError> {
        let held = self.at(from).ok_or(MapError::NothingThere)?;
        if !held.access.covers(access) {
            return Err(MapError::Extends);
        }
        if self.lies_above(to, from) {
            return Err(MapError::Circular);
        }
        if self.mappings.len() >= MAPPINGS_MAX && self.at(to).is_none() {
            return Err(MapError::Full);
        }
        let gone = self.clear(to);
        let frame = held.frame;
        let mapping = Mapping {
            mapped: Mapped { frame, access },
            from: Some(from),
            derived: Vec::new(),
        };
        self.mappings.insert(to, mapping);
        if let Some(source) = self.mappings.get_mut(&from) {
            source.derived.push(to);
        }
        Ok(gone)
    }

    /// Moves the page at `from` to `to`: it leaves the granter, and what was mapped from it stays
    /// (L03). Returns the places that lost their mapping, `from` among them.
    ///
    /// # Errors
    /// [`MapError`]; nothing has changed.
    pub fn grant(&mut self, from: Place, to: Place) -> Result<Vec<Place>, MapError> {
        if self.at(from).is_none() {
            return Err(MapError::NothingThere);
        }
        if self.lies_above(to, from) {
            return Err(MapError::Circular);
        }
        let mut gone = self.clear(to);
        let Some(mapping) = self.mappings.remove(&from) else {
            return Err(MapError::NothingThere);
        };
        gone.push(from);
        if let Some(source) = mapping.from.and_then(|it| self.mappings.get_mut(&it)) {
            source.derived.retain(|place| *place != from);
            source.derived.push(to);
        }
        for place in &mapping.derived {
            if let Some(derived) = self.mappings.get_mut(place) {
                derived.from = Some(to);
            }
        }
        self.mappings.insert(to, mapping);
        Ok(gone)
    }

    /// Takes the page at `place` from all who got it from there, directly or indirectly; `place`
    /// keeps it (L03). With `left`, they keep it too but may do no more than that. Returns the places
    /// that lost the mapping or a right, and nobody has asked them (L09).
    pub fn flush(&mut self, place: Place, left: Option<Access>) -> Vec<Place> {
        let mut affected = Vec::new();
        let mut waiting = match self.mappings.get_mut(&place) {
            None => return affected,
            Some(mapping) if left.is_none() => core::mem::take(&mut mapping.derived),
            Some(mapping) => mapping.derived.clone(),
        };
        while let Some(next) = waiting.pop() {
            let Some(left) = left else {
                if let Some(mapping) = self.mappings.remove(&next) {
                    waiting.extend(mapping.derived);
                    affected.push(next);
                }
                continue;
            };
            if let Some(mapping) = self.mappings.get_mut(&next) {
                waiting.extend(mapping.derived.iter().copied());
                if mapping.mapped.access > left {
                    mapping.mapped.access = left;
                    affected.push(next);
                }
            }
        }
        affected
    }

    /// Empties a place, with all that came from it.
    fn clear(&mut self, place: Place) -> Vec<Place> {
        let mut gone = self.flush(place, None);
        if let Some(mapping) = self.mappings.remove(&place) {
            gone.push(place);
            if let Some(source) = mapping.from.and_then(|it| self.mappings.get_mut(&it)) {
                source.derived.retain(|derived| *derived != place);
            }
        }
        gone
    }

    /// Whether `above` is `place` or one of those that it came from.
    fn lies_above(&self, above: Place, place: Place) -> bool {
        let mut line = core::iter::successors(Some(place), |it| self.from(*it));
        line.any(|it| it == above)
    }

    /// Whether every mapping rests on one of the same frame with no fewer rights, and is known there;
    /// or is the one that all others of its frame come from.
    ///
    /// # Errors
    /// The first place of which that is not true.
    pub fn check(&self) -> Result<(), Place> {
        let mut first = BTreeSet::new();
        for (place, mapping) in &self.mappings {
            let Some(from) = mapping.from else {
                if first.insert(mapping.mapped.frame) {
                    continue;
                }
                return Err(*place);
            };
            let source = self.mappings.get(&from).ok_or(*place)?;
            let known = source.derived.iter().filter(|it| *it == place).count() == 1;
            let covers = source.mapped.access.covers(mapping.mapped.access);
            if !known || !covers || source.mapped.frame != mapping.mapped.frame {
                return Err(*place);
            }
        }
        Ok(())
    }
}
