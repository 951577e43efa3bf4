//! What is said of whole frames, of broken ones and of any bytes at all.

use std::net::Ipv4Addr;

use exo_core::rng::Rng;

use super::{Layer, decode, summary};
use crate::frames::{BROADCAST, Ipv4, Mac, arp, checksum, ethernet, icmp, tcp, udp};
use crate::{capture, sample};

const SERVER: Mac = [2, 0, 0, 0, 0, 1];
const CLIENT: Mac = [2, 0, 0, 0, 0, 2];

fn four(protocol: u8, fragment: u16, carried: &[u8]) -> Vec<u8> {
    let header = Ipv4 {
        source: Ipv4Addr::new(10, 0, 0, 2),
        destination: Ipv4Addr::new(10, 0, 0, 1),
        protocol,
        options: &[],
        fragment,
    };
    ethernet(SERVER, CLIENT, 0x0800, &header.packet(carried))
}

/// Changes the bytes of the IPv4 header that begin at `at`, and puts its checksum right.
fn with_header(mut frame: Vec<u8>, at: usize, bytes: &[u8]) -> Vec<u8> {
    frame[14 + at..14 + at + bytes.len()].copy_from_slice(bytes);
    frame[24..26].fill(0);
    let check = checksum(&[&frame[14..34]]).to_be_bytes();
    frame[24..26].copy_from_slice(&check);
    frame
}

/// The value of a field.
fn value<'run>(layers: &'run [Layer], layer: &str, field: &str) -> &'run str {
    let layer = layers.iter().find(|it| it.name == layer).unwrap();
    let field = layer.fields.iter().find(|it| it.name == field).unwrap();
    &field.value
}

fn names(frame: &[u8]) -> Vec<&'static str> {
    decode(frame).iter().map(|it| it.name).collect()
}

#[test]
fn a_datagram_is_told_layer_by_layer_with_the_bytes_of_each_field() {
    let frame = four(17, 0, &udp(1024, 7, b"eighteen bytes of it"));
    let layers = decode(&frame);
    assert_eq!(names(&frame), ["Ethernet", "IPv4", "UDP", "Data"]);
    assert_eq!(value(&layers, "Ethernet", "type"), "IPv4 (0x0800)");
    assert_eq!(value(&layers, "IPv4", "protocol"), "UDP (17)");
    assert_eq!(value(&layers, "UDP", "destination port"), "7");
    assert_eq!(value(&layers, "UDP", "checksum"), "none");
    let ranges: Vec<_> = layers.iter().map(|it| it.range.clone()).collect();
    assert_eq!(ranges, [0..14, 14..34, 34..42, 42..62]);
    let port = &layers[2].fields[1];
    assert_eq!((port.range.clone(), port.wrong), (36..38, false));
    let line = "UDP 10.0.0.2:1024 > 10.0.0.1:7, 20 bytes";
    assert_eq!(summary(&frame), line);
}

#[test]
fn each_protocol_has_a_line_of_its_own() {
    let (asker, asked) = (Ipv4Addr::new(10, 0, 0, 2), Ipv4Addr::new(10, 0, 0, 1));
    let question = arp(1, (CLIENT, asker), ([0; 6], asked));
    let answer = arp(2, (SERVER, asked), (CLIENT, asker));
    let name = b"\0\x2a\x01\0\0\x01\0\0\0\0\0\0\x03exo\x04test\0\0\x01\0\x01";
    let mut get = tcp(
        1024,
        80,
        0x18,
        b"GET /index.html HTTP/1.0\r\nHost: exo\r\n\r\n",
    );
    get[16..18].copy_from_slice(&[0x12, 0x34]);
    let lines = [
        (
            ethernet(BROADCAST, CLIENT, 0x0806, &question),
            "ARP who has 10.0.0.1? Tell 10.0.0.2",
        ),
        (
            ethernet(CLIENT, SERVER, 0x0806, &answer),
            "ARP 10.0.0.1 is at 02:00:00:00:00:01",
        ),
        (
            four(1, 0, &icmp(8, 7, 3, &[0; 56])),
            "ICMP echo request 10.0.0.2 > 10.0.0.1, number 3, 56 bytes",
        ),
        (
            four(17, 0, &udp(999, 53, name)),
            "DNS question 10.0.0.2:999 > 10.0.0.1:53, exo.test",
        ),
        (
            four(6, 0, &get),
            "HTTP 10.0.0.2:1024 > 10.0.0.1:80 GET /index.html HTTP/1.0; the checksum is 0x1234 and should be 0xe409",
        ),
        (
            ethernet(SERVER, CLIENT, 0x88cc, &[1, 2]),
            "Ethernet 02:00:00:00:00:02 > 02:00:00:00:00:01, type 0x88cc",
        ),
    ];
    for (frame, line) in lines {
        assert_eq!(summary(&frame), line);
    }
}

#[test]
fn options_of_tcp_are_told_and_the_checksum_over_the_addresses_is_checked() {
    let mut segment = tcp(1024, 80, 2, &[2, 4, 5, 180, 1, 3, 3, 7]);
    segment[12] = 0x70;
    let pseudo = [10, 0, 0, 2, 10, 0, 0, 1, 0, 6, 0, 28];
    let check = checksum(&[&pseudo, &segment]).to_be_bytes();
    segment[16..18].copy_from_slice(&check);
    let frame = four(6, 0, &segment);
    let layers = decode(&frame);
    let options = layers[2].fields.iter().filter(|it| it.name == "option");
    let options: Vec<&str> = options.map(|it| it.value.as_str()).collect();
    assert_eq!(
        options,
        ["largest segment 1460 bytes", "nothing", "window scale 7"]
    );
    assert!(value(&layers, "TCP", "checksum").ends_with(", right"));
    assert_eq!(
        summary(&frame),
        "TCP 10.0.0.2:1024 > 10.0.0.1:80 [SYN], number 1, 0 bytes"
    );
}

#[test]
fn padding_is_no_part_of_what_is_carried() {
    let mut frame = four(17, 0, &udp(1, 2, b"x"));
    frame.resize(60, 0);
    assert_eq!(
        names(&frame),
        ["Ethernet", "IPv4", "UDP", "Data", "Padding"]
    );
    assert_eq!(summary(&frame), "UDP 10.0.0.2:1 > 10.0.0.1:2, 1 bytes");
}

#[test]
fn what_is_wrong_is_said_where_it_is_and_the_rest_is_read_as_far_as_it_goes() {
    let whole = four(17, 0, &udp(1024, 7, b"12345678"));
    let mut longer_than_its_packet = whole.clone();
    longer_than_its_packet[38..40].copy_from_slice(&[0, 99]);
    let mut bad_sum = whole.clone();
    bad_sum[24] ^= 1;
    let lines = [
        (
            whole[..10].to_vec(),
            "the Ethernet header has at least 14 bytes, and 10 are there",
        ),
        (
            whole[..30].to_vec(),
            "the IPv4 header has at least 20 bytes, and 16 are there",
        ),
        (
            whole[..44].to_vec(),
            "the total length is 36 bytes, and 30 are there",
        ),
        (
            with_header(whole.clone(), 0, &[0x65]),
            "the version is 6 and should be 4",
        ),
        (
            with_header(whole.clone(), 0, &[0x44]),
            "the header length is 16 bytes, and the least is 20",
        ),
        (
            with_header(whole.clone(), 2, &[0, 19]),
            "the total length is 19 bytes, less than the header's 20",
        ),
        (
            longer_than_its_packet,
            "the length is 99 bytes, and 16 are there",
        ),
        (bad_sum, "the checksum is 0x67c6 and should be 0x66c6"),
    ];
    for (frame, wrong) in lines {
        let said = summary(&frame);
        let (_, text) = said.split_once("; ").unwrap();
        assert_eq!(text, wrong);
    }
}

#[test]
fn of_fragments_only_the_first_is_read_as_what_it_carries() {
    let first = four(17, 0x2000, &udp(1024, 7, &[0; 8]));
    let later = four(17, 2, &udp(1024, 7, &[0; 8]));
    assert_eq!(names(&first), ["Ethernet", "IPv4", "UDP", "Data"]);
    assert_eq!(names(&later), ["Ethernet", "IPv4", "Data"]);
    assert_eq!(
        summary(&later),
        "IPv4 10.0.0.2 > 10.0.0.1, fragment of UDP, 16 bytes at 16"
    );
}

/// What must hold of any frame: layers follow each other and stay, like fields, within it.
fn well_told(frame: &[u8]) {
    let mut behind = 0;
    for layer in decode(frame) {
        assert!(behind <= layer.range.start && layer.range.start <= layer.range.end);
        assert!(layer.range.end <= frame.len());
        behind = layer.range.end;
        for field in layer.fields {
            let range = field.range;
            assert!(
                range.start <= range.end && range.end <= frame.len(),
                "{frame:02x?}"
            );
        }
    }
    assert!(!summary(frame).is_empty());
}

#[test]
fn whatever_the_bytes_are_layers_and_fields_stay_within_the_frame() {
    let mut rng = Rng::new(5, 0);
    let samples = capture::read(sample::CAPTURE).packets;
    for sample in &samples {
        (0..=sample.bytes.len()).for_each(|length| well_told(&sample.bytes[..length]));
    }
    for _ in 0..20_000 {
        let sample = samples[rng.below(samples.len() as u32) as usize];
        let mut frame = sample.bytes.to_vec();
        for _ in 0..=rng.below(4) {
            let at = rng.below(frame.len() as u32) as usize;
            frame[at] = rng.next_u64() as u8;
        }
        frame.truncate(rng.below(frame.len() as u32 + 1) as usize);
        well_told(&frame);
    }
}

#[test]
fn the_layers_of_a_frame_cover_all_of_it() {
    for packet in capture::read(sample::CAPTURE).packets {
        let layers = decode(packet.bytes);
        let covered: usize = layers.iter().map(|it| it.range.len()).sum();
        assert_eq!(covered, packet.bytes.len(), "packet {}", packet.number);
    }
}
