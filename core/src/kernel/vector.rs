//! The repossession vector: which frames the kernel has taken by force (A18), and blocks of the disk
//! that the libOS has preloaded it with, for what is in the next ones (A19).
//!
//! ```text
//!   preload --> Free --a frame that was written to is taken--> UnderWay --the disk is done--> Done or
//!   Failed; it leaves when its libOS has read where the contents are, and, of one that failed, has
//!   met that
//! ```
//! Authority over a block is decided when it is preloaded, again when it is used, and again before a
//! byte moves, as of any transfer.

use alloc::vec::Vec;

use super::call::Call;
use super::disk::Errand;
use super::{Hardware, Kernel};
use crate::digest::Digest;
use crate::error::SysError;
use crate::event::Event;
use crate::hw::Transfer;
use crate::ids::{Access, Block, Contents, Direction, EnvId, Frame, Object};
use crate::limits::SAVE_BLOCKS_MAX;
use crate::mutants::Mutant;

/// A frame that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Which.
    pub frame: Frame,
    /// What became of what was in it.
    pub contents: Contents,
    /// The number of the block in its extent, and the block; none unless the contents are saved.
    pub saved: Option<(u32, Block)>,
}

/// What a preloaded block is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saving {
    /// Nothing yet.
    Free,
    /// The disk has been asked to write the contents of a frame to it.
    UnderWay,
    /// It has the contents.
    Done,
    /// It has not: right or disk has failed.
    Failed,
}

/// A block that was preloaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SaveBlock {
    /// The capability that was presented.
    pub capability: u64,
    /// Its number in the extent.
    pub number: u32,
    /// The block.
    pub block: Block,
    /// What it is used for.
    pub saving: Saving,
    /// Whether its libOS has read what it is used for.
    pub told: bool,
}

/// What was taken from one environment, and where to save what is taken next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RepossessionVector {
    /// Frames that it has not asked about, the first one first.
    pub(crate) losses: Vec<Loss>,
    /// Blocks in the order in which they were preloaded.
    pub(crate) blocks: Vec<SaveBlock>,
}

impl RepossessionVector {
    /// Frames that were taken and that the environment has not asked about, in order.
    pub fn losses(&self) -> &[Loss] {
        &self.losses
    }

    /// Blocks that were preloaded and have not left, in order.
    pub fn blocks(&self) -> &[SaveBlock] {
        &self.blocks
    }

    /// The block that something is written to now.
    fn find(&mut self, block: Block) -> Option<&mut SaveBlock> {
        self.blocks.iter_mut().find(|it| it.block == block)
    }

    /// Notes a loss. A frame of which nothing is saved is named once, however often it was taken.
    fn note(&mut self, loss: Loss) {
        let again = |it: &&mut Loss| it.frame == loss.frame && it.saved.is_none();
        let named = self.losses.iter_mut().find(again);
        match named {
            Some(named) if loss.saved.is_none() && !Mutant::LossNotedTwice.made() => {
                named.contents = named.contents.max(loss.contents);
            }
            _ => self.losses.push(loss),
        }
    }

    /// Lets go of blocks of which there is no more to tell.
    fn tidy(&mut self) {
        self.blocks
            .retain(|it| !(it.told && it.saving == Saving::Done));
    }

    /// Adds how many frames are named, of each which, what became of it and the block's number;
    /// then, only if there are any, how many blocks and of each capability, number, block and use.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        digest.u64(self.losses.len() as u64);
        for loss in &self.losses {
            let number = loss.saved.map_or(0, |(number, _)| number);
            digest.u32(loss.frame.0);
            digest.u64(u64::from(number) << 8 | loss.contents as u64);
        }
        if self.blocks.is_empty() {
            return;
        }
        digest.u64(self.blocks.len() as u64);
        for it in &self.blocks {
            digest.u64(it.capability);
            digest.u64(u64::from(it.number) << 32 | u64::from(it.block.0));
            digest.u64((it.saving as u64) << 1 | u64::from(it.told));
        }
    }
}

impl Kernel {
    /// A call about the caller's vector.
    pub(super) fn vector_call(
        &mut self,
        call: Call,
        first: u64,
        second: u64,
    ) -> Result<(u64, Event), SysError> {
        match call {
            Call::Preload => self.preload(first, second),
            _ => self.next_repossessed(),
        }
    }

    /// Preloads the caller's vector with a block.
    fn preload(&mut self, number: u64, block: u64) -> Result<(u64, Event), SysError> {
        let env = self.running;
        let (_, record) = self.capabilities.authority(number)?;
        let Object::Extent(extent) = record.object else {
            return Err(SysError::NoAuthority);
        };
        if !record.access.covers(Access::ReadWrite) && !Mutant::PreloadSkipsAuthority.made() {
            return Err(SysError::NoAuthority);
        }
        let place = extent.block(block).ok_or(SysError::NoSuchBlock)?;
        let capabilities = &self.capabilities;
        let environment = self.environments.get_mut(env.index());
        let vector = &mut environment.ok_or(SysError::NoAuthority)?.repossessed;
        // What has ended is in nobody's way.
        let ended = |it: &SaveBlock| capabilities.authority(it.capability).is_err();
        let lasts = |it: &&SaveBlock| match it.saving {
            Saving::Free => !ended(it),
            Saving::Failed => !(it.told && ended(it)),
            Saving::UnderWay | Saving::Done => true,
        };
        let mut lasting: Vec<SaveBlock> = vector.blocks.iter().filter(lasts).copied().collect();
        if lasting.iter().any(|it| it.block == place) {
            return Err(SysError::Taken);
        }
        if lasting.len() >= SAVE_BLOCKS_MAX {
            return Err(SysError::VectorFull);
        }
        lasting.push(SaveBlock {
            capability: number,
            number: block as u32,
            block: place,
            saving: Saving::Free,
            told: false,
        });
        vector.blocks = lasting;
        Ok((0, Event::Preloaded { env, block: place }))
    }

    /// What becomes of what is in a frame that `env` is about to lose. If it was written to, and a
    /// block is left for it, the disk is asked to write it there: the frame is the device's until
    /// that is done.
    pub(super) fn save_contents(
        &mut self,
        hw: &mut Hardware,
        env: EnvId,
        frame: Frame,
        now: u64,
    ) -> Loss {
        let loss = |contents, saved| Loss {
            frame,
            contents,
            saved,
        };
        if !hw.memory.dirty(frame) {
            return loss(Contents::Unchanged, None);
        }
        let Some(environment) = self.environments.get_mut(env.index()) else {
            return loss(Contents::Lost, None);
        };
        let capabilities = &self.capabilities;
        let blocks = &mut environment.repossessed.blocks;
        let stands = |it: &&mut SaveBlock| {
            it.saving == Saving::Free && capabilities.authority(it.capability).is_ok()
        };
        let Some(place) = blocks.iter_mut().find(stands) else {
            return loss(Contents::Lost, None);
        };
        let errand = Errand::Save(env);
        let way = (place.block, frame);
        let taken_on = hw
            .disk
            .request(way, Direction::Write, errand.note(), now)
            .is_some();
        if !taken_on {
            return loss(Contents::Lost, None);
        }
        place.saving = Saving::UnderWay;
        let saved = Some((place.number, place.block));
        if !Mutant::SaveUnpinned.made() {
            self.frames.begin_transfer(frame);
        }
        self.set_disk_due(hw);
        loss(Contents::Saved, saved)
    }

    /// Notes in the vector of an environment what it has lost.
    pub(super) fn note_loss(&mut self, env: EnvId, loss: Loss) {
        if let Some(environment) = self.environments.get_mut(env.index()) {
            environment.repossessed.note(loss);
        }
    }

    /// The disk is done with saving what was in a frame that was taken from `env`, which leaves the
    /// quarantine: the right to the block is looked at again, and then the bytes move.
    pub(super) fn complete_saving(
        &mut self,
        hw: &mut Hardware,
        env: EnvId,
        transfer: Transfer,
        works: bool,
    ) -> Option<Event> {
        let Transfer { block, frame, .. } = transfer;
        let environment = self.environments.get_mut(env.index())?;
        let place = environment.repossessed.find(block)?;
        let result = match self.capabilities.authority(place.capability) {
            Err(reason) if !Mutant::TransferOutlivesRight.made() => Err(reason),
            _ if !works && !Mutant::FailedTransferMoves.made() => Err(SysError::DiskError),
            _ => Ok(()),
        };
        place.saving = if result.is_ok() || Mutant::FailedSaveUntold.made() {
            Saving::Done
        } else {
            Saving::Failed
        };
        environment.repossessed.tidy();
        if result.is_ok() {
            hw.disk.carry(&mut hw.memory, &transfer);
            environment.counters.disk_writes += 1;
        }
        let busy = hw.disk.queue().any(|it| it.frame == frame);
        self.frames.end_transfer(frame, busy);
        Some(Event::ContentsSaved {
            env,
            block,
            frame,
            result,
        })
    }

    /// A transfer of the caller's own is about to be done: what that means for a block that was to
    /// have the contents of a frame, and has not. Reading it is refused, as it holds something else;
    /// the libOS has been told so then. Writing it is as good as saving.
    ///
    /// # Errors
    /// [`SysError::DiskError`]: it may not be read.
    pub(super) fn meet_failed_save(
        &mut self,
        env: EnvId,
        block: Block,
        direction: Direction,
    ) -> Result<(), SysError> {
        let Some(environment) = self.environments.get_mut(env.index()) else {
            return Ok(());
        };
        let vector = &mut environment.repossessed;
        let Some(place) = vector.find(block) else {
            return Ok(());
        };
        let failed =
            place.saving == Saving::Failed && self.capabilities.authority(place.capability).is_ok();
        if !failed {
            return Ok(());
        }
        if direction == Direction::Write || place.told {
            place.saving = Saving::Done;
        }
        vector.tidy();
        match direction {
            Direction::Read => Err(SysError::DiskError),
            Direction::Write => Ok(()),
        }
    }

    /// The frame that was lost first and has not been asked about, which leaves the vector: as one
    /// word, as the table of the interface has it.
    fn next_repossessed(&mut self) -> Result<(u64, Event), SysError> {
        let env = self.running;
        let environment = self.environments.get_mut(env.index());
        let vector = &mut environment.ok_or(SysError::NoAuthority)?.repossessed;
        if vector.losses.is_empty() {
            return Err(SysError::NothingRepossessed);
        }
        let Loss {
            frame,
            contents,
            saved,
        } = vector.losses.remove(0);
        if let Some((_, block)) = saved
            && let Some(place) = vector.find(block)
        {
            place.told = true;
        }
        vector.tidy();
        let number = saved.map_or(0, |(number, _)| number);
        let word = (contents as u64) << 48 | u64::from(frame.0) << 32 | u64::from(number);
        let event = Event::RepossessionRead {
            env,
            frame,
            contents,
            block: saved.map(|(_, block)| block),
        };
        Ok((word, event))
    }
}
