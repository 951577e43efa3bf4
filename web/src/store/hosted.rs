//! The page as its address and its host ask for it: where it begins, what may only be read, when something is done.

use super::find::Seeking;
use super::playground::{Notice, Playground};
use super::work::Activity;

/// What is said where something may not be changed.
const ONLY_READ: &str = "This page may only be read. Open it in full to change something.";

impl Playground {
    /// Goes to a place that the page was asked to open at: once what is being opened, or waits for something, is there.
    pub(super) fn start_at(&mut self, place: String) {
        let comes = self.wants_later() || self.waiting.is_some();
        if comes || self.activity == Activity::Arriving {
            self.start_at = Some(place);
        } else {
            self.go_to_typed(&place);
        }
    }

    /// Puts the notice away, and with it what waits for a file or for a part of the program.
    pub(super) fn dismiss(&mut self) {
        (self.notice, self.waiting, self.wanted) = (None, None, None);
        if self.activity != Activity::Arriving {
            self.start_at = None;
        }
    }

    /// The page may only be read: the text in the editor is set back.
    pub(super) fn refuse_change(&mut self) {
        self.draft().revision += 1;
        self.notice = Some(Notice::fact(ONLY_READ.to_owned()));
    }

    /// Why a file of that name is not taken, if it is not: where the page may only be read, a capture is, which is
    /// looked at beside the machine.
    pub fn refuses_file(&self, name: &str) -> Option<&'static str> {
        let taken = !self.read_only || self.takes_captures(name);
        (!taken).then_some(ONLY_READ)
    }

    /// Whether it is on its way to where it was sent: what is opened, or a step, an event or a fault that is gone to.
    pub fn is_on_its_way(&self) -> bool {
        let goes = matches!(
            self.activity,
            Activity::Arriving
                | Activity::Going(_)
                | Activity::SeekingEvent
                | Activity::SeekingFault
                | Activity::Seeking(Seeking { .. })
        );
        goes || self.wants_later()
    }

    /// What went wrong, if that is what the page says.
    pub fn problem(&self) -> Option<&str> {
        let notice = self.notice.as_ref().filter(|it| it.problem);
        notice.map(|it| &*it.text)
    }
}

#[cfg(test)]
mod tests {
    use exo_core::ids::EnvId;

    use crate::store::{Action, Playground};
    use crate::view::View;
    use crate::view::tests::playground;

    fn settle(playground: &mut Playground) {
        while playground.work(0.0) {}
    }

    fn said(playground: &Playground) -> String {
        View::of(playground)
            .notice
            .map_or_else(String::new, |it| it.text.clone())
    }

    #[test]
    fn a_place_to_begin_at_waits_for_the_part_of_the_program_that_what_is_opened_needs() {
        let mut page = playground();
        page.want_later(Action::OpenScenario("network-udp"));
        page.update(Action::StartAt("200".to_owned()));
        assert_eq!(page.session().step_number(), 0);
        assert!(page.is_on_its_way() && !page.is_busy());
        let wanted = page.later_came().unwrap();
        page.update(wanted);
        settle(&mut page);
        assert!(
            View::of(&page)
                .notice
                .unwrap()
                .text
                .starts_with("Opened from network-udp")
        );
        assert_eq!(page.session().step_number(), 200);
        assert!(!page.is_on_its_way());
    }

    #[test]
    fn a_place_to_begin_at_is_forgotten_with_what_could_not_be_opened() {
        for ends in [Action::LaterFailed, Action::Dismiss] {
            let mut page = playground();
            page.want_later(Action::OpenScenario("network-udp"));
            page.update(Action::StartAt("200".to_owned()));
            page.update(ends);
            page.update(Action::OpenScenario("pressure"));
            settle(&mut page);
            assert_eq!(page.session().step_number(), 0);
        }
    }

    #[test]
    fn where_the_page_may_only_be_read_no_hand_replaces_what_is_there() {
        let mut page = playground();
        page.update(Action::SetFrameLimit {
            env: EnvId(0),
            frames: 3,
        });
        page.update(Action::OpenScenario("pressure"));
        settle(&mut page);
        assert!(View::of(&page).run.undo.is_some());
        page.update(Action::ReadOnly);
        let (title, digest) = (
            View::of(&page).run.title.clone(),
            page.session().machine().state_digest(),
        );
        assert_eq!(View::of(&page).run.undo, None);
        for refused in [
            Action::UndoChange,
            Action::OpenScenario("attack-loop-in-handler"),
            Action::OpenKept("mine".to_owned()),
        ] {
            page.update(refused);
            settle(&mut page);
            assert!(said(&page).starts_with("This page may only be read"));
            assert_eq!(View::of(&page).run.title, title);
            assert_eq!(page.session().machine().state_digest(), digest);
        }
        for name in ["mine.toml", "mine.lackey"] {
            assert!(page.refuses_file(name).is_some(), "{name}");
        }
        assert_eq!(page.refuses_file("packets.pcap"), None);
        assert_eq!(playground().refuses_file("mine.toml"), None);
    }

    #[test]
    fn what_the_address_asks_for_is_opened_where_the_page_may_only_be_read() {
        let mut page = playground();
        page.want_later(Action::OpenText {
            name: "pressure".to_owned(),
            text: exo_libos_samples::scenario("pressure")
                .unwrap()
                .text
                .to_owned(),
        });
        page.update(Action::ReadOnly);
        let wanted = page.later_came().unwrap();
        page.update(wanted);
        settle(&mut page);
        assert!(
            said(&page).starts_with("Opened from pressure"),
            "{}",
            said(&page)
        );
    }
}
