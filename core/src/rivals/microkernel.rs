//! A microkernel with user-level pagers (L01, L04 to L07).
//!
//! ```text
//!   application --fault--> kernel --message in its name--> pager      first crossing, first switch
//!   application <--resumed-- kernel <--reply with mappings-- pager    second crossing, second switch
//! ```
//! Each application has a pager of its own, in an address space of its own, that runs the very policy
//! that would be its libOS. What the policy asks of the exokernel the pager has from its own list of
//! frames (a procedure call), sends along with its reply (a mapping), or asks of this kernel (a flush,
//! the bits of a frame: one more crossing).

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::board::{Board, Fault, Service};
use super::config::{ConfigError, RivalConfig};
use super::holdings::{Holdings, bits, page_argument, run_argument};
use super::parameters::Parameters;
use super::policy::{Door, Policy};
use super::spaces::{MAPPINGS_MAX, Place, SIGMA0, Space, Spaces};
use super::trail::Part;
use crate::cpu::Program;
use crate::error::SysError;
use crate::event::BreakReason;
use crate::hw::Memory;
use crate::ids::{Access, EnvId, Frame, Page};
use crate::kernel::call::{Call, CallResult};

/// Address-space ids of pagers come after those of applications.
const FIRST_PAGER: u8 = super::config::APPLICATIONS_MAX as u8;

/// One application's pager.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pager {
    policy: Policy,
    holdings: Holdings,
}

/// A mapping that goes with the reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Item {
    page: Page,
    frame: Frame,
    access: Access,
}

/// The microkernel and its pagers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pagers {
    parameters: Parameters,
    spaces: Spaces,
    pagers: Vec<Option<Pager>>,
}

fn application(env: EnvId, page: Page) -> Place {
    Place {
        space: Space(env.0),
        page,
    }
}

fn pager_space(env: EnvId) -> u8 {
    FIRST_PAGER + env.0
}

/// A pager's page for a frame has the frame's number.
fn pager(env: EnvId, frame: Frame) -> Place {
    Place {
        space: Space(pager_space(env)),
        page: Page(frame.0),
    }
}

impl Service for Pagers {
    /// The space that holds all of memory grants each pager its frames (L02).
    fn boot(
        config: &RivalConfig,
        parameters: Parameters,
        board: &mut Board,
    ) -> Result<Pagers, ConfigError> {
        let mut spaces = Spaces::new(board.memory.frames());
        let mut pagers = Vec::new();
        let mut first = 0;
        for (index, it) in config.environments.iter().enumerate() {
            let env = EnvId(index as u8);
            let state = Policy::state_frames(it.policy.as_ref(), config.page_bits);
            let frames = first..first + state + it.frame_limit;
            for frame in frames.clone().map(Frame) {
                let held = Place {
                    space: SIGMA0,
                    page: Page(frame.0),
                };
                let granted = spaces.grant(held, pager(env, frame));
                granted.map_err(|_| ConfigError::NoFrames { application: index })?;
            }
            pagers.push(it.policy.as_ref().map(|program| Pager {
                policy: Policy::new(program, Frame(first), &mut board.memory),
                holdings: Holdings::new(env, first, state, it.frame_limit, config.seed),
            }));
            first = frames.end;
        }
        Ok(Pagers {
            parameters,
            spaces,
            pagers,
        })
    }

    fn state_frames(program: Option<&Arc<Program>>, page_bits: u8) -> u32 {
        Policy::state_frames(program, page_bits)
    }

    fn refill(&mut self, board: &mut Board, fault: &Fault) -> bool {
        let Some(mapped) = self.spaces.at(application(fault.env, fault.page)) else {
            return false;
        };
        let refill = Part::Refill(fault.page);
        board.charge(fault.env, refill, 1, self.parameters.tlb_refill);
        board.install(fault.page, mapped.frame, mapped.access);
        true
    }

    /// L04: the trap has been counted as a crossing, and the kernel sends the message at once.
    fn serve(&mut self, board: &mut Board, fault: &Fault) -> Result<(), BreakReason> {
        board.charge(fault.env, Part::Message, 1, self.parameters.ipc_one_way);
        self.converse(board, fault.env, |policy, door| {
            policy.page_fault(fault, door)
        })
    }

    fn agrees(&self, board: &Board) -> bool {
        let entries = board.tlb.entries().iter().flatten();
        // What a pager has there are pages of its own, which nobody gave it.
        let mut cached = entries.filter(|it| it.asid < FIRST_PAGER);
        self.spaces.check().is_ok()
            && board.tlb.map_agrees()
            && cached.all(|it| {
                let place = Place {
                    space: Space(it.asid),
                    page: it.page,
                };
                let mapped = self.spaces.at(place);
                mapped.is_some_and(|mapped| {
                    mapped.frame == it.frame && mapped.access.covers(it.access)
                })
            })
    }
}

impl Pagers {
    /// The address spaces, to be read.
    pub fn spaces(&self) -> &Spaces {
        &self.spaces
    }

    /// A call of the application to its pager, by message, with an answer (L07: two crossings).
    ///
    /// # Errors
    /// Why the application would be given up.
    pub(super) fn request(
        &mut self,
        board: &mut Board,
        env: EnvId,
        arguments: [u64; 3],
    ) -> Result<CallResult, BreakReason> {
        board.cross(env, Part::Message, self.parameters.ipc_one_way);
        self.converse(board, env, |policy, door| policy.request(arguments, door))
    }

    /// Over to the pager, and back with its reply.
    fn converse<T>(
        &mut self,
        board: &mut Board,
        env: EnvId,
        say: impl FnOnce(&mut Policy, &mut Desk<'_>) -> Result<T, BreakReason>,
    ) -> Result<T, BreakReason> {
        let own = self.pagers.get_mut(env.index());
        let Some(Pager { policy, holdings }) = own.and_then(Option::as_mut) else {
            return Err(BreakReason::NoHandler);
        };
        switch(board, env, pager_space(env), &self.parameters);
        touch_own_pages(board, env, policy.frames(), &self.parameters);
        let mut desk = Desk {
            board,
            env,
            holdings,
            spaces: &mut self.spaces,
            parameters: &self.parameters,
            reply: Vec::new(),
        };
        let said = say(policy, &mut desk);
        let reply = desk.reply;
        board.cross(env, Part::Reply, self.parameters.ipc_one_way);
        switch(board, env, env.0, &self.parameters);
        for item in reply {
            self.enter(board, env, item);
        }
        said
    }

    /// Enters a mapping that a reply carries (L03, L06: mapping is a side effect of a message).
    fn enter(&mut self, board: &mut Board, env: EnvId, item: Item) {
        board.charge(env, Part::Mapped(item.page), 1, self.parameters.map);
        let (from, to) = (pager(env, item.frame), application(env, item.page));
        if let Ok(gone) = self.spaces.map(from, to, item.access) {
            for place in gone {
                board.drop_entry(place.space.0, place.page);
            }
            board.install(item.page, item.frame, item.access);
        }
    }
}

fn switch(board: &mut Board, env: EnvId, space: u8, parameters: &Parameters) {
    board.count(env).space_switches += 1;
    let part = Part::Switch {
        to_pager: space >= FIRST_PAGER,
    };
    board.charge(env, part, 1, parameters.space_switch);
    board.enter(space);
}

/// The pager's code, stack and tables, as far as they are to go through the TLB: the last pages of its
/// space.
fn touch_own_pages(board: &mut Board, env: EnvId, frames: &[Frame], parameters: &Parameters) {
    let last = board.pages() - 1;
    for number in 0..parameters.pager_pages.min(last) {
        let page = Page((last - number) as u32);
        if let Some(slot) = board.tlb.slot_of(page) {
            board.tlb.touch(slot);
            continue;
        }
        let place = (number as usize).checked_rem(frames.len());
        let Some(frame) = place.and_then(|place| frames.get(place)) else {
            return;
        };
        board.count(env).pager_misses += 1;
        board.cross(env, Part::PagerMiss, parameters.tlb_refill);
        board.install(page, *frame, Access::ReadWrite);
    }
}

/// Where a pager works: what it can reach while it runs.
struct Desk<'run> {
    board: &'run mut Board,
    env: EnvId,
    holdings: &'run mut Holdings,
    spaces: &'run mut Spaces,
    parameters: &'run Parameters,
    reply: Vec<Item>,
}

impl Door for Desk<'_> {
    fn memory(&mut self) -> &mut Memory {
        &mut self.board.memory
    }

    fn spent(&mut self, cycles: u64) {
        self.board.handle(self.env, Part::Policy, cycles);
    }

    fn call(&mut self, call: Call, arguments: [u64; 3]) -> CallResult {
        let [first, second, third] = arguments;
        if let Some(answer) = self.holdings.answer(self.board, call, first) {
            self.library(call);
            return answer;
        }
        match call {
            Call::TlbWrite => self.map(first, second, third),
            Call::TlbDrop => self.unmap(first),
            // A flush is of one page of the pager's: the frames of a run need not follow each other.
            Call::TlbDropRun => self.unmap_run(first, second),
            Call::Free => self.free(first),
            Call::Log => {
                self.ask(call);
                Ok(0)
            }
            _ => {
                self.ask(call);
                let frame = self.holdings.own(self.board, first);
                bits(self.board, call, frame?).unwrap_or(Err(SysError::NotOffered))
            }
        }
    }
}

impl Desk<'_> {
    /// What a libOS would ask of the exokernel, and a pager does for itself.
    fn library(&mut self, call: Call) {
        let cycles = self.parameters.library_call;
        self.board.handle(self.env, Part::Library(call), cycles);
    }

    /// A system call of the pager, without what it does.
    fn ask(&mut self, call: Call) {
        let cycles = self.parameters.kernel_call;
        self.board.cross(self.env, Part::PagerCall(call), cycles);
    }

    /// Puts a mapping into the reply. One that takes a right away cannot wait: it is a flush.
    fn map(&mut self, page: u64, frame: u64, access: u64) -> CallResult {
        self.library(Call::TlbWrite);
        let page = page_argument(self.board, page)?;
        let frame = self.holdings.own(self.board, frame)?;
        let access = if access == 0 {
            Access::Read
        } else {
            Access::ReadWrite
        };
        let to = application(self.env, page);
        if self.reply.len() >= MAPPINGS_MAX {
            return Err(SysError::Limit);
        }
        self.holdings.bind(self.board, frame, page);
        self.reply.retain(|item| item.page != page);
        let restricted = self
            .spaces
            .at(to)
            .is_some_and(|it| it.frame == frame && it.access > access);
        if restricted {
            self.flush(Call::TlbWrite, frame, Some(access));
        } else {
            self.reply.push(Item {
                page,
                frame,
                access,
            });
        }
        Ok(0)
    }

    /// Withdraws a page: flushes the pager's own page that it was mapped from.
    fn unmap(&mut self, page: u64) -> CallResult {
        let page = match page_argument(self.board, page) {
            Ok(page) => page,
            Err(error) => {
                self.ask(Call::TlbDrop);
                return Err(error);
            }
        };
        self.reply.retain(|item| item.page != page);
        match self.spaces.at(application(self.env, page)) {
            Some(mapped) => self.flush(Call::TlbDrop, mapped.frame, None),
            None => self.ask(Call::TlbDrop),
        }
        Ok(0)
    }

    /// Withdraws a run of pages, one flush each.
    fn unmap_run(&mut self, first: u64, count: u64) -> CallResult {
        let count = u64::from(run_argument(count)?);
        (first..first.saturating_add(count)).try_fold(0, |_, page| self.unmap(page))
    }

    fn free(&mut self, frame: u64) -> CallResult {
        let frame = match self.holdings.own(self.board, frame) {
            Ok(frame) => frame,
            Err(error) => {
                self.library(Call::Free);
                return Err(error);
            }
        };
        self.reply.retain(|item| item.frame != frame);
        self.flush(Call::Free, frame, None);
        self.holdings.release(self.board, frame);
        Ok(0)
    }

    /// A system call of the pager: takes a frame's page from all who got it, or a right to it (L03).
    fn flush(&mut self, call: Call, frame: Frame, left: Option<Access>) {
        let affected = self.spaces.flush(pager(self.env, frame), left);
        self.ask(call);
        let (many, each) = (affected.len() as u64, self.parameters.unmap);
        self.board.charge(self.env, Part::Unmapped, many, each);
        for place in affected {
            self.board.drop_entry(place.space.0, place.page);
        }
    }
}
