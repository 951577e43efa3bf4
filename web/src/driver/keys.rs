//! Keys of the whole page. The editor, fields and what has keys of its own keep theirs; while a sheet lies over the
//! page there are none.

use exo_session::debugger::Stride;
use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::{Callback, hook, use_effect_with};

use super::focus::modal;
use super::store::Store;
use super::widgets::focus;
use crate::store::{Action, Target};

/// Where keys mean what they always mean.
const TYPED_INTO: &str = "input:not([type=range]), textarea, select, [contenteditable=true]";
/// Where undoing is the browser's or the editor's.
const WRITTEN_IN: &str = "input:not([type=range]), textarea, [contenteditable=true]";
/// Where those that move and choose do.
const MOVED_IN: &str = "input, [data-own-keys]";
/// Where Escape is not the page's.
const OWN_ESCAPE: &str = "#step";

/// The field in which a step is typed.
const STEP_FIELD: &str = "step";

/// What a key asks for.
#[derive(Clone, Debug)]
enum Asked {
    Action(Action),
    Help,
    StepField,
}

/// Listens for keys as long as the page lives.
#[hook]
pub(super) fn use_keys(store: &Store, on_help: &Callback<bool>) {
    let (store, on_help) = (store.clone(), on_help.clone());
    use_effect_with((), move |()| {
        let listener = web_sys::window().map(|window| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&window, "keydown", options, move |event| {
                let Some(event) = event.dyn_ref::<KeyboardEvent>() else {
                    return;
                };
                let Some(asked) = asked(event) else {
                    return;
                };
                event.prevent_default();
                match asked {
                    Asked::Action(action) => store.dispatch(action),
                    Asked::Help => on_help.emit(true),
                    Asked::StepField => focus(STEP_FIELD),
                }
            })
        });
        move || drop(listener)
    });
}

/// A step by line; with Shift it is undone.
fn by_line(stride: Stride, event: &KeyboardEvent) -> Action {
    match event.shift_key() {
        true => Action::StepLineBack(stride),
        false => Action::StepLine(stride),
    }
}

/// Whether a key moves within something, or chooses there.
fn moves(key: &str) -> bool {
    let others = ["Home", "End", "PageUp", "PageDown", "Enter", " "];
    key.starts_with("Arrow") || others.contains(&key)
}

fn asked(event: &KeyboardEvent) -> Option<Asked> {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let within = |selector: &str| {
        target
            .as_ref()
            .is_some_and(|it| it.closest(selector).is_ok_and(|found| found.is_some()))
    };
    let key = event.key();
    if event.alt_key() || event.default_prevented() || modal().is_some() {
        return None;
    }
    if event.ctrl_key() || event.meta_key() {
        let undoes = key.eq_ignore_ascii_case("z") && !event.shift_key() && !within(WRITTEN_IN);
        return undoes.then_some(Asked::Action(Action::UndoChange));
    }
    let own = match key.as_str() {
        "Escape" => within(OWN_ESCAPE),
        key => within(TYPED_INTO) || moves(key) && within(MOVED_IN),
    };
    if own {
        return None;
    }
    let action = match key.as_str() {
        "ArrowLeft" => Action::StepBack,
        "ArrowRight" => Action::Step,
        "n" | "N" => Action::NextFault,
        "e" | "E" => Action::NextEvent,
        "i" | "I" => by_line(Stride::Into, event),
        "o" | "O" => by_line(Stride::Over, event),
        "u" | "U" => by_line(Stride::Out, event),
        "F8" => Action::ToggleRun,
        "F9" => Action::Step,
        "F10" => Action::NextEvent,
        "Home" => Action::Reset,
        "End" => Action::GoTo(Target::End),
        "m" => Action::GoToMark { forward: true },
        "M" => Action::GoToMark { forward: false },
        "+" | "=" => Action::Zoom { closer: true },
        "-" => Action::Zoom { closer: false },
        "Escape" => Action::PutAway,
        "f" | "F" => Action::OpenFind,
        " " if event.shift_key() && !within("button, a, label, summary") => Action::PlayBack,
        " " if !within("button, a, label, summary") => Action::ToggleRun,
        "?" => return Some(Asked::Help),
        "g" | "G" => return Some(Asked::StepField),
        _ => return None,
    };
    Some(Asked::Action(action))
}
