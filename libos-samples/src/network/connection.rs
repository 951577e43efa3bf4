// A connection of TCP, seen from a server that sends one stream and then is done.

/// Segments that may be under way at once.
const SEGMENTS: u32 = 8;
/// Acknowledgements of the same byte after which the segment behind it counts as lost.
const DUPLICATES: u32 = 3;
/// How often something is sent again before the other end counts as gone.
const RETRIES: u32 = 8;
/// Cycles until something is sent again: at first, at least and at most.
const TIMEOUT_FIRST: u64 = 5_000_000;
const TIMEOUT_LEAST: u64 = 500_000;
const TIMEOUT_MOST: u64 = 100_000_000;
/// Cycles for which a connection may be silent, and is remembered when it is over.
const SILENCE: u64 = 250_000_000;
const LINGER: u64 = 25_000_000;

/// How far a connection has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    Free,
    /// The other end has asked for it, and has not heard yet that it may.
    Asked,
    /// It is open for both ends.
    Open,
    /// It is over. What was under way may still come.
    Over,
}

/// A connection. What it sends is counted from 0, the byte behind SYN; FIN is counted as one more.
#[derive(Clone, Copy)]
struct Connection {
    stage: Stage,
    address: u32,
    port: u32,
    /// The sequence number of byte 0, and the next one that is expected.
    first: u32,
    expected: u32,
    /// Bytes that the other end has, that were sent, and that were sent ever.
    acknowledged: u32,
    sent: u32,
    highest: u32,
    /// What the other end has room for, and the most that it takes at once.
    window: u32,
    largest: u32,
    /// Whether it is known what is sent; how many bytes that is, and how many of them are the head.
    answering: bool,
    end: u32,
    head: u32,
    /// Which file, if any is behind the head.
    file: usize,
    /// Whether the other end has said that it sends no more, and whether it is to be told something.
    closed: bool,
    owes: bool,
    duplicates: u32,
    /// Until this byte is acknowledged, what is missing is sent again as it shows.
    recover: u32,
    retries: u32,
    /// When something is to be done without having heard; and how long after sending that is.
    deadline: u64,
    timeout: u64,
    /// The byte whose way there and back is measured, since when, and what was found.
    timed: u32,
    timed_from: u64,
    smooth: u64,
    variance: u64,
    request: Request,
}

impl Connection {
    const fn new() -> Connection {
        Connection {
            stage: Stage::Free,
            address: 0,
            port: 0,
            first: 0,
            expected: 0,
            acknowledged: 0,
            sent: 0,
            highest: 0,
            window: 0,
            largest: SEGMENT_BYTES_UNSAID,
            answering: false,
            end: 0,
            head: 0,
            file: FILES,
            closed: false,
            owes: false,
            duplicates: 0,
            recover: 0,
            retries: 0,
            deadline: 0,
            timeout: TIMEOUT_FIRST,
            timed: 0,
            timed_from: 0,
            smooth: 0,
            variance: 0,
            request: Request::new(),
        }
    }

    /// A connection that a SYN has asked for; `first` will be the number of its first byte.
    fn asked(&mut self, segment: Segment, first: u32, now: u64) {
        let new = Connection::new();
        *self = Connection {
            stage: Stage::Asked,
            address: segment.address,
            port: segment.from_port,
            first,
            expected: segment.sequence.wrapping_add(1),
            window: segment.window,
            largest: segment.largest,
            deadline: now + TIMEOUT_FIRST,
            ..new
        };
    }

    /// Everything that is sent, FIN included.
    fn total(&self) -> u32 {
        if self.answering { self.end + 1 } else { 0 }
    }

    /// Whether all that is to be sent has come across.
    fn delivered(&self) -> bool {
        self.answering && self.acknowledged == self.total()
    }

    /// How many bytes may be sent now.
    fn room(&self) -> u32 {
        let most = self.window.min(SEGMENTS * self.largest);
        most.saturating_sub(self.sent - self.acknowledged)
    }

    /// Takes what a segment acknowledges. Gives whether the segment behind it is to be sent again at
    /// once; None if it acknowledges what was never sent.
    fn acknowledge(&mut self, segment: Segment, now: u64) -> Option<bool> {
        let byte = segment.acknowledged.wrapping_sub(self.first);
        if byte > 0x8000_0000 {
            return Some(false); // it was overtaken by a later one
        }
        if byte > self.highest {
            return None;
        }
        if byte < self.acknowledged {
            return Some(false);
        }
        let same = byte == self.acknowledged && segment.window == self.window;
        self.window = segment.window;
        if byte > self.acknowledged {
            self.measure(byte, now);
            self.acknowledged = byte;
            self.sent = self.sent.max(byte);
            self.retries = 0;
            self.duplicates = 0;
            self.deadline = now + self.timeout;
            // Of several that were lost, the next one is missing now.
            return Some(byte < self.recover);
        }
        if self.window == 0 {
            self.retries = 0; // it is there, and has no room
        }
        let empty = segment.length == 0 && segment.flags & FIN == 0;
        if !same || !empty || self.highest == self.acknowledged {
            return Some(false);
        }
        self.duplicates += 1;
        if self.duplicates != DUPLICATES || byte < self.recover {
            return Some(false);
        }
        self.recover = self.highest;
        Some(true)
    }

    /// Notes how long a byte took there and back, unless it was sent more than once (Jacobson, Karn).
    fn measure(&mut self, byte: u32, now: u64) {
        if self.timed_from == 0 || byte < self.timed {
            return;
        }
        let took = now - self.timed_from;
        self.timed_from = 0;
        if self.smooth == 0 {
            self.smooth = took;
            self.variance = took / 2;
        } else {
            self.variance = (3 * self.variance + self.smooth.abs_diff(took)) / 4;
            self.smooth = (7 * self.smooth + took) / 8;
        }
        let timeout = self.smooth + 4 * self.variance;
        self.timeout = timeout.clamp(TIMEOUT_LEAST, TIMEOUT_MOST);
    }

    /// Notes that a stretch was sent.
    fn note_sent(&mut self, from: u32, length: u32, now: u64) {
        let end = from + length;
        if from < self.highest {
            self.timed_from = 0;
        } else if self.timed_from == 0 {
            self.timed = end;
            self.timed_from = now;
        }
        self.sent = self.sent.max(end);
        self.highest = self.highest.max(end);
        self.deadline = now + self.timeout;
    }

    /// Nothing was heard in time: what is not acknowledged is sent again, and the next time is further
    /// off. Gives whether there is any use in it.
    fn back_off(&mut self, now: u64) -> bool {
        self.retries += 1;
        self.timeout = (self.timeout * 2).min(TIMEOUT_MOST);
        self.deadline = now + self.timeout;
        self.timed_from = 0;
        self.sent = self.acknowledged;
        self.recover = 0;
        self.duplicates = 0;
        self.retries <= RETRIES
    }
}
