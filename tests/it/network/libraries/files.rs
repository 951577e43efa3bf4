//! The web server's files, as they are meant to be.

/// What stands at `/`.
pub const PAGE: &[u8; 64] = b"<!doctype html><title>Cheetah</title><p>Served by a library.</p>";
/// How long the file at `/large` is.
pub const LARGE_BYTES: u32 = 100_000;

/// The file at `/large`: words with the lowest byte first, each its place times a constant.
pub fn large() -> Vec<u8> {
    let words = (0..LARGE_BYTES / 4).map(|place| place.wrapping_mul(0x9e37_79b1));
    words.flat_map(u32::to_le_bytes).collect()
}
