//! The invariants of capabilities.

use alloc::format;
use alloc::string::String;

use super::require;
use crate::ids::{CapabilityId, EnvId};
use crate::kernel::{Hardware, Kernel, Right};
use crate::limits::CAPABILITIES_PER_ENVIRONMENT_MAX;

/// A capability is for a frame that has an owner and is not pinned, and its number proves it.
pub(super) fn inv_cap_1(kernel: &Kernel, _: &Hardware) -> Result<(), String> {
    for (id, record) in kernel.capabilities.records() {
        let frame = kernel.frames.records().get(record.frame.index());
        require(
            frame.is_some_and(|it| it.owner.is_some() && !it.pinned),
            || format!("{id:?} is for {:?}, which is {frame:?}", record.frame),
        )?;
        let number = kernel.capabilities.number(id).unwrap_or_default();
        let worth = kernel.capabilities.authority(number);
        require(worth == Ok((id, record)), || {
            format!("{id:?} is {number:#x}, which is worth {worth:?}")
        })?;
    }
    Ok(())
}

/// A derived capability is for the same frame and allows no more than the one it came from; one
/// that was not derived was made by the owner. Nobody has made more than its share.
pub(super) fn inv_cap_2(kernel: &Kernel, _: &Hardware) -> Result<(), String> {
    for (id, record) in kernel.capabilities.records() {
        let confined = match record.parent {
            Some(parent) => kernel.capabilities.record(parent).is_some_and(|parent| {
                parent.frame == record.frame && parent.access.covers(record.access)
            }),
            None => {
                let frame = kernel.frames.records().get(record.frame.index());
                frame.is_some_and(|it| it.owner == Some(record.maker))
            }
        };
        require(confined, || format!("{id:?} is {record:?}"))?;
    }
    for env in 0..kernel.environments.len() {
        let own = kernel.capabilities.records();
        let made = own.filter(|(_, it)| it.maker == EnvId(env as u8)).count();
        require(made <= CAPABILITIES_PER_ENVIRONMENT_MAX, || {
            format!("environment {env} has made {made} capabilities")
        })?;
    }
    Ok(())
}

/// Nothing rests on a capability that has ended: no derived one, and no cached binding.
pub(super) fn inv_cap_3(kernel: &Kernel, hw: &Hardware) -> Result<(), String> {
    let lives = |id: CapabilityId| kernel.capabilities.record(id).is_some();
    for (id, record) in kernel.capabilities.records() {
        require(record.parent.is_none_or(lives), || {
            format!("{id:?} outlived {:?}", record.parent)
        })?;
    }
    let in_tlb = hw.tlb.entries().iter().flatten();
    let in_stlb = kernel.stlb.entries().iter().flatten();
    let rights = in_tlb.map(|it| Right::noted(it.note));
    for right in rights.chain(in_stlb.map(|it| it.right)) {
        let holds = match right {
            Right::Owner => true,
            Right::Capability(id) => lives(id),
        };
        require(holds, || format!("a cached binding rests on {right:?}"))?;
    }
    Ok(())
}
