//! Random runs: sizes, which commands there are, and how often each, all drawn from a seed.

use exo_core::hw::{DiskFault, Replacement, TlbConfig};
use exo_core::ids::ReferenceKind;
use exo_core::kernel::call::Call;
use exo_core::rng::Rng;

use super::command::{ABOUT_TABLES, Argument, CALLS, Command, Key, Word};
use super::stage::{Sizes, Stage, left_out};
use super::world::World;

/// What commands are drawn from.
#[derive(Clone, Debug)]
pub struct Swarm {
    rng: Rng,
    /// What there is, and how often.
    weights: Vec<(Draw, u32)>,
}

/// A kind of command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Draw {
    /// A call, by its place in the table.
    Call(usize),
    Reference(ReferenceKind),
    Switch,
    Wait,
    /// What breaks environments, and what the user does.
    Rare(u32),
}

/// Kinds of rare commands.
const RARE: u32 = 7;
/// The one that ends an environment more often than not.
const REACH: u32 = 5;
/// The one that sets how many frames an environment may hold.
const LIMIT: u32 = 6;

/// A random sequence that has no other use.
const STREAM: u64 = 1 << 40;

/// The sizes that a seed draws: at most `frames` frames.
pub fn sizes(seed: u64, frames: u32) -> Sizes {
    let mut rng = Rng::new(seed, STREAM);
    let mut one_of = |most: u32| 1 + rng.below(most);
    let asker = one_of(4) == 1;
    let environments = one_of(6);
    let frames = if one_of(2) == 1 {
        one_of(4) + 1
    } else {
        one_of(frames - 1) + 1
    };
    let sets = 1 << (one_of(3) - 1);
    let tlb = TlbConfig {
        sets,
        ways: one_of(16 / sets),
        replacement: match one_of(3) {
            1 => Replacement::Random,
            2 => Replacement::Fifo,
            _ => Replacement::Lru,
        },
    };
    // Every other machine has a disk, of which every other one fails; and every other a vector of slices.
    let blocks = if one_of(2) == 1 { 0 } else { one_of(20) };
    let fails = one_of(2) == 1;
    let disk_fault = DiskFault {
        transfer: one_of(9).into(),
        for_ever: one_of(2) == 1,
    };
    let slices = if one_of(2) == 1 {
        0
    } else {
        environments + one_of(4) - 1
    };
    Sizes {
        limits: (0..environments).map(|_| one_of(frames)).collect(),
        frames,
        pages: one_of(4),
        tlb,
        stlb_entries: if one_of(2) == 1 { 0 } else { one_of(32) },
        page_bits: if asker { 3 } else { one_of(5) as u8 - 1 },
        capabilities: usize::MAX,
        bits: true,
        revocation: false,
        presses: false,
        hasty: false,
        stamps: one_of(2) == 1,
        asker,
        reach: false,
        blocks,
        disk_fault: (fails && blocks > 0).then_some(disk_fault),
        slices,
        seed,
    }
}

impl Swarm {
    /// The commands of a seed: each call is there every other time, with a weight from 1 to 100, and
    /// references always, with more.
    pub fn new(seed: u64, sizes: &Sizes) -> Swarm {
        let mut rng = Rng::new(seed, STREAM + 1);
        let kinds = [
            ReferenceKind::Fetch,
            ReferenceKind::Load,
            ReferenceKind::Store,
            ReferenceKind::Modify,
        ];
        let calls = (0..CALLS.len()).map(Draw::Call);
        let all = calls.chain(kinds.map(Draw::Reference));
        let mut weights = vec![(Draw::Switch, 1 + rng.below(60))];
        if sizes.revocation || sizes.blocks > 0 {
            weights.push((Draw::Wait, 1 + rng.below(20)));
        }
        for kind in all {
            let weight = 1 + rng.below(100);
            match kind {
                Draw::Call(place) if left_out(CALLS[place].0, sizes) => {}
                Draw::Call(place) => {
                    // Without frames and bindings little happens.
                    let needed = matches!(CALLS[place].0, Call::Allocate | Call::TlbWrite);
                    let saves = CALLS[place].0 == Call::Preload && sizes.saves();
                    if rng.below(2) == 0 || needed || saves {
                        weights.push((kind, if needed { weight + 40 } else { weight }));
                    }
                }
                _ => weights.push((kind, weight + 40)),
            }
        }
        Swarm { rng, weights }
    }

    /// The swarm of runs in which frames are taken: the user sets limits too.
    pub fn with_limits(seed: u64, sizes: &Sizes) -> Swarm {
        let mut swarm = Swarm::new(seed, sizes);
        for kind in [Draw::Rare(LIMIT), Draw::Wait] {
            let weight = 20 + swarm.rng.below(60);
            swarm.weights.push((kind, weight));
        }
        let told = [Call::ExtentAllocate, Call::Preload, Call::NextRepossessed];
        for (place, (call, _)) in CALLS.iter().enumerate() {
            if told.contains(call) && !left_out(*call, sizes) {
                swarm.weights.push((Draw::Call(place), 40));
            }
        }
        swarm
    }

    /// The next command.
    pub fn next(&mut self, stage: &Stage, world: &World) -> Command {
        let sum = self.weights.iter().map(|(_, weight)| weight).sum();
        let mut left = self.rng.below(sum);
        let mut drawn = Draw::Switch;
        for (kind, weight) in &self.weights {
            if left < *weight {
                drawn = *kind;
                break;
            }
            left -= weight;
        }
        match drawn {
            Draw::Switch => Command::Switch,
            Draw::Wait => Command::Wait,
            Draw::Rare(kind) => self.rare(kind, stage),
            Draw::Reference(_) if stage.asks(world) => Command::Switch,
            Draw::Reference(kind) => {
                let page = self.rng.below(stage.sizes.pages) << stage.sizes.page_bits;
                let last = self.rng.below(2) * ((1 << stage.sizes.page_bits) - 1);
                Command::Reference(page | last, kind)
            }
            Draw::Call(place) => {
                let (call, arguments) = CALLS[place];
                let mut words = [Word::Number(0); 3];
                for (word, argument) in words.iter_mut().zip(arguments) {
                    *word = self.word(*argument, stage, world);
                }
                Command::Call(call, words)
            }
        }
    }

    /// The swarm of a simulation: with the rare commands too, one time of three each.
    pub fn with_rare(seed: u64, sizes: &Sizes) -> Swarm {
        let mut swarm = Swarm::new(seed, sizes);
        for kind in 0..RARE {
            if swarm.rng.below(3) == 0 {
                let ends = kind < 2 || kind == REACH;
                let weight = if ends { 1 } else { 1 + swarm.rng.below(6) };
                swarm.weights.push((Draw::Rare(kind), weight));
            }
        }
        for (place, (call, _)) in CALLS.iter().enumerate() {
            if ABOUT_TABLES.contains(call) && swarm.rng.below(3) == 0 {
                swarm.weights.push((Draw::Call(place), 2));
            }
        }
        swarm
    }

    fn rare(&mut self, kind: u32, stage: &Stage) -> Command {
        let count = stage.sizes.limits.len() as u32;
        let env = self.rng.below(count) as u8;
        // The last environments are the user's to play with; the others go on.
        let users = if count > 2 { 2 } else { 1 };
        let last = (count - 1 - self.rng.below(users)) as u8;
        let mut one_of = |programs: usize| self.rng.below(programs as u32) as u8;
        match kind {
            0 => Command::Fail,
            1 => Command::Insist(self.rng.below(stage.sizes.pages) << stage.sizes.page_bits),
            2 => {
                let policy = one_of(stage.programs.policies.len());
                Command::Install(last, policy, self.rng.below(2) > 0)
            }
            3 => Command::Load(last, one_of(stage.programs.applications.len())),
            4 => Command::Talk,
            REACH => {
                let address = self.rng.below(stage.sizes.pages) << stage.sizes.page_bits;
                Command::Reach(address, self.rng.below(2) > 0)
            }
            _ => Command::Limit(env, self.rng.below(stage.sizes.frames + 1)),
        }
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u32) -> u32 {
        self.rng.below(bound)
    }

    fn word(&mut self, argument: Argument, stage: &Stage, world: &World) -> Word {
        let rare = self.rng.below(64) == 0;
        match argument {
            Argument::Count if rare => Word::Number(0),
            Argument::Count => Word::Number(1 + u64::from(self.rng.below(3))),
            Argument::Access => Word::Number(self.rng.below(2).into()),
            Argument::Page if rare => Word::Number(1 << (32 - stage.sizes.page_bits)),
            Argument::Page => Word::Number(self.rng.below(stage.sizes.pages).into()),
            Argument::Frame if rare => Word::Number(1 << 32 | u64::from(self.rng.below(4))),
            Argument::Frame => Word::Number(self.frame(stage, world)),
            Argument::Key => Word::Key(self.key(world)),
            Argument::Block => Word::Number(self.rng.below(1 + stage.sizes.blocks / 2).into()),
            Argument::Blocks => Word::Number(self.rng.below(4).into()),
            Argument::Position => Word::Number(self.rng.below(stage.sizes.slices + 1).into()),
            Argument::Environment => {
                let count = stage.sizes.limits.len() as u32;
                Word::Number(self.rng.below(count + 1).into())
            }
            Argument::Switch => Word::Number(self.rng.below(2).into()),
            Argument::Entry => Word::Number(self.rng.below(stage.sizes.tlb.entries() + 1).into()),
        }
    }

    /// A frame: half of the time one of the environment's own.
    fn frame(&mut self, stage: &Stage, world: &World) -> u64 {
        let records = world.machine.kernel().frames.records();
        let owner = Some(world.actor());
        let own = records.iter().enumerate().filter(|it| it.1.owner == owner);
        let own: Vec<usize> = own.map(|it| it.0).collect();
        if own.is_empty() || self.rng.below(2) == 0 {
            return self.rng.below(stage.sizes.frames + 1).into();
        }
        own[self.rng.below(own.len() as u32) as usize] as u64
    }

    fn key(&mut self, world: &World) -> Key {
        let count = u32::from(world.places().end);
        let place = self.rng.below(count) as u16;
        match self.rng.below(16) {
            _ if count == 0 => Key::Forged,
            0 => Key::Forged,
            1 | 2 if world.number(Key::Older(place)).is_some() => Key::Older(place),
            _ => Key::Last(place),
        }
    }
}
