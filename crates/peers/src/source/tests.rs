//! Sources are functions of the time alone, and hostile frames are wrong as they are said to be.

use exo_core::wire::{Heard, Wire};
use exo_net::frames::Mac;
use exo_net::{capture, decode};

use super::capture::replay;
use super::hostile::{hostile, names};
use super::mix::{Mix, mix};
use super::{Ends, Source, Times};
use crate::clock::Clock;
use crate::peer::Outcome;
use crate::wire::End;

const MAC: Mac = [2, 0, 0, 0, 0, 2];
const TARGET_MAC: Mac = [2, 0, 0, 0, 0, 1];

fn ends() -> Ends {
    Ends {
        mac: MAC,
        address: [10, 0, 0, 2].into(),
        target_mac: TARGET_MAC,
        target: [10, 0, 0, 1].into(),
    }
}

fn numbers(times: Times) -> Source {
    let frames = |number: u64| number.to_be_bytes().to_vec();
    Source::new(1, "numbers".to_owned(), times, Box::new(frames))
}

/// All that a source sends, from moment to moment.
fn all(source: &Source) -> Vec<(u64, Vec<Vec<u8>>)> {
    let (heard, mut polled, mut sent) = (Heard::new(), None, Vec::new());
    while let Some(at) = source.due_cycles(&heard, polled) {
        assert!(Some(at) > polled);
        sent.push((at, source.poll(&heard, polled, at)));
        polled = Some(at);
    }
    assert_eq!(source.reports(&heard, polled)[0].outcome, Outcome::Finished);
    sent
}

#[test]
fn frames_come_at_their_rate_and_end_when_there_are_no_more() {
    let source = numbers(Times::Rate {
        start: 0,
        interval: 7,
        count: Some(3),
    });
    let number = |it: u64| vec![it.to_be_bytes().to_vec()];
    assert_eq!(
        all(&source),
        [(0, number(0)), (7, number(1)), (14, number(2))]
    );
    let endless = numbers(Times::Rate {
        start: 5,
        interval: 10,
        count: None,
    });
    let heard = Heard::new();
    let due = |polled| endless.due_cycles(&heard, polled);
    assert_eq!(
        (due(None), due(Some(4)), due(Some(5))),
        (Some(5), Some(5), Some(15))
    );
    assert_eq!(due(Some(u64::MAX)), None);
    assert_eq!(endless.poll(&heard, Some(4), 25).len(), 3);
    assert_eq!(endless.reports(&heard, Some(25))[0].sent, 3);
}

#[test]
fn several_may_come_at_one_time() {
    let source = numbers(Times::List(vec![3, 3, 9]));
    let counts: Vec<_> = all(&source)
        .iter()
        .map(|(at, it)| (*at, it.len()))
        .collect();
    assert_eq!(counts, [(3, 2), (9, 1)]);
}

#[test]
fn a_capture_comes_at_its_own_times_or_as_much_faster_as_is_said() {
    // Packets a millisecond apart.
    let frames: [&[u8]; 3] = [&[1; 60], &[2; 61], &[3; 62]];
    let bytes = capture::write(frames);
    let read = capture::read(&bytes);
    for (speed, times) in [
        ((1, 1), [100, 25_100, 50_100]),
        ((5, 1), [100, 5_100, 10_100]),
        ((1, 2), [100, 50_100, 100_100]),
    ] {
        let (found, make) = replay(&read, 100, speed, Clock::DECSTATION);
        assert_eq!(found, Times::List(times.to_vec()));
        assert_eq!([0, 1, 2].map(&make), frames.map(<[u8]>::to_vec));
    }
}

#[test]
fn a_mixture_has_all_that_it_should_in_proportion_and_nothing_wrong_in_it() {
    let settings = Mix {
        weights: [4, 3, 2, 1],
        flows: 5,
        port: 9,
        size: 100,
        seed: 3,
    };
    let make = mix(ends(), settings);
    let mut counts = [0; 4];
    for number in 0..2000 {
        let frame = make(number);
        assert_eq!(frame, make(number));
        let line = decode::summary(&frame);
        assert!(!line.contains(';'), "{line}");
        let kind = ["TCP", "UDP", "ICMP", "ARP"]
            .iter()
            .position(|it| line.starts_with(it));
        counts[kind.unwrap()] += 1;
    }
    for (count, right) in counts.into_iter().zip([800_i32, 600, 400, 200]) {
        assert!((right - 100..right + 100).contains(&count), "{counts:?}");
    }
    let others = Mix {
        seed: 4,
        ..settings
    };
    assert_ne!(mix(ends(), others)(0), make(0));
}

#[test]
fn every_mistake_is_seen_in_its_frames() {
    let random_ones = ["random", "unknown-type"];
    for name in names().filter(|it| !random_ones.contains(it)) {
        let make = hostile(ends(), 1, &[name.to_owned()]);
        for number in 0..50 {
            let frame = make(number);
            assert_eq!(frame, make(number));
            assert!(!frame.is_empty());
            let line = decode::summary(&frame);
            let seen = match name {
                "runt" => frame.len() < 60,
                "giant" => frame.len() > 1514,
                "first-fragment" | "overlapping-fragment" | "fragment-beyond-the-end" => {
                    let fragment = u16::from_be_bytes([frame[20], frame[21]]);
                    assert!(!line.contains(';'), "{name}: {line}");
                    fragment & 0x3fff != 0
                }
                "from-itself" => line.contains("10.0.0.1:80 > 10.0.0.1:80 [SYN]"),
                "from-all" => line.contains("255.255.255.255:"),
                _ => line.contains(';'),
            };
            assert!(seen, "{name} {number}: {line}");
        }
    }
}

#[test]
fn without_names_all_mistakes_come_in_turn() {
    let make = hostile(ends(), 7, &[]);
    let count = names().count() as u64;
    assert!(count > 15);
    for (at, name) in (0..).zip(names()) {
        let first = decode::summary(&make(at));
        assert!(!first.is_empty(), "{name}");
    }
    // The giants are where they should be.
    let giant = names().position(|it| it == "giant").unwrap() as u64;
    assert!(make(giant).len() > 1514 && make(giant + count).len() > 1514);
}
