//! The sentence above everything: who did what, and what it cost.

use exo_session::explain::{Actor, env_letter, explain};
use exo_session::path::{FaultPath, PathKind};

use crate::store::{Activity, Playground, Speed, none_words, tells_each_step};
use crate::view::words::grouped;

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActorMark {
    /// A short name: `A libOS`, `kernel`.
    pub label: String,
    /// Whether it is an event's actor: only then it is yellow.
    pub now: bool,
}

/// What the caption shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaptionView {
    /// Who acts.
    pub actor: ActorMark,
    /// The sentence.
    pub text: String,
    /// Cycles of this step.
    pub step_cycles: Option<String>,
    /// Cycles of this fault so far.
    pub fault_cycles: Option<String>,
    /// What is said aloud: the notice, the sentence, or while running counts once a second.
    pub spoken: String,
}

pub(super) fn select(playground: &Playground, path: Option<&FaultPath>) -> CaptionView {
    let mut view = if let Some(words) = under_way(playground) {
        counting(words)
    } else {
        telling(playground, path)
    };
    match &playground.told {
        Some((_, counts)) if playground.speed != Speed::One => view.spoken.clone_from(counts),
        _ => {}
    }
    if let Some((said, _)) = &playground.finder.said {
        view.spoken.clone_from(said);
    }
    if let Some(notice) = &playground.notice {
        let reading = notice.progress.is_some();
        view.spoken = if reading {
            "Reading the file.".to_owned()
        } else {
            notice.text.clone()
        };
    }
    view
}

/// What is under way and too fast for single steps to be told: a short word, and a sentence.
fn under_way(playground: &Playground) -> Option<(&'static str, String)> {
    if !playground.is_at_work() || tells_each_step(playground.activity, playground.speed) {
        return None;
    }
    Some(match playground.activity {
        Activity::Seeking(seeking) => {
            let words = format!(
                "Looking for a step {}: {} so far.",
                none_words(&seeking.condition),
                playground.seeking_words(&seeking)
            );
            ("searching", words)
        }
        Activity::Asking => {
            let (looked, _) = playground.asked().unwrap_or_default();
            let words = format!("Looking back for why: {} steps so far.", grouped(looked));
            ("searching", words)
        }
        Activity::Exporting => ("writing", "Writing the run for other programs.".to_owned()),
        Activity::Going(target) => ("going", format!("Going to {}.", target.words())),
        _ => {
            let told = playground.told.as_ref();
            let counts = told.map_or("Running.", |(_, text)| text);
            ("running", counts.to_owned())
        }
    })
}

/// What is under way, instead of a step.
fn counting((label, text): (&str, String)) -> CaptionView {
    CaptionView {
        actor: ActorMark {
            label: label.to_owned(),
            now: false,
        },
        spoken: text.clone(),
        text,
        step_cycles: None,
        fault_cycles: None,
    }
}

fn telling(playground: &Playground, path: Option<&FaultPath>) -> CaptionView {
    let session = playground.session();
    let Some(current) = session.current() else {
        return beginning(playground);
    };
    let sentence = explain(&current.stamped.event, session.machine());
    let label = match sentence.actor {
        Actor::Application(env) => format!("{} application", env_letter(env)),
        Actor::Libos(env) => format!("{} libOS", env_letter(env)),
        Actor::Kernel => "kernel".to_owned(),
        Actor::Hardware => "hardware".to_owned(),
    };
    let fault = path.filter(|path| {
        path.kind == PathKind::Fault && path.hops.iter().any(|hop| hop.now && !hop.aside)
    });
    // What passed before a fault is not its own: of its first step nothing is.
    let fault_cycles = fault.map(FaultPath::cycles).filter(|it| *it > 0);
    CaptionView {
        actor: ActorMark { label, now: true },
        spoken: format!("Step {}. {}", grouped(current.number), sentence.text),
        text: sentence.text,
        step_cycles: step_cycles(playground).map(grouped),
        fault_cycles: fault_cycles.map(grouped),
    }
}

/// Before the first event.
fn beginning(playground: &Playground) -> CaptionView {
    let environments = playground
        .session()
        .scenario()
        .environments
        .iter()
        .enumerate();
    let names: Vec<String> = environments
        .map(|(index, spec)| format!("{} ({})", super::words::letter(index), spec.name))
        .collect();
    let wait = match names.as_slice() {
        [_] => "waits for its",
        _ => "wait for their",
    };
    let text = format!(
        "Nothing has happened yet: memory is empty and {} {wait} first reference. Step, or go to \
         the next fault.",
        names.join(" and ")
    );
    CaptionView {
        actor: ActorMark {
            label: "reset".to_owned(),
            now: false,
        },
        spoken: text.clone(),
        text,
        step_cycles: None,
        fault_cycles: None,
    }
}

/// Cycles between the event before and the current one.
fn step_cycles(playground: &Playground) -> Option<u64> {
    let (current, before) = playground.session().recent().split_last()?;
    let before = match before.last() {
        Some(before) => before.stamped.cycles,
        None if current.number == 1 => 0,
        None => return None,
    };
    Some(current.stamped.cycles - before)
}

#[cfg(test)]
mod tests {
    use crate::store::Action;
    use crate::view::View;

    #[test]
    fn the_first_sentence_says_what_to_do_and_the_next_one_what_happened() {
        let mut playground = crate::view::tests::playground();
        let first = View::of(&playground).caption.text.clone();
        assert!(first.contains("Nothing has happened yet"), "{first}");
        assert!(first.contains("wait for their first reference"), "{first}");
        let mut alone = crate::view::tests::playground();
        alone.update(Action::OpenScenario("network-ping"));
        let first = View::of(&alone).caption.text.clone();
        assert!(first.contains("(responder.rs) waits for its"), "{first}");
        playground.update(Action::Step);
        let caption = View::of(&playground).caption;
        assert_eq!(caption.actor.label, "hardware");
        assert!(
            caption.text.contains("traps to the kernel"),
            "{}",
            caption.text
        );
        assert!(caption.spoken.starts_with("Step 1. "));
    }

    #[test]
    fn a_fast_run_counts_once_a_second_instead_of_telling() {
        let mut playground = crate::view::tests::playground();
        playground.update(Action::SetSpeed(crate::store::Speed::Hundred));
        playground.update(Action::ToggleRun);
        let mut spoken = Vec::new();
        for frame in 0..120 {
            playground.work(f64::from(frame) * 16.0);
            spoken.push(View::of(&playground).caption.spoken.clone());
        }
        spoken.dedup();
        assert!(spoken.len() <= 2, "{spoken:?}");
        assert!(spoken[0].starts_with("Running: "), "{spoken:?}");
    }
}
