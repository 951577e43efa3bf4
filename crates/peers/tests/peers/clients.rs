//! Clients do what they say, are told apart from those that fail, and are the same when time goes back.

use exo_core::wire::{Heard, Wire};
use exo_peers::peer::hash;
use exo_peers::{Clock, End, Outcome, PeerConfig, Report, Segment};

use crate::link::{Faults, Link};
use crate::server::{FILE_BYTES, Manner, file, server};

const CLOCK: Clock = Clock::DECSTATION;
/// Ten minutes.
const END: u64 = 25_000_000 * 600;

/// Peers from lines of `key value` pairs, with commas in between.
fn peers(lines: &[&[(&str, &str)]]) -> Segment {
    let configs = lines.iter().map(|pairs| PeerConfig::parse(pairs, CLOCK));
    let configs: Vec<PeerConfig> = configs.map(Result::unwrap).collect();
    let none = |name: &str| Err(format!("{name} is not there"));
    Segment::of(&configs, CLOCK, &none).unwrap()
}

fn run(lines: &[&[(&str, &str)]], manner: Manner, faults: Faults, seed: u64) -> Link {
    let mut link = Link::new(
        Box::new(peers(lines)),
        Box::new(server(manner)),
        faults,
        seed,
    );
    link.run(END);
    link
}

fn only(link: &Link) -> Report {
    let mut reports = link.reports();
    assert_eq!(reports.len(), 1);
    reports.remove(0)
}

fn failed(report: &Report) -> &str {
    match &report.outcome {
        Outcome::Failed(why) => why,
        other => panic!("{other}"),
    }
}

#[test]
fn a_ping_counts_its_replies_and_how_long_they_took() {
    let ping: &[(&str, &str)] = &[("kind", "ping"), ("count", "5"), ("interval", "1ms")];
    let report = only(&run(&[ping], Manner::Right, Faults::default(), 1));
    assert_eq!(report.outcome, Outcome::Finished);
    assert_eq!((report.sent, report.replies, report.bytes), (5, 5, 280));
    assert_eq!((report.repeated, report.wrong), (0, 0));
    // There and back, and for the first one the question for the address before that.
    assert_eq!(
        (report.round_trips.min, report.round_trips.max),
        (500, 1000)
    );
}

#[test]
fn datagrams_of_every_size_come_back_as_they_were() {
    let sizes = "0, 1, 7, 8, 18, 512, 1471, 1472";
    let echo: &[(&str, &str)] = &[("kind", "udp-echo"), ("count", "64"), ("size", sizes)];
    let report = only(&run(&[echo], Manner::Right, Faults::default(), 1));
    assert_eq!(report.outcome, Outcome::Finished);
    assert_eq!((report.sent, report.replies), (64, 64));
    assert_eq!(report.bytes, 8 * (1 + 7 + 8 + 18 + 512 + 1471 + 1472));
}

#[test]
fn a_changed_byte_is_noticed() {
    let echo: &[(&str, &str)] = &[("kind", "udp-echo"), ("count", "9"), ("interval", "1ms")];
    let dns: &[(&str, &str)] = &[
        ("kind", "dns"),
        ("count", "9"),
        ("interval", "1ms"),
        ("tries", "1"),
    ];
    for peer in [echo, dns] {
        let report = only(&run(&[peer], Manner::ChangesBytes, Faults::default(), 1));
        assert_eq!((report.replies, report.wrong), (6, 3), "{}", report.name);
        let why = "3 of 9 requests had no reply, and 3 replies were wrong";
        assert_eq!(failed(&report), why);
    }
}

#[test]
fn a_name_server_is_asked_again_until_it_answers() {
    let dns: &[(&str, &str)] = &[
        ("kind", "dns"),
        ("count", "40"),
        ("names", "exo.test, a.b.c"),
        ("timeout", "20ms"),
        ("tries", "50"),
    ];
    let faults = Faults {
        lost: 300,
        ..Faults::default()
    };
    let report = only(&run(&[dns], Manner::Right, faults, 3));
    assert_eq!(report.outcome, Outcome::Finished);
    assert_eq!((report.sent, report.replies), (40, 40));
    assert!(report.sent_again > 10);
}

#[test]
fn a_file_arrives_whole_whatever_the_link_does_to_its_frames() {
    let get: &[(&str, &str)] = &[("kind", "http"), ("path", "/file"), ("timeout", "200s")];
    let links = [
        Faults::default(),
        Faults {
            lost: 50,
            ..Faults::default()
        },
        Faults {
            doubled: 200,
            ..Faults::default()
        },
        Faults {
            delay: 50_000,
            ..Faults::default()
        },
        Faults {
            lost: 30,
            doubled: 50,
            delay: 20_000,
        },
    ];
    for (seed, faults) in (0..).zip(links) {
        let report = only(&run(&[get], Manner::Right, faults, seed));
        assert_eq!(report.outcome, Outcome::Finished, "{faults:?}");
        assert_eq!((report.replies, report.bytes), (1, FILE_BYTES as u64));
        assert_eq!(report.hash, hash(&file()));
    }
}

#[test]
fn files_are_fetched_one_after_the_other() {
    let get: &[(&str, &str)] = &[("kind", "http"), ("count", "3"), ("interval", "2s")];
    let report = only(&run(&[get], Manner::Right, Faults::default(), 1));
    assert_eq!(report.outcome, Outcome::Finished);
    assert_eq!((report.sent, report.replies), (3, 3));
    assert_eq!(report.bytes, 3 * FILE_BYTES as u64);
}

#[test]
fn why_a_fetch_failed_is_said() {
    let get: &[(&str, &str)] = &[("kind", "http"), ("timeout", "5s")];
    let reasons = [
        (
            Manner::SaysMore,
            "the answer has 102400 bytes and was said to have 102401",
        ),
        (
            Manner::BreaksOff,
            "the server broke the connection off behind ",
        ),
        (Manner::FallsSilent, "the server fell silent behind "),
    ];
    for (manner, why) in reasons {
        let report = only(&run(&[get], manner, Faults::default(), 1));
        assert!(failed(&report).starts_with(why), "{}", report.outcome);
        assert_eq!(report.replies, 0);
    }
    let closed: &[(&str, &str)] = &[("kind", "http"), ("port", "81")];
    let report = only(&run(&[closed], Manner::Right, Faults::default(), 1));
    assert_eq!(failed(&report), "the server refused the connection");
    let nobody: &[(&str, &str)] = &[("kind", "http"), ("target", "10.0.0.77"), ("timeout", "5s")];
    let report = only(&run(&[nobody], Manner::Right, Faults::default(), 1));
    assert_eq!(failed(&report), "no connection came about in time");
}

#[test]
fn where_nobody_answers_all_comes_to_an_end() {
    let lines: [&[(&str, &str)]; 4] = [
        &[("kind", "ping"), ("target", "10.0.0.77")],
        &[("kind", "udp-echo"), ("target", "10.0.0.77")],
        &[("kind", "dns"), ("target", "10.0.0.77")],
        &[("kind", "http"), ("target", "10.0.0.77"), ("count", "2")],
    ];
    let link = run(&lines, Manner::Right, Faults::default(), 1);
    for report in link.reports() {
        assert_eq!(report.replies, 0);
        failed(&report);
    }
    let side = &link.sides[0];
    assert_eq!(side.end.due_cycles(&side.heard, side.polled), None);
    // Two fetches of 30 seconds each are the last.
    assert!(side.polled < Some(25_000_000 * 65), "{:?}", side.polled);
}

#[test]
fn several_run_at_one_address_and_at_addresses_of_their_own() {
    let lines: [&[(&str, &str)]; 6] = [
        &[("kind", "ping"), ("interval", "1ms")],
        &[("kind", "udp-echo")],
        &[("kind", "http"), ("address", "10.0.0.3")],
        &[("kind", "dns")],
        &[("kind", "http"), ("address", "10.0.0.4")],
        &[("kind", "ping"), ("interval", "1ms"), ("size", "1000")],
    ];
    let link = run(&lines, Manner::Right, Faults::default(), 1);
    let reports = link.reports();
    assert_eq!(reports.len(), 6);
    for report in &reports {
        assert_eq!(report.outcome, Outcome::Finished, "{}", report.name);
        assert!(report.replies > 0 && report.replies == report.sent);
    }
    // Two computers asked for one address, and a third.
    let asked = link.sides[0]
        .sent
        .iter()
        .filter(|(_, it)| it[12..14] == [8, 6]);
    let mut askers: Vec<u8> = asked.map(|(_, it)| it[11]).collect();
    askers.sort();
    askers.dedup();
    assert_eq!(askers, [2, 3, 4]);
}

#[test]
fn frames_are_never_shorter_than_those_of_ethernet() {
    let echo: &[(&str, &str)] = &[("kind", "udp-echo"), ("size", "0")];
    let link = run(&[echo], Manner::Right, Faults::default(), 1);
    assert!(
        link.sides[0]
            .sent
            .iter()
            .all(|(_, frame)| frame.len() >= 60)
    );
}

#[test]
fn a_datagram_goes_back_and_forth_as_soon_as_it_arrives() {
    let client: &[(&str, &str)] = &[("kind", "ping-pong"), ("count", "100")];
    let reflector: &[(&str, &str)] = &[
        ("kind", "reflector"),
        ("address", "10.0.0.1"),
        ("target", "10.0.0.2"),
        ("delay", "1000"),
    ];
    let (one, other) = (peers(&[client]), peers(&[reflector]));
    let mut link = Link::new(Box::new(one), Box::new(other), Faults::default(), 1);
    link.run(END);
    let report = only(&link);
    assert_eq!(report.outcome, Outcome::Finished);
    assert_eq!(
        (report.sent, report.replies, report.bytes),
        (100, 100, 1800)
    );
    assert_eq!(
        (report.round_trips.min, report.round_trips.max),
        (1500, 1500)
    );
    assert!(
        link.sides[0]
            .sent
            .iter()
            .all(|(_, frame)| frame.len() == 60)
    );
    // The last reply is the last thing that happens.
    assert_eq!(link.sides[0].polled, Some(100 * 1500));
}

#[test]
fn a_reflector_is_found_by_those_who_ask_for_its_address() {
    let client: &[(&str, &str)] = &[("kind", "udp-echo"), ("size", "18, 700")];
    let reflector: &[(&str, &str)] = &[
        ("kind", "reflector"),
        ("address", "10.0.0.1"),
        ("target", "10.0.0.2"),
    ];
    let (one, other) = (peers(&[client]), peers(&[reflector]));
    let mut link = Link::new(Box::new(one), Box::new(other), Faults::default(), 1);
    link.run(END);
    assert_eq!(only(&link).outcome, Outcome::Finished);
    let other = &link.sides[1];
    assert_eq!(other.end.reports(&other.heard, other.polled)[0].sent, 3);
}

#[test]
fn a_computer_with_connections_under_way_is_the_same_when_time_goes_back() {
    let lines: [&[(&str, &str)]; 3] = [
        &[("kind", "http")],
        &[("kind", "udp-echo"), ("count", "20"), ("interval", "1ms")],
        &[("kind", "flood"), ("address", "10.0.0.9"), ("count", "50")],
    ];
    let faults = Faults {
        lost: 30,
        doubled: 30,
        delay: 20_000,
    };
    let once = run(&lines, Manner::Right, faults, 8);
    let side = &once.sides[0];
    // The same, asked again about moments in any order, with only what had been heard by then.
    let again = peers(&lines);
    let mut times: Vec<u64> = side.sent.iter().map(|(at, _)| *at).collect();
    times.dedup();
    let mut rng = exo_core::rng::Rng::new(4, 4);
    for _ in 0..40 {
        let at = times[rng.below(times.len() as u32) as usize];
        let mut heard = Heard::new();
        for message in side.heard.since(0) {
            if message.at_cycles <= at {
                heard.push(message.at_cycles, message.bytes);
            }
        }
        let expected = side
            .sent
            .iter()
            .filter(|it| it.0 == at)
            .map(|it| it.1.clone());
        let frames = again.poll(&heard, Some(at - 1), at);
        assert_eq!(frames, expected.collect::<Vec<_>>());
    }
    assert_eq!(again.reports(&side.heard, side.polled), once.reports());
}

#[test]
fn hostile_frames_neither_stop_a_computer_nor_what_runs_on_it() {
    let lines: [&[(&str, &str)]; 2] = [
        &[("kind", "ping"), ("interval", "1s"), ("count", "20")],
        &[("kind", "http"), ("start", "1s")],
    ];
    let attack: [&[(&str, &str)]; 2] = [
        &[
            ("kind", "hostile"),
            ("address", "10.0.0.66"),
            ("target", "10.0.0.2"),
            ("interval", "1ms"),
            ("count", "20000"),
        ],
        &[
            ("kind", "mix"),
            ("address", "10.0.0.67"),
            ("target", "10.0.0.2"),
            ("interval", "1ms"),
            ("count", "20000"),
        ],
    ];
    let both: Vec<Box<dyn End>> = vec![Box::new(server(Manner::Right)), Box::new(peers(&attack))];
    let other = Segment::new(both);
    let mut link = Link::new(
        Box::new(peers(&lines)),
        Box::new(other),
        Faults::default(),
        1,
    );
    link.run(END);
    for report in link.reports() {
        assert_eq!(report.outcome, Outcome::Finished, "{}", report.name);
    }
}
