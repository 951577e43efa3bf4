//! What was tried up to this step, what stopped it, and what everybody holds after it.

use exo_core::ids::EnvId;
use exo_libos_samples::attacks::attack;
use exo_session::attempts::{Holding, Tries, holdings, stopped_by};

use super::memory::Owner;
use super::words::grouped;
use crate::store::Playground;

/// One kind of attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptRow {
    /// By whom.
    pub owner: Owner,
    /// What.
    pub what: &'static str,
    /// How often.
    pub times: String,
    /// The step of the last one.
    pub last: u64,
}

/// What stopped attempts, and which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StopRow {
    /// The refusal's name, or what was done instead.
    pub name: &'static str,
    /// What was said to who tried it.
    pub said: String,
    /// The check, and where that comes from.
    pub check: String,
    /// What it stopped.
    pub attempts: Vec<AttemptRow>,
}

/// What an environment holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRow {
    /// Whose.
    pub owner: Owner,
    /// What it holds, and what was done to it.
    pub words: String,
}

/// The panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptsView {
    /// What stopped attempts.
    pub stops: Vec<StopRow>,
    /// What everybody holds, those who tried something first.
    pub held: Vec<HeldRow>,
}

/// Nothing if nothing was tried in this run, and nobody in it is there to try.
pub(super) fn select(playground: &Playground) -> Option<AttemptsView> {
    let session = playground.session();
    let tally = session.tally();
    let mut specs = session.scenario().environments.iter();
    let attacks = |name: &str| name.strip_suffix(".rs").and_then(attack).is_some();
    if !tally.anything_tried() && !specs.any(|it| attacks(&it.name)) {
        return None;
    }
    let tries = tally.tries(session.step_number());
    let tried = |env: EnvId| tries.iter().any(|it| it.env == env);
    let holdings = holdings(session.machine());
    let (some, none): (Vec<&Holding>, Vec<&Holding>) =
        holdings.iter().partition(|it| tried(it.env));
    let row = |it: &Holding| HeldRow {
        owner: Owner { env: it.env },
        words: it.words(!tried(it.env)),
    };
    Some(AttemptsView {
        stops: stops(&tries),
        held: some.into_iter().chain(none).map(row).collect(),
    })
}

/// What stopped which of them.
fn stops(tries: &[Tries]) -> Vec<StopRow> {
    let mut rows: Vec<StopRow> = Vec::new();
    for it in tries {
        let stop = stopped_by(&it.attempt);
        let least = if it.at_least { "at least " } else { "" };
        let attempt = AttemptRow {
            owner: Owner { env: it.env },
            what: it.attempt.name(),
            times: format!("{least}{}", grouped(it.times)),
            last: it.last,
        };
        let same = |row: &&mut StopRow| (row.name, &row.said) == (stop.name, &stop.said);
        match rows.iter_mut().find(same) {
            Some(row) => row.attempts.push(attempt),
            None => rows.push(StopRow {
                name: stop.name,
                said: stop.said,
                check: format!("{} ({})", stop.check, stop.source),
                attempts: vec![attempt],
            }),
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use exo_core::ids::EnvId;

    use super::{AttemptsView, grouped};
    use crate::store::{Action, Playground, Target};
    use crate::view::View;
    use crate::view::tests::{playground, settled};

    fn opened(name: &'static str) -> Playground {
        let mut playground = playground();
        settled(&mut playground, Action::OpenScenario(name));
        playground
    }

    fn shown(playground: &Playground) -> AttemptsView {
        let view = View::of(playground).attempts.clone();
        view.as_deref().cloned().unwrap()
    }

    /// Each kind, with its stop: name, what, times, step of the last.
    fn rows(view: &AttemptsView) -> Vec<(&'static str, &'static str, String, u64)> {
        let stops = view.stops.iter();
        let rows = stops.flat_map(|stop| stop.attempts.iter().map(move |it| (stop, it)));
        rows.map(|(stop, it)| (stop.name, it.what, it.times.clone(), it.last))
            .collect()
    }

    #[test]
    fn an_attack_shows_what_was_tried_by_this_step_and_what_stopped_it() {
        let mut playground = opened("attack-forge");
        let before = shown(&playground);
        assert!(before.stops.is_empty() && before.held.len() == 2);
        settled(&mut playground, Action::GoTo(Target::End));
        let whole = shown(&playground);
        let forged = |view: &AttemptsView| {
            let rows = rows(view).into_iter();
            rows.filter(|it| it.0 == "Forged").collect::<Vec<_>>()
        };
        let [(_, what, times, last)] = &forged(&whole)[..] else {
            panic!("{whole:?}");
        };
        let count = times.replace(',', "").parse::<u64>().unwrap();
        assert!(*what == "tlb_write_shared" && count > 30_000);
        let stop = &whole.stops[0];
        assert!(stop.check.contains("INV-CAP-1") || stop.check.contains("A08"));
        // Where the last one was, the same is known; a step before it, one less.
        settled(&mut playground, Action::GoTo(Target::Step(*last)));
        assert_eq!(forged(&shown(&playground)), forged(&whole));
        settled(&mut playground, Action::StepBack);
        let fewer = forged(&shown(&playground));
        assert_eq!(fewer[0].2, grouped(count - 1));
        assert!(fewer[0].3 < *last);
    }

    #[test]
    fn what_is_held_and_whether_the_neighbour_was_harmed_is_read_from_the_machine() {
        let mut playground = opened("attack-ignore-revocation");
        settled(&mut playground, Action::GoTo(Target::End));
        let machine = playground.session().machine();
        let held = |env: u8| machine.environment(EnvId(env)).unwrap().frames_held;
        let taken = machine
            .environment(EnvId(1))
            .unwrap()
            .counters
            .repossessions;
        let view = shown(&playground);
        let words: Vec<&str> = view.held.iter().map(|it| &*it.words).collect();
        assert_eq!(view.held[0].owner.env, EnvId(1));
        assert!(
            words[0].contains(&format!("holds {} of ", held(1))),
            "{words:?}"
        );
        assert!(
            words[0].contains(&format!("took {taken} frames")),
            "{words:?}"
        );
        let unharmed = format!("is unharmed: it holds {} of ", held(0));
        assert!(words[1].starts_with(&unharmed), "{words:?}");
        let kept = rows(&view).into_iter().find(|it| it.1 == "keep a frame");
        assert_eq!(kept.unwrap().2, taken.to_string());
    }

    #[test]
    fn whoever_is_given_up_is_told_with_the_reason_and_a_run_without_refusals_shows_nothing() {
        let mut playground = playground();
        settled(&mut playground, Action::GoTo(Target::End));
        assert_eq!(View::of(&playground).attempts, None);
        let mut playground = opened("attack-fault-in-handler");
        settled(&mut playground, Action::GoTo(Target::End));
        let view = shown(&playground);
        let ended = view.stops.iter().filter(|it| it.name == "given up");
        let ended: Vec<_> = ended.collect();
        assert!(ended.len() > 3, "{view:?}");
        assert!(ended.iter().all(|it| it.attempts[0].what == "its program"));
        let given_up = view
            .held
            .iter()
            .filter(|it| it.words.contains("It was given up: "));
        let rows: usize = ended.iter().map(|it| it.attempts.len()).sum();
        assert_eq!(given_up.count(), rows);
    }

    #[test]
    fn the_sums_are_those_of_the_timeline() {
        for name in ["attack-guess-ids", "attack-replay", "attack-exhaust-tables"] {
            let mut playground = opened(name);
            settled(&mut playground, Action::GoTo(Target::End));
            let tally = playground.session().tally();
            let tries = tally.tries(u64::MAX);
            let sum: u64 = tries.iter().map(|it| it.times).sum();
            assert!(sum > 100, "{name}");
            let [.., revocation, refused, _, _] = *tally.totals();
            assert!(
                sum >= refused && sum <= refused + revocation,
                "{name}: {sum}"
            );
        }
    }
}
