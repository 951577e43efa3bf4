//! Breadth-first exploration of the real kernel, to closure: every state that its environments can
//! bring about, by the shortest way there.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

use exo_core::event::{Event, Stamped};
use exo_core::kernel::check::Violation;

use super::command::Command;
use super::oracle::Step;
use super::sometimes::Reached;
use super::stage::{Sizes, Stage};
use super::world::World;

/// A state space that was explored.
#[derive(Clone, Debug)]
pub struct Explored {
    /// States, up to renaming.
    pub states: usize,
    /// Commands tried.
    pub transitions: u64,
    /// Commands on the shortest way to the state that is farthest away.
    pub diameter: usize,
    /// Whether every state has been seen.
    pub closed: bool,
    /// What happened on the way.
    pub reached: Reached,
}

/// What is broken, and how to get there.
#[derive(Clone, Debug)]
pub struct CounterExample {
    /// The sizes of the machine.
    pub sizes: Sizes,
    /// Commands from the beginning.
    pub commands: Vec<Command>,
    /// What the last of them breaks.
    pub violation: Violation,
}

impl CounterExample {
    /// It as a test of `tests/it`, to be pasted there.
    pub fn fixture(&self) -> String {
        let mut text = self.sizes.fixture();
        let told: Vec<String> = self.commands.iter().map(ToString::to_string).collect();
        text.push_str(&format!("play: {}\n", told.join(" | ")));
        let text = text.trim_end().replace('\n', "\n         ");
        format!(
            "    // {}\n    check(\n        \"{text}\",\n        expect![[\"\"]],\n    );\n",
            self.violation
        )
    }
}

/// Fingerprints are mixed already.
#[derive(Clone, Debug, Default)]
struct Plain(u64);

impl Hasher for Plain {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0 << 8 | u64::from(*byte);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

/// How a state was reached first.
#[derive(Clone, Copy, Debug)]
struct Way {
    from: u32,
    command: Command,
}

/// The states seen so far.
struct Space<'stage> {
    stage: &'stage Stage,
    /// Whether each step's events are folded, which takes longer.
    stories: bool,
    seen: HashSet<u64, BuildHasherDefault<Plain>>,
    ways: Vec<Way>,
    explored: Explored,
    commands: Vec<Command>,
    events: Vec<Stamped>,
}

/// Explores until no command leads to a state that was not seen, or to at most `depth` commands.
///
/// # Errors
/// The shortest sequence of commands that breaks something.
pub fn explore(
    sizes: &Sizes,
    depth: usize,
    stories: bool,
) -> Result<Explored, Box<CounterExample>> {
    explore_on(&Stage::new(sizes.clone(), 1), depth, stories)
}

/// Explores as [`explore`] does, on a stage that says what is a state of its own.
///
/// # Errors
/// The shortest sequence of commands that breaks something.
pub fn explore_on(
    stage: &Stage,
    depth: usize,
    stories: bool,
) -> Result<Explored, Box<CounterExample>> {
    let mut space = Space {
        stage,
        stories,
        seen: HashSet::default(),
        ways: Vec::new(),
        explored: Explored {
            states: 0,
            transitions: 0,
            diameter: 0,
            closed: false,
            reached: Reached::default(),
        },
        commands: Vec::new(),
        events: Vec::new(),
    };
    let root = World::new(stage).map_err(|it| space.broken(None, it))?;
    root.machine.check().map_err(|it| space.broken(None, it))?;
    space
        .seen
        .insert(root.machine.fingerprint(&stage.fingerprinting));
    space.ways.push(Way {
        from: 0,
        command: Command::Switch,
    });
    let mut layer = vec![(0, root)];
    while !layer.is_empty() && space.explored.diameter < depth {
        let mut next = Vec::new();
        for (place, world) in layer {
            space.expand(place, &world, &mut next)?;
        }
        layer = next;
        space.explored.diameter += usize::from(!layer.is_empty());
    }
    space.explored.closed = layer.is_empty();
    space.explored.states = space.seen.len();
    Ok(space.explored)
}

impl Space<'_> {
    /// Tries every command in a state.
    fn expand(
        &mut self,
        place: u32,
        world: &World,
        next: &mut Vec<(u32, World)>,
    ) -> Result<(), Box<CounterExample>> {
        self.commands = self.stage.commands(world);
        let mut copy = world.clone();
        for at in 0..self.commands.len() {
            let command = self.commands[at];
            let way = Way {
                from: place,
                command,
            };
            self.events.clear();
            self.explored.transitions += 1;
            let answer = copy.apply(self.stage, command, &mut self.events);
            let answer = answer.map_err(|it| self.broken(Some(way), it))?;
            let step = Step {
                before: world,
                command,
                after: &copy,
                events: &self.events,
                answer,
            };
            let stays =
                step.refusal().is_some() || matches!(&self.events[..], [it] if asked(&it.event));
            let of = &self.stage.fingerprinting;
            let new = !stays && self.seen.insert(copy.machine.fingerprint(of));
            let check = || {
                if new {
                    copy.machine.check()?;
                }
                step.check()?;
                if self.stories {
                    step.story()?;
                }
                Ok(())
            };
            check().map_err(|it| self.broken(Some(way), it))?;
            self.explored.reached.note(&step);
            if stays {
                // It has been shown that nothing changed but cycles.
                continue;
            }
            let reached = std::mem::replace(&mut copy, world.clone());
            if new {
                next.push((self.ways.len() as u32, reached));
                self.ways.push(way);
            }
        }
        Ok(())
    }

    fn broken(&self, last: Option<Way>, violation: Violation) -> Box<CounterExample> {
        let mut commands = Vec::new();
        let mut way = last;
        while let Some(Way { from, command }) = way {
            commands.push(command);
            way = (from > 0).then(|| self.ways[from as usize]);
        }
        commands.reverse();
        Box::new(CounterExample {
            sizes: self.stage.sizes.clone(),
            commands,
            violation,
        })
    }
}

/// Whether what was done left everything as it was but for cycles.
fn asked(event: &Event) -> bool {
    matches!(
        event,
        Event::BitRead { .. } | Event::Answered { .. } | Event::Unbound { dropped: 0, .. }
    )
}
