//! First in, first out: the page that was loaded first goes first.
//!
//! The simplest policy that works, and the one to edit. It never asks whether a page is still in
//! use, so a page touched on every other reference goes as soon as its turn comes. To make it
//! CLOCK, let `victim` pass over frames that were referenced since the hand last came by.

use exo_prelude::*;

/// The most frames this policy can keep track of.
const FRAMES: usize = 4096;
/// Chains of the page table.
const CHAINS: usize = 1024;
/// Marks the end of a chain.
const END: u16 = u16::MAX;

/// The page table, as a hash of chains over the slots in which frames are kept; `page[slot]` lies
/// in `frame[slot]`.
pub struct Fifo {
    page: [u32; FRAMES],
    frame: [Frame; FRAMES],
    next: [u16; FRAMES],
    chain: [u16; CHAINS],
    used: usize,
    hand: usize,
}

impl Fifo {
    /// Nothing is loaded yet, and the hand points at the first frame that will be.
    pub const fn new() -> Fifo {
        Fifo {
            page: [0; FRAMES],
            frame: [Frame::new(0); FRAMES],
            next: [END; FRAMES],
            chain: [END; CHAINS],
            used: 0,
            hand: 0,
        }
    }

    /// The slot whose page goes next.
    fn victim(&mut self, _sys: &mut Sys) -> Result<usize, SysError> {
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

impl LibOs for Fifo {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let frame = match self.find(fault.page) {
            Some(slot) => self.frame[slot], // still loaded: only the TLB had lost it
            None => self.load(sys, fault.page)?,
        };
        sys.tlb_write(fault.page, frame, Access::ReadWrite)
    }
}
