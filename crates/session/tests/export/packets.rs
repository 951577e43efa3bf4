//! The packets of a run as a capture: each that arrived or left, with its time and what became of it.

use exo_net::capture;
use exo_session::export::{Format, Options, export};
use exo_session::network::network_report;

use crate::runs::shipped;

/// The comment of each packet of a capture, in order; empty where it has none.
fn comments(bytes: &[u8]) -> Vec<String> {
    let word = |at: usize| {
        let bytes = bytes.get(at..at + 4)?.first_chunk()?;
        Some(u32::from_le_bytes(*bytes) as usize)
    };
    let mut comments = Vec::new();
    let mut at = 0;
    while let (Some(kind), Some(length)) = (word(at), word(at + 4)) {
        if kind == 6 {
            let captured = word(at + 20).unwrap();
            let option = at + 28 + captured.next_multiple_of(4);
            let (code, size) = (
                bytes[option],
                usize::from(u16::from_le_bytes([bytes[option + 2], bytes[option + 3]])),
            );
            let text = &bytes[option + 4..option + 4 + size];
            comments.push(if code == 1 {
                String::from_utf8(text.to_vec()).unwrap()
            } else {
                String::new()
            });
        }
        at += length;
    }
    comments
}

fn of(name: &str) -> (Vec<u8>, exo_session::network::NetworkReport) {
    let mut run = shipped(name);
    let mut file = Vec::new();
    export(
        &mut run.session,
        Format::Pcapng,
        &Options::default(),
        &mut file,
    )
    .unwrap();
    run.session.run_slice(u64::MAX);
    let spec = run.session.scenario().network.clone().unwrap();
    let report = network_report(&spec, run.session.machine()).unwrap();
    (file, report)
}

#[test]
fn every_packet_that_arrived_or_left_is_in_the_capture_with_what_became_of_it() {
    for name in [
        "network-ping",
        "network-lossy",
        "network-hostile",
        "network-udp",
    ] {
        let (file, report) = of(name);
        let read = capture::read(&file);
        assert_eq!(read.error, None, "{name}");
        let all = report.arrived.0 + report.packets.sent.0;
        assert_eq!(read.packets.len() as u64, all, "{name}");
        let ordered = read.packets.is_sorted_by_key(|it| it.nanoseconds);
        assert!(ordered, "{name}");
        assert!(
            read.packets
                .iter()
                .all(|it| it.bytes.len() == it.length as usize)
        );
        let comments = comments(&file);
        assert_eq!(comments.len() as u64, all);
        assert!(comments.iter().all(|it| it.ends_with('.')), "{comments:?}");
        let count = |words: &str| comments.iter().filter(|it| it.contains(words)).count() as u64;
        assert_eq!(count("has left"), report.packets.sent.0, "{name}");
        assert_eq!(count("lies in frame"), report.packets.delivered.0, "{name}");
        assert_eq!(
            count("message handler"),
            report.packets.consumed.0,
            "{name}"
        );
        let dropped: u64 = report.packets.dropped.iter().map(|it| it.packets.0).sum();
        assert_eq!(count("drop"), dropped, "{name}");
    }
}

#[test]
fn what_the_link_loses_is_there_with_its_bytes() {
    let (file, _) = of("network-lossy");
    let read = capture::read(&file);
    let lost = comments(&file).into_iter().zip(&read.packets);
    let lost: Vec<_> = lost
        .filter(|(text, _)| text.contains("lose") || text.contains("lost"))
        .collect();
    assert!(!lost.is_empty());
    // From the server's hardware address: what comes in is lost before it is seen.
    let server = [2, 0, 0, 0, 0, 1];
    assert!(lost.iter().all(|(_, it)| it.bytes[6..12] == server));
}

#[test]
fn a_window_has_its_packets_only_and_those_that_waited_when_it_began() {
    let mut run = shipped("network-ping");
    run.session.run_slice(u64::MAX);
    let end = run.session.machine().position();
    let middle = end.retired / 2;
    let mut counts = Vec::new();
    for (from, to) in [(0, Some(middle)), (middle, None), (0, None)] {
        let position = |retired| exo_core::ids::Position { retired, event: 0 };
        let options = Options {
            from: position(from),
            to: to.map(position),
            ..Options::default()
        };
        let mut file = Vec::new();
        export(&mut run.session, Format::Pcapng, &options, &mut file).unwrap();
        counts.push(capture::read(&file).packets.len());
    }
    assert!(counts[0] > 0 && counts[1] > 0, "{counts:?}");
    // One that waited is in both.
    assert!(
        (counts[2]..=counts[2] + 1).contains(&(counts[0] + counts[1])),
        "{counts:?}"
    );
}
