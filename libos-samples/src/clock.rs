//! CLOCK, or second chance: a page that was touched since the hand last came by may stay.
//!
//! The hand starts at the first frame loaded. It clears the reference bits it passes and takes the
//! first frame whose bit is already clear; the new page goes there and the hand moves on. The
//! reference that faulted is run again and sets the bit of the frame it was given.

use exo_prelude::*;

/// The most frames this policy can keep track of.
const FRAMES: usize = 4096;
/// Chains of the page table.
const CHAINS: usize = 1024;
/// Marks the end of a chain.
const END: u16 = u16::MAX;

/// The page table, as a hash of chains over the slots in which frames are kept; `page[slot]` lies
/// in `frame[slot]`.
pub struct Clock {
    page: [u32; FRAMES],
    frame: [Frame; FRAMES],
    next: [u16; FRAMES],
    chain: [u16; CHAINS],
    used: usize,
    hand: usize,
}

impl Clock {
    /// Nothing is loaded yet, and the hand points at the first frame that will be.
    pub const fn new() -> Clock {
        Clock {
            page: [0; FRAMES],
            frame: [Frame::new(0); FRAMES],
            next: [END; FRAMES],
            chain: [END; CHAINS],
            used: 0,
            hand: 0,
        }
    }

    /// The slot whose page goes next: the first that was not referenced since the last pass.
    fn victim(&mut self, sys: &mut Sys) -> Result<usize, SysError> {
        while sys.referenced(self.frame[self.hand])? {
            sys.clear_referenced(self.frame[self.hand])?;
            self.hand = (self.hand + 1) % self.used;
        }
        let slot = self.hand;
        self.hand = (self.hand + 1) % self.used;
        Ok(slot)
    }

    /// The slot that holds `page`, if one does.
    fn find(&self, page: u32) -> Option<usize> {
        let mut slot = self.chain[page as usize % CHAINS];
        while slot != END {
            if self.page[slot as usize] == page {
                return Some(slot as usize);
            }
            slot = self.next[slot as usize];
        }
        None
    }

    /// Finds a frame for `page`: a new one while there are any, then the victim's.
    fn load(&mut self, sys: &mut Sys, page: u32) -> Result<Frame, SysError> {
        let slot = if self.used < sys.frame_limit() && self.used < FRAMES {
            let slot = self.used;
            self.frame[slot] = sys.allocate()?;
            self.used += 1;
            slot
        } else {
            let slot = self.victim(sys)?;
            sys.tlb_drop(self.page[slot])?;
            self.forget(slot);
            slot
        };
        self.record(slot, page);
        Ok(self.frame[slot])
    }

    /// Enters `page` at the head of its chain.
    fn record(&mut self, slot: usize, page: u32) {
        let chain = page as usize % CHAINS;
        self.page[slot] = page;
        self.next[slot] = self.chain[chain];
        self.chain[chain] = slot as u16;
    }

    /// Takes the page in `slot` out of its chain.
    fn forget(&mut self, slot: usize) {
        let chain = self.page[slot] as usize % CHAINS;
        let mut at = self.chain[chain];
        if at as usize == slot {
            self.chain[chain] = self.next[slot];
            return;
        }
        while self.next[at as usize] as usize != slot {
            at = self.next[at as usize];
        }
        self.next[at as usize] = self.next[slot];
    }
}

impl LibOs for Clock {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let frame = match self.find(fault.page) {
            Some(slot) => self.frame[slot], // still loaded: only the TLB had lost it
            None => self.load(sys, fault.page)?,
        };
        sys.tlb_write(fault.page, frame, Access::ReadWrite)
    }
}
