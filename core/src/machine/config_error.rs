//! Why no machine can be made of a configuration, in words.

use core::fmt;

use super::config::{Unfit, WORD_BYTES_MAX};
use crate::limits::{
    DISK_BLOCKS_MAX, DOWNLOADS_MAX, ENVIRONMENTS_MAX, FRAMES_MAX, PAGE_BITS_MAX, SLICES_MAX,
    STATE_BYTES_MAX, STLB_ENTRIES_MAX, TLB_ENTRIES_MAX,
};

/// Why no machine can be made of a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the sentence of each is in its Display")]
pub enum ConfigError {
    PageBits { asked: u8 },
    Frames { asked: u32 },
    TlbEntries { asked: u32 },
    StlbEntries { asked: u32 },
    DiskBlocks { asked: u32 },
    Slice,
    Slices { asked: usize },
    SliceOwner { position: usize },
    Environments { asked: usize },
    State { environment: usize, bytes: usize },
    NoRoomForState { needed: u64, frames: u32 },
    Unfit { environment: usize, reason: Unfit },
    PageTooSmall { environment: usize },
    Downloads { environment: usize, asked: usize },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            ConfigError::PageBits { asked } => {
                write!(
                    f,
                    "a page of 2^{asked} bytes is too large: at most 2^{PAGE_BITS_MAX}"
                )
            }
            ConfigError::Frames { asked } => {
                write!(
                    f,
                    "{asked} frames of memory: there must be 1 to {FRAMES_MAX}"
                )
            }
            ConfigError::TlbEntries { asked } => {
                write!(
                    f,
                    "a TLB of {asked} entries: there must be 1 to {TLB_ENTRIES_MAX}"
                )
            }
            ConfigError::StlbEntries { asked } => {
                write!(
                    f,
                    "a software TLB of {asked} entries: at most {STLB_ENTRIES_MAX}, 0 is off"
                )
            }
            ConfigError::DiskBlocks { asked } => {
                write!(
                    f,
                    "a disk of {asked} blocks: at most {DISK_BLOCKS_MAX}, 0 is none"
                )
            }
            ConfigError::Slice => {
                f.write_str("a slice must be at least one reference, or instruction, long")
            }
            ConfigError::Slices { asked } => {
                write!(f, "{asked} slices: at most {SLICES_MAX}")
            }
            ConfigError::SliceOwner { position } => {
                write!(
                    f,
                    "slice {position} belongs to an environment that does not exist"
                )
            }
            ConfigError::Environments { asked } => {
                write!(
                    f,
                    "{asked} environments: there must be 1 to {ENVIRONMENTS_MAX}"
                )
            }
            ref of_programs => of_programs.say_of_programs(f),
        }
    }
}

impl ConfigError {
    /// What is wrong with the programs of an environment.
    fn say_of_programs(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            ConfigError::State { environment, bytes } => write!(
                f,
                "environment {environment}: a program's state of {bytes} bytes, at most {STATE_BYTES_MAX}"
            ),
            ConfigError::Unfit {
                environment,
                reason,
            } => write!(f, "environment {environment}: {reason}"),
            ConfigError::PageTooSmall { environment } => write!(
                f,
                "environment {environment}: its application is a program, and a page of this \
                 machine is too small for its largest load: a page must have at least \
                 {WORD_BYTES_MAX} bytes"
            ),
            ConfigError::Downloads { environment, asked } => write!(
                f,
                "environment {environment}: {asked} programs to be downloaded, at most {DOWNLOADS_MAX}"
            ),
            ConfigError::NoRoomForState { needed, frames } => write!(
                f,
                "the programs' own state needs {needed} pinned frames and there are only {frames}"
            ),
            _ => Ok(()),
        }
    }
}

impl core::error::Error for ConfigError {}
