//! What must hold between the states before and after a command: the oracles over all invariants.
//!
//! They share no code with what decides in the kernel: authority is read off the tables here.

use std::panic::{AssertUnwindSafe, catch_unwind};

use exo_core::error::SysError;
use exo_core::event::{BreakReason, Event, Stamped};
use exo_core::ids::{Access, Block, Direction, EnvId, Frame, Object};
use exo_core::kernel::CapabilityRecord;
use exo_core::machine::Machine;

use super::command::{Command, PASSING_ON, Word};
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

    /// Whether what belongs to an environment may change: it acts, what it owes falls due, or what it
    /// waits for is done.
    pub(super) fn acts(&self, env: EnvId) -> bool {
        let environment = self.before.machine.environment(env);
        let owes = environment.is_some_and(|it| it.revocation.is_some());
        let told = |it: &Stamped| match it.event {
            Event::DiskCompleted { env: by, .. } | Event::ContentsSaved { env: by, .. } => {
                by == env
            }
            event => owes && event.env() == env,
        };
        let acts = match self.command {
            Command::Wait => owes,
            _ => env == self.actor(),
        };
        acts || self.events.iter().any(told)
    }

    /// Whether the call was taken on, and its answer comes later.
    pub fn waits(&self) -> bool {
        let first = self.events.first().map(|it| &it.event);
        self.answer.is_none() && matches!(first, Some(Event::DiskRequested { .. }))
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
        self.reached()?;
        self.capabilities_presented()?;
        for stamped in self.events {
            self.told(&stamped.event)?;
        }
        match self.command {
            // The user may do anything.
            Command::Install(..) | Command::Load(..) | Command::Talk | Command::Limit(..) => Ok(()),
            _ => self.integrity(),
        }
    }

    /// INV-ERR-1: a refusal changes nothing but cycles, counters and the log.
    fn refused(&self) -> Verdict {
        let Command::Call(call, _) = self.command else {
            return Ok(());
        };
        require(self.answer.is_some() || self.waits(), "INV-UP-1", || {
            format!("{call:?} was not taken from a handler under way")
        })?;
        let told = self.events.len();
        let passes_on = PASSING_ON.contains(&call) && self.refusal().is_none();
        require(told == 1 || told > 1 && passes_on, "INV-EVT-2", || {
            format!("{call:?} was told by {told} events")
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

    /// INV-UP-2: what a handler reaches for is there, or it is the end of its environment.
    fn reached(&self) -> Verdict {
        if !matches!(self.command, Command::Reach(..)) || self.before.halted() {
            return Ok(());
        }
        let ended = |it: &Stamped| match it.event {
            Event::HandlerAccessed { env, .. } => env == self.actor(),
            Event::Broken { env, reason, .. } => {
                env == self.actor() && matches!(reason, BreakReason::DoubleFault { .. })
            }
            _ => false,
        };
        require(self.events.iter().any(ended), "INV-UP-2", || {
            format!("{:?} reached for nothing, and goes on", self.actor())
        })
    }

    /// INV-CAP-1: what has ended, or was never made, is worth nothing.
    fn capabilities_presented(&self) -> Verdict {
        let Command::Call(call, words) = self.command else {
            return Ok(());
        };
        for word in words {
            if let Word::Key(key) = word {
                let worthless = self.before.worthless(key);
                let taken = matches!(self.answer, Some(Ok(_))) || self.waits();
                require(!(worthless && taken), "INV-CAP-1", || {
                    format!("{call:?} took {key}, which is worth nothing")
                })?;
            }
        }
        Ok(())
    }

    /// What must hold of events whoever causes them, programs that run in between too: who goes on
    /// after a slice owes one, and a transfer of which the device failed moves nothing.
    ///
    /// # Errors
    /// It does not.
    pub fn told_by_anyone(&self) -> Verdict {
        let before = &self.before.machine;
        let mut transfers = before.hardware().disk.completed();
        for stamped in self.events {
            match stamped.event {
                Event::Overran { env, excess } => {
                    require(excess > 0, "INV-SCHED-1", || {
                        format!("{env:?} goes on after its slice, and owes nothing")
                    })?;
                }
                Event::DiskCompleted { env, result, .. }
                | Event::ContentsSaved { env, result, .. } => {
                    transfers += 1;
                    let fault = before.config().disk_fault;
                    let fails = fault.is_some_and(|it| {
                        transfers == it.transfer || it.for_ever && transfers > it.transfer
                    });
                    require(!fails || result.is_err(), "INV-DISK-1", || {
                        format!("{env:?} is told that transfer {transfers} is done, which failed")
                    })?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// INV-DISK-1: a block is moved only by right of a capability for its extent, which the
    /// environment could present.
    fn moved(&self, env: EnvId, direction: Direction, block: Block) -> Verdict {
        let records = self.before.machine.kernel().capabilities.records();
        let needed = match direction {
            Direction::Read => Access::Read,
            Direction::Write => Access::ReadWrite,
        };
        let mut extents = records.filter_map(|(_, it)| match it.object {
            Object::Extent(extent) if it.access.covers(needed) => Some(extent),
            _ => None,
        });
        let holds = extents.any(|it| it.all().any(|it| it == block));
        require(holds, "INV-DISK-1", || {
            format!("{env:?} has moved {block:?} ({direction:?}), for which there is no capability")
        })
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
            }
            | Event::HandlerAccessed {
                env, frame, kind, ..
            } => {
                let most = authority(&self.before.machine, env, frame);
                let covered = most.is_some_and(|most| most.covers(kind.needs()));
                let acts = env == self.before.actor();
                require(covered && acts, "authority", || {
                    format!("{env:?} {kind:?} {frame:?}, for which it has {most:?}")
                })
            }
            Event::ExtentAllocated { extent, .. } => {
                let disk = &self.after.machine.hardware().disk;
                let clean = extent.all().all(|it| disk.contents(it).is_none());
                require(clean, "INV-REV-3", || {
                    format!("{extent:?} was handed out with what was in it")
                })
            }
            Event::DiskCompleted {
                env,
                direction,
                block,
                result: Ok(()),
                ..
            } => self.moved(env, direction, block),
            Event::ContentsSaved {
                env,
                block,
                result: Ok(()),
                ..
            } => self.moved(env, Direction::Write, block),
            _ => Ok(()),
        }
    }

    /// INV-EVT-1: the events, folded over the picture before, give the picture after.
    ///
    /// # Errors
    /// They tell another story.
    pub fn story(&self) -> Verdict {
        // What a policy that takes over gives back is not told frame by frame.
        let anew =
            |it: &Stamped| matches!(it.event, Event::Installed { .. } | Event::Loaded { .. });
        if self.events.iter().any(anew) {
            return Ok(());
        }
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
}

/// The most that an environment may do with a frame, with every capability known to everyone.
pub(super) fn authority(machine: &Machine, env: EnvId, frame: Frame) -> Option<Access> {
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
pub(super) fn made(machine: &Machine, env: EnvId, record: CapabilityRecord) -> bool {
    let kernel = machine.kernel();
    let mut line = Some(record);
    let mut made = false;
    for _ in 0..=kernel.capabilities.records().count() {
        made |= line.is_some_and(|it| it.maker == env);
        line = line.and_then(|it| kernel.capabilities.record(it.parent?));
    }
    made
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
        && was.extents == is.extents
        && was.slices == is.slices
        && (was.running, was.slice_left) == (is.running, is.slice_left)
        && before.hardware() == after.hardware()
}
