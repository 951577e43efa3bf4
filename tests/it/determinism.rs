//! The same run twice is the same run; another seed is another (INV-DET-1).

use exo_session::{Session, first_light};
use exo_tests::{
    FIRST_LIGHT_COUNTS, FIRST_LIGHT_DIGEST, counts, digest, first_light_digest, run_to_the_end,
};

use crate::session::{short, synthetic};

#[test]
fn the_opening_scenario_ends_at_the_pinned_digest_with_the_pinned_counts() {
    let session = run_to_the_end(first_light().unwrap());
    session.machine().check().unwrap();
    let found = (digest(&session), counts(&session));
    assert_eq!(
        found,
        (FIRST_LIGHT_DIGEST.to_owned(), FIRST_LIGHT_COUNTS.to_vec())
    );
}

#[test]
fn the_opening_scenario_run_again_ends_at_the_same_digest() {
    assert_eq!(first_light_digest(), FIRST_LIGHT_DIGEST);
}

#[test]
fn another_seed_is_another_run_where_the_tlb_is_random() {
    let mut other = short(4000);
    other.machine.seed += 1;
    let (one, two) = (run_to_the_end(short(4000)), run_to_the_end(other));
    assert_ne!(digest(&one), digest(&two));
    let misses = |session: &Session| {
        session.machine().kernel().environments[0]
            .counters
            .tlb_misses
    };
    assert_ne!(misses(&one), misses(&two));
}

#[test]
fn every_figure_of_the_configuration_is_in_the_digest() {
    let at_reset = |change: fn(&mut exo_session::Scenario)| {
        let mut scenario = short(100);
        change(&mut scenario);
        digest(&Session::new(scenario).unwrap())
    };
    let mut digests = vec![
        at_reset(|_| {}),
        at_reset(|it| it.machine.seed = 9),
        at_reset(|it| it.machine.frames += 1),
        at_reset(|it| it.machine.stlb_entries = 64),
        at_reset(|it| it.machine.slice_references = 7),
        at_reset(|it| it.machine.tlb.ways = 32),
        at_reset(|it| it.machine.page_bits = 13),
        at_reset(|it| it.environments[0].frame_limit += 1),
        at_reset(|it| it.environments.truncate(1)),
        at_reset(|it| it.environments.swap(0, 1)),
    ];
    let count = digests.len();
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), count);
}

#[test]
fn the_digest_does_not_depend_on_how_a_run_is_cut() {
    let whole = run_to_the_end(synthetic(20_000));
    for units in [1_000, 3_333, 70_001] {
        let mut session = Session::new(synthetic(20_000)).unwrap();
        while session.run_slice(units) == exo_core::machine::Stop::Reached {}
        assert_eq!(digest(&session), digest(&whole), "slices of {units}");
        assert_eq!(session.step_number(), whole.step_number());
    }
}

/// `UPDATE_EXPECT=1 cargo test` writes them anew; a change of them is a change of the machine's model,
/// of a sample, or of what a seed means.
#[test]
fn random_sessions_have_the_digests_that_the_browser_is_held_to() {
    expect_test::expect_file!["../corpus/digests.txt"].assert_eq(&exo_tests::seeds::digests());
}
