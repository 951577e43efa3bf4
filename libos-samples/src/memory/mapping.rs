use exo_prelude::*;

/// A program that keeps its data in a mapped file, twice as large as its memory.
///
/// It stores a byte of its own at each place of eight pages, asks for them to be written back, changes
/// one page, ends the mapping and maps the file again elsewhere. Every byte must be there. It needs the
/// libOS `map` and a disk; with four frames half of the pages are on the disk at any time.
pub struct Mapping {
    right: u64,
    wrong: u64,
}

/// The pages, and where they lie the first and the second time.
const PAGES: u32 = 8;
const FIRST: u32 = 0x100;
const AGAIN: u32 = 0x900;
const PAGE_BYTES: u32 = 4096;
/// The page that is changed once more.
const CHANGED: u32 = 5;
/// What the libOS is asked for.
const MAKE: u32 = 1;
const MAP: u32 = 2;
const SYNC: u32 = 3;
const UNMAP: u32 = 4;

impl Mapping {
    /// Nothing has been looked at.
    pub const fn new() -> Mapping {
        Mapping { right: 0, wrong: 0 }
    }

    /// The byte at `at` of a page, in the first or second round.
    fn byte(page: u32, at: u32, round: u32) -> u8 {
        (page * 37 + at * 11 + at / 256 + round * 101) as u8
    }

    fn fill(mem: &mut Mem, page: u32, round: u32) {
        for at in 0..PAGE_BYTES {
            mem.store_u8(
                (FIRST + page) * PAGE_BYTES + at,
                Mapping::byte(page, at, round),
            );
        }
    }

    /// Stores, lets go, and looks again.
    fn keep(&mut self, mem: &mut Mem) -> Result<(), SysError> {
        let file = mem.request(MAKE, FIRST as u64, PAGES as u64)?;
        for page in 0..PAGES {
            Mapping::fill(mem, page, 0);
        }
        log!(
            "{} pages written back when asked for",
            mem.request(SYNC, FIRST as u64, 0)?
        );
        Mapping::fill(mem, CHANGED, 1);
        log!(
            "{} written back at the end",
            mem.request(UNMAP, FIRST as u64, 0)?
        );
        mem.request(MAP, AGAIN as u64, file)?;
        for page in 0..PAGES {
            let round = if page == CHANGED { 1 } else { 0 };
            for at in 0..PAGE_BYTES {
                if mem.load_u8((AGAIN + page) * PAGE_BYTES + at) == Mapping::byte(page, at, round) {
                    self.right += 1;
                } else {
                    self.wrong += 1;
                }
            }
        }
        log!("{} bytes as they were left, {} not", self.right, self.wrong);
        Ok(())
    }
}

impl Application for Mapping {
    fn main(&mut self, mem: &mut Mem, _sys: &mut Sys) {
        if self.keep(mem).is_err() {
            log!("my libOS does not answer; I need the one called map, and a disk");
        }
    }
}
