//! Sharing by capabilities: make, pass on, present, revoke (A07 to A11).

use super::syscall::{access_argument, frame_argument, page_argument};
use super::{CachePlace, CapabilityRecord, Hardware, Kernel, Right, StlbEntry};
use crate::error::SysError;
use crate::event::Event;
use crate::ids::{Frame, Object};
use crate::mutants::Mutant;

impl Kernel {
    /// Makes a capability for a frame of the caller's.
    pub(super) fn make_capability(
        &mut self,
        frame: u64,
        access: u64,
    ) -> Result<(u64, Event), SysError> {
        let frame = frame_argument(frame)?;
        let authority = self.frames.authority(self.running, frame)?;
        if authority.pinned {
            return Err(SysError::Pinned);
        }
        if !authority.owner && !Mutant::MakeSkipsOwner.made() {
            return Err(SysError::NoAuthority);
        }
        self.add_capability(CapabilityRecord {
            object: Object::Frame(frame),
            access: access_argument(access),
            maker: self.running,
            parent: None,
        })
    }

    /// Makes a capability that allows no more than the one presented (INV-CAP-2).
    pub(super) fn derive_capability(
        &mut self,
        number: u64,
        access: u64,
    ) -> Result<(u64, Event), SysError> {
        let (parent, record) = self.capabilities.authority(number)?;
        let access = access_argument(access);
        if !record.access.covers(access) && !Mutant::DeriveWidens.made() {
            return Err(SysError::NoAuthority);
        }
        self.add_capability(CapabilityRecord {
            access,
            maker: self.running,
            parent: Some(parent),
            ..record
        })
    }

    fn add_capability(&mut self, record: CapabilityRecord) -> Result<(u64, Event), SysError> {
        let (capability, number) = self.capabilities.make(record)?;
        let event = Event::CapabilityMade {
            env: record.maker,
            capability,
            object: record.object,
            access: record.access,
            parent: record.parent,
        };
        Ok((number, event))
    }

    /// Ends a capability, all that were derived from it, and every binding that rests on one of
    /// them, before the call returns (INV-CAP-3). An extent ends with its first capability: nobody
    /// could name it any more.
    pub(super) fn revoke_capability(
        &mut self,
        hw: &mut Hardware,
        number: u64,
    ) -> Result<(u64, Event), SysError> {
        let env = self.running;
        let (capability, record) = self.capabilities.authority(number)?;
        if !self.capabilities.may_end(env, record) && !Mutant::RevokeSkipsMaker.made() {
            return Err(SysError::NoAuthority);
        }
        if let (Object::Extent(extent), None) = (record.object, record.parent) {
            return self.free_extent(capability, record, extent);
        }

        let ended = self.capabilities.end_all(|id, _| id == capability);
        let dropped = match record.object {
            _ if Mutant::RevokeKeepsBindings.made() => 0,
            Object::Frame(frame) => self.flush_ended(hw, frame),
            Object::Extent(_) => 0,
        };
        let event = Event::CapabilityRevoked {
            env,
            capability,
            object: record.object,
            ended,
            dropped,
        };
        Ok((0, event))
    }

    /// Drops the cached entries of `frame` that rest on a capability that has ended. Returns how many.
    fn flush_ended(&mut self, hw: &mut Hardware, frame: Frame) -> u16 {
        let rests_on_nothing = |place: &CachePlace| match self.right_at(hw, *place) {
            Some(Right::Capability(id)) => self.capabilities.record(id).is_none(),
            Some(Right::Owner) | None => false,
        };
        let places = self.cached.0.places(frame);
        let going: alloc::vec::Vec<CachePlace> = places.filter(rests_on_nothing).collect();
        for place in &going {
            self.drop_place(hw, *place);
        }
        going.len() as u16
    }

    /// What a cached entry rests on.
    fn right_at(&self, hw: &Hardware, place: CachePlace) -> Option<Right> {
        match place {
            CachePlace::Tlb(slot) => hw.tlb.entry(slot).map(|it| Right::noted(it.note)),
            CachePlace::Stlb(index) => self.stlb.entry(index).map(|it| it.right),
        }
    }

    /// Binds a page of the caller to the frame of a capability: what is presented is checked here,
    /// once (A08).
    pub(super) fn tlb_write_shared(
        &mut self,
        hw: &mut Hardware,
        page: u64,
        number: u64,
        access: u64,
    ) -> Result<(u64, Event), SysError> {
        let env = self.running;
        let page = page_argument(hw, page)?;
        let (capability, record) = self.capabilities.authority(number)?;
        let access = access_argument(access);
        let Object::Frame(frame) = record.object else {
            return Err(SysError::NoAuthority);
        };
        if !record.access.covers(access) && !Mutant::UpgradeUnchecked.made() {
            return Err(SysError::NoAuthority);
        }
        if self.frames.under_transfer(frame) {
            return Err(SysError::Busy);
        }

        let binding = StlbEntry {
            env,
            access,
            page,
            frame,
            right: Right::Capability(capability),
        };
        let slot = self.install(hw, binding);
        let index = self.remember(binding);
        let event = Event::BoundShared {
            env,
            page,
            frame,
            access,
            slot,
            index,
            capability,
        };
        Ok((0, event))
    }
}
