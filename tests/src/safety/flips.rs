//! Faults of the hardware: bits of TLB entries that turn over, and a timer that does not keep time. Bits
//! of memory and disk are turned over in pairs of runs (`pairs.rs`).

use std::sync::Arc;

use exo_core::event::{Event, Stamped};
use exo_core::ids::{EnvId, ReferenceKind, TlbSlot};
use exo_core::kernel::check::Violation;
use exo_core::kernel::{Handler, Phase};
use exo_core::machine::{Application, EnvironmentConfig, Flip, Machine, MachineConfig, Stop};
use exo_core::rng::Rng;
use exo_core::trace::Trace;

use super::oracle::authority;
use super::stage::Stage;
use super::swarm::{Swarm, sizes};
use super::world::World;
use super::{Verdict, require};

/// Commands of one run, and after how many of them bits are turned over.
const RUN: usize = 60;
const EVERY: usize = 12;
/// Largest memory.
const FRAMES: u32 = 12;
/// A random sequence that has no other use.
const STREAM: u64 = 1 << 42;

/// What became of bits that turned over in the TLB.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flipped {
    /// The invariants found it, before anybody used the entry.
    pub found: u64,
    /// The entry gives its environment nothing that it may not have.
    pub contained: u64,
    /// Seeds in which there was an entry.
    pub seeds_with: u64,
}

/// Turns over each bit of each entry of the TLB, one by one, at some moments of random runs.
///
/// # Errors
/// An entry that grants what its environment may not have, and that no invariant finds.
pub fn tlb(seed: u64, seeds: u64) -> Result<Flipped, Violation> {
    let mut sum = Flipped::default();
    for seed in seed..seed + seeds {
        let stage = Stage::new(sizes(seed, FRAMES), RUN);
        let mut swarm = Swarm::new(seed, &stage.sizes);
        let mut world = World::new(&stage)?;
        let before = sum;
        for number in 0..RUN {
            if world.halted() {
                break;
            }
            let command = swarm.next(&stage, &world);
            world.apply(&stage, command, &mut Vec::<Stamped>::new())?;
            if number % EVERY == 0 {
                every_bit(&world.machine, &mut sum)?;
            }
        }
        sum.seeds_with += u64::from(sum.found > before.found);
    }
    Ok(sum)
}

fn every_bit(machine: &Machine, sum: &mut Flipped) -> Verdict {
    for slot in (0..machine.hardware().tlb.entries().len() as u16).map(TlbSlot) {
        let mut flips = vec![Flip::TlbAccess(slot)];
        flips.extend((0..16).map(|bit| Flip::TlbFrame(slot, bit)));
        flips.extend((0..20).map(|bit| Flip::TlbPage(slot, bit)));
        flips.extend((0..6).map(|bit| Flip::TlbEnvironment(slot, bit)));
        for flip in flips {
            let mut turned = machine.clone();
            if !turned.flip(flip) {
                continue;
            }
            if turned.check().is_err() {
                sum.found += 1;
                continue;
            }
            let entry = turned.hardware().tlb.entry(slot);
            let within = entry.is_some_and(|it| {
                let most = authority(&turned, EnvId(it.asid), it.frame);
                most.is_some_and(|most| most.covers(it.access))
            });
            require(within, "INV-BIND-1", || {
                format!("{flip:?} makes {entry:?}, which nobody finds")
            })?;
            sum.contained += 1;
        }
    }
    Ok(())
}

/// What became of runs under a timer that does not keep time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timed {
    /// Runs.
    pub runs: u64,
    /// Runs in which another order was told than under a good timer.
    pub told: u64,
    /// Slices longer than any can be, which an invariant found (INV-SCHED-1).
    pub found: u64,
}

/// Three environments under CLOCK, each with a trace of its own.
fn timed(seed: u64) -> (Machine, Vec<Trace>) {
    let source = exo_libos_samples::sample("clock").map_or("", |it| it.source);
    let program = exo_policy::compile(source).map(Arc::new);
    let program = program.unwrap_or_else(|errors| panic!("{}", errors[0]));
    let mut rng = Rng::new(seed, STREAM);
    let traces = [0; 3].map(|_| {
        let mut trace = Trace::new();
        for _ in 0..400 {
            let kind = match rng.below(2) {
                0 => ReferenceKind::Load,
                _ => ReferenceKind::Store,
            };
            trace.push(rng.below(12) << 12, kind);
        }
        trace
    });
    let environments = (0..3).map(|source| EnvironmentConfig {
        handler: Handler::Program(program.clone()),
        frame_limit: 6,
        application: Application::Trace(source),
        downloads: Vec::new(),
    });
    let config = MachineConfig {
        slice_references: 50,
        environments: environments.collect(),
        seed,
        ..MachineConfig::default()
    };
    let machine = Machine::new(config).unwrap_or_else(|error| panic!("{error}"));
    (machine, traces.into())
}

/// Runs environments that share nothing under a good timer, and under one whose interrupts come early,
/// late or not at all: each must come to the same.
///
/// # Errors
/// One has read other bytes or loaded other pages.
pub fn timer(seed: u64, seeds: u64) -> Result<Timed, Violation> {
    let mut sum = Timed::default();
    for seed in seed..seed + seeds {
        let (good, traces) = timed(seed);
        let sources: Vec<&Trace> = traces.iter().collect();
        let mut rng = Rng::new(seed, STREAM + 1);
        let mut orders = Vec::new();
        let mut ends = Vec::new();
        for bad in [false, true] {
            let (mut machine, mut order) = (good.clone(), Vec::new());
            let mut events: Vec<Stamped> = Vec::new();
            while machine.step(&sources, &mut events) != Stop::Halted {
                let told = events.drain(..).map(|it| it.event);
                order.extend(told.filter(|it| matches!(it, Event::Switched { .. })));
                if bad && rng.below(40) == 0 {
                    // At once, far too late, or never.
                    machine.set_slice([0, 700, u32::MAX][rng.below(3) as usize]);
                    sum.found += u64::from(machine.check().is_err());
                }
            }
            orders.push(order);
            ends.push(machine);
        }
        sum.runs += 1;
        sum.told += u64::from(orders[0] != orders[1]);
        for (env, (one, other)) in (0..).map(EnvId).zip(pairs(&ends)) {
            require(one == other, "integrity", || {
                format!("seed {seed}: {env:?} came to {one:?} and {other:?}")
            })?;
        }
    }
    Ok(sum)
}

/// What an environment comes to, whenever it ran.
type CameTo = (bool, u64, u64, u64);

fn pairs(ends: &[Machine]) -> Vec<(CameTo, CameTo)> {
    let of = |machine: &Machine| -> Vec<CameTo> {
        let all = machine.kernel().environments.iter();
        all.map(|it| {
            let finished = it.phase == Phase::Finished;
            let counters = it.counters;
            (
                finished,
                it.checksum,
                counters.references,
                counters.page_loads,
            )
        })
        .collect()
    };
    match ends {
        [one, other] => of(one).into_iter().zip(of(other)).collect(),
        _ => Vec::new(),
    }
}
