//! The panel of attempts: what was tried, by whom and how often, what stopped it, and what everybody holds after it.

use std::rc::Rc;

use yew::{Callback, HookContext, Html, MouseEvent, html};

use super::act::pointed;
use super::icon::owner_tag;
use super::part::Part;
use crate::store::{Action, Target};
use crate::view::words::grouped;
use crate::view::{AttemptRow, AttemptsView, FillRow};

/// What the panel shows and whom it tells.
#[derive(PartialEq)]
pub struct AttemptsPanel {
    /// What was tried; none if nothing was, and then nothing is shown.
    pub view: Option<Rc<AttemptsView>>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// The panel.
fn attempts_panel(props: &AttemptsPanel) -> Html {
    let Some(view) = &props.view else {
        return html! {};
    };
    let on = props.on.clone();
    let onclick = move |event: MouseEvent| {
        if let Some(step) = pointed(&event, "data-go") {
            on.emit(Action::GoTo(Target::Step(step)));
        }
    };
    let held = |it: &FillRow| html! { <li>{ owner_tag(it.owner) }{ " " }{ &it.words }</li> };
    html! {
        <section class="attempts" aria-labelledby="h-attempts">
            <div class="ph"><h2 id="h-attempts">{ "Tried, and what stopped it" }</h2><span class="note">{ "up to this step" }</span></div>
            <div class="tried" tabindex="0" role="region" aria-label="Attempts" {onclick}>
                <table>
                    <thead><tr><th scope="col">{ "by" }</th><th scope="col">{ "tried" }</th><th scope="col">{ "times" }</th><th scope="col">{ "last at" }</th></tr></thead>
                    <tbody>{ for view.rows.iter().map(attempt) }</tbody>
                </table>
                <ul class="fills">{ for view.held.iter().map(held) }</ul>
            </div>
        </section>
    }
}

impl Part for AttemptsPanel {
    fn draw(&self, _: &mut HookContext) -> Html {
        attempts_panel(self)
    }
}

/// One kind, below what stopped it.
fn attempt(it: &AttemptRow) -> Html {
    let step = grouped(it.last);
    html! {
        <>
            if !it.check.is_empty() { <tr><td colspan="4"><b>{ it.name }</b>{ ": " }{ &it.check }</td></tr> }
            <tr>
                <td>{ owner_tag(it.owner) }</td>
                <td>{ it.what }</td>
                <td>{ &it.times }</td>
                <td><button class="linkbtn" data-go={it.last.to_string()} title="Go to this step">{ step }</button></td>
            </tr>
        </>
    }
}
