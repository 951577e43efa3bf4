//! The kernel: who owns what, which bindings stand, and whose event it is. No policy.
//!
//! A page table, a choice of victim, a way to find a page: all of that is a libOS's. The kernel
//! keeps the ownership table, the software TLB and, for each environment, where its handler stands.

mod alarm;
mod bookkeeping;
mod cached;
pub mod call;
mod capability;
pub mod check;
mod disk;
mod enter;
mod env;
mod extent;
pub mod filter;
mod frames;
pub mod network;
mod notice;
mod phase;
mod process;
mod revocation;
mod sharing;
mod slice;
mod stlb;
mod syscall;
mod transfer;
mod vector;
mod way;

pub use cached::{CachePlace, CachedLists};
pub use capability::{CapabilityRecord, CapabilityTable, Right};
pub use disk::{Errand, Wait};
pub use env::{Counters, Cycles, Download, Environment, Fault, Handler, PendingInstall};
pub use extent::ExtentTable;
pub use frames::{Authority, FrameRecord, FrameTable, FrameTableCheckpoint};
pub use network::Network;
pub use notice::{Notice, NoticeQueue};
pub use phase::{Phase, Upcall};
pub use process::{Process, Raised, Request};
pub use revocation::{Revocation, RevocationTimes};
pub use slice::{Interrupted, Slices};
pub use stlb::{Stlb, StlbEntry};
pub(crate) use syscall::hand_over;
pub(crate) use transfer::Asked;
pub use transfer::{Incoming, MESSAGE_WORDS, Outgoing};
pub use vector::{Loss, RepossessionVector, SaveBlock, Saving};
pub use way::Way;

use alloc::vec::Vec;

use crate::derived::Derived;
use crate::hw::{Disk, Memory, Nic, Tlb, UseStamps};
use crate::ids::{Access, EnvId, Frame, Object, Page, TlbSlot};
use crate::mutants::Mutant;
use crate::rng::Rng;

/// The devices that the kernel drives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hardware {
    /// Physical memory.
    pub memory: Memory,
    /// The hardware TLB.
    pub tlb: Tlb,
    /// When each frame was last used, if the machine can tell.
    pub use_stamps: UseStamps,
    /// The disk.
    pub disk: Disk,
    /// The network interface, if there is one.
    pub nic: Option<Nic>,
    /// What random replacement draws on.
    pub rng: Rng,
}

/// The kernel's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kernel {
    /// Who owns each frame.
    pub frames: FrameTable,
    /// Which capabilities have been made and have not ended.
    pub capabilities: CapabilityTable,
    /// Who owns which blocks of the disk.
    pub extents: ExtentTable,
    /// Filters and what is bound to them, if there is a network.
    pub network: Option<Network>,
    /// The software TLB.
    pub stlb: Stlb,
    /// Which cached entries name each frame.
    pub cached: Derived<CachedLists>,
    /// All environments, in order of id.
    pub environments: Vec<Environment>,
    /// Whose slice is when.
    pub slices: Slices,
    /// The environment that runs: whose slice it is, or to whom it has been passed on.
    pub running: EnvId,
    /// References of a trace, or instructions of a program, that it may still complete in this slice.
    pub slice_left: u32,
    /// An environment that runs next, whoever's slice it is: it was ordered to give frames back.
    pub urgent: Option<EnvId>,
    /// How long the parts of a revocation last.
    pub times: RevocationTimes,
    /// Cycles that passed while no environment could run.
    pub idle_cycles: u64,
    /// The cycle count at which the next timed thing is due, as `next_due` finds it.
    pub due_cycles: Derived<u64>,
    /// The cycle count at which the disk's first transfer is complete, as the disk has it.
    pub disk_due_cycles: Derived<Option<u64>>,
    /// The cycle count at which the network interface has something to do, as it has it.
    pub network_due_cycles: Derived<Option<u64>>,
}

/// A thing that happens at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// The dialogue of a revocation goes further.
    Revocation(EnvId),
    /// The disk's first transfer is complete.
    Disk,
    /// The network interface has something to do.
    Network,
    /// An environment's alarm clock rings.
    Bell(EnvId),
}

impl Kernel {
    /// The next thing that happens at a time, and the cycle count at which it is due. Of several at
    /// once the disk comes first, then the network, then the lowest environment's revocation and its clock.
    pub fn next_due(&self) -> Option<(u64, Alarm)> {
        let disk = self.disk_due_cycles.0.map(|due| (due, Alarm::Disk));
        let network = self.network_due_cycles.0.map(|due| (due, Alarm::Network));
        let environments = self.environments.iter().enumerate();
        let own = environments.flat_map(|(index, environment)| {
            let env = EnvId(index as u8);
            let revocation = environment.revocation.map(|it| it.due_cycles);
            let revocation = revocation.map(|due| (due, Alarm::Revocation(env)));
            let bell = environment.alarm_cycles.map(|due| (due, Alarm::Bell(env)));
            revocation.into_iter().chain(bell)
        });
        disk.into_iter()
            .chain(network)
            .chain(own)
            .min_by_key(|(due, _)| *due)
    }

    /// Notes when the next timed thing is due.
    pub(crate) fn set_due(&mut self) {
        let due = self.next_due().map_or(u64::MAX, |(due, _)| due);
        self.due_cycles = Derived(due);
    }

    /// Notes when the disk's first transfer is complete.
    pub(crate) fn set_disk_due(&mut self, hw: &Hardware) {
        self.disk_due_cycles = Derived(hw.disk.due_cycles());
        self.set_due();
    }

    /// Writes a translation of the running environment into the TLB, and keeps the lists right.
    pub(crate) fn install(&mut self, hw: &mut Hardware, binding: StlbEntry) -> TlbSlot {
        let StlbEntry {
            access,
            page,
            frame,
            right,
            ..
        } = binding;
        let note = right.note();
        let installed = hw.tlb.install(page, frame, access, note, &mut hw.rng);
        let place = CachePlace::Tlb(installed.slot);
        if let Some(replaced) = installed.replaced {
            self.cached.0.remove(place, replaced.frame);
        }
        if !Mutant::InstallSkipsList.made() {
            self.cached.0.add(place, frame);
        }
        installed.slot
    }

    /// Writes a binding into the software TLB. Returns its index; none if it is off.
    pub(crate) fn remember(&mut self, mut entry: StlbEntry) -> Option<u32> {
        if Mutant::RememberWidens.made() {
            entry.access = Access::ReadWrite;
        }
        let index = self.stlb.index_of(entry.env, entry.page)?;
        let place = CachePlace::Stlb(index);
        if let Some(replaced) = self.stlb.replace(index, Some(entry)) {
            self.cached.0.remove(place, replaced.frame);
        }
        self.cached.0.add(place, entry.frame);
        Some(index)
    }

    /// Drops one cached entry, wherever it is.
    fn drop_place(&mut self, hw: &mut Hardware, place: CachePlace) {
        let frame = match place {
            CachePlace::Tlb(slot) => hw.tlb.invalidate(slot).map(|entry| entry.frame),
            CachePlace::Stlb(index) => self.stlb.replace(index, None).map(|entry| entry.frame),
        };
        if let Some(frame) = frame {
            self.cached.0.remove(place, frame);
        }
    }

    /// Drops every cached entry that names `frame` (A11). Returns how many.
    pub(crate) fn flush_frame(&mut self, hw: &mut Hardware, frame: Frame) -> u16 {
        let mut dropped = 0;
        while let Some(place) = self.cached.0.first(frame) {
            if spared(place) {
                break;
            }
            self.drop_place(hw, place);
            dropped += 1;
        }
        dropped
    }

    /// Drops the cached entries of a page of the running environment. Returns how many.
    pub(crate) fn flush_page(&mut self, hw: &mut Hardware, page: Page) -> u16 {
        let env = self.running;
        let mut dropped = 0;
        if let Some(slot) = hw.tlb.slot_of(page) {
            self.drop_place(hw, CachePlace::Tlb(slot));
            dropped += 1;
        }
        if let Some(index) = self.stlb.index_of(env, page)
            && self
                .stlb
                .entry(index)
                .is_some_and(|it| it.env == env && it.page == page)
            && !Mutant::DropKeepsStlb.made()
        {
            self.drop_place(hw, CachePlace::Stlb(index));
            dropped += 1;
        }
        dropped
    }

    /// Breaks every binding to `frame`, ends the capabilities for it, takes it out of rings, and makes it free. Returns the page last bound to it and how
    /// many cached entries went. Its contents are cleared when it is handed out again.
    pub(crate) fn release(&mut self, hw: &mut Hardware, frame: Frame) -> (Option<Page>, u16) {
        let dropped = self.flush_frame(hw, frame);
        if !Mutant::FreeKeepsCapabilities.made() {
            self.capabilities
                .end_all(|_, it| it.object == Object::Frame(frame));
        }
        if let Some(network) = &mut self.network {
            network.forget_frame(frame);
        }
        (self.frames.release(frame), dropped)
    }
}

/// Whether a flush overlooks a cached entry, which only a mutant does.
fn spared(place: CachePlace) -> bool {
    match place {
        CachePlace::Tlb(_) => Mutant::FreeKeepsTlb.made(),
        CachePlace::Stlb(_) => Mutant::FreeKeepsStlb.made(),
    }
}
