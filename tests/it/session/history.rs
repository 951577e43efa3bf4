//! Keeping a history changes nothing but how long it takes to go somewhere.

use exo_core::ids::{EnvId, Position};
use exo_core::machine::Stop;
use exo_tests::seeds::{self, Deed};

use super::{State, state, synthetic};

/// States at places of a run, spread unevenly, from a session that never goes back.
fn on_the_way(seed: u64) -> Vec<State> {
    let mut session = seeds::session(seed);
    let mut states = vec![state(&session)];
    for stride in (1..).map(|number: u64| 1 + number * number * 37 % 911) {
        let stop = session.run_slice(stride);
        session.settle();
        states.push(state(&session));
        if stop != Stop::Reached || states.len() > 60 {
            return states;
        }
    }
    states
}

#[test]
fn going_to_a_place_from_anywhere_is_running_to_it_whatever_was_kept() {
    let mut thinned = 0;
    for seed in 0..12 {
        let states = on_the_way(seed);
        let mut wanderer = seeds::session(seed);
        // Room for a handful of checkpoints, so that most of those that were taken are given up.
        wanderer.limit_history(200_000, 1_000);
        while wanderer.run_slice(1 << 14) == Stop::Reached {
            let end = states.last().unwrap().position;
            if wanderer.machine().position() > end {
                break;
            }
        }
        let history = wanderer.history();
        assert!(history.bytes <= 200_000, "seed {seed}: {history:?}");
        thinned += u32::from(history.gap_units_max > 1_000);
        for number in (0..states.len()).map(|number| number * 23 % states.len()) {
            wanderer.go_to(states[number].position);
            assert_eq!(state(&wanderer), states[number], "seed {seed}");
        }
    }
    assert!(thinned > 6, "only {thinned} histories were thinned");
}

#[test]
fn a_history_without_room_still_leads_everywhere_from_reset() {
    let mut session = super::session(synthetic(3000));
    session.limit_history(0, 500);
    session.run_slice(2500);
    session.settle();
    let there = state(&session);
    assert_eq!(session.history().checkpoints, 1);
    session.run_slice(1500);
    session.go_to(there.position());
    assert_eq!(state(&session), there);
}

#[test]
fn the_report_names_a_place_that_is_dear_to_go_to_within_the_run() {
    let mut session = super::session(synthetic(3000));
    session.run_slice(u64::MAX);
    let (history, end) = (session.history(), session.machine().position());
    assert!(history.checkpoints > 10, "{history:?}");
    assert!(history.dearest_unit < end.retired);
    assert!(history.gap_units_max < end.retired / 4, "{history:?}");
    session.go_to(Position {
        retired: history.dearest_unit,
        event: 0,
    });
    assert_eq!(session.machine().position().retired, history.dearest_unit);
}

/// Every state of a session of that seed to which a deed leads; the invariants hold in each.
fn lived(seed: u64) -> Vec<State> {
    let mut session = seeds::session(seed);
    let deeds = seeds::deeds(seed);
    let states = deeds.into_iter().map(|deed| {
        seeds::take(&mut session, deed);
        session.settle();
        state(&session)
    });
    states.collect()
}

#[test]
fn a_step_back_undoes_a_step_wherever_a_random_session_stands() {
    let mut tried = 0;
    for seed in 0..40 {
        let mut session = seeds::session(seed);
        for deed in seeds::deeds(seed) {
            seeds::take(&mut session, deed);
            session.step();
            let here = state(&session);
            if session.step() == Stop::Halted {
                continue;
            }
            session.step_back();
            assert_eq!(state(&session), here, "seed {seed}, after {deed:?}");
            tried += 1;
        }
    }
    assert!(tried > 120, "only {tried} places were tried");
}

#[test]
fn stepping_back_a_long_way_leads_over_every_state_of_the_way_there_with_inputs_on_it() {
    let mut passed = 0;
    for seed in 0..3 {
        let mut session = seeds::session(seed);
        session.limit_history(0, 500); // What is nearby is all that there is but reset.
        session.run_slice(6_000);
        session.step();
        let mut states = Vec::new();
        for number in 0..800 {
            let deed = match number % 14 {
                0 => Some(Deed::Limit(EnvId(0), 8 + number % 5)),
                7 => Some(Deed::Apply(
                    EnvId((number % 2) as u8),
                    number as usize / 7,
                    true,
                )),
                _ => None,
            };
            if let Some(deed) = deed {
                seeds::take(&mut session, deed);
            }
            states.push(state(&session));
            if session.step() == Stop::Halted {
                break;
            }
        }
        while let Some(there) = states.pop() {
            session.step_back();
            assert_eq!(state(&session), there, "seed {seed}");
            passed += 1;
        }
        // Another future has nothing of the one that was left.
        session.go_to_step(session.step_number() + 600);
        (0..5).for_each(|_| assert!(session.step_back()));
        session.go_to_step(session.step_number() - 400);
        seeds::take(&mut session, Deed::Limit(EnvId(0), 6));
        session.run_slice(400);
        session.step();
        let here = state(&session);
        session.step();
        session.step_back();
        assert_eq!(state(&session), here, "seed {seed}");
        session.limit_history(0, u64::MAX);
        session.reset();
        session.go_to_step(here.step());
        assert_eq!(state(&session), here, "seed {seed}");
    }
    assert!(passed > 1_600, "only {passed} steps back");
}

#[test]
fn what_is_counted_of_a_part_of_a_run_is_what_was_counted_of_it_when_it_was_made() {
    for seed in 0..8 {
        let mut session = seeds::session(seed);
        for deed in seeds::deeds(seed) {
            seeds::take(&mut session, deed);
        }
        session.settle();
        let before = state(&session);
        let (tally, steps) = (session.tally().clone(), session.furthest_step());
        let wide = tally.wide();
        let whole = (tally.stretches().len() as u64).min(steps / wide);
        for (from, to) in [(0, whole), (whole / 3, whole / 2), (whole / 2, whole)] {
            let counted = session.counted_between(from * wide, to * wide, wide);
            let made = &tally.stretches()[from as usize..to as usize];
            assert_eq!(counted, made, "seed {seed}, from {from} to {to} by {wide}");
            let once = session.counted_between(from * wide, to * wide, (to - from) * wide);
            let sum = |kind: usize| made.iter().map(|it| it[kind]).sum::<u32>();
            assert!(
                once.iter()
                    .all(|it| (0..7).all(|kind| it[kind] == sum(kind)))
            );
        }
        assert_eq!(state(&session), before, "seed {seed}");
        assert_eq!(session.tally(), &tally);
    }
}

#[test]
fn the_same_deeds_lead_to_the_same_states() {
    for seed in 0..20 {
        assert_eq!(lived(seed), lived(seed), "seed {seed}");
    }
}

#[test]
fn random_sessions_do_every_kind_of_deed_and_run_every_kind_of_program() {
    let deeds: Vec<Deed> = (0..seeds::SEEDS).flat_map(seeds::deeds).collect();
    let some = |is: fn(&Deed) -> bool| deeds.iter().filter(|deed| is(deed)).count() > 50;
    assert!(some(|it| matches!(it, Deed::Run(_))));
    assert!(some(|it| matches!(it, Deed::Back(_))));
    assert!(some(|it| matches!(it, Deed::Apply(..))));
    assert!(some(|it| matches!(it, Deed::Limit(..))));
    let sessions = || (0..30).map(seeds::session);
    assert!(sessions().any(|it| it.scenario().machine.disk_blocks > 0));
    assert!(sessions().any(|it| it.application_at(exo_core::ids::EnvId(0)).is_some()));
}
