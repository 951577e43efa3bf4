use exo_prelude::*;

/// Hash join: enters the rows of one relation in a hash table, then looks up the rows of another.
///
/// The relations are read once, from end to end: of no use as soon as the next page is begun. The
/// hash table is touched here and there until the very end. A kernel for all cannot know this; the
/// libOS `join` is told, keeps the hash table and lets the relations go, and on 64 frames every row
/// finds its match. Under FIFO or CLOCK on the same frames the relations push the hash table out.
/// Without a disk it comes back empty, and not one match is left. With one the matches are there, and
/// each has cost a page load.
///
/// Read pages may go and come back at any time, because a row's key is its place plus what memory
/// holds, and that is zero. The hash table is 60 pages; all together would be 360 frames.
pub struct HashJoin {
    matches: u32,
}

/// Where the hash table and the relations begin; the libOS `join` knows the first.
const HASH_TABLE: u32 = 0x0040_0000;
const BUILT_FROM: u32 = 0x0080_0000;
const LOOKED_UP: u32 = 0x00c0_0000;
/// Slots of 8 bytes: 60 pages.
const SLOTS: u32 = 60 * 512;
/// Rows of 512 bytes, 60 and 240 pages.
const ROW_BYTES: u32 = 512;
const BUILT_ROWS: u32 = 480;
const LOOKED_UP_ROWS: u32 = 1920;

/// The slot where the search for a key begins.
fn slot_of(key: u32) -> u32 {
    (key.wrapping_mul(0x9e37_79b9) >> 8) % SLOTS
}

/// The key of a row, never 0: every third number from 3 on for the first relation, every second
/// from 2 on for the other.
fn key(mem: &mut Mem, relation: u32, row: u32, apart: u32) -> u32 {
    (row + 1) * apart + mem.load_u32(relation + row * ROW_BYTES)
}

impl HashJoin {
    /// Nothing is joined yet.
    pub const fn new() -> HashJoin {
        HashJoin { matches: 0 }
    }

    /// Enters a key in the first empty slot from its own on.
    fn enter(mem: &mut Mem, key: u32) {
        let mut slot = slot_of(key);
        while mem.load_u32(HASH_TABLE + slot * 8) != 0 {
            slot = (slot + 1) % SLOTS;
        }
        mem.store_u32(HASH_TABLE + slot * 8, key);
    }

    /// Whether a key was entered.
    fn holds(mem: &mut Mem, key: u32) -> bool {
        let mut slot = slot_of(key);
        loop {
            let found = mem.load_u32(HASH_TABLE + slot * 8);
            if found == key {
                return true;
            }
            if found == 0 {
                return false;
            }
            slot = (slot + 1) % SLOTS;
        }
    }
}

impl Application for HashJoin {
    fn main(&mut self, mem: &mut Mem, _sys: &mut Sys) {
        for row in 0..BUILT_ROWS {
            let key = key(mem, BUILT_FROM, row, 3);
            HashJoin::enter(mem, key);
        }
        for row in 0..LOOKED_UP_ROWS {
            let key = key(mem, LOOKED_UP, row, 2);
            if HashJoin::holds(mem, key) {
                self.matches += 1;
            }
        }
        // Multiples of 6 up to the last key of the first relation are in both.
        let right = (BUILT_ROWS * 3 / 6).min(LOOKED_UP_ROWS * 2 / 6);
        log!("{} matches, and there should be {}", self.matches, right);
    }
}
