//! The text of one environment's policy as it stands in the editor.

use std::rc::Rc;
use std::sync::Arc;

use exo_core::cpu::Program;
use exo_libos_samples::{PageTable, SAMPLES, Sample, TABLES};
use exo_policy::Diagnostic;
use exo_session::Applied;

use crate::highlight::{self, CodeLine};

/// What the compiler said of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// Nobody has asked it yet.
    NotYet,
    /// It compiles.
    Fine {
        /// What applying it would do at the step where it was checked.
        applied: Applied,
        /// What the compiler warns of.
        warnings: Vec<Diagnostic>,
    },
    /// It compiles as an application, which begins when it is applied.
    Begins {
        /// What the compiler warns of.
        warnings: Vec<Diagnostic>,
    },
    /// It does not.
    Wrong(Vec<Diagnostic>),
}

/// A policy's text, and what is known of it.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The file's name: a loaded sample brings its own.
    pub file_name: String,
    /// The text.
    pub text: Rc<str>,
    /// Counts the times that the text was set by anything but typing.
    pub revision: u64,
    /// What the compiler said of this text.
    pub checked: Checked,
    /// The program that ran when it said so.
    pub checked_against: Option<Arc<Program>>,
    /// The sample that the text is, whatever its page table.
    pub sample: Option<&'static Sample>,
    /// The page table that the text ends with.
    pub table: Option<&'static PageTable>,
    /// The text in stretches, to be drawn.
    pub lines: Rc<[CodeLine]>,
    /// The text that was applied last.
    pub last_applied: Option<Rc<str>>,
    /// File name and text that the last load replaced.
    pub replaced: Option<(String, Rc<str>)>,
    /// File name and text that the last load put in its place.
    pub loaded: Option<(String, Rc<str>)>,
    /// What the last Apply did, in words, until the text changes.
    pub applied: Option<String>,
    /// File name and text that came with the scenario.
    pub original: (String, Rc<str>),
}

impl Draft {
    /// A draft of this text.
    pub fn new(file_name: &str, text: &str) -> Draft {
        Draft {
            file_name: file_name.to_owned(),
            text: text.into(),
            revision: 0,
            checked: Checked::NotYet,
            checked_against: None,
            sample: sample_of(text),
            table: table_of(text),
            lines: highlight::lines(text).into(),
            last_applied: None,
            replaced: None,
            loaded: None,
            applied: None,
            original: (file_name.to_owned(), text.into()),
        }
    }

    /// The text was typed; or the editor has undone a load, or done it again, and the file's name goes with that.
    pub fn edit(&mut self, text: String) {
        let text: Rc<str> = text.into();
        let is_it = |it: &(String, Rc<str>)| it.1 == text;
        if let Some(replaced) = self.replaced.take_if(|it| it.1 == text) {
            self.file_name = replaced.0;
        } else if let Some(loaded) = self.loaded.as_ref().filter(|it| is_it(it))
            && self.replaced.is_none()
        {
            let name = std::mem::replace(&mut self.file_name, loaded.0.clone());
            self.replaced = Some((name, self.text.clone()));
        } else if is_it(&self.original) {
            self.file_name.clone_from(&self.original.0);
        }
        self.put(text);
    }

    /// Another text takes its place; the old one can be brought back.
    pub fn load(&mut self, file_name: &str, text: &str) {
        if *self.text == *text {
            file_name.clone_into(&mut self.file_name);
            return;
        }
        let old = (self.file_name.clone(), self.text.clone());
        self.set(file_name.to_owned(), text.into());
        self.replaced = Some(old);
        self.loaded = Some((self.file_name.clone(), self.text.clone()));
    }

    /// Puts another page table in the place of the one that the text ends with. Nothing changes if
    /// it ends with none; or if lines that are to be read only would: then it says false.
    pub fn exchange_table(&mut self, table: &PageTable) -> bool {
        let policy = self
            .table
            .and_then(|old| self.text.strip_suffix(old.source));
        let Some(text) = policy.map(|policy| [policy, table.source].concat()) else {
            return true;
        };
        let keeps = self.keeps_locked(&text);
        if keeps {
            let file_name = self.file_name.clone();
            self.load(&file_name, &text);
        }
        keeps
    }

    /// Puts back what came with the scenario.
    pub fn load_original(&mut self) {
        let (file_name, text) = self.original.clone();
        self.load(&file_name, &text);
    }

    /// Brings back the text that the last load replaced. What was written since can be brought back in turn.
    pub fn undo_load(&mut self) {
        if let Some((file_name, text)) = self.replaced.take() {
            let written = self.loaded.as_ref().is_none_or(|it| it.1 != self.text);
            let old = (self.file_name.clone(), self.text.clone());
            self.set(file_name, text);
            self.replaced = Some(old).filter(|_| written);
        }
    }

    fn set(&mut self, file_name: String, text: Rc<str>) {
        self.file_name = file_name;
        self.revision += 1;
        self.put(text);
    }

    fn put(&mut self, text: Rc<str>) {
        self.lines = highlight::lines(&text).into();
        (self.sample, self.table) = (sample_of(&text), table_of(&text));
        self.text = text;
        self.checked = Checked::NotYet;
        self.applied = None;
    }
}

/// The page table that a text ends with.
fn table_of(text: &str) -> Option<&'static PageTable> {
    TABLES.iter().find(|table| text.ends_with(table.source))
}

/// A text without the page table that it ends with, if it does.
fn without_table(text: &str) -> &str {
    let policy = table_of(text).and_then(|table| text.strip_suffix(table.source));
    policy.unwrap_or(text)
}

/// The sample that a text is, with any page table.
pub(super) fn sample_of(text: &str) -> Option<&'static Sample> {
    let policy = without_table(text);
    SAMPLES
        .iter()
        .find(|sample| without_table(sample.source) == policy)
}

#[cfg(test)]
mod tests {
    use exo_libos_samples::{SAMPLES, TABLES};

    use super::Draft;

    #[test]
    fn every_sample_is_known_with_every_table_and_tables_change_places() {
        for sample in SAMPLES {
            let mut draft = Draft::new("any.rs", sample.source);
            assert_eq!(draft.sample, Some(sample));
            for table in TABLES
                .iter()
                .filter(|_| draft.table.is_some())
                .collect::<Vec<_>>()
            {
                draft.exchange_table(table);
                assert_eq!(*draft.text, sample.with_table(table));
                assert_eq!(draft.sample, Some(sample), "{}", table.name);
                assert_eq!(draft.table, Some(table));
            }
        }
    }

    #[test]
    fn an_edited_policy_keeps_its_edit_when_its_table_is_exchanged() {
        let mut draft = Draft::new("fifo.rs", SAMPLES[1].source);
        draft.edit(format!("// mine\n{}", draft.text));
        draft.exchange_table(&TABLES[1]);
        assert!(draft.text.starts_with("// mine\n"));
        assert!(draft.text.ends_with(TABLES[1].source));
        assert_eq!(draft.sample, None);
    }

    #[test]
    fn a_load_that_the_editor_undoes_or_does_again_takes_the_file_s_name_with_it() {
        let fifo = SAMPLES[1].source;
        let mut draft = Draft::new("fifo.rs", fifo);
        let mine = format!("// mine\n{fifo}");
        draft.edit(mine.clone());
        draft.load("clock.rs", SAMPLES[2].source);
        draft.edit(mine.clone());
        assert_eq!((&*draft.file_name, &draft.replaced), ("fifo.rs", &None));
        draft.edit(SAMPLES[2].source.to_owned());
        assert_eq!(draft.file_name, "clock.rs");
        assert_eq!(draft.replaced.as_ref().map(|it| &*it.1), Some(&*mine));
        draft.edit(fifo.to_owned());
        assert_eq!(draft.file_name, "fifo.rs");
    }

    #[test]
    fn bringing_a_text_back_loses_nothing_that_was_written_since() {
        let mut draft = Draft::new("fifo.rs", SAMPLES[1].source);
        draft.load("clock.rs", SAMPLES[2].source);
        let newer = format!("// newer\n{}", draft.text);
        draft.edit(newer.clone());
        draft.undo_load();
        assert_eq!(
            (&*draft.file_name, &*draft.text),
            ("fifo.rs", SAMPLES[1].source)
        );
        draft.undo_load();
        assert_eq!((&*draft.file_name, &*draft.text), ("clock.rs", &*newer));
    }

    #[test]
    fn a_text_without_a_known_table_is_left_as_it_is() {
        let mut draft = Draft::new("own.rs", "// nothing yet");
        draft.exchange_table(&TABLES[1]);
        assert_eq!(&*draft.text, "// nothing yet");
        assert!(draft.replaced.is_none());
    }
}
