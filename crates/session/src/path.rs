//! The fault path: the hops of one reference, from its trap to its completion (design, section 4).

use exo_core::cost;
use exo_core::event::Event;
use exo_core::ids::{Access, Cause, EnvId};
use exo_core::kernel::call::Call;

use crate::explain::{called, env_letter, short};
use crate::session::{Recorded, Session};

/// Where a hop begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// The application.
    Application,
    /// Its libOS.
    Libos,
    /// The kernel.
    Kernel,
    /// The hardware.
    Hardware,
}

/// One hop of a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// Number of the event that it shows.
    pub step: u64,
    /// Where it begins.
    pub from: Lane,
    /// Where it ends; the same for work that stays in its lane.
    pub to: Lane,
    /// What it is, in a few words.
    pub text: String,
    /// What the kernel says to it.
    pub note: Option<String>,
    /// Cycles from the hop before to its end.
    pub cycles: u64,
    /// Entries into the kernel, each with its return.
    pub crossings: u32,
    /// Whether it is the current step.
    pub now: bool,
    /// Whether the kernel refused it.
    pub refused: bool,
}

/// A fault with its hops so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultPath {
    /// Whose fault.
    pub env: EnvId,
    /// What it is about.
    pub title: String,
    /// Its hops, oldest first.
    pub hops: Vec<Hop>,
    /// Cycles of the application in it.
    pub application: u64,
    /// Cycles of the libOS in it.
    pub libos: u64,
    /// Cycles of the kernel in it.
    pub kernel: u64,
    /// Entries into the kernel, each with its return.
    pub crossings: u32,
    /// Whether its reference has been completed.
    pub complete: bool,
}

/// The fault under way, or else the last one among the recent events.
pub fn fault_path(session: &Session) -> Option<FaultPath> {
    let recent = session.recent();
    let trap = recent.iter().rposition(|it| begins(&it.stamped.event))?;
    // A reference that faults again before it completes is one path: begin at its first trap.
    let first = recent[..=trap]
        .iter()
        .rposition(|it| {
            matches!(
                it.stamped.event,
                Event::Accessed { .. } | Event::Switched { .. }
            )
        })
        .map_or(0, |last| last + 1);
    let start = (first..=trap).find(|index| begins(&recent[*index].stamped.event))?;
    // The trap itself costs nothing; what the application did up to it is no part of the fault.
    let mut before = recent[start].stamped.cycles;
    let mut path = begin(&recent[start].stamped.event)?;
    let mut waits = false;
    for recorded in &recent[start..] {
        let cycles = recorded.stamped.cycles - before;
        before = recorded.stamped.cycles;
        let event = &recorded.stamped.event;
        // What others do while it waits for the disk is no part of the fault.
        if waits && event.env() != path.env {
            continue;
        }
        match event {
            Event::DiskRequested { .. } => waits = true,
            Event::DiskCompleted { .. } => waits = false,
            _ => {}
        }
        if !add(&mut path, session, recorded, cycles) {
            break;
        }
    }
    Some(path)
}

fn begins(event: &Event) -> bool {
    matches!(event, Event::Missed { .. } | Event::Protected { .. })
}

fn begin(event: &Event) -> Option<FaultPath> {
    let (env, title) = match *event {
        Event::Missed {
            env,
            address,
            page,
            access,
        } => {
            let verb = if access == Access::Read {
                "reads"
            } else {
                "writes"
            };
            let who = env_letter(env);
            (
                env,
                format!(
                    "{who} {verb} 0x{address:08X}; page 0x{:X} is not in the TLB",
                    page.0
                ),
            )
        }
        Event::Protected {
            env, address, page, ..
        } => {
            let who = env_letter(env);
            (
                env,
                format!(
                    "{who} writes 0x{address:08X}; page 0x{:X} is read-only",
                    page.0
                ),
            )
        }
        _ => return None,
    };
    Some(FaultPath {
        env,
        title,
        hops: Vec::new(),
        application: 0,
        libos: 0,
        kernel: 0,
        crossings: 0,
        complete: false,
    })
}

/// Adds one event to a path. False if the path is over with it.
fn add(path: &mut FaultPath, session: &Session, recorded: &Recorded, cycles: u64) -> bool {
    let event = &recorded.stamped.event;
    if event.env() != path.env {
        return false;
    }
    let (from, to) = lanes(event);
    let words = short(event, session.machine());
    let (text, note) = match event {
        Event::Refused { call, error, .. } => {
            (call.name().to_owned(), Some(format!("no: {error}")))
        }
        Event::Bound { .. } => (words, Some("owner: yes".to_owned())),
        Event::Upcall {
            cause: Cause::Protection,
            ..
        } => (words, Some("protection".to_owned())),
        event if called(event).is_some_and(Call::needs_stack) => {
            (words, Some("kernel stack".to_owned()))
        }
        _ => (words, None),
    };
    let kernel = kernel_cycles(event).min(cycles);
    path.kernel += kernel;
    match event {
        Event::Accessed { .. } => path.application += cycles - kernel,
        // Time that passes until the disk is done is nobody's.
        Event::Idled { .. } | Event::DiskCompleted { .. } => {}
        _ => path.libos += cycles - kernel,
    }
    let crossings = u32::from(begins(event) || event.is_system_call());
    path.crossings += crossings;
    let now = session
        .current()
        .is_some_and(|current| current.number == recorded.number);
    let refused = matches!(event, Event::Refused { .. });
    let step = recorded.number;
    path.hops.push(Hop {
        step,
        from,
        to,
        text,
        note,
        cycles,
        crossings,
        now,
        refused,
    });
    path.complete = matches!(event, Event::Accessed { .. });
    !path.complete && !matches!(event, Event::Broken { .. } | Event::Loaded { .. })
}

/// Where the event's arrow goes.
fn lanes(event: &Event) -> (Lane, Lane) {
    match event {
        Event::Missed { .. } | Event::Protected { .. } => (Lane::Hardware, Lane::Kernel),
        Event::StlbHit { .. } => (Lane::Kernel, Lane::Hardware),
        Event::StlbMissed { .. }
        | Event::Installed { .. }
        | Event::InstallRefused { .. }
        | Event::Loaded { .. }
        | Event::LoadRefused { .. } => (Lane::Kernel, Lane::Kernel),
        Event::Broken { .. } => (Lane::Kernel, Lane::Kernel),
        Event::Upcall { .. } => (Lane::Kernel, Lane::Libos),
        Event::Raised { .. } | Event::SliceBegan { .. } | Event::SliceEnding { .. } => {
            (Lane::Kernel, Lane::Libos)
        }
        Event::Resumed { .. } | Event::Recovered { .. } => (Lane::Libos, Lane::Application),
        Event::Accessed { .. } => (Lane::Application, Lane::Hardware),
        Event::DiskCompleted { .. } => (Lane::Hardware, Lane::Libos),
        Event::Network { fact, .. } if !fact.is_system_call() => (Lane::Hardware, Lane::Kernel),
        _ => (Lane::Libos, Lane::Kernel),
    }
}

/// What of an event's cycles the kernel spent, by the cost model.
fn kernel_cycles(event: &Event) -> u64 {
    match event {
        Event::StlbHit { .. } => cost::STLB_HIT,
        Event::Upcall {
            cause: Cause::Miss, ..
        } => cost::DISPATCH,
        Event::Upcall {
            cause: Cause::Protection,
            ..
        } => cost::DISPATCH_PROTECTION,
        Event::Raised { .. } | Event::SliceBegan { .. } | Event::SliceEnding { .. } => {
            cost::DISPATCH
        }
        Event::Transferred { .. } => cost::TRANSFER,
        // A run of pages takes more than the call itself.
        event => called(event).map_or(0, |call| call.way().cycles()),
    }
}
