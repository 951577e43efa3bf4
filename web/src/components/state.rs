//! The values of a program: a tree of names, in which arrays are tables.

use std::rc::Rc;

use web_sys::{Event, HtmlInputElement};
use yew::{Callback, Html, TargetCast, html};

use super::act::act;
use super::page_table::PageTable;
use super::part::part;
use crate::store::{Action, StateAction};
use crate::view::{ArrayView, ElementRow, GroupView, LinesView, StateBody, StateRow, StateView};

/// The values of a program, in the text's place.
pub(crate) fn later_state(view: &Rc<StateView>, on: &Callback<Action>) -> Html {
    html! {
        <>
            { for view.lines.iter().map(lines) }
            <p class="since">{ &view.since }</p>
            if let Some(table) = &view.table { { part(PageTable { view: table.clone(), on: on.clone() }) } }
            else if let Some(words) = view.no_table { <p class="since">{ words }</p> }
            { for view.groups.iter().map(|it| group(it, on)) }
        </>
    }
}

fn lines(lines: &LinesView) -> Html {
    let row =
        |(name, value): &(String, String)| html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> };
    html! {
        <section class="values">
            <h2>{ &lines.title }</h2>
            <dl>{ for lines.rows.iter().map(row) }</dl>
        </section>
    }
}

fn group(group: &GroupView, on: &Callback<Action>) -> Html {
    html! {
        <section class="values">
            <h2>{ &group.title }</h2>
            if group.rows.is_empty() { <p class="dim">{ group.empty }</p> }
            else { { tree(&group.rows, &group.title, on) } }
        </section>
    }
}

fn tree(rows: &[StateRow], name: &str, on: &Callback<Action>) -> Html {
    html! { <ul class="state" aria-label={name.to_owned()}>{ for rows.iter().map(|it| row(it, on)) }</ul> }
}

/// What stands before a name whose value has changed.
fn mark(changed: bool) -> Html {
    if changed {
        html! { <span class="changed" role="img" aria-label="changed" title="Changed">{ "●" }</span> }
    } else {
        html! {}
    }
}

fn row(row: &StateRow, on: &Callback<Action>) -> Html {
    let branch = |open: bool, what: &str, below: Html| {
        let toggle = Action::State(StateAction::Toggle(row.path.clone()));
        html! {
            <li key={row.path.clone()}>
                <button class="fold" aria-expanded={open.to_string()} onclick={act(on, toggle)}>
                    { mark(row.changed) }<span class="name">{ &row.name }</span><span class="dim">{ format!(" {what}") }</span>
                </button>
                { below }
            </li>
        }
    };
    match &row.body {
        StateBody::Word(word) => html! {
            <li key={row.path.clone()} class="word">{ mark(row.changed) }<span class="name">{ &row.name }</span>{ " = " }<span>{ word }</span></li>
        },
        StateBody::Struct { name, fields } => {
            let below = fields.as_ref().map(|it| tree(it, &row.name, on));
            branch(fields.is_some(), name, below.unwrap_or_default())
        }
        StateBody::Array { elements, view } => {
            let below = view.as_ref().map(|it| array(row, it, on));
            branch(
                view.is_some(),
                &format!("{elements} elements"),
                below.unwrap_or_default(),
            )
        }
    }
}

fn array(row: &StateRow, view: &ArrayView, on: &Callback<Action>) -> Html {
    let show = |index: u32| {
        let path = row.path.clone();
        act(on, Action::State(StateAction::Show { path, index }))
    };
    let typed = {
        let (on, path) = (on.clone(), row.path.clone());
        move |event: Event| {
            let index = event.target_unchecked_into::<HtmlInputElement>().value();
            let path = path.clone();
            on.emit(Action::State(StateAction::ShowTyped { path, index }));
        }
    };
    let name = &row.name;
    let pointer = |(what, index): &(String, u32)| {
        html! { <button class="linkbtn" title={format!("Show {name}[{index}]")} onclick={show(*index)}>{ format!("{what} = {index}") }</button> }
    };
    html! {
        <div class="array">
            <div class="arraybar">
                <label>{ "index " }<input type="text" inputmode="numeric" size="6" autocomplete="off" spellcheck="false"
                    aria-label={format!("Index of {name} to show")} onchange={typed} /></label>
                { for view.pointers.iter().map(pointer) }
            </div>
            { stretch(view.before, "earlier elements", &show) }
            <table>
                <caption class="sr">{ format!("Elements of {name}") }</caption>
                <thead><tr><th scope="col" class="n">{ "index" }</th>{ for view.columns.iter().map(|it| html! { <th scope="col">{ it }</th> }) }<th scope="col">{ "pointed to by" }</th></tr></thead>
                <tbody>{ for view.rows.iter().map(element) }</tbody>
            </table>
            { stretch(view.behind, "later elements", &show) }
        </div>
    }
}

/// The button to another stretch of an array, if there is one.
fn stretch(
    index: Option<u32>,
    words: &'static str,
    show: &impl Fn(u32) -> Callback<yew::MouseEvent>,
) -> Html {
    index.map_or_else(Html::default, |index| {
        html! { <button class="linkbtn" onclick={show(index)}>{ words }</button> }
    })
}

fn element(row: &ElementRow) -> Html {
    let class = row.asked.then_some("asked");
    html! {
        <tr key={row.index.clone()} {class} aria-current={row.asked.then_some("true")}>
            <th scope="row" class="n">{ mark(row.changed) }{ &row.index }</th>
            { for row.cells.iter().map(|it| html! { <td>{ it }</td> }) }
            <td class="pointer">if !row.pointers.is_empty() { { format!("← {}", row.pointers) } }</td>
        </tr>
    }
}
