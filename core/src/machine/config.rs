//! What a machine is made from, and what it may be.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use super::{ConfigError, NetworkConfig};
use crate::cpu::{Program, Role};
use crate::digest::Digest;
use crate::hw::{DiskFault, Replacement, TlbConfig};
use crate::ids::EnvId;
use crate::kernel::{Handler, RevocationTimes};
use crate::limits::{
    DISK_BLOCKS_MAX, DOWNLOADS_MAX, ENVIRONMENTS_MAX, FRAMES_MAX, PAGE_BITS_MAX, SLICES_DEFAULT,
    SLICES_MAX, STATE_BYTES_MAX, STLB_ENTRIES_MAX, TLB_ENTRIES_MAX,
};
use crate::verify::{Refusal, verify};

/// What an environment runs (D6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Application {
    /// A trace, by place among the sources that `run` is given.
    Trace(u16),
    /// A program with a `main`.
    Program(Arc<Program>),
}

/// One environment to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentConfig {
    /// Who answers its upcalls.
    pub handler: Handler,
    /// Frames it may hold for its application's pages; those of its programs' state come on top.
    pub frame_limit: u32,
    /// What it runs.
    pub application: Application,
    /// Programs of downloaded roles, which its libOS binds to packets by their places (A47, A50).
    pub downloads: Vec<Arc<Program>>,
}

/// Sizes of the machine, its seed and its environments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineConfig {
    /// log2 of the size of a page in bytes; 12 is the usual 4 KiB.
    pub page_bits: u8,
    /// Frames of physical memory.
    pub frames: u32,
    /// The hardware TLB.
    pub tlb: TlbConfig,
    /// Entries of the software TLB; 0 switches it off.
    pub stlb_entries: u32,
    /// References of one slice; of an application that is a program, instructions.
    pub slice_references: u32,
    /// The first owner of each slice of the vector (A37). Empty: one slice for each environment, in
    /// order, and then free ones, [`SLICES_DEFAULT`] in all or as many as there are environments.
    pub slices: Vec<Option<EnvId>>,
    /// Whether the machine keeps a use stamp for each frame.
    pub use_stamps: bool,
    /// How long the parts of a revocation last.
    pub revocation: RevocationTimes,
    /// Blocks of the disk, each as large as a page; 0 is no disk.
    pub disk_blocks: u32,
    /// Which of the disk's transfers fail.
    pub disk_fault: Option<DiskFault>,
    /// The network, if there is one.
    pub network: Option<NetworkConfig>,
    /// Decides every random number.
    pub seed: u64,
    /// The environments, A first.
    pub environments: Vec<EnvironmentConfig>,
}

impl Default for MachineConfig {
    /// 256 frames of 4 KiB, a fully associative TLB of 64 with random replacement, a software TLB
    /// of 4,096 (A33, A35), slices of 1,000 references, 20 ms at 25 MHz from the request for a
    /// frame to the imperative, 50 microseconds from there to the abort (A14), no disk, no network,
    /// and no environment yet.
    fn default() -> MachineConfig {
        MachineConfig {
            page_bits: 12,
            frames: 256,
            tlb: TlbConfig {
                sets: 1,
                ways: 64,
                replacement: Replacement::Random,
            },
            stlb_entries: 4096,
            slice_references: 1000,
            slices: Vec::new(),
            use_stamps: false,
            revocation: RevocationTimes {
                request_cycles: 500_000,
                imperative_cycles: 1_250,
            },
            disk_blocks: 0,
            disk_fault: None,
            network: None,
            seed: 1,
            environments: Vec::new(),
        }
    }
}

/// Frames that hold a state of `bytes` bytes.
pub(super) fn state_frames(bytes: usize, page_bits: u8) -> u32 {
    bytes.div_ceil(1 << page_bits) as u32
}

/// The largest load or store of an application, in bytes: it must not cross the border of a page.
pub(super) const WORD_BYTES_MAX: usize = 8;

impl EnvironmentConfig {
    /// Its programs: the policy's, the application's, and those to be downloaded.
    pub(super) fn programs(&self) -> impl Iterator<Item = &Arc<Program>> {
        let policy = match &self.handler {
            Handler::Program(program) => Some(program),
            Handler::Native | Handler::None => None,
        };
        let application = match &self.application {
            Application::Program(program) => Some(program),
            Application::Trace(_) => None,
        };
        policy.into_iter().chain(application).chain(&self.downloads)
    }

    /// Whether its programs fit the machine.
    fn check(&self, environment: usize, page_bits: u8) -> Result<(), ConfigError> {
        for program in self.programs() {
            let bytes = program.initial_state.len();
            if bytes > STATE_BYTES_MAX {
                return Err(ConfigError::State { environment, bytes });
            }
        }
        let unfit = |reason| ConfigError::Unfit {
            environment,
            reason,
        };
        if let Handler::Program(program) = &self.handler {
            admit(program, Role::LibOs).map_err(unfit)?;
        }
        let asked = self.downloads.len();
        if asked > DOWNLOADS_MAX {
            return Err(ConfigError::Downloads { environment, asked });
        }
        for program in &self.downloads {
            let wanted = match program.role {
                Role::PacketFilter => Role::PacketFilter,
                _ => Role::MessageHandler,
            };
            admit(program, wanted).map_err(unfit)?;
        }
        if let Application::Program(program) = &self.application {
            admit(program, Role::Application).map_err(unfit)?;
            if !words_fit(page_bits) {
                return Err(ConfigError::PageTooSmall { environment });
            }
        }
        Ok(())
    }
}

/// Why a program may not run where it should. Nothing of it has run, and nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It is a program of another kind.
    Role {
        /// What it is.
        is: Role,
        /// What is needed.
        wanted: Role,
    },
    /// The verifier refused its code (D2).
    Code(Refusal),
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unfit::Role { is, wanted } => {
                let (is, wanted) = (is.name(), wanted.name());
                write!(
                    f,
                    "the program is of role {is}, and role {wanted} is needed here"
                )
            }
            Unfit::Code(refusal) => write!(f, "the program is refused: {refusal}"),
        }
    }
}

impl core::error::Error for Unfit {}

/// Whether a page holds the largest load of an application.
pub(super) fn words_fit(page_bits: u8) -> bool {
    1 << page_bits >= WORD_BYTES_MAX
}

/// Whether a program may run in that role.
pub(super) fn admit(program: &Program, wanted: Role) -> Result<(), Unfit> {
    let is = program.role;
    if is != wanted {
        return Err(Unfit::Role { is, wanted });
    }
    verify(program).map(|_| ()).map_err(Unfit::Code)
}

impl MachineConfig {
    /// Frames that the programs' own state takes, on top of what the environments may hold.
    pub fn pinned_frames(&self) -> u64 {
        self.environments
            .iter()
            .flat_map(EnvironmentConfig::programs)
            .map(|program| state_frames(program.initial_state.len(), self.page_bits))
            .map(u64::from)
            .sum()
    }

    /// The first owner of each slice.
    pub fn first_slices(&self) -> Vec<Option<EnvId>> {
        if !self.slices.is_empty() {
            return self.slices.clone();
        }
        let count = self.environments.len();
        (0..count.max(SLICES_DEFAULT))
            .map(|position| (position < count).then_some(EnvId(position as u8)))
            .collect()
    }

    /// Whether its slices are not too many, and belong to environments of its.
    fn check_slices(&self) -> Result<(), ConfigError> {
        if self.slice_references == 0 {
            return Err(ConfigError::Slice);
        }
        let asked = self.slices.len();
        if asked > SLICES_MAX {
            return Err(ConfigError::Slices { asked });
        }
        let unknown =
            |owner: &Option<EnvId>| owner.is_some_and(|env| env.index() >= self.environments.len());
        match self.slices.iter().position(unknown) {
            Some(position) => Err(ConfigError::SliceOwner { position }),
            None => Ok(()),
        }
    }

    /// Whether a machine can be made of it.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let in_range = |value: u32, most: u32| (1..=most).contains(&value);
        if self.page_bits > PAGE_BITS_MAX {
            return Err(ConfigError::PageBits {
                asked: self.page_bits,
            });
        }
        if !in_range(self.frames, FRAMES_MAX) {
            return Err(ConfigError::Frames { asked: self.frames });
        }
        if !in_range(self.tlb.entries(), TLB_ENTRIES_MAX) {
            return Err(ConfigError::TlbEntries {
                asked: self.tlb.entries(),
            });
        }
        if self.stlb_entries > STLB_ENTRIES_MAX {
            return Err(ConfigError::StlbEntries {
                asked: self.stlb_entries,
            });
        }
        if self.disk_blocks > DISK_BLOCKS_MAX {
            return Err(ConfigError::DiskBlocks {
                asked: self.disk_blocks,
            });
        }
        self.check_slices()?;
        if !(1..=ENVIRONMENTS_MAX).contains(&self.environments.len()) {
            return Err(ConfigError::Environments {
                asked: self.environments.len(),
            });
        }
        for (environment, config) in self.environments.iter().enumerate() {
            config.check(environment, self.page_bits)?;
        }
        let needed = self.pinned_frames();
        if needed > u64::from(self.frames) {
            return Err(ConfigError::NoRoomForState {
                needed,
                frames: self.frames,
            });
        }
        Ok(())
    }

    /// Adds every size, the seed, and how many environments there are; then, only if there is a
    /// disk, its size and which transfers fail; and if there is a network, what that is.
    pub(super) fn digest(&self, digest: &mut Digest) {
        digest.u32(u32::from(self.page_bits));
        digest.u32(self.frames);
        digest.u32(self.tlb.sets);
        digest.u32(self.tlb.ways);
        digest.u32(match self.tlb.replacement {
            Replacement::Random => 0,
            Replacement::Fifo => 1,
            Replacement::Lru => 2,
        });
        digest.u32(self.stlb_entries);
        digest.u32(self.slice_references);
        digest.bool(self.use_stamps);
        digest.u64(self.revocation.request_cycles);
        digest.u64(self.revocation.imperative_cycles);
        digest.u64(self.seed);
        digest.u64(self.environments.len() as u64);
        digest.u64(self.slices.len() as u64);
        for owner in &self.slices {
            digest.u32(owner.map_or(u32::MAX, |env| env.0.into()));
        }
        if self.disk_blocks > 0 {
            digest.u32(self.disk_blocks);
            let fault = self
                .disk_fault
                .map_or((0, false), |it| (it.transfer, it.for_ever));
            digest.u64(fault.0);
            digest.bool(fault.1);
        }
        if let Some(network) = &self.network {
            network.digest(digest);
        }
    }
}
