//! A disk: blocks, a queue that is served in order, and the time that a transfer takes.
//!
//! A block is as large as a frame. The device moves a whole block to or from a frame by itself
//! (DMA), at the moment at which the transfer is complete: until then neither has changed, so that
//! a transfer is never seen half done. Whether it may move anything is not the device's affair.

use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::Memory;
use crate::digest::Digest;
use crate::ids::{Block, Direction, Frame};
use crate::limits::DISK_QUEUE_MAX;
use crate::paged::is_own;

/// Blocks of one chunk of the directory: what the first write after a checkpoint copies, as
/// pointers.
const CHUNK_BLOCKS: usize = 64;

/// A block's contents; none if it is all zero.
type Contents = Option<Arc<[u8]>>;

/// Which transfer fails (INV-DISK-1). It moves nothing, and takes its time all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiskFault {
    /// The first one that does, counted from 1 since reset.
    pub transfer: u64,
    /// Whether all after it do too.
    pub for_ever: bool,
}

impl DiskFault {
    fn strikes(self, transfer: u64) -> bool {
        transfer == self.transfer || self.for_ever && transfer > self.transfer
    }
}

/// How long a transfer takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiskTimes {
    /// To get to a block that does not follow the last one.
    pub seek_cycles: u64,
    /// To move one block, however large.
    pub block_cycles: u64,
}

/// A block on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Which block.
    pub block: Block,
    /// Which frame.
    pub frame: Frame,
    /// Which of them is overwritten.
    pub direction: Direction,
    /// What the kernel wrote beside it; the device does not read it.
    pub note: u8,
    /// The machine's cycle count at which it is complete.
    pub due_cycles: u64,
}

/// The device.
#[derive(Clone, Debug)]
pub struct Disk {
    blocks: u32,
    times: DiskTimes,
    /// Contents by chunk, shared with checkpoints; none if all of it is zero. No longer than it has
    /// been written to.
    chunks: Vec<Option<Arc<[Contents; CHUNK_BLOCKS]>>>,
    queue: VecDeque<Transfer>,
    /// The block behind the last one of the queue: where no seek is needed.
    next: Block,
    completed: u64,
    fault: Option<DiskFault>,
}

impl Disk {
    /// A disk of `blocks` blocks, all zero; 0 is none.
    pub fn new(blocks: u32, times: DiskTimes, fault: Option<DiskFault>) -> Disk {
        Disk {
            blocks,
            times,
            chunks: Vec::new(),
            queue: VecDeque::new(),
            next: Block(0),
            completed: 0,
            fault,
        }
    }

    /// Bytes that this copy of the disk holds and `before`, an earlier copy, does not.
    pub fn bytes_beyond(&self, before: Option<&Disk>) -> usize {
        let own = self.chunks.iter().enumerate().filter_map(|(index, chunk)| {
            let chunk = chunk.as_ref()?;
            let before = before.and_then(|it| it.chunks.get(index)?.as_ref());
            if !is_own(chunk, before) {
                return None;
            }
            let blocks = chunk.iter().enumerate().filter_map(|(place, block)| {
                let block = block.as_ref()?;
                let before = before.and_then(|it| it.get(place)?.as_ref());
                is_own(block, before).then_some(block.len())
            });
            Some(size_of_val(&**chunk) + blocks.sum::<usize>())
        });
        size_of_val(self.chunks.as_slice()) + own.sum::<usize>()
    }

    /// How many blocks there are; 0 if the machine has no disk.
    pub fn blocks(&self) -> u32 {
        self.blocks
    }

    /// The transfers that are not complete, in order.
    pub fn queue(&self) -> impl Iterator<Item = &Transfer> {
        self.queue.iter()
    }

    /// Transfers that were completed, or failed, since reset.
    pub fn completed(&self) -> u64 {
        self.completed
    }

    /// A block's contents; none if it is all zero.
    pub fn contents(&self, block: Block) -> Option<&[u8]> {
        let chunk = self.chunks.get(block.index() / CHUNK_BLOCKS)?.as_ref()?;
        chunk.get(block.index() % CHUNK_BLOCKS)?.as_deref()
    }

    /// The blocks that are not all zero, in order.
    fn written(&self) -> impl Iterator<Item = (Block, &[u8])> {
        let all = (0..self.chunks.len() * CHUNK_BLOCKS).map(|index| Block(index as u32));
        all.filter_map(|block| Some((block, self.contents(block)?)))
    }

    fn set(&mut self, block: Block, contents: Contents) {
        let place = block.index() / CHUNK_BLOCKS;
        if block.0 >= self.blocks || contents.is_none() && self.contents(block).is_none() {
            return;
        }
        if place >= self.chunks.len() {
            self.chunks.resize(place + 1, None);
        }
        if let Some(chunk) = self.chunks.get_mut(place) {
            let chunk = chunk.get_or_insert_with(|| Arc::new([const { None }; CHUNK_BLOCKS]));
            Arc::make_mut(chunk)[block.index() % CHUNK_BLOCKS] = contents;
        }
    }

    /// Turns a bit of a byte over in a block of `size_bytes`: a fault of the hardware.
    pub(crate) fn flip(&mut self, block: Block, size_bytes: u32, (offset, bit): (u32, u8)) {
        let mut bytes = alloc::vec![0; size_bytes as usize];
        let held = self.contents(block).unwrap_or(&[]);
        for (to, from) in bytes.iter_mut().zip(held) {
            *to = *from;
        }
        if let Some(byte) = bytes.get_mut(offset as usize) {
            *byte ^= 1 << bit;
        }
        let zero = bytes.iter().all(|byte| *byte == 0);
        self.set(block, (!zero).then(|| Arc::from(bytes)));
    }

    /// Makes a block all zero.
    pub fn clear(&mut self, block: Block) {
        self.set(block, None);
    }

    /// Takes on a transfer behind those that it has; `now` is the machine's cycle count. Returns
    /// when it is complete; none, and nothing happens, if the queue is full.
    pub fn request(
        &mut self,
        (block, frame): (Block, Frame),
        direction: Direction,
        note: u8,
        now: u64,
    ) -> Option<u64> {
        if self.queue.len() >= DISK_QUEUE_MAX {
            return None;
        }
        let start = self.queue.back().map_or(now, |last| last.due_cycles);
        let mut takes = self.times.block_cycles;
        if block != self.next {
            takes = takes.saturating_add(self.times.seek_cycles);
        }
        let due_cycles = start.saturating_add(takes);
        self.next = Block(block.0.saturating_add(1));
        self.queue.push_back(Transfer {
            block,
            frame,
            direction,
            note,
            due_cycles,
        });
        Some(due_cycles)
    }

    /// When the first transfer is complete; none if there is none.
    pub fn due_cycles(&self) -> Option<u64> {
        Some(self.queue.front()?.due_cycles)
    }

    /// The first transfer is over and leaves the queue. The second value says whether the device
    /// did its part; nothing has moved yet.
    pub fn finish(&mut self) -> Option<(Transfer, bool)> {
        let transfer = self.queue.pop_front()?;
        self.completed += 1;
        let fails = self.fault.is_some_and(|it| it.strikes(self.completed));
        Some((transfer, !fails))
    }

    /// Moves the bytes of a transfer. The frame's reference and dirty bits stay as they are.
    pub fn carry(&mut self, memory: &mut Memory, transfer: &Transfer) {
        let Transfer { block, frame, .. } = *transfer;
        match transfer.direction {
            Direction::Read => match self.contents(block) {
                Some(bytes) => memory.write_quietly(frame, 0, bytes),
                None => memory.zero(frame),
            },
            Direction::Write => {
                let bytes = memory.frame_bytes(frame);
                let zero = bytes.iter().all(|byte| *byte == 0);
                self.set(block, (!zero).then(|| Arc::from(bytes)));
            }
        }
    }

    /// Adds, if there is a disk: where no seek is needed, how many transfers are over, the queue
    /// (block, frame, direction and note, due time), how many blocks are not all zero, and those.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        if self.blocks == 0 {
            return;
        }
        digest.u32(self.next.0);
        digest.u64(self.completed);
        digest.u64(self.queue.len() as u64);
        for transfer in &self.queue {
            digest.u32(transfer.block.0);
            digest.u32(transfer.frame.0);
            digest.u64(u64::from(transfer.note) << 8 | transfer.direction as u64);
            digest.u64(transfer.due_cycles);
        }
        digest.u64(self.written().count() as u64);
        for (block, bytes) in self.written() {
            digest.u32(block.0);
            digest.bytes(bytes);
        }
    }
}

impl PartialEq for Disk {
    /// Equal contents and state; how far the directory has grown does not matter.
    fn eq(&self, other: &Disk) -> bool {
        let of = |disk: &Disk| (disk.blocks, disk.next, disk.completed, disk.fault);
        of(self) == of(other) && self.queue == other.queue && self.written().eq(other.written())
    }
}

impl Eq for Disk {}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame(0);
    const TIMES: DiskTimes = DiskTimes {
        seek_cycles: 70,
        block_cycles: 5,
    };

    fn request(disk: &mut Disk, block: u32, direction: Direction, now: u64) -> u64 {
        disk.request((Block(block), FRAME), direction, 0, now)
            .unwrap()
    }

    fn carry(disk: &mut Disk, memory: &mut Memory) {
        let (transfer, works) = disk.finish().unwrap();
        assert!(works);
        disk.carry(memory, &transfer);
    }

    #[test]
    fn transfers_are_served_in_order_and_the_next_block_needs_no_seek() {
        let mut disk = Disk::new(100, TIMES, None);
        let first = request(&mut disk, 7, Direction::Read, 10);
        assert_eq!(first, 10 + TIMES.seek_cycles + TIMES.block_cycles);
        let second = request(&mut disk, 8, Direction::Read, 20);
        assert_eq!(second, first + TIMES.block_cycles);
        let third = request(&mut disk, 7, Direction::Read, 30);
        assert_eq!(third, second + TIMES.seek_cycles + TIMES.block_cycles);
        let order: Vec<u64> = core::iter::from_fn(|| disk.finish())
            .map(|(transfer, _)| transfer.due_cycles)
            .collect();
        assert_eq!(order, [first, second, third]);
    }

    #[test]
    fn a_full_queue_takes_nothing_on() {
        let mut disk = Disk::new(100, TIMES, None);
        for _ in 0..DISK_QUEUE_MAX {
            request(&mut disk, 3, Direction::Read, 0);
        }
        let before = disk.clone();
        assert_eq!(disk.request((Block(3), FRAME), Direction::Read, 0, 0), None);
        assert_eq!(disk, before);
    }

    #[test]
    fn a_block_comes_back_as_it_was_written_and_a_copy_keeps_what_it_had() {
        let (mut disk, mut memory) = (Disk::new(100, TIMES, None), Memory::new(1, 3));
        memory.write_quietly(FRAME, 0, b"contents");
        request(&mut disk, 99, Direction::Write, 0);
        carry(&mut disk, &mut memory);
        let before = disk.clone();
        memory.write_quietly(FRAME, 0, b"another!");
        request(&mut disk, 99, Direction::Write, 0);
        carry(&mut disk, &mut memory);
        assert_eq!(disk.contents(Block(99)), Some(&b"another!"[..]));
        assert_eq!(before.contents(Block(99)), Some(&b"contents"[..]));
        request(&mut disk, 98, Direction::Read, 0);
        carry(&mut disk, &mut memory);
        assert!(memory.frame_bytes(FRAME).iter().all(|byte| *byte == 0));
        request(&mut disk, 99, Direction::Read, 0);
        carry(&mut disk, &mut memory);
        assert_eq!(memory.frame_bytes(FRAME), b"another!");
    }

    #[test]
    fn a_disk_that_was_cleared_equals_one_that_was_never_written() {
        let (mut disk, mut memory) = (Disk::new(100, TIMES, None), Memory::new(1, 3));
        memory.write_quietly(FRAME, 0, b"contents");
        request(&mut disk, 0, Direction::Write, 0);
        carry(&mut disk, &mut memory);
        let mut other = Disk::new(100, TIMES, None);
        request(&mut other, 0, Direction::Read, 0);
        assert!(other.finish().is_some());
        assert_ne!(disk, other);
        disk.clear(Block(0));
        assert_eq!(disk, other);
        let of = |disk: &Disk| {
            let mut digest = Digest::new(0);
            disk.digest(&mut digest);
            digest.finish()
        };
        assert_eq!(of(&disk), of(&other));
    }

    #[test]
    fn the_nth_transfer_fails_once_or_for_ever() {
        let outcomes = |for_ever| {
            let fault = DiskFault {
                transfer: 2,
                for_ever,
            };
            let mut disk = Disk::new(4, TIMES, Some(fault));
            (0..4).for_each(|_| {
                request(&mut disk, 0, Direction::Read, 0);
            });
            core::iter::from_fn(move || Some(disk.finish()?.1)).collect::<Vec<bool>>()
        };
        assert_eq!(outcomes(false), [true, false, true, true]);
        assert_eq!(outcomes(true), [true, false, false, false]);
    }
}
