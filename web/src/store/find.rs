//! Looking for what a step brought about, forward or back.

use exo_core::ids::{EnvId, Page, Position};
use exo_core::kernel::Environment;
use exo_session::condition::Condition;
use exo_session::debugger::Side;
use exo_session::why::Thing;
use exo_session::{Backward, Search};

use super::find_form::{FindForm, What};
use super::marks::MarkKind;
use super::playground::{Notice, Playground};
use super::work::Activity;
use crate::view::words::{grouped, hex, letter};

/// Units of one piece of a search; one forward ends with the last events being told again.
const PIECE: u64 = 50_000;

/// What is looked for, and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finder {
    /// Whether it is shown.
    pub open: bool,
    /// What stands in the fields.
    pub form: FindForm,
    /// What came of the last search, in a sentence, and whether it failed.
    pub said: Option<(String, bool)>,
}

/// A search under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seeking {
    /// What is looked for.
    pub condition: Condition,
    /// Where the search began.
    pub from: Position,
    /// The step there.
    pub step: u64,
    /// How far it has come, if it goes back.
    pub back: Option<Backward>,
}

impl Playground {
    /// Shows the fields, filled with what is looked at.
    pub(super) fn open_finder(&mut self) {
        self.finder.open = true;
        self.finder.said = None;
        self.prefill();
    }

    /// Puts what is looked at into the fields.
    pub(super) fn prefill(&mut self) {
        let machine = self.session.machine();
        let frame = self.selected_frame();
        let record = frame.and_then(|it| machine.kernel().frames.records().get(it.index()));
        let form = &mut self.finder.form;
        if let Some(frame) = frame {
            form.frame = hex(frame.0);
        }
        if let Some((owner, page)) = record.and_then(|it| it.owner.zip(it.page)) {
            (form.owner, form.page) = (owner, hex(page.0));
        }
        match self.looked {
            Some(Thing::Frame(_)) => form.what = What::Frame,
            Some(Thing::Tlb(slot)) => {
                form.what = What::Tlb;
                form.slot = slot.0.to_string();
            }
            Some(Thing::Stlb(index)) => {
                form.what = What::Map;
                let entry = machine.kernel().stlb.entries().get(index as usize);
                if let Some(entry) = entry.and_then(Option::as_ref) {
                    (form.owner, form.page) = (entry.env, hex(entry.page.0));
                }
            }
            Some(Thing::Page(env, page)) => {
                form.what = What::Map;
                (form.owner, form.page) = (env, hex(page.0));
            }
            Some(Thing::Environment(env)) => form.owner = env,
            Some(Thing::Line(line)) => {
                form.what = match line.side {
                    Side::LibOs => What::Line,
                    Side::Application => What::ApplicationLine,
                };
                (form.owner, form.line) = (line.env, line.line.to_string());
            }
            _ => {}
        }
        let place = self.session.handler_place(self.shown);
        if let Some(place) = place.filter(|it| it.line > 0 && form.line.is_empty()) {
            form.line = place.line.to_string();
        }
    }

    /// Begins a search, or says what is missing.
    pub(super) fn search(&mut self, back: bool) {
        self.pause();
        self.quiet_notice();
        let condition = self.finder.form.condition();
        match condition.and_then(|it| self.possible(it)) {
            Ok(condition) => self.set_out(condition, back),
            Err(sentence) => self.finder.said = Some((sentence, true)),
        }
    }

    /// Begins a search back for something that the fields do not say.
    pub(super) fn seek_back(&mut self, condition: Condition) {
        self.pause();
        self.quiet_notice();
        self.set_out(condition, true);
    }

    fn set_out(&mut self, condition: Condition, back: bool) {
        self.finder.said = None;
        self.activity = Activity::Seeking(Seeking {
            condition,
            from: self.session.machine().position(),
            step: self.session.step_number(),
            back: back.then(|| self.session.backward()),
        });
    }

    /// What this machine has not, nothing can happen to.
    fn possible(&self, condition: Condition) -> Result<Condition, String> {
        let machine = self.session.machine();
        let frames = machine.kernel().frames.records().len();
        let slots = machine.hardware().tlb.entries().len();
        match condition {
            Condition::Frame(frame) if frame.index() >= frames => Err(format!(
                "There is no frame {}: this machine has frames 0x0 to {}.",
                hex(frame.0),
                hex(frames.saturating_sub(1) as u32)
            )),
            Condition::Tlb(slot) if usize::from(slot.0) >= slots => Err(format!(
                "There is no slot {}: this TLB has slots 0 to {}.",
                slot.0,
                slots.saturating_sub(1)
            )),
            Condition::Breakpoint if self.breakpoints().is_empty() => Err(
                "There are no breakpoints: click on the number of a line to set one.".to_owned(),
            ),
            other => Ok(other),
        }
    }

    /// Goes on with a search. True if there is more to do.
    pub(super) fn seek(&mut self, seeking: Seeking) -> bool {
        let mut seeking = seeking;
        let condition = seeking.condition;
        let search = match &mut seeking.back {
            Some(back) => self.session.run_back_piece(&condition, back, PIECE),
            None => self.session.run_until(&condition, PIECE),
        };
        if search == Search::NotYet {
            self.activity = Activity::Seeking(seeking);
            return true;
        }
        let found = search == Search::Found;
        self.activity = Activity::Idle;
        if found {
            let step = grouped(self.session.step_number());
            let words = format!("At step {step}: {}.", found_words(&condition));
            self.mark(MarkKind::Find, found_words(&condition));
            self.finder.said = Some((words, false));
        } else {
            self.session.go_to(seeking.from);
            let (side, none) = if seeking.back.is_some() {
                ("Before", "")
            } else {
                ("From", " on, to the end of the run,")
            };
            let words = format!(
                "Nothing found. {side} step {}{none} there is no step {}. The run stands where it stood.",
                grouped(seeking.step),
                none_words(&condition)
            );
            if !self.finder.open {
                self.notice = Some(Notice::fact(words.clone()));
            }
            self.finder.said = Some((words, true));
        }
        false
    }

    /// How far a search has come, in words.
    pub(crate) fn seeking_words(&self, seeking: &Seeking) -> String {
        match seeking.back {
            Some(back) => format!("{} steps back", grouped(back.steps(&self.session))),
            None => format!("at step {}", grouped(self.session.step_number())),
        }
    }

    /// Gives a search up: the run stands again where the search began.
    pub(super) fn give_up(&mut self, seeking: Seeking) {
        let reached = self.seeking_words(&seeking);
        self.activity = Activity::Idle;
        self.session.go_to(seeking.from);
        let words = format!("The search was given up {reached}; the run stands where it stood.");
        self.finder.said = Some((words, true));
    }

    /// Environments that can be chosen.
    pub(crate) fn environments(&self) -> &[Environment] {
        &self.session.machine().kernel().environments
    }
}

/// Steps of a kind are named by it, and others by what they bring about.
const OF_A_KIND: &str = "there was a step ";

/// What a condition asks for, as the page writes numbers.
fn clause(condition: &Condition) -> String {
    let page = |env: EnvId, page: Page, what: &str| {
        format!("page {} of {} {what}", hex(page.0), letter(env.index()))
    };
    match *condition {
        Condition::Frame(frame) => format!("frame {} changed its owner", hex(frame.0)),
        Condition::Faulted(env, it) => page(env, it, "faulted"),
        Condition::Mapped(env, it) => page(env, it, "was mapped"),
        Condition::Evicted(env, it) => page(env, it, "lost its frame"),
        other => other.to_string(),
    }
}

/// What a step that was found brought about.
fn found_words(condition: &Condition) -> String {
    let words = clause(condition);
    match words.strip_prefix(OF_A_KIND) {
        Some(rest) => format!("a step {rest}"),
        None => words,
    }
}

/// What no step brought about, to follow "there is no step".
pub fn none_words(condition: &Condition) -> String {
    let words = clause(condition);
    match words.strip_prefix(OF_A_KIND) {
        Some(rest) => rest.to_owned(),
        None => format!("at which {words}"),
    }
}

#[cfg(test)]
mod tests {
    use exo_core::ids::{EnvId, Frame, TlbSlot};
    use exo_session::why::Thing;

    use crate::store::find_form::{COUNTERS, FindForm, KINDS, What};
    use crate::store::{Action, MarkKind, Playground};
    use crate::view::View;
    use crate::view::tests::{playground, step_until};

    fn form(what: What, typed: &str) -> FindForm {
        let mut form = FindForm {
            what,
            ..FindForm::default()
        };
        form.put(typed.to_owned());
        form
    }

    fn found(playground: &mut Playground, form: FindForm, back: bool) -> (u64, String) {
        playground.update(Action::SetFind(Box::new(form)));
        playground.update(Action::Search { back });
        while playground.work(0.0) {}
        let said = View::of(playground).find.said.clone().unwrap();
        (playground.session().step_number(), said.0)
    }

    #[test]
    fn everything_that_can_be_chosen_is_a_condition() {
        for kind in KINDS {
            for whose in [None, Some(EnvId(1))] {
                let form = FindForm {
                    kind,
                    whose,
                    ..FindForm::default()
                };
                form.condition().unwrap();
            }
        }
        for counter in COUNTERS {
            let mut form = form(What::Counter, "7");
            form.counter = counter;
            form.condition().unwrap();
        }
        for what in What::ALL {
            let (_, example) = what.typed().unwrap_or_default();
            form(what, example).condition().unwrap();
        }
    }

    #[test]
    fn what_is_missing_or_wrong_or_not_in_this_machine_is_a_sentence_and_nothing_moves() {
        let mut playground = playground();
        for (form, word) in [
            (form(What::Frame, ""), "Which frame?"),
            (form(What::Evict, "twelve"), "“twelve” is no page"),
            (form(What::Line, "0"), "is no line"),
            (form(What::Frame, "0x40"), "frames 0x0 to 0x3F"),
            (form(What::Tlb, "4"), "slots 0 to 3"),
            (form(What::Breakpoint, ""), "There are no breakpoints"),
        ] {
            let (step, said) = found(&mut playground, form, false);
            assert!(said.contains(word), "{said}");
            assert_eq!(step, 0);
        }
    }

    #[test]
    fn forward_and_back_meet_at_the_same_step_which_is_marked() {
        let mut playground = playground();
        step_until(&mut playground, |text| text.starts_with("tlb_write"));
        let (first, said) = found(&mut playground, form(What::Evict, "0x0"), false);
        assert!(said.contains("page 0x0 of A lost its frame"), "{said}");
        let (second, _) = found(&mut playground, form(What::Evict, "0x0"), false);
        assert!(second > first);
        assert_eq!(
            found(&mut playground, form(What::Evict, "0x0"), true).0,
            first
        );
        let marks = playground.marks();
        assert!(marks.len() == 2 && marks.iter().all(|it| it.kind == MarkKind::Find));
    }

    #[test]
    fn one_goes_back_to_a_breakpoint_as_one_runs_to_it() {
        let mut playground = playground();
        let text = View::of(&playground).editor.text.clone();
        let line = text
            .lines()
            .position(|it| it.contains("let slot = self.hand;"));
        playground.update(Action::ToggleBreakpoint(line.unwrap() as u32 + 1));
        let (first, _) = found(&mut playground, form(What::Breakpoint, ""), false);
        let (second, _) = found(&mut playground, form(What::Breakpoint, ""), false);
        let (back, said) = found(&mut playground, form(What::Breakpoint, ""), true);
        assert!(first < second && back == first, "{first} {second} {said}");
    }

    #[test]
    fn nothing_found_is_a_sentence_and_the_run_stands_where_it_stood() {
        let mut playground = playground();
        (0..50).for_each(|_| playground.update(Action::Step));
        let digest = playground.session().machine().state_digest();
        for back in [false, true] {
            let mut form = form(What::Kind, "");
            form.kind = "repossession";
            let (step, said) = found(&mut playground, form, back);
            assert!(
                said.contains("there is no step of kind repossession."),
                "{said}"
            );
            assert_eq!(step, 50);
            assert_eq!(playground.session().machine().state_digest(), digest);
        }
    }

    #[test]
    fn a_search_goes_in_pieces_and_can_be_given_up() {
        let mut playground = Playground::new(exo_session::first_light().unwrap()).unwrap();
        (0..9).for_each(|_| playground.update(Action::Step));
        playground.update(Action::SetFind(Box::new(form(What::Frame, "0xFF"))));
        playground.update(Action::Search { back: false });
        assert!(playground.work(0.0));
        let view = View::of(&playground);
        assert!(view.run.busy && view.find.searching);
        assert_eq!(view.caption.actor.label, "searching");
        playground.update(Action::Cancel);
        let view = View::of(&playground);
        assert!(!view.run.busy && !view.find.searching);
        assert!(view.find.said.as_ref().unwrap().0.contains("given up"));
        assert_eq!(playground.session().step_number(), 9);
    }

    #[test]
    fn a_search_back_goes_in_pieces_tells_how_far_it_came_and_can_be_given_up() {
        let mut playground = Playground::new(exo_session::first_light().unwrap()).unwrap();
        playground.update(Action::GoTo(crate::store::Target::Step(400_000)));
        while playground.work(0.0) {}
        let digest = playground.session().machine().state_digest();
        playground.update(Action::SetFind(Box::new(form(What::Frame, "0xFF"))));
        playground.update(Action::Search { back: true });
        let (mut pieces, mut told) = (0, 0);
        while playground.work(0.0) {
            let find = View::of(&playground).find;
            let (done, all) = find.progress.unwrap_or((0, 400_000));
            assert!(
                find.searching && done >= told && all == 400_000,
                "{done} of {all}"
            );
            (pieces, told) = (pieces + 1, done);
        }
        assert!(pieces > 4 && told > 200_000, "{told} in {pieces} pieces");
        let stands = |playground: &Playground| {
            let here = playground.session().machine().state_digest();
            (here, playground.session().step_number()) == (digest, 400_000)
        };
        assert!(stands(&playground), "nothing was found");
        playground.update(Action::Search { back: true });
        (0..4).for_each(|_| assert!(playground.work(0.0)));
        playground.update(Action::Cancel);
        let said = View::of(&playground).find.said.clone().unwrap().0;
        assert!(said.contains(" steps back; the run stands"), "{said}");
        assert!(stands(&playground), "it was given up");
    }

    #[test]
    fn the_fields_are_filled_with_what_is_looked_at() {
        let mut playground = playground();
        step_until(&mut playground, |text| text.starts_with("tlb_write"));
        let cells = View::of(&playground).memory.cells.clone();
        let frame = cells.iter().position(|it| it.now).unwrap() as u32;
        let page = format!("0x{:X}", cells[frame as usize].page.unwrap().0);
        playground.update(Action::Look(Some(Thing::Frame(Frame(frame)))));
        playground.update(Action::OpenFind);
        let find = View::of(&playground).find;
        assert!(find.open);
        assert_eq!(find.form.what, What::Frame);
        assert_eq!(find.form.frame, format!("0x{frame:X}"));
        assert_eq!(find.form.page, page);
        playground.update(Action::Look(Some(Thing::Tlb(TlbSlot(0)))));
        let find = View::of(&playground).find;
        assert_eq!((find.form.what, find.form.slot.as_str()), (What::Tlb, "0"));
        playground.update(Action::Cancel);
        assert!(!View::of(&playground).find.open);
    }
}
