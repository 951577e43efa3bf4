//! Exploration to closure of the smallest kernels, and that it would notice.

use exo_tests::safety::explore::{CounterExample, Explored, explore, explore_on};
use exo_tests::safety::require;
use exo_tests::safety::sometimes::PROPERTIES;
use exo_tests::safety::spaces::{Space, space};
use exo_tests::safety::stage::{Sizes, Stage};
use expect_test::expect;

/// Explores one of the smallest spaces to closure, with the events of each step folded. The stage "Shown safe"
/// explores the larger ones.
fn closed(name: &str) -> (&'static Space, Explored) {
    let space = space(name).unwrap();
    let explored = explore(&space.sizes(), usize::MAX, true);
    let explored = explored.unwrap_or_else(|found| panic!("{}", found.fixture()));
    space.compare(&explored).unwrap();
    (space, explored)
}

#[test]
fn every_state_of_two_environments_one_frame_and_a_software_tlb_is_safe() {
    let (_, explored) = closed("S1-stlb");
    assert_eq!(explored.reached.missing(), [""; 0]);
}

#[test]
fn every_state_beside_a_program_that_asks_its_libos_is_safe() {
    closed("S1-asker");
}

#[test]
fn a32_every_state_of_two_environments_whose_handlers_reach_for_memory_is_safe() {
    closed("S1-reach");
}

/// Explores a space that takes longer as far as so many commands reach.
fn begun(name: &str, commands: usize) -> Explored {
    let explored = explore(&space(name).unwrap().sizes(), commands, true);
    let explored = explored.unwrap_or_else(|found| panic!("{}", found.fixture()));
    assert!(!explored.closed && explored.states > 1_000, "{explored:?}");
    explored
}

#[test]
fn every_state_within_some_commands_is_safe_with_bits_with_slices_and_with_a_frame_taken_and_saved()
{
    let explored = begun("S1", 6);
    assert!(explored.reached.refusals.len() > 10);
    begun("S1-slices", 6);
    begun("S1-saving", 16);
}

#[test]
fn the_states_found_do_not_depend_on_the_order_of_commands() {
    let space = space("S1-stlb").unwrap();
    let mut stage = Stage::new(space.sizes(), 1);
    stage.backwards = true;
    let explored = explore_on(&stage, usize::MAX, false);
    let explored = explored.unwrap_or_else(|found| panic!("{}", found.fixture()));
    space.compare(&explored).unwrap();
}

#[test]
fn renaming_environments_frames_and_pages_loses_no_behaviour() {
    let sizes = Sizes {
        capabilities: 1,
        ..Sizes::tiny(2, 2, 2, 1)
    };
    let of = |names_matter: bool| {
        let mut stage = Stage::new(sizes.clone(), 1);
        if names_matter {
            stage.fingerprinting.renamings.truncate(1);
        }
        explore_on(&stage, 7, false).unwrap()
    };
    let (few, many) = (of(false), of(true));
    assert_eq!(few.diameter, many.diameter);
    assert_eq!(few.reached.refusals, many.reached.refusals);
    assert_eq!(few.reached.missing(), many.reached.missing());
    // Environments, frames and pages each have two orders.
    assert!(few.states * 8 >= many.states && few.states * 2 < many.states);
}

#[test]
fn a_counter_example_is_a_fixture_ready_to_be_pasted() {
    let sizes = Sizes::tiny(2, 1, 1, 1);
    let found = CounterExample {
        sizes,
        commands: ["allocate", "tlb_write 0 0 rw", "capability 0 r", "free 0"]
            .map(|it| exo_tests::safety::command::parse(it).unwrap())
            .to_vec(),
        violation: require(false, "INV-CAP-1", || "c0 outlived its frame".to_owned()).unwrap_err(),
    };
    // The first line keeps the indentation of the others from being taken for the snapshot's own.
    expect![[r#"
        to paste:
            // INV-CAP-1 broken: c0 outlived its frame
            check(
                "machine frames=1 tlb=full:1:fifo stlb=0 seed=1 bits=0 pages=1
                 a limit=1
                 b limit=1
                 play: allocate | tlb_write 0 0 rw | capability 0 r | free 0",
                expect![[""]],
            );
    "#]]
    .assert_eq(&format!("to paste:\n{}", found.fixture()));
}

#[test]
fn what_must_happen_sometimes_is_noticed_when_it_does_not() {
    let alone = Sizes::tiny(1, 1, 1, 1);
    let explored = explore(&alone, usize::MAX, true).unwrap();
    assert!(explored.closed && explored.states > 1);
    assert!(explored.reached.missing().contains(&"a share is used"));
    assert!(explored.reached.missing().len() < PROPERTIES.len());
}
