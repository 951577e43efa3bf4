//! What was tried up to this step, what stopped it, and what everybody holds after it.

use exo_core::ids::EnvId;
use exo_session::attempts::{Tries, holdings, stopped_by};

use super::memory::Owner;
use super::network::FillRow;
use super::words::grouped;
use crate::store::Playground;

/// One kind of attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptRow {
    /// What stopped it: the refusal's name, or what was done instead.
    pub name: &'static str,
    /// What was said to who tried it, the check, and where that comes from; nothing if they are those of the row before.
    pub check: String,
    /// By whom.
    pub owner: Owner,
    /// What.
    pub what: &'static str,
    /// How often.
    pub times: String,
    /// The step of the last one.
    pub last: u64,
}

/// The panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptsView {
    /// What was tried, by what stopped it.
    pub rows: Vec<AttemptRow>,
    /// What everybody holds.
    pub held: Vec<FillRow>,
}

/// Nothing if nothing was tried in this run.
pub(super) fn select(playground: &Playground) -> Option<AttemptsView> {
    let session = playground.session();
    let tally = session.tally();
    if !tally.anything_tried() {
        return None;
    }
    let tries = tally.tries(session.step_number());
    let tried = |env: EnvId| tries.iter().any(|it| it.env == env);
    let mut held = Vec::new();
    for it in holdings(session.machine()) {
        held.push(FillRow {
            owner: Owner { env: it.env },
            words: it.words(!tried(it.env)),
        });
    }
    Some(AttemptsView {
        rows: rows(&tries),
        held,
    })
}

/// Those that had the same check stand together.
fn rows(tries: &[Tries]) -> Vec<AttemptRow> {
    let mut rows: Vec<AttemptRow> = Vec::new();
    for it in tries {
        let stop = stopped_by(&it.attempt);
        let check = format!("{}. {} ({})", stop.said, stop.check, stop.source);
        let least = if it.at_least { "at least " } else { "" };
        let mut row = AttemptRow {
            name: stop.name,
            check,
            owner: Owner { env: it.env },
            what: it.attempt.name(),
            times: format!("{least}{}", grouped(it.times)),
            last: it.last,
        };
        let first = rows.iter().position(|other| other.check == row.check);
        let Some(first) = first else {
            rows.push(row);
            continue;
        };
        row.check.clear();
        let behind = rows
            .iter()
            .skip(first + 1)
            .take_while(|it| it.check.is_empty());
        let at = first + 1 + behind.count();
        rows.insert(at, row);
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
        let rows = view.rows.iter();
        rows.map(|it| (it.name, it.what, it.times.clone(), it.last))
            .collect()
    }

    #[test]
    fn an_attack_shows_what_was_tried_by_this_step_and_what_stopped_it() {
        let mut playground = opened("attack-forge");
        assert_eq!(View::of(&playground).attempts, None);
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
        let stop = whole.rows.iter().find(|it| it.name == "Forged");
        assert!(stop.unwrap().check.contains("A10; INV-CAP-1"));
        // A step at which nothing had been tried yet has the panel without rows.
        settled(&mut playground, Action::Reset);
        let none = shown(&playground);
        assert!(none.rows.is_empty() && none.held.len() == 2);
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
        let unharmed = format!("is unharmed: it holds {} of ", held(0));
        assert!(words[0].starts_with(&unharmed), "{words:?}");
        assert!(
            words[1].starts_with(&format!("holds {} of ", held(1))),
            "{words:?}"
        );
        assert!(
            words[1].contains(&format!("; {taken} frames were taken")),
            "{words:?}"
        );
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
        let ended = view.rows.iter().filter(|it| it.name == "given up");
        let ended: Vec<_> = ended.collect();
        assert!(ended.len() > 3, "{view:?}");
        assert!(ended.iter().all(|it| it.what == "its program"));
        let given_up = view.held.iter();
        let given_up = given_up.filter(|it| it.words.contains("it was given up: "));
        assert_eq!(given_up.count(), ended.len());
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
