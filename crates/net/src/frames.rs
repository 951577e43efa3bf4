//! Frames put together from their parts: what samples, tests and measurements are made of.

use std::net::{Ipv4Addr, Ipv6Addr};

/// A hardware address.
pub type Mac = [u8; 6];

/// The address that every station takes.
pub const BROADCAST: Mac = [0xff; 6];

/// What IPv4 calls ICMP.
pub const ICMP: u8 = 1;
/// What IPv4 calls TCP.
pub const TCP: u8 = 6;
/// What IPv4 calls UDP.
pub const UDP: u8 = 17;

/// A frame of the type with what it carries.
pub fn ethernet(destination: Mac, source: Mac, kind: u16, carried: &[u8]) -> Vec<u8> {
    [&destination[..], &source, &kind.to_be_bytes(), carried].concat()
}

/// What is asked or told of an address: a frame's contents, of type 0x0806.
pub fn arp(operation: u16, sender: (Mac, Ipv4Addr), target: (Mac, Ipv4Addr)) -> Vec<u8> {
    let head = [0, 1, 8, 0, 6, 4];
    let operation = operation.to_be_bytes();
    let (one, other) = (sender.1.octets(), target.1.octets());
    [&head[..], &operation, &sender.0, &one, &target.0, &other].concat()
}

/// The ones' complement sum that the internet's protocols check themselves by.
pub fn checksum(parts: &[&[u8]]) -> u16 {
    let mut sum = 0_u32;
    for part in parts {
        for pair in part.chunks(2) {
            let low = pair.get(1).copied().unwrap_or(0);
            sum += u32::from(u16::from_be_bytes([pair[0], low]));
        }
    }
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

/// The parts of an IPv4 header that differ between packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ipv4<'run> {
    /// From where.
    pub source: Ipv4Addr,
    /// To where.
    pub destination: Ipv4Addr,
    /// Which protocol is carried.
    pub protocol: u8,
    /// Its options, a multiple of four bytes.
    pub options: &'run [u8],
    /// Where in its packet this fragment belongs, in units of eight bytes.
    pub fragment: u16,
}

impl Ipv4<'_> {
    /// The packet that carries these bytes.
    pub fn packet(&self, carried: &[u8]) -> Vec<u8> {
        let head_length = 20 + self.options.len();
        let version = 0x40 | (head_length / 4) as u8;
        let total = ((head_length + carried.len()) as u16).to_be_bytes();
        let fragment = self.fragment.to_be_bytes();
        let fixed = [
            version,
            0,
            total[0],
            total[1],
            0,
            1,
            fragment[0],
            fragment[1],
            64,
            self.protocol,
            0,
            0,
        ];
        let ends = [self.source.octets(), self.destination.octets()].concat();
        let mut head = [&fixed[..], &ends, self.options].concat();
        let check = checksum(&[&head]).to_be_bytes();
        head[10..12].copy_from_slice(&check);
        [&head, carried].concat()
    }
}

/// An IPv6 packet whose header is followed by `next`.
pub fn ipv6(source: Ipv6Addr, destination: Ipv6Addr, next: u8, carried: &[u8]) -> Vec<u8> {
    let length = (carried.len() as u16).to_be_bytes();
    let head = [0x60, 0, 0, 0, length[0], length[1], next, 64];
    [&head[..], &source.octets(), &destination.octets(), carried].concat()
}

/// A UDP datagram, without a checksum.
pub fn udp(source: u16, destination: u16, carried: &[u8]) -> Vec<u8> {
    let length = 8 + carried.len() as u16;
    let head = [source, destination, length, 0]
        .map(u16::to_be_bytes)
        .concat();
    [&head, carried].concat()
}

/// A TCP segment with these flags, without options and checksum, the first of its conversation.
pub fn tcp(source: u16, destination: u16, flags: u8, carried: &[u8]) -> Vec<u8> {
    let ports = [source, destination].map(u16::to_be_bytes).concat();
    let rest = [0, 0, 0, 1, 0, 0, 0, 0, 0x50, flags, 0x20, 0, 0, 0, 0, 0];
    [&ports, &rest[..], carried].concat()
}

/// An ICMP message of the type, with an identifier and a number.
pub fn icmp(kind: u8, identifier: u16, number: u16, carried: &[u8]) -> Vec<u8> {
    let words = [identifier, number].map(u16::to_be_bytes);
    let mut message = [&[kind, 0, 0, 0], words.as_flattened(), carried].concat();
    let check = checksum(&[&message]).to_be_bytes();
    message[2..4].copy_from_slice(&check);
    message
}

/// A TCP segment or UDP datagram with the checksum that is right in a packet with this header. Anything else,
/// and what is cut off before its checksum, stays as it is.
pub fn checked(header: &Ipv4<'_>, carried: Vec<u8>) -> Vec<u8> {
    let at = if header.protocol == TCP { 16 } else { 6 };
    let length = (carried.len() as u16).to_be_bytes();
    let ends = [header.source.octets(), header.destination.octets()];
    let pseudo = [ends.as_flattened(), &[0, header.protocol], &length].concat();
    let mut carried = with_checksum(&pseudo, carried, at);
    // Of UDP, 0 says that there is none; the same sum with all bits set stands for it.
    if header.protocol == UDP
        && let Some(place @ [0, 0]) = carried.get_mut(at..at + 2)
    {
        place.fill(0xff);
    }
    carried
}

/// A TCP segment or ICMPv6 message with the checksum that is right between these addresses. What is cut off
/// before its checksum stays as it is.
pub fn checked_six(ends: (Ipv6Addr, Ipv6Addr), protocol: u8, carried: Vec<u8>) -> Vec<u8> {
    let at = if protocol == TCP { 16 } else { 2 };
    let length = (carried.len() as u32).to_be_bytes();
    let addresses = [ends.0.octets(), ends.1.octets()];
    let pseudo = [addresses.as_flattened(), &length, &[0, 0, 0, protocol]].concat();
    with_checksum(&pseudo, carried, at)
}

/// Puts the checksum over both to its place in what is carried, if it has it.
fn with_checksum(pseudo: &[u8], mut carried: Vec<u8>, at: usize) -> Vec<u8> {
    if let Some(place) = carried.get_mut(at..at + 2) {
        place.fill(0);
    }
    let check = checksum(&[pseudo, &carried]).to_be_bytes();
    if let Some(place) = carried.get_mut(at..at + 2) {
        place.copy_from_slice(&check);
    }
    carried
}
