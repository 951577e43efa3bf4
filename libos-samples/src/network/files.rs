// Files: blocks of an extent, and frames that keep what was read of them.

const FILES: usize = 2;
const PATH_BYTES: usize = 8;
/// Blocks of all files together.
const BLOCKS: usize = 26;
const BLOCK_BYTES: u32 = PAGE_BYTES;
const BLOCK_PAGE: u32 = 0xf_0200;
/// How many bytes have a sum of their own, and how many of these a block has.
const UNIT: u32 = 128;
const UNITS: usize = 32;
/// What the page says: `<!doctype html><title>Cheetah</title><p>Served by a library.</p>`.
const TEXT: [u8; 64] = [
    60, 33, 100, 111, 99, 116, 121, 112, 101, 32, 104, 116, 109, 108, 62, 60, 116, 105, 116, 108,
    101, 62, 67, 104, 101, 101, 116, 97, 104, 60, 47, 116, 105, 116, 108, 101, 62, 60, 112, 62, 83,
    101, 114, 118, 101, 100, 32, 98, 121, 32, 97, 32, 108, 105, 98, 114, 97, 114, 121, 46, 60, 47,
    112, 62,
];

/// A file: its path, its first block in the extent, and its length in bytes.
#[derive(Clone, Copy)]
struct File {
    path: [u8; PATH_BYTES],
    path_bytes: u32,
    first: u32,
    length: u32,
}

/// The files, and the frames in which they are kept. A frame is filled once: what is sent from it is
/// read by the network interface, the first time and again.
#[derive(Clone, Copy)]
struct Files {
    file: [File; FILES],
    extent: Capability,
    frame: [Frame; BLOCKS],
    kept: [bool; BLOCKS],
    sums: [[u16; UNITS]; BLOCKS],
    written: u32,
    reads: u64,
    touched: u64,
}

impl Files {
    /// `/`, which is the page, and `/large`.
    const fn new() -> Files {
        Files {
            file: [
                File {
                    path: [47, 0, 0, 0, 0, 0, 0, 0],
                    path_bytes: 1,
                    first: 0,
                    length: 64,
                },
                File {
                    path: [47, 108, 97, 114, 103, 101, 0, 0],
                    path_bytes: 6,
                    first: 1,
                    length: 100_000,
                },
            ],
            extent: Capability::new(0),
            frame: [Frame::new(0); BLOCKS],
            kept: [false; BLOCKS],
            sums: [[0; UNITS]; BLOCKS],
            written: 0,
            reads: 0,
            touched: 0,
        }
    }

    /// The four bytes at `place` of a file, the lowest first; 0 behind its end.
    fn word(&self, file: usize, place: u32) -> u32 {
        if place >= self.file[file].length {
            return 0;
        }
        if file > 0 {
            return (place / 4).wrapping_mul(0x9e37_79b1);
        }
        let mut word = 0;
        for byte in 0..4 {
            word |= (TEXT[(place + byte) as usize] as u32) << (byte * 8);
        }
        word
    }

    /// Room for all of them, on the disk and in memory.
    fn open(&mut self, sys: &mut Sys) -> Result<(), SysError> {
        self.extent = sys.extent_allocate(BLOCKS as u32)?;
        for place in 0..BLOCKS {
            self.frame[place] = sys.allocate()?;
        }
        Ok(())
    }

    /// Writes the next block to the disk, where it is served from: its frame does not count as kept. Gives
    /// whether it was the last one.
    fn write_next(&mut self, sys: &mut Sys) -> Result<bool, SysError> {
        let place = self.written;
        let file = self.file_of(place);
        let first = (place - self.file[file].first) * BLOCK_BYTES;
        let frame = self.frame[place as usize];
        let page = BLOCK_PAGE + place;
        sys.tlb_write(page, frame, Access::ReadWrite)?;
        for at in (0..BLOCK_BYTES).step_by(4) {
            let word = self.word(file, first + at);
            sys.store_u32(page * PAGE_BYTES + at, word);
        }
        sys.disk_write(self.extent, place, frame)?;
        self.written += 1;
        Ok(self.written as usize == BLOCKS)
    }

    /// The file that a block belongs to.
    fn file_of(&self, place: u32) -> usize {
        if place < self.file[1].first { 0 } else { 1 }
    }

    /// Reads a block from the disk, if it was not yet, and sums it unit by unit: the only time that its
    /// bytes are touched.
    fn keep(&mut self, sys: &mut Sys, place: u32) -> Result<(), SysError> {
        let slot = place as usize;
        if self.kept[slot] {
            return Ok(());
        }
        sys.disk_read(self.extent, place, self.frame[slot])?;
        self.reads += 1;
        let page = self.bind(sys, place)?;
        for unit in 0..UNITS {
            let sum = sum_of(sys, page + unit as u32 * UNIT, UNIT);
            self.sums[slot][unit] = fold(sum) as u16;
        }
        self.kept[slot] = true;
        Ok(())
    }

    /// The address at which a block can be read.
    fn bind(&self, sys: &mut Sys, place: u32) -> Result<u32, SysError> {
        let page = BLOCK_PAGE + place;
        sys.tlb_write(page, self.frame[place as usize], Access::Read)?;
        Ok(page * PAGE_BYTES)
    }

    /// The sum of a stretch of a block that is kept. Whole units need no look at the bytes.
    fn sum(&mut self, sys: &mut Sys, place: u32, at: u32, length: u32) -> Result<u64, SysError> {
        let slot = place as usize;
        let mut sum = 0;
        if at % UNIT == 0 && (length % UNIT == 0 || at + length == self.end(place)) {
            for unit in at / UNIT..(at + length).div_ceil(UNIT) {
                sum += self.sums[slot][unit as usize] as u64;
            }
            return Ok(sum);
        }
        let page = self.bind(sys, place)?;
        self.touched += length as u64;
        for byte in 0..length {
            sum += (sys.load_u8(page + at + byte) as u64) << (byte % 2 * 8);
        }
        Ok(sum)
    }

    /// Where the file ends that a block belongs to, counted from the beginning of the block.
    fn end(&self, place: u32) -> u32 {
        let file = self.file_of(place);
        let before = (place - self.file[file].first) * BLOCK_BYTES;
        self.file[file].length - before
    }

    /// The file of a path that was asked for.
    fn find(&self, line: &[u8; LINE_BYTES], from: u32, length: u32) -> Option<usize> {
        for file in 0..FILES {
            let mut same = self.file[file].path_bytes == length;
            for byte in 0..length.min(PATH_BYTES as u32) {
                let letter = line[(from + byte) as usize];
                same = same && letter == self.file[file].path[byte as usize];
            }
            if same {
                return Some(file);
            }
        }
        None
    }
}
