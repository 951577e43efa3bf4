//! Checkpoints of memory: they share what did not change, and keep of a frame only the words that
//! are not zero (D1).
//!
//! Frames come in groups, so that a checkpoint of many frames of which few changed is a few pointers.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::mem::{CHANGED, Memory, USED};
use crate::ids::Frame;
use crate::paged::is_own;

/// Frames of one group.
const GROUP_FRAMES: usize = 64;
/// Bytes of a word, as far as a frame has so many.
const WORD_BYTES: usize = 8;

/// Contents of memory at one moment. Means something only to the memory that it was taken of.
#[derive(Clone, Debug, Default)]
pub struct MemoryCheckpoint {
    groups: Vec<Arc<Group>>,
}

/// Contents and flags of [`GROUP_FRAMES`] frames.
#[derive(Clone, Debug)]
struct Group {
    flags: [u8; GROUP_FRAMES],
    frames: [Option<Packed>; GROUP_FRAMES],
}

impl Group {
    const ZERO: Group = Group {
        flags: [0; GROUP_FRAMES],
        frames: [const { None }; GROUP_FRAMES],
    };
}

/// What is not zero of a frame: a bit for each word, then the words whose bit is set.
#[derive(Clone, Debug)]
struct Packed(Arc<[u8]>);

impl Packed {
    /// None if all of `bytes` is zero.
    fn of(bytes: &[u8], scratch: &mut Vec<u8>) -> Option<Packed> {
        scratch.clear();
        scratch.resize(bytes.len().div_ceil(WORD_BYTES).div_ceil(8), 0);
        let map_bytes = scratch.len();
        for (index, word) in bytes.chunks(WORD_BYTES).enumerate() {
            if word.iter().any(|byte| *byte != 0) {
                scratch[index / 8] |= 1 << (index % 8);
                scratch.extend_from_slice(word);
            }
        }
        (scratch.len() > map_bytes).then(|| Packed(Arc::from(scratch.as_slice())))
    }

    /// Writes the whole frame.
    fn unpack(&self, bytes: &mut [u8]) {
        let words = bytes.len().div_ceil(WORD_BYTES);
        let (map, mut rest) = self.0.split_at(words.div_ceil(8).min(self.0.len()));
        for (index, word) in bytes.chunks_mut(WORD_BYTES).enumerate() {
            let set = map
                .get(index / 8)
                .is_some_and(|bits| bits >> (index % 8) & 1 != 0);
            match rest.split_at_checked(word.len()).filter(|_| set) {
                Some((kept, more)) => {
                    word.copy_from_slice(kept);
                    rest = more;
                }
                None => word.fill(0),
            }
        }
    }

    fn is(&self, other: &Packed) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Whether two frames' contents are one piece of memory.
fn same(one: &Option<Packed>, other: &Option<Packed>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.is(other),
        (None, None) => true,
        _ => false,
    }
}

impl MemoryCheckpoint {
    /// Bytes that this one holds and `before`, taken of the same memory, does not.
    pub fn bytes_beyond(&self, before: Option<&MemoryCheckpoint>) -> usize {
        let held = self.groups.iter().enumerate().map(|(index, group)| {
            let before = before.and_then(|it| it.groups.get(index));
            if !is_own(group, before) {
                return 0;
            }
            let before = before.map_or(&Group::ZERO.frames, |before| &before.frames);
            let own = group.frames.iter().zip(before);
            let own = own.filter(|(frame, before)| !same(frame, before));
            let own = own.filter_map(|(frame, _)| Some(frame.as_ref()?.0.len()));
            size_of::<Group>() + own.sum::<usize>()
        });
        size_of_val(self.groups.as_slice()) + held.sum::<usize>()
    }
}

impl Memory {
    /// Takes a checkpoint: copies the frames that changed since the last one, shares the others.
    pub fn checkpoint(&mut self) -> MemoryCheckpoint {
        let mut shared = core::mem::take(&mut self.shared.0);
        let groups = self.flags.len().div_ceil(GROUP_FRAMES);
        shared.groups.resize_with(groups, || Arc::new(Group::ZERO));
        let mut scratch = Vec::new();
        for (index, group) in shared.groups.iter_mut().enumerate() {
            self.refresh(index * GROUP_FRAMES, group, &mut scratch);
        }
        self.shared.0 = shared.clone();
        shared
    }

    /// Makes `group` what the frames from `first` on are.
    fn refresh(&mut self, first: usize, group: &mut Arc<Group>, scratch: &mut Vec<u8>) {
        let end = self.flags.len().min(first + GROUP_FRAMES);
        let flags = &self.flags[first..end];
        if group.flags.starts_with(flags) {
            return; // CHANGED is in no checkpoint
        }
        let group = Arc::make_mut(group);
        for index in first..end {
            let flags = self.flags[index] & !CHANGED;
            if self.flags[index] != flags {
                group.frames[index - first] = if flags & USED == 0 {
                    None
                } else {
                    Packed::of(self.frame_bytes(Frame(index as u32)), scratch)
                };
            }
            self.flags[index] = flags;
            group.flags[index - first] = flags;
        }
    }

    /// Goes back (or forward) to a checkpoint of this memory: copies the frames that differ.
    pub fn restore(&mut self, checkpoint: &MemoryCheckpoint) {
        let shared = core::mem::take(&mut self.shared.0);
        for (index, wanted) in checkpoint.groups.iter().enumerate() {
            let held = shared.groups.get(index).map(Arc::as_ref);
            self.put_back(index * GROUP_FRAMES, wanted, held.unwrap_or(&Group::ZERO));
        }
        self.shared.0 = checkpoint.clone();
    }

    /// Makes the frames from `first` on what `wanted` says; those that did not change are as `held`.
    fn put_back(&mut self, first: usize, wanted: &Group, held: &Group) {
        let end = self.flags.len().min(first + GROUP_FRAMES);
        for index in first..end {
            let (frame, place) = (Frame(index as u32), index - first);
            let changed = self.flags[index] & CHANGED != 0;
            if changed || !same(&wanted.frames[place], &held.frames[place]) {
                match &wanted.frames[place] {
                    Some(packed) => packed.unpack(self.frame_bytes_mut(frame)),
                    None => self.zero(frame),
                }
            }
            self.flags[index] = wanted.flags[place];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{GROUP_FRAMES, Memory};
    use crate::ids::Frame;

    /// A memory of so many frames of 2^`page_bits` bytes in which a byte of every third is set.
    fn memory(frames: u32, page_bits: u8) -> Memory {
        let mut memory = Memory::new(frames, page_bits);
        for index in (0..frames).step_by(3) {
            memory.access(Frame(index), (1 << page_bits) - 1, true, index as u8 | 1);
        }
        memory
    }

    #[test]
    fn restoring_gives_back_every_byte_and_bit_whatever_the_size_of_a_page() {
        for page_bits in [0, 1, 3, 5, 12] {
            let mut memory = memory(GROUP_FRAMES as u32 + 5, page_bits);
            let before = memory.clone();
            let checkpoint = memory.checkpoint();
            memory.access(Frame(0), 0, true, 200);
            memory.access(Frame(GROUP_FRAMES as u32 + 1), 0, true, 9);
            memory.zero(Frame(3));
            memory.clear_referenced(Frame(6));
            let after = memory.clone();
            let later = memory.checkpoint();
            memory.restore(&checkpoint);
            assert_eq!(memory, before, "back, pages of 2^{page_bits} bytes");
            memory.access(Frame(1), 0, true, 77);
            memory.restore(&later);
            assert_eq!(memory, after, "forward, pages of 2^{page_bits} bytes");
        }
    }

    #[test]
    fn a_frame_costs_the_words_that_are_not_zero_and_one_that_did_not_change_nothing() {
        let mut memory = Memory::new(4 * GROUP_FRAMES as u32, 12);
        let empty = memory.checkpoint();
        for offset in [0, 7, 8, 4095] {
            memory.access(Frame(70), offset, true, 1);
        }
        let once = memory.checkpoint();
        let kept = once.bytes_beyond(Some(&empty)) - memory.checkpoint().bytes_beyond(Some(&once));
        let (map, words) = (64, 3 * 8);
        assert_eq!(kept, size_of::<super::Group>() + map + words);
    }

    #[test]
    fn a_group_in_which_nothing_happened_is_shared_whole() {
        let mut memory = memory(3 * GROUP_FRAMES as u32, 12);
        let one = memory.checkpoint();
        memory.access(Frame(GROUP_FRAMES as u32), 0, true, 5);
        let two = memory.checkpoint();
        let shared =
            |index: usize| alloc::sync::Arc::ptr_eq(&one.groups[index], &two.groups[index]);
        assert_eq!([shared(0), shared(1), shared(2)], [true, false, true]);
    }
}
