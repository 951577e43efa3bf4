//! The sheets that lie over the workbench when they are asked for: one table of them, from which their buttons are
//! drawn where they belong. What is not in it is shown nowhere.

use yew::{Callback, Html, html};

use super::act::act;
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

/// The button of the sheet of that name; nothing if there is none.
pub(super) fn sheet_button(name: &str, on: &Callback<Action>) -> Html {
    let found = SHEETS.iter().find(|Sheet(it, ..)| *it == name);
    let button = found.map(|Sheet(name, title, open)| {
        html! { <button class="btn sm" title={*title} onclick={act(on, open())}>{ *name }</button> }
    });
    button.unwrap_or_default()
}
