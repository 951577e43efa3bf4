//! What must hold between the states before and after a command: the oracles over all invariants.
//!
//! They share no code with what decides in the kernel: authority is read off the tables here.

use std::panic::{AssertUnwindSafe, catch_unwind};

use exo_core::error::SysError;
use exo_core::event::{Event, Stamped};
use exo_core::ids::{Access, EnvId, Frame, Object};
use exo_core::kernel::call::Call;
use exo_core::kernel::{CapabilityRecord, Environment, Right};
use exo_core::machine::Machine;

use super::command::{Command, Word};
use super::picture::Picture;
use super::world::{Answer, World};
use super::{Verdict, require};

/// A command with what was before it and what came of it.
#[derive(Debug)]
pub struct Step<'run> {
    /// Before it.
    pub before: &'run World,
    /// What was done.
    pub command: Command,
    /// After it.
    pub after: &'run World,
    /// What was told of it.
    pub events: &'run [Stamped],
    /// What a call gave.
    pub answer: Answer,
}

impl Step<'_> {
    /// Who did it.
    pub fn actor(&self) -> EnvId {
        self.before.actor()
    }

    /// Whether what belongs to an environment may change: it acts, or what it owes falls due.
    fn acts(&self, env: EnvId) -> bool {
        let environment = self.before.machine.environment(env);
        let owes = environment.is_some_and(|it| it.revocation.is_some());
        match self.command {
            Command::Wait => owes,
            _ => env == self.actor(),
        }
    }

    /// Why the kernel refused it, if it did.
    pub fn refusal(&self) -> Option<SysError> {
        self.answer.and_then(Result::err)
    }

    /// Checks everything between the two states, but for what the events tell.
    ///
    /// # Errors
    /// The first oracle that is not content.
    pub fn check(&self) -> Verdict {
        self.refused()?;
        self.capabilities_presented()?;
        for stamped in self.events {
            self.told(&stamped.event)?;
        }
        match self.command {
            // The user may do anything.
            Command::Install(..) | Command::Load(..) | Command::Limit(..) => Ok(()),
            _ => self.integrity(),
        }
    }

    /// INV-ERR-1: a refusal changes nothing but cycles, counters and the log.
    fn refused(&self) -> Verdict {
        let Command::Call(call, _) = self.command else {
            return Ok(());
        };
        require(self.answer.is_some(), "INV-UP-1", || {
            format!("{call:?} was not taken from a handler under way")
        })?;
        require(self.events.len() == 1, "INV-EVT-2", || {
            format!("{call:?} was told by {} events", self.events.len())
        })?;
        let Some(error) = self.refusal() else {
            return Ok(());
        };
        let (before, after) = (&self.before.machine, &self.after.machine);
        require(
            same_but_for_cycles(before, after, self.actor()),
            "INV-ERR-1",
            || format!("{call:?} was refused ({error:?}) and changed something"),
        )
    }

    /// INV-CAP-1: what has ended, or was never made, is worth nothing.
    fn capabilities_presented(&self) -> Verdict {
        let Command::Call(call, words) = self.command else {
            return Ok(());
        };
        for word in words {
            if let Word::Key(key) = word {
                let worthless = self.before.worthless(key);
                let taken = matches!(self.answer, Some(Ok(_)));
                require(!(worthless && taken), "INV-CAP-1", || {
                    format!("{call:?} took {key}, which is worth nothing")
                })?;
            }
        }
        Ok(())
    }

    fn told(&self, event: &Event) -> Verdict {
        let memory = &self.after.machine.hardware().memory;
        match *event {
            Event::Allocated { frame, .. } => {
                let clean = memory.frame_bytes(frame).iter().all(|byte| *byte == 0);
                let bits = memory.referenced(frame) || memory.dirty(frame);
                require(clean && !bits, "INV-REV-3", || {
                    format!("{frame:?} was handed out with what was in it")
                })
            }
            Event::Accessed {
                env, frame, kind, ..
            } => {
                let most = authority(&self.before.machine, env, frame);
                let covered = most.is_some_and(|most| most.covers(kind.needs()));
                let acts = env == self.before.actor();
                require(covered && acts, "authority", || {
                    format!("{env:?} {kind:?} {frame:?}, for which it has {most:?}")
                })
            }
            _ => Ok(()),
        }
    }

    /// INV-EVT-1: the events, folded over the picture before, give the picture after.
    ///
    /// # Errors
    /// They tell another story.
    pub fn story(&self) -> Verdict {
        let fold = || {
            let mut picture = Picture::of(&self.before.machine);
            for stamped in self.events {
                picture.add(&stamped.event, &self.after.machine);
            }
            picture == Picture::of(&self.after.machine)
        };
        let same = catch_unwind(AssertUnwindSafe(fold)).unwrap_or(false);
        require(same, "INV-EVT-1", || {
            let told: Vec<&Event> = self.events.iter().map(|it| &it.event).collect();
            format!("the events tell another story: {told:?}")
        })
    }

    /// Whatever changed is the actor's to change.
    fn integrity(&self) -> Verdict {
        self.frames_are_the_actors()?;
        self.capabilities_are_the_actors()?;
        self.bindings_are_the_actors()?;
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
        let kept = |env: EnvId, frame: Frame, right: Right| match right {
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
}

/// The most that an environment may do with a frame, with every capability known to everyone.
fn authority(machine: &Machine, env: EnvId, frame: Frame) -> Option<Access> {
    let kernel = machine.kernel();
    let record = kernel.frames.records().get(frame.index())?;
    if record.owner == Some(env) && !record.pinned {
        return Some(Access::ReadWrite);
    }
    let records = kernel.capabilities.records().map(|(_, it)| it);
    let shared = records.filter(|it| it.object == Object::Frame(frame));
    shared.map(|it| it.access).max()
}

/// Whether an environment has made a capability, or one that it was derived from.
fn made(machine: &Machine, env: EnvId, record: CapabilityRecord) -> bool {
    let kernel = machine.kernel();
    let mut line = Some(record);
    let mut made = false;
    for _ in 0..=kernel.capabilities.records().count() {
        made |= line.is_some_and(|it| it.maker == env);
        line = line.and_then(|it| kernel.capabilities.record(it.parent?));
    }
    made
}

/// Takes back what changes when an environment's turn comes: it goes to where it can do something.
fn its_turn(was: &Environment, is: &mut Environment) {
    (is.phase, is.fault, is.notice) = (was.phase, was.fault, was.notice);
    (is.cycles, is.counters) = (was.cycles, was.counters);
    is.process.clone_from(&was.process);
    is.notices.clone_from(&was.notices);
}

/// Takes back what changes when another asks for room for frames.
fn is_asked(was: &Environment, is: &mut Environment) {
    (is.frame_limit, is.revocation) = (was.frame_limit, was.revocation);
    is.notices.clone_from(&was.notices);
}

fn same_but_for_cycles(before: &Machine, after: &Machine, actor: EnvId) -> bool {
    let (was, is) = (before.kernel(), after.kernel());
    let pairs = was.environments.iter().zip(&is.environments);
    let environments = pairs.enumerate().all(|(index, (was, is))| {
        let mut is = is.clone();
        if index == actor.index() {
            (is.cycles, is.counters) = (was.cycles, was.counters);
        }
        is == *was
    });
    environments
        && was.frames == is.frames
        && was.capabilities == is.capabilities
        && was.stlb == is.stlb
        && (was.running, was.slice_left) == (is.running, is.slice_left)
        && before.hardware() == after.hardware()
}
