//! The naive model's disk and slices: a list of extents, a queue, a list of owners.

use exo_core::error::SysError;
use exo_core::kernel::call::Call;

use super::{Answer, Key, Model, Thing};

/// Blocks that are somebody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The first block.
    pub first: u64,
    /// How many.
    pub blocks: u64,
    /// Whose.
    pub owner: u8,
}

/// A block on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Who waits.
    pub env: u8,
    /// Whether the block is overwritten, and not the frame.
    pub write: bool,
    /// The block of the disk.
    pub block: u64,
    /// The frame.
    pub frame: u64,
    /// The number of the capability that was presented.
    pub key: u64,
    /// Whether it saves what was in a frame that was taken; nobody waits then.
    pub saves: bool,
}

/// A transfer that is over, and what its caller is told.
pub type Ended = (Transfer, Result<(), SysError>);

impl Model {
    /// Blocks that one environment may hold.
    pub(super) fn share(&self) -> u64 {
        self.blocks / self.limits.len().max(1) as u64
    }

    fn is_free(&self, block: u64) -> bool {
        let mut extents = self.extents.iter();
        !extents.any(|it| (it.first..it.first + it.blocks).contains(&block))
    }

    /// Whether all of a run of blocks are free.
    fn are_free(&self, first: u64, blocks: u64) -> bool {
        (first..first + blocks).all(|block| self.is_free(block))
    }

    pub(super) fn extent(
        &mut self,
        env: u8,
        named: Option<u64>,
        blocks: u64,
        given: u64,
    ) -> Answer {
        if self.blocks == 0 {
            return Err(SysError::NotOffered);
        }
        let first = named.unwrap_or(0);
        if blocks == 0 || named.is_some() && first + blocks > self.blocks {
            return Err(SysError::NoSuchBlock);
        }
        if named.is_some() && !self.are_free(first, blocks) {
            return Err(SysError::Taken);
        }
        let own = self.extents.iter().filter(|it| it.owner == env);
        if own.map(|it| it.blocks).sum::<u64>() + blocks > self.share() {
            return Err(SysError::BlockLimit);
        }
        let mut places = (0..=self.blocks - blocks).filter(|it| self.are_free(*it, blocks));
        let first = named.or_else(|| places.next());
        let first = first.ok_or(SysError::NoFreeBlocks)?;
        let number = self.add(Key {
            number: given,
            thing: Thing::Blocks(first, blocks),
            write: true,
            maker: env,
            parent: None,
            live: true,
        })?;
        self.extents.push(Extent {
            first,
            blocks,
            owner: env,
        });
        let run = first..first + blocks;
        self.stored.retain(|place, _| !run.contains(&place.0));
        Ok(number)
    }

    pub(super) fn extent_free(&mut self, env: u8, number: u64) -> Answer {
        let key = self.key(number)?;
        let Thing::Blocks(first, _) = key.thing else {
            return Err(SysError::NoAuthority);
        };
        if key.parent.is_some() || key.maker != env {
            return Err(SysError::NoAuthority);
        }
        self.end(number);
        self.extents.retain(|it| it.first != first);
        Ok(0)
    }

    pub(super) fn transfer(&mut self, env: u8, write: bool, words: [u64; 3]) -> Answer {
        let [number, block, frame] = words;
        let key = self.key(number)?;
        let Thing::Blocks(first, blocks) = key.thing else {
            return Err(SysError::NoAuthority);
        };
        if write && !key.write {
            return Err(SysError::NoAuthority);
        }
        if block >= blocks {
            return Err(SysError::NoSuchBlock);
        }
        let frame = self.own_unpinned(env, frame)?;
        self.bindings.retain(|_, it| it.frame != frame);
        self.queue.push_back(Transfer {
            env,
            write,
            block: first + block,
            frame,
            key: number,
            saves: false,
        });
        Ok(0)
    }

    /// The first transfer is over: what has moved. None if there is none.
    pub fn transferred(&mut self) -> Option<Ended> {
        let transfer = self.queue.pop_front()?;
        self.done += 1;
        let done = self.done;
        let fails = |(at, for_ever): (u64, bool)| done == at || for_ever && done > at;
        let fails = self.fault.is_some_and(fails);
        let held = self.owners.contains_key(&transfer.frame);
        let result = match self.key(transfer.key) {
            _ if transfer.saves => self.saved(transfer, fails),
            Err(reason) => Err(reason),
            Ok(_) if !held => Err(SysError::Stale),
            Ok(_) if fails => Err(SysError::DiskError),
            Ok(_) => self.meets(transfer),
        };
        if result.is_ok() {
            self.carry(transfer);
        }
        if !held {
            self.freed(transfer.frame);
        }
        Some((transfer, result))
    }

    fn carry(&mut self, transfer: Transfer) {
        let Transfer { block, frame, .. } = transfer;
        for offset in 0..1_u32 << self.page_bits {
            let byte = match transfer.write {
                true => self.contents.get(&(frame, offset)).copied(),
                false => self.stored.get(&(block, offset)).copied(),
            };
            let (place, to) = match transfer.write {
                true => ((block, offset), &mut self.stored),
                false => ((frame, offset), &mut self.contents),
            };
            to.insert(place, byte.unwrap_or(0));
        }
        if !transfer.write {
            self.pages.remove(&frame);
        }
    }

    pub(super) fn slice(&mut self, env: u8, call: Call, position: u64) -> Answer {
        let count = self.slices.len() as u64;
        let exists = || {
            usize::try_from(position)
                .ok()
                .filter(|it| *it < count as usize)
        };
        let place = || exists().ok_or(SysError::NoSuchSlice);
        match call {
            Call::Slices => Ok(count),
            Call::SliceAllocate => {
                let free = self.slices.iter().position(Option::is_none);
                let free = free.ok_or(SysError::Taken)?;
                self.slices[free] = Some(env);
                Ok(free as u64)
            }
            Call::SliceAllocateAt => {
                let place = place()?;
                if self.slices[place].is_some() {
                    return Err(SysError::Taken);
                }
                self.slices[place] = Some(env);
                Ok(position)
            }
            Call::SliceFree => {
                let place = place()?;
                if self.slices[place] != Some(env) {
                    return Err(SysError::NoAuthority);
                }
                self.slices[place] = None;
                Ok(0)
            }
            Call::SliceOwner => {
                let owner = self.slices[place()?];
                owner.map(u64::from).ok_or(SysError::Unowned)
            }
            // A directed yield.
            _ => {
                let to = u8::try_from(position).ok();
                let to = to.filter(|it| usize::from(*it) < self.limits.len());
                let to = to.ok_or(SysError::NoSuchEnvironment)?;
                match self.queue.iter().any(|it| it.env == to && !it.saves) {
                    true => Err(SysError::NotRunnable),
                    false => Ok(0),
                }
            }
        }
    }
}
