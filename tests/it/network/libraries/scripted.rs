//! Exact replies to frames that are sent at times.

use std::net::Ipv4Addr;
use std::sync::Arc;

use exo_core::hw::LinkConfig;
use exo_net::frames;

use super::rig::{finish, heard, machine, responder};
use super::script::{HOST, HOST_MAC, PEER, PEER_MAC, Script, asks, check, datagram, packet, ping};

/// What a responder sends when it hears these frames, one after the other.
fn replies(sent: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let wire = Script::paced(100_000, 100_000, sent);
    let mut machine = machine(vec![responder()], Arc::new(wire), LinkConfig::default(), 1);
    finish(&mut machine);
    let heard = heard(&machine);
    heard.into_iter().map(|it| it.bytes.to_vec()).collect()
}

/// What a frame from the host carries, whose headers of Ethernet and IPv4 are right.
fn carried(frame: &[u8], protocol: u8) -> &[u8] {
    assert_eq!(frame[..6], PEER_MAC);
    assert_eq!(frame[6..12], HOST_MAC);
    assert_eq!(frame[12..15], [8, 0, 0x45]);
    assert_eq!(frames::checksum(&[&frame[14..34]]), 0, "of the header");
    assert_eq!(frame[23], protocol);
    assert_eq!(frame[26..30], HOST.octets());
    assert_eq!(frame[30..34], PEER.octets());
    let length = u16::from_be_bytes([frame[16], frame[17]]);
    assert_eq!(usize::from(length) + 14, frame.len());
    &frame[34..]
}

#[test]
fn whoever_asks_for_its_address_hears_who_has_it_and_others_hear_nothing() {
    let stranger = Ipv4Addr::new(10, 0, 0, 99);
    let all = replies(vec![asks(HOST), asks(stranger)]);
    let reply = frames::arp(2, (HOST_MAC, HOST), (PEER_MAC, PEER));
    assert_eq!(all, [frames::ethernet(PEER_MAC, HOST_MAC, 0x0806, &reply)]);
}

#[test]
fn an_echo_request_of_any_length_comes_back_with_what_it_held() {
    for length in [0, 1, 2, 3, 56, 1_471, 1_472] {
        let contents: Vec<u8> = (0..length)
            .map(|it: u32| (it * 7 + it / 256) as u8)
            .collect();
        let all = replies(vec![asks(HOST), ping(HOST, 5, &contents)]);
        assert_eq!(all.len(), 2, "{length} bytes");
        let message = carried(&all[1], 1);
        assert_eq!(message, frames::icmp(0, 7, 5, &contents), "{length} bytes");
    }
}

#[test]
fn a_datagram_to_the_port_of_echo_comes_back_with_ports_changed_and_a_right_checksum() {
    for length in [0, 1, 2, 3, 18, 1_471, 1_472] {
        let contents: Vec<u8> = (0..length).map(|it: u32| (it * 5 + 1) as u8).collect();
        let all = replies(vec![datagram(HOST, 7, &contents)]);
        assert_eq!(all.len(), 1, "{length} bytes");
        let message = carried(&all[0], 17);
        assert_eq!(message[..4], [0, 7, 0x13, 0x88]);
        assert_eq!(message[8..], contents);
        assert_eq!(check((HOST, PEER), 17, message), 0, "{length} bytes");
        assert_ne!(message[6..8], [0, 0]);
    }
}

/// A question for a name, with recursion desired, and the type that is asked for.
fn question(name: &str, kind: u8) -> Vec<u8> {
    let mut message = vec![0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    for label in name.split('.') {
        message.push(label.len() as u8);
        message.extend(label.bytes());
    }
    message.extend([0, 0, kind, 0, 1]);
    message
}

#[test]
fn names_of_the_table_are_answered_with_their_addresses_and_others_with_no_such_name() {
    let ask = |message: &[u8]| {
        let all = replies(vec![datagram(HOST, 53, message)]);
        assert_eq!(all.len(), 1);
        let reply = carried(&all[0], 17);
        assert_eq!(check((HOST, PEER), 17, reply), 0);
        reply[8..].to_vec()
    };
    for (name, address) in [
        ("exo.test", [10, 0, 0, 1]),
        ("Cheetah.TEST", [10, 0, 0, 32]),
    ] {
        let asked = question(name, 1);
        let reply = ask(&asked);
        let head = [0x12, 0x34, 0x85, 0, 0, 1, 0, 1, 0, 0, 0, 0];
        let record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4];
        assert_eq!(reply, [&head[..], &asked[12..], &record, &address].concat());
    }
    let unknown = question("nobody.test", 1);
    let reply = ask(&unknown);
    let head = [0x12, 0x34, 0x85, 3, 0, 1, 0, 0, 0, 0, 0, 0];
    assert_eq!(reply, [&head[..], &unknown[12..]].concat());
    // Another type of a name that is there: there is no such record.
    let other = question("exo.test", 28);
    let head = [0x12, 0x34, 0x85, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    assert_eq!(ask(&other), [&head[..], &other[12..]].concat());
    // A question that is cut off, and one of another kind.
    let cut = &question("exo.test", 1)[..16];
    assert_eq!(ask(cut), [0x12, 0x34, 0x85, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
    let mut status = question("exo.test", 1);
    status[2] = 0x10;
    assert_eq!(ask(&status)[2..4], [0x94, 4]);
}

#[test]
fn what_is_wrong_is_not_answered() {
    let right = datagram(HOST, 7, b"right");
    let changed = |at: usize, value: u8| {
        let mut frame = right.clone();
        frame[at] ^= value;
        frame
    };
    let fragment = {
        let header = frames::Ipv4 {
            source: PEER,
            destination: HOST,
            protocol: 17,
            options: &[],
            fragment: 0x2000,
        };
        let udp = frames::udp(5000, 7, b"part");
        frames::ethernet(HOST_MAC, PEER_MAC, 0x0800, &header.packet(&udp))
    };
    let options = {
        let header = frames::Ipv4 {
            source: PEER,
            destination: HOST,
            protocol: 17,
            options: &[1, 1, 1, 1],
            fragment: 0,
        };
        let udp = frames::udp(5000, 7, b"options");
        frames::ethernet(HOST_MAC, PEER_MAC, 0x0800, &header.packet(&udp))
    };
    let mut ping = ping(HOST, 1, b"wrong");
    ping[40] ^= 1;
    let sent = vec![
        changed(24, 1),       // the checksum of the header
        changed(40, 1),       // that of UDP
        changed(45, 4),       // the contents
        changed(17, 0x40),    // longer than it is
        right[..40].to_vec(), // cut off
        fragment,
        options,
        ping,
        packet(HOST, 17, &[0; 8]), // a length of 0
        packet(HOST, 6, &[0; 20]), // a protocol that it does not speak
        datagram(HOST, 9, b"no such port"),
        right.clone(),
    ];
    let all = replies(sent);
    assert_eq!(all.len(), 1, "only what is right");
    assert_eq!(carried(&all[0], 17)[8..], *b"right");
}
