//! Whether the kernel and the naive model have the same, after each command.

use exo_core::ids::{Access, Block, Frame, Object};
use exo_core::kernel::{Right, Saving};

use super::against_model::Pair;
use super::model::{Extent, Thing, Use};
use super::{Verdict, require};

impl Pair<'_> {
    /// Whether both have the same frames, contents, capabilities and checksums, and the kernel's
    /// caches hold nothing that the model has not.
    pub(super) fn agree(&self) -> Verdict {
        for frame in 0..self.stage.sizes.frames {
            self.frame_agrees(Frame(frame))?;
        }
        let (kernel, model) = (self.world.machine.kernel(), &self.model);
        let free = kernel.frames.free_list().map(|it| u64::from(it.0));
        require(free.eq(model.free.iter().rev().copied()), "model", || {
            format!("the free list is not {:?}", model.free)
        })?;
        let number = |id| kernel.capabilities.number(id);
        let live = model.keys.iter().filter(|it| it.live).count();
        let records = kernel.capabilities.records();
        let known = records.filter(|(id, it)| {
            model.keys.iter().any(|key| {
                let access = if key.write {
                    Access::ReadWrite
                } else {
                    Access::Read
                };
                key.live
                    && Some(key.number) == number(*id)
                    && key.thing == thing(it.object)
                    && key.maker == it.maker.0
                    && (key.parent, access) == (it.parent.and_then(number), it.access)
            })
        });
        let (known, all) = (known.count(), kernel.capabilities.records().count());
        require(known == all && known == live, "model", || {
            format!("{known} of {all} capabilities are among the model's {live}")
        })?;
        for (place, environment) in kernel.environments.iter().enumerate() {
            let (cursor, sum) = (model.cursors[place], model.checksums[place]);
            let same = (environment.cursor, environment.checksum) == (cursor, sum);
            require(same, "model", || {
                format!("environment {place} has read something else")
            })?;
        }
        self.disk_agrees()?;
        self.caches_agree()
    }

    /// Whether both have the same extents, blocks and slices.
    fn disk_agrees(&self) -> Verdict {
        let (machine, model) = (&self.world.machine, &self.model);
        let kernel = machine.kernel();
        let mut extents = model.extents.clone();
        extents.sort_unstable_by_key(|it| it.first);
        let records = kernel.extents.records().iter().map(|(it, owner)| Extent {
            first: it.first.0.into(),
            blocks: it.blocks.into(),
            owner: owner.0,
        });
        require(records.eq(extents.iter().copied()), "model", || {
            format!("the extents are not {extents:?}")
        })?;
        let owners = kernel.slices.owners().iter().map(|it| it.map(|env| env.0));
        require(owners.eq(model.slices.iter().copied()), "model", || {
            format!("the slices are not {:?}", model.slices)
        })?;
        for (place, environment) in kernel.environments.iter().enumerate() {
            let blocks = environment.repossessed.blocks().iter();
            let lasting = blocks.filter(|it| kernel.capabilities.authority(it.capability).is_ok());
            let lasting = lasting.map(|it| (u64::from(it.block.0), used(it.saving), it.told));
            let expected = model.vector(place as u8);
            require(lasting.eq(expected.iter().copied()), "model", || {
                format!("the vector of {place} has not the blocks {expected:?}")
            })?;
        }
        for block in (0..self.stage.sizes.blocks).map(Block) {
            let bytes = machine.hardware().disk.contents(block).unwrap_or(&[]);
            for offset in 0..1_u32 << self.stage.sizes.page_bits {
                let byte = bytes.get(offset as usize).copied().unwrap_or(0);
                let expected = model.stored.get(&(block.0.into(), offset));
                let expected = expected.copied().unwrap_or(0);
                require(byte == expected, "model", || {
                    format!("{block:?} holds {byte} at {offset}, the model {expected}")
                })?;
            }
        }
        Ok(())
    }

    fn frame_agrees(&self, frame: Frame) -> Verdict {
        let (machine, model) = (&self.world.machine, &self.model);
        let number = u64::from(frame.0);
        let record = machine.kernel().frames.records().get(frame.index());
        let owner = record.and_then(|it| it.owner).map(|it| it.0);
        let page = record.and_then(|it| it.page).map(|it| u64::from(it.0));
        let memory = &machine.hardware().memory;
        let bits = (memory.referenced(frame), memory.dirty(frame));
        let marks = (
            model.referenced.contains(&number),
            model.dirty.contains(&number),
        );
        let same = owner == model.owners.get(&number).copied()
            && page == model.pages.get(&number).copied()
            && bits == marks;
        require(same, "model", || {
            format!("{frame:?} is {record:?} with bits {bits:?}; the model has {marks:?}")
        })?;
        let bytes = memory.frame_bytes(frame);
        for offset in 0..1_u32 << self.stage.sizes.page_bits {
            let byte = bytes.get(offset as usize).copied().unwrap_or(0);
            let expected = model.contents.get(&(number, offset)).copied().unwrap_or(0);
            require(byte == expected, "model", || {
                format!("{frame:?} holds {byte} at {offset}, the model {expected}")
            })?;
        }
        Ok(())
    }

    fn caches_agree(&self) -> Verdict {
        let kernel = self.world.machine.kernel();
        let tlb = self.world.machine.hardware().tlb.entries().iter().flatten();
        let tlb = tlb.map(|it| (it.asid, it.page, it.frame, it.access, Right::noted(it.note)));
        let stlb = kernel.stlb.entries().iter().flatten();
        let stlb = stlb.map(|it| (it.env.0, it.page, it.frame, it.access, it.right));
        for (env, page, frame, access, right) in tlb.chain(stlb) {
            let key = match right {
                Right::Owner => None,
                Right::Capability(id) => kernel.capabilities.number(id),
            };
            let bound = self.model.bindings.get(&(env, page.0.into()));
            let same = bound.is_some_and(|it| {
                let writes = access == Access::ReadWrite;
                (it.frame, it.write, it.key) == (frame.0.into(), writes, key)
            });
            require(same, "model", || {
                format!("{env} {page:?} is cached as {frame:?} {access:?}, the model has {bound:?}")
            })?;
        }
        Ok(())
    }
}

/// What a capability is for, as the model says it.
fn thing(object: Object) -> Thing {
    match object {
        Object::Frame(frame) => Thing::Frame(frame.0.into()),
        Object::Extent(extent) => Thing::Blocks(extent.first.0.into(), extent.blocks.into()),
    }
}

/// What a preloaded block is used for, as the model says it.
fn used(saving: Saving) -> Use {
    match saving {
        Saving::Free => Use::Free,
        Saving::UnderWay => Use::UnderWay,
        Saving::Done => Use::Done,
        Saving::Failed => Use::Failed,
    }
}
