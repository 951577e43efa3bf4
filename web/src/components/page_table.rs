//! A libOS's page table as a picture and as a table, with the way of a look-up through it.

use exo_session::why::Thing;
use web_sys::{Event, HtmlInputElement};
use yew::{Callback, Hook, HookContext, Html, TargetCast, classes, hook, html, use_node_ref};

use super::act::act;
use super::part::Part;
use crate::driver::use_reveal_marked;
use crate::store::{Action, StateAction};
use crate::view::words::hex;
use crate::view::{EntryView, PageTableView, TableRow};

/// The page table and whom it tells.
#[derive(PartialEq)]
pub struct PageTable {
    /// The page table.
    pub view: PageTableView,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// The page table.
#[hook]
fn use_page_table(props: &PageTable) -> Html {
    let (view, on) = (&props.view, &props.on);
    let picture = use_node_ref();
    use_reveal_marked(&picture, view.looked_up);
    let typed = {
        let on = on.clone();
        move |event: Event| {
            let page = event.target_unchecked_into::<HtmlInputElement>().value();
            on.emit(Action::State(StateAction::LookUp(page)));
        }
    };
    let frame = |frame| {
        html! { <button class="linkbtn" onclick={act(on, Action::Look(Some(Thing::Frame(frame))))}>{ format!("show frame {}", hex(frame.0)) }</button> }
    };
    html! {
        <section class="values pagetable" aria-labelledby="h-page-table">
            <h2 id="h-page-table">{ &view.title }</h2>
            <p class="dim">{ &view.note }</p>
            <div class="arraybar">
                <label>{ "look up page " }<input type="text" size="8" autocomplete="off" spellcheck="false" aria-label="Page to look up; empty for the page of the last fault"
                    value={view.page.clone()} onchange={typed} /></label>
            </div>
            if !view.steps.is_empty() { <ol class="lookup" aria-label="The look-up, step by step">{ for view.steps.iter().map(|it| html! { <li>{ it }</li> }) }</ol> }
            <p class="found">{ &view.found }{ " " }{ view.frame.map(frame) }</p>
            <div class={classes!("pt", view.leaves.then_some("leaves"))} ref={picture} tabindex="0" role="group" aria-label="The page table as it is: each page with its frame">
                { for view.rows.iter().map(|it| row(it, on)) }
            </div>
            { stretches(view, on) }
            <details>
                <summary>{ "As a table" }</summary>
                <table>
                    <caption class="sr">{ "Pages, their slots and their frames" }</caption>
                    <thead><tr><th scope="col">{ "Page" }</th><th scope="col">{ "Slot" }</th><th scope="col">{ "Frame" }</th><th scope="col">{ "In" }</th></tr></thead>
                    <tbody>{ for view.rows.iter().flat_map(|it| it.entries.iter().flatten().map(|entry| twin(it, entry, on))) }</tbody>
                </table>
            </details>
        </section>
    }
}

impl Part for PageTable {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_page_table(self).run(context)
    }
}

fn row(row: &TableRow, on: &Callback<Action>) -> Html {
    let entries = row.entries.iter();
    html! {
        <div key={row.index} class={classes!("ptrow", row.read.then_some("read"))}>
            <span class="label">{ &row.label }</span>
            <ol>{ for entries.map(|entry| html! { <li>{ entry.as_ref().map_or_else(empty, |it| self::entry(it, on)) }</li> }) }</ol>
        </div>
    }
}

fn empty() -> Html {
    html! { <span class="none">{ "·" }</span> }
}

/// What a click on an entry asks for: to look at its frame, or no more.
fn look(entry: &EntryView, on: &Callback<Action>) -> Callback<yew::MouseEvent> {
    let thing = (!entry.selected).then_some(Thing::Frame(entry.frame));
    act(on, Action::Look(thing))
}

fn entry(entry: &EntryView, on: &Callback<Action>) -> Html {
    let (page, frame) = (hex(entry.page), hex(entry.frame.0));
    let words = format!("page {page}, slot {}, frame {frame}", entry.slot);
    let class = classes!(
        "ptpage",
        entry.looked_up.then_some("now"),
        entry.read.then_some("read")
    );
    html! {
        <button {class} aria-pressed={entry.selected.to_string()} aria-current={entry.looked_up.then_some("true")}
            title={words} onclick={look(entry, on)}><span class="p">{ page }</span><span class="f"><span class="x">{ "0x" }</span>{ frame.trim_start_matches("0x").to_owned() }</span></button>
    }
}

fn stretches(view: &PageTableView, on: &Callback<Action>) -> Html {
    let button = |row: Option<u32>, words: &'static str| {
        let row = row?;
        let show = act(on, Action::State(StateAction::ShowTable(row)));
        Some(html! { <button class="linkbtn" onclick={show}>{ words }</button> })
    };
    html! {
        if let Some(shown) = &view.shown {
            <p class="dim">{ shown }{ " " }{ button(view.before, "earlier rows") }{ " " }{ button(view.behind, "later rows") }</p>
        }
    }
}

fn twin(row: &TableRow, entry: &EntryView, on: &Callback<Action>) -> Html {
    let place = row.label.split(':').next().unwrap_or_default().to_owned();
    html! {
        <tr key={entry.slot} class={entry.looked_up.then_some("now")}>
            <th scope="row">{ hex(entry.page) }</th><td>{ entry.slot }</td>
            <td><button class="linkbtn" aria-pressed={entry.selected.to_string()} onclick={look(entry, on)}>{ hex(entry.frame.0) }</button></td>
            <td>{ place }</td>
        </tr>
    }
}
