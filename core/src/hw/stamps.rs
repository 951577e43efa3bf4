//! Use stamps: for each frame the ordinal of the reference that used it last. An option of the
//! machine, as few have it; without it there are no stamps and nothing is counted.

use alloc::vec::Vec;

use crate::derived::Derived;
use crate::digest::Digest;
use crate::ids::Frame;
use crate::paged::EqualChunks;

/// The stamps of all frames; none at all if the machine has no use stamps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UseStamps {
    stamps: Vec<u64>,
    uses: u64,
    /// What the last checkpoint took or restored, shared with it.
    shared: Derived<EqualChunks<u64>>,
}

/// The stamps at one moment.
#[derive(Clone, Debug)]
pub struct UseStampsCheckpoint {
    stamps: EqualChunks<u64>,
    uses: u64,
}

impl UseStampsCheckpoint {
    /// Bytes that this one holds and `before` does not.
    pub fn bytes_beyond(&self, before: Option<&UseStampsCheckpoint>) -> usize {
        self.stamps.bytes_beyond(before.map(|it| &it.stamps))
    }
}

/// The stamps behind a plain slice, empty if there are none.
#[derive(Debug)]
pub struct StampsWindow<'stamps> {
    stamps: &'stamps mut [u64],
    uses: &'stamps mut u64,
}

impl StampsWindow<'_> {
    /// Notes that the next reference uses `frame`; nothing where there are no stamps.
    #[inline(always)]
    pub fn note(&mut self, frame: Frame) {
        if let Some(stamp) = self.stamps.get_mut(frame.index()) {
            *self.uses += 1;
            *stamp = *self.uses;
        }
    }
}

impl UseStamps {
    /// Stamps for `frames` frames, none of them used yet.
    pub fn new(frames: u32) -> UseStamps {
        UseStamps {
            stamps: alloc::vec![0; frames as usize],
            uses: 0,
            shared: Derived::default(),
        }
    }

    /// Takes a checkpoint.
    pub fn checkpoint(&mut self) -> UseStampsCheckpoint {
        self.shared.0.follow(&self.stamps);
        UseStampsCheckpoint {
            stamps: self.shared.0.clone(),
            uses: self.uses,
        }
    }

    /// Goes to a checkpoint of these stamps.
    pub fn restore(&mut self, checkpoint: &UseStampsCheckpoint) {
        checkpoint.stamps.put_back(&mut self.stamps);
        self.uses = checkpoint.uses;
        self.shared.0 = checkpoint.stamps.clone();
    }

    /// Whether the machine has them.
    pub fn offered(&self) -> bool {
        !self.stamps.is_empty()
    }

    /// Which reference of the machine, counted from 1, used `frame` last since the frame was handed
    /// out; 0 is none. None where there are no stamps.
    pub fn of(&self, frame: Frame) -> Option<u64> {
        self.stamps.get(frame.index()).copied()
    }

    /// Notes that the next reference uses `frame`; nothing where there are no stamps.
    pub fn note(&mut self, frame: Frame) {
        self.window().note(frame);
    }

    /// Forgets the uses of a frame, which goes to another owner.
    pub fn clear(&mut self, frame: Frame) {
        if let Some(stamp) = self.stamps.get_mut(frame.index()) {
            *stamp = 0;
        }
    }

    /// The stamps, for a run of references in one loop.
    pub fn window(&mut self) -> StampsWindow<'_> {
        StampsWindow {
            stamps: &mut self.stamps,
            uses: &mut self.uses,
        }
    }

    /// Adds the count of references and the stamp of each frame; nothing where there are none.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        if self.offered() {
            digest.u64(self.uses);
            self.stamps.iter().for_each(|stamp| digest.u64(*stamp));
        }
    }
}
