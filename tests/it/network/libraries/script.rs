//! An other end that sends frames at times, whatever it hears; and frames as such an end builds them.

use std::net::Ipv4Addr;

use exo_core::digest::Digest;
use exo_core::wire::{Heard, Wire};
use exo_net::frames::{self, BROADCAST, Ipv4, Mac};

/// Who is at the other end.
pub const PEER: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 2);
pub const PEER_MAC: Mac = [2, 0, 0, 0, 0, 2];
/// The library that is alone, and its port of the web.
pub const HOST: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);
pub const HOST_MAC: Mac = [2, 0, 0, 0, 0, 1];

/// Frames, each with the time at which it is sent; times only grow.
#[derive(Debug)]
pub struct Script(pub Vec<(u64, Vec<u8>)>);

impl Script {
    /// Frames one after the other, `gap` cycles apart, from a moment on at which libraries are set up.
    pub fn paced(from: u64, gap: u64, frames: impl IntoIterator<Item = Vec<u8>>) -> Script {
        let times = (0..).map(|number| from + number * gap);
        Script(times.zip(frames).collect())
    }
}

impl Wire for Script {
    fn identity(&self) -> u64 {
        let mut digest = Digest::new(0x7363_7269_7074);
        for (at, frame) in &self.0 {
            digest.u64(*at);
            digest.bytes(frame);
        }
        digest.finish()
    }

    fn due_cycles(&self, _heard: &Heard, polled: Option<u64>) -> Option<u64> {
        let later = |at: &u64| polled.is_none_or(|polled| *at > polled);
        self.0.iter().map(|(at, _)| *at).find(later)
    }

    fn poll(&self, _heard: &Heard, polled: Option<u64>, at: u64) -> Vec<Vec<u8>> {
        let due = self.0.iter().filter(|(time, _)| *time <= at);
        let new = due.filter(|(time, _)| polled.is_none_or(|polled| *time > polled));
        new.map(|(_, frame)| frame.clone()).collect()
    }
}

/// A request for an address, to everybody.
pub fn asks(address: Ipv4Addr) -> Vec<u8> {
    let carried = frames::arp(1, (PEER_MAC, PEER), ([0; 6], address));
    frames::ethernet(BROADCAST, PEER_MAC, 0x0806, &carried)
}

/// A packet of IPv4 from the peer to an address.
pub fn packet(to: Ipv4Addr, protocol: u8, carried: &[u8]) -> Vec<u8> {
    let header = Ipv4 {
        source: PEER,
        destination: to,
        protocol,
        options: &[],
        fragment: 0,
    };
    let [_, b, c, d] = to.octets();
    let mac = [2, 0, 0, b, c, d];
    frames::ethernet(mac, PEER_MAC, 0x0800, &header.packet(carried))
}

pub fn ping(to: Ipv4Addr, number: u16, carried: &[u8]) -> Vec<u8> {
    packet(to, 1, &frames::icmp(8, 7, number, carried))
}

/// A datagram from port 5000 with its checksum.
pub fn datagram(to: Ipv4Addr, port: u16, carried: &[u8]) -> Vec<u8> {
    packet(
        to,
        17,
        &summed((PEER, to), 17, &frames::udp(5000, port, carried)),
    )
}

/// A datagram or segment with its checksum, from one end to the other.
pub fn summed(ends: (Ipv4Addr, Ipv4Addr), protocol: u8, message: &[u8]) -> Vec<u8> {
    let at = if protocol == 17 { 6 } else { 16 };
    let mut message = message.to_vec();
    message[at..at + 2].fill(0);
    let check = check(ends, protocol, &message);
    // Of UDP, 0 would say that there is none.
    let check = if check == 0 && protocol == 17 {
        0xffff
    } else {
        check
    };
    message[at..at + 2].copy_from_slice(&check.to_be_bytes());
    message
}

/// The checksum of a datagram or segment: 0 if it has the right one in it.
pub fn check(ends: (Ipv4Addr, Ipv4Addr), protocol: u8, message: &[u8]) -> u16 {
    let pseudo = [
        &ends.0.octets()[..],
        &ends.1.octets(),
        &[0, protocol],
        &(message.len() as u16).to_be_bytes(),
    ];
    frames::checksum(&[&pseudo.concat(), message])
}

/// A segment from the peer's port 6000 to the web server.
pub fn segment(
    sequence: u32,
    acknowledged: u32,
    flags: u8,
    window: u16,
    carried: &[u8],
) -> Vec<u8> {
    let ports = [6000_u16, 80].map(u16::to_be_bytes).concat();
    let numbers = [sequence, acknowledged].map(u32::to_be_bytes).concat();
    let options: &[u8] = if flags & 2 != 0 { &[2, 4, 2, 0] } else { &[] };
    let offset = 0x50 + ((options.len() as u8) << 2);
    let [high, low] = window.to_be_bytes();
    let rest = [offset, flags, high, low, 0, 0, 0, 0];
    let message = [&ports[..], &numbers, &rest, options, carried].concat();
    packet(HOST, 6, &summed((PEER, HOST), 6, &message))
}
