//! A program's static state: bytes in pinned frames, reached through a guaranteed mapping (A20, A32).
//!
//! Loads and stores of state never probe the TLB and cause no event, so a handler cannot fault on
//! its own tables.

use alloc::vec::Vec;

use super::mem::{Memory, WRITTEN};
use crate::digest::Digest;
use crate::ids::Frame;

/// The frames that hold one environment's program state, in order, and how many bytes are used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    /// Pinned frames; byte 0 of the state is byte 0 of the first.
    pub frames: Vec<Frame>,
    /// Size of the state in bytes.
    pub size_bytes: u32,
}

impl Segment {
    /// The bytes of the state, read out of its frames.
    pub(crate) fn image(&self, memory: &Memory) -> Vec<u8> {
        let size = 1_usize << memory.page_bits();
        let mut image = Vec::with_capacity(self.size_bytes as usize);
        for frame in &self.frames {
            let bytes = memory.frame_bytes(*frame);
            image.extend_from_slice(bytes);
            image.resize(image.len() + size - bytes.len(), 0);
        }
        image.truncate(self.size_bytes as usize);
        image
    }

    /// Adds the size in bytes, then how many frames and which.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        digest.u32(self.size_bytes);
        digest.u64(self.frames.len() as u64);
        self.frames.iter().for_each(|frame| digest.u32(frame.0));
    }
}

/// At most so many frames are looked at to find the window.
const WINDOW_FRAMES: usize = 16;

/// The state of the running program, as the CPU sees it.
#[derive(Debug)]
pub struct State<'machine> {
    memory: &'machine mut Memory,
    segment: &'machine Segment,
    /// The window's first frame, and how many follow each other from there on.
    first: Frame,
    in_a_row: usize,
}

/// The first bytes of a state, as far as they lie in one piece that has been touched: plain slices,
/// which the CPU's loop works on. Frames are pinned lowest first, so this is mostly all of it.
#[derive(Debug)]
pub struct StateWindow<'state> {
    bytes: &'state mut [u8],
    flags: &'state mut [u8],
    page_bits: u8,
}

impl StateWindow<'_> {
    /// Loads `N` bytes; none if any of them is outside the window.
    #[inline(always)]
    pub fn load<const N: usize>(&self, address: u64) -> Option<[u8; N]> {
        let at = usize::try_from(address).ok()?;
        self.bytes.get(at..)?.first_chunk::<N>().copied()
    }

    /// Stores `N` bytes; none, and nothing stored, if any of them is outside the window or the
    /// address is no multiple of `N`.
    #[inline(always)]
    pub fn store<const N: usize>(&mut self, address: u64, bytes: [u8; N]) -> Option<()> {
        let at = usize::try_from(address).ok()?;
        // Pages are multiples of `N` too, so that the bytes lie in one.
        if !at.is_multiple_of(N) {
            return None;
        }
        let place = self.bytes.get_mut(at..)?.first_chunk_mut::<N>()?;
        let flags = self.flags.get_mut(at >> self.page_bits)?;
        if *flags & WRITTEN != WRITTEN {
            *flags |= WRITTEN;
        }
        *place = bytes;
        Some(())
    }
}

impl<'machine> State<'machine> {
    /// The bytes of `segment` in `memory`.
    pub fn new(memory: &'machine mut Memory, segment: &'machine Segment) -> State<'machine> {
        let first = segment.frames.first().copied().unwrap_or(Frame(0));
        let frames = segment.frames.iter().take(WINDOW_FRAMES);
        let in_a_row = frames
            .zip(first.0..)
            .take_while(|(frame, wanted)| frame.0 == *wanted)
            .count();
        State {
            memory,
            segment,
            first,
            in_a_row,
        }
    }

    /// All of it, for readers.
    pub fn image(&self) -> Vec<u8> {
        self.segment.image(self.memory)
    }

    /// What can be reached without looking at frames.
    #[inline(always)]
    pub fn window(&mut self) -> StateWindow<'_> {
        let start = self.memory.start(self.first);
        let page_bits = self.memory.page_bits;
        let wanted = (self.in_a_row << page_bits).min(self.segment.size_bytes as usize);
        let bytes = self.memory.bytes.get_mut(start..).unwrap_or_default();
        let touched = wanted.min(bytes.len());
        StateWindow {
            bytes: bytes.get_mut(..touched).unwrap_or_default(),
            flags: self
                .memory
                .flags
                .get_mut(self.first.index()..)
                .unwrap_or_default(),
            page_bits,
        }
    }

    /// The frame of a byte of state and its offset there; none past the end of the state.
    #[inline(always)]
    fn place(&self, address: u64, length: usize) -> Option<(Frame, usize)> {
        if address.checked_add(length as u64)? > u64::from(self.segment.size_bytes) {
            return None;
        }
        let bits = self.memory.page_bits();
        let frame = *self.segment.frames.get((address >> bits) as usize)?;
        Some((frame, (address & ((1 << bits) - 1)) as usize))
    }

    /// Whether all of `bytes` from `address` on lie in the state.
    pub fn covers(&self, address: u64, bytes: u64) -> bool {
        let end = address.checked_add(bytes);
        end.is_some_and(|end| end <= u64::from(self.segment.size_bytes))
    }

    /// The memory that holds it, and the application's pages.
    #[inline(always)]
    pub fn memory(&mut self) -> &mut Memory {
        self.memory
    }

    /// Loads `N` bytes; none if any of them is outside the state.
    #[inline(always)]
    pub fn load<const N: usize>(&self, address: u64) -> Option<[u8; N]> {
        let (frame, offset) = self.place(address, N)?;
        if let Some(bytes) = self.memory.frame_bytes(frame).get(offset..offset + N) {
            return bytes.try_into().ok();
        }
        self.load_across(address)
    }

    /// Stores `N` bytes; none, and nothing stored, if any of them is outside the state.
    #[inline(always)]
    pub fn store<const N: usize>(&mut self, address: u64, bytes: [u8; N]) -> Option<()> {
        let (frame, offset) = self.place(address, N)?;
        if offset + N <= 1 << self.memory.page_bits() {
            if self.memory.store_quietly(frame, offset, bytes).is_none() {
                self.memory.write_quietly(frame, offset, &bytes);
            }
            return Some(());
        }
        for (at, byte) in (address..).zip(bytes) {
            let (frame, offset) = self.place(at, 1)?;
            self.memory.write_quietly(frame, offset, &[byte]);
        }
        Some(())
    }

    /// Byte by byte: across the border of two frames, or in a frame that was never touched.
    #[cold]
    fn load_across<const N: usize>(&self, address: u64) -> Option<[u8; N]> {
        let mut bytes = [0; N];
        for (at, byte) in (address..).zip(&mut bytes) {
            let (frame, offset) = self.place(at, 1)?;
            *byte = self
                .memory
                .frame_bytes(frame)
                .get(offset)
                .copied()
                .unwrap_or(0);
        }
        Some(bytes)
    }
}
