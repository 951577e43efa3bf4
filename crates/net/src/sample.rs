//! The capture that comes along, made here: a bit of everything, some of it broken.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::capture;
use crate::frames::{
    BROADCAST, Ipv4, Mac, TCP, UDP, arp, checked, checked_six, ethernet, icmp, ipv6, tcp, udp,
};

/// Filters for it, one a line.
pub const FILTERS: &str = include_str!("../../../static/sample.filters");
/// The capture itself, as [`sample`] makes it.
pub const CAPTURE: &[u8] = include_bytes!("../../../static/sample.pcap");

const SERVER: Mac = [2, 0, 0, 0, 0, 1];
const CLIENT: Mac = [2, 0, 0, 0, 0, 2];
const SERVER_V4: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);
const CLIENT_V4: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 2);
const SERVER_V6: Ipv6Addr = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 1);
const CLIENT_V6: Ipv6Addr = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 2);

const SYN: u8 = 2;
const PUSH_ACK: u8 = 0x18;
const ACK: u8 = 0x10;

/// A packet of the client's to the server.
fn to_server(protocol: u8, carried: &[u8]) -> Vec<u8> {
    four(CLIENT_V4, SERVER_V4, protocol, carried)
}

/// A packet of the server's to the client.
fn to_client(protocol: u8, carried: &[u8]) -> Vec<u8> {
    four(SERVER_V4, CLIENT_V4, protocol, carried)
}

fn header(source: Ipv4Addr, destination: Ipv4Addr, protocol: u8) -> Ipv4<'static> {
    Ipv4 {
        source,
        destination,
        protocol,
        options: &[],
        fragment: 0,
    }
}

fn four(source: Ipv4Addr, destination: Ipv4Addr, protocol: u8, carried: &[u8]) -> Vec<u8> {
    let (to, from) = if destination == SERVER_V4 {
        (SERVER, CLIENT)
    } else {
        (CLIENT, SERVER)
    };
    let header = header(source, destination, protocol);
    let packet = match protocol {
        TCP | UDP => header.packet(&checked(&header, carried.to_vec())),
        _ => header.packet(carried),
    };
    padded(ethernet(to, from, 0x0800, &packet))
}

fn six(next: u8, carried: &[u8]) -> Vec<u8> {
    let carried = checked_six((CLIENT_V6, SERVER_V6), next, carried.to_vec());
    let packet = ipv6(CLIENT_V6, SERVER_V6, next, &carried);
    padded(ethernet(SERVER, CLIENT, 0x86dd, &packet))
}

/// A segment with its number and what it acknowledges.
fn numbered(mut segment: Vec<u8>, number: u32, acknowledges: u32) -> Vec<u8> {
    segment[4..8].copy_from_slice(&number.to_be_bytes());
    segment[8..12].copy_from_slice(&acknowledges.to_be_bytes());
    segment
}

/// No frame on the wire is shorter than 60 bytes.
fn padded(mut frame: Vec<u8>) -> Vec<u8> {
    frame.resize(frame.len().max(60), 0);
    frame
}

/// Well-formed packets: address resolution, ping, names, the web.
fn talk() -> Vec<Vec<u8>> {
    let question = arp(1, (CLIENT, CLIENT_V4), ([0; 6], SERVER_V4));
    let answer = arp(2, (SERVER, SERVER_V4), (CLIENT, CLIENT_V4));
    let name = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03exo\x00\x00\x01\x00\x01";
    let no_address = b"\x12\x34\x81\x80\x00\x01\x00\x00\x00\x00\x00\x00\x03exo\x00\x00\x01\x00\x01";
    let talk = vec![
        padded(ethernet(BROADCAST, CLIENT, 0x0806, &question)),
        padded(ethernet(CLIENT, SERVER, 0x0806, &answer)),
        to_server(1, &icmp(8, 7, 1, b"exokernel")),
        to_client(1, &icmp(0, 7, 1, b"exokernel")),
        to_server(UDP, &udp(40_000, 53, name)),
        to_client(UDP, &udp(53, 40_000, no_address)),
    ];
    let more = vec![
        to_server(UDP, &udp(40_002, 7, b"echo, please")),
        six(58, &[128, 0, 0, 0, 0, 7, 0, 1]),
        six(TCP, &tcp(40_003, 80, SYN, b"")),
    ];
    [talk, web(), more].concat()
}

/// A client opens a connection, asks for a page, and has it.
fn web() -> Vec<Vec<u8>> {
    let request = b"GET / HTTP/1.0\r\n\r\n";
    let page = b"HTTP/1.0 200 OK\r\n\r\nhello\n";
    let asks = |flags, carried: &[u8]| tcp(40_001, 80, flags, carried);
    let answers = |flags, carried: &[u8]| tcp(80, 40_001, flags, carried);
    let (client, server) = (1_000, 5_000);
    let asked = client + 1 + request.len() as u32;
    vec![
        to_server(TCP, &numbered(asks(SYN, b""), client, 0)),
        to_client(TCP, &numbered(answers(SYN | ACK, b""), server, client + 1)),
        to_server(TCP, &numbered(asks(ACK, b""), client + 1, server + 1)),
        to_server(
            TCP,
            &numbered(asks(PUSH_ACK, request), client + 1, server + 1),
        ),
        to_client(TCP, &numbered(answers(PUSH_ACK, page), server + 1, asked)),
    ]
}

/// What filters must not stumble over.
fn odd() -> Vec<Vec<u8>> {
    let options = Ipv4 {
        options: &[1; 8],
        ..header(CLIENT_V4, SERVER_V4, TCP)
    };
    let later = Ipv4 {
        fragment: 100,
        ..header(CLIENT_V4, SERVER_V4, TCP)
    };
    let with_options = options.packet(&checked(&options, tcp(40_004, 80, SYN, b"")));
    // Its bytes look like ports 0x0050, but a later fragment has none.
    let fragment = later.packet(&[0, 80, 0, 80, 1, 2, 3, 4]);
    let mut cut = to_server(TCP, &tcp(40_005, 80, SYN, b""));
    cut.truncate(36);
    let mut short_header = to_server(UDP, &udp(1, 53, b""));
    short_header[14] = 0x42;
    vec![
        padded(ethernet(SERVER, CLIENT, 0x0800, &with_options)),
        padded(ethernet(SERVER, CLIENT, 0x0800, &fragment)),
        to_server(TCP, &tcp(40_006, 22, SYN, b"")),
        cut,
        ethernet(SERVER, CLIENT, 0x0800, &[]),
        vec![2, 0, 0, 0],
        short_header,
        padded(ethernet(SERVER, CLIENT, 0x88b5, b"an experiment")),
    ]
}

/// The frames of the sample.
pub fn frames() -> Vec<Vec<u8>> {
    [talk(), odd()].concat()
}

/// Makes the sample.
pub fn sample() -> Vec<u8> {
    let frames = frames();
    capture::write(frames.iter().map(Vec::as_slice))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::summary;

    #[test]
    fn what_is_well_formed_is_shown_without_a_complaint() {
        for frame in talk() {
            let told = summary(&frame);
            assert!(!told.contains("should be"), "{told}");
        }
    }

    #[test]
    fn the_capture_that_comes_along_is_the_one_that_is_made_here() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../static/sample.pcap");
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(path, sample()).unwrap();
        }
        assert_eq!(
            std::fs::read(path).unwrap(),
            sample(),
            "UPDATE_EXPECT=1 writes it anew"
        );
    }
}
