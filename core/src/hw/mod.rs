//! Dumb devices: they know no owner and no policy, only frames and address-space ids.

mod contents;
mod disk;
mod link;
mod mem;
mod nic;
mod other_end;
mod packets;
mod stamps;
mod state;
mod tlb;
mod tlb_checkpoint;
mod word;

pub use contents::MemoryCheckpoint;
pub use disk::{Disk, DiskFault, DiskTimes, Transfer};
pub use link::{Link, LinkConfig, Way as LinkWay};
pub use mem::{Memory, MemoryWindow};
pub use nic::{Filling, Nic, NicDue, Outgoing, Packet, Part, Source};
pub use other_end::OtherEnd;
pub use stamps::{StampsWindow, UseStamps, UseStampsCheckpoint};
pub use state::{Segment, State, StateWindow};
pub use tlb::{Installed, Replacement, Tlb, TlbConfig, TlbEntry, TlbWindow};
pub use tlb_checkpoint::TlbCheckpoint;
