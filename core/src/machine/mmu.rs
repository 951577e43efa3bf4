//! The MMU as a program's loads and stores meet it: hits are completed within the CPU's loop.

use crate::cpu::Bus;
use crate::hw::{Memory, StampsWindow, TlbWindow};
use crate::ids::{Frame, Page, TlbSlot};

/// Serves what hits in the TLB, and counts it. All else stops the CPU before the instruction.
///
/// No hashing, no allocation, no event, no search.
#[derive(Debug)]
pub(super) struct Mmu<'machine> {
    pub(super) tlb: TlbWindow<'machine>,
    pub(super) stamps: StampsWindow<'machine>,
    pub(super) page_bits: u8,
    pub(super) coprocessor: bool,
    /// References completed.
    pub(super) references: u64,
}

impl Mmu<'_> {
    /// Slot, frame and offset of an address that hits.
    #[inline(always)]
    fn find(&self, address: u32, stores: bool) -> Option<(TlbSlot, Frame, u32)> {
        let page = Page(address >> self.page_bits);
        let (slot, frame) = self.tlb.find(page, stores)?;
        Some((slot, frame, address & ((1 << self.page_bits) - 1)))
    }

    #[inline(always)]
    fn complete(&mut self, slot: TlbSlot, frame: Frame) {
        self.tlb.touch(slot);
        self.stamps.note(frame);
        self.references += 1;
    }
}

impl Bus for Mmu<'_> {
    #[inline(always)]
    fn load(&mut self, memory: &mut Memory, address: u32, bits: u8) -> Option<u64> {
        let (slot, frame, offset) = self.find(address, false)?;
        let value = memory.load_word(frame, offset, bits)?;
        self.complete(slot, frame);
        Some(value)
    }

    #[inline(always)]
    fn store(&mut self, memory: &mut Memory, address: u32, bits: u8, value: u64) -> Option<()> {
        let (slot, frame, offset) = self.find(address, true)?;
        memory.store_word(frame, offset, bits, value)?;
        self.complete(slot, frame);
        Some(())
    }

    fn coprocessor(&self) -> bool {
        self.coprocessor
    }
}

/// What a program meets while someone records: every load and store leaves the CPU, to be told.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) coprocessor: bool,
}

impl Bus for Told {
    fn coprocessor(&self) -> bool {
        self.coprocessor
    }
}
