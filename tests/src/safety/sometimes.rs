//! What must happen at least once while a state space is explored, or exploring it shows nothing.

use std::collections::BTreeSet;

use exo_core::error::SysError;
use exo_core::event::{BreakReason, Event};
use exo_core::ids::{Cause, Contents, Direction};
use exo_core::kernel::call::Call;

use super::command::Command;
use super::oracle::Step;

/// A property and whether a step has it.
type Property = (&'static str, fn(&Step) -> bool);

/// What takes two capabilities.
pub const DERIVED_ENDS: &str = "a derived capability ends with its parent";

/// What must happen in every state space with two environments and capabilities.
pub const PROPERTIES: &[Property] = &[
    ("a share is used", share_used),
    ("a share is written through", share_written),
    ("a stale capability is refused", |it| {
        it.refusal() == Some(SysError::Stale)
    }),
    ("a forged capability is refused", |it| {
        it.refusal() == Some(SysError::Forged)
    }),
    ("a frame that was written changes hands", changes_hands),
    ("a store is stopped by a mapping for reading", |it| {
        any(it, |event| matches!(event, Event::Protected { .. }))
    }),
    ("a binding is broken because its frame is freed", |it| {
        any(
            it,
            |event| matches!(event, Event::Freed { dropped, .. } if *dropped > 0),
        )
    }),
    (DERIVED_ENDS, |it| {
        any(
            it,
            |event| matches!(event, Event::CapabilityRevoked { ended, .. } if *ended > 1),
        )
    }),
    ("a binding ends with what it rested on", |it| {
        any(
            it,
            |event| matches!(event, Event::CapabilityRevoked { dropped, .. } if *dropped > 0),
        )
    }),
];

/// What must happen where frames are asked for and taken.
pub const REVOCATION: &[Property] = &[
    ("frames are asked for", |it| {
        any(
            it,
            |event| matches!(event, Event::FramesRequested { moved, .. } if *moved > 0),
        )
    }),
    ("the libOS is told of a request", |it| {
        any(it, |event| matches!(event, Event::Notified { .. }))
    }),
    ("the kernel insists", |it| {
        any(it, |event| {
            matches!(event, Event::RevocationDemanded { .. })
        })
    }),
    ("a frame is taken", |it| {
        any(it, |event| matches!(event, Event::Repossessed { .. }))
    }),
    ("a binding is broken because its frame is taken", |it| {
        any(
            it,
            |event| matches!(event, Event::Repossessed { dropped, .. } if *dropped > 0),
        )
    }),
    ("a loss is read", |it| {
        any(it, |event| matches!(event, Event::RepossessionRead { .. }))
    }),
];

/// What must happen where there is a disk.
pub const DISK: &[Property] = &[
    ("a block is read into a frame", |it| {
        moved(it, Direction::Read)
    }),
    ("a frame is written into a block", |it| {
        moved(it, Direction::Write)
    }),
    ("a block that was written changes hands", |it| {
        let disk = &it.before.machine.hardware().disk;
        any(it, |event| match event {
            Event::ExtentAllocated { extent, .. } => {
                extent.all().any(|block| disk.contents(block).is_some())
            }
            _ => false,
        })
    }),
    ("a binding is broken because the disk has its frame", |it| {
        any(
            it,
            |event| matches!(event, Event::DiskRequested { dropped, .. } if *dropped > 0),
        )
    }),
    ("a right ends while a transfer rests on it", |it| {
        let ended = Err(SysError::Stale);
        any(
            it,
            |event| matches!(event, Event::DiskCompleted { result, .. } if *result == ended),
        )
    }),
    ("another's block is refused to who may only read it", |it| {
        matches!(it.command, Command::Call(Call::DiskWrite, _))
            && it.refusal() == Some(SysError::NoAuthority)
    }),
];

/// What must happen where frames are taken and what was stored to them is saved (A19).
pub const SAVING: &[Property] = &[
    (
        "what was stored to is saved when its frame is taken",
        |it| taken(it, Contents::Saved),
    ),
    ("what was stored to is lost for want of a block", |it| {
        taken(it, Contents::Lost)
    }),
    ("a frame is taken that was not stored to", |it| {
        taken(it, Contents::Unchanged)
    }),
    ("the libOS is told of a block with contents", |it| {
        any(it, |event| {
            matches!(event, Event::RepossessionRead { block: Some(_), .. })
        })
    }),
    ("what was saved is read back", |it| {
        moved(it, Direction::Read)
            && any(it, |event| match event {
                Event::DiskCompleted { block, .. } => {
                    it.before.machine.hardware().disk.contents(*block).is_some()
                }
                _ => false,
            })
    }),
    ("a right ends while contents rest on it", |it| {
        let ended = Err(SysError::Stale);
        any(
            it,
            |event| matches!(event, Event::ContentsSaved { result, .. } if *result == ended),
        )
    }),
    ("a frame is nobody's until its contents are saved", |it| {
        let records = it.after.machine.kernel().frames.records();
        records.iter().any(|it| it.transfer && it.owner.is_none())
    }),
    ("a block is preloaded once", |it| {
        matches!(it.command, Command::Call(Call::Preload, _))
            && it.refusal() == Some(SysError::Taken)
    }),
];

fn taken(step: &Step, became: Contents) -> bool {
    any(
        step,
        |event| matches!(event, Event::Repossessed { contents, .. } if *contents == became),
    )
}

/// What must happen where libOSes reach for their applications' memory.
pub const REACH: &[Property] = &[
    ("a libOS stores to its application's memory", |it| {
        any(
            it,
            |event| matches!(event, Event::HandlerAccessed { kind, .. } if kind.stores()),
        )
    }),
    ("the software TLB answers a handler's miss", |it| {
        matches!(it.command, Command::Reach(..))
            && any(it, |event| matches!(event, Event::StlbHit { .. }))
    }),
    ("a handler faults for want of a binding", |it| {
        any(it, |event| double_fault(event, Cause::Miss))
    }),
    ("a handler stores to what is bound for reading", |it| {
        any(it, |event| double_fault(event, Cause::Protection))
    }),
];

/// Whether an environment is given up for a fault of its handler.
fn double_fault(event: &Event, why: Cause) -> bool {
    matches!(event, Event::Broken { reason: BreakReason::DoubleFault { cause, .. }, .. } if *cause == why)
}

/// What must happen where slices are taken and given back.
pub const SLICES: &[Property] = &[
    ("a free slice is taken", |it| {
        any(it, |event| matches!(event, Event::SliceAllocated { .. }))
    }),
    ("a slice is given back", |it| {
        any(it, |event| matches!(event, Event::SliceFreed { .. }))
    }),
    ("another's slice is refused", |it| {
        matches!(it.command, Command::Call(Call::SliceFree, _))
            && it.refusal() == Some(SysError::NoAuthority)
    }),
    ("the processor is passed on to who has no slice", |it| {
        any(it, |event| match event {
            Event::Yielded { to: Some(to), .. } => {
                let owners = it.before.machine.kernel().slices.owners();
                !owners.contains(&Some(*to))
            }
            _ => false,
        })
    }),
    ("nobody has a slice any more", |it| it.after.halted()),
];

fn moved(step: &Step, wanted: Direction) -> bool {
    any(
        step,
        |event| matches!(event, Event::DiskCompleted { direction, result: Ok(()), .. } if *direction == wanted),
    )
}

fn any(step: &Step, holds: impl Fn(&Event) -> bool) -> bool {
    step.events.iter().any(|it| holds(&it.event))
}

fn owner(step: &Step, frame: exo_core::ids::Frame) -> Option<exo_core::ids::EnvId> {
    let records = step.before.machine.kernel().frames.records();
    records.get(frame.index()).and_then(|it| it.owner)
}

fn share_used(step: &Step) -> bool {
    any(step, |event| match event {
        Event::Accessed { env, frame, .. } => owner(step, *frame) != Some(*env),
        _ => false,
    })
}

fn share_written(step: &Step) -> bool {
    any(step, |event| match event {
        Event::Accessed {
            env, frame, kind, ..
        } => kind.stores() && owner(step, *frame) != Some(*env),
        _ => false,
    })
}

fn changes_hands(step: &Step) -> bool {
    let memory = &step.before.machine.hardware().memory;
    any(step, |event| match event {
        Event::Allocated { frame, .. } => memory.frame_bytes(*frame).iter().any(|it| *it != 0),
        _ => false,
    })
}

/// What has happened so far.
#[derive(Clone, Debug, Default)]
pub struct Reached {
    properties: BTreeSet<&'static str>,
    /// Each refusal of each call.
    pub refusals: BTreeSet<(Call, u8)>,
}

impl Reached {
    /// Takes note of a step.
    pub fn note(&mut self, step: &Step) {
        if let (Command::Call(call, _), Some(error)) = (step.command, step.refusal()) {
            self.refusals.insert((call, error as u8));
        }
        let all = [PROPERTIES, REVOCATION, DISK, SLICES, REACH, SAVING]
            .into_iter()
            .flatten();
        for (name, holds) in all {
            if !self.properties.contains(name) && holds(step) {
                self.properties.insert(name);
            }
        }
    }

    /// What has not happened, of what must happen everywhere.
    pub fn missing(&self) -> Vec<&'static str> {
        self.missing_of(PROPERTIES)
    }

    /// What of these has not happened.
    pub fn missing_of(&self, properties: &'static [Property]) -> Vec<&'static str> {
        let names = properties.iter().map(|(name, _)| *name);
        names.filter(|it| !self.properties.contains(it)).collect()
    }
}
