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
///
/// A quarter of the blocks, and at most as many as the kernel takes, are preloaded into the
/// repossession vector (A19): when the kernel takes the frame of a page by force, that is where it
/// saves what was written to it, and the block becomes the page's. So only what is taken by force
/// when no such block is left is lost.
pub struct Store {
    extent: Capability,
    asked: bool,
    blocks: usize,
    used: usize,
    page_of: [u32; BLOCKS],
    next: [u16; BLOCKS],
    chain: [u16; BLOCK_CHAINS],
    /// Blocks that are to be preloaded as soon as the vector has room.
    later: [u16; SPARES],
    waiting: usize,
}

/// The most blocks that are kept track of.
const BLOCKS: usize = 4096;
/// The most blocks for what is taken by force: as many as a repossession vector has room for.
const SPARES: usize = 16;
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
            later: [NO_BLOCK; SPARES],
            waiting: 0,
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
                while self.used < SPARES && self.used < self.blocks / 4 {
                    self.reserve(sys, self.used as u32)?;
                    self.used += 1;
                }
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
        let block = self.used as u32;
        self.used += 1;
        self.enter(page, block);
        Ok(block)
    }

    /// A block has `page` from now on.
    fn enter(&mut self, page: u32, block: u32) {
        let chain = page as usize % BLOCK_CHAINS;
        self.page_of[block as usize] = page;
        self.next[block as usize] = self.chain[chain];
        self.chain[chain] = block as u16;
    }

    /// A block has no page any more.
    fn remove(&mut self, block: u32) {
        let chain = self.page_of[block as usize] as usize % BLOCK_CHAINS;
        let after = self.next[block as usize];
        let mut at = self.chain[chain];
        if at == block as u16 {
            self.chain[chain] = after;
        }
        while at != NO_BLOCK {
            if self.next[at as usize] == block as u16 {
                self.next[at as usize] = after;
            }
            at = self.next[at as usize];
        }
    }

    /// Preloads a block, now or as soon as the disk is done with those that the vector has.
    fn reserve(&mut self, sys: &mut Sys, block: u32) -> Result<(), SysError> {
        self.later[self.waiting] = block as u16;
        self.waiting += 1;
        self.preload(sys)
    }

    /// Preloads the blocks that wait, as far as the vector has room.
    fn preload(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        while self.waiting > 0 {
            match sys.preload(self.extent, self.later[self.waiting - 1] as u32) {
                Ok(()) => self.waiting -= 1,
                Err(SysError::VectorFull) => return Ok(()),
                Err(reason) => return Err(reason),
            }
        }
        Ok(())
    }

    /// The kernel has taken the frame of `page`. If it has saved what was in it, that block is the
    /// page's now, and the one that it had is preloaded instead, or one that no page has had.
    pub fn taken(&mut self, sys: &mut Sys, page: u32, lost: Repossession) -> Result<(), SysError> {
        if lost.contents == Contents::Lost {
            log!(
                "page {} is lost: there was no block left to save it to",
                page
            );
        }
        if lost.contents != Contents::Saved {
            return Ok(()); // its own block has it, or it is all zero
        }
        let old = self.block_of(page);
        if let Some(block) = old {
            self.remove(block);
            self.reserve(sys, block)?;
        } else if self.used < self.blocks {
            self.reserve(sys, self.used as u32)?;
            self.used += 1;
        }
        self.enter(page, lost.block);
        Ok(())
    }

    /// `page` is about to lose `frame`: writes it out, if it was written since it came.
    pub fn save(&mut self, sys: &mut Sys, page: u32, frame: Frame) -> Result<(), SysError> {
        let open = self.open(sys)?;
        self.preload(sys)?;
        if open && sys.dirty(frame)? {
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
