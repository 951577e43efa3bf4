//! Captures: both formats, either byte order, and those that are damaged.

use std::fs;
use std::path::Path;

use exo_net::capture::{self, Capture, CaptureError};
use exo_net::sample;

fn corpus(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/readers/capture");
    fs::read(path.join(name)).unwrap()
}

fn bytes(capture: &Capture<'_>) -> Vec<Vec<u8>> {
    capture.packets.iter().map(|it| it.bytes.to_vec()).collect()
}

#[test]
fn either_byte_order_and_either_clock_give_the_same_packets() {
    for name in ["sample.pcap", "big-endian.pcap", "nanoseconds.pcap"] {
        let file = corpus(name);
        let capture = capture::read(&file);
        assert_eq!(capture.error, None, "{name}");
        assert_eq!(bytes(&capture), sample::frames(), "{name}");
        assert!(
            capture
                .packets
                .iter()
                .all(|it| it.length as usize == it.bytes.len())
        );
    }
}

#[test]
fn both_kinds_of_packets_of_the_newer_format_are_read_without_their_padding() {
    for name in ["little.pcapng", "big.pcapng"] {
        let file = corpus(name);
        let capture = capture::read(&file);
        assert_eq!(capture.error, None, "{name}");
        assert_eq!(bytes(&capture), sample::frames()[..12], "{name}");
    }
}

#[test]
fn what_is_whole_of_a_capture_that_is_cut_off_is_read_wherever_it_ends() {
    for name in ["sample.pcap", "little.pcapng", "big.pcapng"] {
        let file = corpus(name);
        let all = bytes(&capture::read(&file));
        for end in 1..file.len() {
            let capture = capture::read(&file[..end]);
            let found = bytes(&capture);
            assert_eq!(found, all[..found.len()], "{name} {end}");
            if let Some(CaptureError::Truncated { packets, at }) = capture.error {
                assert_eq!(packets as usize, found.len());
                assert!(at < end, "{name} {end}");
            }
        }
    }
}

#[test]
fn a_capture_that_cannot_be_read_says_why() {
    let error = |name: &str| capture::read(&corpus(name)).error.unwrap();
    assert_eq!(error("empty"), CaptureError::Empty);
    assert_eq!(error("raw-link.pcap"), CaptureError::LinkType(101));
    assert_eq!(
        error("half-header.pcap"),
        CaptureError::Truncated { packets: 0, at: 0 }
    );
    assert_eq!(
        error("wild-length.pcap"),
        CaptureError::Truncated { packets: 0, at: 24 }
    );
    assert!(matches!(
        error("no-interface.pcapng"),
        CaptureError::Damaged { packets: 0, at: 28 }
    ));
    assert_eq!(
        capture::read(b"no capture at all").error,
        Some(CaptureError::NotACapture)
    );
    assert_eq!(capture::read(b"ab").error, Some(CaptureError::NotACapture));
    let header = corpus("header-only.pcap");
    let none = capture::read(&header);
    assert_eq!((none.packets.len(), none.error), (0, None));
}

/// A section of the newer format in either byte order, from blocks of a kind and a body.
fn section(big: bool, blocks: &[(u32, &[u8])]) -> Vec<u8> {
    let word = |value: u32| match big {
        true => value.to_be_bytes(),
        false => value.to_le_bytes(),
    };
    let header = [word(0x1a2b_3c4d), word(1 << 16), [0xff; 4], [0xff; 4]].concat();
    let mut file = Vec::new();
    for (kind, body) in [(0x0a0d_0d0a, &header[..])].iter().chain(blocks) {
        let length = word(body.len() as u32 + 12);
        file.extend([word(*kind), length].concat());
        file.extend_from_slice(body);
        file.extend(length);
    }
    file
}

#[test]
fn times_are_counted_in_the_units_that_an_interface_says_and_from_where_it_says() {
    // Resolution 2^-10 seconds, ten seconds later than it says; a packet of two bytes at 3 * 1024 + 512 units.
    let interface = [
        &[1, 0, 0, 0, 0, 0, 0, 0][..],
        &[9, 0, 1, 0, 0x8a, 0, 0, 0],
        &[14, 0, 8, 0, 10, 0, 0, 0, 0, 0, 0, 0],
        &[0; 4],
    ]
    .concat();
    let packet = [
        &[0; 8][..],
        &(3 * 1024 + 512_u32).to_le_bytes(),
        &[2, 0, 0, 0, 60, 0, 0, 0, 0xaa, 0xbb, 0, 0],
    ]
    .concat();
    let file = section(
        false,
        &[(1, &interface), (0xbad, &[1, 2, 3, 4]), (6, &packet)],
    );
    let capture = capture::read(&file);
    assert_eq!(capture.error, None);
    let packet = capture.packets[0];
    assert_eq!((packet.nanoseconds, packet.length), (13_500_000_000, 60));
    assert_eq!(packet.bytes, [0xaa, 0xbb]);
    assert_eq!(file[packet.at..][..2], [0xaa, 0xbb]);
}

#[test]
fn a_block_whose_lengths_differ_or_are_none_is_damage_where_it_begins() {
    let interface = [1, 0, 0, 0, 0, 0, 0, 0];
    for big in [false, true] {
        let whole = section(big, &[(1, &[interface[1], interface[0], 0, 0, 0, 0, 0, 0])]);
        let at = 28;
        for (place, byte) in [(at + 4 + if big { 3 } else { 0 }, 13), (whole.len() - 1, 7)] {
            let mut file = whole.clone();
            file[place] = byte;
            let error = capture::read(&file).error;
            assert_eq!(
                error,
                Some(CaptureError::Damaged { packets: 0, at }),
                "{big} {place}"
            );
        }
        let mut file = whole;
        file[8] = 0;
        let error = capture::read(&file).error;
        assert_eq!(error, Some(CaptureError::Damaged { packets: 0, at: 0 }));
    }
}
