//! The kernel and the naive model, given the same random commands, must not differ: neither in an
//! answer nor in what there is afterwards, refused or not.

use exo_core::error::SysError;
use exo_core::event::{Event, Stamped};
use exo_core::ids::{Block, Direction, EnvId, Frame, ReferenceKind};
use exo_core::kernel::check::Violation;

use super::command::{Command, Word};
use super::explore::CounterExample;
use super::model::{Model, Transfer};
use super::shrink::shrink;
use super::stage::Stage;
use super::swarm::{Swarm, sizes};
use super::world::{Answer, World};
use super::{Verdict, require};

/// Commands of one run.
const RUN: usize = 1000;
/// Largest memory.
const FRAMES: u32 = 16;

/// What was compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Commands in all.
    pub commands: u64,
    /// Calls that both refused.
    pub refused: u64,
    /// References that both completed.
    pub completed: u64,
    /// Frames that were taken from their owners.
    pub taken: u64,
    /// Frames whose contents were saved when they were taken.
    pub saved: u64,
}

/// A kernel and a model side by side.
pub(super) struct Pair<'stage> {
    pub(super) stage: &'stage Stage,
    pub(super) world: World,
    pub(super) model: Model,
    compared: Compared,
    events: Vec<Stamped>,
}

/// Compares the two over random commands, from `seed` on, in runs of their own sizes.
///
/// # Errors
/// A short sequence of commands after which they differ.
pub fn compare(seed: u64, commands: u64) -> Result<Compared, Box<CounterExample>> {
    let mut sum = Compared::default();
    for run in 0..commands.div_ceil(RUN as u64) {
        let seed = seed + run;
        let mut sizes = sizes(seed, FRAMES);
        // Every third time frames are asked for and taken, before the disk is done or not.
        sizes.revocation = seed.is_multiple_of(3);
        sizes.hasty = seed.is_multiple_of(2);
        if sizes.revocation {
            sizes.blocks = sizes.blocks.max(sizes.limits.len() as u32);
        }
        let stage = Stage::new(sizes, RUN);
        let mut swarm = match stage.sizes.revocation {
            true => Swarm::with_limits(seed, &stage.sizes),
            false => Swarm::new(seed, &stage.sizes),
        };
        let mut done = World::prelude(&stage);
        let compared = one_run(&stage, &mut swarm, &mut done);
        let compared = compared.map_err(|_| shortest(&stage, &done))?;
        sum.commands += compared.commands;
        sum.refused += compared.refused;
        sum.completed += compared.completed;
        sum.taken += compared.taken;
        sum.saved += compared.saved;
    }
    Ok(sum)
}

fn one_run(
    stage: &Stage,
    swarm: &mut Swarm,
    done: &mut Vec<Command>,
) -> Result<Compared, Violation> {
    let mut pair = Pair::new(stage)?;
    for command in done.clone() {
        pair.make(command)?;
    }
    for _ in 0..RUN {
        if pair.world.halted() {
            break;
        }
        let command = swarm.next(stage, &pair.world);
        done.push(command);
        pair.make(command)?;
    }
    Ok(pair.compared)
}

/// The first of the commands, after the prelude, that makes a difference, and what that is.
fn difference(stage: &Stage, commands: &[Command]) -> Option<(usize, Violation)> {
    let mut pair = Pair::new(stage).ok()?;
    for command in World::prelude(stage) {
        if let Err(violation) = pair.make(command) {
            return Some((0, violation));
        }
    }
    commands.iter().enumerate().find_map(|(place, command)| {
        if pair.world.halted() {
            return None;
        }
        let violation = pair.make(*command).err()?;
        Some((place + 1, violation))
    })
}

fn shortest(stage: &Stage, done: &[Command]) -> Box<CounterExample> {
    let prelude = World::prelude(stage).len().min(done.len());
    let fails = |commands: &[Command]| difference(stage, commands);
    let (commands, violation) = shrink(&done[prelude..], fails);
    Box::new(CounterExample {
        sizes: stage.sizes.clone(),
        commands,
        violation,
    })
}

impl Pair<'_> {
    fn new(stage: &Stage) -> Result<Pair<'_>, Violation> {
        let sizes = &stage.sizes;
        let (frames, bits) = (sizes.frames.into(), sizes.page_bits.into());
        let state = stage.state_frames();
        let world = World::at_reset(stage)?;
        let mut model = Model::new(frames, bits, &sizes.limits, sizes.stamps, state);
        model.blocks = sizes.blocks.into();
        model.fault = sizes.disk_fault.map(|it| (it.transfer, it.for_ever));
        let owners = world.machine.kernel().slices.owners().iter();
        model.slices = owners.map(|it| it.map(|env| env.0)).collect();
        Ok(Pair {
            stage,
            world,
            model,
            compared: Compared::default(),
            events: Vec::new(),
        })
    }

    /// Makes a command on both sides and compares.
    fn make(&mut self, command: Command) -> Verdict {
        self.events.clear();
        let actor = self.world.actor();
        let (words, asks) = (self.numbers(command), self.stage.asks(&self.world));
        let answer = self.world.apply(self.stage, command, &mut self.events)?;
        self.compared.commands += 1;
        match command {
            Command::Call(call, _) => {
                self.called(actor, call, words, answer)?;
                self.happened(None)?;
            }
            Command::Reference(address, kind) if !asks => {
                self.happened(Some((actor, address, kind)))?;
            }
            _ => self.happened(None)?,
        }
        self.agree()
    }

    /// What was told, one thing after the other, is what the model does: a reference that is completed,
    /// and what happens meanwhile.
    fn happened(&mut self, reference: Option<(EnvId, u32, ReferenceKind)>) -> Verdict {
        let mut completed = false;
        for stamped in std::mem::take(&mut self.events) {
            match (stamped.event, reference) {
                (Event::Accessed { env, .. }, Some((actor, address, kind))) if env == actor => {
                    completed = true;
                    self.completed(actor, address, kind)?;
                }
                (event, _) => self.fell_due(event)?,
            }
        }
        match reference {
            Some((actor, address, kind)) if !completed => self.missed(actor, address, kind),
            _ => Ok(()),
        }
    }

    /// What the disk has done, what the kernel has taken, and what the user has set.
    fn fell_due(&mut self, event: Event) -> Verdict {
        match event {
            Event::DiskCompleted {
                env,
                direction,
                block,
                frame,
                result,
                ..
            } => {
                let write = direction == Direction::Write;
                self.transferred(transfer(env, write, (block, frame), false), result)
            }
            Event::ContentsSaved {
                env,
                block,
                frame,
                result,
            } => {
                self.compared.saved += u64::from(result.is_ok());
                self.transferred(transfer(env, true, (block, frame), true), result)
            }
            Event::Repossessed {
                env,
                frame,
                contents,
                block,
                ..
            } => {
                self.compared.taken += 1;
                let told = (contents as u64, block.map(|it| u64::from(it.0)));
                let expected = self.model.take(env.0, frame.0.into());
                require(expected == Some(told), "model", || {
                    format!("{frame:?} of {env:?} was taken: {told:?}, expected {expected:?}")
                })
            }
            Event::LimitSet {
                env, frame_limit, ..
            } => {
                self.model.limits[env.index()] = frame_limit;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn transferred(&mut self, told: Transfer, result: Result<(), SysError>) -> Verdict {
        let ended = self.model.transferred();
        let ended = ended.map(|(it, result)| (Transfer { key: 0, ..it }, result));
        require(ended == Some((told, result)), "model", || {
            format!("{told:?} ended with {result:?}, expected {ended:?}")
        })
    }

    /// The words of a call as numbers, as they are before it.
    fn numbers(&self, command: Command) -> [u64; 3] {
        let Command::Call(_, words) = command else {
            return [0; 3];
        };
        words.map(|word| match word {
            Word::Number(number) => number,
            Word::Key(key) => self.world.number(key).unwrap_or(0),
        })
    }

    fn called(
        &mut self,
        actor: EnvId,
        call: exo_core::kernel::call::Call,
        words: [u64; 3],
        answer: Answer,
    ) -> Verdict {
        let given = answer.and_then(Result::ok).unwrap_or(0);
        let expected = self.model.call(actor.0, call, words, given);
        self.compared.refused += u64::from(expected.is_err());
        // A transfer that is taken on is answered later.
        let answer = match self.events.first().map(|it| &it.event) {
            Some(Event::DiskRequested { .. }) => Some(Ok(0)),
            _ => answer,
        };
        require(answer == Some(expected), "model", || {
            format!("{call:?}{words:?} of {actor:?} gave {answer:?}, expected {expected:?}")
        })
    }

    fn completed(&mut self, actor: EnvId, address: u32, kind: ReferenceKind) -> Verdict {
        let allowed = self.model.allows(actor.0, address, kind.stores());
        require(allowed, "model", || {
            format!("{actor:?} {kind:?} {address:#x} was completed")
        })?;
        self.compared.completed += 1;
        let loads = kind != ReferenceKind::Store;
        self.model.complete(actor.0, address, loads, kind.stores());
        Ok(())
    }

    /// With room for every page the caches lose nothing. Where the kernel asks for frames, a reference
    /// is given up for what its libOS is told first.
    fn missed(&self, actor: EnvId, address: u32, kind: ReferenceKind) -> Verdict {
        let allowed = self.model.allows(actor.0, address, kind.stores());
        let sizes = &self.stage.sizes;
        let room = sizes.tlb.sets == 1
            && sizes.tlb.ways as usize >= sizes.limits.len() * sizes.pages as usize;
        let undisturbed = room && !sizes.revocation;
        require(!(allowed && undisturbed), "model", || {
            format!("{actor:?} {kind:?} {address:#x} was not completed")
        })
    }
}

/// A transfer, as the model says it.
fn transfer(env: EnvId, write: bool, (block, frame): (Block, Frame), saves: bool) -> Transfer {
    Transfer {
        env: env.0,
        write,
        block: block.0.into(),
        frame: frame.0.into(),
        key: 0,
        saves,
    }
}
