//! What communication between environments costs when it is library code (tables 8 and 12), and how
//! library code shares out the processor (figure 3).

use std::fmt;
use std::sync::Arc;

use exo_core::cost::SYSTEM_CALL;
use exo_core::cpu::Program;
use exo_core::event::{Event, Sink, Stamped};
use exo_core::ids::{EnvId, Position};
use exo_core::kernel::Handler;
use exo_core::machine::{
    Application, ConfigError, EnvironmentConfig, Machine, MachineConfig, Stop,
};
use exo_libos_samples::ipc::{COUNTER, LRPC, PIPE, PIPE_INLINED, Part, SERVER, SHARED, SHM, TLRPC};

/// A way for two environments to communicate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ipc {
    /// A ring in shared memory, and a directed yield when it is full or empty; one way.
    Pipe,
    /// The same, inlined.
    PipeInlined,
    /// Turns over a word of shared memory; one way.
    Shm,
    /// A transfer there and back, with every register saved that the server could change.
    Lrpc,
    /// A transfer there and back, the server being trusted.
    Tlrpc,
}

impl Ipc {
    /// Every one.
    pub const ALL: [Ipc; 5] = [Ipc::Pipe, Ipc::PipeInlined, Ipc::Shm, Ipc::Lrpc, Ipc::Tlrpc];

    /// Its name in the tables.
    pub fn name(self) -> &'static str {
        match self {
            Ipc::Pipe => "pipe",
            Ipc::PipeInlined => "pipe'",
            Ipc::Shm => "shm",
            Ipc::Lrpc => "lrpc",
            Ipc::Tlrpc => "tlrpc",
        }
    }

    /// Whether the tables give a round trip, and not one way.
    pub fn round_trip(self) -> bool {
        matches!(self, Ipc::Lrpc | Ipc::Tlrpc)
    }

    /// The application of the first environment, which has the clock; both libOSes; and the
    /// application of the other, which has none if it only serves.
    fn parts(self) -> (Part, Part, Option<Part>) {
        match self {
            Ipc::Pipe => (PIPE, SHARED, Some(PIPE)),
            Ipc::PipeInlined => (PIPE_INLINED, SHARED, Some(PIPE_INLINED)),
            Ipc::Shm => (SHM, SHARED, Some(SHM)),
            Ipc::Lrpc => (LRPC, SERVER, None),
            Ipc::Tlrpc => (TLRPC, SERVER, None),
        }
    }

    /// Times that its sample does, between its two lines of the log, what is measured.
    fn times(self) -> u64 {
        // 500 rounds, each there and back; or 1,000 calls.
        1_000
    }
}

/// Why nothing was measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IpcError {
    /// A sample does not compile.
    Source(String),
    /// There is no such machine.
    Config(ConfigError),
    /// The sample did not come to its end.
    Unfinished,
}

impl fmt::Display for IpcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IpcError::Source(error) => f.write_str(error),
            IpcError::Config(error) => error.fmt(f),
            IpcError::Unfinished => f.write_str("the sample did not come to its end"),
        }
    }
}

impl std::error::Error for IpcError {}

/// Notes the cycles at each line of an application's log.
#[derive(Debug, Default)]
struct Clock {
    cycles: Vec<u64>,
}

impl Sink for Clock {
    const RECORDING: bool = false;
    const REMARKS: bool = true;

    fn take(&mut self, _: Position, cycles: u64, event: Event) {
        if let Event::Logged {
            application: true, ..
        } = event
        {
            self.cycles.push(cycles);
        }
    }
}

fn compiled(part: Part) -> Result<Arc<Program>, IpcError> {
    let program = exo_policy::compile(part.source);
    let program = program.map_err(|errors| {
        let first = errors.first().map(ToString::to_string);
        IpcError::Source(format!("{}: {}", part.name, first.unwrap_or_default()))
    })?;
    Ok(Arc::new(program))
}

/// The machine on which a way is measured: two environments, and slices so long that none ends.
///
/// # Errors
/// A sample that does not compile, or a machine that cannot be made.
pub fn machine(kind: Ipc) -> Result<Machine, IpcError> {
    let (first, libos, second) = kind.parts();
    let libos = Handler::Program(compiled(libos)?);
    let environment = |application| EnvironmentConfig {
        handler: libos.clone(),
        frame_limit: 16,
        application,
        downloads: Vec::new(),
    };
    let other = match second {
        Some(part) => Application::Program(compiled(part)?),
        // It has nothing to run, and only serves.
        None => Application::Trace(0),
    };
    let config = MachineConfig {
        slice_references: 1 << 24,
        environments: vec![
            environment(Application::Program(compiled(first)?)),
            environment(other),
        ],
        ..MachineConfig::default()
    };
    Machine::new(config).map_err(IpcError::Config)
}

/// Cycles that one way of a message, or a call with its answer, takes when everything is warm: the
/// average of a thousand. Nothing of it is a parameter; it is what the library code executes, with
/// what the kernel charges for the transfers and yields in it.
///
/// # Errors
/// A sample that does not compile or does not come to its end.
pub fn measure(kind: Ipc) -> Result<f64, IpcError> {
    /// Units after which a sample is not expected to come to its end.
    const UNITS_MAX: u64 = 4_000_000;
    let mut machine = machine(kind)?;
    let mut clock = Clock::default();
    machine.run(UNITS_MAX, &[], &mut clock);
    let finished = machine
        .environment(EnvId(0))
        .is_some_and(|it| it.phase == exo_core::kernel::Phase::Finished);
    match clock.cycles.as_slice() {
        [warm, done] if finished => {
            Ok((done - warm).saturating_sub(SYSTEM_CALL) as f64 / kind.times() as f64)
        }
        _ => Err(IpcError::Unfinished),
    }
}

/// Clients that a scheduler shares its slices out to.
const CLIENTS: usize = 3;

/// A machine on which `scheduler` owns the only slice of the processor, and three environments that
/// count have none.
///
/// # Errors
/// A program that does not compile, or a machine that cannot be made.
pub fn scheduled(scheduler: Part) -> Result<Machine, IpcError> {
    let (libos, counter) = (compiled(SERVER)?, compiled(COUNTER)?);
    let environment = |program: Arc<Program>| EnvironmentConfig {
        handler: Handler::Program(libos.clone()),
        frame_limit: 4,
        application: Application::Program(program),
        downloads: Vec::new(),
    };
    let mut environments = vec![environment(compiled(scheduler)?)];
    environments.extend([0; CLIENTS].map(|_| environment(counter.clone())));
    let config = MachineConfig {
        slices: vec![Some(EnvId(0))],
        environments,
        ..MachineConfig::default()
    };
    Machine::new(config).map_err(IpcError::Config)
}

/// To which client a scheduler gives each quantum, as indices from 0: the order of figure 3.
///
/// # Errors
/// As [`scheduled`]; or the scheduler came to its end before.
pub fn quanta(scheduler: Part, count: usize) -> Result<Vec<u8>, IpcError> {
    let mut machine = scheduled(scheduler)?;
    let mut given = Vec::new();
    let mut events: Vec<Stamped> = Vec::new();
    while given.len() < count {
        events.clear();
        if machine.step(&[], &mut events) == Stop::Halted {
            return Err(IpcError::Unfinished);
        }
        for stamped in &events {
            if let Event::Yielded { to: Some(to), .. } = stamped.event {
                given.push(to.0.saturating_sub(1));
            }
        }
    }
    Ok(given)
}
