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
