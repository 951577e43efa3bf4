//! Transfers between extents and frames: the calls that wait (D2), and their ends.
//!
//! From the call to its answer the frame is the device's: every binding to it is broken, and none
//! can be made. A frame that its owner loses meanwhile is nobody's until the transfer is complete
//! (INV-REV-4). Authority is decided when the call is made, and again before a byte moves, so that
//! a right that has ended meanwhile is worth nothing (A11).

use super::syscall::frame_argument;
use super::{Hardware, Kernel, Phase};
use crate::digest::Digest;
use crate::error::SysError;
use crate::event::Event;
use crate::hw::Transfer;
use crate::ids::{Access, Block, Direction, EnvId, Extent, Object};
use crate::mutants::Mutant;

/// A system call that its environment waits in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// The capability that it has presented.
    pub capability: u64,
    /// The register that takes the answer's tag; the next one takes its value.
    pub register: u8,
    /// The machine's cycle count at the call.
    pub since_cycles: u64,
}

/// What a transfer is for, which the kernel notes beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    /// An environment has asked for it and waits.
    Call(EnvId),
    /// It saves what was in a frame that was taken from this environment by force.
    Save(EnvId),
}

/// The bit of a note that tells the kinds apart; environments are fewer.
const SAVES: u8 = 1 << 7;

impl Errand {
    /// It as what the disk keeps beside a transfer.
    pub(super) fn note(self) -> u8 {
        match self {
            Errand::Call(env) => env.0,
            Errand::Save(env) => env.0 | SAVES,
        }
    }

    /// What was noted beside a transfer.
    pub fn noted(note: u8) -> Errand {
        match note & SAVES {
            0 => Errand::Call(EnvId(note)),
            _ => Errand::Save(EnvId(note & !SAVES)),
        }
    }

    /// Whose it is.
    pub fn env(self) -> EnvId {
        match self {
            Errand::Call(env) | Errand::Save(env) => env,
        }
    }
}

impl Wait {
    /// Adds capability, register, and the time of the call.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        digest.u64(self.capability);
        digest.u32(u32::from(self.register));
        digest.u64(self.since_cycles);
    }
}

/// The end of a wait.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Completed {
    /// Who waited.
    pub(crate) env: EnvId,
    /// The answer to its call.
    pub(crate) result: Result<(), SysError>,
    /// Where that belongs.
    pub(crate) wait: Wait,
}

impl Kernel {
    /// Takes on a transfer for the caller, who waits for it. `now` is the machine's cycle count.
    pub(super) fn request_transfer(
        &mut self,
        hw: &mut Hardware,
        direction: Direction,
        [number, block, frame]: [u64; 3],
        now: u64,
    ) -> Result<(u64, Event), SysError> {
        let env = self.running;
        let (_, record) = self.capabilities.authority(number)?;
        let needed = match direction {
            Direction::Read => Access::Read,
            Direction::Write => Access::ReadWrite,
        };
        let Object::Extent(extent) = record.object else {
            return Err(SysError::NoAuthority);
        };
        if !record.access.covers(needed) && !Mutant::DiskWriteSkipsAuthority.made() {
            return Err(SysError::NoAuthority);
        }
        let block = block_of(extent, block).ok_or(SysError::NoSuchBlock)?;
        let frame = frame_argument(frame)?;
        let authority = self.frames.authority(env, frame)?;
        if authority.pinned {
            return Err(SysError::Pinned);
        }
        if !authority.owner {
            return Err(SysError::NoAuthority);
        }
        let due_cycles = hw
            .disk
            .request((block, frame), direction, Errand::Call(env).note(), now);
        let due_cycles = due_cycles.ok_or(SysError::Busy)?;

        self.set_disk_due(hw);
        let dropped = if Mutant::TransferKeepsBindings.made() {
            0
        } else {
            self.flush_frame(hw, frame)
        };
        self.frames.begin_transfer(frame);
        if let Some(caller) = self.environments.get_mut(env.index()) {
            caller.wait = Some(Wait {
                capability: number,
                register: 0,
                since_cycles: now,
            });
            caller.phase = match caller.phase {
                Phase::Handling(upcall) => Phase::Waiting(Some(upcall)),
                _ => Phase::Waiting(None),
            };
        }
        let event = Event::DiskRequested {
            env,
            direction,
            block,
            frame,
            dropped,
            due_cycles,
        };
        Ok((0, event))
    }

    /// The first transfer of the disk is over: moves its bytes, if device and rights allow it, and
    /// gives the frame back to its owner, or to nobody if that has lost it. None if there is none;
    /// else what tells it, and whose wait is over.
    pub(crate) fn complete_transfer(
        &mut self,
        hw: &mut Hardware,
        now: u64,
    ) -> Option<(Event, Option<Completed>)> {
        let (transfer, works) = hw.disk.finish()?;
        self.set_disk_due(hw);
        match Errand::noted(transfer.note) {
            Errand::Call(env) => {
                let (event, completed) = self.complete_call(hw, env, (transfer, works), now)?;
                Some((event, Some(completed)))
            }
            Errand::Save(env) => {
                let event = self.complete_saving(hw, env, transfer, works)?;
                Some((event, None))
            }
        }
    }

    /// A transfer is over for which an environment has waited.
    fn complete_call(
        &mut self,
        hw: &mut Hardware,
        env: EnvId,
        (transfer, works): (Transfer, bool),
        now: u64,
    ) -> Option<(Event, Completed)> {
        let environment = self.environments.get_mut(env.index())?;
        let wait = environment.wait.take()?;
        environment.phase = match environment.phase {
            Phase::Waiting(Some(upcall)) => Phase::Handling(upcall),
            _ => environment.application_phase(),
        };
        environment.counters.waiting_cycles += now.saturating_sub(wait.since_cycles);
        let saved = hw.disk.queue().any(|it| it.frame == transfer.frame);
        let held = self.frames.end_transfer(transfer.frame, saved);
        let result = match self.capabilities.authority(wait.capability) {
            Err(reason) if !Mutant::TransferOutlivesRight.made() => Err(reason),
            _ if !held => Err(SysError::Stale),
            _ if !works && !Mutant::FailedTransferMoves.made() => Err(SysError::DiskError),
            _ => self.meet_failed_save(env, transfer.block, transfer.direction),
        };

        let mut replaced = None;
        let environment = self.environments.get_mut(env.index())?;
        if result.is_ok() {
            hw.disk.carry(&mut hw.memory, &transfer);
            let counters = &mut environment.counters;
            match transfer.direction {
                Direction::Read => {
                    replaced = self.frames.unbind(transfer.frame);
                    counters.disk_reads += 1;
                    counters.evictions += u64::from(replaced.is_some());
                }
                Direction::Write => counters.disk_writes += 1,
            }
        }
        let event = Event::DiskCompleted {
            env,
            direction: transfer.direction,
            block: transfer.block,
            frame: transfer.frame,
            result,
            replaced,
        };
        Some((event, Completed { env, result, wait }))
    }
}

/// The block of an extent that an argument names; a mutant finds one behind its end.
fn block_of(extent: Extent, number: u64) -> Option<Block> {
    let behind = || Block(extent.first.0.saturating_add(number as u32));
    let found = extent.block(number);
    found.or_else(|| Mutant::BlockBeyondExtent.made().then(behind))
}
