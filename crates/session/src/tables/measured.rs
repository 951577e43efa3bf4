//! What this machine does: each experiment is library code on the emulated CPU, run as the paper ran
//! it, many times over and warm.

use exo_core::cost;
use exo_core::cpu::ExceptionKind;
use exo_core::event::{Event, Stamped};
use exo_core::ids::Cause;
use exo_core::kernel::call::Call;
use exo_core::machine::{Machine, Stop};
use exo_libos_samples::{application, sample, table};

use crate::ipc::{self, Ipc, IpcError};
use crate::scenario::{ApplicationSpec, EnvironmentSpec, MachineShape, Scenario, SessionError};

/// Units after which an experiment is not expected to end.
const UNITS_MAX: u64 = 8_000_000;

/// Why an experiment has no result.
#[derive(Debug)]
pub enum TablesError {
    /// It could not be set up.
    Session(SessionError),
    /// It was given up, or did not say what it measured.
    Broke(String),
}

impl From<SessionError> for TablesError {
    fn from(error: SessionError) -> TablesError {
        TablesError::Session(error)
    }
}

impl std::fmt::Display for TablesError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            TablesError::Session(error) => error.fmt(f),
            TablesError::Broke(why) => write!(f, "an experiment was given up: {why}"),
        }
    }
}

impl std::error::Error for TablesError {}

/// Cycles that one operation takes, by system and operation.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// The system.
    pub system: &'static str,
    /// What was measured.
    pub operation: &'static str,
    /// Cycles, on average.
    pub cycles: f64,
}

/// Runs every experiment.
///
/// # Errors
/// The first that has no result.
pub fn measure() -> Result<Vec<Measured>, TablesError> {
    let mut all = kernel_paths()?;
    all.extend(exceptions()?);
    all.extend(control_transfer()?);
    all.extend(protection("ExOS", &told(&primitives("linear")?)?)?);
    all.extend(protection("ExOS-inv", &told(&primitives("inverted")?)?)?);
    Ok(all)
}

/// A program that makes a system call that needs no kernel stack, one that does, and a request, over and
/// over. The calls ask for nothing: what its limit is, and room for no more frames.
const ASKING: &str = "\
use exo_prelude::*;
pub struct Asking { limits: usize }
impl Asking {
    pub const fn new() -> Asking { Asking { limits: 0 } }
}
impl Application for Asking {
    fn main(&mut self, mem: &mut Mem, sys: &mut Sys) {
        for _ in 0..1000 {
            self.limits = sys.frame_limit();
            self.limits = sys.request_frames(0);
            if mem.request(0, 0, 0).is_err() { return; }
        }
    }
}
";

/// A libOS that answers requests at once.
const NULL: &str = "\
use exo_prelude::*;
pub struct Null { frame: Option<Frame> }
impl Null {
    pub const fn new() -> Null { Null { frame: None } }
}
impl LibOs for Null {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let frame = match self.frame {
            Some(frame) => frame,
            None => sys.allocate()?,
        };
        self.frame = Some(frame);
        sys.tlb_write(fault.page, frame, Access::ReadWrite)
    }
    fn request(&mut self, _sys: &mut Sys, _request: u32, _first: u64, _second: u64) -> Result<u64, SysError> {
        Ok(0)
    }
}
";

/// One environment that runs a program under a policy.
pub(super) fn alone(
    name: &str,
    program: &str,
    libos: &str,
    policy: &str,
    frame_limit: u32,
) -> Scenario {
    Scenario {
        title: name.to_owned(),
        machine: MachineShape::default(),
        environments: vec![EnvironmentSpec {
            name: format!("{libos}.rs"),
            source: policy.to_owned(),
            frame_limit,
            application: ApplicationSpec::Program {
                name: format!("{name}.rs"),
                source: program.to_owned(),
            },
            downloads: Vec::new(),
        }],
        network: None,
    }
}

/// Everything that a scenario tells, up to its end.
fn told(scenario: &Scenario) -> Result<Vec<Stamped>, TablesError> {
    Ok(told_by(scenario.build()?.0))
}

/// As [`told`], of a machine whose applications are programs.
fn told_by(mut machine: Machine) -> Vec<Stamped> {
    let mut events: Vec<Stamped> = Vec::new();
    while machine.run(UNITS_MAX, &[], &mut events) == Stop::Reached
        && machine.position().retired < UNITS_MAX
    {}
    events
}

/// The numbers that the program of a scenario wrote to its log, in order.
fn logged(events: &[Stamped]) -> Result<Vec<f64>, TablesError> {
    let mut numbers = Vec::new();
    for stamped in events {
        match stamped.event {
            Event::Logged { count, values, .. } => {
                numbers.extend(values.iter().take(usize::from(count)).map(|it| *it as f64));
            }
            Event::Broken { reason, .. } => {
                return Err(TablesError::Broke(crate::explain::broken(reason)));
            }
            _ => {}
        }
    }
    Ok(numbers)
}

/// The paths of the cost model, as they are met on the way: each event's price.
fn kernel_paths() -> Result<Vec<Measured>, TablesError> {
    let asking = alone("asking", ASKING, "null", NULL, 4);
    let of = |operation, cycles| Measured {
        system: "Aegis",
        operation,
        cycles,
    };
    let calls = price(&asking, |event| matches!(event, Event::Requested { .. }))?;
    let answers = price(&asking, |event| {
        matches!(
            event,
            Event::Answered {
                call: Call::FrameLimit,
                ..
            }
        )
    })?;
    let stacked = price(&asking, |event| {
        matches!(event, Event::FramesRequested { .. })
    })?;
    Ok(vec![
        of("procedure call", calls + INSTRUCTION),
        of("system call", answers + INSTRUCTION),
        of("system call, stack", stacked + INSTRUCTION),
    ])
}

/// The instruction that makes a call.
const INSTRUCTION: f64 = cost::INSTRUCTION as f64;

/// Whether an event passes a protection fault up.
fn protection_passed_up(event: &Event) -> bool {
    matches!(
        event,
        Event::Upcall {
            cause: Cause::Protection,
            ..
        }
    )
}

/// As [`price_of`], of all that a scenario tells.
fn price(scenario: &Scenario, of: impl Fn(&Event) -> bool) -> Result<f64, TablesError> {
    price_of(&told(scenario)?, of)
}

/// Cycles that an event of that kind takes on average, over and above instructions, which take one
/// each.
fn price_of(events: &[Stamped], of: impl Fn(&Event) -> bool) -> Result<f64, TablesError> {
    let (mut count, mut cycles) = (0, 0);
    for pair in events.windows(2) {
        if let [before, event] = pair
            && of(&event.event)
        {
            let units = event.position.retired - before.position.retired;
            count += 1;
            cycles += event.cycles - before.cycles - units;
        }
    }
    match count {
        0 => Err(TablesError::Broke(
            "what was to be measured did not happen".to_owned(),
        )),
        _ => Ok(cycles as f64 / f64::from(count)),
    }
}

/// A program that meets three exceptions in each round.
const RAISING: &str = "\
use exo_prelude::*;
pub struct Raising { full: u8, value: u64 }
impl Raising {
    pub const fn new() -> Raising { Raising { full: 255, value: 0 } }
}
impl Application for Raising {
    fn main(&mut self, mem: &mut Mem, _sys: &mut Sys) {
        for _ in 0..100 {
            self.value = mem.load_u32(0x1001) as u64;
            self.value = (self.full + 1) as u64;
            self.value = mem.square_root(2000);
        }
    }
}
";

/// A libOS that passes over what its application cannot complete.
const SKIPPING: &str = "\
use exo_prelude::*;
pub struct Skipping { count: u64 }
impl Skipping {
    pub const fn new() -> Skipping { Skipping { count: 0 } }
}
impl LibOs for Skipping {
    fn page_fault(&mut self, _sys: &mut Sys, _fault: Fault) -> Result<(), SysError> {
        Err(SysError::NoFreeFrame)
    }
    fn exception(&mut self, _sys: &mut Sys, _exception: Exception) -> Result<Resume, SysError> {
        self.count += 1;
        Ok(Resume { how: Resumption::Skip, value: 0 })
    }
}
";

/// A program that loads from a page and stores to it, over and over.
const STORING: &str = "\
use exo_prelude::*;
pub struct Storing { value: u32 }
impl Storing {
    pub const fn new() -> Storing { Storing { value: 1 } }
}
impl Application for Storing {
    fn main(&mut self, mem: &mut Mem, _sys: &mut Sys) {
        for _ in 0..100 {
            self.value = mem.load_u32(0x1000);
            mem.store_u32(0x1000, 1);
            if mem.request(0, 1, 0).is_err() { return; }
        }
    }
}
";

/// A libOS that binds a page for what is done to it, and drops it when it is asked to.
const BY_ACCESS: &str = "\
use exo_prelude::*;
pub struct ByAccess { frame: Option<Frame> }
impl ByAccess {
    pub const fn new() -> ByAccess { ByAccess { frame: None } }
}
impl LibOs for ByAccess {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let frame = match self.frame {
            Some(frame) => frame,
            None => sys.allocate()?,
        };
        self.frame = Some(frame);
        sys.tlb_write(fault.page, frame, fault.access)
    }
    fn request(&mut self, sys: &mut Sys, _request: u32, page: u64, _second: u64) -> Result<u64, SysError> {
        sys.tlb_drop(page as u32)?;
        Ok(0)
    }
}
";

/// What the kernel takes to pass an exception up.
fn exceptions() -> Result<Vec<Measured>, TablesError> {
    let storing = alone("storing", STORING, "by-access", BY_ACCESS, 1);
    let mut all = vec![Measured {
        system: "Aegis",
        operation: "protection",
        cycles: price(&storing, protection_passed_up)?,
    }];
    let raising = alone("raising", RAISING, "skipping", SKIPPING, 1);
    let kinds = [
        ("unaligned", ExceptionKind::Unaligned),
        ("overflow", ExceptionKind::Overflow),
        ("coprocessor", ExceptionKind::Coprocessor),
    ];
    let of = |(operation, kind): (&'static str, ExceptionKind)| -> Result<Measured, TablesError> {
        let cycles = price(
            &raising,
            |event| matches!(event, Event::Raised { exception, .. } if exception.kind == kind),
        )?;
        Ok(Measured {
            system: "Aegis",
            operation,
            cycles,
        })
    };
    for kind in kinds {
        all.push(of(kind)?);
    }
    Ok(all)
}

/// What a control transfer takes one way; and what libraries make of it and of shared memory.
fn control_transfer() -> Result<Vec<Measured>, TablesError> {
    let wrong = |error: IpcError| TablesError::Broke(error.to_string());
    let machine = ipc::machine(Ipc::Tlrpc).map_err(wrong)?;
    let transfer = price_of(&told_by(machine), |event| {
        matches!(event, Event::Transferred { .. })
    })?;
    let mut all = vec![Measured {
        system: "Aegis",
        operation: "control transfer",
        cycles: transfer + INSTRUCTION,
    }];
    for kind in Ipc::ALL {
        all.push(Measured {
            system: "ExOS",
            operation: kind.name(),
            cycles: ipc::measure(kind).map_err(wrong)?,
        });
    }
    Ok(all)
}

fn primitives(name: &str) -> Result<Scenario, TablesError> {
    let missing = || TablesError::Broke(format!("there is no sample with the table {name}"));
    let program = application("primitives").ok_or_else(missing)?;
    let policy = sample("protect").ok_or_else(missing)?;
    let source = policy.with_table(table(name).ok_or_else(missing)?);
    Ok(alone("primitives", program.source, "protect", &source, 100))
}

/// The primitives of Appel and Li, as the application that comes along measures them.
fn protection(system: &'static str, events: &[Stamped]) -> Result<Vec<Measured>, TablesError> {
    const OPERATIONS: [&str; 7] = [
        "dirty",
        "prot1",
        "prot100",
        "unprot100",
        "trap",
        "appel1",
        "appel2",
    ];
    let numbers = logged(events)?;
    if numbers.len() != OPERATIONS.len() {
        return Err(TablesError::Broke("not every figure was logged".to_owned()));
    }
    let pairs = OPERATIONS.into_iter().zip(numbers);
    Ok(pairs
        .map(|(operation, cycles)| Measured {
            system,
            operation,
            cycles,
        })
        .collect())
}
