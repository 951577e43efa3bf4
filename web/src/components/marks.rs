//! The sheet of marks: all that is marked in the run, each to be gone to, and a note of the current step.

use std::rc::Rc;

use exo_session::NOTE_CHARS_MAX;
use web_sys::{HtmlInputElement, SubmitEvent};
use yew::{Callback, Hook, HookContext, Html, hook, html, use_node_ref};

use super::act::act;
use super::part::Part;
use super::sheets::use_sheet;
use crate::store::{Action, MarksAction};
use crate::view::{MarkRow, MarksView};

/// What the sheet shows and whom it tells.
#[derive(PartialEq)]
pub struct MarksSheet {
    /// The marks.
    pub view: Rc<MarksView>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// The sheet.
#[hook]
fn use_marks_sheet(props: &MarksSheet) -> Html {
    let (view, on) = (&props.view, &props.on);
    let field = use_node_ref();
    let onsubmit = {
        let (on, field) = (on.clone(), field.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(field) = field.cast::<HtmlInputElement>() {
                on.emit(Action::Marks(MarksAction::Note(field.value())));
                field.set_value("");
            }
        }
    };
    let body = html! {
        <>
            if view.open {
                <form class="r2" {onsubmit}>
                    <label for="note">{ format!("Note of step {}", view.step) }</label>
                    <input class="field" id="note" ref={field} type="text" maxlength={NOTE_CHARS_MAX.to_string()} autocomplete="off" />
                    <button class="btn sm">{ "Write it" }</button>
                </form>
                <p class="dim">{ "A note stays with its step, and goes along in links and files." }</p>
                { table(view, on) }
            }
        </>
    };
    let close = Action::Marks(MarksAction::Show(false));
    use_sheet("marks", "Marks of the run", view.open, close, on, body)
}

impl Part for MarksSheet {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_marks_sheet(self).run(context)
    }
}

fn table(view: &MarksView, on: &Callback<Action>) -> Html {
    if view.rows.is_empty() {
        return html! { <p>{ "Nothing is marked yet: changes of the run, stops at breakpoints, what was found, where branches leave, and notes are." }</p> };
    }
    html! {
        <div class="scroll" tabindex="0" role="region" aria-label="Marks">
            <table class="log">
                <caption class="sr">{ "Step, kind, what is marked" }</caption>
                <colgroup><col class="n" /><col class="k" /><col /><col class="x" /></colgroup>
                <tbody>{ for view.rows.iter().map(|it| row(it, on)) }</tbody>
            </table>
        </div>
    }
}

fn row(row: &MarkRow, on: &Callback<Action>) -> Html {
    let go = {
        let (on, target) = (on.clone(), row.target);
        move |_| {
            on.emit(Action::Marks(MarksAction::Show(false)));
            on.emit(Action::GoTo(target));
        }
    };
    let name = format!("Go to step {}", row.label);
    let forget = |index: usize| {
        let name = format!("Take the note of step {} away", row.label);
        html! { <button class="linkbtn" aria-label={name} onclick={act(on, Action::Marks(MarksAction::Forget(index)))}>{ "Take away" }</button> }
    };
    html! {
        <tr class={if row.now { "now" } else { "" }} aria-current={row.now.then_some("true")}>
            <td class="n"><button class="linkbtn" aria-label={name.clone()} title={name} onclick={go}>{ &row.label }</button></td>
            <td>{ row.kind }</td>
            <td class="t" title={row.words.clone()}>{ &row.words }</td>
            <td>{ row.note.map(forget).unwrap_or_default() }</td>
        </tr>
    }
}
