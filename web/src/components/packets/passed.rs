//! Rows of the list that are packets of the machine at hand, and what became of the one that is looked at.

use yew::{Callback, Html, classes, html};

use super::claim;
use crate::components::act::act;
use crate::store::{Action, PacketsAction, Target};
use crate::view::words::grouped;
use crate::view::{PassedRow, StepView};

/// Widths of the columns, and their heads.
pub(in crate::components) fn head() -> Html {
    let heads = [
        "no.",
        "ms",
        "way",
        "bytes",
        "what",
        "whose",
        "what became of it",
        "cycles",
        "step",
    ];
    html! {
        <>
            <colgroup><col class="n" /><col class="t" /><col class="d" /><col class="l" /><col /><col class="v" /><col class="f" /><col class="y" /><col class="s" /></colgroup>
            <thead><tr>{ for heads.iter().map(|it| html! { <th scope="col">{ *it }</th> }) }</tr></thead>
        </>
    }
}

/// Goes to a step; the sheet stays.
pub(in crate::components) fn go(step: u64) -> Action {
    Action::GoTo(Target::Step(step))
}

/// A packet.
pub(in crate::components) fn row(row: &PassedRow, selected: usize, on: &Callback<Action>) -> Html {
    let chosen = row.index == selected;
    let title = format!("Go to step {}", grouped(row.step));
    let class = classes!(
        row.dropped.then_some("drop"),
        row.later.then_some("later"),
        row.looked.then_some("looked")
    );
    let (way, arrow) = if row.inward {
        ("in", "→ in")
    } else {
        ("out", "← out")
    };
    html! {
        <tr key={row.index} id={format!("packet-{}", row.index)} aria-selected={chosen.to_string()} aria-rowindex={(row.index + 2).to_string()}
            {class} onclick={act(on, Action::Packets(PacketsAction::Select(row.index)))}>
            <td>{ row.index + 1 }</td><td>{ &row.time }</td><td class={way}>{ arrow }</td><td>{ &row.length }</td><td title={row.summary.clone()}>{ &row.summary }</td>
            <td>{ claim(&row.whose) }</td><td title={row.fate.clone()}>if row.later { <i>{ "ahead: " }</i> }{ &row.fate }</td><td>{ &row.cycles }</td>
            <td><button class="linkbtn" tabindex="-1" {title} onclick={act(on, go(row.step))}>{ grouped(row.step) }</button></td>
        </tr>
    }
}

/// What became of a packet, step by step, each of which can be gone to.
pub(super) fn steps(steps: &[StepView], on: &Callback<Action>) -> Html {
    let item = |it: &StepView| {
        let step = grouped(it.step);
        let ahead = it.later.then_some(" (ahead)");
        html! {
            <li class={classes!(it.later.then_some("later"))}>
                <button class="linkbtn" title="Go to this step" aria-label={format!("Go to step {step}")} onclick={act(on, go(it.step))}>{ step.clone() }</button>
                <span>{ &it.words }{ ahead.unwrap_or_default() }</span>
            </li>
        }
    };
    html! { if !steps.is_empty() { <ol class="steps" tabindex="0" aria-label="What became of this packet">{ for steps.iter().map(item) }</ol> } }
}
