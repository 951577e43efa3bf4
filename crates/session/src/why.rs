//! Why something is as it is: the last step that changed it, and what led to that step.

mod asking;

use exo_core::cpu::Entry;
use exo_core::event::{Event, NetworkFact};
use exo_core::ids::{Block, EnvId, Extent, Frame, Page, Position, TlbSlot};
use exo_core::machine::Machine;

use crate::condition::{environment, number, page_of};
use crate::debugger::{Breakpoint, Side};
use crate::explain::{env_letter, explain};
use crate::session::Session;

pub use asking::Asking;

/// What one asks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A frame: its owner, its page, its contents.
    Frame(Frame),
    /// A page of an environment: whether it is mapped.
    Page(EnvId, Page),
    /// An entry of the TLB.
    Tlb(TlbSlot),
    /// An entry of the software TLB.
    Stlb(u32),
    /// An environment: whatever happened to it last, but for plain hits.
    Environment(EnvId),
    /// A block of the disk: its extent, its contents.
    Block(Block),
    /// The extent that holds a block: who owns it, and since when.
    Extent(Block),
    /// A line of a program: it is looked at, and nothing changes it.
    Line(Breakpoint),
}

/// One link of the chain: a step that one can go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The position to which the step leads.
    pub position: Position,
    /// The step's number.
    pub step: u64,
    /// What happened, as a sentence.
    pub text: String,
    /// The line that did it.
    pub line: Option<Breakpoint>,
}

/// How a thing is written.
pub const FORMS: &str = "frame=7, page=A:0x12, tlb=5, stlb=12, block=3 of the disk, extent=3 \
                         (the one that holds block 3), or env=A";

/// Reads what one asks about.
///
/// # Errors
/// A sentence that says what was expected.
pub fn parse_thing(text: &str) -> Result<Thing, String> {
    let thing = text.split_once('=').and_then(|(word, rest)| match word {
        "frame" => number(rest).map(|it| Thing::Frame(Frame(it))),
        "page" => page_of(rest).map(|(env, page)| Thing::Page(env, page)),
        "tlb" => number(rest).map(|it| Thing::Tlb(TlbSlot(it))),
        "stlb" => number(rest).map(Thing::Stlb),
        "env" => environment(rest).map(Thing::Environment),
        "block" => number(rest).map(|it| Thing::Block(Block(it))),
        "extent" => number(rest).map(|it| Thing::Extent(Block(it))),
        _ => None,
    });
    thing.ok_or_else(|| format!("{text:?} is nothing that one can ask about: write {FORMS}"))
}

impl Thing {
    /// Whether an event changed it.
    fn changed_by(self, event: &Event) -> bool {
        match self {
            Thing::Frame(frame) => frame_of(event) == Some(frame),
            Thing::Page(env, page) => match *event {
                Event::Bound {
                    env: by,
                    page: at,
                    replaced,
                    ..
                } => by == env && (at == page || replaced == Some(page)),
                Event::BoundShared {
                    env: by, page: at, ..
                } => (by, at) == (env, page),
                Event::Unbound {
                    env: by,
                    page: at,
                    pages,
                    ..
                } => by == env && (at.0..at.0.saturating_add(pages)).contains(&page.0),
                Event::Freed {
                    env: by, page: at, ..
                }
                | Event::Repossessed {
                    env: by, page: at, ..
                } => by == env && at == Some(page),
                _ => false,
            },
            Thing::Tlb(slot) => match *event {
                Event::StlbHit { slot: at, .. }
                | Event::Bound { slot: at, .. }
                | Event::BoundShared { slot: at, .. } => at == slot,
                _ => false,
            },
            Thing::Stlb(index) => match *event {
                Event::Bound { index: at, .. } | Event::BoundShared { index: at, .. } => {
                    at == Some(index)
                }
                _ => false,
            },
            Thing::Environment(env) => {
                event.env() == env && !matches!(event, Event::Accessed { .. })
            }
            Thing::Extent(block) => match *event {
                Event::ExtentAllocated { extent, .. } | Event::ExtentFreed { extent, .. } => {
                    holds(extent, block)
                }
                _ => false,
            },
            Thing::Block(block) => match *event {
                Event::ExtentAllocated { extent, .. } | Event::ExtentFreed { extent, .. } => {
                    holds(extent, block)
                }
                Event::DiskRequested { block: at, .. }
                | Event::DiskCompleted { block: at, .. }
                | Event::ContentsSaved { block: at, .. } => at == block,
                _ => false,
            },
            Thing::Line(_) => false,
        }
    }

    /// Its owner, where a step can change it without naming it: when programs are exchanged.
    fn owner(self, machine: &Machine) -> Option<EnvId> {
        match self {
            Thing::Frame(frame) => machine.kernel().frames.records().get(frame.index())?.owner,
            _ => None,
        }
    }
}

fn holds(extent: Extent, block: Block) -> bool {
    (extent.first.0..extent.first.0.saturating_add(extent.blocks)).contains(&block.0)
}

/// The frame that an event changed.
fn frame_of(event: &Event) -> Option<Frame> {
    match *event {
        Event::Allocated { frame, .. }
        | Event::Freed { frame, .. }
        | Event::Bound { frame, .. }
        | Event::BoundShared { frame, .. }
        | Event::BitCleared { frame, .. }
        | Event::Repossessed { frame, .. }
        | Event::DiskRequested { frame, .. }
        | Event::DiskCompleted { frame, .. }
        | Event::ContentsSaved { frame, .. }
        | Event::Network {
            fact: NetworkFact::Received { frame, .. },
            ..
        } => Some(frame),
        _ => None,
    }
}

/// Whether an event is what made an environment's handler run.
fn enters(event: &Event, env: EnvId) -> bool {
    match *event {
        Event::Upcall { env: by, .. }
        | Event::Requested { env: by, .. }
        | Event::Raised { env: by, .. }
        | Event::Notified { env: by, .. } => by == env,
        Event::Transferred { to, .. } => to == env,
        _ => false,
    }
}

/// Whether an event led to another one that made a handler run.
fn led_to(event: &Event, entry: &Event) -> bool {
    match (*entry, *event) {
        (
            Event::Upcall { env, page, .. },
            Event::Missed {
                env: by, page: at, ..
            }
            | Event::Protected {
                env: by, page: at, ..
            },
        ) => (by, at) == (env, page),
        // A revocation begins where the limit was lowered.
        (
            Event::Notified {
                env,
                upcall: Entry::Revoke | Entry::Repossessed,
                ..
            },
            Event::LimitSet { env: by, .. },
        ) => by == env,
        (
            Event::Notified {
                env,
                upcall: Entry::Packets,
                ..
            },
            Event::Network { env: by, fact },
        ) => {
            by == env
                && matches!(
                    fact,
                    NetworkFact::Received { .. } | NetworkFact::HandlerRan { .. }
                )
        }
        (
            Event::Notified {
                env,
                upcall: Entry::Alarm,
                ..
            },
            Event::AlarmRang { env: by },
        ) => by == env,
        _ => false,
    }
}

/// Whether there is something that [`led_to`] an event.
fn has_cause(entry: &Event) -> bool {
    match entry {
        Event::Upcall { .. } => true,
        Event::Notified { upcall, .. } => matches!(
            upcall,
            Entry::Revoke | Entry::Repossessed | Entry::Packets | Entry::Alarm
        ),
        _ => false,
    }
}

impl Session {
    /// The current step as a link.
    fn link(&self) -> Option<Link> {
        let current = self.current()?;
        let event = current.stamped.event;
        let line = current.line.filter(|_| event.is_system_call());
        Some(Link {
            position: self.machine().position(),
            step: current.number,
            text: explain(&event, self.machine()).text,
            line,
        })
    }
}

impl Link {
    /// The line in words; nothing if no program did it.
    pub fn said_line(&self) -> Option<String> {
        self.line.map(|Breakpoint { env, side, line }| {
            let program = match side {
                Side::LibOs => "libOS",
                Side::Application => "application",
            };
            format!("line {line} of {}'s {program}", env_letter(env))
        })
    }
}
