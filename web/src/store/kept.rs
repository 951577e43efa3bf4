//! Work that the browser keeps: what is worth keeping, how an entry is written down, what is offered.
//!
//! Each opening of the page is a document of its own, so that no two pages ever write over each
//! other; each Apply ends a version of it, and so does another text. An entry's text is a session's file,
//! its first line tells which texts are in its editors. The driver stores it, as `shelf.rs` says.

use std::rc::Rc;

use exo_core::ids::{EnvId, Position};
use exo_session::debugger::Side;
use exo_session::saved::{self, Editor, FILE_BYTES_MAX, Form, SavedSession, text_hash, write};

use super::action::Action;
use super::draft::Draft;
use super::playground::{Notice, Playground};

/// What an entry's first line begins with: the version of this form.
const FIRST_WORD: &str = "exokernel-work-2";
/// What it began with before that; such a line does not tell the texts. It is read, and never written.
const FIRST_WORD_BEFORE: &str = "exokernel-work-1";

/// A text in an editor of an entry: hashes of where it belongs, and of what it says.
pub type KeptText = (u64, u64);

/// What the browser keeps of one version of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The document, and its version.
    pub name: String,
    /// When it was kept, in milliseconds of the browser's calendar.
    pub when_ms: u64,
    /// The same for people; the driver knows their calendar.
    pub when: String,
    /// Whether its page ended, or goes on elsewhere, while something ran.
    pub interrupted: bool,
    /// The texts in its editors.
    pub texts: Vec<KeptText>,
    /// What the session is called, and what is in its editors.
    pub words: String,
    /// The session's file.
    pub text: Rc<str>,
}

/// What of it is to be offered when the page opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offering {
    /// Nothing.
    Nothing,
    /// The newest.
    Newest,
    /// The newest of what the address asks for, a link or a scenario.
    OfTheOpening,
}

/// What is offered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Offer {
    /// Nothing.
    #[default]
    Nothing,
    /// What the address asks for is not there yet.
    Awaited,
    /// The newest of this document.
    Document(String),
}

impl Kept {
    /// The document that it is of.
    pub fn document(&self) -> &str {
        self.name.split('.').next().unwrap_or_default()
    }

    /// The entry as the browser stores it.
    pub fn render(when_ms: u64, texts: &[KeptText], words: &str, text: &str) -> String {
        let words = words.replace(['\t', '\n'], " ");
        let texts = texts
            .iter()
            .map(|(place, hash)| format!("{place:x}={hash:x} "));
        let texts: String = texts.collect();
        format!("{FIRST_WORD}\t{when_ms}\t{texts}\t{words}\n{text}")
    }

    /// Reads an entry; none if it is not one of ours, or larger than a session may be.
    pub fn parse(name: &str, stored: &str) -> Option<Kept> {
        let (first, text) = stored.split_once('\n')?;
        let mut parts = first.splitn(4, '\t');
        let (word, when, third) = (parts.next()?, parts.next()?, parts.next()?);
        let (texts, words) = match word {
            FIRST_WORD => (third, parts.next()?),
            FIRST_WORD_BEFORE => ("", third),
            _ => return None,
        };
        let text_of = |it: &str| {
            let (place, hash) = it.split_once('=')?;
            let number = |it: &str| u64::from_str_radix(it, 16).ok();
            Some((number(place)?, number(hash)?))
        };
        (text.len() <= FILE_BYTES_MAX).then_some(())?;
        Some(Kept {
            name: name.to_owned(),
            when_ms: when.parse().ok()?,
            when: String::new(),
            interrupted: false,
            texts: texts.split_whitespace().filter_map(text_of).collect(),
            words: words.to_owned(),
            text: text.into(),
        })
    }
}

/// What of the work is worth keeping: two that are equal have the same texts and inputs.
#[derive(Clone, Debug)]
pub struct WorkMark {
    texts: Vec<Rc<str>>,
    inputs: usize,
    /// Of the last input, which may be replaced.
    limit: Option<u32>,
    title: String,
    notes: String,
}

impl PartialEq for WorkMark {
    fn eq(&self, other: &WorkMark) -> bool {
        let same = |(a, b): (&Rc<str>, &Rc<str>)| Rc::ptr_eq(a, b) || a == b;
        (self.inputs, self.limit, self.texts.len())
            == (other.inputs, other.limit, other.texts.len())
            && (&self.title, &self.notes) == (&other.title, &other.notes)
            && self.texts.iter().zip(&other.texts).all(same)
    }
}

impl Playground {
    /// What of the work is worth keeping.
    pub fn work_mark(&self) -> WorkMark {
        WorkMark {
            limit: self.session.last_limit(),
            notes: self.session.annotations().notes.clone(),
            texts: self
                .drafts
                .iter()
                .chain(self.applications.iter().flatten())
                .map(|it| it.text.clone())
                .collect(),
            inputs: self.session.input_places().count(),
            title: self.session.scenario().title.clone(),
        }
    }

    /// The session's file as it stands, every text in its editor included.
    pub fn work_text(&self) -> String {
        write(&self.saved(), Form::File)
    }

    /// The texts in the editors, to be told apart. Each belongs to the scenario that runs, and to the one that was
    /// opened, if another application or trace has given it another title since.
    pub fn work_texts(&self) -> Vec<KeptText> {
        let titles = [&self.session.scenario().title, &self.opening.title];
        let differs = titles[0] != titles[1];
        let titles = titles.into_iter().take(1 + usize::from(differs));
        let texts = titles.flat_map(|title| {
            self.every_draft()
                .map(move |(env, side, it)| (place(title, env, side), text_hash(&it.text)))
        });
        texts.collect()
    }

    /// A hash of where a text belongs: to one program of an environment of a scenario.
    pub(super) fn text_place(&self, env: EnvId, side: Side) -> u64 {
        place(&self.session.scenario().title, env, side)
    }

    fn every_draft(&self) -> impl Iterator<Item = (EnvId, Side, &Draft)> {
        let places = (0..self.drafts.len()).flat_map(|index| {
            let env = EnvId(index as u8);
            [(env, Side::LibOs), (env, Side::Application)]
        });
        places.filter_map(|(env, side)| Some((env, side, self.draft_of(env, side)?)))
    }

    /// What the session is called and what is in its editors, in a line.
    pub fn work_words(&self) -> String {
        let files = self.drafts.iter().map(|draft| match draft.sample {
            Some(_) => draft.file_name.clone(),
            None => format!("{} (edited)", draft.file_name),
        });
        let files = files.collect::<Vec<_>>().join(", ");
        format!("{}: {files}", self.session.scenario().title)
    }

    pub(super) fn saved(&self) -> SavedSession {
        let editors = self.every_draft().map(|(env, side, draft)| Editor {
            env,
            side,
            name: &draft.file_name,
            text: &draft.text,
        });
        SavedSession::of(&self.session, &editors.collect::<Vec<_>>())
    }

    /// What the browser keeps has been read.
    pub(super) fn found_kept(&mut self, kept: Rc<[Kept]>, offer: Offering) {
        self.kept = kept;
        match offer {
            Offering::Nothing => {}
            Offering::Newest => self.offer_of(self.kept.first().cloned().as_ref()),
            Offering::OfTheOpening => {
                self.kept_offer = Offer::Awaited;
                if self.wanted.is_none() && self.waiting.is_none() {
                    self.offer_of_the_opening();
                }
            }
        }
    }

    /// What the address asks for is there: offers the newest work on it, unless that says what is shown.
    pub(super) fn offer_of_the_opening(&mut self) {
        if self.kept_offer == Offer::Awaited {
            let here = self.work_texts();
            let of_this = |it: &KeptText| here.iter().any(|(place, _)| *place == it.0);
            let newest = self.kept.iter().find(|it| it.texts.iter().any(of_this));
            let newest = newest.filter(|it| !it.texts.iter().all(|it| here.contains(it)));
            self.offer_of(newest.cloned().as_ref());
        }
    }

    fn offer_of(&mut self, entry: Option<&Kept>) {
        let document = entry.map(|it| Offer::Document(it.document().to_owned()));
        self.kept_offer = document.unwrap_or_default();
    }

    /// The entry that is offered.
    pub(crate) fn offered_kept(&self) -> Option<&Kept> {
        let Offer::Document(document) = &self.kept_offer else {
            return None;
        };
        self.kept.iter().find(|it| it.document() == document)
    }

    /// Where the session stands; none while it is on its way to where it was saved.
    pub fn stands_at(&self) -> Option<Position> {
        let there = self.arrival.is_none();
        there.then(|| self.session.machine().position())
    }

    /// The browser keeps nothing: what can be done instead.
    pub(super) fn not_kept(&mut self) {
        let text = "This browser does not let the page keep your text, or has no room for it. \
                    Share… saves it as a file, puts it into a link, or forgets what was kept before.";
        self.notice = Some(Notice::problem(text.to_owned()));
    }

    /// Opens what was kept, paused. What may have been the end of its page is not run into again.
    pub(super) fn open_kept(&mut self, name: &str) {
        self.kept_offer = Offer::Nothing;
        let kept = self.kept.clone();
        let Some(entry) = kept.iter().find(|it| it.name == name) else {
            let gone = "That is no longer kept: another page has put newer work in its place.";
            self.notice = Some(Notice::problem(gone.to_owned()));
            return;
        };
        let from = format!("from what this browser kept {}", entry.when);
        match saved::read(&entry.text) {
            Ok(mut read) => {
                if entry.interrupted {
                    (read.saved.position, read.saved.digest) = (Position::default(), None);
                    let why = "Something ran when it was last heard of, so it stands at step 0.";
                    read.notices.push(why.to_owned());
                }
                self.open_saved(read, &from);
            }
            Err(error) if error.lacks_part() => {
                self.want_later(Action::OpenKept(name.to_owned()));
            }
            Err(error) => self.not_opened("What was kept", &error.to_string()),
        }
    }
}

/// A hash of where a text belongs, in a scenario of that title.
pub(super) fn place(title: &str, env: EnvId, side: Side) -> u64 {
    text_hash(&format!("{title}\n{} {}", env.0, side == Side::LibOs))
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use exo_core::ids::EnvId;

    use super::{Kept, Offering};
    use crate::store::{Action, Playground};
    use crate::view::View;

    fn entry(name: &str, when_ms: u64, text: &str) -> Kept {
        holding(name, when_ms, &[(7, when_ms)], text)
    }

    fn holding(name: &str, when_ms: u64, texts: &[(u64, u64)], text: &str) -> Kept {
        let stored = Kept::render(when_ms, texts, "a\ttitle\n", text);
        Kept::parse(name, &stored).unwrap()
    }

    fn first_light() -> Playground {
        Playground::new(exo_session::first_light().unwrap()).unwrap()
    }

    fn kept(playground: &Playground, interrupted: bool) -> Rc<[Kept]> {
        let mut kept = entry("one", 1, &playground.work_text());
        kept.interrupted = interrupted;
        [kept].into()
    }

    fn settled(playground: &mut Playground, action: Action) {
        playground.update(action);
        while playground.work(0.0) {}
    }

    #[test]
    fn an_entry_is_read_back_and_what_is_none_is_passed_over() {
        let back = entry("x", 17, "exokernel = 1\nrest");
        assert_eq!((back.when_ms, &*back.words), (17, "a title "));
        assert_eq!(&*back.text, "exokernel = 1\nrest");
        let texts = [(u64::MAX, 0), (1, 2)];
        assert_eq!(holding("x", 1, &texts, "y").texts, texts);
        for wrong in [
            "",
            "no",
            "exokernel-work-0\t1\tx\ny",
            "exokernel-work-1\tx\tx\ny",
            "exokernel-work-2\t1\tx\ny",
            "exokernel-work-2\tx\t\ty\nz",
        ] {
            assert_eq!(Kept::parse("x", wrong), None, "{wrong}");
        }
        let large = Kept::render(
            1,
            &[],
            "x",
            &"y".repeat(exo_session::saved::FILE_BYTES_MAX + 1),
        );
        assert_eq!(Kept::parse("x", &large), None);
    }

    #[test]
    fn an_entry_of_the_form_before_opens_too() {
        let mine = first_light();
        let stored = format!(
            "exokernel-work-1\t5\tFirst light: fifo.rs\n{}",
            mine.work_text()
        );
        let old = Kept::parse("old", &stored).unwrap();
        assert_eq!((old.when_ms, &*old.words), (5, "First light: fifo.rs"));
        let mut other = first_light();
        other.update(Action::KeptFound {
            kept: [entry("new", 9, "text"), old].into(),
            offer: Offering::Newest,
        });
        settled(&mut other, Action::OpenKept("old".to_owned()));
        assert!(!View::of(&other).notice.unwrap().problem);
    }

    #[test]
    fn typing_and_applying_are_worth_keeping_and_stepping_is_not() {
        let mut playground = first_light();
        let opened = playground.work_mark();
        settled(&mut playground, Action::NextFault);
        assert_eq!(playground.work_mark(), opened);
        let text = format!("// mine\n{}", playground.drafts[0].text);
        playground.update(Action::Edit(text));
        let edited = playground.work_mark();
        assert_ne!(edited, opened);
        playground.update(Action::Apply { reset: false });
        assert_ne!(playground.work_mark(), edited);
    }

    #[test]
    fn kept_work_comes_back_with_text_position_and_digest_and_nothing_runs() {
        let mut mine = first_light();
        settled(&mut mine, Action::NextFault);
        mine.update(Action::Edit("// half a thought".to_owned()));
        let mut other = first_light();
        other.update(Action::KeptFound {
            kept: kept(&mine, false),
            offer: Offering::Newest,
        });
        assert!(View::of(&other).kept.offered.is_some());
        settled(&mut other, Action::OpenKept("one".to_owned()));
        assert_eq!(&*other.drafts[0].text, "// half a thought");
        let digest = |it: &Playground| it.session().machine().state_digest();
        assert_eq!(digest(&other), digest(&mine));
        let view = View::of(&other);
        assert!(view.kept.offered.is_none() && !view.run.working);
    }

    #[test]
    fn work_on_what_the_address_asks_for_is_offered_and_no_other() {
        let offered = |it: &Playground| View::of(it).kept.offered.clone().map(|it| it.name);
        let of = |mine: &Playground, name: &str, when_ms| {
            let stored = Kept::render(when_ms, &mine.work_texts(), "words", &mine.work_text());
            Kept::parse(name, &stored).unwrap()
        };
        let mut mine = first_light();
        settled(&mut mine, Action::OpenScenario("pressure"));
        let untouched = of(&mine, "untouched.0000", 1);
        mine.update(Action::Edit("// mine".to_owned()));
        let edited = of(&mine, "edited.0000", 2);
        let run = Action::Run {
            env: EnvId(0),
            application: Some("scan"),
        };
        settled(&mut mine, run);
        let retitled = of(&mine, "retitled.0000", 3);
        let mut elsewhere = first_light();
        elsewhere.update(Action::Edit("// elsewhere".to_owned()));
        let elsewhere = of(&elsewhere, "elsewhere.0000", 4);
        let found = |kept: &[&Kept]| Action::KeptFound {
            kept: kept.iter().map(|it| (*it).clone()).collect(),
            offer: Offering::OfTheOpening,
        };
        for (kept, expected) in [
            (&[&elsewhere, &edited, &untouched][..], Some("edited.0000")),
            (&[&elsewhere, &retitled, &edited][..], Some("retitled.0000")),
            (&[&untouched, &edited][..], None),
            (&[&elsewhere][..], None),
            (&[][..], None),
        ] {
            let mut other = first_light();
            settled(&mut other, Action::OpenScenario("pressure"));
            settled(&mut other, found(kept));
            assert_eq!(offered(&other).as_deref(), expected);
        }
        // What is opened later, when a part of the program or a trace is there.
        let mut other = first_light();
        other.want_later(Action::OpenScenario("pressure"));
        other.update(found(&[&elsewhere, &edited]));
        assert_eq!(offered(&other), None);
        let wanted = other.later_came().unwrap();
        settled(&mut other, wanted);
        assert_eq!(offered(&other).as_deref(), Some("edited.0000"));
        settled(&mut other, Action::OpenKept("edited.0000".to_owned()));
        assert_eq!(&*other.drafts[0].text, "// mine");
        assert_eq!(offered(&other), None);
    }

    #[test]
    fn where_a_session_stands_is_known_once_it_is_there() {
        let mut mine = first_light();
        settled(&mut mine, Action::NextFault);
        mine.update(Action::Edit("// mine".to_owned()));
        let there = mine.stands_at();
        assert!(there.is_some());
        let mut other = first_light();
        other.update(Action::KeptFound {
            kept: kept(&mine, false),
            offer: Offering::Newest,
        });
        other.update(Action::OpenKept("one".to_owned()));
        assert_eq!(other.stands_at(), None);
        while other.work(0.0) {}
        assert_eq!(other.stands_at(), there);
    }

    #[test]
    fn a_text_of_an_application_that_is_not_applied_comes_back_too() {
        let mut mine = first_light();
        let run = Action::Run {
            env: EnvId(1),
            application: Some("scan"),
        };
        settled(&mut mine, run);
        let program = "fn main() {\n    // half a thought\n\n}";
        mine.applications[1]
            .as_mut()
            .unwrap()
            .edit(program.to_owned());
        let mut other = first_light();
        let kept = kept(&mine, false);
        other.update(Action::KeptFound {
            kept,
            offer: Offering::Newest,
        });
        settled(&mut other, Action::OpenKept("one".to_owned()));
        assert_eq!(&*other.applications[1].as_ref().unwrap().text, program);
    }

    #[test]
    fn work_whose_page_ended_while_it_ran_opens_at_step_0() {
        let mut mine = first_light();
        settled(&mut mine, Action::NextFault);
        mine.update(Action::Edit("// mine".to_owned()));
        let mut other = first_light();
        other.update(Action::KeptFound {
            kept: kept(&mine, true),
            offer: Offering::Newest,
        });
        settled(&mut other, Action::OpenKept("one".to_owned()));
        assert_eq!(other.session().step_number(), 0);
        assert_eq!(&*other.drafts[0].text, "// mine");
        let said = View::of(&other).notice.unwrap().text.clone();
        assert!(said.contains("Something ran when"), "{said}");
        settled(&mut other, Action::OpenKept("two".to_owned()));
        assert!(View::of(&other).notice.unwrap().problem);
        assert_eq!(&*other.drafts[0].text, "// mine");
    }
}
