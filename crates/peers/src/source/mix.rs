//! Packets of many flows and several protocols, mixed by weights.

use std::net::Ipv4Addr;

use exo_core::rng::Rng;
use exo_net::frames::{self, BROADCAST, ICMP, TCP, UDP};

use super::{Ends, Frames};

/// What is mixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mix {
    /// How many of TCP, UDP, ICMP and ARP there are, in proportion to each other.
    pub weights: [u32; 4],
    /// How many flows there are of TCP and of UDP, each from a port of its own.
    pub flows: u32,
    /// The port that they lead to.
    pub port: u16,
    /// The most bytes that a packet carries.
    pub size: u16,
    /// What it all follows from.
    pub seed: u64,
}

/// Where flows' own ports begin.
const PORT_FIRST: u16 = 1024;

/// The frames of a mixture between two ends.
pub fn mix(ends: Ends, mix: Mix) -> Frames {
    Box::new(move |number| frame(&ends, &mix, &mut Rng::new(mix.seed, number)))
}

fn frame(ends: &Ends, mix: &Mix, rng: &mut Rng) -> Vec<u8> {
    let all = mix
        .weights
        .iter()
        .fold(0, |sum: u32, it| sum.saturating_add(*it));
    let mut drawn = rng.below(all);
    let kind = mix.weights.iter().position(|weight| {
        let here = drawn < *weight;
        drawn = drawn.wrapping_sub(*weight);
        here
    });
    let flow = rng.below(mix.flows) as u16;
    let from = PORT_FIRST.saturating_add(flow);
    let size = rng.below(u32::from(mix.size) + 1) as usize;
    let contents: Vec<u8> = (0..size).map(|_| rng.next_u64() as u8).collect();
    match kind {
        Some(0) => {
            // The flags of a connection's beginning, middle and end.
            let flags = [0x02, 0x10, 0x18, 0x18, 0x11];
            let flags = flags.get(rng.below(5) as usize).copied().unwrap_or(0x10);
            let contents = if flags == 0x18 { &contents[..] } else { &[] };
            let segment = frames::tcp(from, mix.port, flags, contents);
            ends.frame(TCP, &frames::checked(&ends.header(TCP), segment))
        }
        Some(1) => {
            let datagram = frames::udp(from, mix.port, &contents);
            ends.frame(UDP, &frames::checked(&ends.header(UDP), datagram))
        }
        Some(2) => ends.frame(ICMP, &frames::icmp(8, 1, flow, &contents)),
        _ => question(ends, rng),
    }
}

/// A question for the receiver's address, or for another one of its network.
fn question(ends: &Ends, rng: &mut Rng) -> Vec<u8> {
    let [a, b, c, _] = ends.target.octets();
    let other = Ipv4Addr::new(a, b, c, rng.below(255) as u8);
    let asked = if rng.below(2) == 0 {
        ends.target
    } else {
        other
    };
    let question = frames::arp(1, (ends.mac, ends.address), ([0; 6], asked));
    let all = Ends {
        target_mac: BROADCAST,
        ..*ends
    };
    all.ethernet(0x0806, &question)
}
