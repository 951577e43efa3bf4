//! Integrity: what a command has changed is its actor's to change.

use exo_core::event::Event;
use exo_core::ids::{Access, Block, Direction, EnvId, Frame, Object};
use exo_core::kernel::call::Call;
use exo_core::kernel::{Environment, Right};

use super::command::Command;
use super::oracle::{Step, authority, made};
use super::{Verdict, require};

impl Step<'_> {
    /// Whatever changed is the actor's to change.
    pub(super) fn integrity(&self) -> Verdict {
        self.frames_are_the_actors()?;
        self.capabilities_are_the_actors()?;
        self.bindings_are_the_actors()?;
        self.slices_are_the_actors()?;
        self.blocks_are_the_actors()?;
        let (before, after) = (self.before.machine.kernel(), self.after.machine.kernel());
        let pairs = before.environments.iter().zip(&after.environments);
        for (index, (was, is)) in pairs.enumerate() {
            let env = EnvId(index as u8);
            let mut is = is.clone();
            if env == after.running || self.command == Command::Wait {
                its_turn(was, &mut is);
            }
            if matches!(self.command, Command::Call(Call::RequestFrames, _))
                && is.frame_limit <= was.frame_limit
            {
                is_asked(was, &mut is);
            }
            let same = self.acts(env) || is == *was;
            require(same, "integrity", || {
                format!("{env:?} changed by what {:?} did", self.actor())
            })?;
        }
        Ok(())
    }

    fn frames_are_the_actors(&self) -> Verdict {
        let actor = self.actor();
        let acts = |env: Option<EnvId>| env.is_some_and(|env| self.acts(env));
        let (before, after) = (&self.before.machine, &self.after.machine);
        let pairs = before.kernel().frames.records().iter();
        let pairs = pairs.zip(after.kernel().frames.records());
        for (index, (was, is)) in pairs.enumerate() {
            let frame = Frame(index as u32);
            let handed = match (was.owner, is.owner) {
                (one, other) if one == other => true,
                (None, other) => acts(other),
                (one, other) => acts(one) && other.is_none(),
            };
            let owns = acts(was.owner) || acts(is.owner);
            let page = was.page == is.page || owns;
            require(handed && page, "integrity", || {
                format!("{frame:?} went from {was:?} to {is:?}, by {actor:?}")
            })?;
            let (then, now) = (&before.hardware().memory, &after.hardware().memory);
            let most = authority(before, actor, frame);
            let bytes = then.frame_bytes(frame) == now.frame_bytes(frame)
                || then.frame_bytes(frame).is_empty();
            let dirty = then.dirty(frame) == now.dirty(frame);
            let writes = (bytes && dirty) || owns || most == Some(Access::ReadWrite);
            let reads = then.referenced(frame) == now.referenced(frame) || owns || most.is_some();
            require(writes && reads, "integrity", || {
                format!("{actor:?} changed {frame:?}, for which it has {most:?}")
            })?;
        }
        Ok(())
    }

    fn capabilities_are_the_actors(&self) -> Verdict {
        let (before, after) = (self.before.machine.kernel(), self.after.machine.kernel());
        let actor = self.actor();
        for (id, was) in before.capabilities.records() {
            let is = after.capabilities.record(id);
            let owner = match was.object {
                Object::Frame(frame) => before.frames.records().get(frame.index()),
                // Its owner has made the one that all others come from.
                Object::Extent(_) => None,
            };
            let owner = owner.and_then(|it| it.owner);
            let ends =
                owner.is_some_and(|env| self.acts(env)) || made(&self.before.machine, actor, was);
            let ended = is.is_none() && ends;
            require(is == Some(was) || ended, "integrity", || {
                format!("{actor:?} made of {id:?}, {was:?}, {is:?}")
            })?;
        }
        for (id, is) in after.capabilities.records() {
            let known = before.capabilities.record(id).is_some();
            require(known || is.maker == actor, "integrity", || {
                format!("{actor:?} made {is:?} in another's name")
            })?;
        }
        Ok(())
    }

    /// Another's binding goes when its place is taken, or when what it rests on has gone.
    fn bindings_are_the_actors(&self) -> Verdict {
        let actor = self.actor();
        let (before, after) = (&self.before.machine, &self.after.machine);
        let fails = |what: &str, env: EnvId| {
            require(false, "integrity", || {
                format!("{actor:?} changed the {what} entry of {env:?}")
            })
        };
        let to_disk = |frame: Frame| {
            let mut events = self.events.iter();
            events
                .any(|it| matches!(it.event, Event::DiskRequested { frame: of, .. } if of == frame))
        };
        let kept = |env: EnvId, frame: Frame, right: Right| match right {
            // Its owner has lent it to the disk.
            _ if to_disk(frame) => false,
            Right::Owner => after
                .kernel()
                .frames
                .records()
                .get(frame.index())
                .is_some_and(|record| record.owner == Some(env)),
            Right::Capability(id) => after.kernel().capabilities.record(id).is_some(),
        };
        let slots = before.hardware().tlb.entries().iter();
        for (was, is) in slots.zip(after.hardware().tlb.entries()) {
            let of = |entry: &Option<exo_core::hw::TlbEntry>| entry.map(|it| EnvId(it.asid));
            let now = of(is);
            if was == is || now == Some(actor) {
                continue;
            }
            match (was, of(was)) {
                (Some(was), Some(env)) if is.is_none() => {
                    let stands = kept(env, was.frame, Right::noted(was.note));
                    if !self.acts(env) && stands {
                        return fails("TLB", env);
                    }
                }
                _ => return fails("TLB", now.unwrap_or(actor)),
            }
        }
        let places = before.kernel().stlb.entries().iter();
        for (was, is) in places.zip(after.kernel().stlb.entries()) {
            let now = is.map(|it| it.env);
            if was == is || now == Some(actor) {
                continue;
            }
            match was {
                Some(was) if is.is_none() => {
                    if !self.acts(was.env) && kept(was.env, was.frame, was.right) {
                        return fails("STLB", was.env);
                    }
                }
                _ => return fails("STLB", now.unwrap_or(actor)),
            }
        }
        Ok(())
    }

    /// A slice is taken by the actor when it is free, and given back when it is the actor's.
    fn slices_are_the_actors(&self) -> Verdict {
        let actor = self.actor();
        let (before, after) = (self.before.machine.kernel(), self.after.machine.kernel());
        let pairs = before.slices.owners().iter().zip(after.slices.owners());
        for (position, (was, is)) in pairs.enumerate() {
            let acts = |owner: &Option<EnvId>| owner.is_none_or(|env| env == actor);
            require(was == is || acts(was) && acts(is), "integrity", || {
                format!("slice {position} went from {was:?} to {is:?}, by {actor:?}")
            })?;
        }
        Ok(())
    }

    /// Blocks are taken and given back by the actor, and changed by a transfer to them or when they
    /// are handed out.
    fn blocks_are_the_actors(&self) -> Verdict {
        let actor = self.actor();
        let (before, after) = (&self.before.machine, &self.after.machine);
        let (was, is) = (&before.kernel().extents, &after.kernel().extents);
        let gone = was.records().iter().filter(|it| !is.records().contains(it));
        let new = is.records().iter().filter(|it| !was.records().contains(it));
        for (extent, owner) in gone.chain(new) {
            require(*owner == actor, "integrity", || {
                format!("{extent:?} of {owner:?} came or went, by {actor:?}")
            })?;
        }
        let (then, now) = (&before.hardware().disk, &after.hardware().disk);
        let told = |block: Block| {
            self.events.iter().any(|it| match it.event {
                Event::DiskCompleted {
                    direction: Direction::Write,
                    block: moved,
                    result: Ok(()),
                    ..
                } => moved == block,
                Event::ContentsSaved {
                    block: moved,
                    result: Ok(()),
                    ..
                } => moved == block,
                Event::ExtentAllocated { extent, .. } => extent.all().any(|it| it == block),
                _ => false,
            })
        };
        for block in (0..then.blocks()).map(Block) {
            let same = then.contents(block) == now.contents(block);
            require(same || told(block), "integrity", || {
                format!("{block:?} changed by what {actor:?} did")
            })?;
        }
        Ok(())
    }
}

/// Takes back what changes when an environment's turn comes: it goes to where it can do something.
fn its_turn(was: &Environment, is: &mut Environment) {
    (is.phase, is.fault, is.notice) = (was.phase, was.fault, was.notice);
    is.answer = was.answer;
    (is.cycles, is.counters) = (was.cycles, was.counters);
    is.process.clone_from(&was.process);
    is.notices.clone_from(&was.notices);
}

/// Takes back what changes when another asks for room for frames.
fn is_asked(was: &Environment, is: &mut Environment) {
    (is.frame_limit, is.revocation) = (was.frame_limit, was.revocation);
    is.notices.clone_from(&was.notices);
}
