//! What the sheet shows of a machine with a network.

use std::rc::Rc;

use exo_core::ids::EnvId;
use exo_session::why::Thing;

use crate::store::{Action, PacketsAction, Playground, Target};
use crate::view::tests::settled;
use crate::view::{Holder, MachineView, PacketsView, View};

/// The page on a scenario at a place of its run, with its packets shown.
fn shown(name: &'static str, target: Target) -> Playground {
    let mut playground = crate::view::tests::playground();
    settled(&mut playground, Action::OpenScenario(name));
    settled(&mut playground, Action::GoTo(target));
    settled(&mut playground, Action::Packets(PacketsAction::Show(true)));
    playground
}

fn of(playground: &Playground) -> (Rc<PacketsView>, MachineView) {
    let view = View::of(playground).packets;
    let machine = view.machine.clone().unwrap();
    (view, machine)
}

#[test]
fn a_machine_without_a_network_shows_the_capture_and_no_panel() {
    let mut playground = crate::view::tests::playground();
    settled(&mut playground, Action::Packets(PacketsAction::Show(true)));
    let view = View::of(&playground);
    assert!(view.network.is_none() && !view.packets.has_machine);
    assert!(view.packets.machine.is_none() && view.packets.wants_sample);
}

#[test]
fn every_packet_is_listed_with_its_time_its_owner_its_fate_and_its_step() {
    let playground = shown("network-ping", Target::End);
    let (view, machine) = of(&playground);
    assert_eq!((view.total, machine.rows.len()), (10, 10));
    assert!(
        view.what
            .starts_with("This machine: 10 packets up to step ")
    );
    assert!(!view.wants_sample && view.progress.is_none());
    let [first, answer] = [&machine.rows[0], &machine.rows[1]];
    assert!(
        first.inward && first.summary.starts_with("ARP"),
        "{first:?}"
    );
    assert!(
        !answer.inward && answer.fate == "left; arrives",
        "{answer:?}"
    );
    assert_eq!(answer.whose.words, "sent it");
    assert_eq!(answer.whose.owner.unwrap().letter(), "A");
    let filters: Vec<&str> = machine
        .rows
        .iter()
        .filter(|it| it.inward)
        .map(|it| it.whose.words.as_str())
        .collect();
    assert!(
        filters.iter().all(|it| it.starts_with("filter ")),
        "{filters:?}"
    );
    let told = machine.rows.iter().filter(|it| it.inward);
    assert!(
        told.into_iter()
            .all(|it| it.fate.starts_with("in frame 0x") && it.fate.ends_with("; owner told"))
    );
    assert!(machine.rows.is_sorted_by_key(|it| it.step));
    // The newest is looked at, until one is chosen.
    assert_eq!(view.selected, 9);
    assert_eq!(view.packet.as_ref().unwrap().number, "10");
}

#[test]
fn a_packet_tells_step_by_step_what_became_of_it_and_each_step_can_be_gone_to() {
    let mut playground = shown("network-ping", Target::End);
    playground.update(Action::Packets(PacketsAction::Select(2)));
    let (view, machine) = of(&playground);
    let packet = view.packet.as_ref().unwrap();
    assert_eq!(packet.steps[0].step, machine.rows[2].step);
    let words: Vec<&str> = packet.steps.iter().map(|it| it.words.as_str()).collect();
    for (words, wanted) in words.iter().zip([
        "receive ring",
        "runs the filters",
        "moves packet",
        "lies in frame",
        "packets",
    ]) {
        assert!(words.contains(wanted), "{words}");
    }
    assert_eq!(words.len(), 5);
    let merged = packet.merged.as_ref().unwrap();
    assert!(merged.trie.branches.iter().any(|it| it.taken) && merged.engines.len() == 3);
    assert!(
        packet.bytes.iter().any(|it| it.1 != 0),
        "the filters looked at bytes"
    );
    let claimed = packet.steps[1].step;
    settled(&mut playground, Action::GoTo(Target::Step(claimed)));
    let (view, machine) = of(&playground);
    assert_eq!(playground.session().step_number(), claimed);
    assert_eq!(machine.rows[2].fate, "claimed");
    assert!(!machine.rows[2].later && machine.rows[3].later);
    assert!(
        view.what
            .ends_with("; 7 more lie ahead, as the run went before"),
        "{}",
        view.what
    );
    let later: Vec<bool> = view
        .packet
        .as_ref()
        .unwrap()
        .steps
        .iter()
        .map(|it| it.later)
        .collect();
    assert_eq!(later, [false, false, true, true, true]);
}

#[test]
fn filters_are_told_with_whose_they_are_what_they_ask_and_what_they_claimed() {
    let playground = shown("network-two-libraries", Target::End);
    let (_, machine) = of(&playground);
    let owners: Vec<String> = machine.bound.iter().map(|it| it.owner.letter()).collect();
    assert!(owners.contains(&"A".to_owned()) && owners.contains(&"B".to_owned()));
    let sum: u64 = machine
        .bound
        .iter()
        .map(|it| it.claimed.parse::<u64>().unwrap())
        .sum();
    assert_eq!(sum, 11);
    assert!(
        machine.bound.iter().all(|it| it.asks.contains(" = 0x")),
        "{:?}",
        machine.bound
    );
    assert!(
        machine
            .bound
            .iter()
            .any(|it| it.asks.contains("type: 2 bytes at 12")),
        "{:?}",
        machine.bound
    );
    assert!(
        machine
            .bound
            .iter()
            .any(|it| it.goes.contains("looks there when it likes"))
    );
}

#[test]
fn handlers_are_told_with_their_runs_and_what_came_of_the_last() {
    let playground = shown("network-udp", Target::End);
    let (_, machine) = of(&playground);
    // No packet has come for its port: bytes are called what they are in those for another one.
    let idle = machine.bound.iter().find(|it| it.claimed == "0").unwrap();
    let port = "destination port: 2 bytes at 36 = 0x0009";
    assert!(idle.asks.ends_with(port), "{}", idle.asks);
    let echo = machine.handlers.iter().find(|it| it.runs == "12").unwrap();
    assert!(
        echo.last.starts_with("done, ") && echo.bound.starts_with("packets of filter "),
        "{echo:?}"
    );
    assert!(
        machine
            .rows
            .iter()
            .any(|it| it.fate.starts_with("handler: done, replied with"))
    );
    let outward = machine.rows.iter().find(|it| !it.inward).unwrap();
    assert!(outward.cycles.is_empty());
}

#[test]
fn a_buffer_is_the_devices_then_the_librarys_then_the_kernels_and_its_frame_is_the_maps() {
    let mut playground = shown("network-ping", Target::End);
    let (view, machine) = of(&playground);
    let inward = machine.rows.iter().find(|it| it.inward).unwrap().index;
    settled(
        &mut playground,
        Action::Packets(PacketsAction::Select(inward)),
    );
    let steps = View::of(&playground)
        .packets
        .packet
        .as_ref()
        .unwrap()
        .steps
        .clone();
    // The packet's frame, which is chosen with it, and the packets that lay in it are marked.
    let lay_in = View::of(&playground).memory.selected.unwrap();
    let rows = of(&playground).1.rows;
    assert!(rows[inward].looked && rows.iter().any(|it| !it.looked));
    let mut seen = Vec::new();
    for step in [
        steps[1].step,
        steps[2].step,
        steps[3].step,
        playground.session().furthest_step(),
    ] {
        settled(&mut playground, Action::GoTo(Target::Step(step)));
        let (_, machine) = of(&playground);
        seen.push(machine.rings[0].slots[0].clone());
    }
    let holders: Vec<Holder> = seen.iter().map(|it| it.holder).collect();
    assert_eq!(
        holders,
        [
            Holder::Kernel,
            Holder::Device,
            Holder::Library(60),
            Holder::Kernel
        ]
    );
    assert!(seen[0].next && !seen[1].next);
    assert!(
        view.machine.as_ref().unwrap().rings[0]
            .what
            .ends_with("0 hold packets")
    );
    let frame = seen[0].frame;
    assert_eq!(frame, lay_in);
    playground.update(Action::Look(Some(Thing::Frame(frame))));
    let view = View::of(&playground);
    assert_eq!(view.memory.selected, Some(frame));
    let slot = view.packets.machine.as_ref().unwrap().rings[0].slots[0].clone();
    assert!(
        slot.chosen && slot.words.contains("it may be filled"),
        "{}",
        slot.words
    );
}

#[test]
fn counters_alarms_and_every_task_at_the_other_end_are_told() {
    let playground = shown("network-lossy", Target::End);
    let (_, machine) = of(&playground);
    let count = |name: &str| {
        let found = machine.counts.iter().find(|it| it.0 == name);
        found.map(|it| it.1.parse::<u64>().unwrap())
    };
    let arrived = machine.rows.iter().filter(|it| it.inward).count() as u64;
    assert!(count("arrived").unwrap() >= arrived);
    assert_eq!(count("waiting"), Some(0));
    assert_eq!(machine.peers.len(), 3);
    for peer in &machine.peers {
        assert!(peer.words.starts_with("finished; "), "{peer:?}");
    }
    assert!(
        machine.peers[0].words.contains("200,000 bytes"),
        "{:?}",
        machine.peers
    );
    let panel = View::of(&playground).network.unwrap();
    assert_eq!(panel.peers, machine.peers);
    assert_eq!(panel.fills.len(), 1);
    // While the server waits for an answer its alarm clock is set.
    let mut playground = shown("network-lossy", Target::Step(40_000));
    let told = |playground: &Playground| {
        of(playground)
            .1
            .counts
            .iter()
            .any(|it| it.0 == "alarm clock of A")
    };
    let mut left = 4_000;
    while !told(&playground) && left > 0 {
        playground.update(Action::Step);
        left -= 1;
    }
    assert!(left > 0);
    assert_eq!(
        playground
            .session()
            .machine()
            .environment(EnvId(0))
            .unwrap()
            .alarm_cycles
            .is_some(),
        told(&playground)
    );
}

#[test]
fn what_is_sent_lies_in_frames_until_it_has_left() {
    let mut playground = shown("network-ping", Target::Step(0));
    let mut seen = false;
    while playground.can_go_on() && !seen {
        playground.update(Action::Step);
        let (_, machine) = of(&playground);
        if let Some(row) = machine.sending.first() {
            assert_eq!((row.owner.letter().as_str(), row.frames.len()), ("A", 1));
            seen = true;
        }
    }
    assert!(seen);
}
