//! A monolithic kernel: one fixed CLOCK over the pages of all applications, in the kernel.
//!
//! A fault is one crossing and no change of address space, and no application has a say in it.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::board::{Board, Fault, Service};
use super::config::{ConfigError, RivalConfig};
use super::parameters::Parameters;
use super::trail::Part;
use crate::cpu::Program;
use crate::event::BreakReason;
use crate::ids::{Access, Cause, EnvId, Frame, Page};
use crate::kernel::call::Call;

/// The kernel's page table and its hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlobalClock {
    parameters: Parameters,
    /// By application and page.
    pages: BTreeMap<(EnvId, Page), (Frame, Access)>,
    /// By frame, in the order in which they were first used.
    frames: Vec<(EnvId, Page)>,
    hand: usize,
}

impl Service for GlobalClock {
    fn boot(
        _: &RivalConfig,
        parameters: Parameters,
        _: &mut Board,
    ) -> Result<GlobalClock, ConfigError> {
        Ok(GlobalClock {
            parameters,
            pages: BTreeMap::new(),
            frames: Vec::new(),
            hand: 0,
        })
    }

    /// None: its policy is its own.
    fn state_frames(_: Option<&Arc<Program>>, _: u8) -> u32 {
        0
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

    /// The trap has been counted as the one crossing.
    fn serve(&mut self, board: &mut Board, fault: &Fault) -> Result<(), BreakReason> {
        let Parameters {
            kernel_entry,
            fault_code,
            ..
        } = self.parameters;
        board.charge(fault.env, Part::Entry, 1, kernel_entry);
        board.charge(fault.env, Part::FaultCode, 1, fault_code);
        if fault.cause == Cause::Protection {
            // A signal, and this application has no handler for it.
            return Err(BreakReason::NoHandler);
        }
        let frame = self.frame_for(board, fault);
        board.count(fault.env).page_loads += 1;
        let mapped = (frame, Access::ReadWrite);
        self.pages.insert((fault.env, fault.page), mapped);
        board.install(fault.page, frame, Access::ReadWrite);
        Ok(())
    }

    fn agrees(&self, board: &Board) -> bool {
        let entries = board.tlb.entries().iter().flatten();
        let cached = entries.into_iter().all(|it| {
            let mapped = self.pages.get(&(EnvId(it.asid), it.page));
            mapped.is_some_and(|(frame, access)| *frame == it.frame && access.covers(it.access))
        });
        let held = self.frames.iter().zip(0..).all(|(place, frame)| {
            let mapped = self.pages.get(place);
            mapped.is_some_and(|(mapped, _)| mapped.0 == frame)
        });
        cached && held && self.pages.len() == self.frames.len() && board.tlb.map_agrees()
    }
}

impl GlobalClock {
    /// A frame for the page that faulted: a new one while there are any, then the victim's.
    fn frame_for(&mut self, board: &mut Board, fault: &Fault) -> Frame {
        let place = (fault.env, fault.page);
        if self.frames.len() < board.memory.frames() as usize {
            let frame = Frame(self.frames.len() as u32);
            self.frames.push(place);
            board.hand_over(frame);
            return frame;
        }
        let frame = self.victim(board, fault.env);
        if let Some(held) = self.frames.get_mut(frame.index()) {
            let (env, page) = core::mem::replace(held, place);
            self.pages.remove(&(env, page));
            board.drop_entry(env.0, page);
            board.count(fault.env).evictions += 1;
        }
        board.memory.zero(frame);
        frame
    }

    /// The first frame from the hand on that was not referenced since the hand last came by, whoever
    /// uses it. The bits that the hand passes are cleared.
    fn victim(&mut self, board: &mut Board, env: EnvId) -> Frame {
        loop {
            board.charge(env, Part::ClockStep, 1, self.parameters.clock_step);
            let frame = Frame(self.hand as u32);
            self.hand = (self.hand + 1) % self.frames.len().max(1);
            if !board.memory.referenced(frame) {
                return frame;
            }
            board.memory.clear_referenced(frame);
        }
    }

    /// A system call that sets what an application may do with `count` of its pages from `first` on,
    /// as far as they are loaded: one crossing for all of them.
    pub(super) fn protect(
        &mut self,
        board: &mut Board,
        env: EnvId,
        first: Page,
        count: u32,
        access: Access,
    ) {
        let further = u64::from(count).saturating_sub(1);
        let protect = Part::Protect(Call::TlbWrite);
        board.cross(env, protect, self.parameters.protect_call);
        board.charge(
            env,
            Part::FurtherPage,
            further,
            self.parameters.protect_page,
        );
        let pages = (env, first)..(env, Page(first.0.saturating_add(count)));
        for ((_, page), mapped) in self.pages.range_mut(pages) {
            mapped.1 = access;
            board.drop_entry(env.0, *page);
        }
    }
}
