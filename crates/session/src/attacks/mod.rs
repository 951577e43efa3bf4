//! Malicious libOSes beside an honest one: what each tried, how often, what stopped it, and whether
//! the honest one noticed.
//!
//! An attack is run twice, with its attackers and without them, on a machine of the same size. What
//! the kernel promises the honest environment is what must be equal: its own results, and the frames
//! and blocks that it had. Time is not: it shares the processor and the TLB.

mod judge;
mod scene;
mod watch;

use exo_core::error::SysError;
use exo_core::ids::EnvId;
use exo_core::kernel::{Environment, Phase};
use exo_core::machine::{Machine, Stop};
use exo_libos_samples::attacks::Attack;
use serde::Serialize;

pub use scene::{Scene, scene};
pub use watch::Tried;

use crate::attempts::{holdings, refused_by};
use crate::compare::Expectation;
use crate::explain::{self, env_letter};
use crate::report::CycleReport;
use crate::scenario::SessionError;
use watch::Watch;

/// The honest environment.
const HONEST: EnvId = EnvId(0);

/// What came of an attack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AttackReport {
    /// The name by which it is asked for.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// What its source says it teaches.
    pub lesson: String,
    /// Each environment that attacks.
    pub attackers: Vec<Attacker>,
    /// What stopped them: each refusal that they had, once.
    pub stops: Vec<Stopping>,
    /// The honest environment, with the attackers beside it and without.
    pub honest: Vec<Compared>,
    /// What the honest one holds at the end beside them, and what was done to it, in words.
    pub neighbour: String,
    /// How often every invariant of the kernel was looked at meanwhile, and held.
    pub checks: u64,
    /// An invariant that did not hold, which ended the run.
    pub violation: Option<String>,
    /// What must be so, and whether it is.
    pub expectations: Vec<Expectation>,
    /// What the event log says of the attackers: the first of each kind, and how many there were.
    pub log: Vec<Told>,
}

/// An environment that attacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attacker {
    /// Its letter.
    pub environment: String,
    /// Its system calls, by name and by what became of them.
    pub tried: Vec<Tried>,
    /// How it ended.
    pub ending: String,
    /// What it holds at the end, in words.
    pub holds: String,
    /// Frames that it holds at the end.
    pub frames_held: u32,
    /// Frames that it may hold at the end.
    pub frame_limit: u32,
    /// Frames that were taken from it.
    pub repossessions: u64,
    /// What it cost, all of which is charged to itself.
    pub cycles: CycleReport,
}

impl Attacker {
    /// How many of its calls were refused.
    pub fn refused(&self) -> u64 {
        let refused = self.tried.iter().filter(|it| it.refusal.is_some());
        refused.map(|it| it.times).sum()
    }
}

/// What stopped attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Stopping {
    /// The refusal's name.
    pub refusal: &'static str,
    /// The check that it comes from, in a sentence.
    pub check: &'static str,
    /// Where that comes from: mechanisms of the paper, and invariants.
    pub source: &'static str,
}

/// A figure of the honest environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// What it is.
    pub figure: &'static str,
    /// Whether the kernel promises that it is the same.
    pub promised: bool,
    /// Without attackers.
    pub alone: String,
    /// Beside them.
    pub beside: String,
}

/// A line of the log, for all that are alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    /// The machine's cycles behind the first one.
    pub cycles: u64,
    /// How many there were.
    pub times: u64,
    /// The first one, in words.
    pub text: String,
}

/// A run to its end.
struct Outcome {
    machine: Machine,
    watch: Watch,
    checks: u64,
    violation: Option<String>,
}

/// Runs an attack with its attackers and without them.
///
/// # Errors
/// A source that does not compile, a machine that cannot be made, or a damaged trace.
pub fn run(attack: &'static Attack) -> Result<AttackReport, SessionError> {
    let scene = scene(attack)?;
    let beside = play(&scene)?;
    let alone = play(&scene.without_attackers())?;
    let attackers = attackers(&beside);
    let honest = compared(&alone.machine, &beside.machine);
    let mut report = AttackReport {
        name: attack.name,
        title: attack.title,
        lesson: attack.lesson(),
        stops: stops(&attackers),
        attackers,
        honest,
        neighbour: held(&beside.machine, HONEST, true),
        checks: beside.checks,
        violation: beside.violation.clone(),
        expectations: Vec::new(),
        log: told(&beside),
    };
    report.expectations = judge::expectations(&report, &beside);
    Ok(report)
}

/// Plays a scene to its end. Every invariant is looked at now and then on the way.
fn play(scene: &Scene) -> Result<Outcome, SessionError> {
    /// Units between two looks.
    const STRETCH: u64 = 2_000;
    let (machine, _) = scene.scenario.build()?;
    let traces = scene.scenario.traces();
    let mut presses = scene.presses.iter().peekable();
    let mut outcome = Outcome {
        machine,
        watch: Watch::default(),
        checks: 0,
        violation: None,
    };
    loop {
        let machine = &mut outcome.machine;
        let here = machine.position().retired;
        while let Some(press) = presses.next_if(|press| press.retired <= here) {
            // An environment that does not exist has no limit.
            let _ = machine.set_frame_limit(press.env, press.frame_limit);
        }
        let next = presses.peek().map_or(u64::MAX, |press| press.retired);
        let end = (here + STRETCH).min(next);
        let stop = machine.run(end, &traces, &mut outcome.watch);
        if let Err(violation) = machine.check() {
            outcome.violation = Some(violation.to_string());
            return Ok(outcome);
        }
        outcome.checks += 1;
        if stop != Stop::Reached {
            return Ok(outcome);
        }
    }
}

/// How an environment ended, in words.
fn ending(machine: &Machine, environment: &Environment, env: EnvId, watch: &Watch) -> String {
    match environment.phase {
        Phase::Finished => "its application came to its end".to_owned(),
        Phase::Broken(reason) => {
            let place = watch.broken_at(env);
            let why = explain::broken_at(env, reason, place, machine);
            format!("it was given up: {why}")
        }
        _ => "it never came to an end".to_owned(),
    }
}

/// What an environment holds, in words.
fn held(machine: &Machine, env: EnvId, honest: bool) -> String {
    let holdings = holdings(machine);
    let own = holdings.iter().find(|it| it.env == env);
    let words = own.map(|it| format!("{} {}", env_letter(env), it.words(honest)));
    words.unwrap_or_default()
}

/// What stopped whom, once each, in order of the refusals' numbers.
fn stops(attackers: &[Attacker]) -> Vec<Stopping> {
    let had = |error: &&SysError| {
        let mut tried = attackers.iter().flat_map(|it| &it.tried);
        tried.any(|it| it.refusal == Some(error.name()))
    };
    let stopping = |error: &SysError| {
        let (check, source) = refused_by(*error);
        Stopping {
            refusal: error.name(),
            check,
            source,
        }
    };
    SysError::ALL.iter().filter(had).map(stopping).collect()
}

fn attackers(outcome: &Outcome) -> Vec<Attacker> {
    let machine = &outcome.machine;
    let environments = machine.kernel().environments.iter().enumerate();
    environments
        .filter(|(index, _)| *index != HONEST.index())
        .map(|(index, environment)| {
            let env = EnvId(index as u8);
            Attacker {
                environment: env_letter(env),
                tried: outcome.watch.tried(env),
                ending: ending(machine, environment, env, &outcome.watch),
                holds: held(machine, env, false),
                frames_held: environment.frames_held,
                frame_limit: environment.frame_limit,
                repossessions: environment.counters.repossessions,
                cycles: environment.cycles.into(),
            }
        })
        .collect()
}

/// The honest environment's figures, those first that must be the same.
fn compared(alone: &Machine, beside: &Machine) -> Vec<Compared> {
    type Figure = (&'static str, bool, fn(&Environment) -> String);
    let number = explain::grouped;
    const FIGURES: &[Figure] = &[
        ("ended", true, |it| match it.phase {
            Phase::Finished => "of itself".to_owned(),
            _ => "not of itself".to_owned(),
        }),
        ("references completed", true, |it| {
            explain::grouped(it.counters.references)
        }),
        ("checksum of all that was loaded", true, |it| {
            format!("{:016x}", it.checksum)
        }),
        ("page loads", true, |it| {
            explain::grouped(it.counters.page_loads)
        }),
        ("evictions", true, |it| {
            explain::grouped(it.counters.evictions)
        }),
        ("blocks read", true, |it| {
            explain::grouped(it.counters.disk_reads)
        }),
        ("blocks written", true, |it| {
            explain::grouped(it.counters.disk_writes)
        }),
        ("frames held", true, |it| {
            explain::grouped(it.frames_held.into())
        }),
        ("frames taken from it", true, |it| {
            explain::grouped(it.counters.repossessions)
        }),
        ("TLB misses", false, |it| {
            explain::grouped(it.counters.tlb_misses)
        }),
        ("its own cycles", false, |it| {
            explain::grouped(it.cycles.application + it.cycles.libos + it.cycles.kernel)
        }),
    ];
    let of = |machine: &Machine, figure: fn(&Environment) -> String| {
        machine.environment(HONEST).map(figure).unwrap_or_default()
    };
    let mut rows: Vec<Compared> = FIGURES
        .iter()
        .map(|(figure, promised, read)| Compared {
            figure,
            promised: *promised,
            alone: of(alone, *read),
            beside: of(beside, *read),
        })
        .collect();
    rows.push(Compared {
        figure: "cycles until everybody was done",
        promised: false,
        alone: number(alone.cycles()),
        beside: number(beside.cycles()),
    });
    rows
}

fn told(outcome: &Outcome) -> Vec<Told> {
    let told = outcome.watch.told().map(|(first, times)| Told {
        cycles: first.cycles,
        times,
        text: explain::explain(&first.event, &outcome.machine).text,
    });
    told.collect()
}
