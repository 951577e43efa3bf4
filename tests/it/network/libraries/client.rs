//! A client of TCP that does as a test tells it: it acknowledges each segment by itself, and can be deaf,
//! stingy or silent. All that it does follows from what it heard.

use exo_core::rng::Rng;
use exo_core::wire::{Heard, Message, Wire};

use super::script::HOST;
use super::script::{PEER, asks, check, segment};

/// A segment that the host sent.
#[derive(Clone, Debug)]
pub struct Got {
    pub at_cycles: u64,
    pub sequence: u32,
    pub acknowledged: u32,
    pub flags: u8,
    pub contents: Vec<u8>,
}

impl Got {
    /// A segment in a frame, if one is in it; its checksum must be right.
    pub fn of(message: &Message) -> Option<Got> {
        let frame = &message.bytes;
        if frame.len() < 54 || frame[12..14] != [8, 0] || frame[23] != 6 {
            return None;
        }
        let word = |at: usize| {
            frame[at..at + 4]
                .iter()
                .fold(0, |sum, it| sum << 8 | u32::from(*it))
        };
        assert_eq!(check((HOST, PEER), 6, &frame[34..]), 0, "a wrong checksum");
        Some(Got {
            at_cycles: message.at_cycles,
            sequence: word(38),
            acknowledged: word(42),
            flags: frame[47],
            contents: frame[34 + usize::from(frame[46] >> 4) * 4..].to_vec(),
        })
    }

    /// How many numbers it takes.
    pub fn length(&self) -> u32 {
        self.contents.len() as u32 + u32::from(self.flags & 1) + u32::from(self.flags >> 1 & 1)
    }
}

/// The segments that the host sent, in the order in which they arrived.
pub fn segments(heard: &Heard) -> Vec<Got> {
    let mut all = heard.since(0);
    all.sort_by_key(|it| (it.at_cycles, it.number));
    all.iter().filter_map(Got::of).collect()
}

/// What it does.
#[derive(Clone, Debug)]
pub struct Client {
    pub request: &'static [u8],
    /// What it has room for.
    pub window: u16,
    /// Segments with contents that it does not hear, by their number.
    pub deaf_to: &'static [usize],
    /// From how many bytes on it has no room, and when it has again.
    pub full: Option<(u32, u64)>,
    /// Whether it says nothing more once it has asked for a connection.
    pub silent: bool,
    /// What segments with wrong numbers, flags and contents follow from that it sends besides; 0 for none.
    pub spoils: u64,
    /// Whether it ends the connection by RST when it has the first contents.
    pub resets: bool,
}

/// When it begins: the files are written by then.
pub const START: u64 = 25_000_000;
/// The number of its SYN.
const FIRST: u32 = 0xffff_fff0;

impl Client {
    pub fn new(request: &'static [u8]) -> Client {
        Client {
            request,
            window: 8_000,
            deaf_to: &[],
            full: None,
            silent: false,
            spoils: 0,
            resets: false,
        }
    }

    /// Everything that it sends when it hears this, and when.
    fn plan(&self, heard: &Heard) -> Vec<(u64, Vec<u8>)> {
        let mut frames = vec![
            (START, asks(HOST)),
            (START + 100_000, segment(FIRST, 0, 2, self.window, &[])),
        ];
        if self.silent {
            return frames;
        }
        let own = FIRST.wrapping_add(1);
        let sent = own.wrapping_add(self.request.len() as u32);
        let (mut next, mut number, mut got, mut left) = (None, 0, 0_u32, false);
        for it in segments(heard) {
            let at = it.at_cycles + 1;
            if it.flags & 2 != 0 {
                let first = it.sequence.wrapping_add(1);
                next.get_or_insert(first);
                frames.push((at, segment(own, first, 0x18, self.window, self.request)));
                continue;
            }
            let Some(expected) = next.as_mut() else {
                continue;
            };
            if it.length() == 0 || left {
                continue;
            }
            number += 1;
            if self.spoils > 0 {
                let mut rng = Rng::new(self.spoils, number as u64);
                frames.push((at + 1, spoilt(&mut rng, sent, *expected)));
            }
            if self.deaf_to.contains(&(number - 1)) {
                continue;
            }
            if self.resets {
                frames.push((at, segment(sent, *expected, 4, 0, &[])));
                left = true;
                continue;
            }
            let over = self
                .full
                .is_some_and(|(most, until)| got >= most && at < until);
            if it.sequence == *expected && !over {
                *expected = expected.wrapping_add(it.length());
                got += it.length();
            }
            let full = self
                .full
                .filter(|(most, until)| got >= *most && at < *until);
            let window = if full.is_some() { 0 } else { self.window };
            if let Some((_, until)) = full {
                frames.push((until, segment(sent, *expected, 0x10, self.window, &[])));
            }
            left = it.flags & 1 != 0 && it.sequence.wrapping_add(it.length()) == *expected;
            let fin = if left { 0x11 } else { 0x10 };
            frames.push((at, segment(sent, *expected, fin, window, &[])));
        }
        frames.sort_by_key(|it| it.0);
        frames
    }
}

/// A segment that could nearly be right: its numbers are about those that are due.
fn spoilt(rng: &mut Rng, sequence: u32, acknowledged: u32) -> Vec<u8> {
    let mut near = |number: u32, by: u32| number.wrapping_add(rng.below(2 * by)).wrapping_sub(by);
    let sequence = near(sequence, 8);
    let acknowledged = near(acknowledged, 5_000);
    // RST now and then.
    let flags = [0x10, 0x10, 0x10, 0x18, 0x11, 0x12, 0x02, 0x00, 0x38, 0x14];
    let flags = flags[rng.below(10) as usize];
    let noise: Vec<u8> = (0..rng.below(40)).map(|_| rng.below(256) as u8).collect();
    let window = [0, 1, 500, 0xffff][rng.below(4) as usize];
    segment(sequence, acknowledged, flags, window, &noise)
}

impl Wire for Client {
    fn identity(&self) -> u64 {
        let mut digest = exo_core::digest::Digest::new(0x636c_6965_6e74);
        digest.bytes(format!("{self:?}").as_bytes());
        digest.finish()
    }

    fn due_cycles(&self, heard: &Heard, polled: Option<u64>) -> Option<u64> {
        let later = |at: &u64| polled.is_none_or(|polled| *at > polled);
        self.plan(heard).into_iter().map(|it| it.0).find(later)
    }

    fn poll(&self, heard: &Heard, polled: Option<u64>, at: u64) -> Vec<Vec<u8>> {
        let due = self.plan(heard).into_iter().filter(|it| it.0 <= at);
        let new = due.filter(|it| polled.is_none_or(|polled| it.0 > polled));
        new.map(|it| it.1).collect()
    }
}
