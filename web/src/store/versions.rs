//! Earlier versions of the text in the editor, out of what the browser keeps.

use std::rc::Rc;

use exo_core::ids::EnvId;
use exo_session::debugger::Side;
use exo_session::saved::{self, text_hash};

use super::playground::{Notice, Playground};
use super::shelf::VERSIONS_MAX;

/// One version of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// When it was kept, for people.
    pub when: String,
    /// The text.
    pub text: Rc<str>,
}

/// Versions of a text, while they are looked at.
#[derive(Debug)]
pub struct Versions {
    /// Whose text it is, and of which of its programs.
    pub of: (EnvId, Side),
    /// Those that are not in its editor now, the newest first.
    pub rows: Vec<Version>,
}

impl Playground {
    /// Shows the versions of the shown text that are kept, or puts them away.
    pub(super) fn show_versions(&mut self, shown: bool) {
        self.versions = shown.then(|| Versions {
            of: (self.shown, self.side),
            rows: self.versions_of(self.shown, self.side),
        });
    }

    fn versions_of(&self, env: EnvId, side: Side) -> Vec<Version> {
        let place = self.text_place(env, side);
        let mut known = vec![text_hash(&self.shown_draft().text)];
        let mut rows = Vec::new();
        for kept in self.kept.iter() {
            let hash = kept.texts.iter().find(|it| it.0 == place).map(|it| it.1);
            let Some(hash) = hash.filter(|it| !known.contains(it) && rows.len() < VERSIONS_MAX)
            else {
                continue;
            };
            known.push(hash);
            let read = saved::read(&kept.text).ok();
            if let Some(text) = read.and_then(|it| it.saved.text_of(env, side)) {
                let when = kept.when.clone();
                rows.push(Version {
                    when,
                    text: text.into(),
                });
            }
        }
        rows
    }

    /// Puts a version into the editor; the text that was there can be brought back.
    pub(super) fn take_version(&mut self, index: usize) {
        let Some(versions) = self.versions.take() else {
            return;
        };
        let Some(version) = versions.rows.get(index) else {
            return;
        };
        self.show_program(versions.of.0, versions.of.1);
        let draft = self.draft();
        if draft.keeps_locked(&version.text) {
            let name = draft.file_name.clone();
            draft.load(&name, &version.text);
        } else {
            let words = "That version was not taken: it changes lines that are to be read only.";
            self.notice = Some(Notice::problem(words.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use exo_core::ids::EnvId;

    use crate::store::{Action, Kept, Offering, Playground};
    use crate::view::View;
    use crate::view::tests::playground;

    /// What the browser would keep of this state.
    fn kept(playground: &Playground, when_ms: u64) -> Kept {
        let (texts, text) = (playground.work_texts(), playground.work_text());
        let stored = Kept::render(when_ms, &texts, "words", &text);
        Kept::parse(&when_ms.to_string(), &stored).unwrap()
    }

    #[test]
    fn each_text_has_versions_of_its_own_and_one_is_taken_and_brought_back() {
        let mut playground = playground();
        let first = playground.shown_draft().text.clone();
        let mut all = vec![kept(&playground, 1)];
        for (when, text) in [(2, "// one"), (3, "// two"), (4, "// two")] {
            playground.update(Action::Edit(text.to_owned()));
            all.insert(0, kept(&playground, when));
        }
        playground.update(Action::SelectEnvironment(EnvId(1)));
        playground.update(Action::Edit("// of B".to_owned()));
        all.insert(0, kept(&playground, 5));
        let kept: Rc<[Kept]> = all.into();
        playground.update(Action::KeptFound {
            kept,
            offer: Offering::Nothing,
        });
        let shown = |playground: &Playground| {
            let versions = View::of(playground).editor.versions.clone();
            versions.map(|it| it.iter().map(|it| it.words.clone()).collect::<Vec<_>>())
        };
        assert_eq!(shown(&playground), None);
        playground.update(Action::ShowVersions(true));
        assert_eq!(shown(&playground).unwrap().len(), 1, "B had one before");
        playground.update(Action::SelectEnvironment(EnvId(0)));
        assert_eq!(shown(&playground), None, "they were those of B's text");
        playground.update(Action::ShowVersions(true));
        let rows = shown(&playground).unwrap();
        assert_eq!(rows.len(), 2, "not the one that is in the editor: {rows:?}");
        assert!(rows[0].contains("1 line differs"), "{rows:?}");
        playground.update(Action::TakeVersion(1));
        assert_eq!(playground.shown_draft().text, first);
        assert_eq!(shown(&playground), None);
        playground.update(Action::UndoLoad);
        assert_eq!(&*playground.shown_draft().text, "// two");
        playground.update(Action::TakeVersion(0));
        assert_eq!(&*playground.shown_draft().text, "// two");
    }
}
