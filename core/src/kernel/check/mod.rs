//! The invariants, each a function: what must hold after every step of every run.
//!
//! They read the whole machine and are slow on purpose; tests and the page's "check" call them.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec;
use core::fmt;

use super::{CachePlace, Environment, Hardware, Kernel, Phase, Right, StlbEntry, Upcall};
use crate::hw::TlbEntry;
use crate::ids::{EnvId, Frame, Object, TlbSlot};
use crate::limits::{
    CALL_DEPTH_MAX, ENVIRONMENTS_MAX, FRAMES_MAX, STACK_BYTES_MAX, STATE_BYTES_MAX,
    STLB_ENTRIES_MAX, TLB_ENTRIES_MAX, UPCALL_FUEL,
};

mod capabilities;
mod disk;
mod network;
mod processor;
mod revocation;

/// An invariant that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Its number.
    pub invariant: &'static str,
    /// What is wrong.
    pub detail: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} broken: {}", self.invariant, self.detail)
    }
}

impl core::error::Error for Violation {}

/// One invariant.
type Invariant = fn(&Kernel, &Hardware) -> Result<(), String>;

/// Every invariant by its number.
pub const INVARIANTS: &[(&str, Invariant)] = &[
    ("INV-OWN-1", inv_own_1),
    ("INV-OWN-2", inv_own_2),
    ("INV-OWN-2", disk::inv_own_2),
    ("INV-OWN-3", inv_own_3),
    ("INV-CAP-1", capabilities::inv_cap_1),
    ("INV-CAP-2", capabilities::inv_cap_2),
    ("INV-CAP-3", capabilities::inv_cap_3),
    ("INV-BIND-1", inv_bind_1),
    ("INV-BIND-2", inv_bind_2),
    ("INV-BIND-3", inv_bind_3),
    ("INV-BIND-4", inv_bind_4),
    ("INV-REV-1", revocation::inv_rev_1),
    ("INV-REV-5", revocation::inv_rev_5),
    ("INV-UP-3", revocation::inv_up_3),
    ("INV-REV-4", disk::inv_rev_4),
    ("INV-DISK-1", disk::inv_disk_1),
    ("INV-NIC-1", network::inv_nic_1),
    ("INV-FILT-1", network::inv_filt_1),
    ("INV-CODE-1", network::inv_code_1),
    ("INV-CODE-2", network::inv_code_2),
    ("INV-LIM-1", inv_lim_1),
    ("INV-CALL-1", inv_call_1),
    ("INV-SCHED-1", processor::inv_sched_1),
    ("INV-SCHED-2", processor::inv_sched_2),
];

/// Checks all of them.
///
/// # Errors
/// The first that does not hold.
pub fn all(kernel: &Kernel, hw: &Hardware) -> Result<(), Violation> {
    for (invariant, holds) in INVARIANTS {
        holds(kernel, hw).map_err(|detail| Violation { invariant, detail })?;
    }
    Ok(())
}

fn require(condition: bool, detail: impl FnOnce() -> String) -> Result<(), String> {
    if condition { Ok(()) } else { Err(detail()) }
}

/// Every frame is free, owned, or in quarantine under DMA, and the free list is exactly the free
/// ones, without repeats.
fn inv_own_1(kernel: &Kernel, _: &Hardware) -> Result<(), String> {
    let records = kernel.frames.records();
    let mut listed = vec![false; records.len()];
    for frame in kernel.frames.free_list() {
        let place = listed
            .get_mut(frame.index())
            .ok_or(format!("{frame:?} does not exist"))?;
        require(!*place, || format!("{frame:?} is on the free list twice"))?;
        *place = true;
    }
    for (index, (record, listed)) in records.iter().zip(listed).enumerate() {
        require(record.is_free() == listed, || {
            format!(
                "frame {index}: owner {:?}, under DMA: {}, on the free list: {listed}",
                record.owner,
                record.device()
            )
        })?;
    }
    Ok(())
}

/// Nothing is lost: free and owned frames and those in quarantine make up memory, and each
/// environment holds what it is counted to hold.
fn inv_own_2(kernel: &Kernel, hw: &Hardware) -> Result<(), String> {
    let records = kernel.frames.records();
    let owned = records.iter().filter(|it| it.owner.is_some()).count();
    let nobodys = records.iter().filter(|it| it.owner.is_none());
    let quarantined = nobodys.filter(|it| it.device()).count();
    let (free, all) = (kernel.frames.free() as usize, hw.memory.frames() as usize);
    require(free + owned + quarantined == all, || {
        format!("{free} free, {owned} owned and {quarantined} in quarantine of {all}")
    })?;
    for (index, environment) in kernel.environments.iter().enumerate() {
        let env = EnvId(index as u8);
        let own = || {
            records
                .iter()
                .enumerate()
                .filter(|(_, it)| it.owner == Some(env))
        };
        let unpinned = own().filter(|(_, record)| !record.pinned).count();
        require(unpinned == environment.frames_held as usize, || {
            format!(
                "{env:?} holds {unpinned} frames, counted {}",
                environment.frames_held
            )
        })?;
        let mut pinned = BTreeSet::<u64>::new();
        pinned.extend(
            own()
                .filter(|(_, it)| it.pinned)
                .map(|(index, _)| index as u64),
        );
        for frame in state_frames(environment) {
            require(pinned.remove(&u64::from(frame.0)), || {
                format!("{env:?}: state in {frame:?} twice, or it is not pinned")
            })?;
        }
        require(pinned.is_empty(), || {
            format!("{env:?}: pinned {pinned:?}, but no state is in it")
        })?;
    }
    Ok(())
}

/// The frames that hold the state of an environment's programs.
fn state_frames(environment: &Environment) -> impl Iterator<Item = Frame> {
    let own = environment.process.iter();
    let downloads = environment.downloads.iter().map(|it| &it.segment);
    let segments = own
        .map(|it| &it.segment)
        .chain(downloads)
        .chain(core::iter::once(&environment.segment));
    segments.flat_map(|segment| segment.frames.iter().copied())
}

/// An owner is an environment that exists.
fn inv_own_3(kernel: &Kernel, _: &Hardware) -> Result<(), String> {
    let exists = |env: EnvId| env.index() < kernel.environments.len();
    for (index, record) in kernel.frames.records().iter().enumerate() {
        require(record.owner.is_none_or(exists), || {
            format!("frame {index} belongs to {:?}", record.owner)
        })?;
    }
    Ok(())
}

/// Whether what a binding rests on allows it now.
fn allowed(kernel: &Kernel, binding: &StlbEntry) -> bool {
    let StlbEntry { env, frame, .. } = *binding;
    let most = match binding.right {
        Right::Owner => kernel
            .frames
            .authority(env, frame)
            .ok()
            .and_then(|authority| authority.access),
        Right::Capability(id) => kernel
            .capabilities
            .record(id)
            .filter(|record| record.object == Object::Frame(frame))
            .map(|record| record.access),
    };
    most.is_some_and(|most| most.covers(binding.access))
}

/// A TLB entry as the kernel reads it.
fn binding(entry: &TlbEntry) -> StlbEntry {
    StlbEntry {
        env: EnvId(entry.asid),
        access: entry.access,
        page: entry.page,
        frame: entry.frame,
        right: Right::noted(entry.note),
    }
}

/// A TLB entry implies that its environment has that authority over the frame now.
fn inv_bind_1(kernel: &Kernel, hw: &Hardware) -> Result<(), String> {
    for (slot, entry) in hw.tlb.entries().iter().enumerate() {
        let Some(entry) = entry else { continue };
        require(allowed(kernel, &binding(entry)), || {
            format!("TLB slot {slot} holds {entry:?} without authority")
        })?;
    }
    Ok(())
}

/// The same for an entry of the software TLB.
fn inv_bind_2(kernel: &Kernel, _: &Hardware) -> Result<(), String> {
    for (index, entry) in kernel.stlb.entries().iter().enumerate() {
        let Some(entry) = entry else { continue };
        require(allowed(kernel, entry), || {
            format!("STLB entry {index} holds {entry:?} without authority")
        })?;
        require(
            kernel.stlb.index_of(entry.env, entry.page) == Some(index as u32),
            || format!("STLB entry {index} holds {entry:?}, which belongs elsewhere"),
        )?;
    }
    Ok(())
}

/// At most one entry per environment and page in each; where both hold one they agree; and the
/// owner's frame was bound since it was allocated.
fn inv_bind_3(kernel: &Kernel, hw: &Hardware) -> Result<(), String> {
    let mut seen = BTreeSet::<u64>::new();
    for entry in hw.tlb.entries().iter().flatten() {
        let env = EnvId(entry.asid);
        let key = u64::from(env.0) << 32 | u64::from(entry.page.0);
        require(seen.insert(key), || {
            format!("two TLB entries like {entry:?}")
        })?;
        let index = kernel.stlb.index_of(env, entry.page);
        let twin = index.and_then(|index| kernel.stlb.entry(index));
        if let Some(twin) = twin.filter(|it| it.env == env && it.page == entry.page) {
            require(twin == binding(entry), || {
                format!("TLB {entry:?} and STLB {twin:?} disagree")
            })?;
        }
        if Right::noted(entry.note) != Right::Owner {
            continue;
        }
        let record = kernel.frames.records().get(entry.frame.index());
        require(record.is_some_and(|record| record.page.is_some()), || {
            format!("{entry:?} names a frame that was never bound")
        })?;
    }
    require(hw.tlb.map_agrees(), || {
        String::from("the TLB's inverse map is not its entries")
    })
}

/// The list of cached entries of each frame is the one that TLB and STLB imply.
fn inv_bind_4(kernel: &Kernel, hw: &Hardware) -> Result<(), String> {
    let frames = hw.memory.frames();
    let mut implied = vec![BTreeSet::<u64>::new(); frames as usize];
    let in_tlb = hw
        .tlb
        .entries()
        .iter()
        .enumerate()
        .filter_map(|(slot, entry)| {
            Some((CachePlace::Tlb(TlbSlot(slot as u16)), entry.as_ref()?.frame))
        });
    let in_stlb = kernel
        .stlb
        .entries()
        .iter()
        .enumerate()
        .filter_map(|(index, entry)| Some((CachePlace::Stlb(index as u32), entry.as_ref()?.frame)));
    for (place, frame) in in_tlb.chain(in_stlb) {
        if let Some(places) = implied.get_mut(frame.index()) {
            places.insert(number(place));
        }
    }
    for (frame, mut implied) in (0..).map(Frame).zip(implied) {
        for place in kernel.cached.0.places(frame) {
            require(implied.remove(&number(place)), || {
                format!("{frame:?} lists {place:?}, which does not hold it, or twice")
            })?;
        }
        require(implied.is_empty(), || {
            format!("{frame:?} does not list all of TLB and STLB that hold it: {implied:?}")
        })?;
    }
    Ok(())
}

/// A place of a cache as a number: the entries of the software TLB behind all of the TLB's.
fn number(place: CachePlace) -> u64 {
    match place {
        CachePlace::Tlb(slot) => slot.0.into(),
        CachePlace::Stlb(index) => (1 << 32) + u64::from(index),
    }
}

/// No table is larger than its limit.
fn inv_lim_1(kernel: &Kernel, hw: &Hardware) -> Result<(), String> {
    require(hw.memory.frames() <= FRAMES_MAX, || {
        String::from("too many frames")
    })?;
    require(hw.tlb.entries().len() <= TLB_ENTRIES_MAX as usize, || {
        String::from("TLB too large")
    })?;
    require(
        kernel.stlb.entries().len() <= STLB_ENTRIES_MAX as usize,
        || String::from("STLB too large"),
    )?;
    require(kernel.environments.len() <= ENVIRONMENTS_MAX, || {
        String::from("too many environments")
    })?;
    for environment in &kernel.environments {
        let process = environment.process.iter();
        let programs = process
            .map(|it| (&it.segment, &it.context))
            .chain([(&environment.segment, &environment.context)]);
        for (segment, context) in programs {
            require(segment.size_bytes as usize <= STATE_BYTES_MAX, || {
                String::from("a program's state is too large")
            })?;
            require(context.depth() <= CALL_DEPTH_MAX, || {
                String::from("calls are nested too deep")
            })?;
            require(context.stack().0.len() <= STACK_BYTES_MAX, || {
                String::from("a program's stack is too large")
            })?;
        }
        require(environment.context.fuel_used() <= UPCALL_FUEL, || {
            String::from("an upcall used more fuel than it has")
        })?;
    }
    Ok(())
}

/// An application waits for its own libOS exactly while a request of it is unanswered, and then no
/// reference of it is under way. One that is over asks nothing.
fn inv_call_1(kernel: &Kernel, _: &Hardware) -> Result<(), String> {
    for (index, environment) in kernel.environments.iter().enumerate() {
        let process = environment.process.as_ref();
        let asked = process.is_some_and(|process| process.request.is_some());
        let agrees = match (environment.phase, environment.upcall()) {
            (Phase::Requesting, _) | (_, Some(Upcall::Request)) => asked,
            // Between the request and its answer another policy may take over, notices come, the
            // slice begins, others transfer here, and a handler may transfer on.
            (
                _,
                Some(
                    Upcall::Adopted
                    | Upcall::Revoke
                    | Upcall::Repossessed
                    | Upcall::Packets
                    | Upcall::Alarm
                    | Upcall::SliceBegan
                    | Upcall::Entered
                    | Upcall::Signalled,
                ),
            )
            | (Phase::Transferring | Phase::Broken(_), _) => true,
            _ => !asked,
        };
        require(agrees && !(asked && environment.fault.is_some()), || {
            let phase = environment.phase;
            format!("environment {index} is {phase:?}, a request is unanswered: {asked}")
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
