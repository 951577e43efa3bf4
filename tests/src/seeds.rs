//! Random sessions: a machine, policies, programs, and things done to them, all from one number.

use std::sync::Arc;

use exo_core::hw::{Replacement, TlbConfig};
use exo_core::ids::{EnvId, ReferenceKind};
use exo_core::rng::Rng;
use exo_core::trace::Trace;
use exo_libos_samples::{APPLICATIONS, SAMPLES, STORES, TABLES};
use exo_session::{
    ApplicationSpec, EnvironmentSpec, HISTORY_BYTES_MAX, MachineShape, NamedTrace, Scenario,
    Session,
};

/// Random sessions that are compared between here and the browser.
pub const SEEDS: u64 = 200;

/// Their digests as they were found natively, a line each: what the browser must find too.
pub const DIGESTS: &str = include_str!("../corpus/digests.txt");

/// A line for each of the random sessions: its seed and its digest, found here and now.
pub fn digests() -> String {
    let lines = (0..SEEDS).map(|seed| format!("{seed} {}\n", digest_of(seed)));
    lines.collect()
}

/// What is done to a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Runs so many units.
    Run(u64),
    /// Goes back by so many parts of a thousand of the way.
    Back(u64),
    /// Applies that sample to an environment, perhaps afresh.
    Apply(EnvId, usize, bool),
    /// Limits the frames of an environment.
    Limit(EnvId, u32),
}

/// A session of that seed, at reset, which keeps many checkpoints.
///
/// # Panics
/// If it cannot be made: every seed makes one.
pub fn session(seed: u64) -> Session {
    let scenario = scenario(&mut Rng::new(seed, 1));
    let mut session = Session::new(scenario).expect("a random scenario can be run");
    session.limit_history(HISTORY_BYTES_MAX, 2_000);
    session
}

/// What is done to the session of that seed, in order.
pub fn deeds(seed: u64) -> Vec<Deed> {
    let mut rng = Rng::new(seed, 2);
    let count = 3 + rng.below(6);
    let deeds = (0..count).map(|_| {
        let env = EnvId(rng.below(2) as u8);
        match rng.below(6) {
            0 => Deed::Back(u64::from(rng.below(1000))),
            1 => Deed::Apply(
                env,
                rng.below(SAMPLES.len() as u32) as usize,
                rng.below(3) == 0,
            ),
            2 => Deed::Limit(env, 4 + rng.below(24)),
            _ => Deed::Run(u64::from(200 + rng.below(6000))),
        }
    });
    deeds.collect()
}

/// Does one thing.
pub fn take(session: &mut Session, deed: Deed) {
    match deed {
        Deed::Run(units) => {
            session.run_slice(units);
        }
        Deed::Back(parts) => {
            let step = session.step_number() * (1000 - parts) / 1000;
            session.go_to_step(step);
        }
        Deed::Apply(env, sample, reset) => {
            // A policy that this machine cannot run is refused, and that is a state like any other.
            let source = source(session, sample);
            let _ = session.apply(env, &source, reset);
        }
        Deed::Limit(env, frames) => {
            let _ = session.set_frame_limit(env, frames);
        }
    }
}

/// The digest to which all that is done to a session of that seed leads.
pub fn digest_of(seed: u64) -> String {
    let mut session = session(seed);
    for deed in deeds(seed) {
        take(&mut session, deed);
    }
    crate::digest(&session)
}

/// A sample as this session's machine can run it: with a store if there is a disk.
fn source(session: &Session, sample: usize) -> String {
    let store = usize::from(session.scenario().machine.disk_blocks > 0).min(STORES.len() - 1);
    SAMPLES[sample % SAMPLES.len()].with_parts(&TABLES[0], &STORES[store])
}

fn scenario(rng: &mut Rng) -> Scenario {
    let disk = rng.below(3) == 0;
    let ways = 2 + rng.below(15);
    let replacements = [Replacement::Random, Replacement::Fifo, Replacement::Lru];
    let environments = (0..2).map(|_| environment(rng, disk)).collect();
    let mut scenario = Scenario {
        title: "Random".to_owned(),
        machine: MachineShape {
            tlb: TlbConfig {
                sets: 1 << rng.below(3),
                ways,
                replacement: replacements[rng.below(3) as usize],
            },
            stlb_entries: [0, 16, 256][rng.below(3) as usize],
            slice_references: 20 + rng.below(400),
            use_stamps: true,
            disk_blocks: if disk { 256 } else { 0 },
            seed: u64::from(rng.below(1 << 30)),
            ..MachineShape::default()
        },
        environments,
        network: None,
    };
    let limits: u32 = scenario.environments.iter().map(|it| it.frame_limit).sum();
    let pinned = scenario.pinned_frames().expect("every sample compiles");
    // Enough for every policy that may take over.
    scenario.machine.frames = limits + 2 * pinned + 64;
    scenario
}

fn environment(rng: &mut Rng, disk: bool) -> EnvironmentSpec {
    let sample = &SAMPLES[rng.below(SAMPLES.len() as u32) as usize];
    let table = &TABLES[rng.below(TABLES.len() as u32) as usize];
    let store = &STORES[usize::from(disk).min(STORES.len() - 1)];
    EnvironmentSpec {
        name: sample.name.to_owned(),
        source: sample.with_parts(table, store),
        frame_limit: 5 + rng.below(24),
        application: if rng.below(3) == 0 {
            let application = &APPLICATIONS[rng.below(APPLICATIONS.len() as u32) as usize];
            ApplicationSpec::Program {
                name: application.name.to_owned(),
                source: application.source.to_owned(),
            }
        } else {
            ApplicationSpec::Trace(Arc::new(trace(rng)))
        },
        downloads: Vec::new(),
    }
}

/// Jumps about, with places that it likes better than others.
fn trace(rng: &mut Rng) -> NamedTrace {
    let pages = 8 + rng.below(60);
    let mut trace = Trace::new();
    for _ in 0..1000 + rng.below(6000) {
        let page = rng.below(pages).min(rng.below(pages));
        let kind = match rng.below(5) {
            0 => ReferenceKind::Store,
            1 => ReferenceKind::Modify,
            2 => ReferenceKind::Fetch,
            _ => ReferenceKind::Load,
        };
        trace.push(page << 12 | rng.below(4096), kind);
    }
    NamedTrace::made("random", trace, pages)
}
