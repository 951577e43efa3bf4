//! Bits that turn over by themselves: what fault injection does to the hardware (`docs/safety.md`).
//!
//! Neither memory nor disk nor TLB has parity, so nothing corrects them. What must hold is that a bit of
//! what one environment may not read is nothing to it, and that a TLB entry that grants more than its
//! environment may have is found by the invariants.

use super::Machine;
use crate::ids::{Access, Block, Frame, TlbSlot};

/// A bit that turns over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flip {
    /// A bit of a byte in a frame; no reference or dirty bit says so.
    Memory {
        /// The frame.
        frame: Frame,
        /// The byte in it.
        offset: u32,
        /// The bit, below 8.
        bit: u8,
    },
    /// A bit of a byte in a block of the disk.
    Block {
        /// The block.
        block: Block,
        /// The byte in it.
        offset: u32,
        /// The bit, below 8.
        bit: u8,
    },
    /// A bit of the frame's number in an entry of the TLB.
    TlbFrame(TlbSlot, u8),
    /// A bit of the page's number.
    TlbPage(TlbSlot, u8),
    /// A bit of the address space's number.
    TlbEnvironment(TlbSlot, u8),
    /// What the entry allows: reading only, or stores too.
    TlbAccess(TlbSlot),
}

impl Machine {
    /// Turns a bit over. False, and nothing happens, if there is no such place, or the entry is empty.
    pub fn flip(&mut self, flip: Flip) -> bool {
        let size_bytes = 1 << self.config.page_bits;
        match flip {
            Flip::Memory { frame, offset, bit } => {
                let exists = frame.0 < self.config.frames && offset < size_bytes && bit < 8;
                if exists {
                    let bytes = self.hw.memory.frame_bytes(frame);
                    let byte = bytes.get(offset as usize).copied().unwrap_or(0);
                    let turned = [byte ^ 1 << bit];
                    self.hw
                        .memory
                        .write_quietly(frame, offset as usize, &turned);
                }
                exists
            }
            Flip::Block { block, offset, bit } => {
                let exists = block.0 < self.hw.disk.blocks() && offset < size_bytes && bit < 8;
                if exists {
                    self.hw.disk.flip(block, size_bytes, (offset, bit));
                }
                exists
            }
            Flip::TlbFrame(slot, bit) => self.hw.tlb.turn(slot, |entry| {
                entry.frame.0 ^= 1_u32.wrapping_shl(bit.into());
            }),
            Flip::TlbPage(slot, bit) => self.hw.tlb.turn(slot, |entry| {
                entry.page.0 ^= 1_u32.wrapping_shl(bit.into());
            }),
            Flip::TlbEnvironment(slot, bit) => self.hw.tlb.turn(slot, |entry| {
                entry.asid ^= 1_u8.wrapping_shl(bit.into());
            }),
            Flip::TlbAccess(slot) => self.hw.tlb.turn(slot, |entry| {
                entry.access = match entry.access {
                    Access::Read => Access::ReadWrite,
                    Access::ReadWrite => Access::Read,
                };
            }),
        }
    }
}
