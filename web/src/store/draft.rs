//! The text of one environment's policy as it stands in the editor.

use std::rc::Rc;
use std::sync::Arc;

use exo_core::cpu::Program;
use exo_policy::Diagnostic;
use exo_session::Applied;

use crate::highlight::{self, CodeLine};

/// What the compiler said of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// Nobody has asked it yet.
    NotYet,
    /// It compiles; this is what applying it would do at the step where it was checked.
    Fine(Applied),
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
    /// The text in stretches, to be drawn.
    pub lines: Rc<[CodeLine]>,
    /// The text that was applied last.
    pub last_applied: Option<Rc<str>>,
    /// File name and text that the last load replaced.
    pub replaced: Option<(String, Rc<str>)>,
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
            lines: highlight::lines(text).into(),
            last_applied: None,
            replaced: None,
            applied: None,
            original: (file_name.to_owned(), text.into()),
        }
    }

    /// The text was typed.
    pub fn edit(&mut self, text: String) {
        self.put(text.into());
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
    }

    /// Puts back what came with the scenario.
    pub fn load_original(&mut self) {
        let (file_name, text) = self.original.clone();
        self.load(&file_name, &text);
    }

    /// Brings back the text that the last load replaced.
    pub fn undo_load(&mut self) {
        if let Some((file_name, text)) = self.replaced.take() {
            self.set(file_name, text);
        }
    }

    fn set(&mut self, file_name: String, text: Rc<str>) {
        self.file_name = file_name;
        self.revision += 1;
        self.put(text);
    }

    fn put(&mut self, text: Rc<str>) {
        self.lines = highlight::lines(&text).into();
        self.text = text;
        self.checked = Checked::NotYet;
        self.applied = None;
    }
}
