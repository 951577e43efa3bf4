//! What is counted for each application, and how it is charged.

use super::board::Board;
use super::trail::{Charged, Part, Payer};
use crate::ids::EnvId;

/// Cycles by who spent them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// The application's references.
    pub application: u64,
    /// The kernel, on behalf of the application.
    pub kernel: u64,
    /// The pager, or the application's own handler.
    pub handler: u64,
}

/// What is counted for one application.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// References completed; one that faults is counted once.
    pub references: u64,
    /// References whose first look-up found an entry.
    pub tlb_hits: u64,
    /// References whose first look-up found none.
    pub tlb_misses: u64,
    /// Stores that met an entry for reading only.
    pub protection_faults: u64,
    /// Misses that the kernel answered from its own page table.
    pub refills: u64,
    /// Faults that it did not: resolved by a pager, by a handler, or by the kernel's own policy.
    pub faults: u64,
    /// TLB misses of the pager itself.
    pub pager_misses: u64,
    /// Pages that were given a frame.
    pub page_loads: u64,
    /// Page loads that took the place of another page, and releases of a used frame.
    pub evictions: u64,
    /// Entries into the kernel, each with its return: traps, messages and system calls.
    pub crossings: u64,
    /// Changes of address space on the way of a fault or a call; ends of slices are not among them.
    pub space_switches: u64,
    /// Cycles by who spent them.
    pub cycles: Spent,
}

impl Board {
    /// An entry into the kernel and what it does there, in cycles.
    pub(super) fn cross(&mut self, env: EnvId, part: Part, cycles: u64) {
        let counts = self.count(env);
        counts.crossings += 1;
        counts.cycles.kernel += cycles;
        self.trail.note(Charged {
            part,
            times: 1,
            cycles,
            crossings: 1,
            payer: Payer::Kernel,
        });
    }

    /// Something that the kernel does `times` on behalf of an application, at so many cycles each.
    pub(super) fn charge(&mut self, env: EnvId, part: Part, times: u64, each: u64) {
        let cycles = times * each;
        self.count(env).cycles.kernel += cycles;
        self.trail.note(Charged {
            part,
            times,
            cycles,
            crossings: 0,
            payer: Payer::Kernel,
        });
    }

    /// Cycles of the pager, or of the application's handler.
    pub(super) fn handle(&mut self, env: EnvId, part: Part, cycles: u64) {
        self.count(env).cycles.handler += cycles;
        self.trail.note(Charged {
            part,
            times: u64::from(cycles > 0),
            cycles,
            crossings: 0,
            payer: Payer::Handler,
        });
    }
}
