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
}
