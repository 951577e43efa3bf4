//! The sheet of every event: a list to scroll over, what to show, and a way to copy.

use std::rc::Rc;

use exo_core::ids::EnvId;
use web_sys::{Event, HtmlInputElement, HtmlSelectElement, KeyboardEvent};
use yew::{Callback, Hook, HookContext, Html, TargetCast, classes, hook, html, use_node_ref};

use super::act::act;
use super::icon::{named_mark, owner_tag};
use super::part::{Part, part};
use super::sheets::use_sheet;
use crate::driver::{LongList, copy_text, use_long_list};
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
    let onkeydown = move |event: KeyboardEvent| {
        if let Some(asked) = Scrolled::by_key(&event.key(), ROWS as u64) {
            event.prevent_default();
            scrolled.emit(asked);
        }
    };
    html! {
        <div class="long" ref={list} tabindex="0" role="region" aria-label="Events; arrows, Page Up and Down, Home and End scroll" {onkeydown}>
            <div>
                <table class="log" aria-rowcount={view.furthest.to_string()}>
                    <caption class="sr">{ "Step, environment, kind, event, cycles" }</caption>
                    <colgroup><col class="n" /><col class="e" /><col class="w" /><col /><col class="y" /></colgroup>
                    <tbody>{ for view.rows.iter().map(|it| row(it, on)) }</tbody>
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

fn row(row: &LogRow, on: &Callback<Action>) -> Html {
    let (icon, kind) = row.mark;
    let (on, number) = (on.clone(), row.number);
    let go = move |_| {
        on.emit(Action::Record(RecordAction::Show(false)));
        on.emit(Action::GoTo(Target::Step(number)));
    };
    html! {
        <tr key={number} aria-rowindex={number.to_string()} class={classes!(row.bad.then_some("bad"), row.now.then_some("now"), row.looked.then_some("looked"))} aria-current={row.now.then_some("true")}>
            <td class="n"><button class="linkbtn" title="Go to this step" onclick={go}>{ &row.step }</button></td>
            <td class="e">{ owner_tag(row.owner) }</td>
            <td class="w">{ named_mark(icon, kind) }</td>
            <td class="t" title={row.text.clone()}>{ &row.text }if row.looked { <span class="sr">{ ", made by the line that is chosen" }</span> }</td>
            <td class="y" title="Cycles">{ row.cycles.clone().unwrap_or_default() }</td>
        </tr>
    }
}
