//! What the browser keeps: the offer when the page opens, and the list in the share sheet.

use std::rc::Rc;

use yew::{Callback, HookContext, Html, html};

use super::act::act;
use super::part::Part;
use crate::store::Action;
use crate::view::{KeptRow, KeptView};

/// What is shown and who is told.
#[derive(PartialEq)]
pub struct KeptBar {
    /// What is kept.
    pub kept: Rc<KeptView>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// Offers the newest work when the page opens.
fn kept_bar(props: &KeptBar) -> Html {
    let Some(row) = &props.kept.offered else {
        return html! {};
    };
    let more = props.kept.rows.len() - 1;
    let stood = if row.interrupted {
        " Something ran in it when it was last heard of: it opens at step 0, and nothing runs by itself."
    } else {
        ""
    };
    html! {
        <section class="notice keptbar" aria-label="Your work">
            <p id="kept-offer">{ format!("Your work of {} is kept in this browser. {}.{stood}", row.when, row.words) }</p>
            <button class="btn sm" onclick={act(&props.on, Action::OpenKept(row.name.clone()))}>{ "Bring my work back" }</button>
            if more > 0 { <button class="btn sm" onclick={act(&props.on, Action::Share)}>{ format!("{more} more…") }</button> }
            <button class="btn sm" onclick={act(&props.on, Action::DeclineKept)}>{ "Not now" }</button>
        </section>
    }
}

impl Part for KeptBar {
    fn draw(&self, _: &mut HookContext) -> Html {
        kept_bar(self)
    }
}

/// All that is kept, each to be opened, and a way to forget it.
pub(super) fn kept_list(kept: &KeptView, on: &Callback<Action>) -> Html {
    let one = |row: &KeptRow| {
        let mark = if row.interrupted {
            " (something ran when it was last heard of)"
        } else {
            ""
        };
        html! {
            <li key={row.name.clone()}>
                <button class="linkbtn" onclick={act(on, Action::OpenKept(row.name.clone()))}>{ &row.when }</button>
                { format!(": {}{mark}", row.words) }
            </li>
        }
    };
    html! {
        <>
            <h3>{ "Kept in this browser" }</h3>
            if kept.rows.is_empty() {
                <p>{ "Nothing yet. Texts are kept here half a second after they are typed, and before they run; the last ten versions of each text stay." }</p>
            } else {
                <ul class="scenarios" id="kept-list">{ for kept.rows.iter().map(one) }</ul>
                <p><button class="btn sm" onclick={act(on, Action::ForgetKept)}>{ "Forget all of it" }</button>
                    <span class="dim">{ " Only this browser has it; another one needs the link or the file." }</span></p>
            }
        </>
    }
}
