//! What a comparison kernel is made from.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use crate::cpu::{Program, Role};
use crate::hw::TlbConfig;
use crate::limits::{FRAMES_MAX, PAGE_BITS_MAX, STATE_BYTES_MAX, TLB_ENTRIES_MAX};
use crate::verify::{Refusal, verify};

/// Applications under one comparison kernel: each, and its pager, has one of the hardware's 64
/// address-space ids (A35).
pub const APPLICATIONS_MAX: usize = 32;

/// One application to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RivalApplication {
    /// Who decides about its pages: the very program that would be its libOS under the exokernel,
    /// run by its pager or by its own handler. A kernel with a policy of its own takes no notice.
    pub policy: Option<Arc<Program>>,
    /// Frames for its pages.
    pub frame_limit: u32,
}

/// Hardware and applications, as the exokernel's machine has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RivalConfig {
    /// log2 of the size of a page in bytes.
    pub page_bits: u8,
    /// The hardware TLB.
    pub tlb: TlbConfig,
    /// Whether its entries carry an address-space id. If not, it is emptied at each change of
    /// address space, ends of slices included.
    pub tagged: bool,
    /// References of one slice.
    pub slice_references: u32,
    /// Whether the machine keeps a use stamp for each frame.
    pub use_stamps: bool,
    /// Decides every random number.
    pub seed: u64,
    /// The applications, A first.
    pub environments: Vec<RivalApplication>,
}

/// Why no kernel can be made of a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the sentence of each is in its Display")]
pub enum ConfigError {
    PageBits { asked: u8 },
    Frames { asked: u64 },
    TlbEntries { asked: u32 },
    Slice,
    Applications { asked: usize },
    State { application: usize, bytes: usize },
    NoFrames { application: usize },
    NotALibOs { application: usize },
    Refused { application: usize, reason: Refusal },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            ConfigError::PageBits { asked } => write!(
                f,
                "a page of 2^{asked} bytes is too large: at most 2^{PAGE_BITS_MAX}"
            ),
            ConfigError::Frames { asked } => write!(
                f,
                "{asked} frames of memory, those for the policies' state included: there must be 1 \
                 to {FRAMES_MAX}"
            ),
            ConfigError::TlbEntries { asked } => write!(
                f,
                "a TLB of {asked} entries: there must be 1 to {TLB_ENTRIES_MAX}"
            ),
            ConfigError::Slice => f.write_str("a slice must be at least one reference long"),
            ConfigError::Applications { asked } => write!(
                f,
                "{asked} applications: a comparison kernel takes 1 to {APPLICATIONS_MAX}"
            ),
            ConfigError::State { application, bytes } => write!(
                f,
                "application {application}: a policy's state of {bytes} bytes, at most \
                 {STATE_BYTES_MAX}"
            ),
            ConfigError::NoFrames { application } => {
                write!(f, "application {application} may hold no frame")
            }
            ConfigError::NotALibOs { application } => {
                write!(f, "application {application}: its policy is no libOS")
            }
            ConfigError::Refused {
                application,
                reason,
            } => write!(f, "application {application}: {reason}"),
        }
    }
}

impl core::error::Error for ConfigError {}

impl RivalConfig {
    /// Checks sizes and programs.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let asked = self.page_bits;
        if asked > PAGE_BITS_MAX {
            return Err(ConfigError::PageBits { asked });
        }
        let asked = self.tlb.entries();
        if !(1..=TLB_ENTRIES_MAX).contains(&asked) {
            return Err(ConfigError::TlbEntries { asked });
        }
        if self.slice_references == 0 {
            return Err(ConfigError::Slice);
        }
        let asked = self.environments.len();
        if !(1..=APPLICATIONS_MAX).contains(&asked) {
            return Err(ConfigError::Applications { asked });
        }
        for (application, it) in self.environments.iter().enumerate() {
            it.check(application)?;
        }
        Ok(())
    }
}

impl RivalApplication {
    fn check(&self, application: usize) -> Result<(), ConfigError> {
        if self.frame_limit == 0 {
            return Err(ConfigError::NoFrames { application });
        }
        let Some(program) = &self.policy else {
            return Ok(());
        };
        let bytes = program.initial_state.len();
        if bytes > STATE_BYTES_MAX {
            return Err(ConfigError::State { application, bytes });
        }
        if program.role != Role::LibOs {
            return Err(ConfigError::NotALibOs { application });
        }
        let verified = verify(program).map(|_| ());
        verified.map_err(|reason| ConfigError::Refused {
            application,
            reason,
        })
    }
}

/// Frames that hold a state of `bytes` bytes.
pub(super) fn state_frames(bytes: usize, page_bits: u8) -> u32 {
    bytes.div_ceil(1 << page_bits) as u32
}
