//! Who listens to an attack: what was tried and what the log says, counted by kind.

use std::collections::BTreeMap;

use exo_core::cpu::SourcePlace;
use exo_core::event::{Event, Sink, Stamped};
use exo_core::ids::{EnvId, Position};
use serde::Serialize;

use super::HONEST;
use crate::explain::granted;

/// Calls of one kind that had the same answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tried {
    /// The system call.
    pub call: &'static str,
    /// The refusal; none if they were granted.
    pub refusal: Option<&'static str>,
    /// How many.
    pub times: u64,
}

/// Counts what attackers do.
#[derive(Clone, Debug, Default)]
pub(super) struct Watch {
    tried: BTreeMap<(EnvId, &'static str, Option<&'static str>), u64>,
    /// The first event of each kind and how many there were, in order of the first.
    told: Vec<(Kind, Stamped, u64)>,
    broken: Vec<(EnvId, SourcePlace)>,
}

/// Events that are told as one.
type Kind = (
    EnvId,
    std::mem::Discriminant<Event>,
    Option<(&'static str, &'static str)>,
);

impl Watch {
    /// What an environment tried, in order of the calls' names.
    pub(super) fn tried(&self, env: EnvId) -> Vec<Tried> {
        let own = self.tried.iter().filter(|((it, ..), _)| *it == env);
        own.map(|((_, call, refusal), times)| Tried {
            call,
            refusal: *refusal,
            times: *times,
        })
        .collect()
    }

    /// How often an environment made a call with that answer.
    pub(super) fn times(&self, env: EnvId, call: &str, refusal: Option<&str>) -> u64 {
        let own = self.tried.iter();
        let own =
            own.filter(|((it, name, answer), _)| (*it, *name, *answer) == (env, call, refusal));
        own.map(|(_, times)| times).sum()
    }

    /// The first event of each kind, and how many there were.
    pub(super) fn told(&self) -> impl Iterator<Item = (&Stamped, u64)> {
        self.told.iter().map(|(_, first, times)| (first, *times))
    }

    /// How many events of an environment had that property.
    pub(super) fn count(&self, env: EnvId, holds: impl Fn(&Event) -> bool) -> u64 {
        let own = self.told.iter().filter(|((it, ..), ..)| *it == env);
        own.filter(|(_, first, _)| holds(&first.event))
            .map(|(.., times)| times)
            .sum()
    }

    /// Where an environment was given up.
    pub(super) fn broken_at(&self, env: EnvId) -> SourcePlace {
        let found = self.broken.iter().find(|it| it.0 == env);
        found.map(|it| it.1).unwrap_or_default()
    }

    fn try_one(&mut self, env: EnvId, call: &'static str, refusal: Option<&'static str>) {
        *self.tried.entry((env, call, refusal)).or_default() += 1;
    }

    fn tell(&mut self, kind: Kind, stamped: Stamped) {
        match self.told.iter_mut().find(|it| it.0 == kind) {
            Some((.., times)) => *times += 1,
            None => self.told.push((kind, stamped, 1)),
        }
    }
}

/// What the log is shown for: what the kernel refused, took, and ended.
fn notable(event: &Event) -> bool {
    matches!(
        event,
        Event::Refused { .. }
            | Event::Broken { .. }
            | Event::LimitSet { .. }
            | Event::Notified { .. }
            | Event::RevocationDemanded { .. }
            | Event::Repossessed { .. }
            | Event::Overran { .. }
            | Event::Forfeited { .. }
            | Event::SliceAllocated { .. }
            | Event::FramesRequested { .. }
            | Event::Finished { .. }
    )
}

impl Sink for Watch {
    const RECORDING: bool = false;
    const REMARKS: bool = true;

    fn take(&mut self, position: Position, cycles: u64, event: Event) {
        let env = event.env();
        if env == HONEST {
            return;
        }
        let mut refusal = None;
        match event {
            Event::Refused { call, error, .. } => {
                refusal = Some((call.name(), error.name()));
                self.try_one(env, call.name(), Some(error.name()));
            }
            Event::Broken { place, .. } => self.broken.push((env, place)),
            _ => {
                if let Some(call) = granted(&event) {
                    self.try_one(env, call.name(), None);
                }
            }
        }
        if notable(&event) {
            let kind = (env, std::mem::discriminant(&event), refusal);
            let stamped = Stamped {
                position,
                cycles,
                event,
            };
            self.tell(kind, stamped);
        }
    }
}
