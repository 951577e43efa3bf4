//! The invariants of the disk and its extents.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::require;
use crate::ids::{Access, Direction, EnvId, Frame, Object};
use crate::kernel::{Errand, Hardware, Kernel, Phase, Saving};
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

/// A frame is under DMA exactly while a transfer of the disk names it; then no binding to it is
/// cached, and INV-OWN-1 has it that it is not free. Two name it only if it was taken from its owner
/// under the first, and is saved by the second. An environment waits exactly while it has called for
/// one transfer, and the frame of that is its own, or nobody's any more; and its repossession vector
/// has a block for every frame that is saved.
pub(super) fn inv_rev_4(kernel: &Kernel, hw: &Hardware) -> Result<(), String> {
    for (index, record) in kernel.frames.records().iter().enumerate() {
        let frame = Frame(index as u32);
        let named = hw.disk.queue().filter(|it| it.frame == frame);
        let notes: Vec<Errand> = named.map(|it| Errand::noted(it.note)).collect();
        let known = match notes[..] {
            [] => !record.transfer,
            [_] => record.transfer,
            [Errand::Call(env), Errand::Save(loser)] => record.transfer && env == loser,
            _ => false,
        };
        require(known, || {
            format!("{frame:?} is {record:?}, transfers of {notes:?} name it")
        })?;
        let cached = kernel.cached.0.first(frame);
        let apart = cached.is_none() && !record.pinned;
        let owner = record
            .owner
            .is_none_or(|owner| notes == [Errand::Call(owner)]);
        require(!record.transfer || apart && owner, || {
            format!("{frame:?} is under DMA for {notes:?}, and {record:?}, cached at {cached:?}")
        })?;
    }
    for (index, environment) in kernel.environments.iter().enumerate() {
        let env = EnvId(index as u8);
        let of = |errand: Errand| {
            hw.disk
                .queue()
                .filter(move |it| Errand::noted(it.note) == errand)
        };
        let waits = matches!(environment.phase, Phase::Waiting(_));
        let calls = of(Errand::Call(env)).count();
        let agrees = calls == usize::from(waits) && environment.wait.is_some() == waits;
        require(agrees, || {
            let (phase, wait) = (environment.phase, environment.wait);
            format!("environment {index} is {phase:?} and waits in {wait:?}")
        })?;
        let used = environment.repossessed.blocks().iter();
        let used = used
            .filter(|it| it.saving == Saving::UnderWay)
            .map(|it| it.block);
        require(of(Errand::Save(env)).map(|it| it.block).eq(used), || {
            let vector = &environment.repossessed;
            format!("environment {index} has {vector:?}, the disk does otherwise")
        })?;
    }
    Ok(())
}

/// A transfer that is under way has a capability for an extent that its block lies in, and that
/// allows it; or else a right that has ended, and then it moves nothing. Neither disk nor queue is
/// too large.
pub(super) fn inv_disk_1(kernel: &Kernel, hw: &Hardware) -> Result<(), String> {
    for transfer in hw.disk.queue() {
        let errand = Errand::noted(transfer.note);
        let environment = kernel.environments.get(errand.env().index());
        let number = environment.and_then(|it| match errand {
            Errand::Call(_) => it.wait.map(|it| it.capability),
            Errand::Save(_) => {
                let mut blocks = it.repossessed.blocks().iter();
                blocks
                    .find(|it| it.block == transfer.block)
                    .map(|it| it.capability)
            }
        });
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
