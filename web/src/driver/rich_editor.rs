//! The bundled editor on the page: what changed is told to it, and nothing else.

use std::cell::RefCell;
use std::rc::Rc;

use exo_core::cpu::SourcePlace;
use exo_policy::services::offset;
use serde::Serialize;
use web_sys::Element;
use yew::{Callback, NodeRef, hook, use_effect_with, use_state_eq};

use super::bundle::{self, RichEditor, use_bundle};
use super::host::{host, plain};
use super::plain_editor;
use crate::store::Action;
use crate::units::Units;
use crate::view::{DiagnosticView, EditorView};

/// The bundled editor, once it is there.
#[derive(Clone, Debug, Default)]
pub struct Rich(Rc<RefCell<Option<RichEditor>>>);

impl PartialEq for Rich {
    fn eq(&self, other: &Rich) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Rich {
    fn tell(&self, what: impl FnOnce(&RichEditor)) {
        if let Some(editor) = &*self.0.borrow() {
            what(editor);
        }
    }
}

/// Where the cursor is: in the bundled editor, or in the plain one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Caret {
    /// The bundled editor.
    pub rich: Rich,
    /// The plain one's textarea.
    pub area: NodeRef,
}

/// Puts the cursor at a place of the text, from 1, and shows it.
pub fn move_caret(caret: &Caret, line: u32, column: u32) {
    if caret.rich.0.borrow().is_none() {
        return plain_editor::move_caret(&caret.area, line, column);
    }
    caret.rich.tell(|editor| {
        let text = editor.text();
        let at = offset(&text, SourcePlace { line, column });
        editor.place(Units::new(&text).of(at));
    });
}

/// The line, from 1, in which the cursor stands.
pub fn line_of(caret: &Caret) -> Option<u32> {
    match &*caret.rich.0.borrow() {
        Some(editor) => Some(editor.line()),
        None => plain_editor::caret_line(&caret.area),
    }
}

/// A remark of the compiler, as the editor reads it.
#[derive(Serialize)]
struct Remark<'v> {
    from: u32,
    to: u32,
    warning: bool,
    message: &'v str,
    hint: Option<&'v str>,
}

/// Marks of lines, as the editor reads them.
#[derive(Serialize)]
struct Marks<'v> {
    breakpoints: &'v [u32],
    errors: Vec<u32>,
    warnings: Vec<u32>,
    current: u32,
    broken: u32,
    looked: u32,
    values: &'v [(u32, String)],
}

/// Keeps the bundled editor within `parent` as the view says. False while there is none: then the plain one is
/// shown.
#[hook]
pub fn use_rich_editor(
    parent: &NodeRef,
    rich: &Rich,
    view: &Rc<EditorView>,
    on: &Callback<Action>,
) -> bool {
    let loaded = use_bundle();
    let ready = use_state_eq(|| false);
    {
        let (parent, rich, on) = (parent.clone(), rich.clone(), on.clone());
        let ready = ready.setter();
        use_effect_with(loaded, move |loaded| {
            let parent = parent.cast::<Element>().filter(|_| *loaded);
            // What an old browser cannot run leaves the plain editor where it is.
            let made = parent.and_then(|parent| bundle::mount(&parent, &host(&on)).ok());
            ready.set(made.is_some());
            rich.0.replace(made);
            move || rich.tell(RichEditor::destroy)
        });
    }
    use_text(*ready, rich, view);
    use_remarks(*ready, rich, view);
    use_marks(*ready, rich, view);
    use_locks(*ready, rich, view);
    *ready
}

/// Shows the text when another one is shown, or it changed by anything but typing.
#[hook]
fn use_text(ready: bool, rich: &Rich, view: &Rc<EditorView>) {
    let (rich, now) = (rich.clone(), view.clone());
    let name = label(view);
    use_effect_with(
        (ready, view.key.clone(), view.revision, view.read_only, name),
        move |(.., name)| {
            rich.tell(|editor| editor.show(&now.key, name, &now.text, now.read_only));
        },
    );
}

/// What the editor is called: its file, and how to leave it by keyboard.
fn label(view: &EditorView) -> String {
    format!(
        "Text of {}. Tab indents; Escape, then Tab, leaves the editor",
        view.file_name
    )
}

/// Tells what the compiler says. While it has not been asked, what it said before moves with the text.
#[hook]
fn use_remarks(ready: bool, rich: &Rich, view: &Rc<EditorView>) {
    let (rich, now) = (rich.clone(), view.clone());
    let state = (
        ready,
        view.key.clone(),
        view.revision,
        view.checked,
        view.diagnostics.clone(),
    );
    use_effect_with(state, move |(.., checked, diagnostics)| {
        if *checked || diagnostics.is_empty() {
            rich.tell(|editor| editor.diagnose(&plain(&remarks(&now.text, diagnostics))));
        }
    });
}

fn remarks<'v>(text: &str, diagnostics: &'v [DiagnosticView]) -> Vec<Remark<'v>> {
    let mut units = Units::new(text);
    let mut at = |(line, column)| units.of(offset(text, SourcePlace { line, column }));
    let remark = |it: &'v DiagnosticView| Remark {
        from: at(it.place),
        to: at(it.end.max(it.place)),
        warning: it.warning,
        message: &it.message,
        hint: it.hint.as_deref(),
    };
    diagnostics.iter().map(remark).collect()
}

/// Locks the lines that are to be read only, and shows what differs from the original.
#[hook]
fn use_locks(ready: bool, rich: &Rich, view: &Rc<EditorView>) {
    let now = rich.clone();
    let state = (ready, view.key.clone(), view.revision, view.locked.clone());
    use_effect_with(state, move |(.., locked)| {
        now.tell(|editor| editor.lock(&plain(locked)));
    });
    let rich = rich.clone();
    let state = (ready, view.key.clone(), view.compared.clone());
    use_effect_with(state, move |(.., original)| {
        rich.tell(|editor| editor.compare(original.as_deref()));
    });
}

/// Marks the lines.
#[hook]
fn use_marks(ready: bool, rich: &Rich, view: &Rc<EditorView>) {
    let (rich, now) = (rich.clone(), view.clone());
    let state = (
        (ready, view.key.clone(), view.revision, view.text.clone()),
        (
            view.breakpoints.clone(),
            view.current_line,
            view.broken_line,
            view.looked_line,
        ),
        (view.values.clone(), view.diagnostics.clone()),
    );
    use_effect_with(state, move |_| {
        let lines = |warning| {
            let those = now.diagnostics.iter().filter(|it| it.warning == warning);
            those.map(|it| it.place.0).collect()
        };
        let marks = Marks {
            breakpoints: &now.breakpoints,
            errors: lines(false),
            warnings: lines(true),
            current: now.current_line.unwrap_or(0),
            broken: now.broken_line.unwrap_or(0),
            looked: now.looked_line.unwrap_or(0),
            values: &now.values,
        };
        rich.tell(|editor| editor.mark(&plain(&marks)));
    });
}
