//! The number of the current step, in a field: another one that is typed there is gone to.

use std::rc::Rc;

use web_sys::HtmlInputElement;
use yew::{
    Callback, Hook, HookContext, Html, InputEvent, KeyboardEvent, TargetCast, hook, html,
    use_node_ref, use_state_eq,
};

use super::part::Part;
use crate::driver::{leave, select_all};
use crate::store::{Action, Target};
use crate::view::RunView;

/// Characters that the field has room for at least.
const WIDTH_MIN: usize = 6;

/// What the field shows and whom it tells.
#[derive(PartialEq)]
pub struct StepField {
    /// Where the run stands.
    pub run: Rc<RunView>,
    /// Takes actions.
    pub on: Callback<Action>,
}

/// The field. What is typed stays until it is gone to or left.
#[hook]
fn use_step_field(props: &StepField) -> Html {
    let run = &props.run;
    let field = use_node_ref();
    let typed = use_state_eq(|| None::<String>);
    let text = (*typed).clone().unwrap_or_else(|| run.step.clone());
    let wrong = typed.as_ref().is_some_and(|it| Target::parse(it).is_err());
    let oninput = {
        let typed = typed.clone();
        move |event: InputEvent| {
            typed.set(Some(
                event.target_unchecked_into::<HtmlInputElement>().value(),
            ))
        }
    };
    let onkeydown = {
        let (typed, field, on) = (typed.clone(), field.clone(), props.on.clone());
        move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" => {
                let text = event.target_unchecked_into::<HtmlInputElement>().value();
                let goes = Target::parse(&text).is_ok();
                on.emit(Action::GoToTyped(text));
                if goes {
                    leave(&field);
                }
            }
            "Escape" => {
                typed.set(None);
                leave(&field);
            }
            _ => {}
        }
    };
    let onfocus = {
        let field = field.clone();
        move |_| select_all(&field)
    };
    let onblur = move |_| typed.set(None);
    let size = text.chars().count().max(WIDTH_MIN).to_string();
    html! {
        <span class="stepno">
            <label for="step" class="word">{ "step " }</label>
            <input id="step" class={at_class(run.still)} ref={field} {size} value={text} autocomplete="off" spellcheck="false"
                aria-label="Step: type a step, a position or end, and press Enter" aria-invalid={wrong.then_some("true")}
                title="Type a step, like 1284, a position, like 1024.3, or end · G" {oninput} {onkeydown} {onfocus} {onblur} />
            <span class="dim">{ format!("of {}", run.furthest) }<span class="word">{ " so far" }</span></span>
        </span>
    }
}

impl Part for StepField {
    fn draw(&self, context: &mut HookContext) -> Html {
        use_step_field(self).run(context)
    }
}

/// Yellow only where it is now.
fn at_class(still: bool) -> &'static str {
    if still { "at still" } else { "at" }
}
