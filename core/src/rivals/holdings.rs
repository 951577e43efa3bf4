//! The frames that a policy holds outside the exokernel, where nobody but its own library keeps them:
//! what it asks of the exokernel's allocator it asks of this list.

use alloc::vec::Vec;

use super::board::Board;
use crate::error::SysError;
use crate::ids::{EnvId, Frame, Page};
use crate::kernel::call::{Call, CallResult};
use crate::limits::RUN_PAGES_MAX;
use crate::rng::Rng;

/// A frame that a policy may take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Held {
    taken: bool,
    page: Option<Page>,
}

/// The frames of one policy, in a row: those of its state, then those for its application's pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Holdings {
    env: EnvId,
    state: core::ops::Range<u32>,
    first: u32,
    frames: Vec<Held>,
    /// Those not taken; the next one is last.
    free: Vec<Frame>,
    rng: Rng,
}

impl Holdings {
    /// Frames from `first` on: `state` of them hold the policy's state, `limit` are for pages.
    pub(super) fn new(env: EnvId, first: u32, state: u32, limit: u32, seed: u64) -> Holdings {
        let own = first + state;
        Holdings {
            env,
            state: first..own,
            first: own,
            frames: alloc::vec![Held::default(); limit as usize],
            free: (own..own + limit).rev().map(Frame).collect(),
            rng: Rng::new(seed, u64::from(env.0) + 1),
        }
    }

    /// Answers what takes no kernel; none if the call does.
    pub(super) fn answer(
        &mut self,
        board: &mut Board,
        call: Call,
        argument: u64,
    ) -> Option<CallResult> {
        match call {
            Call::Allocate => Some(self.allocate(board, None)),
            Call::AllocateAt => {
                let named = self.frame(board, argument);
                Some(named.and_then(|frame| self.allocate(board, Some(frame))))
            }
            Call::FrameLimit => Some(Ok(self.frames.len() as u64)),
            Call::Random => Some(Ok(self.rng.next_u64())),
            Call::Cycles => Some(Ok(board.cycles())),
            _ => None,
        }
    }

    /// The frame of that number, if the machine has it.
    fn frame(&self, board: &Board, number: u64) -> Result<Frame, SysError> {
        if number < u64::from(board.memory().frames()) {
            Ok(Frame(number as u32))
        } else {
            Err(SysError::NoSuchFrame)
        }
    }

    fn held(&mut self, frame: Frame) -> Option<&mut Held> {
        let index = frame.0.checked_sub(self.first)?;
        self.frames.get_mut(index as usize)
    }

    /// The frame of that number, if the policy has taken it.
    pub(super) fn own(&mut self, board: &Board, number: u64) -> Result<Frame, SysError> {
        let frame = self.frame(board, number)?;
        if self.state.contains(&frame.0) {
            return Err(SysError::Pinned);
        }
        match self.held(frame) {
            Some(held) if held.taken => Ok(frame),
            _ => Err(SysError::NoAuthority),
        }
    }

    fn allocate(&mut self, board: &mut Board, named: Option<Frame>) -> CallResult {
        let frame = match named {
            Some(frame) => {
                let place = self.free.iter().position(|free| *free == frame);
                self.free.remove(place.ok_or(SysError::Taken)?)
            }
            // Its frames are as many as it may hold.
            None => self.free.pop().ok_or(SysError::Limit)?,
        };
        if let Some(held) = self.held(frame) {
            held.taken = true;
        }
        board.hand_over(frame);
        Ok(frame.0.into())
    }

    /// Puts a frame back on the list.
    pub(super) fn release(&mut self, board: &mut Board, frame: Frame) {
        let Some(held) = self.held(frame) else {
            return;
        };
        let page = core::mem::take(held).page;
        board.count(self.env).evictions += u64::from(page.is_some());
        self.free.push(frame);
    }

    /// Notes that `page` lies in `frame` now. There is no disk: a frame that another page leaves is
    /// zeroed.
    pub(super) fn bind(&mut self, board: &mut Board, frame: Frame, page: Page) {
        let Some(held) = self.held(frame) else {
            return;
        };
        let before = held.page.replace(page);
        if before == Some(page) {
            return;
        }
        let counts = board.count(self.env);
        counts.page_loads += 1;
        if before.is_some() {
            counts.evictions += 1;
            board.memory.zero(frame);
        }
    }
}

/// The page of that number, if an address space has it.
pub(super) fn page_argument(board: &Board, number: u64) -> Result<Page, SysError> {
    if number < board.pages() {
        Ok(Page(number as u32))
    } else {
        Err(SysError::NoSuchPage)
    }
}

/// How many pages a call is about, if that is a number that one call takes.
pub(super) fn run_argument(number: u64) -> Result<u32, SysError> {
    match u32::try_from(number) {
        Ok(pages) if (1..=RUN_PAGES_MAX).contains(&pages) => Ok(pages),
        _ => Err(SysError::TooManyPages),
    }
}

/// Answers a question about a frame's bits or its use; none if the call is no such question.
pub(super) fn bits(board: &mut Board, call: Call, frame: Frame) -> Option<CallResult> {
    match call {
        Call::Referenced => Some(Ok(board.memory.referenced(frame).into())),
        Call::Dirty => Some(Ok(board.memory.dirty(frame).into())),
        Call::ClearReferenced => {
            board.memory.clear_referenced(frame);
            Some(Ok(0))
        }
        Call::ClearDirty => {
            board.memory.clear_dirty(frame);
            Some(Ok(0))
        }
        Call::UseStamp => Some(board.use_stamps.of(frame).ok_or(SysError::NotOffered)),
        _ => None,
    }
}
