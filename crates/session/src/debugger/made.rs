//! Which line of a program made an event.

use exo_core::cpu::{Context, SourcePlace};
use exo_core::error::SysError;
use exo_core::event::{BreakReason, Event, Transfer};
use exo_core::ids::EnvId;
use exo_core::kernel::Phase;

use super::{Breakpoint, Side};
use crate::session::Session;

/// Where a program stands that has just made an event.
#[derive(Clone, Copy, Debug)]
enum Stands {
    /// Before the instruction that made it, which is not complete.
    Before,
    /// Behind it.
    Behind,
    /// Nowhere: it has returned.
    Left,
}

impl Session {
    /// The line of a program that made an event, right after its step: the one of the system call, of the load or store,
    /// of the return. None if no program did: a trace makes references, and what comes by itself nobody.
    #[inline(never)] // asked of recorded events only: the page's program is smaller
    pub(crate) fn line_of(&self, event: &Event) -> Option<Breakpoint> {
        let env = event.env();
        if let Event::Broken { reason, place, .. } = event {
            let side = match reason {
                BreakReason::Application(_) => Side::Application,
                _ => Side::LibOs,
            };
            return at(env, side, *place);
        }
        let (side, stands) = self.maker(event)?;
        let environment = self.machine().environment(env)?;
        let (program, context): (_, &Context) = match side {
            Side::LibOs => (environment.program()?, &environment.context),
            Side::Application => {
                let process = environment.process.as_ref()?;
                (&process.program, &process.context)
            }
        };
        let place = match stands {
            Stands::Before => context.place(program),
            Stands::Behind => context.previous_place(program),
            Stands::Left => context.left_place(program),
        };
        at(env, side, place)
    }

    /// Which program made an event, and where that stands.
    fn maker(&self, event: &Event) -> Option<(Side, Stands)> {
        let environment = self.machine().environment(event.env())?;
        let acting = match environment.in_handler() {
            true => Side::LibOs,
            false => Side::Application,
        };
        Some(match event {
            Event::Logged { application, .. } => match application {
                true => (Side::Application, Stands::Behind),
                false => (Side::LibOs, Stands::Behind),
            },
            Event::Accessed { .. } | Event::Requested { .. } => (Side::Application, Stands::Behind),
            Event::HandlerAccessed { .. } => (Side::LibOs, Stands::Behind),
            Event::Missed { .. }
            | Event::Protected { .. }
            | Event::StlbHit { .. }
            | Event::StlbMissed { .. } => (acting, Stands::Before),
            Event::Upcall { .. } | Event::Raised { .. } => (Side::Application, Stands::Before),
            // Refused by no line: there is no function for it.
            Event::Replied { answer, .. } if *answer == Err(SysError::NoSuchRequest) => {
                return None;
            }
            Event::Resumed { .. }
            | Event::Replied { .. }
            | Event::Recovered { .. }
            | Event::Saved { .. } => (Side::LibOs, Stands::Left),
            Event::Finished { .. } => (Side::Application, Stands::Left),
            Event::Transferred { transfer, .. } if *transfer == Transfer::Back => {
                (Side::LibOs, Stands::Left)
            }
            Event::Transferred { .. } => match environment.outgoing {
                // It waits: what it will go on with has called.
                Some(outgoing) if matches!(outgoing.from, Phase::Handling(_)) => {
                    (Side::LibOs, Stands::Behind)
                }
                Some(_) => (Side::Application, Stands::Behind),
                None => (acting, Stands::Behind),
            },
            event if event.is_system_call() => (acting, Stands::Behind),
            _ => return None,
        })
    }
}

/// A line, if there is one.
fn at(env: EnvId, side: Side, place: SourcePlace) -> Option<Breakpoint> {
    let line = place.line;
    (line > 0).then_some(Breakpoint { env, side, line })
}
