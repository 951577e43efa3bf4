//! Noninterference: two runs that differ only in what the first environment may not read look the
//! same to it, step by step (the confidentiality oracle).
//!
//! In the second run the others' traces hold other values, they store where they load in the first,
//! and they ask more questions. They share nothing with the first, which may share with them, and it
//! presents no capability for blocks of theirs.

use exo_core::event::{Event, Stamped};
use exo_core::ids::{Access, Block, EnvId, Frame, Object, Page, ReferenceKind};
use exo_core::kernel::call::Call;
use exo_core::kernel::check::Violation;
use exo_core::machine::{Flip, Machine};
use exo_core::rng::Rng;

use super::command::{Command, Key, Word};
use super::explore::CounterExample;
use super::oracle::authority;
use super::shrink::shrink;
use super::stage::{Sizes, Stage};
use super::swarm::{Swarm, sizes};
use super::world::World;
use super::{Verdict, require};

/// Commands of one pair.
const RUN: usize = 60;
/// Largest memory.
const FRAMES: u32 = 6;
/// References by which the others are ahead in the second run.
const AHEAD: usize = 3;
/// The random sequence of bits that turn over.
const FLIPS: u64 = 1 << 41;
/// Who looks.
const OBSERVER: EnvId = EnvId(0);

/// What was compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paired {
    /// Pairs of runs.
    pub pairs: u64,
    /// Events of the observer.
    pub observations: u64,
    /// Pairs in which contents that the observer may not read differed at some time.
    pub secrets: u64,
}

/// How the second run differs from the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Differs {
    /// By what the others do.
    Behaviour,
    /// By bits that turn over in what is not the observer's: in memory and on the disk.
    Flips,
}

/// Two runs.
struct Pair<'stage> {
    stage: &'stage Stage,
    differs: Differs,
    rng: Rng,
    worlds: [World; 2],
    events: [Vec<Stamped>; 2],
    observations: u64,
    secrets: bool,
}

/// Compares so many pairs, from `seed` on.
///
/// # Errors
/// A short sequence of commands after which the observer can tell the runs apart.
pub fn compare(differs: Differs, seed: u64, pairs: u64) -> Result<Paired, Box<CounterExample>> {
    let mut sum = Paired::default();
    for seed in seed..seed + pairs {
        let stage = Stage::new(stage_sizes(seed), 1);
        let mut swarm = Swarm::new(seed, &stage.sizes);
        let mut done = Vec::new();
        let compared = one_pair(differs, &stage, &mut swarm, &mut done);
        let (observations, secrets) = compared.map_err(|_| shortest(differs, &stage, &done))?;
        sum.pairs += 1;
        sum.observations += observations;
        sum.secrets += u64::from(secrets);
    }
    Ok(sum)
}

fn stage_sizes(seed: u64) -> Sizes {
    let mut sizes = sizes(seed, FRAMES);
    // When frames were used is for all to see: use stamps count the references of everyone.
    (sizes.stamps, sizes.asker) = (false, false);
    if sizes.limits.len() == 1 {
        sizes.limits.push(sizes.frames);
    }
    sizes
}

fn one_pair(
    differs: Differs,
    stage: &Stage,
    swarm: &mut Swarm,
    done: &mut Vec<Command>,
) -> Result<(u64, bool), Violation> {
    let mut pair = Pair::new(differs, stage)?;
    for _ in 0..RUN {
        let command = swarm.next(stage, &pair.worlds[0]);
        done.push(command);
        pair.make(command)?;
    }
    Ok((pair.observations, pair.secrets))
}

fn shortest(differs: Differs, stage: &Stage, done: &[Command]) -> Box<CounterExample> {
    let fails = |commands: &[Command]| {
        let mut pair = match Pair::new(differs, stage) {
            Ok(pair) => pair,
            Err(violation) => return Some((0, violation)),
        };
        commands.iter().enumerate().find_map(|(place, command)| {
            let violation = pair.make(*command).err()?;
            Some((place + 1, violation))
        })
    };
    let (commands, violation) = shrink(done, fails);
    Box::new(CounterExample {
        sizes: stage.sizes.clone(),
        commands,
        violation,
    })
}

impl Pair<'_> {
    fn new(differs: Differs, stage: &Stage) -> Result<Pair<'_>, Violation> {
        let mut pair = Pair {
            stage,
            differs,
            rng: Rng::new(stage.sizes.seed, FLIPS),
            worlds: [World::at_reset(stage)?, World::at_reset(stage)?],
            events: [Vec::new(), Vec::new()],
            observations: 0,
            secrets: false,
        };
        for command in World::prelude(stage) {
            let secret = pair.worlds[1].actor() != OBSERVER;
            let behaves = differs == Differs::Behaviour;
            let ahead = behaves && secret && matches!(command, Command::Reference(..));
            for _ in 0..if ahead { AHEAD } else { 0 } {
                pair.worlds[1].apply(stage, command, &mut Vec::new())?;
            }
            pair.make(command)?;
        }
        Ok(pair)
    }

    /// Makes a command in both, and in the second what the others do differently there.
    fn make(&mut self, command: Command) -> Verdict {
        let actor = self.worlds[0].actor();
        if self.shares(actor, command) || self.worlds.iter().any(World::halted) {
            return Ok(());
        }
        if self.differs == Differs::Flips {
            self.flip()?;
        }
        let other = if actor == OBSERVER || self.differs == Differs::Flips {
            command
        } else {
            self.other(actor, command)
        };
        self.events.iter_mut().for_each(Vec::clear);
        let [one, two] = &mut self.worlds;
        let [told, retold] = &mut self.events;
        let first = one.apply(self.stage, command, told)?;
        let second = two.apply(self.stage, other, retold)?;
        if self.differs == Differs::Behaviour && actor != OBSERVER && two.actor() == actor {
            let question = Command::Call(Call::Random, [Word::Number(0); 3]);
            two.apply(self.stage, question, &mut Vec::new())?;
        }
        require(
            actor != OBSERVER || first == second,
            "confidentiality",
            || format!("{command} gave {first:?} and {second:?}"),
        )?;
        self.observed()?;
        self.looks_the_same()
    }

    /// Turns bits over in the second run, in a frame that the observer may not read and in a block that is
    /// not its own. No table is touched by that.
    fn flip(&mut self) -> Verdict {
        let machine = &mut self.worlds[1].machine;
        let sizes = &self.stage.sizes;
        let (offset, bit) = (
            self.rng.below(1 << sizes.page_bits),
            self.rng.below(8) as u8,
        );
        let frame = Frame(self.rng.below(sizes.frames));
        if authority(machine, OBSERVER, frame).is_none() {
            machine.flip(Flip::Memory { frame, offset, bit });
        }
        let block = Block(self.rng.below(sizes.blocks.max(1)));
        let records = machine.kernel().extents.records().iter();
        let mut own = records.filter(|(_, owner)| *owner == OBSERVER);
        if !own.any(|(extent, _)| extent.all().any(|it| it == block)) {
            machine.flip(Flip::Block { block, offset, bit });
        }
        machine.check()
    }

    /// Whether a command would let the observer read what another has, or what another stores.
    fn shares(&self, actor: EnvId, command: Command) -> bool {
        let Command::Call(call, words) = command else {
            return false;
        };
        let theirs = words.iter().any(|it| match it {
            Word::Key(key) => self.blocks_of_others(*key) == Some(actor == OBSERVER),
            Word::Number(_) => false,
        });
        if actor == OBSERVER {
            return theirs;
        }
        match call {
            Call::Capability => true,
            Call::TlbWriteShared => words[2] != Word::Number(0),
            // Into blocks of the observer's own.
            Call::DiskWrite => theirs,
            _ => false,
        }
    }

    /// Whether a capability is for blocks of others than the observer; none if it is for no blocks.
    fn blocks_of_others(&self, key: Key) -> Option<bool> {
        let kernel = self.worlds[0].machine.kernel();
        let (_, record) = kernel
            .capabilities
            .authority(self.worlds[0].number(key)?)
            .ok()?;
        let Object::Extent(extent) = record.object else {
            return None;
        };
        let own = kernel.extents.records().contains(&(extent, OBSERVER));
        Some(!own)
    }

    /// What another does instead in the second run: it loads where it stored, and stores where it
    /// loaded, if the page is open to both.
    fn other(&self, actor: EnvId, command: Command) -> Command {
        let Command::Reference(address, kind) = command else {
            return command;
        };
        let page = Page(address >> self.stage.sizes.page_bits);
        if closed(&self.worlds[0].machine, actor, page) {
            return command;
        }
        let other = match kind {
            ReferenceKind::Load => ReferenceKind::Store,
            ReferenceKind::Store => ReferenceKind::Load,
            kept => kept,
        };
        Command::Reference(address, other)
    }

    /// The observer's own events are the same.
    fn observed(&mut self) -> Verdict {
        let own = |events: &[Stamped]| -> Vec<Event> {
            let own = events.iter().map(|it| match it.event {
                Event::DiskRequested {
                    env,
                    direction,
                    block,
                    frame,
                    dropped,
                    ..
                } => {
                    // When it is done is a matter of time.
                    let due_cycles = 0;
                    Event::DiskRequested {
                        env,
                        direction,
                        block,
                        frame,
                        dropped,
                        due_cycles,
                    }
                }
                event => event,
            });
            own.filter(|it| it.env() == OBSERVER).collect()
        };
        let (one, two) = (own(&self.events[0]), own(&self.events[1]));
        self.observations += one.len() as u64;
        require(one == two, "confidentiality", || {
            format!("it saw {one:?} and {two:?}")
        })
    }

    /// All that the observer can look at is the same: its own state, its frames, who owns what.
    fn looks_the_same(&mut self) -> Verdict {
        let [one, two] = [&self.worlds[0].machine, &self.worlds[1].machine];
        let of = |machine: &Machine| {
            let mut own = machine.environment(OBSERVER).cloned();
            if let Some(own) = &mut own {
                (own.cycles, own.counters) = Default::default();
                if let Some(wait) = &mut own.wait {
                    wait.since_cycles = 0;
                }
            }
            own
        };
        require(of(one) == of(two), "confidentiality", || {
            "its own state differs".to_owned()
        })?;
        let (memory, other) = (&one.hardware().memory, &two.hardware().memory);
        let pairs = one.kernel().frames.records().iter();
        for (index, (was, is)) in pairs.zip(two.kernel().frames.records()).enumerate() {
            let frame = Frame(index as u32);
            require(was == is, "confidentiality", || {
                format!("{frame:?} is {was:?} and {is:?}")
            })?;
            let bits = |it: &exo_core::hw::Memory| (it.referenced(frame), it.dirty(frame));
            // What was never touched is as if zero.
            let bytes = |it: &exo_core::hw::Memory| -> Vec<u8> {
                let mut bytes = it.frame_bytes(frame).to_vec();
                bytes.resize(1 << self.stage.sizes.page_bits, 0);
                bytes
            };
            let same = bytes(memory) == bytes(other);
            self.secrets |= !same;
            let own = was.owner == Some(OBSERVER);
            let same = same && (bits(memory) == bits(other));
            require(!own || same, "confidentiality", || {
                format!("its own {frame:?} differs")
            })?;
        }
        Ok(())
    }
}

/// Whether a page is bound for reading only.
fn closed(machine: &Machine, env: EnvId, page: Page) -> bool {
    let tlb = machine.hardware().tlb.entries().iter().flatten();
    let tlb = tlb.map(|it| (EnvId(it.asid), it.page, it.access));
    let stlb = machine.kernel().stlb.entries().iter().flatten();
    let mut all = tlb.chain(stlb.map(|it| (it.env, it.page, it.access)));
    all.any(|it| it == (env, page, Access::Read))
}
