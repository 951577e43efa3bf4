//! One at the other end of the link, as it acts from moment to moment, and how it got on.

use std::fmt;

/// One at the other end that keeps a state. The same frames at the same times make it do the same.
pub trait Peer: Send {
    /// Hears a frame that arrives at `at_cycles`, a moment at which it is let act next.
    fn hear(&mut self, at_cycles: u64, frame: &[u8]);

    /// When it next does something by itself, in cycles; `None` if never, unless it hears something.
    fn due_cycles(&self) -> Option<u64>;

    /// Lets it act at a moment; gives the frames that it sends then, in order.
    fn poll(&mut self, at_cycles: u64) -> Vec<Vec<u8>>;

    /// How each of its tasks got on so far.
    fn reports(&self) -> Vec<Report>;
}

/// How a task at the other end got on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What it is and between whom.
    pub name: String,
    /// Requests, or packets, sent; without those that were only sent again.
    pub sent: u64,
    /// Requests sent again, since no reply came in time. TCP's own are not among them.
    pub sent_again: u64,
    /// Replies that are right: at most one for each request.
    pub replies: u64,
    /// Replies to what was answered already, or was given up.
    pub repeated: u64,
    /// Replies that are not what was asked for.
    pub wrong: u64,
    /// Bytes that the right replies carried.
    pub bytes: u64,
    /// [`hash`] of what they carried, in the order of arrival; of a file, of its contents.
    pub hash: u64,
    /// How long replies took.
    pub round_trips: RoundTrips,
    /// Whether it is done.
    pub outcome: Outcome,
}

impl Report {
    /// Nothing done yet.
    pub fn new(name: String) -> Report {
        Report {
            name,
            sent: 0,
            sent_again: 0,
            replies: 0,
            repeated: 0,
            wrong: 0,
            bytes: 0,
            hash: hash(&[]),
            round_trips: RoundTrips::default(),
            outcome: Outcome::Running,
        }
    }
}

/// Whether a task is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There is something left to do, or it has no end.
    Running,
    /// All was done, and all replies were right.
    Finished,
    /// It is over, and not all went well: what did not.
    Failed(String),
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Running => f.write_str("running"),
            Outcome::Finished => f.write_str("finished"),
            Outcome::Failed(why) => write!(f, "failed: {why}"),
        }
    }
}

/// Times from a request to its reply, in cycles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RoundTrips {
    /// How many were measured.
    pub count: u64,
    /// The shortest; 0 if there is none.
    pub min: u64,
    /// The longest; 0 if there is none.
    pub max: u64,
    /// All together.
    pub sum: u64,
}

impl RoundTrips {
    /// Adds one.
    pub fn add(&mut self, cycles: u64) {
        self.min = if self.count == 0 {
            cycles
        } else {
            self.min.min(cycles)
        };
        self.max = self.max.max(cycles);
        self.sum = self.sum.saturating_add(cycles);
        self.count += 1;
    }

    /// Their mean, rounded down; 0 if there is none.
    pub fn mean(&self) -> u64 {
        self.sum.checked_div(self.count).unwrap_or(0)
    }
}

/// FNV-1a of 64 bits: the sum that a [`Report`] gives of contents.
pub fn hash(bytes: &[u8]) -> u64 {
    hash_on(0xcbf2_9ce4_8422_2325, bytes)
}

/// Goes on with a sum over more bytes.
pub fn hash_on(before: u64, bytes: &[u8]) -> u64 {
    let mix = |sum: u64, byte: &u8| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(before, mix)
}

#[cfg(test)]
mod tests {
    use super::{RoundTrips, hash, hash_on};

    #[test]
    fn the_sum_over_pieces_is_the_one_over_the_whole_and_the_published_one() {
        assert_eq!(hash(b"foobar"), 0x8594_4171_f739_67e8);
        assert_eq!(hash_on(hash(b"foo"), b"bar"), hash(b"foobar"));
    }

    #[test]
    fn round_trips_have_a_least_a_mean_and_a_greatest() {
        let mut trips = RoundTrips::default();
        assert_eq!(trips.mean(), 0);
        [30, 10, 21].into_iter().for_each(|it| trips.add(it));
        assert_eq!((trips.min, trips.mean(), trips.max), (10, 20, 30));
    }
}
