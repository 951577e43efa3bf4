//! Dumb devices: they know no owner and no policy, only frames and address-space ids.

mod contents;
mod disk;
mod mem;
mod stamps;
mod state;
mod tlb;
mod tlb_checkpoint;
mod word;

pub use contents::MemoryCheckpoint;
pub use disk::{Disk, DiskFault, DiskTimes, Transfer};
pub use mem::{Memory, MemoryWindow};
pub use stamps::{StampsWindow, UseStamps, UseStampsCheckpoint};
pub use state::{Segment, State, StateWindow};
pub use tlb::{Installed, Replacement, Tlb, TlbConfig, TlbEntry, TlbWindow};
pub use tlb_checkpoint::TlbCheckpoint;
