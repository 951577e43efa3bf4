//! How large a run is.

use exo_core::hw::{DiskFault, Replacement, TlbConfig};
use exo_core::ids::EnvId;
use exo_core::kernel::{Handler, RevocationTimes};
use exo_core::machine::{Application, EnvironmentConfig, MachineConfig};

use super::programs::Programs;

/// How large a run is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Frames that each environment may hold, one for each environment.
    pub limits: Vec<u32>,
    /// Frames of memory.
    pub frames: u32,
    /// Pages that environments bind and reference.
    pub pages: u32,
    /// The hardware TLB.
    pub tlb: TlbConfig,
    /// Entries of the software TLB.
    pub stlb_entries: u32,
    /// log2 of a page in bytes.
    pub page_bits: u8,
    /// Capabilities that may live at once; more are not asked for.
    pub capabilities: usize,
    /// Whether bits are asked about, and matter.
    pub bits: bool,
    /// Whether frames are asked for, and taken.
    pub revocation: bool,
    /// Whether the user sets the first environment's limit: how its frames come to be taken where nobody
    /// asks for more.
    pub presses: bool,
    /// Whether frames are taken before the disk is done, and not only when a command says so.
    pub hasty: bool,
    /// Whether frames have use stamps.
    pub stamps: bool,
    /// Whether the last environment's application is a program that only asks its libOS, and has its
    /// own state in a pinned frame. Takes pages of at least 8 bytes.
    pub asker: bool,
    /// Whether libOSes reach for their applications' memory.
    pub reach: bool,
    /// Blocks of the disk; 0 is none.
    pub blocks: u32,
    /// Which of the disk's transfers fail.
    pub disk_fault: Option<DiskFault>,
    /// Slices of the vector, the first ones for an environment each; 0 is one for each and free ones
    /// that nobody asks for.
    pub slices: u32,
    /// Decides random numbers.
    pub seed: u64,
}

impl Sizes {
    /// A machine for exploration: pages of one byte, a fully associative TLB, no software TLB.
    pub fn tiny(environments: usize, frames: u32, pages: u32, slots: u32) -> Sizes {
        Sizes {
            limits: vec![frames; environments],
            frames,
            pages,
            tlb: TlbConfig {
                sets: 1,
                ways: slots,
                replacement: Replacement::Fifo,
            },
            stlb_entries: 0,
            page_bits: 0,
            capabilities: 2,
            bits: true,
            revocation: false,
            presses: false,
            hasty: false,
            stamps: false,
            asker: false,
            reach: false,
            blocks: 0,
            disk_fault: None,
            slices: 0,
            seed: 1,
        }
    }

    /// Whether what is in a frame that is taken may be saved.
    pub fn saves(&self) -> bool {
        self.revocation && self.blocks > 0
    }

    /// The machine's configuration.
    pub fn config(&self) -> MachineConfig {
        let environment = |limit: &u32| EnvironmentConfig {
            handler: Handler::Native,
            frame_limit: *limit,
            application: Application::Trace(0),
            downloads: Vec::new(),
        };
        let mut environments: Vec<EnvironmentConfig> =
            self.limits.iter().map(environment).collect();
        if let (true, Some(last)) = (self.asker, environments.last_mut()) {
            last.application = Application::Program(Programs::compiled().asker);
        }
        let deadline = if self.hasty {
            HASTY_CYCLES
        } else {
            LONG_CYCLES
        };
        MachineConfig {
            page_bits: self.page_bits,
            frames: self.frames,
            tlb: self.tlb,
            stlb_entries: self.stlb_entries,
            slice_references: SLICE,
            use_stamps: self.stamps,
            revocation: RevocationTimes {
                request_cycles: deadline,
                imperative_cycles: deadline,
            },
            disk_blocks: self.blocks,
            disk_fault: self.disk_fault,
            network: None,
            slices: self.first_slices(),
            seed: self.seed,
            environments,
        }
    }

    fn first_slices(&self) -> Vec<Option<EnvId>> {
        let count = self.limits.len() as u32;
        let owner = |position| (position < count).then_some(EnvId(position as u8));
        (0..self.slices).map(owner).collect()
    }

    /// The first lines of a fixture of these sizes.
    pub fn fixture(&self) -> String {
        let kind = match self.tlb.replacement {
            Replacement::Random => "random",
            Replacement::Fifo => "fifo",
            Replacement::Lru => "lru",
        };
        let tlb = match self.tlb.sets {
            1 => format!("full:{}:{kind}", self.tlb.ways),
            sets => format!("{sets}x{}:{kind}", self.tlb.ways),
        };
        let mut text = format!(
            "machine frames={} tlb={tlb} stlb={} seed={} bits={} pages={}\n",
            self.frames, self.stlb_entries, self.seed, self.page_bits, self.pages
        );
        let mut extra = String::new();
        if self.blocks > 0 {
            extra.push_str(&format!(" blocks={}", self.blocks));
        }
        if let Some(fault) = self.disk_fault {
            let lasts = if fault.for_ever { "+" } else { "" };
            extra.push_str(&format!(" fault={}{lasts}", fault.transfer));
        }
        if self.hasty {
            extra.push_str(" hasty");
        }
        if self.slices > 0 {
            extra.push_str(&format!(" slices={}", self.slices));
        }
        text.insert_str(text.len() - 1, &extra);
        for (index, limit) in self.limits.iter().enumerate() {
            let name = char::from(b'a' + index as u8);
            let last = index + 1 == self.limits.len();
            let asks = if self.asker && last { " asks" } else { "" };
            text.push_str(&format!("{name} limit={limit}{asks}\n"));
        }
        text
    }
}

/// Slices that end only when a command says so.
pub const SLICE: u32 = 1 << 30;
/// Deadlines that pass only when a command says so.
const LONG_CYCLES: u64 = 1 << 40;
/// Deadlines that are over before the disk has found a block.
const HASTY_CYCLES: u64 = 1 << 13;
