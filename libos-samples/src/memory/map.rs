use exo_prelude::*;

/// Memory-mapped extents: a run of pages is a run of blocks of the disk, and a load is a read.
///
/// A fault reads the block into a frame, and no sooner; a page that was stored to goes back to its
/// block when its frame is needed, when the program asks for it, or when the mapping ends. The dirty
/// bit of the frame tells which pages those are. Whoever has the number of an extent can map it
/// again, elsewhere. It wins for programs whose data outlive them, or are larger than their memory:
/// there is no second copy in a buffer. It loses when a program goes through its data once, as each
/// block is waited for by itself.
///
/// What is taken by force is kept as well: blocks beside the file are preloaded into the repossession
/// vector (A19), where the kernel saves what was stored to a page whose frame it takes. The page comes
/// back from there, and goes to its own block with the next writing back.
///
/// The requests: 1 makes an extent and maps it (first page, blocks) and gives its number, 2 maps one
/// that was made before (first page, number) and gives its blocks, 3 writes back what was stored to
/// (first page) and gives how many pages, 4 does so and ends the mapping. The page that has waited
/// longest goes first. A page outside all mappings is not served.
pub struct Map {
    files: [File; FILES],
    made: usize,
    page: [u32; RESIDENT],
    frame: [Frame; RESIDENT],
    used: usize,
    hand: usize,
    spare: Capability,
    spares: usize,
    holds: [u32; SPARES],
}

/// An extent, and where it is mapped.
#[derive(Clone, Copy, PartialEq, Eq)]
struct File {
    key: Capability,
    blocks: u32,
    /// `NOWHERE` while it is not mapped.
    first: u32,
}

/// The most extents, and the most pages in frames at a time.
const FILES: usize = 8;
const RESIDENT: usize = 64;
const NOWHERE: u32 = 4_294_967_295;
/// The most blocks for what is taken by force: each holds a page, is preloaded, or is ready to be.
const SPARES: usize = 32;
const PRELOADED: u32 = 4_294_967_294;
const READY: u32 = 4_294_967_293;
/// Pages of the address space.
const SPACE: u64 = 1_048_576;
/// What an application can ask for.
const MAKE: u32 = 1;
const MAP: u32 = 2;
const SYNC: u32 = 3;
const UNMAP: u32 = 4;

impl Map {
    /// Nothing is mapped.
    pub const fn new() -> Map {
        Map {
            files: [File {
                key: Capability::new(0),
                blocks: 0,
                first: NOWHERE,
            }; FILES],
            made: 0,
            page: [0; RESIDENT],
            frame: [Frame::new(0); RESIDENT],
            used: 0,
            hand: 0,
            spare: Capability::new(0),
            spares: 0,
            holds: [READY; SPARES],
        }
    }

    /// The file that is mapped where `page` is.
    fn file_of(&self, page: u32) -> Option<usize> {
        for file in 0..self.made {
            let it = self.files[file];
            if it.first != NOWHERE && page >= it.first && page - it.first < it.blocks {
                return Some(file);
            }
        }
        None
    }

    /// Where a page is, if it is in a frame.
    fn find(&self, page: u32) -> Option<usize> {
        for slot in 0..self.used {
            if self.page[slot] == page {
                return Some(slot);
            }
        }
        None
    }

    /// The spare block that has a page, if the kernel has saved it and it has not gone home since.
    fn saved(&self, page: u32) -> Option<usize> {
        for block in 0..self.spares {
            if self.holds[block] == page {
                return Some(block);
            }
        }
        None
    }

    /// Asks for spare blocks, if there are none yet. Without them what is taken by force is lost.
    fn open(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        let share = sys.block_limit() as usize / 4;
        let blocks = if share < SPARES { share } else { SPARES };
        if self.spares > 0 || blocks == 0 {
            return Ok(());
        }
        if let Ok(key) = sys.extent_allocate(blocks as u32) {
            self.spare = key;
            self.spares = blocks;
        }
        self.preload(sys)
    }

    /// Preloads the blocks that hold nothing, as far as the vector has room.
    fn preload(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        for block in 0..self.spares {
            if self.holds[block] == READY {
                match sys.preload(self.spare, block as u32) {
                    Ok(()) => self.holds[block] = PRELOADED,
                    Err(SysError::VectorFull) => return Ok(()),
                    Err(SysError::Taken) => {} // the kernel is not done with it yet
                    Err(reason) => return Err(reason),
                }
            }
        }
        Ok(())
    }

    /// Writes the page in `slot` back, if its own block has not what is in it. Gives whether it did.
    fn write_back(&mut self, sys: &mut Sys, slot: usize) -> Result<bool, SysError> {
        let page = self.page[slot];
        let Some(file) = self.file_of(page) else {
            return Ok(false);
        };
        let saved = self.saved(page);
        if saved.is_none() && !sys.dirty(self.frame[slot])? {
            return Ok(false);
        }
        let it = self.files[file];
        sys.disk_write(it.key, page - it.first, self.frame[slot])?;
        sys.clear_dirty(self.frame[slot])?;
        if let Some(block) = saved {
            self.holds[block] = READY;
            self.preload(sys)?;
        }
        Ok(true)
    }

    /// Takes a slot out; the last one moves into its place.
    fn shrink(&mut self, slot: usize) {
        self.used -= 1;
        self.page[slot] = self.page[self.used];
        self.frame[slot] = self.frame[self.used];
        self.frame[self.used] = Frame::new(0);
    }

    /// Gives the frame of a slot back, if the kernel has not taken it meanwhile.
    fn give_back(&mut self, sys: &mut Sys, slot: usize) {
        let frame = self.frame[slot];
        self.shrink(slot);
        let _ = sys.free(frame);
    }

    /// The slot whose page has waited longest.
    fn oldest(&mut self) -> usize {
        if self.hand >= self.used {
            self.hand = 0;
        }
        let slot = self.hand;
        self.hand += 1;
        slot
    }

    /// A slot with a frame for a page: a new one, or that of the page that has waited longest.
    fn slot(&mut self, sys: &mut Sys) -> Result<usize, SysError> {
        if self.used < RESIDENT
            && let Ok(frame) = sys.allocate()
        {
            self.frame[self.used] = frame;
            self.page[self.used] = NOWHERE;
            self.used += 1;
            return Ok(self.used - 1);
        }
        if self.used == 0 {
            return Err(SysError::Limit);
        }
        let slot = self.oldest();
        self.write_back(sys, slot)?;
        sys.tlb_drop(self.page[slot])?;
        self.page[slot] = NOWHERE;
        Ok(slot)
    }

    /// Reads the block of a page into a frame, or the spare one that has it.
    fn bring(&mut self, sys: &mut Sys, page: u32) -> Result<usize, SysError> {
        let Some(file) = self.file_of(page) else {
            return Err(SysError::NoSuchBlock);
        };
        let slot = self.slot(sys)?;
        let it = self.files[file];
        match self.saved(page) {
            Some(block) => sys.disk_read(self.spare, block as u32, self.frame[slot])?,
            None => sys.disk_read(it.key, page - it.first, self.frame[slot])?,
        }
        self.page[slot] = page;
        Ok(slot)
    }

    /// Maps a file from a page on, if nothing else is there.
    fn place(&mut self, file: usize, first: u64) -> Result<u64, SysError> {
        let blocks = self.files[file].blocks;
        if first >= SPACE || SPACE - first < blocks as u64 {
            return Err(SysError::NoSuchPage);
        }
        for page in first as u32..first as u32 + blocks {
            if self.file_of(page).is_some() {
                return Err(SysError::Taken);
            }
        }
        self.files[file].first = first as u32;
        Ok(blocks as u64)
    }

    /// Makes an extent, and maps it.
    fn make(&mut self, sys: &mut Sys, first: u64, blocks: u64) -> Result<u64, SysError> {
        if self.made == FILES {
            return Err(SysError::Limit);
        }
        if blocks >= SPACE {
            return Err(SysError::NoFreeBlocks);
        }
        let file = self.made;
        self.files[file].blocks = blocks as u32;
        self.files[file].first = NOWHERE;
        self.place(file, first)?;
        let key = sys.extent_allocate(blocks as u32)?;
        self.files[file].key = key;
        self.made += 1;
        self.open(sys)?;
        Ok(key.number())
    }

    /// Maps an extent that was made before, and is not mapped now.
    fn map(&mut self, first: u64, key: u64) -> Result<u64, SysError> {
        for file in 0..self.made {
            if self.files[file].key.number() == key {
                if self.files[file].first != NOWHERE {
                    return Err(SysError::Taken);
                }
                return self.place(file, first);
            }
        }
        Err(SysError::NoSuchBlock)
    }

    /// Writes one page of a file back, those in spare blocks first. Gives whether there was one.
    fn write_one(&mut self, sys: &mut Sys, file: usize) -> Result<bool, SysError> {
        for block in 0..self.spares {
            let page = self.holds[block];
            if self.file_of(page) == Some(file) && self.find(page).is_none() {
                let slot = self.bring(sys, page)?;
                return self.write_back(sys, slot);
            }
        }
        for slot in 0..self.used {
            if self.file_of(self.page[slot]) == Some(file) && self.write_back(sys, slot)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Writes back every page of the file that is mapped where `page` is. Gives how many.
    fn sync(&mut self, sys: &mut Sys, page: u32) -> Result<u64, SysError> {
        let Some(file) = self.file_of(page) else {
            return Err(SysError::NoSuchBlock);
        };
        let mut written = 0;
        loop {
            match self.write_one(sys, file) {
                Ok(true) => written += 1,
                Ok(false) => return Ok(written),
                // A frame was taken while the disk was at work: once more.
                Err(SysError::Stale | SysError::NoAuthority) => self.repossessed(sys)?,
                Err(reason) => return Err(reason),
            }
        }
    }

    /// As `sync`; then the pages are gone, and their frames are given back.
    fn unmap(&mut self, sys: &mut Sys, page: u32) -> Result<u64, SysError> {
        let written = self.sync(sys, page)?;
        let Some(file) = self.file_of(page) else {
            return Err(SysError::NoSuchBlock);
        };
        let mut slot = 0;
        while slot < self.used {
            if self.file_of(self.page[slot]) == Some(file) {
                self.give_back(sys, slot);
            } else {
                slot += 1;
            }
        }
        self.files[file].first = NOWHERE;
        Ok(written)
    }

    /// Binds a page to the frame that it is in, or comes to.
    fn serve(&mut self, sys: &mut Sys, page: u32) -> Result<(), SysError> {
        let slot = match self.find(page) {
            Some(slot) => slot,
            None => self.bring(sys, page)?,
        };
        sys.tlb_write(page, self.frame[slot], Access::ReadWrite)
    }

    /// The kernel has taken the frame of a page: notes where its contents are.
    fn taken(&mut self, sys: &mut Sys, page: u32, lost: Repossession) -> Result<(), SysError> {
        if lost.contents == Contents::Lost {
            log!("page {} is lost: no block was left for it", page);
        }
        if lost.contents != Contents::Saved {
            return Ok(()); // its block has it
        }
        if let Some(before) = self.saved(page) {
            self.holds[before] = READY;
        }
        self.holds[lost.block as usize] = page;
        self.preload(sys)
    }
}

impl LibOs for Map {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        for _ in 0..RESIDENT {
            match self.serve(sys, fault.page) {
                // A frame was taken while the disk was at work: once more.
                Err(SysError::Stale | SysError::NoAuthority) => self.repossessed(sys)?,
                served => return served,
            }
        }
        Err(SysError::Limit)
    }

    fn request(
        &mut self,
        sys: &mut Sys,
        request: u32,
        first: u64,
        second: u64,
    ) -> Result<u64, SysError> {
        match request {
            MAKE => self.make(sys, first, second),
            MAP => self.map(first, second),
            SYNC => self.sync(sys, first as u32),
            UNMAP => self.unmap(sys, first as u32),
            _ => Err(SysError::NoSuchRequest),
        }
    }

    /// Gives up what has waited longest, written back.
    fn revoke(&mut self, sys: &mut Sys, revocation: Revocation) -> Result<(), SysError> {
        for _ in 0..revocation.frames {
            self.repossessed(sys)?; // writing back takes time, and the kernel may not wait
            if self.used <= sys.frame_limit() {
                break;
            }
            let slot = self.oldest();
            match self.write_back(sys, slot) {
                Ok(_) => self.give_back(sys, slot),
                Err(SysError::Stale | SysError::NoAuthority) => {} // taken, and told of in a moment
                Err(reason) => return Err(reason),
            }
        }
        self.repossessed(sys)
    }

    /// The kernel has taken frames: no page lies in them any more.
    fn repossessed(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        while let Ok(lost) = sys.next_repossessed() {
            for slot in 0..self.used {
                if self.frame[slot] == lost.frame {
                    let page = self.page[slot];
                    self.shrink(slot);
                    self.taken(sys, page, lost)?;
                    break;
                }
            }
        }
        Ok(())
    }
}
