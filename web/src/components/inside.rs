//! The policy from inside, and the bar that switches to it and steps by line.

use std::rc::Rc;

use exo_session::debugger::Stride;
use yew::{Callback, Hook, HookContext, Html, hook, html, use_node_ref};

use super::icon::mark;
use super::part::Part;
use crate::driver::use_reveal_marked;
use crate::later::later;
use crate::store::{Action, Face, ListingRow};
use crate::view::InsideView;

/// Which face is shown, and whom the bar tells.
#[derive(PartialEq)]
pub struct FaceBar {
    /// The face that is shown.
    pub face: Face,
    /// Whether a step by line can be made.
    pub can_step: bool,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// Stride, label, text, what it does, and what undoing it does, with their keys.
const STRIDES: [(Stride, &str, &str, &str, &str); 3] = [
    (
        Stride::Into,
        "Line into",
        "Into",
        "To the next line, in a called function too · I",
        "back to the line before, in a called function too · Shift I",
    ),
    (
        Stride::Over,
        "Line over",
        "Over",
        "To the next line of this function · O",
        "back to the line before, of this function · Shift O",
    ),
    (
        Stride::Out,
        "Line out",
        "Out",
        "To behind this call, or to the end of the upcall · U",
        "back to the call of this function · Shift U",
    ),
];

/// Source, bytecode or values; line into, over, out.
fn face_bar(props: &FaceBar) -> Html {
    let act = |action: Action| {
        let on = props.on.clone();
        Callback::from(move |_| on.emit(action.clone()))
    };
    let face = |face: Face| {
        html! {
            <button class="btn sm" aria-pressed={(face == props.face).to_string()} onclick={act(Action::ShowFace(face))}>{ face.label() }</button>
        }
    };
    let stride = |(stride, label, text, title, back): (
        Stride,
        &'static str,
        &'static str,
        &'static str,
        &'static str,
    )| {
        html! {
            <span class="group">
                <button class="btn sm icon-only" disabled={!props.can_step} aria-label={format!("{label} back")} title={format!("Undo: {back}")}
                    onclick={act(Action::StepLineBack(stride))}>{ mark("#i-left") }</button>
                <button class="btn sm" disabled={!props.can_step} aria-label={label} {title} onclick={act(Action::StepLine(stride))}>{ text }</button>
            </span>
        }
    };
    html! {
        <div class="facebar">
            <div class="group" role="group" aria-label="How the policy is shown">{ for Face::ALL.into_iter().map(face) }</div>
            <div class="lines" role="toolbar" aria-label="Steps by line">{ for STRIDES.into_iter().map(stride) }</div>
        </div>
    }
}

impl Part for FaceBar {
    fn draw(&self, _: &mut HookContext) -> Html {
        face_bar(self)
    }
}

/// What is shown.
#[derive(PartialEq)]
pub struct Inside {
    /// Bytecode or values.
    pub view: Rc<InsideView>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// Bytecode or values, in the text's place.
#[hook]
fn use_inside(props: &Inside) -> Html {
    let list = use_node_ref();
    let marked = match &*props.view {
        InsideView::Bytecode { current, .. } => *current,
        _ => None,
    };
    use_reveal_marked(&list, marked);
    let body = match &*props.view {
        InsideView::Source => html! {},
        InsideView::Bytecode { rows, current } => bytecode(rows, *current),
        InsideView::Values(view) => {
            later().map_or_else(Html::default, |it| (it.state)(view, &props.on))
        }
    };
    html! { <div class="inside" ref={list} tabindex="0" role="region" aria-label="The policy from inside">{ body }</div> }
}

impl Part for Inside {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_inside(self).run(context)
    }
}

fn bytecode(rows: &[ListingRow], current: Option<u32>) -> Html {
    let row = |row: &ListingRow| match row {
        ListingRow::Function(text) => {
            html! { <tr class="fn"><th scope="rowgroup" colspan="3">{ text }</th></tr> }
        }
        ListingRow::Instruction { index, line, text } => {
            let now = Some(*index) == current;
            html! {
                <tr class={now.then_some("now")} aria-current={now.then_some("true")}>
                    <td class="n">{ index }</td><td class="n">{ line }</td><td>{ text }</td>
                </tr>
            }
        }
    };
    html! {
        <table class="bytecode">
            <thead><tr><th scope="col" class="n">{ "at" }</th><th scope="col" class="n">{ "line" }</th><th scope="col">{ "instruction" }</th></tr></thead>
            <tbody>{ for rows.iter().map(row) }</tbody>
        </table>
    }
}
