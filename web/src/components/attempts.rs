//! The panel of attempts: what was tried, by whom and how often, what stopped it, and what everybody holds after it.

use std::rc::Rc;

use yew::{Callback, HookContext, Html, MouseEvent, html};

use super::act::pointed;
use super::icon::owner_tag;
use super::part::Part;
use crate::store::{Action, Target};
use crate::view::words::grouped;
use crate::view::{AttemptRow, AttemptsView, HeldRow, StopRow};

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
    let held = |it: &HeldRow| html! { <li>{ owner_tag(it.owner) }{ " " }{ &it.words }</li> };
    html! {
        <section class="attempts" aria-labelledby="h-attempts">
            <div class="ph"><h2 id="h-attempts">{ "Tried, and what stopped it" }</h2><span class="note">{ "up to this step" }</span></div>
            <div class="tried" tabindex="0" role="region" aria-label="What was tried, and what stopped it" {onclick}>
                if view.stops.is_empty() {
                    <p class="empty">{ "Nothing yet." }</p>
                } else {
                    <table>
                        <caption class="sr">{ "What was tried, by whom, how often, and the step of the last time" }</caption>
                        <thead><tr><th scope="col">{ "by" }</th><th scope="col">{ "tried" }</th><th scope="col">{ "times" }</th><th scope="col">{ "last at" }</th></tr></thead>
                        { for view.stops.iter().map(stop) }
                    </table>
                }
                <ul class="fills" aria-label="What everybody holds at this step">{ for view.held.iter().map(held) }</ul>
            </div>
        </section>
    }
}

impl Part for AttemptsPanel {
    fn draw(&self, _: &mut HookContext) -> Html {
        attempts_panel(self)
    }
}

/// What stopped attempts, and those below it.
fn stop(stop: &StopRow) -> Html {
    html! {
        <tbody>
            <tr><th scope="rowgroup" colspan="4"><b>{ stop.name }</b>{ format!(": {}. ", stop.said) }<span>{ &stop.check }</span></th></tr>
            { for stop.attempts.iter().map(attempt) }
        </tbody>
    }
}

fn attempt(it: &AttemptRow) -> Html {
    let step = grouped(it.last);
    html! {
        <tr>
            <td>{ owner_tag(it.owner) }</td>
            <td>{ it.what }</td>
            <td>{ &it.times }</td>
            <td><button class="linkbtn" data-go={it.last.to_string()} aria-label={format!("Go to step {step}, the last time")}>{ step }</button></td>
        </tr>
    }
}
