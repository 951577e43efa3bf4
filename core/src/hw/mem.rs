//! Physical memory: one flat array of bytes, with one byte of flags a frame (D1).
//!
//! It grows lazily to the highest frame touched. Frames that were never touched read as zero, like
//! frames that were zeroed.

use alloc::vec::Vec;

use super::contents::MemoryCheckpoint;
use crate::derived::Derived;
use crate::digest::Digest;
use crate::ids::Frame;

pub(super) const REFERENCED: u8 = 1;
const DIRTY: u8 = 2;
/// Written since it was last known to be all zero.
pub(super) const USED: u8 = 4;
/// Written since the last checkpoint; bookkeeping of checkpoints, not of the machine.
pub(super) const CHANGED: u8 = 8;

/// What a store of the kernel or the CPU marks.
pub(super) const WRITTEN: u8 = USED | CHANGED;

/// What a store marks.
pub(super) const STORED: u8 = REFERENCED | DIRTY | USED | CHANGED;

/// Bytes and flags of all frames.
#[derive(Clone, Debug)]
pub struct Memory {
    pub(super) bytes: Vec<u8>,
    pub(super) flags: Vec<u8>,
    pub(super) page_bits: u8,
    /// What the last checkpoint took or restored, shared with it; nothing before the first.
    pub(super) shared: Derived<MemoryCheckpoint>,
}

/// Memory as far as it has been touched, behind two plain slices: what the loop over references
/// works on.
#[derive(Debug)]
pub struct MemoryWindow<'memory> {
    bytes: &'memory mut [u8],
    flags: &'memory mut [u8],
    page_bits: u8,
}

impl MemoryWindow<'_> {
    /// Reads the byte at `offset` of `frame`, replaces it by `value` if `stores`, and marks the
    /// frame. Returns what was read; none, and nothing happens, where memory was never touched.
    ///
    /// Without a branch on `stores`, which no processor can foresee: a load writes back what it
    /// read.
    #[inline(always)]
    pub fn access(&mut self, frame: Frame, offset: u32, stores: bool, value: u8) -> Option<u8> {
        let at = (frame.index() << self.page_bits) + offset as usize;
        let byte = self.bytes.get_mut(at)?;
        let read = *byte;
        let mask = 0_u8.wrapping_sub(u8::from(stores));
        *byte = read ^ ((read ^ value) & mask);
        self.mark(frame, REFERENCED | (STORED & mask));
        Some(read)
    }

    /// Sets flags, writing only if one is missing: a write on every access would make each wait
    /// for the one before.
    #[inline(always)]
    fn mark(&mut self, frame: Frame, wanted: u8) {
        if let Some(flags) = self.flags.get_mut(frame.index())
            && *flags & wanted != wanted
        {
            *flags |= wanted;
        }
    }
}

impl Memory {
    /// `frames` frames of 2^`page_bits` bytes, all zero.
    pub fn new(frames: u32, page_bits: u8) -> Memory {
        Memory {
            bytes: Vec::new(),
            flags: alloc::vec![0; frames as usize],
            page_bits,
            shared: Derived::default(),
        }
    }

    /// log2 of a frame's size in bytes.
    pub fn page_bits(&self) -> u8 {
        self.page_bits
    }

    /// How many frames there are.
    pub fn frames(&self) -> u32 {
        self.flags.len() as u32
    }

    #[inline(always)]
    pub(super) fn start(&self, frame: Frame) -> usize {
        frame.index() << self.page_bits
    }

    /// Completes one reference: reads the byte at `offset` of `frame`, replaces it by `value` if it
    /// `stores`, and marks the frame as referenced and perhaps dirty. Returns what was read.
    pub fn access(&mut self, frame: Frame, offset: u32, stores: bool, value: u8) -> u8 {
        if let Some(read) = self.window().access(frame, offset, stores, value) {
            return read;
        }
        self.grow(frame);
        self.window()
            .access(frame, offset, stores, value)
            .unwrap_or(0)
    }

    /// The bytes and flags, for a run of references in one loop.
    pub fn window(&mut self) -> MemoryWindow<'_> {
        MemoryWindow {
            bytes: &mut self.bytes,
            flags: &mut self.flags,
            page_bits: self.page_bits,
        }
    }

    #[cold]
    pub(super) fn grow(&mut self, frame: Frame) {
        if frame.index() < self.flags.len() {
            self.bytes.resize((frame.index() + 1) << self.page_bits, 0);
        }
    }

    /// The bytes from `offset` on within a frame, as far as the frame has been touched.
    pub fn frame_bytes(&self, frame: Frame) -> &[u8] {
        let start = self.start(frame);
        self.bytes
            .get(start..start + (1 << self.page_bits))
            .unwrap_or(&[])
    }

    /// All bytes of a frame, to be written over; empty if there is no such frame. The caller marks it.
    pub(super) fn frame_bytes_mut(&mut self, frame: Frame) -> &mut [u8] {
        let start = self.start(frame);
        let end = start + (1 << self.page_bits);
        if end > self.bytes.len() {
            self.grow(frame);
        }
        self.bytes.get_mut(start..end).unwrap_or(&mut [])
    }

    /// Writes bytes within one frame without touching its reference and dirty bits: the kernel's
    /// and the CPU's own stores. Bytes past the frame's end are not written.
    pub fn write_quietly(&mut self, frame: Frame, offset: usize, bytes: &[u8]) {
        let start = self.start(frame) + offset;
        if start + bytes.len() > self.bytes.len() {
            self.grow(frame);
        }
        let room = (1 << self.page_bits) - offset.min(1 << self.page_bits);
        let length = bytes.len().min(room);
        if let Some(place) = self.bytes.get_mut(start..start + length) {
            place.copy_from_slice(&bytes[..length]);
            self.flags[frame.index()] |= WRITTEN;
        }
    }

    /// Stores `N` bytes within one frame, as [`Memory::write_quietly`]; none, and nothing is stored,
    /// if the frame was never touched.
    #[inline(always)]
    pub fn store_quietly<const N: usize>(
        &mut self,
        frame: Frame,
        offset: usize,
        bytes: [u8; N],
    ) -> Option<()> {
        let start = self.start(frame) + offset;
        let place = self.bytes.get_mut(start..)?.first_chunk_mut::<N>()?;
        *self.flags.get_mut(frame.index())? |= WRITTEN;
        *place = bytes;
        Some(())
    }

    /// Makes a frame all zero. Its reference and dirty bits stay.
    pub fn zero(&mut self, frame: Frame) {
        let start = self.start(frame);
        let Some(flags) = self.flags.get_mut(frame.index()) else {
            return;
        };
        if *flags & USED == 0 {
            return;
        }
        *flags = *flags & !USED | CHANGED;
        if let Some(bytes) = self.bytes.get_mut(start..start + (1 << self.page_bits)) {
            bytes.fill(0);
        }
    }

    /// Whether the frame was touched since its reference bit was last cleared.
    pub fn referenced(&self, frame: Frame) -> bool {
        self.flag(frame, REFERENCED)
    }

    /// Whether the frame was written since its dirty bit was last cleared.
    pub fn dirty(&self, frame: Frame) -> bool {
        self.flag(frame, DIRTY)
    }

    fn flag(&self, frame: Frame, flag: u8) -> bool {
        self.flags
            .get(frame.index())
            .is_some_and(|flags| flags & flag != 0)
    }

    /// Clears the reference bit.
    pub fn clear_referenced(&mut self, frame: Frame) {
        if let Some(flags) = self.flags.get_mut(frame.index()) {
            *flags &= !REFERENCED;
        }
    }

    /// Clears the dirty bit.
    pub fn clear_dirty(&mut self, frame: Frame) {
        if let Some(flags) = self.flags.get_mut(frame.index()) {
            *flags &= !DIRTY;
        }
    }

    /// Adds the flags of every frame, then a sum over the frames that are not all zero, so that it
    /// does not matter how far the array has grown.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        digest.u64(self.flags.len() as u64);
        for chunk in self.flags.chunks(32) {
            let bits = chunk.iter().rev().fold(0, |bits, flags| {
                bits << 2 | u64::from(flags & (REFERENCED | DIRTY))
            });
            digest.u64(bits);
        }
        let mut sum = 0_u64;
        for (index, bytes) in self.bytes.chunks(1 << self.page_bits).enumerate() {
            if self.flags[index] & USED != 0 && bytes.iter().any(|byte| *byte != 0) {
                let mut frame = Digest::new(index as u64);
                frame.bytes(bytes);
                sum = sum.wrapping_add(frame.finish());
            }
        }
        digest.u64(sum);
    }
}

impl PartialEq for Memory {
    /// Equal contents and bits; how far the arrays have grown does not matter.
    fn eq(&self, other: &Memory) -> bool {
        let bits = REFERENCED | DIRTY;
        let (short, long) = if self.bytes.len() <= other.bytes.len() {
            (&self.bytes, &other.bytes)
        } else {
            (&other.bytes, &self.bytes)
        };
        self.page_bits == other.page_bits
            && self.flags.len() == other.flags.len()
            && self
                .flags
                .iter()
                .zip(&other.flags)
                .all(|(one, two)| one & bits == two & bits)
            && long.starts_with(short)
            && long[short.len()..].iter().all(|byte| *byte == 0)
    }
}

impl Eq for Memory {}
