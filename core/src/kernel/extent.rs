//! Extents: runs of blocks of the disk, each an environment's own (A19).
//!
//! Names are physical, and ownership is bookkeeping: what one may do with an extent is said by the
//! capability that is presented, and the first one is what allocating it gives.

use alloc::vec::Vec;

use super::{CapabilityRecord, Hardware, Kernel};
use crate::digest::Digest;
use crate::error::SysError;
use crate::event::Event;
use crate::ids::{Access, Block, CapabilityId, EnvId, Extent, Object};
use crate::mutants::Mutant;

/// Which blocks belong to whom; the others are free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtentTable {
    /// In order of their first blocks.
    records: Vec<(Extent, EnvId)>,
    blocks: u32,
    share: u32,
}

impl ExtentTable {
    /// All of `blocks` blocks free, for so many environments.
    pub fn new(blocks: u32, environments: usize) -> ExtentTable {
        ExtentTable {
            records: Vec::new(),
            blocks,
            share: blocks / environments.max(1) as u32,
        }
    }

    /// Bytes of its records.
    pub fn bytes(&self) -> usize {
        size_of_val(self.records.as_slice())
    }

    /// Every extent with its owner, in order.
    pub fn records(&self) -> &[(Extent, EnvId)] {
        &self.records
    }

    /// Blocks of the disk.
    pub fn blocks(&self) -> u32 {
        self.blocks
    }

    /// How many blocks one environment may hold: its share of the disk, so that none can use it up.
    pub fn share(&self) -> u32 {
        self.share
    }

    /// How many blocks an environment holds.
    pub fn held(&self, env: EnvId) -> u32 {
        let own = self.records.iter().filter(|(_, owner)| *owner == env);
        own.map(|(extent, _)| extent.blocks).sum()
    }

    /// The first run of `blocks` free blocks.
    fn first_fit(&self, blocks: u32) -> Option<Extent> {
        let mut first = 0;
        for (taken, _) in &self.records {
            if taken.first.0 - first >= blocks {
                break;
            }
            first = taken.end();
        }
        let first = Block(first);
        (self.blocks - first.0 >= blocks).then_some(Extent { first, blocks })
    }

    fn is_free(&self, extent: Extent) -> bool {
        let apart = |taken: &Extent| taken.end() <= extent.first.0 || extent.end() <= taken.first.0;
        self.records.iter().all(|(taken, _)| apart(taken))
    }

    pub(super) fn add(&mut self, extent: Extent, owner: EnvId) {
        let place = self
            .records
            .partition_point(|(it, _)| it.first < extent.first);
        self.records.insert(place, (extent, owner));
    }

    fn remove(&mut self, extent: Extent) {
        self.records.retain(|(it, _)| *it != extent);
    }

    /// Adds, if there is a disk: how many extents there are, and of each first block, blocks,
    /// owner.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        if self.blocks == 0 {
            return;
        }
        digest.u64(self.records.len() as u64);
        for (extent, owner) in &self.records {
            digest.u32(extent.first.0);
            digest.u32(extent.blocks);
            digest.u32(u32::from(owner.0));
        }
    }
}

impl Kernel {
    /// Gives the caller a run of free blocks, cleared (A01, INV-REV-3), and the capability for it.
    pub(super) fn allocate_extent(
        &mut self,
        hw: &mut Hardware,
        first: Option<u64>,
        blocks: u64,
    ) -> Result<(u64, Event), SysError> {
        let env = self.running;
        let all = self.extents.blocks;
        if all == 0 {
            return Err(SysError::NotOffered);
        }
        let asked = Extent::within(all, first.unwrap_or(0), blocks).ok_or(match first {
            None if blocks > 0 => SysError::BlockLimit,
            _ => SysError::NoSuchBlock,
        })?;
        if first.is_some() && !self.extents.is_free(asked) {
            return Err(SysError::Taken);
        }
        let share = self.extents.share + u32::from(Mutant::BlockShareOffByOne.made());
        if asked.blocks > share.saturating_sub(self.extents.held(env)) {
            return Err(SysError::BlockLimit);
        }
        let extent = match first {
            Some(_) => asked,
            None => {
                let fit = self.extents.first_fit(asked.blocks);
                fit.ok_or(SysError::NoFreeBlocks)?
            }
        };

        let (capability, number) = self.capabilities.make(CapabilityRecord {
            object: Object::Extent(extent),
            access: Access::ReadWrite,
            maker: env,
            parent: None,
        })?;
        self.extents.add(extent, env);
        if !Mutant::BlocksUncleared.made() {
            extent.all().for_each(|block| hw.disk.clear(block));
        }
        let event = Event::ExtentAllocated {
            env,
            extent,
            named: first.is_some(),
            capability,
        };
        Ok((number, event))
    }

    /// Takes an extent back from the caller, who presents what allocating it gave.
    pub(super) fn extent_free(&mut self, number: u64) -> Result<(u64, Event), SysError> {
        let (capability, record) = self.capabilities.authority(number)?;
        match record.object {
            Object::Extent(extent) => self.free_extent(capability, record, extent),
            Object::Frame(_) => Err(SysError::NoAuthority),
        }
    }

    /// Frees every extent of an environment whose policy begins afresh and could not name them.
    pub(crate) fn release_extents(&mut self, env: EnvId) {
        self.extents.records.retain(|(_, owner)| *owner != env);
        let extents = &self.extents;
        self.capabilities.end_all(|_, it| match it.object {
            Object::Frame(_) => false,
            Object::Extent(extent) => extents.records.iter().all(|(it, _)| *it != extent),
        });
    }

    /// Frees an extent: every capability for it ends. What is still queued finds that when it is
    /// complete, and moves nothing.
    pub(super) fn free_extent(
        &mut self,
        capability: CapabilityId,
        record: CapabilityRecord,
        extent: Extent,
    ) -> Result<(u64, Event), SysError> {
        let env = self.running;
        if record.parent.is_some() || record.maker != env {
            return Err(SysError::NoAuthority);
        }
        let ended = self.capabilities.end_all(|id, _| id == capability);
        self.extents.remove(extent);
        Ok((0, Event::ExtentFreed { env, extent, ended }))
    }
}
