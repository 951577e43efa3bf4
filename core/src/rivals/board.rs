//! What all comparison kernels have in common: the hardware, the applications, and the counting.
//!
//! A reference goes through the same TLB, with the same replacement, as under the exokernel; only
//! what becomes of a fault is the kernel's own affair, and behind [`Service`].

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::config::{ConfigError, RivalConfig};
use super::counts::Counts;
use super::parameters::Parameters;
use super::trail::{Charged, Part, Payer, Trail};
use crate::cost;
use crate::cpu::Program;
use crate::event::BreakReason;
use crate::hw::{Memory, Tlb, UseStamps};
use crate::ids::{Access, Cause, EnvId, Frame, Page, ReferenceKind, TlbSlot};
use crate::limits::IDENTICAL_FAULTS_MAX;
use crate::rng::Rng;
use crate::trace::Trace;

/// How an application ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Its trace is over.
    Finished,
    /// It was given up; the others went on.
    GivenUp(BreakReason),
}

/// A reference that could not be completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Whose reference it is.
    pub env: EnvId,
    /// The virtual address.
    pub address: u32,
    /// Its page.
    pub page: Page,
    /// What the reference needs.
    pub access: Access,
    /// Why it stopped.
    pub cause: Cause,
}

/// What a comparison kernel does of its own.
pub trait Service: Sized {
    /// The kernel as it is at boot. The configuration has been checked.
    ///
    /// # Errors
    /// [`ConfigError`], if this kernel needs more than the configuration has.
    fn boot(
        config: &RivalConfig,
        parameters: Parameters,
        board: &mut Board,
    ) -> Result<Self, ConfigError>;

    /// Frames that it keeps for the state of an application's policy.
    fn state_frames(program: Option<&Arc<Program>>, page_bits: u8) -> u32;

    /// Answers a miss from the kernel's own page table. False, and nothing happens, if the page is
    /// not in it.
    fn refill(&mut self, board: &mut Board, fault: &Fault) -> bool;

    /// Resolves a fault, as far as it can be; the reference is run again then.
    ///
    /// # Errors
    /// Why the application is given up.
    fn serve(&mut self, board: &mut Board, fault: &Fault) -> Result<(), BreakReason>;

    /// Whether its own tables and the TLB agree; for tests.
    fn agrees(&self, board: &Board) -> bool;
}

/// One application under a comparison kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Application {
    cursor: u64,
    ending: Option<Ending>,
    counts: Counts,
}

/// Hardware, applications and counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    pub(super) memory: Memory,
    pub(super) tlb: Tlb,
    pub(super) use_stamps: UseStamps,
    pub(super) trail: Trail,
    rng: Rng,
    /// Whether TLB entries carry an address-space id, so that they may stay.
    tagged: bool,
    space: u8,
    page_bits: u8,
    slice_references: u32,
    slice_left: u32,
    running: EnvId,
    completed: u64,
    applications: Vec<Application>,
}

impl Board {
    pub(super) fn new(config: &RivalConfig, frames: u32) -> Board {
        let pages = 1_u64 << (32 - config.page_bits);
        let application = Application {
            cursor: 0,
            ending: None,
            counts: Counts::default(),
        };
        Board {
            memory: Memory::new(frames, config.page_bits),
            tlb: Tlb::new(config.tlb, pages),
            use_stamps: if config.use_stamps {
                UseStamps::new(frames)
            } else {
                UseStamps::default()
            },
            trail: Trail::default(),
            rng: Rng::new(config.seed, 0),
            tagged: config.tagged,
            space: 0,
            page_bits: config.page_bits,
            slice_references: config.slice_references,
            slice_left: config.slice_references,
            running: EnvId(0),
            completed: 0,
            applications: alloc::vec![application; config.environments.len()],
        }
    }

    /// References completed by all applications.
    pub fn completed(&self) -> u64 {
        self.completed
    }

    /// Physical memory, to be read.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// The TLB, to be read.
    pub fn tlb(&self) -> &Tlb {
        &self.tlb
    }

    /// What was counted for an application.
    pub fn counts(&self, env: EnvId) -> Option<Counts> {
        self.applications.get(env.index()).map(|it| it.counts)
    }

    /// How an application ended; none if it has not.
    pub fn ending(&self, env: EnvId) -> Option<Ending> {
        self.applications.get(env.index())?.ending
    }

    /// Cycles of all applications together.
    pub fn cycles(&self) -> u64 {
        let spent = self.applications.iter().map(|it| it.counts.cycles);
        spent
            .map(|it| it.application + it.kernel + it.handler)
            .sum()
    }

    pub(super) fn count(&mut self, env: EnvId) -> &mut Counts {
        &mut self.applications[env.index()].counts
    }

    /// The way of the reference that is watched.
    pub fn trail(&self) -> &Trail {
        &self.trail
    }

    /// Changes the running address space; a TLB without tags loses all it holds.
    pub(super) fn enter(&mut self, space: u8) {
        if space == self.space {
            return;
        }
        self.space = space;
        if !self.tagged {
            for slot in 0..self.tlb.entries().len() {
                self.tlb.invalidate(TlbSlot(slot as u16));
            }
        }
        self.tlb.switch(space);
    }

    /// Does something on behalf of an application, in its address space, between two references.
    pub(super) fn within<T>(&mut self, env: EnvId, act: impl FnOnce(&mut Board) -> T) -> T {
        self.enter(env.0);
        let done = act(self);
        self.enter(self.running.0);
        done
    }

    /// Writes a translation of the running address space.
    pub(super) fn install(&mut self, page: Page, frame: Frame, access: Access) {
        self.tlb.install(page, frame, access, 0, &mut self.rng);
    }

    /// Drops the translation of a page of any address space, if there is one.
    pub(super) fn drop_entry(&mut self, space: u8, page: Page) {
        let entries = self.tlb.entries().iter();
        let slot = entries
            .map(|it| it.is_some_and(|it| it.asid == space && it.page == page))
            .position(|found| found);
        if let Some(slot) = slot {
            self.tlb.invalidate(TlbSlot(slot as u16));
        }
    }

    /// Clears what a frame's last user left in it: contents, bits and use stamp.
    pub(super) fn hand_over(&mut self, frame: Frame) {
        self.memory.zero(frame);
        self.memory.clear_referenced(frame);
        self.memory.clear_dirty(frame);
        self.use_stamps.clear(frame);
    }

    /// How many pages an address space has.
    pub(super) fn pages(&self) -> u64 {
        1 << (32 - self.page_bits)
    }

    /// Runs until `completed` references are complete since boot. True once no application has
    /// anything left to do.
    pub(super) fn run<S: Service>(
        &mut self,
        service: &mut S,
        completed: u64,
        traces: &[&Trace],
    ) -> bool {
        while self.completed < completed && !self.trail.is_done() {
            let env = self.running;
            let application = &self.applications[env.index()];
            if self.slice_left == 0 || application.ending.is_some() {
                if !self.schedule() {
                    return true;
                }
                continue;
            }
            let trace = traces.get(env.index());
            let reference = trace.and_then(|trace| trace.get(application.cursor));
            let ending = match reference {
                None => Some(Ending::Finished),
                Some((address, kind)) => {
                    self.trail.begin(env, application.cursor);
                    let done = self.reference(service, address, kind);
                    self.trail.end();
                    done.err().map(Ending::GivenUp)
                }
            };
            self.applications[env.index()].ending = ending;
        }
        self.applications.iter().all(|it| it.ending.is_some())
    }

    /// Gives the next application a slice, round robin; false if there is none. The address space of
    /// an application has its own number.
    fn schedule(&mut self) -> bool {
        let count = self.applications.len();
        let after = (1..=count).map(|distance| (self.running.index() + distance) % count);
        let next = after
            .into_iter()
            .find(|index| self.applications[*index].ending.is_none());
        let Some(next) = next else {
            return false;
        };
        self.slice_left = self.slice_references;
        self.running = EnvId(next as u8);
        self.enter(next as u8);
        true
    }

    /// One reference with all that becomes of it, until it is completed.
    fn reference<S: Service>(
        &mut self,
        service: &mut S,
        address: u32,
        kind: ReferenceKind,
    ) -> Result<(), BreakReason> {
        let (env, page, access) = (self.running, Page(address >> self.page_bits), kind.needs());
        let mut upcalls = [0_u8; 2];
        let mut rerun = false;
        let (slot, frame) = loop {
            let cause = match self.look_up(page, access) {
                Ok(found) => break found,
                Err(cause) => cause,
            };
            self.trapped(env, page, cause, rerun);
            rerun = true;
            let fault = Fault {
                env,
                address,
                page,
                access,
                cause,
            };
            if cause == Cause::Miss && service.refill(self, &fault) {
                self.count(env).refills += 1;
                continue;
            }
            let tries = &mut upcalls[cause as usize];
            if *tries >= IDENTICAL_FAULTS_MAX {
                return Err(BreakReason::NeverMapped(cause));
            }
            *tries += 1;
            self.count(env).faults += 1;
            service.serve(self, &fault)?;
        };
        self.complete(address, kind, slot, frame);
        self.count(env).tlb_hits += u64::from(!rerun);
        Ok(())
    }

    fn look_up(&self, page: Page, access: Access) -> Result<(TlbSlot, Frame), Cause> {
        let slot = self.tlb.slot_of(page).ok_or(Cause::Miss)?;
        let entry = self.tlb.entry(slot).ok_or(Cause::Miss)?;
        if entry.access.covers(access) {
            Ok((slot, entry.frame))
        } else {
            Err(Cause::Protection)
        }
    }

    /// The hardware entered the kernel. A reference is a hit or a miss once, by its first look-up.
    fn trapped(&mut self, env: EnvId, page: Page, cause: Cause, rerun: bool) {
        self.cross(env, Part::Trapped(cause, page), 0);
        let counts = self.count(env);
        match cause {
            Cause::Miss => counts.tlb_misses += u64::from(!rerun),
            Cause::Protection => {
                counts.protection_faults += 1;
                counts.tlb_hits += u64::from(!rerun);
            }
        }
    }

    fn complete(&mut self, address: u32, kind: ReferenceKind, slot: TlbSlot, frame: Frame) {
        let offset = address & ((1 << self.page_bits) - 1);
        let application = &mut self.applications[self.running.index()];
        let value = application.cursor as u8;
        self.memory.access(frame, offset, kind.stores(), value);
        application.cursor += 1;
        application.counts.references += 1;
        application.counts.cycles.application += cost::REFERENCE;
        self.trail.note(Charged {
            part: Part::Completed(Page(address >> self.page_bits)),
            times: 1,
            cycles: cost::REFERENCE,
            crossings: 0,
            payer: Payer::Application,
        });
        self.tlb.touch(slot);
        self.use_stamps.note(frame);
        self.slice_left = self.slice_left.saturating_sub(1);
        self.completed += 1;
    }
}
