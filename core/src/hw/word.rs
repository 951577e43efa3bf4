//! Words of an application's memory: little-endian, aligned, within one frame.

use super::mem::{Memory, REFERENCED, STORED};
use crate::ids::Frame;

impl Memory {
    /// Loads `bits` (8, 16, 32 or 64) at `offset` of `frame`, zero-extended, and marks the frame as
    /// referenced. None, and nothing happens, where memory was never touched or the word does not
    /// lie in it.
    #[inline(always)]
    pub fn load_word(&mut self, frame: Frame, offset: u32, bits: u8) -> Option<u64> {
        let at = self.start(frame) + offset as usize;
        let bytes = self.bytes.get(at..)?;
        let value = match bits {
            8 => u64::from(*bytes.first()?),
            16 => u64::from(u16::from_le_bytes(*bytes.first_chunk()?)),
            32 => u64::from(u32::from_le_bytes(*bytes.first_chunk()?)),
            64 => u64::from_le_bytes(*bytes.first_chunk()?),
            _ => return None,
        };
        self.mark(frame, REFERENCED);
        Some(value)
    }

    /// Stores the low `bits` of `value` at `offset` of `frame`, and marks the frame as referenced
    /// and dirty. None, and nothing is stored, as for [`Memory::load_word`].
    #[inline(always)]
    pub fn store_word(&mut self, frame: Frame, offset: u32, bits: u8, value: u64) -> Option<()> {
        let at = self.start(frame) + offset as usize;
        let bytes = self.bytes.get_mut(at..)?;
        match bits {
            8 => *bytes.first_mut()? = value as u8,
            16 => *bytes.first_chunk_mut()? = (value as u16).to_le_bytes(),
            32 => *bytes.first_chunk_mut()? = (value as u32).to_le_bytes(),
            64 => *bytes.first_chunk_mut()? = value.to_le_bytes(),
            _ => return None,
        }
        self.mark(frame, STORED);
        Some(())
    }

    /// Makes room for a frame that was never touched.
    #[cold]
    pub fn touch(&mut self, frame: Frame) {
        if self.start(frame) >= self.bytes.len() {
            self.grow(frame);
        }
    }

    #[inline(always)]
    pub(super) fn mark(&mut self, frame: Frame, wanted: u8) {
        if let Some(flags) = self.flags.get_mut(frame.index())
            && *flags & wanted != wanted
        {
            *flags |= wanted;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Memory;
    use crate::ids::Frame;

    #[test]
    fn words_of_every_size_are_little_endian_and_mark_their_frame() {
        let mut memory = Memory::new(4, 3);
        let (frame, value) = (Frame(2), 0x8877_6655_4433_2211);
        assert_eq!(memory.load_word(frame, 0, 64), None, "never touched");
        memory.touch(frame);
        assert_eq!(memory.load_word(frame, 0, 64), Some(0));
        assert!(memory.referenced(frame) && !memory.dirty(frame));
        assert_eq!(memory.store_word(frame, 0, 64, value), Some(()));
        assert!(memory.dirty(frame) && !memory.dirty(Frame(1)));
        assert_eq!(memory.load_word(frame, 0, 32), Some(0x4433_2211));
        assert_eq!(memory.load_word(frame, 6, 16), Some(0x8877));
        assert_eq!(memory.load_word(frame, 3, 8), Some(0x44));
        assert_eq!(memory.store_word(frame, 4, 16, 0xABCD), Some(()));
        assert_eq!(memory.load_word(frame, 0, 64), Some(0x8877_ABCD_4433_2211));
        assert_eq!(memory.store_word(frame, 0, 24, 1), None, "no such width");
    }
}
