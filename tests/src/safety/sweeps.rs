//! Sweeps: in each scenario every limit is reached at its n-th use, for every n, once and for ever. What
//! is refused is contained: every invariant holds, and the others are where they would have been.

use exo_core::cpu::Trap;
use exo_core::error::SysError;
use exo_core::event::{BreakReason, Silent, Stamped};
use exo_core::hw::DiskFault;
use exo_core::ids::{EnvId, Frame};
use exo_core::kernel::call::Call;
use exo_core::kernel::check::Violation;
use exo_core::kernel::{Handler, Phase};
use exo_core::limits::UPCALL_FUEL;
use exo_core::machine::Machine;

use super::command::{Command, Key, Word, parse};
use super::oracle::Step;
use super::stage::{SLICE, Sizes, Stage};
use super::world::World;
use super::{Verdict, require};

/// What runs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exhausted {
    /// No frame of the machine is free: the other environment has taken them.
    Frames,
    /// The environment holds as many as it may.
    Limit,
    /// The environment has made as many capabilities as it may.
    Capabilities,
}

/// Everything that can run out.
pub const EXHAUSTED: &[Exhausted] = &[Exhausted::Frames, Exhausted::Limit, Exhausted::Capabilities];

/// What the first environment does, and the others in between.
pub const SCENARIOS: &[(&str, &str)] = &[
    (
        "a pager",
        "allocate | tlb_write 0 0 rw | write 0x0 | allocate | tlb_write 1 1 rw | write 0x8 | read 0x0 \
         | free 0 | allocate | tlb_write 0 0 r | read 0x0",
    ),
    (
        "named frames",
        "allocate_at 2 | tlb_write 0 2 rw | write 0x0 | allocate_at 1 | free 2 | allocate_at 2",
    ),
    (
        "a share",
        "allocate | tlb_write 0 0 rw | write 0x0 | capability 0 r | switch \
         | tlb_write_shared 1 key0 r | read 0x8 | switch | revoke key0 | write 0x0",
    ),
    (
        "a share that is passed on",
        "allocate | capability 0 rw | derive key0 r | switch | tlb_write_shared 0 key1 r \
         | derive key0 rw | switch | revoke key0 | capability 0 rw | derive key0 r | free 0",
    ),
    (
        "a frame that is taken twice",
        "allocate | limit 0 0 | wait | wait | limit 0 1 | allocate_at 0 | limit 0 0 | wait | wait \
         | next_repossessed | next_repossessed | limit 0 4",
    ),
    (
        "bits",
        "allocate | tlb_write 0 0 rw | write 0x0 | dirty 0 | clear_dirty 0 | read 0x0 | dirty 0 \
         | referenced 0 | clear_referenced 0 | allocate | free 1",
    ),
];

/// What was swept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Runs.
    pub runs: u64,
    /// Refusals caused by what had run out.
    pub refusals: u64,
}

/// A limit that is reached at some use, and whether it stays so.
#[derive(Clone, Copy, Debug)]
struct Failure {
    what: Exhausted,
    at: usize,
    for_ever: bool,
}

/// Who takes the machine's last frames.
const ASIDE: EnvId = EnvId(2);

fn sizes() -> Sizes {
    Sizes {
        frames: 6,
        limits: vec![4, 6, 6],
        page_bits: 3,
        capabilities: usize::MAX,
        ..Sizes::tiny(3, 6, 2, 4)
    }
}

/// Sweeps every scenario.
///
/// # Errors
/// What is broken, and where.
pub fn sweep() -> Result<Swept, Violation> {
    let stage = Stage::new(sizes(), 1000);
    let mut swept = Swept::default();
    endless()?;
    lost_under_transfer()?;
    saved()?;
    for (name, text) in SCENARIOS {
        let commands: Vec<Command> = text
            .split('|')
            .map(|it| parse(it).unwrap_or_else(|error| panic!("{name}: {error}")))
            .collect();
        for what in EXHAUSTED {
            for at in 0..commands.len() {
                for for_ever in [false, true] {
                    let failure = Failure {
                        what: *what,
                        at,
                        for_ever,
                    };
                    let refused = one_run(&stage, &commands, failure);
                    swept.refusals += refused.map_err(|it| located(it, name, failure))?;
                    swept.runs += 1;
                }
            }
        }
    }
    Ok(swept)
}

fn located(violation: Violation, name: &str, failure: Failure) -> Violation {
    Violation {
        detail: format!("{name}, {failure:?}: {}", violation.detail),
        ..violation
    }
}

/// Runs a scenario in which something has run out before one of the commands, for that one or for the
/// rest. Returns how many calls were refused for that.
fn one_run(stage: &Stage, commands: &[Command], failure: Failure) -> Result<u64, Violation> {
    let mut world = World::new(stage)?;
    let mut refused = 0;
    for (place, command) in commands.iter().enumerate() {
        let mut undone = None;
        if place == failure.at {
            undone = Some(exhaust(stage, &mut world, failure.what)?);
        }
        if let Some(error) = made(stage, &mut world, *command)? {
            let limits = [
                SysError::NoFreeFrame,
                SysError::Limit,
                SysError::CapabilityLimit,
            ];
            refused += u64::from(limits.contains(&error));
        }
        let (Some((by, undo)), false) = (undone, failure.for_ever) else {
            continue;
        };
        let now = world.actor();
        turn_of(stage, &mut world, by)?;
        for command in undo {
            made(stage, &mut world, command)?;
        }
        turn_of(stage, &mut world, now)?;
    }
    Ok(refused)
}

/// Makes a command under every invariant and oracle. Returns why it was refused, if it was.
fn made(stage: &Stage, world: &mut World, command: Command) -> Result<Option<SysError>, Violation> {
    let (before, mut events): (World, Vec<Stamped>) = (world.clone(), Vec::new());
    let answer = world.apply(stage, command, &mut events)?;
    let step = Step {
        before: &before,
        command,
        after: world,
        events: &events,
        answer,
    };
    world.machine.check()?;
    step.check()?;
    step.story()?;
    Ok(step.refusal())
}

/// Lets something run out. Returns what is to be done, and by whom, for it to be there again.
fn exhaust(
    stage: &Stage,
    world: &mut World,
    what: Exhausted,
) -> Result<(EnvId, Vec<Command>), Violation> {
    let call = |call, words: [u64; 3]| Command::Call(call, words.map(Word::Number));
    let env = world.actor();
    let by = if what == Exhausted::Frames {
        ASIDE
    } else {
        env
    };
    turn_of(stage, world, by)?;
    let mut undo = Vec::new();
    if what == Exhausted::Capabilities {
        if let Some(frame) = owned(world, env).first() {
            let before = made_by(world, env);
            while made(stage, world, call(Call::Capability, [*frame, 0, 0]))?.is_none() {}
            let new = made_by(world, env)
                .into_iter()
                .filter(|it| !before.contains(it));
            let nothing = Word::Number(0);
            let words = new.map(|place| [Word::Key(Key::Last(place)), nothing, nothing]);
            undo.extend(words.map(|words| Command::Call(Call::Revoke, words)));
        }
    } else {
        let before = owned(world, by);
        while made(stage, world, call(Call::Allocate, [0; 3]))?.is_none() {}
        let new = owned(world, by)
            .into_iter()
            .filter(|it| !before.contains(it));
        undo.extend(new.map(|frame| call(Call::Free, [frame, 0, 0])));
    }
    turn_of(stage, world, env)?;
    Ok((by, undo))
}

/// Places of the capabilities that an environment has made.
fn made_by(world: &World, env: EnvId) -> Vec<u16> {
    let records = world.machine.kernel().capabilities.records();
    let own = records.filter(|(_, it)| it.maker == env);
    own.map(|(id, _)| id.0).collect()
}

/// Goes round until it is an environment's turn.
fn turn_of(stage: &Stage, world: &mut World, env: EnvId) -> Verdict {
    for _ in 0..stage.sizes.limits.len() {
        if world.actor() == env {
            return Ok(());
        }
        made(stage, world, Command::Switch)?;
    }
    require(world.actor() == env, "INV-SCHED-1", || {
        format!("{env:?} never has its turn")
    })
}

fn owned(world: &World, env: EnvId) -> Vec<u64> {
    let records = world.machine.kernel().frames.records().iter().enumerate();
    let own = records.filter(|(_, it)| it.owner == Some(env) && !it.pinned);
    own.map(|(frame, _)| frame as u64).collect()
}

/// A policy that never comes back is stopped when its fuel is used up, and the machine goes on.
///
/// # Errors
/// It is not.
pub fn endless() -> Verdict {
    let stage = Stage::new(sizes(), 1);
    let mut config = sizes().config();
    config.environments[0].handler = Handler::Program(stage.programs.loops.clone());
    let machine = Machine::new(config);
    let mut machine = machine.unwrap_or_else(|error| panic!("{error}"));
    machine.set_slice(SLICE);
    machine.run(2 * UPCALL_FUEL, &[&stage.gate], &mut Silent);
    machine.check()?;
    let stopped = machine.environment(EnvId(0)).map(|it| it.phase);
    let reason = BreakReason::Trap(Trap::OutOfFuel);
    let fuel = stopped == Some(Phase::Broken(reason));
    let goes_on = machine.native_fault(EnvId(1)).is_some();
    require(fuel && goes_on, "INV-LIM-1", || {
        format!("an endless handler is {stopped:?}")
    })
}

/// A frame that is taken while the disk has it is nobody's until the disk is done, and then free (INV-REV-4).
///
/// # Errors
/// It is not.
pub fn lost_under_transfer() -> Verdict {
    let mut sizes = sizes();
    (sizes.blocks, sizes.hasty, sizes.revocation) = (6, true, true);
    let stage = Stage::new(sizes, 1000);
    let mut world = World::new(&stage)?;
    let text = "allocate | extent_allocate 1 | disk_write key0 0 0 | limit 0 0 | wait | allocate";
    for text in text.split('|') {
        let command = parse(text).unwrap_or_else(|error| panic!("{error}"));
        made(&stage, &mut world, command)?;
    }
    let environment = world.machine.environment(EnvId(0));
    let lost = environment.is_some_and(|it| it.counters.repossessions == 1);
    require(lost, "INV-REV-1", || {
        "a frame under a transfer is never taken".to_owned()
    })
}

/// What is in a frame that is taken goes to the block that was preloaded, by right of the capability that
/// was presented; if the disk fails at it, the first read of the block is refused (A19, INV-DISK-1).
///
/// # Errors
/// It is not so.
pub fn saved() -> Verdict {
    for fails in [false, true] {
        let mut sizes = sizes();
        (sizes.blocks, sizes.hasty, sizes.revocation) = (6, true, true);
        sizes.disk_fault = fails.then_some(DiskFault {
            transfer: 1,
            for_ever: false,
        });
        let stage = Stage::new(sizes, 1000);
        let mut world = World::new(&stage)?;
        let text = "allocate | extent_allocate 2 | derive key0 r | preload key1 0 | preload key0 1 \
                    | tlb_write 0 0 rw | write 0x0 | limit 0 0 | wait | wait | limit 0 1 \
                    | next_repossessed | allocate | disk_read key0 1 0 | wait";
        for text in text.split('|') {
            let command = parse(text).unwrap_or_else(|error| panic!("{error}"));
            made(&stage, &mut world, command)?;
        }
        let counters = world.machine.environment(EnvId(0)).map(|it| it.counters);
        let (taken, reads) = counters.map_or((0, 0), |it| (it.repossessions, it.disk_reads));
        let bytes = world.machine.hardware().memory.frame_bytes(Frame(0));
        let there = bytes.iter().any(|byte| *byte != 0);
        let right = taken == 1 && reads == u64::from(!fails) && there != fails;
        require(right, "INV-DISK-1", || {
            format!("the disk fails: {fails}; {taken} taken, {reads} read back, found: {there}")
        })?;
    }
    Ok(())
}
