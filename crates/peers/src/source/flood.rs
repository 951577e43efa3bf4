//! Echo requests, as fast as one likes.

use exo_net::frames;

use super::{Ends, Frames};
use crate::exchange::{Ping, Protocol};

/// Echo requests of one size between two ends.
pub fn flood(ends: Ends, ping: Ping) -> Frames {
    Box::new(move |number| ends.frame(frames::ICMP, &ping.request(number)))
}
