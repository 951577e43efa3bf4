/// The backing store, an extent of the disk: a page that goes is written out, and comes back as it
/// was.
///
/// Each page that was ever written out has a block of its own, found by a hash. A page that goes
/// and was not written since it came needs no writing: its block still has it, or it is all zero
/// and needs none. It wins whatever a program is worth that finds its data again. It loses time: a
/// page on its way takes as long as some hundred thousand instructions, while others run, and a
/// page that was written is paid for twice. The extent is the environment's share of the disk, up
/// to `BLOCKS`. When every block of it has a page and another must go, the policy gives up
/// (`NoFreeBlocks`) rather than lose one. On a machine without a disk pages are lost, as without
/// this.
pub struct Store {
    extent: Capability,
    asked: bool,
    blocks: usize,
    used: usize,
    page_of: [u32; BLOCKS],
    next: [u16; BLOCKS],
    chain: [u16; BLOCK_CHAINS],
}

/// The most blocks that are kept track of.
const BLOCKS: usize = 4096;
/// Chains of the hash.
const BLOCK_CHAINS: usize = 1024;
/// Marks the end of a chain.
const NO_BLOCK: u16 = u16::MAX;

impl Store {
    /// No block has a page, and the kernel has not been asked for any.
    pub const fn new() -> Store {
        Store {
            extent: Capability::new(0),
            asked: false,
            blocks: 0,
            used: 0,
            page_of: [0; BLOCKS],
            next: [NO_BLOCK; BLOCKS],
            chain: [NO_BLOCK; BLOCK_CHAINS],
        }
    }

    /// Whether there is an extent; asks for it the first time.
    pub fn open(&mut self, sys: &mut Sys) -> Result<bool, SysError> {
        if !self.asked {
            self.asked = true;
            let share = sys.block_limit() as usize;
            self.blocks = if share < BLOCKS { share } else { BLOCKS };
            if self.blocks > 0 {
                self.extent = sys.extent_allocate(self.blocks as u32)?;
            }
        }
        Ok(self.blocks > 0)
    }

    /// The block that has `page`, if one does.
    pub fn block_of(&self, page: u32) -> Option<u32> {
        let mut block = self.chain[page as usize % BLOCK_CHAINS];
        while block != NO_BLOCK {
            if self.page_of[block as usize] == page {
                return Some(block as u32);
            }
            block = self.next[block as usize];
        }
        None
    }

    /// A block for `page`: its own, or one that has no page yet.
    pub fn block_for(&mut self, page: u32) -> Result<u32, SysError> {
        if let Some(block) = self.block_of(page) {
            return Ok(block);
        }
        if self.used == self.blocks {
            return Err(SysError::NoFreeBlocks);
        }
        let block = self.used;
        self.used += 1;
        let chain = page as usize % BLOCK_CHAINS;
        self.page_of[block] = page;
        self.next[block] = self.chain[chain];
        self.chain[chain] = block as u16;
        Ok(block as u32)
    }

    /// `page` is about to lose `frame`: writes it out, if it was written since it came.
    pub fn save(&mut self, sys: &mut Sys, page: u32, frame: Frame) -> Result<(), SysError> {
        if self.open(sys)? && sys.dirty(frame)? {
            self.write(sys, page, frame)?;
            sys.clear_dirty(frame)?;
        }
        Ok(())
    }

    /// As `save`, of a page that is known to have been written.
    pub fn write(&mut self, sys: &mut Sys, page: u32, frame: Frame) -> Result<(), SysError> {
        if self.open(sys)? {
            let block = self.block_for(page)?;
            sys.disk_write(self.extent, block, frame)?;
        }
        Ok(())
    }

    /// `page` is about to have `frame`: reads it in, if it was ever written out.
    pub fn bring(&mut self, sys: &mut Sys, page: u32, frame: Frame) -> Result<(), SysError> {
        match self.block_of(page) {
            Some(block) => sys.disk_read(self.extent, block, frame),
            None => Ok(()), // a new page, or one that was never written: all zero
        }
    }
}
