//! What environments tried and did not get: each kind counted once, when a run is first made, with the steps at which
//! it happened; what stopped it; and what everybody holds after it.

mod held;
mod stop;

use exo_core::error::SysError;
use exo_core::event::{BreakReason, Event};
use exo_core::ids::EnvId;
use exo_core::kernel::call::Call;

pub use held::{Holding, holdings};
pub use stop::{Stop, refused_by, stopped_by};

/// Steps that are kept; what happens beyond is counted, and its steps are not known.
const STEPS_MAX: usize = 1 << 19;

/// What was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// A system call, which was refused.
    Call(Call, SysError),
    /// To keep a frame that the kernel had asked for; it was taken.
    Keep,
    /// To go on after the end of a slice.
    Overrun,
    /// What ended the environment.
    Ended(BreakReason),
}

impl Attempt {
    /// Who tried it, and what: nothing if an event tells of no attempt.
    pub fn of(event: &Event) -> Option<(EnvId, Attempt)> {
        let attempt = match *event {
            Event::Refused { call, error, .. } => Attempt::Call(call, error),
            Event::Repossessed { .. } => Attempt::Keep,
            Event::Overran { .. } => Attempt::Overrun,
            Event::Broken { reason, .. } => Attempt::Ended(reason),
            _ => return None,
        };
        Some((event.env(), attempt))
    }

    /// What it is called.
    pub fn name(&self) -> &'static str {
        match self {
            Attempt::Call(call, _) => call.name(),
            Attempt::Keep => "keep a frame",
            Attempt::Overrun => "outstay a slice",
            Attempt::Ended(_) => "its program",
        }
    }

    /// Its place among those of an environment. Whatever ends one is of one kind: the last reason stays.
    fn number(&self) -> u16 {
        match *self {
            Attempt::Call(call, error) => u16::from(call as u8) << 8 | u16::from(error as u8),
            Attempt::Keep => u16::MAX - 2,
            Attempt::Overrun => u16::MAX - 1,
            Attempt::Ended(_) => u16::MAX,
        }
    }
}

/// One kind of attempt of one environment.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kind {
    key: (EnvId, u16),
    attempt: Attempt,
    /// The steps that are kept, in order.
    steps: Vec<u64>,
    times: u64,
    last: u64,
}

/// How often something was tried by a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tries {
    /// By whom.
    pub env: EnvId,
    /// What.
    pub attempt: Attempt,
    /// How often.
    pub times: u64,
    /// Whether it may have been more often: so much happened that not every step of it is kept.
    pub at_least: bool,
    /// The step of the last time that is known.
    pub last: u64,
}

/// All attempts of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attempts {
    /// In order of their first times.
    kinds: Vec<Kind>,
    /// Steps that are kept in all.
    kept: usize,
    /// The step from which on none are, since there is no room.
    full: Option<u64>,
    /// Whether some that happened behind that are not counted any more.
    lost: bool,
}

impl Attempts {
    /// Takes an event by its number.
    pub(crate) fn note(&mut self, number: u64, event: &Event) {
        let Some((env, attempt)) = Attempt::of(event) else {
            return;
        };
        let key = (env, attempt.number());
        let known = self.kinds.iter().position(|it| it.key == key);
        let index = known.unwrap_or_else(|| {
            self.kinds.push(Kind {
                key,
                attempt,
                steps: Vec::new(),
                times: 0,
                last: 0,
            });
            self.kinds.len() - 1
        });
        let Some(kind) = self.kinds.get_mut(index) else {
            return;
        };
        kind.attempt = attempt;
        kind.times += 1;
        kind.last = number;
        if self.kept < STEPS_MAX {
            self.kept += 1;
            kind.steps.push(number);
        } else {
            self.full.get_or_insert(number);
        }
    }

    /// Forgets what lies behind a step.
    pub(crate) fn forget_after(&mut self, step: u64) {
        self.full.take_if(|full| *full > step);
        self.lost = self.full.is_some();
        self.kept = 0;
        self.kinds.retain_mut(|kind| {
            kind.steps.truncate(kind.by(step));
            self.kept += kind.steps.len();
            kind.times = kind.steps.len() as u64;
            kind.last = kind.steps.last().copied().unwrap_or(0);
            kind.times > 0
        });
    }

    /// Whether there were none.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// What was tried by a step, of a run that was counted up to the step `until`: in order of the first times.
    pub fn by(&self, step: u64, until: u64) -> Vec<Tries> {
        let whole = step >= until;
        let beyond = self.full.is_some_and(|full| step >= full);
        let at_least = beyond && (self.lost || !whole);
        let tries = self.kinds.iter().map(|kind| {
            let known = kind.by(step);
            let last = known.checked_sub(1).and_then(|it| kind.steps.get(it));
            Tries {
                env: kind.key.0,
                attempt: kind.attempt,
                times: if whole { kind.times } else { known as u64 },
                at_least,
                last: if whole {
                    kind.last
                } else {
                    last.copied().unwrap_or(0)
                },
            }
        });
        tries.filter(|it| it.times > 0).collect()
    }
}

impl Kind {
    /// How many of its steps that are kept are not behind that one.
    fn by(&self, step: u64) -> usize {
        self.steps.partition_point(|it| *it <= step)
    }
}

#[cfg(test)]
mod tests {
    use exo_core::error::SysError;
    use exo_core::event::Event;
    use exo_core::ids::EnvId;
    use exo_core::kernel::call::Call;

    use super::{Attempt, Attempts, STEPS_MAX};

    fn refused(env: u8) -> Event {
        Event::Refused {
            env: EnvId(env),
            call: Call::Free,
            error: SysError::NoAuthority,
        }
    }

    fn times(attempts: &Attempts, step: u64, until: u64) -> Vec<(u8, u64, bool, u64)> {
        let tries = attempts.by(step, until).into_iter();
        tries
            .map(|it| (it.env.0, it.times, it.at_least, it.last))
            .collect()
    }

    #[test]
    fn each_kind_is_counted_up_to_any_step_also_after_another_future_has_begun() {
        let mut attempts = Attempts::default();
        for (number, env) in [(2, 1), (3, 0), (7, 1), (9, 1)] {
            attempts.note(number, &refused(env));
        }
        assert_eq!(times(&attempts, 1, 9), []);
        assert_eq!(times(&attempts, 7, 9), [(1, 2, false, 7), (0, 1, false, 3)]);
        assert_eq!(times(&attempts, 9, 9), [(1, 3, false, 9), (0, 1, false, 3)]);
        attempts.forget_after(2);
        assert_eq!(times(&attempts, 9, 2), [(1, 1, false, 2)]);
        attempts.note(4, &refused(1));
        assert_eq!(times(&attempts, 4, 4), [(1, 2, false, 4)]);
    }

    #[test]
    fn what_has_no_room_is_counted_and_where_it_is_not_known_that_is_said() {
        let mut attempts = Attempts::default();
        let all = STEPS_MAX as u64 + 5;
        for number in 1..=all {
            attempts.note(number, &refused(0));
        }
        let kept = STEPS_MAX as u64;
        assert_eq!(times(&attempts, all, all), [(0, all, false, all)]);
        assert_eq!(times(&attempts, 12, all), [(0, 12, false, 12)]);
        assert_eq!(times(&attempts, all - 1, all), [(0, kept, true, kept)]);
        // Back to where all is known, it is as if there had been no more.
        let mut early = attempts.clone();
        early.forget_after(20);
        assert_eq!(times(&early, 20, 20), [(0, 20, false, 20)]);
        attempts.forget_after(all - 1);
        assert_eq!(times(&attempts, all - 1, all - 1), [(0, kept, true, kept)]);
    }

    #[test]
    fn an_event_that_refuses_nothing_is_no_attempt() {
        assert_eq!(Attempt::of(&Event::Finished { env: EnvId(0) }), None);
        let kept = Attempt::of(&Event::Overran {
            env: EnvId(2),
            excess: 1,
        });
        assert_eq!(kept, Some((EnvId(2), Attempt::Overrun)));
    }
}
