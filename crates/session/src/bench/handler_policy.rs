//! The handler that is measured: a linear page table and CLOCK with reference bits of its own.

use exo_prelude::*;

const PAGES: usize = 128;
const FRAMES: usize = 64;
const NONE: u8 = u8::MAX;

/// Page tables and frames as plain arrays.
pub struct Measured {
    slot_of: [u8; PAGES],
    page: [u32; FRAMES],
    frame: [Frame; FRAMES],
    referenced: [bool; FRAMES],
    dirty: [bool; FRAMES],
    used: usize,
    hand: usize,
}

impl Measured {
    /// Nothing is loaded.
    pub const fn new() -> Measured {
        Measured {
            slot_of: [NONE; PAGES],
            page: [0; FRAMES],
            frame: [Frame::new(0); FRAMES],
            referenced: [false; FRAMES],
            dirty: [false; FRAMES],
            used: 0,
            hand: 0,
        }
    }

    /// The slot for a page that is not loaded: a new one, or the one that CLOCK gives up.
    fn take(&mut self, sys: &mut Sys) -> Result<usize, SysError> {
        if self.used < FRAMES {
            let slot = self.used;
            self.frame[slot] = sys.allocate()?;
            self.used += 1;
            return Ok(slot);
        }
        while self.referenced[self.hand] {
            self.referenced[self.hand] = false;
            self.hand = (self.hand + 1) % FRAMES;
        }
        let slot = self.hand;
        self.hand = (self.hand + 1) % FRAMES;
        let victim = self.page[slot];
        self.slot_of[victim as usize] = NONE;
        self.dirty[slot] = false;
        sys.tlb_drop(victim)?;
        Ok(slot)
    }
}

impl LibOs for Measured {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let page = fault.page as usize % PAGES;
        let mut slot = self.slot_of[page] as usize;
        if slot == NONE as usize {
            slot = self.take(sys)?;
            self.slot_of[page] = slot as u8;
            self.page[slot] = page as u32;
        }
        self.referenced[slot] = true;
        if fault.access == Access::ReadWrite {
            self.dirty[slot] = true;
        }
        sys.tlb_write(fault.page, self.frame[slot], fault.access)
    }
}
