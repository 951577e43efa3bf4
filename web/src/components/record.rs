//! The sheet of every event: a list to scroll over, what to show, and a way to copy.

use std::rc::Rc;

use exo_core::ids::EnvId;
use web_sys::{Element, Event, HtmlInputElement, HtmlSelectElement, KeyboardEvent};
use yew::{
    Callback, Hook, HookContext, Html, MouseEvent, NodeRef, TargetCast, classes, hook, html,
    use_node_ref,
};

use super::act::{act, pointed};
use super::icon::{named_mark, owner_tag};
use super::part::{Part, part};
use super::sheets::use_sheet;
use crate::driver::{LongList, copy_text, focus_next, use_long_list};
use crate::scroll::Scrolled;
use crate::store::{Action, RECORD_KINDS, RECORD_ROWS as ROWS, RecordAction, RecordFilter, Target};
use crate::view::{LogRow, RecordView};

/// What the sheet shows and whom it tells.
#[derive(PartialEq)]
pub struct RecordSheet {
    /// The record.
    pub view: Rc<RecordView>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// The sheet.
#[hook]
fn use_record_sheet(props: &RecordSheet) -> Html {
    let (view, on) = (&props.view, &props.on);
    let body = html! {
        <>
            if view.open {
                { filter(view, on) }
                { place(view, on) }
                { part(Rows { view: view.clone(), on: on.clone() }) }
            }
        </>
    };
    let close = Action::Record(RecordAction::Show(false));
    use_sheet(
        "record",
        "Every event of the run",
        view.open,
        close,
        on,
        body,
    )
}

impl Part for RecordSheet {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_record_sheet(self).run(context)
    }
}

/// What is shown: kind, owner, words.
fn filter(view: &RecordView, on: &Callback<Action>) -> Html {
    let change = |make: fn(&mut RecordFilter, String)| {
        let (on, filter) = (on.clone(), view.filter.clone());
        move |event: Event| {
            let select = event.target_dyn_into::<HtmlSelectElement>();
            let input = event.target_dyn_into::<HtmlInputElement>();
            let value = select.map(|it| it.value()).or(input.map(|it| it.value()));
            let mut filter = filter.clone();
            make(&mut filter, value.unwrap_or_default());
            on.emit(Action::Record(RecordAction::Filter(filter)));
        }
    };
    let kind = change(|filter, value| filter.kind = value.parse().unwrap_or(0));
    let whose = change(|filter, value| filter.env = value.parse().ok().map(EnvId));
    let words = change(|filter, value| filter.words = value);
    html! {
        <div class="r2">
            <select class="select sm" aria-label="Kinds of events that are shown" onchange={kind}>
                { for RECORD_KINDS.iter().enumerate().map(|(index, (name, _))| html! {
                    <option value={index.to_string()} selected={view.filter.kind == index}>{ *name }</option> }) }
            </select>
            <select class="select sm" aria-label="Whose events are shown" onchange={whose}>
                <option value="" selected={view.filter.env.is_none()}>{ "of anyone" }</option>
                { for view.owners.iter().enumerate().map(|(index, letter)| html! {
                    <option value={index.to_string()} selected={view.filter.env == Some(EnvId(index as u8))}>{ format!("of {letter}") }</option> }) }
            </select>
            <input class="field" type="search" id="record-words" placeholder="with these words" aria-label="Words of the events that are shown"
                value={view.filter.words.clone()} onchange={words} />
        </div>
    }
}

/// Where in the run this is, and a way to take it along.
fn place(view: &Rc<RecordView>, on: &Callback<Action>) -> Html {
    let rows = view.clone();
    let copies = view.copies.clone();
    let copy = copies.unwrap_or_else(|| "Copy these rows".to_owned());
    let collect = act(on, Action::Record(RecordAction::Collect));
    html! {
        <div class="r2">
            <button class="btn sm" disabled={view.copies.is_none()} onclick={move |_| copy_text(&rows.text())}>{ copy }</button>
            <button class="btn sm" disabled={!view.collects} title="Goes through all of the run for them" onclick={collect}>{ "Collect all, to copy" }</button>
            if let Some((done, all)) = view.progress {
                <progress max={all.to_string()} value={done.to_string()} aria-label="Events looked through" />
                <button class="btn sm" onclick={act(on, Action::Cancel)}>{ "Stop" }</button>
            }
            <span id="record-place" role="status">{ &view.words }</span>
        </div>
    }
}

#[derive(PartialEq)]
struct Rows {
    view: Rc<RecordView>,
    on: Callback<Action>,
}

/// A list as high as the run is long, of which only the rows that can be seen are on the page.
#[hook]
fn use_rows(props: &Rows) -> Html {
    let (view, on) = (&props.view, &props.on);
    let list = use_node_ref();
    let scrolled = on.reform(|scrolled| Action::Record(RecordAction::Scroll(scrolled)));
    let shown = LongList {
        first: view.first,
        count: view.furthest,
        there: view.rows.len(),
        chosen: None,
    };
    use_long_list(&list, shown, &scrolled);
    let onkeydown = {
        let (list, view, on) = (list.clone(), view.clone(), on.clone());
        move |event: KeyboardEvent| {
            if !over_rows(&list, &view, &on, &event)
                && let Some(asked) = Scrolled::by_key(&event.key(), ROWS as u64)
            {
                event.prevent_default();
                scrolled.emit(asked);
            }
        }
    };
    let onclick = {
        let on = on.clone();
        move |event: MouseEvent| {
            if let Some(step) = pointed(&event, "data-go") {
                go(&on, step);
            } else if let Some(step) = pointed(&event, "data-look") {
                on.emit(Action::Record(RecordAction::Choose(step)));
            }
        }
    };
    let chosen = view.rows.iter().position(|it| it.chosen).unwrap_or(0);
    html! {
        <div class="long" ref={list} tabindex="0" role="region" aria-label="Events; arrows, Page Up and Down, Home and End scroll; in a row arrows go from row to row, Enter chooses it, and again goes there" {onclick} {onkeydown}>
            <div>
                <table class="log" aria-rowcount={view.furthest.to_string()}>
                    <caption class="sr">{ "Step, environment, kind, event, cycles" }</caption>
                    <colgroup><col class="n" /><col class="e" /><col class="w" /><col /><col class="y" /></colgroup>
                    <tbody>{ for view.rows.iter().enumerate().map(|(index, it)| row(it, index == chosen)) }</tbody>
                </table>
            </div>
        </div>
    }
}

impl Part for Rows {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_rows(self).run(context)
    }
}

/// Puts the sheet away and goes to a step.
fn go(on: &Callback<Action>, step: u64) {
    on.emit(Action::Record(RecordAction::Show(false)));
    on.emit(Action::GoTo(Target::Step(step)));
}

/// Does what a key asks for where a row has the keyboard: to the next row that can be seen, or to the step of one
/// that is chosen. False if it is none of these.
fn over_rows(
    list: &NodeRef,
    view: &RecordView,
    on: &Callback<Action>,
    event: &KeyboardEvent,
) -> bool {
    let row = event.target_dyn_into::<Element>();
    let row = row.and_then(|it| it.get_attribute("data-look")?.parse().ok());
    let at = row.and_then(|row: u64| view.rows.iter().position(|it| it.number == row));
    let Some((index, row)) = at.and_then(|at| Some((at, view.rows.get(at)?))) else {
        return false;
    };
    match event.key().as_str() {
        "ArrowDown" if index + 1 < view.rows.len() => focus_next(list, "[data-look]", event),
        "ArrowUp" if index > 0 => focus_next(list, "[data-look]", event),
        "Enter" if row.chosen => {
            event.prevent_default();
            go(on, row.number);
        }
        _ => return false,
    }
    true
}

/// Rows have no keys: where the list is scrolled by a row, the keyboard stays in its place.
fn row(row: &LogRow, stop: bool) -> Html {
    let (icon, kind) = row.mark;
    let number = row.number.to_string();
    html! {
        <tr aria-rowindex={number.clone()} class={classes!(row.bad.then_some("bad"), row.now.then_some("now"), row.looked.then_some("looked"))} aria-current={row.now.then_some("true")}>
            <td class="n"><button class="linkbtn" title="Go to this step" data-go={number.clone()}>{ &row.step }</button></td>
            <td class="e">{ owner_tag(row.owner) }</td>
            <td class="w">{ named_mark(icon, kind) }</td>
            <td class="t" title={row.text.clone()}><button tabindex={if stop { "0" } else { "-1" }} data-look={number} aria-pressed={row.chosen.to_string()}>{ &row.text }if row.looked { <span class="sr">{ ", made by the line that is chosen" }</span> }</button></td>
            <td class="y" title="Cycles">{ row.cycles.clone().unwrap_or_default() }</td>
        </tr>
    }
}
