//! The sheets that lie over the workbench when they are asked for: one table of them, from which their buttons are
//! drawn where they belong. What is not in it is shown nowhere.

use yew::{Callback, Html, hook, html, use_node_ref};

use super::act::act;
use crate::driver::use_modal;
use crate::store::{Action, ChartsAction, KernelsAction, PacketsAction, RecordAction};

/// A sheet: its button's text, what is on it, and what opens it.
struct Sheet(&'static str, &'static str, fn() -> Action);

const SHEETS: [Sheet; 4] = [
    Sheet(
        "All events…",
        "Every event of the run: filter, search, go there, copy",
        || Action::Record(RecordAction::Show(true)),
    ),
    Sheet(
        "Charts…",
        "Page loads against frames: LRU, FIFO, the best there is, and what runs here; round trips against active processes",
        || Action::Charts(ChartsAction::Show(true)),
    ),
    Sheet(
        "Packets…",
        "What passes this machine’s wire, or a capture: fields, bytes, and whose each packet is by which filter",
        || Action::Packets(PacketsAction::Show(true)),
    ),
    Sheet(
        "Other kernels…",
        "Run this under a microkernel and a monolithic kernel too",
        || Action::Kernels(KernelsAction::Show(true)),
    ),
];

/// A sheet of a kind, with a title above what stands on it and a way to close it below.
#[hook]
pub(super) fn use_sheet(
    kind: &'static str,
    title: &'static str,
    open: bool,
    close: Action,
    on: &Callback<Action>,
    body: Html,
) -> Html {
    let dialog = use_node_ref();
    let told = close.clone();
    use_modal(&dialog, open, on.reform(move |()| told.clone()));
    let id = format!("h-{kind}");
    html! {
        <dialog class={format!("sheet {kind}")} ref={dialog} aria-labelledby={id.clone()}>
            <div class="body">
                <h2 {id}>{ title }</h2>
                { body }
                <footer><button class="btn" onclick={act(on, close)}>{ "Close" }</button></footer>
            </div>
        </dialog>
    }
}

/// The button of the sheet of that name; nothing if there is none.
pub(super) fn sheet_button(name: &str, on: &Callback<Action>) -> Html {
    let found = SHEETS.iter().find(|Sheet(it, ..)| *it == name);
    let button = found.map(|Sheet(name, title, open)| {
        html! { <button class="btn sm" title={*title} onclick={act(on, open())}>{ *name }</button> }
    });
    button.unwrap_or_default()
}
