//! What a search through a run looks for, as it is written and as it is said.

use std::fmt;

use exo_core::event::Event;
use exo_core::ids::{EnvId, Frame, Page, TlbSlot};
use exo_core::kernel::{Counters, Phase};
use exo_core::limits::ENVIRONMENTS_MAX;
use exo_core::machine::Machine;

mod kind;

pub use kind::Kind;

use crate::debugger::{Breakpoint, Side};
use crate::explain::env_letter;
use kind::KINDS;

/// Something that a step of a run may bring about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// A frame got another owner, or none.
    Frame(Frame),
    /// A reference to a page trapped: it missed, or was a store to a page that is read only.
    Faulted(EnvId, Page),
    /// A page was bound to a frame.
    Mapped(EnvId, Page),
    /// A page lost its frame: the frame was given to another page, given back, or taken.
    Evicted(EnvId, Page),
    /// An entry of the TLB was written.
    Tlb(TlbSlot),
    /// A counter of an environment went above a number.
    Counter(EnvId, CounterName, u64),
    /// An invariant of the kernel does not hold any more (`core/src/kernel/check`). Without the feature `invariants`
    /// none is checked, and no text means this.
    Invariant,
    /// A program came to the start of a line.
    Line(Breakpoint),
    /// A program came to a line that the session says to stop at.
    Breakpoint,
    /// An event of a kind, of one environment or any.
    Kind(Kind, Option<EnvId>),
}

/// A counter of an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is said by its word")]
pub enum CounterName {
    References,
    TlbMisses,
    StlbHits,
    Upcalls,
    SystemCalls,
    StackCalls,
    Crossings,
    PageLoads,
    Evictions,
    Repossessions,
    Instructions,
}

/// The word of each counter.
const COUNTERS: &[(&str, CounterName)] = &[
    ("references", CounterName::References),
    ("tlb-misses", CounterName::TlbMisses),
    ("stlb-hits", CounterName::StlbHits),
    ("upcalls", CounterName::Upcalls),
    ("system-calls", CounterName::SystemCalls),
    ("stack-calls", CounterName::StackCalls),
    ("crossings", CounterName::Crossings),
    ("page-loads", CounterName::PageLoads),
    ("evictions", CounterName::Evictions),
    ("repossessions", CounterName::Repossessions),
    ("instructions", CounterName::Instructions),
];

impl CounterName {
    fn of(self, counters: &Counters) -> u64 {
        match self {
            CounterName::References => counters.references,
            CounterName::TlbMisses => counters.tlb_misses,
            CounterName::StlbHits => counters.stlb_hits,
            CounterName::Upcalls => counters.upcalls,
            CounterName::SystemCalls => counters.system_calls,
            CounterName::StackCalls => counters.stack_calls,
            CounterName::Crossings => counters.crossings,
            CounterName::PageLoads => counters.page_loads,
            CounterName::Evictions => counters.evictions,
            CounterName::Repossessions => counters.repossessions,
            CounterName::Instructions => counters.instructions,
        }
    }
}

impl Condition {
    /// What of a machine the condition watches besides events: it holds where this changes, or for a
    /// counter where it comes above its number.
    pub(crate) fn watched(&self, machine: &Machine) -> u64 {
        match *self {
            Condition::Frame(frame) => {
                let record = machine.kernel().frames.records().get(frame.index());
                let owner = record.and_then(|record| record.owner);
                owner.map_or(u64::MAX, |env| u64::from(env.0))
            }
            Condition::Counter(env, counter, above) => {
                let environment = machine.environment(env);
                let count = environment.map_or(0, |it| counter.of(&it.counters));
                u64::from(count > above)
            }
            #[cfg(feature = "invariants")]
            Condition::Invariant => u64::from(machine.check().is_err()),
            Condition::Kind(Kind::Break, env) => {
                let environments = machine.kernel().environments.iter().zip(0..);
                let broken = environments.filter(|(it, index)| {
                    env.is_none_or(|env| env.0 == *index) && matches!(it.phase, Phase::Broken(_))
                });
                broken.count() as u64
            }
            _ => 0,
        }
    }

    /// How many units a search may leap at once from here without passing the place.
    pub(crate) fn leap_max(&self, machine: &Machine) -> u64 {
        match *self {
            Condition::Counter(env, counter, above) => {
                let environment = machine.environment(env);
                let count = environment.map_or(0, |it| counter.of(&it.counters));
                // A unit is one reference or one instruction at most.
                above.saturating_add(1).saturating_sub(count).max(1)
            }
            _ => u64::MAX,
        }
    }

    /// Whether an event is what is looked for.
    pub(crate) fn is(&self, event: &Event) -> bool {
        match *self {
            Condition::Faulted(env, page) => match *event {
                Event::Missed {
                    env: by, page: at, ..
                }
                | Event::Protected {
                    env: by, page: at, ..
                } => (by, at) == (env, page),
                _ => false,
            },
            Condition::Mapped(env, page) => match *event {
                Event::Bound {
                    env: by, page: at, ..
                }
                | Event::BoundShared {
                    env: by, page: at, ..
                } => (by, at) == (env, page),
                _ => false,
            },
            Condition::Evicted(env, page) => match *event {
                Event::Bound {
                    env: by,
                    replaced: at,
                    ..
                }
                | Event::Freed {
                    env: by, page: at, ..
                }
                | Event::Repossessed {
                    env: by, page: at, ..
                } => by == env && at == Some(page),
                _ => false,
            },
            Condition::Tlb(slot) => match *event {
                Event::StlbHit { slot: at, .. }
                | Event::Bound { slot: at, .. }
                | Event::BoundShared { slot: at, .. } => at == slot,
                _ => false,
            },
            Condition::Kind(Kind::Break, _) => false,
            Condition::Kind(kind, env) => {
                kind.is(event) && env.is_none_or(|env| event.env() == env)
            }
            Condition::Frame(_)
            | Condition::Counter(..)
            | Condition::Invariant
            | Condition::Line(_)
            | Condition::Breakpoint => false,
        }
    }
}

/// How a condition is written.
pub const FORMS: &str = "frame=7, fault=A:0x12, map=A:0x12, evict=A:0x12, tlb=5, line=A:30 (of its \
                         libOS; app:A:30 of its application), A:upcalls>100, breakpoint (one of the \
                         session's), invariant (one broke), or a kind, perhaps with whose it is: upcall, eviction=B";

/// Reads a condition.
///
/// # Errors
/// A sentence that says what was expected.
pub fn parse_condition(text: &str) -> Result<Condition, String> {
    let wrong = || format!("{text:?} is no condition: write {FORMS}");
    if let Some((counter, above)) = text.split_once('>') {
        return counter_above(counter, above);
    }
    let (word, rest) = match text.split_once('=') {
        Some((word, rest)) => (word, Some(rest)),
        None => (text, None),
    };
    match text {
        #[cfg(feature = "invariants")]
        "invariant" => return Ok(Condition::Invariant),
        "breakpoint" => return Ok(Condition::Breakpoint),
        _ => {}
    }
    if let Some((_, kind)) = KINDS.iter().find(|(known, _)| *known == word) {
        let env = rest.map(|rest| environment(rest).ok_or_else(wrong));
        return Ok(Condition::Kind(*kind, env.transpose()?));
    }
    let rest = rest.ok_or_else(wrong)?;
    let condition = match word {
        "frame" => number(rest).map(|it| Condition::Frame(Frame(it))),
        "tlb" => number(rest).map(|it| Condition::Tlb(TlbSlot(it))),
        "fault" => page_of(rest).map(|(env, page)| Condition::Faulted(env, page)),
        "map" => page_of(rest).map(|(env, page)| Condition::Mapped(env, page)),
        "evict" => page_of(rest).map(|(env, page)| Condition::Evicted(env, page)),
        "line" => line(rest).map(Condition::Line),
        _ => None,
    };
    condition.ok_or_else(wrong)
}

fn counter_above(counter: &str, above: &str) -> Result<Condition, String> {
    let names = || COUNTERS.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    let (env, name) = counter.split_once(':').unwrap_or(("", counter));
    let known = COUNTERS.iter().find(|(known, _)| *known == name);
    let (Some(env), Some((_, counter)), Ok(above)) = (environment(env), known, above.parse())
    else {
        let names = names().join(", ");
        return Err(format!(
            "\"{counter}>{above}\" is no counter and its bound: write A:upcalls>100; there are {names}"
        ));
    };
    Ok(Condition::Counter(env, *counter, above))
}

/// `A:30` or `app:A:30`.
fn line(text: &str) -> Option<Breakpoint> {
    let (side, rest) = match text.strip_prefix("app:") {
        Some(rest) => (Side::Application, rest),
        None => (Side::LibOs, text),
    };
    let (env, line) = rest.split_once(':')?;
    Some(Breakpoint {
        env: environment(env)?,
        side,
        line: number(line).filter(|line| *line > 0)?,
    })
}

/// `A:0x12`.
pub(crate) fn page_of(text: &str) -> Option<(EnvId, Page)> {
    let (env, page) = text.split_once(':')?;
    Some((environment(env)?, Page(number(page)?)))
}

/// A letter.
pub(crate) fn environment(text: &str) -> Option<EnvId> {
    let &[letter @ b'A'..=b'Z'] = text.as_bytes() else {
        return None;
    };
    let index = letter - b'A';
    (usize::from(index) < ENVIRONMENTS_MAX).then_some(EnvId(index))
}

/// Decimal, or hexadecimal with `0x`.
pub(crate) fn number<N: TryFrom<u64>>(text: &str) -> Option<N> {
    let value = match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok()?,
        None => text.parse().ok()?,
    };
    N::try_from(value).ok()
}

impl fmt::Display for Condition {
    /// What was found or not, to follow "the last time that" and its like.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Condition::Frame(frame) => write!(f, "frame {} changed its owner", frame.0),
            Condition::Faulted(env, page) => {
                write!(f, "page {:#x} of {} faulted", page.0, env_letter(env))
            }
            Condition::Mapped(env, page) => {
                write!(f, "page {:#x} of {} was mapped", page.0, env_letter(env))
            }
            Condition::Evicted(env, page) => {
                write!(
                    f,
                    "page {:#x} of {} lost its frame",
                    page.0,
                    env_letter(env)
                )
            }
            Condition::Tlb(slot) => write!(f, "entry {} of the TLB was written", slot.0),
            Condition::Counter(env, counter, above) => {
                let known = COUNTERS.iter().find(|(_, known)| *known == counter);
                let name = known.map_or("", |(name, _)| name);
                write!(f, "{name} of {} went above {above}", env_letter(env))
            }
            Condition::Invariant => write!(f, "an invariant of the kernel broke"),
            Condition::Breakpoint => write!(f, "a program came to a breakpoint of the session"),
            Condition::Line(at) => {
                let side = match at.side {
                    Side::LibOs => "libOS",
                    Side::Application => "application",
                };
                let env = env_letter(at.env);
                write!(f, "the {side} of {env} came to line {}", at.line)
            }
            Condition::Kind(kind, env) => {
                let known = KINDS.iter().find(|(_, known)| *known == kind);
                let name = known.map_or("", |(name, _)| name);
                match env {
                    Some(env) => {
                        write!(f, "there was a step of {} of kind {name}", env_letter(env))
                    }
                    None => write!(f, "there was a step of kind {name}"),
                }
            }
        }
    }
}
