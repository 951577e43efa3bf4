//! The same source under rustc and under our compiler: same calls, same results, same traps.

#[path = "interface/mod.rs"]
mod interface;
#[path = "roles/mod.rs"]
mod roles;
mod support;

#[allow(dead_code, unused_parens, unused_must_use, missing_docs, clippy::all)]
#[path = "twins/constants.rs"]
mod constants;
#[allow(dead_code, unused_parens, missing_docs, clippy::all)]
#[path = "twins/control.rs"]
mod control;
#[allow(dead_code, missing_docs, clippy::all)]
#[path = "twins/counting.rs"]
mod counting;
#[allow(dead_code, missing_docs, clippy::all)]
#[path = "twins/divisions.rs"]
mod divisions;
#[allow(dead_code, missing_docs, clippy::all)]
#[path = "twins/methods.rs"]
mod methods;
#[allow(dead_code, missing_docs, clippy::all)]
#[path = "twins/operators.rs"]
mod operators;
#[allow(dead_code, unused_assignments, missing_docs, clippy::all)]
#[path = "twins/references.rs"]
mod references;
#[allow(dead_code, missing_docs, clippy::all)]
#[path = "twins/updates.rs"]
mod updates;
#[allow(dead_code, missing_docs, clippy::all)]
#[path = "twins/variants.rs"]
mod variants;

use exo_libos_samples::{clock, fifo, join, lru, mru, random, second_chance, two_queues, wsclock};
use exo_prelude::{Access, Cause, Fault, LibOs};
use support::{End, IN_THE_LIBRARY, Machine, Straw, native};

fn fault(address: u32, page: u32) -> Fault {
    Fault {
        address,
        page,
        access: Access::Read,
        cause: Cause::Miss,
    }
}

/// Values at which arithmetic goes wrong.
const INTERESTING: &[u64] = &[
    0,
    1,
    2,
    3,
    7,
    8,
    31,
    32,
    63,
    64,
    100,
    127,
    128,
    255,
    256,
    65_535,
    65_536,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    0x1_0000_0000,
    0x1234_5678_9abc_def0,
    0x7fff_ffff_ffff_ffff,
    0x8000_0000_0000_0000,
    0xffff_ffff_8000_0000,
    0xffff_ffff_ffff_ffff,
];

/// Runs every operation of a source, one a line, on all interesting values. Gives how many stopped.
fn compare_operations<P: LibOs>(new: fn() -> P, source: &str) -> u32 {
    let mut machine = Machine::new(source);
    let operations = source.matches(" => ").count() as u32;
    let mut stops = 0;
    for which in 0..operations {
        for a in INTERESTING {
            for b in INTERESTING {
                let (mut ours, mut theirs) = (Straw::new(&[*a, *b]), Straw::new(&[*a, *b]));
                let mut expected = native(&mut new(), &mut theirs, fault(0, which));
                let found = machine.page_fault(&mut ours, fault(0, which));
                if expected == End::Stopped(IN_THE_LIBRARY) && matches!(found, End::Stopped(_)) {
                    expected = found.clone();
                }
                assert_eq!(
                    (&found, &ours),
                    (&expected, &theirs),
                    "{which} of {a:#x} {b:#x}"
                );
                stops += u32::from(matches!(found, End::Stopped(_)));
            }
        }
    }
    stops
}

#[test]
fn every_operator_gives_what_rustc_gives_or_stops_at_the_same_line() {
    let source = include_str!("twins/operators.rs");
    let stops = compare_operations(operators::Operators::new, source);
    assert!(stops > 1000, "{stops}");
}

#[test]
fn every_method_of_integers_gives_what_rustc_gives_or_stops_at_the_same_line() {
    let source = include_str!("twins/methods.rs");
    let stops = compare_operations(methods::Methods::new, source);
    assert!(stops > 1000, "{stops}");
}

#[test]
fn divisions_powers_of_two_and_defaults_give_what_rustc_gives_or_stop_at_the_same_line() {
    let source = include_str!("twins/divisions.rs");
    let stops = compare_operations(divisions::Divisions::new, source);
    assert!(stops > 500, "{stops}");
}

fn compare(policy: &mut impl LibOs, source: &str, faults: impl Iterator<Item = Fault>) {
    let mut machine = Machine::new(source);
    let (mut ours, mut theirs) = (Straw::new(&[]), Straw::new(&[]));
    for fault in faults {
        let mut expected = native(policy, &mut theirs, fault);
        let found = machine.page_fault(&mut ours, fault);
        if expected == End::Stopped(IN_THE_LIBRARY) && matches!(found, End::Stopped(_)) {
            expected = found.clone();
        }
        assert_eq!(
            (&found, ours.asked.last()),
            (&expected, theirs.asked.last()),
            "{fault:?}"
        );
        if ours.asked != theirs.asked {
            let differing = ours
                .asked
                .iter()
                .zip(&theirs.asked)
                .position(|(a, b)| a != b);
            panic!("{fault:?}: call {differing:?}");
        }
        ours.asked.clear();
        theirs.asked.clear();
    }
}

#[test]
fn control_flow_and_places_are_those_of_rustc() {
    let faults = (0..120).flat_map(|address| (0..3).map(move |page| fault(address, page)));
    let protection = Fault {
        cause: Cause::Protection,
        ..fault(0, 0)
    };
    compare(
        &mut control::Control::new(),
        include_str!("twins/control.rs"),
        faults.chain([protection]),
    );
}

#[test]
fn ranges_backwards_and_in_steps_are_those_of_rustc() {
    let asked = (0..40).flat_map(|address| (0..20).map(move |page| (address, page)));
    let faults = asked.flat_map(|(address, page)| {
        [Access::Read, Access::ReadWrite].map(|access| Fault {
            access,
            ..fault(address, page)
        })
    });
    compare(
        &mut counting::Counting::new(),
        include_str!("twins/counting.rs"),
        faults,
    );
}

#[test]
fn constant_arrays_and_casts_are_those_of_rustc() {
    let faults = (0..120).flat_map(|address| (0..2).map(move |page| fault(address, page)));
    compare(
        &mut constants::Constants::new(),
        include_str!("twins/constants.rs"),
        faults,
    );
}

#[test]
fn references_arrays_and_moves_are_those_of_rustc() {
    let faults = (0..130).flat_map(|address| (0..3).map(move |page| fault(address, page)));
    compare(
        &mut references::References::new(),
        include_str!("twins/references.rs"),
        faults,
    );
}

#[test]
fn what_a_struct_takes_from_another_one_is_what_rustc_takes() {
    compare(
        &mut updates::Updates::new(),
        include_str!("twins/updates.rs"),
        (0..130).map(|address| fault(address, 0)),
    );
}

#[test]
fn options_and_results_in_memory_are_those_of_rustc() {
    let faults = (0..130).flat_map(|address| (0..2).map(move |page| fault(address, page)));
    compare(
        &mut variants::Variants::new(),
        include_str!("twins/variants.rs"),
        faults,
    );
}

#[test]
fn the_samples_ask_for_the_same_under_both_compilers() {
    let faults = || (0..2000_u32).map(|turn| fault(0, turn.wrapping_mul(turn) % 37 + turn % 5));
    let source = |name| exo_libos_samples::sample(name).expect("a sample").source;
    compare(&mut fifo::Fifo::new(), source("fifo"), faults());
    compare(&mut clock::Clock::new(), source("clock"), faults());
    compare(
        &mut second_chance::SecondChance::new(),
        source("second-chance"),
        faults(),
    );
    compare(&mut lru::Lru::new(), source("lru"), faults());
    compare(&mut mru::Mru::new(), source("mru"), faults());
    compare(&mut wsclock::WsClock::new(), source("wsclock"), faults());
    compare(&mut random::Random::new(), source("random"), faults());
    compare(&mut two_queues::TwoQueues::new(), source("2q"), faults());
    compare(&mut join::Join::new(), source("join"), faults());
}

#[test]
fn a_fault_takes_about_as_many_instructions_as_planned() {
    for (name, most) in [("fifo", 110), ("clock", 150), ("random", 110)] {
        let sample = exo_libos_samples::sample(name).expect("a sample");
        let mut machine = Machine::new(sample.source);
        let mut kernel = Straw::new(&[]);
        let mut run = |page| {
            machine.page_fault(&mut kernel, fault(0, page));
            machine.fuel
        };
        let load = run(1);
        let resident = run(1);
        for page in 2..100 {
            run(page);
        }
        let replace = run(100);
        println!("{name}: resident {resident}, load {load}, replace {replace}");
        assert!(
            resident < 40 && load < 80 && replace < most,
            "{name} {resident} {load} {replace}"
        );
    }
}
