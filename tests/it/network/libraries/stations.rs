//! Libraries against a whole TCP/IP of somebody else's, on a link that is perfect and on one that is not.

use std::net::Ipv4Addr;
use std::sync::Arc;

use exo_core::event::Silent;
use exo_core::hw::LinkConfig;
use exo_core::machine::{EnvironmentConfig, Machine};
use exo_peers::config::Kind;
use exo_peers::{Clock, End, Outcome, PeerConfig, Report, Segment};

use super::files::{LARGE_BYTES, PAGE, large};
use super::rig::{EMPTY, finish_quietly, lossy, machine, responder, server};

/// A peer of a kind, which begins when libraries are set up: a disk that is written to takes its time.
pub fn peer(kind: Kind) -> PeerConfig {
    let mut peer = PeerConfig::new(kind, Clock::DECSTATION);
    peer.start = 25_000_000;
    // On a link that loses, what is asked once is not always answered.
    peer.tries = 12;
    peer
}

/// A peer that fetches a file so many times.
pub fn fetch(path: &str, count: u64) -> PeerConfig {
    let mut peer = peer(Kind::Http);
    peer.path = path.to_owned();
    peer.count = Some(count);
    peer.timeout = 25_000_000 * 300;
    peer
}

/// A peer at another address.
pub fn at(number: u8, mut peer: PeerConfig) -> PeerConfig {
    peer.address = Ipv4Addr::new(10, 0, 0, number);
    peer.mac = [2, 0, 0, 0, 0, number];
    peer
}

/// Runs libraries and peers until nothing is due. Gives how the peers got on.
pub fn met(
    environments: Vec<EnvironmentConfig>,
    peers: &[PeerConfig],
    link: LinkConfig,
    seed: u64,
) -> (Machine, Vec<Report>) {
    let load = |_: &str| Err("no file".to_owned());
    let segment = Segment::of(peers, Clock::DECSTATION, &load).unwrap();
    let segment = Arc::new(segment);
    let mut machine = machine(environments, segment.clone(), link, seed);
    finish_quietly(&mut machine);
    let nic = machine.hardware().nic.as_ref().unwrap();
    let (heard, polled) = nic.heard();
    let reports = segment.reports(heard, polled);
    (machine, reports)
}

/// All went well, to the last one.
pub fn finished(reports: &[Report]) {
    for report in reports {
        assert_eq!(report.outcome, Outcome::Finished, "{report:?}");
    }
}

#[test]
fn a_station_pings_echoes_and_asks_for_names_on_a_perfect_link() {
    let peers = [peer(Kind::Ping), peer(Kind::UdpEcho), peer(Kind::Dns)];
    let (_, reports) = met(vec![responder()], &peers, LinkConfig::default(), 1);
    finished(&reports);
    assert_eq!(
        reports.iter().map(|it| it.replies).collect::<Vec<_>>(),
        [4, 3, 1]
    );
    assert!(reports.iter().all(|it| it.sent_again == 0 && it.wrong == 0));
}

#[test]
fn a_station_echoes_and_asks_for_names_on_a_lossy_link_until_it_has_every_reply() {
    let mut again = 0;
    for seed in 1..=8 {
        let mut echo = peer(Kind::UdpEcho);
        echo.count = Some(40);
        let (_, reports) = met(vec![responder()], &[echo, peer(Kind::Dns)], lossy(), seed);
        finished(&reports);
        assert_eq!(reports[0].replies, 40);
        again += reports[0].sent_again;
    }
    assert!(again > 0, "nothing was lost at all");
}

#[test]
fn a_station_fetches_both_files_on_a_perfect_link_and_each_byte_is_right() {
    let peers = [fetch("/", 1), at(3, fetch("/large", 2))];
    let (machine, reports) = met(vec![server()], &peers, LinkConfig::default(), 1);
    finished(&reports);
    assert_eq!(reports[0].bytes, PAGE.len() as u64);
    assert_eq!(reports[0].hash, exo_peers::peer::hash(PAGE));
    assert_eq!(reports[1].bytes, 2 * u64::from(LARGE_BYTES));
    assert_eq!(reports[1].hash, exo_peers::peer::hash(&large()));
    // Each block came from the disk once, however often it was sent.
    let counters = machine
        .environment(exo_core::ids::EnvId(0))
        .unwrap()
        .counters;
    assert_eq!((counters.disk_writes, counters.disk_reads), (26, 26));
}

#[test]
fn a_station_fetches_the_large_file_on_a_lossy_link_whatever_the_seed() {
    for seed in 1..=10 {
        let (_, reports) = met(vec![server()], &[fetch("/large", 1)], lossy(), seed);
        finished(&reports);
        assert_eq!(
            reports[0].hash,
            exo_peers::peer::hash(&large()),
            "seed {seed}"
        );
    }
}

#[test]
fn several_stations_fetch_ping_echo_and_ask_at_once_on_a_lossy_link() {
    for seed in 1..=3 {
        let mut echo = peer(Kind::UdpEcho);
        let mut ping = peer(Kind::Ping);
        (echo.count, ping.count) = (Some(20), Some(20));
        let peers = [
            fetch("/large", 2),
            at(3, fetch("/large", 2)),
            at(4, fetch("/", 5)),
            at(5, echo),
            at(6, peer(Kind::Dns)),
            at(7, ping),
        ];
        let (_, reports) = met(vec![server()], &peers, lossy(), seed);
        finished(&reports);
        assert_eq!((reports[3].replies, reports[5].replies), (20, 20));
    }
}

#[test]
fn more_stations_than_there_is_room_for_connections_are_all_served_in_the_end() {
    let peers: Vec<PeerConfig> = (2..11).map(|it| at(it, fetch("/large", 2))).collect();
    let (_, reports) = met(vec![server()], &peers, LinkConfig::default(), 1);
    finished(&reports);
    assert!(reports.iter().all(|it| it.replies == 2));
}

#[test]
fn a_copy_from_the_midst_of_a_fetch_comes_to_the_same_end() {
    let load = |_: &str| Err("no file".to_owned());
    let segment = Segment::of(&[fetch("/large", 1)], Clock::DECSTATION, &load).unwrap();
    let mut machine = machine(vec![server()], Arc::new(segment), lossy(), 3);
    let mut copies = Vec::new();
    for _ in 0..8 {
        let until = machine.position().retired + 120_000;
        machine.run(until, &[&EMPTY], &mut Silent);
        copies.push(machine.clone());
    }
    finish_quietly(&mut machine);
    // The oldest one last: the other end goes back in time with it.
    for mut copy in copies.into_iter().rev() {
        finish_quietly(&mut copy);
        assert_eq!(copy.state_digest(), machine.state_digest());
    }
}

#[test]
fn the_same_seed_makes_the_same_run_and_another_seed_another() {
    let run = |seed| {
        let (machine, reports) = met(vec![server()], &[fetch("/large", 1)], lossy(), seed);
        (machine.state_digest(), machine.cycles(), reports)
    };
    assert_eq!(run(5), run(5));
    assert_ne!(run(5).0, run(6).0);
}

#[test]
fn a_path_that_is_not_there_is_not_found() {
    let (_, reports) = met(
        vec![server()],
        &[fetch("/nowhere", 1)],
        LinkConfig::default(),
        1,
    );
    let Outcome::Failed(why) = &reports[0].outcome else {
        panic!("{:?}", reports[0]);
    };
    assert!(why.contains("404"), "{why}");
}
