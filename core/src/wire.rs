//! What is at the other end of the network's link: a function of what it heard and of how long it was let act.
//!
//! A machine that goes back in time takes an older [`Heard`] with it, and the other end does again what
//! it did: nothing about it is kept that does not follow from the two.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt::{self, Debug, Formatter};

use crate::digest::Digest;

/// What is at the other end of the link. What it does follows from what it heard and from the moment
/// until which it was let act, so that a machine and its copies find it the same.
///
/// Of one moment, what arrives is heard first, in the order of arrival and then of number; then the other
/// end acts.
pub trait Wire: Debug + Send + Sync {
    /// Says what it is, for digests and comparisons: two with the same identity do the same.
    fn identity(&self) -> u64;

    /// When it next sends, hears or does something after it was let act until `polled` (`None`: never
    /// yet), in cycles: the earliest such time, strictly later than `polled`. `None` if never, unless it
    /// hears something new.
    fn due_cycles(&self, heard: &Heard, polled: Option<u64>) -> Option<u64>;

    /// Lets it do all of the moment `at` (a time that [`Wire::due_cycles`] gave): it hears what has arrived
    /// by then, and gives the frames that it sends at that moment, in order.
    fn poll(&self, heard: &Heard, polled: Option<u64>, at: u64) -> Vec<Vec<u8>>;
}

/// Every frame that was delivered to the other end: it only grows, and copies share what they have in
/// common, so that a copy costs the same however long it is.
///
/// Two are equal if they have the same count and mark.
#[derive(Clone, Default)]
pub struct Heard {
    last: Option<Arc<Node>>,
}

/// A frame on its way to the other end, or there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// How many were delivered before it.
    pub number: u64,
    /// When it arrives at the other end, in cycles: it may be in the future, and before one with a smaller
    /// number, if the link changes their order.
    pub at_cycles: u64,
    /// The frame, from its destination address on.
    pub bytes: Arc<[u8]>,
}

/// A message and those before it.
struct Node {
    message: Message,
    /// The digest up to and with it.
    mark: u64,
    /// Bytes of memory up to and with it.
    bytes: usize,
    before: Option<Arc<Node>>,
}

/// Keeps the mark apart from other digests.
const MARK: u64 = 0x7769_7265_6865_6172;

impl Heard {
    /// Nothing yet.
    pub fn new() -> Heard {
        Heard { last: None }
    }

    /// Adds a frame that arrives at `at_cycles`; gives its number.
    pub fn push(&mut self, at_cycles: u64, bytes: Arc<[u8]>) -> u64 {
        let mut digest = Digest::new(MARK);
        digest.u64(self.mark());
        digest.u64(at_cycles);
        digest.bytes(&bytes);
        let number = self.count();
        let bytes_held = self.bytes() + size_of::<Node>() + bytes.len();
        let message = Message {
            number,
            at_cycles,
            bytes,
        };
        self.last = Some(Arc::new(Node {
            message,
            mark: digest.finish(),
            bytes: bytes_held,
            before: self.last.take(),
        }));
        number
    }

    /// How many frames.
    pub fn count(&self) -> u64 {
        let last = self.last.as_ref();
        last.map_or(0, |node| node.message.number + 1)
    }

    /// A digest of all frames, their times and their order.
    pub fn mark(&self) -> u64 {
        let last = self.last.as_ref();
        last.map_or_else(|| Digest::new(MARK).finish(), |node| node.mark)
    }

    /// Bytes of memory that all frames take; copies share them.
    pub fn bytes(&self) -> usize {
        self.last.as_ref().map_or(0, |node| node.bytes)
    }

    /// What the mark was when it had `count` frames; `None` if it never had as many. It takes as long as
    /// there are frames behind them.
    pub fn mark_at(&self, count: u64) -> Option<u64> {
        if count == 0 {
            return Some(Heard::new().mark());
        }
        let mut next = self.last.as_ref();
        while let Some(node) = next {
            if node.message.number < count {
                return (node.message.number + 1 == count).then_some(node.mark);
            }
            next = node.before.as_ref();
        }
        None
    }

    /// The frames behind the first `count`, the oldest first. It takes as long as there are of them.
    pub fn since(&self, count: u64) -> Vec<Message> {
        let mut messages = Vec::new();
        let mut next = self.last.as_ref();
        while let Some(node) = next.filter(|node| node.message.number >= count) {
            messages.push(node.message.clone());
            next = node.before.as_ref();
        }
        messages.reverse();
        messages
    }
}

impl PartialEq for Heard {
    fn eq(&self, other: &Heard) -> bool {
        (self.count(), self.mark()) == (other.count(), other.mark())
    }
}

impl Eq for Heard {}

impl Debug for Heard {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let mut all = formatter.debug_struct("Heard");
        all.field("count", &self.count());
        all.field("mark", &self.mark()).finish()
    }
}

impl Drop for Heard {
    /// Frees one node after the other: a long list would use up the stack if each freed the one before it.
    fn drop(&mut self) {
        let mut next = self.last.take();
        while let Some(node) = next.and_then(Arc::into_inner) {
            next = node.before;
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::sync::Arc;
    use alloc::vec::Vec;

    use super::Heard;

    fn of(frames: &[(u64, &[u8])]) -> Heard {
        let mut heard = Heard::new();
        for (at, bytes) in frames {
            heard.push(*at, Arc::from(*bytes));
        }
        heard
    }

    #[test]
    fn since_gives_what_is_behind_a_count_with_the_oldest_first() {
        let heard = of(&[(5, b"a"), (3, b"b"), (9, b"c")]);
        let numbers = |count| {
            let messages = heard.since(count);
            messages.iter().map(|it| it.number).collect::<Vec<_>>()
        };
        assert_eq!(numbers(0), [0, 1, 2]);
        assert_eq!(numbers(2), [2]);
        assert_eq!(numbers(3), []);
        let second = &heard.since(1)[0];
        assert_eq!((second.at_cycles, &*second.bytes), (3, &b"b"[..]));
    }

    #[test]
    fn a_copy_shares_its_frames_and_goes_on_by_itself() {
        let mut heard = of(&[(5, b"a")]);
        let before = heard.clone();
        heard.push(6, Arc::from(&b"b"[..]));
        assert_eq!((before.count(), heard.count()), (1, 2));
        assert_ne!(before, heard);
        assert!(Arc::ptr_eq(
            &before.since(0)[0].bytes,
            &heard.since(0)[0].bytes
        ));
        assert_eq!(before, of(&[(5, b"a")]));
    }

    #[test]
    fn each_frame_counts_with_its_bytes() {
        let short = of(&[(5, b"a")]).bytes();
        let long = of(&[(5, b"a"), (6, &[0; 1000])]).bytes();
        assert!(short > 0 && long > short + 1000, "{short} {long}");
        assert_eq!(Heard::new().bytes(), 0);
    }

    #[test]
    fn the_mark_depends_on_bytes_times_order_and_count() {
        let mark = |frames: &[(u64, &[u8])]| of(frames).mark();
        let one = mark(&[(1, b"a"), (1, b"b")]);
        assert_eq!(one, mark(&[(1, b"a"), (1, b"b")]));
        for other in [
            mark(&[(1, b"b"), (1, b"a")]),
            mark(&[(1, b"a"), (2, b"b")]),
            mark(&[(1, b"a"), (1, b"b\0")]),
            mark(&[(1, b"a")]),
            mark(&[]),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn the_mark_of_each_earlier_count_is_the_one_that_it_had_then() {
        let heard = of(&[(5, b"a"), (3, b"b"), (9, b"c")]);
        let mut before = Heard::new();
        for message in heard.since(0) {
            assert_eq!(heard.mark_at(before.count()), Some(before.mark()));
            before.push(message.at_cycles, message.bytes);
        }
        assert_eq!(heard.mark_at(3), Some(heard.mark()));
        assert_eq!(heard.mark_at(4), None);
    }

    #[test]
    fn a_million_frames_are_freed_without_using_up_the_stack() {
        let mut heard = Heard::new();
        let bytes: Arc<[u8]> = Arc::from(&b"x"[..]);
        for at in 0..1_000_000 {
            heard.push(at, bytes.clone());
        }
        let first_half = heard.clone();
        drop(heard);
        assert_eq!(first_half.since(999_999).len(), 1);
        drop(first_half);
        assert_eq!(Arc::strong_count(&bytes), 1);
    }
}
