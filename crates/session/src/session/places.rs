//! Where the programs of an environment stand, as lines of their sources.

use exo_core::cpu::SourcePlace;
use exo_core::event::{BreakReason, Event};
use exo_core::ids::EnvId;
use exo_core::kernel::Phase;

use super::Session;

impl Session {
    /// The line at which an environment's handler stands: while it runs the instruction it will
    /// complete next, or the system call it has just made; after it broke, where it broke.
    pub fn handler_place(&self, env: EnvId) -> Option<SourcePlace> {
        let environment = self.machine.environment(env)?;
        let program = environment.program()?;
        match environment.phase {
            Phase::Handling(_) => {
                let just_called = self.just(env, |event| {
                    !matches!(
                        event,
                        Event::Upcall { .. } | Event::Requested { .. } | Event::Installed { .. }
                    )
                });
                Some(if just_called {
                    environment.context.previous_place(program)
                } else {
                    environment.context.place(program)
                })
            }
            Phase::Broken(BreakReason::Application(_)) => None,
            Phase::Broken(_) => {
                let own = || Some(environment.context.place(program));
                self.broken_place(env).or_else(own)
            }
            _ => None,
        }
    }

    /// The line at which an environment's application stands, if it is a program: the instruction
    /// it will complete next, or the call it has just made; after it broke, where it broke. None
    /// when it has come to its end.
    pub fn application_place(&self, env: EnvId) -> Option<SourcePlace> {
        let environment = self.machine.environment(env)?;
        let process = environment.process.as_ref()?;
        let here = process.context.place(&process.program);
        let call = process.context.previous_place(&process.program);
        match environment.phase {
            Phase::Finished => None,
            Phase::Broken(BreakReason::Application(_)) => {
                Some(self.broken_place(env).unwrap_or(here))
            }
            // It waits behind its call until the answer is there.
            Phase::Requesting | Phase::Handling(_) if process.request.is_some() => Some(call),
            Phase::Application if self.just(env, |event| event.is_system_call()) => Some(call),
            _ => Some(here),
        }
    }

    /// Whether the current step is one of this environment, and of that kind.
    fn just(&self, env: EnvId, kind: impl Fn(&Event) -> bool) -> bool {
        self.current().is_some_and(|it| {
            let event = &it.stamped.event;
            event.env() == env && kind(event)
        })
    }

    /// Where the last event of this environment says that it broke.
    fn broken_place(&self, env: EnvId) -> Option<SourcePlace> {
        self.recent
            .iter()
            .rev()
            .find_map(|it| match it.stamped.event {
                Event::Broken {
                    env: broken, place, ..
                } if broken == env => Some(place),
                _ => None,
            })
    }
}
