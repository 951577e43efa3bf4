//! The branches: what each is, and how the one that runs compares with another.

use std::rc::Rc;

use super::words::grouped;
use crate::store::{Compared, Playground};

/// A branch that was left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchRow {
    /// Its number.
    pub number: u32,
    /// What it is, in words.
    pub words: String,
}

/// The branches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BranchesView {
    /// How many were left.
    pub count: usize,
    /// Whether they are looked at; what follows is empty while they are not.
    pub open: bool,
    /// The one that runs.
    pub running: u32,
    /// What that one is, in words.
    pub words: String,
    /// Those that were left, the last one first.
    pub rows: Vec<BranchRow>,
    /// While two are compared: how far that is.
    pub comparing: Option<String>,
    /// What came of the last comparison.
    pub compared: Option<Rc<Compared>>,
}

pub(super) fn select(playground: &Playground) -> BranchesView {
    let session = playground.session();
    let open = playground.branches().open;
    if !open {
        return BranchesView {
            count: session.branch_count(),
            ..BranchesView::default()
        };
    }
    let left = session.branches();
    let rows = left.iter().rev().map(|branch| {
        let from = session.fork_of(branch.number).map_or_else(
            || "the same changes".to_owned(),
            |at| format!("parts at position {at}"),
        );
        let changes = changes(branch.inputs.len());
        let furthest = grouped(branch.furthest);
        BranchRow {
            number: branch.number,
            words: format!("{from}; {changes}; came to step {furthest}"),
        }
    });
    let comparing = playground.comparison_under_way().map(|(numbers, steps)| {
        format!(
            "Comparing branch {}, at step {}, with branch {}, at step {}.",
            numbers[0],
            grouped(steps[0]),
            numbers[1],
            grouped(steps[1])
        )
    });
    BranchesView {
        count: left.len(),
        open,
        running: session.branch(),
        words: format!(
            "{}; came to step {}",
            changes(session.inputs().len()),
            grouped(session.furthest_step())
        ),
        rows: rows.collect(),
        comparing,
        compared: playground.branches().compared.clone(),
    }
}

fn changes(count: usize) -> String {
    match count {
        0 => "no change".to_owned(),
        1 => "1 change".to_owned(),
        count => format!("{count} changes"),
    }
}

#[cfg(test)]
mod tests {
    use exo_core::ids::EnvId;

    use crate::store::{Action, BranchAction, Playground};
    use crate::view::View;
    use crate::view::tests::playground;

    /// Pressed at step 300, run to step 900, pressed harder at step 200.
    fn forked() -> Playground {
        let mut playground = playground();
        let go = |playground: &mut Playground, step: u64| {
            playground.update(Action::GoToTyped(step.to_string()));
            while playground.work(0.0) {}
        };
        let press = |playground: &mut Playground, frames| {
            let env = EnvId(0);
            playground.update(Action::SetFrameLimit { env, frames });
        };
        go(&mut playground, 300);
        press(&mut playground, 9);
        go(&mut playground, 900);
        go(&mut playground, 200);
        press(&mut playground, 5);
        assert_eq!(View::of(&playground).branches.count, 1);
        playground.update(Action::Branch(BranchAction::Show(true)));
        playground
    }

    #[test]
    fn a_run_that_was_never_changed_in_its_past_has_no_branches() {
        let view = View::of(&playground());
        assert_eq!((view.branches.count, view.branches.open), (0, false));
    }

    #[test]
    fn the_future_that_was_left_is_listed_and_can_be_run_again() {
        let mut playground = forked();
        let view = View::of(&playground);
        assert_eq!((view.branches.running, view.branches.rows.len()), (1, 1));
        let words = &view.branches.rows[0].words;
        assert!(words.contains("1 change; came to step 900"), "{words}");
        playground.update(Action::Branch(BranchAction::Run(0)));
        let view = View::of(&playground);
        assert_eq!(
            (view.branches.running, view.branches.rows[0].number),
            (0, 1)
        );
        assert!(view.notice.unwrap().text.starts_with("Branch 0 runs now"));
        assert_eq!(view.timeline.step, view.timeline.furthest);
        playground.update(Action::GoToTyped("900".to_owned()));
        while playground.work(0.0) {}
        assert_eq!(playground.session().step_number(), 900);
        playground.update(Action::Branch(BranchAction::Run(7)));
        assert_eq!(View::of(&playground).branches.running, 0);
    }

    #[test]
    fn two_branches_are_compared_to_their_ends_and_the_run_stays_where_it_is() {
        let mut playground = forked();
        let here = playground.session().machine().state_digest();
        playground.update(Action::Branch(BranchAction::Compare(0)));
        let view = View::of(&playground);
        assert!(
            view.branches
                .comparing
                .as_ref()
                .unwrap()
                .starts_with("Comparing branch 0")
        );
        assert!(view.run.busy);
        while playground.work(0.0) {}
        let compared = View::of(&playground).branches.compared.clone().unwrap();
        assert!(compared.complete && compared.numbers == [0, 1]);
        let parting = compared.parting.clone().unwrap().map(Option::unwrap);
        assert_eq!(parting[0].0, parting[1].0);
        assert_ne!(parting[0].1, parting[1].1);
        let loads = |index: usize| {
            let (_, pairs) = &compared.figures[0];
            pairs
                .iter()
                .find(|it| it.name == "page loads")
                .unwrap()
                .values[index]
        };
        assert!(loads(1) > loads(0), "{} and {}", loads(0), loads(1));
        let (_, pairs) = &compared.figures[0];
        let loads = pairs.iter().find(|it| it.name == "page loads").unwrap();
        assert!(
            loads.change().starts_with('+'),
            "more is more: {}",
            loads.change()
        );
        assert_eq!(playground.session().machine().state_digest(), here);
    }

    #[test]
    fn a_comparison_that_is_given_up_tells_how_far_it_came() {
        let mut playground = forked();
        playground.update(Action::Branch(BranchAction::Compare(0)));
        playground.work(0.0);
        playground.update(Action::Cancel);
        let view = View::of(&playground);
        assert!(!view.run.working && view.branches.comparing.is_none());
        assert!(!view.branches.compared.as_ref().unwrap().complete);
    }
}
