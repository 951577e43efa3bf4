//! Scenarios: a machine, and for each environment a policy and an application.

mod parse;

use std::fmt;
use std::sync::{Arc, OnceLock};

pub use parse::{parse_disk_fault, parse_tlb};

use exo_core::cpu::{Program, Role};
use exo_core::hw::{DiskFault, TlbConfig};
use exo_core::kernel::Handler;
use exo_core::machine::{Application, ConfigError, EnvironmentConfig, Machine, MachineConfig};
use exo_core::trace::Trace;
use exo_policy::Diagnostic;

use crate::network::NetworkSpec;
use crate::packed::unpack;
use crate::trace_file::{PAGE_BITS, Stream, TraceError};

/// A trace under the name that is shown.
#[derive(Clone, Debug)]
pub struct NamedTrace {
    /// The file's name.
    pub name: String,
    /// Its references.
    pub trace: Trace,
    /// Distinct pages of 4 KiB.
    pub pages: u32,
    /// Which records of its file were taken.
    pub stream: Stream,
    /// How many low bits of an address of its file lie within its page.
    pub page_bits: u8,
    /// Lines that are no records: valgrind's own, comments.
    pub skipped_lines: u64,
    /// Whether references behind the last one were left out.
    pub truncated: bool,
}

impl NamedTrace {
    /// A trace that was made, and comes from no file: all of it is taken, in the machine's own pages,
    /// of which it touches so many.
    pub fn made(name: &str, trace: Trace, pages: u32) -> NamedTrace {
        NamedTrace {
            name: name.to_owned(),
            trace,
            pages,
            stream: Stream::All,
            page_bits: PAGE_BITS,
            skipped_lines: 0,
            truncated: false,
        }
    }
}

/// Sizes of the machine, apart from its environments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MachineShape {
    /// Frames of physical memory; those of the programs' own state included.
    pub frames: u32,
    /// The hardware TLB.
    pub tlb: TlbConfig,
    /// Entries of the software TLB; 0 is off.
    pub stlb_entries: u32,
    /// References of a slice; of an application that is a program, instructions.
    pub slice_references: u32,
    /// Whether the machine keeps a use stamp for each frame.
    pub use_stamps: bool,
    /// Blocks of the disk; 0 is none.
    pub disk_blocks: u32,
    /// Which of the disk's transfers fail.
    pub disk_fault: Option<DiskFault>,
    /// Decides every random number.
    pub seed: u64,
    /// log2 of a page in bytes.
    pub page_bits: u8,
}

impl Default for MachineShape {
    fn default() -> MachineShape {
        let config = MachineConfig::default();
        MachineShape {
            frames: config.frames,
            tlb: config.tlb,
            stlb_entries: config.stlb_entries,
            slice_references: config.slice_references,
            use_stamps: config.use_stamps,
            disk_blocks: config.disk_blocks,
            disk_fault: config.disk_fault,
            seed: config.seed,
            page_bits: config.page_bits,
        }
    }
}

/// One environment of a scenario.
#[derive(Clone, Debug)]
pub struct EnvironmentSpec {
    /// The policy's file name.
    pub name: String,
    /// The policy's source.
    pub source: String,
    /// Frames it may hold for its application's pages.
    pub frame_limit: u32,
    /// What it runs.
    pub application: ApplicationSpec,
    /// What it may bind to its filters: message handlers, and filters that are programs.
    pub downloads: Vec<DownloadSpec>,
}

/// A program that the kernel runs for an environment when a packet comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DownloadSpec {
    /// Its file name.
    pub name: String,
    /// Its source.
    pub source: String,
}

/// What an environment runs.
#[derive(Clone, Debug)]
pub enum ApplicationSpec {
    /// The references of a real program.
    Trace(Arc<NamedTrace>),
    /// A program of the playground's own.
    Program {
        /// Its file name.
        name: String,
        /// Its source.
        source: String,
    },
}

/// What an environment runs where it has no trace.
static NO_TRACE: Trace = Trace::new();

impl ApplicationSpec {
    /// What an environment runs that has nothing to run: no reference. It is over at once, and its policy goes on
    /// to answer upcalls.
    pub fn nothing() -> ApplicationSpec {
        ApplicationSpec::Trace(Arc::new(NamedTrace::made("nothing", Trace::new(), 0)))
    }

    /// Its trace; an empty one for a program.
    pub fn trace(&self) -> &Trace {
        match self {
            ApplicationSpec::Trace(named) => &named.trace,
            ApplicationSpec::Program { .. } => &NO_TRACE,
        }
    }
}

/// All that decides a run, before any input.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What it is called.
    pub title: String,
    /// The machine.
    pub machine: MachineShape,
    /// Its environments, A first.
    pub environments: Vec<EnvironmentSpec>,
    /// Its network, if it has one.
    pub network: Option<Arc<NetworkSpec>>,
}

/// Why a scenario cannot be run. Nothing that was open before is touched.
#[derive(Clone, Debug, PartialEq)]
pub enum SessionError {
    /// The machine cannot be made.
    Config(ConfigError),
    /// A policy or an application does not compile.
    Policy {
        /// Its file name.
        name: String,
        /// All its errors, at least one.
        diagnostics: Vec<Diagnostic>,
    },
    /// The trace that comes with the playground cannot be read.
    Trace(crate::TraceError),
    /// The other end of the network cannot be made.
    Network(String),
}

impl fmt::Display for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SessionError::Config(error) => error.fmt(f),
            SessionError::Policy { name, diagnostics } => {
                for (index, diagnostic) in diagnostics.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "\n" };
                    write!(f, "{separator}{name}:{diagnostic}")?;
                }
                Ok(())
            }
            SessionError::Trace(error) => error.fmt(f),
            SessionError::Network(message) => write!(f, "network: {message}"),
        }
    }
}

impl std::error::Error for SessionError {}

impl From<ConfigError> for SessionError {
    fn from(error: ConfigError) -> SessionError {
        SessionError::Config(error)
    }
}

impl Scenario {
    /// Frames that the programs' own state takes, on top of what the environments may hold.
    ///
    /// # Errors
    /// A policy or an application that does not compile.
    pub fn pinned_frames(&self) -> Result<u32, SessionError> {
        let mut config = MachineConfig {
            page_bits: self.machine.page_bits,
            ..Default::default()
        };
        for spec in &self.environments {
            let programs = spec.compile()?;
            config.environments.push(spec.config(0, &programs));
        }
        Ok(config.pinned_frames().min(u64::from(u32::MAX)) as u32)
    }

    /// The traces of its environments, in their order; empty ones where a program runs.
    pub(crate) fn traces(&self) -> Vec<&Trace> {
        let environments = self.environments.iter();
        environments.map(|spec| spec.application.trace()).collect()
    }

    /// Compiles the programs and makes the machine.
    pub(crate) fn build(&self) -> Result<(Machine, Vec<Programs>), SessionError> {
        let mut programs = Vec::new();
        let mut environments = Vec::new();
        for (index, spec) in self.environments.iter().enumerate() {
            let compiled = spec.compile()?;
            environments.push(spec.config(index as u16, &compiled));
            programs.push(compiled);
        }
        let shape = self.machine;
        let machine = Machine::new(MachineConfig {
            page_bits: shape.page_bits,
            frames: shape.frames,
            tlb: shape.tlb,
            stlb_entries: shape.stlb_entries,
            slice_references: shape.slice_references,
            use_stamps: shape.use_stamps,
            disk_blocks: shape.disk_blocks,
            disk_fault: shape.disk_fault,
            seed: shape.seed,
            environments,
            network: self.network.as_ref().map(|it| it.config()),
            ..MachineConfig::default()
        })?;
        Ok((machine, programs))
    }
}

/// What an environment's sources were compiled to.
#[derive(Clone, Debug)]
pub(crate) struct Programs {
    pub(crate) policy: Arc<Program>,
    /// None where a trace runs.
    pub(crate) application: Option<Arc<Program>>,
    pub(crate) downloads: Vec<Arc<Program>>,
}

impl EnvironmentSpec {
    fn compile(&self) -> Result<Programs, SessionError> {
        let named = |name: &str, compiled: Result<Program, Vec<Diagnostic>>| {
            let compiled = compiled.map(Arc::new);
            compiled.map_err(|diagnostics| SessionError::Policy {
                name: name.to_owned(),
                diagnostics,
            })
        };
        let compiled = |name: &str, source, role| named(name, exo_policy::compile_as(role, source));
        let application = match &self.application {
            ApplicationSpec::Trace(_) => None,
            ApplicationSpec::Program { name, source } => {
                Some(compiled(name, source, Role::Application)?)
            }
        };
        let downloads = self.downloads.iter();
        let downloads = downloads.map(|it| named(&it.name, compile_download(&it.source)));
        Ok(Programs {
            downloads: downloads.collect::<Result<_, _>>()?,
            policy: compiled(&self.name, &self.source, Role::LibOs)?,
            application,
        })
    }

    /// How to make it; `trace` is the place of its trace among the machine's sources.
    fn config(&self, trace: u16, programs: &Programs) -> EnvironmentConfig {
        EnvironmentConfig {
            handler: Handler::Program(programs.policy.clone()),
            frame_limit: self.frame_limit,
            application: match &programs.application {
                None => Application::Trace(trace),
                Some(program) => Application::Program(program.clone()),
            },
            downloads: programs.downloads.clone(),
        }
    }
}

/// Compiles what is downloaded, for the role that it has; one with another role is told that a message handler
/// is wanted.
fn compile_download(source: &str) -> Result<Program, Vec<Diagnostic>> {
    let program = exo_policy::compile(source)?;
    match program.role {
        Role::PacketFilter | Role::MessageHandler => Ok(program),
        _ => exo_policy::compile_as(Role::MessageHandler, source),
    }
}

/// The trace that comes with the playground, packed: `static/dash.lackey.gz` is the same as it was captured.
#[cfg(feature = "sample-trace")]
const SAMPLE_TRACE: Option<&[u8]> = Some(include_bytes!("../../../static/dash.trace"));
#[cfg(not(feature = "sample-trace"))]
const SAMPLE_TRACE: Option<&[u8]> = None;

/// The same, where it came as a file of its own.
static BROUGHT: OnceLock<Vec<u8>> = OnceLock::new();

/// Brings the trace that comes with the playground, `static/dash.trace`, to a program that does not hold it. The first
/// one that is brought stays.
pub fn bring_sample_trace(packed: Vec<u8>) {
    let _ = BROUGHT.set(packed);
}

/// The trace that comes with the playground: the shell dash counting to two, under
/// valgrind's lackey.
///
/// # Errors
/// If the file was damaged on its way here, or has not been brought.
pub fn sample_trace() -> Result<NamedTrace, SessionError> {
    let reason = |reason: &'static str| TraceError::Gzip { line: 0, reason };
    let packed = BROUGHT.get().map(Vec::as_slice).or(SAMPLE_TRACE);
    unpack("dash", packed.unwrap_or_default()).map_err(|error| SessionError::Trace(reason(error)))
}

/// What the page opens with: two environments that run the same real program, one under FIFO, one
/// under CLOCK, with fewer frames than it touches. The machine keeps use stamps, so that every
/// sample can take over.
///
/// # Errors
/// As [`sample_trace`].
pub fn first_light() -> Result<Scenario, SessionError> {
    Ok(first_light_with(Arc::new(sample_trace()?)))
}

/// The opening scenario with another trace in both environments.
pub fn first_light_with(trace: Arc<NamedTrace>) -> Scenario {
    let environment = |name: &str| EnvironmentSpec {
        name: format!("{name}.rs"),
        source: exo_libos_samples::sample(name)
            .map_or("", |sample| sample.source)
            .to_owned(),
        frame_limit: 64,
        application: ApplicationSpec::Trace(trace.clone()),
        downloads: Vec::new(),
    };
    Scenario {
        title: format!("Two policies, one program: {}", trace.name),
        machine: MachineShape {
            use_stamps: true,
            ..MachineShape::default()
        },
        environments: vec![environment("fifo"), environment("clock")],
        network: None,
    }
}
