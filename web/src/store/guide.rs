//! The first lesson: steps that look at what was done, from the first fault to a policy of one's own.

use exo_core::ids::EnvId;
use exo_session::debugger::Side;

use super::action::Panel;
use super::draft::Checked;
use super::playground::Playground;

/// Whose policy is edited.
const A: EnvId = EnvId(0);
/// The scenario that it is about.
const SCENARIO: &str = "first-light";
/// What the edit begins at, in FIFO's text.
const PLACE: &str = "        let slot = self.hand;\n";
/// The lines of CLOCK that go before it.
pub const LINES: &str = "        while sys.referenced(self.table.frame[self.hand])? {
            sys.clear_referenced(self.table.frame[self.hand])?;
            self.hand = (self.hand + 1) % self.table.used;
        }
";

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
    /// that is there.
    fn begin_guide(&mut self) {
        let left = match self.guide {
            Guide::Offered(Some(step)) => step,
            _ => GuideStep::Fault,
        };
        let edited = self.drafts.first().is_some_and(|it| it.sample.is_none());
        if left.index() >= GuideStep::Edit.index() && edited {
            self.guide_to(GuideStep::Edit);
            return;
        }
        self.open_scenario(SCENARIO);
        self.notice = None;
        self.kept_offer = super::kept::Offer::Nothing;
        self.guide_to(match left {
            GuideStep::Fault | GuideStep::Handler | GuideStep::Back => GuideStep::Fault,
            GuideStep::End => GuideStep::End,
            _ => GuideStep::Edit,
        });
    }

    /// The edit, for those who would rather read it than type it.
    fn put_lines(&mut self) {
        (self.shown, self.side) = (A, Side::LibOs);
        let draft = self.draft();
        let text = draft.text.replacen("_sys: &mut Sys", "sys: &mut Sys", 1);
        let text = text.replacen(PLACE, &format!("{LINES}{PLACE}"), 1);
        let name = draft.file_name.clone();
        if !draft.text.contains(LINES) {
            draft.load(&name, &text);
        }
        self.check();
    }

    /// Goes on to the next step when the one that is asked for was done.
    pub(super) fn follow_guide(&mut self) {
        let Guide::At(step) = self.guide else {
            return;
        };
        if step != GuideStep::Done && !self.is_at_work() && self.has_done(step) {
            if step == GuideStep::End {
                self.guide_loads = self.loads();
            }
            self.guide_to(step.next());
        }
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

    fn has_done(&self, step: GuideStep) -> bool {
        let environment = self.session.machine().environment(A);
        let handles = environment.is_some_and(|it| it.in_handler());
        let at = self.session.step_number();
        let over = at > 0 && !self.can_go_on();
        match step {
            GuideStep::Fault => handles,
            GuideStep::Handler => !handles && at > 0,
            GuideStep::Back => at < self.session.furthest_step(),
            GuideStep::End => over,
            GuideStep::Reset => at == 0,
            GuideStep::Edit => self.drafts.first().is_some_and(|draft| {
                draft.sample.is_none() && matches!(draft.checked, Checked::Fine { .. })
                    || self.runs_own()
            }),
            GuideStep::Apply => self.runs_own(),
            GuideStep::Own => over && self.runs_own(),
            GuideStep::Done => false,
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
    use crate::store::{Action, Panel, Playground, Target};
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
        let fifo = playground.guide_loads;
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
        let mine = format!("// mine\n{}", playground.drafts[0].text);
        playground.update(Action::Edit(mine.clone()));
        let found = GuideAction::Found(Some("6".to_owned()));
        playground.update(Action::Guide(found));
        settled(&mut playground, Action::Guide(GuideAction::Begin));
        settled(&mut playground, Action::Check);
        assert_eq!(at(&playground), Some(GuideStep::Apply));
        assert_eq!(*playground.drafts[0].text, *mine);
    }
}
