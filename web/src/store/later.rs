//! What needs the later part of the program: it is done when that has been loaded.

use super::action::Action;
use super::playground::{Notice, Playground};
use super::work::Activity;
use crate::later::later;

/// What is said while it is loaded.
const LOADING: &str = "Loading the part of the page that this needs: networks, and the sheets behind buttons. \
                       It is fetched once.";
/// What is said when it cannot be had.
const FAILED: &str = "What you asked for needs a part of the page that could not be loaded, and nothing has changed. \
                      The connection may be gone, or the page on its host is newer than this one. Try again when the \
                      connection is there; if that does not help, load the page again: your work is kept, and will be \
                      offered.";

/// Whether somebody asked for it: then its coming, or that it does not come, is said.
fn asked_for(wanted: &Action) -> bool {
    !matches!(wanted, Action::Attempts | Action::Point)
}

impl Playground {
    /// Does what is asked, at once if the later part is here.
    pub(super) fn take_later(&mut self, action: Action) {
        match later() {
            Some(later) => (later.take)(self, action),
            None => self.want_later(action),
        }
    }

    /// Does what is asked when the later part has been loaded. What was wanted before is not.
    pub(super) fn want_later(&mut self, action: Action) {
        self.pause();
        self.reading = false;
        self.notice = Some(Notice::fact(LOADING.to_owned()));
        self.wanted = Some(Box::new(action));
    }

    /// Wants it, once and without a word, when something was tried and stopped: it shows what that was.
    pub(super) fn want_attempts(&mut self) {
        let tried = self.session.tally().anything_tried();
        if tried && !self.attempts_wanted && self.wanted.is_none() {
            self.attempts_wanted = true;
            self.wanted = Some(Box::new(Action::Attempts));
        }
    }

    /// Something is pointed at that the later part tells of: it is loaded while everything goes on.
    pub(super) fn point(&mut self) {
        if later().is_none() {
            self.wanted.get_or_insert_with(|| Box::new(Action::Point));
        }
    }

    /// Whether the later part is to be loaded.
    pub fn wants_later(&self) -> bool {
        self.wanted.is_some()
    }

    /// The later part is here: what it was wanted for, to be done again.
    pub fn later_came(&mut self) -> Option<Action> {
        let wanted = *self.wanted.take()?;
        if asked_for(&wanted) {
            self.notice = None;
        }
        Some(wanted)
    }

    /// The later part cannot be had: what it was wanted for is not done.
    pub(super) fn later_failed(&mut self) {
        if self.wanted.take().is_some_and(|it| asked_for(&it)) {
            self.start_at = None;
            self.notice = Some(Notice::problem(FAILED.to_owned()));
        }
    }

    /// What is done by the later part.
    pub(crate) fn take_with_later(&mut self, action: Action) {
        match action {
            Action::Record(action) => self.update_record(action),
            // Asked for while events are told again: other work ends as it does at any action.
            Action::Cancel => self.stop_recording(),
            Action::Charts(action) => self.update_charts(action),
            Action::Packets(action) => self.update_packets(action),
            Action::Kernels(action) => self.update_kernels(action),
            Action::Beside(shown) => self.show_beside(shown),
            Action::ShowVersions(shown) => self.show_versions(shown),
            Action::Export(format) => self.export(format),
            Action::Branch(action) => self.update_branches(action),
            Action::Marks(action) => self.update_marks(action),
            Action::Format => self.format(),
            Action::OpenFind => self.open_finder(),
            Action::FramesAsTable(shown) => self.frames_as_table = shown,
            Action::ShowFace(face) => self.face = face,
            Action::State(action) => self.update_state(action),
            _ => {}
        }
    }

    /// Goes on with work of the later part. True if there is more to do.
    pub(crate) fn work_with_later(&mut self) -> bool {
        match self.activity {
            Activity::Recording => self.record_more(),
            Activity::Comparing => self.compare(),
            Activity::Charting => self.chart_more(),
            Activity::Filtering => self.filter_more(),
            Activity::Following => self.collect_packets(),
            Activity::Exporting => self.export_more(),
            Activity::ComparingFault => self.compare_fault(),
            Activity::ComparingKernels => self.compare_more_kernels(),
            _ => false,
        }
    }

    /// Ends work of the later part before it is through, with what is said of that.
    pub(crate) fn give_up_with_later(&mut self) {
        match self.activity {
            Activity::Comparing => self.give_up_comparing(),
            Activity::Filtering => self.give_up_filtering(),
            Activity::Exporting => self.give_up_exporting(),
            Activity::ComparingKernels => self.give_up_kernels(),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FAILED;
    use crate::store::{Action, Notice, PacketsAction, Target};
    use crate::view::View;
    use crate::view::tests::{playground, settled};

    #[test]
    fn what_needs_the_later_part_is_done_when_it_is_here() {
        let mut playground = playground();
        playground.want_later(Action::Packets(PacketsAction::Show(true)));
        let view = View::of(&playground);
        assert!(view.wants_later && !view.packets.open);
        assert!(
            view.notice
                .as_ref()
                .is_some_and(|it| it.text.starts_with("Loading"))
        );
        // Meanwhile the machine can be used.
        playground.update(Action::Step);
        let wanted = playground.later_came().unwrap();
        assert!(!playground.wants_later() && playground.later_came().is_none());
        playground.update(wanted);
        assert!(View::of(&playground).packets.open);
    }

    #[test]
    fn what_was_tried_wants_it_once_without_a_word_and_what_is_said_stays() {
        let mut playground = playground();
        playground.want_attempts();
        assert!(!playground.wants_later(), "nothing was tried");
        settled(&mut playground, Action::OpenScenario("attack-forge"));
        settled(&mut playground, Action::GoTo(Target::Step(20_000)));
        let said = Some(Notice::fact("What is said.".to_owned()));
        playground.notice.clone_from(&said);
        playground.want_attempts();
        assert!(playground.wants_later());
        assert!(matches!(playground.later_came(), Some(Action::Attempts)));
        assert_eq!(playground.notice, said);
        playground.want_attempts();
        assert!(!playground.wants_later(), "once is enough");
        playground.attempts_wanted = false;
        playground.want_attempts();
        playground.update(Action::LaterFailed);
        assert!(!playground.wants_later());
        assert_eq!(playground.notice, said);
    }

    #[test]
    fn pointing_loads_it_and_says_nothing_also_if_it_cannot_be_had() {
        let mut playground = playground();
        playground.wanted = Some(Box::new(Action::Point));
        playground.update(Action::LaterFailed);
        assert!(View::of(&playground).notice.is_none() && !playground.wants_later());
        playground.notice = Some(super::Notice::fact("Paused.".to_owned()));
        playground.wanted = Some(Box::new(Action::Point));
        assert!(matches!(playground.later_came(), Some(Action::Point)));
        assert!(View::of(&playground).notice.is_some(), "it stays");
    }

    #[test]
    fn what_cannot_be_loaded_is_said_and_nothing_else_has_changed() {
        let mut playground = playground();
        (0..40).for_each(|_| playground.update(Action::Step));
        let before = playground.session().machine().state_digest();
        playground.want_later(Action::OpenScenario("network-ping"));
        playground.update(Action::LaterFailed);
        let view = View::of(&playground);
        assert!(!view.wants_later);
        assert_eq!(
            view.notice.as_ref().map(|it| (&*it.text, it.problem)),
            Some((FAILED, true))
        );
        assert_eq!(playground.session().machine().state_digest(), before);
        // Of what was put away in the meantime nothing is said.
        playground.want_later(Action::OpenScenario("network-ping"));
        playground.update(Action::Dismiss);
        playground.update(Action::LaterFailed);
        assert!(View::of(&playground).notice.is_none());
    }
}
