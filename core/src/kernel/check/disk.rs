//! The invariants of the disk and its extents.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::require;
use crate::ids::{Access, Direction, EnvId, Frame, Object};
use crate::kernel::{Hardware, Kernel, Phase};
use crate::limits::{DISK_BLOCKS_MAX, DISK_QUEUE_MAX};

/// Extents lie on the disk in order and apart, so that with the free blocks they make it up; each
/// belongs to an environment that exists and holds no more than its share, and has the one
/// capability that came with it.
pub(super) fn inv_own_2(kernel: &Kernel, hw: &Hardware) -> Result<(), String> {
    let extents = kernel.extents.records();
    require(kernel.extents.blocks() == hw.disk.blocks(), || {
        String::from("extents of another disk")
    })?;
    let mut end = 0;
    for (extent, owner) in extents {
        let apart = extent.first.0 >= end && extent.blocks > 0 && extent.end() <= hw.disk.blocks();
        end = extent.end();
        let exists = owner.index() < kernel.environments.len();
        require(apart && exists, || {
            format!("{extent:?} of {owner:?} among {extents:?}")
        })?;
        let firsts = kernel.capabilities.records().filter(|(_, it)| {
            it.object == Object::Extent(*extent) && it.parent.is_none() && it.maker == *owner
        });
        require(firsts.count() == 1, || {
            format!("{extent:?} has not one capability that came with it")
        })?;
    }
    for env in (0..kernel.environments.len()).map(|index| EnvId(index as u8)) {
        let (held, share) = (kernel.extents.held(env), kernel.extents.share());
        require(held <= share, || {
            format!("{env:?} holds {held} blocks of {share}")
        })?;
    }
    Ok(())
}

/// A frame is under DMA exactly while one transfer of the disk names it; then no binding to it is
/// cached, and INV-OWN-1 has it that it is not free. An environment waits exactly while one
/// transfer is its own, and the frame of that is its own, or nobody's any more.
pub(super) fn inv_rev_4(kernel: &Kernel, hw: &Hardware) -> Result<(), String> {
    for (index, record) in kernel.frames.records().iter().enumerate() {
        let frame = Frame(index as u32);
        let named = hw.disk.queue().filter(|it| it.frame == frame);
        let notes: Vec<EnvId> = named.map(|it| EnvId(it.note)).collect();
        require(notes.len() == usize::from(record.transfer), || {
            format!("{frame:?} is {record:?}, transfers of {notes:?} name it")
        })?;
        let cached = kernel.cached.0.first(frame);
        let apart = cached.is_none() && !record.pinned;
        let owner = record.owner.is_none_or(|owner| notes.contains(&owner));
        require(!record.transfer || apart && owner, || {
            format!("{frame:?} is under DMA for {notes:?}, and {record:?}, cached at {cached:?}")
        })?;
    }
    for (index, environment) in kernel.environments.iter().enumerate() {
        let own = hw.disk.queue().filter(|it| usize::from(it.note) == index);
        let waits = matches!(environment.phase, Phase::Waiting(_));
        let agrees = own.count() == usize::from(waits) && environment.wait.is_some() == waits;
        require(agrees, || {
            let (phase, wait) = (environment.phase, environment.wait);
            format!("environment {index} is {phase:?} and waits in {wait:?}")
        })?;
    }
    Ok(())
}

/// A transfer that is under way has a capability for an extent that its block lies in, and that
/// allows it; or else a right that has ended, and then it moves nothing. Neither disk nor queue is
/// too large.
pub(super) fn inv_disk_1(kernel: &Kernel, hw: &Hardware) -> Result<(), String> {
    for transfer in hw.disk.queue() {
        let environment = kernel.environments.get(usize::from(transfer.note));
        let number = environment.and_then(|it| it.wait).map(|it| it.capability);
        let Ok((_, record)) = kernel.capabilities.authority(number.unwrap_or_default()) else {
            continue;
        };
        let needed = match transfer.direction {
            Direction::Read => Access::Read,
            Direction::Write => Access::ReadWrite,
        };
        let allowed = record.access.covers(needed)
            && matches!(record.object, Object::Extent(it) if it.all().any(|it| it == transfer.block));
        require(allowed, || format!("{transfer:?} rests on {record:?}"))?;
    }
    let small = hw.disk.blocks() <= DISK_BLOCKS_MAX && hw.disk.queue().count() <= DISK_QUEUE_MAX;
    require(small, || String::from("the disk is too large"))
}
