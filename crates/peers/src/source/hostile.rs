//! Frames that are wrong in one way or another, some of them meant to do harm.

use exo_core::rng::Rng;
use exo_net::frames::{self, BROADCAST, ICMP, Ipv4, TCP, UDP, checksum};

use super::{Ends, Frames};

/// Makes a frame with a mistake; the number is the same for those of one round through all mistakes.
type Make = fn(&Ends, &mut Rng, u64) -> Vec<u8>;

/// All mistakes, with their names.
const MISTAKES: &[(&str, Make)] = &[
    ("cut-ethernet", |ends, rng, _| cut(ends, rng, 1, 14)),
    ("cut-ipv4", |ends, rng, _| cut(ends, rng, 14, 34)),
    ("cut-udp", |ends, rng, _| cut(ends, rng, 34, 42)),
    ("header-length", header_length),
    ("total-length", total_length),
    ("udp-length", udp_length),
    ("tcp-header-length", tcp_header_length),
    ("tcp-options", tcp_options),
    ("ipv4-checksum", |ends, rng, _| {
        flipped(&udp(ends, rng), 24, rng)
    }),
    ("udp-checksum", |ends, rng, _| {
        flipped(&udp(ends, rng), 40, rng)
    }),
    ("icmp-checksum", |ends, rng, _| {
        flipped(&ends.frame(ICMP, &frames::icmp(8, 1, 1, &[7; 32])), 36, rng)
    }),
    ("first-fragment", first_fragment),
    ("overlapping-fragment", overlapping_fragment),
    ("fragment-beyond-the-end", fragment_beyond_the_end),
    ("giant", giant),
    ("runt", runt),
    ("unknown-type", unknown_type),
    ("arp-sizes", arp_sizes),
    ("from-itself", from_itself),
    ("from-all", from_all),
    ("random", random),
];

/// The names of all mistakes.
pub fn names() -> impl Iterator<Item = &'static str> {
    MISTAKES.iter().map(|(name, _)| *name)
}

/// Frames with these mistakes in turn, or with all of them if none is named; names that are none are left
/// out.
pub fn hostile(ends: Ends, seed: u64, wanted: &[String]) -> Frames {
    let named = |name: &str| wanted.iter().any(|it| it == name);
    let chosen = MISTAKES
        .iter()
        .filter(|it| wanted.is_empty() || named(it.0));
    let chosen: Vec<Make> = chosen.map(|(_, make)| *make).collect();
    Box::new(move |number| {
        let count = chosen.len().max(1) as u64;
        let make = chosen.get((number % count) as usize);
        let mut rng = Rng::new(seed, number);
        make.map_or(Vec::new(), |make| make(&ends, &mut rng, number / count))
    })
}

/// One of several.
fn choose<T: Copy, const N: usize>(rng: &mut Rng, from: [T; N]) -> T {
    from[rng.below(N as u32) as usize]
}

/// A right datagram of 64 bytes to a random port.
fn udp(ends: &Ends, rng: &mut Rng) -> Vec<u8> {
    let datagram = frames::udp(rng.next_u64() as u16, rng.next_u64() as u16, &[5; 64]);
    ends.frame(UDP, &frames::checked(&ends.header(UDP), datagram))
}

/// A frame that ends early, somewhere from one place to before another.
fn cut(ends: &Ends, rng: &mut Rng, from: usize, to: usize) -> Vec<u8> {
    let mut frame = udp(ends, rng);
    frame.truncate(from + rng.below((to - from) as u32) as usize);
    frame
}

/// A frame in which one bit of two bytes is another.
fn flipped(frame: &[u8], at: usize, rng: &mut Rng) -> Vec<u8> {
    let bit = rng.below(16) as usize;
    put(
        frame,
        at + bit / 8,
        &[frame.get(at + bit / 8).copied().unwrap_or(0) ^ (1 << (bit % 8))],
    )
}

/// A frame with other bytes somewhere in it.
fn put(frame: &[u8], at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut frame = frame.to_vec();
    for (place, byte) in frame.iter_mut().skip(at).zip(bytes) {
        *place = *byte;
    }
    frame
}

/// A frame with other bytes in its IPv4 header, whose checksum is right for them.
fn put_in_header(frame: &[u8], at: usize, bytes: &[u8]) -> Vec<u8> {
    let frame = put(&put(frame, 14 + at, bytes), 24, &[0, 0]);
    let check = checksum(&[frame.get(14..34).unwrap_or(&[])]);
    put(&frame, 24, &check.to_be_bytes())
}

fn header_length(ends: &Ends, rng: &mut Rng, _: u64) -> Vec<u8> {
    // Too short, or longer than the packet.
    let words = choose(rng, [0, 1, 4, 15]);
    let mut frame = put_in_header(&udp(ends, rng), 0, &[0x40 | words]);
    frame.truncate(60);
    frame
}

fn total_length(ends: &Ends, rng: &mut Rng, _: u64) -> Vec<u8> {
    let length: u16 = choose(rng, [0, 1, 19, 93, 1500, 65_535]);
    put_in_header(&udp(ends, rng), 2, &length.to_be_bytes())
}

fn udp_length(ends: &Ends, rng: &mut Rng, _: u64) -> Vec<u8> {
    let length: u16 = choose(rng, [0, 7, 73, 1480, 65_535]);
    // Without a checksum, so that nothing but the length is wrong.
    let frame = put(&udp(ends, rng), 40, &[0, 0]);
    put(&frame, 38, &length.to_be_bytes())
}

/// A segment whose bytes from `at` on are others, with a checksum that is right for them.
fn segment(ends: &Ends, flags: u8, options: &[u8], at: usize, bytes: &[u8]) -> Vec<u8> {
    let segment = put(&frames::tcp(4321, 80, flags, options), at, bytes);
    ends.frame(TCP, &frames::checked(&ends.header(TCP), segment))
}

fn tcp_header_length(ends: &Ends, rng: &mut Rng, _: u64) -> Vec<u8> {
    let words = choose(rng, [0, 4, 15]);
    segment(ends, 0x02, &[], 12, &[words << 4])
}

fn tcp_options(ends: &Ends, rng: &mut Rng, _: u64) -> Vec<u8> {
    // An option of length 0, one that goes beyond the header, one that is cut off.
    let options: [u8; 4] = choose(rng, [[2, 0, 0, 0], [2, 40, 5, 180], [1, 1, 1, 8]]);
    segment(ends, 0x02, &options, 12, &[0x60])
}

/// A fragment of a datagram: its place in units of eight bytes, whether more follow, and its length.
fn fragment(ends: &Ends, number: u64, place: u16, more: bool, length: usize) -> Vec<u8> {
    let header = Ipv4 {
        fragment: place | if more { 0x2000 } else { 0 },
        ..ends.header(UDP)
    };
    let datagram = frames::udp(4321, 7, &[place as u8; 2000]);
    let contents = datagram.get(..length).unwrap_or(&datagram);
    let frame = ends.ethernet(0x0800, &header.packet(contents));
    put_in_header(&frame, 4, &(number as u16).to_be_bytes())
}

fn first_fragment(ends: &Ends, _: &mut Rng, round: u64) -> Vec<u8> {
    fragment(ends, round, 0, true, 64)
}

fn overlapping_fragment(ends: &Ends, rng: &mut Rng, round: u64) -> Vec<u8> {
    let place = 1 + rng.below(7) as u16;
    fragment(ends, round, place, rng.below(2) == 0, 64)
}

fn fragment_beyond_the_end(ends: &Ends, _: &mut Rng, round: u64) -> Vec<u8> {
    fragment(ends, round, 0x1fff, false, 1400)
}

fn giant(ends: &Ends, rng: &mut Rng, _: u64) -> Vec<u8> {
    let length = 1473 + rng.below(7500) as usize;
    let datagram = frames::udp(4321, 7, &vec![9; length]);
    ends.frame(UDP, &frames::checked(&ends.header(UDP), datagram))
}

fn runt(ends: &Ends, rng: &mut Rng, _: u64) -> Vec<u8> {
    // Right in all but that it is not filled up.
    let carried = frames::udp(4321, 7, &[3; 17][..rng.below(17) as usize]);
    let carried = frames::checked(&ends.header(UDP), carried);
    let packet = ends.header(UDP).packet(&carried);
    frames::ethernet(ends.target_mac, ends.mac, 0x0800, &packet)
}

fn unknown_type(ends: &Ends, rng: &mut Rng, _: u64) -> Vec<u8> {
    ends.ethernet(rng.next_u64() as u16 | 0x9000, &[1; 100])
}

fn arp_sizes(ends: &Ends, rng: &mut Rng, _: u64) -> Vec<u8> {
    let question = frames::arp(1, (ends.mac, ends.address), ([0; 6], ends.target));
    let sizes = [(rng.next_u64() as u8) | 7, rng.next_u64() as u8];
    ends.ethernet(0x0806, &put(&question, 4, &sizes))
}

fn from_itself(ends: &Ends, _: &mut Rng, _: u64) -> Vec<u8> {
    let own = Ends {
        address: ends.target,
        mac: ends.target_mac,
        ..*ends
    };
    let syn = frames::tcp(80, 80, 0x02, &[]);
    own.frame(TCP, &frames::checked(&own.header(TCP), syn))
}

fn from_all(ends: &Ends, rng: &mut Rng, _: u64) -> Vec<u8> {
    let all = Ends {
        address: [255; 4].into(),
        mac: BROADCAST,
        ..*ends
    };
    udp(&all, rng)
}

fn random(ends: &Ends, rng: &mut Rng, _: u64) -> Vec<u8> {
    let length = 60 + rng.below(1455) as usize;
    let bytes: Vec<u8> = (0..length).map(|_| rng.next_u64() as u8).collect();
    // To the receiver, so that it is looked at, and half of the time as IPv4.
    match rng.below(2) {
        0 => put(&bytes, 0, &ends.target_mac),
        _ => put(&put(&bytes, 0, &ends.target_mac), 12, &[8, 0, 0x45]),
    }
}
