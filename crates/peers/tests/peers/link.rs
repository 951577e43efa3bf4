//! A link with an end on either side, each of them a function of what it heard.

use std::sync::Arc;

use exo_core::rng::Rng;
use exo_core::wire::Heard;
use exo_peers::{End, Report};

/// What goes wrong on the way, in thousandths, and how long the way is, in cycles.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    pub lost: u32,
    pub doubled: u32,
    /// How much longer than the shortest the way may be: frames overtake each other.
    pub delay: u32,
}

/// One end and what it heard.
pub struct Side {
    pub end: Box<dyn End>,
    pub heard: Heard,
    pub polled: Option<u64>,
    /// The frames that it sent, each with its time.
    pub sent: Vec<(u64, Vec<u8>)>,
}

/// Two ends and what is between them.
pub struct Link {
    pub sides: [Side; 2],
    faults: Faults,
    rng: Rng,
}

/// The shortest way: 10 microseconds.
const WAY_CYCLES: u64 = 250;

impl Link {
    pub fn new(one: Box<dyn End>, other: Box<dyn End>, faults: Faults, seed: u64) -> Link {
        let side = |end| Side {
            end,
            heard: Heard::new(),
            polled: None,
            sent: Vec::new(),
        };
        Link {
            sides: [side(one), side(other)],
            faults,
            rng: Rng::new(seed, 77),
        }
    }

    /// Lets both act until nothing is due, or a moment has come.
    pub fn run(&mut self, until: u64) {
        let due = |side: &Side| side.end.due_cycles(&side.heard, side.polled);
        loop {
            let times = [0, 1].map(|it| (due(&self.sides[it]).unwrap_or(u64::MAX), it));
            let (at, actor) = times[0].min(times[1]);
            if at > until {
                return;
            }
            let side = &mut self.sides[actor];
            assert!(Some(at) > side.polled);
            let frames = side.end.poll(&side.heard, side.polled, at);
            side.polled = Some(at);
            for frame in frames {
                self.sides[actor].sent.push((at, frame.clone()));
                self.deliver(1 - actor, at, frame);
            }
        }
    }

    fn deliver(&mut self, to: usize, at: u64, frame: Vec<u8>) {
        if self.rng.below(1000) < self.faults.lost {
            return;
        }
        let copies = 1 + u32::from(self.rng.below(1000) < self.faults.doubled);
        for _ in 0..copies {
            let way = WAY_CYCLES + u64::from(self.rng.below(self.faults.delay + 1));
            let bytes: Arc<[u8]> = Arc::from(&frame[..]);
            self.sides[to].heard.push(at + way, bytes);
        }
    }

    /// How the first end's tasks got on.
    pub fn reports(&self) -> Vec<Report> {
        let side = &self.sides[0];
        side.end.reports(&side.heard, side.polled)
    }
}
