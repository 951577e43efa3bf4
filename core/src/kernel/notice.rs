//! Upcalls that come by themselves: they wait, in order and bounded, for their environment.
//!
//! An upcall about a fault or a request has a cause that stands still until it is answered. A notice
//! has none: it waits until its environment runs and is about to go on with its application.

use alloc::collections::VecDeque;

use super::phase::Upcall;
use crate::digest::Digest;
use crate::limits::NOTICES_MAX;

/// An upcall that comes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Which handler it is for.
    pub upcall: Upcall,
    /// What the handler is told.
    pub arguments: [u64; 3],
}

impl Notice {
    /// Adds the entry's number and the arguments.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        digest.u64(self.upcall.entry() as u64);
        self.arguments.iter().for_each(|it| digest.u64(*it));
    }
}

/// The notices of one environment that have not begun, the next one first (INV-UP-3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoticeQueue(VecDeque<Notice>);

impl NoticeQueue {
    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Those that wait, the next one first.
    pub fn iter(&self) -> impl Iterator<Item = &Notice> {
        self.0.iter()
    }

    /// Whether one of that kind waits.
    pub fn holds(&self, upcall: Upcall) -> bool {
        self.0.iter().any(|notice| notice.upcall == upcall)
    }

    /// Puts one last. False, and it is lost, if there is no room.
    pub(crate) fn push(&mut self, notice: Notice) -> bool {
        let room = self.0.len() < NOTICES_MAX;
        if room {
            self.0.push_back(notice);
        }
        room
    }

    /// Takes the next one.
    pub(crate) fn pop(&mut self) -> Option<Notice> {
        self.0.pop_front()
    }

    /// Forgets those that `gone` names.
    pub(crate) fn forget(&mut self, gone: impl Fn(&Notice) -> bool) {
        self.0.retain(|notice| !gone(notice));
    }

    /// Adds how many wait, and each.
    pub(crate) fn digest(&self, digest: &mut Digest) {
        digest.u64(self.0.len() as u64);
        self.0.iter().for_each(|notice| notice.digest(digest));
    }
}
