//! Libraries side by side on one network interface.

use std::net::Ipv4Addr;
use std::sync::Arc;

use exo_core::event::Event;
use exo_core::hw::LinkConfig;
use exo_core::ids::EnvId;
use exo_peers::PeerConfig;
use exo_peers::config::Kind;

use super::rig::{ash, finish, heard, lossy, machine, polled, responder, server};
use super::script::{Script, asks, datagram};
use super::stations::{at, fetch, finished, met, peer};

/// The stack that is polled, and the owner of message handlers.
const POLLED: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 16);
const ASH: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 32);

/// An echo of so many datagrams from a library, whose hardware address is asked for.
fn echo(number: u8, target: Ipv4Addr, count: u64) -> PeerConfig {
    let mut echo = at(number, peer(Kind::UdpEcho));
    (echo.target, echo.count) = (target, Some(count));
    // The one that polls is patient for five seconds only.
    echo.start = 2_000_000;
    echo
}

#[test]
fn a_stack_that_polls_echoes_beside_one_that_is_told_and_neither_hears_of_the_other() {
    let peers = [
        echo(2, Ipv4Addr::new(10, 0, 0, 1), 20),
        echo(3, POLLED, 20),
        at(4, peer(Kind::Ping)),
    ];
    let both = vec![responder(), polled()];
    let (machine, reports) = met(both, &peers, LinkConfig::default(), 1);
    finished(&reports);
    let network = machine.kernel().network.as_ref().unwrap();
    for env in [EnvId(0), EnvId(1)] {
        let delivered: u64 = network.of(env).map(|(_, it)| it.counts.delivered).sum();
        assert!(delivered >= 20, "{delivered}");
        let dropped = network.of(env).flat_map(|(_, it)| it.counts.dropped);
        assert_eq!(dropped.sum::<u64>(), 0);
    }
}

#[test]
fn three_libraries_share_one_interface_on_a_lossy_link() {
    for seed in 1..=3 {
        let peers = [
            fetch("/large", 1),
            at(3, peer(Kind::Dns)),
            echo(4, POLLED, 20),
            echo(5, ASH, 20),
        ];
        let all = vec![server(), polled(), ash()];
        let (_, reports) = met(all, &peers, lossy(), seed);
        finished(&reports);
    }
}

#[test]
fn a46_an_address_that_is_claimed_cannot_be_claimed_by_another_library() {
    let wire = Script::paced(1_000_000, 100_000, vec![]);
    let mut machine = machine(
        vec![responder(), responder()],
        Arc::new(wire),
        LinkConfig::default(),
        1,
    );
    let events = finish(&mut machine);
    let overlap = exo_core::error::SysError::Overlap;
    let refused = events.iter().filter(
        |it| matches!(it.event, Event::Refused { env: EnvId(1), error, .. } if error == overlap),
    );
    assert_eq!(refused.count(), 1);
    let said = super::rig::logged(&events, EnvId(1));
    assert_eq!(said.len(), 1, "the second one says that it cannot serve");
}

#[test]
fn each_library_answers_for_its_own_address_and_no_other() {
    let own = [1, 16, 32].map(|last| Ipv4Addr::new(10, 0, 0, last));
    let sent = own
        .iter()
        .flat_map(|it| [asks(*it), datagram(*it, 7, b"hello")]);
    let wire = Script::paced(3_000_000, 500_000, sent);
    let mut machine = machine(
        vec![responder(), polled(), ash()],
        Arc::new(wire),
        LinkConfig::default(),
        1,
    );
    finish(&mut machine);
    let from: Vec<(u8, [u8; 2])> = heard(&machine)
        .iter()
        .map(|it| (it.bytes[11], [it.bytes[12], it.bytes[13]]))
        .collect();
    let each = |last| [(last, [8, 6]), (last, [8, 0])];
    assert_eq!(from, [each(1), each(16), each(32)].concat());
}
