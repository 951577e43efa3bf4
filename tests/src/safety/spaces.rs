//! The state spaces that are explored, with what is found in each.

use exo_core::error::SysError;
use exo_core::hw::Replacement;
use exo_core::kernel::call::Call;

use super::explore::Explored;
use super::sometimes::{DERIVED_ENDS, DISK, REACH, REVOCATION, SAVING, SLICES};
use super::stage::Sizes;

/// A state space.
#[derive(Clone, Copy, Debug)]
pub struct Space {
    /// What it is called.
    pub name: &'static str,
    /// Environments, frames, pages and TLB slots.
    pub shape: [u32; 4],
    /// Frames that the environments may hold.
    pub limits: [u32; 2],
    /// Entries of the software TLB.
    pub stlb_entries: u32,
    /// Capabilities that may live at once.
    pub capabilities: usize,
    /// Whether bits matter.
    pub bits: bool,
    /// Whether frames are asked for, and taken.
    pub revocation: bool,
    /// Whether the user sets the first environment's limit; with a disk, what is taken is saved.
    pub presses: bool,
    /// Whether an application is a program that asks its libOS.
    pub asker: bool,
    /// Whether libOSes reach for their applications' memory.
    pub reach: bool,
    /// Blocks of the disk; 0 is none.
    pub blocks: u32,
    /// Slices, where they are taken and given back; else 0.
    pub slices: u32,
    /// Whether the TLB replaces the entry used longest ago, instead of the first.
    pub recency: bool,
    /// What must be refused somewhere in it, and by which call if not by any.
    pub refused: &'static [(Option<Call>, SysError)],
    /// States up to renaming, and the longest of the shortest ways.
    pub found: (usize, usize),
}

impl Space {
    /// The sizes of its machine.
    pub fn sizes(&self) -> Sizes {
        let [environments, frames, pages, slots] = self.shape;
        let mut sizes = Sizes::tiny(environments as usize, frames, pages, slots);
        sizes.limits = self.limits.to_vec();
        sizes.limits.truncate(environments as usize);
        sizes.stlb_entries = self.stlb_entries;
        sizes.capabilities = self.capabilities;
        sizes.bits = self.bits;
        sizes.asker = self.asker;
        sizes.reach = self.reach;
        (sizes.revocation, sizes.presses) = (self.revocation, self.presses);
        (sizes.blocks, sizes.slices) = (self.blocks, self.slices);
        if self.asker {
            sizes.page_bits = 3;
        }
        if self.recency {
            sizes.tlb.replacement = Replacement::Lru;
        }
        sizes
    }

    /// What should have happened in it and has not. With one capability none can be derived, and
    /// where disk and slices are explored the rest is kept small.
    pub fn missing(&self, explored: &Explored) -> Vec<&'static str> {
        let mut missing = Vec::new();
        let reached = &explored.reached;
        if self.blocks == 0 && self.slices == 0 && !self.reach {
            missing = reached.missing();
            missing.retain(|it| self.capabilities > 1 || *it != DERIVED_ENDS);
        }
        for (holds, properties) in [
            (self.revocation && !self.presses, REVOCATION),
            (self.blocks > 0 && !self.presses, DISK),
            (self.presses, SAVING),
            (self.slices > 0, SLICES),
            (self.reach, REACH),
        ] {
            if holds {
                missing.extend(reached.missing_of(properties));
            }
        }
        missing
    }

    /// Whether what was found is what is written down.
    ///
    /// # Errors
    /// How it differs.
    pub fn compare(&self, explored: &Explored) -> Result<(), String> {
        let found = (explored.states, explored.diameter);
        if !explored.closed {
            return Err(format!("{} is not closed", self.name));
        }
        let missing = self.missing(explored);
        if !missing.is_empty() {
            return Err(format!("{}: never: {missing:?}", self.name));
        }
        let refusals = &explored.reached.refusals;
        let is_refused = |(wanted, error): &(Option<Call>, SysError)| {
            let mut all = refusals.iter().filter(|it| it.1 == *error as u8);
            all.any(|(call, _)| wanted.is_none_or(|it| it == *call))
        };
        if let Some(never) = self.refused.iter().find(|it| !is_refused(it)) {
            return Err(format!("{}: never refused: {never:?}", self.name));
        }
        if found != self.found {
            return Err(format!(
                "{}: (states, diameter) are {found:?}, written down as {:?}: look why before \
                 you change it",
                self.name, self.found
            ));
        }
        Ok(())
    }
}

const S1: Space = Space {
    name: "S1",
    shape: [2, 1, 1, 1],
    limits: [1, 1],
    stlb_entries: 0,
    capabilities: 2,
    bits: true,
    revocation: false,
    presses: false,
    asker: false,
    reach: false,
    blocks: 0,
    slices: 0,
    recency: false,
    refused: &[
        (None, SysError::NoFreeFrame),
        (None, SysError::Limit),
        (None, SysError::Taken),
        (None, SysError::NoSuchFrame),
        (None, SysError::NoAuthority),
        (None, SysError::Stale),
        (None, SysError::Forged),
    ],
    found: (12_608, 15),
};

/// What the others have in common, each of which says for itself what is refused in it.
const OTHER: Space = Space { refused: &[], ..S1 };

/// Every state space, from the smallest to the largest.
pub const SPACES: &[Space] = &[
    S1,
    Space {
        name: "S1-stlb",
        stlb_entries: 1,
        bits: false,
        found: (4_216, 13),
        ..OTHER
    },
    Space {
        name: "S1-asker",
        shape: [2, 3, 1, 1],
        capabilities: 1,
        bits: false,
        asker: true,
        refused: &[
            (Some(Call::Free), SysError::Pinned),
            (Some(Call::TlbWrite), SysError::Pinned),
            (Some(Call::Capability), SysError::Pinned),
        ],
        found: (4_400, 19),
        ..OTHER
    },
    Space {
        name: "S1-reach",
        shape: [2, 2, 1, 1],
        stlb_entries: 2,
        capabilities: 0,
        bits: false,
        reach: true,
        found: (1_188, 12),
        ..OTHER
    },
    Space {
        name: "S1-slices",
        capabilities: 0,
        bits: false,
        slices: 3,
        found: (9_408, 13),
        ..OTHER
    },
    Space {
        name: "S1-disk",
        bits: false,
        blocks: 2,
        found: (23_754, 24),
        ..OTHER
    },
    Space {
        name: "S1-saving",
        shape: [1, 1, 1, 1],
        capabilities: 1,
        bits: false,
        revocation: true,
        presses: true,
        blocks: 1,
        refused: &[
            (Some(Call::Preload), SysError::Taken),
            (Some(Call::Preload), SysError::NoSuchBlock),
            (Some(Call::Preload), SysError::Stale),
        ],
        found: (14_793, 42),
        ..OTHER
    },
    Space {
        name: "S2-revoke",
        shape: [2, 3, 1, 1],
        limits: [3, 0],
        capabilities: 1,
        bits: false,
        revocation: true,
        found: (78_337, 32),
        ..OTHER
    },
    Space {
        name: "S2",
        shape: [2, 2, 1, 1],
        limits: [2, 2],
        bits: false,
        found: (53_774, 17),
        ..OTHER
    },
    Space {
        name: "S3-one",
        shape: [2, 2, 2, 2],
        limits: [2, 2],
        capabilities: 1,
        stlb_entries: 1,
        bits: false,
        recency: true,
        found: (55_840, 19),
        ..OTHER
    },
    Space {
        name: "S3",
        shape: [2, 2, 2, 2],
        limits: [2, 2],
        bits: false,
        found: (1_370_852, 19),
        ..OTHER
    },
];

/// The state space of that name.
pub fn space(name: &str) -> Option<&'static Space> {
    SPACES.iter().find(|it| it.name == name)
}
