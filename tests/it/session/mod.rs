//! Sessions: any position of a run can be gone to, and is always the same.

mod application;
mod applying;
mod branches;
mod comparing;
mod debugging;
mod fields;
mod finding;
mod history;
mod lines;
mod moving;
mod network;
mod page_tables;
mod paths;
mod pressing;
mod ways;
mod why;

use std::fmt;
use std::sync::Arc;

use exo_core::ids::{Position, ReferenceKind};
use exo_core::kernel::Environment;
use exo_core::trace::Trace;
use exo_session::{
    HISTORY_BYTES_MAX, MachineShape, NamedTrace, Recorded, Scenario, Session, first_light_with,
    sample_trace,
};

/// The opening scenario over the first references of its trace, on few frames.
pub fn short(references: usize) -> Scenario {
    let shipped = sample_trace().unwrap().trace;
    let mut trace = Trace::new();
    for (address, kind) in shipped.iter().take(references) {
        trace.push(address, kind);
    }
    small(trace)
}

/// The opening scenario over a trace that jumps about among 40 pages.
pub fn synthetic(references: u64) -> Scenario {
    let mut trace = Trace::new();
    for number in 0..references {
        let mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
        let page = (mixed % 40) * (mixed / 40 % 3) / 2;
        let kind = match mixed % 5 {
            0 => ReferenceKind::Store,
            1 => ReferenceKind::Modify,
            2 => ReferenceKind::Fetch,
            _ => ReferenceKind::Load,
        };
        trace.push(((page << 12) | (mixed % 4096)) as u32, kind);
    }
    small(trace)
}

fn small(trace: Trace) -> Scenario {
    let mut scenario = first_light_with(Arc::new(NamedTrace::made("short", trace, 0)));
    for environment in &mut scenario.environments {
        environment.frame_limit = 12;
    }
    scenario.machine = MachineShape {
        frames: 28 + scenario.pinned_frames().unwrap(),
        slice_references: 100,
        stlb_entries: 16,
        tlb: exo_session::parse_tlb("full:8:random").unwrap(),
        ..scenario.machine
    };
    scenario
}

/// A session that keeps checkpoints close together, so that a short run has many.
pub fn session(scenario: Scenario) -> Session {
    let mut session = Session::new(scenario).unwrap();
    session.limit_history(HISTORY_BYTES_MAX, 5_000);
    session
}

/// All that may be asked of a session at a position.
#[derive(PartialEq, Eq)]
pub struct State {
    position: Position,
    digest: u64,
    step: u64,
    current: Option<Recorded>,
    environments: Vec<Environment>,
}

impl State {
    pub fn step(&self) -> u64 {
        self.step
    }

    pub fn position(&self) -> Position {
        self.position
    }
}

/// The state here and now; every invariant holds in it.
pub fn state(session: &Session) -> State {
    let machine = session.machine();
    machine.check().unwrap();
    State {
        position: machine.position(),
        digest: machine.state_digest(),
        step: session.step_number(),
        current: session.current().copied(),
        environments: machine.kernel().environments.clone(),
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (position, step, digest) = (self.position, self.step, self.digest);
        let phases: Vec<_> = self.environments.iter().map(|it| it.phase).collect();
        write!(f, "{position}, step {step}, {digest:016x}, {phases:?}")?;
        write!(f, ", {:?}", self.current.map(|it| it.stamped.event))
    }
}
