//! A trace: the references of a real program, packed in blocks and never changed.
//!
//! It lies outside the machine; only the cursor is state (D6).

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::ids::ReferenceKind;

/// References of one block.
pub const BLOCK_REFERENCES: usize = 4096;

/// 4,096 references: addresses, and two bits of kind for each.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    addresses: Box<[u32; BLOCK_REFERENCES]>,
    kinds: Box<[u8; BLOCK_REFERENCES / 4]>,
}

impl Block {
    /// The references as two plain arrays.
    pub(crate) fn references(&self) -> References<'_> {
        References {
            addresses: &self.addresses,
            kinds: &self.kinds,
        }
    }
}

/// The references of one block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct References<'block> {
    addresses: &'block [u32; BLOCK_REFERENCES],
    kinds: &'block [u8; BLOCK_REFERENCES / 4],
}

impl References<'_> {
    /// The reference at place `at` of the block, counted modulo its size.
    #[inline(always)]
    pub(crate) fn get(self, at: usize) -> (u32, ReferenceKind) {
        let at = at % BLOCK_REFERENCES;
        let kind = match self.kinds[at / 4] >> (at % 4 * 2) & 3 {
            0 => ReferenceKind::Fetch,
            1 => ReferenceKind::Load,
            2 => ReferenceKind::Store,
            _ => ReferenceKind::Modify,
        };
        (self.addresses[at], kind)
    }
}

/// A sequence of references.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    blocks: Vec<Block>,
    length: u64,
}

impl Trace {
    /// An empty trace.
    pub const fn new() -> Trace {
        Trace {
            blocks: Vec::new(),
            length: 0,
        }
    }

    /// References in all.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Adds a reference at the end.
    pub fn push(&mut self, address: u32, kind: ReferenceKind) {
        let at = (self.length % BLOCK_REFERENCES as u64) as usize;
        if at == 0 {
            let addresses = alloc::vec![0; BLOCK_REFERENCES]
                .into_boxed_slice()
                .try_into();
            let kinds = alloc::vec![0; BLOCK_REFERENCES / 4]
                .into_boxed_slice()
                .try_into();
            let (Ok(addresses), Ok(kinds)) = (addresses, kinds) else {
                return;
            };
            self.blocks.push(Block { addresses, kinds });
        }
        if let Some(block) = self.blocks.last_mut() {
            block.addresses[at] = address;
            block.kinds[at / 4] |= (kind as u8) << (at % 4 * 2);
            self.length += 1;
        }
    }

    /// The reference of that number, from 0.
    pub fn get(&self, index: u64) -> Option<(u32, ReferenceKind)> {
        let block = self.block(index).filter(|_| index < self.length)?;
        Some(
            block
                .references()
                .get((index % BLOCK_REFERENCES as u64) as usize),
        )
    }

    /// The block that holds reference `index`.
    #[inline]
    pub(crate) fn block(&self, index: u64) -> Option<&Block> {
        self.blocks.get((index / BLOCK_REFERENCES as u64) as usize)
    }

    /// Every reference in order.
    pub fn iter(&self) -> impl Iterator<Item = (u32, ReferenceKind)> + '_ {
        let all = self
            .blocks
            .iter()
            .flat_map(|block| (0..BLOCK_REFERENCES).map(|at| block.references().get(at)));
        all.take(self.length as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::{BLOCK_REFERENCES, Trace};
    use crate::ids::ReferenceKind;

    #[test]
    fn a_trace_gives_back_what_was_pushed_across_blocks() {
        let kinds = [
            ReferenceKind::Fetch,
            ReferenceKind::Load,
            ReferenceKind::Store,
            ReferenceKind::Modify,
        ];
        let count = BLOCK_REFERENCES as u32 * 2 + 7;
        let expected = |n: u32| (n.wrapping_mul(0x9E37_79B1), kinds[(n * 7 % 4) as usize]);
        let mut trace = Trace::new();
        (0..count).for_each(|n| trace.push(expected(n).0, expected(n).1));
        assert_eq!(trace.length(), u64::from(count));
        assert!(trace.iter().eq((0..count).map(expected)));
        assert_eq!(trace.get(u64::from(count) - 1), Some(expected(count - 1)));
        assert_eq!(trace.get(u64::from(count)), None);
    }
}
