/// The page table, in two levels: a directory of leaves, each for 32 neighbouring pages.
///
/// `page[slot]` lies in `frame[slot]`, and the first `used` slots have a frame. `leaf[page / 32]`
/// numbers the leaf and `slot[leaf * 32 + page % 32]` the slot; leaf 0 is empty, and stands for every
/// part of the address space without a page. It wins where looking up must always take the same:
/// two loads, however many pages there are and wherever they lie. It loses by its size: the
/// directory alone takes 16 frames, and a leaf is taken even for a single page. Pages smaller than
/// 4 KiB have numbers too large for the directory: the policy stops at the first of those.
pub struct Table {
    page: [u32; FRAMES],
    frame: [Frame; FRAMES],
    used: usize,
    leaf: [u16; DIRECTORY],
    slot: [u16; LEAVES * LEAF],
    held: [u8; LEAVES],
    free: [u16; FRAMES],
    leaves_taken: usize,
    leaves_free: usize,
}

/// The most frames this table keeps track of.
const FRAMES: usize = 1024;
/// Pages of a leaf.
const LEAF: usize = 32;
/// Entries of the directory: enough for 32-bit addresses and pages of 4 KiB.
const DIRECTORY: usize = 32768;
/// Leaves: one for each frame at worst, and leaf 0, which stays empty.
const LEAVES: usize = FRAMES + 1;
/// Marks a page without a slot.
const NONE: u16 = u16::MAX;

impl Table {
    /// No frame, no page, no leaf.
    pub const fn new() -> Table {
        Table {
            page: [0; FRAMES],
            frame: [Frame::new(0); FRAMES],
            used: 0,
            leaf: [0; DIRECTORY],
            slot: [NONE; LEAVES * LEAF],
            held: [0; LEAVES],
            free: [0; FRAMES],
            leaves_taken: 0,
            leaves_free: 0,
        }
    }

    /// The slot that holds `page`, if one does.
    pub fn find(&self, page: u32) -> Option<usize> {
        let leaf = self.leaf[page as usize / LEAF] as usize;
        let slot = self.slot[leaf * LEAF + page as usize % LEAF];
        if slot == NONE {
            None
        } else {
            Some(slot as usize)
        }
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

    /// A leaf to fill: one that was given back, or one that was never used. A leaf that is taken
    /// holds a page, so there are as many as can be needed.
    pub fn another_leaf(&mut self) -> u16 {
        if self.leaves_free > 0 {
            self.leaves_free -= 1;
            return self.free[self.leaves_free];
        }
        self.leaves_taken += 1;
        self.leaves_taken as u16
    }

    /// Enters `page`, with a leaf if its part of the address space has none.
    pub fn record(&mut self, slot: usize, page: u32) {
        let part = page as usize / LEAF;
        if self.leaf[part] == 0 {
            self.leaf[part] = self.another_leaf();
        }
        let leaf = self.leaf[part] as usize;
        self.page[slot] = page;
        self.slot[leaf * LEAF + page as usize % LEAF] = slot as u16;
        self.held[leaf] += 1;
    }

    /// Takes the page in `slot` out, and its leaf if that was the last page there.
    pub fn forget(&mut self, slot: usize) {
        let page = self.page[slot] as usize;
        let leaf = self.leaf[page / LEAF];
        self.slot[leaf as usize * LEAF + page % LEAF] = NONE;
        self.held[leaf as usize] -= 1;
        if self.held[leaf as usize] == 0 {
            self.leaf[page / LEAF] = 0;
            self.free[self.leaves_free] = leaf;
            self.leaves_free += 1;
        }
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
