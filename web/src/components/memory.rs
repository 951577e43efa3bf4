//! Physical memory: the map or its table, what the marks mean, and what is missing.

use std::rc::Rc;

use yew::{Callback, HookContext, Html, html};

use super::act::act;
use super::frame_map::FrameMap;
use super::frame_table::FrameTable;
use super::part::{Part, part};
use crate::later::later;
use crate::store::Action;
use crate::view::MemoryView;

/// What the panel shows and whom it tells.
#[derive(PartialEq)]
pub struct Memory {
    /// The frames.
    pub memory: Rc<MemoryView>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// Who owns what.
fn memory(props: &Memory) -> Html {
    let (memory, on) = (&props.memory, &props.on);
    let table = later().filter(|_| memory.as_table).map(|later| {
        let (memory, on) = (memory.clone(), on.clone());
        (later.frame_table)(FrameTable { memory, on })
    });
    let as_table = memory.as_table;
    let toggle = act(on, Action::FramesAsTable(!as_table));
    html! {
        <section class="memory" aria-labelledby="h-memory">
            <div class="ph">
                <h2 id="h-memory">{ "Physical memory" }</h2>
                <span class="note">{ format!("{}; a letter and a hatch name the owner", memory.size) }</span>
                <span class="right">
                    <button class="btn sm" aria-pressed={as_table.to_string()} onclick={toggle}>{ if as_table { "As map" } else { "As table" } }</button>
                </span>
            </div>
            if let Some(table) = table {
                { table }
                { memory.asked.as_ref().map(|asked| html! { <p class="readout">{ asked }</p> }) }
            } else {
                { part(FrameMap { memory: memory.clone(), on: on.clone() }) }
            }
            { part(Legend { totals: memory.totals.clone() }) }
            <p class="nostore">{ &memory.store }</p>
        </section>
    }
}

impl Part for Memory {
    fn draw(&self, _: &mut HookContext) -> Html {
        memory(self)
    }
}

#[derive(PartialEq, Eq)]
struct Legend {
    totals: String,
}

fn legend(props: &Legend) -> Html {
    let mark = |shape: Html, word: &str| html! { <span><svg viewBox="0 0 14 14" aria-hidden="true">{ shape }</svg>{ word }</span> };
    html! {
        <div class="legend" role="group" aria-label="Totals and marks">
            <span class="dim">{ &props.totals }</span><span class="grow"></span>
            { mark(html! { <circle class="mk" cx="7" cy="7" r="2" /> }, "referenced") }
            { mark(html! { <rect class="mk" x="1" y="6" width="12" height="2" /> }, "dirty") }
            { mark(html! { <path class="mk" d="M3 3h7l-7 7z" /> }, "pinned") }
            { mark(html! { <path class="mk" d="M4 2h2v10h-2zM8 2h2v10h-2z" /> }, "shared") }
            { mark(html! { <path class="mk" d="M1 2h3v2h-3zM6 2h3v2h-3zM11 2h3v2h-3zM1 10h3v2h-3zM6 10h3v2h-3zM11 10h3v2h-3z" /> }, "asked for") }
            { mark(html! { <rect class="mk-now" x="2.5" y="2.5" width="9" height="9" /> }, "this step") }
        </div>
    }
}

impl Part for Legend {
    fn draw(&self, _: &mut HookContext) -> Html {
        legend(self)
    }
}
