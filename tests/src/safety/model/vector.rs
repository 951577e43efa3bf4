//! What the naive model says of revocation: limits, frames that are taken, and where their contents go.

use exo_core::error::SysError;

use super::{Answer, Model, Thing, Transfer};

/// Blocks in one repossession vector.
const VECTOR: usize = 16;
/// Transfers that the disk takes on at a time.
const QUEUE: usize = exo_core::limits::DISK_QUEUE_MAX;

/// What a block of a vector is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Nothing yet.
    Free,
    /// The disk has been asked to write to it.
    UnderWay,
    /// It has the contents of a frame.
    Done,
    /// It was to have them, and has not.
    Failed,
}

/// A block of a vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spare {
    /// In whose.
    pub env: u8,
    /// The block of the disk.
    pub block: u64,
    /// Its number in the extent.
    pub number: u64,
    /// The number of the capability that was presented.
    pub key: u64,
    /// What it is used for.
    pub used: Use,
    /// Whether its owner has read that.
    pub told: bool,
}

/// A frame that was taken and not asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    env: u8,
    frame: u64,
    contents: u64,
    saved: Option<(u64, u64)>,
}

/// What became of contents, as a word of the answer has it.
const UNCHANGED: u64 = 0;
const SAVED: u64 = 1;
const LOST: u64 = 2;

impl Model {
    /// How many frames that are not pinned an environment has.
    pub(super) fn held(&self, env: u8) -> usize {
        let own = self.owners.iter().filter(|it| *it.1 == env);
        own.filter(|it| !self.pinned.contains(it.0)).count()
    }

    /// A frame is nobody's any more; it is free when the disk is done with it.
    pub(super) fn let_go(&mut self, frame: u64) {
        self.owners.remove(&frame);
        self.pages.remove(&frame);
        self.bindings.retain(|_, it| it.frame != frame);
        let keys = self.keys.iter_mut();
        let keys = keys.filter(|it| it.thing == Thing::Frame(frame));
        keys.for_each(|it| it.live = false);
        self.freed(frame);
    }

    /// A frame is free, if it is nobody's and the disk has not got it.
    pub(super) fn freed(&mut self, frame: u64) {
        if !self.owners.contains_key(&frame) && !self.busy(frame) {
            self.free.push(frame);
        }
    }

    /// Room for more frames: what no limit has promised, then half of what the one with the highest
    /// limit has more.
    pub(super) fn room(&mut self, env: u8, count: u64) -> Answer {
        let all = 0..self.limits.len() as u8;
        let limit = |it: u8| u64::from(self.limits[usize::from(it)]);
        let promised: u64 = all
            .clone()
            .map(|it| limit(it).max(self.held(it) as u64))
            .sum();
        let unpromised = self
            .frames
            .saturating_sub(promised + self.pinned.len() as u64);
        let first = count.min(unpromised);
        let mut richest: Option<u8> = None;
        for it in all.filter(|it| *it != env) {
            if richest.is_none_or(|before| limit(it) > limit(before)) {
                richest = Some(it);
            }
        }
        let raised = limit(env) + first;
        let most = richest.map_or(0, |it| limit(it).saturating_sub(raised) / 2);
        let moved = most.min(count - first);
        if let Some(richest) = richest {
            self.limits[usize::from(richest)] -= moved as u32;
        }
        self.limits[usize::from(env)] += (first + moved) as u32;
        Ok(first + moved)
    }

    /// The kernel takes a frame: what must become of its contents, and the block that they go to. None
    /// if it may not take it.
    pub fn take(&mut self, env: u8, frame: u64) -> Option<(u64, Option<u64>)> {
        let owes = self.held(env) > self.limits[usize::from(env)] as usize;
        let takeable = self.owners.get(&frame) == Some(&env) && !self.pinned.contains(&frame);
        if !owes || !takeable {
            return None;
        }
        let dirty = self.dirty.contains(&frame);
        let usable = |it: &Spare| it.env == env && it.used == Use::Free && self.key(it.key).is_ok();
        let place = self.spares.iter().position(usable);
        let place = place.filter(|_| dirty && self.queue.len() < QUEUE);
        let saved = place.map(|place| {
            let spare = &mut self.spares[place];
            spare.used = Use::UnderWay;
            self.queue.push_back(Transfer {
                env,
                write: true,
                block: spare.block,
                frame,
                key: spare.key,
                saves: true,
            });
            (spare.number, spare.block)
        });
        let contents = match (dirty, saved) {
            (false, _) => UNCHANGED,
            (true, Some(_)) => SAVED,
            (true, None) => LOST,
        };
        self.let_go(frame);
        let again = |it: &&mut Loss| (it.env, it.frame, it.saved) == (env, frame, None);
        match self.losses.iter_mut().find(again) {
            Some(before) if saved.is_none() => before.contents = before.contents.max(contents),
            _ => self.losses.push(Loss {
                env,
                frame,
                contents,
                saved,
            }),
        }
        Some((contents, saved.map(|it| it.1)))
    }

    /// The first loss that an environment has not asked about.
    pub(super) fn next_loss(&mut self, env: u8) -> Answer {
        let place = self.losses.iter().position(|it| it.env == env);
        let loss = self
            .losses
            .remove(place.ok_or(SysError::NothingRepossessed)?);
        if let Some((_, block)) = loss.saved {
            self.use_of(env, block, |it| it.told = true);
        }
        let number = loss.saved.map_or(0, |it| it.0);
        Ok(loss.contents << 48 | loss.frame << 32 | number)
    }

    /// Changes a block of a vector; one of which there is no more to tell leaves.
    pub(super) fn use_of(&mut self, env: u8, block: u64, change: impl FnOnce(&mut Spare)) {
        let mut spares = self.spares.iter_mut();
        if let Some(spare) = spares.find(|it| (it.env, it.block) == (env, block)) {
            change(spare);
        }
        self.spares.retain(|it| !(it.told && it.used == Use::Done));
    }

    /// Blocks in the vector of an environment whose capabilities have not ended, with their uses.
    pub fn vector(&self, env: u8) -> Vec<(u64, Use, bool)> {
        let own = self.spares.iter().filter(|it| it.env == env);
        own.filter(|it| self.key(it.key).is_ok())
            .map(|it| (it.block, it.used, it.told))
            .collect()
    }

    pub(super) fn preload(&mut self, env: u8, number: u64, block: u64) -> Answer {
        let key = self.key(number)?;
        let Thing::Blocks(first, blocks) = key.thing else {
            return Err(SysError::NoAuthority);
        };
        if !key.write {
            return Err(SysError::NoAuthority);
        }
        if block >= blocks {
            return Err(SysError::NoSuchBlock);
        }
        let ended = |it: &Spare| self.key(it.key).is_err();
        let gone = |it: &Spare| match it.used {
            Use::Free => ended(it),
            Use::Failed => it.told && ended(it),
            Use::UnderWay | Use::Done => false,
        };
        let own = self.spares.iter().filter(|it| it.env == env);
        let own: Vec<Spare> = own.filter(|it| !gone(it)).copied().collect();
        if own.iter().any(|it| it.block == first + block) {
            return Err(SysError::Taken);
        }
        if own.len() >= VECTOR {
            return Err(SysError::VectorFull);
        }
        self.spares.retain(|it| it.env != env);
        self.spares.extend(own);
        self.spares.push(Spare {
            env,
            block: first + block,
            number: block,
            key: number,
            used: Use::Free,
            told: false,
        });
        Ok(0)
    }

    /// The disk is done with saving the contents of a frame.
    pub(super) fn saved(&mut self, transfer: Transfer, fails: bool) -> Result<(), SysError> {
        let result = match self.key(transfer.key) {
            Err(reason) => Err(reason),
            Ok(_) if fails => Err(SysError::DiskError),
            Ok(_) => Ok(()),
        };
        let used = if result.is_ok() {
            Use::Done
        } else {
            Use::Failed
        };
        self.use_of(transfer.env, transfer.block, |it| it.used = used);
        result
    }

    /// A transfer of an environment's own meets a block that was to have the contents of a frame: it is
    /// not read, as it has not got them, and writing it is as good as saving.
    pub(super) fn meets(&mut self, transfer: Transfer) -> Result<(), SysError> {
        let Transfer {
            env, block, write, ..
        } = transfer;
        let mut spares = self.spares.iter();
        let met = spares
            .find(|it| (it.env, it.block) == (env, block))
            .copied();
        let failed = met.filter(|it| it.used == Use::Failed && self.key(it.key).is_ok());
        let Some(spare) = failed else {
            return Ok(());
        };
        if write || spare.told {
            self.use_of(env, block, |it| it.used = Use::Done);
        }
        if write {
            Ok(())
        } else {
            Err(SysError::DiskError)
        }
    }
}
