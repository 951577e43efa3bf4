//! Random commands: against the naive model, in pairs, in simulation, and limits reached everywhere.

use std::collections::BTreeSet;

use exo_core::error::SysError;
use exo_core::kernel::call::Call;
use exo_tests::safety::command::{CALLS, Command, NO_COMMANDS, parse};
use exo_tests::safety::require;
use exo_tests::safety::shrink::shrink;
use exo_tests::safety::simulate::{self, canary, content};
use exo_tests::safety::{against_model, flips, network, pairs, pairs::Differs, sweeps};

use crate::tidy::variants;

#[test]
fn a19_the_kernel_and_a_naive_model_do_the_same_frames_that_are_taken_and_saved_included() {
    let found = against_model::compare(1000, 140_000);
    let found = found.unwrap_or_else(|found| panic!("{}", found.fixture()));
    assert!(found.commands >= 120_000);
    assert!(
        found.refused > 10_000 && found.completed > 2_000,
        "{found:?}"
    );
    assert!(found.taken > 100 && found.saved > 5, "{found:?}");
}

#[test]
fn two_runs_that_differ_in_what_one_may_not_read_look_the_same_to_it() {
    let found = pairs::compare(Differs::Behaviour, 1000, 1_000);
    let found = found.unwrap_or_else(|found| panic!("{}", found.fixture()));
    assert_eq!(found.pairs, 1_000);
    assert!(
        found.secrets > 100 && found.observations > 50_000,
        "{found:?}"
    );
}

#[test]
fn a_bit_that_turns_over_in_what_is_anothers_is_nothing_to_who_may_not_read_it() {
    let found = pairs::compare(Differs::Flips, 1, 300);
    let found = found.unwrap_or_else(|found| panic!("{}", found.fixture()));
    assert!(
        found.secrets > 100 && found.observations > 10_000,
        "{found:?}"
    );
}

#[test]
fn a_bit_that_turns_over_in_a_tlb_entry_is_found_or_gives_nothing_that_is_anothers() {
    let found = flips::tlb(1, 60).unwrap();
    assert!(found.found > 1_000 && found.contained > 100, "{found:?}");
    assert!(found.seeds_with >= 30, "{found:?}");
}

#[test]
fn interrupts_that_are_lost_early_or_late_change_no_result_and_are_told() {
    let found = flips::timer(1, 8).unwrap();
    assert_eq!(found.runs, 8);
    assert!(found.told > 6 && found.found > 8, "{found:?}");
}

#[test]
fn every_limit_reached_at_every_use_is_contained() {
    let swept = sweeps::sweep().unwrap();
    let kinds = sweeps::EXHAUSTED.len() as u64;
    assert!(
        swept.runs > sweeps::SCENARIOS.len() as u64 * kinds * 10,
        "{swept:?}"
    );
    assert!(swept.refusals > 50, "{swept:?}");
}

/// Hardly ever told: time leaps by a command, before anyone is idle.
const IDLED: &str = "Idled";
/// What so few and short runs seldom meet; those of `cargo xtask safe` meet the first two. A vector is
/// filled by `tests/it/disk/saving.rs`.
const SELDOM_REFUSED: &[&str] = &["CapabilityLimit", "Busy", "VectorFull"];
/// What there is only in a network, which has a simulation of its own.
const OF_THE_NETWORK: &[&str] = &[
    "Overlap",
    "BadFilter",
    "FilterLimit",
    "NoSuchFilter",
    "BufferLimit",
    "BadPacket",
    "QueueFull",
    "NoSuchProgram",
];
const EVENTS_OF_THE_NETWORK: &[&str] = &["Network", "AlarmSet", "AlarmRang"];

#[test]
fn every_call_has_a_command_or_a_reason_why_it_has_none() {
    for call in Call::ALL {
        let tried = CALLS.iter().any(|(it, _)| it == call);
        let left_out = NO_COMMANDS
            .iter()
            .any(|(it, why)| it == call && !why.is_empty());
        assert!(tried != left_out, "{}", call.name());
    }
}

#[test]
fn simulated_seeds_reach_every_event_and_every_refusal() {
    let found = simulate::seeds(1, 900, 300, content);
    let found = found.unwrap_or_else(|(seed, found)| panic!("seed {seed}: {}", found.fixture()));
    let told: BTreeSet<&str> = found.events.iter().map(String::as_str).collect();
    let all = variants("core/src/event.rs", "Event");
    let expected = all.iter().map(String::as_str);
    let expected: BTreeSet<&str> = expected
        .filter(|it| **it != *IDLED && !EVENTS_OF_THE_NETWORK.contains(it))
        .collect();
    assert_eq!(expected.difference(&told).collect::<Vec<_>>(), [&""; 0]);
    let refusals = SysError::ALL.iter().map(|it| it.name());
    let missing = refusals.filter(|it| !found.refusals.contains(it));
    let missing = missing.filter(|it| !OF_THE_NETWORK.contains(it));
    let missing: Vec<&str> = missing.filter(|it| !SELDOM_REFUSED.contains(it)).collect();
    assert_eq!(missing, [""; 0]);
    assert!(found.healed > 100, "{}", found.healed);
}

#[test]
fn a_network_in_which_libos_do_as_they_like_keeps_its_invariants() {
    let found = network::simulate(1, 60, 2_000);
    let found = found.unwrap_or_else(|(seed, found)| panic!("seed {seed}: {found:?}"));
    assert!(found.received > 100 && found.sent > 300, "{found:?}");
    assert!(found.not_sent > 100 && found.lost > 0, "{found:?}");
    assert!(found.handled > 100 && found.overlaps > 20, "{found:?}");
    assert!(found.dropped > 300, "{found:?}");
}

#[test]
fn a_seed_goes_the_same_way_each_time() {
    for seed in [3, 4, 5] {
        let digest = || simulate::run(seed, 300, content).unwrap().digest;
        assert_eq!(digest(), digest());
    }
}

#[test]
fn a_canary_is_found_and_made_short() {
    let (seed, found) = simulate::seeds(1, 20, 500, canary).unwrap_err();
    assert!((1..=20).contains(&seed));
    assert_eq!(found.violation.invariant, "canary");
    assert!(found.commands.len() <= 4, "{}", found.fixture());
    assert!(found.fixture().contains("| free "), "{}", found.fixture());
}

#[test]
fn a_failing_sequence_is_cut_down_to_what_it_takes() {
    let commands: Vec<Command> = (0..100)
        .map(|number| parse(&format!("free {number}")).unwrap())
        .collect();
    let needed = [parse("free 17").unwrap(), parse("free 80").unwrap()];
    let fails = |commands: &[Command]| {
        let at = |wanted| commands.iter().position(|it| *it == wanted);
        let (one, other) = (at(needed[0])?, at(needed[1])?);
        let broken = require(false, "some", String::new).unwrap_err();
        Some((one.max(other) + 1, broken))
    };
    assert_eq!(shrink(&commands, fails).0, needed);
}

#[test]
fn commands_are_read_as_they_are_written() {
    for text in [
        "switch",
        "wait",
        "fail",
        "read 0x10",
        "modify 0x1f",
        "insist 0x8",
        "reach 0x8 rw",
        "tlb_write 0 3 rw",
        "tlb_write_shared 1 old2 r",
        "derive key0 rw",
        "revoke forged",
        "request_frames 2",
        "install 1 0 1",
        "load 2 1",
        "talk",
        "disk_write key0 1 2",
        "extent_allocate_at 3 1",
        "yield_to 1",
        "limit 0 5",
    ] {
        assert_eq!(parse(text).unwrap().to_string(), text);
    }
    assert!(parse("freee 0").is_err() && parse("free x").is_err());
}
