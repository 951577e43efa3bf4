//! Simulation: each seed is a machine of its own, with its own commands and weights. First everyone
//! does as it likes, under every invariant and oracle; then all behave, and must come to something.

use std::collections::{BTreeSet, HashSet};
use std::mem::{Discriminant, discriminant};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use exo_core::event::{Event, Stamped};
use exo_core::ids::{EnvId, ReferenceKind};
use exo_core::kernel::call::Call;
use exo_core::kernel::check::Violation;
use exo_core::kernel::{Environment, Handler, Process};

use super::command::{Command, Word};
use super::explore::CounterExample;
use super::oracle::Step;
use super::shrink::shrink;
use super::stage::{Sizes, Stage};
use super::swarm::{Swarm, sizes};
use super::world::World;
use super::{Verdict, require};

/// Largest memory.
const FRAMES: u32 = 64;
/// Frames up to which every oracle looks at every command; beyond, at some.
const SMALL: u32 = 8;
/// How often the oracles look where frames are many, and how often a checkpoint is tried.
const NOW_AND_THEN: usize = 8;
const CHECKPOINTS: usize = 64;
/// Commands of the others between a checkpoint and going back to it.
const ASIDE: usize = 4;

/// What happened in some runs.
#[derive(Clone, Debug, Default)]
pub struct Simulated {
    /// Commands in all.
    pub commands: u64,
    /// Kinds of events, by name.
    pub events: BTreeSet<String>,
    /// Kinds of events.
    kinds: HashSet<Discriminant<Event>>,
    /// Refusals.
    pub refusals: BTreeSet<&'static str>,
    /// References completed by those that had to come to something.
    pub healed: u64,
    /// A sum over the states at the end of each run.
    pub digest: u64,
}

impl Simulated {
    fn note(&mut self, events: &[Stamped]) {
        for stamped in events {
            if let Event::Refused { error, .. } = stamped.event {
                self.refusals.insert(error.name());
            }
            if let Event::Replied {
                answer: Err(error), ..
            }
            | Event::DiskCompleted {
                result: Err(error), ..
            } = stamped.event
            {
                self.refusals.insert(error.name());
            }
            if self.kinds.insert(discriminant(&stamped.event)) {
                let told = format!("{:?}", stamped.event);
                let name = told.split([' ', '{']).next().unwrap_or_default();
                self.events.insert(name.to_owned());
            }
        }
    }

    /// Adds what happened elsewhere.
    pub fn add(&mut self, other: &Simulated) {
        self.commands += other.commands;
        self.events.extend(other.events.iter().cloned());
        self.refusals.extend(&other.refusals);
        self.healed += other.healed;
        self.digest = self.digest.wrapping_add(other.digest);
    }
}

/// An oracle besides those that always look: the canary's.
pub type Extra = fn(&Step) -> Verdict;

/// Nothing more is asked.
pub fn content(_: &Step) -> Verdict {
    Ok(())
}

/// What does not hold: no frame is ever given back. A run that does not fail by it looks at nothing.
///
/// # Errors
/// A frame was given back.
pub fn canary(step: &Step) -> Verdict {
    let freed = |it: &Stamped| matches!(it.event, Event::Freed { .. });
    require(!step.events.iter().any(freed), "canary", || {
        "a frame was given back".to_owned()
    })
}

/// The sizes of a seed's machine.
pub fn sizes_of(seed: u64) -> Sizes {
    let mut sizes = sizes(seed, FRAMES);
    sizes.revocation = true;
    sizes.hasty = seed.is_multiple_of(3);
    // A program's words need pages of 8 bytes.
    sizes.page_bits = sizes.page_bits.max(3);
    sizes
}

/// Runs one seed for so many commands.
///
/// # Errors
/// A short sequence of commands that breaks something.
pub fn run(seed: u64, commands: usize, extra: Extra) -> Result<Simulated, Box<CounterExample>> {
    let stage = Stage::new(sizes_of(seed), commands * 4 + 1000);
    let mut done = Vec::new();
    let mut found = Simulated::default();
    let simulated = seed_run(&stage, seed, commands, extra, &mut done, &mut found);
    simulated.map_err(|violation| shortest(&stage, extra, &done, violation))?;
    Ok(found)
}

/// Runs seeds on as many threads as there are processors. The sum does not depend on how many.
///
/// # Errors
/// The lowest seed that breaks something, of those that were run, and how.
pub fn seeds(
    first: u64,
    count: u64,
    commands: usize,
    extra: Extra,
) -> Result<Simulated, (u64, Box<CounterExample>)> {
    let next = AtomicU64::new(first);
    let sum = Mutex::new((Simulated::default(), None));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + count {
                return;
            }
            let found = run(seed, commands, extra);
            let mut sum = sum.lock().unwrap_or_else(PoisonError::into_inner);
            match found {
                Ok(found) => sum.0.add(&found),
                Err(broken) => {
                    sum.1.get_or_insert((seed, broken));
                    next.store(first + count, Ordering::Relaxed);
                }
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        for handle in handles {
            if let Err(panic) = handle.join() {
                std::panic::resume_unwind(panic);
            }
        }
    });
    let (found, broken) = sum.into_inner().unwrap_or_else(PoisonError::into_inner);
    broken.map_or(Ok(found), Err)
}

fn seed_run(
    stage: &Stage,
    seed: u64,
    commands: usize,
    extra: Extra,
    done: &mut Vec<Command>,
    found: &mut Simulated,
) -> Verdict {
    let mut swarm = Swarm::with_rare(seed, &stage.sizes);
    let mut world = World::new(stage)?;
    for place in 0..commands {
        if world.halted() {
            break;
        }
        let command = swarm.next(stage, &world);
        done.push(command);
        let looks = stage.sizes.frames <= SMALL || place % NOW_AND_THEN == 0;
        let events = step(stage, &mut world, command, looks.then_some(extra))?;
        found.note(&events);
        found.commands += 1;
        if place % CHECKPOINTS == 0 {
            back_and_forth(stage, &world, &mut swarm.clone(), done)?;
        }
    }
    world.machine.check()?;
    found.healed += heal(stage, &mut world, found)?;
    let digest = world.machine.state_digest();
    found.digest = found.digest.wrapping_add(digest);
    Ok(())
}

/// Makes one command, and looks at it with every oracle if `extra` is there.
fn step(
    stage: &Stage,
    world: &mut World,
    command: Command,
    extra: Option<Extra>,
) -> Result<Vec<Stamped>, Violation> {
    let before = extra.map(|_| world.clone());
    let mut events = Vec::new();
    let answer = world.apply(stage, command, &mut events)?;
    let (Some(before), Some(extra)) = (before, extra) else {
        return Ok(events);
    };
    world.machine.check()?;
    let step = Step {
        before: &before,
        command,
        after: world,
        events: &events,
        answer,
    };
    extra(&step)?;
    step.told_by_anyone()?;
    let asker = &stage.programs.asker;
    let asks = |it: &Process| Arc::ptr_eq(&it.program, asker);
    let by_program = |it: &Environment| {
        matches!(it.handler, Handler::Program(_)) || it.process.as_ref().is_some_and(|it| !asks(it))
    };
    let kernel = world.machine.kernel();
    // Programs that run in between act too, each for itself.
    if !kernel.environments.iter().any(by_program) {
        step.check()?;
    }
    step.story()?;
    Ok(events)
}

/// INV-DET-1: whatever happens after a checkpoint, going back to it brings back what was.
fn back_and_forth(
    stage: &Stage,
    world: &World,
    swarm: &mut Swarm,
    done: &mut Vec<Command>,
) -> Verdict {
    let before = done.len();
    let mut aside = world.clone();
    let checkpoint = aside.machine.checkpoint();
    let here = aside.machine.state_digest();
    for _ in 0..ASIDE {
        let command = swarm.next(stage, &aside);
        done.push(command);
        aside.apply(stage, command, &mut Vec::new())?;
    }
    done.truncate(before);
    aside.machine.restore(&checkpoint);
    require(aside.machine.state_digest() == here, "INV-DET-1", || {
        "a checkpoint brought back another state".to_owned()
    })
}

/// The commands made shorter, if they fail without the seed's own course of checkpoints too.
fn shortest(
    stage: &Stage,
    extra: Extra,
    done: &[Command],
    violation: Violation,
) -> Box<CounterExample> {
    let fails = |commands: &[Command]| {
        let mut world = match World::new(stage) {
            Ok(world) => world,
            Err(violation) => return Some((0, violation)),
        };
        commands.iter().enumerate().find_map(|(place, command)| {
            if world.halted() {
                return None;
            }
            let violation = step(stage, &mut world, *command, Some(extra)).err()?;
            Some((place + 1, violation))
        })
    };
    let (commands, violation) = match fails(done) {
        Some(_) => shrink(done, fails),
        None => (done.to_vec(), violation),
    };
    Box::new(CounterExample {
        sizes: stage.sizes.clone(),
        commands,
        violation,
    })
}

fn call(call: Call, words: [u64; 3]) -> Command {
    Command::Call(call, words.map(Word::Number))
}

/// Everyone behaves: whoever can still act has its turn, what is asked for is given back or taken,
/// and each gets a frame, binds a page and completes a reference. Returns how many references.
fn heal(stage: &Stage, world: &mut World, found: &mut Simulated) -> Result<u64, Violation> {
    let count = stage.sizes.limits.len();
    let mut make = |world: &mut World, command: Command| {
        let events = step(stage, world, command, Some(content))?;
        found.note(&events);
        Ok::<Vec<Stamped>, Violation>(events)
    };
    // Each revocation comes to its end: a request, an imperative, and a frame at a time.
    for _ in 0..count * (stage.sizes.frames as usize + 2) {
        if world.machine.kernel().next_due().is_none() || world.halted() {
            break;
        }
        make(world, Command::Wait)?;
    }
    let pending = world.machine.kernel().next_due();
    require(pending.is_none() || world.halted(), "INV-REV-1", || {
        format!("{pending:?} never comes to its end")
    })?;
    let (mut had_turns, mut healed) = (BTreeSet::new(), 0);
    let owners = world.machine.kernel().slices.owners();
    let owners: BTreeSet<EnvId> = owners.iter().flatten().copied().collect();
    // Twice round the vector, in which one may have several slices.
    let turns = 2 * world.machine.kernel().slices.owners().len();
    for _ in 0..turns {
        if world.halted() {
            break;
        }
        let env = world.actor();
        had_turns.insert(env);
        for frame in owned(world, env) {
            make(world, call(Call::Free, [frame, 0, 0]))?;
        }
        make(world, Command::Switch)?;
    }
    for (index, environment) in world.machine.kernel().environments.iter().enumerate() {
        let env = EnvId(index as u8);
        let able = environment.runnable() && matches!(environment.handler, Handler::Native);
        require(
            !(able && owners.contains(&env)) || had_turns.contains(&env),
            "INV-SCHED-1",
            || format!("environment {index} never has its turn"),
        )?;
    }
    for _ in 0..turns {
        if world.halted() {
            break;
        }
        healed += one_reference(stage, world, &mut make)?;
        make(world, Command::Switch)?;
    }
    Ok(healed)
}

/// The environment whose turn it is allocates, binds and completes a reference, unless there is no
/// frame for it, or its application is no trace.
fn one_reference(
    stage: &Stage,
    world: &mut World,
    make: &mut impl FnMut(&mut World, Command) -> Result<Vec<Stamped>, Violation>,
) -> Result<u64, Violation> {
    let env = world.actor();
    let kernel = world.machine.kernel();
    let limit = kernel.environments[env.index()].frame_limit;
    if stage.asks(world) || limit == 0 || kernel.frames.free() == 0 {
        return Ok(0);
    }
    make(world, call(Call::Allocate, [0; 3]))?;
    let Some(frame) = owned(world, env).first().copied() else {
        return require(false, "liveness", || format!("{env:?} gets no frame")).map(|()| 0);
    };
    make(world, call(Call::TlbWrite, [0, frame, 1]))?;
    let events = make(world, Command::Reference(0, ReferenceKind::Store))?;
    let used = |it: &Stamped| matches!(it.event, Event::Accessed { env: by, .. } if by == env);
    require(events.iter().any(used), "liveness", || {
        format!("{env:?} completes no reference")
    })?;
    make(world, call(Call::Free, [frame, 0, 0]))?;
    Ok(1)
}

/// Frames of an environment that hold no program state.
fn owned(world: &World, env: EnvId) -> Vec<u64> {
    let records = world.machine.kernel().frames.records().iter().enumerate();
    let own = records.filter(|(_, it)| it.owner == Some(env) && !it.pinned);
    own.map(|(frame, _)| frame as u64).collect()
}
