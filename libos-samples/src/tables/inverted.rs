/// The page table, hashed and inverted (A54): one entry for each frame, however large the address
/// space is.
///
/// `page[slot]` lies in `frame[slot]`, and the first `used` slots have a frame. Pages with the same
/// hash form a chain, so finding, entering and forgetting each take a few steps. It wins by its size
/// in a large and sparse address space, and by its speed as long as chains are short. It loses when
/// many pages in use have the same hash: here those that lie 1024 pages apart.
pub struct Table {
    page: [u32; FRAMES],
    frame: [Frame; FRAMES],
    used: usize,
    next: [u16; FRAMES],
    chain: [u16; CHAINS],
}

/// The most frames this table keeps track of.
const FRAMES: usize = 4096;
/// Chains of the hash.
const CHAINS: usize = 1024;
/// Marks the end of a chain.
const END: u16 = u16::MAX;

impl Table {
    /// No frame, no page.
    pub const fn new() -> Table {
        Table {
            page: [0; FRAMES],
            frame: [Frame::new(0); FRAMES],
            used: 0,
            next: [END; FRAMES],
            chain: [END; CHAINS],
        }
    }

    /// The slot that holds `page`, if one does.
    pub fn find(&self, page: u32) -> Option<usize> {
        let mut slot = self.chain[page as usize % CHAINS];
        while slot != END {
            if self.page[slot as usize] == page {
                return Some(slot as usize);
            }
            slot = self.next[slot as usize];
        }
        None
    }

    /// Where a walk through pages in order begins, at `page` or behind it: this table has no order.
    pub fn walk(&self, _page: u32) -> usize {
        0
    }

    /// The slot that holds `page`, if one does, in a walk: each page is looked for by itself.
    pub fn walked(&self, _at: usize, page: u32) -> Option<usize> {
        self.find(page)
    }

    /// A slot for a new frame.
    pub fn grow(&mut self, frame: Frame) -> usize {
        let slot = self.used;
        self.frame[slot] = frame;
        self.used += 1;
        slot
    }

    /// Enters `page` at the head of its chain.
    pub fn record(&mut self, slot: usize, page: u32) {
        let chain = page as usize % CHAINS;
        self.page[slot] = page;
        self.next[slot] = self.chain[chain];
        self.chain[chain] = slot as u16;
    }

    /// Takes the page in `slot` out of its chain.
    pub fn forget(&mut self, slot: usize) {
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

    /// The slot that has `frame`, if one does.
    pub fn slot_of(&self, frame: Frame) -> Option<usize> {
        for slot in 0..self.used {
            if self.frame[slot] == frame {
                return Some(slot);
            }
        }
        None
    }

    /// Takes a slot out whose frame is another's now: the last slot moves into its place. Gives the
    /// number that the last one had.
    pub fn shrink(&mut self, slot: usize) -> usize {
        let last = self.used - 1;
        self.forget(slot);
        if slot != last {
            let page = self.page[last];
            self.forget(last);
            self.frame[slot] = self.frame[last];
            self.record(slot, page);
        }
        self.frame[last] = Frame::new(0);
        self.used = last;
        last
    }

    /// Gives the frame of a slot back to the kernel, and takes the slot out as `shrink` does. The
    /// kernel may have taken the frame by force just now, which comes to the same.
    pub fn give_back(&mut self, sys: &mut Sys, slot: usize) -> Result<usize, SysError> {
        let frame = self.frame[slot];
        let last = self.shrink(slot);
        match sys.free(frame) {
            Ok(()) | Err(SysError::NoAuthority) => Ok(last),
            Err(reason) => Err(reason),
        }
    }
}
