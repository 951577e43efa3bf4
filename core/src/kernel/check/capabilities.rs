//! The invariants of capabilities.

use alloc::format;
use alloc::string::String;

use super::require;
use crate::ids::{CapabilityId, EnvId, Object};
use crate::kernel::{Hardware, Kernel, Right};
use crate::limits::CAPABILITIES_PER_ENVIRONMENT_MAX;

/// Who owns what a capability is for; none if that is free, or a pinned frame.
fn owner(kernel: &Kernel, object: Object) -> Option<EnvId> {
    match object {
        Object::Frame(frame) => {
            let record = kernel.frames.records().get(frame.index());
            record.filter(|it| !it.pinned)?.owner
        }
        Object::Extent(extent) => {
            let mut records = kernel.extents.records().iter();
            records.find(|it| it.0 == extent).map(|it| it.1)
        }
    }
}

/// A capability is for an extent, or a frame that is not pinned, which has an owner, and its number
/// proves it.
pub(super) fn inv_cap_1(kernel: &Kernel, _: &Hardware) -> Result<(), String> {
    for (id, record) in kernel.capabilities.records() {
        let owner = owner(kernel, record.object);
        require(owner.is_some(), || {
            format!("{id:?} is for {:?}, which is nobody's", record.object)
        })?;
        let number = kernel.capabilities.number(id).unwrap_or_default();
        let worth = kernel.capabilities.authority(number);
        require(worth == Ok((id, record)), || {
            format!("{id:?} is {number:#x}, which is worth {worth:?}")
        })?;
    }
    Ok(())
}

/// A derived capability is for the same object and allows no more than the one it came from; one
/// that was not derived was made by the owner. Nobody has made more than its share.
pub(super) fn inv_cap_2(kernel: &Kernel, _: &Hardware) -> Result<(), String> {
    for (id, record) in kernel.capabilities.records() {
        let confined = match record.parent {
            Some(parent) => kernel.capabilities.record(parent).is_some_and(|parent| {
                parent.object == record.object && parent.access.covers(record.access)
            }),
            None => owner(kernel, record.object) == Some(record.maker),
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
