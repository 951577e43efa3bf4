//! A monolithic kernel whose applications handle their faults themselves, in the only way it leaves
//! them: signal, system calls that map and protect, return from the signal.
//!
//! The handler is the very policy that would be the application's libOS. It runs in the application's
//! own address space, over frames that the application asked for when it began.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::board::{Board, Fault, Service};
use super::config::{ConfigError, RivalConfig};
use super::holdings::{Holdings, bits, page_argument, run_argument};
use super::parameters::Parameters;
use super::policy::{Door, Policy};
use super::spaces::MAPPINGS_MAX;
use super::trail::Part;
use crate::cpu::Program;
use crate::error::SysError;
use crate::event::BreakReason;
use crate::hw::Memory;
use crate::ids::{Access, EnvId, Frame, Page};
use crate::kernel::call::{Call, CallResult};

/// The kernel's page table: by application and page.
type Pages = BTreeMap<(EnvId, Page), (Frame, Access)>;

/// One application's handler.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Handler {
    policy: Policy,
    holdings: Holdings,
}

/// The kernel, and the applications' handlers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signals {
    parameters: Parameters,
    pages: Pages,
    handlers: Vec<Option<Handler>>,
}

impl Service for Signals {
    fn boot(
        config: &RivalConfig,
        parameters: Parameters,
        board: &mut Board,
    ) -> Result<Signals, ConfigError> {
        let mut handlers = Vec::new();
        let mut first = 0;
        for (index, it) in config.environments.iter().enumerate() {
            let state = Policy::state_frames(it.policy.as_ref(), config.page_bits);
            let env = EnvId(index as u8);
            handlers.push(it.policy.as_ref().map(|program| Handler {
                policy: Policy::new(program, Frame(first), &mut board.memory),
                holdings: Holdings::new(env, first, state, it.frame_limit, config.seed),
            }));
            first += state + it.frame_limit;
        }
        Ok(Signals {
            parameters,
            pages: Pages::new(),
            handlers,
        })
    }

    fn state_frames(program: Option<&Arc<Program>>, page_bits: u8) -> u32 {
        Policy::state_frames(program, page_bits)
    }

    fn refill(&mut self, board: &mut Board, fault: &Fault) -> bool {
        let Some((frame, access)) = self.pages.get(&(fault.env, fault.page)).copied() else {
            return false;
        };
        let refill = Part::Refill(fault.page);
        board.charge(fault.env, refill, 1, self.parameters.tlb_refill);
        board.install(fault.page, frame, access);
        true
    }

    /// The trap has been counted as the first crossing; the return from the signal is another.
    fn serve(&mut self, board: &mut Board, fault: &Fault) -> Result<(), BreakReason> {
        board.charge(fault.env, Part::Signal, 1, self.parameters.signal);
        let own = self.handlers.get_mut(fault.env.index());
        let Some(Handler { policy, holdings }) = own.and_then(Option::as_mut) else {
            return Err(BreakReason::NoHandler);
        };
        let mut process = Process {
            board,
            env: fault.env,
            holdings,
            pages: &mut self.pages,
            parameters: &self.parameters,
        };
        policy.page_fault(fault, &mut process)?;
        board.cross(fault.env, Part::Returned, 0);
        Ok(())
    }

    fn agrees(&self, board: &Board) -> bool {
        let mut entries = board.tlb.entries().iter().flatten();
        board.tlb.map_agrees()
            && entries.all(|it| {
                let mapped = self.pages.get(&(EnvId(it.asid), it.page));
                mapped.is_some_and(|(frame, access)| *frame == it.frame && access.covers(it.access))
            })
    }
}

impl Signals {
    /// A call of the application to its own handler's library: a procedure call.
    ///
    /// # Errors
    /// Why the application would be given up.
    pub(super) fn request(
        &mut self,
        board: &mut Board,
        env: EnvId,
        arguments: [u64; 3],
    ) -> Result<CallResult, BreakReason> {
        board.count(env).cycles.application += self.parameters.library_call;
        let own = self.handlers.get_mut(env.index());
        let Some(Handler { policy, holdings }) = own.and_then(Option::as_mut) else {
            return Err(BreakReason::NoHandler);
        };
        let mut process = Process {
            board,
            env,
            holdings,
            pages: &mut self.pages,
            parameters: &self.parameters,
        };
        policy.request(arguments, &mut process)
    }
}

/// Where a handler works: what its process can reach.
struct Process<'run> {
    board: &'run mut Board,
    env: EnvId,
    holdings: &'run mut Holdings,
    pages: &'run mut Pages,
    parameters: &'run Parameters,
}

impl Door for Process<'_> {
    fn memory(&mut self) -> &mut Memory {
        &mut self.board.memory
    }

    fn spent(&mut self, cycles: u64) {
        self.board.handle(self.env, Part::Policy, cycles);
    }

    fn call(&mut self, call: Call, arguments: [u64; 3]) -> CallResult {
        let [first, second, third] = arguments;
        if let Some(answer) = self.holdings.answer(self.board, call, first) {
            let cycles = self.parameters.library_call;
            self.board.handle(self.env, Part::Library(call), cycles);
            return answer;
        }
        let further = match call {
            Call::TlbDropRun => run_argument(second).map_or(0, |pages| u64::from(pages) - 1),
            _ => 0,
        };
        let parameters = self.parameters;
        match call {
            Call::TlbWrite | Call::TlbDrop | Call::TlbDropRun | Call::Free => {
                let protect = Part::Protect(call);
                self.board.cross(self.env, protect, parameters.protect_call);
                let each = parameters.protect_page;
                self.board
                    .charge(self.env, Part::FurtherPage, further, each);
            }
            _ => self
                .board
                .cross(self.env, Part::Call(call), parameters.kernel_entry),
        }
        match call {
            Call::TlbWrite => self.map(first, second, third),
            Call::TlbDrop => page_argument(self.board, first).map(|page| {
                self.unmap(page);
                0
            }),
            Call::TlbDropRun => self.unmap_run(first, second),
            Call::Free => self.free(first),
            Call::Log => Ok(0),
            _ => {
                let frame = self.holdings.own(self.board, first)?;
                bits(self.board, call, frame).unwrap_or(Err(SysError::NotOffered))
            }
        }
    }
}

impl Process<'_> {
    fn map(&mut self, page: u64, frame: u64, access: u64) -> CallResult {
        let page = page_argument(self.board, page)?;
        let frame = self.holdings.own(self.board, frame)?;
        let access = if access == 0 {
            Access::Read
        } else {
            Access::ReadWrite
        };
        let known = self.pages.contains_key(&(self.env, page));
        if self.pages.len() >= MAPPINGS_MAX && !known {
            return Err(SysError::Limit);
        }
        self.holdings.bind(self.board, frame, page);
        self.pages.insert((self.env, page), (frame, access));
        self.board.install(page, frame, access);
        Ok(0)
    }

    fn unmap(&mut self, page: Page) {
        self.pages.remove(&(self.env, page));
        self.board.drop_entry(self.env.0, page);
    }

    fn unmap_run(&mut self, first: u64, count: u64) -> CallResult {
        let count = u64::from(run_argument(count)?);
        (first..first.saturating_add(count)).try_fold(0, |_, page| {
            let page = page_argument(self.board, page)?;
            self.unmap(page);
            Ok(0)
        })
    }

    fn free(&mut self, frame: u64) -> CallResult {
        let frame = self.holdings.own(self.board, frame)?;
        let own = self.pages.iter().filter(|(_, mapped)| mapped.0 == frame);
        let pages: Vec<Page> = own.map(|((_, page), _)| *page).collect();
        pages.into_iter().for_each(|page| self.unmap(page));
        self.holdings.release(self.board, frame);
        Ok(0)
    }
}
