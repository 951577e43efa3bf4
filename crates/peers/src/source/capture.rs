//! The packets of a capture, at its times.

use std::sync::Arc;

use exo_net::Capture;

use super::{Frames, Times};
use crate::clock::Clock;

/// When a capture's packets come and what they are: the first one at `start`, the others as long after it as
/// in the capture, divided by the speed (a fraction). One that is said to be earlier than the one before it
/// comes with that one. Of a packet that was not captured whole, what there is of it is sent.
pub fn replay(
    capture: &Capture<'_>,
    start: u64,
    speed: (u64, u64),
    clock: Clock,
) -> (Times, Frames) {
    let first = capture.packets.first().map_or(0, |it| it.nanoseconds);
    let mut times = Vec::with_capacity(capture.packets.len());
    let mut latest = start;
    for packet in &capture.packets {
        let passed = packet.nanoseconds.saturating_sub(first);
        let passed = u128::from(passed) * u128::from(speed.1) / u128::from(speed.0.max(1));
        let passed = u64::try_from(passed).unwrap_or(u64::MAX);
        let at = start.saturating_add(clock.cycles(passed, 1_000_000_000));
        latest = latest.max(at);
        times.push(latest);
    }
    let packets = capture.packets.iter().map(|it| Arc::from(it.bytes));
    let packets: Vec<Arc<[u8]>> = packets.collect();
    let frames = move |number: u64| {
        let packet = usize::try_from(number).ok().and_then(|it| packets.get(it));
        packet.map_or(Vec::new(), |it| it.to_vec())
    };
    (Times::List(times), Box::new(frames))
}
