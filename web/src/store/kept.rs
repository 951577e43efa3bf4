//! Work that the browser keeps: what is worth keeping, how an entry is written down, what is offered.
//!
//! Each opening of the page is a document of its own, so that no two pages ever write over each
//! other; each Apply ends a version of it. An entry's text is a session's file. The driver stores it.

use std::rc::Rc;

use exo_core::ids::{EnvId, Position};
use exo_session::debugger::Side;
use exo_session::saved::{self, Editor, FILE_BYTES_MAX, Form, SavedSession, write};

use super::playground::{Notice, Playground};

/// Entries that are kept at most; the oldest go first.
pub const KEPT_MAX: usize = 30;
/// What an entry's first line begins with: the version of this form.
const FIRST_WORD: &str = "exokernel-work-1";

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
    /// What the session is called, and what is in its editors.
    pub words: String,
    /// The session's file.
    pub text: Rc<str>,
}

impl Kept {
    /// The entry as the browser stores it.
    pub fn render(when_ms: u64, words: &str, text: &str) -> String {
        let words = words.replace(['\t', '\n'], " ");
        format!("{FIRST_WORD}\t{when_ms}\t{words}\n{text}")
    }

    /// Reads an entry; none if it is not one of ours, or larger than a session may be.
    pub fn parse(name: &str, stored: &str) -> Option<Kept> {
        let (first, text) = stored.split_once('\n')?;
        let mut parts = first.splitn(3, '\t');
        let (word, when, words) = (parts.next()?, parts.next()?, parts.next()?);
        let fits = word == FIRST_WORD && text.len() <= FILE_BYTES_MAX;
        fits.then_some(())?;
        Some(Kept {
            name: name.to_owned(),
            when_ms: when.parse().ok()?,
            when: String::new(),
            interrupted: false,
            words: words.to_owned(),
            text: text.into(),
        })
    }
}

/// Sorts entries, the newest first, and says which are too many: those that say the same as a newer
/// one, and those beyond [`KEPT_MAX`].
pub fn bounded(mut all: Vec<Kept>) -> (Vec<Kept>, Vec<Kept>) {
    all.sort_by(|a, b| (b.when_ms, &b.name).cmp(&(a.when_ms, &a.name)));
    let mut stays: Vec<Kept> = Vec::new();
    let mut goes = Vec::new();
    for entry in all {
        let again = stays.iter().any(|it| it.text == entry.text);
        if again || stays.len() == KEPT_MAX {
            goes.push(entry);
        } else {
            stays.push(entry);
        }
    }
    (stays, goes)
}

/// What of the work is worth keeping: two that are equal have the same texts and inputs.
#[derive(Clone, Debug)]
pub struct WorkMark {
    texts: Vec<Rc<str>>,
    inputs: usize,
    title: String,
}

impl PartialEq for WorkMark {
    fn eq(&self, other: &WorkMark) -> bool {
        let same = |(a, b): (&Rc<str>, &Rc<str>)| Rc::ptr_eq(a, b) || a == b;
        (self.inputs, &self.title, self.texts.len())
            == (other.inputs, &other.title, other.texts.len())
            && self.texts.iter().zip(&other.texts).all(same)
    }
}

impl Playground {
    /// What of the work is worth keeping.
    pub fn work_mark(&self) -> WorkMark {
        WorkMark {
            texts: self
                .drafts
                .iter()
                .chain(self.applications.iter().flatten())
                .map(|it| it.text.clone())
                .collect(),
            inputs: self.session.inputs().len(),
            title: self.session.scenario().title.clone(),
        }
    }

    /// The session's file as it stands, every text in its editor included.
    pub fn work_text(&self) -> String {
        write(&self.saved(), Form::File)
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
        let places = self.session.scenario().environments.iter().enumerate();
        let places = places.flat_map(|(index, _)| {
            let env = EnvId(index as u8);
            [(env, Side::LibOs), (env, Side::Application)]
        });
        let editors = places.filter_map(|(env, side)| {
            let draft = self.draft_of(env, side)?;
            Some(Editor {
                env,
                side,
                name: &draft.file_name,
                text: &draft.text,
            })
        });
        SavedSession::of(&self.session, &editors.collect::<Vec<_>>())
    }

    /// What the browser keeps has been read; `offer` if the newest is to be offered.
    pub(super) fn found_kept(&mut self, kept: Rc<[Kept]>, offer: bool) {
        self.kept_offer = (self.kept_offer || offer) && !kept.is_empty();
        self.kept = kept;
    }

    /// The browser keeps nothing: what can be done instead.
    pub(super) fn not_kept(&mut self) {
        let text = "This browser does not let the page keep your text, or has no room for it. \
                    Share… saves it as a file, or puts it into a link.";
        self.notice = Some(Notice::problem(text.to_owned()));
    }

    /// Opens what was kept, paused. What may have been the end of its page is not run into again.
    pub(super) fn open_kept(&mut self, name: &str) {
        self.kept_offer = false;
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
            Err(error) => self.not_opened("What was kept", &error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use exo_core::ids::EnvId;

    use super::{KEPT_MAX, Kept, bounded};
    use crate::store::{Action, Playground};
    use crate::view::View;

    fn entry(name: &str, when_ms: u64, text: &str) -> Kept {
        let stored = Kept::render(when_ms, "a\ttitle\n", text);
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
        for wrong in [
            "",
            "no",
            "exokernel-work-2\t1\tx\ny",
            "exokernel-work-1\tx\ty\nz",
        ] {
            assert_eq!(Kept::parse("x", wrong), None, "{wrong}");
        }
        let large = Kept::render(1, "x", &"y".repeat(exo_session::saved::FILE_BYTES_MAX + 1));
        assert_eq!(Kept::parse("x", &large), None);
    }

    #[test]
    fn the_newest_stay_and_the_same_text_is_kept_once() {
        let mut all: Vec<Kept> = (0..40)
            .map(|it| entry(&format!("d{it}"), it, &format!("text {it}")))
            .collect();
        all.push(entry("again", 41, "text 39"));
        let (stays, goes) = bounded(all);
        assert_eq!((stays.len(), goes.len()), (KEPT_MAX, 11));
        assert_eq!((&*stays[0].name, &*stays[1].name), ("again", "d38"));
        assert_eq!(goes.last().unwrap().name, "d0");
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
            offer: true,
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
        other.update(Action::KeptFound { kept, offer: true });
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
            offer: true,
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
