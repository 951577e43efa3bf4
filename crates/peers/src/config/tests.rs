//! What is read from keys and values, and what is said of what cannot be.

use exo_core::wire::{Heard, Wire};

use super::{Kind, PeerConfig};
use crate::clock::Clock;
use crate::segment::Segment;

const CLOCK: Clock = Clock::DECSTATION;

/// Keys with their values.
type Pairs<'run> = &'run [(&'run str, &'run str)];

fn parse(pairs: &[(&str, &str)]) -> Result<PeerConfig, String> {
    PeerConfig::parse(pairs, CLOCK).map_err(|error| error.to_string())
}

fn build(peers: &[&[(&str, &str)]]) -> Result<Segment, String> {
    let peers: Vec<PeerConfig> = peers.iter().map(|it| parse(it).unwrap()).collect();
    let load = |name: &str| match name {
        "empty.pcap" => Ok(Vec::new()),
        "sample.pcap" => Ok(exo_net::sample::CAPTURE.to_vec()),
        _ => Err(format!("{name} is not there")),
    };
    Segment::of(&peers, CLOCK, &load).map_err(|error| error.to_string())
}

#[test]
fn what_is_not_said_is_as_usual() {
    let kinds = super::KINDS
        .iter()
        .filter(|(kind, ..)| *kind != Kind::Capture);
    for (kind, name, _) in kinds {
        let usual = PeerConfig::new(*kind, CLOCK);
        assert_eq!(parse(&[("kind", name)]), Ok(usual));
        assert_eq!(kind.name(), *name);
    }
}

#[test]
fn every_kind_and_every_key_is_in_the_docs() {
    let docs = include_str!("../../../../docs/network.md");
    let key = |it: &str| docs.contains(&format!("`{it}`"));
    for (_, name, keys) in super::KINDS {
        let line = docs
            .lines()
            .find(|it| it.starts_with(&format!("| `{name}` |")));
        let line = line.unwrap_or_else(|| panic!("{name}"));
        for it in *keys {
            assert!(line.contains(&format!("`{it}`")), "{name}: {it}");
        }
    }
    let rest = super::COMMON.iter().filter(|it| **it != "kind");
    rest.for_each(|it| assert!(key(it), "{it}"));
}

#[test]
fn times_may_have_units_and_addresses_bring_hardware_addresses() {
    let peer = parse(&[
        ("kind", "udp-echo"),
        ("address", "10.1.2.3/8"),
        ("target", "10.9.9.9"),
        ("start", "250"),
        ("interval", "3us"),
        ("timeout", "2 ms"),
        ("size", "18,  1472"),
    ]);
    let peer = peer.unwrap();
    assert_eq!(
        (peer.start, peer.interval, peer.timeout),
        (250, Some(75), 50_000)
    );
    assert_eq!(
        (peer.mac, peer.target_mac),
        ([2, 0, 0, 1, 2, 3], [2, 0, 0, 9, 9, 9])
    );
    assert_eq!((peer.prefix, peer.sizes), (8, vec![18, 1472]));
}

/// Descriptions that are wrong, and how the complaint begins.
const WRONG: [(Pairs<'static>, &str); 18] = [
    (&[], "a peer has a kind, one of ping, udp-echo"),
    (
        &[("kind", "pin")],
        "there is no kind of peer \"pin\"; there are ping, ",
    ),
    (
        &[("kind", "ping"), ("path", "/")],
        "a peer of kind ping has no `path`; it has kind, address",
    ),
    (
        &[("kind", "ping"), ("kind", "ping")],
        "a peer has `kind` once, not twice",
    ),
    (
        &[("kind", "ping"), ("count", "0")],
        "`count` is \"0\", and should be a number from 1 on",
    ),
    (
        &[("kind", "http"), ("port", "70000")],
        "`port` is \"70000\", and should be a number from 1 to 65535",
    ),
    (
        &[("kind", "ping"), ("interval", "1 day")],
        "`interval` is \"1 day\", and should be a time that is not 0",
    ),
    (
        &[("kind", "ping"), ("interval", "0")],
        "`interval` is \"0\", and should be a time that is not 0",
    ),
    (
        &[("kind", "ping"), ("size", "1473")],
        "`size` is \"1473\", and should be numbers of bytes, at most 1472",
    ),
    (
        &[("kind", "ping"), ("address", "224.0.0.1")],
        "`address` is \"224.0.0.1\", and should be the IPv4 address of one station",
    ),
    (
        &[("kind", "ping"), ("address", "10.0.0.1")],
        "`address` and `target` are both 10.0.0.1",
    ),
    (
        &[("kind", "ping"), ("target", "10.0.1.1")],
        "the target 10.0.1.1 is not in the network of 10.0.0.2/24",
    ),
    (
        &[("kind", "ping"), ("mac", "ff:ff:ff:ff:ff:ff")],
        "`mac` is \"ff:ff:ff:ff:ff:ff\", and should be the hardware address of one station",
    ),
    (
        &[("kind", "http"), ("path", "a b")],
        "`path` is \"a b\", and should be a path: a slash",
    ),
    (
        &[("kind", "dns"), ("names", "a..b")],
        "`names` is \"a..b\", and should be names such as exo.test",
    ),
    (
        &[("kind", "mix"), ("weights", "tcp 1, ipx 2")],
        "`weights` is \"ipx 2\", and should be protocols with numbers",
    ),
    (
        &[("kind", "hostile"), ("mistakes", "giant, elf")],
        "`mistakes` is \"elf\", and should be some of cut-ethernet",
    ),
    (
        &[("kind", "capture")],
        "a peer of kind capture has a `file`",
    ),
];

#[test]
fn what_is_wrong_is_named_with_what_would_be_right() {
    for (pairs, text) in WRONG {
        let error = parse(pairs).unwrap_err();
        assert!(error.starts_with(text), "{error}");
    }
}

#[test]
fn whole_numbers_up_to_the_largest_do_no_harm() {
    let most = u64::MAX.to_string();
    for unit in ["", "us", "ms", "s"] {
        let time = format!("{most}{unit}");
        for (kind, name, keys) in super::KINDS {
            let mut pairs = vec![("kind", *name), ("start", &time)];
            let timed = ["interval", "timeout", "delay"].into_iter();
            pairs.extend(
                timed
                    .filter(|it| keys.contains(it))
                    .map(|it| (it, &time[..])),
            );
            pairs.extend(keys.contains(&"count").then_some(("count", &most[..])));
            pairs.extend(keys.contains(&"file").then_some(("file", "sample.pcap")));
            let segment = build(&[&pairs]).unwrap();
            let heard = Heard::new();
            let due = segment.due_cycles(&heard, None);
            if let Some(at) = due {
                let frames = segment.poll(&heard, None, at);
                assert!(frames.len() < 100, "{kind:?}");
                let next = segment.due_cycles(&heard, due);
                assert!(next.is_none() || next > due);
            }
        }
    }
}

#[test]
fn peers_that_do_not_fit_together_are_refused_with_their_place() {
    let wrong: [(&[Pairs<'_>], &str); 5] = [
        (
            &[&[("kind", "capture"), ("file", "x.pcap")]],
            "peer 1 (capture): x.pcap is not there",
        ),
        (
            &[
                &[("kind", "ping")],
                &[("kind", "capture"), ("file", "empty.pcap")],
            ],
            "peer 2 (capture): empty.pcap: the capture is empty",
        ),
        (
            &[
                &[("kind", "ping")],
                &[("kind", "dns"), ("mac", "02:00:00:00:00:07")],
            ],
            "peer 2 (dns): it is at 10.0.0.2, which has another hardware address or network already",
        ),
        (
            &[
                &[("kind", "udp-echo"), ("from-port", "9")],
                &[("kind", "dns"), ("from-port", "9")],
            ],
            "peer 2 (dns): port 9 of 10.0.0.2 is another peer's already",
        ),
        (
            &[
                &[("kind", "ping")],
                &[
                    ("kind", "dns"),
                    ("address", "10.0.0.3"),
                    ("mac", "02:00:00:00:00:02"),
                ],
            ],
            "peer 2 (dns): its hardware address is that of 10.0.0.2",
        ),
    ];
    for (peers, text) in wrong {
        let error = build(peers).unwrap_err();
        assert!(error.starts_with(text), "{error}");
    }
}

#[test]
fn the_identity_depends_on_every_key_and_on_what_files_hold() {
    let identity = |peers: &[&[(&str, &str)]]| build(peers).unwrap().identity();
    let one = identity(&[&[("kind", "ping")]]);
    assert_eq!(one, identity(&[&[("kind", "ping"), ("count", "4")]]));
    assert_ne!(one, identity(&[&[("kind", "ping"), ("count", "5")]]));
    assert_ne!(
        one,
        identity(&[
            &[("kind", "ping")],
            &[("kind", "reflector"), ("address", "10.0.0.3")]
        ])
    );
    let capture = identity(&[&[("kind", "capture"), ("file", "sample.pcap")]]);
    assert_ne!(
        capture,
        identity(&[&[
            ("kind", "capture"),
            ("file", "sample.pcap"),
            ("speed", "1/10")
        ]])
    );
}
