//! What a run is set on and does not change: sizes, the references that may be made, and what the
//! running environment may do next.

use exo_core::ids::{EnvId, ReferenceKind};
use exo_core::kernel::call::Call;
use exo_core::limits::CAPABILITIES_PER_ENVIRONMENT_MAX;
use exo_core::machine::{Fingerprinting, Machine, Renaming};
use exo_core::trace::{BLOCK_REFERENCES, Trace};

use super::command::{
    ABOUT_BITS, ABOUT_DISK, ABOUT_PROCESSOR, ABOUT_REVOCATION, ABOUT_SAVING, ABOUT_TABLES,
    Argument, CALLS, Command, FROZEN, Key, MAKING, PRESSED, QUESTIONS, Word,
};
use super::programs::Programs;
use super::world::World;

pub use super::sizes::{SLICE, Sizes};

const KINDS: [ReferenceKind; 4] = [
    ReferenceKind::Fetch,
    ReferenceKind::Load,
    ReferenceKind::Store,
    ReferenceKind::Modify,
];

/// What does not change during a run.
#[derive(Debug)]
pub struct Stage {
    /// How large it is.
    pub sizes: Sizes,
    /// What is a state of its own.
    pub fingerprinting: Fingerprinting,
    /// For each place of a page and each kind, a trace of nothing else.
    traces: Vec<Trace>,
    /// A trace whose one reference always faults: the way into the libOS.
    pub gate: Trace,
    /// A trace that is over: the way out of a reference.
    pub nothing: Trace,
    /// What environments under a program reference, page after page.
    pub walk: Trace,
    /// Whether commands are tried in the opposite order, which must find the same states.
    pub backwards: bool,
    /// Policies and applications that the user may give to environments.
    pub programs: Programs,
}

impl Stage {
    /// The stage for runs of at most so many references.
    pub fn new(sizes: Sizes, references: usize) -> Stage {
        let blocks = references / BLOCK_REFERENCES + 1;
        let repeated = |address: u32, kind: ReferenceKind| {
            let mut trace = Trace::new();
            (0..blocks * BLOCK_REFERENCES).for_each(|_| trace.push(address, kind));
            trace
        };
        let mut traces = Vec::new();
        for page in 0..sizes.pages {
            for offset in [0, (1 << sizes.page_bits) - 1] {
                let address = page << sizes.page_bits | offset;
                traces.extend(KINDS.map(|kind| repeated(address, kind)));
            }
        }
        let gate = gate_page(&sizes) << sizes.page_bits;
        Stage {
            fingerprinting: Fingerprinting {
                renamings: renamings(&sizes),
                bits: sizes.bits,
                dirty: sizes.saves(),
            },
            traces,
            gate: repeated(gate, ReferenceKind::Load),
            nothing: Trace::new(),
            walk: walk(&sizes, references),
            backwards: false,
            programs: Programs::compiled(),
            sizes,
        }
    }

    /// The address of the gate.
    pub fn gate_address(&self) -> u32 {
        gate_page(&self.sizes) << self.sizes.page_bits
    }

    /// Whether the running environment's application is the asking program.
    pub fn asks(&self, world: &World) -> bool {
        let actor = world.machine.environment(world.actor());
        actor.is_some_and(|it| it.process.is_some())
    }

    /// A trace of a reference and nothing else; the address is that of a page's first byte, or
    /// counts as that of its last.
    pub fn trace(&self, address: u32, kind: ReferenceKind) -> &Trace {
        let page = (address >> self.sizes.page_bits) as usize;
        let last = address & ((1 << self.sizes.page_bits) - 1) != 0;
        let place = (page * 2 + usize::from(last)) * KINDS.len() + kind as usize;
        self.traces.get(place).unwrap_or(&self.gate)
    }

    /// Everything that the running environment may do next.
    pub fn commands(&self, world: &World) -> Vec<Command> {
        if world.halted() {
            return Vec::new();
        }
        let mut commands = vec![Command::Switch];
        let pages = if self.asks(world) {
            0
        } else {
            self.sizes.pages
        };
        for page in 0..pages {
            let address = page << self.sizes.page_bits;
            commands.push(Command::Reference(address, ReferenceKind::Load));
            commands.push(Command::Reference(address, ReferenceKind::Store));
            if self.sizes.reach {
                commands.extend([false, true].map(|stores| Command::Reach(address, stores)));
            }
        }
        if world.machine.kernel().next_due().is_some() {
            commands.push(Command::Wait);
        }
        commands.extend(self.presses(world));
        let live = world.machine.kernel().capabilities.records().count();
        let most = self
            .sizes
            .capabilities
            .min(CAPABILITIES_PER_ENVIRONMENT_MAX);
        for (call, arguments) in CALLS {
            let makes = MAKING.contains(call);
            let bits = ABOUT_BITS.contains(call) && !self.sizes.bits;
            let frozen = FROZEN.contains(call) && self.sizes.blocks > 0;
            let left_out = QUESTIONS.contains(call) || bits || left_out(*call, &self.sizes);
            let saving = ABOUT_SAVING.contains(call) && !self.sizes.saves();
            let pressed = self.sizes.presses && PRESSED.contains(call);
            let left_out = left_out || frozen || saving || pressed;
            if left_out || (makes && live >= most) {
                continue;
            }
            let mut lists: Vec<[Word; 3]> = vec![[Word::Number(0); 3]];
            for (place, argument) in arguments.iter().enumerate() {
                let values = self.values(*argument, world);
                lists = lists
                    .iter()
                    .flat_map(|list| {
                        values.iter().map(move |value| {
                            let mut list = *list;
                            list[place] = *value;
                            list
                        })
                    })
                    .collect();
            }
            commands.extend(lists.into_iter().map(|list| Command::Call(*call, list)));
        }
        if self.backwards {
            commands.reverse();
        }
        commands
    }

    /// Other limits that the user may set for the first environment.
    fn presses(&self, world: &World) -> Vec<Command> {
        let first = world.machine.environment(EnvId(0));
        let (Some(first), Some(most), true) =
            (first, self.sizes.limits.first(), self.sizes.presses)
        else {
            return Vec::new();
        };
        let others = (0..=*most).filter(|limit| *limit != first.frame_limit);
        others.map(|limit| Command::Limit(0, limit)).collect()
    }

    /// Every value of an argument.
    fn values(&self, argument: Argument, world: &World) -> Vec<Word> {
        let numbers = |most: u64| (0..most).map(Word::Number).collect();
        match argument {
            Argument::Access => numbers(2),
            Argument::Count => vec![Word::Number(1)],
            Argument::Page => numbers(self.sizes.pages.into()),
            // The last of each does not exist.
            Argument::Frame => numbers(u64::from(self.sizes.frames) + 1),
            Argument::Block => numbers(u64::from(self.sizes.blocks) + 1),
            Argument::Position => numbers(u64::from(self.sizes.slices) + 1),
            Argument::Environment => numbers(self.sizes.limits.len() as u64 + 1),
            Argument::Blocks => (1..=2).map(Word::Number).collect(),
            Argument::Switch => numbers(2),
            Argument::Entry => numbers(self.sizes.tlb.entries().into()),
            Argument::Key => {
                let mut keys = vec![Word::Key(Key::Forged)];
                for place in world.places() {
                    keys.push(Word::Key(Key::Last(place)));
                    if world.number(Key::Older(place)).is_some() {
                        keys.push(Word::Key(Key::Older(place)));
                    }
                }
                keys
            }
        }
    }

    /// Frames that hold the state of the asking program: the first ones.
    pub fn state_frames(&self) -> u64 {
        self.sizes.config().pinned_frames()
    }

    /// A machine at reset.
    ///
    /// # Panics
    /// If the sizes are those of no machine.
    pub fn machine(&self) -> Machine {
        Machine::new(self.sizes.config()).expect("the sizes are those of a machine")
    }
}

/// Whether a call is not made in runs of these sizes.
pub fn left_out(call: Call, sizes: &Sizes) -> bool {
    ABOUT_TABLES.contains(&call)
        || ABOUT_REVOCATION.contains(&call) && !sizes.revocation
        || (ABOUT_DISK.contains(&call) || ABOUT_SAVING.contains(&call)) && sizes.blocks == 0
        || ABOUT_PROCESSOR.contains(&call) && sizes.slices == 0
}

/// References page after page, loads and stores in turn.
fn walk(sizes: &Sizes, references: usize) -> Trace {
    let mut trace = Trace::new();
    for place in 0..references.max(1) as u32 {
        let address = (place % sizes.pages) << sizes.page_bits;
        trace.push(address, KINDS[place as usize % KINDS.len()]);
    }
    trace
}

/// A page that nobody binds.
fn gate_page(sizes: &Sizes) -> u32 {
    sizes.pages + 1
}

/// Every way to rename environments, frames and pages that changes nothing else: pages in a TLB of
/// one set and a software TLB of at most one entry, environments with equal limits.
fn renamings(sizes: &Sizes) -> Vec<Renaming> {
    let count = sizes.limits.len();
    let alike = sizes.limits.windows(2).all(|pair| pair[0] == pair[1]);
    let free = sizes.tlb.sets == 1 && sizes.stlb_entries <= 1 && count <= 3 && !sizes.asker;
    let free = free && sizes.frames <= 3 && sizes.pages <= 3;
    let orders = |count: u32, free: bool| match free {
        true => permutations(count),
        false => vec![Vec::new()],
    };
    let mut all = Vec::new();
    // Turns go round: three environments are alike only up to a rotation.
    let mut turns = orders(count as u32, alike && free);
    turns.retain(|order| {
        let next = |at: usize| order.get(at).map(|it| (it + 1) % count as u32);
        (1..order.len()).all(|at| next(at - 1) == order.get(at).copied())
    });
    for environments in turns {
        for frames in orders(sizes.frames, free) {
            for pages in orders(sizes.pages, free) {
                all.push(Renaming {
                    environments: environments.iter().map(|it| *it as u8).collect(),
                    frames: frames.clone(),
                    pages,
                });
            }
        }
    }
    all
}

fn permutations(count: u32) -> Vec<Vec<u32>> {
    let mut all: Vec<Vec<u32>> = vec![Vec::new()];
    for new in 0..count {
        all = all
            .into_iter()
            .flat_map(|order| {
                (0..=order.len()).map(move |place| {
                    let mut order = order.clone();
                    order.insert(place, new);
                    order
                })
            })
            .collect();
    }
    all
}
