//! Message handlers in the kernel: an echo that waits for nobody, and payloads that are where they belong.

use std::net::Ipv4Addr;
use std::sync::Arc;

use exo_core::event::{Event, NetworkFact, Stamped};
use exo_core::hw::LinkConfig;
use exo_core::ids::{EnvId, Fate};
use exo_core::machine::{EnvironmentConfig, Machine};

use super::rig::{ash, busy, config, finish, heard, logged, machine, responder};
use super::script::{PEER, Script, asks, check, datagram};

const ASH: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 32);
const A: EnvId = EnvId(0);

fn told(sent: Vec<Vec<u8>>, gap: u64) -> (Machine, Vec<Stamped>) {
    let wire = Script::paced(1_000_000, gap, sent);
    let mut machine = machine(vec![ash()], Arc::new(wire), LinkConfig::default(), 1);
    let events = finish(&mut machine);
    (machine, events)
}

/// What handlers decided, in order.
fn fates(events: &[Stamped]) -> Vec<Fate> {
    let all = events.iter().filter_map(|it| match it.event {
        Event::Network {
            fact: NetworkFact::HandlerRan { fate, .. },
            ..
        } => Some(fate),
        Event::Network {
            fact: NetworkFact::HandlerStopped { trap, fuel, .. },
            ..
        } => panic!("stopped after {fuel} instructions: {trap:?}"),
        _ => None,
    });
    all.collect()
}

fn contents(length: u32) -> Vec<u8> {
    (0..length).map(|it| (it * 3 + it / 256) as u8).collect()
}

#[test]
fn a50_a_datagram_is_sent_back_in_the_kernel_without_its_owner() {
    for length in [0, 1, 2, 3, 4, 61, 1_471, 1_472] {
        let (machine, events) = told(vec![datagram(ASH, 7, &contents(length))], 1);
        assert_eq!(fates(&events), [Fate::Done], "{length} bytes");
        let heard = heard(&machine);
        assert_eq!(heard.len(), 1);
        let frame = &heard[0].bytes;
        assert_eq!(frame[..12], [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 0x20]);
        assert_eq!(exo_net::frames::checksum(&[&frame[14..34]]), 0);
        assert_eq!(check((ASH, PEER), 17, &frame[34..]), 0);
        assert_eq!(frame[42..], contents(length));
        let upcalls = events.iter().filter(|it| {
            let packets = exo_core::cpu::Entry::Packets;
            matches!(it.event, Event::Notified { env: A, upcall, .. } if upcall == packets)
        });
        assert_eq!(upcalls.count(), 0, "its owner was not told");
    }
}

#[test]
fn a50_a_datagram_with_a_wrong_checksum_is_neither_sent_back_nor_counted() {
    let mut wrong = [datagram(ASH, 7, b"wrong"), datagram(ASH, 9, b"wrong")];
    wrong.iter_mut().for_each(|frame| frame[44] ^= 1);
    let (machine, events) = told(wrong.to_vec(), 100_000);
    assert_eq!(fates(&events), [Fate::Done; 2]);
    assert_eq!(heard(&machine).len(), 0);
    assert_eq!(logged(&events, A).len(), 0);
}

/// What pairs of bytes of a payload add up to, the lowest first, with carries added at the other end.
fn sum(bytes: &[u8]) -> u64 {
    let pairs = bytes.chunks(2).map(|it| {
        let high = it.get(1).copied().unwrap_or(0);
        u64::from(u16::from_le_bytes([it[0], high]))
    });
    let sum: u64 = pairs.sum();
    let once = (sum & 0xffff) + (sum >> 16);
    (once & 0xffff) + (once >> 16)
}

#[test]
fn a50_payloads_are_put_into_pages_of_their_owner_which_hears_of_them_in_order() {
    let lengths = [5, 1_472, 0, 100, 999, 64, 3];
    let mut sent = vec![asks(ASH)];
    sent.extend(lengths.map(|it| datagram(ASH, 9, &contents(it))));
    let (_, events) = told(sent, 200_000);
    assert_eq!(fates(&events), [Fate::Wake; 7]);
    let expected = lengths.map(|it| [u64::from(it), sum(&contents(it)), 0]);
    assert_eq!(logged(&events, A), expected);
}

#[test]
fn a50_payloads_that_come_all_at_once_are_all_heard_of_or_left_to_the_ring() {
    let sent = (0..12).map(|it| datagram(ASH, 9, &contents(it * 4)));
    let (machine, events) = told(sent.collect(), 1);
    let heard_of = logged(&events, A).len() as u64;
    let network = machine.kernel().network.as_ref().unwrap();
    let left: u64 = network
        .of(A)
        .map(|(_, it)| it.counts.delivered + it.counts.dropped.iter().sum::<u64>())
        .sum();
    assert_eq!(heard_of + left, 12);
    assert!(heard_of >= 4);
}

/// How long each of ten replies took, while another environment uses up long slices.
fn delays(library: EnvironmentConfig, address: Ipv4Addr) -> Vec<u64> {
    // Odd distances, so that packets come at different places of a slice.
    let times = (0..11).map(|number| 1_000_000 + number * 777_777);
    let first = (500_000, asks(address));
    let sent = times.map(|at| (at, datagram(address, 7, b"how long?")));
    let wire = Script([first].into_iter().chain(sent.clone()).collect());
    let link = LinkConfig::default();
    let mut config = config(vec![library, busy()], Arc::new(wire), link, 1);
    config.slice_references = 200_000;
    let mut machine = Machine::new(config).unwrap();
    finish(&mut machine);
    let replies = heard(&machine);
    let replies = replies.iter().filter(|it| it.bytes[12..14] == [8, 0]);
    let taken: Vec<u64> = replies
        .zip(sent)
        .map(|(reply, (at, _))| reply.at_cycles - at)
        .collect();
    assert_eq!(taken.len(), 11);
    taken[1..].to_vec()
}

#[test]
fn a50_a_reply_of_a_handler_waits_for_nobody_and_one_of_a_library_until_it_runs() {
    let handler = delays(ash(), ASH);
    let library = delays(responder(), Ipv4Addr::new(10, 0, 0, 1));
    let (least, most) = (handler.iter().min().unwrap(), handler.iter().max().unwrap());
    assert!(most - least < 100, "{handler:?}");
    assert!(library.iter().all(|it| it > most), "{library:?}");
    assert!(
        library.iter().max().unwrap() > &(most + 50_000),
        "{library:?}"
    );
}
