/// The most frames this table keeps track of.
const FRAMES: usize = 1024;
/// Pages of a leaf.
const LEAF: usize = 32;
/// Entries of the directory: enough for 32-bit addresses and pages of 4 KiB.
const DIRECTORY: usize = 32768;
/// Marks a page without a slot, and a part of the address space without a leaf.
const NONE: u16 = u16::MAX;

/// The page table, in two levels: a directory of leaves, each for 32 neighbouring pages.
///
/// `page[slot]` lies in `frame[slot]`, and the first `used` slots have a frame. `leaf[page / 32]`
/// numbers the leaf and `slot[leaf * 32 + page % 32]` the slot; `held` counts a leaf's pages, and a
/// leaf without any returns to the free ones. Finding a page is always two loads: it wins where
/// looking up must be quick and even, and pages lie close together. It loses by its size: the
/// directory alone takes 16 frames, and a leaf is taken even for a single page. Pages smaller than
/// 4 KiB have numbers too large for the directory: the policy stops at the first of those.
pub struct Table {
    page: [u32; FRAMES],
    frame: [Frame; FRAMES],
    used: usize,
    leaf: [u16; DIRECTORY],
    slot: [u16; FRAMES * LEAF],
    held: [u8; FRAMES],
    free: [u16; FRAMES],
    leaves_taken: usize,
    leaves_free: usize,
}

impl Table {
    /// No frame, no page, no leaf.
    pub const fn new() -> Table {
        Table {
            page: [0; FRAMES],
            frame: [Frame::new(0); FRAMES],
            used: 0,
            leaf: [NONE; DIRECTORY],
            slot: [NONE; FRAMES * LEAF],
            held: [0; FRAMES],
            free: [0; FRAMES],
            leaves_taken: 0,
            leaves_free: 0,
        }
    }

    /// The slot that holds `page`, if one does.
    fn find(&self, page: u32) -> Option<usize> {
        let leaf = self.leaf[page as usize / LEAF];
        if leaf == NONE {
            return None;
        }
        let slot = self.slot[leaf as usize * LEAF + page as usize % LEAF];
        if slot == NONE {
            None
        } else {
            Some(slot as usize)
        }
    }

    /// A slot for a new frame.
    fn grow(&mut self, frame: Frame) -> usize {
        let slot = self.used;
        self.frame[slot] = frame;
        self.used += 1;
        slot
    }

    /// An empty leaf: one that was given back, or one that was never used. There are as many leaves
    /// as slots, and a leaf that is taken holds a page, so there is always one more.
    fn empty_leaf(&mut self) -> u16 {
        if self.leaves_free > 0 {
            self.leaves_free -= 1;
            return self.free[self.leaves_free];
        }
        self.leaves_taken += 1;
        (self.leaves_taken - 1) as u16
    }

    /// Enters `page`, with a leaf if its part of the address space has none.
    fn record(&mut self, slot: usize, page: u32) {
        let part = page as usize / LEAF;
        if self.leaf[part] == NONE {
            self.leaf[part] = self.empty_leaf();
        }
        let leaf = self.leaf[part] as usize;
        self.page[slot] = page;
        self.slot[leaf * LEAF + page as usize % LEAF] = slot as u16;
        self.held[leaf] += 1;
    }

    /// Takes the page in `slot` out, and its leaf if that was the last page there.
    fn forget(&mut self, slot: usize) {
        let page = self.page[slot] as usize;
        let leaf = self.leaf[page / LEAF];
        self.slot[leaf as usize * LEAF + page % LEAF] = NONE;
        self.held[leaf as usize] -= 1;
        if self.held[leaf as usize] == 0 {
            self.leaf[page / LEAF] = NONE;
            self.free[self.leaves_free] = leaf;
            self.leaves_free += 1;
        }
    }
}
