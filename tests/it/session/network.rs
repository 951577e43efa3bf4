//! Sessions over a network: time goes back and forth over packets, and the other end with it.

use exo_core::event::{Event, NetworkFact};
use exo_core::ids::EnvId;
use exo_core::machine::Stop;
use exo_session::condition::parse_condition;
use exo_session::network::{NetworkReport, PacketLog, Passed, network_report};
use exo_session::saved::{Nothing, Opened, open, read};
use exo_session::{Search, Session};

/// A scenario that comes along, at reset.
fn opened(name: &str) -> Session {
    let text = exo_libos_samples::scenario(name).unwrap().text;
    let Opened { session, .. } = open(&read(text).unwrap().saved, &mut Nothing).unwrap();
    session
}

fn report(session: &Session) -> NetworkReport {
    let spec = session.scenario().network.as_ref().unwrap();
    network_report(spec, session.machine()).unwrap()
}

/// What must be equal where a run comes to the same position again.
fn here(session: &Session) -> (u64, u64, NetworkReport) {
    let machine = session.machine();
    machine.check().unwrap();
    (machine.state_digest(), machine.cycles(), report(session))
}

#[test]
fn going_back_and_forth_over_packets_finds_the_same_machine_and_the_same_peers() {
    for name in ["network-ping", "network-hostile", "network-lossy"] {
        let mut session = opened(name);
        session.limit_history(1 << 20, 1 << 16);
        session.run_slice(u64::MAX);
        let end = here(&session);
        let last = session.step_number();
        let places: Vec<u64> = (1..12).map(|part| last * part / 12).collect();
        let mut seen = Vec::new();
        for step in &places {
            session.go_to_step(*step);
            seen.push(here(&session));
        }
        for (step, seen) in places.iter().zip(&seen).rev() {
            session.go_to_step(*step);
            assert_eq!(&here(&session), seen, "{name}, step {step}");
            session.step_back();
            session.step();
            assert_eq!(&here(&session), seen, "{name}, step {step} once more");
        }
        session.run_slice(u64::MAX);
        assert_eq!(here(&session), end, "{name}");
        let mut again = opened(name);
        again.run_slice(u64::MAX);
        assert_eq!(here(&again), end, "{name}, from the beginning");
    }
}

#[test]
fn another_future_has_other_packets_and_the_one_that_was_left_comes_back() {
    let mut session = opened("network-ping");
    session.run_slice(u64::MAX);
    let end = here(&session);
    session.go_to_step(session.step_number() / 2);
    let silent = "use exo_prelude::*;\npub struct Silent { packets: u64 }\n\
        impl Silent { pub const fn new() -> Silent { Silent { packets: 0 } } }\n\
        impl LibOs for Silent {\n    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {\n        \
        let frame = sys.allocate()?;\n        sys.tlb_write(fault.page, frame, Access::ReadWrite)\n    }\n}\n";
    session.apply(EnvId(0), silent, false).unwrap();
    session.run_slice(u64::MAX);
    let other = here(&session);
    assert_ne!(other.2, end.2);
    assert!(other.2.peers[0].replies.0 < 4);
    let left = session.branches()[0].number;
    assert!(session.switch_to(left));
    session.run_slice(u64::MAX);
    assert_eq!(here(&session), end);
}

#[test]
fn what_arrives_is_delivered_consumed_dropped_or_waits_and_clients_get_what_they_ask_for() {
    for name in [
        "network-ping",
        "network-udp",
        "network-http",
        "network-lossy",
        "network-two-libraries",
        "network-hostile",
    ] {
        let mut session = opened(name);
        session.run_slice(u64::MAX);
        let (.., report) = here(&session);
        let dropped: u64 = report.packets.dropped.iter().map(|it| it.packets.0).sum();
        let packets = &report.packets;
        let known = packets.delivered.0 + packets.consumed.0 + dropped + report.waiting.0;
        assert_eq!(known, report.arrived.0, "{name}");
        let own: u64 = report.environments.iter().map(|it| it.sent.0).sum();
        assert_eq!(own, packets.sent.0);
        for peer in &report.peers {
            assert_eq!(peer.outcome, "finished", "{name}: {}", peer.name);
            assert!(peer.name.starts_with("hostile") || peer.sent == peer.replies);
        }
        if name == "network-hostile" {
            assert!(dropped > 0);
        }
    }
}

#[test]
fn a_message_handler_answers_sooner_than_a_library_that_waits_for_its_turn() {
    let mut session = opened("network-udp");
    session.run_slice(u64::MAX);
    let report = report(&session);
    let mean = |peer: usize| report.peers[peer].cycles.unwrap()[1].0;
    assert!(mean(0) * 2 < mean(1), "{:?}", report.peers);
    assert_eq!(report.environments[0].consumed.0, 12);
    assert_eq!(report.environments[1].consumed.0, 0);
}

#[test]
fn what_the_link_loses_is_in_the_run_and_another_seed_loses_others() {
    let lost = |seed| {
        let mut scenario = opened("network-lossy").scenario().clone();
        scenario.machine.seed = seed;
        let mut session = Session::new(scenario).unwrap();
        let mut lost = Vec::new();
        while session.step() == Stop::Reached {
            if let Some(current) = session.current()
                && let Event::Network { fact, .. } = current.stamped.event
                && let NetworkFact::Sent {
                    number,
                    arrivals: 0,
                    ..
                } = fact
            {
                lost.push(number);
            }
            if lost.len() == 3 {
                break;
            }
        }
        lost
    };
    assert_eq!(lost(1).len(), 3);
    assert_eq!(lost(1), lost(1));
    assert_ne!(lost(1), lost(2));
}

#[test]
fn checkpoints_count_what_the_network_holds() {
    let mut session = opened("network-lossy");
    session.limit_history(usize::MAX, 1 << 16);
    session.run_slice(u64::MAX);
    // More than 200 kB were sent, and the other end could be asked for all of it again.
    let bytes = session.history().bytes;
    assert!(bytes > 200_000, "{bytes}");
    let machine = &mut session.machine().clone();
    let (first, second) = (machine.checkpoint(), machine.checkpoint());
    let heard = machine.hardware().nic.as_ref().unwrap().heard().0.bytes();
    let shared = first.bytes_beyond(None) - second.bytes_beyond(Some(&first));
    assert!(heard > 200_000 && shared >= heard, "{heard} {shared}");
}

/// What passed, without the bytes' places: all that a reader of the log can see.
fn passed(log: &PacketLog) -> Vec<Passed> {
    log.packets().to_vec()
}

/// Collects the packets up to where a session stands, which stands there afterwards. Returns the pieces that it took.
fn collect(session: &mut Session, log: &mut PacketLog) -> u32 {
    let here = session.machine().position();
    let mut pieces = 1;
    while log.advance(session, here) {
        session.go_to(here);
        pieces += 1;
    }
    session.go_to(here);
    pieces
}

#[test]
fn packets_collected_in_pieces_and_on_the_way_are_those_of_the_run() {
    for name in ["network-lossy", "network-udp", "network-hostile"] {
        let mut session = opened(name);
        session.run_slice(u64::MAX);
        session.settle();
        let (digest, end) = (session.machine().state_digest(), session.step_number());
        let mut whole = PacketLog::default();
        let pieces = collect(&mut session, &mut whole);
        assert!(name != "network-lossy" || pieces > 2, "{pieces}");
        assert_eq!(session.machine().state_digest(), digest);
        assert!(whole.reaches(&session) && whole.step() == end, "{name}");
        let report = report(&session);
        let all = report.arrived.0 + report.packets.sent.0;
        assert_eq!(whole.packets().len() as u64, all, "{name}");
        let mut follows = PacketLog::default();
        for part in 1..=7 {
            session.go_to_step(end * part / 7);
            collect(&mut session, &mut follows);
            assert!(follows.packets().iter().all(|it| it.step <= follows.step()));
        }
        assert_eq!(passed(&follows), passed(&whole), "{name}");
    }
}

#[test]
fn a_log_that_is_cut_goes_on_as_if_it_had_never_gone_further() {
    let mut session = opened("network-lossy");
    session.run_slice(u64::MAX);
    let end = session.step_number();
    let mut log = PacketLog::default();
    collect(&mut session, &mut log);
    let whole = passed(&log);
    for part in [5, 2, 0] {
        session.go_to_step(end * part / 7);
        log.cut(&session);
        let mut short = PacketLog::default();
        collect(&mut session, &mut short);
        assert_eq!(passed(&log), passed(&short), "{part}");
        session.run_slice(u64::MAX);
        collect(&mut session, &mut log);
        assert_eq!(passed(&log), whole, "{part}");
    }
}

#[test]
fn a_handler_s_lines_are_those_of_its_one_step_and_looking_at_them_changes_nothing() {
    let handler = parse_condition("handler").unwrap();
    let mut session = opened("network-udp");
    assert_eq!(session.handler_run(), None, "nothing has happened");
    for packet in 1..=4_u64 {
        assert_eq!(session.run_until(&handler, u64::MAX), Search::Found);
        let (before, step) = (here(&session), session.step_number());
        let run = session.handler_run().unwrap();
        assert_eq!((here(&session), session.step_number()), (before, step));
        assert_eq!(Some(&run), session.handler_run().as_ref());
        assert_eq!((run.env, &*run.name), (EnvId(0), "ash-echo.rs"));
        let (first, last) = (run.lines.first().unwrap(), run.lines.last().unwrap());
        assert_eq!(first.function, "AshEcho::arrived");
        assert_eq!(
            (&*last.function, &*last.text),
            ("AshEcho::arrived", "Fate::Done")
        );
        // The count is in the handler's own state, which is that of the moment before its step.
        let changes = run.lines.iter().flat_map(|it| &it.changes);
        let mut echoed = changes.clone().filter(|(name, _)| name == "self.echoed");
        let last = echoed.next_back().map(|(_, value)| value.clone());
        assert_eq!(last, Some(packet.to_string()));
        assert!(
            changes
                .clone()
                .any(|(name, value)| name == "length" && value == "18")
        );
        session.step();
        assert_eq!(session.handler_run(), None);
    }
}

#[test]
fn a_handler_is_watched_for_as_many_instructions_as_it_is_charged() {
    let handler = parse_condition("handler").unwrap();
    let mut session = opened("network-udp");
    session.run_until(&handler, u64::MAX);
    let Some(Event::Network {
        fact: NetworkFact::HandlerRan { fuel, .. },
        ..
    }) = session.current().map(|it| it.stamped.event)
    else {
        panic!("no handler ran");
    };
    session.step_back();
    let (mut seen, digest) = (Vec::new(), session.machine().state_digest());
    let watched = session.machine().watch_handler(&mut |context, _| {
        seen.push(context.fuel_used());
    });
    assert_eq!(watched, Some(()));
    assert_eq!(seen, (0..u64::from(fuel)).collect::<Vec<_>>());
    assert_eq!(session.machine().state_digest(), digest);
    session.step();
    assert_eq!(session.machine().watch_handler(&mut |_, _| ()), None);
}
