//! Going back in time gives the same frames, in whatever order it is done.

use std::sync::Arc;

use exo_core::rng::Rng;
use exo_core::wire::{Heard, Wire};

use super::PeerWire;
use crate::peer::{Peer, Report};

/// Whose frames depend on all that it heard and on when it acted.
#[derive(Default)]
struct Chatty {
    sum: u64,
    due: Option<u64>,
}

impl Peer for Chatty {
    fn hear(&mut self, at_cycles: u64, frame: &[u8]) {
        self.sum = self.sum.wrapping_mul(31).wrapping_add(at_cycles);
        self.sum = frame
            .iter()
            .fold(self.sum, |sum, it| sum.wrapping_mul(7) ^ u64::from(*it));
    }

    fn due_cycles(&self) -> Option<u64> {
        Some(self.due.unwrap_or(3))
    }

    fn poll(&mut self, at_cycles: u64) -> Vec<Vec<u8>> {
        self.sum = self.sum.wrapping_add(at_cycles);
        // Now and then it would rather act at once again.
        self.due = Some(at_cycles + self.sum % 5);
        let count = self.sum % 3;
        (0..count)
            .map(|it| (self.sum + it).to_le_bytes().to_vec())
            .collect()
    }

    fn reports(&self) -> Vec<Report> {
        vec![Report::new(self.sum.to_string())]
    }
}

fn wire() -> PeerWire {
    PeerWire::new(1, || Box::<Chatty>::default())
}

/// A machine's view of the other end.
#[derive(Clone, Debug, Default, PartialEq)]
struct View {
    heard: Heard,
    polled: Option<u64>,
    frames: Vec<Vec<u8>>,
}

impl View {
    /// Goes on by one thing: delivers a frame or lets the other end act.
    fn step(&mut self, wire: &PeerWire, rng: &mut Rng) {
        let now = self.polled.unwrap_or(0);
        if rng.below(3) == 0 {
            let at = now + 1 + u64::from(rng.below(9));
            let bytes = rng.next_u64().to_le_bytes();
            self.heard.push(at, Arc::from(&bytes[..]));
        }
        let due = wire.due_cycles(&self.heard, self.polled).unwrap();
        assert!(Some(due) > self.polled);
        self.frames.extend(wire.poll(&self.heard, self.polled, due));
        self.polled = Some(due);
    }
}

#[test]
fn going_back_and_on_again_in_any_order_gives_the_same_frames() {
    for seed in 0..40 {
        let mut straight = vec![View::default()];
        let mut rng = Rng::new(seed, 0);
        let once = wire();
        for _ in 0..60 {
            let mut next = straight.last().unwrap().clone();
            next.step(&once, &mut rng);
            straight.push(next);
        }
        // Another other end is asked about all of these moments, to and fro.
        let again = wire();
        for _ in 0..400 {
            let at = rng.below(60) as usize;
            let (view, next) = (&straight[at], &straight[at + 1]);
            let due = again.due_cycles(&next.heard, view.polled);
            assert_eq!(due, next.polled);
            let frames = again.poll(&next.heard, view.polled, due.unwrap());
            assert_eq!(frames, next.frames[view.frames.len()..]);
            assert_eq!(
                again.ask(&next.heard, next.polled, |it| it.peer.reports()),
                once.ask(&next.heard, next.polled, |it| it.peer.reports()),
            );
        }
    }
}

#[test]
fn moments_that_nobody_asked_about_change_nothing() {
    let (mut rng, step_by_step, leaps) = (Rng::new(9, 1), wire(), wire());
    let mut view = View::default();
    (0..200).for_each(|_| view.step(&step_by_step, &mut rng));
    let end = view.polled.unwrap();
    // What is heard is told in advance, and all moments are done at once.
    assert_eq!(leaps.poll(&view.heard, None, end), view.frames);
    let due = step_by_step.due_cycles(&view.heard, view.polled);
    assert_eq!(leaps.due_cycles(&view.heard, view.polled), due);
}

#[test]
fn of_one_moment_what_arrives_is_heard_by_time_and_number_before_the_peer_acts() {
    struct Echo(Vec<Vec<u8>>);
    impl Peer for Echo {
        fn hear(&mut self, _: u64, frame: &[u8]) {
            self.0.push(frame.to_vec());
        }
        fn due_cycles(&self) -> Option<u64> {
            None
        }
        fn poll(&mut self, _: u64) -> Vec<Vec<u8>> {
            std::mem::take(&mut self.0)
        }
        fn reports(&self) -> Vec<Report> {
            Vec::new()
        }
    }
    let wire = PeerWire::new(2, || Box::new(Echo(Vec::new())));
    let mut heard = Heard::new();
    assert_eq!(wire.due_cycles(&heard, None), None);
    for (at, byte) in [(20, 3), (10, 1), (10, 2), (20, 4)] {
        heard.push(at, Arc::from([byte]));
    }
    assert_eq!(wire.due_cycles(&heard, None), Some(10));
    assert_eq!(wire.poll(&heard, None, 10), [[1], [2]]);
    assert_eq!(wire.due_cycles(&heard, Some(10)), Some(20));
    assert_eq!(wire.poll(&heard, Some(10), 20), [[3], [4]]);
    assert_eq!(wire.due_cycles(&heard, Some(20)), None);
}

#[test]
fn what_is_said_to_have_been_heard_earlier_counts_as_if_it_had_been() {
    let (wire, late) = (wire(), wire());
    let mut heard = Heard::new();
    wire.poll(&heard, None, 50);
    heard.push(20, Arc::from(&b"late"[..]));
    assert_eq!(
        wire.poll(&heard, Some(50), 90),
        late.poll(&heard, Some(50), 90)
    );
}
