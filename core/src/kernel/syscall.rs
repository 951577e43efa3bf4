//! The system calls: check everything, change state, tell the one fact.
//!
//! Each is charged the cycles of its way (`way.rs`) and one crossing by whoever enters the kernel,
//! refused or not.

use super::call::{Call, CallResult};
use super::{Environment, Hardware, Kernel, Right, StlbEntry};
use crate::error::SysError;
use crate::event::{Bit, Event};
use crate::ids::{Access, Direction, EnvId, Frame, Page};
use crate::limits::RUN_PAGES_MAX;
use crate::mutants::Mutant;

impl Kernel {
    /// Carries out a call of the running environment. `cycles` is what the machine has counted.
    ///
    /// A refusal changes nothing here (INV-ERR-1); the event then is [`Event::Refused`].
    pub(crate) fn system_call(
        &mut self,
        hw: &mut Hardware,
        call: Call,
        arguments: [u64; 3],
        cycles: u64,
    ) -> (CallResult, Event) {
        let env = self.running;
        let [first, second, third] = arguments;
        let done = match call {
            Call::Allocate => self.allocate(hw, None),
            Call::AllocateAt => {
                frame_argument(first).and_then(|frame| self.allocate(hw, Some(frame)))
            }
            Call::Free => frame_argument(first).and_then(|frame| self.free(hw, frame, cycles)),
            Call::TlbWrite => self.tlb_write(hw, first, second, third),
            Call::TlbDrop => self.unbind(hw, first, 1),
            Call::TlbDropRun => {
                run_argument(second).and_then(|pages| self.unbind(hw, first, pages))
            }
            Call::Referenced => self.read_bit(hw, first, Bit::Referenced),
            Call::Dirty => self.read_bit(hw, first, Bit::Dirty),
            Call::UseStamp => self.use_stamp(hw, first),
            Call::ClearReferenced => self.clear_bit(hw, first, Bit::Referenced),
            Call::ClearDirty => self.clear_bit(hw, first, Bit::Dirty),
            Call::Capability => self.make_capability(first, second),
            Call::Derive => self.derive_capability(first, second),
            Call::Revoke => self.revoke_capability(hw, first),
            Call::TlbWriteShared => self.tlb_write_shared(hw, first, second, third),
            Call::Coprocessor => Ok(self.set_coprocessor(first != 0)),
            Call::Environment
            | Call::Slices
            | Call::SliceAllocate
            | Call::SliceAllocateAt
            | Call::SliceFree
            | Call::SliceOwner
            | Call::YieldSlice
            | Call::YieldTo => self.slice_call(hw, call, first),
            // Programs make them with more registers than these; nobody else can.
            Call::TransferSync | Call::TransferAsync => Err(SysError::NotOffered),
            Call::RequestFrames => self.request_frames(hw, first, cycles),
            Call::NextRepossessed | Call::Preload => self.vector_call(call, first, second),
            Call::ExtentAllocate => self.allocate_extent(hw, None, first),
            Call::ExtentAllocateAt => self.allocate_extent(hw, Some(first), second),
            Call::ExtentFree => self.extent_free(first),
            Call::DiskRead => self.request_transfer(hw, Direction::Read, arguments, cycles),
            Call::DiskWrite => self.request_transfer(hw, Direction::Write, arguments, cycles),
            Call::BlockLimit => Ok(self.block_limit()),
            Call::FrameLimit => Ok(self.answer(call, |environment| environment.frame_limit.into())),
            Call::FrameOwner
            | Call::FreeFrames
            | Call::TlbEntries
            | Call::TlbEntry
            | Call::StlbEntries
            | Call::StlbEntry => self.read_bookkeeping(hw, call, first),
            Call::Random if Mutant::RandomShared.made() => {
                let value = hw.rng.next_u64();
                Ok((value, Event::Answered { env, call, value }))
            }
            Call::Random => Ok(self.answer(call, |environment| environment.rng.next_u64())),
            Call::Cycles | Call::Log => Ok(self.answer(call, |_| cycles)),
            _ => self.network_call(hw, call, arguments, cycles),
        };
        match done {
            Ok((value, event)) => (Ok(value), event),
            Err(error) => (Err(error), Event::Refused { env, call, error }),
        }
    }

    /// How many blocks the caller may hold.
    fn block_limit(&mut self) -> (u64, Event) {
        let share = self.extents.share();
        self.answer(Call::BlockLimit, |_| share.into())
    }

    /// Answers a question that cannot be refused.
    fn answer(&mut self, call: Call, ask: impl FnOnce(&mut Environment) -> u64) -> (u64, Event) {
        let env = self.running;
        let value = self.environments.get_mut(env.index()).map_or(0, ask);
        (value, Event::Answered { env, call, value })
    }

    /// Switches the coprocessor on or off for the caller's application (Table 3, FPUmod).
    fn set_coprocessor(&mut self, enabled: bool) -> (u64, Event) {
        let env = self.running;
        if let Some(caller) = self.environments.get_mut(env.index()) {
            caller.coprocessor = enabled;
        }
        (0, Event::CoprocessorSet { env, enabled })
    }

    /// Gives the caller a free frame, zeroed, with both bits clear (A01, INV-REV-3).
    fn allocate(
        &mut self,
        hw: &mut Hardware,
        named: Option<Frame>,
    ) -> Result<(u64, Event), SysError> {
        let env = self.running;
        if let Some(frame) = named {
            let record = self
                .frames
                .records()
                .get(frame.index())
                .ok_or(SysError::NoSuchFrame)?;
            if !record.is_free() && !Mutant::AllocateTaken.made() {
                return Err(SysError::Taken);
            }
        }
        let caller = self
            .environments
            .get_mut(env.index())
            .ok_or(SysError::NoAuthority)?;
        let limit = caller.frame_limit + u32::from(Mutant::LimitOffByOne.made());
        if caller.frames_held >= limit {
            return Err(SysError::Limit);
        }
        let frame = named
            .or(self.frames.next_free())
            .ok_or(SysError::NoFreeFrame)?;

        let owner = if Mutant::AllocateForNobody.made() {
            EnvId(u8::MAX)
        } else {
            env
        };
        self.frames
            .take(frame, owner, false)
            .ok_or(SysError::Taken)?;
        caller.frames_held += u32::from(!Mutant::AllocateUncounted.made());
        hand_over(hw, frame);
        Ok((
            frame.0.into(),
            Event::Allocated {
                env,
                frame,
                named: named.is_some(),
            },
        ))
    }

    /// Takes a frame back from the caller, who owns it and has not pinned it.
    fn free(
        &mut self,
        hw: &mut Hardware,
        frame: Frame,
        now: u64,
    ) -> Result<(u64, Event), SysError> {
        let env = self.running;
        let authority = self.frames.authority(env, frame)?;
        if authority.pinned && !Mutant::FreePinned.made() {
            return Err(SysError::Pinned);
        }
        if !authority.owner && !Mutant::FreeSkipsAuthority.made() {
            return Err(SysError::NoAuthority);
        }

        let (page, dropped) = self.release(hw, frame);
        if let Some(caller) = self.environments.get_mut(env.index()) {
            caller.frames_held = caller.frames_held.saturating_sub(1);
            caller.counters.evictions += u64::from(page.is_some());
        }
        self.review(env, now);
        Ok((
            0,
            Event::Freed {
                env,
                frame: told(frame),
                page,
                dropped,
            },
        ))
    }

    /// Binds a page of the caller to a frame; authority is checked here, once (A08).
    ///
    /// A frame given to another page than before is zeroed, and begins a new page; one that the
    /// disk has filled since holds no page, and is bound as it is. A binding of the old page which
    /// the libOS has not dropped stays, and then shows the new contents.
    fn tlb_write(
        &mut self,
        hw: &mut Hardware,
        page: u64,
        frame: u64,
        access: u64,
    ) -> Result<(u64, Event), SysError> {
        let env = self.running;
        let page = page_argument(hw, page)?;
        let frame = frame_argument(frame)?;
        let access = access_argument(access);
        let authority = self.frames.authority(env, frame)?;
        if authority.pinned {
            return Err(SysError::Pinned);
        }
        let allowed = authority.access.is_some_and(|it| it.covers(access));
        if !allowed && Mutant::RefusalHalfApplied.made() {
            self.flush_page(hw, page);
        }
        if !allowed && !Mutant::BindSkipsAuthority.made() {
            return Err(SysError::NoAuthority);
        }

        let before = self.frames.bind(frame, page);
        let (loaded, replaced) = (before.is_some(), before.flatten());
        if let Some(caller) = self.environments.get_mut(env.index()) {
            caller.counters.page_loads += u64::from(loaded);
            caller.counters.evictions += u64::from(replaced.is_some());
        }
        if replaced.is_some() && !Mutant::RebindUncleared.made() {
            hw.memory.zero(frame);
        }
        let binding = StlbEntry {
            env,
            access,
            page,
            frame,
            right: Right::Owner,
        };
        let slot = self.install(hw, binding);
        let index = self.remember(binding);
        Ok((
            0,
            Event::Bound {
                env,
                page,
                frame,
                access,
                slot,
                index,
                loaded,
                replaced,
            },
        ))
    }

    /// Withdraws the bindings of `pages` pages of the caller, from one on: they need not be bound. Each
    /// is its own to withdraw, so no authority is asked for.
    fn unbind(
        &mut self,
        hw: &mut Hardware,
        first: u64,
        pages: u32,
    ) -> Result<(u64, Event), SysError> {
        let env = self.running;
        let page = page_argument(hw, first)?;
        page_argument(hw, first + u64::from(pages.saturating_sub(1)))?;
        let run = (0..pages).map(|offset| Page(page.0 + offset));
        let dropped = run.map(|page| self.flush_page(hw, page)).sum();
        let event = Event::Unbound {
            env,
            page,
            pages,
            dropped,
        };
        Ok((0, event))
    }

    fn own_frame(&self, frame: u64, skipped: Mutant) -> Result<Frame, SysError> {
        let frame = frame_argument(frame)?;
        let authority = self.frames.authority(self.running, frame)?;
        if authority.owner || skipped.made() {
            Ok(frame)
        } else {
            Err(SysError::NoAuthority)
        }
    }

    fn read_bit(&self, hw: &Hardware, frame: u64, bit: Bit) -> Result<(u64, Event), SysError> {
        let frame = self.own_frame(frame, Mutant::ReadSkipsAuthority)?;
        let set = match bit {
            Bit::Referenced => hw.memory.referenced(frame),
            Bit::Dirty => hw.memory.dirty(frame),
        };
        Ok((
            set.into(),
            Event::BitRead {
                env: self.running,
                frame,
                bit,
                set,
            },
        ))
    }

    fn use_stamp(&self, hw: &Hardware, frame: u64) -> Result<(u64, Event), SysError> {
        let env = self.running;
        let frame = self.own_frame(frame, Mutant::ReadSkipsAuthority)?;
        let stamp = hw.use_stamps.of(frame).ok_or(SysError::NotOffered)?;
        Ok((stamp, Event::StampRead { env, frame, stamp }))
    }

    fn clear_bit(&self, hw: &mut Hardware, frame: u64, bit: Bit) -> Result<(u64, Event), SysError> {
        let frame = self.own_frame(frame, Mutant::ClearSkipsAuthority)?;
        match bit {
            Bit::Referenced => hw.memory.clear_referenced(frame),
            Bit::Dirty => hw.memory.clear_dirty(frame),
        }
        Ok((
            0,
            Event::BitCleared {
                env: self.running,
                frame,
                bit,
            },
        ))
    }
}

/// The frame that the event of a release names: its own, but for a mutant.
fn told(frame: Frame) -> Frame {
    Frame(frame.0 ^ u32::from(Mutant::EventOfAnotherFrame.made()))
}

/// Clears what a frame's last owner left in it: contents, bits and use stamp.
pub(crate) fn hand_over(hw: &mut Hardware, frame: Frame) {
    if !Mutant::HandOverUncleared.made() {
        hw.memory.zero(frame);
    }
    if Mutant::HandOverKeepsBits.made() {
        return;
    }
    hw.memory.clear_referenced(frame);
    hw.memory.clear_dirty(frame);
    hw.use_stamps.clear(frame);
}

pub(super) fn frame_argument(number: u64) -> Result<Frame, SysError> {
    u32::try_from(number)
        .map(Frame)
        .map_err(|_| SysError::NoSuchFrame)
}

/// What a binding is to allow.
pub(super) fn access_argument(number: u64) -> Access {
    if number == 0 {
        Access::Read
    } else {
        Access::ReadWrite
    }
}

/// How many pages a call is about, if that is a number that one call takes.
fn run_argument(number: u64) -> Result<u32, SysError> {
    match u32::try_from(number) {
        Ok(pages) if (1..=RUN_PAGES_MAX).contains(&pages) => Ok(pages),
        _ => Err(SysError::TooManyPages),
    }
}

pub(super) fn page_argument(hw: &Hardware, number: u64) -> Result<Page, SysError> {
    let pages = 1_u64 << (32 - hw.memory.page_bits());
    if number < pages {
        Ok(Page(number as u32))
    } else {
        Err(SysError::NoSuchPage)
    }
}
