//! Checkpoints: a machine's state at one position, sharing what did not change (D1).

use alloc::vec::Vec;

use super::Machine;
use crate::derived::Derived;
use crate::hw::{Disk, MemoryCheckpoint, Nic, TlbCheckpoint, UseStampsCheckpoint};
use crate::ids::{EnvId, Position};
use crate::kernel::{
    CachedLists, CapabilityTable, Environment, ExtentTable, FrameTableCheckpoint, Network, Slices,
    StlbEntry,
};
use crate::mutants::Mutant;
use crate::paged::PagedCheckpoint;
use crate::rng::Rng;

/// The state of one machine at one position. Means something only to the machine that made it.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    position: Position,
    events: u64,
    memory: MemoryCheckpoint,
    tlb: TlbCheckpoint,
    use_stamps: UseStampsCheckpoint,
    disk: Disk,
    nic: Option<Nic>,
    network: Option<Network>,
    rng: Rng,
    frames: FrameTableCheckpoint,
    capabilities: CapabilityTable,
    extents: ExtentTable,
    stlb: PagedCheckpoint<Option<StlbEntry>>,
    environments: Vec<Environment>,
    slices: Slices,
    running: EnvId,
    slice_left: u32,
    urgent: Option<EnvId>,
    idle_cycles: u64,
}

impl Checkpoint {
    /// Where it was taken.
    pub fn position(&self) -> Position {
        self.position
    }

    /// Events up to there.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// Bytes of memory that this one holds and `before`, the one taken or restored before it, does
    /// not; all that it holds if there is none.
    pub fn bytes_beyond(&self, before: Option<&Checkpoint>) -> usize {
        let environments = self.environments.iter().map(Environment::bytes);
        size_of::<Checkpoint>()
            + self.memory.bytes_beyond(before.map(|it| &it.memory))
            + self.tlb.bytes()
            + self
                .use_stamps
                .bytes_beyond(before.map(|it| &it.use_stamps))
            + self.disk.bytes_beyond(before.map(|it| &it.disk))
            + self.nic.as_ref().map_or(0, |nic| {
                nic.bytes_beyond(before.and_then(|it| it.nic.as_ref()))
            })
            + self.network.as_ref().map_or(0, Network::bytes)
            + self.frames.bytes_beyond(before.map(|it| &it.frames))
            + self.capabilities.bytes()
            + self.extents.bytes()
            + self.stlb.bytes_beyond(before.map(|it| &it.stlb))
            + environments.sum::<usize>()
            + self.slices.bytes()
    }
}

impl Machine {
    /// Takes a checkpoint: copies the chunks of 4 KiB that changed since the last one.
    pub fn checkpoint(&mut self) -> Checkpoint {
        Checkpoint {
            position: self.position,
            events: self.events.0,
            memory: self.hw.memory.checkpoint(),
            tlb: self.hw.tlb.checkpoint(),
            use_stamps: self.hw.use_stamps.checkpoint(),
            disk: self.hw.disk.clone(),
            nic: self.hw.nic.clone(),
            network: self.kernel.network.clone(),
            rng: self.hw.rng.clone(),
            frames: self.kernel.frames.checkpoint(),
            capabilities: self.kernel.capabilities.clone(),
            extents: self.kernel.extents.clone(),
            stlb: self.kernel.stlb.checkpoint(),
            environments: self.kernel.environments.clone(),
            slices: self.kernel.slices.clone(),
            running: self.kernel.running,
            slice_left: self.kernel.slice_left,
            urgent: self.kernel.urgent,
            idle_cycles: self.kernel.idle_cycles,
        }
    }

    /// Goes to a checkpoint of this machine: copies back what differs, and derives the rest.
    pub fn restore(&mut self, checkpoint: &Checkpoint) {
        self.position = checkpoint.position;
        self.events = Derived(checkpoint.events);
        self.hw.memory.restore(&checkpoint.memory);
        self.hw.tlb.restore(&checkpoint.tlb);
        self.hw.use_stamps.restore(&checkpoint.use_stamps);
        self.hw.disk.clone_from(&checkpoint.disk);
        self.hw.nic.clone_from(&checkpoint.nic);
        self.kernel.network.clone_from(&checkpoint.network);
        self.hw.rng = checkpoint.rng.clone();
        self.kernel.frames.restore(&checkpoint.frames);
        if !Mutant::CheckpointForgetsCapabilities.made() {
            self.kernel
                .capabilities
                .clone_from(&checkpoint.capabilities);
        }
        self.kernel.extents.clone_from(&checkpoint.extents);
        self.kernel.stlb.restore(&checkpoint.stlb);
        self.kernel
            .environments
            .clone_from(&checkpoint.environments);
        self.kernel.slices.clone_from(&checkpoint.slices);
        self.kernel.running = checkpoint.running;
        self.kernel.slice_left = checkpoint.slice_left;
        self.kernel.urgent = checkpoint.urgent;
        self.kernel.idle_cycles = checkpoint.idle_cycles;
        self.kernel.set_disk_due(&self.hw);
        self.kernel.set_network_due(&self.hw);
        self.kernel.cached = Derived(CachedLists::of(
            self.config.frames,
            &self.hw.tlb,
            &self.kernel.stlb,
        ));
    }
}
