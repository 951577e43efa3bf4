//! The program that the `join` policy is made for, as the references it makes.

/// One reference of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touch {
    /// The virtual address.
    pub address: u32,
    /// Whether it stores; it loads if not.
    pub store: bool,
}

/// First address of the hash table, of the relation it is built from, and of the one that is looked
/// up in it.
const HASH_TABLE: u32 = 0x40_0000;
const BUILT_FROM: u32 = 0x80_0000;
const LOOKED_UP: u32 = 0xc0_0000;

/// Bytes of the hash table and of the relations: 60, 60 and 240 pages of 4 KiB.
const HASH_TABLE_BYTES: u32 = 60 << 12;
const BUILT_FROM_BYTES: u32 = 60 << 12;
const LOOKED_UP_BYTES: u32 = 240 << 12;
/// Pages of 4 KiB that the hash join touches.
pub const HASH_JOIN_PAGES: u32 = (HASH_TABLE_BYTES + BUILT_FROM_BYTES + LOOKED_UP_BYTES) >> 12;
/// Bytes of a row: eight rows to a page of 4 KiB.
const ROW_BYTES: u32 = 512;

/// A hash join: each row of the first relation is read and entered in the hash table, then each row
/// of the second is read and looked up there. Rows hash evenly, and the same every time.
///
/// It touches [`HASH_JOIN_PAGES`] pages, so no policy can load fewer.
pub fn hash_join() -> impl Iterator<Item = Touch> {
    let build = rows(BUILT_FROM, BUILT_FROM_BYTES).flat_map(|row| visit(row, true));
    let probe = rows(LOOKED_UP, LOOKED_UP_BYTES).flat_map(|row| visit(row, false));
    build.chain(probe)
}

fn rows(first: u32, bytes: u32) -> impl Iterator<Item = u32> {
    (first..first + bytes).step_by(ROW_BYTES as usize)
}

/// Reads a row, then goes to the place in the hash table where it belongs.
fn visit(row: u32, store: bool) -> [Touch; 2] {
    let hash = (row / ROW_BYTES).wrapping_mul(0x9e37_79b9) >> 8;
    let address = HASH_TABLE + hash % HASH_TABLE_BYTES / 8 * 8;
    let read = Touch {
        address: row,
        store: false,
    };
    [read, Touch { address, store }]
}
