use exo_prelude::*;

/// Matrix multiply: 150 by 150 integers, the ordinary program of the exokernel paper.
///
/// It asks nothing special of its libOS, and that is the point: the paper ran it to show that memory
/// managed by an application's own code costs ordinary programs nothing (table 9). Three matrices of
/// 22 pages are 66 frames, and with all of them each page faults once: a few thousand cycles of the
/// libOS beside tens of millions of its own. Walking down a column touches another page every seven
/// elements, so one row of the product sweeps 22 pages 150 times; see what a TLB smaller than that
/// costs, and that the misses are answered without the libOS.
///
/// It needs 66 frames. With fewer, and no disk, pages of the matrices come back as zeros, and the
/// checksum says so.
pub struct Matrix {
    checksum: u64,
}

/// Rows and columns.
const SIDE: u32 = 150;
/// Where the three matrices begin, each on a page of its own.
const LEFT: u32 = 0x0010_0000;
const RIGHT: u32 = 0x0012_0000;
const PRODUCT: u32 = 0x0014_0000;

/// The address of an element: four bytes each, row after row.
fn at(matrix: u32, row: u32, column: u32) -> u32 {
    matrix + (row * SIDE + column) * 4
}

/// The elements of the two factors, small enough that no sum overflows.
fn left(row: u32, column: u32) -> u32 {
    (row * 7 + column * 3) % 101
}

fn right(row: u32, column: u32) -> u32 {
    (row * 5 + column * 11) % 103
}

impl Matrix {
    /// Nothing is multiplied yet.
    pub const fn new() -> Matrix {
        Matrix { checksum: 0 }
    }

    fn fill(mem: &mut Mem) {
        for row in 0..SIDE {
            for column in 0..SIDE {
                mem.store_u32(at(LEFT, row, column), left(row, column));
                mem.store_u32(at(RIGHT, row, column), right(row, column));
            }
        }
    }

    fn multiply(mem: &mut Mem) {
        for row in 0..SIDE {
            for column in 0..SIDE {
                let mut sum = 0;
                for inner in 0..SIDE {
                    let factor = mem.load_u32(at(LEFT, row, inner));
                    sum += factor * mem.load_u32(at(RIGHT, inner, column));
                }
                mem.store_u32(at(PRODUCT, row, column), sum);
            }
        }
    }

    /// The sum of all elements of the product, from column sums and row sums of the factors alone.
    fn expected() -> u64 {
        let mut total = 0;
        for inner in 0..SIDE {
            let mut down = 0;
            let mut across = 0;
            for other in 0..SIDE {
                down += left(other, inner) as u64;
                across += right(inner, other) as u64;
            }
            total += down * across;
        }
        total
    }
}

impl Application for Matrix {
    fn main(&mut self, mem: &mut Mem, _sys: &mut Sys) {
        Matrix::fill(mem);
        Matrix::multiply(mem);
        for row in 0..SIDE {
            for column in 0..SIDE {
                self.checksum += mem.load_u32(at(PRODUCT, row, column)) as u64;
            }
        }
        log!(
            "the product sums to {}, and should to {}",
            self.checksum,
            Matrix::expected()
        );
    }
}
