//! The first lesson: steps that look at what was done, from the first fault to a policy of one's own.

use exo_core::ids::{EnvId, Position};
use exo_core::kernel::Phase;
use exo_session::GivenChange;
use exo_session::debugger::Side;

use super::action::Panel;
use super::draft::Checked;
use super::kept::place;
use super::playground::Playground;

/// Whose policy is edited.
const A: EnvId = EnvId(0);
/// The scenario that it is about.
const SCENARIO: &str = "first-light";
/// What that is called.
const TITLE: &str = "Two policies, one program: dash";

/// One step of the lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuideStep {
    /// Go to the first fault.
    Fault,
    /// Step through the handler.
    Handler,
    /// Step back.
    Back,
    /// Run to the end.
    End,
    /// Reset.
    Reset,
    /// Edit the policy.
    Edit,
    /// Apply it.
    Apply,
    /// Run it to the end.
    Own,
    /// Nothing is left to do.
    Done,
}

impl GuideStep {
    /// All of them in order.
    pub const ALL: [GuideStep; 9] = [
        GuideStep::Fault,
        GuideStep::Handler,
        GuideStep::Back,
        GuideStep::End,
        GuideStep::Reset,
        GuideStep::Edit,
        GuideStep::Apply,
        GuideStep::Own,
        GuideStep::Done,
    ];

    /// Its place among them.
    pub fn index(self) -> usize {
        Self::ALL.iter().position(|it| *it == self).unwrap_or(0)
    }

    fn next(self) -> GuideStep {
        let next = Self::ALL.get(self.index() + 1);
        next.copied().unwrap_or(GuideStep::Done)
    }
}

/// How the lesson stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Guide {
    /// Nobody knows yet: the browser has not been asked.
    #[default]
    Unknown,
    /// It can be begun, or gone on with at that step.
    Offered(Option<GuideStep>),
    /// It is under way.
    At(GuideStep),
    /// It was ended, or not wanted.
    Away,
}

/// What can be done with the lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GuideAction {
    /// What the browser remembers of it has been read.
    Found(Option<String>),
    /// Begin, or go on where it was left.
    Begin,
    /// Put the lines of the edit into the text.
    PutLines,
    /// End it, or do not want it.
    Skip,
}

impl Guide {
    /// What the browser is to remember; nothing of what it told itself.
    pub fn stored(self) -> Option<String> {
        match self {
            Guide::Unknown | Guide::Offered(_) => None,
            Guide::At(GuideStep::Done) | Guide::Away => Some("away".to_owned()),
            Guide::At(step) => Some(step.index().to_string()),
        }
    }

    fn read(stored: Option<&str>) -> Guide {
        let index = stored.and_then(|it| it.parse::<usize>().ok());
        let step = index.and_then(|index| GuideStep::ALL.get(index));
        match (stored, step) {
            (None, _) => Guide::Offered(None),
            (_, Some(step)) => Guide::Offered(Some(*step)),
            (Some(_), None) => Guide::Away,
        }
    }
}

impl Playground {
    pub(super) fn guide(&mut self, action: GuideAction) {
        match action {
            GuideAction::Found(stored) => self.guide = Guide::read(stored.as_deref()),
            GuideAction::Begin => self.begin_guide(),
            GuideAction::PutLines => self.put_lines(),
            GuideAction::Skip => self.guide = Guide::Away,
        }
    }

    /// Begins at the opening scenario. What needs what was done before is done again, but for an edit
    /// that is there, or that the browser keeps and offers.
    fn begin_guide(&mut self) {
        let left = match self.guide {
            Guide::Offered(Some(step)) | Guide::At(step) => step,
            _ => GuideStep::Fault,
        };
        if matches!(self.guide, Guide::At(_)) && self.undoes_to(TITLE) {
            self.undo_change();
            self.notice = None;
            return;
        }
        let edits = left.index() >= GuideStep::Edit.index();
        let edited = self.drafts.first().is_some_and(|it| it.sample.is_none());
        if edits && edited && self.is_in_lesson() {
            self.guide_to(GuideStep::Edit);
            return;
        }
        let of_a = place(TITLE, A, Side::LibOs);
        let kept = self.offered_kept().filter(|_| edits);
        let kept = kept.filter(|it| it.texts.iter().any(|it| it.0 == of_a));
        if let Some(name) = kept.map(|it| it.name.clone()) {
            self.open_kept(&name);
        } else {
            self.open_scenario(SCENARIO);
            self.notice = None;
        }
        self.guide_to(match left {
            GuideStep::Fault | GuideStep::Handler | GuideStep::Back => GuideStep::Fault,
            GuideStep::End => GuideStep::End,
            _ => GuideStep::Edit,
        });
    }

    /// Whether the machine is the one that the lesson speaks of.
    pub(crate) fn is_in_lesson(&self) -> bool {
        self.session.scenario().title == TITLE
    }

    /// The edit, for those who would rather read it than type it.
    fn put_lines(&mut self) {
        if self.is_in_lesson() {
            (self.shown, self.side) = (A, Side::LibOs);
            self.draft().put_the_lines();
            self.check();
        }
    }

    /// Goes on to the next step when the one that is asked for was done, and back where an edit is no more what
    /// it was.
    pub(super) fn follow_guide(&mut self) {
        let Guide::At(step) = self.guide else {
            return;
        };
        if step == GuideStep::Done || self.is_at_work() || !self.is_in_lesson() {
            return;
        }
        let next = match step {
            GuideStep::Edit | GuideStep::Apply | GuideStep::Own => self.stands_with_edit(step),
            step if self.has_done(step) => step.next(),
            step => step,
        };
        if next == step {
            return;
        }
        match step {
            GuideStep::End => self.guide_loads.0 = self.whole_run(true).unwrap_or(0),
            GuideStep::Own if next == GuideStep::Done => {
                self.guide_loads.1 = self.loads();
                if self.whole_run(false).is_none() {
                    self.guide_loads.0 = 0;
                }
            }
            _ => {}
        }
        self.guide_to(next);
    }

    /// Goes to a step of the lesson; a small screen shows what it speaks of.
    fn guide_to(&mut self, step: GuideStep) {
        self.guide = Guide::At(step);
        self.panel = match step {
            GuideStep::Fault | GuideStep::Handler | GuideStep::Back | GuideStep::End => Panel::Path,
            GuideStep::Edit | GuideStep::Apply | GuideStep::Own => Panel::Code,
            GuideStep::Reset | GuideStep::Done => Panel::Events,
        };
    }

    /// Page loads of A so far.
    pub(crate) fn loads(&self) -> u64 {
        let environment = self.session.machine().environment(A);
        environment.map_or(0, |it| it.counters.page_loads)
    }

    fn phase_of_a(&self) -> Option<Phase> {
        self.session.machine().environment(A).map(|it| it.phase)
    }

    /// Whether A was given up.
    pub(crate) fn gave_up_a(&self) -> bool {
        matches!(self.phase_of_a(), Some(Phase::Broken(_)))
    }

    /// Page loads of A, if all of its run was one policy's with the memory that it came with; `came`: by the one that came.
    fn whole_run(&self, came: bool) -> Option<u64> {
        let mut own = self.session.inputs().into_iter().filter(|it| it.env == A);
        let is_policy = |change: &GivenChange| matches!(change, GivenChange::Policy { .. });
        let whole = own.all(|it| !came && it.at == Position::default() && is_policy(&it.change));
        (whole && self.phase_of_a() == Some(Phase::Finished)).then(|| self.loads())
    }

    /// Whether nothing can happen any more.
    fn is_over(&self) -> bool {
        self.session.step_number() > 0 && !self.can_go_on()
    }

    fn has_done(&self, step: GuideStep) -> bool {
        let environment = self.session.machine().environment(A);
        let handles = environment.is_some_and(|it| it.in_handler());
        let at = self.session.step_number();
        match step {
            GuideStep::Fault => handles,
            GuideStep::Handler => !handles && at > 0,
            GuideStep::Back => at < self.session.furthest_step(),
            GuideStep::End => self.is_over(),
            GuideStep::Reset => at == 0,
            GuideStep::Edit | GuideStep::Apply | GuideStep::Own | GuideStep::Done => false,
        }
    }

    /// Where one is with the edit, who was at `step`: it is to be made, to be applied, or runs; or has run whole.
    fn stands_with_edit(&self, step: GuideStep) -> GuideStep {
        let Some(draft) = self.drafts.first() else {
            return step;
        };
        let whole = self.is_over() && self.phase_of_a() == Some(Phase::Finished);
        if step == GuideStep::Own && whole && self.runs_own() {
            return GuideStep::Done;
        }
        if !draft.chooses_otherwise() {
            return GuideStep::Edit;
        }
        match draft.checked {
            _ if *draft.text == *self.session.source_at(A) => GuideStep::Own,
            Checked::Fine { .. } => GuideStep::Apply,
            Checked::Wrong(_) => GuideStep::Edit,
            _ => step,
        }
    }

    /// Whether A runs a text that is no sample.
    fn runs_own(&self) -> bool {
        let applied = self
            .drafts
            .first()
            .and_then(|it| it.last_applied.as_deref());
        let runs = self.session.source_at(A);
        applied == Some(runs) && super::draft::sample_of(runs).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::{Guide, GuideAction, GuideStep};
    use crate::store::{Action, Kept, Offering, Panel, Playground, Target};
    use crate::view::View;

    fn at(playground: &Playground) -> Option<GuideStep> {
        match playground.guide {
            Guide::At(step) => Some(step),
            _ => None,
        }
    }

    fn settled(playground: &mut Playground, action: Action) {
        playground.update(action);
        while playground.work(0.0) {}
    }

    fn begun(stored: Option<&str>) -> Playground {
        let mut playground = Playground::new(exo_session::first_light().unwrap()).unwrap();
        let found = GuideAction::Found(stored.map(str::to_owned));
        playground.update(Action::Guide(found));
        settled(&mut playground, Action::Guide(GuideAction::Begin));
        playground
    }

    #[test]
    fn each_step_waits_for_what_it_asks_and_the_last_one_runs_the_reader_s_own_policy() {
        let mut playground = begun(None);
        let expect = |playground: &Playground, step| assert_eq!(at(playground), Some(step));
        settled(&mut playground, Action::Step);
        expect(&playground, GuideStep::Fault);
        settled(&mut playground, Action::NextFault);
        expect(&playground, GuideStep::Handler);
        for _ in 0..30 {
            if at(&playground) == Some(GuideStep::Handler) {
                settled(&mut playground, Action::Step);
            }
        }
        expect(&playground, GuideStep::Back);
        settled(&mut playground, Action::StepBack);
        expect(&playground, GuideStep::End);
        settled(&mut playground, Action::GoTo(Target::End));
        expect(&playground, GuideStep::Reset);
        assert_eq!(playground.panel, Panel::Events);
        let fifo = playground.guide_loads.0;
        settled(&mut playground, Action::Reset);
        expect(&playground, GuideStep::Edit);
        assert_eq!(playground.panel, Panel::Code);
        settled(&mut playground, Action::Edit("// no policy".to_owned()));
        settled(&mut playground, Action::Check);
        expect(&playground, GuideStep::Edit);
        playground.update(Action::LoadOriginal);
        settled(&mut playground, Action::Guide(GuideAction::PutLines));
        expect(&playground, GuideStep::Apply);
        settled(&mut playground, Action::Apply { reset: false });
        expect(&playground, GuideStep::Own);
        settled(&mut playground, Action::GoTo(Target::End));
        expect(&playground, GuideStep::Done);
        assert!(
            playground.loads() < fifo,
            "{} and {fifo}",
            playground.loads()
        );
        let said = View::of(&playground).guide.text.clone();
        assert!(said.contains("Your own policy"), "{said}");
    }

    #[test]
    fn it_can_be_skipped_and_is_not_offered_again() {
        let mut playground = begun(None);
        playground.update(Action::Guide(GuideAction::Skip));
        assert_eq!(playground.guide.stored().as_deref(), Some("away"));
        playground.update(Action::Guide(GuideAction::Found(Some("away".to_owned()))));
        assert!(!View::of(&playground).guide.shown);
    }

    #[test]
    fn it_goes_on_where_it_was_left_as_far_as_what_was_done_is_still_there() {
        assert_eq!(at(&begun(Some("2"))), Some(GuideStep::Fault));
        assert_eq!(at(&begun(Some("3"))), Some(GuideStep::End));
        assert_eq!(at(&begun(Some("7"))), Some(GuideStep::Edit));
        let mut playground = Playground::new(exo_session::first_light().unwrap()).unwrap();
        let mine = playground.drafts[0].text.clone();
        let mine = mine.replacen("let slot = self.hand;", "let slot = 0;", 1);
        playground.update(Action::Edit(mine.clone()));
        let found = GuideAction::Found(Some("6".to_owned()));
        playground.update(Action::Guide(found));
        settled(&mut playground, Action::Guide(GuideAction::Begin));
        settled(&mut playground, Action::Check);
        assert_eq!(at(&playground), Some(GuideStep::Apply));
        assert_eq!(*playground.drafts[0].text, *mine);
    }

    /// At the edit, with FIFO's page loads counted.
    fn at_the_edit() -> Playground {
        let mut playground = begun(Some("3"));
        settled(&mut playground, Action::GoTo(Target::End));
        settled(&mut playground, Action::Reset);
        assert_eq!(at(&playground), Some(GuideStep::Edit));
        playground
    }

    fn typed(playground: &mut Playground, text: &str) {
        settled(playground, Action::Edit(text.to_owned()));
        settled(playground, Action::Check);
    }

    fn said(playground: &Playground) -> String {
        View::of(playground).guide.text.clone()
    }

    #[test]
    fn a_policy_that_was_given_up_is_not_congratulated_but_to_be_put_right() {
        let mut playground = at_the_edit();
        let fifo = playground.drafts[0].text.clone();
        let place = "let slot = self.hand;";
        typed(
            &mut playground,
            &fifo.replacen(place, &format!("loop {{}} {place}"), 1),
        );
        assert_eq!(at(&playground), Some(GuideStep::Apply));
        settled(&mut playground, Action::Apply { reset: false });
        settled(&mut playground, Action::GoTo(Target::End));
        assert_eq!(at(&playground), Some(GuideStep::Own));
        assert!(said(&playground).starts_with("A was given up before its end"));
        assert!(View::of(&playground).guide.lines.is_some());
        settled(&mut playground, Action::Guide(GuideAction::PutLines));
        assert_eq!(at(&playground), Some(GuideStep::Apply));
        settled(&mut playground, Action::Reset);
        settled(&mut playground, Action::Apply { reset: false });
        settled(&mut playground, Action::GoTo(Target::End));
        assert_eq!(at(&playground), Some(GuideStep::Done));
        assert!(
            said(&playground).contains("; FIFO loaded "),
            "{}",
            said(&playground)
        );
        let words = said(&playground);
        settled(&mut playground, Action::Reset);
        assert_eq!(
            said(&playground),
            words,
            "of the run that was, wherever one goes"
        );
    }

    #[test]
    fn loads_are_compared_only_of_whole_runs() {
        let mut playground = at_the_edit();
        settled(&mut playground, Action::NextFault);
        settled(&mut playground, Action::Guide(GuideAction::PutLines));
        settled(&mut playground, Action::Apply { reset: false });
        settled(&mut playground, Action::GoTo(Target::End));
        assert_eq!(at(&playground), Some(GuideStep::Done));
        assert!(
            !said(&playground).contains("FIFO loaded"),
            "{}",
            said(&playground)
        );
    }

    #[test]
    fn the_edit_is_one_only_when_victim_does_something_else_and_what_is_no_more_one_leads_back() {
        let mut playground = at_the_edit();
        let fifo = playground.drafts[0].text.clone();
        for nothing in [
            fifo.replacen("let slot", "\n let slot", 1),
            fifo.replacen("_sys", "sys", 1),
            fifo.replacen("let slot", "// mine\n let slot", 1),
        ] {
            typed(&mut playground, &nothing);
            assert_eq!(at(&playground), Some(GuideStep::Edit));
            assert!(View::of(&playground).guide.lines.is_some());
        }
        let other = fifo.replacen("let slot = self.hand;", "let slot = 0;", 1);
        typed(&mut playground, &other);
        assert_eq!(at(&playground), Some(GuideStep::Apply));
        assert!(
            View::of(&playground).guide.lines.is_some(),
            "still to be read"
        );
        typed(&mut playground, "fn victim");
        assert_eq!(
            at(&playground),
            Some(GuideStep::Edit),
            "it compiles no more"
        );
        typed(&mut playground, &other);
        typed(&mut playground, &fifo);
        assert_eq!(at(&playground), Some(GuideStep::Edit), "it is FIFO again");
        settled(&mut playground, Action::Guide(GuideAction::PutLines));
        assert_eq!(at(&playground), Some(GuideStep::Apply));
        assert!(View::of(&playground).guide.lines.is_none());
    }

    #[test]
    fn the_lines_are_put_into_fifo_whatever_is_in_the_editor() {
        let mut playground = at_the_edit();
        for other in ["clock", "lru"] {
            settled(&mut playground, Action::LoadSample(other));
            settled(&mut playground, Action::Guide(GuideAction::PutLines));
            assert_eq!(at(&playground), Some(GuideStep::Apply), "{other}");
        }
    }

    #[test]
    fn it_knows_that_another_program_or_scenario_is_not_its_own_and_leads_back() {
        let mut playground = at_the_edit();
        settled(&mut playground, Action::Guide(GuideAction::PutLines));
        let mine = playground.drafts[0].text.clone();
        let scan = Action::Run {
            env: super::A,
            application: Some("scan"),
        };
        for leaves in [scan, Action::OpenScenario("pressure")] {
            settled(&mut playground, leaves);
            settled(&mut playground, Action::GoTo(Target::End));
            settled(&mut playground, Action::Reset);
            let view = View::of(&playground).guide;
            assert_eq!(view.begin, Some("Go back to the lesson"), "{}", view.text);
            assert!(view.lines.is_none() && !view.text.contains("FIFO loaded"));
            settled(&mut playground, Action::Guide(GuideAction::Begin));
            assert_eq!(at(&playground), Some(GuideStep::Apply));
            assert_eq!(playground.drafts[0].text, mine);
        }
    }

    #[test]
    fn it_goes_on_with_the_text_that_the_browser_has_kept_of_it_and_leaves_other_work_offered() {
        let mut mine = at_the_edit();
        settled(&mut mine, Action::Guide(GuideAction::PutLines));
        let text = mine.drafts[0].text.clone();
        typed(&mut mine, &format!("// mine\n{text}"));
        let mut other = Playground::new(exo_session::first_light().unwrap()).unwrap();
        settled(&mut other, Action::OpenScenario("pressure"));
        for (kept, goes_on) in [(&mine, true), (&other, false)] {
            let (texts, text) = (kept.work_texts(), kept.work_text());
            let stored = Kept::render(1, &texts, "words", &text);
            let entry = Kept::parse("one.0000", &stored).unwrap();
            let mut playground = Playground::new(exo_session::first_light().unwrap()).unwrap();
            playground.update(Action::KeptFound {
                kept: [entry].into(),
                offer: Offering::Newest,
            });
            let found = GuideAction::Found(Some("6".to_owned()));
            playground.update(Action::Guide(found));
            settled(&mut playground, Action::Guide(GuideAction::Begin));
            settled(&mut playground, Action::Check);
            let offered = View::of(&playground).kept.offered.is_some();
            assert_eq!(offered, !goes_on);
            let expected = [GuideStep::Edit, GuideStep::Apply][usize::from(goes_on)];
            assert_eq!(at(&playground), Some(expected));
            if goes_on {
                assert_eq!(playground.drafts[0].text, mine.drafts[0].text);
            }
        }
    }

    #[test]
    fn it_is_not_offered_where_nothing_can_be_edited() {
        let mut playground = Playground::new(exo_session::first_light().unwrap()).unwrap();
        playground.update(Action::Guide(GuideAction::Found(None)));
        assert!(View::of(&playground).guide.shown);
        playground.update(Action::ReadOnly);
        assert!(!View::of(&playground).guide.shown);
    }
}
