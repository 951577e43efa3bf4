//! The kernel and the naive model, given the same random commands, must not differ: neither in an
//! answer nor in what there is afterwards, refused or not.

use exo_core::event::{Event, Stamped};
use exo_core::ids::{Access, Block, Direction, EnvId, Frame, Object, ReferenceKind};
use exo_core::kernel::Right;
use exo_core::kernel::check::Violation;

use super::command::{Command, Word};
use super::explore::CounterExample;
use super::model::{Extent, Model, Thing, Transfer};
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
}

/// A kernel and a model side by side.
struct Pair<'stage> {
    stage: &'stage Stage,
    world: World,
    model: Model,
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
        let stage = Stage::new(sizes(seed, FRAMES), RUN);
        let mut swarm = Swarm::new(seed, &stage.sizes);
        let mut done = World::prelude(&stage);
        let compared = one_run(&stage, &mut swarm, &mut done);
        let compared = compared.map_err(|_| shortest(&stage, &done))?;
        sum.commands += compared.commands;
        sum.refused += compared.refused;
        sum.completed += compared.completed;
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
            Command::Call(call, _) => self.called(actor, call, words, answer)?,
            Command::Reference(..) if asks => {}
            Command::Reference(address, kind) => self.referenced(actor, address, kind)?,
            _ => {}
        }
        self.transferred()?;
        self.agree()
    }

    /// What the disk has done meanwhile is what the model's disk does.
    fn transferred(&mut self) -> Verdict {
        for stamped in &self.events {
            let Event::DiskCompleted {
                env,
                direction,
                block,
                frame,
                result,
                ..
            } = stamped.event
            else {
                continue;
            };
            let told = Transfer {
                env: env.0,
                write: direction == Direction::Write,
                block: block.0.into(),
                frame: frame.0.into(),
                key: 0,
            };
            let ended = self.model.transferred();
            let ended = ended.map(|(it, result)| (Transfer { key: 0, ..it }, result));
            require(ended == Some((told, result)), "model", || {
                format!("{told:?} ended with {result:?}, expected {ended:?}")
            })?;
        }
        Ok(())
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

    fn referenced(&mut self, actor: EnvId, address: u32, kind: ReferenceKind) -> Verdict {
        let completed = |it: &Stamped| matches!(it.event, Event::Accessed { .. });
        let completed = self.events.iter().any(completed);
        let allowed = self.model.allows(actor.0, address, kind.stores());
        require(allowed || !completed, "model", || {
            format!("{actor:?} {kind:?} {address:#x} was completed")
        })?;
        // With room for every page the caches lose nothing.
        let sizes = &self.stage.sizes;
        let room = sizes.tlb.sets == 1
            && sizes.tlb.ways as usize >= sizes.limits.len() * sizes.pages as usize;
        require(completed || !(allowed && room), "model", || {
            format!("{actor:?} {kind:?} {address:#x} was not completed")
        })?;
        if completed {
            self.compared.completed += 1;
            let loads = kind != ReferenceKind::Store;
            self.model.complete(actor.0, address, loads, kind.stores());
        }
        Ok(())
    }

    /// Whether both have the same frames, contents, capabilities and checksums, and the kernel's
    /// caches hold nothing that the model has not.
    fn agree(&self) -> Verdict {
        for frame in 0..self.stage.sizes.frames {
            self.frame_agrees(Frame(frame))?;
        }
        let (kernel, model) = (self.world.machine.kernel(), &self.model);
        let free = kernel.frames.free_list().map(|it| u64::from(it.0));
        require(free.eq(model.free.iter().rev().copied()), "model", || {
            format!("the free list is not {:?}", model.free)
        })?;
        let number = |id| kernel.capabilities.number(id);
        let live = model.keys.iter().filter(|it| it.live).count();
        let records = kernel.capabilities.records();
        let known = records.filter(|(id, it)| {
            model.keys.iter().any(|key| {
                let access = if key.write {
                    Access::ReadWrite
                } else {
                    Access::Read
                };
                key.live
                    && Some(key.number) == number(*id)
                    && key.thing == thing(it.object)
                    && key.maker == it.maker.0
                    && (key.parent, access) == (it.parent.and_then(number), it.access)
            })
        });
        let (known, all) = (known.count(), kernel.capabilities.records().count());
        require(known == all && known == live, "model", || {
            format!("{known} of {all} capabilities are among the model's {live}")
        })?;
        for (place, environment) in kernel.environments.iter().enumerate() {
            let (cursor, sum) = (model.cursors[place], model.checksums[place]);
            let same = (environment.cursor, environment.checksum) == (cursor, sum);
            require(same, "model", || {
                format!("environment {place} has read something else")
            })?;
        }
        self.disk_agrees()?;
        self.caches_agree()
    }

    /// Whether both have the same extents, blocks and slices.
    fn disk_agrees(&self) -> Verdict {
        let (machine, model) = (&self.world.machine, &self.model);
        let kernel = machine.kernel();
        let mut extents = model.extents.clone();
        extents.sort_unstable_by_key(|it| it.first);
        let records = kernel.extents.records().iter().map(|(it, owner)| Extent {
            first: it.first.0.into(),
            blocks: it.blocks.into(),
            owner: owner.0,
        });
        require(records.eq(extents.iter().copied()), "model", || {
            format!("the extents are not {extents:?}")
        })?;
        let owners = kernel.slices.owners().iter().map(|it| it.map(|env| env.0));
        require(owners.eq(model.slices.iter().copied()), "model", || {
            format!("the slices are not {:?}", model.slices)
        })?;
        for (place, environment) in kernel.environments.iter().enumerate() {
            let blocks = environment.repossessed.blocks().iter();
            let lasting = blocks.filter(|it| kernel.capabilities.authority(it.capability).is_ok());
            let lasting = lasting.map(|it| u64::from(it.block.0));
            let expected = model.vector(place as u8);
            require(lasting.eq(expected.iter().copied()), "model", || {
                format!("the vector of {place} has not the blocks {expected:?}")
            })?;
        }
        for block in (0..self.stage.sizes.blocks).map(Block) {
            let bytes = machine.hardware().disk.contents(block).unwrap_or(&[]);
            for offset in 0..1_u32 << self.stage.sizes.page_bits {
                let byte = bytes.get(offset as usize).copied().unwrap_or(0);
                let expected = model.stored.get(&(block.0.into(), offset));
                let expected = expected.copied().unwrap_or(0);
                require(byte == expected, "model", || {
                    format!("{block:?} holds {byte} at {offset}, the model {expected}")
                })?;
            }
        }
        Ok(())
    }

    fn frame_agrees(&self, frame: Frame) -> Verdict {
        let (machine, model) = (&self.world.machine, &self.model);
        let number = u64::from(frame.0);
        let record = machine.kernel().frames.records().get(frame.index());
        let owner = record.and_then(|it| it.owner).map(|it| it.0);
        let page = record.and_then(|it| it.page).map(|it| u64::from(it.0));
        let memory = &machine.hardware().memory;
        let bits = (memory.referenced(frame), memory.dirty(frame));
        let marks = (
            model.referenced.contains(&number),
            model.dirty.contains(&number),
        );
        let same = owner == model.owners.get(&number).copied()
            && page == model.pages.get(&number).copied()
            && bits == marks;
        require(same, "model", || {
            format!("{frame:?} is {record:?} with bits {bits:?}; the model has {marks:?}")
        })?;
        let bytes = memory.frame_bytes(frame);
        for offset in 0..1_u32 << self.stage.sizes.page_bits {
            let byte = bytes.get(offset as usize).copied().unwrap_or(0);
            let expected = model.contents.get(&(number, offset)).copied().unwrap_or(0);
            require(byte == expected, "model", || {
                format!("{frame:?} holds {byte} at {offset}, the model {expected}")
            })?;
        }
        Ok(())
    }

    fn caches_agree(&self) -> Verdict {
        let kernel = self.world.machine.kernel();
        let tlb = self.world.machine.hardware().tlb.entries().iter().flatten();
        let tlb = tlb.map(|it| (it.asid, it.page, it.frame, it.access, Right::noted(it.note)));
        let stlb = kernel.stlb.entries().iter().flatten();
        let stlb = stlb.map(|it| (it.env.0, it.page, it.frame, it.access, it.right));
        for (env, page, frame, access, right) in tlb.chain(stlb) {
            let key = match right {
                Right::Owner => None,
                Right::Capability(id) => kernel.capabilities.number(id),
            };
            let bound = self.model.bindings.get(&(env, page.0.into()));
            let same = bound.is_some_and(|it| {
                let writes = access == Access::ReadWrite;
                (it.frame, it.write, it.key) == (frame.0.into(), writes, key)
            });
            require(same, "model", || {
                format!("{env} {page:?} is cached as {frame:?} {access:?}, the model has {bound:?}")
            })?;
        }
        Ok(())
    }
}

/// What a capability is for, as the model says it.
fn thing(object: Object) -> Thing {
    match object {
        Object::Frame(frame) => Thing::Frame(frame.0.into()),
        Object::Extent(extent) => Thing::Blocks(extent.first.0.into(), extent.blocks.into()),
    }
}
