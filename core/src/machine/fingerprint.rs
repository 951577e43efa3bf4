//! What two states must share to have the same future, for exploration (D1); and its clock.
//!
//! Each list is told with its length, or two states could read alike. Left out: cycles, positions, counters, what a trace's reference stores and reads, an application's
//! fuel, random states, times (of what is due, only the order counts), how far a slice has come, and serial numbers, which are told as none, one or more. A frame's or
//! block's contents are whether there are any; how many transfers the disk has had is left out, which is right for a disk that does not fail. Whoever adds state to the machine adds it here, or says why two states that differ only in it
//! have the same future.

use alloc::vec::Vec;

use super::Machine;
use crate::digest::Digest;
use crate::ids::{Block, CapabilityId, EnvId, Frame, Object, Page};
use crate::kernel::{Cycles, Environment, Errand, RepossessionVector, Right};
use crate::rng::Rng;

/// A way to call environments, frames and pages by other names: the place is the old name, the value
/// the new one. Names past the end stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renaming {
    /// Of environments.
    pub environments: Vec<u8>,
    /// Of frames.
    pub frames: Vec<u32>,
    /// Of pages.
    pub pages: Vec<u32>,
}

impl Renaming {
    fn environment(&self, env: EnvId) -> u64 {
        let renamed = self.environments.get(env.index()).copied();
        renamed.unwrap_or(env.0).into()
    }

    fn frame(&self, frame: Frame) -> u64 {
        let renamed = self.frames.get(frame.index()).copied();
        renamed.unwrap_or(frame.0).into()
    }

    fn page(&self, page: Page) -> u64 {
        let renamed = self.pages.get(page.0 as usize).copied();
        renamed.unwrap_or(page.0).into()
    }

    /// The old name of a new one.
    fn before<T: PartialEq<T>>(names: &[T], new: T) -> Option<usize> {
        names.iter().position(|it| *it == new)
    }
}

/// What a fingerprint is taken of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprinting {
    /// States that differ only by one of these renamings are the same.
    pub renamings: Vec<Renaming>,
    /// Whether reference and dirty bits count. They decide nothing but the answers to questions
    /// about them, and the dirty bit what is saved of a frame that is taken.
    pub bits: bool,
    /// Whether dirty bits count, even if the others do not.
    pub dirty: bool,
}

impl Default for Fingerprinting {
    /// Every name matters, and every bit.
    fn default() -> Fingerprinting {
        Fingerprinting {
            renamings: alloc::vec![Renaming::default()],
            bits: true,
            dirty: true,
        }
    }
}

impl Machine {
    /// 64 bits that are equal for states with the same future, whichever way led there, up to the
    /// renamings.
    ///
    /// In order: the running environment, whose slice it is, and the urgent one; the owner of each slice if some are free; what is due, the next first; each
    /// environment and what was taken from it; each frame; the free list; each
    /// capability's place; the disk; the entries of the TLB, of each set in order of age; the software TLB.
    pub fn fingerprint(&self, of: &Fingerprinting) -> u64 {
        let environments: Vec<u64> = self.kernel.environments.iter().map(future).collect();
        let under = |names: &Renaming| self.fingerprint_under(names, &environments, of);
        of.renamings.iter().map(under).min().unwrap_or_default()
    }

    fn fingerprint_under(
        &self,
        names: &Renaming,
        environments: &[u64],
        of: &Fingerprinting,
    ) -> u64 {
        let mut digest = Digest::new(0);
        digest.u64(names.environment(self.kernel.running));
        let slices = &self.kernel.slices;
        let slice = slices.owners().get(usize::from(slices.position));
        let owner = slice.copied().flatten();
        digest.u64(owner.map_or(0, |env| names.environment(env) + 1));
        digest.u64(u64::from(slices.over) << 1 | u64::from(slices.interrupted.is_some()));
        let urgent = self.kernel.urgent.map(|env| names.environment(env) + 1);
        digest.u64(urgent.unwrap_or(0));
        self.slices_fingerprint(names, &mut digest);
        self.due_fingerprint(names, &mut digest);
        for new in 0..environments.len() {
            let old = Renaming::before(&names.environments, new as u8).unwrap_or(new);
            digest.u64(environments.get(old).copied().unwrap_or_default());
            if let Some(environment) = self.kernel.environments.get(old) {
                self.vector_fingerprint(&environment.repossessed, names, of, &mut digest);
            }
        }
        for new in 0..self.config.frames {
            let old = Renaming::before(&names.frames, new).map_or(new, |old| old as u32);
            self.frame_fingerprint(Frame(old), names, of, &mut digest);
        }
        digest.u64(self.kernel.frames.free().into());
        let free = self.kernel.frames.free_list();
        free.for_each(|frame| digest.u64(names.frame(frame)));
        digest.u64(self.kernel.capabilities.serials().count() as u64);
        for slot in self.kernel.capabilities.serials() {
            digest.u64(slot.min(2).into());
        }
        digest.u64(self.kernel.capabilities.records().count() as u64);
        for (id, record) in self.kernel.capabilities.records() {
            digest.u64(u64::from(id.0) << 16 | parent_word(record.parent));
            let who = names.environment(record.maker) << 8 | record.access as u64;
            let what = match record.object {
                Object::Frame(frame) => names.frame(frame),
                Object::Extent(extent) => {
                    1 << 40 | u64::from(extent.blocks) << 20 | u64::from(extent.first.0)
                }
            };
            digest.u64(what << 16 | who);
        }
        self.disk_fingerprint(names, &mut digest);
        self.cached_fingerprint(names, &mut digest);
        digest.finish()
    }

    /// Adds which slice is under way and who owns each, but where every environment has its one slice
    /// from the beginning and nobody takes another.
    fn slices_fingerprint(&self, names: &Renaming, digest: &mut Digest) {
        let slices = &self.kernel.slices;
        if self.config.slices.is_empty() {
            return;
        }
        digest.u64(slices.position.into());
        for owner in slices.owners() {
            digest.u64(owner.map_or(0, |env| names.environment(env) + 1));
        }
    }

    /// Adds who owns which blocks, which are not all zero, and the queue: who waits, with what right,
    /// for which block and frame.
    fn disk_fingerprint(&self, names: &Renaming, digest: &mut Digest) {
        let disk = &self.hw.disk;
        if disk.blocks() == 0 {
            return;
        }
        digest.u64(self.kernel.extents.records().len() as u64);
        for (extent, owner) in self.kernel.extents.records() {
            let place = u64::from(extent.blocks) << 32 | u64::from(extent.first.0);
            digest.u64(place);
            digest.u64(names.environment(*owner));
        }
        for block in (0..disk.blocks()).map(Block) {
            digest.bool(disk.contents(block).is_some());
        }
        digest.u64(disk.queue().count() as u64);
        for transfer in disk.queue() {
            // What a saving rests on is told with the vector that it is for.
            let errand = Errand::noted(transfer.note);
            let environment = self.kernel.environments.get(errand.env().index());
            let presented = environment.and_then(|it| it.wait).map(|it| it.capability);
            let (right, saves) = match errand {
                Errand::Call(_) => (self.standing(presented.unwrap_or(0)), 0),
                Errand::Save(_) => (0, 1),
            };
            let who = names.environment(errand.env());
            digest.u64(right << 16 | who << 8 | saves << 1 | transfer.direction as u64);
            digest.u64(u64::from(transfer.block.0) << 32 | names.frame(transfer.frame));
        }
    }

    /// Adds what was taken from an environment, and the blocks of its repossession vector. What became
    /// of contents follows from the dirty bits, and where these do not count is an answer and no more.
    fn vector_fingerprint(
        &self,
        vector: &RepossessionVector,
        names: &Renaming,
        of: &Fingerprinting,
        digest: &mut Digest,
    ) {
        let counts = of.bits || of.dirty;
        digest.u64(vector.losses().len() as u64);
        for loss in vector.losses() {
            let block = loss.saved.map_or(0, |(_, block)| u64::from(block.0) + 1);
            digest.u64(names.frame(loss.frame));
            let contents = if counts { loss.contents as u64 } else { 0 };
            digest.u64(block << 8 | contents);
        }
        digest.u64(vector.blocks().len() as u64);
        for it in vector.blocks() {
            digest.u64(self.standing(it.capability));
            digest.u64(u64::from(it.number) << 32 | u64::from(it.block.0));
            digest.u64((it.saving as u64) << 1 | u64::from(it.told));
        }
    }

    /// The place of a capability, counted from 1; 0 if it has ended.
    fn standing(&self, number: u64) -> u64 {
        let rests = self.kernel.capabilities.authority(number);
        rests.map_or(0, |(id, _)| u64::from(id.0) + 1)
    }

    /// Adds what is due, by order and not by time.
    fn due_fingerprint(&self, names: &Renaming, digest: &mut Digest) {
        let mut due: Vec<(u64, EnvId, u64)> = Vec::new();
        for (index, environment) in self.kernel.environments.iter().enumerate() {
            if let Some(it) = environment.revocation {
                due.push((it.due_cycles, EnvId(index as u8), it.urgency as u64));
            }
        }
        due.sort_unstable();
        digest.u64(due.len() as u64);
        for (_, env, urgency) in due {
            digest.u64(1 << 32 | urgency << 16 | names.environment(env));
        }
    }

    /// Adds owner, pinned, contents, bits and page of a frame.
    fn frame_fingerprint(
        &self,
        frame: Frame,
        names: &Renaming,
        of: &Fingerprinting,
        digest: &mut Digest,
    ) {
        let Some(record) = self.kernel.frames.records().get(frame.index()) else {
            return;
        };
        let memory = &self.hw.memory;
        let written = memory.frame_bytes(frame).iter().any(|byte| *byte != 0);
        let flags = [
            record.pinned,
            record.transfer,
            written,
            of.bits && memory.referenced(frame),
            (of.bits || of.dirty) && memory.dirty(frame),
        ];
        let flags = flags.iter().fold(0, |word, it| word << 1 | u64::from(*it));
        let owner = record.owner.map_or(0, |env| names.environment(env) + 1);
        let page = record.page.map_or(0, |page| names.page(page) + 1);
        digest.u64(page << 20 | owner << 8 | flags);
    }

    /// Adds what TLB and software TLB hold. Slots of one set are alike but for their age.
    fn cached_fingerprint(&self, names: &Renaming, digest: &mut Digest) {
        let tlb = &self.hw.tlb;
        digest.u64(tlb.by_age().count() as u64);
        for (entry, right) in tlb.by_age().map(|it| (it, Right::noted(it.note))) {
            let env = names.environment(EnvId(entry.asid));
            let word = env << 8 | entry.access as u64 | right_word(right) << 16;
            digest.u64(word << 32 | names.frame(entry.frame));
            digest.u64(names.page(entry.page));
        }
        for (index, entry) in self.kernel.stlb.entries().iter().enumerate() {
            let Some(entry) = entry else { continue };
            let env = names.environment(entry.env);
            let word = env << 8 | entry.access as u64 | right_word(entry.right) << 16;
            digest.u64(1 << 63 | (index as u64) << 32 | names.page(entry.page));
            digest.u64(word << 32 | names.frame(entry.frame));
        }
    }

    /// The timer: the running environment has `units` of its slice left from now on, whatever it had.
    /// Exploration and fault injection end slices early and late with it; 0 ends the slice as soon as
    /// the application is to go on.
    pub fn set_slice(&mut self, units: u32) {
        self.kernel.slice_left = units;
    }

    /// Time leaps to what is due next, as if nobody had run until then; nothing if nothing is due.
    pub fn leap(&mut self) {
        let due = self.kernel.due_cycles.0;
        if due != u64::MAX {
            self.kernel.idle_cycles += due.saturating_sub(self.cycles());
        }
    }
}

fn parent_word(parent: Option<CapabilityId>) -> u64 {
    parent.map_or(0, |it| u64::from(it.0) + 1)
}

fn right_word(right: Right) -> u64 {
    match right {
        Right::Owner => 0,
        Right::Capability(id) => u64::from(id.0) + 1,
    }
}

/// What decides an environment's future, whatever it is called.
fn future(environment: &Environment) -> u64 {
    let mut environment = environment.clone();
    (environment.cursor, environment.checksum) = (0, 0);
    environment.rng = Rng::new(0, 0);
    environment.cycles = Cycles::default();
    environment.revocation = None;
    environment.repossessed = RepossessionVector::default();
    if let Some(wait) = &mut environment.wait {
        (wait.capability, wait.since_cycles) = (0, 0);
    }
    if let Some(notice) = &mut environment.notice {
        notice.arguments = [0; 3];
    }
    if let Some(process) = &mut environment.process {
        process.context.forget_fuel();
    }
    let mut digest = Digest::new(1);
    environment.digest(&mut digest);
    digest.finish()
}
