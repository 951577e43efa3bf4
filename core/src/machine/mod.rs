//! The machine: configuration, seed and state, and nothing else (D1).

mod alarm;
mod application;
mod checkpoint;
mod config;
mod config_error;
mod determinism;
mod door;
mod exception;
mod fingerprint;
mod flip;
mod install;
mod load;
mod mmu;
mod network;
mod notice;
mod reach;
mod request;
mod run;
mod slice;
mod transfer;
mod upcall;
mod waiting;

pub use checkpoint::Checkpoint;
pub use config::{Application, EnvironmentConfig, MachineConfig, Unfit};
pub use config_error::ConfigError;
pub use determinism::inv_det_1;
pub use door::{NativeFault, NativeNotice, NativeRequest};
pub use fingerprint::{Fingerprinting, Renaming};
pub use flip::Flip;
pub use install::{FieldChange, FieldFate, InstallError, field_changes};
pub use network::NetworkConfig;
pub use run::Stop;

use alloc::vec::Vec;

use crate::cost;
use crate::cpu::Program;
use crate::derived::Derived;
use crate::digest::Digest;
use crate::event::{Event, Sink};
use crate::hw::{Disk, DiskTimes, Memory, Segment, State, Tlb, UseStamps};
use crate::ids::{EnvId, Position};
use crate::kernel::{
    CachedLists, CapabilityTable, Counters, Cycles, Download, Environment, ExtentTable, FrameTable,
    Handler, Hardware, Kernel, Network, NoticeQueue, Phase, RepossessionVector, Slices, Stlb,
};
use crate::mutants::Mutant;
use crate::rng::Rng;
use crate::verify::verify;

/// Version of the machine's model: a change of what happens, of what it costs, or of which events
/// tell it. Positions of one version mean nothing in another.
pub const MODEL_VERSION: u32 = 7;

/// How long the disk takes.
const DISK_TIMES: DiskTimes = DiskTimes {
    seek_cycles: cost::DISK_SEEK,
    block_cycles: cost::DISK_BLOCK,
};

/// The random sequence that the secret of capabilities is taken from; environments have 1 and up.
const SECRET: u64 = u64::MAX;

/// An emulated computer under an exokernel. Same configuration, seed and inputs: same state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    config: MachineConfig,
    hw: Hardware,
    kernel: Kernel,
    position: Position,
    /// Events since reset; a count for display, in no digest.
    events: Derived<u64>,
}

impl Machine {
    /// A machine at reset: memory zero, TLBs empty, each policy's first state in frames pinned for
    /// it, lowest first.
    ///
    /// # Errors
    /// [`ConfigError`] says which limit the configuration breaks; no machine is made.
    pub fn new(config: MachineConfig) -> Result<Machine, ConfigError> {
        config.check()?;
        let pages = 1_u64 << (32 - config.page_bits);
        let tlb_entries = config.tlb.entries();
        let mut machine = Machine {
            hw: Hardware {
                memory: Memory::new(config.frames, config.page_bits),
                tlb: Tlb::new(config.tlb, pages),
                use_stamps: if config.use_stamps {
                    UseStamps::new(config.frames)
                } else {
                    UseStamps::default()
                },
                disk: Disk::new(config.disk_blocks, DISK_TIMES, config.disk_fault),
                nic: config.network.as_ref().map(|it| it.nic(config.seed)),
                rng: Rng::new(config.seed, 0),
            },
            kernel: Kernel {
                frames: FrameTable::new(config.frames),
                capabilities: CapabilityTable::new(Rng::new(config.seed, SECRET).next_u64()),
                extents: ExtentTable::new(config.disk_blocks, config.environments.len()),
                network: config
                    .network
                    .as_ref()
                    .map(|it| Network::new(it.engine, config.environments.len())),
                stlb: Stlb::new(config.stlb_entries),
                cached: Derived(CachedLists::new(
                    config.frames,
                    tlb_entries,
                    config.stlb_entries,
                )),
                environments: Vec::new(),
                slices: Slices::new(config.first_slices(), config.slice_references),
                running: EnvId(0),
                slice_left: config.slice_references,
                urgent: None,
                times: config.revocation,
                idle_cycles: 0,
                due_cycles: Derived(u64::MAX),
                disk_due_cycles: Derived(None),
                network_due_cycles: Derived(None),
            },
            position: Position::default(),
            events: Derived(0),
            config,
        };
        for index in 0..machine.config.environments.len() {
            machine.boot(EnvId(index as u8));
        }
        machine.first_slice();
        machine.kernel.set_network_due(&machine.hw);
        Ok(machine)
    }

    /// Gives the processor to the owner of the first slice; nothing runs if there is none.
    fn first_slice(&mut self) {
        let slices = &mut self.kernel.slices;
        let first = slices.owners().get(usize::from(slices.position)).copied();
        match first.flatten() {
            Some(owner) => {
                self.kernel.switch(&mut self.hw, owner);
                self.kernel.begins(owner);
            }
            None => slices.over = true,
        }
    }

    /// Makes an environment; the configuration has been checked to leave room for it.
    fn boot(&mut self, id: EnvId) {
        let config = self.config.environments[id.index()].clone();
        let segment = match &config.handler {
            Handler::Program(program) => self.first_state(id, program),
            Handler::Native | Handler::None => Segment::default(),
        };
        let (source, process) = match config.application {
            Application::Trace(source) => (source, None),
            Application::Program(program) => {
                let segment = self.first_state(id, &program);
                (0, Some(load::process(program, segment)))
            }
        };
        let downloads = config.downloads.into_iter().map(|program| {
            let segment = self.first_state(id, &program);
            let fuel = match Mutant::DownloadUnbounded.made() {
                true => u64::MAX,
                false => verify(&program).unwrap_or(0),
            };
            Download {
                program,
                segment,
                fuel,
            }
        });
        let downloads = downloads.collect();
        self.kernel.environments.push(Environment {
            handler: config.handler,
            phase: Phase::Application,
            source,
            cursor: 0,
            checksum: 0,
            process,
            coprocessor: false,
            fault: None,
            begins: None,
            saving: None,
            excess_slices: 0,
            outgoing: None,
            incoming: None,
            wait: None,
            answer: None,
            frame_limit: config.frame_limit,
            frames_held: 0,
            pending_limit: None,
            revocation: None,
            repossessed: RepossessionVector::default(),
            notices: NoticeQueue::default(),
            notice: None,
            alarm_cycles: None,
            downloads,
            over: false,
            segment,
            context: crate::cpu::Context::default(),
            rng: Rng::new(self.config.seed, u64::from(id.0) + 1),
            pending: None,
            pending_application: None,
            cycles: Cycles::default(),
            counters: Counters::default(),
        });
    }

    /// Pins frames for a program's state and writes its first state there.
    fn first_state(&mut self, id: EnvId, program: &Program) -> Segment {
        let image = program.initial_state.as_slice();
        let mut segment = Segment {
            frames: Vec::new(),
            size_bytes: image.len() as u32,
        };
        for _ in 0..config::state_frames(image.len(), self.config.page_bits) {
            if let Some(frame) = self.kernel.frames.next_free() {
                self.kernel.frames.take(frame, id, true);
                segment.frames.push(frame);
            }
        }
        write_image(&mut self.hw.memory, &segment, image);
        segment
    }

    /// What it was made from.
    pub fn config(&self) -> &MachineConfig {
        &self.config
    }

    /// The devices, to be read.
    pub fn hardware(&self) -> &Hardware {
        &self.hw
    }

    /// The kernel's state, to be read (A03).
    pub fn kernel(&self) -> &Kernel {
        &self.kernel
    }

    /// Where it stands.
    pub fn position(&self) -> Position {
        self.position
    }

    /// Events since reset, whether or not anyone recorded them: the step number of the page.
    pub fn events(&self) -> u64 {
        self.events.0
    }

    /// Cycles since reset. Every cycle is charged to an environment (A29), but for those in which
    /// none could run.
    pub fn cycles(&self) -> u64 {
        let charged = self.kernel.environments.iter();
        let charged: u64 = charged.map(|env| env.cycles.total()).sum();
        charged + self.kernel.idle_cycles
    }

    /// Checks every invariant of the kernel (INV-OWN, INV-BIND, INV-LIM).
    ///
    /// # Errors
    /// The first one that does not hold, and how.
    pub fn check(&self) -> Result<(), crate::kernel::check::Violation> {
        crate::kernel::check::all(&self.kernel, &self.hw)
    }

    /// Sets how many frames an environment may hold, which an event tells. If it holds more, the
    /// kernel asks for them (A14).
    ///
    /// # Errors
    /// There is no such environment; nothing changed.
    pub fn set_frame_limit(&mut self, env: EnvId, frame_limit: u32) -> Result<(), InstallError> {
        let environment = self.kernel.environments.get_mut(env.index());
        let environment = environment.ok_or(InstallError::NoSuchEnvironment)?;
        environment.pending_limit = Some(frame_limit);
        Ok(())
    }

    /// One environment.
    pub fn environment(&self, env: EnvId) -> Option<&Environment> {
        self.kernel.environments.get(env.index())
    }

    /// A policy's state as bytes, for readers.
    pub fn state_bytes(&self, env: EnvId) -> Vec<u8> {
        self.environment(env)
            .map(|environment| environment.segment.image(&self.hw.memory))
            .unwrap_or_default()
    }

    /// The state of an environment's application as bytes, for readers; empty if it is a trace.
    pub fn application_bytes(&self, env: EnvId) -> Vec<u8> {
        self.environment(env)
            .and_then(|environment| environment.process.as_ref())
            .map(|process| process.segment.image(&self.hw.memory))
            .unwrap_or_default()
    }

    /// Runs the message handler that will run next once more, on copies, while `watch` looks on before each of
    /// its instructions; none if a packet has not just been claimed for one. Nothing changes.
    pub fn watch_handler(&self, watch: &mut crate::cpu::Watch<'_>) -> Option<()> {
        self.kernel.watch_handler(&self.hw, watch)
    }

    /// 64 bits of the whole state: the same on every target for the same run (INV-DET-1).
    ///
    /// In order: model version; configuration (page bits, frames, sets, ways, replacement, STLB
    /// entries, slice, whether there are use stamps, times of revocation, seed, environments, first
    /// slices, disk); position; TLB; use stamps if there are any; hardware's random state; ownership;
    /// capabilities; extents if there is a disk; STLB; slices; running environment and what its slice
    /// has left; who is urgent; idle cycles; each environment; memory; the disk if there is one; the network
    /// interface, and filters with what is bound to them, if there is a network.
    /// Display counters are not in it.
    pub fn state_digest(&self) -> u64 {
        let mut digest = Digest::new(u64::from(MODEL_VERSION));
        self.config.digest(&mut digest);
        digest.u64(self.position.retired);
        digest.u32(self.position.event);
        self.hw.tlb.digest(&mut digest);
        self.hw.use_stamps.digest(&mut digest);
        digest.u64(self.hw.rng.state());
        self.kernel.frames.digest(&mut digest);
        self.kernel.capabilities.digest(&mut digest);
        self.kernel.extents.digest(&mut digest);
        self.kernel.stlb.digest(&mut digest);
        self.kernel.slices.digest(&mut digest);
        digest.u32(u32::from(self.kernel.running.0));
        digest.u32(self.kernel.slice_left);
        digest.u32(self.kernel.urgent.map_or(0, |env| u32::from(env.0) + 1));
        digest.u64(self.kernel.idle_cycles);
        for environment in &self.kernel.environments {
            environment.digest(&mut digest);
        }
        self.hw.memory.digest(&mut digest);
        self.hw.disk.digest(&mut digest);
        if let (Some(nic), Some(network)) = (&self.hw.nic, &self.kernel.network) {
            nic.digest(&mut digest);
            network.digest(&mut digest);
        }
        digest.finish()
    }

    /// Tells an event, if anyone listens, and counts it.
    #[inline]
    fn emit<S: Sink>(&mut self, sink: &mut S, event: Event) {
        if S::REMARKS {
            sink.number(self.events.0 + 1);
            sink.take(self.position, self.cycles(), event);
        }
        self.position.event += 1;
        self.events.0 += 1;
    }

    /// The unit under way is complete.
    #[inline]
    fn retire(&mut self) {
        self.position = Position {
            retired: self.position.retired + 1,
            event: 0,
        };
    }

    fn running(&mut self) -> &mut Environment {
        &mut self.kernel.environments[self.kernel.running.index()]
    }
}

/// Writes a policy's state into its frames.
fn write_image(memory: &mut Memory, segment: &Segment, image: &[u8]) {
    let mut state = State::new(memory, segment);
    let (words, rest) = image.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        state.store(index as u64 * 8, *word);
    }
    for (index, byte) in rest.iter().enumerate() {
        state.store((words.len() * 8 + index) as u64, [*byte]);
    }
}
