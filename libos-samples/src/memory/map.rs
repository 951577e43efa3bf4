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

    /// Writes the page in `slot` back, if it was stored to. Gives whether it was.
    fn write_back(&mut self, sys: &mut Sys, slot: usize) -> Result<bool, SysError> {
        let page = self.page[slot];
        let Some(file) = self.file_of(page) else {
            return Ok(false);
        };
        if !sys.dirty(self.frame[slot])? {
            return Ok(false);
        }
        let it = self.files[file];
        sys.disk_write(it.key, page - it.first, self.frame[slot])?;
        sys.clear_dirty(self.frame[slot])?;
        Ok(true)
    }

    /// Takes a slot out; the last one moves into its place.
    fn shrink(&mut self, slot: usize) {
        self.used -= 1;
        self.page[slot] = self.page[self.used];
        self.frame[slot] = self.frame[self.used];
    }

    /// Gives the frame of a slot back, if the kernel has not taken it meanwhile.
    fn give_back(&mut self, sys: &mut Sys, slot: usize) -> Result<(), SysError> {
        let frame = self.frame[slot];
        self.shrink(slot);
        match sys.free(frame) {
            Ok(()) | Err(SysError::NoAuthority) => Ok(()),
            Err(reason) => Err(reason),
        }
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
        if self.used < RESIDENT {
            match sys.allocate() {
                Ok(frame) => {
                    self.frame[self.used] = frame;
                    self.page[self.used] = NOWHERE;
                    self.used += 1;
                    return Ok(self.used - 1);
                }
                Err(SysError::Limit | SysError::NoFreeFrame) => {}
                Err(reason) => return Err(reason),
            }
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

    /// Reads the block of a page into a frame.
    fn bring(&mut self, sys: &mut Sys, page: u32) -> Result<usize, SysError> {
        let Some(file) = self.file_of(page) else {
            return Err(SysError::NoSuchBlock);
        };
        let slot = self.slot(sys)?;
        let it = self.files[file];
        sys.disk_read(it.key, page - it.first, self.frame[slot])?;
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
        self.files[file] = File {
            key: Capability::new(0),
            blocks: blocks as u32,
            first: NOWHERE,
        };
        self.place(file, first)?;
        match sys.extent_allocate(blocks as u32) {
            Ok(key) => {
                self.files[file].key = key;
                self.made += 1;
                Ok(key.number())
            }
            Err(reason) => Err(reason),
        }
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

    /// Writes back every page of the file that is mapped where `page` is. Gives how many.
    fn sync(&mut self, sys: &mut Sys, page: u32) -> Result<u64, SysError> {
        let Some(file) = self.file_of(page) else {
            return Err(SysError::NoSuchBlock);
        };
        let mut written = 0;
        for slot in 0..self.used {
            if self.file_of(self.page[slot]) == Some(file) && self.write_back(sys, slot)? {
                written += 1;
            }
        }
        Ok(written)
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
                self.give_back(sys, slot)?;
            } else {
                slot += 1;
            }
        }
        self.files[file].first = NOWHERE;
        Ok(written)
    }
}

impl LibOs for Map {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let slot = match self.find(fault.page) {
            Some(slot) => slot,
            None => match self.bring(sys, fault.page) {
                // Its frame was taken while the disk was at work: once more.
                Err(SysError::Stale | SysError::NoAuthority) => return Ok(()),
                brought => brought?,
            },
        };
        sys.tlb_write(fault.page, self.frame[slot], Access::ReadWrite)
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
                Ok(_) | Err(SysError::Stale) => {} // taken meanwhile: what was stored is lost
                Err(reason) => return Err(reason),
            }
            self.give_back(sys, slot)?;
        }
        Ok(())
    }

    /// The kernel has taken frames: no page lies in them any more.
    fn repossessed(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        while let Ok(lost) = sys.next_repossessed() {
            for slot in 0..self.used {
                if self.frame[slot] == lost.frame {
                    self.shrink(slot);
                    break;
                }
            }
        }
        Ok(())
    }
}
