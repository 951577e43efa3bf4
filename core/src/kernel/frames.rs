//! Who owns each frame: the ownership table, the free list, and the one decision on authority.

use crate::digest::Digest;
use crate::error::SysError;
use crate::ids::{Access, EnvId, Frame, Page};
use crate::mutants::Mutant;
use crate::paged::{Paged, PagedCheckpoint};

/// What the kernel knows of one frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameRecord {
    /// Its owner; none if it is free.
    pub owner: Option<EnvId>,
    /// Holds the owner's program state; never given up (A20).
    pub pinned: bool,
    /// The page last bound to it since it was allocated, or since the disk filled it.
    pub page: Option<Page>,
    /// Under a transfer of the disk: the device's, whoever owns it. Without an owner it is in
    /// quarantine: it will be free when the transfer is complete (INV-REV-4).
    pub transfer: bool,
    /// How many packets of the network interface lie in it, or are on their way into it. Without an
    /// owner it is in quarantine, as under a transfer of the disk; its owner may use it.
    pub packets: u16,
    /// Neighbours on the free list, while it is free.
    previous: Option<Frame>,
    next: Option<Frame>,
}

impl FrameRecord {
    /// Whether it is on the free list.
    pub fn is_free(&self) -> bool {
        self.owner.is_none() && !self.device()
    }

    /// Whether a device has it still, whoever owns it.
    pub fn device(&self) -> bool {
        self.transfer || self.packets > 0
    }
}

const FREE: FrameRecord = FrameRecord {
    owner: None,
    pinned: false,
    page: None,
    transfer: false,
    packets: 0,
    previous: None,
    next: None,
};

/// The ownership table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameTable {
    records: Paged<FrameRecord>,
    first_free: Option<Frame>,
    free: u32,
    pinned: u32,
}

/// The ownership table at one moment.
#[derive(Clone, Debug)]
pub struct FrameTableCheckpoint {
    records: PagedCheckpoint<FrameRecord>,
    first_free: Option<Frame>,
    free: u32,
    pinned: u32,
}

impl FrameTableCheckpoint {
    /// Bytes that this one holds and `before` does not.
    pub fn bytes_beyond(&self, before: Option<&FrameTableCheckpoint>) -> usize {
        self.records.bytes_beyond(before.map(|it| &it.records))
    }
}

/// What an environment may do with a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authority {
    /// The most that a mapping to it may allow; none is no right at all.
    pub access: Option<Access>,
    /// Whether it may free the frame and read its bits.
    pub owner: bool,
    /// Whether the frame is pinned: the kernel guards it for its owner.
    pub pinned: bool,
}

impl FrameTable {
    /// All of `frames` frames free, listed from the lowest on.
    pub fn new(frames: u32) -> FrameTable {
        let mut table = FrameTable {
            records: Paged::new(FREE, frames as usize),
            first_free: None,
            free: 0,
            pinned: 0,
        };
        (0..frames).rev().for_each(|frame| table.list(Frame(frame)));
        table
    }

    /// The records of all frames.
    pub fn records(&self) -> &[FrameRecord] {
        self.records.items()
    }

    /// Frames on the free list.
    pub fn free(&self) -> u32 {
        self.free
    }

    /// Frames that hold program state.
    pub fn pinned(&self) -> u32 {
        self.pinned
    }

    /// A frame that can be taken from `env`: of its own, and not pinned.
    pub(super) fn takeable(&self, env: EnvId) -> Option<Frame> {
        let place = self
            .records()
            .iter()
            .position(|record| record.owner == Some(env) && !record.pinned)?;
        Some(Frame(place as u32))
    }

    /// Free frames in the order in which they would be handed out.
    pub fn free_list(&self) -> impl Iterator<Item = Frame> + '_ {
        core::iter::successors(self.first_free, |frame| self.record(*frame)?.next)
            .take(self.records.items().len() + 1)
    }

    fn record(&self, frame: Frame) -> Option<FrameRecord> {
        self.records.get(frame.index())
    }

    /// What `env` may do with `frame`: the one place that decides for frames (D4).
    ///
    ///  # Errors [`SysError::NoSuchFrame`], or [`SysError::Busy`] to the owner of a frame that is
    /// the disk's until a transfer is complete; nothing is decided.
    pub fn authority(&self, env: EnvId, frame: Frame) -> Result<Authority, SysError> {
        let record = self.record(frame).ok_or(SysError::NoSuchFrame)?;
        let owner = record.owner == Some(env);
        if owner && record.transfer {
            return Err(SysError::Busy);
        }
        let access = (owner && !record.pinned).then_some(Access::ReadWrite);
        Ok(Authority {
            access,
            owner,
            pinned: owner && record.pinned,
        })
    }

    /// The frame that [`FrameTable::take`] would hand out next.
    pub fn next_free(&self) -> Option<Frame> {
        self.first_free
    }

    /// Gives a free frame to `env`; nothing if it is not free.
    pub fn take(&mut self, frame: Frame, env: EnvId, pinned: bool) -> Option<()> {
        let record = self.record(frame)?;
        if !record.is_free() && !Mutant::AllocateTaken.made() {
            return None;
        }
        self.unlist(record);
        self.pinned += u32::from(pinned);
        *self.records.get_mut(frame.index())? = FrameRecord {
            owner: Some(env),
            pinned,
            ..FREE
        };
        Some(())
    }

    /// Makes an owned frame free again and returns the page last bound to it. Under a transfer it
    /// is in quarantine first.
    pub fn release(&mut self, frame: Frame) -> Option<Page> {
        let record = self.record(frame)?;
        record.owner?;
        self.pinned -= u32::from(record.pinned);
        if record.device() && !Mutant::FreeUnderTransfer.made() {
            *self.records.get_mut(frame.index())? = FrameRecord {
                transfer: record.transfer,
                packets: record.packets,
                ..FREE
            };
        } else {
            self.list(frame);
        }
        if Mutant::FreeKeepsOwner.made() {
            self.records.get_mut(frame.index())?.owner = record.owner;
        }
        record.page
    }

    /// A transfer between the disk and an owned frame begins.
    pub(super) fn begin_transfer(&mut self, frame: Frame) {
        if let Some(record) = self.records.get_mut(frame.index()) {
            record.transfer = true;
        }
    }

    /// A transfer is complete. Whether the frame has its owner still; if not, it is free now, unless
    /// another transfer has it.
    pub(super) fn end_transfer(&mut self, frame: Frame, busy: bool) -> bool {
        let Some(record) = self.records.get_mut(frame.index()) else {
            return false;
        };
        record.transfer = busy;
        let held = record.owner.is_some();
        if !held && !record.device() {
            self.list(frame);
        }
        held
    }

    /// A packet lies in a frame, or is on its way into it, until [`FrameTable::end_packet`].
    pub(super) fn begin_packet(&mut self, frame: Frame) {
        if let Some(record) = self.records.get_mut(frame.index()) {
            record.packets += 1;
        }
    }

    /// The network interface is done with one packet of a frame, which is free now if it has no owner
    /// and no device has it any more.
    pub(super) fn end_packet(&mut self, frame: Frame) {
        let Some(record) = self.records.get_mut(frame.index()) else {
            return;
        };
        record.packets = record.packets.saturating_sub(1);
        if record.is_free() {
            self.list(frame);
        }
    }

    /// The frame holds no page any more. Returns the one that it held.
    pub(super) fn unbind(&mut self, frame: Frame) -> Option<Page> {
        self.records.get_mut(frame.index())?.page.take()
    }

    /// Whether the frame is the disk's until a transfer is complete.
    pub(super) fn under_transfer(&self, frame: Frame) -> bool {
        self.record(frame).is_some_and(|record| record.transfer)
    }

    /// Notes that `page` is now bound to `frame`. Returns the page that was last, unless it is the
    /// same: `Some(None)` is a first page, `None` no change.
    pub fn bind(&mut self, frame: Frame, page: Page) -> Option<Option<Page>> {
        let record = self.record(frame)?;
        if record.page == Some(page) {
            return None;
        }
        self.records.get_mut(frame.index())?.page = Some(page);
        Some(record.page)
    }

    /// Puts a frame at the head of the free list.
    fn list(&mut self, frame: Frame) {
        if let Some(next) = self.first_free
            && let Some(record) = self.records.get_mut(next.index())
        {
            record.previous = Some(frame);
        }
        if let Some(record) = self.records.get_mut(frame.index()) {
            *record = FrameRecord {
                next: self.first_free,
                ..FREE
            };
            self.first_free = Some(frame);
            self.free += 1;
        }
    }

    /// Takes a frame with this record out of the free list.
    fn unlist(&mut self, record: FrameRecord) {
        match record.previous {
            None => self.first_free = record.next,
            Some(previous) => {
                if let Some(before) = self.records.get_mut(previous.index()) {
                    before.next = record.next;
                }
            }
        }
        if let Some(next) = record.next
            && let Some(after) = self.records.get_mut(next.index())
        {
            after.previous = record.previous;
        }
        self.free -= 1;
    }

    /// Takes a checkpoint.
    pub fn checkpoint(&mut self) -> FrameTableCheckpoint {
        FrameTableCheckpoint {
            records: self.records.checkpoint(),
            first_free: self.first_free,
            free: self.free,
            pinned: self.pinned,
        }
    }

    /// Goes to a checkpoint of this table.
    pub fn restore(&mut self, checkpoint: &FrameTableCheckpoint) {
        self.records.restore(&checkpoint.records);
        (self.first_free, self.free) = (checkpoint.first_free, checkpoint.free);
        self.pinned = checkpoint.pinned;
    }

    /// Adds per frame: owner + 1, pinned, whether a page was bound, and from bit 32 on whether it
    /// is under a transfer, and behind that how many packets; the page; then the free list.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        for record in self.records() {
            let owner = record.owner.map_or(0, |env| u64::from(env.0) + 1);
            let bits = u64::from(record.pinned) << 1 | u64::from(record.page.is_some());
            let device = u64::from(record.packets) << 1 | u64::from(record.transfer);
            digest.u64(device << 32 | owner << 2 | bits);
            digest.u32(record.page.map_or(0, |page| page.0));
        }
        self.free_list().for_each(|frame| digest.u32(frame.0));
    }

    /// Gives a frame two owners' worth of trouble, to show that the checks notice.
    #[cfg(test)]
    pub(crate) fn corrupt(&mut self, frame: Frame, owner: Option<EnvId>) {
        self.records.get_mut(frame.index()).unwrap().owner = owner;
    }
}
